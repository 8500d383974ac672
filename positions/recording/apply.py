"""Applying a change set as one revision. No other code writes to the record.

Row numbers are assigned here; this is safe because the caller's transaction keeps out every other writer.
"""

import getpass
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from positions import append_only, digests, models
from positions.episode_file.schema import Entry
from positions.errors import RecordMovedError, StillNeededError, UnsealedError
from positions.queries import log
from positions.recording import entry_rows, sequence
from positions.recording.changes import Added, ChangeSet, Corrected, Retracted, to_json
from positions.recording.dangling import dangling
from positions.recording.known_ids import known
from positions.vocabulary import EntryKind

_KINDS_IN_ORDER = list(EntryKind)

_Ties = tuple[Sequence[str], dict[int, dict[tuple[Any, ...], int]]]
"""The columns of a table of ties; by row number of the item or package: the values of each tie and its row number."""


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


class _Writer:
    """One revision being written."""

    def __init__(self, connection: Connection, changes: ChangeSet) -> None:
        self._connection = connection
        self._changes = changes
        self._revision = changes.made_at + 1
        self._next: dict[str, int] = {}
        self._new: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._ties_to_retract: dict[str, list[int]] = defaultdict(list)
        self._current_ties: dict[str, _Ties] = {}

    def write(self, by: str, why: str) -> None:
        """Write the revision, its log, and the rows that it changes."""
        self._write_revision(by, why)
        self._write_changes()
        # Corrected statements are retracted first: only one current row may have their id.
        self._retract_statements()
        ids = entry_rows.Ids(known(self._connection))
        self._retract_descriptions(ids)
        self._add_descriptions(ids)
        self._write_ties(ids)
        self._add_statements(ids)
        self._flush()
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
        for what, table, parts in (
            (EntryKind.RESPONSE, models.response, ("stance", "mention")),
            (EntryKind.OUTCOME, models.outcome, ()),
        ):
            names = [change.name for change in self._changes.changes if change.what is what and change.before]
            numbers = self._current_rows(table, names)
            self._retract(table.name, "id", numbers)
            for part in parts:
                self._retract(part, f"{table.name}_id", numbers)

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
                by_table[entry_rows.TABLES[change.what]].append(ids.row(change.what, change.name))
        for table, numbers in by_table.items():
            self._retract(table, "id", numbers)

    def _add_descriptions(self, ids: entry_rows.Ids) -> None:
        kept = (change for change in self._changes.changes if not isinstance(change, Retracted))
        described = [change for change in kept if change.what in entry_rows.TABLES]
        described.sort(key=lambda change: _KINDS_IN_ORDER.index(change.what))
        # All new ids first: descriptions can refer to each other.
        for change in described:
            if isinstance(change, Added):
                ids.add(change.what, change.after.id, self._number(entry_rows.TABLES[change.what]))
        self._episode = ids.row(EntryKind.EPISODE, self._changes.episode)
        edited: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for change in entry_rows.in_order(described):
            table = entry_rows.TABLES[change.what]
            values = entry_rows.description(change.after, ids)
            number = ids.row(change.what, change.after.id)
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
        for change in self._changes.changes:
            if change.what in {EntryKind.DEMAND, EntryKind.OFFER, EntryKind.PACKAGE}:
                row = ids.row(change.what, change.name)
                self._replace_ties(entry_rows.TABLES[change.what], row, change.after, ids)
            elif change.what is EntryKind.EXTENSION:
                what, row = ids.extended(change.name.partition("/")[2])
                self._replace_ties(entry_rows.TABLES[what], row, change.after, ids)
        for name, numbers in self._ties_to_retract.items():
            self._retract(name, "id", numbers)
        self._flush()

    def _replace_ties(self, table: str, number: int, entry: Entry | None, ids: entry_rows.Ids) -> None:
        """Retract the ties of row `number` that this episode made and `entry` lacks; add the missing ones."""
        wanted = {} if entry is None else entry_rows.ties(entry, ids)
        for name in entry_rows.TIES[table]:
            columns, ties = self._ties(table, name)
            current = ties.get(number, {})
            new = {tuple(tie[column] for column in columns): tie for tie in wanted.get(name, ())}
            self._ties_to_retract[name] += [row for values, row in current.items() if values not in new]
            for values, tie in new.items():
                if values not in current:
                    owner = {f"{table}_id": number, "episode_id": self._episode, "recorded_in": self._revision}
                    self._insert(name, {**tie, **owner})

    def _ties(self, table: str, name: str) -> _Ties:
        """The current ties of this episode in the table `name`; read once for all its items or packages."""
        if name not in self._current_ties:
            ties = models.METADATA.tables[name]
            owner = f"{table}_id"
            columns = [column.name for column in ties.c if column.name not in entry_rows.BOOKKEEPING | {owner}]
            found: _Ties = columns, defaultdict(dict)
            query = select(ties.c[owner], ties.c.id, *(ties.c[column] for column in columns))
            query = query.where(ties.c.episode_id == self._episode, ties.c.retracted_in.is_(None))
            for number, row, *values in self._connection.execute(query):
                found[1][number][tuple(values)] = row
            self._current_ties[name] = found
        return self._current_ties[name]

    def _add_statements(self, ids: entry_rows.Ids) -> None:
        base = sequence.base_sequence(self._connection, self._changes.episode)
        for change in self._changes.changes:
            if change.what in {EntryKind.RESPONSE, EntryKind.OUTCOME} and not isinstance(change, Retracted):
                number = self._number(change.what)
                place = sequence.sequence_of(change.after, base)
                tables = entry_rows.statement(change.after, ids, number, self._episode, place)
                for name, rows in tables.items():
                    for values in rows:
                        recorded = {} if name in append_only.PARTS else {"recorded_in": self._revision}
                        self._insert(name, {**values, **recorded})

    def _number(self, table: str) -> int:
        if table not in self._next:
            newest = select(func.max(models.METADATA.tables[table].c.id))
            self._next[table] = (self._connection.scalar(newest) or 0) + 1
        number = self._next[table]
        self._next[table] += 1
        return number

    def _insert(self, table: str, values: dict[str, Any]) -> None:
        if table not in append_only.PARTS and "id" not in values:
            values = {"id": self._number(table), **values}
        self._new[table].append(values)

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


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no name for this user id, as in some containers
        return "unknown"
