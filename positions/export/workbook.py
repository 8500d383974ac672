"""Writing an Excel workbook: the tables as sheets, what their columns mean, and what the whole is.

The same record at the same moment gives the same bytes. Texts are written as texts, so that no formula in one runs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from positions import files
from positions.errors import InvalidRequestError, OutputError
from positions.export import about
from positions.export.about import About
from positions.export.tables import SEPARATOR, ExportedTable
from positions.safe_text import harmless, visible

SUFFIX = ".xlsx"

COLUMNS, ABOUT = "columns", "about"
"""The sheets beside those of the tables."""

_MOST_ROWS = 1_048_576
_LONGEST_TEXT = 32_767
"""Limits of the format."""

_FIRST_DAY = date(1900, 3, 1)
"""Earlier days are written as text: Excel knows none before 1900, and counts a leap day that 1900 did not have."""

_WIDTHS: Mapping[str, int] = {"date": 11, "datetime": 19, "boolean": 10, "integer": 11}
_ID_WIDTH, _TEXT_WIDTH = 20, 50
"""Widths of columns, in characters; those of dates and numbers by type."""

_DICTIONARY = (("table", 20), ("column", 20), ("type", 10), ("required", 10), ("values", 30), ("description", 110))

Rows = Iterable[Sequence[Any]]


def write(
    exported: Sequence[ExportedTable],
    of: About,
    file: Path,
    *,
    force: bool = False,
    done: Callable[[int, int], None] = lambda *_: None,
) -> None:
    """Write `exported` to the workbook `file`, whole or not at all. `force` replaces an existing file.

    `done` is called after each table, with the number of tables written and the number of all.

    Raises:
        InvalidRequestError: XlsxWriter is not installed.
        OutputError: `file` exists and may not be replaced, cannot be written, or would be too long for the format.
    """
    files.require_free_for_text(file, force=force)
    with files.output_errors(file), files.new_file(file, replace=force) as new:
        book = _Workbook(new, of)
        for number, table in enumerate(exported, start=1):
            book.add(table.name, [(field["name"], _width(field)) for field in table.fields], table.rows)
            done(number, len(exported))
        book.add(COLUMNS, _DICTIONARY, _dictionary(exported))
        book.add(ABOUT, (("about", 22), (of.title, 110)), _notes(exported, of))
        book.save()


class _Workbook:
    """A workbook in the making; its sheets are added one after the other."""

    def __init__(self, file: Path, of: About) -> None:
        try:
            import xlsxwriter  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise InvalidRequestError(
                "a workbook needs XlsxWriter", "Install it with `pip install -e '.[xlsx]'`."
            ) from error
        self._book = xlsxwriter.Workbook(str(file), {"in_memory": True})  # else it leaves files elsewhere when killed
        made = datetime(1980, 1, 1, tzinfo=UTC) if of.recorded_at is None else of.recorded_at.astimezone(UTC)
        self._book.set_properties({"title": visible(of.title), "created": made.replace(tzinfo=None)})
        self._bold = self._book.add_format({"bold": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._guarded = self._book.add_format({"quote_prefix": True})  # stays a text when somebody edits the cell

    def add(self, name: str, columns: Sequence[tuple[str, int]], rows: Rows) -> None:
        """Add a sheet with `columns` (heading and width); its headings stay in view and filter the rows.

        Raises:
            OutputError: there are too many rows for a sheet.
        """
        sheet = self._book.add_worksheet(name)
        last = 0
        for number, (heading, width) in enumerate(columns):
            sheet.set_column(number, number, width)
            sheet.write_string(0, number, _text(heading), self._bold)
        for last, row in enumerate(rows, start=1):
            if last >= _MOST_ROWS:
                raise OutputError(f"{name} has more rows than a sheet can have", "Export to a folder.")
            for number, value in enumerate(row):
                self._write(sheet, last, number, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(columns) - 1)

    def save(self) -> None:
        """Write the file.

        Raises:
            OSError: it cannot be written.
        """
        from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from error

    def _write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        match value:
            case None | "":
                pass
            case bool():
                sheet.write_boolean(row, column, value)
            case int():
                sheet.write_number(row, column, value)
            case datetime():
                sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), self._moment)
            case date() if value >= _FIRST_DAY:
                sheet.write_datetime(row, column, value, self._day)
            case _:
                text = _text(str(value))
                sheet.write_string(row, column, text, None if harmless(text) == text else self._guarded)


def _text(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def _width(field: Mapping[str, Any]) -> int:
    is_id = field["constraints"].keys() & {"pattern", "enum"} if "constraints" in field else False
    return _WIDTHS.get(field["type"], _ID_WIDTH if is_id else _TEXT_WIDTH)


def _dictionary(exported: Sequence[ExportedTable]) -> Rows:
    for table in exported:
        for field in table.fields:
            rules = field.get("constraints", {})
            values = SEPARATOR.join(rules.get("enum", ()))
            required = rules.get("required", False)
            yield table.name, field["name"], field["type"], required, values, field["description"]


def _notes(exported: Sequence[ExportedTable], of: About) -> Rows:
    yield "What this is", about.INTRODUCTION
    yield from of.notes()
    yield "Long texts", f"A cell can have {_LONGEST_TEXT:,} characters; a longer text is cut, and ends with …."
    yield "Program", of.program
    yield from ((f"Sheet {table.name}", table.description) for table in exported)
    yield f"Sheet {COLUMNS}", "What stands in each column of each sheet."
