"""Narrowing a question to some items: by their makers, side, addressees, topic or package."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from positions.models import Actor, Item, ItemActor, Package, PackageItem, Side
from positions.moment import Moment
from positions.vocabulary import ItemKind, Role

Numbers = Collection[int] | Select[int]
"""Row numbers, or a query for them."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which items are asked about; None asks for no limit. All that are given must hold."""

    kind: ItemKind | None = None
    item: str | None = None
    by: str | None = None
    side: str | None = None
    to: str | None = None
    topic: str | None = None
    package: str | None = None

    def condition(self, moment: Moment) -> ColumnElement[bool]:
        """True for the items of `models.Item` that are asked about."""
        asked: list[ColumnElement[bool]] = [true()]
        if self.kind is not None:
            asked.append(Item.kind == self.kind)
        if self.item is not None:
            asked.append(Item.slug == self.item)
        if self.topic is not None:
            asked.append(Item.topic == self.topic)
        if self.by is not None:
            asked.append(_tied(moment, Role.MAKER, Actor.slug == self.by))
        if self.to is not None:
            asked.append(_tied(moment, Role.ADDRESSEE, Actor.slug == self.to))
        if self.side is not None:
            side = select(Side.id).where(Side.slug == self.side, moment.holds(Side)).scalar_subquery()
            asked.append(or_(Item.side_id == side, _tied(moment, Role.MAKER, Actor.side_id == side)))
        if self.package is not None:
            asked.append(_in_package(moment, self.package))
        return and_(*asked)

    def rows(self, session: Session, moment: Moment) -> set[int] | None:
        """The row numbers of the items that are asked about; None if that is all of them."""
        if self == EVERYTHING:
            return None
        return set(session.scalars(select(Item.id).where(moment.known_items(), self.condition(moment))))


def _tied(moment: Moment, role: Role, actor: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(ItemActor.id)
        .join(Actor, Actor.id == ItemActor.actor_id)
        .where(ItemActor.item_id == Item.id, ItemActor.role == role, moment.ties(ItemActor, Item), actor)
    )


def _in_package(moment: Moment, slug: str) -> ColumnElement[bool]:
    return exists(
        select(PackageItem.id)
        .join(Package, Package.id == PackageItem.package_id)
        .where(
            PackageItem.item_id == Item.id, Package.slug == slug, moment.ties(PackageItem, Package), moment.packages()
        )
    )


EVERYTHING = Filters()
"""No limit at all."""
