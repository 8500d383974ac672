"""Where bands stand on the time axis of the page, and how days are written there."""

from datetime import date, timedelta
from itertools import count

import pytest

from positions.dates import Span
from positions.queries.rows import Stance
from positions.report.filters import brief, days
from positions.report.timeline import Axis, Lane, lanes
from positions.vocabulary import Basis, StanceKind

FIRST = date(2022, 1, 1)
_NUMBERS = count()


def says(actor: str, stance: str, on: str, basis: Basis = Basis.STATED) -> Stance:
    said = Span.parse(on)
    return Stance(
        *(actor, "item", StanceKind(stance), None, None, basis, None, None, said, "talks", "it", None, 1),
        contested=False,
        sequence=next(_NUMBERS),
        published=said.end,
        summary=None,
        url=None,
    )


def drawn(*told: Stance, last: date = date(2022, 4, 11)) -> list[Lane]:
    of = {actor: [stance for stance in told if stance.actor == actor] for actor in {stance.actor for stance in told}}
    return lanes(of, {actor: [stance.said for stance in of[actor]] for actor in of}, Axis(FIRST, last))


def test_a_band_begins_on_the_day_from_which_a_stance_counts_and_ends_with_the_next() -> None:
    [lane] = drawn(says("nato", "open", "2022-01-11"), says("nato", "non-starter", "2022-02-20/2022-03-02"))

    assert [(band.look, band.x, band.end) for band in lane.bands] == [("open", 10, 60), ("non-starter", 60, 100)]
    assert lane.words == [("non-starter", "20 Feb – 2 Mar 2022"), ("open", "11 Jan 2022")]
    assert lane.dots == (10, 60)


def test_what_is_said_again_begins_no_new_band_and_is_a_dot() -> None:
    [lane] = drawn(says("us", "open", "2022-01-11"), says("us", "open", "2022-01-21"))

    assert len(lane.bands) == 1
    assert lane.dots == (10, 20)


def test_what_others_allege_does_not_replace_an_actors_own_words_and_is_marked_where_it_stands_alone() -> None:
    [nato] = drawn(says("nato", "open", "2022-01-11"), says("nato", "non-starter", "2022-01-21", Basis.ALLEGED))
    [us] = drawn(says("us", "open", "2022-01-11", Basis.ALLEGED))

    assert [(band.look, band.doubtful) for band in nato.bands] == [("open", False)]
    assert [(band.look, band.doubtful) for band in us.bands] == [("open", True)]


def test_actors_who_always_stood_alike_share_a_lane() -> None:
    together = [says(actor, "open", "2022-01-11") for actor in ("us", "nato")]

    first, second = drawn(*together, says("uk", "open", "2022-01-12"))
    assert set(first.names) == {"us", "nato"}
    assert second.names == ["uk"]


@pytest.mark.parametrize(
    ("last", "labels"),
    [
        (0, ["1 Jan 2022"]),
        (20, ["1 Jan 2022"]),
        (60, ["Jan 2022", "Feb", "Mar"]),
        (400, ["Jan 2022", "Apr", "Jul", "Oct", "Jan 2023"]),
        (4000, ["2022", "2024", "2026", "2028", "2030", "2032"]),
    ],
)
def test_the_axis_has_a_handful_of_named_months_or_years(last: int, labels: list[str]) -> None:
    assert [tick.label for tick in Axis(FIRST, FIRST + timedelta(last)).ticks] == labels


def test_days_outside_the_axis_stand_at_its_ends() -> None:
    axis = Axis(FIRST, date(2022, 4, 11))

    assert [axis.at(day) for day in (date(2021, 1, 1), FIRST, date(2022, 4, 11), date(2023, 1, 1))] == [0, 0, 100, 100]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2022-01-12", "12 January 2022"),
        ("2022-01-10/2022-01-12", "10–12 January 2022"),
        ("2022-01-28/2022-02-02", "28 January – 2 February 2022"),
        ("2021-12-30/2022-01-02", "30 December 2021 – 2 January 2022"),
        ("2022-01", "January 2022"),
        ("2022", "2022"),
        ("2021-12/2022-01", "December 2021 – January 2022"),
        ("../2022-01-17", "by 17 January 2022"),
    ],
)
def test_days_are_written_as_people_write_them(written: str, shown: str) -> None:
    assert days(Span.parse(written, open_start=True)) == shown


def test_days_are_written_briefly_where_there_are_many() -> None:
    assert brief(Span.parse("2022-01-28/2022-02-02")) == "28 Jan – 2 Feb 2022"
    assert brief(Span.parse("2022-01")) == "Jan 2022"
