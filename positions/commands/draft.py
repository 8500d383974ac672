"""Beginning an episode file."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from positions.commands import asking, fields, help, opening, options
from positions.commands.words import tell
from positions.visible import in_one_line

if TYPE_CHECKING:
    from sqlalchemy import Connection

app = help.App()

_STDOUT = Path("-")
_NEEDS = ("title", "published")
_DAY_BEFORE = re.compile(r"^\d{4}-\d{2}-\d{2}-(?=.)")


@app.command(rich_help_panel=options.RECORD)
def draft(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make; - prints it.")],
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="The title of the source.")] = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="DATE", help="The day from which the public could know it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that exists.")] = False,
) -> None:
    """Make an episode file to fill in, with what is on the table and an example of every section as comments.

    Its name becomes the id of the episode, without a day at its beginning.

    Example: positions draft 2022-01-26-replies.yaml --title "The written replies" --published 2022-01-26
    """
    from positions.rendering import file as output

    output.require_free(file, force=force)
    given = {name: value for name, value in (("title", title), ("published", published)) if value is not None}
    asking.fill(ctx, "episode", given, fields.EPISODE, lambda: asking.lacking(given, _NEEDS))
    text = _text(ctx, file, given)
    output.write(file, text, force=force)
    if file != _STDOUT:
        tell(f"Made {file}; fill it in, then `positions record {file} --dry-run`.")


def _text(ctx: typer.Context, file: Path, given: dict[str, Any]) -> str:
    from positions.dates import parse_day
    from positions.queries import items, people
    from positions.recording.additions import fault, slug
    from positions.rendering import draft as rendering

    for name in _NEEDS:
        if message := fault("episode", name, given[name]):
            raise typer.BadParameter(message, param_hint=fields.option(name))
    name = "FILE" if file == _STDOUT else in_one_line(file.name)
    named = slug(given["title"] if file == _STDOUT else _DAY_BEFORE.sub("", file.stem)) or "episode"
    with opening.reading(ctx) as connection:
        _require_new(connection, named)
        now = opening.moment(connection, None, None, None)
        return rendering.draft(
            name,
            id=named,
            title=given["title"],
            published=parse_day(given["published"]),
            items=items.on_the_table(connection, now),
            actors=people.actors(connection, now),
        )


def _require_new(connection: "Connection", id: str) -> None:
    from positions.errors import InvalidRequestError
    from positions.queries import ids

    if id in ids.listed(connection, "episode"):
        hint = f"Name the file otherwise, or change what `positions dump {id}` prints."
        raise InvalidRequestError(f"the record already holds an episode {id}, which this file would correct", hint)
