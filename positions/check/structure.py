"""Whether the tables keep what the schema promises of them, by force of constraints, triggers or habit.

Every question is asked of all tables that the models describe, so that one that is added later is asked about too.
"""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKeyConstraint,
    Table,
    UniqueConstraint,
    and_,
    func,
    inspect,
    or_,
    select,
    text,
)

from positions import append_only, models
from positions.queries.rows import Violation

_TABLES = models.METADATA.sorted_tables


def file(connection: Connection) -> Iterator[Violation]:
    """What SQLite itself finds wrong with its file; a server looks after its own."""
    if connection.dialect.name == "sqlite":
        for (message,) in connection.execute(text("PRAGMA integrity_check")):
            if message != "ok":
                yield Violation("database", "file", str(message))


def checks(connection: Connection) -> Iterator[Violation]:
    """Rows that one of their table's CHECKs forbids."""
    dialect = connection.dialect
    for table in _TABLES:
        for one in sorted(_of_kind(table, CheckConstraint), key=lambda one: str(one.name)):
            sql = one.sqltext.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
            for row in connection.execute(_rows(table).where(text(f"NOT ({sql})"))):
                yield Violation(table.name, _cited(row), f"breaks the rule {one.name}: {sql}")


def foreign_keys(connection: Connection) -> Iterator[Violation]:
    """Rows that point at a row that is not there; the copies in stances point at what they were copied from."""
    for table in _TABLES:
        for key in sorted(_of_kind(table, ForeignKeyConstraint), key=lambda one: str(one.name)):
            target = key.referred_table.alias("target")
            columns = [table.c[name] for name in key.column_keys]
            same = [target.c[one.column.name] == one.parent for one in key.elements]
            there = select(1).select_from(target).where(and_(*same)).exists()
            given = [column.is_not(None) for column in columns]
            for row in connection.execute(_rows(table).where(*given, ~there)):
                named = ", ".join(column.name for column in columns)
                yield Violation(table.name, _cited(row), f"points at no {key.referred_table.name}: {named}")


def twice_held(connection: Connection) -> Iterator[Violation]:
    """Things of which two rows are held at once."""
    for table in _TABLES:
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            if not index.unique:
                continue
            columns = list(index.columns)
            given = [column.is_not(None) for column in columns]
            query = select(*columns).where(table.c.retracted_in.is_(None), *given)
            for row in connection.execute(query.group_by(*columns).having(func.count() > 1)):
                yield Violation(
                    table.name, _cited(row), f"is held more than once: {', '.join(one.name for one in columns)}"
                )


def indexes(connection: Connection) -> Iterator[Violation]:
    """Indexes that are missing, among them those that keep held rows apart."""
    inspector = inspect(connection)
    for table in _TABLES:
        there = {str(one["name"]): bool(one["unique"]) for one in inspector.get_indexes(table.name)}
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            if there.get(str(index.name)) is not index.unique:
                yield Violation("index", str(index.name), f"is missing from {table.name}")


def constraints(connection: Connection) -> Iterator[Violation]:
    """CHECKs, keys and foreign keys that a table no longer has."""
    inspector = inspect(connection)
    for table in _TABLES:
        there = [
            *inspector.get_check_constraints(table.name),
            *inspector.get_foreign_keys(table.name),
            *inspector.get_unique_constraints(table.name),
        ]
        wanted = {
            str(one.name)
            for kind in (CheckConstraint, ForeignKeyConstraint, UniqueConstraint)
            for one in _of_kind(table, kind)
        }
        for name in sorted(wanted - {str(one["name"]) for one in there}):
            yield Violation("rule", name, f"is missing from {table.name}")


def shared_ids(connection: Connection) -> Iterator[Violation]:
    """Ids that both an item and a package bear."""
    item, package = models.item, models.package
    query = select(item.c.slug).join(package, package.c.slug == item.c.slug)
    for slug in connection.scalars(query.where(item.c.retracted_in.is_(None), package.c.retracted_in.is_(None))):
        yield Violation("package", slug, "is the id of an item too")


def whole_statements(connection: Connection) -> Iterator[Violation]:
    """Parts of a response that came or went without it."""
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
            yield Violation("response", f"{source}/{slug}", f"its {part.name} {row} did not come and go with it")


def given_together(connection: Connection) -> Iterator[Violation]:
    """Responses by several that do not put all of them at the same stance on an item, in the same words."""
    stance, response, episode, item = models.stance, models.response, models.episode, models.item
    content: list[Column[Any]] = [stance.c[name] for name in ("kind", "wording", "condition", "quote", "basis")]
    giver = models.response_actor.c.response_id
    givers = dict(connection.execute(select(giver, func.count()).group_by(giver)).all())
    named = (stance.c.response_id, response.c.slug, episode.c.slug, item.c.slug)
    accounts = (
        select(*named, func.count())
        .join(response, response.c.id == stance.c.response_id)
        .join(episode, episode.c.id == response.c.episode_id)
        .join(item, item.c.id == stance.c.item_id)
        .where(stance.c.retracted_in.is_(None))
        .group_by(*named, *content)
    )
    for number, slug, source, about, alike in connection.execute(accounts):
        if alike != givers.get(number, 0):
            yield Violation("response", f"{source}/{slug}", f"does not put all who gave it at one stance on {about}")


