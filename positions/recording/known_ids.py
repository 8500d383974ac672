"""The ids that are in the record now, with what the rules on references need to know of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, CursorResult, FromClause, select

from positions import models
from positions.vocabulary import ActorKind, EntryKind, EpisodeKind, ItemKind, Key, Role


@dataclass(frozen=True, slots=True)
class Known:
    """A defined id: its kind, its episode and its relations. `row` is 0 if it is not recorded yet."""

    what: EntryKind
    slug: str
    episode: str
    row: int = 0
    kind: ActorKind | EpisodeKind | ItemKind | None = None
    """None for sides and packages, and if the entry that defines the id cannot be read."""
    side: str | None = None
    speaks_for: str | None = None
    makers: frozenset[str] = frozenset()
    made_from: date | None = None
    """For an item: the earliest day on which it can have been made, if known."""


def known(connection: Connection) -> dict[Key, Known]:
    """Every current episode, side, actor, package and item, by key."""
    found = {
        (EntryKind.EPISODE, slug): Known(EntryKind.EPISODE, slug, slug, row, kind=kind)
        for row, slug, kind in _current(connection, models.episode, "kind")
    }
    owners = {episode.row: episode.slug for episode in found.values()}
    sides: dict[int | None, str] = {}
    for row, slug, owner in _current(connection, models.side, "episode_id"):
        sides[row] = slug
        found[EntryKind.SIDE, slug] = Known(EntryKind.SIDE, slug, owners[owner], row)
    for row, slug, owner in _current(connection, models.package, "episode_id"):
        found[EntryKind.PACKAGE, slug] = Known(EntryKind.PACKAGE, slug, owners[owner], row)
    for entry in (*_actors(connection, owners, sides), *_items(connection, owners, sides)):
        found[entry.what, entry.slug] = entry
    return found


def item_kind(kind: ItemKind) -> EntryKind:
    """The kind of entry that defines an item of `kind`."""
    return EntryKind.DEMAND if kind is ItemKind.DEMAND else EntryKind.OFFER


def _actors(connection: Connection, owners: Mapping[int, str], sides: Mapping[int | None, str]) -> Iterable[Known]:
    rows = _current(connection, models.actor, "kind", "side_id", "speaks_for_id", "episode_id").all()
    slugs: dict[int | None, str] = {row.id: row.slug for row in rows}
    for row in rows:
        yield Known(
            EntryKind.ACTOR,
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
    for row in _current(connection, models.item, "kind", "side_id", "episode_id", "made_from"):
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


def _current(connection: Connection, table: FromClause, *names: str) -> CursorResult[*tuple[Any, ...]]:
    columns = (table.c[name] for name in ("id", "slug", *names))
    return connection.execute(select(*columns).where(table.c.retracted_in.is_(None)))
