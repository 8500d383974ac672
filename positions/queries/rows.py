"""The rows that questions return: frozen, and named as the JSON contract names them.

Fields marked `INTERNAL` serve other code and are shown nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from positions.dates import Span
from positions.vocabulary import (
    ActorKind,
    Basis,
    EntryKind,
    EpisodeKind,
    ItemKind,
    MentionKind,
    OutcomeKind,
    Reading,
    Scope,
    StanceKind,
)

INTERNAL: Mapping[str, Any] = {"internal": True}


@dataclass(frozen=True, slots=True)
class Stance:
    """One account of where an actor stands on an item."""

    actor: str
    item: str
    stance: StanceKind
    wording: str | None
    condition: str | None
    basis: Basis
    speaker: str | None
    reported_by: str | None
    said: Span
    episode: str
    response: str
    quote: str | None
    revision: int
    contested: bool
    sequence: int = field(metadata=INTERNAL)
    published: date = field(metadata=INTERNAL)
    summary: str | None = field(metadata=INTERNAL)
    url: str | None = field(metadata=INTERNAL)


@dataclass(frozen=True, slots=True)
class Provision:
    """Where a draft puts an item into words."""

    document: str
    article: str


@dataclass(frozen=True, slots=True)
class Item:
    """A demand or an offer, with what its maker made of it and where others stand."""

    id: str
    kind: ItemKind
    title: str
    text: str | None
    topic: str
    by: tuple[str, ...]
    side: str | None
    to: tuple[str, ...]
    affects: tuple[str, ...]
    made: Span
    first_said: Span
    last_said: Span
    times_said: int
    core: bool
    package: str | None
    provisions: tuple[Provision, ...]
    answers: tuple[str, ...]
    alternative_to: tuple[str, ...]
    part_of: tuple[str, ...]
    quote: str | None
    speaker: str | None
    reported_by: str | None
    basis: Basis
    episode: str
    status: str
    stances: tuple[Stance, ...]
    row: int = field(metadata=INTERNAL)
    ended: bool = field(metadata=INTERNAL)
    last_heard: Span = field(metadata=INTERNAL)
    """When it was last heard of: its maker said it, somebody took a stance on it or took it up, it had an outcome."""
    summary: str | None = field(metadata=INTERNAL)
    url: str | None = field(metadata=INTERNAL)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item on a day."""

    item: str
    outcome: OutcomeKind
    in_part: bool
    superseded_by: str | None
    by: tuple[str, ...]
    on: Span
    quote: str | None
    summary: str | None
    basis: Basis | None
    episode: str
    row: int = field(metadata=INTERNAL)
    id: str = field(metadata=INTERNAL)
    """Its id within the episode."""


@dataclass(frozen=True, slots=True)
class NonStarter:
    """An actor refuses to bargain over an item; with `--ever`, whether it still does."""

    item: str
    kind: ItemKind
    title: str
    by: tuple[str, ...]
    refused_by: str
    speaker: str | None
    reported_by: str | None
    first_said: Span
    last_said: Span
    wording: str | None
    condition: str | None
    basis: Basis
    quote: str | None
    item_quote: str | None
    episode: str
    response: str
    contested: bool
    status: str
    """What became of the item."""
    now: StanceKind | None = field(default=None, metadata={"optional": True})
    published: date = field(default=date.min, metadata=INTERNAL)
    side: str | None = field(default=None, metadata=INTERNAL)
    url: str | None = field(default=None, metadata=INTERNAL)
    summary: str | None = field(default=None, metadata=INTERNAL)


@dataclass(frozen=True, slots=True)
class Mention:
    """A response repeats an item, or takes it up without a stance."""

    kind: MentionKind
    by: tuple[str, ...]
    item: str
    said: Span
    wording: str | None
    scope: Scope | None
    quote: str | None
    summary: str | None
    speaker: str | None
    basis: Basis
    episode: str
    response: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An item, and where each actor stands on it."""

    item: str
    kind: ItemKind
    title: str
    by: tuple[str, ...]
    stances: Mapping[str, StanceKind]
    side: str | None = field(metadata=INTERNAL)
    topic: str = field(metadata=INTERNAL)
    status: str = field(metadata=INTERNAL)
    accounts: tuple[Stance, ...] = field(metadata=INTERNAL)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who makes, answers or reports."""

    id: str
    kind: ActorKind
    name: str
    side: str | None
    speaks_for: str | None
    role: str | None
    demands: int
    offers: int
    stances: int


@dataclass(frozen=True, slots=True)
class Episode:
    """A source and how much is recorded from it."""

    id: str
    kind: EpisodeKind
    title: str
    published: Span
    author: str | None
    url: str | None
    counts: Mapping[str, int]
    publisher: str | None = field(metadata=INTERNAL)
    summary: str | None = field(metadata=INTERNAL)
    read: Reading = field(metadata=INTERNAL)
    missing: str | None = field(metadata=INTERNAL)


