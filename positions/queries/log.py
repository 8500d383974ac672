"""The log of revisions, and how far answers reach."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, true

from positions import __version__, digests, models
from positions.errors import UnknownRevisionError, UnreadableLogError
from positions.moment import Moment
from positions.queries.rows import ChangedEntry, Revision

AS_SHIPPED = ", as shipped"
"""How the message of a revision ends that recorded a shipped episode."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far an answer reaches: the day of its latest statement (None: there is none), and its revision."""

    latest: date | None
    revision: int


def log(connection: Connection, *, contents: bool = False) -> list[Revision]:
    """Every revision, the newest first, with the ids of the entries that it added, corrected and retracted.

    `contents` adds the content of each entry before and after.

    Raises:
        UnreadableLogError: `contents` is asked for, and one is not JSON.
    """
    names: dict[tuple[int, str], list[str]] = defaultdict(list)
    change = models.change
    query = select(change.c.revision, change.c.name, change.c.before.is_(None), change.c.after.is_(None))
    for revision, name, is_new, is_gone in connection.execute(query.order_by(change.c.id)):
        names[revision, "added" if is_new else "retracted" if is_gone else "corrected"].append(name)
    changed = _contents(connection) if contents else {}
    revisions = connection.execute(select(models.revision).order_by(models.revision.c.number.desc()))
    return [
        Revision(
            revision=row.number,
            recorded_at=row.recorded_at.isoformat(timespec="seconds"),
            recorded_by=row.recorded_by,
            message=row.message,
            file_sha256=row.file_sha256,
            digest=row.digest,
            added=tuple(names[row.number, "added"]),
            corrected=tuple(names[row.number, "corrected"]),
            retracted=tuple(names[row.number, "retracted"]),
            changes=tuple(changed.get(row.number, ())) if contents else None,
        )
        for row in revisions
    ]


def _contents(connection: Connection) -> dict[int, list[ChangedEntry]]:
    by_revision: dict[int, list[ChangedEntry]] = defaultdict(list)
    change = models.change
    query = select(change.c.revision, change.c.what, change.c.name, change.c.before, change.c.after)
    for revision, what, name, before, after in connection.execute(query.order_by(change.c.id)):
        try:
            old, new = (None if content is None else json.loads(content) for content in (before, after))
        except ValueError as error:
            raise UnreadableLogError(f"{what} {name}") from error
        by_revision[revision].append(ChangedEntry(what.value, name, old, new))
    return by_revision


UNTITLED = "Positions in a negotiation"
"""What a record without a title is called."""


def newest(connection: Connection) -> int:
    """The number of the newest revision; 0 if there is none."""
    return connection.scalar(select(func.max(models.revision.c.number))) or 0


def freshness(connection: Connection, moment: Moment) -> Freshness:
    """How far the answers at `moment` reach."""
    table = models.response
    latest = connection.scalar(select(func.max(table.c.said_to)).where(moment.visible(table)))
    revision = last_revision(connection, moment)
    return Freshness(latest, 0 if revision is None else revision.number)


def last_revision(connection: Connection, moment: Moment) -> Row[*tuple[Any, ...]] | None:
    """The row of the newest revision at `moment`, with the `title` of the record; None if there was none."""
    column = models.revision.c.number
    known = true() if moment.known_at is None else column <= moment.known_at
    title = select(models.negotiation.c.title).scalar_subquery().label("title")
    query = select(models.revision, title).where(known).order_by(column.desc()).limit(1)
    return connection.execute(query).first()


def title(connection: Connection) -> str | None:
    """What the negotiation is called; None if nobody has said so."""
    return connection.scalar(select(models.negotiation.c.title))


def citation(revision: Row[*tuple[Any, ...]] | None) -> str:
    """How to cite the record as it was at `revision`, a row of `last_revision`: one sentence.

    A quotation is cited by its own source.
    """
    if revision is None:
        return f"{UNTITLED}: an empty record, positions {__version__}."
    which = f"r{revision.number} of {revision.recorded_at.date()}, digest {short(revision.digest)}"
    return f"{revision.title or UNTITLED}: a record of dated, quoted statements, {which}, positions {__version__}."


def short(digest: str | None) -> str:
    """The beginning of a digest, as people are shown it."""
    return digest[: digests.SHORT] if digest else "none"


def revision(connection: Connection, number: int) -> int:
    """Return `number` if a revision has it.

    Raises:
        UnknownRevisionError: no revision has it.
    """
    last = newest(connection)
    if not 1 <= number <= last:
        raise UnknownRevisionError(number, last)
    return number


def digest(connection: Connection, revision: int) -> str | None:
    """The digest of a revision; None if it has none, or there is no such revision."""
    return connection.scalar(select(models.revision.c.digest).where(models.revision.c.number == revision))


def with_digest(connection: Connection, beginning: str) -> list[int]:
    """The numbers of the revisions whose digest begins like that, in order."""
    column = models.revision.c
    found = select(column.number).where(column.digest.startswith(beginning, autoescape=True)).order_by(column.number)
    return list(connection.scalars(found))


def chain(connection: Connection) -> dict[int, str | None]:
    """The digest of every revision, by number, in order."""
    column = models.revision.c
    return dict(connection.execute(select(column.number, column.digest).order_by(column.number)).all())


def revision_at(connection: Connection, moment: datetime) -> int:
    """The number of the newest revision recorded by `moment`; 0 if there was none yet."""
    recorded = models.revision.c.recorded_at <= moment
    return connection.scalar(select(func.max(models.revision.c.number)).where(recorded)) or 0
