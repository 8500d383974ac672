"""What a person sees on a terminal, and what a pipe gets instead."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from positions.app import app
from positions.rendering.layout import MARKS
from positions.vocabulary import StanceKind
from tests.conftest import TALKS, Output, Positions, slow_but

Record = Callable[..., Output]
Says = Callable[..., Output]
QUESTIONS = [
    "demands",
    "offers",
    "nonstarters",
    "nonstarters --ever",
    "item no-enlargement",
    "item missiles-inf-limits",
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
ESCAPE = "\x1b"
HOSTILE = r"[red]x[/] [link=file:///etc/passwd]y[/link] [/nothing] :smile: {0} %s \[bold]"
IN_BRIEF = ["demands", "nonstarters", "item no-enlargement", "matrix", "history", "outlook", "episode episode-1", "log"]
"""Those that together have every kind of layout."""

asked = pytest.mark.parametrize("question", slow_but(IN_BRIEF, QUESTIONS))


def drawn(positions: Positions, question: str, width: int = 80) -> str:
    """What a terminal of `width` columns without colours shows."""
    return positions(*question.split(), TTY_COMPATIBLE="1", COLUMNS=str(width), NO_COLOR="1", TERM="xterm").stdout


def coloured(positions: Positions, question: str, width: int = 80, no_color: str = "") -> str:
    """What a terminal with colours shows, escape codes included."""
    words, columns = question.split(), str(width)
    return positions(
        *words, TTY_COMPATIBLE="1", COLUMNS=columns, NO_COLOR=no_color, TERM="xterm-256color", COLORTERM="truecolor"
    ).stdout


def uncoloured(text: str) -> str:
    """Text without escape codes for colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def flowing(text: str) -> str:
    """Text without line breaks and columns, as far as words go."""
    return " ".join(text.split())


# ---- as wide as the terminal


@asked
@pytest.mark.parametrize("width", slow_but([80], [80, 120]))
def test_no_line_is_longer_than_the_terminal_is_wide(seeded: Positions, question: str, width: int) -> None:
    lines = drawn(seeded, question, width).splitlines()

    assert [line for line in lines if cell_len(line) > width] == []


@asked
def test_headings_and_stances_are_never_broken_at_80_columns(seeded: Positions, question: str) -> None:
    piped = seeded(*question.split()).stdout
    words = {
        *("non-starter", "negotiable", "Demands", "Offers", "Stances", "Stance", "Refused", "Published", "Revision"),
        *("blocked", "unanswered", "answered", "Episode"),
    }

    shown = set(re.findall(r"[\w-]+", drawn(seeded, question)))

    assert {word for word in words if re.search(rf"(?<![\w-]){word}(?![\w-])", piped)} <= shown


@pytest.mark.parametrize("width", slow_but([80], [80, 120]))
def test_long_words_wide_letters_and_tabs_stay_within_the_width(
    positions: Positions, record: Record, width: int
) -> None:
    long, wide = "a" * 200, "北大西洋公约组织" * 20
    record(TALKS.replace("No further enlargement", long).replace("no more members", wide))
    record(f"""
        format: 1
        episode: {{id: {"e" * 64}, kind: article, title: "{wide}", published: 2022-02-01, author: "{long}",
                   url: "https://example.org/{long}"}}
        actors: [{{id: {"f" * 64}, kind: state, name: "{wide}"}}]
        responses:
          - {{id: {"r" * 64}, by: {"f" * 64}, said: 2022-02-01, venue: "{long}", basis: stated,
              quote: "tab\\there {long}",
              stances: {{no-enlargement: {{stance: negotiable, condition: "{long}", wording: "{wide}"}}}}}}
    """)

    for question in ("demands", "nonstarters", "item no-enlargement", "actors", "matrix", "history", "episodes", "log"):
        lines = drawn(positions, question, width).splitlines()
        assert [line for line in lines if cell_len(line.expandtabs()) > width] == [], question


def test_four_actors_fit_a_matrix_of_80_columns_with_whole_stances(positions: Positions, record: Record) -> None:
    record(TALKS)
    record("""
        format: 1
        episode: {id: all, kind: article, title: All, published: 2022-02-01, url: https://example.org/all}
        actors: [{id: france, kind: state, name: France}, {id: germany, kind: state, name: Germany}]
        responses:
          - {id: it, by: [nato, us, france, germany], said: 2022-02-01, basis: stated, quote: never,
             stances: {no-enlargement: non-starter, no-missiles: negotiable}}
    """)

    table = drawn(positions, "matrix")

    [refused] = [line for line in table.splitlines() if "no-enlargement" in line]
    [talked] = [line for line in table.splitlines() if "no-missiles" in line]
    assert (refused.count("■"), talked.count("◆")) == (4, 4)


