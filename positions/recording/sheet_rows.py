"""The rows of a spreadsheet by what they say of a position: which column is which, and what its cells may contain."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Final, TypeVar

from positions import dates
from positions.dates import Span
from positions.episode_file.fields import quoted, shortened
from positions.errors import SheetError
from positions.safe_text import in_one_line
from positions.sheets import Sheet
from positions.vocabulary import StanceKind

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
_MAX_LISTED = 12
_Word = TypeVar("_Word", bound=StrEnum)


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


def _fields(sheet: Sheet, mapped: Mapping[str, str]) -> dict[str, int]:
    """The index of the column for each field: as mapped, else by the field's own name, else by another name for it.

    Raises:
        SheetError: a necessary field has no column, or there is no column that is mapped.
    """
    names = [plain(column) for column in sheet.columns]
    found = _listed([column for column in sheet.columns if column])
    fields: dict[str, int] = {}
    for column, name in mapped.items():
        if plain(column) not in names:
            raise SheetError(f"{sheet.name} has no column {quoted(column)}", f"Its columns: {found}.")
        fields[name] = names.index(plain(column))
    known = chain(((name, name) for name in FIELDS), ((name, other) for name in FIELDS for other in FIELDS[name]))
    for name, column in known:
        index = names.index(plain(column)) if plain(column) in names else None
        if index is not None and name not in fields and index not in fields.values():
            fields[name] = index
    missing = [name for name in _NECESSARY if name not in fields and not (name == "said" and "said_to" in fields)]
    if missing:
        hint = f"Its columns: {found}. `--map COLUMN={missing[0]}` names the one that has it."
        raise SheetError(f"{sheet.name} has no column for {', '.join(missing)}", hint)
    return fields


def plain(text: str) -> str:
    """`text` as names are compared: in lowercase, with single blanks instead of other signs."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()
