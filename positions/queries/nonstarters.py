"""What is refused outright: by whom, in which words, since when, according to which source."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, select, true

from positions import models
from positions.moment import Moment
from positions.queries import items, stances
from positions.queries.filters import EVERYTHING, Filters
from positions.queries.rows import Item, NonStarter
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
    asked = filters.rows(connection, moment)
    which: ColumnElement[bool] = true() if asked is None else models.stance.c.item_id.in_(asked)
    if actor is not None:
        giver = select(models.actor.c.id).where(models.actor.c.slug == actor, models.actor.c.retracted_in.is_(None))
        which &= models.stance.c.actor_id.in_(giver)
    refusals = stances.refusals(connection, moment, which=which, ever=ever)
    about = items.described(connection, moment, filters) if refusals else []
    return of(refusals, about, ever=ever, basis=basis)


def of(
    refusals: Iterable[stances.Refusal], known: Iterable[Item], *, ever: bool = False, basis: Basis | None = None
) -> list[NonStarter]:
    """The rows of `nonstarters` that `refusals` make of the items `known`."""
    about = {item.id: item for item in known}
    return _newest_first(
        _row(one, about[one.account.item], ever=ever)
        for one in refusals
        if one.account.item in about
        and one.account.actor not in about[one.account.item].by
        and (basis is None or one.account.basis is basis)
    )


def _row(one: stances.Refusal, item: Item, *, ever: bool) -> NonStarter:
    refusal = one.account
    return NonStarter(
        item=item.id,
        kind=item.kind,
        title=item.title,
        by=item.by,
        refused_by=refusal.actor,
        speaker=refusal.speaker,
        reported_by=refusal.reported_by,
        first_said=one.first,
        last_said=refusal.said,
        wording=refusal.wording,
        condition=refusal.condition,
        basis=refusal.basis,
        quote=refusal.quote,
        item_quote=item.quote,
        episode=refusal.episode,
        response=refusal.response,
        contested=refusal.contested,
        now=one.now if ever else None,
        published=refusal.published,
        side=item.side,
        url=refusal.url,
        summary=refusal.summary,
    )


def _newest_first(rows: Iterable[NonStarter]) -> list[NonStarter]:
    groups: dict[str, list[NonStarter]] = defaultdict(list)
    for row in rows:
        groups[row.item].append(row)
    for group in groups.values():
        group.sort(key=lambda row: row.refused_by)
        group.sort(key=lambda row: (row.last_said.since, row.last_said.end), reverse=True)
    newest = sorted(groups.values(), key=lambda group: group[0].item)
    newest.sort(key=lambda group: (group[0].last_said.since, group[0].last_said.end), reverse=True)
    return [row for group in newest for row in group]
