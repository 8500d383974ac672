"""The blocks that an answer consists of, before it is drawn: headings, tables, lists, fields, notes.

Text comes in pieces that say what they mean (`Style`), not how they look.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from positions.safe_text import in_one_line, visible
from positions.vocabulary import StanceKind

_Row = TypeVar("_Row")

NOTHING = "–"
"""Shown where nothing is recorded. Never the word for a stance."""


class Style(StrEnum):
    """What a piece of text means; each output form has its own look for it."""

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
    """A run of text in one style, on one line: line breaks become spaces, control characters become visible."""

    text: str
    style: Style = Style.PLAIN

    def __post_init__(self) -> None:
        if not self.text.isprintable():
            lines = " ".join(self.text.split()) if "\n" in self.text or "\t" in self.text else self.text
            object.__setattr__(self, "text", visible(lines))


Line = tuple[Piece, ...]
"""Pieces side by side."""

Cell = tuple[Line, ...]
"""Lines, one below the other."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, minimum width, and share of the width that is left over (0: none)."""

    heading: str
    least: int
    share: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "heading", in_one_line(self.heading))


@dataclass(frozen=True, slots=True)
class TextTable:
    """Rows under headings.

    A terminal shows the first `grouped` cells only where they differ from the row above, and separates the rows by
    empty lines unless the table is `dense`.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    grouped: int = 0
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that introduces what follows."""

    line: Line


@dataclass(frozen=True, slots=True)
class ListItem:
    """A line of a list, `depth` levels deep."""

    line: Line
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Names with their values."""

    pairs: Sequence[tuple[str, Cell]]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on the answer: how recent it is, what it leaves out, why it is empty."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", visible(self.text))


Block = TextTable | Heading | ListItem | Gap | Fields | Note


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that is shown for one question."""

    blocks: Sequence[Block]


def table(
    rows: Sequence[_Row],
    *columns: tuple[Column, Callable[[_Row], Cell]],
    grouped: int = 0,
    dense: bool = False,
) -> TextTable:
    """A table of `rows`; each column comes with the function that makes its cell of a row."""
    cells = [tuple(make(row) for _, make in columns) for row in rows]
    return TextTable([column for column, _ in columns], cells, grouped, dense)


def line(*parts: str | Piece | None) -> Line:
    """A line of `parts`, without those that are None or empty."""
    return tuple(part if isinstance(part, Piece) else Piece(part) for part in parts if part)


def heading(*parts: str | Piece) -> Heading:
    """A heading of `parts`."""
    return Heading(line(*parts))


def cell(*lines: str | Piece | Line | None) -> Cell:
    """A cell of `lines`, without those that are None or empty; a dash if none is left."""
    kept = tuple(each if isinstance(each, tuple) else line(each) for each in lines if each)
    return kept or ((Piece(NOTHING, Style.QUIET),),)


def quiet(text: str | None) -> Piece | None:
    """`text` as an aside; None if there is none."""
    return Piece(text, Style.QUIET) if text else None


def strong(text: str) -> Piece:
    """`text` with emphasis."""
    return Piece(text, Style.STRONG)


def stance(kind: StanceKind | None) -> Piece:
    """The word for a stance in its own style; a dash for None."""
    return Piece(NOTHING, Style.QUIET) if kind is None else Piece(kind.value, Style(kind.value))


def line_text(pieces: Line) -> str:
    """The text of a line, without its styles."""
    return "".join(piece.text for piece in pieces)
