"""Opening a database: one SQLite file, or a PostgreSQL server.

`reading` gives a read-only connection; `recording` an exclusive write transaction, all or nothing; `creating` a new
database that appears whole or not at all. Only this module translates engine errors into those of `positions.errors`.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, exc, make_url

from positions.database import schema, sqlite_file
from positions.errors import DamagedDatabaseError, DatabaseBusyError, DatabaseError

BUSY_SECONDS = 10.0
"""How long to wait for another writer before raising DatabaseBusyError."""

_LOCK = 0x506F7331
"""The key of the PostgreSQL advisory lock that admits one writer at a time."""

_SHORTEST_CONNECT = 2
"""The shortest connect timeout that libpq supports, in seconds."""

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
        raise DatabaseError("the name of the database is empty or invalid", "Name a file or a URL.")
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
    raise DatabaseError(f"{url.get_backend_name()} databases are not supported", "Use SQLite or PostgreSQL.")


@contextmanager
def reading(db: str | Path, *, timeout: float | None = None) -> Iterator[Connection]:
    """A read-only connection to the database `db`, which sees one consistent state.

    `timeout` is how many seconds to wait for another writer, or for a server to answer; None: the default.

    Raises:
        DatabaseError: it does not exist, is not a positions database, has another schema, or cannot be read.
    """
    with reading_any_schema(db, timeout=timeout) as connection:
        schema.require_newest(connection, str(place(db)))
        yield connection


@contextmanager
def reading_any_schema(db: str | Path, *, timeout: float | None = None) -> Iterator[Connection]:
    """As `reading`, whatever the version of the schema.

    Raises:
        DatabaseError: it does not exist, is not a positions database, or cannot be read.
    """
    where = place(db)
    _require_ours(where)
    with _translated_errors(where), _engine(where, "read", timeout).connect() as connection:
        yield connection


@contextmanager
def recording(db: str | Path) -> Iterator[Connection]:
    """A connection to `db` in one transaction; other writers wait until it ends.

    The end of the block commits; an exception rolls back.

    Raises:
        DatabaseError: as `reading`; DatabaseBusyError when another writer takes too long.
    """
    where = place(db)
    _require_ours(where)
    with _translated_errors(where), _engine(where, "write").begin() as connection:
        schema.require_newest(connection, str(where))
        yield connection


@contextmanager
def migrating(db: str | Path) -> Iterator[Connection]:
    """A connection in one transaction that may rebuild tables: foreign keys are checked only at its end."""
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
    with sqlite_file.new_file(where.path, private=private) as new:
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


def is_damaged(where: Place) -> bool:
    """Whether the SQLite file exists and is corrupt. Reads the whole file, so call it only after an error."""
    return where.path is not None and where.path.is_file() and not sqlite_file.is_sound(where.path)


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


def _engine(where: Place, access: _Access, timeout: float | None = None) -> Engine:
    if where.path is None:
        return _postgresql_engine(where, access, timeout)
    seconds = BUSY_SECONDS if timeout is None else timeout
    # SQLite rolls back the journal of a killed writer before it reads, which needs write access.
    query = "mode=ro" if access == "read" and not sqlite_file.find_journal(where.path) else "mode=rw"
    uri = f"{where.path.absolute().as_uri()}?{query}"
    engine = create_engine(
        "sqlite://",
        # isolation_level=None: sqlite3 must not begin transactions itself; the listener below does.
        creator=lambda: sqlite3.connect(uri, uri=True, isolation_level=None, timeout=seconds),
        poolclass=NullPool,
    )
    foreign_keys = "OFF" if access == "migrate" else "ON"
    begin = "BEGIN" if access == "read" else "BEGIN IMMEDIATE"  # writers wait here, not after reading

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA foreign_keys = {foreign_keys}")
        connection.execute("PRAGMA synchronous = EXTRA")  # a commit returns only once it is on disk
        connection.execute("PRAGMA temp_store = MEMORY")  # no temporary files

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql_engine(where: Place, access: _Access, timeout: float | None) -> Engine:
    # Behind a pooler, a statement prepared on one connection of the server would be sought on another.
    settings: dict[str, Any] = {"prepare_threshold": None}
    if timeout is not None:
        settings["connect_timeout"] = max(_SHORTEST_CONNECT, round(timeout))
    level = "REPEATABLE READ" if access == "read" else None
    try:
        engine = create_engine(where.url, poolclass=NullPool, isolation_level=level, connect_args=settings)
    except ModuleNotFoundError as error:
        message = "PostgreSQL needs a driver that is not installed"
        raise DatabaseError(message, "pip install -e '.[postgres]'") from error
    if access == "read":

        @event.listens_for(engine, "begin")
        def _(connection: Connection) -> None:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    else:

        @event.listens_for(engine, "begin")
        def _(connection: Connection) -> None:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS:.0f}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    return engine


def _require_ours(where: Place) -> None:
    """Check, before SQLite opens it, that the file is a positions database; a server is checked once connected."""
    if where.path is not None:
        sqlite_file.require_ours(where.path)


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
