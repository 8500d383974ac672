"""Which ids the record holds now, and what decides whether a reference to one makes sense."""

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
    """An id that is defined: where, as what, and how it stands to others. `row` is 0 for what is not yet recorded."""

    what: EntryKind
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
    found = {
        (EntryKind.EPISODE, slug): Known(EntryKind.EPISODE, slug, slug, row, kind=kind)
        for row, slug, kind in _held(connection, models.episode, "kind")
    }
    owners = {episode.row: episode.slug for episode in found.values()}
    sides: dict[int | None, str] = {}
    for row, slug, owner in _held(connection, models.side, "episode_id"):
        sides[row] = slug
        found[EntryKind.SIDE, slug] = Known(EntryKind.SIDE, slug, owners[owner], row)
    for row, slug, owner in _held(connection, models.package, "episode_id"):
        found[EntryKind.PACKAGE, slug] = Known(EntryKind.PACKAGE, slug, owners[owner], row)
    for entry in (*_actors(connection, owners, sides), *_items(connection, owners, sides)):
        found[entry.what, entry.slug] = entry
    return found


def item_kind(kind: ItemKind) -> EntryKind:
    """The kind of entry that defines an item of `kind`."""
    return EntryKind.DEMAND if kind is ItemKind.DEMAND else EntryKind.OFFER


def _actors(connection: Connection, owners: Mapping[int, str], sides: Mapping[int | None, str]) -> Iterable[Known]:
    rows = _held(connection, models.actor, "kind", "side_id", "speaks_for_id", "episode_id").all()
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
    for row in _held(connection, models.item, "kind", "side_id", "episode_id", "made_from"):
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


def _held(connection: Connection, table: FromClause, *names: str) -> CursorResult[*tuple[Any, ...]]:
    columns = (table.c[name] for name in ("id", "slug", *names))
    return connection.execute(select(*columns).where(table.c.retracted_in.is_(None)))
