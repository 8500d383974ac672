"""What the page is made of: frozen, in the words that are shown. The template only arranges it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from positions.queries.rows import Item, Movement, NonStarter, Outlook, Package, Stance
from positions.report.timeline import Tick, Timeline


@dataclass(frozen=True, slots=True)
class Column:
    """An actor of the matrix."""

    id: str
    name: str
    side: str


@dataclass(frozen=True, slots=True)
class Row:
    """An item of the matrix; `cells` has the current account of each column's actor, or None."""

    item: Item
    makers: str
    addressees: str
    cells: Sequence[Stance | None]
    stances: str
    """The stances that others than the makers take, parted by spaces."""
    refusals: int


@dataclass(frozen=True, slots=True)
class Group:
    """The items about one matter."""

    topic: str
    title: str
    rows: Sequence[Row]
    cards: Sequence["Card"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an item's history."""

    days: str
    who: str
    look: str
    word: str
    notes: Sequence[str]
    quote: str | None
    summary: str | None
    label: str | None
    condition: str | None
    voice: str
    cited: str
    """The address on the page of the statement that says so."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line about an item; `links` are ids on this page with what they are called."""

    name: str
    text: str
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """All about one item."""

    item: Item
    makers: str
    addressees: str
    outlook: Outlook | None
    facts: Sequence[Fact]
    voice: str
    url: str | None
    timeline: Timeline
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry of the ledger: those who refuse an item in the same words."""

    one: NonStarter
    who: str
    makers: str
    since: str
    voice: str
    url: str | None
    cited: str


@dataclass(frozen=True, slots=True)
class Held:
    """A package whose core is blocked, off the table, or neither."""

    package: Package
    makers: str
    core: Sequence[tuple[str, str]]
    blocked: Sequence[tuple[str, str, str]]
    """Blocked core items: id, title, by whom."""
    became: str | None
    """What became of the core, if it is off the table."""
    holds_up: Sequence[tuple[str, str]]
    offers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Prospect:
    """A line of the outlook."""

    one: Outlook
    makers: str
    blocked_by: str
    ready: Sequence[Stance]
    waiting_for: str
    others_refuse: str
    held_up_by: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Moved:
    """A line of the movements."""

    one: Movement
    days: str
    who: str
    words: str
    cited: str


@dataclass(frozen=True, slots=True)
class Said:
    """A response at length: what it takes up, as look, words, item and title."""

    id: str
    days: str
    who: str
    voice: str
    venue: str | None
    quote: str | None
    summary: str | None
    url: str | None
    about: Sequence[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Source:
    """A source with what is recorded from it."""

    id: str
    kind: str
    title: str
    published: str
    by: str
    url: str | None
    address: str | None
    """What was given as address; shown as text where it cannot be a link."""
    summary: str | None
    read: str
    is_whole: bool
    counts: str
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    title: str
    times: Sequence[tuple[str, str]]
    fresh: Sequence[tuple[str, str]]
    later: str | None
    figures: Sequence[tuple[int, str, str]]
    columns: Sequence[Column]
    across: Sequence[tuple[str, int]]
    """The sides above the columns, and how many columns each has."""
    groups: Sequence[Group]
    sides: Sequence[tuple[str, str]]
    ended: Sequence[tuple[str, str, str]]
    refused: Sequence[Sequence[Refusal]]
    """The ledger, item by item."""
    formerly: Sequence[Sequence[Refusal]]
    prospects: Mapping[str, Sequence[Prospect]]
    packages: Sequence[Held]
    moved: Sequence[Moved]
    sources: Sequence[Source]
    ticks: Sequence[Tick]
    version: str
    revision: str
    timed: bool
