"""A page as Markdown, with the markup characters in its text escaped."""

import re
from collections.abc import Iterator

from positions.rendering.layout import Block, Cell, Fields, Gap, Heading, ListItem, Note, Page, TextTable, line_text

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def render(page: Page) -> str:
    """`page` as Markdown; every line ends in a line feed."""
    text, previous = "", None
    for block in page.blocks:
        is_same_list = isinstance(block, ListItem) and isinstance(previous, ListItem)
        separator = "" if is_same_list or previous is None else "\n"
        text += separator + "".join(f"{line}\n" for line in _lines(block))
        previous = block
    return text


def _lines(block: Block) -> Iterator[str]:
    match block:
        case TextTable():
            yield "| " + " | ".join(_escaped(column.heading) for column in block.columns) + " |"
            yield "|" + " --- |" * len(block.columns)
            for row in block.rows:
                yield "| " + " | ".join(_cell(cell) for cell in row) + " |"
        case Heading():
            yield f"**{_escaped(line_text(block.line))}**"
        case ListItem():
            yield f"{'  ' * (block.depth - 1)}- {_escaped(line_text(block.line))}"
        case Gap():
            return
        case Fields():
            yield from (f"- {name}: {_cell(cell)}" for name, cell in block.pairs)
        case Note():
            yield f"_{_escaped(block.text)}_"


def _cell(cell: Cell) -> str:
    return "<br>".join(_escaped(line_text(line)) for line in cell)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text).replace("\n", " ")
