"""All that the record says at a moment, read once: what a page about the whole of it is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from positions.moment import Moment
from positions.queries import episodes, items, log, movements, nonstarters, outlook, people, stances, statements, status
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
    """All that the record says at `moment`; the number of statements does not depend on how much that is."""
    known = items.every(connection, moment)
    made = [one for one in known if moment.as_of is None or one.made.end <= moment.as_of]
    return Whole(
        moment=moment,
        fresh=log.freshness(connection, moment),
        last_read=status.last_read(connection, moment),
        sides=people.sides(connection, moment),
        actors=people.actors(connection, moment),
        items=made,
        told=stances.told(connection, moment),
        mentions=items.mentions(connection, moment),
        outcomes=items.outcomes(connection, moment),
        refused=nonstarters.nonstarters(connection, moment),
        ever_refused=nonstarters.nonstarters(connection, moment, ever=True),
        outlook=outlook.outlook(connection, moment),
        packages=outlook.packages(connection, moment),
        movements=movements.movements(connection, moment),
        episodes=episodes.episodes(connection, moment),
        responses=statements.responses(connection, moment),
    )
