"""Opening a database: one SQLite file, or a PostgreSQL server.

`reading` gives a connection that cannot write; `recording` one transaction, all or nothing, that no other writer can
share; `creating` a new database that appears whole or not at all. Errors of the engine become errors of
`positions.errors` here and nowhere else. The file itself, the schema and backups have modules of their own.
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
"""How long we wait for another writer before we say so."""

_LOCK = 0x506F7331
"""The advisory lock that makes writers on a server wait for each other."""

_SHORTEST_CONNECT = 2
"""The least number of seconds that libpq waits for a server."""

_Access = Literal["read", "write", "migrate"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is: `url` for a server, `path` for a SQLite file."""

    url: URL
    path: Path | None

    def __str__(self) -> str:
        """The place as people may see it: never with a password."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)


def default_path() -> Path:
    """The one database that is used when none is named, in the user's data directory."""
    from platformdirs import user_data_path

    return user_data_path("positions", appauthor=False) / "positions.db"


def place(db: str | Path) -> Place:
    """Where the database `db` is: a path, or a URL of SQLite or PostgreSQL.

    Raises:
        DatabaseError: neither, or a kind of database that we do not know.
    """
    if not str(db) or "\0" in str(db):
        raise DatabaseError("the name of the database is empty or no name", "Name a file, or a URL.")
    if "://" not in str(db):
        path = Path(db).expanduser()
        return Place(URL.create("sqlite", database=str(path)), path)
    try:
        url = make_url(str(db))
    except (exc.ArgumentError, ValueError) as error:
        raise DatabaseError("the address of the database cannot be read", "Name a file, or a URL.") from error
    if url.get_backend_name() == "sqlite":
        if not url.database:
            raise DatabaseError("a database in memory cannot be kept", "Name a file.")
        return Place(url, Path(url.database))
    if url.get_backend_name() == "postgresql":
        return Place(url, None)
    raise DatabaseError(f"{url.get_backend_name()} databases are not supported", "Use SQLite or PostgreSQL.")


@contextmanager
def reading(db: str | Path, *, patience: float | None = None) -> Iterator[Connection]:
    """A connection to the database `db` that reads one consistent state and writes nothing.

    `patience` is how many seconds to wait for another writer, or for a server to answer; None: the usual time.

    Raises:
        DatabaseError: there is none, it is not ours, its schema is older or newer, or it cannot be read.
    """
    with looking(db, patience=patience) as connection:
        schema.require_newest(connection, str(place(db)))
        yield connection


@contextmanager
def looking(db: str | Path, *, patience: float | None = None) -> Iterator[Connection]:
    """A connection that reads one consistent state of the database `db`, whatever its schema, and writes nothing.

    `patience` is as in `reading`.

    Raises:
        DatabaseError: there is none, it is not ours, or it cannot be read.
    """
    where = place(db)
    _require_ours(where)
    with _translated(where), _engine(where, "read", patience).connect() as connection:
        yield connection


@contextmanager
def recording(db: str | Path) -> Iterator[Connection]:
    """A connection to `db` in one transaction that no other writer can share.

    Leaving the block commits; leaving it by an exception records nothing.

    Raises:
        DatabaseError: as `reading`; DatabaseBusyError when another writer takes too long.
    """
    where = place(db)
    _require_ours(where)
    with _translated(where), _engine(where, "write").begin() as connection:
        schema.require_newest(connection, str(where))
        yield connection


@contextmanager
def migrating(db: str | Path) -> Iterator[Connection]:
    """A connection in one transaction in which tables can be rebuilt; foreign keys are checked at its end."""
    where = place(db)
    with _translated(where), _engine(where, "migrate").begin() as connection:
        yield connection
        if where.path is not None and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise DatabaseError(f"migrating {where} would leave rows that point nowhere", "Nothing was changed.")


