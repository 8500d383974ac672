"""Whether the ids that entries refer to exist, and whether it makes sense to refer to them so.

`Reference` lists what an entry refers to; it serves the check of a file and the check before something is taken away.
Faults are values: a path within the entry, and a message.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from positions.episode_file import messages
from positions.episode_file.schema import (
    ActorEntry,
    Entry,
    EpisodeEntry,
    ExtensionEntry,
    ItemEntry,
    OutcomeEntry,
    ResponseEntry,
)
from positions.recording.known_ids import Known
from positions.vocabulary import ActorKind, Basis, EntryKind, EpisodeKind, ItemKind, Key, is_slug

Path = tuple[str | int, ...]
Found = tuple[Path, str]

ACTORS = (EntryKind.ACTOR,)
ITEMS = (EntryKind.DEMAND, EntryKind.OFFER)
ANSWERED = (*ITEMS, EntryKind.PACKAGE)
_HELP = {
    ACTORS: "define it under `actors`",
    ITEMS: "define it under `demands` or `offers`",
    ANSWERED: "define it under `demands`, `offers` or `packages`",
    (EntryKind.SIDE,): "define it under `sides`",
    (EntryKind.EPISODE,): "record that source first",
}
"""What to do about an id that nothing bears."""


@dataclass(frozen=True, slots=True)
class Reference:
    """That an entry names `slug` at `path`, which must be one of `kinds`."""

    path: Path
    kinds: tuple[EntryKind, ...]
    slug: str


_VOICES = {"speaker": ACTORS, "reported_by": ACTORS}
_TIES = {
    **dict.fromkeys(("by", "to", "affects"), ACTORS),
    "answers": ANSWERED,
    **dict.fromkeys(("alternative_to", "part_of"), ITEMS),
}
_NAMED: Mapping[EntryKind, Mapping[str, tuple[EntryKind, ...]]] = {
    EntryKind.EPISODE: {},
    EntryKind.SIDE: {},
    EntryKind.ACTOR: {"side": (EntryKind.SIDE,), "speaks_for": ACTORS},
    EntryKind.PACKAGE: {"by": ACTORS, **_VOICES, "items": ITEMS},
    EntryKind.DEMAND: {"side": (EntryKind.SIDE,), **_VOICES, **_TIES},
    EntryKind.OFFER: {"side": (EntryKind.SIDE,), **_VOICES, **_TIES},
    EntryKind.EXTENSION: {"id": ANSWERED, **_TIES, "items": ITEMS},
    EntryKind.RESPONSE: {"by": ACTORS, **_VOICES, **dict.fromkeys(("stances", "repeats", "about"), ITEMS)},
    EntryKind.OUTCOME: {"by": ACTORS, **_VOICES, "items": ITEMS, "superseded_by": ITEMS},
}
"""The fields of each kind of entry that name other ids, and what these must be."""


def references(entry: Entry) -> Iterator[Reference]:
    """Every id of something else that `entry` names."""
    fields = _fields(entry)
    yield from _named(entry.what, fields)
    for index, provision in enumerate(fields.get("provisions", ())):
        yield Reference(("provisions", index, "document"), (EntryKind.EPISODE,), provision.document)


def unknown(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[tuple[Reference, str]]:
    """What `entry` names that nothing in `ids` bears, with a message."""
    yield from _unknown(references(entry), ids)


def unknown_in_faulty(
    what: EntryKind, raw: Mapping[str, Any], ids: Mapping[Key, Known]
) -> Iterator[tuple[Reference, str]]:
    """The same for an entry that has other faults, from its plain values."""
    yield from _unknown(_named(what, raw), ids)


def _fields(entry: Entry) -> Mapping[str, Any]:
    """What `entry` says, by field: an attribute that its kind does not have takes pydantic long to deny."""
    return entry.__dict__


def _named(what: EntryKind, fields: Mapping[str, Any]) -> Iterator[Reference]:
    for name, kinds in _NAMED[what].items():
        value = fields.get(name)
        if isinstance(value, str) and is_slug(value):
            yield Reference((name,), kinds, value)
        elif isinstance(value, (list, tuple, dict)):
            slugs = (slug for slug in value if isinstance(slug, str) and is_slug(slug))
            yield from (Reference((name, slug), kinds, slug) for slug in slugs)


def _unknown(named: Iterable[Reference], ids: Mapping[Key, Known]) -> Iterator[tuple[Reference, str]]:
    for one in named:
        if not any((kind, one.slug) in ids for kind in one.kinds):
            names = [slug for kind, slug in ids if kind in one.kinds]
            word = {ITEMS: "item", ANSWERED: "item or package"}.get(one.kinds, one.kinds[0])
            advice = messages.close(one.slug, names) or f"; {_HELP[one.kinds]}"
            if one.kinds == ITEMS and (EntryKind.PACKAGE, one.slug) in ids:
                advice = "; it is a package: name its items"
            yield one, f"no {word} has the id {one.slug!r}{advice}"


def invalid(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[Found]:
    """What `entry` says of ids that exist, but that cannot be said of them."""
    yield from _persons(entry, ids)
    yield from _voices(entry, ids)
    match entry:
        case ActorEntry(speaks_for=str(principal)):
            if _is_person(ids, principal):
                yield ("speaks_for",), f"{principal} is a person; name the actor for whom both speak"
        case ItemEntry():
            yield from _drafts(entry, ids)
        case ExtensionEntry():
            yield from _extended(entry, ids)
            yield from _drafts(entry, ids)
        case ResponseEntry():
            yield from _own_items(entry, ids)
            yield from _about_items(entry, ids)
        case OutcomeEntry():
            yield from _outcome(entry, ids)
        case _:
            return


def defined(entry: Entry, episode: str) -> Known:
    """What is known of the id that `entry` defines, for the entries that refer to it."""
    known = Known(entry.what, entry.id, episode)
    match entry:
        case ActorEntry():
            return replace(known, kind=entry.kind, side=entry.side, speaks_for=entry.speaks_for)
        case ItemEntry():
            known = replace(known, kind=ItemKind(entry.what.value), side=entry.side, made_from=entry.made.start)
            return replace(known, makers=frozenset(entry.by))
        case EpisodeEntry():
            return replace(known, kind=entry.kind)
        case _:
            return known


def item(ids: Mapping[Key, Known], slug: str) -> Known | None:
    """The demand or offer `slug`, if there is one."""
    return ids.get((EntryKind.DEMAND, slug)) or ids.get((EntryKind.OFFER, slug))


def side(ids: Mapping[Key, Known], actor: str | None) -> str | None:
    """The side of `actor`; a person shares that of whom it speaks for."""
    known = ids.get((EntryKind.ACTOR, actor)) if actor else None
    if known is None:
        return None
    principal = ids.get((EntryKind.ACTOR, known.speaks_for or ""))
    return known.side if principal is None else principal.side


def _extended(entry: ExtensionEntry, ids: Mapping[Key, Known]) -> Iterator[Found]:
    if (EntryKind.PACKAGE, entry.id) in ids and _extends_as_item(entry):
        yield (), f"{entry.id} is a package; only `by`, `items` and `core` can be added to it"
    elif item(ids, entry.id) is not None and (entry.items or entry.core):
        yield (), f"{entry.id} is no package; `items` and `core` cannot be added to it"


def _drafts(entry: ItemEntry | ExtensionEntry, ids: Mapping[Key, Known]) -> Iterator[Found]:
    for index, provision in enumerate(entry.provisions):
        draft = ids.get((EntryKind.EPISODE, provision.document))
        if draft is not None and draft.kind not in {EpisodeKind.DRAFT, None}:
            yield ("provisions", index, "document"), f"{provision.document} is no draft"


def _not_made_by(day: date, slugs: Iterable[str], ids: Mapping[Key, Known]) -> Iterator[tuple[str, str]]:
    """The items that cannot have been made by `day`, each with the words that say so."""
    for slug in slugs:
        known = item(ids, slug)
        if known is not None and known.made_from is not None and day < known.made_from:
            yield slug, f"{slug} was not made before {known.made_from}"


def _outcome(entry: OutcomeEntry, ids: Mapping[Key, Known]) -> Iterator[Found]:
    for _, message in _not_made_by(entry.on.end, entry.items, ids):
        yield ("on",), f"{message}; nothing can have become of it"


def _about_items(entry: ResponseEntry, ids: Mapping[Key, Known]) -> Iterator[Found]:
    for name in ("stances", "repeats", "about"):
        for slug, message in _not_made_by(entry.said.end, getattr(entry, name), ids):
            yield (name, slug), f"{message}; nothing can have been said about it by {entry.said.end}"


def _extends_as_item(entry: ExtensionEntry) -> bool:
    return bool(entry.to or entry.affects or entry.provisions or entry.answers or entry.alternative_to or entry.part_of)


def _is_person(ids: Mapping[Key, Known], slug: str) -> bool:
    known = ids.get((EntryKind.ACTOR, slug))
    return known is not None and known.kind is ActorKind.PERSON


def _persons(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[Found]:
    fields = _fields(entry)
    for name in ("by", "to", "affects"):
        for slug in fields.get(name, ()):
            if _is_person(ids, slug):
                principal = ids[EntryKind.ACTOR, slug].speaks_for or "the actor"
                too = ", and the person as `speaker`" if name == "by" else ""
                yield (name, slug), f"{slug} is a person; name {principal} here{too}"


def _voices(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[Found]:
    fields = _fields(entry)
    speaker, reporter, givers = fields.get("speaker"), fields.get("reported_by"), fields.get("by", ())
    known = ids.get((EntryKind.ACTOR, speaker)) if speaker else None
    if known is not None and known.kind is not None:
        whole_side = fields.get("side")
        if known.kind is not ActorKind.PERSON:
            yield ("speaker",), f"{speaker} is no person; a speaker is"
        elif not (known.speaks_for in givers or (not givers and whole_side and side(ids, speaker) == whole_side)):
            yield (
                ("speaker",),
                f"{speaker} speaks for {known.speaks_for or 'nobody'}, not for {_listed(givers)}",
            )
    bases = {fields.get("basis"), *(one.basis for one in fields.get("stances", {}).values())}
    told = side(ids, reporter)
    sides = {fields.get("side"), *(side(ids, giver) for giver in givers)}
    if Basis.ALLEGED in bases and told is not None and told in sides:
        yield ("reported_by",), f"{reporter} is on the same side; what one's own side tells is `reported`"


def _own_items(entry: ResponseEntry, ids: Mapping[Key, Known]) -> Iterator[Found]:
    givers = set(entry.by)
    for slug in entry.stances:
        known = item(ids, slug)
        own = sorted(givers & known.makers) if known else []
        if known is not None and known.kind is ItemKind.DEMAND and own:
            yield ("stances", slug), f"{_listed(own)} made this demand; a maker insists on it: use `repeats`"
    for slug in entry.repeats:
        known = item(ids, slug)
        if known is not None and known.kind is not None and not givers & known.makers:
            made_by = _listed(sorted(known.makers)) if known.makers else "nobody known (`extends` can give it a maker)"
            yield ("repeats", slug), f"only a maker repeats; this {known.kind} was made by {made_by}"


def _listed(slugs: object) -> str:
    names = list(slugs) if isinstance(slugs, (list, tuple, set, frozenset)) else []
    return " or ".join(names) if names else "its side"
