"""Alembic's environment: all migrations run in one transaction, on SQLite too, and foreign keys are checked at its end.

`positions` passes an open connection. Alembic's own command line uses the database in `POSITIONS_DB` or `-x db=…`,
never the default one. `alembic revision --autogenerate` gives its script the next number, and the script runs up and
down on SQLite and PostgreSQL.
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

from positions import database, models, search_index
from positions.database import schema

writer = Rewriter()


def run(connection: sa.Connection) -> None:
    """Migrate within the transaction that the caller of `connection` begins and ends."""
    context.configure(
        connection=connection,
        target_metadata=models.metadata_for("postgresql"),  # it has the index conditions for both, which scripts need
        transactional_ddl=True,
        render_as_batch=True,  # plain ALTER TABLE on PostgreSQL; SQLite rebuilds the table if it must
        compare_type=True,
        include_name=_is_ours,
        process_revision_directives=writer.chain(_number),
    )
    context.run_migrations()


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    """Whether the models have it: not Alembic's own table, nor the index of texts, which differs by engine."""
    return name not in search_index.TABLES and (kind != "table" or name in models.METADATA.tables)


@writer.rewrites(ops.DropColumnOp)
def _drop_check_first(
    _: MigrationContext, __: object, dropped: ops.DropColumnOp
) -> ops.DropColumnOp | list[ops.MigrateOperation]:
    """Drop the CHECK of an enumeration before its column: SQLite's rebuilt table would still refer to it."""
    column = None if dropped._reverse is None else dropped._reverse.column  # noqa: SLF001 (not public in Alembic)
    if column is None or not isinstance(column.type, sa.Enum):
        return dropped
    check = ops.DropConstraintOp(column.type.name, dropped.table_name, type_="check", schema=dropped.schema)
    return [check, dropped]


@comparators.dispatch_for("table")
def _compare_enumerations(
    context_: AutogenContext,
    changes: ops.ModifyTableOps,
    _schema: str | None,
    name: str,
    existing: sa.Table | None,
    wanted: sa.Table | None,
) -> None:
    """Replace the CHECK of each enumeration whose members have changed: Alembic does not compare CHECKs."""
    if existing is None or wanted is None:
        return
    assert context_.connection is not None
    checks = sa.inspect(context_.connection).get_check_constraints(name)
    sql_by_name = {str(check["name"]): check["sqltext"] for check in checks}
    for column in wanted.columns:
        kind = column.type
        sql = sql_by_name.get(f"ck_{name}_{kind.name}") if isinstance(kind, sa.Enum) else None
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
    """Give a new script the next number."""
    for script in directives:
        if script.head != "base":
            script.rev_id = f"{int(schema.NEWEST) + 1:04}"


def main() -> None:
    """Use the connection from `positions`, or open the named database."""
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
