"""The commands that record episodes, take entries back, and show revisions."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from positions.commands import console, context, options
from positions.commands.console import progress
from positions.vocabulary import Format

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from positions.recording.changes import ChangeSet

app = console.App()


@app.command(rich_help_panel=options.RECORD)
def record(
    ctx: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="Episode files, recorded in this order; - is standard input."),
    ],
    dry_run: options.DryRunOption = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Retract entries of an episode that its file no longer has."),
    ] = False,
    again: options.AgainOption = False,
    message: options.MessageOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Record episode files, all or nothing, and show what changes.

    Example: positions record 2022-01-26-replies.yaml --dry-run
    """
    from positions import database
    from positions.episode_file import load
    from positions.recording.files import record as record_all
    from positions.rendering import output
    from positions.rendering.views import revisions

    options.require_text(message)
    if files.count(load.STDIN) > 1:
        raise typer.BadParameter("- can be given only once", param_hint="FILE…")
    # Read standard input before the transaction begins: a slow pipe must not block other writers.
    sources = [load.load(file) if file == load.STDIN else file for file in files]
    with database.recording(context.db(ctx)) as connection, progress("Recording") as done:
        plans = record_all(
            connection, sources, replace=replace, again=again, message=message, dry_run=dry_run, progress=done
        )
    rows = [changes.row(revision) for changes, revision in plans]
    output.show("record", rows, format, lambda: revisions.plan(plans, dry_run=dry_run))


@app.command(rich_help_panel=options.RECORD)
def dump(
    ctx: typer.Context,
    episode: options.EpisodeArgument,
) -> None:
    """Print an episode as an episode file.

    Example: positions dump episode-1 > episode-1.yaml
    """
    from positions.episode_file.dump import dump as episode_file
    from positions.queries import ids
    from positions.recording import stored
    from positions.rendering import output

    with context.reading(ctx) as connection:
        ids.require(connection, "episode", episode)
        entries = stored.entries(connection, episode)
    if not entries:
        from positions.errors import InvalidRequestError

        raise InvalidRequestError(f"{episode} was retracted", "`positions log` shows when and why.")
    output.write(episode_file(entries.values()))


@app.command(rich_help_panel=options.RECORD)
def log(
    ctx: typer.Context,
    patch: Annotated[bool, typer.Option("--patch", "-p", help="Also show each entry before and after.")] = False,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """List the revisions: what was recorded, when, by whom and why.

    Example: positions log -p
    """
    from positions.queries import log as queries
    from positions.rendering import output

    if patch:
        from positions.rendering.views.revisions import log as page
    else:  # avoids loading the recording modules
        from positions.rendering.views.status import log as page

    with context.reading(ctx) as connection:
        rows = queries.log(connection, contents=patch)
    output.show("log", rows, format, lambda: page(rows))


@app.command(rich_help_panel=options.RECORD)
def diff(
    ctx: typer.Context,
    earlier: Annotated[str, typer.Argument(metavar="R1", help="A revision, like r1.")],
    later: Annotated[str | None, typer.Argument(metavar="[R2]", help="Another; by default the newest.")] = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Compare the record at two revisions: changed entries and changed stances.

    Example: positions diff r1
    """
    from positions.recording.changes import difference
    from positions.rendering import output
    from positions.rendering.views import revisions

    numbers = [context.number(text, name) for text, name in ((earlier, "R1"), (later, "R2")) if text is not None]
    with context.reading(ctx) as connection:
        found = difference(connection, *numbers)
    output.show("diff", found.row(), format, lambda: revisions.difference(found))


@app.command(rich_help_panel=options.RECORD)
def retract(
    ctx: typer.Context,
    cited: Annotated[str, typer.Argument(metavar="EPISODE/RESPONSE", help="A response or an outcome.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why, for the log.")],
    dry_run: options.DryRunOption = False,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Retract a response or an outcome in a new revision; earlier revisions keep it.

    Example: positions retract episode-1/principles --why "coded twice"
    """
    from positions.recording import undo

    _take_back(ctx, lambda connection: undo.retraction(connection, cited), why, dry_run=dry_run, form=format)


@app.command(rich_help_panel=options.RECORD)
def undo(
    ctx: typer.Context,
    revision: Annotated[str, typer.Argument(metavar="REVISION", help="A revision, like r3.")],
    message: options.MessageOption = None,
    dry_run: options.DryRunOption = False,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Reverse a revision in a new one, unless its entries were changed since.

    Example: positions undo r2
    """
    from positions.recording.undo import undoing

    number = context.number(revision, "REVISION")
    why = message or f"undo r{number}"
    _take_back(ctx, lambda connection: undoing(connection, number), why, dry_run=dry_run, form=format)


def _take_back(
    ctx: typer.Context, plan: "Callable[[Connection], ChangeSet]", why: str, *, dry_run: bool, form: Format
) -> None:
    """Make the plan, record it as one revision, and show it."""
    from positions import database
    from positions.recording.files import carry_out
    from positions.rendering import output
    from positions.rendering.views import revisions

    options.require_text(why, "--why")
    with database.recording(context.db(ctx)) as connection, progress("Recording"):
        changes, revision = carry_out(connection, plan(connection), why=why, dry_run=dry_run)
    rows = [changes.row(revision)]
    output.show("undo", rows, form, lambda: revisions.plan([(changes, revision)], dry_run=dry_run))


@app.command(rich_help_panel=options.RECORD)
def schema(
    output: Annotated[
        bool, typer.Option("--output", help="Print the schema of the commands' JSON output instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of an episode file, for editors and other programs.

    Example: positions schema > episode.schema.json
    """
    from positions.rendering.output import write
    from positions.rendering.plain_data import as_json

    if output:
        from positions.rendering.json_contract import output_schema

        write(as_json(output_schema()))
    else:
        from positions.episode_file.schema import json_schema

        write(as_json(json_schema()))
