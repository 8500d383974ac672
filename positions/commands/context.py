"""What a command works on: the database (the default one is made at first use), a moment, a revision."""

import re
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from positions.commands import options
from positions.commands.console import progress, tell
from positions.dates import parse_day

_LONGEST_NUMBER = 9
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from positions.errors import DamagedDatabaseError
    from positions.moment import Moment


def db(ctx: Any) -> str:
    """The database that was named, or else the default one, made and seeded if it does not exist."""
    from positions import database
    from positions.errors import DatabaseExistsError

    if ctx.obj is not None:
        return str(ctx.obj)
    default = database.default_path()
    if not database.exists(default):
        database.make_folder(default.parent)
        with suppress(DatabaseExistsError):  # another first use made the same one meanwhile
            seed(default, private=True)
            tell(f"Made a database at {default}, with Episode 1.")
    return str(default)


@contextmanager
def reading(ctx: Any) -> "Iterator[Connection]":
    """A connection that reads the database."""
    from positions import database

    with database.reading(db(ctx)) as connection:
        yield connection


def damage(ctx: Any) -> "DamagedDatabaseError | None":
    """The error to show if the database is a damaged file; None if it is sound, or on a server."""
    from positions import database
    from positions.errors import DamagedDatabaseError

    where = database.place(database.default_path() if ctx.obj is None else ctx.obj)
    return DamagedDatabaseError(str(where)) if database.is_damaged(where) else None


def seed(place: str | Path, *, private: bool = False, every: bool = False) -> int:
    """Make a database at `place` and record Episode 1, or `every` shipped episode. Returns how many were recorded."""
    from positions import database, package_data
    from positions.recording import seeding

    with database.creating(place, private=private) as connection, progress("Recording") as done:
        files = seeding.files() if every else [package_data.first_episode()]
        return len(seeding.record(connection, files, done))


def moment(connection: "Connection", as_of: str | None, known_at: str | None, public_by: str | None) -> "Moment":
    """The moment that the three options name.

    Raises:
        typer.BadParameter: a value is not a date, a revision or a time.
    """
    from positions.moment import Moment

    return Moment(
        as_of=options.last_day(as_of, "--as-of"),
        known_at=None if known_at is None else _revision(connection, known_at),
        public_by=options.last_day(public_by, "--public-by"),
    )


def number(text: str, name: str) -> int:
    """The number of the revision that `text` names, like r3; `name` is that of the argument.

    Raises:
        typer.BadParameter: `text` does not name a revision.
    """
    digits = text.removeprefix("r")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _LONGEST_NUMBER:
        raise typer.BadParameter(f"{text!r} is not a revision, like r3", param_hint=name)
    return int(digits)


def _revision(connection: "Connection", text: str) -> int:
    from datetime import UTC, datetime, time

    from positions.queries import log

    if text.startswith("r") and text[1:].isascii() and text[1:].isdigit():
        return log.revision(connection, number(text, "--known-at"))
    try:
        at = datetime.combine(parse_day(text), time.max) if _DAY.fullmatch(text) else datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"{text!r} is neither a revision (r3) nor a time (2022-01-20T12:00)"
        raise typer.BadParameter(message, param_hint="--known-at") from error
    return log.revision_at(connection, at)
