"""What the record holds now, as entries of an episode file: what `plan` compares with and `dump` prints."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session, aliased

from positions.dates import Span
from positions.episode_file.schema import (
    ActorEntry,
    DemandEntry,
    Entry,
    EpisodeEntry,
    ExtensionEntry,
    OfferEntry,
    OutcomeEntry,
    PackageEntry,
    ResponseEntry,
    SideEntry,
)
from positions.errors import DatabaseError
from positions.models import (
    Actor,
    Episode,
    Item,
    ItemActor,
    ItemLink,
    Mention,
    Outcome,
    OutcomeActor,
    OutcomeItem,
    Package,
    PackageItem,
    PackageMaker,
    Provision,
    Response,
    ResponseActor,
    Side,
    Stance,
)
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

_Kind = TypeVar("_Kind", bound=Entry)
_Query = Select[*tuple[Any, ...]]
_Row = Row[*tuple[Any, ...]]
_Which = Callable[[Any], ColumnElement[bool]]
"""Given a table of ties, which of its rows are wanted."""


def key(entry: Entry, episode: str) -> Key:
    """What names `entry`, which stands in the file of `episode`."""
    return entry.what, f"{episode}/{entry.id}" if entry.what in _LOCAL else entry.id


def entries(session: Session, episode: str) -> dict[Key, Entry]:
    """What the file of `episode` would hold to say what the record now holds of it, by key.

    The episode itself, then what it owns and adds, in the order of first recording; empty if there is no such episode.
    """
    owner = session.scalar(select(Episode.id).where(Episode.retracted_in.is_(None), Episode.slug == episode))
    if owner is None:
        return {}
    found: list[Entry] = [
        *_episodes(session, Episode.id == owner),
        *_sides(session, Side.episode_id == owner),
        *_actors(session, Actor.episode_id == owner),
        *_packages(session, Package.episode_id == owner),
        *_items(session, Item.episode_id == owner),
        *_extensions(session, owner),
        *_responses(session, owner),
        *_outcomes(session, owner),
    ]
    return {key(entry, episode): entry for entry in found}


def definitions(session: Session, keys: Iterable[Key]) -> dict[Key, Entry]:
    """The held sides, actors, packages and items among `keys`, by key, whichever episode owns them."""
    slugs: dict[What, list[str]] = defaultdict(list)
    for what, name in keys:
        slugs[what].append(name)
    found: list[Entry] = [
        *_sides(session, Side.slug.in_(slugs[What.SIDE])),
        *_actors(session, Actor.slug.in_(slugs[What.ACTOR])),
        *_packages(session, Package.slug.in_(slugs[What.PACKAGE])),
        *_items(session, Item.slug.in_(slugs[What.DEMAND] + slugs[What.OFFER])),
    ]
    return {(entry.what, entry.id): entry for entry in found}


def _entry(kind: type[_Kind], /, **given: Any) -> _Kind:
    try:
        return kind.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        message = f"what is held of {given.get('id', 'an entry')} cannot be read: {'; '.join(str(error).splitlines())}"
        raise DatabaseError(
            message, "Another program changed it: `positions check` names all that is broken."
        ) from error


def _rows(session: Session, query: _Query, table: Any, which: ColumnElement[bool]) -> Iterable[_Row]:
    return session.execute(query.where(table.retracted_in.is_(None), which).order_by(table.id))


def _fields(row: _Row, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _with_voices(table: Any, *names: str) -> _Query:
    """A query for columns of `table`, with the ids of who spoke and who reported."""
    speaker, reporter = aliased(Actor), aliased(Actor)
    columns = [getattr(table, name) for name in ("id", "slug", *names)]
    return (
        select(*columns, speaker.slug.label("speaker"), reporter.slug.label("reported_by"))
        .outerjoin(speaker, speaker.id == table.speaker_id)
        .outerjoin(reporter, reporter.id == table.reported_by_id)
    )


def _episodes(session: Session, which: ColumnElement[bool]) -> Iterator[Entry]:
    query = select(Episode.slug, *(getattr(Episode, name) for name in _EPISODE))
    for row in _rows(session, query, Episode, which):
        yield _entry(EpisodeEntry, id=row.slug, **_fields(row, *_EPISODE))


def _sides(session: Session, which: ColumnElement[bool]) -> Iterator[Entry]:
    for row in _rows(session, select(Side.slug, Side.name), Side, which):
        yield _entry(SideEntry, id=row.slug, name=row.name)


def _actors(session: Session, which: ColumnElement[bool]) -> Iterator[Entry]:
    principal = aliased(Actor)
    query = (
        select(
            *(Actor.slug, Actor.kind, Actor.name, Actor.role),
            Side.slug.label("side"),
            principal.slug.label("speaks_for"),
        )
        .outerjoin(Side, Side.id == Actor.side_id)
        .outerjoin(principal, principal.id == Actor.speaks_for_id)
    )
    for row in _rows(session, query, Actor, which):
        yield _entry(ActorEntry, id=row.slug, **_fields(row, "kind", "name", "side", "speaks_for", "role"))


def _packages(session: Session, which: ColumnElement[bool]) -> Iterator[Entry]:
    ties = _package_ties(session, lambda tie: (tie.episode_id == Package.episode_id) & which)
    fields = ("title", "core_quote", *_SOURCED)
    for row in _rows(session, _with_voices(Package, *fields, "said_from", "said_to"), Package, which):
        said = Span(row.said_from, row.said_to)
        given = _fields(row, *fields, "speaker", "reported_by")
        yield _entry(PackageEntry, id=row.slug, said=said, **given, **ties[row.slug])


def _items(session: Session, which: ColumnElement[bool]) -> Iterator[Entry]:
    ties = _item_ties(session, lambda tie: (tie.episode_id == Item.episode_id) & which)
    fields = ("topic", "title", "text", *_TRANSLATED)
    query = _with_voices(Item, *fields, "kind", "made_from", "made_to", "said_from", "said_to")
    query = query.add_columns(Side.slug.label("side")).outerjoin(Side, Side.id == Item.side_id)
    for row in _rows(session, query, Item, which):
        yield _entry(
            DemandEntry if row.kind is ItemKind.DEMAND else OfferEntry,
            id=row.slug,
            made=Span(row.made_from, row.made_to),
            said=None if row.said_to is None else Span(row.said_from, row.said_to),
            **_fields(row, *fields, "side", "speaker", "reported_by"),
            **ties[row.slug],
        )


def _extensions(session: Session, owner: int) -> Iterator[Entry]:
    to_items = _item_ties(session, lambda tie: (tie.episode_id == owner) & (Item.episode_id != owner))
    to_packages = _package_ties(session, lambda tie: (tie.episode_id == owner) & (Package.episode_id != owner))
    for slug, ties in (*to_items.items(), *to_packages.items()):
        yield _entry(ExtensionEntry, id=slug, **ties)


def _package_ties(session: Session, which: _Which) -> defaultdict[str, dict[str, list[str]]]:
    """By package: its makers, items and core, as far as `which` asks for them."""
    ties: defaultdict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    makers = (
        select(Package.slug, Actor.slug)
        .join(PackageMaker, PackageMaker.package_id == Package.id)
        .join(Actor, Actor.id == PackageMaker.actor_id)
    )
    for package, slug in _rows(session, makers, PackageMaker, which(PackageMaker)):
        ties[package]["by"].append(slug)
    items = (
        select(Package.slug, Item.slug, PackageItem.core)
        .join(PackageItem, PackageItem.package_id == Package.id)
        .join(Item, Item.id == PackageItem.item_id)
    )
    for package, slug, core in _rows(session, items, PackageItem, which(PackageItem)):
        ties[package]["items"].append(slug)
        if core:
            ties[package]["core"].append(slug)
    return ties


def _item_ties(session: Session, which: _Which) -> defaultdict[str, dict[str, list[Any]]]:
    """By item: its actors, links and provisions, as far as `which` asks for them."""
    ties: defaultdict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    actors = (
        select(Item.slug, ItemActor.role, Actor.slug)
        .join(ItemActor, ItemActor.item_id == Item.id)
        .join(Actor, Actor.id == ItemActor.actor_id)
    )
    for item, role, slug in _rows(session, actors, ItemActor, which(ItemActor)):
        ties[item][_FIELD[role]].append(slug)
    other = aliased(Item)
    links = (
        select(Item.slug, ItemLink.kind, other.slug, Package.slug)
        .join(ItemLink, ItemLink.item_id == Item.id)
        .outerjoin(other, other.id == ItemLink.to_item_id)
        .outerjoin(Package, Package.id == ItemLink.to_package_id)
    )
    for item, kind, to_item, to_package in _rows(session, links, ItemLink, which(ItemLink)):
        ties[item][kind].append(to_item or to_package)
    drafts = aliased(Episode)
    provisions = (
        select(Item.slug, drafts.slug, Provision.article)
        .join(Provision, Provision.item_id == Item.id)
        .join(drafts, drafts.id == Provision.document_id)
    )
    for item, document, article in _rows(session, provisions, Provision, which(Provision)):
        ties[item]["provisions"].append({"document": document, "article": article})
    return ties


def _responses(session: Session, owner: int) -> Iterator[Entry]:
    mine = (Response.episode_id == owner) & Response.retracted_in.is_(None)
    givers = _grouped(
        session.execute(
            select(ResponseActor.response_id, Actor.slug)
            .join(Actor, Actor.id == ResponseActor.actor_id)
            .join(Response, Response.id == ResponseActor.response_id)
            .where(mine)
        )
    )
    stances, mentions = _stances(session, mine), _mentions(session, mine)
    fields = ("venue", *_TRANSLATED)
    query = _with_voices(Response, *fields, "said_from", "said_to")
    for row in _rows(session, query, Response, Response.episode_id == owner):
        yield _entry(
            ResponseEntry,
            id=row.slug,
            by=givers[row.id],
            said=Span(row.said_from, row.said_to),
            stances=stances[row.id],
            repeats=mentions[row.id, MentionKind.REPEATS],
            about=mentions[row.id, MentionKind.ABOUT],
            **_fields(row, *fields, "speaker", "reported_by"),
        )


def _stances(session: Session, mine: ColumnElement[bool]) -> defaultdict[int, dict[str, dict[str, Any]]]:
    found: defaultdict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    query = (
        select(
            Stance.response_id,
            Item.slug,
            Stance.kind,
            Stance.wording,
            Stance.condition,
            Stance.basis,
            Stance.quote,
        )
        .join(Item, Item.id == Stance.item_id)
        .join(Response, Response.id == Stance.response_id)
        .where(mine)
        .order_by(Stance.id)
    )
    for row in session.execute(query):
        detail = {"stance": row.kind, **_fields(row, "wording", "condition", "basis", "quote")}
        found[row.response_id][row.slug] = {name: value for name, value in detail.items() if value is not None}
    return found


def _mentions(
    session: Session, mine: ColumnElement[bool]
) -> defaultdict[tuple[int, MentionKind], dict[str, dict[str, Any]]]:
    found: defaultdict[tuple[int, MentionKind], dict[str, dict[str, Any]]] = defaultdict(dict)
    query = (
        select(Mention.response_id, Mention.kind, Item.slug, Mention.wording, Mention.scope, Mention.quote)
        .join(Item, Item.id == Mention.item_id)
        .join(Response, Response.id == Mention.response_id)
        .where(mine)
        .order_by(Mention.id)
    )
    for row in session.execute(query):
        detail = _fields(row, "wording", "scope", "quote")
        found[row.response_id, row.kind][row.slug] = {
            name: value for name, value in detail.items() if value is not None
        }
    return found


def _outcomes(session: Session, owner: int) -> Iterator[Entry]:
    mine = (Outcome.episode_id == owner) & Outcome.retracted_in.is_(None)
    items = _grouped(
        session.execute(
            select(OutcomeItem.outcome_id, Item.slug)
            .join(Item, Item.id == OutcomeItem.item_id)
            .join(Outcome, Outcome.id == OutcomeItem.outcome_id)
            .where(mine)
        )
    )
    actors = _grouped(
        session.execute(
            select(OutcomeActor.outcome_id, Actor.slug)
            .join(Actor, Actor.id == OutcomeActor.actor_id)
            .join(Outcome, Outcome.id == OutcomeActor.outcome_id)
            .where(mine)
        )
    )
    fields = ("in_part", *_TRANSLATED)
    query = _with_voices(Outcome, *fields, "kind", "said_from", "said_to")
    query = query.add_columns(Item.slug.label("superseded_by")).outerjoin(Item, Item.id == Outcome.superseded_by_id)
    for row in _rows(session, query, Outcome, Outcome.episode_id == owner):
        yield _entry(
            OutcomeEntry,
            id=row.slug,
            items=items[row.id],
            by=actors[row.id],
            outcome=row.kind,
            on=Span(row.said_from, row.said_to),
            **_fields(row, *fields, "superseded_by", "speaker", "reported_by"),
        )


def _grouped(rows: Iterable[Any]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for number, slug in rows:
        found[number].append(slug)
    return found
