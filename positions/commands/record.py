"""Recording what sources say, and looking at what was recorded."""

from pathlib import Path
from typing import Annotated

import typer

from positions.commands import complete, opening, options
from positions.vocabulary import Format

app = typer.Typer()


@app.command(rich_help_panel=options.RECORD)
def record(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Episode files, in the order of recording.")],
    dry_run: options.DryRunOption = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Retract what the database holds of an episode and its file lacks."),
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Record again what was once taken back on purpose.")] = False,
    message: options.MessageOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Record episode files: show what changes, and record all of it or nothing.

    Example: positions record 2022-01-26-replies.yaml --dry-run
    """
    from positions import database
    from positions.recording.session import record as record_all
    from positions.rendering import plan, show

    with database.recording(opening.db(ctx)) as session:
        plans = record_all(session, files, replace=replace, again=again, message=message, dry_run=dry_run)
    rows = [plan.as_object(changes, revision) for changes, revision in plans]
    show.show("record", rows, format, lambda: plan.page(plans, dry_run=dry_run))


@app.command(rich_help_panel=options.RECORD)
def dump(
    ctx: typer.Context,
    episode: Annotated[
        str, typer.Argument(metavar="EPISODE", help="Id of an episode.", autocompletion=complete.episodes)
    ],
) -> None:
    """Print an episode as the file that would record it.

    Example: positions dump episode-1 > episode-1.yaml
    """
    from positions.episode_file.dump import dump as written
    from positions.queries import held, ids
    from positions.rendering import show

    with opening.reading(ctx) as session:
        ids.require(session, "episode", episode)
        entries = held.entries(session, episode)
    if not entries:
        from positions.errors import InvalidRequestError

        raise InvalidRequestError(f"{episode} was taken back", "`positions log` shows when and why.")
    show.write(written(entries.values()))


@app.command(rich_help_panel=options.RECORD)
def log(ctx: typer.Context, format: options.FormatOption = Format.TABLE) -> None:
    """List the revisions: what was recorded, when, by whom and why.

    Example: positions log
    """
    from positions.queries import log as queries
    from positions.rendering import show
    from positions.rendering.views import sources as views

    with opening.reading(ctx) as session:
        rows = queries.log(session)
    show.show("log", rows, format, lambda: views.log(rows, []))


@app.command(rich_help_panel=options.RECORD)
def schema(
    output: Annotated[
        bool, typer.Option("--output", help="The schema of what the commands print as JSON, instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of an episode file, for editors and other programs.

    Example: positions schema > episode.schema.json
    """
    from positions.rendering import data, show

    if output:
        from positions.rendering.output_schema import output_schema

        show.write(data.as_json(output_schema()))
    else:
        from positions.episode_file.schema import json_schema

        show.write(data.as_json(json_schema()))
