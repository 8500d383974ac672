"""A table whose columns have places, as lines for a terminal: one line a row, long text wrapped below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from positions.rendering.layout import NOTHING, Cell, Column, Line, Piece, Place, Style, TextTable

RICH_STYLES = {
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
"""Rich's style for each meaning. The text must be clear without colour."""

_GAP, _INDENT = 2, 2

_ROOM = 56
"""The width that a title and its id have before columns for wide terminals are shown."""

_LEAST = 12
"""A title that would be cut shorter than this gets a line of its own."""


def draw(table: TextTable, console: Console) -> None:
    """Print `table` on `console`, at its width."""
    for line in _Listing(table, console).lines():
        console.print(line, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of a row by their places, each in one line of text if it is in the row's line."""

    above: Cell
    title: Text
    id: Text
    line: Sequence[Text]
    rest: Text
    below: Sequence[Text]


class _Listing:
    """Lines of one table at the width of one console."""

    def __init__(self, table: TextTable, console: Console) -> None:
        self._table, self._console = table, console
        self._width = console.width
        places = {column.place for column in table.columns}
        self._indent = _INDENT if Place.ABOVE in places else 0
        self._has_title = bool({Place.TITLE, Place.ID} & places)
        self._in_line = self._columns()
        self._rows = [self._row(row) for row in table.rows]
        self._widths = [
            max([len(column.heading), *(row.line[number].cell_len for row in self._rows)])
            for number, (_, column) in enumerate(self._in_line)
        ]
        left = self._width - self._indent - sum(width + _GAP for width in self._widths)
        titled = max((row.title.cell_len + _GAP + row.id.cell_len for row in self._rows), default=0)
        self._left = min(left, titled) if self._has_title else left
        firsts = [number for number, column in enumerate(table.columns) if column.place in {Place.TITLE, Place.ID}]
        self._before = sum(number < min(firsts, default=0) for number, _ in self._in_line)

    def lines(self) -> Iterator[Text]:
        """The lines of the list, none wider than the console if its words are not."""
        if self._table.key:
            yield from self._key()
        yield from self._headings()
        for number, (above, group) in enumerate(groupby(self._rows, lambda row: row.above)):
            if number and not self._table.dense:
                yield Text("")
            for line in map(_text, above):
                yield from self._wrapped(line, 0)
            rows = list(group)
            for row, after in zip(rows, [*rows[1:], None], strict=True):
                yield from self._row_lines(row)
                if after is None or after.below != row.below:
                    yield from self._below(row)

    def _columns(self) -> list[tuple[int, Column]]:
        """The columns in the row's line, with their numbers; those for wide terminals if they leave enough room."""
        numbered = list(enumerate(self._table.columns))
        shown = [(number, column) for number, column in numbered if column.place is Place.LINE]
        room = self._width - self._indent - sum(self._content(number) for number, _ in shown)
        for number, column in numbered:
            if column.place is Place.WIDE and (room := room - self._content(number)) >= _ROOM:
                shown.append((number, column))
        return sorted(shown)

    def _content(self, number: int) -> int:
        """The width that the column `number` takes, its gap included."""
        cells = (_one_line(row[number]).cell_len for row in self._table.rows)
        widest = max((width for width in cells if width <= self._most), default=0)
        return max(len(self._table.columns[number].heading), widest) + _GAP

    @property
    def _most(self) -> int:
        """The widest cell that is shown in the row's line; wider ones are wrapped below it."""
        return self._width // 2

    def _row(self, cells: Sequence[Cell]) -> _Row:
        by_place = {place: [Text(), *self._texts(cells, place)][-1] for place in (Place.TITLE, Place.ID, Place.REST)}
        line, below = [], []
        for number, _ in self._in_line:
            text = _one_line(cells[number])
            is_short = text.cell_len <= self._most
            line.append(text if is_short else Text("…"))
            below += [] if is_short else [text]
        placed = list(zip(self._table.columns, cells, strict=True))
        above = tuple(line for column, cell in placed if column.place is Place.ABOVE for line in cell)
        for column, cell in placed:
            if column.place is Place.BELOW and not _is_nothing(cell):
                below += self._paragraphs(cell)
        return _Row(above, by_place[Place.TITLE], by_place[Place.ID], line, by_place[Place.REST], below)

    def _texts(self, cells: Sequence[Cell], place: Place) -> list[Text]:
        columns = self._table.columns
        return [_one_line(cell) for column, cell in zip(columns, cells, strict=True) if column.place is place]

    def _paragraphs(self, cell: Cell) -> list[Text]:
        """The lines of `cell`, in one line if they fit."""
        whole = Text("  ").join(map(_text, cell))
        return [whole] if whole.cell_len <= self._width - self._indent - _INDENT else list(map(_text, cell))

    def _key(self) -> Iterator[Text]:
        """The parts of the key, as many on a line as fit."""
        line = Text()
        for part in map(_text, self._table.key):
            if line and line.cell_len + _GAP + part.cell_len > self._width:
                yield line
                line = Text()
            line.append(" " * _GAP if line else "").append_text(part)
        yield from self._wrapped(line, 0)

    def _headings(self) -> Iterator[Text]:
        """The headings of the columns in the row's line."""
        if not self._in_line:
            return
        columns = self._table.columns
        titles = [column.heading for column in columns if column.place in {Place.TITLE, Place.ID}]
        rest = [column.heading for column in columns if column.place is Place.REST]
        title = Text(" ".join(sorted(titles, key=len, reverse=True)[:1])) if titles else None
        line = self._line([Text(column.heading) for _, column in self._in_line], title)
        line = _spaced(line, Text("".join(rest)))
        line.stylize("dim")
        line.rstrip()
        yield from self._wrapped(line, 0) if line.cell_len > self._width else [line]

    def _line(self, cells: Sequence[Text], title: Text | None) -> Text:
        """The line of a row: cells before the title, the title in all the width that is left, and the other cells."""
        before, after = _joined(cells, self._widths, 0, self._before), _joined(cells, self._widths, self._before, None)
        if title is not None:
            title.truncate(max(self._left, 0), overflow="ellipsis", pad=True)
        return Text(" " * self._indent).append_text(_spaced(before, title or Text(), after))

    def _row_lines(self, row: _Row) -> Iterator[Text]:
        title = None
        if self._has_title:
            title, room = row.title.copy(), self._left - row.id.cell_len - (_GAP if row.id else 0)
            if room < (title.cell_len if self._table.whole else min(_LEAST, title.cell_len)):
                yield from self._title_lines(title)
                title, room = Text(), self._left - row.id.cell_len
            if room < 0:
                yield from self._wrapped(row.id, self._indent)
            else:
                title.truncate(room, overflow="ellipsis", pad=True)
                title = _spaced(title, row.id) if title.plain.strip() else title.append_text(row.id)
        line = self._line(row.line, title)
        rest = self._rest(row, line.cell_len + _GAP)
        for number, text in enumerate(rest):
            yield _spaced(Text(" " * line.cell_len) if number else line, text)
        if not rest:
            line.rstrip()
            yield from [line] if line.cell_len <= self._width else self._wrapped(line, self._indent)
            yield from self._wrapped(row.rest, self._indent + _INDENT)

    def _title_lines(self, title: Text) -> list[Text]:
        """A title that has no room beside its id, on lines of its own: whole, or cut to one."""
        if not self._table.whole:
            title.truncate(self._width - self._indent, overflow="ellipsis")
        return self._wrapped(title, self._indent)

    def _rest(self, row: _Row, used: int) -> list[Text]:
        """The rest of a row's line beside what is `used`; nothing if a word of it would be broken there."""
        longest = max((cell_len(word) for word in row.rest.plain.split()), default=0)
        return self._wrapped(row.rest, 0, self._width - used) if longest <= self._width - used else []

    def _below(self, row: _Row) -> Iterator[Text]:
        for text in row.below:
            yield from self._wrapped(text, self._indent + _INDENT)

    def _wrapped(self, text: Text, indent: int, width: int | None = None) -> list[Text]:
        """`text` in lines with `indent`, broken between words; a word is broken only if no line can hold it."""
        if not text:
            return []
        most = max((self._width if width is None else width) - indent, 1)
        lines = text.wrap(self._console, most, overflow="fold")
        indented = [Text(" " * indent).append_text(line) for line in lines]
        for line in indented:
            line.rstrip()
        return indented


def _spaced(*cells: Text) -> Text:
    """The cells that are not empty, with gaps between them."""
    return Text(" " * _GAP).join(cell for cell in cells if cell)


def _joined(cells: Sequence[Text], widths: Sequence[int], start: int, end: int | None) -> Text:
    """The cells from `start` to `end`, each as wide as its column."""
    padded = []
    for cell, width in list(zip(cells, widths, strict=True))[start:end]:
        text = cell.copy()
        text.pad_right(max(width - text.cell_len, 0))
        padded.append(text)
    return Text(" " * _GAP).join(padded)


def _text(line: Line) -> Text:
    """A line with its styles and marks."""
    text = Text()
    for piece in line:
        text.append(_shown(piece), style=RICH_STYLES[piece.style])
    return text


def _shown(piece: Piece) -> str:
    return piece.text if piece.mark is None else piece.mark


def _one_line(cell: Cell) -> Text:
    """The lines of a cell in one line."""
    text = Text()
    for line in cell:
        text.append("" if not text or text.plain.endswith("/") else "  ")
        text.append_text(_text(line))
    return text


def _is_nothing(cell: Cell) -> bool:
    return "".join(piece.text for line in cell for piece in line) == NOTHING
