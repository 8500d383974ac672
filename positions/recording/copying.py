"""Copying a whole database to another place, revisions and all: from a file to a server, or back.

It stands above `positions.database` because it asks both databases every question that `positions.queries` answers.
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
from positions.recording.files import Steps, untold

BATCH = 1000
"""How many rows travel together."""

QUESTIONS: Mapping[str, Callable[[Connection, Moment], Iterable[Any]]] = {
    "items": items.every,
    "stances": stances.all_stances,
    "non-starters": lambda connection, moment: nonstarters.nonstarters(connection, moment, ever=True),
    "movements": lambda connection, moment: movements.movements(connection, moment, first=True),
    "outlooks": outlook.outlook,
}
"""What both databases are asked, to show that they answer alike."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: the revisions, and how many answers of each kind are the same in both databases."""

    revisions: int
    answers: Mapping[str, int]


def copy(db: str | Path, to: str | Path, told: Steps = untold) -> Copied:
    """Copy the database `db`, as it is at one moment, to the new place `to`: every row, under the same numbers.

    The copy appears whole or not at all, and only after it was compared row by row, and asked, with the original.
    `told` is called after each table.

    Raises:
        DatabaseError: `db` cannot be read, there is a database at `to` already, or the copy is not like the original.
    """
    taken = DatabaseError(f"there is a database at {database.place(to)} already", "Name an empty place; see `backup`.")
    if database.exists(to):
        raise taken
    tables = models.METADATA.sorted_tables
    with database.reading(db) as source, database.creating(to) as target:
        if log.newest(target):
            raise taken
        with append_only.suspended(target):  # what is copied entered the record long ago
            for number, table in enumerate(tables, 1):
                _copy(source, target, table)
                told(number, len(tables))
        _count_on(target, tables)
        for table in tables:
            _require_alike(table.name, _rows(source, table), _rows(target, table))
        answers = {name: _answers(ask, source, target, name) for name, ask in QUESTIONS.items()}
        return Copied(log.newest(target), answers)


def _copy(source: Connection, target: Connection, table: Table) -> None:
    for batch in source.execute(_all(table)).mappings().partitions(BATCH):
        target.execute(insert(table), [dict(row) for row in batch])


def _all(table: Table) -> Any:
    """Every row of `table`, those first that others of the same table point to."""
    to_itself = (key.parent.is_not(None) for key in table.foreign_keys if key.column.table is table)
    return select(table).order_by(*to_itself, *table.primary_key.columns).execution_options(yield_per=BATCH)


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    return (tuple(row) for row in connection.execute(_all(table)))


def _count_on(target: Connection, tables: Iterable[Table]) -> None:
    """Set the counters of a server behind the rows that were copied; SQLite needs none."""
    if target.dialect.name != "postgresql":
        return
    for table in tables:
        column = table.autoincrement_column
        if column is None:
            continue
        counter = target.scalar(
            text("SELECT pg_get_serial_sequence(:name, :column)"), {"name": f'"{table.name}"', "column": column.name}
        )
        newest = target.scalar(select(func.max(column)))
        if counter is not None and newest is not None:
            target.execute(select(func.setval(counter, newest)))


def _require_alike(what: str, originals: Iterable[Any], copies: Iterable[Any]) -> int:
    """Compare row by row, and return how many there are.

    Raises:
        DatabaseError: a row differs, or one side has more.
    """
    count = 0
    for original, copied in zip_longest(originals, copies):
        if original != copied:
            raise DatabaseError(f"the copy is not like the original: {what} {count + 1} differs", "Nothing was kept.")
        count += 1
    return count


def _answers(
    ask: Callable[[Connection, Moment], Iterable[Any]], source: Connection, target: Connection, what: str
) -> int:
    return _require_alike(what, ask(source, Moment()), ask(target, Moment()))
