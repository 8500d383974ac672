"""The README of a data package: its files, how to read them, and what stands in each column."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from positions.export import about
from positions.export.about import About
from positions.export.tables import ExportedTable
from positions.safe_text import FORMULA_RULE, in_one_line, markdown_text

_ENCODING = (
    "The CSV files are UTF-8 without a byte order mark: many programs would take one for a part of the first heading. "
    "A spreadsheet that is not told so takes them for an older encoding, and garbles quotation marks and Cyrillic: "
    "LibreOffice asks for the character set (Unicode (UTF-8)), in Excel use Data > From Text/CSV with the origin 65001 "
    "(UTF-8). A workbook needs none of this: `positions export FILE.xlsx` makes one of the same tables."
)


def markdown(exported: Sequence[ExportedTable], of: About) -> str:
    """The text of `README.md` for the tables `exported`."""
    of = replace(of, title=_shown(of.title), citation=_shown(of.citation))
    files = [(f"`{table.name}.csv`", table.description) for table in exported]
    files.append(("`datapackage.json`", "The same descriptions for programs: a Frictionless Data Package."))
    notes = [*of.notes(), ("Encoding", _ENCODING), ("Formulas", FORMULA_RULE)]
    parts = [
        f"# {of.title}\n",
        f"{about.INTRODUCTION}\n",
        "## Files\n",
        _table(("file", "what it has"), files),
        "## How to read them\n",
        *(f"**{heading}.** {note}\n" for heading, note in notes),
        "## Columns\n",
        *(part for table in exported for part in (f"### `{table.name}.csv`\n", _columns(table))),
    ]
    return "\n".join(parts)


def _columns(table: ExportedTable) -> str:
    rows = ((f"`{field['name']}`", field["type"], field["description"]) for field in table.fields)
    return _table(("column", "type", "what it has"), rows)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"{line}\n" for line in _lines(headings, rows))


def _lines(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield "|" + " --- |" * len(headings)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _shown(text: str) -> str:
    return markdown_text(in_one_line(text))
