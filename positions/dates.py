"""Dates as sources give them: a day, a month, a year, or an interval between two of these.

The notation is level 0 of the Extended Date/Time Format (EDTF, ISO 8601-2:2019, as published by the Library of
Congress), without times of day. When something was made may also have the open start of level 1 (`../2022-01-17`: on
that day at the latest).
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_OPEN_START = "../"
_MAX_SHOWN_LENGTH = 60
_FIRST_DAY = "Name the earliest day that is possible, like 2022-01-10/2022-01-12"
_FORMS = "a day (2022-01-12), a month (2022-01), a year (2022) or an interval (2022-01-10/2022-01-12)"


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day on which something may have happened; equal if the day is known."""

    start: date | None
    """The first possible day; None if only the last is known."""
    end: date
    """The last possible day; after it, the thing has certainly happened."""

    def __post_init__(self) -> None:
        if self.start is not None and self.start > self.end:
            raise ValueError(f"the interval ends ({self.end}) before it starts ({self.start})")

    @classmethod
    def parse(cls, text: str, *, open_start: bool = False) -> Self:
        """The days of the EDTF `text`; `open_start` allows `../DATE`.

        Raises:
            ValueError: with a message for the author of the text.
        """
        if text.startswith(_OPEN_START):
            end = _bounds(text.removeprefix(_OPEN_START), text)[1]
            if not open_start:
                raise ValueError(f"{_short(text)} has no first day; only `made` may leave it out. {_FIRST_DAY}")
            return cls(None, end)
        first, slash, last = text.partition("/")
        start, end = _bounds(first, text)
        return cls(start, _bounds(last, text)[1] if slash else end)

    def __str__(self) -> str:
        """The shortest EDTF text for these days with both ends in the same form; `parse` reads it back."""
        if self.start is None:
            return f"{_OPEN_START}{self.end}"
        if self.start == self.end:
            return str(self.end)
        for width, starts, ends in (
            (4, (self.start.month, self.start.day) == (1, 1), (self.end.month, self.end.day) == (12, 31)),
            (7, self.start.day == 1, self.end.day == monthrange(self.end.year, self.end.month)[1]),
        ):
            if starts and ends:
                first, last = str(self.start)[:width], str(self.end)[:width]
                return first if first == last else f"{first}/{last}"
        return f"{self.start}/{self.end}"

    @property
    def since(self) -> date:
        """The first possible day, or the last if the first is unknown."""
        return self.end if self.start is None else self.start

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last possible day; used to sort spans."""
        return self.since, self.end

    def overlaps(self, other: Self) -> bool:
        """Whether the two have a day in common."""
        starts_before_end = self.start is None or self.start <= other.end
        return starts_before_end and (other.start is None or other.start <= self.end)

    def lies_within(self, first: date | None, last: date | None) -> bool:
        """Whether one of the days is from `first` to `last`, both included; None is no limit."""
        return (first is None or self.end >= first) and (last is None or self.since <= last)

    def capped(self, last: date) -> Self:
        """The same days, cut at `last`, the day of publication: a source only tells what has already happened.

        Raises:
            ValueError: all days are after `last`.
        """
        if self.since > last and self.start is not None:
            raise ValueError(f"{self} is after the day of publication, {last}")
        return type(self)(self.start, min(self.end, last))


def parse_day(text: str) -> date:
    """The day in `text`, given as YYYY-MM-DD.

    Raises:
        ValueError: with a message for the author of the text.
    """
    span = Span.parse(text)
    if len(text) != len("2022-01-12") or span.start != span.end:
        raise ValueError(f"{_short(text)} is not a single day, like 2022-01-17")
    return span.end


def parse_any(text: str) -> Span:
    """The days in `text`, in EDTF or as tables have them: 12.01.2022, 12 Jan 2022, January 12, 2022, 13/01/2022.

    Raises:
        ValueError: with a message for the author of the text; also for 01/12/2022, whose day could be its month.
    """
    plain = " ".join(text.split())
    if found := _MIDNIGHT.fullmatch(plain):
        return Span.parse(found[1])
    if found := _NAMED_MONTH.fullmatch(plain):
        day, year = found["day"] or found["day_after"], found["year"]
        month = _MONTHS.index(found["month"][:3].lower()) + 1
        return Span.parse(f"{year}-{month:02}-{int(day):02}" if day else f"{year}-{month:02}")
    if found := _NUMBERS.fullmatch(plain):
        first, mark, second, year = found.groups()
        day, month = int(first), int(second)
        if mark == "/" and month > _MAX_MONTH:
            day, month = month, day
        elif mark == "/" and day <= _MAX_MONTH and day != month:
            raise ValueError(
                f"{_short(text)} may be two days; write {year}-{month:02}-{day:02} or {year}-{first}-{second}"
            )
        return Span.parse(f"{year}-{month:02}-{day:02}")
    return Span.parse(plain)


_MAX_MONTH = 12
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?Z?", re.ASCII)
"""A day as programs write it that know only points in time."""

_NUMBERS = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})", re.ASCII)
_NAMED_MONTH = re.compile(
    r"(?:(?P<day>\d{1,2})\.? )?"
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
    r"(?: (?P<day_after>\d{1,2}),)? (?P<year>\d{4})",
    re.ASCII | re.IGNORECASE,
)


def _short(text: str) -> str:
    return repr(text if len(text) <= _MAX_SHOWN_LENGTH else f"{text[:_MAX_SHOWN_LENGTH]}…")


def _bounds(text: str, whole: str) -> tuple[date, date]:
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(f"{_short(whole)} is not {_FORMS}")
    year, month, day = (None if part is None else int(part) for part in found.groups())
    assert year is not None
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError as error:
        raise ValueError(f"there is no {text!r} in the calendar") from error
