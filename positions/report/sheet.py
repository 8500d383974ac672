"""The whole negotiation on one sheet: a line an item, coloured by the answer it had, between the events of the record.

Horizontal positions are in per cent of the axis, so that the same figure fits a phone and a wall.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from positions.queries.outlook import BLOCKED, UNANSWERED, WORKABLE
from positions.queries.rows import grouped
from positions.report.data import Data
from positions.report.filters import short_day
from positions.report.states import Count, Course, count
from positions.report.timeline import Axis, Tick
from positions.vocabulary import ItemKind

ANSWERS = (BLOCKED, WORKABLE, UNANSWERED)
"""In the order in which items are listed."""

_FEW = 2
"""So many items without an answer are drawn one by one; more are folded into one line."""

_CHARACTER = 1.05
"""The width of a letter of an event's label, in per cent of the axis."""

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_WEEK, _SHORT = 7, 21


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of days: where it begins, how wide it is, and its look; `height` is a share of the line."""

    x: float
    width: float
    answer: str
    doubtful: bool = False
    height: float = 1


@dataclass(frozen=True, slots=True)
class Line:
    """An item: its bars, where it ended (None: it did not), and the same in words."""

    course: Course
    bars: Sequence[Bar]
    end: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """The demands or the offers of a side: those that were answered, and the others as one line."""

    title: str
    lines: Sequence[Line]
    folded: Sequence[Course]
    bars: Sequence[Bar]
    """Of the folded: as high as they are many."""


@dataclass(frozen=True, slots=True)
class Event:
    """A source that is marked as an event; `tier` is the row of its label."""

    label: str
    day: date
    x: float
    tier: int
    anchor: str
    """Which end of its label is at `x`: start, middle or end."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The figure, and the counts of its headline by answer."""

    headline: str
    groups: Sequence[Group]
    events: Sequence[Event]
    ticks: Sequence[Tick]
    counts: Mapping[str, Count]
    axis: Axis

    @property
    def tiers(self) -> int:
        """How many rows the labels of the events need."""
        return max((event.tier for event in self.events), default=-1) + 1


def sheet(data: Data, courses: Sequence[Course]) -> Sheet:
    """The sheet of all items of `data`, whose `courses` are given."""
    axis = Axis.of([day.day for day in data.days])
    counts = {answer: count(course for course in courses if course.now.answer == answer) for answer in ANSWERS}
    groups = [_group(title, listed, axis) for title, listed in _groups(data, courses).items()]
    return Sheet(_headline(data, axis, counts), groups, _events(data, axis), axis.ticks, counts, axis)


def _headline(data: Data, axis: Axis, counts: Mapping[str, Count]) -> str:
    """The whole in a sentence: its length, and how many items had which answer."""
    total = sum(counted.total for counted in counts.values())
    if not total:
        return "Nothing is on the table"
    blocked, workable, unanswered = (counts[answer].total for answer in ANSWERS)
    items = "item" if total == 1 else "items"
    return (
        f"{length(axis.first, axis.last)}, {total} {items}: {blocked} refused, {workable} {others(data)} would discuss,"
        f" {unanswered} with no answer on record"
    )


def length(first: date, last: date) -> str:
    """How long the days from `first` to `last` are, in words: Sixteen weeks."""
    days = (last - first).days
    number, unit = (days + 1, "day") if days < _SHORT else (round(days / _WEEK), "week")
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word.capitalize()} {unit}{'' if number == 1 else 's'}"


def others(data: Data) -> str:
    """Who would discuss what is not refused."""
    return "the other side" if len(data.sides) == 2 else "others"  # noqa: PLR2004


def _groups(data: Data, courses: Iterable[Course]) -> dict[str, list[Course]]:
    """The courses by side and kind: the demands of each side, their offers, then those of no side or of several."""
    found = grouped(courses, lambda course: (course.item.side, course.item.kind))
    sides = [*((side.id, side.name) for side in data.sides), (None, "others" if data.sides else "all")]
    named = {ItemKind.DEMAND: "Demands of", ItemKind.OFFER: "Offers of"}
    return {
        f"{words} {name}": found[side, kind]
        for kind, words in named.items()
        for side, name in sides
        if (side, kind) in found
    }


def _group(title: str, courses: Iterable[Course], axis: Axis) -> Group:
    listed = sorted(courses, key=lambda course: (ANSWERS.index(course.now.answer), course.since))
    unanswered = [course for course in listed if course.now.answer == UNANSWERED]
    folded = unanswered if len(unanswered) > _FEW else []
    lines = [_line(course, axis) for course in listed if course not in folded]
    return Group(title, lines, folded, list(_heap(folded, axis)))


def _line(course: Course, axis: Axis) -> Line:
    bars = [
        Bar(axis.at(part.since), _width(part.since, part.until, axis), part.answer, part.doubtful)
        for part in course.stretches
    ]
    end = None if course.ended is None else axis.at(course.ended)
    return Line(course, bars, end, _words(course))


def _width(since: date, until: date, axis: Axis) -> float:
    return max(round(axis.at(until) - axis.at(since), 1), 0.4)


def _words(course: Course) -> str:
    """What the line shows, in words."""
    word = {BLOCKED: "refused", WORKABLE: "others would talk", UNANSWERED: "no answer"}
    parts = [
        f"{word[part.answer]}{' (in doubt)' if part.doubtful else ''} from {short_day(part.since)}"
        for part in course.stretches
    ]
    if course.ended is not None:
        parts.append(f"{course.now.status} {short_day(course.ended)}")
    return ", ".join(parts)


def _heap(folded: Sequence[Course], axis: Axis) -> Iterable[Bar]:
    """Bars as high as the share of the `folded` items that were on the table."""
    changes = sorted({day for course in folded for part in course.stretches for day in (part.since, part.until)})
    for day, end in pairwise(changes):
        there = sum(any(part.since <= day < part.until for part in course.stretches) for course in folded)
        if there:
            yield Bar(axis.at(day), _width(day, end, axis), UNANSWERED, height=round(there / len(folded), 2))


def _events(data: Data, axis: Axis) -> list[Event]:
    """The events within the axis, oldest first; labels that would overlap stand in different tiers."""
    days = sorted({(source.published.end, source.event) for source in data.episodes if source.event})
    free: list[float] = []  # where each tier becomes free
    found = []
    for day, label in days:
        if not axis.first <= day <= axis.last:
            continue
        x, width = axis.at(day), len(label) * _CHARACTER
        anchor = "start" if x < width / 2 else "end" if x + width / 2 > 100 else "middle"  # noqa: PLR2004
        left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
        tier = next((tier for tier, end in enumerate(free) if end <= left), len(free))
        free[tier:] = [left + width, *free[tier + 1 :]]
        found.append(Event(label, day, x, tier, anchor))
    return found
