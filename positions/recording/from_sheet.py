"""Making the entries of an episode file from a table with one position in each row.

Rows with the same actors, days, words, speaker and basis become one response. What the record knows, by its id, name or
title, is referred to; anything else becomes a new entry. Every entry that needs a look says why: new ones, and those
that `record` would refuse.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, count
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, FromClause, select

from positions import dates, models
from positions.dates import Span
from positions.episode_file import messages, rules
from positions.episode_file.fields import forbidden, quoted, shortened
from positions.episode_file.schema import SECTIONS, EpisodeEntry
from positions.errors import SheetError
from positions.recording.additions import slug
from positions.safe_text import in_one_line
from positions.sheets import Sheet
from positions.vocabulary import SLUG_LENGTH, ActorKind, Basis, ItemKind, StanceKind, is_slug

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "actor": ("by", "party", "who", "country"),
    "item": ("issue", "demand", "offer", "proposal"),
    "stance": ("position", "answer"),
    "said": ("date", "day", "when", "on", "said on"),
    "said_from": ("last from",),
    "said_to": ("last to",),
    "quote": ("quotation", "words"),
    "speaker": ("said by", "person", "spokesperson"),
    "basis": (),
    "wording": ("label",),
    "condition": ("conditions", "terms"),
    "summary": ("paraphrase",),
    "url": ("link", "address", "source"),
    "venue": ("place", "where"),
    "reported_by": (),
    "language": (),
    "response": ("response id",),
    "kind": ("type", "item kind"),
    "title": ("item title",),
    "topic": ("subject", "matter"),
    "maker": ("made by", "demanded by", "proposed by"),
    "side": (),
    "to": ("addressee", "addressees"),
}
"""What a column can contain, with other names of such a column; case, spaces and underscores make no difference."""

_NECESSARY = ("actor", "item", "stance", "said")
_OF_RESPONSE = ("speaker", "venue", "reported_by", "basis", "quote", "summary", "url", "language")
_MAX_PROBLEMS, _MAX_LISTED = 50, 12
_SUFFIX_LENGTH = 5  # room for a number that makes an id unique
_Word = TypeVar("_Word", bound=StrEnum)
_Values = dict[str, Any]


@dataclass(slots=True)
class Drafted:
    """An entry as plain values, and what a person should look at."""

    values: _Values
    look: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number in the file, and its cells by field."""

    number: int
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        """The cell of a field; empty if the table does not have it."""
        return self.cells.get(name, "")

    def several(self, name: str) -> list[str]:
        """The parts of a cell with several names, separated by semicolons."""
        return [part for part in map(str.strip, self.get(name).split(";")) if part]

    def word(self, name: str, words: type[_Word], default: _Word) -> _Word:
        """The word of an enumeration, in whichever case, with or without hyphens; `default` for an empty cell.

        Raises:
            ValueError: it is none of them.
        """
        text = _bare(self.get(name))
        found = [word for word in words if _bare(word) == text]
        if text and not found:
            raise ValueError(f"{quoted(self.get(name))} is none of {', '.join(words)}")
        return found[0] if found else default

    def said(self, published: Span) -> Span:
        """The days on which it was said, up to the day of publication.

        Raises:
            ValueError: the cells have no days.
        """
        first, last = self.get("said") or self.get("said_from"), self.get("said_to")
        if not (first or last):
            raise ValueError("is empty; give the day, the month, or the days between which it was said")
        if self.get("said") or not (first and last):
            return dates.parse_any(first or last).capped(published.end)
        return Span(dates.parse_any(first).since, dates.parse_any(last).end).capped(published.end)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table that have a stance, and what became of the rest of it."""

    name: str
    rows: Sequence[Row]
    notes: Sequence[str]

    @property
    def url(self) -> str | None:
        """The address of all rows that have one; None if there are several or none."""
        found = {row.get("url") for row in self.rows if row.get("url")}
        return found.pop() if len(found) == 1 else None


def table(sheet: Sheet, columns: Mapping[str, str]) -> Table:
    """The rows of `sheet` by field; `columns` names the field of some columns, others are recognised by their names.

    Raises:
        SheetError: a necessary column is missing, or no row has a stance.
    """
    fields = _fields(sheet, columns)
    rows = [Row(number, {name: cells[index] for name, index in fields.items()}) for number, cells in sheet.rows]
    notes = []
    if unused := [column for index, column in enumerate(sheet.columns) if column and index not in fields.values()]:
        notes.append(f"Columns that were not used: {_listed(unused)}. `--map COLUMN=FIELD` uses one.")
    if without := [str(row.number) for row in rows if not row.get("stance")]:
        notes.append(f"Left out, because they have no stance: row{'s' if without[1:] else ''} {_listed(without)}.")
    if len(without) == len(rows):
        raise SheetError(f"{sheet.name} has no row with a stance", f"A stance is one of {', '.join(StanceKind)}.")
    if sheet.unread:
        notes.append(f"Only the first sheet was read, not {_listed(sheet.unread)}.")
    return Table(sheet.name, [row for row in rows if row.get("stance")], notes)


def _listed(names: Sequence[str]) -> str:
    shown = [in_one_line(shortened(name)) for name in names[:_MAX_LISTED]]
    return ", ".join([*shown, "…"] if len(names) > _MAX_LISTED else shown)


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


def _fields(sheet: Sheet, mapped: Mapping[str, str]) -> dict[str, int]:
    """The index of the column for each field: as mapped, else by the field's own name, else by another name for it.

    Raises:
        SheetError: a necessary field has no column, or there is no column that is mapped.
    """
    plain = [_plain(column) for column in sheet.columns]
    found = _listed([column for column in sheet.columns if column])
    fields: dict[str, int] = {}
    for column, name in mapped.items():
        if _plain(column) not in plain:
            raise SheetError(f"{sheet.name} has no column {quoted(column)}", f"Its columns: {found}.")
        fields[name] = plain.index(_plain(column))
    names = chain(((name, name) for name in FIELDS), ((name, other) for name in FIELDS for other in FIELDS[name]))
    for name, column in names:
        index = plain.index(_plain(column)) if _plain(column) in plain else None
        if index is not None and name not in fields and index not in fields.values():
            fields[name] = index
    missing = [name for name in _NECESSARY if name not in fields and not (name == "said" and "said_to" in fields)]
    if missing:
        hint = f"Its columns: {found}. `--map COLUMN={missing[0]}` names the one that has it."
        raise SheetError(f"{sheet.name} has no column for {', '.join(missing)}", hint)
    return fields


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the record holds: ids by id, by name or title, and by the id that would be made of these."""

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
        named[_plain(text)].add(known)
        named[slug(text)].add(known)
    unique = {text: next(iter(ids)) for text, ids in named.items() if len(ids) == 1 and text}
    return unique | {_plain(known): known for known, _ in held} | {known: known for known, _ in held}