def order(connection: Connection) -> Iterator[Violation]:
    """Held statements of a source that stand at the same place, or not among those of their source."""
    episode = models.episode
    source = select(func.min(episode.c.id).label("first"), episode.c.slug).group_by(episode.c.slug).subquery()
    for table in (models.response, models.outcome):
        held = (
            select(table.c.slug, episode.c.slug, source.c.first, table.c.sequence)
            .join(episode, episode.c.id == table.c.episode_id)
            .join(source, source.c.slug == episode.c.slug)
            .where(table.c.retracted_in.is_(None))
            .order_by(table.c.sequence, table.c.id)
        )
        previous = None
        for slug, name, first, sequence in connection.execute(held):
            if sequence == previous:
                yield Violation(table.name, f"{name}/{slug}", "stands at the same place as another in its source")
            if not 0 < sequence - models.first_sequence(first) == models.order_within_source(sequence):
                yield Violation(table.name, f"{name}/{slug}", "does not stand among the statements of its source")
            previous = sequence


def revisions(connection: Connection) -> Iterator[Violation]:
    """Gaps between revisions, and revisions that were recorded before the one before them."""
    previous, number = None, 0
    for one in connection.execute(select(models.revision).order_by(models.revision.c.number)):
        if one.number != number + 1:
            yield Violation("revision", f"r{one.number}", f"follows r{number}: revisions have no gaps")
        if previous is not None and one.recorded_at < previous:
            yield Violation("revision", f"r{one.number}", f"was recorded before r{number}")
        previous, number = one.recorded_at, one.number


def triggers(connection: Connection) -> Iterator[Violation]:
    """Triggers that are missing or are not as this version of the program makes them."""
    statements = append_only.statements(connection, (table.name for table in _TABLES))
    wanted = {statement.split()[2]: statement for statement in statements}
    on_server = connection.dialect.name == "postgresql"
    there = _postgresql_triggers(connection) if on_server else _made(connection, "trigger")
    yield from _compared("trigger", {name: _plain(sql) for name, sql in wanted.items()}, there)
    for name, sql in append_only.functions(connection):
        if not _function_is(connection, name, sql):
            yield Violation("trigger", name, "the function is not as this version makes it")


def _function_is(connection: Connection, name: str, sql: str) -> bool:
    """Whether the server's function `name` has the text and the fixed search path that `sql` gives it."""
    query = text("SELECT prosrc, array_to_string(proconfig, ' ') FROM pg_proc WHERE oid = to_regproc(:name)")
    found = connection.execute(query, {"name": name}).first()
    return found is not None and _plain(found[0]) in _plain(sql) and found[1] == "search_path=pg_catalog, pg_temp"


def views(connection: Connection) -> Iterator[Violation]:
    """Views that are missing or do not say what this version of the program makes them say."""
    if connection.dialect.name != "postgresql":
        wanted = {name: _plain(f"CREATE VIEW {name} AS {sql}") for name, sql in models.VIEWS.items()}
        yield from _compared("view", wanted, _made(connection, "view"))
        return
    there = set(inspect(connection).get_view_names())
    for name, sql in models.VIEWS.items():  # a server rewrites the text of a view, so its answers are compared
        if name not in there:
            yield Violation("view", name, "is missing")
            continue
        there_is = f"TABLE {name}"
        if _columns(connection, there_is) != _columns(connection, sql) or _differ(connection, there_is, sql):
            yield Violation("view", name, "is not as this version makes it")


def _columns(connection: Connection, sql: str) -> list[str]:
    return list(connection.execute(text(f"SELECT * FROM ({sql}) AS x LIMIT 0")).keys())  # noqa: S608


def _differ(connection: Connection, one: str, other: str) -> bool:
    apart = (f"({first}) EXCEPT ALL ({second})" for first, second in ((one, other), (other, one)))
    return any(connection.execute(text(f"SELECT 1 FROM ({sql}) AS x LIMIT 1")).first() for sql in apart)  # noqa: S608


def _compared(what: str, wanted: dict[str, str], there: dict[str, str]) -> Iterator[Violation]:
    for name, sql in wanted.items():
        if name not in there:
            yield Violation(what, name, "is missing")
        elif there[name] != sql:
            yield Violation(what, name, "is not as this version makes it")
    for name in sorted(there.keys() - wanted.keys()):
        yield Violation(what, name, "is none of ours")


def _made(connection: Connection, kind: str) -> dict[str, str]:
    query = text("SELECT name, sql FROM sqlite_master WHERE type = :kind")
    return {name: _plain(sql) for name, sql in connection.execute(query, {"kind": kind})}


def _postgresql_triggers(connection: Connection) -> dict[str, str]:
    """The triggers that fire, by name, as the server puts them."""
    query = text(
        "SELECT t.tgname, replace(pg_get_triggerdef(t.oid), ' ON ' || n.nspname || '.', ' ON ')"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND n.nspname = current_schema()"
    )
    return {name: _plain(sql) for name, sql in connection.execute(query)}


def _plain(sql: str) -> str:
    """`sql` without what a server changes of it: case, parentheses, white space."""
    return re.sub(r"\s+", " ", re.sub(r"[()]", " ", sql)).strip().casefold()


def _of_kind(table: Table, kind: type[Any]) -> list[Any]:
    return [one for one in table.constraints if isinstance(one, kind)]


def _rows(table: Table) -> Any:
    """A query for what names each row of `table`: its id, if it has one that people type, and its number."""
    slug = [table.c.slug] if "slug" in table.c else []
    return select(*slug, *table.primary_key.columns)


def _cited(row: Any) -> str:
    return "/".join(str(value) for value in row)
