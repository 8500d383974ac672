"""The database, moment and revision that a command's arguments name; the default database is made at first use."""

import re
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from positions.commands import options
from positions.commands.console import progress, tell
from positions.dates import parse_day

_MOST_DIGITS = 9  # so that a revision fits into an integer column
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from positions.errors import DamagedDatabaseError
    from positions.moment import Moment


def db(ctx: Any) -> str:
    """The database named by `--db`, or the default one, which is created and seeded if it does not exist."""
    from positions import database
    from positions.errors import DatabaseExistsError

    if ctx.obj is not None:
        return str(ctx.obj)
    default = database.default_path()
    if not database.exists(default):
        database.make_folder(default.parent)
        with suppress(DatabaseExistsError):  # another process created it in the meantime
            seed(default, private=True)
            tell(f"Made a database at {default}, with Episode 1.")
    return str(default)


@contextmanager
def reading(ctx: Any) -> "Iterator[Connection]":
    """A read-only connection to `db(ctx)`."""
    from positions import database

    with database.reading(db(ctx)) as connection:
        yield connection


def damage(ctx: Any) -> "DamagedDatabaseError | None":
    """The error to show if the database file is damaged; None if it is not, or if the database is on a server."""
    from positions import database
    from positions.errors import DamagedDatabaseError

    where = database.place(database.default_path() if ctx.obj is None else ctx.obj)
    return DamagedDatabaseError(str(where)) if database.is_damaged(where) else None


def seed(place: str | Path, *, private: bool = False, every: bool = False) -> int:
    """Create a database at `place`; record Episode 1, or `every` shipped episode. Returns how many were recorded."""
    from positions import database, package_data
    from positions.recording import files as recording

    with database.creating(place, private=private) as connection, progress("Recording") as done:
        files = recording.shipped() if every else [package_data.first_episode()]
        return len(recording.record_shipped(connection, files, done))


def moment(connection: "Connection", as_of: str | None, known_at: str | None, public_by: str | None) -> "Moment":
    """The moment given by `--as-of`, `--known-at` and `--public-by`.

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
    """Parse a revision like r3 to its number; `name` is the argument, for the error message.

    Raises:
        typer.BadParameter: `text` is not a revision.
    """
    digits = text.removeprefix("r")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _MOST_DIGITS:
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
