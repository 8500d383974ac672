"""Reading a table from a file: CSV with any usual delimiter, TSV, or the first sheet of an Excel workbook.

Excel workbooks need openpyxl, of the extra `xlsx`.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, Final

from positions import texts
from positions.errors import SheetError
from positions.safe_text import harmless, in_one_line, restored

MAX_BYTES: Final = 10 * 1024 * 1024
"""The maximum size of a file."""

MAX_UNPACKED_BYTES: Final = 50 * 1024 * 1024
"""The maximum size of a workbook after unpacking."""

MAX_ROWS: Final = 10_000
"""The most rows, empty ones included."""

MAX_COLUMNS: Final = 256
MAX_CELL: Final = 32_767
"""The most characters of a cell; Excel has the same limit."""

_DELIMITERS = ",;\t|"
_EXCEL = frozenset({".xlsx", ".xlsm"})
_Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its columns, and its rows that are not empty, each with its number in the file and as many cells."""

    name: str
    columns: _Row
    rows: Sequence[tuple[int, _Row]]
    unread: Sequence[str] = ()
    """Names of further sheets of the workbook."""


def read(path: Path) -> Sheet:
    """The table in the file at `path`: the first row that is not empty names the columns.

    Cells are without white space around them; days are written as 2022-01-12.

    Raises:
        SheetError: there is no table, or it is too large.
        TextFileError: the file cannot be read.
    """
    name = in_one_line(str(path))
    content = texts.contents(path, MAX_BYTES)
    if path.suffix.lower() in _EXCEL:
        rows, unread = _of_workbook(content, name)
    else:
        rows, unread = _of_text(texts.plain(content, name), name, tabs=path.suffix.lower() == ".tsv"), []
    filled = [(number, row) for number, row in _limited(rows, name) if any(row)]
    if not filled:
        raise SheetError(f"{name} is empty", "The first row names the columns; each further row is a position.")
    (_, header), *body = filled
    columns = header[: max(index for index, cell in enumerate(header, 1) if cell)]
    for number, row in body:
        if any(row[len(columns) :]):
            raise SheetError(f"{name}: row {number} has more cells than there are columns", _MORE_CELLS)
    padded = [(number, [*row, *[""] * len(columns)][: len(columns)]) for number, row in body]
    return Sheet(name, columns, padded, unread)


_MORE_CELLS = "Name every column in the first row; put a text that contains the delimiter in quotation marks."


def _limited(rows: Iterable[_Row], name: str) -> Iterator[tuple[int, _Row]]:
    """The rows with their numbers, from 1, and without white space around the cells.

    Raises:
        SheetError: there are too many of them, or a cell is too long.
    """
    for number, row in enumerate(islice(rows, MAX_ROWS + 1), 1):
        if number > MAX_ROWS:
            raise SheetError(f"{name} has more than {MAX_ROWS:,} rows", "Put each source in a table of its own.")
        if len(row) > MAX_COLUMNS:
            raise SheetError(f"{name}: row {number} has more than {MAX_COLUMNS} cells", _MORE_CELLS)
        if any(len(cell) > MAX_CELL for cell in row):
            raise SheetError(f"{name}: row {number} has a cell of more than {MAX_CELL:,} characters", "Shorten it.")
        yield number, [cell.strip() for cell in row]


def _of_text(text: str, name: str, *, tabs: bool) -> Iterator[_Row]:
    """The rows of a text; an apostrophe before what could be a formula is removed, as our own tables have it."""
    lines = io.StringIO(text, newline="")
    first = lines.readline()
    while first and not first.strip():
        first = lines.readline()
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:  # Excel's way to say it
        delimiter, start = first.strip()[-1], 1
    else:
        delimiter, start = "\t" if tabs else max(_DELIMITERS, key=first.count), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in islice(reader, start, None):
            yield [restored(cell) if harmless(cell[1:]) == cell else cell for cell in row]
    except csv.Error as error:
        raise SheetError(f"{name}: line {reader.line_num} cannot be read: {error}", "Save the table again.") from error


def _of_workbook(content: bytes, name: str) -> tuple[Iterator[_Row], Sequence[str]]:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        hint = "Install it with `pip install -e '.[xlsx]'`, or save the table as CSV."
        raise SheetError(f"{name} cannot be read without openpyxl", hint) from error

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            is_too_large = sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES
        workbook = None if is_too_large else load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets: list[Any] = workbook.worksheets if workbook else []
        rows = [row for sheet in sheets[:1] for row in _rows_of(sheet)]
    except Exception as error:  # what a damaged part makes the library raise is not documented
        raise SheetError(f"{name} is no Excel workbook, or damaged", "Save its first sheet as CSV.") from error
    if is_too_large:
        limit = f"{MAX_UNPACKED_BYTES // 1024 // 1024} MiB"
        raise SheetError(f"{name} is larger than {limit} when unpacked", "Save its first sheet as CSV.")
    return iter(rows), [sheet.title for sheet in sheets[1:]]


def _rows_of(sheet: Any) -> Iterator[_Row]:
    """The rows up to one more than there may be, without the empty cells at their ends."""
    sheet.reset_dimensions()  # what the file says of its size need not be so
    for row in islice(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1), MAX_ROWS + 1):
        cells = [_as_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        yield cells


def _as_text(value: Any) -> str:
    """The value of a cell of a workbook as text; numbers without a fraction are written without a point."""
    match value:
        case None:
            return ""
        case datetime() if value.time() == time():
            return str(value.date())
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return str(value)
