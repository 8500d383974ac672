"""Triggers that make the database append-only.

There are three groups. *Rewriting*: rows of an append-only table cannot be deleted or changed, except that
`retracted_in`, and the `digest` of a revision, can be set once. Current rows of an editable table can be changed, but
not their number and origin, and cannot be deleted. TRUNCATE is refused, and so are `REPLACE` and upsert: on PostgreSQL
for append-only tables, on SQLite for all, because there they bypass the triggers for UPDATE and DELETE. *Past* (since
schema 0002): rows can only be recorded and retracted in the newest revision; a revision has the next number and no
earlier time than the last one, and on PostgreSQL the role that made it. *Sealed* (since schema 0004): once the newest
revision has its digest, nothing enters, leaves or is edited until there is a next one; the time of a revision is not
beyond now, and on PostgreSQL it is the server's.

The triggers are made from the columns in the database, so they must be made again after a migration that changes them.
The functions on PostgreSQL have a fixed search path, so that nobody can replace the operators that they use.
"""

from collections.abc import Callable, Container, Iterator
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
"""Tables whose rows never change, except that they can be retracted."""

EDITABLE = ("episode", "side", "actor", "package", "item")
"""Tables whose rows can be edited in place, but not deleted."""

GUARDED = (*APPEND_ONLY, *EDITABLE)
"""All tables but `negotiation` and `search_text`, which no revision records."""

_ONCE = ("retracted_in", "digest")
"""Columns of append-only tables that can be set once, from null."""

_FROZEN = "NEW.id {differs} OLD.id OR NEW.recorded_in {differs} OLD.recorded_in OR OLD.retracted_in IS NOT NULL"
"""SQL condition for a refused edit: a new number or origin, or a row that is retracted."""

PARTS = {"response_actor": "response", "outcome_item": "outcome", "outcome_actor": "outcome"}
"""Tables whose rows belong to a statement, and the table of the statement."""

_REFUSE_REWRITING = """
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(OLD) ? 'retracted_in' AND to_jsonb(OLD) ->> 'retracted_in' IS NULL
     AND to_jsonb(NEW) ->> 'retracted_in' IS NOT NULL
     AND to_jsonb(NEW) - 'retracted_in' = to_jsonb(OLD) - 'retracted_in' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND to_jsonb(OLD) ? 'digest' AND to_jsonb(OLD) ->> 'digest' IS NULL
     AND to_jsonb(NEW) ->> 'digest' IS NOT NULL
     AND to_jsonb(NEW) - 'digest' = to_jsonb(OLD) - 'digest' THEN
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
_CLOSE_SEALED = """
CREATE OR REPLACE FUNCTION close_sealed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  newest CONSTANT {schema}.revision := (SELECT r FROM {schema}.revision AS r ORDER BY r.number DESC LIMIT 1);
BEGIN
  IF TG_TABLE_NAME <> 'revision' THEN
    IF newest.digest IS NULL THEN RETURN NEW; END IF;
  ELSIF TG_OP = 'INSERT' THEN
    NEW.recorded_at := greatest(clock_timestamp(), newest.recorded_at);
    IF NEW.digest IS NULL AND (newest.number IS NULL OR newest.digest IS NOT NULL) THEN RETURN NEW; END IF;
  ELSIF NEW.number = newest.number AND NEW.digest ~ '^[0-9a-f]{{64}}$' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING MESSAGE = '{refusal}' || TG_TABLE_NAME;
END $$
"""
_REQUIRE_SEAL = """
CREATE OR REPLACE FUNCTION require_seal() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF (SELECT digest FROM {schema}.revision WHERE number = NEW.number) IS NOT NULL THEN RETURN NULL; END IF;
  RAISE EXCEPTION USING MESSAGE = 'a revision ends with its digest: r' || NEW.number;
