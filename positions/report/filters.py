"""Filters for the templates: readable dates, names instead of ids, safe links."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlsplit

from positions.dates import Span
from positions.queries.rows import Item, Mention, NonStarter, Outcome, Outlook, Response, Stance
from positions.report.data import Data
from positions.vocabulary import Basis

_Row = TypeVar("_Row")
_Key = TypeVar("_Key")


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(date: date) -> str:
    """A day, like 12 January 2022."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def month(date: date) -> str:
    """An abbreviated month, like Jan."""
    return _MONTHS[date.month - 1][:3]


def month_of(date: date) -> str:
    """The month of a day, like January 2022."""
    return f"{_MONTHS[date.month - 1]} {date.year}"


def short_day(date: date) -> str:
    """A day without its year, like 12 Jan."""
    return f"{date.day} {month(date)}"


def days(span: Span) -> str:
    """A span in short form: 10–12 January 2022, January 2022, by 17 January 2022."""
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


def brief(span: Span) -> str:
    """As `days`, with abbreviated months: 10–12 Jan 2022."""
    words = (word[:3] if word in _MONTHS else word for word in days(span).split(" "))
    return " ".join(words)


def _period(text: str) -> str:
    """A year or a month, like January 2022."""
    year, _, number = text.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}" if number else year


def counted(number: int, noun: str) -> str:
    """A number with its noun in the singular or plural."""
    return f"{number} {plural(noun, number)}"


def plural(noun: str, number: int) -> str:
    """The singular or plural of `noun`, as `number` needs it."""
    return noun if number == 1 else f"{noun}s"


def heading(slug: str) -> str:
    """An id as a heading, like Arms control."""
    words = slug.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def link(url: str | None) -> str | None:
    """`url` if it is the http(s) address of a page; None otherwise, as other schemes can run code or read files.

    An address that is known only in part, up to the name of its server, leads to a front page and is no link.
    """
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    leads_to_a_page = bool(parts.path.strip("/") or parts.query or parts.fragment)
    return url if parts.scheme in {"http", "https"} and parts.netloc and leads_to_a_page else None


def server(url: str) -> str:
    """The name of the server in an address, or the whole text if there is none."""
    return urlsplit(url).netloc.removeprefix("www.") if link(url) else url


def label(row: object) -> str | None:
    """The literal label in a statement, unless it is part of its quotation; None if it has none."""
    wording: str | None = getattr(row, "wording", None)
    return wording if wording and wording not in (getattr(row, "quote", None) or "") else None


def grouped(rows: Iterable[_Row], key: Callable[[_Row], _Key]) -> dict[_Key, list[_Row]]:
    """The rows by key, in their order; keys are in the order of their first row."""
    groups: dict[_Key, list[_Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


class Names:
    """Names of actors and sides, titles of items, packages and sources; an unknown id is its own name."""

    def __init__(self, data: Data) -> None:
        self._actors = {actor.id: actor.name for actor in data.actors}
        self._sides = {side.id: side.name for side in data.sides}
        self._titles = {package.id: package.title for package in data.packages}
        self._titles |= {item.id: item.title for item in data.items}
        self._uses = Counter(self._titles.values())
        self._sources = {episode.id: episode.title for episode in data.episodes}

    def actor(self, slug: str) -> str:
        """The name of an actor."""
        return self._actors.get(slug, slug)

    def actors(self, slugs: Iterable[str]) -> str:
        """The names of actors, separated by commas."""
        return ", ".join(self.actor(slug) for slug in slugs)

    def side(self, slug: str | None) -> str:
        """The side's name, or "no side"."""
        return "no side" if slug is None else self._sides.get(slug, slug)

    def makers(self, row: Item | NonStarter | Outlook) -> str:
        """The makers of an item, or its side if no maker is named."""
        return self.actors(row.by) or f"{self.side(row.side)} (no maker named)"

    def title_of(self, slug: str) -> str:
        """The title of an item or a package."""
        return self._titles.get(slug, slug)

    def is_named(self, slug: str) -> bool:
        """Whether the title of an item or a package is on the page, and of nothing else."""
        return slug in self._titles and self._uses[self._titles[slug]] == 1

    def source(self, slug: str) -> str:
        """The title of a source."""
        return self._sources.get(slug, slug)

    def on_page(self, slugs: Iterable[str]) -> list[str]:
        """The ids that belong to items or packages on the page."""
        return [slug for slug in slugs if slug in self._titles]

    def blockers(self, row: Outlook) -> str:
        """The names of those that block an item, with the basis where it is not their own word."""
        named = ((self.actor(slug), row.doubts.get(slug)) for slug in row.blocked_by)
        return ", ".join(f"{name} ({basis})" if basis else name for name, basis in named)

    def refuser(self, words: str) -> str:
        """Another refuser in readable form: `actor`, or `item (actor)` for one that refuses a part."""
        part, bracket, actor = words.partition(" (")
        return f"{self.title_of(part)} ({self.actor(actor.rstrip(')'))})" if bracket else self.actor(part)

    def voice(self, row: Item | Mention | NonStarter | Outcome | Response | Stance) -> str:
        """The speaker, and the basis unless it is the actor's own word: "Sergey Lavrov", "alleged by Sergey Lavrov"."""
        reporter, speaker = getattr(row, "reported_by", None), getattr(row, "speaker", None)
        known = "" if row.basis in {None, Basis.STATED} else str(row.basis)
        basis = f"{row.basis or ''} by {self.actor(reporter)}" if reporter else known
        return ", ".join(filter(None, [self.actor(speaker) if speaker else "", basis]))

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters that look up names, by their name in templates."""
        names = (
            "actor",
            "actors",
            "side",
            "makers",
            "title_of",
            "source",
            "on_page",
            "is_named",
            "blockers",
            "refuser",
            "voice",
        )
        return {name: getattr(self, name) for name in names}


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "brief": brief,
    "days": days,
    "counted": counted,
    "month": month_of,
    "plural": plural,
    "server": server,
    "heading": heading,
    "label": label,
    "link": link,
    "short_day": short_day,
}
"""The filters that look up no names, by their name in templates."""
