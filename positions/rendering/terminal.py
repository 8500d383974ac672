"""A page on a terminal, drawn by Rich: it wraps what is long and colours what has a meaning."""

import re
from typing import TYPE_CHECKING

from positions.rendering.layout import Block, Cell, Fields, Gap, Heading, Listed, Note, Page, Piece, Style, Table
from positions.rendering.plain import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, RenderableType
    from rich.text import Text

LOOKS = {
    Style.PLAIN: "",
    Style.STRONG: "bold",
    Style.QUIET: "dim",
    Style.NON_STARTER: "bold red",
    Style.NEGOTIABLE: "yellow",
    Style.OPEN: "green",
    Style.ADDED: "green",
    Style.CORRECTED: "yellow",
    Style.RETRACTED: "red",
}
"""The look of each meaning; the words say it too."""

_GAP = "  "


def show(page: Page, console: "Console") -> None:
    """Print `page` as wide as `console` is."""
    for block in page.blocks:
        console.print(_drawn(block, console.width), soft_wrap=False)


def widths(table: Table, width: int) -> list[int]:
    """How wide each column is drawn, all together within `width`.

    No column is wider than what stands in it. What is left over goes to the columns that have shares, and they give
    what is lacking.
    """
    natural = [_natural(table, number) for number in range(len(table.columns))]
    drawn = [min(most, column.least) for most, column in zip(natural, table.columns, strict=True)]
    left = width - sum(drawn) - len(_GAP) * (len(drawn) - 1)
    while left < 0 and (yielding := [n for n, column in enumerate(table.columns) if column.share and drawn[n] > 1]):
        drawn[max(yielding, key=drawn.__getitem__)] -= 1
        left += 1
    while left > 0:
        growing = [n for n, column in enumerate(table.columns) if column.share and drawn[n] < natural[n]]
        if not growing:
            break
        shares = sum(table.columns[n].share for n in growing)
        for n in growing:
            more = min(natural[n] - drawn[n], max(1, left * table.columns[n].share // shares), left)
            drawn[n] += more
            left -= more
    return drawn


def _natural(table: Table, number: int) -> int:
    from rich.cells import cell_len

    lines = [words(line) for row in table.rows for line in row[number]]
    return max(cell_len(line) for line in (table.columns[number].heading, *lines))


def _drawn(block: Block, width: int) -> "RenderableType":
    from rich.text import Text

    match block:
        case Table():
            return _table(block, width)
        case Heading():
            return _text((block.line,), width)
        case Listed():
            return _text(((Piece("  " * block.depth), *block.line),), width)
        case Gap():
            return Text("")
        case Fields():
            return _fields(block, width)
        case Note():
            return Text(block.text, style="dim")


def _table(table: Table, width: int) -> "RenderableType":
    from rich import box
    from rich.table import Table as RichTable

    drawn = RichTable(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    wide = widths(table, width)
    for column, columns in zip(table.columns, wide, strict=True):
        drawn.add_column(column.heading, width=columns, overflow="fold")
    previous: Sequence[Cell] = ()
    for number, row in enumerate(table.rows):
        if number and not table.dense:
            drawn.add_row()
        is_same = row[: table.grouped] == previous[: table.grouped]
        shown, previous = [((),)] * table.grouped + list(row[table.grouped :]) if is_same and number else row, row
        drawn.add_row(*(_text(cell, columns) for cell, columns in zip(shown, wide, strict=True)))
    return drawn


def _fields(fields: Fields, width: int) -> "RenderableType":
    from rich.table import Table as RichTable

    drawn = RichTable(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    drawn.add_column(style="dim", no_wrap=True)
    drawn.add_column(overflow="fold")
    for name, cell in fields.pairs:
        drawn.add_row(name, _text(cell, width))
    return drawn


def _text(cell: Cell, width: int) -> "Text":
    from rich.text import Text

    text = Text()
    for number, line in enumerate(cell):
        if number:
            text.append("\n")
        for piece in line:
            text.append(_broken(piece.text, width), style=LOOKS[piece.style])
    return text


def _broken(text: str, width: int) -> str:
    """`text`, where ids that are longer than `width` are broken after a hyphen or a slash."""
    return " ".join(_pieces(word, width) if len(word) > width else word for word in text.split(" "))


def _pieces(word: str, width: int) -> str:
    lines = [""]
    for part in re.findall(r"[^-/]*[-/]?", word):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
