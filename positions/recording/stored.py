"""The current record as entries of episode files: `plan` compares files with them, `dump` prints them."""

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
from positions.models import (
    actor,
    item,
    item_actor,
    item_link,
    mention,
    outcome,
    outcome_actor,
    outcome_item,
    package,
    package_item,
    package_maker,
    provision,
    response,
    response_actor,
    side,
    stance,
)
from positions.queries.status import days_of_publication
from positions.vocabulary import EntryKind, ItemKind, Key, MentionKind, Role

_Query = Select[*tuple[Any, ...]]
_Row = Row[*tuple[Any, ...]]
_Ties = defaultdict[str, dict[str, list[Any]]]
_Which = Callable[[FromClause], ColumnElement[bool]]
"""Makes the condition for the rows of a table of ties."""

_EPISODE = (
    *("kind", "title", "published", "url", "author", "publisher", "language", "translation", "read", "missing"),
    *("summary", "text_sha256"),
)
_SOURCED = ("basis", "quote", "summary", "url")
_TRANSLATED = (*_SOURCED, "language", "translation")
_ROLE_FIELDS = {Role.MAKER: "by", Role.ADDRESSEE: "to", Role.AFFECTED: "affects"}
_LOCAL = frozenset({EntryKind.RESPONSE, EntryKind.OUTCOME, EntryKind.EXTENSION})


def key(entry: Entry, episode: str) -> Key:
    """The key of `entry` in a file of `episode`."""
    return entry.what, f"{episode}/{entry.id}" if entry.what in _LOCAL else entry.id


def entries(connection: Connection, episode: str) -> dict[Key, Entry]:
    """The current entries of `episode` by key; empty if there is no such episode.

    The episode itself comes first, then what it defines and extends, in the order of first recording, then its
    statements in the order of its file.
    """
    column = models.episode.c
    owner = connection.scalar(select(column.id).where(column.retracted_in.is_(None), column.slug == episode))
    if owner is None:
        return {}
    found: list[Entry] = [
        *_episodes(connection, models.episode.c.id == owner),
        *_sides(connection, side.c.episode_id == owner),
        *_actors(connection, actor.c.episode_id == owner),
        *_packages(connection, package.c.episode_id == owner),
        *_items(connection, item.c.episode_id == owner),
        *_extensions(connection, owner),
        *_responses(connection, owner),
        *_outcomes(connection, owner),
    ]
    return {key(entry, episode): entry for entry in found}


def definitions(connection: Connection, keys: Iterable[Key]) -> dict[Key, Entry]:
    """The current sides, actors, packages and items among `keys`, by key, of any episode."""
    slugs: dict[EntryKind, list[str]] = defaultdict(list)
    for what, name in keys:
        slugs[what].append(name)
    found: list[Entry] = [
        *_sides(connection, side.c.slug.in_(slugs[EntryKind.SIDE])),
        *_actors(connection, actor.c.slug.in_(slugs[EntryKind.ACTOR])),
        *_packages(connection, package.c.slug.in_(slugs[EntryKind.PACKAGE])),
        *_items(connection, item.c.slug.in_(slugs[EntryKind.DEMAND] + slugs[EntryKind.OFFER])),
    ]
    return {(entry.what, entry.id): entry for entry in found}


