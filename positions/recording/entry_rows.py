"""The database rows of an entry, as values by table and column; `apply` writes them."""

from collections.abc import Mapping
from typing import Any

from positions.episode_file.schema import (
    Entry,
    EpisodeEntry,
    ExtensionEntry,
    ItemEntry,
    OutcomeEntry,
    PackageEntry,
    ResponseEntry,
)
from positions.recording.references import ACTORS, ITEMS, ITEMS_AND_PACKAGES, REFERENCES
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


_COLUMNS = {"id": "slug", "outcome": "kind"}
"""The column of each field that has another name."""

_DAYS = {"made": "made", "said": "said", "on": "said"}
"""By field with days: how the names of its two columns begin."""

Rows = dict[str, list[dict[str, Any]]]

Ids = Mapping[Key, int]
"""The row number of each id."""


def number_of(ids: Ids, slug: str, *kinds: EntryKind) -> int:
    """The row number of the existing id `slug` of one of `kinds`."""
    for kind in kinds:
        if (kind, slug) in ids:
            return ids[kind, slug]
    raise KeyError(slug)


def is_package(ids: Ids, slug: str) -> bool:
    """Whether `slug`, the id of an item or a package, is that of a package."""
    return not any((kind, slug) in ids for kind in ITEMS)


def description(entry: Entry, ids: Ids) -> dict[str, Any]:
    """The row of `entry`, which is no statement, without its number, episode and revision."""
    row = _columns(entry, ids)
    if isinstance(entry, EpisodeEntry):
        first, last = entry.published.start, entry.published.end
        return {**row, "published": last, "published_from": None if first == last else first}
    return {**row, "kind": ItemKind(entry.what.value)} if isinstance(entry, ItemEntry) else row


def _columns(entry: Entry, ids: Ids) -> dict[str, Any]:
    """The fields of `entry` as columns of its table, without those that have several values."""
    row: dict[str, Any] = {}
    kinds = REFERENCES[entry.what]
    for name, value in vars(entry).items():
        if name in _DAYS:
            row[f"{_DAYS[name]}_from"] = None if value is None else value.start
            row[f"{_DAYS[name]}_to"] = None if value is None else value.end
        elif isinstance(value, (tuple, dict)):
            continue
        elif name in kinds:
            row[f"{name}_id"] = None if value is None else number_of(ids, value, *kinds[name])
        else:
            row[_COLUMNS.get(name, name)] = value
    return row


def ties(entry: Entry, ids: Ids) -> Rows:
    """The rows of the ties of `entry` by table, without their number, item or package, episode and revision."""
    if isinstance(entry, PackageEntry) or (isinstance(entry, ExtensionEntry) and is_package(ids, entry.id)):
        return {
            "package_maker": [{"actor_id": number_of(ids, slug, *ACTORS)} for slug in entry.by],
            "package_item": [
                {"item_id": number_of(ids, slug, *ITEMS), "core": slug in entry.core} for slug in entry.items
            ],
        }
    assert isinstance(entry, (ItemEntry, ExtensionEntry))
    roles = ((Role.MAKER, entry.by), (Role.ADDRESSEE, entry.to), (Role.AFFECTED, entry.affects))
    return {
        "item_actor": [
            {"actor_id": number_of(ids, slug, *ACTORS), "role": role} for role, slugs in roles for slug in slugs
        ],
        "item_link": [{"kind": kind, **_target(slug, ids)} for kind in LinkKind for slug in getattr(entry, kind)],
        "provision": [
            {"document_id": number_of(ids, provision.document, EntryKind.EPISODE), "article": provision.article}
            for provision in entry.provisions
        ],
    }


def _target(slug: str, ids: Ids) -> dict[str, int | None]:
    number, to_package = number_of(ids, slug, *ITEMS_AND_PACKAGES), is_package(ids, slug)
    return {"to_item_id": None if to_package else number, "to_package_id": number if to_package else None}


def statement(entry: Entry, ids: Ids, number: int, episode: int, sequence: int) -> Rows:
    """The rows of a response or an outcome, by table, without revisions."""
    assert isinstance(entry, (ResponseEntry, OutcomeEntry))
    row = {"id": number, "episode_id": episode, "sequence": sequence, **_columns(entry, ids)}
    part = {f"{entry.what}_id": number}
    actors = [{**part, "actor_id": number_of(ids, slug, *ACTORS)} for slug in entry.by]
    if isinstance(entry, OutcomeEntry):
        items = [{**part, "item_id": number_of(ids, slug, *ITEMS)} for slug in entry.items]
        return {"outcome": [row], "outcome_actor": actors, "outcome_item": items}
    copied = {name: row[name] for name in ("episode_id", "sequence", "said_from", "said_to")}
    return {
        "response": [row],
        "response_actor": actors,
        "stance": [
            {
                **part,
                **copied,
                "response_basis": entry.basis,
                "actor_id": number_of(ids, actor, *ACTORS),
                "item_id": number_of(ids, slug, *ITEMS),
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
                **part,
                "item_id": number_of(ids, slug, *ITEMS),
                "kind": detail.kind,
                "wording": detail.wording,
                "scope": getattr(detail, "scope", None),
                "quote": detail.quote,
            }
            for slug, detail in (*entry.repeats.items(), *entry.about.items())
        ],
    }
