"""Whether the tables hold, now and at every earlier revision, what the log says.

The log is followed from its beginning: the content of an entry says which rows it has, its changes say which revisions
recorded and retracted them. So a row that no change explains is found, whatever revisions it names, and so is a change
without its rows. Descriptions are edited in place: the tables have their last content only, which `promises` compares;
here it matters from when until when they are in the record.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from positions import models
from positions.append_only import PARTS
from positions.episode_file.schema import Entry
from positions.errors import UnreadableLogError
from positions.queries.rows import Violation
from positions.recording import entry_rows
from positions.recording.as_known import DESCRIPTIONS, IdsAt, kind_of
from positions.recording.changes import from_json
from positions.recording.references import ITEMS_AND_PACKAGES
from positions.vocabulary import EntryKind, Key

_TABLES = models.METADATA.tables
_STATEMENTS = {"response": "response", "stance": "response", "mention": "response", "outcome": "outcome", **PARTS}
_TIES = {table: owner for owner, tables in entry_rows.TIES.items() for table in tables}
_OWNERS = _STATEMENTS | _TIES
"""By table: the table of the entries to which its rows belong."""

_UNCOMPARED = {"id", "sequence", "response_id", "outcome_id", "recorded_in", "retracted_in"}
"""Columns that do not come from the content of an entry, or name its row."""

_Lifetime = tuple[int, int | None]
"""The revision that recorded something, and the one that retracted it (None: it is current)."""

_Content = tuple[str, str, tuple[Any, ...]]
"""A row without its number and lifetime: its table, the id of its entry, its values in the order of the columns."""

_Found = tuple[_Content, _Lifetime]


def unexplained(connection: Connection) -> Iterator[Violation]:
    """Rows that the log does not explain, and entries of the log without their rows, by episode."""
    try:
        ids = IdsAt(connection)
    except (ValueError, LookupError):  # rows that cannot be read at all; other checks report them
        return
    logged = connection.scalars(select(models.change.c.episode).distinct())
    for episode in sorted({*logged, *connection.scalars(select(models.episode.c.slug))}):
        expected: Counter[_Found] = Counter()
        for key, contents in _logged(connection, episode).items():
            try:
                expected.update(_expected(key, contents, ids, episode))
            except (UnreadableLogError, KeyError):
                yield Violation(*key, "its log cannot be read, or refers to an id that was not in the record")
        try:
            actual = Counter(row for table in (*DESCRIPTIONS, *_OWNERS) for row in _rows(connection, table, episode))
        except (ValueError, LookupError):
            continue
        yield from _different(actual - expected, episode, "is in the tables and not in the log")
        yield from _different(expected - actual, episode, "is in the log and not in the tables")


def _logged(connection: Connection, episode: str) -> Mapping[Key, Sequence[tuple[int, str | None]]]:
    """By entry of `episode`: the revisions that changed it, in order, each with its content from then on."""
    change = models.change
    found: defaultdict[Key, list[tuple[int, str | None]]] = defaultdict(list)
    for row in connection.execute(select(change).where(change.c.episode == episode).order_by(change.c.revision)):
        found[row.what, row.name].append((row.revision, row.after))
    return found


def _expected(key: Key, contents: Sequence[tuple[int, str | None]], ids: IdsAt, episode: str) -> Iterator[_Found]:
    """The rows of one entry that its log says. What a correction leaves as it was keeps its row, except a statement.

    Raises:
        UnreadableLogError: a content in the log is none.
        KeyError: a content refers to an id that was not in the record.
    """
    begun: dict[_Content, int] = {}
    for revision, content in contents:
        ids.at = revision
        entry = from_json(key[0], content)
        rows = set() if entry is None else set(_contents(entry, ids, episode))
        kept = set() if key[0] in (EntryKind.RESPONSE, EntryKind.OUTCOME) else rows
        for gone in begun.keys() - kept:
            yield gone, (begun.pop(gone), revision)
        begun |= dict.fromkeys(rows - begun.keys(), revision)
    yield from ((row, (first, None)) for row, first in begun.items())


def _contents(entry: Entry, ids: IdsAt, episode: str) -> Iterator[_Content]:
    source = ids[EntryKind.EPISODE, episode]
    if entry.what in (EntryKind.RESPONSE, EntryKind.OUTCOME):
        for table, rows in entry_rows.statement(entry, ids, 0, source, 0).items():
            yield from (_content(table, entry.id, row) for row in rows)
        return
    if entry.what in entry_rows.TABLES:
        yield entry_rows.TABLES[entry.what], entry.id, (entry.what, None if entry.what is EntryKind.EPISODE else source)
    if entry.what in (*ITEMS_AND_PACKAGES, EntryKind.EXTENSION):
        table = "package" if entry_rows.is_package(ids, entry.id) else "item"
        owner = {f"{table}_id": entry_rows.number_of(ids, entry.id, *ITEMS_AND_PACKAGES), "episode_id": source}
        for name, tied in entry_rows.ties(entry, ids).items():
            yield from (_content(name, entry.id, {**tie, **owner}) for tie in tied)


def _content(table: str, slug: str, values: Mapping[str, Any]) -> _Content:
    return table, slug, tuple(values.get(name) for name in _compared(table))


@cache
def _compared(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in _TABLES[table].columns if column.name not in _UNCOMPARED)


def _rows(connection: Connection, name: str, episode: str) -> Iterator[_Found]:
    """The rows of the table that `episode` brought into the record, current or retracted."""
    table, owner = _TABLES[name], _TABLES[_OWNERS.get(name, name)]
    source = owner if name in _STATEMENTS else table  # another episode may have defined the item of a tie
    lifetime = owner if name in PARTS else table
    query = select(owner.c.slug, lifetime.c.recorded_in, lifetime.c.retracted_in, table).select_from(owner)
    if owner is not table:
        query = query.join(table, table.c[f"{owner.name}_id"] == owner.c.id)
    if name == "episode":
        query = query.where(table.c.slug == episode)
    else:
        query = query.join(models.episode, models.episode.c.id == source.c.episode_id)
        query = query.where(models.episode.c.slug == episode)
    names = table.c.keys()
    for slug, first, last, *own in connection.execute(query):
        values = dict(zip(names, own, strict=True))
        if name in DESCRIPTIONS:
            yield (name, slug, (kind_of(name, values.get("kind")), values.get("episode_id"))), (first, last)
        else:
            yield _content(name, slug, values), (first, last)


def _different(found: Iterable[_Found], episode: str, problem: str) -> Iterator[Violation]:
    for (table, slug, _), (first, last) in sorted(found, key=lambda row: (row[0][:2], row[1][0], row[1][1] or 0)):
        name = f"{episode}/{slug}" if table in _STATEMENTS else slug
        until = f", retracted in r{last}" if last else ""
        yield Violation(table, name, f"a row that r{first} recorded{until} {problem}")
