"""Making the entries of an episode file from a table with one position in each row.

Rows with the same actors, days, words, speaker and basis become one response. What the record knows, by its id, name or
title, is referred to; anything else becomes a new entry. Every entry that needs a look says why: new ones, and those
that `record` would refuse.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, FromClause, select

from positions import models
from positions.episode_file import messages, rules
from positions.episode_file.fields import forbidden
from positions.episode_file.schema import SECTIONS, EpisodeEntry
from positions.errors import SheetError
from positions.recording.additions import slug
from positions.recording.sheet_rows import Row, Table, plain
from positions.vocabulary import SLUG_LENGTH, ActorKind, Basis, ItemKind, StanceKind, is_slug

_OF_RESPONSE = ("speaker", "venue", "reported_by", "basis", "quote", "summary", "url", "language")
_MAX_PROBLEMS = 50
_SUFFIX_LENGTH = 5  # room for a number that makes an id unique
_Values = dict[str, Any]


@dataclass(slots=True)
class Drafted:
    """An entry as plain values, and what a person should look at."""

    values: _Values
    look: list[str] = field(default_factory=list)


def entries(connection: Connection, table: Table, episode: EpisodeEntry) -> dict[str, list[Drafted]]:
    """The entries that the rows of `table` give for `episode`, by section of its file.

    Raises:
        SheetError: cells cannot be read; the message names all of them.
    """
    maker = _Maker(_Known.read(connection), episode)
    problems = [f"{table.name}: row {row.number}, {message}" for row in table.rows for message in maker.add(row)]
    if problems:
        more = [f"… and {len(problems) - _MAX_PROBLEMS} more"] if len(problems) > _MAX_PROBLEMS else []
        raise SheetError("\n".join([*problems[:_MAX_PROBLEMS], *more]), "Correct the table, and draft it again.")
    return maker.finished()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the record holds: ids by id and by name or title, as `plain` compares them."""

    actors: Mapping[str, str]
    items: Mapping[str, str]
    sides: Mapping[str, str]
    speaks_for: Mapping[str, str]
    """By person: the actor that the person speaks for."""
    packages: frozenset[str]
    """Ids that no item can have."""

    @classmethod
    def read(cls, connection: Connection) -> "_Known":
        principal = models.actor.alias()
        persons = (
            select(models.actor.c.slug, principal.c.slug)
            .join(principal, principal.c.id == models.actor.c.speaks_for_id)
            .where(models.actor.c.retracted_in.is_(None), models.actor.c.kind == ActorKind.PERSON)
        )
        return cls(
            _by_name(connection, models.actor),
            _by_name(connection, models.item),
            _by_name(connection, models.side),
            dict(connection.execute(persons).all()),
            frozenset(connection.scalars(select(models.package.c.slug))),
        )


def _by_name(connection: Connection, table: FromClause) -> dict[str, str]:
    """The ids in `table` by id and by name; a name that several have is not among them."""
    name = table.c.name if "name" in table.c else table.c.title
    held = connection.execute(select(table.c.slug, name).where(table.c.retracted_in.is_(None))).all()
    named: dict[str, set[str]] = defaultdict(set)
    for known, text in held:
        named[plain(text)].add(known)
    unique = {text: next(iter(ids)) for text, ids in named.items() if len(ids) == 1 and text}
    return unique | {plain(known): known for known, _ in held}


