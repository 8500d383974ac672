"""Copying a whole database with all its revisions: from a file to a server, or back.

Not in `positions.database`, because it runs the queries of `positions.queries` on both databases to compare them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from positions import append_only, database, models
from positions.errors import DatabaseError
from positions.moment import Moment
from positions.queries import items, log, movements, nonstarters, outlook, stances
from positions.recording.files import Progress, no_progress

BATCH = 1000
"""Rows in one batch."""

QUESTIONS: Mapping[str, Callable[[Connection, Moment], Iterable[Any]]] = {
    "items": items.every,
    "stances": stances.all_stances,
    "non-starters": lambda connection, moment: nonstarters.nonstarters(connection, moment, ever=True),
    "movements": lambda connection, moment: movements.movements(connection, moment, first=True),
    "outlooks": outlook.outlook,
}
"""The queries whose answers are compared."""


@dataclass(frozen=True, slots=True)
class Copied:
    """The number of revisions copied, and of the rows compared in each answer."""

    revisions: int
    answers: Mapping[str, int]


def copy(db: str | Path, to: str | Path, progress: Progress = no_progress) -> Copied:
    """Copy one state of the database `db` to the new place `to`: every row, with the same row numbers.

    The copy appears whole or not at all, and only if its rows and its answers are those of the original. `progress` is
    called after each table.

    Raises:
        DatabaseError: `db` cannot be read, there is already a database at `to`, or the copy differs from the original.
    """
    exists = DatabaseError(f"there is already a database at {database.place(to)}", "Name an empty place; see `backup`.")
    if database.exists(to):
        raise exists
    tables = models.METADATA.sorted_tables
    with database.reading(db) as source, database.creating(to) as target:
        if log.newest(target):
            raise exists
        with append_only.suspended(target):  # the triggers admit only rows of the newest revision
            for number, table in enumerate(tables, 1):
                _copy(source, target, table)
                progress(number, len(tables))
        _set_counters(target, tables)
        for table in tables:
            _require_equal(table.name, _rows(source, table), _rows(target, table))
        answers = {
            name: _require_equal(name, ask(source, Moment()), ask(target, Moment())) for name, ask in QUESTIONS.items()
        }
        return Copied(log.newest(target), answers)


def _copy(source: Connection, target: Connection, table: Table) -> None:
    for batch in source.execute(_all(table)).mappings().partitions(BATCH):
        target.execute(insert(table), [dict(row) for row in batch])


def _all(table: Table) -> Any:
    """All rows of `table`; those that other rows of the same table point to come first."""
    to_itself = (key.parent.is_not(None) for key in table.foreign_keys if key.column.table is table)
    return select(table).order_by(*to_itself, *table.primary_key.columns).execution_options(yield_per=BATCH)


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    return (tuple(row) for row in connection.execute(_all(table)))


def _set_counters(target: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL's sequences continue after the copied rows; SQLite has none."""
    if target.dialect.name != "postgresql":
        return
    for table in tables:
        column = table.autoincrement_column
        if column is None:
            continue
        sequence = target.scalar(
            text("SELECT pg_get_serial_sequence(:name, :column)"), {"name": f'"{table.name}"', "column": column.name}
        )
        newest = target.scalar(select(func.max(column)))
        if sequence is not None and newest is not None:
            target.execute(select(func.setval(sequence, newest)))


def _require_equal(what: str, originals: Iterable[Any], copies: Iterable[Any]) -> int:
    """Compare row by row and return the number of rows.

    Raises:
        DatabaseError: a row differs, or one database has more rows.
    """
    count = 0
    for original, copied in zip_longest(originals, copies):
        if original != copied:
            raise DatabaseError(f"the copy differs from the original: {what} {count + 1}", "The copy was discarded.")
        count += 1
    return count
