"""A moment in the three times, and what counts at it. All comparisons with the three times are made here.

*Said*: a statement counts from its last possible day, when it is certain to have been said (an item: made).
*Published*: it counts once its source was public. *Recorded*: it counts at revisions that held it; descriptions always
read as they do today.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Tuple, UnaryExpression, and_, exists, func, or_, select, true, tuple_

from positions import models
from positions.dates import Span
from positions.vocabulary import PRECEDENCE, MentionKind, Role


@dataclass(frozen=True, slots=True)
class Moment:
    """What had been said by `as_of`, was held at revision `known_at` and public by `public_by`; None sets no limit."""

    as_of: date | None = None
    known_at: int | None = None
    public_by: date | None = None

    def includes(self, days: Span) -> bool:
        """Whether something that happened within `days` is certain to have happened by this moment."""
        return self.as_of is None or days.end <= self.as_of

    def is_public(self, published: date) -> bool:
        """Whether a source of that day was public at this moment."""
        return self.public_by is None or published <= self.public_by

    def shows(self, made: Span, published: date, own_words: Iterable[Span]) -> bool:
        """`on_the_table` for one item that the record held: made within `made`, by a source that was public by then.

        `own_words` is when its makers repeated it, or took a stance on it, in sources that were public by then.
        """
        if self.includes(made) and self.is_public(published):
            return True
        may_be_made = self.as_of is None or made.start is None or made.start <= self.as_of
        return may_be_made and any(self.includes(said) for said in own_words)

    def holds(self, table: FromClause) -> ColumnElement[bool]:
        """True for rows of `table` that the record held at this moment."""
        held: ColumnElement[bool] = table.c.retracted_in.is_(None)
        if self.known_at is None:
            return held
        return and_(table.c.recorded_in <= self.known_at, or_(held, table.c.retracted_in > self.known_at))

    def visible(self, table: FromClause) -> ColumnElement[bool]:
        """SQL condition: statements in `table` that were recorded, not retracted, said and published by then."""
        return and_(self.holds(table), self._by_then(last_day(table)), self._public(table))

    def ties(self, tie: FromClause, owner: FromClause) -> ColumnElement[bool]:
        """True for rows of `tie` that were held, and stated with their `owner` or by an extension.

        What an extension adds counts from the day on which its source was published.
        """
        published = and_(self._by_then(models.episode.c.published), self._published())
        by_extension = tie.c.episode_id.in_(select(models.episode.c.id).where(published))
        stated = or_(tie.c.episode_id == owner.c.episode_id, by_extension)
        return and_(self.holds(tie), stated)

    def on_the_table(self) -> ColumnElement[bool]:
        """True for items that were held, made and public at this moment, whatever became of them since.

        Besides the source that defines an item, any visible response in which its maker repeats it or takes a stance on
        it puts it on the table.
        """
        item = models.item
        return and_(self.holds(item), self._shown(and_(self._by_then(item.c.made_to), self._public(item))))

    def known_items(self) -> ColumnElement[bool]:
        """True for items that were held and public at this moment, whether or not they were made by then."""
        return and_(self.holds(models.item), self._shown(self._public(models.item)))

    def episodes(self) -> ColumnElement[bool]:
        """True for episodes that were held and public at this moment."""
        return and_(self.holds(models.episode), self._published())

    def packages(self) -> ColumnElement[bool]:
        """True for packages that were held, said and public at this moment."""
        return self.visible(models.package)

    def _shown(self, defined: ColumnElement[bool]) -> ColumnElement[bool]:
        """SQL condition: items that meet `defined`, or that their maker had repeated or taken a stance on by then."""
        if self.as_of is None and self.public_by is None:
            return true()
        item, mention, response = models.item, models.mention, models.response
        stance, maker = models.stance, models.item_actor
        repeated = (
            exists()
            .where(mention.c.item_id == item.c.id, mention.c.kind == MentionKind.REPEATS)
            .where(response.c.id == mention.c.response_id, self.visible(response))
            .correlate(item)
        )
        placed = (
            exists()
            .where(stance.c.item_id == item.c.id, self.visible(stance))
            .where(maker.c.item_id == item.c.id, maker.c.role == Role.MAKER, maker.c.actor_id == stance.c.actor_id)
            .where(self.holds(maker))
            .correlate(item)
        )
        # Old records may have responses to an item from before it can have been made.
        may_be_made = true() if self.as_of is None else or_(item.c.made_from.is_(None), item.c.made_from <= self.as_of)
        return or_(defined, and_(may_be_made, or_(repeated, placed)))

    def _by_then(self, day: Any) -> ColumnElement[bool]:
        return true() if self.as_of is None else day <= self.as_of

    def _public(self, table: FromClause) -> ColumnElement[bool]:
        if self.public_by is None:
            return true()
        by_then: ColumnElement[bool] = table.c.episode_id.in_(select(models.episode.c.id).where(self._published()))
        return by_then

    def _published(self) -> ColumnElement[bool]:
        return true() if self.public_by is None else models.episode.c.published <= self.public_by


def last_day(table: FromClause) -> ColumnElement[date]:
    """The last possible day of statements in `table`, written so that no index is searched by it.

    Given a limit on the column itself, PostgreSQL 18 searches an index once per earlier day for each actor and item.
    """
    return func.coalesce(table.c.said_to, table.c.said_from)


def first_day(table: FromClause) -> ColumnElement[date]:
    """The first possible day of statements in `table`, written in the same way."""
    return func.coalesce(table.c.said_from, table.c.said_to)


def oldest_first(statement: FromClause) -> tuple[ColumnElement[Any], ...]:
    """Columns to order statements by: first day, last day, then as they were entered."""
    return statement.c.said_from, statement.c.said_to, statement.c.sequence


def highest_last(stance: FromClause) -> tuple[ColumnElement[Any], ...]:
    """Columns to order the accounts of one actor on one item by, from `PRECEDENCE`: the current account last."""
    return tuple(stance.c[column] for column in PRECEDENCE)


def highest_first(stance: FromClause) -> tuple[UnaryExpression[Any], ...]:
    """The same the other way round: the current account first."""
    return tuple(column.desc() for column in highest_last(stance))


def precedence(stance: FromClause) -> Tuple:
    """The rank of an account, to compare it with others; the highest is current."""
    return tuple_(*highest_last(stance))
