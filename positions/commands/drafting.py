"""The text of the file that `draft` makes: to fill in, or from a table."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from positions.commands import context, prompts
from positions.safe_text import in_one_line
from positions.vocabulary import EpisodeKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

_LEADING_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}-(?=.)")


def columns(mapped: "Sequence[str]", table: Path | None) -> dict[str, str]:
    """The fields by column, as `--map` names them.

    Raises:
        typer.BadParameter: a mapping has another form, names no field, or there is no table.
    """
    from positions.recording.sheet_rows import FIELDS

    fields = {column: name for column, _, name in (text.rpartition("=") for text in mapped)}
    if mapped and table is None:
        raise typer.BadParameter("is for the columns of a table; name it with --from", param_hint="--map")
    if "" in fields or not FIELDS.keys() >= set(fields.values()):
        raise typer.BadParameter(f"use COLUMN=FIELD, with one of {', '.join(FIELDS)}", param_hint="--map")
    return fields


def check(given: "Mapping[str, Any]") -> None:
    """Raise typer.BadParameter for an option with a value that its field cannot have."""
    from positions.recording.additions import problem

    for name, value in given.items():
        if message := problem("episode", name, value):
            raise typer.BadParameter(message, param_hint=prompts.option(name))


def empty(ctx: typer.Context, file: Path, given: "Mapping[str, Any]") -> str:
    """The text of an episode file to fill in."""
    from positions.dates import Span
    from positions.moment import Moment
    from positions.queries import actors, items
    from positions.rendering.draft_text import draft_text

    with context.reading(ctx) as connection:
        now = Moment()
        return draft_text(
            _name(file),
            id=_id(connection, file, given["title"]),
            title=given["title"],
            published=Span.parse(given["published"]),
            kind=given.get("kind"),
            url=given.get("url"),
            items=items.on_the_table(connection, now),
            actors=actors.actors(connection, now),
        )


def from_table(
    ctx: typer.Context, file: Path, given: "Mapping[str, Any]", source: Path, columns: "Mapping[str, str]"
) -> "tuple[str, Sequence[str]]":
    """The text of an episode file made from the table in `source`, and notes for the user."""
    from positions import sheets
    from positions.episode_file.schema import EpisodeEntry
    from positions.recording import from_sheet, sheet_rows
    from positions.recording.additions import problem
    from positions.rendering.draft_text import table_text

    table = sheet_rows.table(sheets.read(source), columns)
    url = given.get("url", None if problem("episode", "url", table.url) else table.url)
    with context.reading(ctx) as connection:
        episode = EpisodeEntry(
            id=_id(connection, file, given["title"]),
            kind=given.get("kind", EpisodeKind.STATEMENT),
            title=given["title"],
            published=given["published"],
            url=url,
        )
        sections = from_sheet.entries(connection, table, episode)
    text = table_text(_name(file), in_one_line(source.name), episode, has_kind="kind" in given, sections=sections)
    return text, table.notes


def _id(connection: "Connection", file: Path, title: str) -> str:
    """The id of the episode that is drafted in `file`, or of one with this title if it is printed.

    Raises:
        InvalidRequestError: there is such an episode.
    """
    from positions import files
    from positions.errors import InvalidRequestError
    from positions.queries import ids
    from positions.recording.additions import slug

    episode = slug(title if file == files.STDOUT else _LEADING_DATE.sub("", file.stem)) or "episode"
    if episode in ids.listed(connection, "episode"):
        hint = f"Choose another file name, or change what `positions dump {episode}` prints."
        raise InvalidRequestError(f"episode {episode} already exists, and this file would correct it", hint)
    return episode


def _name(file: Path) -> str:
    from positions import files

    return "FILE" if file == files.STDOUT else in_one_line(file.name)
