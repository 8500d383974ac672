"""The answers of every day, derived from rows that were read once, are those of `--as-of`."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from positions import database
from positions.moment import Moment
from positions.queries import items, movements, nonstarters, outlook
from positions.queries.days import Day
from positions.queries.rows import grouped
from positions.report.data import read
from tests.conftest import Output, Positions

Record = Callable[..., Output]
talks = pytest.mark.usefixtures("talks")

LATER = """
format: 1
episode: {id: later, kind: statement, title: Later, published: 2022-02-20, url: https://example.org/later}
demands:
  - {id: no-membership, by: russia, to: [us, nato], topic: enlargement, title: No membership,
     made: 2022-02-10/2022-02-14, said: 2022-02-18, basis: reported, quote: none of them, part_of: no-enlargement}
packages:
  - {id: both, by: russia, said: 2022-02-12, title: Both, items: [no-enlargement, no-missiles], core: [no-enlargement],
     core_quote: above all, quote: as one}
extends:
  - {id: no-missiles, to: osce}
responses:
  - {id: no, by: [us, nato], said: 2022-02-11/2022-02-12, basis: stated, quote: never,
     stances: {no-enlargement: non-starter, no-membership: non-starter}}
  - {id: but, by: nato, said: 2022-02-12, basis: stated, quote: perhaps, stances: {no-enlargement: negotiable}}
  - {id: again, by: russia, said: 2022-02-13, basis: stated, quote: again, repeats: {no-membership: {scope: same}}}
  - {id: told, by: us, reported_by: russia, said: 2022-02-14, basis: alleged, quote: they agree,
     stances: {no-missiles: open}}
outcomes:
  - {items: [no-enlargement], outcome: withdrawn, on: 2022-02-15, by: russia, basis: reported, quote: it is over}
  - {items: [no-missiles], outcome: met, in_part: true, on: 2022-02-16, by: us, basis: reported, quote: in part}
"""


def answered(connection: sa.Connection, day: date, moment: Moment) -> Day:
    """What the questions answer as of `day`."""
    then = Moment(day, moment.known_at, moment.public_by)
    table = items.made(connection, then)
    known = {item.id for item in table}
    return Day(
        day,
        table,
        {row.item: row for row in outlook.outlook(connection, then)},
        [row for row in nonstarters.nonstarters(connection, then) if row.item in known],
        [row for row in nonstarters.nonstarters(connection, then, ever=True) if row.item in known],
        outlook.packages(connection, then),
        grouped((row for row in movements.movements(connection, then) if row.item in known), lambda row: row.item),
    )


def assert_like_the_questions(db: str, moment: Moment) -> list[date]:
    with database.reading(Path(db) if "://" not in db else db) as connection:
        found = read(connection, moment).days
        for day in found:
            assert day == answered(connection, day.day, moment)
        return [day.day for day in found]


@talks
@pytest.mark.parametrize("moment", [Moment(), Moment(as_of=date(2022, 2, 14)), Moment(known_at=2)])
def test_every_day_is_answered_as_of_itself(positions: Positions, record: Record, moment: Moment) -> None:
    record(LATER)

    days = assert_like_the_questions(positions.db, moment)

    assert date(2022, 2, 12) in days
    assert max(days) == (moment.as_of or date(2022, 2, 20))


@talks
def test_between_two_of_these_days_nothing_changes(positions: Positions, record: Record) -> None:
    record(LATER)

    with database.reading(positions.db) as connection:
        found = read(connection, Moment()).days
        for before, after in pairwise(found):
            last = date.fromordinal(after.day.toordinal() - 1)
            if last > before.day:
                then = answered(connection, last, Moment())
                assert (then.items, then.refused) == (before.items, before.refused)
                assert (then.outlook, then.packages) == (before.outlook, before.packages)
                assert then.movements == before.movements


@pytest.mark.slow
def test_every_day_of_a_long_negotiation_is_answered_as_of_itself(large: Positions) -> None:
    assert len(assert_like_the_questions(large.db, Moment())) > 30


@pytest.mark.slow
def test_every_day_of_the_shipped_episodes_is_answered_as_of_itself(winter: Positions) -> None:
    assert len(assert_like_the_questions(winter.db, Moment())) > 40
