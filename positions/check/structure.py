"""Whether the tables, constraints, indexes, triggers and views are as the schema says.

The checks go through all tables of the models, so that new tables are covered.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKeyConstraint,
    Table,
    UniqueConstraint,
    func,
    inspect,
    or_,
    select,
    text,
)

from positions import append_only, models, search_index
from positions.queries.rows import Violation

_TABLES = models.METADATA.sorted_tables
_TRIGGER_NAME = re.compile(r"TRIGGER (\w+)")


def file(connection: Connection) -> Iterator[Violation]:
    """What SQLite's integrity check finds; PostgreSQL has none."""
    if connection.dialect.name == "sqlite":
        for (message,) in connection.execute(text("PRAGMA integrity_check")):
            if message != "ok":
                yield Violation("database", "file", str(message))


def checks(connection: Connection) -> Iterator[Violation]:
    """Rows that violate a CHECK of their table."""
    for table in _TABLES:
        for check in _constraints(table, CheckConstraint):
            sql = check.sqltext.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
            query = _keys(table).where(text(f"NOT ({sql})"))
            yield from _rows(connection, table, query, f"breaks the constraint {check.name}: {sql}")


def foreign_keys(connection: Connection) -> Iterator[Violation]:
    """Rows whose foreign key points to no row; some of these keys compare the copied columns of stances."""
    for table in _TABLES:
        for key in _constraints(table, ForeignKeyConstraint):
            target = key.referred_table.alias("target")
            same = [target.c[element.column.name] == element.parent for element in key.elements]
            given = [column.is_not(None) for column in key.columns]
            query = _keys(table).where(*given, ~select(1).select_from(target).where(*same).exists())
            message = f"points to no {key.referred_table.name}: {', '.join(key.column_keys)}"
            yield from _rows(connection, table, query, message)


def duplicates(connection: Connection) -> Iterator[Violation]:
    """Current rows that share the columns of a unique index."""
    for table in _TABLES:
        for index in _by_name(index for index in table.indexes if index.unique):
            given = [column.is_not(None) for column in index.columns]
            query = select(*index.columns).where(table.c.retracted_in.is_(None), *given).group_by(*index.columns)
            message = f"is recorded more than once: {', '.join(index.columns.keys())}"
            yield from _rows(connection, table, query.having(func.count() > 1), message)


def indexes(connection: Connection) -> Iterator[Violation]:
    """Indexes that are missing, and unique ones of others, which refuse what could be recorded."""
    inspector = inspect(connection)
    for table in _TABLES:
        found = inspector.get_indexes(table.name)
        existing = {index["name"]: bool(index["unique"]) for index in found if "duplicates_constraint" not in index}
        ours = {index.name: bool(index.unique) for index in _by_name(table.indexes)}
        for name, unique in ours.items():
            if existing.get(name) != unique:
                yield Violation("index", str(name), f"is missing from {table.name}")
        for name in sorted(str(name) for name, unique in existing.items() if unique and name not in ours):
            yield Violation("index", name, f"is not of the schema, and keeps rows out of {table.name}")


def tables(connection: Connection) -> Iterator[Violation]:
    """Tables that are not ours, and a schema version that is not a single one."""
    known = {table.name for table in _TABLES} | {"alembic_version"}
    if connection.dialect.name == "sqlite":
        known.update(search_index.TABLES)
    for name in sorted(set(inspect(connection).get_table_names()) - known):
        yield Violation("table", name, "is not one of ours")
    if len(versions := connection.execute(text("SELECT version_num FROM alembic_version")).all()) != 1:
        yield Violation("table", "alembic_version", f"has {len(versions)} rows instead of one")


def constraints(connection: Connection) -> Iterator[Violation]:
    """CHECKs, unique constraints and foreign keys that are missing."""
    inspector = inspect(connection)
    for table in _TABLES:
        found = [
            *inspector.get_check_constraints(table.name),
            *inspector.get_foreign_keys(table.name),
            *inspector.get_unique_constraints(table.name),
        ]
        existing = {constraint["name"] for constraint in found}
        for constraint in _constraints(table, CheckConstraint, ForeignKeyConstraint, UniqueConstraint):
            if constraint.name not in existing:
                yield Violation("rule", str(constraint.name), f"is missing from {table.name}")


