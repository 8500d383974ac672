"""The record of the record: revisions, and how fresh the answers are."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from positions import models
from positions.errors import UnknownRevisionError, UnreadableLogError
from positions.moment import Moment
from positions.queries.rows import ChangedEntry, Revision


@dataclass(frozen=True, slots=True)
class Freshness:
    """The day of the latest statement that counts at a moment (None: there is none), and the revision that is read."""

    latest: date | None
    revision: int


def log(session: Session, *, contents: bool = False) -> list[Revision]:
    """Every revision, the newest first, with the ids that it added, corrected and took out, as the files name them.

    `contents` adds what each entry said before and after.
    """
    names: dict[tuple[int, str], list[str]] = defaultdict(list)
    change = models.Change
    query = select(change.revision, change.name, change.before.is_(None), change.after.is_(None)).order_by(change.id)
    for revision, name, is_new, is_gone in session.execute(query):
        names[revision, "added" if is_new else "retracted" if is_gone else "corrected"].append(name)
    changed = _contents(session) if contents else {}
    revisions = session.scalars(select(models.Revision).order_by(models.Revision.number.desc()))
    return [
        Revision(
            revision=one.number,
            recorded_at=one.recorded_at.isoformat(timespec="seconds"),
            recorded_by=one.recorded_by,
            message=one.message,
            file_sha256=one.file_sha256,
            added=tuple(names[one.number, "added"]),
            corrected=tuple(names[one.number, "corrected"]),
            retracted=tuple(names[one.number, "retracted"]),
            changes=tuple(changed.get(one.number, ())) if contents else None,
        )
        for one in revisions
    ]


def _contents(session: Session) -> dict[int, list[ChangedEntry]]:
    found: dict[int, list[ChangedEntry]] = defaultdict(list)
    change = models.Change
    query = select(change.revision, change.what, change.name, change.before, change.after).order_by(change.id)
    for revision, what, name, before, after in session.execute(query):
        try:
            old, new = (None if content is None else json.loads(content) for content in (before, after))
        except ValueError as error:
            raise UnreadableLogError(f"{what} {name}") from error
        found[revision].append(ChangedEntry(what.value, name, old, new))
    return found


def newest(session: Session) -> int:
    """The number of the newest revision; 0 when nothing was ever recorded."""
    return session.scalar(select(func.max(models.Revision.number))) or 0


def freshness(session: Session, moment: Moment) -> Freshness:
    """How far the answers at `moment` reach."""
    table = models.Response
    latest = session.scalar(select(func.max(table.said_to)).where(moment.visible(table)))
    return Freshness(latest, newest(session) if moment.known_at is None else moment.known_at)


def revision(session: Session, number: int) -> int:
    """`number`, if such a revision was recorded.

    Raises:
        UnknownRevisionError: it was not.
    """
    last = newest(session)
    if not 1 <= number <= last:
        raise UnknownRevisionError(number, last)
    return number


def revision_at(session: Session, moment: datetime) -> int:
    """The newest revision recorded by `moment`; 0 if nothing was recorded yet."""
    recorded = models.Revision.recorded_at <= moment
    return session.scalar(select(func.max(models.Revision.number)).where(recorded)) or 0