@contextmanager
def creating(db: str | Path, *, private: bool = False) -> Iterator[Connection]:
    """A connection to a new database with the schema and nothing in it.

    The database appears whole when the block ends, or not at all. `private` makes the file readable by its owner alone.

    Raises:
        DatabaseExistsError: another process made one at that place in the meantime; theirs stands.
        DatabaseError: it cannot be made.
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
    """Whether there is something at the place `db`, ours or not."""
    where = place(db)
    if where.path is not None:
        return os.path.exists(where.path)  # noqa: PTH110 (answers no where we may not look; Path.exists raises)
    with _translated(where), _engine(where, "read").connect() as connection:
        return schema.version(connection) is not None


def is_damaged(where: Place) -> bool:
    """Whether there is a SQLite file that breaks its own rules. Reads all of it: ask only if something went wrong."""
    return where.path is not None and where.path.is_file() and not sqlite_file.is_sound(where.path)


def make_folder(folder: Path) -> None:
    """Make `folder`, readable by its owner alone, unless it is there.

    Raises:
        DatabaseError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise DatabaseError(
            f"the folder {folder} cannot be made: {error.strerror}", "Name a database: --db."
        ) from error


def _engine(where: Place, access: _Access, patience: float | None = None) -> Engine:
    if where.path is None:
        return _postgresql_engine(where, access, patience)
    seconds = BUSY_SECONDS if patience is None else patience
    # A journal that a killed writer left must be rolled back before anything is read: that needs the right to write.
    query = "mode=ro" if access == "read" and not sqlite_file.unfinished(where.path) else "mode=rw"
    uri = f"{where.path.absolute().as_uri()}?{query}"
    engine = create_engine(
        "sqlite://",
        # With isolation_level=None Python begins no transactions of its own: ours begin below.
        creator=lambda: sqlite3.connect(uri, uri=True, isolation_level=None, timeout=seconds),
        poolclass=NullPool,
    )
    foreign_keys = "OFF" if access == "migrate" else "ON"
    begin = "BEGIN" if access == "read" else "BEGIN IMMEDIATE"  # writers wait here, before they have read anything

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA foreign_keys = {foreign_keys}")
        connection.execute("PRAGMA synchronous = EXTRA")  # a commit waits until it is on the disk
        connection.execute("PRAGMA temp_store = MEMORY")  # no temporary files

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql_engine(where: Place, access: _Access, patience: float | None) -> Engine:
    limit = {} if patience is None else {"connect_timeout": max(_SHORTEST_CONNECT, round(patience))}
    level = "REPEATABLE READ" if access == "read" else None
    try:
        engine = create_engine(where.url, poolclass=NullPool, isolation_level=level, connect_args=limit)
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
    """Refuse, before anything is opened, a file that is not there or not a database of ours."""
    if where.path is not None:
        sqlite_file.require_ours(where.path)


@contextmanager
def _translated(where: Place) -> Iterator[None]:
    try:
        yield
    except exc.DBAPIError as error:
        if isinstance(error, exc.IntegrityError):
            raise
        raise _as_ours(error, where) from error
    except (ValueError, LookupError) as error:
        # sqlite3 and SQLAlchemy raise these for a text that is not UTF-8, a date that is none, or a word outside its
        # closed list; the caller's block can raise them too. Whether the file is damaged, only the file can tell.
        if not is_damaged(where):
            raise
        raise DamagedDatabaseError(str(where)) from error


def _as_ours(error: exc.DBAPIError, where: Place) -> DatabaseError:
    said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    if "locked" in said or "lock timeout" in said:
        return DatabaseBusyError(str(where))
    if "not a database" in said or "malformed" in said:
        return DamagedDatabaseError(str(where))
    if "readonly" in said or "read-only" in said:
        return DatabaseError(f"{where} cannot be written: it is read-only", "Copy it to a folder of your own.")
    if "disk is full" in said:
        return DatabaseError(f"{where} cannot be written: the disk is full", "Nothing was recorded.")
    return DatabaseError(f"{where} cannot be used: {said}")
