"""The triggers by which the database itself refuses to rewrite what is recorded.

On an append-only table no row can be deleted or changed; only `retracted_in` may go from null to a revision, once. On
a table of descriptions held rows can be edited, but keep their number and origin and are never deleted. `REPLACE` and
upsert are refused on statements, and on SQLite on descriptions too (there they walk round the triggers for UPDATE and
DELETE, so taking the place of another row is refused before it begins); so is TRUNCATE. The statements are made from a
table as it stands in the database: make them again after a migration has changed its columns.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

APPEND_ONLY = (
    "revision",
    "change",
    "package_maker",
    "package_item",
    "item_actor",
    "item_link",
    "provision",
    "response",
    "response_actor",
    "stance",
    "mention",
    "outcome",
    "outcome_item",
    "outcome_actor",
)
"""Tables whose rows are never changed, but for the revision that retracts them."""

EDITABLE = ("episode", "side", "actor", "package", "item")
"""Tables whose rows are edited in place, and never deleted."""

_FROZEN = "NEW.id {differs} OLD.id OR NEW.recorded_in {differs} OLD.recorded_in OR OLD.retracted_in IS NOT NULL"
"""SQL: what no edit of a description may do: give it another number or origin, or touch one that was taken back."""

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(OLD) ? 'retracted_in' AND to_jsonb(OLD) ->> 'retracted_in' IS NULL
     AND to_jsonb(NEW) ->> 'retracted_in' IS NOT NULL
     AND to_jsonb(NEW) - 'retracted_in' = to_jsonb(OLD) - 'retracted_in' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING MESSAGE = 'what is recorded in ' || TG_TABLE_NAME || ' is never rewritten';
END $$
"""


def statements(connection: sa.Connection, table: str) -> Iterator[str]:
    """The SQL that makes the triggers of `table`, as it now stands in the database of `connection`."""
    if connection.dialect.name == "postgresql":
        yield from _postgresql(table)
    else:
        yield from _sqlite(connection, table)


def function(connection: sa.Connection) -> Iterator[str]:
    """The SQL that makes what all triggers share; nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        yield _FUNCTION


def guard(connection: sa.Connection) -> None:
    """Make the triggers of every table that is there."""
    for statement in function(connection):
        connection.exec_driver_sql(statement)
    there = set(sa.inspect(connection).get_table_names())
    for table in (*APPEND_ONLY, *EDITABLE):
        if table in there:
            for statement in statements(connection, table):
                connection.exec_driver_sql(statement)


@contextmanager
def suspended(connection: sa.Connection) -> Iterator[None]:
    """A block, inside a migration, in which tables can be rebuilt and their old rows be given new columns.

    Views and triggers are dropped first and made again afterwards: the views as they were, the triggers from the
    tables as they then are. If the block fails, the caller's transaction puts everything back.
    """
    inspector = sa.inspect(connection)
    views = {name: inspector.get_view_definition(name) for name in inspector.get_view_names()}
    for name in views:
        connection.exec_driver_sql(f"DROP VIEW {name}")
    for statement in _drop_triggers(connection):
        connection.exec_driver_sql(statement)
    yield
    guard(connection)
    for name, definition in views.items():
        text = str(definition)
        connection.exec_driver_sql(text if text.startswith("CREATE") else f"CREATE VIEW {name} AS {text}")


def unguard(connection: sa.Connection) -> None:
    """Drop every trigger, and what they share."""
    for statement in _drop_triggers(connection):
        connection.exec_driver_sql(statement)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION refuse_rewriting()")


def _drop_triggers(connection: sa.Connection) -> list[str]:
    if connection.dialect.name == "postgresql":
        found = connection.exec_driver_sql(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"
        )
        return [f"DROP TRIGGER {trigger} ON {table}" for trigger, table in found]
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    return [f"DROP TRIGGER {trigger}" for (trigger,) in found]


def _postgresql(table: str) -> Iterator[str]:
    refusal = "EXECUTE FUNCTION refuse_rewriting()"
    frozen = f" WHEN ({_FROZEN.format(differs='IS DISTINCT FROM')})" if table in EDITABLE else ""
    yield f"CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table} FOR EACH ROW {refusal}"
    yield f"CREATE TRIGGER {table}_no_rewrite BEFORE UPDATE ON {table} FOR EACH ROW{frozen} {refusal}"
    yield f"CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refusal}"


def _sqlite(connection: sa.Connection, table: str) -> Iterator[str]:
    refusal = f"BEGIN SELECT RAISE(ABORT, 'what is recorded in {table} is never rewritten'); END"
    yield f"CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table} {refusal}"
    taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in _keys(connection, table))
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refusal}"
    if table in APPEND_ONLY:
        condition = _unless_retracted(connection, table)
    else:
        others = " OR ".join(
            f"EXISTS (SELECT 1 FROM {table} WHERE id <> OLD.id AND {key})" for key in _keys(connection, table)
        )
        condition = f"WHEN {_FROZEN.format(differs='IS NOT')} OR {others}"
    yield f"CREATE TRIGGER {table}_no_rewrite BEFORE UPDATE ON {table} {condition} {refusal}"


def _keys(connection: sa.Connection, table: str) -> Iterator[str]:
    """SQL, for each key of the table: that a row has the same key as the new one."""
    inspector = sa.inspect(connection)
    primary = inspector.get_pk_constraint(table)["constrained_columns"]
    yield " AND ".join(f"{name} = NEW.{name}" for name in primary)
    if len(primary) > 1:  # then SQLite numbers the rows by itself, and REPLACE can name that number
        yield "rowid = NEW.rowid"
    for unique in inspector.get_unique_constraints(table):
        yield " AND ".join(f"{name} = NEW.{name}" for name in unique["column_names"])
    for index in inspector.get_indexes(table):
        if index["unique"] and str(index["name"]).endswith("_held"):
            same = " AND ".join(f"{name} = NEW.{name}" for name in index["column_names"] if name)
            yield f"{same} AND retracted_in IS NULL AND NEW.retracted_in IS NULL"


def _unless_retracted(connection: sa.Connection, table: str) -> str:
    """SQL: the condition under which an update is refused; none where every update is."""
    columns = [column["name"] for column in sa.inspect(connection).get_columns(table)]
    if "retracted_in" not in columns:
        return ""
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns if name != "retracted_in")
    return f"WHEN NOT (OLD.retracted_in IS NULL AND NEW.retracted_in IS NOT NULL AND {same})"
