"""Whether an id that a person typed exists, and what it may have been meant to be."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from positions import models
from positions.errors import UnknownIdError
from positions.vocabulary import is_slug

_TABLES: dict[str, Any] = {
    "actor": models.Actor,
    "side": models.Side,
    "item": models.Item,
    "package": models.Package,
    "episode": models.Episode,
}
_LISTED_BY = {"item": "positions matrix"}


def listed(session: Session, kind: str) -> Sequence[str]:
    """Every id of `kind` (actor, side, item, topic, package, episode) that the record holds, in order."""
    if kind == "topic":
        column, table = models.Item.topic, models.Item
    else:
        table = _TABLES[kind]
        column = table.slug
    return session.scalars(select(column).where(table.retracted_in.is_(None)).distinct().order_by(column)).all()


def require(session: Session, kind: str, name: str | None) -> None:
    """Do nothing if `name` is None or an id of `kind`, one that was taken back included.

    Raises:
        UnknownIdError: with the ids that are nearest.
    """
    if name is None:
        return
    column = models.Item.topic if kind == "topic" else _TABLES[kind].slug
    is_there = is_slug(name) and session.scalar(select(column).where(column == name).limit(1)) is not None
    if not is_there:
        known = listed(session, kind)
        raise UnknownIdError(kind, name, nearest(name, known), _LISTED_BY.get(kind), known)


def nearest(name: str, names: Sequence[str]) -> list[str]:
    """The few of `names` that `name` may have been meant to be, the nearest first."""
    return get_close_matches(name, names, n=3)
