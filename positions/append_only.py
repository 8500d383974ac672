"""The triggers by which the database itself refuses to rewrite what is recorded.

Two families. *Rewriting*: on an append-only table no row can be deleted or changed; only `retracted_in` may go from
null to a revision, once. On a table of descriptions held rows can be edited, but keep their number and origin and are
never deleted. `REPLACE` and upsert are refused on statements, and on SQLite on descriptions too (there they bypass the
triggers for UPDATE and DELETE, so a row that would take the place of another is refused first); so is TRUNCATE.
*Past* (since schema 0002): a row enters the record only in the newest revision and leaves it only in that one; a
revision has the next number and is not earlier than the last; on PostgreSQL it names the role that made it.

The triggers are made from a table as it stands in the database: make them again after a migration has changed its
columns. Every function on PostgreSQL has its search path fixed, so that nobody can put an operator of her own in the
place of one that it uses.
"""

from collections.abc import Callable, Iterable, Iterator
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

PARTS = {"response_actor": "response", "outcome_item": "outcome", "outcome_actor": "outcome"}
"""Tables whose rows live and go with a statement, and the table of that statement."""

_REFUSE_REWRITING = """
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(OLD) ? 'retracted_in' AND to_jsonb(OLD) ->> 'retracted_in' IS NULL
     AND to_jsonb(NEW) ->> 'retracted_in' IS NOT NULL
     AND to_jsonb(NEW) - 'retracted_in' = to_jsonb(OLD) - 'retracted_in' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING MESSAGE = 'what is recorded in ' || TG_TABLE_NAME || ' is never rewritten';
END $$
"""
_CLOSE_PAST = """
CREATE OR REPLACE FUNCTION close_past() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  newest CONSTANT integer := coalesce((SELECT max(number) FROM {schema}.revision), 0);
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.retracted_in IS NOT DISTINCT FROM OLD.retracted_in OR NEW.retracted_in = newest THEN RETURN NEW; END IF;
  ELSIF TG_TABLE_NAME = 'revision' THEN
    NEW.role := session_user;
    IF NEW.number = newest + 1 AND NOT EXISTS (
      SELECT 1 FROM {schema}.revision WHERE recorded_at > NEW.recorded_at) THEN RETURN NEW; END IF;
  ELSIF TG_TABLE_NAME = 'change' THEN
    IF NEW.revision = newest THEN RETURN NEW; END IF;
  ELSIF TG_TABLE_NAME = 'response_actor' THEN
    IF newest = (SELECT recorded_in FROM {schema}.response WHERE id = NEW.response_id) THEN RETURN NEW; END IF;
  ELSIF TG_TABLE_NAME IN ('outcome_item', 'outcome_actor') THEN
    IF newest = (SELECT recorded_in FROM {schema}.outcome WHERE id = NEW.outcome_id) THEN RETURN NEW; END IF;
  ELSIF NEW.recorded_in = newest AND NEW.retracted_in IS NULL THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING MESSAGE = '{refusal}' || TG_TABLE_NAME;
END $$
"""
_PAST_REFUSAL = "only the newest revision can change: "
_NEWEST = "(SELECT max(number) FROM revision)"


def statements(connection: sa.Connection, tables: Iterable[str]) -> Iterator[str]:
    """The SQL that makes every trigger of `tables`, as they now stand in the database of `connection`."""
    inspector = sa.inspect(connection)
    for table in tables:
        yield from _rewriting(inspector, table)
        yield from _past(inspector, table)