END $$
"""
_PAST_REFUSAL = "only the newest revision can change: "
_SEALED_REFUSAL = "what is sealed cannot change: "
_NEWEST = "(SELECT max(number) FROM revision)"
_IS_SEALED = "(SELECT digest FROM revision ORDER BY number DESC LIMIT 1) IS NOT NULL"
_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now', '+1 second')"  # a second, because SQLite's time ends at milliseconds
_TIME = "____-__-__ __:__:__.______"


def statements(connection: sa.Connection) -> Iterator[str]:
    """The SQL that makes every trigger, from the columns of the tables in the database."""
    inspector = sa.inspect(connection)
    for table in GUARDED:
        for made in (_rewriting, _past, _sealed):
            yield from made(inspector, table)


def functions(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """The name and SQL of each function that the triggers call; none on SQLite."""
    if connection.dialect.name == "postgresql":
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
        yield "refuse_rewriting", _REFUSE_REWRITING
        yield "close_past", _CLOSE_PAST.format(schema=schema, refusal=_PAST_REFUSAL)
        yield "close_sealed", _CLOSE_SEALED.format(schema=schema, refusal=_SEALED_REFUSAL)
        yield "require_seal", _REQUIRE_SEAL.format(schema=schema)


def guard(connection: sa.Connection) -> None:
    """Make the triggers against rewriting on all existing tables."""
    _make(connection, ["refuse_rewriting"], _rewriting)


def close_past(connection: sa.Connection) -> None:
    """Make the triggers that protect older revisions on all existing tables."""
    _make(connection, ["close_past"], _past)


def open_past(connection: sa.Connection) -> None:
    """Drop the triggers that protect older revisions."""
    for statement in _drop_triggers(connection, "%_past_%"):
        connection.exec_driver_sql(statement)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION close_past()")


def close_sealed(connection: sa.Connection) -> None:
    """Make the triggers that protect sealed revisions on all existing tables."""
    _make(connection, ["close_sealed", "require_seal"], _sealed)


def open_sealed(connection: sa.Connection) -> None:
    """Drop the triggers that protect sealed revisions."""
    for statement in _drop_triggers(connection, "%_sealed_%"):
        connection.exec_driver_sql(statement)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION close_sealed()")
        connection.exec_driver_sql("DROP FUNCTION require_seal()")


@contextmanager
def suspended(connection: sa.Connection) -> Iterator[None]:
    """A block of a migration or a copy without triggers and views, in which tables can be rebuilt and rows changed.

    Afterwards the views are restored, and the triggers are made from the new columns. If the block fails, the caller
    must roll back its transaction.
    """
    inspector = sa.inspect(connection)
    views = {name: inspector.get_view_definition(name) for name in inspector.get_view_names()}
    for name in views:
        connection.exec_driver_sql(f"DROP VIEW {name}")
    is_closed, is_sealed = (bool(_drop_triggers(connection, pattern)) for pattern in ("%_past_%", "%_sealed_%"))
    for statement in _drop_triggers(connection):
        connection.exec_driver_sql(statement)
    yield
    guard(connection)
    if is_closed:
        close_past(connection)
    if is_sealed:
        close_sealed(connection)
    for name, definition in views.items():
        text = str(definition)
        connection.exec_driver_sql(text if text.startswith("CREATE") else f"CREATE VIEW {name} AS {text}")


def unguard(connection: sa.Connection) -> None:
    """Drop all triggers and their functions."""
    for statement in _drop_triggers(connection):
        connection.exec_driver_sql(statement)
    if connection.dialect.name == "postgresql":
        for function in ("close_past", "close_sealed", "require_seal"):
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {function}()")
        connection.exec_driver_sql("DROP FUNCTION refuse_rewriting()")


def _make(
    connection: sa.Connection, needed: Container[str], triggers: Callable[[sa.Inspector, str], Iterator[str]]
) -> None:
    for name, statement in functions(connection):
        if name in needed:
            connection.exec_driver_sql(statement)
    inspector = sa.inspect(connection)
    existing = set(inspector.get_table_names())
    for table in GUARDED:
        if table in existing:
            for statement in triggers(inspector, table):
                connection.exec_driver_sql(statement)


def _drop_triggers(connection: sa.Connection, pattern: str = "%") -> list[str]:
    """The SQL that drops each trigger whose name matches the LIKE `pattern`."""
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
    names = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE :pattern ORDER BY name")
    return [f"DROP TRIGGER {trigger}" for (trigger,) in connection.execute(names, {"pattern": pattern})]


def _rewriting(inspector: sa.Inspector, table: str) -> Iterator[str]:
    on_server = inspector.dialect.name == "postgresql"
    return _postgresql_rewriting(table) if on_server else _sqlite_rewriting(inspector, table)


def _past(inspector: sa.Inspector, table: str) -> Iterator[str]:
    return _postgresql_past(table) if inspector.dialect.name == "postgresql" else _sqlite_past(table)


def _sealed(inspector: sa.Inspector, table: str) -> Iterator[str]:
    return _postgresql_sealed(table) if inspector.dialect.name == "postgresql" else _sqlite_sealed(table)


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


def _postgresql_sealed(table: str) -> Iterator[str]:
    call = "EXECUTE FUNCTION close_sealed()"
    yield f"CREATE TRIGGER {table}_sealed_enter BEFORE INSERT ON {table} FOR EACH ROW {call}"
    yield f"CREATE TRIGGER {table}_sealed_change BEFORE UPDATE ON {table} FOR EACH ROW {call}"
    if table == "revision":
        # Deferred: within the transaction a revision has no digest until all that belongs to it is there.
        yield (
            "CREATE CONSTRAINT TRIGGER revision_sealed_end AFTER INSERT ON revision"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_seal()"
        )


def _leaves(table: str) -> bool:
    """Whether rows of `table` are retracted by themselves, not as parts of a statement."""
    return table not in PARTS and table not in {"revision", "change"}


def _sqlite_rewriting(inspector: sa.Inspector, table: str) -> Iterator[str]:
    refusal = f"BEGIN SELECT RAISE(ABORT, 'what is recorded in {table} is never rewritten'); END"
    yield f"CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table} {refusal}"
    keys = list(_keys(inspector, table))
    taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in keys)
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refusal}"
    if table in APPEND_ONLY:
        condition = _unless_set_once(inspector, table)
    else:
        others = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE id <> OLD.id AND {key})" for key in keys)
        condition = f"WHEN {_FROZEN.format(differs='IS NOT')} OR {others}"
    yield f"CREATE TRIGGER {table}_no_rewrite BEFORE UPDATE ON {table} {condition} {refusal}"


def _sqlite_past(table: str) -> Iterator[str]:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{_PAST_REFUSAL}{table}'); END"
    yield f"CREATE TRIGGER {table}_past_enter BEFORE INSERT ON {table} WHEN {_enters_past(table)} {refusal}"
    if _leaves(table):
        leaves = f"NEW.retracted_in IS NOT OLD.retracted_in AND NEW.retracted_in IS NOT {_NEWEST}"
        yield f"CREATE TRIGGER {table}_past_leave BEFORE UPDATE ON {table} WHEN {leaves} {refusal}"


def _sqlite_sealed(table: str) -> Iterator[str]:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{_SEALED_REFUSAL}{table}'); END"
    enters, changes = _IS_SEALED, _IS_SEALED
    if table == "revision":
        beyond = f"NEW.recorded_at > {_NOW} AND NEW.recorded_at > coalesce((SELECT max(recorded_at) FROM revision), '')"
        enters = f"NEW.digest IS NOT NULL OR NOT ({_IS_SEALED} OR NEW.number = 1) OR {beyond}"
        enters = f"{enters} OR typeof(NEW.recorded_at) <> 'text' OR NEW.recorded_at NOT LIKE '{_TIME}'"
        changes = f"NEW.number IS NOT {_NEWEST} OR length(NEW.digest) <> 64 OR NEW.digest GLOB '*[^0-9a-f]*'"
    yield f"CREATE TRIGGER {table}_sealed_enter BEFORE INSERT ON {table} WHEN {enters} {refusal}"
    yield f"CREATE TRIGGER {table}_sealed_change BEFORE UPDATE ON {table} WHEN {changes} {refusal}"


def _enters_past(table: str) -> str:
    """SQL condition: the new row is not of the newest revision, or is a revision without the next number and time."""
    if table == "revision":
        later = "EXISTS (SELECT 1 FROM revision WHERE recorded_at > NEW.recorded_at)"
        return f"NEW.number IS NOT coalesce({_NEWEST}, 0) + 1 OR NEW.role IS NOT NULL OR {later}"
    if table == "change":
        return f"NEW.revision IS NOT {_NEWEST}"
    if owner := PARTS.get(table):
        return f"(SELECT recorded_in FROM {owner} WHERE id = NEW.{owner}_id) IS NOT {_NEWEST}"
    return f"NEW.recorded_in IS NOT {_NEWEST} OR NEW.retracted_in IS NOT NULL"


def _keys(inspector: sa.Inspector, table: str) -> Iterator[str]:
    """SQL conditions, one for each key of the table: a row has the same key as the new one."""
    primary = inspector.get_pk_constraint(table)["constrained_columns"]
    yield " AND ".join(f"{name} = NEW.{name}" for name in primary)
    if len(primary) > 1:  # such a table has a separate rowid, which REPLACE can name
        yield "rowid = NEW.rowid"
    for unique in inspector.get_unique_constraints(table):
        yield " AND ".join(f"{name} = NEW.{name}" for name in unique["column_names"])
    for index in inspector.get_indexes(table):
        if index["unique"] and str(index["name"]).endswith("_held"):
            same = " AND ".join(f"{name} = NEW.{name}" for name in index["column_names"] if name)
            yield f"{same} AND retracted_in IS NULL AND NEW.retracted_in IS NULL"


def _unless_set_once(inspector: sa.Inspector, table: str) -> str:
    """The WHEN clause of the trigger that refuses updates; empty if all are refused."""
    columns = [column["name"] for column in inspector.get_columns(table)]
    once = next((name for name in _ONCE if name in columns), None)
    if once is None:
        return ""
    kept = sorted(name for name in columns if name != once)  # sorted, because migrations can change the order
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in kept)
    return f"WHEN NOT (OLD.{once} IS NULL AND NEW.{once} IS NOT NULL AND {same})"
