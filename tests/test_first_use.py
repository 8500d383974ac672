"""Before anything is asked: which database it is, how it comes to be, and what is left alone."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from positions import database
from positions.app import app
from tests.conftest import Output, Positions

Run = Callable[..., Output]
FOREIGN = {
    "an empty file": b"",
    "a text": b"Dear diary, today nothing happened in Geneva.\n",
    "a broken database": b"SQLite format 3\x00" + b"\xff" * 4096,
}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line where no database is named."""
    monkeypatch.delenv("POSITIONS_DB")

    def positions(*words: str, exit_code: int = 0) -> Output:
        done = CliRunner().invoke(app, list(words))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == exit_code, f"exit {done.exit_code}: {done.stdout}{done.stderr}"
        return Output(done.stdout, done.stderr)

    return positions


@pytest.fixture
def made(run: Run, tmp_path: Path) -> Path:
    """A database that `positions init` made."""
    place = tmp_path / "made" / "talks.db"
    place.parent.mkdir()
    run("init", "--db", str(place))
    return place


# ---- the default database


def test_the_first_question_makes_the_default_database_once(run: Run) -> None:
    first = run("nonstarters", "-f", "json")
    second = run("nonstarters", "-f", "json")

    assert first.stderr == f"Made a database at {database.default_path()}, with Episode 1.\n"
    assert second.stderr == ""
    assert first.json == second.json != []
    assert len(run("log", "-f", "json").json) == 1


def test_the_default_database_is_the_users_own(run: Run, nowhere: Path) -> None:
    before = os.umask(0)
    try:
        run("demands")
    finally:
        os.umask(before)

    place = database.default_path()
    assert nowhere in place.parents
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert place.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in place.parent.iterdir()] == [place.name]


@pytest.mark.slow
def test_recording_goes_to_the_default_database_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "next.yaml"
    path.write_text(
        """
        format: 1
        episode: {id: next, kind: statement, title: What came next, published: 2022-01-20}
        responses: [{id: it, by: russia, said: 2022-01-20, basis: stated, quote: fine, stances: {arms-control: open}}]
        """,
        encoding="utf-8",
    )

    run("record", str(path))

    assert [one["revision"] for one in run("log", "-f", "json").json] == [2, 1]


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["demands", "--help"], ["schema"], []])
def test_asking_for_help_makes_no_database(run: Run, words: list[str]) -> None:
    run(*words, exit_code=0 if words else 2)

    assert not database.default_path().exists()


def test_a_data_folder_that_cannot_be_made_is_an_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("HOME", str(tmp_path / "file"))

    assert run("demands", exit_code=1).stderr.startswith("Error: ")


@pytest.mark.slow
def test_two_first_questions_at_once_share_one_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSITIONS_DB")
    command = [sys.executable, "-c", "from positions.app import app; app()", "log", "--format", "json"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]

    answers = [json.loads(one.communicate()[0]) for one in both]

    assert [len(answer) for answer in answers] == [1, 1]
    assert [one.returncode for one in both] == [0, 0]


# ---- a database that is named