class _Maker:
    """Makes the entries, row by row."""

    def __init__(self, known: _Known, episode: EpisodeEntry) -> None:
        self._known = known
        self._episode = episode
        self._actors: dict[str, Drafted] = {}
        self._items: dict[str, tuple[ItemKind, Drafted]] = {}
        self._responses: dict[tuple[Any, ...], Drafted] = {}
        self._rows: dict[tuple[Any, ...], int] = {}
        self._ids = set(known.packages)

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
            self._responses[key] = Drafted({"id": new, "by": by, "said": said, **values, "stances": {}}, look)
        return self._responses[key], key

    def _parties(self, row: Row, name: str) -> list[str]:
        """The actors in a cell, sorted; for a person, the actor for whom that person speaks."""
        actors = {self._actor(part, row) for part in row.several(name)}
        return sorted({self._known.speaks_for.get(actor, actor) for actor in actors})

    def _actor(self, name: str, row: Row, *, speaks_for: str | None = None) -> str:
        """The id of an actor or, with `speaks_for`, of a person; new ones are made."""
        key = slug(name) or _plain(name)
        known = self._known.actors.get(_plain(name)) or self._known.actors.get(key)
        if known is not None:
            return known
        if key not in self._actors:
            kind = ActorKind.STATE if speaks_for is None else ActorKind.PERSON
            values = {"id": self._unique(slug(name), "actor"), "kind": str(kind), "name": name}
            if speaks_for is not None:
                values["speaks_for"] = speaks_for
            self._actors[key] = Drafted(values, [f"new {kind} made from row {row.number}: kind, side, name"])
        return str(self._actors[key].values["id"])

    def _item(self, row: Row) -> str:
        name = row.get("item")
        key = slug(name) or _plain(name)
        known = self._known.items.get(_plain(name)) or self._known.items.get(key)
        if known is not None:
            return known
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
        side = self._known.sides.get(_plain(row.get("side")))
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
