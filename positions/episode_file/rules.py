"""Rules between the fields of one entry, and between an entry and its episode.

Problems are values: the path within the entry, and a message for the author of the file. Rules that need other entries
or the database are in `recording.references`.
"""

from collections.abc import Iterator
from datetime import date

from positions.dates import Span
from positions.episode_file.schema import (
    ActorEntry,
    Entry,
    EpisodeEntry,
    ExtensionEntry,
    ItemEntry,
    Mentioned,
    OutcomeEntry,
    PackageEntry,
    ResponseEntry,
    StanceDetail,
)
from positions.vocabulary import ActorKind, Basis, OutcomeKind, Reading, StanceKind

Finding = tuple[tuple[str | int, ...], str]
"""The path of a problem within its entry, and a message."""


def problems(entry: Entry, episode: EpisodeEntry | None) -> Iterator[Finding]:
    """The problems of `entry` in the file of `episode` (None: not known)."""
    match entry:
        case EpisodeEntry():
            yield from _of_episode(entry)
        case ActorEntry():
            yield from _of_actor(entry)
        case PackageEntry():
            yield from _of_package(entry, episode)
        case ItemEntry():
            yield from _of_item(entry, episode)
        case ExtensionEntry():
            if entry.content().keys() <= {"id"}:
                yield (), "adds nothing; say what this source adds, or leave the entry out"
        case ResponseEntry():
            yield from _of_response(entry, episode)
        case OutcomeEntry():
            yield from _of_outcome(entry)


def after_publication(entry: Entry, published: date) -> Iterator[tuple[str, Span]]:
    """The fields of `entry` that end after `published`, with their days."""
    for name in ("said", "made", "on"):
        days = getattr(entry, name, None)
        if days is not None and days.end > published:
            yield name, days


def _of_episode(entry: EpisodeEntry) -> Iterator[Finding]:
    if entry.read is Reading.PART and entry.missing is None:
        yield ("read",), "a source read in part needs `missing`: what was not read"
    if entry.read is Reading.WHOLE and entry.missing is not None:
        yield ("missing",), "a source that was read whole has nothing missing; write `read: part`"


def _of_actor(entry: ActorEntry) -> Iterator[Finding]:
    if entry.kind is ActorKind.PERSON and entry.side is not None:
        yield ("side",), "a person shares the side of the actor it speaks for; use `speaks_for`"
    if entry.kind is not ActorKind.PERSON and entry.speaks_for is not None:
        yield ("speaks_for",), "only a person speaks for an actor"


def _of_package(entry: PackageEntry, episode: EpisodeEntry | None) -> Iterator[Finding]:
    yield from _check_basis(entry.basis, entry.quote, entry.reported_by, "a package")
    yield from _without_quotation(entry.quote, entry.summary is not None, entry.url, episode)
    if not entry.by:
        yield ("by",), "a package needs a maker"
    if not entry.items:
        yield ("items",), "a package needs items"
    for stray in sorted(set(entry.core) - set(entry.items)):
        yield ("core",), f"{stray} is not an item of the package"
    if entry.core and entry.core_quote is None:
        yield ("core",), "only the maker can call items core: quote its words as `core_quote`"


def _of_item(entry: ItemEntry, episode: EpisodeEntry | None) -> Iterator[Finding]:
    if entry.by and entry.side is not None:
        yield ("side",), "the makers' side is known from the makers; leave `side` out"
    if not entry.by and entry.side is None:
        yield (), "give the makers (`by`), or only the `side` if the source names none"
    if not entry.to:
        yield ("to",), "name the addressees"
    if entry.said is not None and entry.made.start is not None and entry.said.end < entry.made.start:
        earliest = f"the item was made on {entry.made.start} at the earliest"
        yield ("said",), f"{earliest}; it cannot have been said by {entry.said.end}"
    for slug in sorted(set(entry.by) & set(entry.to)):
        yield ("to", slug), f"{slug} is a maker and cannot be an addressee too"
    own_words = entry.summary is not None or entry.text is not None
    yield from _check_basis(entry.basis, entry.quote, entry.reported_by, "an item")
    yield from _without_quotation(entry.quote, own_words, entry.url, episode)
    for name in ("answers", "alternative_to", "part_of"):
        if entry.id in getattr(entry, name):
            yield (name,), "an item cannot refer to itself"


def _of_response(entry: ResponseEntry, episode: EpisodeEntry | None) -> Iterator[Finding]:
    if not entry.by:
        yield ("by",), "say who gave the response"
    if not (entry.stances or entry.repeats or entry.about):
        yield (), "takes up no item; give `stances`, `repeats` or `about`, or leave it out"
    for name, detail in entry.stances.items():
        for path, message in _of_stance(detail, entry, episode):
            yield ("stances", name, *path), message
    if not entry.stances:
        own_words = entry.quote or _quoted(entry)
        yield from _check_basis(entry.basis, own_words, entry.reported_by, "a response")
        yield from _without_quotation(own_words, entry.summary is not None, entry.url, episode)
    elif entry.basis is Basis.ALLEGED:
        yield from _check_basis(entry.basis, entry.quote, entry.reported_by, "a response")
    for name in sorted(set(entry.stances) & (set(entry.about) | set(entry.repeats))):
        where = "about" if name in entry.about else "repeats"
        yield (where, name), f"the response already has a stance on {name}"


def _quoted(entry: ResponseEntry) -> str | None:
    """A quotation of a response whose mentions all have their own; None if one has none."""
    mentions: list[Mentioned] = [*entry.repeats.values(), *entry.about.values()]
    return mentions[0].quote if mentions and all(mention.quote for mention in mentions) else None


def _of_stance(detail: StanceDetail, entry: ResponseEntry, episode: EpisodeEntry | None) -> Iterator[Finding]:
    basis, quote = detail.basis or entry.basis, detail.quote or entry.quote
    if detail.stance is StanceKind.OPEN and detail.condition is not None:
        yield ("condition",), "`open` cannot have a condition; with a condition, the stance is `negotiable`"
    if basis is not Basis.ALLEGED or detail.basis is not None:
        for _, message in _check_basis(basis, quote, entry.reported_by, "a stance"):
            yield (("basis",) if detail.basis else ()), message
    yield from _without_quotation(quote, entry.summary is not None, entry.url, episode)


def _of_outcome(entry: OutcomeEntry) -> Iterator[Finding]:
    if not entry.items:
        yield ("items",), "name the items"
    if entry.outcome is not OutcomeKind.SUPERSEDED and entry.superseded_by is not None:
        yield ("superseded_by",), "is only allowed with `outcome: superseded`"
    if entry.superseded_by is not None and entry.superseded_by in entry.items:
        yield ("superseded_by",), "an item cannot supersede itself"
    yield from _check_basis(entry.basis, entry.quote, entry.reported_by, "an outcome")


def _check_basis(basis: Basis | None, quote: str | None, reported_by: str | None, what: str) -> Iterator[Finding]:
    if basis is Basis.STATED and quote is None:
        yield ("basis",), f"{what} that is `stated` needs the actor's own words as `quote`"
    if basis is Basis.ALLEGED and reported_by is None:
        yield ("basis",), f"{what} that is `alleged` needs `reported_by`, naming who says so"


def _without_quotation(
    quote: str | None, own_words: bool, url: str | None, episode: EpisodeEntry | None
) -> Iterator[Finding]:
    if quote is not None or episode is None:
        return
    if not own_words:
        yield (), "without a quotation, a `summary` in your own words is needed"
    if url is None and episode.url is None:
        yield (), "without a quotation, a `url` is needed, here or in the episode"
