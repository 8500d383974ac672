"""Opening a database: one SQLite file, or a PostgreSQL server.

`reading` gives a read-only connection; `recording` an exclusive write transaction, all or nothing; `creating` a new
database that appears whole or not at all. Only this module translates engine errors into those of `positions.errors`.

The header of a file is read before SQLite opens it, so that foreign files are not locked and their journals not
touched. While SQLite has a file open, this process must not open it by other means: closing it again would drop
SQLite's locks.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, exc, make_url

from positions import files
from positions.database import schema
from positions.errors import (
    DamagedDatabaseError,
    DatabaseBusyError,
    DatabaseError,
    DatabaseExistsError,
    NoDatabaseError,
    NotOurDatabaseError,
)

BUSY_SECONDS = 10.0
"""How long to wait for another writer before raising DatabaseBusyError."""

_APPLICATION_ID = 0x506F7331
"""In the header of every positions database ("Pos1"); also the key of PostgreSQL's lock that admits one writer."""

_ID = slice(68, 72)  # the position of the application id in a SQLite header
_Access = Literal["read", "write", "migrate"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is; `path` is None if it is on a server."""

    url: URL
    path: Path | None

    def __str__(self) -> str:
        """The path, or the URL without its password."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)


def default_path() -> Path:
    """The path of the default database, in the user's data directory."""
    from platformdirs import user_data_path

    return user_data_path("positions", appauthor=False) / "positions.db"


def place(db: str | Path) -> Place:
    """Parse `db`: a path, or a URL of SQLite or PostgreSQL.

    Raises:
        DatabaseError: it is malformed, or names another kind of database.
    """
    if not str(db) or "\0" in str(db):
        raise DatabaseError(
            "the name of the database is empty or invalid",
            "Name a file, or a URL like postgresql+psycopg://USER@HOST/NAME.",
        )
    if "://" not in str(db):
        path = Path(db).expanduser()
        return Place(URL.create("sqlite", database=str(path)), path)
    try:
        url = make_url(str(db))
    except (exc.ArgumentError, ValueError) as error:
        raise DatabaseError("the URL of the database is malformed", "Name a file or a URL.") from error
    if url.get_backend_name() == "sqlite":
        if not url.database:
            raise DatabaseError("an in-memory database would be lost at once", "Name a file.")
        return Place(url, Path(url.database))
    if url.get_backend_name() == "postgresql":
        return Place(url, None)
    if url.get_backend_name() == "postgres":
        raise DatabaseError("URLs that begin with postgres:// are not supported", "Use postgresql+psycopg:// instead.")
    raise DatabaseError(f"{url.get_backend_name()} databases are not supported", "Use SQLite or PostgreSQL.")


@contextmanager
def reading(db: str | Path, *, timeout: float | None = None, any_schema: bool = False) -> Iterator[Connection]:
    """A read-only connection to the database `db`, which sees one consistent state.

    `timeout` is how many seconds to wait for another writer, or for a server to answer; None: the default.

    Raises:
        DatabaseError: it does not exist, is not a positions database, cannot be read, or has another schema (unless
            `any_schema` is set).
    """
    where = place(db)
    _require_ours(where.path)
    with _translated_errors(where), _engine(where, "read", timeout).connect() as connection:
        if not any_schema:
            schema.require_newest(connection, str(where))
        yield connection


@contextmanager
def recording(db: str | Path) -> Iterator[Connection]:
    """A connection to `db` in one transaction; other writers wait until it ends.

    The end of the block commits; an exception rolls back.

    Raises:
        DatabaseError: as `reading`; DatabaseBusyError when another writer takes too long.
    """
    where = place(db)
    _require_ours(where.path)
    with _translated_errors(where), _engine(where, "write").begin() as connection:
        schema.require_newest(connection, str(where))
        yield connection


@contextmanager
def migrating(db: str | Path) -> Iterator[Connection]:
    """A connection in one transaction that may rebuild tables: foreign keys are checked only at its end.

    The end of the block commits, an exception rolls back. Nobody looks whether `db` is ours, or which schema it has.

    Raises:
        DatabaseError: it cannot be opened or written, or a row would refer to one that does not exist.
    """
    where = place(db)
    with _translated_errors(where), _engine(where, "migrate").begin() as connection:
        yield connection
        if where.path is not None and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise DatabaseError(f"migrating {where} would leave dangling references", "Nothing was changed.")


@contextmanager
def creating(db: str | Path, *, private: bool = False) -> Iterator[Connection]:
    """A connection to a new, empty database with the schema.

    The database appears when the block ends, or not at all. `private` makes the file readable by its owner only.

    Raises:
        DatabaseExistsError: another process created one there in the meantime, which is kept.
        DatabaseError: it cannot be created.
    """
    where = place(db)
    if where.path is None:
        with migrating(db) as connection:
            schema.upgrade(connection)
            yield connection
        return
    with _new_file(where.path, private=private) as new:
        with migrating(new) as connection:
            schema.upgrade(connection)
        with recording(new) as connection:
            yield connection


def exists(db: str | Path) -> bool:
    """Whether anything exists at `db`: for a SQLite path any file, on a server a positions schema."""
    where = place(db)
    if where.path is not None:
        return os.path.exists(where.path)  # noqa: PTH110 (without permission, Path.exists raises)
    with _translated_errors(where), _engine(where, "read").connect() as connection:
        return schema.version(connection) is not None


def make_folder(folder: Path) -> None:
    """Create `folder`, accessible to its owner only, unless it exists.

    Raises:
        DatabaseError: it cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        message = f"the folder {folder} cannot be created: {error.strerror}"
        raise DatabaseError(message, "Name a database elsewhere with --db.") from error


def find_journal(path: Path) -> Path | None:
    """The journal beside a database that is being written, or whose writer was killed; None if there is none."""
    journals = (path.with_name(path.name + ending) for ending in ("-journal", "-wal"))
    return next((path for path in journals if os.path.lexists(path)), None)


def _require_ours(path: Path | None) -> None:
    """Check, before SQLite opens it, that `path` is a positions database; a server (None) is checked once connected."""
    if path is None:
        return
    try:
        with path.open("rb") as file:
            header = file.read(_ID.stop)
    except FileNotFoundError as error:
        raise NoDatabaseError(str(path)) from error
    except IsADirectoryError as error:
        raise NotOurDatabaseError(str(path)) from error
    except OSError as error:
        raise DatabaseError(f"{path} cannot be read: {error.strerror}") from error
    if not header.startswith(files.SQLITE_HEADER) or header[_ID] != _APPLICATION_ID.to_bytes(4, "big"):
        raise NotOurDatabaseError(str(path))


@contextmanager
def _new_file(path: Path, *, private: bool) -> Iterator[Path]:
    """An empty file beside `path`, renamed to `path` at the end of the block; for errors see `creating`."""
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
        hint = f"Put that database back if it was moved: its last change may be in {journal.name}. Or move that away."
        raise DatabaseError(message, hint)


def _engine(where: Place, access: _Access, timeout: float | None = None) -> Engine:
    if where.path is None:
        return _postgresql_engine(where, access, timeout)
    seconds = BUSY_SECONDS if timeout is None else timeout
    # SQLite rolls back the journal of a killed writer before it reads, which needs write access.
    query = "mode=ro" if access == "read" and not find_journal(where.path) else "mode=rw"
    uri = f"{where.path.absolute().as_uri()}?{query}"
    engine = create_engine(
        "sqlite://",
        # isolation_level=None: sqlite3 must not begin transactions itself; the listener below does.
        creator=lambda: sqlite3.connect(uri, uri=True, isolation_level=None, timeout=seconds),
        poolclass=NullPool,
    )

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA foreign_keys = {'OFF' if access == 'migrate' else 'ON'}")
        connection.execute("PRAGMA synchronous = EXTRA")  # a commit returns only once it is on disk
        connection.execute("PRAGMA temp_store = MEMORY")  # no temporary files

    # Writers wait here, not after reading.
    return _begun_with(engine, "BEGIN" if access == "read" else "BEGIN IMMEDIATE")


def _postgresql_engine(where: Place, access: _Access, timeout: float | None) -> Engine:
    # Behind a pooler, a statement prepared on one connection of the server would be sought on another.
    settings: dict[str, Any] = {"prepare_threshold": None}
    if timeout is not None:
        settings["connect_timeout"] = max(2, round(timeout))  # libpq supports no shorter limit
    level = "REPEATABLE READ" if access == "read" else None
    try:
        engine = create_engine(where.url, poolclass=NullPool, isolation_level=level, connect_args=settings)
    except ModuleNotFoundError as error:
        message = "PostgreSQL needs a driver that is not installed"
        raise DatabaseError(message, "pip install -e '.[postgres]'") from error
    if access == "read":
        return _begun_with(engine, "SET TRANSACTION READ ONLY")
    lock = f"SELECT pg_advisory_xact_lock({_APPLICATION_ID})"  # admits one writer at a time
    return _begun_with(engine, f"SET LOCAL lock_timeout = '{BUSY_SECONDS:.0f}s'", lock)


def _begun_with(engine: Engine, *statements: str) -> Engine:
    """The engine, which sends `statements` at the beginning of each transaction."""

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return engine


@contextmanager
def _translated_errors(where: Place) -> Iterator[None]:
    try:
        yield
    except exc.DBAPIError as error:
        if isinstance(error, exc.IntegrityError):
            raise
        raise _translated(error, where) from error
    except (ValueError, LookupError) as error:
        # sqlite3 and SQLAlchemy raise these for text that is not UTF-8, an invalid date, or an unknown enum member.
        # The caller's own code can raise them too, so check the file before calling it damaged.
        if not is_damaged(where):
            raise
        raise DamagedDatabaseError(str(where)) from error


def _translated(error: exc.DBAPIError, where: Place) -> DatabaseError:
    message = next(iter(str(error.orig).strip().splitlines()), type(error.orig).__name__)
    if "locked" in message or "lock timeout" in message:
        return DatabaseBusyError(str(where))
    if "not a database" in message or "malformed" in message:
        return DamagedDatabaseError(str(where))
    if "readonly" in message or "read-only" in message:
        hint = "Copy it to a folder of your own." if where.path else "It is a replica, perhaps: record on the primary."
        return DatabaseError(f"{where} cannot be written: it is read-only", hint)
    if "disk is full" in message:
        return DatabaseError(f"{where} cannot be written: the disk is full", "Nothing was recorded.")
    return DatabaseError(f"{where} cannot be used: {message}")


def is_damaged(where: Place) -> bool:
    """Whether the SQLite file exists and fails SQLite's check, or has values of another type than their column.

    Reads the whole file, so call it only after an error.
    """
    if where.path is None or not where.path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{where.path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            is_intact = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return not is_intact or any(_has_strange_values(connection, name) for (name,) in tables)
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY  # which cannot be checked now
    except UnicodeDecodeError:  # a table name, or a value in SQLite's message, is not UTF-8
        return True


def _has_strange_values(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a column of `table` holds a value of another type than declared, which SQLite allows."""
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    typed = (
        (name, "integer" if "INT" in kind or "BOOL" in kind else "text")
        for _, name, kind, *_ in columns
        if kind not in {"", "BLOB"}
    )
    wrong = " OR ".join(f"typeof(\"{name}\") NOT IN ('{kind}', 'null')" for name, kind in typed)
    return bool(wrong) and connection.execute(f'SELECT 1 FROM "{table}" WHERE {wrong} LIMIT 1').fetchone() is not None
