"""The geometry of a history on its time axis; the template only writes it down.

Horizontal positions are in per cent of the width, so that drawings scale without shrinking their text; vertical ones
are in pixels. Each actor has a lane, with a level for each stance it took, the softest on top. Marks that would overlap
are placed in separate rows of their level. A movement is drawn as a step between levels.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from positions.dates import Span
from positions.report.filters import grouped, month

LEVELS = ("open", "negotiable", "non-starter")
"""Stances from softest to hardest; other marks are placed below them."""

ROW = 26
"""Height of a row in pixels, large enough to tap."""

_LABEL, _FOOT, _GAP = 20, 22, 6
_HALF = ROW // 2
_MARGIN = 3.5
"""Free space on both sides, in per cent of the width."""

_REACH = 4.2
"""Half the width of a mark, in per cent of the narrowest phone."""

_LONGEST = 34
"""The most characters of a lane's name that fit the narrowest phone."""

_MOST_TICKS, _YEAR = 6, 12
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 3600, 12000, 24000)
"""Possible numbers of months between two ticks."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something to mark in a lane; `href` is the anchor of the source statement."""

    lane: str
    look: str
    said: Span
    label: str
    href: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A placed event: a shape at `x`, and a bar from `start` if its day is uncertain."""

    event: Event
    x: float
    y: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Move:
    """A movement: along the old level from `x1` to `x2`, then to the new level."""

    x1: float
    x2: float
    y1: int
    y2: int


@dataclass(frozen=True, slots=True)
class Lane:
    """The marks of one actor, or of several that always spoke together; `levels` are the heights of its lines."""

    name: str
    short: str
    """The name, shortened to fit a phone."""
    y: int
    levels: Sequence[int]
    marks: Sequence[Mark]
    steps: Sequence[Move]


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled month or year on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole drawing."""

    lanes: Sequence[Lane]
    height: int


class Axis:
    """The time axis shared by all drawings of a page."""

    def __init__(self, spans: Iterable[Span]) -> None:
        known = list(spans)
        self.first = min((span.since for span in known), default=date.min)
        self.last = max((span.end for span in known), default=date.min)
        self._days = max((self.last - self.first).days, 1)
        self.ticks = list(self._ticks()) if known else []

    def at(self, day: date) -> float:
        """The horizontal position of `day`, in per cent of the width."""
        share = (day - self.first).days / self._days
        return round(_MARGIN + share * (100 - 2 * _MARGIN), 1)

    def _ticks(self) -> Iterator[Tick]:
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = next((step for step in _STEPS if months // step < _MOST_TICKS), _STEPS[-1])
        if months == 0:
            yield Tick(self.at(self.first), f"{self.first.day} {month(self.first)} {self.first.year}")
            if self._days > 1:
                yield Tick(self.at(self.last), f"{self.last.day} {month(self.last)}")
            return
        start = self.first.year * 12 + self.first.month - 1
        year = 0
        for number in range(start + (-start % step), start + months + 1, step):
            day = date(number // 12, number % 12 + 1, 1)
            name = str(day.year) if step >= _YEAR else month(day)
            label = f"{name} {day.year}" if step < _YEAR and day.year != year else name
            year = day.year
            if day >= self.first:
                yield Tick(self.at(day), label)


def draw(events: Iterable[Event], moves: Iterable[tuple[str, str, str]], axis: Axis) -> Timeline:
    """Draw `events`, with lanes in the order of their first event; lanes with the same events are merged.

    Each of `moves` is a lane, and the statements before and after a movement in it.
    """
    lanes = grouped(events, lambda event: event.lane)
    alike = grouped(lanes, lambda name: tuple(replace(event, lane="") for event in lanes[name]))
    steps = {(lane, after): before for lane, before, after in moves}
    drawn, y = [], 0
    for names in alike.values():
        lane, y = _lane(names, lanes[names[0]], y, axis)
        drawn.append(replace(lane, steps=_steps(lane.marks, steps)))
    return Timeline(drawn, y + _FOOT)


def _lane(names: Sequence[str], events: Sequence[Event], top: int, axis: Axis) -> tuple[Lane, int]:
    """A lane with its upper edge at `top`, and the upper edge of the next lane."""
    y, levels, marks = top + _LABEL, [], []
    for level in (*LEVELS, None):
        inside = [event for event in events if (event.look if event.look in LEVELS else None) == level]
        if inside:
            placed, rows = _level(inside, y, axis)
            levels += [y + _HALF + row * ROW for row in range(rows)]
            marks += placed
            y += rows * ROW
    marks.sort(key=lambda mark: (mark.event.said.since, mark.event.said.end))  # the order for the Tab key
    return Lane(", ".join(names), _short(names), top, levels, marks, ()), y + _GAP


def _short(names: Sequence[str]) -> str:
    """As many names as fit, and the number of the others."""
    shown = [names[0]]
    while len(shown) < len(names) and len(", ".join([*shown, names[len(shown)]])) <= _LONGEST:
        shown.append(names[len(shown)])
    more = len(names) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else ", ".join(shown)


def _level(events: Sequence[Event], top: int, axis: Axis) -> tuple[list[Mark], int]:
    """The marks of one level, in as few rows as possible without overlap, and the number of rows."""
    free: list[tuple[float, int]] = []  # a heap: where each row becomes free, and its number
    numbers = count()
    marks = []
    for event in sorted(events, key=lambda event: (event.said.since, event.said.end)):
        x = axis.at(event.said.end)
        start = axis.at(axis.first if event.said.start is None else event.said.start)
        left = min(start, x - _REACH)
        # Reuse the row whose last mark ends first, if it ends before this one begins.
        row = heapq.heappop(free)[1] if free and free[0][0] <= left else next(numbers)
        heapq.heappush(free, (x + _REACH, row))
        marks.append(Mark(event, x, top + _HALF + row * ROW, start, round(x - start, 1)))
    return marks, len(free)


def _steps(marks: Iterable[Mark], steps: Mapping[tuple[str, str], str]) -> list[Move]:
    placed = {mark.event.href: mark for mark in marks if mark.event.look in LEVELS}
    found = []
    for after in placed.values():
        before = placed.get(steps.get((after.event.lane, after.event.href), ""))
        if before is not None:
            towards = _HALF - 2 if after.y < before.y else 2 - _HALF
            found.append(Move(before.x, after.x, before.y, after.y + towards))
    return found
