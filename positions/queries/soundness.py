"""Whether the tables keep what the schema promises of them, by force of constraints, triggers or habit.

Every question is asked of all tables that the models describe, so that one that is added later is asked about too.
"""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    CheckConstraint,
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
from sqlalchemy.orm import Session

from positions import append_only
from positions.models import (
    VIEWS,
    Base,
    Episode,
    Item,
    Mention,
    Outcome,
    Package,
    Response,
    ResponseActor,
    Revision,
    Stance,
)
from positions.queries.rows import Broken

_TABLES = Base.metadata.sorted_tables


def file(session: Session) -> Iterator[Broken]:
    """What SQLite itself finds wrong with its file; a server looks after its own."""
    if session.get_bind().dialect.name == "sqlite":
        for (message,) in session.execute(text("PRAGMA integrity_check")):
            if message != "ok":
                yield Broken("database", "file", str(message))


def checks(session: Session) -> Iterator[Broken]:
    """Rows that one of their table's CHECKs forbids."""
    dialect = session.get_bind().dialect
    for table in _TABLES:
        for one in sorted(_of_kind(table, CheckConstraint), key=lambda one: str(one.name)):
            sql = one.sqltext.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
            for row in session.execute(_rows(table).where(text(f"NOT ({sql})"))):
                yield Broken(table.name, _cited(row), f"breaks the rule {one.name}: {sql}")


def foreign_keys(session: Session) -> Iterator[Broken]:
    """Rows that point at a row that is not there; the copies in stances point at what they were copied from."""
    for table in _TABLES:
        for key in sorted(_of_kind(table, ForeignKeyConstraint), key=lambda one: str(one.name)):
            target = key.referred_table.alias("target")
            columns = [table.c[name] for name in key.column_keys]
            same = [target.c[one.column.name] == one.parent for one in key.elements]
            there = select(1).select_from(target).where(and_(*same)).exists()
            given = [column.is_not(None) for column in columns]
            for row in session.execute(_rows(table).where(*given, ~there)):
                named = ", ".join(column.name for column in columns)
                yield Broken(table.name, _cited(row), f"points at no {key.referred_table.name}: {named}")


def twice_held(session: Session) -> Iterator[Broken]:
    """Things of which two rows are held at once."""
    for table in _TABLES:
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            if not index.unique:
                continue
            columns = list(index.columns)
            given = [column.is_not(None) for column in columns]
            query = select(*columns).where(table.c.retracted_in.is_(None), *given)
            for row in session.execute(query.group_by(*columns).having(func.count() > 1)):
                yield Broken(
                    table.name, _cited(row), f"is held more than once: {', '.join(one.name for one in columns)}"
                )


def indexes(session: Session) -> Iterator[Broken]:
    """Indexes that are missing, among them those that keep held rows apart."""
    inspector = inspect(session.connection())
    for table in _TABLES:
        there = {str(one["name"]): bool(one["unique"]) for one in inspector.get_indexes(table.name)}
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            if there.get(str(index.name)) is not index.unique:
                yield Broken("index", str(index.name), f"is missing from {table.name}")


def constraints(session: Session) -> Iterator[Broken]:
    """CHECKs, keys and foreign keys that a table no longer has."""
    inspector = inspect(session.connection())
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
            yield Broken("rule", name, f"is missing from {table.name}")


def shared_ids(session: Session) -> Iterator[Broken]:
    """Ids that both an item and a package bear."""
    query = select(Item.slug).join(Package, Package.slug == Item.slug)
    for slug in session.scalars(query.where(Item.retracted_in.is_(None), Package.retracted_in.is_(None))):
        yield Broken("package", slug, "is the id of an item too")


def whole_statements(session: Session) -> Iterator[Broken]:
    """Parts of a response that came or went without it."""
    for part in (Stance, Mention):
        apart = or_(
            part.recorded_in != Response.recorded_in,
            part.retracted_in.is_distinct_from(Response.retracted_in),
        )
        query = select(Response.slug, Episode.slug, part.id).join(part, part.response_id == Response.id)
        for slug, episode, row in session.execute(query.join(Episode, Episode.id == Response.episode_id).where(apart)):
            yield Broken("response", f"{episode}/{slug}", f"its {part.__tablename__} {row} did not come and go with it")


