"""The rows that queries return: frozen, with fields named as the JSON output names them.

Fields marked `INTERNAL` are for other code and are never printed. `optional` fields are left out while they are None.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, TypeVar, cast

from positions.dates import Span
from positions.vocabulary import (
    FIRM,
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

_Row = TypeVar("_Row")
_Key = TypeVar("_Key", bound=Hashable)

INTERNAL: Mapping[str, Any] = {"internal": True}


def filled(kind: Callable[..., _Row], source: Any, /, **given: Any) -> _Row:
    """A row of `kind` with the fields `given`; the others are read from `source`, which has them by the same names."""
    names = (field.name for field in fields(cast("Any", kind)))
    return kind(**given, **{name: getattr(source, name) for name in names if name not in given})


def grouped(rows: Iterable[_Row], key: Callable[[_Row], _Key]) -> dict[_Key, list[_Row]]:
    """`rows` in lists by `key`, both in the order in which they come."""
    groups: dict[_Key, list[_Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def ids(slugs: Iterable[str | None]) -> tuple[str, ...]:
    """The ids in a column of an outer join, sorted, each once; None is left out."""
    return tuple(sorted({slug for slug in slugs if slug is not None}))


class Ranked:
    """An account with the properties that rank it: those that `PRECEDENCE` names."""

    __slots__ = ()
    basis: Basis
    said: Span

    @property
    def firm(self) -> bool:
        """Whether it is stated or reported, not alleged or inferred."""
        return self.basis in FIRM

    @property
    def stated(self) -> bool:
        """Whether it is in the actor's own words."""
        return self.basis is Basis.STATED

    @property
    def said_from(self) -> date:
        """The first possible day."""
        return self.said.since

    @property
    def said_to(self) -> date:
        """The last possible day."""
        return self.said.end


@dataclass(frozen=True, slots=True)
class Stance(Ranked):
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
    """An article of a draft that puts an item into words."""

    document: str
    article: str


@dataclass(frozen=True, slots=True)
class Item:
    """A demand or an offer: what its maker has said of it, and where others stand."""

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
    """An actor's refusal to bargain over an item; with `--ever`, also where the actor stands now."""

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
    """A response that repeats an item, or takes it up without a stance."""

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
    """A state, an alliance, an organisation or a person, and how much is recorded of it."""

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
    """A source, and how much is recorded from it."""

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
    event: str | None = field(metadata=INTERNAL)


@dataclass(frozen=True, slots=True)
class Response:
    """What an actor, or several together, said on a day, without its stances and mentions."""

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
    """A party at the table, to which actors belong."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision and the ids of the entries that it changed."""

    revision: int
    recorded_at: str
    recorded_by: str
    message: str
    file_sha256: str | None
    digest: str | None
    added: tuple[str, ...]
    corrected: tuple[str, ...]
    retracted: tuple[str, ...]
    changes: tuple["ChangedEntry", ...] | None = field(default=None, metadata={"optional": True})


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """The content of an entry before and after a revision, as in its file; null: not in the record."""

    what: str
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Turned:
    """A current stance that differs between two revisions; `corrected`: by the record, not by the actor."""

    actor: str
    item: str
    from_: StanceKind | None = field(metadata={"name": "from"})
    to: StanceKind | None
    corrected: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What the record changed between the revisions `from` and `to`."""

    from_: int = field(metadata={"name": "from"})
    to: int
    added: tuple[str, ...]
    corrected: tuple[str, ...]
    retracted: tuple[str, ...]
    stances: tuple[Turned, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of position: another stance, a new offer or alternative, another scope of a demand, or an outcome.

    `from` and `to` are stances. `direction` is softened, hardened or shifted; new or alternative; wider, narrower or
    other; agreed, met, withdrawn or superseded (or each of them in part).
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
    own: bool = field(default=False, metadata=INTERNAL)
    """Whether a stance is on an item of the actor itself, and no answer to another."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry of the file that was retracted on purpose, and is recorded again only if asked for."""

    what: EntryKind
    name: str
    revision: int
    message: str


@dataclass(frozen=True, slots=True)
class RecordResult:
    """The ids of entries that recording a file changed, or would change; `revision` is null if nothing was recorded."""

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
    an evasion; null: there is none. `alleged` is the stance that `alleged_by`, of another side, says it took. `status`
    says whether the item was met, agreed or withdrawn in part.
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
    alleged: StanceKind | None
    alleged_by: str | None
    kind: ItemKind = field(metadata=INTERNAL)
    side: str | None = field(metadata=INTERNAL)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The prospects of an item: its outcome, or else blocked, workable or unanswered."""

    item: str
    title: str
    by: tuple[str, ...]
    core: bool
    package: str | None
    verdict: str
    blocked_by: tuple[str, ...]
    doubts: Mapping[str, Basis]
    """Of those that block it: whose refusal is alleged by others, or inferred."""
    waiting_for: tuple[str, ...]
    others_refuse: tuple[str, ...]
    held_up_by: tuple[str, ...]
    last_heard: Span
    kind: ItemKind = field(metadata=INTERNAL)
    side: str | None = field(metadata=INTERNAL)
    ready: tuple[Stance, ...] = field(metadata=INTERNAL)
    status: str = field(metadata=INTERNAL)
    answer: str = field(metadata=INTERNAL)
    """Blocked, workable or unanswered, also if it is off the table."""
    then: str | None = field(default=None, metadata={"optional": True})


@dataclass(frozen=True, slots=True)
class Package:
    """Items of which their maker says that they stand or fall together."""

    id: str
    title: str
    by: tuple[str, ...]
    items: tuple[str, ...]
    core: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The demands put to its speakers that a source answers, takes up, passes over, or may answer in an unread part."""

    answered: tuple[str, ...]
    taken_up: tuple[str, ...]
    passed_over: tuple[str, ...]
    not_seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source(Episode):
    """An episode in full, with its summary and what it answers."""

    summary: str | None
    coverage: Coverage
    language: str | None = field(metadata=INTERNAL)
    added: Mapping[str, tuple[str, ...]] = field(metadata=INTERNAL)


@dataclass(frozen=True, slots=True)
class Found:
    """A text that matches a search: the match is `text[start:end]`."""

    what: str
    id: str
    title: str | None
    field: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Missing:
    """The part of a source that was not read."""

    episode: str
    missing: str


@dataclass(frozen=True, slots=True)
class LastRead:
    """The latest source with words or acts of a side."""

    episode: str
    published: Span


@dataclass(frozen=True, slots=True)
class Status:
    """Where a database is, what it contains and how far it reaches; `digest` is that of its newest revision."""

    database: str
    title: str | None
    version: str
    schema: str
    engine: str
    revision: int
    digest: str | None
    counts: Mapping[str, int]
    last_read: Mapping[str, LastRead]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """A quotation or literal label, and how often a text contains it (0: it is missing)."""

    episode: str
    id: str
    field: str
    quote: str
    found: int
    hint: str | None


@dataclass(frozen=True, slots=True)
class Violation:
    """An entry that breaks a promise of the record, as `check` found it."""

    what: str
    id: str
    message: str
