"""What is refused outright: by whom, in which words, since when, according to which source."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, select, true

from positions import models
from positions.moment import Moment
from positions.queries import items, responses, stances
from positions.queries.filters import EVERYTHING, Filters
from positions.queries.rows import Item, NonStarter, Outcome
from positions.queries.stances import Refusal
from positions.vocabulary import Basis, MentionKind


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
    about = items.every(connection, moment, filters, parts=())
    which: ColumnElement[bool] = true()
    if filters != EVERYTHING:
        which = models.stance.c.item_id.in_({item.row for item in about})
    if actor is not None:
        giver = select(models.actor.c.id).where(models.actor.c.slug == actor, models.actor.c.retracted_in.is_(None))
        which &= models.stance.c.actor_id.in_(giver)
    refusals = stances.refusals(connection, moment, which=which, ever=ever)
    refused = {refusal.account.item for refusal in refusals}
    known = [item for item in about if item.id in refused]
    return from_refusals(refusals, _with_status(connection, moment, known), ever=ever, basis=basis)


def _with_status(connection: Connection, moment: Moment, about: Sequence[Item]) -> list[Item]:
    """The items `about`, each with what became of it."""
    outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in items.outcomes(connection, moment, {item.row for item in about}):
        outcomes[outcome.item].append(outcome)
    said = {item.id: [item.first_said, item.last_said] for item in about}
    if outcomes:  # said again later, a withdrawn item is on the table again
        with_outcome = {item.row for item in about if item.id in outcomes}
        for mention in responses.mentions(connection, moment, models.item.c.id.in_(with_outcome)):
            if mention.kind is MentionKind.REPEATS:
                said[mention.item].append(mention.said)
    return [replace(item, status=items.status(outcomes[item.id], said[item.id])[0]) for item in about]


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
    account = refusal.account
    return NonStarter(
        item=item.id,
        kind=item.kind,
        title=item.title,
        by=item.by,
        refused_by=account.actor,
        speaker=account.speaker,
        reported_by=account.reported_by,
        first_said=refusal.first,
        last_said=account.said,
        wording=account.wording,
        condition=account.condition,
        basis=account.basis,
        quote=account.quote,
        item_quote=item.quote,
        episode=account.episode,
        response=account.response,
        contested=account.contested,
        status=item.status,
        now=refusal.now if ever else None,
        published=account.published,
        side=item.side,
        url=account.url,
        summary=account.summary,
    )


def _newest_first(rows: Iterable[NonStarter]) -> list[NonStarter]:
    groups: dict[str, list[NonStarter]] = defaultdict(list)
    for row in rows:
        groups[row.item].append(row)
    for group in groups.values():
        group.sort(key=lambda row: row.refused_by)
        group.sort(key=lambda row: row.last_said.days, reverse=True)
    newest = sorted(groups.values(), key=lambda group: group[0].item)
    newest.sort(key=lambda group: group[0].last_said.days, reverse=True)
    return [row for group in newest for row in group]
