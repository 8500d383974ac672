"""`--format`: every answer as a table, as JSON, as CSV for spreadsheets, and as Markdown."""

import csv
import io
import json
from collections.abc import Callable, Iterable

import pytest

from tests.conftest import TALKS, Output, Positions, slow_but

Record = Callable[..., Output]
Says = Callable[..., Output]
QUESTIONS = [
    "demands",
    "offers",
    "nonstarters",
    "nonstarters --ever",
    "item no-enlargement",
    "actors",
    "matrix",
    "history",
    "movements --first",
    "unanswered",
    "outlook",
    "episodes",
    "episode episode-1",
    "search NATO",
    "status",
    "log",
]
FORMULAS = ["=1+1", "+1", "-2+3", "@SUM(A1)", '=HYPERLINK("https://example.org")']
MARKUP = "a|b `c` *d* _e_ <b>f</b> [g](https://example.org) ![h](x) ~i~ # j & \\k"
LISTS = ["demands", "offers", "nonstarters", "matrix", "history", "movements", "log"]
asked = pytest.mark.parametrize("question", slow_but(["demands", "nonstarters", "movements --first"], QUESTIONS))


def formed(positions: Positions, question: str, form: str) -> str:
    """The answer to a question in a form."""
    return positions(*question.split(), "-f", form).stdout


def table(text: str) -> list[dict[str, str]]:
    """The rows of CSV text, by its heading."""
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def cells(line: str) -> list[str]:
    """The cells of a row of a Markdown table: what stands between pipes that are not escaped."""
    return line.replace("\\\\", "").replace("\\|", "").strip().strip("|").split("|")


# ---- every form of every answer


@asked
@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_every_question_is_answered_in_every_form(seeded: Positions, question: str, form: str) -> None:
    told = seeded(*question.split(), "--format", form)

    assert told.stdout.endswith("\n")
    assert told.stderr == ""


@asked
def test_json_and_csv_hold_the_same_rows(seeded: Positions, question: str) -> None:
    answer = json.loads(formed(seeded, question, "json"))
    rows = answer if isinstance(answer, list) else [answer]

    read = table(formed(seeded, question, "csv"))

    assert len(read) == len(rows)
    actors = sorted({actor for row in rows for actor in row["stances"]}) if question == "matrix" else ()
    headings = [heading for name in rows[0] for heading in csv_headings(name, actors)]
    assert [list(row) for row in read] == [headings for _ in rows]


INTERVALS = ("made", "first_said", "last_said", "said", "since", "published", "last_heard")


def csv_headings(name: str, actors: Iterable[str]) -> list[str]:
    """The columns in CSV for a field of JSON; `actors` are those of the matrix."""
    if name == "stances" and actors:
        return [*actors]
    return [name, f"{name}_from", f"{name}_to"] if name in INTERVALS else [name]


def test_csv_gives_the_first_and_the_last_day_of_an_interval_a_column_each(seeded: Positions) -> None:
    days = {
        row["id"]: (row["made"], row["made_from"], row["made_to"]) for row in table(formed(seeded, "demands", "csv"))
    }

    assert days["return-to-1997"] == ("2021-12-11/2021-12-20", "2021-12-11", "2021-12-20")
    assert days["troops-back-to-barracks"] == ("../2022-01-17", "", "2022-01-17")


def test_the_table_is_the_form_that_nobody_has_to_ask_for(seeded: Positions) -> None:
    assert seeded("demands").stdout == formed(seeded, "demands", "table")


def test_an_unknown_form_is_a_usage_error_that_lists_the_forms(seeded: Positions) -> None:
    told = " ".join(seeded("demands", "-f", "yaml", exit_code=2).stderr.split())

    assert "--format" in told
    assert "'table', 'json'" in told


# ---- JSON


def test_json_keeps_letters_as_they_are(positions: Positions, record: Record) -> None:
    record(TALKS.replace("no more members", "“никогда” …"))

    assert "“никогда” …" in formed(positions, "demands", "json")


@pytest.mark.parametrize("question", slow_but(["matrix"], LISTS))
def test_json_of_an_empty_answer_is_an_empty_list(positions: Positions, question: str) -> None:
    assert json.loads(formed(positions, question, "json")) == []


def test_json_carries_no_footer_and_no_words_for_people(seeded: Positions) -> None:
    assert "Latest statement" not in formed(seeded, "demands", "json")
    assert "Latest statement" in formed(seeded, "demands", "table")
    assert "Latest statement" in formed(seeded, "demands", "markdown")


# ---- CSV


@pytest.mark.usefixtures("talks")
def test_csv_joins_lists_and_leaves_null_empty(positions: Positions) -> None:
    [first, _] = table(formed(positions, "demands", "csv"))

    assert (first["to"], first["package"], first["core"]) == ("nato; us", "", "false")
    assert json.loads(first["stances"] or "[]") == []


