"""What must hold between the fields of one entry, and between the entries of one file.

Each rule yields faults as values: the path within the entry, and a message for the person who wrote it. What needs to
know other entries or the database stands in `recording.references`.
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

Found = tuple[tuple[str | int, ...], str]
"""The path of a fault within its entry, and what to say."""


def problems(entry: Entry, episode: EpisodeEntry | None) -> Iterator[Found]:
    """What is wrong within `entry`, which stands in the file of `episode` (None: not known)."""
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
        case _:
            return


def after_publication(entry: Entry, published: date) -> Iterator[tuple[str, Span]]:
    """The fields of `entry` whose days end after the day on which its source was published."""
    for name in ("said", "made", "on"):
        days = getattr(entry, name, None)
        if days is not None and days.end > published:
            yield name, days


def _of_episode(entry: EpisodeEntry) -> Iterator[Found]:
    if entry.read is Reading.PART and entry.missing is None:
        yield ("read",), "a source read in part needs `missing`: what was not read"
    if entry.read is Reading.WHOLE and entry.missing is not None:
        yield ("missing",), "nothing can be missing of a source that was read whole; write `read: part`"


def _of_actor(entry: ActorEntry) -> Iterator[Found]:
    if entry.kind is ActorKind.PERSON and entry.side is not None:
        yield ("side",), "a person shares the side of the actor it speaks for; use `speaks_for`"
    if entry.kind is not ActorKind.PERSON and entry.speaks_for is not None:
        yield ("speaks_for",), "only a person speaks for an actor"


def _of_package(entry: PackageEntry, episode: EpisodeEntry | None) -> Iterator[Found]:
    if entry.basis is not None:
        yield from _of_source(entry.basis, entry.quote, entry.reported_by, "a package")
    yield from _without_quotation(entry.quote, entry.summary is not None, entry.url, episode)
    if not entry.by:
        yield ("by",), "a package needs a maker who says that it is one"
    if not entry.items:
        yield ("items",), "a package needs items"
    for stray in sorted(set(entry.core) - set(entry.items)):
        yield ("core",), f"{stray} is no item of the package"
    if entry.core and entry.core_quote is None:
        yield ("core",), "what is core is the maker's word alone: quote it as `core_quote`"


def _of_item(entry: ItemEntry, episode: EpisodeEntry | None) -> Iterator[Found]:
    if entry.by and entry.side is not None:
        yield ("side",), "the makers' side is known from the makers; leave `side` out"
    if not entry.by and entry.side is None:
        yield (), "give the makers (`by`), or only the `side` if the source names none"
    if not entry.to:
        yield ("to",), "say to whom it is put"
    if entry.said is not None and entry.made.start is not None and entry.said.end < entry.made.start:
        yield ("said",), f"the item was not made before {entry.made.start}; nobody can have said it by {entry.said.end}"
    for slug in sorted(set(entry.by) & set(entry.to)):
        yield ("to", slug), f"{slug} is a maker and cannot be asked as well"
    own_words = entry.summary is not None or entry.text is not None
    yield from _of_source(entry.basis, entry.quote, entry.reported_by, "an item")
    yield from _without_quotation(entry.quote, own_words, entry.url, episode)
    for name in ("answers", "alternative_to", "part_of"):
        if entry.id in getattr(entry, name):
            yield (name,), "an item cannot be tied to itself"


def _of_response(entry: ResponseEntry, episode: EpisodeEntry | None) -> Iterator[Found]:
    if not entry.by:
        yield ("by",), "say who gave the response"
    if not (entry.stances or entry.repeats or entry.about):
        yield (), "takes up no item; give `stances`, `repeats` or `about`, or leave it out"
    for name, detail in entry.stances.items():
        yield from ((("stances", name, *path), message) for path, message in _of_stance(detail, entry, episode))
    if not entry.stances:
        own_words = entry.quote or _quoted(entry)
        yield from _of_source(entry.basis, own_words, entry.reported_by, "a response")
        yield from _without_quotation(own_words, entry.summary is not None, entry.url, episode)
    elif entry.basis is Basis.ALLEGED:
        yield from _of_source(entry.basis, entry.quote, entry.reported_by, "a response")
    for name in sorted(set(entry.stances) & (set(entry.about) | set(entry.repeats))):
        where = "about" if name in entry.about else "repeats"
        yield (where, name), f"the response already has a stance on {name}"


def _quoted(entry: ResponseEntry) -> str | None:
    """The words of a response that quotes each of its mentions apart; None if one of them has none."""
    mentions: list[Mentioned] = [*entry.repeats.values(), *entry.about.values()]
    return mentions[0].quote if mentions and all(one.quote for one in mentions) else None


def _of_stance(detail: StanceDetail, entry: ResponseEntry, episode: EpisodeEntry | None) -> Iterator[Found]:
    basis, quote = detail.basis or entry.basis, detail.quote or entry.quote
    if detail.stance is StanceKind.OPEN and detail.condition is not None:
        yield ("condition",), "`open` has no condition; with one the stance is `negotiable`"
    if basis is not Basis.ALLEGED or detail.basis is not None:
        for _, message in _of_source(basis, quote, entry.reported_by, "a stance"):
            yield (("basis",) if detail.basis else ()), message
    yield from (
        ((), message) for _, message in _without_quotation(quote, entry.summary is not None, entry.url, episode)
    )


def _of_outcome(entry: OutcomeEntry) -> Iterator[Found]:
    if not entry.items:
        yield ("items",), "say what became of which items"
    if entry.outcome is not OutcomeKind.SUPERSEDED and entry.superseded_by is not None:
        yield ("superseded_by",), "goes with `outcome: superseded` alone"
    if entry.superseded_by is not None and entry.superseded_by in entry.items:
        yield ("superseded_by",), "an item cannot supersede itself"
    if entry.basis is not None:
        yield from _of_source(entry.basis, entry.quote, entry.reported_by, "an outcome")


def _of_source(basis: Basis, quote: str | None, reported_by: str | None, what: str) -> Iterator[Found]:
    if basis is Basis.STATED and quote is None:
        yield ("basis",), f"{what} that is `stated` needs the actor's own words as `quote`"
    if basis is Basis.ALLEGED and reported_by is None:
        yield ("basis",), f"{what} that is `alleged` needs `reported_by`: who says so"


def _without_quotation(
    quote: str | None, own_words: bool, url: str | None, episode: EpisodeEntry | None
) -> Iterator[Found]:
    if quote is not None or episode is None:
        return
    if not own_words:
        yield (), "without a quotation it needs a `summary` in your own words"
    if url is None and episode.url is None:
        yield (), "without a quotation it needs a `url`, its own or the episode's"
