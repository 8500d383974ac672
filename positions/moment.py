"""A point in the three times, and what counts at it. The only place that knows how the three times are asked for.

*Said*: a thing counts from the day on which it is certain that it has been said (or made). *Published*: it counts when
the public could know it. *Recorded*: it counts when the record held it; descriptions read as today.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Tuple, UnaryExpression, and_, exists, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from positions.models import Episode, Item, ItemActor, Mention, Package, Response, Stance
from positions.vocabulary import MentionKind, Role


@dataclass(frozen=True, slots=True)
class Moment:
    """What had been said by a day, as known at a revision, and public by a day; None asks for no limit."""

    as_of: date | None = None
    known_at: int | None = None
    public_by: date | None = None

    def holds(self, table: Any) -> ColumnElement[bool]:
        """True for rows of `table` that the record held at this moment."""
        held: ColumnElement[bool] = table.retracted_in.is_(None)
        if self.known_at is None:
            return held
        return and_(table.recorded_in <= self.known_at, or_(held, table.retracted_in > self.known_at))

    def visible(self, table: Any) -> ColumnElement[bool]:
        """True for statements in `table` that were held, said and public at this moment."""
        return and_(self.holds(table), self._by_then(table.said_to), self._public(table))

    def ties(self, tie: Any, owner: Any) -> ColumnElement[bool]:
        """True for rows of `tie` that the record held and that had been stated: with the `owner`, or by an extension.

        What an extension adds counts from the day on which its source was published.
        """
        published = and_(self._by_then(Episode.published), self._published())
        stated = or_(tie.episode_id == owner.episode_id, tie.episode_id.in_(select(Episode.id).where(published)))
        return and_(self.holds(tie), stated)

    def on_the_table(self) -> ColumnElement[bool]:
        """True for items that were held, made and public at this moment, whatever became of them since.

        The source that defines an item need not be the first to show it: what its maker had said of it in another,
        visible at this moment, puts it on the table as well.
        """
        return and_(self.holds(Item), self._shown(and_(self._by_then(Item.made_to), self._public(Item))))

    def known_items(self) -> ColumnElement[bool]:
        """True for items that were held and public at this moment, made or not."""
        return and_(self.holds(Item), self._shown(self._public(Item)))

    def episodes(self) -> ColumnElement[bool]:
        """True for episodes that were held and public at this moment."""
        return and_(self.holds(Episode), self._published())

    def packages(self) -> ColumnElement[bool]:
        """True for packages that were held, said and public at this moment."""
        return self.visible(Package)

    def _shown(self, defined: ColumnElement[bool]) -> ColumnElement[bool]:
        """True for items that are `defined` by now, or that a maker has spoken of as its own by now."""
        if self.as_of is None and self.public_by is None:
            return true()
        mention, response = aliased(Mention), aliased(Response)
        stance, maker = aliased(Stance), aliased(ItemActor)
        repeated = (
            exists()
            .where(mention.item_id == Item.id, mention.kind == MentionKind.REPEATS)
            .where(response.id == mention.response_id, self.visible(response))
            .correlate(Item)
        )
        placed = (
            exists()
            .where(stance.item_id == Item.id, self.visible(stance))
            .where(maker.item_id == Item.id, maker.role == Role.MAKER, maker.actor_id == stance.actor_id)
            .where(self.holds(maker))
            .correlate(Item)
        )
        return or_(defined, repeated, placed)

    def _by_then(self, day: Any) -> ColumnElement[bool]:
        return true() if self.as_of is None else day <= self.as_of

    def _public(self, table: Any) -> ColumnElement[bool]:
        if self.public_by is None:
            return true()
        by_then: ColumnElement[bool] = table.episode_id.in_(select(Episode.id).where(self._published()))
        return by_then

    def _published(self) -> ColumnElement[bool]:
        return true() if self.public_by is None else Episode.published <= self.public_by


def precedence(stance: Any) -> Tuple:
    """What the accounts of one actor's stance on one item are ordered by; the highest is the current one.

    Own words and paraphrase before what the other side tells or a coder infers; then the latest first day; own words
    before paraphrase; the latest last day; the later entry. `queries.accounts.precedence` says the same of rows.
    """
    return tuple_(*_precedence(stance))


def latest_first(stance: Any) -> tuple[UnaryExpression[Any], ...]:
    """The order in which the accounts of one actor's stance on one item take `precedence`, the current one first."""
    return tuple(column.desc() for column in _precedence(stance))


def earliest_first(stance: Any) -> tuple[UnaryExpression[Any], ...]:
    """The other way round."""
    return tuple(column.asc() for column in _precedence(stance))


def _precedence(stance: Any) -> tuple[ColumnElement[Any], ...]:
    return stance.firm, stance.said_from, stance.stated, stance.said_to, stance.sequence
