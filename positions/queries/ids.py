"""Ids that people type: whether an id exists, and which one was probably meant."""

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
"""The least similarity of a suggestion: `usa` does not suggest `russia`."""

_MOST_SUGGESTED = 3
_PRINCIPAL = models.actor.alias()
_LISTED_BY = {"item": "positions matrix"}


def listed(connection: Connection, kind: str) -> Sequence[str]:
    """Every id of `kind` (actor, side, item, topic, package, episode) that the record holds, sorted."""
    table, column = _listed(kind)
    return connection.scalars(select(column).where(table.c.retracted_in.is_(None)).distinct().order_by(column)).all()


def by_topic(connection: Connection) -> dict[str, list[str]]:
    """The ids of the items that the record holds, by topic; topics and ids are sorted."""
    item = models.item.c
    topics: dict[str, list[str]] = {}
    held = select(item.topic, item.slug).where(item.retracted_in.is_(None)).order_by(item.topic, item.slug)
    for topic, slug in connection.execute(held):
        topics.setdefault(topic, []).append(slug)
    return topics


def require(connection: Connection, kind: str, name: str | None) -> None:
    """Raise unless `name` is an id of `kind` (retracted ids count) or None.

    Raises:
        UnknownIdError: it does not; the error suggests the most similar ids.
    """
    if name is None:
        return
    _, column = _listed(kind)
    exists = is_slug(name) and connection.scalar(select(column).where(column == name).limit(1)) is not None
    if not exists:
        known = listed(connection, kind)
        suggested = nearest(name, known) or _titled(connection, kind, name)
        raise UnknownIdError(kind, name, suggested, _LISTED_BY.get(kind), known)


def nearest(name: str, names: Sequence[str]) -> list[str]:
    """At most three of `names` that are similar to `name`, the most similar first."""
    return get_close_matches(name, names, n=_MOST_SUGGESTED, cutoff=_NEAR)


@dataclass(frozen=True, slots=True)
class Person:
    """A person, and the id of the actor they speak for; None if that is not recorded."""

    id: str
    speaks_for: str | None


def person(connection: Connection, id: str) -> Person | None:
    """The person whose id is `id`; None if there is none."""
    actor, principal = models.actor, _PRINCIPAL
    row = connection.execute(
        select(actor.c.slug, principal.c.slug)
        .outerjoin(principal, principal.c.id == actor.c.speaks_for_id)
        .where(actor.c.slug == id, actor.c.kind == ActorKind.PERSON, actor.c.retracted_in.is_(None))
    ).first()
    return None if row is None else Person(*row)


def _titled(connection: Connection, kind: str, name: str) -> list[str]:
    """Up to three ids of `kind` whose name or title contains `name` as whole words; none for topics, without names."""
    if kind == "topic" or not name.strip():
        return []
    table, column = _listed(kind)
    title = table.c.name if "name" in table.c else table.c.title
    words = re.compile(rf"\b{re.escape(name.strip())}\b", re.IGNORECASE)
    held = select(column, title).where(table.c.retracted_in.is_(None)).order_by(column)
    return [slug for slug, text in connection.execute(held) if words.search(text)][:_MOST_SUGGESTED]


def _listed(kind: str) -> tuple[FromClause, ColumnElement[str]]:
    """The table and the column that contain the ids of `kind`."""
    if kind == "topic":
        return models.item, models.item.c.topic
    table = _TABLES[kind]
    return table, table.c.slug
