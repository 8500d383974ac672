"""The words of the page: days as people write them, names for ids, addresses that may become links."""

from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import urlsplit

from positions.dates import Span
from positions.queries.rows import Actor, Side

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(one: date) -> str:
    """A day, like 12 January 2022."""
    return f"{one.day} {_MONTHS[one.month - 1]} {one.year}"


def month(one: date) -> str:
    """The first letters of a month, like Jan."""
    return _MONTHS[one.month - 1][:3]


def days(span: Span) -> str:
    """Days as shortly as they can be read: 10–12 January 2022, January 2022, by 17 January 2022."""
    start, end = span.start, span.end
    if start is None:
        return f"by {day(end)}"
    if start == end:
        return day(end)
    parts = str(span).split("/")
    if len(parts[0]) < len("2022-01-12"):
        return " – ".join(_period(part) for part in parts)
    if start.year != end.year:
        return f"{day(start)} – {day(end)}"
    if start.month != end.month:
        return f"{start.day} {_MONTHS[start.month - 1]} – {day(end)}"
    return f"{start.day}–{day(end)}"


def _period(text: str) -> str:
    """A year or a month, like January 2022."""
    year, _, number = text.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}" if number else year


def counted(number: int, word: str) -> str:
    """A number with its noun."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def spoken(slug: str) -> str:
    """An id as words, with a capital: Arms control."""
    words = slug.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def link(url: str | None) -> str | None:
    """`url` if a browser may be sent there: an address of the web, and nothing that runs or reads files."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


class Names:
    """What actors and sides are called; an id without a name stands for itself."""

    def __init__(self, actors: Iterable[Actor], sides: Iterable[Side]) -> None:
        self._actors: Mapping[str, str] = {one.id: one.name for one in actors}
        self._sides: Mapping[str, str] = {one.id: one.name for one in sides}

    def actor(self, slug: str) -> str:
        """The name of an actor."""
        return self._actors.get(slug, slug)

    def actors(self, slugs: Iterable[str]) -> str:
        """The names of actors in a row."""
        return ", ".join(self.actor(slug) for slug in slugs)

    def side(self, slug: str | None) -> str:
        """The name of a side; of none, that it is none."""
        return "no side" if slug is None else self._sides.get(slug, slug)

    def makers(self, by: Iterable[str], side: str | None) -> str:
        """Who made an item; where no maker is named, whose side it is of."""
        return self.actors(by) or f"{self.side(side)} (no maker named)"
