"""Where the marks of a history stand on its time axis. Pure geometry: the template only writes it down.

Across, everything is in per cent of the width, so that a drawing fits a phone as well as a desk without its letters
shrinking; down, in pixels. Every actor has a lane, every lane a level for each stance that was taken in it, the softest
above; marks that would touch stand in rows of one level. A movement is a step from one level to another.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from positions.dates import Span
from positions.report.filters import month

LEVELS = ("open", "negotiable", "non-starter")
"""Stances from the softest to the hardest; what is no stance stands below them."""

ROW = 26
"""Height of a row: a mark can be hit with a finger."""

_LABEL, _FOOT, _GAP = 20, 22, 6
_HALF = ROW // 2
_MARGIN = 3.5
"""Per cent of the width left free on both sides."""

_REACH = 4.2
"""Half of a mark on the narrowest phone, in per cent of the width."""

_LONGEST = 34
"""Letters of a lane's name on the narrowest phone."""

_MOST_TICKS = 6
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 3600, 12000, 24000)
"""Months between two ticks."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something to be marked in a lane; `href` names the statement that says so."""

    lane: str
    look: str
    said: Span
    label: str
    href: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """An event at its place: the shape at `x`, and a bar from `start` if it may have been on several days."""

    event: Event
    x: float
    y: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Step:
    """A movement: from `x1` along the old level to `x2`, then to the new one."""

    x1: float
    x2: float
    y1: int
    y2: int


@dataclass(frozen=True, slots=True)
class Lane:
    """What one actor did, or several together; `levels` are the heights of the lines that the marks stand on."""

    name: str
    short: str
    """The name as far as a phone is wide."""
    y: int
    levels: Sequence[int]
    marks: Sequence[Mark]
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Tick:
    """A month, or a year, on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole drawing."""

    lanes: Sequence[Lane]
    height: int


class Axis:
    """The days that all drawings of a page have in common."""

    def __init__(self, spans: Iterable[Span]) -> None:
        known = list(spans)
        self.first = min((span.since for span in known), default=date.min)
        self.last = max((span.end for span in known), default=date.min)
        self._days = max((self.last - self.first).days, 1)
        self.ticks = list(self._marked()) if known else []

    def at(self, day: date) -> float:
        """The place of `day`, in per cent of the width."""
        share = (day - self.first).days / self._days
        return round(_MARGIN + share * (100 - 2 * _MARGIN), 1)

    def _marked(self) -> Iterator[Tick]:
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = next((months_apart for months_apart in _STEPS if months // months_apart < _MOST_TICKS), _STEPS[-1])
        if months == 0:
            yield Tick(self.at(self.first), f"{self.first.day} {month(self.first)} {self.first.year}")
            if self._days > 1:
                yield Tick(self.at(self.last), f"{self.last.day} {month(self.last)}")
            return
        start = self.first.year * 12 + self.first.month - 1
        year = 0
        for number in range(start + (-start % step), start + months + 1, step):
            opened = date(number // 12, number % 12 + 1, 1)
            name = str(opened.year) if step >= len(range(12)) else month(opened)
            label = f"{name} {opened.year}" if step < len(range(12)) and opened.year != year else name
            year = opened.year
            if opened >= self.first:
                yield Tick(self.at(opened), label)


def draw(events: Iterable[Event], moves: Iterable[tuple[str, str, str]], axis: Axis) -> Timeline:
    """The drawing of `events` in the order in which their lanes first come; lanes that hold the same become one.

    `moves` name a lane and the statements from which and to which a position in it moved.
    """
    lanes: dict[str, list[Event]] = {}
    for event in events:
        lanes.setdefault(event.lane, []).append(event)
    steps = {(lane, after): before for lane, before, after in moves}
    drawn, y = [], 0
    for names in _alike(lanes):
        lane, y = _lane(names, lanes[names[0]], y, axis)
        drawn.append(_with_steps(lane, steps))
    return Timeline(drawn, y + _FOOT)


def _alike(lanes: Mapping[str, Sequence[Event]]) -> list[list[str]]:
    """The names of lanes, those together whose actors said everything together."""
    together: dict[tuple[Event, ...], list[str]] = {}
    for name, events in lanes.items():
        together.setdefault(tuple(replace(event, lane="") for event in events), []).append(name)
    return list(together.values())


def _lane(names: Sequence[str], events: Sequence[Event], top: int, axis: Axis) -> tuple[Lane, int]:
    """A lane whose upper edge is at `top`, and where the next lane begins."""
    y, levels, marks = top + _LABEL, [], []
    for level in (*LEVELS, None):
        inside = [event for event in events if (event.look if event.look in LEVELS else None) == level]
        if inside:
            placed, rows = _level(inside, y, axis)
            levels += [y + _HALF + row * ROW for row in range(rows)]
            marks += placed
            y += rows * ROW
    marks.sort(key=lambda mark: (mark.event.said.since, mark.event.said.end))  # the order in which Tab goes
    return Lane(", ".join(names), _short(names), top, levels, marks, ()), y + _GAP


def _short(names: Sequence[str]) -> str:
    """As many of the names as have room beside each other, and how many more there are."""
    shown = [names[0]]
    while len(shown) < len(names) and len(", ".join([*shown, names[len(shown)]])) <= _LONGEST:
        shown.append(names[len(shown)])
    more = len(names) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else ", ".join(shown)


def _level(events: Sequence[Event], top: int, axis: Axis) -> tuple[list[Mark], int]:
    """The marks of one level, in as few rows as keep them apart, and how many rows these are."""
    free: list[tuple[float, int]] = []
    numbers = count()
    marks = []
    for event in sorted(events, key=lambda event: (event.said.since, event.said.end)):
        x = axis.at(event.said.end)
        start = axis.at(axis.first if event.said.start is None else event.said.start)
        left = min(start, x - _REACH)
        row = heapq.heappop(free)[1] if free and free[0][0] <= left else next(numbers)
        heapq.heappush(free, (x + _REACH, row))
        marks.append(Mark(event, x, top + _HALF + row * ROW, start, round(x - start, 1)))
    return marks, len(free)


def _with_steps(lane: Lane, steps: Mapping[tuple[str, str], str]) -> Lane:
    placed = {mark.event.href: mark for mark in lane.marks if mark.event.look in LEVELS}
    found = []
    for after in placed.values():
        before = placed.get(steps.get((after.event.lane, after.event.href), ""))
        if before is not None:
            towards = _HALF - 2 if after.y < before.y else 2 - _HALF
            found.append(Step(before.x, after.x, before.y, after.y + towards))
    return replace(lane, steps=found)
