"""The version of a database's schema, which is the number of its newest migration."""

from typing import Any

from sqlalchemy import Connection, exc, text

from positions import package_data
from positions.errors import NoDatabaseError, SchemaVersionError

NEWEST = package_data.newest_migration()
"""What this version of the program reads and writes."""


def version(connection: Connection) -> str | None:
    """The migration that the open database stands at; None if it has no schema of ours."""
    try:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (exc.ProgrammingError, exc.OperationalError) as error:
        if "alembic_version" in str(error.orig):
            return None
        raise
    return None if found is None else str(found)


def require_known(connection: Connection, place: str) -> str:
    """The version of the database at `place`, which is ours or an older one.

    Raises:
        NoDatabaseError: it has no schema of ours.
        SchemaVersionError: it is newer than this program.
    """
    found = version(connection)
    if found is None:
        raise NoDatabaseError(place)
    if found > NEWEST:
        raise SchemaVersionError(place, newer=True)
    return found


def require_newest(connection: Connection, place: str) -> None:
    """Refuse a database whose schema is not the newest.

    Raises:
        NoDatabaseError: it has no schema of ours.
        SchemaVersionError: it is older or newer than this program.
    """
    if require_known(connection, place) != NEWEST:
        raise SchemaVersionError(place, newer=False)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the schema of the open database up to `revision`, inside the caller's transaction."""
    from alembic import command

    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Take the schema of the open database down to `revision`, inside the caller's transaction."""
    from alembic import command

    command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(package_data.folder("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
