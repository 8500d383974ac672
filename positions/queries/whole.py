"""All that the record says at a moment, read once: what a page about the whole of it is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from positions.moment import Moment
from positions.queries import (
    accounts,
    episodes,
    items,
    log,
    movements,
    nonstarters,
    outlook,
    people,
    stances,
    statements,
    status,
)
from positions.queries.log import Freshness
from positions.queries.rows import (
    Actor,
    Episode,
    Item,
    LastRead,
    Mention,
    Movement,
    NonStarter,
    Outcome,
    Outlook,
    Package,
    Response,
    Side,
    Stance,
)


@dataclass(frozen=True, slots=True)
class Whole:
    """The answers to all questions at one moment, each in the order of its question."""

    moment: Moment
    fresh: Freshness
    last_read: Mapping[str, LastRead]
    sides: Sequence[Side]
    actors: Sequence[Actor]
    items: Sequence[Item]
    """On the table by then, or ended."""
    told: Sequence[Stance]
    mentions: Sequence[Mention]
    outcomes: Sequence[Outcome]
    refused: Sequence[NonStarter]
    ever_refused: Sequence[NonStarter]
    outlook: Sequence[Outlook]
    packages: Sequence[Package]
    movements: Sequence[Movement]
    episodes: Sequence[Episode]
    responses: Sequence[Response]


def whole(connection: Connection, moment: Moment) -> Whole:
    """All that the record says at `moment`; the number of statements does not depend on how much that is.

    Items, what was said of them and what became of them are read once, and answer every question about them.
    """
    loaded = items.load(connection, moment)
    told = stances.told(connection, moment)
    refusals = stances.refusals(connection, moment)
    table = items.on_the_table_by(connection, moment, loaded.items)
    found_packages = outlook.packages(connection, moment)
    return Whole(
        moment=moment,
        fresh=log.freshness(connection, moment),
        last_read=status.last_read(connection, moment),
        sides=people.sides(connection, moment),
        actors=people.actors(connection, moment),
        items=[item for item in loaded.items if moment.as_of is None or item.made.end <= moment.as_of],
        told=told,
        mentions=loaded.mentions,
        outcomes=loaded.outcomes,
        refused=nonstarters.of(refusals, loaded.items),
        ever_refused=nonstarters.of(stances.refusals(connection, moment, ever=True), loaded.items, ever=True),
        outlook=outlook.of(table, refusals, found_packages),
        packages=found_packages,
        movements=movements.of(connection, moment, loaded, accounts.by_pair(told).values()),
        episodes=episodes.episodes(connection, moment),
        responses=statements.responses(connection, moment),
    )
