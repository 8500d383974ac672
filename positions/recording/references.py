"""Whether the ids that an entry refers to exist, and whether they may be referred to in that way.

Problems are values: a path within the entry, and a message.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from positions.episode_file import messages
from positions.episode_file.located_yaml import Path
from positions.episode_file.rules import Finding
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

ACTORS = (EntryKind.ACTOR,)
ITEMS = (EntryKind.DEMAND, EntryKind.OFFER)
ANSWERABLE = (*ITEMS, EntryKind.PACKAGE)
_HELP = {
    ACTORS: "define it under `actors`",
    ITEMS: "define it under `demands` or `offers`",
    ANSWERABLE: "define it under `demands`, `offers` or `packages`",
    (EntryKind.SIDE,): "define it under `sides`",
    (EntryKind.EPISODE,): "record that source first",
}
"""By the kinds that were expected: what to do about an unknown id."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The id `slug`, which an entry names at `path`, and the kinds of entry that it may refer to."""

    path: Path
    kinds: tuple[EntryKind, ...]
    slug: str


_VOICES = {"speaker": ACTORS, "reported_by": ACTORS}
_TIES = {
    **dict.fromkeys(("by", "to", "affects"), ACTORS),
    "answers": ANSWERABLE,
    **dict.fromkeys(("alternative_to", "part_of"), ITEMS),
}
_REFERENCES: Mapping[EntryKind, Mapping[str, tuple[EntryKind, ...]]] = {
    EntryKind.EPISODE: {},
    EntryKind.SIDE: {},
    EntryKind.ACTOR: {"side": (EntryKind.SIDE,), "speaks_for": ACTORS},
    EntryKind.PACKAGE: {"by": ACTORS, **_VOICES, "items": ITEMS},
    EntryKind.DEMAND: {"side": (EntryKind.SIDE,), **_VOICES, **_TIES},
    EntryKind.OFFER: {"side": (EntryKind.SIDE,), **_VOICES, **_TIES},
    EntryKind.EXTENSION: {"id": ANSWERABLE, **_TIES, "items": ITEMS},
    EntryKind.RESPONSE: {"by": ACTORS, **_VOICES, **dict.fromkeys(("stances", "repeats", "about"), ITEMS)},
    EntryKind.OUTCOME: {"by": ACTORS, **_VOICES, "items": ITEMS, "superseded_by": ITEMS},
}
"""By kind of entry and field: the kinds of entry whose ids it may name."""


def references(entry: Entry) -> Iterator[Reference]:
    """Every reference in `entry`."""
    fields = _fields(entry)
    yield from _in_fields(entry.what, fields)
    for index, provision in enumerate(fields.get("provisions", ())):
        yield Reference(("provisions", index, "document"), (EntryKind.EPISODE,), provision.document)


