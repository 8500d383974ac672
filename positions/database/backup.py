"""Copies of a SQLite database while it is in use, and the upgrade of the schema, which makes a copy first."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from positions import database, files
from positions.database import schema, sqlite_file
from positions.errors import DatabaseError, OutputError


def backup(db: str | Path, file: Path, *, force: bool = False) -> None:
    """Copy the database `db`, as it is at one moment, to `file`, readable by its owner alone.

    The copy appears whole or not at all. `force` replaces a file that is there, but never the database itself.

    Raises:
        DatabaseError: `db` cannot be read, or is on a server.
        OutputError: `file` is there already, or cannot be written.
    """
    where = database.place(db)
    if where.path is None:
        raise DatabaseError(f"{where} is on a PostgreSQL server", "`pg_dump` makes a backup of it.")
    with database.looking(db) as connection:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        _require_free(file, where.path, force=force)
        _copy(source, file, replace=force)


def upgrade(db: str | Path, announce: Callable[[Path], None]) -> tuple[str, str] | None:
    """Bring the schema of `db` up to date in one transaction: from which version to which; None: nothing to do.

    Before anything is changed, a SQLite database is copied beside itself, and `announce` is called with the copy.

    Raises:
        DatabaseError: `db` cannot be used, or was made by a newer version of the program.
    """
    where = database.place(db)
    with database.looking(db) as connection:  # asks without waiting for a writer
        if schema.require_known(connection, str(where)) == schema.NEWEST:
            return None
    with database.migrating(db) as connection:
        version = schema.require_known(connection, str(where))
        if version == schema.NEWEST:  # another process has upgraded it meanwhile
            return None
        if where.path is not None:
            copy = _free_name(where.path, version)
            with closing(sqlite3.connect(where.path)) as source:  # by SQLite, which keeps our locks on the file
                _copy(source, copy, replace=False)
            announce(copy)
        schema.upgrade(connection)
    return version, schema.NEWEST


def _free_name(path: Path, version: str) -> Path:
    """A name beside `path` that nothing has: `talks.schema-0001.db`, or `talks.schema-0001-2.db`."""
    names = (f"{path.stem}.schema-{version}{f'-{number}' if number > 1 else ''}{path.suffix}" for number in count(1))
    return next(path.with_name(name) for name in names if not os.path.lexists(path.with_name(name)))


def _require_free(file: Path, source: Path, *, force: bool) -> None:
    if os.path.isfile(file) and file.samefile(source):  # noqa: PTH113 (raises nothing where one may not look)
        raise OutputError(f"{file} is the database itself", "Name another file.")
    files.require_free(file, force=force, device_hint="Name another.")
    if journal := sqlite_file.unfinished(file):  # SQLite would write it into the copy
        raise OutputError(f"{journal} is there, of a database that is being written", "Name another file.")


def _copy(source: sqlite3.Connection, file: Path, *, replace: bool) -> None:
    source.execute("SELECT count(*) FROM sqlite_master").close()  # begins to read: from here on it sees one state
    with files.output_errors(file), files.new_file(file, replace=replace, private=True) as new:
        try:
            with closing(sqlite3.connect(new)) as target:
                source.backup(target)
        except sqlite3.Error as error:
            raise OutputError(f"{file} cannot be written: {error}") from error
