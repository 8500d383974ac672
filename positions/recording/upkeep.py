"""Keeping the database itself: a copy of it while it is in use, and the step to a newer schema."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy import Connection

from positions import database, files, sqlite_file
from positions.errors import DatabaseError, NoDatabaseError, OutputError, SchemaVersionError


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
        with files.output_errors(file), files.new_file(file, replace=force, private=True) as new:
            _copy(source, new, file)


def upgrade(db: str | Path, announce: Callable[[Path], None]) -> tuple[str, str] | None:
    """Bring the schema of `db` up to date in one transaction: from which version to which; None: nothing to do.

    Before anything is changed a SQLite database is copied beside itself, and `announce` is told where to.

    Raises:
        DatabaseError: `db` cannot be used, or was made by a newer version of the program.
    """
    with database.looking(db) as connection:
        if _older(connection, db) is None:
            return None
    where = database.place(db)
    with database.migrating(db) as connection:
        version = _older(connection, db)
        if version is None:
            return None
        if where.path is not None:
            copy = _free_name(where.path, version)
            _copy_beside(where.path, copy)
            announce(copy)
        database.upgrade(connection)
    return version, database.SCHEMA


def _older(connection: Connection, db: str | Path) -> str | None:
    """The version of a schema that is older than ours; None for ours."""
    version = database.schema_version(connection)
    if version is None:
        raise NoDatabaseError(str(database.place(db)))
    if version > database.SCHEMA:
        raise SchemaVersionError(str(database.place(db)), newer=True)
    return None if version == database.SCHEMA else version


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


def _copy_beside(path: Path, copy: Path) -> None:
    """Copy the SQLite file `path` by SQLite alone: to open and close it as a file would drop our locks on it."""
    with (
        files.output_errors(copy),
        files.new_file(copy, replace=False, private=True) as new,
        closing(sqlite3.connect(path)) as source,
    ):
        _copy(source, new, copy)


def _copy(source: sqlite3.Connection, new: Path, file: Path) -> None:
    source.execute("SELECT count(*) FROM sqlite_master").close()  # in a transaction, from here on it reads one state
    try:
        with closing(sqlite3.connect(new)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise OutputError(f"{file} cannot be written: {error}") from error
