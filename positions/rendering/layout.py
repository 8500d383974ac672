"""The blocks of an answer, independent of its output format: headings, tables, lists, fields, notes.

Text is made of pieces whose `Style` says what they mean, not how they look.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from positions.safe_text import in_one_line, visible
from positions.vocabulary import StanceKind

_Row = TypeVar("_Row")

NOTHING = "–"
"""Shown where nothing is recorded; it never stands for a stance."""


class Style(StrEnum):
    """The meaning of a piece of text; each output format decides on its look."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    NON_STARTER = "non-starter"
    NEGOTIABLE = "negotiable"
    OPEN = "open"
    ADDED = "added"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one style without line breaks, which become spaces; control characters are written out."""

    text: str
    style: Style = Style.PLAIN

    def __post_init__(self) -> None:
        if not self.text.isprintable():  # most text is, and needs no copy
            lines = " ".join(self.text.split()) if "\n" in self.text or "\t" in self.text else self.text
            object.__setattr__(self, "text", visible(lines))


Line = tuple[Piece, ...]
"""The pieces of one line."""

Cell = tuple[Line, ...]
"""The lines of one table cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, minimum width, and share of the remaining width (0: none)."""

    heading: str
    min_width: int
    share: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "heading", in_one_line(self.heading))


@dataclass(frozen=True, slots=True)
class TextTable:
    """Rows under headings.

    On a terminal, the first `grouped` cells are left empty if they equal those of the row above, and rows are separated
    by empty lines unless the table is `dense`.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    grouped: int = 0
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above other blocks."""

    line: Line


@dataclass(frozen=True, slots=True)
class ListItem:
    """A line of a list, at nesting level `depth`."""

    line: Line
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A list of names with their values."""

    pairs: Sequence[tuple[str, Cell]]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about the answer: how recent it is, what it omits, why it is empty."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", visible(self.text))


Block = TextTable | Heading | ListItem | Gap | Fields | Note


@dataclass(frozen=True, slots=True)
class Page:
    """The whole answer to one question."""

    blocks: Sequence[Block]


def table(
    rows: Sequence[_Row],
    *columns: tuple[Column, Callable[[_Row], Cell]],
    grouped: int = 0,
    dense: bool = False,
) -> TextTable:
    """A table of `rows`; each column comes with a function from a row to its cell."""
    cells = [tuple(make(row) for _, make in columns) for row in rows]
    return TextTable([column for column, _ in columns], cells, grouped, dense)


def line(*parts: str | Piece | None) -> Line:
    """A line of `parts`, ignoring those that are None or empty."""
    return tuple(part if isinstance(part, Piece) else Piece(part) for part in parts if part)


def heading(*parts: str | Piece) -> Heading:
    """A heading made of `parts`."""
    return Heading(line(*parts))


def cell(*lines: str | Piece | Line | None) -> Cell:
    """A cell of `lines`, ignoring those that are None or empty; a dash if none remains."""
    kept = tuple(part if isinstance(part, tuple) else line(part) for part in lines if part)
    return kept or ((Piece(NOTHING, Style.QUIET),),)


def quiet(text: str | None) -> Piece | None:
    """De-emphasized `text`; None if it is None or empty."""
    return Piece(text, Style.QUIET) if text else None


def strong(text: str) -> Piece:
    """Emphasized `text`."""
    return Piece(text, Style.STRONG)


def stance(kind: StanceKind | None) -> Piece:
    """A stance in its style; a dash for None."""
    return Piece(NOTHING, Style.QUIET) if kind is None else Piece(kind.value, Style(kind.value))


def line_text(pieces: Line) -> str:
    """The text of a line, without its styles."""
    return "".join(piece.text for piece in pieces)
