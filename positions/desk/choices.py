"""What can be picked: actors, persons, sides, items, packages and topics that the database or the file itself holds."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection, FromClause, select

from positions import models
from positions.desk.document import Document
from positions.queries import ids
from positions.recording import references
from positions.recording.references import Known
from positions.safe_text import visible
from positions.vocabulary import ActorKind, Basis, EntryKind, Key

ACTOR, PERSON, SIDE, ITEM, PACKAGE, TOPIC = "actor", "person", "side", "item", "package", "topic"
"""The kinds of what can be picked; a person is picked as a speaker, and every other actor as an actor."""

_TABLES: dict[str, tuple[FromClause, str]] = {
    ACTOR: (models.actor, "name"),
    PERSON: (models.actor, "name"),
    SIDE: (models.side, "name"),
    ITEM: (models.item, "title"),
    PACKAGE: (models.package, "title"),
}
_SECTIONS = {"actors": ACTOR, "sides": SIDE, "demands": ITEM, "offers": ITEM, "packages": PACKAGE}


@dataclass(frozen=True, slots=True)
class Choice:
    """An id, what people read for it, and a remark: the kind of an actor or item."""

    id: str
    name: str
    note: str = ""
    by: tuple[str, ...] = ()
    """The makers of an item."""
    speaks_for: str = ""
    """The actor that a person speaks for, if that is known."""


class Choices:
    """By kind, what the database and the file hold; the file's own come first."""

    def __init__(self, connection: Connection) -> None:
        known = references.known(connection)
        self._recorded = {kind: list(_recorded(connection, kind, known)) for kind in _TABLES}
        self._topics = ids.listed(connection, "topic")
        self.taken: Collection[str] = {choice.id for found in self._recorded.values() for choice in found}

    def of(self, document: Document) -> dict[str, list[Choice]]:
        """The choices of each kind, without repetitions."""
        found: dict[str, dict[str, Choice]] = {kind: {} for kind in (*_TABLES, TOPIC)}
        for section, kind in _SECTIONS.items():
            for entry in document.get(section, ()):
                one = PERSON if kind == ACTOR and entry.get("kind") == ActorKind.PERSON else kind
                name, slug = entry.get("name") or entry.get("title"), str(entry.get("id"))
                note = f"{entry.get('kind') or section.removesuffix('s')}, here"
                found[one][slug] = Choice(
                    slug, str(name or slug), note, _texts(entry.get("by")), str(entry.get("speaks_for") or "")
                )
                if isinstance(topic := entry.get("topic"), str):
                    found[TOPIC][topic] = Choice(topic, topic)
        for kind, choices in self._recorded.items():
            found[kind] = {**found[kind], **{one.id: one for one in choices if one.id not in found[kind]}}
        found[TOPIC] |= {topic: Choice(topic, topic) for topic in self._topics}
        return {kind: list(choices.values()) for kind, choices in found.items()}


def plain(choices: dict[str, list[Choice]]) -> dict[str, list[dict[str, Any]]]:
    """The choices for the page's script."""
    found = {kind: [asdict(choice) for choice in listed] for kind, listed in choices.items()}
    for choice in chain.from_iterable(found.values()):
        choice["name"] = visible(choice["name"])
    return found | {"basis": [asdict(Choice(basis, basis)) for basis in Basis]}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _recorded(connection: Connection, kind: str, known: Mapping[Key, Known]) -> Iterator[Choice]:
    table, name = _TABLES[kind]
    columns = table.c
    described = columns.kind if "kind" in columns else columns.slug
    query = select(columns.slug, columns[name], described).where(columns.retracted_in.is_(None)).order_by(columns.slug)
    if kind in {ACTOR, PERSON}:
        is_person = columns.kind == ActorKind.PERSON
        query = query.where(is_person if kind == PERSON else ~is_person)
    for slug, title, remark in connection.execute(query):
        note = str(remark) if "kind" in columns else ""
        actor, item = known.get((EntryKind.ACTOR, slug)), references.item(known, slug)
        makers = tuple(sorted(item.makers)) if kind == ITEM and item else ()
        yield Choice(slug, title, note, makers, (actor.speaks_for or "") if kind == PERSON and actor else "")
