"""Whoever guesses a word, an id or an option is told what would be right."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Positions

pytestmark = pytest.mark.usefixtures("talks")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["demands", "russia"], "--side russia"),
        (["history", "no-enlargement"], "--item no-enlargement"),
        (["nonstarters", "nato"], "--actor nato"),
    ],
)
def test_an_argument_that_should_be_an_option_is_answered_with_it(
    positions: Positions, words: list[str], meant: str
) -> None:
    told = positions(*words, exit_code=2).stderr

    assert f"unexpected argument {words[-1]}. Did you mean " in told
    assert meant in told


def test_an_argument_too_many_does_not_act_on_the_terminal(positions: Positions) -> None:
    assert "\x1b]0;" not in positions("status", "\x1b]0;title", exit_code=2).stderr


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("list", "positions demands"),
        ("show", "positions item ITEM"),
        ("red-lines", "positions nonstarters"),
        ("demand", "'demands'"),
    ],
)
def test_words_that_people_try_are_answered_with_the_command(positions: Positions, word: str, meant: str) -> None:
    told = positions(word, exit_code=2).stderr

    assert f"No such command '{word}'" in told
    assert meant in told


def test_the_case_of_an_id_makes_no_difference(positions: Positions) -> None:
    assert positions.ask("demands", "--side", "Russia") == positions.ask("demands", "--side", "russia") != []
    assert positions.ask("item", "No-Enlargement")["id"] == "no-enlargement"


def test_a_name_is_answered_with_its_id(positions: Positions) -> None:
    assert "Did you mean us?" in positions("offers", "--by", "United States", exit_code=1).stderr
    assert "Did you mean no-enlargement?" in positions("item", "further enlargement", exit_code=1).stderr


def test_no_suggestion_is_better_than_a_far_one(positions: Positions) -> None:
    assert "Hint: Known ids: russia, west." in positions("demands", "--side", "usa", exit_code=1).stderr


def test_a_stance_that_is_nearly_one_is_answered_with_it(positions: Positions) -> None:
    told = positions("demands", "--stance", "nonstarter", exit_code=2).stderr

    assert "Did you mean 'non-starter'?" in told


@pytest.mark.parametrize("option", ["--actor", "--by", "--to"])
def test_a_person_is_no_actor_whose_stance_is_asked_for(positions: Positions, option: str) -> None:
    told = positions("nonstarters", option, "lavrov", exit_code=1)

    assert told.stdout == ""
    assert "lavrov is a person, who speaks for russia" in told.stderr
    assert f"Use `{option} russia`." in told.stderr


@pytest.mark.parametrize("words", [["demands"], ["add", "response"], []])
def test_help_is_a_command_too(positions: Positions, words: list[str]) -> None:
    assert positions("help", *words).stdout == positions(*words, "--help").stdout


def test_help_for_what_is_no_command_says_so(positions: Positions) -> None:
    assert (
        "No such command 'red-lines'. Try `positions nonstarters`" in positions("help", "red-lines", exit_code=2).stderr
    )


@pytest.mark.usefixtures("talks")
def test_a_day_can_be_today_or_yesterday(positions: Positions) -> None:
    today = datetime.now().astimezone().date()

    for word, day in (("today", today), ("yesterday", today - timedelta(days=1))):
        assert positions("demands", "--as-of", word).stdout == positions("demands", "--as-of", str(day)).stdout


def test_a_day_in_another_form_is_refused_with_the_right_one(positions: Positions) -> None:
    assert "2022-01-12" in positions("demands", "--as-of", "12 Jan 2022", exit_code=2).stderr


def test_a_revision_given_to_log_is_answered_with_what_shows_its_changes(positions: Positions) -> None:
    assert "Did you mean --patch" in positions("log", "r1", exit_code=2).stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("article.txt", b"Talks: the first round.\n"),
        ("article.docx", b"PK\x03\x04\xff"),
        ("grid.csv", b"item,stance\n"),
    ],
)
def test_a_document_is_no_episode_file_and_draft_begins_one(
    positions: Positions, tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    told = positions("record", str(file), exit_code=1).stderr

    assert "is not an episode file" in told
    assert "`positions draft FILE.yaml` makes one" in told


def test_an_address_is_not_fetched(positions: Positions) -> None:
    told = positions("record", "https://example.org/talks.yaml", exit_code=1).stderr

    assert "is an address, not a file; save its text" in told


def test_the_old_name_of_a_server_is_answered_with_the_new_one(positions: Positions) -> None:
    told = positions("--db", "postgres://ann:secret@server/talks", "demands", exit_code=1).stderr

    assert "Use postgresql+psycopg://" in told
    assert "secret" not in told


def test_the_checkout_s_command_without_its_packages_says_what_to_install(tmp_path: Path) -> None:
    cli = Path(__file__).parents[1] / "cli.py"
    words = [sys.executable, "-S", "-E", str(cli), "demands"]  # -S: without the installed packages

    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=False)

    assert done.returncode == 1
    assert "Run `pip install -e .` first" in done.stderr
    assert "Traceback" not in done.stderr
