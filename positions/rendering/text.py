"""A page as plain text for pipes: one line per row, aligned columns, no wrapping, no escape codes."""

from collections.abc import Iterator

from positions.rendering.layout import Block, Cell, Fields, Gap, Heading, ListItem, Note, Page, TextTable, line_text

_CONTINUED = ("→", "since", "last", "/")
"""Endings of a line in a cell that continues on the next line, so that no semicolon separates them."""


def render(page: Page) -> str:
    """`page` as text; every line ends in a line feed."""
    return "".join(line.rstrip() + "\n" for block in page.blocks for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case TextTable():
            yield from _table(block)
        case Heading():
            yield line_text(block.line)
        case ListItem():
            yield "  " * block.depth + line_text(block.line)
        case Gap():
            yield ""
        case Fields():
            widest = max((len(name) for name, _ in block.pairs), default=0)
            yield from (f"{name.ljust(widest)}  {_in_one_line(cell)}" for name, cell in block.pairs)
        case Note():
            yield block.text


def _table(table: TextTable) -> Iterator[str]:
    rows = [[column.heading for column in table.columns], *([_in_one_line(cell) for cell in row] for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True))


def _in_one_line(cell: Cell) -> str:
    text = ""
    for line in map(line_text, cell):
        is_continued = text.endswith(_CONTINUED)
        text += ("" if not text or text.endswith("/") else " " if is_continued else "; ") + line
    return text
