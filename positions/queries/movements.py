"""Movements: where a position has changed, by an actor's own words or a paraphrase of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection, func, select, union_all

from positions import models
from positions.dates import Span
from positions.moment import Moment
from positions.queries import accounts, items, stances
from positions.queries.accounts import AnyAccount
from positions.queries.filters import EVERYTHING, Filters
from positions.queries.items import Loaded
from positions.queries.rows import Item, Mention, Movement, Outcome
from positions.vocabulary import FIRM, MentionKind, Role, Scope

LONG_SILENCE = timedelta(days=30)
"""A first stance is a movement if it comes so long after the item was made."""


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
    """What has moved by `moment`, oldest first: stances, new demands and offers, scopes of demands, outcomes.

    A demand or an offer is new if one of its makers had spoken before the first day on which it may have been made,
    according to another source. A first stance counts if it comes `LONG_SILENCE` or more after the item was made and
    stands in another source; `first` adds all others. Empty as long as nothing has moved; one source cannot show that.
    """
    which = filters.condition(moment) & moment.known_items()
    loaded = items.load(connection, moment, which, current=())
    numbers = None if filters == EVERYTHING else {item.row for item in loaded.items}
    pairs = stances.accounts_by_pair(connection, moment, items=numbers, since=since, until=until)
    found = from_loaded(moment, loaded, pairs, first_words(connection, moment), first=first)
    return [row for row in found if (actor is None or row.actor == actor) and row.said.lies_within(since, until)]


def from_loaded(
    moment: Moment,
    loaded: Loaded,
    pairs: Iterable[Sequence[AnyAccount]],
    spoke: Mapping[str, Mapping[str, date]],
    *,
    first: bool = False,
) -> list[Movement]:
    """The rows of `movements` about the items `loaded`.

    `pairs` holds the accounts of each actor on each item, `spoke` is what `first_words` returns.
    """
    about = {item.id: item for item in loaded.items}
    found = [
        *_of_stances([pair for pair in pairs if pair[0].item in about], about, first=first),
        *_new_items([item for item in loaded.items if moment.includes(item.made)], spoke),
        *_of_scopes(loaded.mentions, about),
        *_outcomes([outcome for outcome in loaded.outcomes if outcome.item in about], about),
    ]
    return sorted(found, key=lambda row: (*row.said.days, row.item, row.actor or "", row.change))


def step(before: AnyAccount | None, after: AnyAccount, title: str) -> Movement:
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


def _of_stances(pairs: Iterable[Sequence[AnyAccount]], about: dict[str, Item], *, first: bool) -> Iterator[Movement]:
    for pair in pairs:
        for before, after in accounts.moves(pair):
            if first or before is not None or _was_long_silent(after, about[after.item]):
                item = about[after.item]
                yield replace(step(before, after, item.title), own=after.actor in item.by)


def _was_long_silent(account: AnyAccount, item: Item) -> bool:
    return account.episode != item.episode and account.said.since - item.made.end >= LONG_SILENCE


def _new_items(made: Iterable[Item], spoke: Mapping[str, Mapping[str, date]]) -> Iterator[Movement]:
    for item in made:
        if item.basis not in FIRM or item.made.start is None:  # it may have been made at any time
            continue
        for maker in item.by:
            elsewhere = (day for episode, day in spoke.get(maker, {}).items() if episode != item.episode)
            if min(elsewhere, default=date.max) < item.made.start:
                how = "alternative" if item.alternative_to else "new"
                cited = (item.episode, None)
                new = _plain(item, maker, change="item", direction=how, said=item.made, cited=cited)
                yield replace(new, kind=item.kind)


def first_words(connection: Connection, moment: Moment) -> dict[str, dict[str, date]]:
    """By actor and episode: the last possible day of the first thing that the actor said or made according to it."""
    table, response, episode = models.response_actor, models.response, models.episode
    said = (
        select(models.actor.c.slug, episode.c.slug, func.min(response.c.said_to))
        .join(table, table.c.actor_id == models.actor.c.id)
        .join(response, response.c.id == table.c.response_id)
        .join(episode, episode.c.id == response.c.episode_id)
        .where(moment.visible(response), response.c.basis.in_(FIRM))
        .group_by(models.actor.c.slug, episode.c.slug)
    )
    maker, item = models.item_actor, models.item
    made = (
        select(models.actor.c.slug, episode.c.slug, func.min(item.c.made_to))
        .join(maker, maker.c.actor_id == models.actor.c.id)
        .join(item, item.c.id == maker.c.item_id)
        .join(episode, episode.c.id == item.c.episode_id)
        .where(maker.c.role == Role.MAKER, item.c.basis.in_(FIRM), moment.ties(maker, item), moment.on_the_table())
        .group_by(models.actor.c.slug, episode.c.slug)
    )
    first: dict[str, dict[str, date]] = defaultdict(dict)
    for actor, source, day in connection.execute(union_all(said, made)):
        first[actor][source] = min(day, first[actor].get(source, day))
    return first


def _of_scopes(mentions: Iterable[Mention], about: dict[str, Item]) -> Iterator[Movement]:
    for mention in mentions:
        is_repeated = mention.kind is MentionKind.REPEATS and mention.basis in FIRM
        if is_repeated and mention.scope not in {None, Scope.SAME}:
            item = about[mention.item]
            cited = (mention.episode, mention.response)
            for maker in mention.by:
                if maker in item.by:
                    how = str(mention.scope)
                    yield _plain(item, maker, change="scope", direction=how, said=mention.said, cited=cited)


def _outcomes(outcomes: Iterable[Outcome], about: dict[str, Item]) -> Iterator[Movement]:
    for outcome in outcomes:
        how = f"{outcome.outcome} in part" if outcome.in_part else outcome.outcome.value
        item, cited = about[outcome.item], (outcome.episode, None)
        for actor in outcome.by or (None,):
            yield _plain(item, actor, change="outcome", direction=how, said=outcome.on, cited=cited)


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
