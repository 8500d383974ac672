"""The chain of digests: each revision carries a SHA-256 over its content and the digest of the revision before it.

What is hashed is a sequence of netstrings (https://cr.yp.to/proto/netstrings.txt): the length of a text in bytes of
UTF-8, as ASCII digits, then a colon, the bytes, and a comma. Null is a hyphen and a comma. The texts are, in order:

- `positions-1`, the name of this form;
- the digest of the revision before, 64 hexadecimal digits; null for r1;
- the revision: its number; when it was recorded, in UTC, as `2022-01-26T12:00:00.000000Z`; by whom; why; the name and
  the SHA-256 of the file; the database role;
- the number of its changes, and for each of them, in the order of their numbers: the kind of entry, its id, its
  episode, its content before, its content after, each as it stands in the table `change`.

This form never changes, because a digest that somebody noted must stay true: migrations import this module.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain as flattened
from typing import Any

import sqlalchemy as sa

FORM = "positions-1"
SHORT = 12
"""Digits of a digest that people are shown."""

# Not the tables of `models`, whose columns change: a migration reads a database of its own time.
_REVISION = sa.table(
    "revision",
    sa.column("number", sa.Integer),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
    *(sa.column(name, sa.Text) for name in ("recorded_by", "message", "file", "file_sha256", "role", "digest")),
)
_CHANGE = sa.table(
    "change",
    sa.column("id", sa.Integer),
    sa.column("revision", sa.Integer),
    *(sa.column(name, sa.Text) for name in ("what", "name", "episode", "before", "after")),
)
_AT_A_TIME = 1000
"""Rows that are read at a time, which bounds the memory that a large record takes."""


@dataclass(frozen=True, slots=True)
class Link:
    """A revision of the chain: the digest that it carries (None: none yet), and the one that it should carry."""

    number: int
    digest: str | None
    expected: str


def links(connection: sa.Connection, *, after: int = 0) -> Iterator[Link]:
    """The links of the revisions later than `after`, in order. Each expects what its predecessor carries."""
    columns = _CHANGE.c
    query = sa.select(columns.revision, columns.what, columns.name, columns.episode, columns.before, columns.after)
    query = query.where(columns.revision > after).order_by(columns.revision, columns.id)
    revisions = sa.select(_REVISION).where(_REVISION.c.number > after).order_by(_REVISION.c.number)
    carried = connection.scalar(sa.select(_REVISION.c.digest).where(_REVISION.c.number == after))
    with connection.execute(query.execution_options(yield_per=_AT_A_TIME)) as changes:
        change = next(changes, None)
        for row in connection.execute(revisions).all():
            own: list[tuple[str | None, ...]] = []
            while change is not None and change.revision <= row.number:
                own.append(tuple(change)[1:])
                change = next(changes, None)
            expected = digest(carried, _described(row), own)
            yield Link(row.number, row.digest, expected)
            carried = row.digest or expected


def seal(connection: sa.Connection, *, after: int) -> None:
    """Give every revision later than `after` the digest that it should carry; none may have one."""
    for link in links(connection, after=after):
        statement = sa.update(_REVISION).where(_REVISION.c.number == link.number).values(digest=link.expected)
        connection.execute(statement)


def digest(before: str | None, revision: Iterable[str | None], changes: Iterable[Iterable[str | None]]) -> str:
    """The digest of a revision, in hexadecimal, from the one before it and the texts of its row and its changes."""
    listed = list(changes)
    hashed = hashlib.sha256()
    for text in (FORM, before, *revision, str(len(listed)), *flattened.from_iterable(listed)):
        hashed.update(_netstring(text))
    return hashed.hexdigest()


def _described(row: Any) -> tuple[str | None, ...]:
    """The texts of a revision, in the order in which they are hashed."""
    at: datetime = row.recorded_at
    utc = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)  # SQLite stores no time zone
    when = utc.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return str(row.number), when, row.recorded_by, row.message, row.file, row.file_sha256, row.role


def _netstring(text: str | None) -> bytes:
    if text is None:
        return b"-,"
    encoded = text.encode("utf-8")
    return b"%d:%b," % (len(encoded), encoded)
