"""The database, moment, items and revision that a command's options name; the default database is made at first use.

Commands declare their options as parameters, and the functions here take the values by name from `ctx.params`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from positions.commands import options
from positions.commands.console import progress, tell
from positions.dates import parse_day
from positions.vocabulary import Format

_NUMBER = re.compile(r"r?\d{1,9}", re.ASCII)  # nine digits fit into an integer column
_REVISION = re.compile(r"r\d+", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{6,64}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from positions.errors import DamagedDatabaseError
    from positions.moment import Moment
    from positions.queries.filters import Filters

_ITEMS = {"by": "actor", "side": "side", "to": "actor", "topic": "topic", "package": "package", "item": "item"}
"""The options that select items, with the kind of id that they take."""

_IDS = {**_ITEMS, "actor": "actor", "episode": "episode"}
"""All options and arguments of questions that take an id, with its kind."""


def db(ctx: Any) -> str:
    """The database named by `--db`, or the default one, which is created and seeded if it does not exist."""
    from positions import database
    from positions.errors import DatabaseExistsError

    if ctx.obj is not None:
        return str(ctx.obj)
    default = database.default_path()
    if not database.exists(default):
        with suppress(DatabaseExistsError):  # another process created it in the meantime
            seed(default, private=True)
    return str(default)


@contextmanager
def reading(ctx: Any) -> Iterator["Connection"]:
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


def seed(
    place: str | Path, *, private: bool = False, episodes: Sequence[Path] | None = None, title: str | None = None
) -> None:
    """Create a database at `place` called `title`, record the shipped `episodes` (None: Episode 1), and say so.

    `private` makes it readable by its owner only, in a folder that is made if it is missing.

    Raises:
        DatabaseExistsError: another process has just made it.
    """
    from positions import database, package_data
    from positions.recording import files as recording
    from positions.recording.apply import set_title

    files = [package_data.first_episode()] if episodes is None else episodes
    if private:
        database.make_folder(Path(place).parent)
    with database.creating(place, private=private) as connection, progress("Recording") as done:
        if title is not None:
            set_title(connection, title)
        recorded = len(recording.record_shipped(connection, files, done))
    if not recorded:
        tell(f"Made an empty database at {database.place(place)}; `positions draft FILE.yaml` begins the first source.")
        return
    more = f" and {recorded - 1} other episodes" if recorded > 1 else ""
    tell(f"Made a database at {database.place(place)}, with Episode 1{more}.")


def moment(ctx: Any, connection: "Connection") -> "Moment":
    """The moment given by `--as-of`, `--known-at` and `--public-by`; at an earlier revision, descriptions read as then.

    Raises:
        typer.BadParameter: a value is not a date, a revision or a time.
    """
    from positions.moment import Moment

    as_of = options.last_day(ctx.params["as_of"], "--as-of")
    public_by = options.last_day(ctx.params["public_by"], "--public-by")
    if ctx.params["known_at"] is None:
        return Moment(as_of=as_of, public_by=public_by)
    from positions.recording.as_known import as_known

    known_at = _known_at(connection, ctx.params["known_at"])
    as_known(connection, known_at)
    return Moment(as_of, known_at, public_by)


@dataclass(frozen=True, slots=True)
class Question:
    """An open connection, with the moment and the items that a question is about, and the format of the answer."""

    connection: "Connection"
    moment: "Moment"
    filters: "Filters"
    format: Format

    def notes(self, published: Iterable[date] = ()) -> list[str]:
        """The notes below an answer: the latest statement, and how many stances became public after `--as-of`.

        `published` are the publication days of the stances shown. JSON and CSV have no notes.
        """
        if self.format not in {Format.TABLE, Format.MARKDOWN}:
            return []
        from positions.queries import log
        from positions.rendering.views.overview import footer

        day = self.moment.as_of
        later = 0 if day is None else sum(1 for publication in published if publication > day)
        fresh = log.freshness(self.connection, self.moment)
        return footer(fresh, later, is_empty=self.moment.known_at is None and fresh.revision == 0)


@contextmanager
def question(ctx: Any) -> Iterator[Question]:
    """Open the database for the question that the options of `ctx` ask.

    Callers print the answer after the block, since an open pager would keep the transaction open.

    Raises:
        typer.BadParameter: a value of `--as-of`, `--public-by` or `--known-at` is malformed.
        UnknownIdError: an id is unknown.
        InvalidRequestError: `--by`, `--to` or `--actor` names a person, who takes no stances.
    """
    from positions.queries import ids
    from positions.queries.filters import Filters

    with reading(ctx) as connection:
        when = moment(ctx, connection)
        for name, kind in _IDS.items():
            ids.require(connection, kind, ctx.params.get(name))
        for name in ("by", "to", "actor"):
            _refuse_person(connection, name, ctx.params.get(name))
        selected = Filters(**{name: ctx.params.get(name) for name in _ITEMS})
        yield Question(connection, when, selected, Format(ctx.params["format"]))


def _refuse_person(connection: "Connection", name: str, id: str | None) -> None:
    """Refuse a person as `--name`: the result would be empty, which could be taken for an answer.

    Raises:
        InvalidRequestError: the actor is a person.
    """
    from positions.errors import InvalidRequestError
    from positions.queries import ids as queries

    if id is not None and (person := queries.person(connection, id)) is not None:
        hint = f"Use `--{name} {person.speaks_for}`." if person.speaks_for else None
        whom = f", who speaks for {person.speaks_for}" if person.speaks_for else ""
        raise InvalidRequestError(
            f"{id} is a person{whom}; a person makes no demands or offers and takes no stances", hint
        )


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

    # What is not the beginning of a digest may be a time, like 20220120.
    if _REVISION.fullmatch(text) or (_DIGEST.fullmatch(text) and log.with_digest(connection, text)):
        return revision(connection, text, "--known-at")
    try:
        at = datetime.combine(parse_day(text), time.max) if _DAY.fullmatch(text) else datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"{text!r} is neither a revision (r3 or its digest) nor a time (2022-01-20T12:00)"
        raise typer.BadParameter(message, param_hint="--known-at") from error
    return log.revision_at(connection, at)