def test_no_words_of_a_quotation_are_cut_off_on_a_terminal(seeded: Positions) -> None:
    table = drawn(seeded, "nonstarters")

    assert "…" not in table.replace(" … ", "")
    for refusal in seeded.ask("nonstarters"):
        for word in refusal["quote"].split():
            assert word in table


# ---- ids, and how long an answer is


@pytest.mark.parametrize(
    "question", ["demands", "offers", "nonstarters", "matrix --all", "history", "movements --first"]
)
def test_ids_are_never_broken_at_80_columns(seeded: Positions, question: str) -> None:
    shown = set(drawn(seeded, question).replace(",", " ").split())

    assert {row.get("item") or row["id"] for row in seeded.ask(*question.split())} <= shown


def test_a_title_is_cut_where_its_id_needs_the_room(seeded: Positions) -> None:
    [row] = [line for line in drawn(seeded, "matrix --all").splitlines() if "no-enlargement" in line]
    [wide] = [line for line in drawn(seeded, "matrix --all", 160).splitlines() if "no-enlargement" in line]

    assert "…  " not in wide
    assert "No further enlargement of NATO to the east" in wide
    assert len(row) <= 80


@pytest.mark.parametrize("question", ["demands", "offers"])
def test_titles_and_ids_of_demands_and_offers_are_whole_at_80_columns(seeded: Positions, question: str) -> None:
    shown = drawn(seeded, question)

    assert "…" not in shown
    for row in seeded.ask(question):
        assert row["title"] in flowing(shown)
        assert row["id"] in shown


@pytest.fixture(scope="module")
def winter(tmp_path_factory: pytest.TempPathFactory) -> Positions:
    """The command line on a database with every shipped episode."""
    positions = Positions(str(tmp_path_factory.mktemp("winter") / "winter.db"))
    positions("init", "--all")
    return positions


@pytest.mark.slow
@pytest.mark.parametrize("words", ["", "--as-of 2022-02-17"])
@pytest.mark.parametrize(("question", "most"), [("matrix", 80), ("outlook", 60)])
def test_the_whole_winter_is_read_on_two_or_three_screens(
    winter: Positions, question: str, most: int, words: str
) -> None:
    assert len(drawn(winter, f"{question} {words}").splitlines()) <= most


@pytest.mark.slow
def test_the_status_of_the_whole_winter_is_one_screen(winter: Positions) -> None:
    assert len(drawn(winter, "status").splitlines()) <= 24


def test_a_terminal_counts_what_all_lists(seeded: Positions) -> None:
    unanswered = {row["item"] for row in seeded.ask("outlook") if row["verdict"] == "unanswered"}
    silent = {row["item"] for row in seeded.ask("matrix") if not row["stances"]}

    for question, items in (("outlook", unanswered), ("matrix", silent)):
        short, whole, piped = (drawn(seeded, question), drawn(seeded, f"{question} --all"), seeded(question).stdout)
        assert f"{len(items)} " in short
        assert "(--all lists them)" in short
        assert "(--all lists them)" not in whole + piped
        for item in items:
            lines = [text.splitlines() for text in (short, whole, piped)]
            # A package's line may name the item as well.
            found = [any(item in line and "holds up" not in line for line in text) for text in lines]
            assert found[1:] == [True, True], item


