"""What `export` writes, opened where people open it: in LibreOffice Calc, in pandas, and as a workbook by openpyxl."""

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from positions.safe_text import restored
from tests.conftest import TALKS, Output, Positions

Record = Callable[..., Output]

HARMFUL = """
format: 1
episode: {id: hostile, kind: statement, title: Заявление МИД, published: 2022-02-03, url: https://example.org/hostile}
offers:
  - {id: a-formula, by: us, to: russia, topic: missiles, title: '=HYPERLINK("https://example.org")',
     made: 2022-02-01/2022-02-02, basis: stated, quote: "„Договор“, – сказал он"}
  - {id: an-error, by: us, to: russia, topic: missiles, title: "#N/A", made: ../2022-02-03, basis: stated,
     quote: "-1; \\"two\\", and\\nthree"}
responses:
  - {id: it, by: russia, said: 2022-02-03, basis: stated, quote: "'нет'", stances: {a-formula: non-starter}}
"""
"""Texts that a spreadsheet might run, take for an error, or garble."""

pandas: Any = pytest.importorskip("pandas", reason="pandas is not installed: pip install -e '.[dev]'")
openpyxl: Any = pytest.importorskip("openpyxl", reason="openpyxl is not installed: pip install -e '.[xlsx]'")
pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed: pip install -e '.[xlsx]'")

OFFICE = shutil.which("soffice")
REQUIRED = os.environ.get("POSITIONS_TEST_SPREADSHEET") == "required"


@pytest.fixture
def exported(positions: Positions, record: Record, says: Any, tmp_path: Path) -> Path:
    """A folder with an export of harmful texts as `out` and as `out.xlsx`."""
    record(TALKS)
    record(HARMFUL)
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    positions("export", str(tmp_path / "out"))
    positions("export", str(tmp_path / "out.xlsx"))
    return tmp_path


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def tables(folder: Path) -> dict[str, list[list[str]]]:
    """The rows of each CSV file of an export, heading included, with texts as they are in the record."""
    found = {path.stem: csv_rows(path) for path in sorted((folder / "out").glob("*.csv"))}
    return {name: [[restored(cell) for cell in row] for row in rows] for name, rows in found.items()}