def test_a_named_database_that_is_not_there_is_an_error(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "none.db"

    for words in (["demands"], ["log"], ["record", "x.yaml"], ["dump", "episode-1"]):
        told = run(*words, "--db", str(place), exit_code=1)
        assert f"there is no database at {place}" in told.stderr
        assert f"positions init --db {place}" in told.stderr
        assert told.stdout == ""
    assert not place.exists()
    assert not database.default_path().exists()


def test_a_relative_path_that_leads_nowhere_is_told_with_the_folder_it_begins_in(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    told = run("demands", "--db", "none.db", exit_code=1).stderr

    assert f"`positions init --db none.db` makes one. The current folder is {tmp_path}." in told


def test_a_database_named_by_the_environment_is_not_made_either(tmp_path: Path) -> None:
    place = tmp_path / "none.db"

    assert "positions init" in Positions(str(place))("demands", exit_code=1).stderr
    assert not place.exists()


def test_the_database_can_be_named_before_and_after_the_command(run: Run, made: Path) -> None:
    answers = [
        run("--db", str(made), "demands"),
        run("demands", "--db", str(made)),
        run(f"--db={made}", "demands"),
        run("demands", f"--db={made}"),
        run("demands", "--side", "russia", "--db", str(made), "--by", "russia"),
    ]

    assert all("no-enlargement" in answer.stdout for answer in answers)
    assert not database.default_path().exists()


def test_the_option_goes_before_the_environment(made: Path, tmp_path: Path) -> None:
    elsewhere = Positions(str(tmp_path / "none.db"))

    assert "no-enlargement" in elsewhere("demands", "--db", str(made)).stdout


def test_a_name_for_the_database_must_follow_its_option(run: Run) -> None:
    assert "--db" in run("demands", "--db", exit_code=2).stderr
    assert not database.default_path().exists()


@pytest.mark.parametrize("words", [["--db", ""], ["--db="]])
def test_an_empty_name_is_no_wish_for_the_default_database(run: Run, words: list[str]) -> None:
    run("demands", *words, exit_code=2)

    assert not database.default_path().exists()


@pytest.mark.slow
def test_a_tilde_stands_for_the_home_folder(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    run("init", "--db", "~/mine.db")

    assert (tmp_path / "mine.db").exists()


# ---- what is not ours


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_file_that_is_no_database_of_ours_is_left_alone(run: Run, tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "files" / "foreign.db"
    place.parent.mkdir()
    place.write_bytes(content)

    for words in (["demands"], ["record", "x.yaml"], ["init"]):
        told = run(*words, "--db", str(place), exit_code=1)
        assert str(place) in told.stderr
        assert "Error: " in told.stderr
    assert place.read_bytes() == content
    assert list(place.parent.iterdir()) == [place]


def test_a_database_of_another_program_is_left_alone(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "files" / "music.db"
    place.parent.mkdir()
    music = sqlite3.connect(place)
    music.executescript("CREATE TABLE song (title TEXT); INSERT INTO song VALUES ('Kalinka'); PRAGMA user_version = 3")
    music.close()
    content = place.read_bytes()

    for words in (["demands"], ["record", "x.yaml"], ["init"]):
        told = run(*words, "--db", str(place), exit_code=1).stderr
        assert f"{place} is not a positions database; it was not touched" in told
    assert place.read_bytes() == content
    assert list(place.parent.iterdir()) == [place]


def test_a_folder_is_no_database(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    for words in (["demands"], ["record", "x.yaml"], ["init"]):
        assert str(folder) in run(*words, "--db", str(folder), exit_code=1).stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("address", ["mysql://host/talks", "sqlite://", "nonsense://", "postgresql://[/"])
def test_an_address_of_no_database_we_know_is_an_error(run: Run, address: str) -> None:
    assert "Error: " in run("demands", "--db", address, exit_code=1).stderr


def test_no_error_shows_the_password_of_a_server(run: Run) -> None:
    pytest.importorskip("psycopg")

    told = run("demands", "--db", "postgresql://ana:s3cret@127.0.0.1:1/talks", exit_code=1).stderr

    assert "Error: " in told
    assert "s3cret" not in told


# ---- init


def test_init_makes_a_database_with_episode_1(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "talks.db"

    told = run("init", "--db", str(place))

    assert str(place) in told.stderr
    assert [one["id"] for one in run("episodes", "--db", str(place), "-f", "json").json] == ["episode-1"]


def test_init_twice_changes_nothing(run: Run, made: Path) -> None:
    before = made.read_bytes()

    told = run("init", "--db", str(made))

    assert "nothing to do" in told.stderr
    assert made.read_bytes() == before
    assert list(made.parent.iterdir()) == [made]


@pytest.mark.slow
def test_init_without_a_name_makes_the_default_database(run: Run) -> None:
    assert str(database.default_path()) in run("init").stderr
    assert "nothing to do" in run("init").stderr
    assert run("demands").stderr == ""


def test_init_in_a_folder_that_is_not_there_is_an_error(run: Run, tmp_path: Path) -> None:
    told = run("init", "--db", str(tmp_path / "no" / "talks.db"), exit_code=1).stderr

    assert told.startswith("Error: ")
    assert list(tmp_path.iterdir()) == []


def test_init_shows_how_the_shipped_episode_differs_and_records_nothing(positions: Positions) -> None:
    told = positions("init")

    assert "+ episode episode-1" in told.stdout
    assert "positions record" in told.stderr
    assert positions.ask("log") == []


# ---- a database that may only be read


def test_a_read_only_file_in_a_read_only_folder_can_be_asked(run: Run, made: Path) -> None:
    made.chmod(0o444)
    made.parent.chmod(0o555)
    try:
        for words in (["demands"], ["nonstarters"], ["log"], ["dump", "episode-1"], ["init"]):
            run(*words, "--db", str(made))
        assert list(made.parent.iterdir()) == [made]
    finally:
        made.parent.chmod(0o755)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_recording_into_a_read_only_database_says_so(run: Run, made: Path, tmp_path: Path) -> None:
    path = tmp_path / "next.yaml"
    path.write_text(
        "format: 1\nepisode: {id: next, kind: letter, title: Next, published: 2022-01-20}\n", encoding="utf-8"
    )
    made.chmod(0o444)
    made.parent.chmod(0o555)
    try:
        assert "read-only" in run("record", str(path), "--db", str(made), exit_code=1).stderr
    finally:
        made.parent.chmod(0o755)
