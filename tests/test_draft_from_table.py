"""`positions draft --from`: a table with one position in each row becomes an episode file."""

import io
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from positions import sheets
from positions.dates import parse_any
from positions.errors import SheetError, TextFileError
from tests.conftest import Output, Positions
from tests.source_files import zipped

HEADER = "actor,item,stance,said,quote,speaker,basis"
TITLED = ("--title", "The written replies", "--published", "2022-02-02", "--kind", "reply")
TABLE = f"""\
{HEADER}
nato,no-enlargement,non-starter,2022-01-26,we refuse that,,stated
nato,no-missiles,negotiable,2022-01-26,we refuse that,,stated
us,no-enlargement,non-starter,2022-01-26,"no, never",,stated
"""

Draft = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.usefixtures("talks")

needs_openpyxl = pytest.mark.skipif(find_spec("openpyxl") is None, reason="the extra `xlsx` is not installed")


@pytest.fixture
def draft(positions: Positions, tmp_path: Path) -> Draft:
    """What the file has that is drafted from a table: `draft(TABLE, "--map", …)`; it can be recorded."""

    def drafted(table: str | bytes, *options: str, name: str = "rows.csv", records: bool = True) -> dict[str, Any]:
        made = draft_file(positions, tmp_path, table, *options, name=name)
        positions("record", str(made), "--dry-run", exit_code=0 if records else 1)
        document: dict[str, Any] = yaml.safe_load(made.read_text(encoding="utf-8"))
        return document

    return drafted


def draft_file(positions: Positions, folder: Path, table: str | bytes, *options: str, name: str = "rows.csv") -> Path:
    """The file drafted from a table."""
    positions("draft", str(folder / "replies.yaml"), *from_table(folder, table, name), *options, "--force")
    return folder / "replies.yaml"


def from_table(folder: Path, table: str | bytes, name: str = "rows.csv") -> Sequence[str]:
    """The options to draft from a table with this content."""
    (folder / name).write_bytes(table.encode() if isinstance(table, str) else table)
    return (*TITLED, "--from", str(folder / name))


@pytest.fixture
def refused(positions: Positions, tmp_path: Path) -> Callable[..., str]:
    """What is said of a table that cannot be drafted from; no file is made."""

    def told(table: str | bytes, *options: str, name: str = "rows.csv", exit_code: int = 1) -> str:
        made = tmp_path / "replies.yaml"
        said = positions("draft", str(made), *from_table(tmp_path, table, name), *options, exit_code=exit_code).stderr
        assert not made.exists()
        return said

    return told


def workbook(*rows: Sequence[object]) -> bytes:
    """An Excel workbook with these rows, and a second sheet."""
    book = import_module("openpyxl").Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.create_sheet("More")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


# ---- what becomes of rows


def test_rows_with_the_same_words_become_one_response(draft: Draft) -> None:
    document = draft(TABLE)

    assert document["episode"]["kind"] == "reply"
    assert document["responses"] == [
        {
            "id": "nato-2022-01-26",
            "by": "nato",
            "said": date(2022, 1, 26),
            "basis": "stated",
            "quote": "we refuse that",
            "stances": {"no-enlargement": "non-starter", "no-missiles": "negotiable"},
        },
        {
            "id": "us-2022-01-26",
            "by": "us",
            "said": date(2022, 1, 26),
            "basis": "stated",
            "quote": "no, never",
            "stances": {"no-enlargement": "non-starter"},
        },
    ]


def test_what_is_recorded_is_recognised_by_its_name_or_title(draft: Draft) -> None:
    row = "NATO,No further enlargement,Non Starter,2022-01-26,never,,Stated"

    document = draft(f"{HEADER}\n{row}\n")

    assert document.keys() == {"format", "episode", "responses"}
    assert document["responses"][0]["stances"] == {"no-enlargement": "non-starter"}


def test_a_person_in_the_column_of_actors_speaks_for_one(draft: Draft) -> None:
    [response] = draft(f"{HEADER}\nSergey Lavrov,missile-talks,open,2022-01-26,we will talk,,stated\n")["responses"]

    assert (response["by"], response["speaker"]) == ("russia", "lavrov")


