"""How Alembic runs here: in one transaction, on SQLite too, with foreign keys checked before the end.

`positions` hands over an open connection. From Alembic's own command line the database is the one that `POSITIONS_DB`
or `-x db=…` names, never the default one.
"""

import os

import sqlalchemy as sa
from alembic import context

from positions import database, models


def run(connection: sa.Connection) -> None:
    """Migrate over `connection`, whose caller began the transaction and ends it."""
    context.configure(
        connection=connection,
        target_metadata=models.metadata_for(connection.dialect.name),
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=lambda name, kind, _: kind != "table" or name in models.METADATA.tables,
    )
    context.run_migrations()


def main() -> None:
    """Take the connection that was handed over, or open the named database."""
    connection: sa.Connection | None = context.config.attributes.get("connection")
    if connection is not None:
        run(connection)
        return
    url = context.get_x_argument(as_dictionary=True).get("db") or os.environ.get("POSITIONS_DB")
    if not url:
        raise SystemExit("Name the database: POSITIONS_DB=… alembic …, or alembic -x db=… …")
    with database.migrating(url) as opened:
        run(opened)


main()
