"""The ids in the record, and whether an entry may refer to them.

Problems are values: a path within the entry, and a message.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import Connection, FromClause, Row, select

from positions import models
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
from positions.vocabulary import ActorKind, Basis, EntryKind, EpisodeKind, ItemKind, Key, Role, is_slug

ACTORS = (EntryKind.ACTOR,)
SIDES = (EntryKind.SIDE,)
ITEMS = (EntryKind.DEMAND, EntryKind.OFFER)
ITEMS_AND_PACKAGES = (*ITEMS, EntryKind.PACKAGE)
"""Kinds of entry that share one set of ids and can be extended."""

_HELP = {
    ACTORS: "define it under `actors`",
    SIDES: "define it under `sides`",
    ITEMS: "define it under `demands` or `offers`",
    ITEMS_AND_PACKAGES: "define it under `demands`, `offers` or `packages`",
    (EntryKind.EPISODE,): "record that source first",
}
"""By the kinds that were expected: what to do about an unknown id."""

_VOICES = {"speaker": ACTORS, "reported_by": ACTORS}
_TIES = {
    **dict.fromkeys(("by", "to", "affects"), ACTORS),
    "answers": ITEMS_AND_PACKAGES,
    **dict.fromkeys(("alternative_to", "part_of"), ITEMS),
}
REFERENCES: Mapping[EntryKind, Mapping[str, tuple[EntryKind, ...]]] = {
    EntryKind.EPISODE: {},
    EntryKind.SIDE: {},
    EntryKind.ACTOR: {"side": SIDES, "speaks_for": ACTORS},
    EntryKind.PACKAGE: {"by": ACTORS, **_VOICES, "items": ITEMS},
    EntryKind.DEMAND: {"side": SIDES, **_VOICES, **_TIES},
    EntryKind.OFFER: {"side": SIDES, **_VOICES, **_TIES},
    EntryKind.EXTENSION: {"id": ITEMS_AND_PACKAGES, **_TIES, "items": ITEMS},
    EntryKind.RESPONSE: {"by": ACTORS, **_VOICES, **dict.fromkeys(("stances", "repeats", "about"), ITEMS)},
    EntryKind.OUTCOME: {"by": ACTORS, **_VOICES, "items": ITEMS, "superseded_by": ITEMS},
}
"""By kind of entry and field: the kinds of entry whose ids it may name."""

_Reference = tuple[Path, tuple[EntryKind, ...], str]
"""The path of an id within the entry that names it, the kinds of entry that it may refer to, and the id."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an id: its episode, row (0: it is not recorded yet), kind and relations.

    Equal if all but the row is the same.
    """

    episode: str
    row: int = field(default=0, compare=False)
    kind: ActorKind | EpisodeKind | ItemKind | None = None
    """None for sides and packages, and if the entry that defines the id cannot be read."""
    side: str | None = None
    speaks_for: str | None = None
    makers: frozenset[str] = frozenset()
    made_from: date | None = None
    """For an item: the earliest day on which it can have been made, if known."""


def known(connection: Connection) -> dict[Key, Known]:
    """Every current episode, side, actor, package and item, by key."""
    episodes = _current(connection, models.episode, "kind")
    sides = _current(connection, models.side, "episode_id")
    actors = _current(connection, models.actor, "episode_id", "kind", "side_id", "speaks_for_id")
    packages = _current(connection, models.package, "episode_id")
    items = _current(connection, models.item, "episode_id", "kind", "side_id", "made_from")
    owners, side_ids, actor_ids = ({row.id: row.slug for row in rows} for rows in (episodes, sides, actors))
    makers = _makers(connection)
    found: dict[Key, Known] = {
        (EntryKind.EPISODE, row.slug): Known(row.slug, row.id, kind=row.kind) for row in episodes
    }
    found |= {(EntryKind.SIDE, row.slug): Known(owners[row.episode_id], row.id) for row in sides}
    found |= {(EntryKind.PACKAGE, row.slug): Known(owners[row.episode_id], row.id) for row in packages}
    for row in actors:
        found[EntryKind.ACTOR, row.slug] = Known(
            owners[row.episode_id],
            row.id,
            kind=row.kind,
            side=side_ids.get(row.side_id),
            speaks_for=actor_ids.get(row.speaks_for_id),
        )
    for row in items:
        found[EntryKind(row.kind), row.slug] = Known(
            owners[row.episode_id],
            row.id,
            kind=row.kind,
            side=side_ids.get(row.side_id),
            makers=frozenset(makers[row.id]),
            made_from=row.made_from,
        )
    return found


def _current(connection: Connection, table: FromClause, *names: str) -> Sequence[Row[*tuple[Any, ...]]]:
    columns = (table.c[name] for name in ("id", "slug", *names))
    return connection.execute(select(*columns).where(table.c.retracted_in.is_(None))).all()


def _makers(connection: Connection) -> defaultdict[int, set[str]]:
    """The makers of each item, by its row number."""
    tie, actor = models.item_actor, models.actor
    query = select(tie.c.item_id, actor.c.slug).join(actor, actor.c.id == tie.c.actor_id)
    makers: defaultdict[int, set[str]] = defaultdict(set)
    for item_id, slug in connection.execute(query.where(tie.c.role == Role.MAKER, tie.c.retracted_in.is_(None))):
        makers[item_id].add(slug)
    return makers


def defined(entry: Entry, episode: str) -> Known:
    """What entries that refer to `entry` need to know of it."""
    match entry:
        case EpisodeEntry():
            return Known(episode, kind=entry.kind)
        case ActorEntry():
            return Known(episode, kind=entry.kind, side=entry.side, speaks_for=entry.speaks_for)
        case ItemEntry():
            kind, makers = ItemKind(entry.what.value), frozenset(entry.by)
            return Known(episode, kind=kind, side=entry.side, makers=makers, made_from=entry.made.start)
        case _:
            return Known(episode)


def item(ids: Mapping[Key, Known], slug: str) -> Known | None:
    """The demand or offer `slug`, if there is one."""
    return ids.get((EntryKind.DEMAND, slug)) or ids.get((EntryKind.OFFER, slug))


def unknown(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[tuple[Path, str, str]]:
    """The references in `entry` to ids that are not in `ids`: the path, the id and a message."""
    fields = vars(entry)  # pydantic is slow to look up a field that the class does not have
    documents: Iterable[_Reference] = (
        (("provisions", index, "document"), (EntryKind.EPISODE,), provision.document)
        for index, provision in enumerate(fields.get("provisions", ()))
    )
    return _unknown(chain(_references(entry.what, fields), documents), ids)


def unknown_in_faulty(
    what: EntryKind, raw: Mapping[str, Any], ids: Mapping[Key, Known]
) -> Iterator[tuple[Path, str, str]]:
    """The same for an entry that has other problems, from its plain values."""
    return _unknown(_references(what, raw), ids)


def _references(what: EntryKind, fields: Mapping[str, Any]) -> Iterator[_Reference]:
    for name, kinds in REFERENCES[what].items():
        value = fields.get(name)
        if isinstance(value, str) and is_slug(value):
            yield (name,), kinds, value
        elif isinstance(value, (list, tuple, dict)):
            slugs = (slug for slug in value if isinstance(slug, str) and is_slug(slug))
            yield from (((name, slug), kinds, slug) for slug in slugs)


def _unknown(found: Iterable[_Reference], ids: Mapping[Key, Known]) -> Iterator[tuple[Path, str, str]]:
    for path, kinds, slug in found:
        if not any((kind, slug) in ids for kind in kinds):
            word = {ITEMS: "item", ITEMS_AND_PACKAGES: "item or package"}.get(kinds, kinds[0])
            candidates = [name for kind, name in ids if kind in kinds]
            advice = messages.close(slug, candidates) or f"; {_HELP[kinds]}"
            if kinds == ITEMS and (EntryKind.PACKAGE, slug) in ids:
                advice = "; it is a package: name its items"
            yield path, slug, f"no {word} has the id {slug!r}{advice}"


def invalid(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    """The references in `entry` to existing ids that break a rule."""
    yield from _persons(entry, ids)
    yield from _voices(entry, ids)
    match entry:
        case ActorEntry(speaks_for=str(principal)):
            if _is_person(ids, principal):
                advice = f"name the actor that {entry.id} speaks for"
                yield ("speaks_for",), f"{principal} is a person, and nobody speaks for a person; {advice}"
        case ItemEntry():
            yield from _drafts(entry, ids)
        case ExtensionEntry():
            yield from _extended(entry, ids)
            yield from _drafts(entry, ids)
        case ResponseEntry():
            yield from _own_items(entry, ids)
            yield from _about_items(entry, ids)
        case OutcomeEntry():
            for _, message in _not_made_by(entry.on.end, entry.items, ids):
                yield ("on",), f"{message}; it cannot have had an outcome before that day"
        case _:
            return


def _persons(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    fields = vars(entry)
    for name in ("by", "to", "affects"):
        for slug in fields.get(name, ()):
            if _is_person(ids, slug):
                principal = ids[EntryKind.ACTOR, slug].speaks_for or "the actor"
                too = ", and the person as `speaker`" if name == "by" else ""
                yield (name, slug), f"{slug} is a person; name {principal} here{too}"


def _is_person(ids: Mapping[Key, Known], slug: str) -> bool:
    known = ids.get((EntryKind.ACTOR, slug))
    return known is not None and known.kind is ActorKind.PERSON


def _voices(entry: Entry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    fields = vars(entry)
    speaker, reporter, givers = fields.get("speaker"), fields.get("reported_by"), fields.get("by", ())
    known = ids.get((EntryKind.ACTOR, speaker)) if speaker else None
    # Without a kind, the actor is defined in this file by an entry that cannot be read.
    if known is not None and known.kind is not None:
        whole_side = fields.get("side")
        if known.kind is not ActorKind.PERSON:
            yield ("speaker",), f"{speaker} is not a person; only a person can be the speaker"
        elif not (known.speaks_for in givers or (not givers and whole_side and _side(ids, speaker) == whole_side)):
            yield ("speaker",), f"{speaker} speaks for {known.speaks_for or 'nobody'}, not for {_listed(givers)}"
    bases = {fields.get("basis"), *(detail.basis for detail in fields.get("stances", {}).values())}
    reporting_side = _side(ids, reporter)
    sides = {fields.get("side"), *(_side(ids, giver) for giver in givers)} - {None}
    if reporting_side is None or not sides:
        return
    if Basis.ALLEGED in bases:
        if reporting_side in sides:
            yield (
                ("reported_by",),
                f"{reporter} is on the same side as the actor; such an account is `reported`, not `alleged`",
            )
    elif Basis.REPORTED in bases and reporting_side not in sides:
        yield (
            ("reported_by",),
            f"{reporter} is on another side than the actor; such an account is `alleged`, not `reported`",
        )


def _side(ids: Mapping[Key, Known], actor: str | None) -> str | None:
    """The side of `actor`; for a person, that of the actor it speaks for."""
    known = ids.get((EntryKind.ACTOR, actor or ""))
    if known is None:
        return None
    return ids.get((EntryKind.ACTOR, known.speaks_for or ""), known).side


def _drafts(entry: ItemEntry | ExtensionEntry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    for index, provision in enumerate(entry.provisions):
        draft = ids.get((EntryKind.EPISODE, provision.document))
        if draft is not None and draft.kind not in {EpisodeKind.DRAFT, None}:
            yield ("provisions", index, "document"), f"{provision.document} is not a draft"


def _extended(entry: ExtensionEntry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    if (EntryKind.PACKAGE, entry.id) in ids and entry.content().keys() - {"id", "by", "items", "core"}:
        yield (), f"{entry.id} is a package; only `by`, `items` and `core` can be added to it"
    elif item(ids, entry.id) is not None and (entry.items or entry.core):
        yield (), f"{entry.id} is not a package; `items` and `core` cannot be added to it"


def _own_items(entry: ResponseEntry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    givers = set(entry.by)
    for slug in entry.stances:
        known = item(ids, slug)
        own = sorted(givers & known.makers) if known else []
        if known is not None and known.kind is ItemKind.DEMAND and own:
            yield (
                ("stances", slug),
                f"{_listed(own)} made this demand; use `repeats` to record that its maker insists on it",
            )
    for slug in entry.repeats:
        known = item(ids, slug)
        if known is not None and known.kind is not None and not givers & known.makers:
            unnamed = "an unnamed actor (`extends` can name the maker)"
            made_by = _listed(sorted(known.makers)) if known.makers else unnamed
            yield ("repeats", slug), f"only its maker can repeat it; this {known.kind} was made by {made_by}"


def _about_items(entry: ResponseEntry, ids: Mapping[Key, Known]) -> Iterator[Finding]:
    for name in ("stances", "repeats", "about"):
        for slug, message in _not_made_by(entry.said.end, getattr(entry, name), ids):
            yield (name, slug), f"{message}; nothing can have been said about it by {entry.said.end}"


def _not_made_by(day: date, slugs: Iterable[str], ids: Mapping[Key, Known]) -> Iterator[tuple[str, str]]:
    """The items among `slugs` that were made after `day`, each with a message."""
    for slug in slugs:
        known = item(ids, slug)
        if known is not None and known.made_from is not None and day < known.made_from:
            yield slug, f"{slug} was made on {known.made_from} at the earliest"


def _listed(slugs: Iterable[str]) -> str:
    return " or ".join(slugs) or "its side"
