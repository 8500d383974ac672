"""Applying a change set as one revision. No other code writes to the record.

Row numbers are assigned here; this is safe because the caller's transaction keeps out every other writer.
"""

import getpass
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    bindparam,
    func,
    insert,
    select,
    update,
)

from positions import append_only, digests, models, search_index
from positions.episode_file.schema import ActorEntry
from positions.errors import RecordMovedError, StillNeededError, UnsealedError
from positions.queries import log
from positions.recording import entry_rows, sequence
from positions.recording.changes import Added, ChangeSet, Corrected, Retracted, to_json
from positions.recording.references import ITEMS_AND_PACKAGES, known
from positions.vocabulary import EntryKind, Key

_RETRACTED_WITH = {"response": ("stance", "mention"), "outcome": ()}
"""By table of statements: the tables whose rows are retracted with them."""

_PARTS = {part: owner for owner, parts in (_RETRACTED_WITH | entry_rows.TIES).items() for part in parts}
_OWNERS = append_only.PARTS | _PARTS
"""Tables whose rows have no id of their own, and the table of the entry that they belong to."""


def apply(connection: Connection, changes: ChangeSet, *, why: str, by: str | None = None) -> int | None:
    """Record `changes` as one revision, sealed by its digest, and return its number; None if there are no changes.

    `why` is the message of the revision; `by` is who records, by default the user of this machine.

    Raises:
        RecordMovedError: the record has changed since `changes` were planned.
        UnsealedError: the newest revision has no digest.
        StillNeededError: an entry that stays refers to a retracted one; the caller must roll back the transaction.
    """
    if log.newest(connection) != changes.made_at:
        raise RecordMovedError(changes.made_at)
    if changes.made_at and log.digest(connection, changes.made_at) is None:
        raise UnsealedError(changes.made_at)
    if not changes.changes:
        return None
    _Writer(connection, changes).write(by or _user(), why)
    return changes.made_at + 1


def set_title(connection: Connection, title: str) -> None:
    """Call the negotiation `title`, whatever it was called before. No revision records it."""
    if connection.execute(update(models.negotiation).values(title=title)).rowcount == 0:
        connection.execute(insert(models.negotiation).values(id=1, title=title))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no name for this user id, as in some containers
        return "unknown"


