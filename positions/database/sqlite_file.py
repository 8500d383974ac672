"""A SQLite file on the disk: whether it is ours, whether it is sound, and how a new one appears.

`require_ours` reads the header before SQLite opens the file: so a file that is not ours is not locked, and its journals
are not touched. While SQLite has a file open, this process must not open and close it by other means: closing drops
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
"""The application id in the header of our files: "Pos1"."""

_ID = slice(68, 72)  # where the header of a SQLite file has the application id


def require_ours(path: Path) -> None:
    """Refuse a path without a file, and a file that is not a SQLite database of ours.

    Raises:
        DatabaseError: it is one of these, or cannot be read.
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


def unfinished(path: Path) -> Path | None:
    """The journal beside a database that somebody is writing to, or broke off writing to; None if there is none."""
    journals = (path.with_name(path.name + ending) for ending in ("-journal", "-wal"))
    return next((path for path in journals if os.path.lexists(path)), None)


def is_sound(path: Path) -> bool:
    """Whether SQLite finds the pages, indexes and constraints in order, and every value has the type of its column."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return whole and not any(_has_strange_values(connection, name) for (name,) in tables)
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY  # nothing is known then
    except UnicodeDecodeError:  # the names of tables are not text, or SQLite's message repeats what is not
        return False


def _has_strange_values(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a column of `table` holds a number in place of a text, or the reverse: SQLite allows both."""
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    wanted = ((name, "integer" if "INT" in kind or "BOOL" in kind else "text") for _, name, kind, *_ in columns if kind)
    wrong = " OR ".join(f"typeof(\"{name}\") NOT IN ('{kind}', 'null')" for name, kind in wanted)
    return bool(wrong) and connection.execute(f'SELECT 1 FROM "{table}" WHERE {wrong} LIMIT 1').fetchone() is not None


@contextmanager
def new_file(path: Path, *, private: bool) -> Iterator[Path]:
    """A fresh file beside `path`, which takes that name at the end of the block.

    Raises:
        DatabaseExistsError: the name was taken meanwhile; what is there stands.
        DatabaseError: there can be no database at that place.
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
        if in_block:  # an error of the caller's
            raise
        if isinstance(error, FileExistsError):
            raise DatabaseExistsError(str(path)) from error
        raise DatabaseError(f"no database can be made at {path}: {error.strerror}", None) from error


def _require_no_journal(path: Path) -> None:
    """Refuse a path beside which the journal of another database lies: SQLite would roll it back into the new one."""
    if not os.path.lexists(path) and (journal := unfinished(path)):
        message = f"no database can be made at {path}: {journal.name} is there, from another one of that name"
        raise DatabaseError(message, "Put the two together again, or move it away.")
