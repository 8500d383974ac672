"""Descriptions as they read at an earlier revision: titles, names, quotations, days of making and of publication.

Statements keep every version in the tables, and so do the ties of items; a corrected description is edited in place.
What it said before stands in the log. `as_known` puts it before the reader: every query of the connection finds the
earlier rows under the names of the tables, as common table expressions that shadow them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, cast, event, literal, select

from positions import models
from positions.errors import UnreadableLogError
from positions.recording import entry_rows
from positions.recording.changes import from_json
from positions.vocabulary import EntryKind, ItemKind, Key

_Lifetime = tuple[int, int | None, int]

DESCRIPTIONS = tuple(dict.fromkeys(entry_rows.TABLES.values()))
"""The tables whose rows are edited in place."""


class IdsAt(Mapping[Key, int]):
    """The row number of each id at the revision `at`: an id that was retracted and recorded again has several."""

    def __init__(self, connection: Connection, at: int = 0) -> None:
        self.at = at
        self._lifetimes: defaultdict[Key, list[_Lifetime]] = defaultdict(list)
        for name in DESCRIPTIONS:
            for row in connection.execute(select(models.METADATA.tables[name])):
                key = kind_of(name, getattr(row, "kind", None)), row.slug
                self._lifetimes[key].append((row.recorded_in, row.retracted_in, row.id))

    def __getitem__(self, key: Key) -> int:
        for first, last, row in self._lifetimes.get(key, ()):
            if first <= self.at and (last is None or self.at < last):
                return row
        raise KeyError(key)

    def __iter__(self) -> Iterator[Key]:
        return (key for key in self._lifetimes if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def kind_of(table: str, kind: Any) -> EntryKind:
    """The kind of entry that a row of a table of descriptions describes; `kind` is the row's own, if it has one."""
    if isinstance(kind, ItemKind):
        return EntryKind(kind)
    return next(what for what, name in entry_rows.TABLES.items() if name == table)


def as_known(connection: Connection, revision: int) -> None:
    """Let every later query of `connection` read descriptions as they were at `revision`.

    Raises:
        UnreadableLogError: the log does not say how they were.
    """
    earlier = _earlier(connection, revision)
    if not earlier:
        return
    shadows = ", ".join(_shadow(connection, models.METADATA.tables[name], rows) for name, rows in earlier.items())

    @event.listens_for(connection, "before_cursor_execute", retval=True)
    def _(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> tuple[str, Any]:
        rest = f", {statement[len('WITH ') :]}" if statement.startswith("WITH ") else f" {statement}"
        return f"WITH {shadows}{rest}", values


def _earlier(connection: Connection, revision: int) -> Mapping[str, Mapping[int, Mapping[str, Any]]]:
    """By table and row number: the values that a description had at `revision`, if it was corrected since."""
    contents = _contents(connection, revision)
    if not contents:
        return {}
    ids = IdsAt(connection, revision)
    found: defaultdict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for (what, name), content in contents.items():
        entry = from_json(what, content)
        try:
            assert entry is not None
            found[entry_rows.TABLES[what]][ids[what, name]] = entry_rows.description(entry, ids)
        except KeyError as error:
            raise UnreadableLogError(f"{what} {name}") from error
    return found


def _contents(connection: Connection, revision: int) -> Mapping[Key, str]:
    """The content at `revision` of each description that was corrected since."""
    change = models.change
    query = select(change.c.what, change.c.name, change.c.before, change.c.after)
    query = query.where(change.c.revision > revision, change.c.what.in_(entry_rows.TABLES))
    first: dict[Key, str | None] = {}
    corrected: set[Key] = set()
    for what, name, before, after in connection.execute(query.order_by(change.c.revision, change.c.id)):
        first.setdefault((what, name), before)
        if before is not None and after is not None:
            corrected.add((what, name))
    return {key: content for key, content in first.items() if content is not None and key in corrected}


def _shadow(connection: Connection, table: Table[Any], earlier: Mapping[int, Mapping[str, Any]]) -> str:
    """A common table expression with the name of `table` and its rows, those of `earlier` with the earlier values."""
    rows = connection.execute(select(table).where(table.c.id.in_(earlier))).mappings().all()
    full = [{**row, **earlier[row["id"]]} for row in rows]
    values = [[_literal(connection, column, row[column.name]) for column in table.c] for row in full]
    names = ", ".join(column.name for column in table.c)
    real = f"main.{table.name}" if connection.dialect.name == "sqlite" else table.name  # a table of that name in itself
    others = f"SELECT {names} FROM {real} WHERE id NOT IN ({', '.join(map(str, earlier))})"  # noqa: S608
    listed = ", ".join(f"({', '.join(row)})" for row in values)
    return f"{table.name} ({names}) AS ({others} UNION ALL VALUES {listed})"


def _literal(connection: Connection, column: Column[Any], value: Any) -> str:
    """`value` as SQL. PostgreSQL needs the type besides, which SQLite would take for a conversion."""
    bound = literal(value, column.type)
    typed = bound if connection.dialect.name == "sqlite" else cast(bound, column.type)
    return str(typed.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
