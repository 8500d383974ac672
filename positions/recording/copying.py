"""Copying a whole database with all its revisions: from a file to a server, or back.

Not in `positions.database`, because it runs the queries of `positions.queries` on both databases to compare them.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, insert, select

from positions import append_only, database, models, search_index
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


def copy(db: str | Path, to: str | Path, progress: Progress = no_progress) -> tuple[int, dict[str, int]]:
    """Copy one state of the database `db` to the new place `to`: every row, with the same row numbers.

    The copy appears whole or not at all, and only if its rows and its answers are those of the original. `progress` is
    called after each table. Returns the number of revisions copied, and the number of rows compared in each answer.

    Raises:
        DatabaseError: `db` cannot be read, there is already a database at `to`, or the copy differs from the original.
    """
    exists = DatabaseError(
        f"there is already a database at {database.place(to)}", "Name a new file or an empty server database."
    )
    if database.exists(to):
        raise exists
    tables = models.METADATA.sorted_tables
    with database.reading(db) as source, database.creating(to) as target:
        if log.newest(target):
            raise exists
        with append_only.suspended(target):  # the triggers admit only rows of the newest revision
            for number, table in enumerate(tables, 1):
                for batch in _rows(source, table).mappings().partitions(BATCH):
                    target.execute(insert(table), [dict(row) for row in batch])
                progress(number, len(tables))
            search_index.index(target)
        for table in tables:
            with _rows(source, table) as originals, _rows(target, table) as copies:
                _require_equal(table.name, originals, copies)
        answers = {
            name: _require_equal(name, ask(source, Moment()), ask(target, Moment())) for name, ask in QUESTIONS.items()
        }
        return log.newest(target), answers


def _rows(connection: Connection, table: Table) -> CursorResult[*tuple[Any, ...]]:
    """All rows of `table`; those that other rows of the same table point to come first."""
    to_itself = (key.parent.is_not(None) for key in table.foreign_keys if key.column.table is table)
    query = select(table).order_by(*to_itself, *table.primary_key.columns)
    return connection.execute(query.execution_options(yield_per=BATCH))


def _require_equal(what: str, originals: Iterable[Any], copies: Iterable[Any]) -> int:
    """The number of rows; raise DatabaseError if a row differs, or one database has more rows."""
    count = 0
    for original, copied in zip_longest(originals, copies):
        if original != copied:
            raise DatabaseError(f"the copy differs from the original: {what} {count + 1}", "The copy was discarded.")
        count += 1
    return count
