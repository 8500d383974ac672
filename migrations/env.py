"""How Alembic runs here: in one transaction, on SQLite too, with foreign keys checked before the end.

`positions` hands over an open connection. From Alembic's own command line the database is the one that `POSITIONS_DB`
or `-x db=…` names, never the default one. `alembic revision --autogenerate` numbers its script after the newest one,
and what it writes runs up and down on SQLite and PostgreSQL.
"""

import os
import re
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate import comparators
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext

from positions import database, models
from positions.database import schema

writer = Rewriter()


def run(connection: sa.Connection) -> None:
    """Migrate over `connection`, whose caller began the transaction and ends it."""
    context.configure(
        connection=connection,
        target_metadata=models.metadata_for("postgresql"),  # the conditions of indexes for both, as scripts need them
        transactional_ddl=True,
        render_as_batch=True,  # on PostgreSQL a batch is plain ALTER TABLE, on SQLite it rebuilds where it must
        compare_type=True,
        include_name=lambda name, kind, _: kind != "table" or name in models.METADATA.tables,
        process_revision_directives=writer.chain(_number),
    )
    context.run_migrations()


@writer.rewrites(ops.DropColumnOp)
def _drop_check_first(
    _: MigrationContext, __: object, dropped: ops.DropColumnOp
) -> ops.DropColumnOp | list[ops.MigrateOperation]:
    """Drop the CHECK of a closed list before its column: SQLite's rebuilt table would still name the column."""
    column = None if dropped._reverse is None else dropped._reverse.column  # noqa: SLF001 (Alembic has no other way)
    if column is None or not isinstance(column.type, sa.Enum):
        return dropped
    check = ops.DropConstraintOp(column.type.name, dropped.table_name, type_="check", schema=dropped.schema)
    return [check, dropped]


@comparators.dispatch_for("table")
def _compare_closed_lists(
    context_: AutogenContext,
    changes: ops.ModifyTableOps,
    _schema: str | None,
    name: str,
    there: sa.Table | None,
    wanted: sa.Table | None,
) -> None:
    """Replace the CHECK of each closed list whose members have changed: Alembic itself compares no CHECKs."""
    if there is None or wanted is None:
        return
    assert context_.connection is not None
    held = {str(rule["name"]): rule["sqltext"] for rule in sa.inspect(context_.connection).get_check_constraints(name)}
    for column in wanted.columns:
        kind = column.type
        sql = held.get(f"ck_{name}_{kind.name}") if isinstance(kind, sa.Enum) else None
        if sql is None or not isinstance(kind, sa.Enum):
            continue
        before = re.findall(r"'([^']*)'", sql)
        if set(before) != set(kind.enums):
            old = ops.CreateCheckConstraintOp(kind.name, name, _is_one_of(column.name, before))
            new = ops.CreateCheckConstraintOp(kind.name, name, _is_one_of(column.name, kind.enums))
            changes.ops += [ops.DropConstraintOp(kind.name, name, type_="check", _reverse=old), new]


def _is_one_of(column: str, members: Iterable[str]) -> str:
    listed = ", ".join(f"'{member}'" for member in members)
    return f"{column} IN ({listed})"


def _number(_: MigrationContext, __: object, directives: Iterable[ops.MigrationScript]) -> None:
    """Give a new script the number after the newest one."""
    for script in directives:
        if script.head != "base":
            script.rev_id = f"{int(schema.NEWEST) + 1:04}"


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
