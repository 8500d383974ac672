"""Carrying a change set out as one revision. The only code that writes to a database.

Row numbers are given here, in the order of recording: the caller's transaction keeps every other writer out.
"""

import getpass
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from positions import append_only, models
from positions.episode_file.schema import Entry
from positions.errors import RecordMovedError, StillNeededError
from positions.queries.log import newest
from positions.recording import entry_rows, sequence
from positions.recording.changes import Added, ChangeSet, Corrected, Retracted, both, text
from positions.recording.dangling import dangling
from positions.recording.known_ids import known
from positions.vocabulary import EntryKind

_ORDER = list(EntryKind)

_Ties = tuple[Sequence[str], dict[int, dict[tuple[Any, ...], int]]]
"""Columns of a table of ties; by the number of what is tied: the values of each tie in them, with its own number."""


def apply(connection: Connection, changes: ChangeSet, *, why: str, by: str | None = None) -> int | None:
    """Record `changes` as one revision and return its number; None, and no revision, if there is nothing to record.

    `by` is who records, by default the user of this machine; `why` the revision's message.

    Raises:
        RecordMovedError: the record has changed since `changes` were planned.
        StillNeededError: something that stays rests on what would go; the caller's transaction must be rolled back.
    """
    if newest(connection) != changes.made_at:
        raise RecordMovedError(changes.made_at)
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
        self._loose: dict[str, list[int]] = defaultdict(list)
        self._held_ties: dict[str, _Ties] = {}

    def write(self, by: str, why: str) -> None:
        """Write the revision, what it changed, and the rows that this makes."""
        self._write_revision(by, why)
        self._write_changes()
        self._retract_statements()
        ids = entry_rows.Ids(known(self._connection))
        self._retract_descriptions(ids)
        self._add_descriptions(ids)
        self._write_ties(ids)
        self._add_statements(ids)
        self._flush()
        self._require_whole()

    def _write_revision(self, by: str, why: str) -> None:
        previous = self._connection.scalar(select(func.max(models.revision.c.recorded_at)))
        now = datetime.now(UTC)
        self._connection.execute(
            insert(models.revision),
            {
                "number": self._revision,
                "recorded_at": now if previous is None else max(now, previous),
                "recorded_by": by,
                "message": why,
                "file": self._changes.file,
                "file_sha256": self._changes.file_sha256,
            },
        )

    def _write_changes(self) -> None:
        for one in self._changes.changes:
            before, after = both(one)
            row = {"what": one.what, "name": one.name, "episode": self._changes.episode}
            self._insert("change", {**row, "revision": self._revision, "before": text(before), "after": text(after)})
        self._flush()

    def _retract_statements(self) -> None:
        """Take responses and outcomes that are corrected or retracted out of the record, whole."""
        for what, table, parts in (
            (EntryKind.RESPONSE, models.response, ("stance", "mention")),
            (EntryKind.OUTCOME, models.outcome, ()),
        ):
            names = [one.name for one in self._changes.changes if one.what is what and not isinstance(one, Added)]
            numbers = self._held_rows(table, names)
            self._retract(table.name, "id", numbers)
            for part in parts:
                self._retract(part, f"{table.name}_id", numbers)

    def _held_rows(self, table: Table[Any], names: Sequence[str]) -> list[int]:
        if not names:
            return []
        held = (
            select(table.c.slug, table.c.id)
            .join(models.episode, models.episode.c.id == table.c.episode_id)
            .where(models.episode.c.slug == self._changes.episode, table.c.retracted_in.is_(None))
        )
        numbers: dict[str, int] = dict(self._connection.execute(held).all())
        return [numbers[name.partition("/")[2]] for name in names]

    def _retract_descriptions(self, ids: entry_rows.Ids) -> None:
        gone: dict[str, list[int]] = defaultdict(list)
        for one in reversed(self._changes.changes):
            if isinstance(one, Retracted) and one.what in entry_rows.TABLES:
                gone[entry_rows.TABLES[one.what]].append(ids.row(one.what, one.name))
        for table, numbers in gone.items():
            self._retract(table, "id", numbers)

    def _add_descriptions(self, ids: entry_rows.Ids) -> None:
        kept = (change for change in self._changes.changes if not isinstance(change, Retracted))
        described = [change for change in kept if change.what in entry_rows.TABLES]
        described.sort(key=lambda change: _ORDER.index(change.what))
        for one in described:
            if isinstance(one, Added):
                ids.add(one.what, one.after.id, self._number(entry_rows.TABLES[one.what]))
        self._episode = ids.row(EntryKind.EPISODE, self._changes.episode)
        edited: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for one in entry_rows.in_order(described):
            table = entry_rows.TABLES[one.what]
            values = entry_rows.description(one.after, ids)
            number = ids.row(one.what, one.after.id)
            if isinstance(one, Corrected):
                edited[table].append({**values, "row": number})
            else:
                owner = {} if table == "episode" else {"episode_id": self._episode}
                self._insert(table, {**values, **owner, "id": number, "recorded_in": self._revision})
        self._flush()
        for table, several in edited.items():
            target = models.METADATA.tables[table]
            edit = update(target).where(target.c.id == bindparam("row"))
            self._connection.execute(edit, several)

    def _write_ties(self, ids: entry_rows.Ids) -> None:
        """Make the ties of items, packages and extensions what the entries say; untouched ones stay as they are."""
        for one in self._changes.changes:
            if one.what in {EntryKind.DEMAND, EntryKind.OFFER, EntryKind.PACKAGE}:
                entry = None if isinstance(one, Retracted) else one.after
                self._replace_ties(entry_rows.TABLES[one.what], ids.row(one.what, one.name), entry, ids)
            elif one.what is EntryKind.EXTENSION:
                before, after = both(one)
                entry = after or before
                assert entry is not None
                what, number = ids.extended(entry.id)
                self._replace_ties(entry_rows.TABLES[what], number, after, ids)
        for name, gone in self._loose.items():
            self._retract(name, "id", gone)
        self._flush()

    def _replace_ties(self, table: str, number: int, entry: Entry | None, ids: entry_rows.Ids) -> None:
        """Retract the ties of row `number` that this episode added and `entry` does not say; add those missing."""
        wanted = {} if entry is None else entry_rows.ties(entry, ids)
        for name in entry_rows.TIES[table]:
            columns, ties = self._ties(table, name)
            held = ties.get(number, {})
            asked = {tuple(one[column] for column in columns): one for one in wanted.get(name, ())}
            self._loose[name] += [row for values, row in held.items() if values not in asked]
            for values, one in asked.items():
                if values not in held:
                    whole = {f"{table}_id": number, "episode_id": self._episode, "recorded_in": self._revision}
                    self._insert(name, {**one, **whole})

    def _ties(self, table: str, name: str) -> _Ties:
        """The columns of the ties in `name`, and those that this episode added, read once for all that it ties."""
        if name not in self._held_ties:
            ties = models.METADATA.tables[name]
            owner = f"{table}_id"
            columns = [column.name for column in ties.c if column.name not in entry_rows.BOOKKEEPING | {owner}]
            found: _Ties = columns, defaultdict(dict)
            query = select(ties.c[owner], ties.c.id, *(ties.c[column] for column in columns))
            query = query.where(ties.c.episode_id == self._episode, ties.c.retracted_in.is_(None))
            for number, row, *values in self._connection.execute(query):
                found[1][number][tuple(values)] = row
            self._held_ties[name] = found
        return self._held_ties[name]

    def _add_statements(self, ids: entry_rows.Ids) -> None:
        before = sequence.before_all(self._connection, self._changes.episode)
        for one in self._changes.changes:
            if one.what in {EntryKind.RESPONSE, EntryKind.OUTCOME} and not isinstance(one, Retracted):
                table = one.what.value
                number = self._number(table)
                made = entry_rows.statement(one.after, ids, number, self._episode, sequence.of(one.after, before))
                for name, statements in made.items():
                    for values in statements:
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
        for table in models.METADATA.sorted_tables:
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

    def _require_whole(self) -> None:
        if any(isinstance(one, Retracted) for one in self._changes.changes):
            needed: dict[str, list[str]] = defaultdict(list)
            for name, user in dangling(self._connection, retracted_in=self._revision):
                needed[name].append(user)
            if needed:
                raise StillNeededError(list(needed.items()))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"
