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

MARKS = {StanceKind.NON_STARTER: "■", StanceKind.NEGOTIABLE: "◆", StanceKind.OPEN: "●"}
"""A stance as one character, where there is a key to it."""


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


class Place(StrEnum):
    """Where a terminal shows the cell of a column that has such a place, instead of in a column of a drawn table."""

    ABOVE = "above"
    """Above the rows that share it, once."""
    TITLE = "title"
    """In the row's line, cut to what the other cells leave, unless titles of the table stay whole."""
    ID = "id"
    """After the title, whole."""
    LINE = "line"
    """In the row's line, under its heading."""
    WIDE = "wide"
    """As `LINE`, where the terminal is wide enough."""
    REST = "rest"
    """At the end of the row's line, wrapped."""
    BELOW = "below"
    """Below the row's line, wrapped; rows in succession that share it show it once."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one style without line breaks, which become spaces; control characters are written out.

    `mark` is a shorter form for the line of a row on a terminal.
    """

    text: str
    style: Style = Style.PLAIN
    mark: str | None = None

    def __post_init__(self) -> None:
        if not self.text.isprintable():  # most text is, and needs no copy
            lines = " ".join(self.text.split()) if "\n" in self.text or "\t" in self.text else self.text
            object.__setattr__(self, "text", visible(lines))
        if self.mark is not None and not self.mark.isprintable():
            object.__setattr__(self, "mark", in_one_line(self.mark))


Line = tuple[Piece, ...]
"""The pieces of one line."""

Cell = tuple[Line, ...]
"""The lines of one table cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, minimum width, and share of the remaining width (0: none).

    A `place` makes the table a list of lines on a terminal; then all its columns have one, and no widths.
    """

    heading: str
    min_width: int = 0
    share: int = 0
    place: Place | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "heading", in_one_line(self.heading))


@dataclass(frozen=True, slots=True)
class TextTable:
    """Rows under headings.

    On a terminal, rows are separated by empty lines unless the table is `dense`; in a list of lines, groups of rows
    are. `whole` gives a title that would be cut lines of its own. `key` explains its marks, which other formats do not
    have.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    dense: bool = False
    whole: bool = False
    key: Sequence[Line] = ()


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
class Abridged:
    """Blocks, and what a terminal shows instead of them."""

    full: Sequence[Block]
    short: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole answer to one question."""

    blocks: Sequence[Block | Abridged]

    def full(self) -> list[Block]:
        """The blocks for pipes and files."""
        return [inner for block in self.blocks for inner in (block.full if isinstance(block, Abridged) else [block])]

    def short(self) -> list[Block]:
        """The blocks for a terminal."""
        return [inner for block in self.blocks for inner in (block.short if isinstance(block, Abridged) else [block])]


def table(
    rows: Sequence[_Row],
    *columns: tuple[Column, Callable[[_Row], Cell]],
    dense: bool = False,
    whole: bool = False,
    key: Sequence[Line] = (),
) -> TextTable:
    """A table of `rows`; each column comes with a function from a row to its cell."""
    cells = [tuple(make(row) for _, make in columns) for row in rows]
    return TextTable([column for column, _ in columns], cells, dense, whole, key)


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


def marked(kind: StanceKind, text: str | None = None, after: str = "") -> Piece:
    """`text` (None: the stance) in the style of the stance; in the line of a row, its mark and `after`."""
    return Piece(kind.value if text is None else text, Style(kind.value), MARKS[kind] + after)


def line_text(pieces: Line) -> str:
    """The text of a line, without its styles."""
    return "".join(piece.text for piece in pieces)
