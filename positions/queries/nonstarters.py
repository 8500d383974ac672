"""What is refused outright: by whom, in which words, since when, according to which source."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, select, true

from positions import models
from positions.moment import Moment
from positions.queries import items, stances
from positions.queries.filters import EVERYTHING, Filters
from positions.queries.rows import Item, NonStarter, filled, grouped
from positions.queries.stances import Refusal
from positions.vocabulary import Basis


def nonstarters(
    connection: Connection,
    moment: Moment,
    filters: Filters = EVERYTHING,
    *,
    actor: str | None = None,
    ever: bool = False,
    basis: Basis | None = None,
) -> list[NonStarter]:
    """The items that an actor refuses to bargain over at `moment`, one row for each actor and item.

    A refusal counts if any of the actor's current accounts is one. `ever` adds those that have moved since, and says
    where they stand now. The latest said first, rows of one item together; empty when nobody refuses anything.
    """
    about = items.load(connection, moment, filters.condition(moment) & moment.known_items(), current=()).items
    which: ColumnElement[bool] = true()
    if filters != EVERYTHING:
        which = models.stance.c.item_id.in_([item.row for item in about])
    if actor is not None:
        giver = select(models.actor.c.id).where(models.actor.c.slug == actor, models.actor.c.retracted_in.is_(None))
        which &= models.stance.c.actor_id.in_(giver)
    refusals = stances.refusals(connection, moment, which=which, ever=ever)
    return from_refusals(refusals, about, ever=ever, basis=basis)


def from_refusals(
    refusals: Iterable[Refusal], about: Iterable[Item], *, ever: bool = False, basis: Basis | None = None
) -> list[NonStarter]:
    """The rows of `nonstarters` for those of the `refusals` that are of the items `about` and not of their makers."""
    known = {item.id: item for item in about}
    return _newest_first(
        _row(refusal, known[refusal.account.item], ever=ever)
        for refusal in refusals
        if refusal.account.item in known
        and refusal.account.actor not in known[refusal.account.item].by
        and (basis is None or refusal.account.basis is basis)
    )


def _row(refusal: Refusal, item: Item, *, ever: bool) -> NonStarter:
    return filled(
        NonStarter,
        refusal.account,
        item=item.id,
        kind=item.kind,
        title=item.title,
        by=item.by,
        refused_by=refusal.account.actor,
        first_said=refusal.first,
        last_said=refusal.account.said,
        item_quote=item.quote,
        status=item.status,
        now=refusal.now if ever else None,
        side=item.side,
    )


def _newest_first(rows: Iterable[NonStarter]) -> list[NonStarter]:
    groups = grouped(rows, lambda row: row.item)
    for group in groups.values():
        group.sort(key=lambda row: row.refused_by)
        group.sort(key=lambda row: row.last_said.days, reverse=True)
    newest = sorted(groups.values(), key=lambda group: group[0].item)
    newest.sort(key=lambda group: group[0].last_said.days, reverse=True)
    return [row for group in newest for row in group]
