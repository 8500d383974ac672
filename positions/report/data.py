"""The data of the page: the answers to all questions at one moment, with each table read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from positions.moment import Moment
from positions.queries import (
    actors,
    days,
    episodes,
    items,
    log,
    movements,
    nonstarters,
    outlook,
    responses,
    rows,
    stances,
    status,
)
from positions.queries.log import Freshness

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Data:
    """The answers to all questions at one moment, each in the order of its query."""

    title: str | None
    """What the negotiation is called; None: its sides name it."""
    moment: Moment
    fresh: Freshness
    citation: str
    last_read: Mapping[str, rows.LastRead]
    sides: Sequence[rows.Side]
    actors: Sequence[rows.Actor]
    items: Sequence[rows.Item]
    """The items that were on the table by then, whatever became of them."""
    stances: Sequence[rows.Stance]
    mentions: Sequence[rows.Mention]
    outcomes: Sequence[rows.Outcome]
    refused: Sequence[rows.NonStarter]
    ever_refused: Sequence[rows.NonStarter]
    outlook: Sequence[rows.Outlook]
    packages: Sequence[rows.Package]
    days: Sequence[days.Day]
    """The answers as of every day on which one of them changed, oldest first."""
    episodes: Sequence[rows.Episode]
    responses: Sequence[rows.Response]


def read(connection: "Connection", moment: Moment) -> Data:
    """Read the answers at `moment`, with a number of SQL statements that does not depend on the size of the record."""
    all_stances = stances.all_stances(connection, moment)
    loaded = items.load(connection, moment, moment.known_items(), current=stances.current_among(all_stances))
    refusals = stances.refusals_among(all_stances)
    table = items.on_the_table_among(moment, loaded, all_stances)
    packages = outlook.told_packages(connection, moment)
    said = responses.responses(connection, moment)
    newest = log.last_revision(connection, moment)
    latest = max((response.said.end for response in said), default=None)  # of responses that were read already
    return Data(
        title=log.title(connection) if newest is None else newest.title,
        moment=moment,
        fresh=Freshness(latest, 0 if newest is None else newest.number),
        citation=log.citation(newest),
        last_read=status.last_read(connection, moment),
        sides=actors.sides(connection, moment),
        actors=actors.actors(connection, moment),
        items=table,
        stances=all_stances,
        mentions=loaded.mentions,
        outcomes=loaded.outcomes,
        refused=nonstarters.from_refusals(refusals, table),
        ever_refused=nonstarters.from_refusals(stances.refusals_among(all_stances, ever=True), table, ever=True),
        outlook=outlook.outlook_among(table, refusals, [package.until(moment.as_of) for package in packages]),
        packages=[package.until(moment.as_of) for package in packages],
        days=list(days.answers(moment, loaded, all_stances, packages, movements.first_words(connection, moment))),
        episodes=episodes.episodes(connection, moment),
        responses=said,
    )