@pytest.mark.usefixtures("talks")
def test_the_matrix_as_csv_has_a_column_for_each_actor(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "open", "no-missiles", on="2022-01-12")

    stances = [[row["item"], row["nato"], row["us"]] for row in table(formed(positions, "matrix", "csv"))]

    assert stances == [["no-enlargement", "non-starter", ""], ["no-missiles", "", "open"], ["missile-talks", "", ""]]


@pytest.mark.usefixtures("talks")
def test_csv_holds_nested_answers_as_json(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")

    [row] = [row for row in table(formed(positions, "demands", "csv")) if row["id"] == "no-enlargement"]

    assert json.loads(row["stances"])[0]["stance"] == "non-starter"


@pytest.mark.parametrize("formula", slow_but(["=1+1"], FORMULAS))
def test_csv_gives_a_spreadsheet_no_formula_to_run(positions: Positions, record: Record, formula: str) -> None:
    record(TALKS.replace("No further enlargement", f"'{formula}'").replace("no more members", f"'{formula}'"))

    [row] = [row for row in table(formed(positions, "demands", "csv")) if row["id"] == "no-enlargement"]

    assert row["title"] == row["quote"] == f"'{formula}"
    assert positions.ask("item", "no-enlargement")["title"] == formula


def test_csv_keeps_quotation_marks_commas_and_line_breaks(positions: Positions, record: Record) -> None:
    title = 'one, "two"\nthree; four'
    record(TALKS.replace("title: No further enlargement", f"title: {json.dumps(title)}"))

    [row] = [row for row in table(formed(positions, "demands", "csv")) if row["id"] == "no-enlargement"]

    assert row["title"] == title


@pytest.mark.parametrize("question", slow_but(["nonstarters"], ["demands", "nonstarters", "history", "log"]))
def test_csv_of_an_empty_answer_still_has_its_heading(positions: Positions, seeded: Positions, question: str) -> None:
    heading = formed(seeded, question, "csv").splitlines()[:1]

    assert formed(positions, question, "csv").splitlines() == heading


# ---- Markdown


@asked
def test_markdown_tables_have_as_many_cells_as_headings(seeded: Positions, question: str) -> None:
    rows = [line for line in formed(seeded, question, "markdown").splitlines() if line.startswith("|")]
    headings = 0

    for number, row in enumerate(rows):
        if number + 1 < len(rows) and set(rows[number + 1]) <= set("| -"):
            headings = len(cells(row))
        assert len(cells(row)) == headings


@asked
def test_markdown_leaves_no_emphasis_without_words(seeded: Positions, question: str) -> None:
    text = formed(seeded, question, "markdown")

    assert "****" not in text
    assert "__" not in text
    assert [line for line in text.splitlines() if line.startswith("** ")] == []


def test_markdown_shows_markup_in_a_text_to_the_letter(positions: Positions, record: Record, says: Says) -> None:
    record(
        TALKS.replace("title: No further enlargement", f"title: {json.dumps(MARKUP)}").replace(
            "quote: no more members", f"quote: {json.dumps(MARKUP)}"
        )
    )
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote=MARKUP, wording="x|y")
    escaped = "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|~!&" else letter for letter in MARKUP)

    for question in ("demands", "nonstarters", "item no-enlargement", "matrix", "history"):
        text = formed(positions, question, "markdown")
        assert MARKUP not in text
        assert escaped in text, question
        heading = None
        for line in text.splitlines():
            if line.startswith("|"):
                heading = heading or len(cells(line))
                assert len(cells(line)) == heading
            else:
                heading = None


def test_markdown_puts_several_lines_of_a_text_into_one_cell(positions: Positions, record: Record) -> None:
    record(TALKS.replace("title: No further enlargement", 'title: "one\\ntwo"'))

    [line] = [line for line in formed(positions, "demands", "markdown").splitlines() if "one two" in line]

    assert line.startswith("| russia → nato, us | one two | no-enlargement |")


def test_markdown_of_an_empty_answer_says_why(positions: Positions) -> None:
    assert "No matching demands are on the table" in formed(positions, "demands", "markdown")


# ---- plans


@pytest.mark.parametrize("form", ["csv", "markdown", "json", "table"])
def test_a_plan_is_shown_in_every_form(positions: Positions, record: Record, form: str) -> None:
    told = record(TALKS, "--dry-run", "-f", form).stdout

    assert "no-enlargement" in told
    assert "talks" in told
    assert positions.ask("log") == []


def test_a_plan_in_markdown_has_one_line_for_each_entry(record: Record) -> None:
    lines = record(TALKS, "-f", "markdown").stdout.splitlines()

    assert len([line for line in lines if "demand no-enlargement" in line]) == 1
    assert [line for line in lines if line.startswith("** ")] == []
