"""The database, moment and revision that a command's arguments name; the default database is made at first use."""

import re
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from positions.commands import options
from positions.commands.console import progress, tell
from positions.dates import parse_day

_NUMBER = re.compile(r"r?\d{1,9}", re.ASCII)  # nine digits fit into an integer column
_REVISION = re.compile(r"r\d+", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{6,64}", re.ASCII)
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
    from positions.recording import seeding

    with database.creating(place, private=private) as connection, progress("Recording") as done:
        files = seeding.files() if every else [package_data.first_episode()]
        return len(seeding.record(connection, files, done))


def moment(connection: "Connection", as_of: str | None, known_at: str | None, public_by: str | None) -> "Moment":
    """The moment given by `--as-of`, `--known-at` and `--public-by`; at an earlier revision, descriptions read as then.

    Raises:
        typer.BadParameter: a value is not a date, a revision or a time.
    """
    from positions.moment import Moment

    days = options.last_day(as_of, "--as-of"), options.last_day(public_by, "--public-by")
    if known_at is None:
        return Moment(as_of=days[0], public_by=days[1])
    from positions.recording.as_known import as_known

    revision = _known_at(connection, known_at)
    as_known(connection, revision)
    return Moment(as_of=days[0], known_at=revision, public_by=days[1])


def revision(connection: "Connection", text: str, name: str) -> int:
    """The number of the revision that `text` names: r3, 3, or the beginning of its digest.

    `name` is the argument, for the error message.

    Raises:
        typer.BadParameter: `text` is neither, or begins several digests.
        PositionsError: there is no such revision.
    """
    from positions.errors import InvalidRequestError
    from positions.queries import log

    if _NUMBER.fullmatch(text):
        return log.revision(connection, int(text.removeprefix("r")))
    if not _DIGEST.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is not a revision, like r3, or the beginning of a digest", param_hint=name)
    found = log.with_digest(connection, text)
    if not found:
        raise InvalidRequestError(f"no revision has a digest that begins with {text}", "`positions log` lists them.")
    if len(found) > 1:
        raise typer.BadParameter(f"{text} begins the digests of several revisions; give more of it", param_hint=name)
    return found[0]


def _known_at(connection: "Connection", text: str) -> int:
    from datetime import UTC, datetime, time

    from positions.queries import log

    if _REVISION.fullmatch(text):
        return revision(connection, text, "--known-at")
    if _DIGEST.fullmatch(text) and log.with_digest(connection, text):  # else it may be a time, like 20220120
        return revision(connection, text, "--known-at")
    try:
        at = datetime.combine(parse_day(text), time.max) if _DAY.fullmatch(text) else datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"{text!r} is neither a revision (r3 or its digest) nor a time (2022-01-20T12:00)"
        raise typer.BadParameter(message, param_hint="--known-at") from error
    return log.revision_at(connection, at)