@dataclass(frozen=True, slots=True)
class Response:
    """What somebody, or several together, said on a day, apart from the stances and mentions in it."""

    episode: str
    id: str
    by: tuple[str, ...]
    said: Span
    venue: str | None
    speaker: str | None
    reported_by: str | None
    basis: Basis
    quote: str | None
    summary: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """Those who negotiate as one."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One entry of the log."""

    revision: int
    recorded_at: str
    recorded_by: str
    message: str
    file_sha256: str | None
    added: tuple[str, ...]
    corrected: tuple[str, ...]
    retracted: tuple[str, ...]
    changes: tuple["ChangedEntry", ...] | None = field(default=None, metadata={"optional": True})


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """The content of one entry before and after a revision, as its file would say it; null: not in the record."""

    what: str
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Turned:
    """A current stance that differs between two revisions; `corrected`: by our record, not by what the actor said."""

    actor: str
    item: str
    from_: StanceKind | None = field(metadata={"name": "from"})
    to: StanceKind | None
    corrected: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What the record said at revision `from` and says at revision `to`."""

    from_: int = field(metadata={"name": "from"})
    to: int
    added: tuple[str, ...]
    corrected: tuple[str, ...]
    retracted: tuple[str, ...]
    stances: tuple[Turned, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of position: of a stance, by a new offer or alternative, of a demand's scope, or an outcome.

    `from` and `to` are stances; `direction` says how: softened, hardened, shifted; new, alternative; wider, narrower,
    other; agreed, met, withdrawn, superseded (or each in part).
    """

    change: str
    actor: str | None
    item: str
    title: str
    from_: StanceKind | None = field(metadata={"name": "from"})
    to: StanceKind | None
    direction: str | None
    said: Span
    episode: str
    response: str | None
    kind: ItemKind | None = field(default=None, metadata=INTERNAL)
    """For a new item: a demand or an offer."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry of the file that was taken out of the record on purpose, and is not added back unasked."""

    what: EntryKind
    name: str
    revision: int
    message: str


@dataclass(frozen=True, slots=True)
class RecordResult:
    """What recording a file changed, or would change, by the names of its entries; `revision` is null if it did not."""

    file: str | None
    episode: str
    added: tuple[str, ...]
    corrected: tuple[str, ...]
    retracted: tuple[str, ...]
    kept: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    movements: tuple[Movement, ...]
    revision: int | None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An addressee without a stance on an item, since when, and what there is instead.

    `reply` cites the latest response that takes the item up without a stance, `reply_wording` is its label: a denial,
    an evasion; null: there is none. `status` says whether the item was met, agreed or withdrawn in part.
    """

    item: str
    title: str
    by: tuple[str, ...]
    actor: str
    since: Span
    reply: str | None
    counter_offers: tuple[str, ...]
    read_in_part: bool
    status: str
    reply_wording: str | None
    kind: ItemKind = field(metadata=INTERNAL)
    side: str | None = field(metadata=INTERNAL)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may become of an item: what became of it, else blocked, workable or unanswered."""

    item: str
    title: str
    by: tuple[str, ...]
    core: bool
    package: str | None
    verdict: str
    blocked_by: tuple[str, ...]
    waiting_for: tuple[str, ...]
    others_refuse: tuple[str, ...]
    held_up_by: tuple[str, ...]
    last_heard: Span
    kind: ItemKind = field(metadata=INTERNAL)
    side: str | None = field(metadata=INTERNAL)
    ready: tuple[Stance, ...] = field(metadata=INTERNAL)
    status: str = field(metadata=INTERNAL)
    then: str | None = field(default=None, metadata={"optional": True})


@dataclass(frozen=True, slots=True)
class Package:
    """Items that stand or fall together, by their maker's word."""

    id: str
    title: str
    by: tuple[str, ...]
    items: tuple[str, ...]
    core: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which of the other side's demands a source answers, takes up, passes over; or, read in part, may have."""

    answered: tuple[str, ...]
    taken_up: tuple[str, ...]
    passed_over: tuple[str, ...]
    not_seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One episode at length."""

    id: str
    kind: EpisodeKind
    title: str
    published: Span
    author: str | None
    url: str | None
    counts: Mapping[str, int]
    summary: str | None
    coverage: Coverage
    publisher: str | None = field(metadata=INTERNAL)
    language: str | None = field(metadata=INTERNAL)
    read: Reading = field(metadata=INTERNAL)
    missing: str | None = field(metadata=INTERNAL)
    added: Mapping[str, tuple[str, ...]] = field(metadata=INTERNAL)


@dataclass(frozen=True, slots=True)
class Found:
    """A text in which something was found: `start` and `end` are the places of the match in `text`."""

    what: str
    id: str
    title: str | None
    field: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Missing:
    """What is known not to have been read."""

    episode: str
    missing: str


@dataclass(frozen=True, slots=True)
class LastRead:
    """The latest source of a side that was read."""

    episode: str
    published: Span


@dataclass(frozen=True, slots=True)
class Status:
    """Where a database is and how far it reaches."""

    database: str
    version: str
    schema: str
    engine: str
    revision: int
    counts: Mapping[str, int]
    last_read: Mapping[str, LastRead]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """A quotation or literal label, and how often it stands in a text (0: it is missing)."""

    episode: str
    id: str
    field: str
    quote: str
    found: int
    hint: str | None


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise of the schema that the database does not keep."""

    what: str
    id: str
    message: str
