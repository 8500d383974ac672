"""All that the record says at a moment, read once: what a page about the whole of it is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

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


def whole(session: Session, moment: Moment) -> Whole:
    """All that the record says at `moment`; the number of statements does not depend on how much that is."""
    known = items.every(session, moment)
    made = [one for one in known if moment.as_of is None or one.made.end <= moment.as_of]
    return Whole(
        moment=moment,
        fresh=log.freshness(session, moment),
        last_read=status.last_read(session, moment),
        sides=people.sides(session, moment),
        actors=people.actors(session, moment),
        items=made,
        told=stances.told(session, moment),
        mentions=items.mentions(session, moment),
        outcomes=items.outcomes(session, moment),
        refused=nonstarters.nonstarters(session, moment),
        ever_refused=nonstarters.nonstarters(session, moment, ever=True),
        outlook=outlook.outlook(session, moment),
        packages=outlook.packages(session, moment),
        movements=movements.movements(session, moment),
        episodes=episodes.episodes(session, moment),
        responses=statements.responses(session, moment),
    )