def test_new_items_actors_and_speakers_are_entries_to_look_at(
    draft: Draft, positions: Positions, tmp_path: Path
) -> None:
    table = (
        "actor,item,stance,said,quote,speaker,basis,topic,maker,url\n"
        "Germany,Withdraw the brigade,open,12 Jan 2022,let us talk,Olaf Scholz,stated,Troops,us,https://example.org/a\n"
    )

    document = draft(table)
    text = draft_file(positions, tmp_path, table).read_text(encoding="utf-8")

    assert [actor["id"] for actor in document["actors"]] == ["germany", "olaf-scholz"]
    assert document["actors"][1] | {"kind": "person", "speaks_for": "germany"} == document["actors"][1]
    [item] = document["demands"]
    assert item == {
        "id": "withdraw-the-brigade",
        "by": "us",
        "to": "germany",
        "topic": "troops",
        "title": "Withdraw the brigade",
        "made": "../2022-01-12",
        "basis": "reported",
        "summary": "Withdraw the brigade",
    }
    assert document["episode"]["url"] == "https://example.org/a"
    assert text.count("# look: new ") == 3
    assert "  # look: new demand made from row 2" in text


def test_what_record_would_refuse_is_marked_where_it_stands(draft: Draft, positions: Positions, tmp_path: Path) -> None:
    table = f"{HEADER}\nnato,no-enlargement,non-starter,2022-01-26,,,\n"

    draft(table, records=False)
    text = draft_file(positions, tmp_path, table).read_text(encoding="utf-8")

    assert "# look: basis: row 2 does not say it" in text
    assert "# look: stances.no-enlargement: without a quotation, a `summary` in your own words is needed" in text


def test_names_in_other_alphabets_get_ids(draft: Draft) -> None:
    document = draft(f"{HEADER}\nГермания,нет баз,open,2022-01-26,мы готовы,,stated\n", records=False)

    assert document["actors"][0] == {"id": "actor", "kind": "state", "name": "Германия"}
    assert document["demands"][0]["title"] == "нет баз"


def test_names_are_the_same_only_letter_by_letter(draft: Draft) -> None:
    rows = "us,базы 1997,open,2022-01-26,a,,stated\nÜS,границы 1997,open,2022-01-26,a,,stated\n"

    document = draft(f"{HEADER}\n{rows}", records=False)

    assert [item["id"] for item in document["demands"]] == ["1997", "1997-2"]
    assert [actor["id"] for actor in document["actors"]] == ["us-2"]


def test_a_speaker_of_another_actor_is_marked(positions: Positions, tmp_path: Path) -> None:
    row = "us,no-missiles,open,2022-01-26,let us talk,Sergey Lavrov,stated"

    text = draft_file(positions, tmp_path, f"{HEADER}\n{row}\n").read_text(encoding="utf-8")

    assert "# look: speaker: lavrov speaks for russia\n" in text


def test_columns_and_rows_that_are_not_used_are_told(positions: Positions, tmp_path: Path) -> None:
    table = f"{HEADER},remarks\nnato,no-missiles,,,,,,\n{TABLE.partition(chr(10))[2]}".replace(
        ",stated\n", ",stated,x\n"
    )

    told = positions("draft", str(tmp_path / "x.yaml"), *from_table(tmp_path, table)).stderr

    assert "Columns that were not used: remarks. `--map COLUMN=FIELD` uses one." in told
    assert "Left out, because they have no stance: row 2." in told


def test_the_same_row_twice_is_one_stance_and_another_stance_an_error(
    draft: Draft, refused: Callable[..., str]
) -> None:
    again = TABLE.splitlines()[1]

    told = refused(f"{TABLE}{again.replace('non-starter', 'open')}\n")
    assert "rows.csv: row 5, stance: another than in row 2, for the same actor, item, days and words" in told
    assert draft(f"{TABLE}{again}\n") == draft(TABLE)


# ---- columns


def test_columns_are_recognised_by_common_names(draft: Draft) -> None:
    header = "Party;Issue;POSITION;Date;Quotation;Said_by;Basis"

    assert draft(TABLE.replace(HEADER, header.replace(";", ","))) == draft(TABLE)


def test_a_column_with_another_name_is_mapped(draft: Draft, refused: Callable[..., str]) -> None:
    table = TABLE.replace("stance", "Haltung")

    told = refused(table)
    assert "rows.csv has no column for stance\n" in told
    assert "Its columns: actor, item, Haltung, said, quote, speaker, basis. `--map COLUMN=stance` names" in told
    assert draft(table, "--map", "haltung=stance") == draft(TABLE)


def test_a_mapping_that_makes_no_sense_is_refused(refused: Callable[..., str]) -> None:
    assert "has no column 'Haltung'" in refused(TABLE, "--map", "Haltung=stance")
    assert "use COLUMN=FIELD" in refused(TABLE, "--map", "stance", exit_code=2)
    assert "use COLUMN=FIELD" in refused(TABLE, "--map", "stance=opinion", exit_code=2)


