"""The parts of a page, without a word on how they are drawn: pieces of text with a meaning, cells, tables, notes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from positions.safe_text import in_one_line, visible
from positions.vocabulary import StanceKind

NOTHING = "–"
"""What stands where nothing is recorded. Never the word for a stance."""


class Style(StrEnum):
    """What a piece of text means; each way of drawing has its own look for it."""

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
    """A run of text with one meaning; it has no line breaks, and any that are given become spaces."""

    text: str
    style: Style = Style.PLAIN

    def __post_init__(self) -> None:
        if not self.text.isprintable():
            lines = " ".join(self.text.split()) if "\n" in self.text or "\t" in self.text else self.text
            object.__setattr__(self, "text", visible(lines))


Line = tuple[Piece, ...]
"""Pieces that follow each other."""

Cell = tuple[Line, ...]
"""Lines above each other."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width at the least, and its share of what is left (0: none)."""

    heading: str
    least: int
    share: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "heading", in_one_line(self.heading))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings. The first `grouped` cells are the same in rows that belong together.

    A `dense` table has no empty line between its rows.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    grouped: int = 0
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that says what follows."""

    line: Line


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a list, `depth` levels deep."""

    line: Line
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """Some room between what belongs to different things."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Names, each with what it stands for."""

    pairs: Sequence[tuple[str, Cell]]


@dataclass(frozen=True, slots=True)
class Note:
    """Words about the answer: how fresh it is, what is not in it, why it is empty."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", visible(self.text))


Block = Table | Heading | Listed | Gap | Fields | Note


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown for one question."""

    blocks: Sequence[Block] = field(default_factory=tuple)


def cell(*lines: str | Piece | Line | None) -> Cell:
    """A cell of the given lines; None and empty lines are left out, a cell of nothing is a dash."""
    made = [_line(one) for one in lines if one]
    return tuple(made) or ((Piece(NOTHING, Style.QUIET),),)


def quiet(text: str | None) -> Piece | None:
    """`text` as an aside."""
    return Piece(text, Style.QUIET) if text else None


def strong(text: str) -> Piece:
    """`text` as what matters."""
    return Piece(text, Style.STRONG)


def stance(kind: StanceKind) -> Piece:
    """The word for a stance, with its own look."""
    return Piece(kind.value, Style(kind.value))


def _line(one: str | Piece | Line) -> Line:
    if isinstance(one, str):
        return (Piece(one),)
    return (one,) if isinstance(one, Piece) else one