def shared_ids(connection: Connection) -> Iterator[Violation]:
    """Ids of both an item and a package."""
    item, package = models.item, models.package
    query = select(item.c.slug).join(package, package.c.slug == item.c.slug)
    for slug in connection.scalars(query.where(item.c.retracted_in.is_(None), package.c.retracted_in.is_(None))):
        yield Violation("package", slug, "is also the id of an item")


def whole_statements(connection: Connection) -> Iterator[Violation]:
    """Parts of a response that were recorded or retracted in another revision than the response."""
    response, episode = models.response, models.episode
    for part in (models.stance, models.mention):
        apart = or_(
            part.c.recorded_in != response.c.recorded_in,
            part.c.retracted_in.is_distinct_from(response.c.retracted_in),
        )
        query = (
            select(response.c.slug, episode.c.slug, part.c.id)
            .join(part, part.c.response_id == response.c.id)
            .join(episode, episode.c.id == response.c.episode_id)
            .where(apart)
        )
        for slug, source, row in connection.execute(query):
            message = f"its {part.name} {row} was not recorded and retracted with it"
            yield Violation("response", f"{source}/{slug}", message)


def joint_responses(connection: Connection) -> Iterator[Violation]:
    """Responses of several actors that do not give all of them the same stance on an item, in the same words."""
    stance, response, episode, item = models.stance, models.response, models.episode, models.item
    content = [stance.c[name] for name in ("kind", "wording", "condition", "quote", "basis")]
    response_id = models.response_actor.c.response_id
    actors = dict(connection.execute(select(response_id, func.count()).group_by(response_id)).all())
    columns = (stance.c.response_id, response.c.slug, episode.c.slug, item.c.slug)
    accounts = (
        select(*columns, func.count())
        .join(response, response.c.id == stance.c.response_id)
        .join(episode, episode.c.id == response.c.episode_id)
        .join(item, item.c.id == stance.c.item_id)
        .where(stance.c.retracted_in.is_(None))
        .group_by(*columns, *content)
    )
    for number, slug, source, about, alike in connection.execute(accounts):
        if alike != actors.get(number, 0):
            yield Violation("response", f"{source}/{slug}", f"does not give all its actors the same stance on {about}")


def order(connection: Connection) -> Iterator[Violation]:
    """Current statements with the place of another one in their source, or with a place outside their source."""
    episode = models.episode
    source = select(func.min(episode.c.id).label("first"), episode.c.slug).group_by(episode.c.slug).subquery()
    for table in (models.response, models.outcome):
        query = (
            select(table.c.slug, episode.c.slug, source.c.first, table.c.sequence)
            .join(episode, episode.c.id == table.c.episode_id)
            .join(source, source.c.slug == episode.c.slug)
            .where(table.c.retracted_in.is_(None))
            .order_by(table.c.sequence, table.c.id)
        )
        previous = None
        for slug, name, first, sequence in connection.execute(query):
            if sequence == previous:
                yield Violation(table.name, f"{name}/{slug}", "has the same place as another statement of its source")
            if not 0 < sequence - models.first_sequence(first) == models.order_within_source(sequence):
                yield Violation(table.name, f"{name}/{slug}", "has a place outside its source")
            previous = sequence


def revisions(connection: Connection) -> Iterator[Violation]:
    """Gaps between revision numbers, and revisions with an earlier time than the previous one, or one yet to come."""
    previous, number = None, 0
    latest = datetime.now(UTC) + timedelta(days=1)  # a day, because clocks are set
    for revision in connection.execute(select(models.revision).order_by(models.revision.c.number)):
        if revision.number != number + 1:
            yield Violation("revision", f"r{revision.number}", f"follows r{number} with a gap")
        if previous is not None and revision.recorded_at < previous:
            yield Violation("revision", f"r{revision.number}", f"was recorded before r{number}")
        if revision.recorded_at > latest:
            yield Violation("revision", f"r{revision.number}", "is of a time that is yet to come")
        previous, number = revision.recorded_at, revision.number


