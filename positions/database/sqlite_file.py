"""SQLite files: whether one is a positions database, whether it is corrupt, and creating one atomically.

`require_ours` reads the header before SQLite opens the file, so that foreign files are not locked and their journals
not touched. While SQLite has a file open, this process must not open it by other means: closing it again would drop
SQLite's locks.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from positions import files
from positions.errors import DatabaseError, DatabaseExistsError, NoDatabaseError, NotOurDatabaseError

APPLICATION_ID = 0x506F7331
"""The application id in the header of every positions database: "Pos1"."""

_ID = slice(68, 72)  # the position of the application id in a SQLite header


def require_ours(path: Path) -> None:
    """Check that `path` is a positions database in SQLite.

    Raises:
        DatabaseError: it does not exist, is something else, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_ID.stop)
    except FileNotFoundError as error:
        raise NoDatabaseError(str(path)) from error
    except IsADirectoryError as error:
        raise NotOurDatabaseError(str(path)) from error
    except OSError as error:
        raise DatabaseError(f"{path} cannot be read: {error.strerror}") from error
    if not header.startswith(files.SQLITE_HEADER) or header[_ID] != APPLICATION_ID.to_bytes(4, "big"):
        raise NotOurDatabaseError(str(path))


def find_journal(path: Path) -> Path | None:
    """The journal beside a database that is being written, or whose writer was killed; None if there is none."""
    journals = (path.with_name(path.name + ending) for ending in ("-journal", "-wal"))
    return next((path for path in journals if os.path.lexists(path)), None)


def is_sound(path: Path) -> bool:
    """Whether pages, indexes and constraints pass SQLite's check, and all values have the type of their column."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            is_intact = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return is_intact and not any(_has_strange_values(connection, name) for (name,) in tables)
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY  # cannot be checked now
    except UnicodeDecodeError:  # a table name, or a value in SQLite's message, is not UTF-8
        return False


def _has_strange_values(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a column of `table` holds a value of another type than declared, which SQLite allows."""
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    typed = ((name, "integer" if "INT" in kind or "BOOL" in kind else "text") for _, name, kind, *_ in columns if kind)
    wrong = " OR ".join(f"typeof(\"{name}\") NOT IN ('{kind}', 'null')" for name, kind in typed)
    return bool(wrong) and connection.execute(f'SELECT 1 FROM "{table}" WHERE {wrong} LIMIT 1').fetchone() is not None


@contextmanager
def new_file(path: Path, *, private: bool) -> Iterator[Path]:
    """An empty file beside `path`, renamed to `path` at the end of the block.

    Raises:
        DatabaseExistsError: `path` was created in the meantime, and is kept.
        DatabaseError: a database cannot be created there.
    """
    _require_no_journal(path)
    in_block = False
    try:
        with files.new_file(path, replace=False, private=private) as new:
            in_block = True
            yield new
            in_block = False
            _require_no_journal(path)
    except OSError as error:
        if in_block:  # the caller's own error
            raise
        if isinstance(error, FileExistsError):
            raise DatabaseExistsError(str(path)) from error
        raise DatabaseError(f"a database cannot be created at {path}: {error.strerror}") from error


def _require_no_journal(path: Path) -> None:
    """Refuse a path with a journal left by another database: SQLite would roll it back into the new one."""
    if not os.path.lexists(path) and (journal := find_journal(path)):
        message = f"a database cannot be created at {path}: {journal.name} was left by an earlier one of that name"
        raise DatabaseError(message, "Put the two files back together, or move the journal away.")
