"""Questions, beside SQL by hand on the same file, and how their time grows with the record."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from positions import database
from positions.moment import Moment
from positions.queries.filters import Filters
from positions.queries.log import newest
from positions.queries.movements import movements
from positions.queries.nonstarters import nonstarters
from positions.queries.rows import NonStarter
from positions.queries.stances import current, history
from tests.benchmarks import negotiation, raw
from tests.benchmarks.timing import Result, beside, compared, seconds

_MONTH = date(2020, 7, 1), date(2020, 7, 31)
_SMALL = 1000


def then(connection: Connection) -> Moment:
    """A day in the middle, as known after two thirds of the record."""
    return Moment(negotiation.FIRST_DAY + timedelta(negotiation.DAYS // 2), newest(connection) * 2 // 3)


def results(folder: Path, n: int, runs: int) -> Iterator[Result]:
    """Two questions beside SQL by hand on the database of `n` stances."""
    db = negotiation.make(folder, n)
    size = f"{n:,} stances"
    with database.reading(db) as connection:
        moment = then(connection)
        hand = sqlite3.connect(db)

        def all_pairs() -> Sequence[Any]:
            return current(connection, moment)

        def by_hand(sql: str) -> Callable[[], list[Any]]:
            return lambda: hand.execute(sql).fetchall()

        best, refused = raw.current(moment), raw.nonstarters()
        require_same(all_pairs(), by_hand(best)())
        rows = nonstarters(connection, Moment())
        require_same(rows, by_hand(refused)())
        require_same_days(rows, by_hand(refused)())
        yield beside(f"all pairs, {size} / best SQL", all_pairs, by_hand(best), 1.6, runs=runs)
        yield beside("the same / SQL by a window function", all_pairs, by_hand(raw.windowed(moment)), 0.5, runs=runs)
        yield beside(
            f"non-starters with quotation, {size} / best SQL",
            lambda: nonstarters(connection, Moment()),
            by_hand(refused),
            1.5,
            runs=runs,
        )


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose time is to grow with its answer alone, at most so many times as much for each row."""

    what: str
    ask: Callable[[Connection], Sequence[Any]]
    goal: float


def _history(connection: Connection) -> Sequence[Any]:
    return history(connection, Moment(), items=Filters(item="item-7").rows(connection, Moment()))


QUESTIONS = (
    Question("all pairs", lambda connection: current(connection, then(connection)), 4),
    Question("non-starters", lambda connection: nonstarters(connection, Moment()), 8),
    Question("history of an item", _history, 4),
    Question(
        "movements of a month",
        lambda connection: movements(connection, Moment(), since=_MONTH[0], until=_MONTH[1]),
        4,
    ),
)


def growth(folder: Path, n: int, runs: int) -> Iterator[Result]:
    """The time of each question for a row of its answer, at `n` stances beside a thousand."""
    large, small = negotiation.make(folder, n), negotiation.make(folder, _SMALL)
    for one in QUESTIONS:
        with database.reading(large) as many, database.reading(small) as few:
            yield compared(
                f"{one.what}: time for each row, {n:,} / {_SMALL:,} stances",
                _by_row(one, many),
                _by_row(one, few),
                one.goal,
                runs=runs,
            )


def _by_row(one: Question, connection: Connection) -> Callable[[], float]:
    rows = len(one.ask(connection))
    timed = seconds(lambda: one.ask(connection))
    return lambda: timed() / rows


def require_same_days(ours: Sequence[NonStarter], theirs: Sequence[Any]) -> None:
    """Make sure that both sides say since when each item is refused, and say the same."""
    mine = {(one.item, one.refused_by): f"{one.first_said.start}/{one.first_said.end}" for one in ours}
    if mine != {(row[1], row[0]): row[-1] for row in theirs}:
        raise AssertionError("the two sides differ in when something was first said")


def require_same(ours: Sequence[Any], theirs: Sequence[Any]) -> None:
    """Make sure that both sides gave the same answer: the same accounts of the same actors on the same items."""
    mine = sorted((one.item, getattr(one, "actor", None) or one.refused_by, one.response) for one in ours)
    if mine != sorted((row[1], row[0], row[11]) for row in theirs):
        raise AssertionError("the two sides do not answer alike")
