"""Ids that people type: whether one exists, and which were probably meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import ColumnElement, Connection, FromClause, select

from positions import models
from positions.errors import UnknownIdError
from positions.vocabulary import ActorKind, is_slug

_TABLES: dict[str, FromClause] = {
    "actor": models.actor,
    "side": models.side,
    "item": models.item,
    "package": models.package,
    "episode": models.episode,
}
_NEAR = 0.7
"""How alike two ids must be for one to be suggested: `russia` is not meant by `usa`."""

_FEW = 3
_PRINCIPAL = models.actor.alias()
_LISTED_BY = {"item": "positions matrix"}


def listed(connection: Connection, kind: str) -> Sequence[str]:
    """Every id of `kind` (actor, side, item, topic, package, episode) that the record holds, in order."""
    table, column = _listed(kind)
    return connection.scalars(select(column).where(table.c.retracted_in.is_(None)).distinct().order_by(column)).all()


def by_topic(connection: Connection) -> dict[str, list[str]]:
    """The id of every item that the record holds, by topic, both in order."""
    item = models.item.c
    found: dict[str, list[str]] = {}
    held = select(item.topic, item.slug).where(item.retracted_in.is_(None)).order_by(item.topic, item.slug)
    for topic, slug in connection.execute(held):
        found.setdefault(topic, []).append(slug)
    return found


def require(connection: Connection, kind: str, name: str | None) -> None:
    """Raise unless `name` is an id of `kind` (retracted ids count) or None.

    Raises:
        UnknownIdError: with the ids that are nearest.
    """
    if name is None:
        return
    _, column = _listed(kind)
    is_there = is_slug(name) and connection.scalar(select(column).where(column == name).limit(1)) is not None
    if not is_there:
        known = listed(connection, kind)
        meant = nearest(name, known) or _called(connection, kind, name)
        raise UnknownIdError(kind, name, meant, _LISTED_BY.get(kind), known)


def nearest(name: str, names: Sequence[str]) -> list[str]:
    """The few of `names` most like `name`, the nearest first."""
    return get_close_matches(name, names, n=3, cutoff=_NEAR)


@dataclass(frozen=True, slots=True)
class Person:
    """A person, and the id of the actor they speak for; None if that is not recorded."""

    id: str
    speaks_for: str | None


def person(connection: Connection, id: str) -> Person | None:
    """The person with the id `id`; None if no person has it."""
    actor, principal = models.actor, _PRINCIPAL
    found = connection.execute(
        select(actor.c.slug, principal.c.slug)
        .outerjoin(principal, principal.c.id == actor.c.speaks_for_id)
        .where(actor.c.slug == id, actor.c.kind == ActorKind.PERSON, actor.c.retracted_in.is_(None))
    ).first()
    return None if found is None else Person(*found)


def _called(connection: Connection, kind: str, name: str) -> list[str]:
    """The ids of `kind` whose name or title contains `name` as whole words; topics have no name."""
    if kind == "topic" or not name.strip():
        return []
    table, column = _listed(kind)
    title = table.c.name if "name" in table.c else table.c.title
    words = re.compile(rf"\b{re.escape(name.strip())}\b", re.IGNORECASE)
    held = select(column, title).where(table.c.retracted_in.is_(None)).order_by(column)
    return [slug for slug, called in connection.execute(held) if words.search(called)][:_FEW]


def _listed(kind: str) -> tuple[FromClause, ColumnElement[str]]:
    """The table and the column of the ids of `kind`."""
    if kind == "topic":
        return models.item, models.item.c.topic
    table = _TABLES[kind]
    return table, table.c.slug