def unknown(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[tuple[Reference, str]]:
    """The references in `entry` to ids that are not in `ids`, each with a message."""
    yield from _unknown(references(entry), ids)


def unknown_in_faulty(
    what: EntryKind, raw: Mapping[str, Any], ids: Mapping[Key, Known]
) -> Iterator[tuple[Reference, str]]:
    """The same for an entry that has other problems, from its plain values."""
    yield from _unknown(_in_fields(what, raw), ids)


def _fields(entry: Entry) -> Mapping[str, Any]:
    """The values of `entry` by field: pydantic is slow to look up a field that the class does not have."""
    return entry.__dict__


def _in_fields(what: EntryKind, fields: Mapping[str, Any]) -> Iterator[Reference]:
    for name, kinds in _REFERENCES[what].items():
        value = fields.get(name)
        if isinstance(value, str) and is_slug(value):
            yield Reference((name,), kinds, value)
        elif isinstance(value, (list, tuple, dict)):
            slugs = (slug for slug in value if isinstance(slug, str) and is_slug(slug))
            yield from (Reference((name, slug), kinds, slug) for slug in slugs)


def _unknown(found: Iterable[Reference], ids: Mapping[Key, Known]) -> Iterator[tuple[Reference, str]]:
    for reference in found:
        kinds, slug = reference.kinds, reference.slug
        if not any((kind, slug) in ids for kind in kinds):
            word = {ITEMS: "item", ANSWERABLE: "item or package"}.get(kinds, kinds[0])
            candidates = [name for kind, name in ids if kind in kinds]
            advice = messages.close(slug, candidates) or f"; {_HELP[kinds]}"
            if kinds == ITEMS and (EntryKind.PACKAGE, slug) in ids:
                advice = "; it is a package: name its items"
            yield reference, f"no {word} has the id {slug!r}{advice}"


def invalid(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    """The references in `entry` to existing ids that break a rule."""
    yield from _persons(entry, ids)
    yield from _voices(entry, ids)
    match entry:
        case ActorEntry(speaks_for=str(principal)):
            if _is_person(ids, principal):
                yield ("speaks_for",), f"{principal} is a person; name the actor that both speak for"
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
    """What entries that refer to `entry` need to know of it."""
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
    """The side of `actor`; for a person, that of the actor it speaks for."""
    known = ids.get((EntryKind.ACTOR, actor)) if actor else None
    if known is None:
        return None
    principal = ids.get((EntryKind.ACTOR, known.speaks_for or ""))
    return known.side if principal is None else principal.side


def _extended(entry: ExtensionEntry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    if (EntryKind.PACKAGE, entry.id) in ids and _extends_as_item(entry):
        yield (), f"{entry.id} is a package; only `by`, `items` and `core` can be added to it"
    elif item(ids, entry.id) is not None and (entry.items or entry.core):
        yield (), f"{entry.id} is not a package; `items` and `core` cannot be added to it"


def _drafts(entry: ItemEntry | ExtensionEntry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    for index, provision in enumerate(entry.provisions):
        draft = ids.get((EntryKind.EPISODE, provision.document))
        if draft is not None and draft.kind not in {EpisodeKind.DRAFT, None}:
            yield ("provisions", index, "document"), f"{provision.document} is not a draft"


def _not_made_by(day: date, slugs: Iterable[str], ids: Mapping[Key, Known]) -> Iterator[tuple[str, str]]:
    """The items among `slugs` that were made after `day`, each with a message."""
    for slug in slugs:
        known = item(ids, slug)
        if known is not None and known.made_from is not None and day < known.made_from:
            yield slug, f"{slug} was made on {known.made_from} at the earliest"


def _outcome(entry: OutcomeEntry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    for _, message in _not_made_by(entry.on.end, entry.items, ids):
        yield ("on",), f"{message}; nothing can have become of it"


def _about_items(entry: ResponseEntry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    for name in ("stances", "repeats", "about"):
        for slug, message in _not_made_by(entry.said.end, getattr(entry, name), ids):
            yield (name, slug), f"{message}; nothing can have been said about it by {entry.said.end}"


def _extends_as_item(entry: ExtensionEntry) -> bool:
    return bool(entry.to or entry.affects or entry.provisions or entry.answers or entry.alternative_to or entry.part_of)


def _is_person(ids: Mapping[Key, Known], slug: str) -> bool:
    known = ids.get((EntryKind.ACTOR, slug))
    return known is not None and known.kind is ActorKind.PERSON


def _persons(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    fields = _fields(entry)
    for name in ("by", "to", "affects"):
        for slug in fields.get(name, ()):
            if _is_person(ids, slug):
                principal = ids[EntryKind.ACTOR, slug].speaks_for or "the actor"
                too = ", and the person as `speaker`" if name == "by" else ""
                yield (name, slug), f"{slug} is a person; name {principal} here{too}"


def _voices(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    fields = _fields(entry)
    speaker, reporter, givers = fields.get("speaker"), fields.get("reported_by"), fields.get("by", ())
    known = ids.get((EntryKind.ACTOR, speaker)) if speaker else None
    # Without a kind, the actor is defined in this file by an entry that cannot be read.
    if known is not None and known.kind is not None:
        whole_side = fields.get("side")
        if known.kind is not ActorKind.PERSON:
            yield ("speaker",), f"{speaker} is not a person; only a person can be the speaker"
        elif not (known.speaks_for in givers or (not givers and whole_side and side(ids, speaker) == whole_side)):
            yield (
                ("speaker",),
                f"{speaker} speaks for {known.speaks_for or 'nobody'}, not for {_listed(givers)}",
            )
    bases = {fields.get("basis"), *(detail.basis for detail in fields.get("stances", {}).values())}
    reporting_side = side(ids, reporter)
    sides = {fields.get("side"), *(side(ids, giver) for giver in givers)}
    if Basis.ALLEGED in bases and reporting_side is not None and reporting_side in sides:
        yield ("reported_by",), f"{reporter} is on the same side; an account by one's own side is `reported`"


def _own_items(entry: ResponseEntry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    givers = set(entry.by)
    for slug in entry.stances:
        known = item(ids, slug)
        own = sorted(givers & known.makers) if known else []
        if known is not None and known.kind is ItemKind.DEMAND and own:
            yield ("stances", slug), f"{_listed(own)} made this demand; if it insists on it, use `repeats`"
    for slug in entry.repeats:
        known = item(ids, slug)
        if known is not None and known.kind is not None and not givers & known.makers:
            made_by = (
                _listed(sorted(known.makers)) if known.makers else "an unnamed actor (`extends` can name the maker)"
            )
            yield ("repeats", slug), f"only its maker can repeat it; this {known.kind} was made by {made_by}"


def _listed(slugs: object) -> str:
    names = list(slugs) if isinstance(slugs, (list, tuple, set, frozenset)) else []
    return " or ".join(names) if names else "its side"
