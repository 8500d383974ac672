"""Whether an id that a person typed exists, and what it may have been meant to be."""

from collections.abc import Sequence
from difflib import get_close_matches

from sqlalchemy import ColumnElement, Connection, FromClause, select

from positions import models
from positions.errors import UnknownIdError
from positions.vocabulary import is_slug

_TABLES: dict[str, FromClause] = {
    "actor": models.actor,
    "side": models.side,
    "item": models.item,
    "package": models.package,
    "episode": models.episode,
}
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
    """Do nothing if `name` is None or an id of `kind`, one that was taken back included.

    Raises:
        UnknownIdError: with the ids that are nearest.
    """
    if name is None:
        return
    _, column = _listed(kind)
    is_there = is_slug(name) and connection.scalar(select(column).where(column == name).limit(1)) is not None
    if not is_there:
        known = listed(connection, kind)
        raise UnknownIdError(kind, name, nearest(name, known), _LISTED_BY.get(kind), known)


def nearest(name: str, names: Sequence[str]) -> list[str]:
    """The few of `names` that `name` may have been meant to be, the nearest first."""
    return get_close_matches(name, names, n=3)


def _listed(kind: str) -> tuple[FromClause, ColumnElement[str]]:
    """The table that has the ids of `kind`, and the column that they stand in."""
    if kind == "topic":
        return models.item, models.item.c.topic
    table = _TABLES[kind]
    return table, table.c.slug
