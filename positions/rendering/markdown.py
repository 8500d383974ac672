"""A page as Markdown: tables with pipes, and nothing in a cell that a renderer would take for markup."""

import re
from collections.abc import Iterator

from positions.rendering.layout import Block, Cell, Fields, Gap, Heading, Listed, Note, Page, Table
from positions.rendering.plain import words

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def text(page: Page) -> str:
    """`page` as Markdown, with a line feed at its end."""
    text, previous = "", None
    for block in page.blocks:
        is_one_list = isinstance(block, Listed) and isinstance(previous, Listed)
        apart = "" if is_one_list or previous is None else "\n"
        text += apart + "".join(f"{line}\n" for line in _lines(block))
        previous = block
    return text


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Table():
            yield "| " + " | ".join(_escaped(column.heading) for column in block.columns) + " |"
            yield "|" + " --- |" * len(block.columns)
            for row in block.rows:
                yield "| " + " | ".join(_cell(cell) for cell in row) + " |"
        case Heading():
            yield f"**{_escaped(words(block.line))}**"
        case Listed():
            yield f"{'  ' * (block.depth - 1)}- {_escaped(words(block.line))}"
        case Gap():
            return
        case Fields():
            yield from (f"- {name}: {_cell(cell)}" for name, cell in block.pairs)
        case Note():
            yield f"_{_escaped(block.text)}_"


def _cell(cell: Cell) -> str:
    return "<br>".join(_escaped(words(line)) for line in cell)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text).replace("\n", " ")
