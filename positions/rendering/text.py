"""A page as plain text or as Markdown."""

from collections.abc import Iterator

from positions.rendering.layout import Block, Cell, Fields, Gap, Heading, ListItem, Note, Page, TextTable, line_text
from positions.safe_text import markdown_text

_CONTINUED = ("→", "since", "last", "/")
"""Endings of a line in a cell that continues on the next line, so that no semicolon separates them."""


def as_text(page: Page) -> str:
    """`page` for pipes: one line per row, aligned columns, no wrapping, no escape codes."""
    return "".join(line.rstrip() + "\n" for block in page.full() for line in _lines(block))


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


def as_markdown(page: Page) -> str:
    """`page` as Markdown, with the markup characters in its text escaped."""
    text, previous = "", None
    for block in page.full():
        is_same_list = isinstance(block, ListItem) and isinstance(previous, ListItem)
        separator = "" if is_same_list or previous is None else "\n"
        text += separator + "".join(f"{line}\n" for line in _markdown_lines(block))
        previous = block
    return text


def _markdown_lines(block: Block) -> Iterator[str]:
    match block:
        case TextTable():
            yield "| " + " | ".join(markdown_text(column.heading) for column in block.columns) + " |"
            yield "|" + " --- |" * len(block.columns)
            for row in block.rows:
                yield "| " + " | ".join(_markdown_cell(cell) for cell in row) + " |"
        case Heading():
            yield f"**{markdown_text(line_text(block.line))}**"
        case ListItem():
            yield f"{'  ' * (block.depth - 1)}- {markdown_text(line_text(block.line))}"
        case Gap():
            return
        case Fields():
            yield from (f"- {name}: {_markdown_cell(cell)}" for name, cell in block.pairs)
        case Note():
            yield f"_{markdown_text(block.text)}_"


def _markdown_cell(cell: Cell) -> str:
    return "<br>".join(markdown_text(line_text(line)) for line in cell)
