"""What the record holds now, as entries of an episode file: what `plan` compares with and `dump` prints."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, select

from positions import models
from positions.dates import Span
from positions.episode_file.schema import (
    ActorEntry,
    AnyEntry,
    DemandEntry,
    Entry,
    EpisodeEntry,
    ExtensionEntry,
    OfferEntry,
    OutcomeEntry,
    PackageEntry,
    ResponseEntry,
    SideEntry,
    read_stored,
)
from positions.errors import DatabaseError
from positions.queries.known import Key
from positions.vocabulary import ItemKind, MentionKind, Role, What

_EPISODE = (
    *(
        "kind",
        "title",
        "published",
        "url",
        "author",
        "publisher",
        "language",
        "translation",
        "read",
        "missing",
    ),
    *("summary", "text_sha256"),
)
_SOURCED = ("basis", "quote", "summary", "url")
_TRANSLATED = (*_SOURCED, "language", "translation")
_FIELD = {Role.MAKER: "by", Role.ADDRESSEE: "to", Role.AFFECTED: "affects"}
_LOCAL = frozenset({What.RESPONSE, What.OUTCOME, What.EXTENSION})

_Query = Select[*tuple[Any, ...]]
_Row = Row[*tuple[Any, ...]]
_Which = Callable[[FromClause], ColumnElement[bool]]
"""Given a table of ties, which of its rows are wanted."""


def key(entry: Entry, episode: str) -> Key:
    """What names `entry`, which stands in the file of `episode`."""
    return entry.what, f"{episode}/{entry.id}" if entry.what in _LOCAL else entry.id


def entries(connection: Connection, episode: str) -> dict[Key, Entry]:
    """What the file of `episode` would hold to say what the record now holds of it, by key.

    The episode itself, then what it owns and adds, in the order of first recording, then its statements in the order of
    its file; empty if there is no such episode.
    """
    owner = connection.scalar(
        select(models.episode.c.id).where(models.episode.c.retracted_in.is_(None), models.episode.c.slug == episode)
    )
    if owner is None:
        return {}
    found: list[Entry] = [
        *_episodes(connection, models.episode.c.id == owner),
        *_sides(connection, models.side.c.episode_id == owner),
        *_actors(connection, models.actor.c.episode_id == owner),
        *_packages(connection, models.package.c.episode_id == owner),
        *_items(connection, models.item.c.episode_id == owner),
        *_extensions(connection, owner),
        *_responses(connection, owner),
        *_outcomes(connection, owner),
    ]
    return {key(entry, episode): entry for entry in found}


def definitions(connection: Connection, keys: Iterable[Key]) -> dict[Key, Entry]:
    """The held sides, actors, packages and items among `keys`, by key, whichever episode owns them."""
    slugs: dict[What, list[str]] = defaultdict(list)
    for what, name in keys:
        slugs[what].append(name)
    found: list[Entry] = [
        *_sides(connection, models.side.c.slug.in_(slugs[What.SIDE])),
        *_actors(connection, models.actor.c.slug.in_(slugs[What.ACTOR])),
        *_packages(connection, models.package.c.slug.in_(slugs[What.PACKAGE])),
        *_items(connection, models.item.c.slug.in_(slugs[What.DEMAND] + slugs[What.OFFER])),
    ]
    return {(entry.what, entry.id): entry for entry in found}


def _entry(kind: type[AnyEntry], /, **given: Any) -> AnyEntry:
    try:
        return read_stored(kind, {name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        message = f"what is held of {given.get('id', 'an entry')} cannot be read: {'; '.join(str(error).splitlines())}"
        raise DatabaseError(
            message, "Another program changed it: `positions check` names all that is broken."
        ) from error


def _rows(connection: Connection, query: _Query, table: FromClause, which: ColumnElement[bool]) -> Iterable[_Row]:
    return connection.execute(query.where(table.c.retracted_in.is_(None), which).order_by(table.c.id))


def _fields(row: _Row, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _with_voices(table: FromClause, *names: str) -> _Query:
    """A query for columns of `table`, with the ids of who spoke and who reported."""
    speaker, reporter = models.actor.alias(), models.actor.alias()
    columns = [table.c[name] for name in ("id", "slug", *names)]
    return (
        select(*columns, speaker.c.slug.label("speaker"), reporter.c.slug.label("reported_by"))
        .outerjoin(speaker, speaker.c.id == table.c.speaker_id)
        .outerjoin(reporter, reporter.c.id == table.c.reported_by_id)
    )


def _episodes(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    query = select(models.episode.c.slug, *(models.episode.c[name] for name in _EPISODE))
    for row in _rows(connection, query, models.episode, which):
        yield _entry(EpisodeEntry, id=row.slug, **_fields(row, *_EPISODE))


def _sides(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    for row in _rows(connection, select(models.side.c.slug, models.side.c.name), models.side, which):
        yield _entry(SideEntry, id=row.slug, name=row.name)


def _actors(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    principal = models.actor.alias()
    query = (
        select(
            *(models.actor.c.slug, models.actor.c.kind, models.actor.c.name, models.actor.c.role),
            models.side.c.slug.label("side"),
            principal.c.slug.label("speaks_for"),
        )
        .outerjoin(models.side, models.side.c.id == models.actor.c.side_id)
        .outerjoin(principal, principal.c.id == models.actor.c.speaks_for_id)
    )
    for row in _rows(connection, query, models.actor, which):
        yield _entry(ActorEntry, id=row.slug, **_fields(row, "kind", "name", "side", "speaks_for", "role"))


def _packages(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    ties = _package_ties(connection, lambda tie: (tie.c.episode_id == models.package.c.episode_id) & which)
    fields = ("title", "core_quote", *_SOURCED)
    for row in _rows(connection, _with_voices(models.package, *fields, "said_from", "said_to"), models.package, which):
        said = Span(row.said_from, row.said_to)
        given = _fields(row, *fields, "speaker", "reported_by")
        yield _entry(PackageEntry, id=row.slug, said=said, **given, **ties[row.slug])


def _items(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    ties = _item_ties(connection, lambda tie: (tie.c.episode_id == models.item.c.episode_id) & which)
    fields = ("topic", "title", "text", *_TRANSLATED)
    query = _with_voices(models.item, *fields, "kind", "made_from", "made_to", "said_from", "said_to")
    query = query.add_columns(models.side.c.slug.label("side")).outerjoin(
        models.side, models.side.c.id == models.item.c.side_id
    )
    for row in _rows(connection, query, models.item, which):
        yield _entry(
            DemandEntry if row.kind is ItemKind.DEMAND else OfferEntry,
            id=row.slug,
            made=Span(row.made_from, row.made_to),
            said=None if row.said_to is None else Span(row.said_from, row.said_to),
            **_fields(row, *fields, "side", "speaker", "reported_by"),
            **ties[row.slug],
        )


def _extensions(connection: Connection, owner: int) -> Iterator[Entry]:
    to_items = _item_ties(connection, lambda tie: (tie.c.episode_id == owner) & (models.item.c.episode_id != owner))
    to_packages = _package_ties(
        connection, lambda tie: (tie.c.episode_id == owner) & (models.package.c.episode_id != owner)
    )
    for slug, ties in (*to_items.items(), *to_packages.items()):
        yield _entry(ExtensionEntry, id=slug, **ties)


def _package_ties(connection: Connection, which: _Which) -> defaultdict[str, dict[str, list[str]]]:
    """By package: its makers, items and core, as far as `which` asks for them."""
    ties: defaultdict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    makers = (
        select(models.package.c.slug, models.actor.c.slug)
        .join(models.package_maker, models.package_maker.c.package_id == models.package.c.id)
        .join(models.actor, models.actor.c.id == models.package_maker.c.actor_id)
    )
    for package, slug in _rows(connection, makers, models.package_maker, which(models.package_maker)):
        ties[package]["by"].append(slug)
    items = (
        select(models.package.c.slug, models.item.c.slug, models.package_item.c.core)
        .join(models.package_item, models.package_item.c.package_id == models.package.c.id)
        .join(models.item, models.item.c.id == models.package_item.c.item_id)
    )
    for package, slug, core in _rows(connection, items, models.package_item, which(models.package_item)):
        ties[package]["items"].append(slug)
        if core:
            ties[package]["core"].append(slug)
    return ties


def _item_ties(connection: Connection, which: _Which) -> defaultdict[str, dict[str, list[Any]]]:
    """By item: its actors, links and provisions, as far as `which` asks for them."""
    ties: defaultdict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    actors = (
        select(models.item.c.slug, models.item_actor.c.role, models.actor.c.slug)
        .join(models.item_actor, models.item_actor.c.item_id == models.item.c.id)
        .join(models.actor, models.actor.c.id == models.item_actor.c.actor_id)
    )
    for item, role, slug in _rows(connection, actors, models.item_actor, which(models.item_actor)):
        ties[item][_FIELD[role]].append(slug)
    other = models.item.alias()
    links = (
        select(models.item.c.slug, models.item_link.c.kind, other.c.slug, models.package.c.slug)
        .join(models.item_link, models.item_link.c.item_id == models.item.c.id)
        .outerjoin(other, other.c.id == models.item_link.c.to_item_id)
        .outerjoin(models.package, models.package.c.id == models.item_link.c.to_package_id)
    )
    for item, kind, to_item, to_package in _rows(connection, links, models.item_link, which(models.item_link)):
        ties[item][kind].append(to_item or to_package)
    drafts = models.episode.alias()
    provisions = (
        select(models.item.c.slug, drafts.c.slug, models.provision.c.article)
        .join(models.provision, models.provision.c.item_id == models.item.c.id)
        .join(drafts, drafts.c.id == models.provision.c.document_id)
    )
    for item, document, article in _rows(connection, provisions, models.provision, which(models.provision)):
        ties[item]["provisions"].append({"document": document, "article": article})
    return ties


def _responses(connection: Connection, owner: int) -> Iterator[Entry]:
    mine = (models.response.c.episode_id == owner) & models.response.c.retracted_in.is_(None)
    givers = _grouped(
        connection.execute(
            select(models.response_actor.c.response_id, models.actor.c.slug)
            .join(models.actor, models.actor.c.id == models.response_actor.c.actor_id)
            .join(models.response, models.response.c.id == models.response_actor.c.response_id)
            .where(mine)
        )
    )
    stances, mentions = _stances(connection, mine), _mentions(connection, mine)
    fields = ("venue", *_TRANSLATED)
    query = _with_voices(models.response, *fields, "said_from", "said_to", "sequence")
    query = query.order_by(models.response.c.sequence)
    for row in _rows(connection, query, models.response, models.response.c.episode_id == owner):
        entry = _entry(
            ResponseEntry,
            id=row.slug,
            by=givers[row.id],
            said=Span(row.said_from, row.said_to),
            stances=stances[row.id],
            repeats=mentions[row.id, MentionKind.REPEATS],
            about=mentions[row.id, MentionKind.ABOUT],
            **_fields(row, *fields, "speaker", "reported_by"),
        )
        yield entry.ordered(models.order_within_source(row.sequence))


def _stances(connection: Connection, mine: ColumnElement[bool]) -> defaultdict[int, dict[str, dict[str, Any]]]:
    found: defaultdict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    query = (
        select(
            models.stance.c.response_id,
            models.item.c.slug,
            models.stance.c.kind,
            models.stance.c.wording,
            models.stance.c.condition,
            models.stance.c.basis,
            models.stance.c.quote,
        )
        .join(models.item, models.item.c.id == models.stance.c.item_id)
        .join(models.response, models.response.c.id == models.stance.c.response_id)
        .where(mine)
        .order_by(models.stance.c.id)
    )
    for row in connection.execute(query):
        detail = {"stance": row.kind, **_fields(row, "wording", "condition", "basis", "quote")}
        found[row.response_id][row.slug] = {name: value for name, value in detail.items() if value is not None}
    return found


def _mentions(
    connection: Connection, mine: ColumnElement[bool]
) -> defaultdict[tuple[int, MentionKind], dict[str, dict[str, Any]]]:
    found: defaultdict[tuple[int, MentionKind], dict[str, dict[str, Any]]] = defaultdict(dict)
    query = (
        select(
            models.mention.c.response_id,
            models.mention.c.kind,
            models.item.c.slug,
            models.mention.c.wording,
            models.mention.c.scope,
            models.mention.c.quote,
        )
        .join(models.item, models.item.c.id == models.mention.c.item_id)
        .join(models.response, models.response.c.id == models.mention.c.response_id)
        .where(mine)
        .order_by(models.mention.c.id)
    )
    for row in connection.execute(query):
        detail = _fields(row, "wording", "scope", "quote")
        found[row.response_id, row.kind][row.slug] = {
            name: value for name, value in detail.items() if value is not None
        }
    return found


def _outcomes(connection: Connection, owner: int) -> Iterator[Entry]:
    mine = (models.outcome.c.episode_id == owner) & models.outcome.c.retracted_in.is_(None)
    items = _grouped(
        connection.execute(
            select(models.outcome_item.c.outcome_id, models.item.c.slug)
            .join(models.item, models.item.c.id == models.outcome_item.c.item_id)
            .join(models.outcome, models.outcome.c.id == models.outcome_item.c.outcome_id)
            .where(mine)
        )
    )
    actors = _grouped(
        connection.execute(
            select(models.outcome_actor.c.outcome_id, models.actor.c.slug)
            .join(models.actor, models.actor.c.id == models.outcome_actor.c.actor_id)
            .join(models.outcome, models.outcome.c.id == models.outcome_actor.c.outcome_id)
            .where(mine)
        )
    )
    fields = ("in_part", *_TRANSLATED)
    query = _with_voices(models.outcome, *fields, "kind", "said_from", "said_to", "sequence")
    query = query.order_by(models.outcome.c.sequence)
    query = query.add_columns(models.item.c.slug.label("superseded_by")).outerjoin(
        models.item, models.item.c.id == models.outcome.c.superseded_by_id
    )
    for row in _rows(connection, query, models.outcome, models.outcome.c.episode_id == owner):
        entry = _entry(
            OutcomeEntry,
            id=row.slug,
            items=items[row.id],
            by=actors[row.id],
            outcome=row.kind,
            on=Span(row.said_from, row.said_to),
            **_fields(row, *fields, "superseded_by", "speaker", "reported_by"),
        )
        yield entry.ordered(models.order_within_source(row.sequence))


def _grouped(rows: Iterable[Any]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for number, slug in rows:
        found[number].append(slug)
    return found
