"""A page as plain text for pipes and files: one line a row, columns in line, nothing wrapped, no escape codes."""

from collections.abc import Iterator

from positions.rendering.layout import Block, Cell, Fields, Gap, Heading, Line, Listed, Note, Page, Table

_UNFINISHED = ("→", "since", "last", "/")
"""What a line of a cell ends in when the next one belongs to it."""


def text(page: Page) -> str:
    """`page` as text, with a line feed at its end."""
    return "".join(line.rstrip() + "\n" for block in page.blocks for line in _lines(block))


def words(line: Line) -> str:
    """A line without its looks."""
    return "".join(piece.text for piece in line)


def flat(cell: Cell) -> str:
    """A cell in one line."""
    text = ""
    for line in map(words, cell):
        goes_on = text.endswith(_UNFINISHED)
        text += ("" if not text or text.endswith("/") else " " if goes_on else "; ") + line
    return text


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Table():
            rows = [
                [column.heading for column in block.columns],
                *([flat(cell) for cell in row] for row in block.rows),
            ]
            widths = [max(len(row[number]) for row in rows) for number in range(len(block.columns))]
            for row in rows:
                yield "  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True))
        case Heading():
            yield words(block.line)
        case Listed():
            yield "  " * block.depth + words(block.line)
        case Gap():
            yield ""
        case Fields():
            widest = max((len(name) for name, _ in block.pairs), default=0)
            for name, cell in block.pairs:
                yield f"{name.ljust(widest)}  {flat(cell)}"
        case Note():
            yield block.text