def triggers(connection: Connection) -> Iterator[Violation]:
    """Triggers that are missing, unknown, or differ from those of this version of the program."""
    statements = append_only.statements(connection)
    wanted = {_TRIGGER_NAME.findall(statement)[0]: _normalized(statement) for statement in statements}
    on_server = connection.dialect.name == "postgresql"
    existing = _postgresql_triggers(connection) if on_server else _sqlite_sql(connection, "trigger")
    yield from _compared("trigger", wanted, existing)
    query = text("SELECT prosrc, array_to_string(proconfig, ' ') FROM pg_proc WHERE oid = to_regproc(:name)")
    for name, sql in append_only.functions(connection):
        found = connection.execute(query, {"name": name}).first()
        is_ours = found and _normalized(found[0]) in _normalized(sql) and found[1] == "search_path=pg_catalog, pg_temp"
        if not is_ours:
            yield Violation("trigger", name, "its function differs from that of this version")


def views(connection: Connection) -> Iterator[Violation]:
    """Views that are missing, unknown, or differ from those of this version of the program."""
    if connection.dialect.name != "postgresql":
        wanted = {name: _normalized(f"CREATE VIEW {name} AS {sql}") for name, sql in models.VIEWS.items()}
        yield from _compared("view", wanted, _sqlite_sql(connection, "view"))
        return
    existing = set(inspect(connection).get_view_names())
    for name, sql in models.VIEWS.items():  # PostgreSQL rewrites the SQL of a view, so the rows are compared
        if name not in existing:
            yield Violation("view", name, "is missing")
        elif _differ(connection, f"TABLE {name}", sql):
            yield Violation("view", name, "differs from that of this version")


def _differ(connection: Connection, left: str, right: str) -> bool:
    """Whether two queries give different columns or rows; the order of rows does not matter."""
    empty = (connection.execute(text(f"SELECT * FROM ({sql}) AS x LIMIT 0")) for sql in (left, right))  # noqa: S608
    if len({tuple(found.keys()) for found in empty}) > 1:
        return True
    differences = (f"({left}) EXCEPT ALL ({right})", f"({right}) EXCEPT ALL ({left})")
    return any(connection.execute(text(f"SELECT 1 FROM ({sql}) AS x LIMIT 1")).first() for sql in differences)  # noqa: S608


def _compared(what: str, wanted: dict[str, str], existing: dict[str, str]) -> Iterator[Violation]:
    for name, sql in wanted.items():
        if name not in existing:
            yield Violation(what, name, "is missing")
        elif existing[name] != sql:
            yield Violation(what, name, "differs from that of this version")
    for name in sorted(existing.keys() - wanted.keys()):
        yield Violation(what, name, "is not one of ours")


def _sqlite_sql(connection: Connection, kind: str) -> dict[str, str]:
    query = text("SELECT name, sql FROM sqlite_master WHERE type = :kind")
    return {name: _normalized(sql) for name, sql in connection.execute(query, {"kind": kind})}


def _postgresql_triggers(connection: Connection) -> dict[str, str]:
    """The enabled triggers by name, with the SQL that PostgreSQL gives for them."""
    query = text(
        "SELECT t.tgname, replace(pg_get_triggerdef(t.oid), ' ON ' || n.nspname || '.', ' ON ')"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND n.nspname = current_schema()"
    )
    return {name: _normalized(sql) for name, sql in connection.execute(query)}


def _normalized(sql: str) -> str:
    """`sql` without what PostgreSQL changes in it: case, parentheses, white space."""
    return re.sub(r"\s+", " ", re.sub(r"[()]", " ", sql)).strip().casefold()


def _constraints(table: Table, *kinds: type[Any]) -> list[Any]:
    return _by_name(constraint for constraint in table.constraints if isinstance(constraint, kinds))


def _by_name(found: Iterable[Any]) -> list[Any]:
    return sorted(found, key=lambda element: str(element.name))


def _keys(table: Table) -> Any:
    """A query for the id of each row of `table`, if the table has ids, and its primary key."""
    slug = [table.c.slug] if "slug" in table.c else []
    return select(*slug, *table.primary_key.columns)


def _rows(connection: Connection, table: Table, query: Any, message: str) -> Iterator[Violation]:
    """A violation for each row of `table` that `query` finds, cited by the values that it selects."""
    return (Violation(table.name, "/".join(map(str, row)), message) for row in connection.execute(query))
