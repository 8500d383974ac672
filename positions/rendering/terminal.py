"""A page on a terminal, drawn by Rich with colours and wrapped text."""

import re

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from positions.rendering import listing
from positions.rendering.layout import (
    Block,
    Cell,
    Fields,
    Gap,
    Heading,
    ListItem,
    Note,
    Page,
    TextTable,
    line_text,
)
from positions.rendering.listing import RICH_STYLES

_GAP = "  "


def draw(page: Page, console: Console) -> None:
    """Print `page` on `console`, at its width."""
    for block in page.short():
        if isinstance(block, TextTable) and any(column.place for column in block.columns):
            listing.draw(block, console)
        else:
            console.print(_drawn(block, console.width), soft_wrap=False)


def _drawn(block: Block, width: int) -> RenderableType:
    match block:
        case TextTable():
            return _table(block, width)
        case Heading():
            return _text((block.line,), width)
        case ListItem():
            return Padding(_text((block.line,), width), (0, 0, 0, len(_GAP) * block.depth))
        case Gap():
            return Text("")
        case Fields():
            return _fields(block, width)
        case Note():
            return Text(block.text, style="dim")


def _table(table: TextTable, width: int) -> RenderableType:
    drawn = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    widths = _widths(table, width)
    for column, column_width in zip(table.columns, widths, strict=True):
        drawn.add_column(column.heading, width=column_width, overflow="fold")
    for number, row in enumerate(table.rows):
        if number and not table.dense:
            drawn.add_row()
        drawn.add_row(*(_text(cell, column_width) for cell, column_width in zip(row, widths, strict=True)))
    return drawn


def _widths(table: TextTable, width: int) -> list[int]:
    """The width of each column; together they fit into `width` if columns with a share can shrink far enough.

    No column is wider than its content. The remaining width goes to the columns with a share.
    """
    content = [_content_width(table, number) for number in range(len(table.columns))]
    widths = [min(most, column.min_width) for most, column in zip(content, table.columns, strict=True)]
    left = width - sum(widths) - len(_GAP) * (len(widths) - 1)
    shared = [number for number, column in enumerate(table.columns) if column.share]
    # Too wide: narrow the widest column by one until all fit. Too narrow: share out the rest until nothing grows.
    while left < 0 and (shrinking := [n for n in shared if widths[n] > 1]):
        widths[max(shrinking, key=widths.__getitem__)] -= 1
        left += 1
    while left > 0 and (growing := [n for n in shared if widths[n] < content[n]]):
        shares = sum(table.columns[n].share for n in growing)
        for n in growing:
            more = min(content[n] - widths[n], max(1, left * table.columns[n].share // shares), left)
            widths[n] += more
            left -= more
    return widths


def _content_width(table: TextTable, number: int) -> int:
    lines = [line_text(line) for row in table.rows for line in row[number]]
    return max(cell_len(line) for line in (table.columns[number].heading, *lines))


def _fields(fields: Fields, width: int) -> RenderableType:
    drawn = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    drawn.add_column(style="dim", no_wrap=True)
    drawn.add_column(overflow="fold")
    for name, cell in fields.pairs:
        drawn.add_row(name, _text(cell, width))
    return drawn


def _text(cell: Cell, width: int) -> Text:
    text = Text()
    for number, line in enumerate(cell):
        if number:
            text.append("\n")
        for piece in line:
            text.append(_broken(piece.text, width), style=RICH_STYLES[piece.style])
    return text


def _broken(text: str, width: int) -> str:
    """`text` with words longer than `width` broken after hyphens and slashes; Rich would break ids anywhere."""
    return " ".join(_broken_word(word, width) if len(word) > width else word for word in text.split(" "))


def _broken_word(word: str, width: int) -> str:
    lines = [""]
    for part in re.findall(r"[^-/]*[-/]?", word):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