class _Maker:
    """Makes the entries, row by row."""

    def __init__(self, known: _Known, episode: EpisodeEntry) -> None:
        self._known = known
        self._episode = episode
        self._actors: dict[str, Drafted] = {}
        self._items: dict[str, tuple[ItemKind, Drafted]] = {}
        self._responses: dict[tuple[Any, ...], Drafted] = {}
        self._rows: dict[tuple[Any, ...], int] = {}
        self._ids = {*known.packages, *known.actors.values(), *known.items.values()}

    def add(self, row: Row) -> list[str]:
        """Take up a row; returns what is wrong with its cells, in which case nothing is taken up."""
        problems = [
            f"{name}: the character U+{ord(character):04X} is not allowed; remove it"
            for name, cell in row.cells.items()
            if (character := forbidden(cell)) is not None
        ]
        problems += [f"{name}: is empty" for name in ("actor", "item") if not row.several(name)]
        checks: dict[str, Callable[[], object]] = {
            "stance": lambda: row.word("stance", StanceKind, StanceKind.OPEN),
            "basis": lambda: row.word("basis", Basis, Basis.REPORTED),
            "kind": lambda: row.word("kind", ItemKind, ItemKind.DEMAND),
            "said": lambda: row.said(self._episode.published),
        }
        for name, check in checks.items():
            try:
                check()
            except ValueError as error:
                problems.append(f"{name}: {error}")
        return problems or self._add(row)

    def _add(self, row: Row) -> list[str]:
        response, key = self._response(row)
        item = self._item(row)
        stance = {"stance": str(row.word("stance", StanceKind, StanceKind.OPEN))}
        stance |= {name: row.get(name) for name in ("wording", "condition") if row.get(name)}
        stances = response.values["stances"]
        if stances.setdefault(item, stance) != stance:
            return [f"stance: another than in row {self._rows[*key, item]}, for the same actor, item, days and words"]
        self._rows.setdefault((*key, item), row.number)
        return []

    def finished(self) -> dict[str, list[Drafted]]:
        """The entries by section; each says what `record` would refuse."""
        sections = {
            "actors": list(self._actors.values()),
            "demands": [item for kind, item in self._items.values() if kind is ItemKind.DEMAND],
            "offers": [item for kind, item in self._items.values() if kind is ItemKind.OFFER],
            "responses": list(self._responses.values()),
        }
        for section, entries in sections.items():
            for entry in entries:
                entry.look += _problems(section, entry.values, self._episode)
        return sections

    def _response(self, row: Row) -> tuple[Drafted, tuple[Any, ...]]:
        said = str(row.said(self._episode.published))
        values: _Values = {name: row.get(name) for name in _OF_RESPONSE if row.get(name)}
        by = self._parties(row, "actor")
        if (person := self._actor(row.several("actor")[0], row)) in self._known.speaks_for:
            values.setdefault("speaker", person)
        values["basis"] = str(row.word("basis", Basis, Basis.REPORTED))
        if "speaker" in values:
            values["speaker"] = self._actor(values["speaker"], row, speaks_for=by[0])
        if "reported_by" in values:
            values["reported_by"] = self._actor(values["reported_by"], row)
        if values.get("url") == self._episode.url:
            values.pop("url", None)
        key = (row.get("response"), *by, said, *(values.get(name) for name in _OF_RESPONSE))
        if key not in self._responses:
            given = row.get("response") if is_slug(row.get("response")) else ""
            new = self._unique(given or slug(f"{values.get('speaker', by[0])}-{said}"), "response")
            look = [] if row.get("basis") else [f"basis: row {row.number} does not say it; one of {', '.join(Basis)}"]
            if self._known.speaks_for.get(values.get("speaker", ""), by[0]) not in by:
                look.append(f"speaker: {values['speaker']} speaks for {self._known.speaks_for[values['speaker']]}")
            self._responses[key] = Drafted({"id": new, "by": by, "said": said, **values, "stances": {}}, look)
        return self._responses[key], key

    def _parties(self, row: Row, name: str) -> list[str]:
        """The actors in a cell, sorted; for a person, the actor for whom that person speaks."""
        actors = {self._actor(part, row) for part in row.several(name)}
        return sorted({self._known.speaks_for.get(actor, actor) for actor in actors})

    def _actor(self, name: str, row: Row, *, speaks_for: str | None = None) -> str:
        """The id of an actor or, with `speaks_for`, of a person; new ones are made."""
        key = plain(name)
        if key in self._known.actors:
            return self._known.actors[key]
        if key not in self._actors:
            kind = ActorKind.STATE if speaks_for is None else ActorKind.PERSON
            values = {"id": self._unique(slug(name), "actor"), "kind": str(kind), "name": name}
            if speaks_for is not None:
                values["speaks_for"] = speaks_for
            self._actors[key] = Drafted(values, [f"new {kind} made from row {row.number}: kind, side, name"])
        return str(self._actors[key].values["id"])

    def _item(self, row: Row) -> str:
        name = row.get("item")
        key = plain(name)
        if key in self._known.items:
            return self._known.items[key]
        said = row.said(self._episode.published)
        if key not in self._items:
            kind = row.word("kind", ItemKind, ItemKind.DEMAND)
            values = {"id": self._unique(slug(name), "item"), **self._item_values(row)}
            look = f"new {kind} made from row {row.number}: who made it, to whom, when, in which words"
            self._items[key] = kind, Drafted(values, [look])
        values = self._items[key][1].values
        values["made"] = min(values.get("made", f"../{said.end}"), f"../{said.end}")
        return str(values["id"])

    def _item_values(self, row: Row) -> _Values:
        makers = self._parties(row, "maker")
        to = self._parties(row, "to") or [actor for actor in self._parties(row, "actor") if actor not in makers]
        values: _Values = {"by": makers or None, "to": to, "topic": slug(row.get("topic")) or None}
        side = self._known.sides.get(plain(row.get("side")))
        if not makers and side is not None:
            del values["by"]
            values["side"] = side
        title = row.get("title") or row.get("item")
        values |= {"title": title, "basis": str(Basis.REPORTED), "summary": title}
        if row.get("url") not in {"", self._episode.url}:
            values["url"] = row.get("url")
        return values

    def _unique(self, stem: str, what: str) -> str:
        """An id made of `stem`, or of `what` where that has no Latin letters, that no entry has yet."""
        stem = (stem or what)[: SLUG_LENGTH - _SUFFIX_LENGTH].rstrip("-")
        names = chain([stem], (f"{stem}-{number}" for number in count(2)))
        unique = next(name for name in names if name not in self._ids)
        self._ids.add(unique)
        return unique


def _problems(section: str, values: _Values, episode: EpisodeEntry) -> Iterator[str]:
    """What `record` would say of an entry: of its fields, or else of the rules between them."""
    try:
        given = {name: value for name, value in values.items() if value is not None}
        entry = SECTIONS[section].model_validate(given, context={"published": episode.published.end})
    except ValidationError as error:
        yield from _shown((path, message) for path, message, _ in messages.problems(error))
    else:
        yield from _shown(rules.problems(entry, episode))


def _shown(found: Iterable[tuple[tuple[str | int, ...], str]]) -> Iterator[str]:
    for path, message in found:
        yield f"{messages.path(path)}: {message}" if path else message
