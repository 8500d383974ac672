"""Which ids the record holds now, and what decides whether a reference to one makes sense."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from positions.models import Actor, Episode, Item, ItemActor, Package, Side
from positions.vocabulary import ActorKind, EpisodeKind, ItemKind, Role, What

Key = tuple[What, str]
"""What names an entry in the whole record: its kind and its id (EPISODE/ID for what has none of its own)."""


@dataclass(frozen=True, slots=True)
class Known:
    """An id that is defined: where, as what, and how it stands to others. `row` is 0 for what is not yet recorded."""

    what: What
    slug: str
    episode: str
    row: int = 0
    kind: ActorKind | EpisodeKind | ItemKind | None = None
    side: str | None = None
    speaks_for: str | None = None
    makers: frozenset[str] = frozenset()
    made_from: date | None = None
    """For an item: the first day on which it may have been made, if that is known."""


def known(session: Session) -> dict[Key, Known]:
    """Every held episode, side, actor, package and item, by its key."""
    episodes = session.execute(select(Episode.id, Episode.slug, Episode.kind).where(Episode.retracted_in.is_(None)))
    found = {(What.EPISODE, slug): Known(What.EPISODE, slug, slug, row, kind=kind) for row, slug, kind in episodes}
    owners = {one.row: one.slug for one in found.values()}
    sides: dict[int | None, str] = {}
    for row, slug, owner in session.execute(
        select(Side.id, Side.slug, Side.episode_id).where(Side.retracted_in.is_(None))
    ):
        sides[row] = slug
        found[What.SIDE, slug] = Known(What.SIDE, slug, owners[owner], row)
    for row, slug, owner in session.execute(
        select(Package.id, Package.slug, Package.episode_id).where(Package.retracted_in.is_(None))
    ):
        found[What.PACKAGE, slug] = Known(What.PACKAGE, slug, owners[owner], row)
    for one in (*_actors(session, owners, sides), *_items(session, owners, sides)):
        found[one.what, one.slug] = one
    return found


def item_kind(kind: ItemKind) -> What:
    """The kind of entry that defines an item of `kind`."""
    return What.DEMAND if kind is ItemKind.DEMAND else What.OFFER


def _actors(session: Session, owners: Mapping[int, str], sides: Mapping[int | None, str]) -> Iterable[Known]:
    columns = (Actor.id, Actor.slug, Actor.kind, Actor.side_id, Actor.speaks_for_id, Actor.episode_id)
    rows = session.execute(select(*columns).where(Actor.retracted_in.is_(None))).all()
    slugs: dict[int | None, str] = {row.id: row.slug for row in rows}
    for row in rows:
        yield Known(
            What.ACTOR,
            row.slug,
            owners[row.episode_id],
            row.id,
            kind=row.kind,
            side=sides.get(row.side_id),
            speaks_for=slugs.get(row.speaks_for_id),
        )


def _items(session: Session, owners: Mapping[int, str], sides: Mapping[int | None, str]) -> Iterable[Known]:
    makers: dict[int, set[str]] = defaultdict(set)
    for item, slug in session.execute(
        select(ItemActor.item_id, Actor.slug)
        .join(Actor, Actor.id == ItemActor.actor_id)
        .where(ItemActor.role == Role.MAKER, ItemActor.retracted_in.is_(None))
    ):
        makers[item].add(slug)
    columns = (Item.id, Item.slug, Item.kind, Item.side_id, Item.episode_id, Item.made_from)
    for row in session.execute(select(*columns).where(Item.retracted_in.is_(None))):
        yield Known(
            item_kind(row.kind),
            row.slug,
            owners[row.episode_id],
            row.id,
            kind=row.kind,
            side=sides.get(row.side_id),
            makers=frozenset(makers[row.id]),
            made_from=row.made_from,
        )
