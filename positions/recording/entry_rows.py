"""The database rows of an entry, as values by table and column; `apply` writes them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from positions.episode_file.schema import (
    ActorEntry,
    Entry,
    EpisodeEntry,
    ExtensionEntry,
    ItemEntry,
    OutcomeEntry,
    PackageEntry,
    ResponseEntry,
    SideEntry,
)
from positions.recording.changes import Added, Corrected
from positions.recording.known_ids import Known
from positions.vocabulary import FIRM, Basis, EntryKind, ItemKind, Key, LinkKind, Role

TABLES = {
    EntryKind.EPISODE: "episode",
    EntryKind.SIDE: "side",
    EntryKind.ACTOR: "actor",
    EntryKind.PACKAGE: "package",
    EntryKind.DEMAND: "item",
    EntryKind.OFFER: "item",
}
"""The table of each kind of entry that describes something; its rows are edited in place."""

TIES = {"item": ("item_actor", "item_link", "provision"), "package": ("package_maker", "package_item")}
"""By table: the tables of its ties to actors, items and drafts."""

BOOKKEEPING = frozenset({"id", "episode_id", "recorded_in", "retracted_in"})
"""Columns without content of the entry."""

_EXTENDABLE = (EntryKind.DEMAND, EntryKind.OFFER, EntryKind.PACKAGE)
_Rows = dict[str, list[dict[str, Any]]]


class Ids:
    """The row numbers of ids."""

    def __init__(self, known: Mapping[Key, Known]) -> None:
        self._rows = {key: known_id.row for key, known_id in known.items()}

    def add(self, what: EntryKind, slug: str, row: int) -> None:
        """Add the row of an id that is about to be recorded."""
        self._rows[what, slug] = row

    def row(self, what: EntryKind, slug: str) -> int:
        """The row of an existing id."""
        return self._rows[what, slug]

    def actor(self, slug: str | None) -> int | None:
        """The row of an actor; None for None."""
        return None if slug is None else self._rows[EntryKind.ACTOR, slug]

    def item(self, slug: str | None) -> int | None:
        """The row of a demand or an offer; None for None."""
        if slug is None:
            return None
        return self._rows.get((EntryKind.DEMAND, slug)) or self._rows[EntryKind.OFFER, slug]

    def extended(self, slug: str) -> tuple[EntryKind, int]:
        """The kind and the row of the item or package `slug`."""
        return next((what, self._rows[what, slug]) for what in _EXTENDABLE if (what, slug) in self._rows)


def in_order(described: Sequence[Added | Corrected]) -> Iterable[Added | Corrected]:
    """`described`, with persons after the actors that they speak for: their rows point to them."""
    return sorted(
        described, key=lambda change: isinstance(change.after, ActorEntry) and change.after.speaks_for is not None
    )


def description(entry: Entry, ids: Ids) -> dict[str, Any]:
    """The row of `entry`, without its number, episode and revision."""
    match entry:
        case EpisodeEntry():
            return {**_plain(entry), "slug": entry.id}
        case SideEntry():
            return {"slug": entry.id, "name": entry.name}
        case ActorEntry():
            side = None if entry.side is None else ids.row(EntryKind.SIDE, entry.side)
            speaks_for = ids.actor(entry.speaks_for)
            row = {"slug": entry.id, "kind": entry.kind, "name": entry.name, "role": entry.role}
            return {**row, "side_id": side, "speaks_for_id": speaks_for}
        case PackageEntry():
            row = {"title": entry.title, "core_quote": entry.core_quote}
            return {**_sourced(entry, ids), **row, "said_from": entry.said.start, "said_to": entry.said.end}
        case ItemEntry():
            return {
                **_sourced(entry, ids),
                **_translated(entry),
                "kind": ItemKind(entry.what.value),
                "side_id": None if entry.side is None else ids.row(EntryKind.SIDE, entry.side),
                "topic": entry.topic,
                "title": entry.title,
                "text": entry.text,
                "made_from": entry.made.start,
                "made_to": entry.made.end,
                "said_from": None if entry.said is None else entry.said.start,
                "said_to": None if entry.said is None else entry.said.end,
            }
        case _:
            raise TypeError(type(entry).__name__)


def ties(entry: Entry, ids: Ids) -> _Rows:
    """The rows of the ties of `entry` by table, without their number, item or package, episode and revision."""
    if isinstance(entry, PackageEntry) or (
        isinstance(entry, ExtensionEntry) and ids.extended(entry.id)[0] is EntryKind.PACKAGE
    ):
        return {
            "package_maker": [{"actor_id": ids.actor(slug)} for slug in entry.by],
            "package_item": [{"item_id": ids.item(slug), "core": slug in entry.core} for slug in entry.items],
        }
    if not isinstance(entry, (ItemEntry, ExtensionEntry)):
        return {}
    roles = ((Role.MAKER, entry.by), (Role.ADDRESSEE, entry.to), (Role.AFFECTED, entry.affects))
    links = (
        (LinkKind.ANSWERS, entry.answers),
        (LinkKind.ALTERNATIVE_TO, entry.alternative_to),
        (LinkKind.PART_OF, entry.part_of),
    )
    return {
        "item_actor": [{"actor_id": ids.actor(slug), "role": role} for role, slugs in roles for slug in slugs],
        "item_link": [{"kind": kind, **_target(slug, ids)} for kind, slugs in links for slug in slugs],
        "provision": [
            {"document_id": ids.row(EntryKind.EPISODE, provision.document), "article": provision.article}
            for provision in entry.provisions
        ],
    }


def statement(entry: Entry, ids: Ids, number: int, episode: int, sequence: int) -> _Rows:
    """The rows of a response or an outcome, by table, without revisions."""
    match entry:
        case ResponseEntry():
            return _response(entry, ids, number, episode, sequence)
        case OutcomeEntry():
            return _outcome(entry, ids, number, episode, sequence)
        case _:
            raise TypeError(type(entry).__name__)


def _response(entry: ResponseEntry, ids: Ids, number: int, episode: int, sequence: int) -> _Rows:
    said = {"said_from": entry.said.start, "said_to": entry.said.end}
    row = {"id": number, "episode_id": episode, "sequence": sequence, "venue": entry.venue}
    copied = {
        "response_id": number,
        "response_basis": entry.basis,
        "episode_id": episode,
        "sequence": sequence,
        **said,
    }
    return {
        "response": [{**row, **said, **_sourced(entry, ids), **_translated(entry)}],
        "response_actor": [{"response_id": number, "actor_id": ids.actor(slug)} for slug in entry.by],
        "stance": [
            {
                **copied,
                "actor_id": ids.actor(actor),
                "item_id": ids.item(slug),
                "kind": detail.stance,
                "wording": detail.wording,
                "condition": detail.condition,
                "quote": detail.quote,
                "basis": detail.basis,
                "firm": (detail.basis or entry.basis) in FIRM,
                "stated": (detail.basis or entry.basis) is Basis.STATED,
            }
            for slug, detail in entry.stances.items()
            for actor in entry.by
        ],
        "mention": [
            {
                "response_id": number,
                "item_id": ids.item(slug),
                "kind": detail.kind,
                "wording": detail.wording,
                "scope": getattr(detail, "scope", None),
                "quote": detail.quote,
            }
            for slug, detail in (*entry.repeats.items(), *entry.about.items())
        ],
    }


def _outcome(entry: OutcomeEntry, ids: Ids, number: int, episode: int, sequence: int) -> _Rows:
    row = {
        "id": number,
        "episode_id": episode,
        "sequence": sequence,
        "kind": entry.outcome,
        "in_part": entry.in_part,
        "superseded_by_id": ids.item(entry.superseded_by),
        "said_from": entry.on.start,
        "said_to": entry.on.end,
    }
    return {
        "outcome": [{**row, **_sourced(entry, ids), **_translated(entry)}],
        "outcome_item": [{"outcome_id": number, "item_id": ids.item(slug)} for slug in entry.items],
        "outcome_actor": [{"outcome_id": number, "actor_id": ids.actor(slug)} for slug in entry.by],
    }


def _plain(entry: EpisodeEntry) -> dict[str, Any]:
    plain = {name: getattr(entry, name) for name in type(entry).model_fields if name not in {"id", "published"}}
    first, last = entry.published.start, entry.published.end
    return {**plain, "published": last, "published_from": None if first == last else first}


def _sourced(entry: PackageEntry | ItemEntry | ResponseEntry | OutcomeEntry, ids: Ids) -> dict[str, Any]:
    return {
        "slug": entry.id,
        "speaker_id": ids.actor(entry.speaker),
        "reported_by_id": ids.actor(entry.reported_by),
        "basis": entry.basis,
        "quote": entry.quote,
        "summary": entry.summary,
        "url": entry.url,
    }


def _translated(entry: ItemEntry | ResponseEntry | OutcomeEntry) -> dict[str, Any]:
    return {"language": entry.language, "translation": entry.translation}


def _target(slug: str, ids: Ids) -> dict[str, int | None]:
    what, row = ids.extended(slug)
    is_package = what is EntryKind.PACKAGE
    return {"to_item_id": None if is_package else row, "to_package_id": row if is_package else None}