def test_columns_cannot_be_mapped_without_a_table(positions: Positions, tmp_path: Path) -> None:
    told = positions("draft", str(tmp_path / "x.yaml"), *TITLED, "--map", "a=actor", exit_code=2).stderr

    assert "name it with --from" in told


# ---- cells


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2022-01-12", "2022-01-12"),
        ("2022-01", "2022-01"),
        ("2022-01-10/2022-01-12", "2022-01-10/2022-01-12"),
        ("2022-01-12 00:00:00", "2022-01-12"),
        ("12.01.2022", "2022-01-12"),
        ("1.2.2022", "2022-02-01"),
        ("12 Jan 2022", "2022-01-12"),
        ("12 january 2022", "2022-01-12"),
        ("Sept. 1, 2022", "2022-09-01"),
        ("January 2022", "2022-01"),
        ("13/01/2022", "2022-01-13"),
        ("01/13/2022", "2022-01-13"),
        ("01/01/2022", "2022-01-01"),
    ],
)
def test_days_are_read_as_tables_have_them(written: str, said: str) -> None:
    assert str(parse_any(written)) == said


@pytest.mark.parametrize("written", ["", "44573", "12.01.22", "yesterday", "31.02.2022", "99/99/2022", "12 Foo 2022"])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"is not a day|in the calendar"):
        parse_any(written)


def test_a_cell_that_cannot_be_read_is_named_with_its_row(refused: Callable[..., str]) -> None:
    told = refused(
        f"{HEADER}\n"
        "nato,no-missiles,red line,01/12/2022,x,,stated\n"
        "\n"
        ",no-missiles,open,2023-01-01,x,,certain\n"
        "us,no-missiles,open,,b\x07l,,\n"
    )

    assert "rows.csv: row 2, stance: 'red line' is none of non-starter, negotiable, open\n" in told
    assert "row 2, said: '01/12/2022' may be two days; write 2022-12-01 or 2022-01-12\n" in told
    assert "row 4, actor: is empty\n" in told
    assert "row 4, basis: 'certain' is none of stated, reported, alleged, inferred\n" in told
    assert "row 4, said: 2023-01-01 is after the day of publication, 2022-02-02\n" in told
    assert "row 5, quote: the character U+0007 is not allowed; remove it\n" in told
    assert "row 5, said: is empty" in told


@pytest.mark.parametrize("written", ["non-starter", "Non-Starter", "NON STARTER", "non_starter", "nonstarter"])
def test_a_stance_may_be_written_with_any_hyphen_and_case(draft: Draft, written: str) -> None:
    assert draft(TABLE.replace("non-starter", written)) == draft(TABLE)


def test_the_days_between_which_it_was_said_may_have_two_columns(draft: Draft) -> None:
    table = (
        "actor,item,stance,last_from,last_to,words,basis\nnato,no-missiles,open,2022-01-10,2022-01-12,we talk,stated\n"
    )

    assert draft(table)["responses"][0]["said"] == "2022-01-10/2022-01-12"


# ---- files


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv", b"\xef\xbb\xbf" + TABLE.encode()),
        ("rows.csv", TABLE.replace("\n", "\r\n").encode()),
        ("rows.csv", ("\n\n" + TABLE.replace("\n", "\n,,,,,,\n")).encode()),
        ("rows.csv", TABLE.replace('"no, never"', "no! never").replace(",", ";").replace("no!", "no,").encode()),
        (
            "rows.csv",
            ("sep=;\n" + TABLE.replace('"no, never"', "no! never").replace(",", ";").replace("no!", "no,")).encode(),
        ),
        (
            "rows.tsv",
            TABLE.replace('"no, never"', "no! never").replace(",", "\t").replace("no!", "no,").encode("utf-16"),
        ),
    ],
    ids=["byte order mark", "line ends of Windows", "empty rows", "semicolons", "sep=", "tabs in UTF-16"],
)
def test_tables_are_read_as_spreadsheets_save_them(draft: Draft, name: str, content: bytes) -> None:
    assert draft(content, name=name) == draft(TABLE)


@needs_openpyxl
def test_an_excel_workbook_with_its_dates_is_read(draft: Draft, positions: Positions, tmp_path: Path) -> None:
    said = datetime(2022, 1, 26)  # noqa: DTZ001 (as Excel has it)
    book = workbook(
        [],
        HEADER.split(","),
        ["nato", "no-enlargement", "non-starter", said, "we refuse that", None, "stated"],
        [],
        ["nato", "no-missiles", "negotiable", said.date(), "we refuse that", None, "stated"],
        ["us", "no-enlargement", "non-starter", "26.01.2022", "no, never", None, "stated"],
    )

    assert draft(book, name="rows.xlsx") == draft(TABLE)
    told = positions("draft", str(tmp_path / "other.yaml"), *from_table(tmp_path, book, "rows.xlsx")).stderr
    assert "Only the first sheet was read, not More." in told