class _Writer:
    """One revision being written."""

    def __init__(self, connection: Connection, changes: ChangeSet) -> None:
        self._connection = connection
        self._changes = changes
        self._revision = changes.made_at + 1
        self._next: dict[str, Iterator[int]] = {}
        self._new: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._texts: list[dict[str, Any]] = []

    def write(self, by: str, why: str) -> None:
        """Write the revision, its log, and the rows that it changes."""
        self._write_revision(by, why)
        self._write_changes()
        # Corrected statements are retracted first: only one current row may have their id.
        self._retract_statements()
        ids = {key: known_id.row for key, known_id in known(self._connection).items()}
        self._retract_descriptions(ids)
        self._add_descriptions(ids)
        self._write_ties(ids)
        self._add_statements(ids)
        self._flush()
        self._index_texts()
        self._require_not_dangling()
        digests.seal(self._connection, after=self._changes.made_at)

    def _write_revision(self, by: str, why: str) -> None:
        previous = self._connection.scalar(select(func.max(models.revision.c.recorded_at)))
        now = datetime.now(UTC)
        self._connection.execute(
            insert(models.revision),
            {
                "number": self._revision,
                "recorded_at": now if previous is None else max(now, previous),  # the clock may have been set back
                "recorded_by": by,
                "message": why,
                "file": self._changes.file,
                "file_sha256": self._changes.file_sha256,
            },
        )

    def _write_changes(self) -> None:
        for change in self._changes.changes:
            row = {"what": change.what, "name": change.name, "episode": self._changes.episode}
            content = {"before": to_json(change.before), "after": to_json(change.after)}
            self._insert("change", {**row, "revision": self._revision, **content})
        self._flush()

    def _retract_statements(self) -> None:
        """Retract corrected and retracted responses and outcomes with their parts; a correction makes new rows."""
        for name, parts in _RETRACTED_WITH.items():
            names = [change.name for change in self._changes.changes if change.what == name and change.before]
            numbers = self._current_rows(models.METADATA.tables[name], names)
            self._retract(name, "id", numbers)
            for part in parts:
                self._retract(part, f"{name}_id", numbers)

    def _current_rows(self, table: Table[Any], names: Sequence[str]) -> list[int]:
        if not names:
            return []
        query = (
            select(table.c.slug, table.c.id)
            .join(models.episode, models.episode.c.id == table.c.episode_id)
            .where(models.episode.c.slug == self._changes.episode, table.c.retracted_in.is_(None))
        )
        numbers: dict[str, int] = dict(self._connection.execute(query).all())
        return [numbers[name.partition("/")[2]] for name in names]

    def _retract_descriptions(self, ids: entry_rows.Ids) -> None:
        by_table: dict[str, list[int]] = defaultdict(list)
        for change in reversed(self._changes.changes):
            if isinstance(change, Retracted) and change.what in entry_rows.TABLES:
                by_table[entry_rows.TABLES[change.what]].append(ids[change.what, change.name])
        for table, numbers in by_table.items():
            self._retract(table, "id", numbers)

    def _add_descriptions(self, ids: dict[Key, int]) -> None:
        kept = (change for change in self._changes.changes if not isinstance(change, Retracted))
        described = [change for change in kept if change.what in entry_rows.TABLES]
        kinds = list(EntryKind)
        described.sort(key=lambda change: kinds.index(change.what))
        # All new ids first: descriptions can refer to each other.
        for change in described:
            if isinstance(change, Added):
                ids[change.what, change.after.id] = self._number(entry_rows.TABLES[change.what])
        self._episode = ids[EntryKind.EPISODE, self._changes.episode]
        # Persons come after the actors that they speak for: their rows point to them.
        described.sort(key=lambda change: isinstance(change.after, ActorEntry) and bool(change.after.speaks_for))
        edited: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for change in described:
            table = entry_rows.TABLES[change.what]
            values = entry_rows.description(change.after, ids)
            number = ids[change.what, change.after.id]
            if isinstance(change, Corrected):
                edited[table].append({**values, "row": number})
            else:
                owner = {} if table == "episode" else {"episode_id": self._episode}
                self._insert(table, {**values, **owner, "id": number, "recorded_in": self._revision})
        self._flush()
        for table, rows in edited.items():
            target = models.METADATA.tables[table]
            self._connection.execute(update(target).where(target.c.id == bindparam("row")), rows)

    def _write_ties(self, ids: entry_rows.Ids) -> None:
        """Add and retract the ties of items, packages and extensions; unchanged ties keep their rows."""
        wanted: dict[str, list[tuple[int, entry_rows.Rows]]] = defaultdict(list)
        for change in self._changes.changes:
            if change.what in ITEMS_AND_PACKAGES:
                table, row = entry_rows.TABLES[change.what], ids[change.what, change.name]
            elif change.what is EntryKind.EXTENSION:
                slug = change.name.partition("/")[2]
                table = "package" if entry_rows.is_package(ids, slug) else "item"
                row = entry_rows.number_of(ids, slug, *ITEMS_AND_PACKAGES)
            else:
                continue
            wanted[table].append((row, {} if change.after is None else entry_rows.ties(change.after, ids)))
        for table, ties in wanted.items():
            for name in entry_rows.TIES[table]:
                self._replace_ties(name, f"{table}_id", [(row, new.get(name, ())) for row, new in ties])
        self._flush()

    def _replace_ties(self, name: str, owner: str, wanted: Iterable[tuple[int, Iterable[dict[str, Any]]]]) -> None:
        """In the table `name`, retract the ties that this episode made and `wanted` lacks, and add the missing ones.

        `wanted` has the ties of each row number in the column `owner`.
        """
        ties = models.METADATA.tables[name]
        bookkeeping = {"id", "episode_id", "recorded_in", "retracted_in", owner}
        columns = [column.name for column in ties.c if column.name not in bookkeeping]
        query = select(ties.c[owner], ties.c.id, *(ties.c[column] for column in columns))
        query = query.where(ties.c.episode_id == self._episode, ties.c.retracted_in.is_(None))
        current: dict[int, dict[tuple[Any, ...], int]] = defaultdict(dict)
        for number, row, *values in self._connection.execute(query):
            current[number][tuple(values)] = row
        retracted: list[int] = []
        for number, rows in wanted:
            new = {tuple(tie[column] for column in columns): tie for tie in rows}
            retracted += [row for content, row in current[number].items() if content not in new]
            for content, tie in new.items():
                if content not in current[number]:
                    made = {owner: number, "episode_id": self._episode, "recorded_in": self._revision}
                    self._insert(name, {**tie, **made})
        self._retract(name, "id", retracted)

    def _add_statements(self, ids: entry_rows.Ids) -> None:
        base = sequence.base_sequence(self._connection, self._changes.episode)
        for change in self._changes.changes:
            if change.what in sequence.TABLES and not isinstance(change, Retracted):
                number = self._number(change.what)
                place = sequence.sequence_of(change.after, base)
                tables = entry_rows.statement(change.after, ids, number, self._episode, place)
                for name, rows in tables.items():
                    recorded = {} if name in append_only.PARTS else {"recorded_in": self._revision}
                    for values in rows:
                        self._insert(name, {**values, **recorded})

    def _index_texts(self) -> None:
        if self._texts:
            last = self._connection.scalar(select(func.max(models.search_text.c.id))) or 0
            self._connection.execute(
                insert(models.search_text), [{"id": last + n, **row} for n, row in enumerate(self._texts, 1)]
            )
            search_index.index(self._connection, after=last)

    def _number(self, table: str) -> int:
        if table not in self._next:
            newest = self._connection.scalar(select(func.max(models.METADATA.tables[table].c.id)))
            self._next[table] = count((newest or 0) + 1)
        return next(self._next[table])

    def _insert(self, table: str, values: dict[str, Any]) -> None:
        if table not in append_only.PARTS and "id" not in values:
            values = {"id": self._number(table), **values}
        self._new[table].append(values)
        if table in search_index.FIELDS:
            folded = search_index.document(values.get(field) for field in search_index.FIELDS[table])
            if folded:
                self._texts.append({"kind": table, "row": values["id"], "folded": folded})

    def _flush(self) -> None:
        for table in models.METADATA.sorted_tables:  # referenced tables come first
            if new := self._new.pop(table.name, None):
                self._connection.execute(insert(table), new)

    def _retract(self, table: str, column: str, numbers: Sequence[int]) -> None:
        if not numbers:
            return
        target = models.METADATA.tables[table]
        statement = (
            update(target)
            .where(target.c[column] == bindparam("gone"), target.c.retracted_in.is_(None))
            .values(retracted_in=self._revision)
        )
        self._connection.execute(statement, [{"gone": number} for number in numbers])

    def _require_not_dangling(self) -> None:
        if any(isinstance(change, Retracted) for change in self._changes.changes):
            needed: dict[str, list[str]] = defaultdict(list)
            for name, user in dangling(self._connection, retracted_in=self._revision):
                needed[name].append(user)
            if needed:
                raise StillNeededError(list(needed.items()))