def as_csv(value: Any) -> str:
    """A cell of a workbook as the CSV file writes it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            return str(value.date())
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%SZ}"
        case _:
            return str(value)


# ---- the workbook


def test_a_workbook_has_the_tables_of_the_folder_and_what_their_columns_mean(exported: Path) -> None:
    with closing(openpyxl.load_workbook(exported / "out.xlsx")) as book:
        expected = tables(exported)
        assert set(book.sheetnames) == {*expected, "columns", "about"}
        assert book.sheetnames[:2] == ["positions", "movements"]
        for name, rows in expected.items():
            found = [[as_csv(cell) for cell in row] for row in book[name].iter_rows(values_only=True)]
            assert found == rows, name
        headings = [(name, heading) for name, rows in expected.items() for heading in rows[0]]
        described = [row[:2] for row in book["columns"].iter_rows(min_row=2, values_only=True)]
        assert sorted(described) == sorted(headings)
        about = dict(book["about"].iter_rows(values_only=True))
        assert "CC-BY-4.0" in about["Licence"]
        assert "digest" in about["How to cite"]


def test_a_workbook_runs_nothing_and_shows_its_days_and_its_headings(exported: Path) -> None:
    with closing(openpyxl.load_workbook(exported / "out.xlsx")) as book:
        assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b"}
        sheet = book["positions"]
        columns = {cell.value: cell for cell in sheet[1]}
        [formula] = [row for row in sheet.iter_rows(min_row=2) if row[0].value == "a-formula"]
        assert formula[columns["title"].column - 1].quotePrefix
        assert formula[columns["made_from"].column - 1].value == datetime(2022, 2, 1)  # noqa: DTZ001
        assert formula[columns["made_from"].column - 1].number_format == "yyyy-mm-dd"
        assert columns["item"].font.bold
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")


@pytest.mark.slow
def test_the_same_record_gives_the_same_workbook(positions: Positions, exported: Path) -> None:
    positions("export", str(exported / "again.xlsx"))

    assert (exported / "again.xlsx").read_bytes() == (exported / "out.xlsx").read_bytes()


def test_a_workbook_replaces_a_file_only_by_force(positions: Positions, exported: Path) -> None:
    file = exported / "mine.xlsx"
    file.write_text("mine", encoding="utf-8")

    told = positions("export", str(file), exit_code=1).stderr

    assert told == f"Error: {file} already exists\nHint: `--force` replaces it.\n"
    assert file.read_text(encoding="utf-8") == "mine"
    positions("export", str(file), "--force")
    assert file.read_bytes().startswith(b"PK")
    assert [path.name for path in exported.iterdir() if "mine" in path.name] == ["mine.xlsx"]


def test_a_workbook_never_replaces_a_database(positions: Positions, exported: Path) -> None:
    file = exported / "record.xlsx"
    file.write_bytes(b"SQLite format 3\0")

    assert "is a database" in positions("export", str(file), "--force", exit_code=1).stderr
    assert file.read_bytes() == b"SQLite format 3\0"


def test_a_text_too_long_for_a_cell_is_cut_where_one_sees_it(
    positions: Positions, record: Record, tmp_path: Path
) -> None:
    record(TALKS.replace("title: No further enlargement", f"title: {'long ' * 8000}"))

    positions("export", str(tmp_path / "out.xlsx"))

    with closing(openpyxl.load_workbook(tmp_path / "out.xlsx")) as book:
        [title] = {row[1] for row in book["positions"].iter_rows(values_only=True) if row[0] == "no-enlargement"}
        assert len(title) == 32_767
        assert title.endswith("…")


WITHOUT = "import sys; sys.modules['xlsxwriter'] = None; from positions.app import app; app()"


def test_without_the_extra_one_line_says_how_to_install_it(seeded: Positions, tmp_path: Path) -> None:
    words = [sys.executable, "-c", WITHOUT, "export", str(tmp_path / "out.xlsx")]
    environment = {**os.environ, "POSITIONS_DB": seeded.db}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: a workbook needs XlsxWriter\nHint: Install it with `pip install -e '.[xlsx]'`.\n"
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


# ---- pandas


def test_pandas_reads_the_same_from_the_file_and_from_the_workbook(exported: Path) -> None:
    days = [f"{name}_{end}" for name in ("made", "since", "last") for end in ("from", "to")]
    frame = pandas.read_csv(exported / "out" / "positions.csv", parse_dates=days)

    assert list(frame.columns[:2]) == ["item", "title"]
    assert str(frame["core"].dtype) == "bool"
    assert frame.groupby("stance")["item"].count().to_dict() == {"non-starter": 2}
    assert frame["stance"].isna().sum() == len(frame) - 2
    assert frame.loc[frame["item"] == "a-formula", "made_from"].dt.date.tolist() == [date(2022, 2, 1)]
    book = pandas.read_excel(exported / "out.xlsx", keep_default_na=False, na_values=[""])
    same = frame.assign(**{name: frame[name].map(restored, na_action="ignore") for name in ("title", "words")})
    same.loc[same["item"] == "an-error", "title"] = "#N/A"  # which read_csv takes for nothing
    pandas.testing.assert_frame_equal(book, same, check_dtype=False)


# ---- LibreOffice Calc


Convert = Callable[..., Path]

AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1"
"""Each sheet in a file, UTF-8, values as they are stored."""

MOMENT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$")
"""A moment in our CSV files; Calc writes a space for the T and leaves out the zone."""

UTF_8 = "--infilter=CSV:44,34,76,1"
"""What its dialogue asks when a CSV file is opened: comma, quotation mark, Unicode (UTF-8), from row 1."""


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Open a file in LibreOffice Calc and have it written in another format: the folder with what was written."""
    if OFFICE is None:
        message = "soffice is missing: apt-get install libreoffice-calc-nogui"
        if REQUIRED:
            pytest.fail(message)
        pytest.skip(message)
    profile = (tmp_path / "profile").as_uri()

    def converted(path: Path, form: str, *options: str) -> Path:
        folder = tmp_path / f"{path.name} as {form.partition(':')[0]}"
        words = [OFFICE, "--headless", f"-env:UserInstallation={profile}", *options, "--convert-to", form]
        subprocess.run([*words, "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=120)
        return folder

    return converted


def shown(folder: Path, sheet: str) -> list[list[str]]:
    """The cells of a sheet as Calc wrote them, in the spelling of our CSV."""
    [file] = folder.glob(f"*-{sheet}.csv")
    spelt = {"TRUE": "true", "FALSE": "false"}
    return [[spelt.get(cell, cell) for cell in row] for row in csv_rows(file)]


def formulas(document: Path) -> set[str]:
    """What would be run in an OpenDocument spreadsheet; Calc writes a truth value of a workbook as a formula."""
    return set(re.findall(r'table:formula="([^"]*)"', document.read_text(encoding="utf-8")))


@pytest.mark.slow
def test_calc_shows_every_cell_of_the_workbook_and_runs_none(exported: Path, convert: Convert) -> None:
    folder = convert(exported / "out.xlsx", AS_CSV)

    for name, rows in tables(exported).items():
        assert shown(folder, name) == [[MOMENT.sub(r"\1 \2", cell) for cell in row] for row in rows], name
    assert formulas(convert(exported / "out.xlsx", "fods") / "out.fods") <= {"of:=TRUE()", "of:=FALSE()"}


@pytest.mark.slow
def test_calc_shows_every_cell_of_the_csv_file_and_runs_none(exported: Path, convert: Convert) -> None:
    file = exported / "out" / "positions.csv"

    assert shown(convert(file, AS_CSV, UTF_8), "positions") == csv_rows(file)
    opened = convert(file, "fods", UTF_8) / "positions.fods"
    assert "Заявление" in opened.read_text(encoding="utf-8")
    assert formulas(opened) == set()
