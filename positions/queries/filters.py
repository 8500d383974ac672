"""Filters on items: by maker, side, addressee, topic or package."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select, true

from positions import models
from positions.moment import Moment
from positions.vocabulary import ItemKind, Role

Numbers = Collection[int] | Select[int]
"""Row numbers, or a query for them."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The items that a question is about: those that match every field; None matches all."""

    kind: ItemKind | None = None
    item: str | None = None
    by: str | None = None
    side: str | None = None
    to: str | None = None
    topic: str | None = None
    package: str | None = None

    def condition(self, moment: Moment) -> ColumnElement[bool]:
        """True for the rows of `models.item` that match at `moment`."""
        item = models.item.c
        own = ((item.kind, self.kind), (item.slug, self.item), (item.topic, self.topic))
        conditions = [true(), *(column == value for column, value in own if value is not None)]
        if self.by is not None:
            conditions.append(_tied(moment, Role.MAKER, models.actor.c.slug == self.by))
        if self.to is not None:
            conditions.append(_tied(moment, Role.ADDRESSEE, models.actor.c.slug == self.to))
        if self.side is not None:
            has_name = models.side.c.slug == self.side
            side = select(models.side.c.id).where(has_name, moment.holds(models.side)).scalar_subquery()
            conditions.append(or_(item.side_id == side, _tied(moment, Role.MAKER, models.actor.c.side_id == side)))
        if self.package is not None:
            conditions.append(_in_package(moment, self.package))
        return and_(*conditions)

    def rows(self, connection: Connection, moment: Moment) -> set[int] | None:
        """The row numbers of the known items that match; None if there is no limit."""
        if self == EVERYTHING:
            return None
        return set(connection.scalars(select(models.item.c.id).where(moment.known_items(), self.condition(moment))))


def _tied(moment: Moment, role: Role, actor: ColumnElement[bool]) -> ColumnElement[bool]:
    tie, item = models.item_actor, models.item
    return exists(
        select(tie.c.id)
        .join(models.actor, models.actor.c.id == tie.c.actor_id)
        .where(tie.c.item_id == item.c.id, tie.c.role == role, moment.ties(tie, item), actor)
    )


def _in_package(moment: Moment, slug: str) -> ColumnElement[bool]:
    tie, package = models.package_item, models.package
    is_member = tie.c.item_id == models.item.c.id
    return exists(
        select(tie.c.id)
        .join(package, package.c.id == tie.c.package_id)
        .where(is_member, package.c.slug == slug, moment.ties(tie, package), moment.packages())
    )


EVERYTHING = Filters()
"""The filters that match every item."""
