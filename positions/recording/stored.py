"""The current record as entries of episode files: `plan` compares files with them, `dump` prints them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, Table, select
from sqlalchemy.sql.selectable import NamedFromClause

from positions import models
from positions.dates import Span
from positions.episode_file import messages
from positions.episode_file.schema import (
    ENTRIES,
    ActorEntry,
    AnyEntry,
    Entry,
    EpisodeEntry,
    ExtensionEntry,
    OutcomeEntry,
    PackageEntry,
    ResponseEntry,
    SideEntry,
    read_stored,
)
from positions.errors import DatabaseError
from positions.queries.status import days_of_publication
from positions.vocabulary import EntryKind, Key, MentionKind, Role

LOCAL = frozenset({EntryKind.RESPONSE, EntryKind.OUTCOME, EntryKind.EXTENSION})
"""Kinds of entry whose ids are unique only within their episode."""

_ROLE_FIELDS = {Role.MAKER: "by", Role.ADDRESSEE: "to", Role.AFFECTED: "affects"}

_Query = Select[*tuple[Any, ...]]
_Row = Row[*tuple[Any, ...]]
_Ties = defaultdict[str, defaultdict[str, list[Any]]]
"""By id of an item or package, and by field: what it is tied to."""


def key(entry: Entry, episode: str) -> Key:
    """The key of `entry` in a file of `episode`."""
    return entry.what, f"{episode}/{entry.id}" if entry.what in LOCAL else entry.id


def entries(connection: Connection, episode: str) -> dict[Key, Entry]:
    """The current entries of `episode` by key; empty if there is no such episode.

    The episode itself comes first, then what it defines and extends, in the order of first recording, then its
    statements in the order of its file.
    """
    column = models.episode.c
    owner = connection.scalar(select(column.id).where(column.retracted_in.is_(None), column.slug == episode))
    if owner is None:
        return {}
    episodes = _rows(connection, models.episode, column.id == owner)
    found: list[Entry] = [
        *(_entry(EpisodeEntry, row, published=days_of_publication(row)) for row in episodes),
        *_definitions(connection, lambda table: table.c.episode_id == owner),
        *_extensions(connection, owner),
        *_responses(connection, owner),
        *_outcomes(connection, owner),
    ]
    return {key(entry, episode): entry for entry in found}


def definitions(connection: Connection, keys: Collection[Key]) -> dict[Key, Entry]:
    """The current sides, actors, packages and items among `keys`, by key, of any episode."""
    slugs = [name for _, name in keys]
    found = {(entry.what, entry.id): entry for entry in _definitions(connection, lambda table: table.c.slug.in_(slugs))}
    return {key: entry for key, entry in found.items() if key in keys}


def _definitions(connection: Connection, which: Callable[[Table[Any]], ColumnElement[bool]]) -> Iterator[Entry]:
    """The sides, actors, packages and items whose rows satisfy `which(table)`."""
    yield from (_entry(SideEntry, row) for row in _rows(connection, models.side, which(models.side)))
    yield from (_entry(ActorEntry, row) for row in _rows(connection, models.actor, which(models.actor)))
    yield from _packages(connection, which(models.package))
    yield from _items(connection, which(models.item))


def _entry(kind: type[AnyEntry], row: _Row, /, **more: Any) -> AnyEntry:
    """The entry with the columns of `row` that are fields of `kind`, and with `more` fields."""
    known, values = kind.model_fields, {**row._asdict(), **more}
    return _read(kind, {name: value for name, value in values.items() if name in known and value is not None})


def _read(kind: type[AnyEntry], fields: dict[str, Any]) -> AnyEntry:
    try:
        return read_stored(kind, fields)
    except ValidationError as error:
        wrong = "; ".join(f"{messages.path(path)} {message}" for path, message, _ in messages.problems(error))
        message = f"{fields.get('id', 'an entry')} cannot be read from the database: {wrong}"
        raise DatabaseError(message, "Another program changed it; `positions check` lists what is wrong.") from error


def _current(connection: Connection, query: _Query, table: FromClause, which: ColumnElement[bool]) -> Iterable[_Row]:
    return connection.execute(query.where(table.c.retracted_in.is_(None), which).order_by(table.c.id))


def _entry_query(table: Table[Any]) -> _Query:
    """A query for the rows of `table`, with columns like the fields of its entries: ids instead of row numbers."""
    columns: list[ColumnElement[Any]] = [table.c.slug.label("id")]
    source: FromClause = table
    bookkeeping = {"id", "slug", "episode_id", "recorded_in", "retracted_in"}
    for column in (column for column in table.c if column.name not in bookkeeping):
        targets = [key.column.table for key in column.foreign_keys if "slug" in key.column.table.c]
        if targets:
            named = targets[0].alias()
            source = source.outerjoin(named, named.c.id == column)
            columns.append(named.c.slug.label(column.name.removesuffix("_id")))
        else:
            columns.append(column)
    query = select(*columns).select_from(source)
    return query.order_by(table.c.sequence) if "sequence" in table.c else query


def _parts(table: Table[Any], owner: Table[Any], named: NamedFromClause, *columns: str) -> _Query:
    """A query for the rows of `table`: the id of the `owner` that each is part of, the id of `named`, and `columns`."""
    return (
        select(owner.c.slug, named.c.slug, *(table.c[name] for name in columns))
        .select_from(table)
        .join(owner, owner.c.id == table.c[f"{owner.name}_id"])
        .join(named, named.c.id == table.c[f"{named.name}_id"])
    )


# Made once: on a small database, building these queries takes longer than running them.
_DESCRIBED = (models.episode, models.side, models.actor, models.package, models.item)
_ENTRIES = {table: _entry_query(table) for table in (*_DESCRIBED, models.response, models.outcome)}
_TO_ITEM, _DOCUMENT = models.item.alias(), models.episode.alias("document")
_PACKAGE_MAKERS = _parts(models.package_maker, models.package, models.actor)
_PACKAGE_ITEMS = _parts(models.package_item, models.package, models.item, "core")
_ITEM_ACTORS = _parts(models.item_actor, models.item, models.actor, "role")
_LINKS = (
    select(models.item.c.slug, models.item_link.c.kind, _TO_ITEM.c.slug, models.package.c.slug)
    .join(models.item_link, models.item_link.c.item_id == models.item.c.id)
    .outerjoin(_TO_ITEM, _TO_ITEM.c.id == models.item_link.c.to_item_id)
    .outerjoin(models.package, models.package.c.id == models.item_link.c.to_package_id)
)
_PROVISIONS = _parts(models.provision, models.item, _DOCUMENT, "article")
_RESPONSE_ACTORS = _parts(models.response_actor, models.response, models.actor)
_STANCE = ("wording", "condition", "basis", "quote")
_STANCES = _parts(models.stance, models.response, models.item, "kind", *_STANCE).order_by(models.stance.c.id)
_MENTION = ("wording", "scope", "quote")
_MENTIONS = _parts(models.mention, models.response, models.item, "kind", *_MENTION).order_by(models.mention.c.id)
_OUTCOME_ITEMS = _parts(models.outcome_item, models.outcome, models.item)
_OUTCOME_ACTORS = _parts(models.outcome_actor, models.outcome, models.actor)


def _rows(connection: Connection, table: Table[Any], which: ColumnElement[bool]) -> Iterable[_Row]:
    return _current(connection, _ENTRIES[table], table, which)


def _packages(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    ties = _package_ties(connection, models.package.c.episode_id, which)
    for row in _rows(connection, models.package, which):
        yield _entry(PackageEntry, row, said=Span(row.said_from, row.said_to), **ties[row.id])


def _items(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    ties = _item_ties(connection, models.item.c.episode_id, which)
    for row in _rows(connection, models.item, which):
        said = None if row.said_to is None else Span(row.said_from, row.said_to)
        made = Span(row.made_from, row.made_to)
        yield _entry(ENTRIES[EntryKind(row.kind)], row, made=made, said=said, **ties[row.id])


def _extensions(connection: Connection, owner: int) -> Iterator[Entry]:
    to_items = _item_ties(connection, owner, models.item.c.episode_id != owner)
    to_packages = _package_ties(connection, owner, models.package.c.episode_id != owner)
    for slug, ties in (*to_items.items(), *to_packages.items()):
        yield _read(ExtensionEntry, {"id": slug, **ties})


def _package_ties(connection: Connection, source: Any, which: ColumnElement[bool]) -> _Ties:
    """By package, of those that `which` selects: the makers, items and core that the episode `source` gives it."""
    ties: _Ties = defaultdict(lambda: defaultdict(list))
    for slug, maker in _ties_of(connection, _PACKAGE_MAKERS, models.package_maker, source, which):
        ties[slug]["by"].append(maker)
    for slug, part, core in _ties_of(connection, _PACKAGE_ITEMS, models.package_item, source, which):
        ties[slug]["items"].append(part)
        if core:
            ties[slug]["core"].append(part)
    return ties


def _item_ties(connection: Connection, source: Any, which: ColumnElement[bool]) -> _Ties:
    """By item, of those that `which` selects: the actors, links and provisions that the episode `source` gives it."""
    ties: _Ties = defaultdict(lambda: defaultdict(list))
    for slug, named, role in _ties_of(connection, _ITEM_ACTORS, models.item_actor, source, which):
        ties[slug][_ROLE_FIELDS[role]].append(named)
    for slug, kind, to_item, to_package in _ties_of(connection, _LINKS, models.item_link, source, which):
        ties[slug][kind].append(to_item or to_package)
    for slug, document, article in _ties_of(connection, _PROVISIONS, models.provision, source, which):
        ties[slug]["provisions"].append({"document": document, "article": article})
    return ties


def _ties_of(
    connection: Connection, query: _Query, table: Table[Any], source: Any, which: ColumnElement[bool]
) -> Iterable[_Row]:
    return _current(connection, query, table, (table.c.episode_id == source) & which)


def _responses(connection: Connection, owner: int) -> Iterator[Entry]:
    which = models.response.c.episode_id == owner
    current = which & models.response.c.retracted_in.is_(None)
    givers = _named(connection, _RESPONSE_ACTORS.where(current))
    details: defaultdict[tuple[str, str], dict[str, dict[str, Any]]] = defaultdict(dict)
    for slug, about, kind, *values in connection.execute(_STANCES.where(current)):
        details[slug, "stances"][about] = {"stance": kind, **_given(_STANCE, values)}
    for slug, about, kind, *values in connection.execute(_MENTIONS.where(current)):
        details[slug, kind][about] = _given(_MENTION, values)
    for row in _rows(connection, models.response, which):
        entry = _entry(
            ResponseEntry,
            row,
            by=givers[row.id],
            said=Span(row.said_from, row.said_to),
            stances=details[row.id, "stances"],
            repeats=details[row.id, MentionKind.REPEATS],
            about=details[row.id, MentionKind.ABOUT],
        )
        yield entry.ordered(models.order_within_source(row.sequence))


def _outcomes(connection: Connection, owner: int) -> Iterator[Entry]:
    which = models.outcome.c.episode_id == owner
    current = which & models.outcome.c.retracted_in.is_(None)
    items = _named(connection, _OUTCOME_ITEMS.where(current))
    actors = _named(connection, _OUTCOME_ACTORS.where(current))
    for row in _rows(connection, models.outcome, which):
        on = Span(row.said_from, row.said_to)
        entry = _entry(OutcomeEntry, row, items=items[row.id], by=actors[row.id], outcome=row.kind, on=on)
        yield entry.ordered(models.order_within_source(row.sequence))


def _named(connection: Connection, query: _Query) -> defaultdict[str, list[str]]:
    """By id of a statement: the ids in its rows of `query`."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for slug, named in connection.execute(query):
        found[slug].append(named)
    return found


def _given(names: Iterable[str], values: Iterable[Any]) -> dict[str, Any]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}
