"""Movements: where a position has changed, by an actor's own words or a paraphrase of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import Connection, func, select

from positions import models
from positions.dates import Span
from positions.moment import Moment
from positions.queries import accounts, items, stances
from positions.queries.accounts import Told
from positions.queries.filters import EVERYTHING, Filters
from positions.queries.rows import Item, Mention, Movement, Outcome
from positions.vocabulary import FIRM, ItemKind, MentionKind, Role, Scope


def movements(
    connection: Connection,
    moment: Moment,
    filters: Filters = EVERYTHING,
    *,
    actor: str | None = None,
    since: date | None = None,
    until: date | None = None,
    first: bool = False,
) -> list[Movement]:
    """What has moved by `moment`, oldest first: stances, new offers and alternatives, scopes of demands, outcomes.

    An offer or alternative is new if one of its makers had said something, recorded here, before it was made. `first`
    adds each actor's first stance on each item. Empty as long as nothing has moved; one source cannot show that.
    """
    about = {one.id: one for one in items.described(connection, moment, filters)}
    rows = None if filters == EVERYTHING else {one.row for one in about.values()}
    spoken = stances.spoken(connection, moment, items=rows, since=since, until=until)
    mentions, outcomes = items.mentions(connection, moment, filters), items.outcomes(connection, moment, rows)
    loaded = items.Loaded(list(about.values()), mentions, outcomes)
    found = of(connection, moment, loaded, spoken, first=first)
    return [row for row in found if (actor is None or row.actor == actor) and row.said.lies_within(since, until)]


def of(
    connection: Connection,
    moment: Moment,
    loaded: items.Loaded,
    spoken: Iterable[Sequence[Told]],
    *,
    first: bool = False,
) -> list[Movement]:
    """The rows of `movements` about what was `loaded`; `spoken` holds the accounts of each actor on each item."""
    about = {item.id: item for item in loaded.items}
    found = [
        *_of_stances([pair for pair in spoken if pair[0].item in about], about, first=first),
        *_new_items(connection, moment, [item for item in loaded.items if _was_made(item, moment)]),
        *_of_scopes(loaded.mentions, about),
        *_outcomes([outcome for outcome in loaded.outcomes if outcome.item in about], about),
    ]
    return sorted(found, key=lambda row: (row.said.since, row.said.end, row.item, row.actor or "", row.change))


def step(before: Told | None, after: Told, title: str) -> Movement:
    """The movement from one account (None: there was none) to the next, on the item with `title`."""
    return Movement(
        change="first" if before is None else "stance",
        actor=after.actor,
        item=after.item,
        title=title,
        from_=None if before is None else before.stance,
        to=after.stance,
        direction=None if before is None else accounts.direction(before.stance, after.stance),
        said=after.said,
        episode=after.episode,
        response=after.response,
    )


def _of_stances(pairs: Iterable[Sequence[Told]], about: dict[str, Item], *, first: bool) -> Iterator[Movement]:
    for pair in pairs:
        for before, after in accounts.moves(pair):
            if first or before is not None:
                yield step(before, after, about[after.item].title)


def _new_items(connection: Connection, moment: Moment, made: Sequence[Item]) -> Iterator[Movement]:
    spoke = _first_spoken(connection, moment)
    for one in made:
        if one.basis not in FIRM or (one.kind is ItemKind.DEMAND and not one.alternative_to):
            continue
        for maker in one.by:
            if maker in spoke and spoke[maker] < one.made.since:
                how = "alternative" if one.alternative_to else "new"
                yield _plain(one, maker, change="item", direction=how, said=one.made, cited=(one.episode, None))


def _first_spoken(connection: Connection, moment: Moment) -> dict[str, date]:
    """By actor: the last possible day of the first thing that it said or put on the table."""
    table, response = models.response_actor, models.response
    said = (
        select(models.actor.c.slug, func.min(response.c.said_to))
        .join(table, table.c.actor_id == models.actor.c.id)
        .join(response, response.c.id == table.c.response_id)
        .where(moment.visible(response), response.c.basis.in_(FIRM))
        .group_by(models.actor.c.slug)
    )
    maker, item = models.item_actor, models.item
    made = (
        select(models.actor.c.slug, func.min(item.c.made_to))
        .join(maker, maker.c.actor_id == models.actor.c.id)
        .join(item, item.c.id == maker.c.item_id)
        .where(maker.c.role == Role.MAKER, item.c.basis.in_(FIRM), moment.ties(maker, item), moment.on_the_table())
        .group_by(models.actor.c.slug)
    )
    first: dict[str, date] = {}
    for query in (said, made):
        for actor, day in connection.execute(query):
            first[actor] = min(day, first.get(actor, day))
    return first


def _of_scopes(mentions: Iterable[Mention], about: dict[str, Item]) -> Iterator[Movement]:
    for one in mentions:
        if one.kind is MentionKind.REPEATS and one.basis in FIRM and one.scope not in {None, Scope.SAME}:
            item = about[one.item]
            for maker in one.by:
                if maker in item.by:
                    cited = (one.episode, one.response)
                    yield _plain(item, maker, change="scope", direction=str(one.scope), said=one.said, cited=cited)


def _outcomes(outcomes: Iterable[Outcome], about: dict[str, Item]) -> Iterator[Movement]:
    for one in outcomes:
        direction = f"{one.outcome} in part" if one.in_part else one.outcome.value
        for actor in one.by or (None,):
            cited = (one.episode, None)
            yield _plain(about[one.item], actor, change="outcome", direction=direction, said=one.on, cited=cited)


def _plain(
    item: Item, actor: str | None, *, change: str, direction: str, said: Span, cited: tuple[str, str | None]
) -> Movement:
    """A movement without stances; `cited` are the episode and the response that it stands in."""
    return Movement(
        change=change,
        actor=actor,
        item=item.id,
        title=item.title,
        from_=None,
        to=None,
        direction=direction,
        said=said,
        episode=cited[0],
        response=cited[1],
    )


def _was_made(item: Item, moment: Moment) -> bool:
    return moment.as_of is None or item.made.end <= moment.as_of