def _entry(kind: type[AnyEntry], /, **given: Any) -> AnyEntry:
    try:
        return read_stored(kind, {name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        message = (
            f"{given.get('id', 'an entry')} cannot be read from the database: {'; '.join(str(error).splitlines())}"
        )
        raise DatabaseError(message, "Another program changed it; `positions check` lists what is wrong.") from error


def _current(connection: Connection, query: _Query, table: FromClause, which: ColumnElement[bool]) -> Iterable[_Row]:
    return connection.execute(query.where(table.c.retracted_in.is_(None), which).order_by(table.c.id))


def _fields(row: _Row, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _given(row: _Row, *names: str) -> dict[str, Any]:
    return {name: value for name, value in _fields(row, *names).items() if value is not None}


_SPEAKER, _REPORTER = actor.alias(), actor.alias()


def _with_voices(table: FromClause, *names: str) -> _Query:
    """A query for columns of `table`, with the ids of the speaker and the reporter."""
    columns = [table.c[name] for name in ("id", "slug", *names)]
    return (
        select(*columns, _SPEAKER.c.slug.label("speaker"), _REPORTER.c.slug.label("reported_by"))
        .outerjoin(_SPEAKER, _SPEAKER.c.id == table.c.speaker_id)
        .outerjoin(_REPORTER, _REPORTER.c.id == table.c.reported_by_id)
    )


# Made once: on a small database, building these queries takes longer than running them.
_EPISODES = select(*(models.episode.c[name] for name in ("slug", "published_from", *_EPISODE)))
_SIDES = select(side.c.slug, side.c.name)
_PRINCIPAL = actor.alias()
_ACTORS = (
    select(
        *(actor.c.slug, actor.c.kind, actor.c.name, actor.c.role),
        side.c.slug.label("side"),
        _PRINCIPAL.c.slug.label("speaks_for"),
    )
    .outerjoin(side, side.c.id == actor.c.side_id)
    .outerjoin(_PRINCIPAL, _PRINCIPAL.c.id == actor.c.speaks_for_id)
)
_PACKAGE = ("title", "core_quote", *_SOURCED)
_PACKAGES = _with_voices(package, *_PACKAGE, "said_from", "said_to")
_PACKAGE_MAKERS = (
    select(package.c.slug, actor.c.slug)
    .join(package_maker, package_maker.c.package_id == package.c.id)
    .join(actor, actor.c.id == package_maker.c.actor_id)
)
_PACKAGE_ITEMS = (
    select(package.c.slug, item.c.slug, package_item.c.core)
    .join(package_item, package_item.c.package_id == package.c.id)
    .join(item, item.c.id == package_item.c.item_id)
)
_ITEM = ("topic", "title", "text", *_TRANSLATED)
_ITEMS = (
    _with_voices(item, *_ITEM, "kind", "made_from", "made_to", "said_from", "said_to")
    .add_columns(side.c.slug.label("side"))
    .outerjoin(side, side.c.id == item.c.side_id)
)
_ITEM_ACTORS = (
    select(item.c.slug, item_actor.c.role, actor.c.slug)
    .join(item_actor, item_actor.c.item_id == item.c.id)
    .join(actor, actor.c.id == item_actor.c.actor_id)
)
_TO_ITEM = item.alias()
_LINKS = (
    select(item.c.slug, item_link.c.kind, _TO_ITEM.c.slug, package.c.slug)
    .join(item_link, item_link.c.item_id == item.c.id)
    .outerjoin(_TO_ITEM, _TO_ITEM.c.id == item_link.c.to_item_id)
    .outerjoin(package, package.c.id == item_link.c.to_package_id)
)
_DOCUMENT = models.episode.alias()
_PROVISIONS = (
    select(item.c.slug, _DOCUMENT.c.slug, provision.c.article)
    .join(provision, provision.c.item_id == item.c.id)
    .join(_DOCUMENT, _DOCUMENT.c.id == provision.c.document_id)
)
_RESPONSE = ("venue", *_TRANSLATED)
_RESPONSES = _with_voices(response, *_RESPONSE, "said_from", "said_to", "sequence").order_by(response.c.sequence)
_RESPONSE_ACTORS = (
    select(response_actor.c.response_id, actor.c.slug)
    .join(actor, actor.c.id == response_actor.c.actor_id)
    .join(response, response.c.id == response_actor.c.response_id)
)
_STANCE = ("wording", "condition", "basis", "quote")
_STANCES = (
    select(stance.c.response_id, item.c.slug, stance.c.kind.label("stance"), *(stance.c[name] for name in _STANCE))
    .join(item, item.c.id == stance.c.item_id)
    .join(response, response.c.id == stance.c.response_id)
    .order_by(stance.c.id)
)
_MENTION = ("wording", "scope", "quote")
_MENTIONS = (
    select(mention.c.response_id, mention.c.kind, item.c.slug, *(mention.c[name] for name in _MENTION))
    .join(item, item.c.id == mention.c.item_id)
    .join(response, response.c.id == mention.c.response_id)
    .order_by(mention.c.id)
)
_OUTCOME = ("in_part", *_TRANSLATED)
_OUTCOMES = (
    _with_voices(outcome, *_OUTCOME, "kind", "said_from", "said_to", "sequence")
    .add_columns(item.c.slug.label("superseded_by"))
    .outerjoin(item, item.c.id == outcome.c.superseded_by_id)
    .order_by(outcome.c.sequence)
)
_OUTCOME_ITEMS = (
    select(outcome_item.c.outcome_id, item.c.slug)
    .join(item, item.c.id == outcome_item.c.item_id)
    .join(outcome, outcome.c.id == outcome_item.c.outcome_id)
)
_OUTCOME_ACTORS = (
    select(outcome_actor.c.outcome_id, actor.c.slug)
    .join(actor, actor.c.id == outcome_actor.c.actor_id)
    .join(outcome, outcome.c.id == outcome_actor.c.outcome_id)
)


def _episodes(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    for row in _current(connection, _EPISODES, models.episode, which):
        fields = _fields(row, *_EPISODE) | {"published": days_of_publication(row)}
        yield _entry(EpisodeEntry, id=row.slug, **fields)


def _sides(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    for row in _current(connection, _SIDES, side, which):
        yield _entry(SideEntry, id=row.slug, name=row.name)


def _actors(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    for row in _current(connection, _ACTORS, actor, which):
        yield _entry(ActorEntry, id=row.slug, **_fields(row, "kind", "name", "side", "speaks_for", "role"))


def _packages(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    ties = _package_ties(connection, lambda tie: (tie.c.episode_id == package.c.episode_id) & which)
    for row in _current(connection, _PACKAGES, package, which):
        said = Span(row.said_from, row.said_to)
        given = _fields(row, *_PACKAGE, "speaker", "reported_by")
        yield _entry(PackageEntry, id=row.slug, said=said, **given, **ties[row.slug])


def _items(connection: Connection, which: ColumnElement[bool]) -> Iterator[Entry]:
    ties = _item_ties(connection, lambda tie: (tie.c.episode_id == item.c.episode_id) & which)
    for row in _current(connection, _ITEMS, item, which):
        yield _entry(
            DemandEntry if row.kind is ItemKind.DEMAND else OfferEntry,
            id=row.slug,
            made=Span(row.made_from, row.made_to),
            said=None if row.said_to is None else Span(row.said_from, row.said_to),
            **_fields(row, *_ITEM, "side", "speaker", "reported_by"),
            **ties[row.slug],
        )


def _extensions(connection: Connection, owner: int) -> Iterator[Entry]:
    to_items = _item_ties(connection, lambda tie: (tie.c.episode_id == owner) & (item.c.episode_id != owner))
    to_packages = _package_ties(connection, lambda tie: (tie.c.episode_id == owner) & (package.c.episode_id != owner))
    for slug, ties in (*to_items.items(), *to_packages.items()):
        yield _entry(ExtensionEntry, id=slug, **ties)


def _package_ties(connection: Connection, which: _Which) -> _Ties:
    """By package: its makers, items and core, from the rows that `which` selects."""
    ties: _Ties = defaultdict(lambda: defaultdict(list))
    for slug, maker in _current(connection, _PACKAGE_MAKERS, package_maker, which(package_maker)):
        ties[slug]["by"].append(maker)
    for slug, part, core in _current(connection, _PACKAGE_ITEMS, package_item, which(package_item)):
        ties[slug]["items"].append(part)
        if core:
            ties[slug]["core"].append(part)
    return ties


def _item_ties(connection: Connection, which: _Which) -> _Ties:
    """By item: its actors, links and provisions, from the rows that `which` selects."""
    ties: _Ties = defaultdict(lambda: defaultdict(list))
    for slug, role, named in _current(connection, _ITEM_ACTORS, item_actor, which(item_actor)):
        ties[slug][_ROLE_FIELDS[role]].append(named)
    for slug, kind, to_item, to_package in _current(connection, _LINKS, item_link, which(item_link)):
        ties[slug][kind].append(to_item or to_package)
    for slug, document, article in _current(connection, _PROVISIONS, provision, which(provision)):
        ties[slug]["provisions"].append({"document": document, "article": article})
    return ties


def _responses(connection: Connection, owner: int) -> Iterator[Entry]:
    which = response.c.episode_id == owner
    current = which & response.c.retracted_in.is_(None)
    givers = _grouped(connection.execute(_RESPONSE_ACTORS.where(current)))
    stances: defaultdict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in connection.execute(_STANCES.where(current)):
        stances[row.response_id][row.slug] = _given(row, "stance", *_STANCE)
    mentions: defaultdict[tuple[int, MentionKind], dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in connection.execute(_MENTIONS.where(current)):
        mentions[row.response_id, row.kind][row.slug] = _given(row, *_MENTION)
    for row in _current(connection, _RESPONSES, response, which):
        entry = _entry(
            ResponseEntry,
            id=row.slug,
            by=givers[row.id],
            said=Span(row.said_from, row.said_to),
            stances=stances[row.id],
            repeats=mentions[row.id, MentionKind.REPEATS],
            about=mentions[row.id, MentionKind.ABOUT],
            **_fields(row, *_RESPONSE, "speaker", "reported_by"),
        )
        yield entry.ordered(models.order_within_source(row.sequence))


def _outcomes(connection: Connection, owner: int) -> Iterator[Entry]:
    which = outcome.c.episode_id == owner
    current = which & outcome.c.retracted_in.is_(None)
    items = _grouped(connection.execute(_OUTCOME_ITEMS.where(current)))
    actors = _grouped(connection.execute(_OUTCOME_ACTORS.where(current)))
    for row in _current(connection, _OUTCOMES, outcome, which):
        entry = _entry(
            OutcomeEntry,
            id=row.slug,
            items=items[row.id],
            by=actors[row.id],
            outcome=row.kind,
            on=Span(row.said_from, row.said_to),
            **_fields(row, *_OUTCOME, "superseded_by", "speaker", "reported_by"),
        )
        yield entry.ordered(models.order_within_source(row.sequence))


def _grouped(rows: Iterable[Any]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for number, slug in rows:
        found[number].append(slug)
    return found