def functions(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """The name of each function that the triggers share, and the SQL that makes it; none on SQLite."""
    if connection.dialect.name == "postgresql":
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
        yield "refuse_rewriting", _REFUSE_REWRITING
        yield "close_past", _CLOSE_PAST.format(schema=schema, refusal=_PAST_REFUSAL)


def guard(connection: sa.Connection) -> None:
    """Make the triggers that refuse rewriting, on every table that is there."""
    _make(connection, "refuse_rewriting", _rewriting)


def close_past(connection: sa.Connection) -> None:
    """Make the triggers that keep the past closed, on every table that is there."""
    _make(connection, "close_past", _past)


def open_past(connection: sa.Connection) -> None:
    """Drop the triggers that keep the past closed."""
    for statement in _drop_triggers(connection, "%_past_%"):
        connection.exec_driver_sql(statement)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION close_past()")


@contextmanager
def suspended(connection: sa.Connection) -> Iterator[None]:
    """A block, inside a migration or a copy, in which no trigger guards the tables.

    Tables can be rebuilt in it and old rows be given new columns. Views and triggers are dropped first and made again
    afterwards: the views as they were, the triggers from the tables as they then are. If the block fails, the caller's
    transaction puts everything back.
    """
    inspector = sa.inspect(connection)
    views = {name: inspector.get_view_definition(name) for name in inspector.get_view_names()}
    for name in views:
        connection.exec_driver_sql(f"DROP VIEW {name}")
    is_closed = bool(_drop_triggers(connection, "%_past_%"))
    for statement in _drop_triggers(connection):
        connection.exec_driver_sql(statement)
    yield
    guard(connection)
    if is_closed:
        close_past(connection)
    for name, definition in views.items():
        text = str(definition)
        connection.exec_driver_sql(text if text.startswith("CREATE") else f"CREATE VIEW {name} AS {text}")


def unguard(connection: sa.Connection) -> None:
    """Drop every trigger, and what they share."""
    for statement in _drop_triggers(connection):
        connection.exec_driver_sql(statement)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS close_past()")
        connection.exec_driver_sql("DROP FUNCTION refuse_rewriting()")


def _make(connection: sa.Connection, function: str, triggers: Callable[[sa.Inspector, str], Iterator[str]]) -> None:
    for name, statement in functions(connection):
        if name == function:
            connection.exec_driver_sql(statement)
    inspector = sa.inspect(connection)
    there = set(inspector.get_table_names())
    for table in (*APPEND_ONLY, *EDITABLE):
        if table in there:
            for statement in triggers(inspector, table):
                connection.exec_driver_sql(statement)


def _drop_triggers(connection: sa.Connection, pattern: str = "%") -> list[str]:
    """The SQL that drops each trigger whose name is like `pattern`."""
    if connection.dialect.name == "postgresql":
        found = connection.execute(
            sa.text(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
                " AND t.tgname LIKE :pattern ORDER BY 1"
            ),
            {"pattern": pattern},
        )
        return [f"DROP TRIGGER {trigger} ON {table}" for trigger, table in found]
    made = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE :pattern ORDER BY name")
    return [f"DROP TRIGGER {trigger}" for (trigger,) in connection.execute(made, {"pattern": pattern})]


def _rewriting(inspector: sa.Inspector, table: str) -> Iterator[str]:
    on_server = inspector.dialect.name == "postgresql"
    return _postgresql_rewriting(table) if on_server else _sqlite_rewriting(inspector, table)


def _past(inspector: sa.Inspector, table: str) -> Iterator[str]:
    return _postgresql_past(table) if inspector.dialect.name == "postgresql" else _sqlite_past(table)


def _postgresql_rewriting(table: str) -> Iterator[str]:
    refusal = "EXECUTE FUNCTION refuse_rewriting()"
    frozen = f" WHEN ({_FROZEN.format(differs='IS DISTINCT FROM')})" if table in EDITABLE else ""
    yield f"CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table} FOR EACH ROW {refusal}"
    yield f"CREATE TRIGGER {table}_no_rewrite BEFORE UPDATE ON {table} FOR EACH ROW{frozen} {refusal}"
    yield f"CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refusal}"


def _postgresql_past(table: str) -> Iterator[str]:
    call = "EXECUTE FUNCTION close_past()"
    yield f"CREATE TRIGGER {table}_past_enter BEFORE INSERT ON {table} FOR EACH ROW {call}"
    if _leaves(table):
        yield f"CREATE TRIGGER {table}_past_leave BEFORE UPDATE ON {table} FOR EACH ROW {call}"


def _leaves(table: str) -> bool:
    """Whether rows of `table` can leave the record by themselves."""
    return table not in PARTS and table not in {"revision", "change"}


def _sqlite_rewriting(inspector: sa.Inspector, table: str) -> Iterator[str]:
    refusal = f"BEGIN SELECT RAISE(ABORT, 'what is recorded in {table} is never rewritten'); END"
    yield f"CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table} {refusal}"
    taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in _keys(inspector, table))
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refusal}"
    if table in APPEND_ONLY:
        condition = _unless_retracted(inspector, table)
    else:
        others = " OR ".join(
            f"EXISTS (SELECT 1 FROM {table} WHERE id <> OLD.id AND {key})" for key in _keys(inspector, table)
        )
        condition = f"WHEN {_FROZEN.format(differs='IS NOT')} OR {others}"
    yield f"CREATE TRIGGER {table}_no_rewrite BEFORE UPDATE ON {table} {condition} {refusal}"


def _sqlite_past(table: str) -> Iterator[str]:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{_PAST_REFUSAL}{table}'); END"
    yield f"CREATE TRIGGER {table}_past_enter BEFORE INSERT ON {table} WHEN {_enters_past(table)} {refusal}"
    if _leaves(table):
        leaves = f"NEW.retracted_in IS NOT OLD.retracted_in AND NEW.retracted_in IS NOT {_NEWEST}"
        yield f"CREATE TRIGGER {table}_past_leave BEFORE UPDATE ON {table} WHEN {leaves} {refusal}"


def _enters_past(table: str) -> str:
    """SQL: that the new row of `table` belongs to another revision than the newest, or is no next revision."""
    if table == "revision":
        later = "EXISTS (SELECT 1 FROM revision WHERE recorded_at > NEW.recorded_at)"
        return f"NEW.number IS NOT coalesce({_NEWEST}, 0) + 1 OR NEW.role IS NOT NULL OR {later}"
    if table == "change":
        return f"NEW.revision IS NOT {_NEWEST}"
    if owner := PARTS.get(table):
        return f"(SELECT recorded_in FROM {owner} WHERE id = NEW.{owner}_id) IS NOT {_NEWEST}"
    return f"NEW.recorded_in IS NOT {_NEWEST} OR NEW.retracted_in IS NOT NULL"


def _keys(inspector: sa.Inspector, table: str) -> Iterator[str]:
    """SQL, for each key of the table: that a row has the same key as the new one."""
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


def _unless_retracted(inspector: sa.Inspector, table: str) -> str:
    """SQL: the condition under which an update is refused; none where every update is."""
    columns = [column["name"] for column in inspector.get_columns(table)]
    if "retracted_in" not in columns:
        return ""
    kept = sorted(name for name in columns if name != "retracted_in")  # whichever order migrations made them in
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in kept)
    return f"WHEN NOT (OLD.retracted_in IS NULL AND NEW.retracted_in IS NOT NULL AND {same})"
