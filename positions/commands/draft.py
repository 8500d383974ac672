"""The command that makes an episode file to fill in."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from positions.commands import console, context, options, prompts
from positions.commands.console import tell
from positions.safe_text import in_one_line

if TYPE_CHECKING:
    from sqlalchemy import Connection

app = console.App()

_STDOUT = Path("-")
_STEPS = (prompts.needs("title"), prompts.needs("published"))
_LEADING_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}-(?=.)")


@app.command(rich_help_panel=options.RECORD)
def draft(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make; - prints it.")],
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="The title of the source.")] = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="DATE", help="The day of publication; undated: DATE/DATE.")
    ] = None,
    force: options.ForceOption = False,
) -> None:
    """Make an episode file to fill in, with the items on the table and an example of each section as comments.

    The name of the file, without a leading date, becomes the id of the episode.

    Example: positions draft 2022-01-26-replies.yaml --title "The written replies" --published 2022-01-26
    """
    from positions import files
    from positions.rendering import output

    files.require_free_for_text(file, force=force)
    given = {name: value for name, value in (("title", title), ("published", published)) if value is not None}
    prompts.fill(ctx, "episode", given, _STEPS)
    text = _text(ctx, file, given)
    if file == _STDOUT:
        output.write(text)
    else:
        files.write_text(file, text, force=force)
        tell(f"Made {file}; fill it in, then `positions record {file} --dry-run`.")


def _text(ctx: typer.Context, file: Path, given: dict[str, Any]) -> str:
    from positions.dates import Span
    from positions.queries import actors, items
    from positions.recording.additions import problem, slug
    from positions.rendering.draft_text import draft_text

    for name, value in given.items():
        if message := problem("episode", name, value):
            raise typer.BadParameter(message, param_hint=prompts.option(name))
    name = "FILE" if file == _STDOUT else in_one_line(file.name)
    episode = slug(given["title"] if file == _STDOUT else _LEADING_DATE.sub("", file.stem)) or "episode"
    with context.reading(ctx) as connection:
        _require_new(connection, episode)
        now = context.moment(connection, None, None, None)
        return draft_text(
            name,
            id=episode,
            title=given["title"],
            published=Span.parse(given["published"]),
            items=items.on_the_table(connection, now),
            actors=actors.actors(connection, now),
        )


def _require_new(connection: "Connection", id: str) -> None:
    from positions.errors import InvalidRequestError
    from positions.queries import ids

    if id in ids.listed(connection, "episode"):
        hint = f"Choose another file name, or change what `positions dump {id}` prints."
        raise InvalidRequestError(f"episode {id} already exists, and this file would correct it", hint)