def test_what_was_not_read_is_counted_until_asked_for(positions: Positions, record: Record) -> None:
    record(TALKS)
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: The reply, published: 2022-02-02, url: https://example.org/reply,
                  read: part, missing: its annex}
    """)

    assert "1 whole, 1 in part" in drawn(positions, "status")
    assert "its annex" not in drawn(positions, "status")
    assert "reply: its annex" in drawn(positions, "status --missing")
    assert "reply: its annex" in positions("status").stdout


def test_the_log_says_once_that_episodes_are_as_shipped(seeded: Positions) -> None:
    assert drawn(seeded, "log").count("as shipped") == 1
    assert "Episode 1, as shipped" in seeded("log").stdout


def test_the_key_of_a_matrix_explains_only_the_marks_that_it_has(
    positions: Positions, record: Record, says: Says
) -> None:
    record(TALKS)
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    assert "maker's own" not in drawn(positions, "matrix")
    assert "own:" not in positions("matrix").stdout

    says("us", "open", "missile-talks", on="2022-01-12")
    says("us", "negotiable", "no-missiles", on="2022-01-12", basis="alleged", reported_by="lavrov")

    matrix = drawn(positions, "matrix")
    assert "( ) maker's own" in matrix
    assert "(●)" in matrix
    assert "? alleged or inferred" in matrix
    assert "◆?" in matrix
    assert "contested" not in matrix


def test_help_has_one_line_for_each_command(positions: Positions) -> None:
    lines = positions("--help", COLUMNS="80", TERMINAL_WIDTH="80").stdout.partition("Ask:")[2].splitlines()

    assert [line for line in lines if len(line) > 78 or line.startswith("    ")] == []


# ---- colours and words


@asked
def test_colours_add_nothing_that_the_words_do_not_say(seeded: Positions, question: str) -> None:
    with_colours = coloured(seeded, question, 120)

    assert ESCAPE in with_colours
    assert uncoloured(with_colours) == drawn(seeded, question, 120)


COLOURS = {"non-starter": "1;31", "negotiable": "33", "open": "32"}
"""Bold red, yellow, green."""


@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize("stance", COLOURS)
def test_each_stance_has_its_colour(positions: Positions, says: Says, stance: str) -> None:
    says("nato", stance, "no-enlargement", on="2022-01-12")

    for question, shown in (("matrix", MARKS[StanceKind(stance)]), ("history", stance)):
        assert f"{ESCAPE}[{COLOURS[stance]}m{shown}{ESCAPE}[0m" in coloured(positions, question)


def test_what_a_plan_adds_corrects_and_takes_back_has_its_colour(positions: Positions, tmp_path: Path) -> None:
    path = tmp_path / "talks.yaml"
    path.write_text(TALKS, encoding="utf-8")
    first = coloured(positions, f"record {path}")
    path.write_text(TALKS.replace("title: No missiles", "title: No rockets").partition("offers:")[0], encoding="utf-8")
    second = coloured(positions, f"record {path} --replace")

    assert f"{ESCAPE}[32m+ demand no-missiles" in first
    assert f"{ESCAPE}[33m~ demand no-missiles" in second
    assert f"{ESCAPE}[31m- offer missile-talks" in second


@asked
def test_no_color_gives_no_escape_codes(seeded: Positions, question: str) -> None:
    assert ESCAPE not in coloured(seeded, question, no_color="1")


def test_stances_are_words_on_a_terminal_without_colours(positions: Positions, record: Record, says: Says) -> None:
    record(TALKS)
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "negotiable", "no-enlargement", on="2022-01-12")
    says("us", "open", "no-missiles", on="2022-01-12")

    words = drawn(positions, "history").split()
    assert [words.count(stance) for stance in ("non-starter", "negotiable", "open")] == [1, 1, 1]
    for question in ("matrix", "demands", "outlook"):
        assert "■ non-starter  ◆ negotiable  ● open" in drawn(positions, question)
    assert "■ nato  ◆ us" in drawn(positions, "demands")


@pytest.mark.parametrize("form", slow_but(["json"], ["json", "csv", "markdown"]))
@asked
def test_forms_for_programs_have_no_escape_codes_on_a_terminal(seeded: Positions, question: str, form: str) -> None:
    assert ESCAPE not in coloured(seeded, f"{question} --format {form}")


def test_a_plan_is_drawn_within_the_width_too(positions: Positions, tmp_path: Path) -> None:
    path = tmp_path / "talks.yaml"
    path.write_text(TALKS.replace("no-enlargement", "no-" + "enlargement-" * 4 + "ever"), encoding="utf-8")

    lines = uncoloured(coloured(positions, f"record {path} --dry-run")).splitlines()

    assert [line for line in lines if cell_len(line) > 80] == []
    assert "+ demand no-enlargement-" in "\n".join(lines)


# ---- pipes


@asked
def test_a_pipe_gets_no_escape_codes_and_no_wrapping(seeded: Positions, question: str) -> None:
    piped = seeded(*question.split(), COLUMNS="40", FORCE_COLOR="1", TERM="xterm-256color").stdout

    assert ESCAPE not in piped
    assert piped == seeded(*question.split(), COLUMNS="200").stdout
    assert all(line == line.rstrip() for line in piped.splitlines())
    assert piped.endswith("\n")


def test_a_pipe_gets_one_line_a_row(seeded: Positions) -> None:
    def lines(question: str, word: str) -> int:
        return sum(word in line for line in seeded(*question.split()).stdout.splitlines())

    assert all(lines("demands", one["title"]) == 1 for one in seeded.ask("demands"))
    assert all(lines("matrix", one["title"]) == 1 for one in seeded.ask("matrix"))
    assert lines("history", "episode-1/") == len(seeded.ask("history"))
    assert lines("nonstarters", "episode-1/") == len({one["item"] for one in seeded.ask("nonstarters")})
    assert lines("actors", "Sergey Lavrov") == lines("episodes", "Ali Tuygan") == lines("log", "r1 ") == 1


def test_every_line_of_piped_refusals_names_its_item(positions: Positions, record: Record, says: Says) -> None:
    record(TALKS)
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote="never ever")
    says("us", "non-starter", "no-enlargement", on="2022-01-13", quote="not at all")

    lines = positions("nonstarters").stdout.splitlines()

    assert len([line for line in lines if "No further enlargement" in line]) == 2


def test_dumb_stand_ins_for_a_terminal_can_ask_for_plain_text(seeded: Positions) -> None:
    assert seeded("demands", TTY_COMPATIBLE="0", TERM="xterm").stdout == seeded("demands").stdout


# ---- hostile text


def test_markup_in_a_text_is_shown_to_the_letter(positions: Positions, record: Record) -> None:
    record(f"""
        format: 1
        episode: {{id: hostile, kind: article, title: '{HOSTILE}', published: 2022-02-01, author: '{HOSTILE}',
                   url: https://example.org/hostile}}
        sides: [{{id: east, name: '{HOSTILE}'}}]
        actors:
          - {{id: one, kind: state, side: east, name: '{HOSTILE}'}}
          - {{id: two, kind: state, name: Two}}
        demands:
          - {{id: it, by: one, to: two, topic: t, title: '{HOSTILE}', text: '{HOSTILE}', made: 2022-01-01,
              basis: stated, quote: '{HOSTILE}'}}
        responses:
          - {{id: no, by: two, said: 2022-01-02, basis: stated, quote: '{HOSTILE}',
              stances: {{it: {{stance: non-starter, wording: 'label {HOSTILE}', condition: '{HOSTILE}'}}}}}}
    """)

    for question in ("demands", "nonstarters", "item it", "matrix", "history", "actors", "episodes"):
        assert HOSTILE in flowing(uncoloured(coloured(positions, question, 400))), question
        assert HOSTILE in positions(*question.split()).stdout, question


def test_a_reason_with_control_characters_never_reaches_the_terminal(positions: Positions, tmp_path: Path) -> None:
    path = tmp_path / "talks.yaml"
    path.write_text(TALKS, encoding="utf-8")

    CliRunner().invoke(
        app, ["record", str(path), "-m", f"{ESCAPE}[31mred{ESCAPE}]0;title\x07"], env={"POSITIONS_DB": positions.db}
    )

    assert ESCAPE not in positions("log").stdout
    assert ESCAPE not in drawn(positions, "log")


def test_a_file_name_with_control_characters_never_reaches_the_terminal(positions: Positions, tmp_path: Path) -> None:
    path = tmp_path / f"{ESCAPE}[31mtalks.yaml"
    path.write_text(TALKS, encoding="utf-8")

    plan = positions("record", str(path))

    assert ESCAPE not in plan.stdout
    assert ESCAPE not in positions("log").stdout


@pytest.mark.parametrize(
    "fault",
    [r'"\e[31mkey": 1', r'responses: [{id: x, stances: {"\e[31m": open}}]', r'responses: [{"\e[31mkey": 1}]'],
)
def test_a_fault_in_a_file_never_sends_its_escape_codes(positions: Positions, tmp_path: Path, fault: str) -> None:
    path = tmp_path / "fault.yaml"
    path.write_text(f"{TALKS}\n{fault}\n", encoding="utf-8")

    done = CliRunner().invoke(app, ["record", str(path)], env={"POSITIONS_DB": positions.db}, color=True)

    assert done.exit_code == 1
    assert ESCAPE not in done.stderr


def test_a_searched_word_never_sends_its_escape_codes(seeded: Positions) -> None:
    assert ESCAPE not in seeded("search", f"{ESCAPE}[31mNATO").stdout


@pytest.mark.parametrize("terminal", ["0", "1"])
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_console_without_typographic_characters_shows_plain_ones(
    seeded: Positions, encoding: str, terminal: str
) -> None:
    environment = {"POSITIONS_DB": seeded.db, "TTY_COMPATIBLE": terminal, "COLUMNS": "100"}

    told = CliRunner(charset=encoding).invoke(app, ["nonstarters"], env=environment)

    assert told.exception is None
    assert "The Alliance will not go" in told.stdout
    assert "?" not in told.stdout


def test_json_for_such_a_console_has_the_same_values(seeded: Positions) -> None:
    told = CliRunner(charset="ascii").invoke(app, ["nonstarters", "-f", "json"], env={"POSITIONS_DB": seeded.db})

    assert json.loads(told.stdout) == seeded.ask("nonstarters")
