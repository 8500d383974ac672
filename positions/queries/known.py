"""Which ids the record holds now, and what decides whether a reference to one makes sense."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from positions import models
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


def known(connection: Connection) -> dict[Key, Known]:
    """Every held episode, side, actor, package and item, by its key."""
    episodes = connection.execute(
        select(models.episode.c.id, models.episode.c.slug, models.episode.c.kind).where(
            models.episode.c.retracted_in.is_(None)
        )
    )
    found = {(What.EPISODE, slug): Known(What.EPISODE, slug, slug, row, kind=kind) for row, slug, kind in episodes}
    owners = {one.row: one.slug for one in found.values()}
    sides: dict[int | None, str] = {}
    for row, slug, owner in connection.execute(
        select(models.side.c.id, models.side.c.slug, models.side.c.episode_id).where(
            models.side.c.retracted_in.is_(None)
        )
    ):
        sides[row] = slug
        found[What.SIDE, slug] = Known(What.SIDE, slug, owners[owner], row)
    for row, slug, owner in connection.execute(
        select(models.package.c.id, models.package.c.slug, models.package.c.episode_id).where(
            models.package.c.retracted_in.is_(None)
        )
    ):
        found[What.PACKAGE, slug] = Known(What.PACKAGE, slug, owners[owner], row)
    for one in (*_actors(connection, owners, sides), *_items(connection, owners, sides)):
        found[one.what, one.slug] = one
    return found


def item_kind(kind: ItemKind) -> What:
    """The kind of entry that defines an item of `kind`."""
    return What.DEMAND if kind is ItemKind.DEMAND else What.OFFER


def _actors(connection: Connection, owners: Mapping[int, str], sides: Mapping[int | None, str]) -> Iterable[Known]:
    columns = (
        models.actor.c.id,
        models.actor.c.slug,
        models.actor.c.kind,
        models.actor.c.side_id,
        models.actor.c.speaks_for_id,
        models.actor.c.episode_id,
    )
    rows = connection.execute(select(*columns).where(models.actor.c.retracted_in.is_(None))).all()
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


def _items(connection: Connection, owners: Mapping[int, str], sides: Mapping[int | None, str]) -> Iterable[Known]:
    makers: dict[int, set[str]] = defaultdict(set)
    for item, slug in connection.execute(
        select(models.item_actor.c.item_id, models.actor.c.slug)
        .join(models.actor, models.actor.c.id == models.item_actor.c.actor_id)
        .where(models.item_actor.c.role == Role.MAKER, models.item_actor.c.retracted_in.is_(None))
    ):
        makers[item].add(slug)
    columns = (
        models.item.c.id,
        models.item.c.slug,
        models.item.c.kind,
        models.item.c.side_id,
        models.item.c.episode_id,
        models.item.c.made_from,
    )
    for row in connection.execute(select(*columns).where(models.item.c.retracted_in.is_(None))):
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
