"""Where marks stand on the time axis of the page, and how days are written there."""

from datetime import date

import pytest

from positions.dates import Span
from positions.report.filters import days
from positions.report.timeline import Axis, Event, Timeline, draw


def said(lane: str, stance: str, on: str, place: str = "") -> Event:
    return Event(lane, stance, Span.parse(on, open_start=True), stance, place or f"{lane}/{on}")


def drawn(*events: Event, moves: tuple[tuple[str, str, str], ...] = ()) -> Timeline:
    return draw(events, moves, Axis(one.said for one in events))


def test_a_known_day_is_a_mark_and_an_interval_has_a_bar_up_to_it() -> None:
    [lane] = drawn(said("nato", "open", "2022-01-01"), said("nato", "open", "2022-02-01/2022-03-01")).lanes

    day, interval = lane.marks
    assert (day.width, interval.width > 0) == (0, True)
    assert interval.start + interval.width == pytest.approx(interval.x)
    assert day.x < interval.start < interval.x < 100


def test_the_bar_of_an_open_start_begins_with_the_axis() -> None:
    first, open_start = drawn(said("us", "made", "2021-12-01"), said("nato", "made", "../2022-01-17")).lanes

    assert open_start.marks[0].start == first.marks[0].x


def test_each_stance_has_its_level_with_the_softest_above() -> None:
    [lane] = drawn(
        said("nato", "non-starter", "2022-01-01"),
        said("nato", "negotiable", "2022-02-01"),
        said("nato", "open", "2022-03-01"),
    ).lanes

    heights = {mark.event.look: mark.y for mark in lane.marks}
    assert heights["open"] < heights["negotiable"] < heights["non-starter"]
    assert sorted(heights.values()) == list(lane.levels)


def test_marks_that_would_touch_stand_in_rows_and_others_in_one() -> None:
    [lane] = drawn(*(said("nato", "open", f"2022-01-{day:02}", f"{day}") for day in (1, 2, 3, 31))).lanes

    assert len({(mark.x, mark.y) for mark in lane.marks}) == len(lane.marks)
    assert [mark.y for mark in lane.marks].count(lane.levels[0]) == 2


def test_a_movement_leads_from_level_to_level_at_the_day_of_the_new_stance() -> None:
    before, after = said("nato", "non-starter", "2022-01-01", "a"), said("nato", "open", "2022-02-01", "b")

    [lane] = drawn(before, after, moves=(("nato", "a", "b"),)).lanes

    [step] = lane.steps
    assert step.x1 < step.x2
    assert step.y1 > step.y2 > min(mark.y for mark in lane.marks)


def test_who_said_everything_together_shares_a_lane() -> None:
    names = ["NATO", "United States", "United Kingdom", "Germany", "France"]
    together = [said(name, "open", "2022-01-01", "joint/it") for name in names]

    alone, joint = drawn(said("Russia", "made", "2021-12-17"), *together).lanes

    assert alone.name == "Russia"
    assert joint.name == ", ".join(names)
    assert joint.short == "NATO, United States and 3 more"
    assert len(joint.marks) == 1


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2022-01-10", "2022-01-10", ["10 Jan 2022"]),
        ("2022-01-10", "2022-01-17", ["10 Jan 2022", "17 Jan"]),
        ("2021-12-17", "2022-02-15", ["Jan 2022", "Feb"]),
        ("2021-12-17", "2022-12-15", ["Jan 2022", "Apr", "Jul", "Oct"]),
        ("1949-04-04", "2022-01-12", ["1960", "1980", "2000", "2020"]),
    ],
)
def test_the_axis_has_a_few_ticks_however_long_it_is(first: str, last: str, labels: list[str]) -> None:
    axis = Axis([Span.parse(first), Span.parse(last)])

    assert [tick.label for tick in axis.ticks] == labels
    assert all(0 < tick.x < 100 for tick in axis.ticks)


def test_an_axis_of_nothing_and_one_of_all_time_can_be_made() -> None:
    assert Axis([]).ticks == []
    assert 0 < len(Axis([Span(date.min, date.max)]).ticks) <= 6


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2022-01-12", "12 January 2022"),
        ("2022-01", "January 2022"),
        ("2021", "2021"),
        ("2022-01-10/2022-01-12", "10–12 January 2022"),
        ("2022-01-28/2022-02-02", "28 January – 2 February 2022"),
        ("2021-12-17/2022-01-12", "17 December 2021 – 12 January 2022"),
        ("2021-12/2022-01", "December 2021 – January 2022"),
        ("2020/2021", "2020 – 2021"),
        ("../2022-01-17", "by 17 January 2022"),
    ],
)
def test_days_are_written_as_people_write_them(edtf: str, words: str) -> None:
    assert days(Span.parse(edtf, open_start=True)) == words
