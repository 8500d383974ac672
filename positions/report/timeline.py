"""The geometry of time on the page: an axis, and on it the bands of each actor; templates only write it down.

Horizontal positions are in per cent of the width, so that drawings scale without shrinking their text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from positions.dates import Span
from positions.queries import accounts
from positions.queries.rows import Stance
from positions.report.filters import brief, month

_days = attrgetter("days")
_MOST_TICKS, _YEAR = 6, 12
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 3600, 12000, 24000)
"""Possible numbers of months between two ticks."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled month or year on the axis."""

    x: float
    label: str


class Axis:
    """A time axis from `first` to `last`, shared by all drawings of a page."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._days = max((last - first).days, 1)
        self.ticks = list(self._ticks())

    @classmethod
    def of(cls, days: Iterable[date]) -> "Axis":
        """The axis that has all `days`."""
        known = list(days) or [date.min]
        return cls(min(known), max(known))

    def at(self, day: date) -> float:
        """The horizontal position of `day`, in per cent of the width; days outside the axis stand at its ends."""
        inside = min(max(day, self.first), self.last)
        return round((inside - self.first).days * 100 / self._days, 1)

    def _ticks(self) -> Iterator[Tick]:
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = next((step for step in _STEPS if months // step < _MOST_TICKS), _STEPS[-1])
        if months == 0:
            yield Tick(self.at(self.first), f"{self.first.day} {month(self.first)} {self.first.year}")
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


@dataclass(frozen=True, slots=True)
class Band:
    """A run of days on which an actor had one stance: from the day from which it counts."""

    look: str
    doubtful: bool
    x: float
    end: float
    said: Span


@dataclass(frozen=True, slots=True)
class Lane:
    """The bands of actors that stood alike, and the days on which they spoke of the item."""

    names: Sequence[str]
    bands: Sequence[Band]
    dots: Sequence[int]

    @property
    def words(self) -> Sequence[tuple[str, str]]:
        """Where they stood and since when, the latest first, as stance and days."""
        return [(band.look, brief(band.said)) for band in reversed(self.bands)]


def lanes(
    told: Mapping[str, Sequence[Stance]], spoke: Mapping[str, Iterable[Span]], axis: Axis, until: date | None = None
) -> list[Lane]:
    """A lane for each actor with stances, as they first spoke; actors that always stood alike share one.

    `told` has the accounts of each actor by name, `spoke` the days on which it spoke of the item at all. `until` is the
    day on which the item left the table, if it did.
    """
    shared: dict[tuple[tuple[Band, ...], tuple[int, ...]], list[str]] = {}
    for name, listed in told.items():
        dots = tuple(sorted({round(axis.at(said.end)) for said in spoke.get(name, ())}))
        shared.setdefault((tuple(_bands(listed, axis, until or axis.last)), dots), []).append(name)
    found = [Lane(names, bands, dots) for (bands, dots), names in shared.items()]
    return sorted(found, key=lambda lane: lane.bands[0].x)


def _bands(told: Sequence[Stance], axis: Axis, until: date) -> Iterator[Band]:
    """The current stance from day to day, equal neighbours joined."""
    runs: list[tuple[date, Stance]] = []
    for day in sorted({stance.said.end for stance in told}):
        now = accounts.current(stance for stance in told if stance.said.end <= day)
        if now is not None and (not runs or _look(now) != _look(runs[-1][1])):
            runs.append((day, now))
    ends = [*(day for day, _ in runs[1:]), *(max(until, day) for day, _ in runs[-1:])]
    for (day, stance), end in zip(runs, ends, strict=True):
        alike = (other.said for other in told if other.said.end == day and other.stance is stance.stance)
        yield Band(*_look(stance), axis.at(day), axis.at(end), min(alike, key=_days))


def _look(stance: Stance) -> tuple[str, bool]:
    return stance.stance.value, stance.contested or not stance.firm
