"""Backing up a SQLite database while it is in use, and upgrading the schema after such a backup."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from positions import database, files
from positions.database import schema
from positions.errors import DatabaseError, OutputError


def backup(db: str | Path, file: Path, *, force: bool = False) -> None:
    """Copy one consistent state of the database `db` to `file`, readable by its owner only.

    The copy appears whole or not at all. `force` replaces an existing file, but never the database itself.

    Raises:
        DatabaseError: `db` cannot be read, or is on a server.
        OutputError: `file` exists already, or cannot be written.
    """
    where = database.place(db)
    if where.path is None:
        raise DatabaseError(f"{where} is on a PostgreSQL server", "`pg_dump` makes a backup of it.")
    with database.reading(db, any_schema=True) as connection:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        if os.path.isfile(file) and file.samefile(where.path):  # noqa: PTH113 (without permission, Path.is_file raises)
            raise OutputError(f"{file} is the database itself", "Name another file.")
        files.require_free(file, force=force, device_hint="Name another.")
        if journal := database.find_journal(file):  # SQLite would roll it back into the copy
            message = f"{journal} exists: {file} is being written, or was left unfinished"
            raise OutputError(message, "Name another file.")
        _copy(source, file, replace=force)


def upgrade(db: str | Path, announce: Callable[[Path], None]) -> tuple[str, str] | None:
    """Upgrade the schema of `db` in one transaction. Returns the old and the new version; None if it was up to date.

    A SQLite database is first copied beside itself, and `announce` is called with the path of the copy.

    Raises:
        DatabaseError: `db` cannot be used, or was created by a newer version of the program.
    """
    where = database.place(db)
    with database.reading(db, any_schema=True) as connection:  # checks without waiting for a writer
        if schema.require_known(connection, str(where)) == schema.NEWEST:
            return None
    with database.migrating(db) as connection:
        version = schema.require_known(connection, str(where))
        if version == schema.NEWEST:  # another process upgraded it in the meantime
            return None
        if where.path is not None:
            copy = _free_name(where.path, version)
            # Copied by SQLite: closing the file after any other access would drop our locks on it.
            with closing(sqlite3.connect(where.path)) as source:
                _copy(source, copy, replace=False)
            announce(copy)
        schema.upgrade(connection)
    return version, schema.NEWEST


def _free_name(path: Path, version: str) -> Path:
    """A path beside `path` that does not exist yet: `talks.schema-0001.db`, or `talks.schema-0001-2.db`."""
    names = (f"{path.stem}.schema-{version}{f'-{number}' if number > 1 else ''}{path.suffix}" for number in count(1))
    return next(path.with_name(name) for name in names if not os.path.lexists(path.with_name(name)))


def _copy(source: sqlite3.Connection, file: Path, *, replace: bool) -> None:
    source.execute("SELECT count(*) FROM sqlite_master").close()  # starts the read transaction
    with files.output_errors(file), files.new_file(file, replace=replace, private=True) as new:
        try:
            with closing(sqlite3.connect(new)) as target:
                source.backup(target)
        except sqlite3.Error as error:
            raise OutputError(f"{file} cannot be written: {error}") from error