def dangling(connection: Connection, *, retracted_in: int | None = None) -> list[tuple[str, str]]:
    """Pairs of a retracted id and the id of a current entry that refers to it; sorted, without duplicates.

    With `retracted_in`, only ids that this revision retracted.
    """
    found: set[tuple[str, str]] = set()
    for query, revision in _dangling():
        condition = revision.is_not(None) if retracted_in is None else revision == retracted_in
        found.update((needed, user) for needed, user in connection.execute(query.where(condition)))
    return sorted(found)


@cache
def _dangling() -> list[tuple[Select[Any, Any], Column[Any]]]:
    """For each foreign key: a query for pairs of ids, and the column with the revision that retracted the target."""
    found = []
    for table in models.METADATA.sorted_tables:
        entry = models.METADATA.tables[_OWNERS.get(table.name, table.name)]
        current = table if "retracted_in" in table.c else entry
        for key in table.foreign_keys:
            target = key.column.table.alias("gone")
            if key.column.name != "id" or "slug" not in target.c or "retracted_in" not in target.c:
                continue
            source: FromClause = table.join(target, target.c.id == key.parent)
            if entry is not table:
                source = source.join(entry, entry.c.id == table.c[f"{entry.name}_id"])
            user: ColumnElement[str] = entry.c.slug
            if entry.name in _RETRACTED_WITH:
                episode = models.episode.alias("owner")
                source = source.join(episode, episode.c.id == entry.c.episode_id)
                user = episode.c.slug + "/" + entry.c.slug
            query = select(target.c.slug, user).select_from(source).where(current.c.retracted_in.is_(None))
            found.append((query, target.c.retracted_in))
    return found
