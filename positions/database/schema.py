"""The schema version of a database: the number of the newest migration applied to it."""

from sqlalchemy import Connection, exc, text

from positions import package_data
from positions.errors import NoDatabaseError, SchemaVersionError

NEWEST = package_data.newest_migration()
"""The schema version that this program reads and writes."""


def version(connection: Connection) -> str | None:
    """The schema version of the open database; None if it is not a positions database."""
    try:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (exc.ProgrammingError, exc.OperationalError) as error:
        if "alembic_version" in str(error.orig):
            return None
        raise
    return None if found is None else str(found)


def require_known(connection: Connection, place: str) -> str:
    """The schema version of the open database, which errors call `place`; it may be older than `NEWEST`.

    Raises:
        NoDatabaseError: it is not a positions database.
        SchemaVersionError: it is newer than this program.
    """
    found = version(connection)
    if found is None:
        raise NoDatabaseError(place)
    if found > NEWEST:
        raise SchemaVersionError(place, newer=True)
    return found


def require_newest(connection: Connection, place: str) -> None:
    """Check that the schema of the open database is `NEWEST`; `place` names it in errors.

    Raises:
        NoDatabaseError: it is not a positions database.
        SchemaVersionError: it is older or newer than this program.
    """
    if require_known(connection, place) != NEWEST:
        raise SchemaVersionError(place, newer=False)


def upgrade(connection: Connection) -> None:
    """Upgrade the open database to the newest schema, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(package_data.folder("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