def given_together(session: Session) -> Iterator[Broken]:
    """Responses by several that do not put all of them at the same stance on an item, in the same words."""
    content = [Stance.kind, Stance.wording, Stance.condition, Stance.quote, Stance.basis]
    givers = dict(
        session.execute(select(ResponseActor.response_id, func.count()).group_by(ResponseActor.response_id)).all()
    )
    accounts = (
        select(Stance.response_id, Response.slug, Episode.slug, Item.slug, func.count())
        .join(Response, Response.id == Stance.response_id)
        .join(Episode, Episode.id == Response.episode_id)
        .join(Item, Item.id == Stance.item_id)
        .where(Stance.retracted_in.is_(None))
        .group_by(Stance.response_id, Response.slug, Episode.slug, Item.slug, *content)
    )
    for number, slug, episode, item, alike in session.execute(accounts):
        if alike != givers.get(number, 0):
            yield Broken("response", f"{episode}/{slug}", f"does not put all who gave it at one stance on {item}")


def order(session: Session) -> Iterator[Broken]:
    """Corrected statements that did not keep their place in the order of first entry."""
    for table in (Response, Outcome):
        places = select(table.slug, Episode.slug).join(Episode, Episode.id == table.episode_id)
        moved = func.min(table.sequence) != func.max(table.sequence)
        for slug, episode in session.execute(places.group_by(table.slug, Episode.slug).having(moved)):
            yield Broken(table.__tablename__, f"{episode}/{slug}", "did not keep its place in the order of first entry")


def revisions(session: Session) -> Iterator[Broken]:
    """Gaps between revisions, and revisions that were recorded before the one before them."""
    previous, number = None, 0
    for one in session.scalars(select(Revision).order_by(Revision.number)):
        if one.number != number + 1:
            yield Broken("revision", f"r{one.number}", f"follows r{number}: revisions have no gaps")
        if previous is not None and one.recorded_at < previous:
            yield Broken("revision", f"r{one.number}", f"was recorded before r{number}")
        previous, number = one.recorded_at, one.number


def triggers(session: Session) -> Iterator[Broken]:
    """Triggers that are missing or are not as this version of the program makes them."""
    connection = session.connection()
    wanted = {line.split()[2]: line for table in _TABLES for line in append_only.statements(connection, table.name)}
    there = _postgresql_triggers(session) if connection.dialect.name == "postgresql" else _made(session, "trigger")
    yield from _compared("trigger", {name: _plain(sql) for name, sql in wanted.items()}, there)
    for sql in append_only.function(connection):
        body = session.scalar(text("SELECT prosrc FROM pg_proc WHERE oid = to_regproc('refuse_rewriting')"))
        if body is None or _plain(body) not in _plain(sql):
            yield Broken("trigger", "refuse_rewriting", "the function is not as this version makes it")


def views(session: Session) -> Iterator[Broken]:
    """Views that are missing or do not say what this version of the program makes them say."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        wanted = {name: _plain(f"CREATE VIEW {name} AS {sql}") for name, sql in VIEWS.items()}
        yield from _compared("view", wanted, _made(session, "view"))
        return
    there = set(inspect(connection).get_view_names())
    for name, sql in VIEWS.items():  # a server rewrites the text of a view, so its answers are compared
        if name not in there:
            yield Broken("view", name, "is missing")
            continue
        if _columns(session, f"TABLE {name}") != _columns(session, sql) or _differ(session, f"TABLE {name}", sql):
            yield Broken("view", name, "is not as this version makes it")


def _columns(session: Session, sql: str) -> list[str]:
    return list(session.execute(text(f"SELECT * FROM ({sql}) AS x LIMIT 0")).keys())  # noqa: S608


def _differ(session: Session, one: str, other: str) -> bool:
    apart = (f"({first}) EXCEPT ALL ({second})" for first, second in ((one, other), (other, one)))
    return any(session.execute(text(f"SELECT 1 FROM ({sql}) AS x LIMIT 1")).first() for sql in apart)  # noqa: S608


def _compared(what: str, wanted: dict[str, str], there: dict[str, str]) -> Iterator[Broken]:
    for name, sql in wanted.items():
        if name not in there:
            yield Broken(what, name, "is missing")
        elif there[name] != sql:
            yield Broken(what, name, "is not as this version makes it")
    for name in sorted(there.keys() - wanted.keys()):
        yield Broken(what, name, "is none of ours")


def _made(session: Session, kind: str) -> dict[str, str]:
    query = text("SELECT name, sql FROM sqlite_master WHERE type = :kind")
    return {name: _plain(sql) for name, sql in session.execute(query, {"kind": kind})}


def _postgresql_triggers(session: Session) -> dict[str, str]:
    """The triggers that fire, by name, as the server puts them."""
    query = text(
        "SELECT t.tgname, replace(pg_get_triggerdef(t.oid), ' ON ' || n.nspname || '.', ' ON ')"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND n.nspname = current_schema()"
    )
    return {name: _plain(sql) for name, sql in session.execute(query)}


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