def test_a_formula_is_a_text_like_any_other(draft: Draft) -> None:
    words = "'=cmd|' /C calc'!A0"

    [first, *_] = draft(TABLE.replace("we refuse that", words))["responses"]

    assert first["quote"] == words.removeprefix("'")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rows.csv", b"", "is empty"),
        ("rows.csv", b",,\n\n", "is empty"),
        ("rows.csv", f"{HEADER}\n".encode(), "has no row with a stance"),
        ("rows.csv", b"caf\xe9", "is not UTF-8"),
        (
            "rows.csv",
            f"{HEADER}\na,b,open,2022,x,,stated,more\n".encode(),
            "row 2 has more cells than there are columns",
        ),
        ("rows.csv", f'{HEADER}\n"a,b\n'.encode(), "cannot be read"),
        ("rows.csv", f"{HEADER}\n{'a' * 100_000},b,open\n".encode(), "row 2 has a cell of more than 32,767 characters"),
        ("rows.csv", f"{HEADER}\n{'a' * 1_000_000},b,open\n".encode(), "line 2 cannot be read"),
        ("rows.csv", f"{HEADER}\n{'a,b,open,2022,x,,stated' + chr(10)}".encode() * 60_000, "has more than 10,000 rows"),
        ("rows.csv", b"a," * 300, "row 1 has more than 256 cells"),
        ("rows.csv", b"x" * (sheets.MAX_BYTES + 1), "is larger than 10 MiB"),
    ],
)
def test_a_table_that_cannot_be_one_is_refused(
    refused: Callable[..., str], name: str, content: bytes, message: str
) -> None:
    assert f"{name}" in (told := refused(content, name=name))
    assert message in told


@needs_openpyxl
def test_a_workbook_that_cannot_be_read_is_refused(refused: Callable[..., str]) -> None:
    assert "no Excel workbook, or damaged" in refused(b"PK damaged", name="rows.xlsx")
    assert "no Excel workbook, or damaged" in refused(zipped({"other": "file"}), name="rows.xlsx")
    bomb = zipped({"xl/sharedStrings.xml": " " * (sheets.MAX_UNPACKED_BYTES + 1)})
    assert "larger than 50 MiB when unpacked" in refused(bomb, name="rows.xlsx")
    assert "row 1 has more than 256 cells" in refused(workbook(["actor"] * 300), name="rows.xlsx")


def test_without_openpyxl_a_csv_can_still_be_read(
    draft: Draft, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)

    assert "pip install -e '.[xlsx]'" in refused(b"PK", name="rows.xlsx")
    assert draft(TABLE)["responses"]


def test_there_is_no_such_table(positions: Positions, tmp_path: Path) -> None:
    told = positions("draft", str(tmp_path / "x.yaml"), *TITLED, "--from", str(tmp_path / "no.csv"), exit_code=1).stderr

    assert "no.csv cannot be read: No such file" in told


@given(st.binary() | st.text().map(str.encode), st.sampled_from(["a.csv", "a.tsv", "a.xlsx"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_a_table_or_refused(tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)

    try:
        sheet = sheets.read(tmp_path / name)
    except (SheetError, TextFileError):
        pass
    else:
        assert all(len(row) == len(sheet.columns) for _, row in sheet.rows)


# ---- there and back


def test_what_history_prints_as_a_table_can_be_drafted_from_and_recorded(
    positions: Positions, says: Callable[..., Output], tmp_path: Path
) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", wording="simply no")
    says("us", "negotiable", "no-missiles", on="2022-01-12", condition="reciprocal")
    table = positions("history", "-f", "csv").stdout.replace("2022-01-12", "2022-01-26").replace("reciprocal", "mutual")

    made = draft_file(positions, tmp_path, table, "--url", "https://example.org/replies")
    positions("record", str(made))

    rows = [row for row in positions.ask("history") if row["episode"] == "replies"]
    assert [(row["actor"], row["item"], row["stance"], row["wording"], row["condition"]) for row in rows] == [
        ("nato", "no-enlargement", "non-starter", "simply no", None),
        ("us", "no-missiles", "negotiable", None, "mutual"),
    ]
