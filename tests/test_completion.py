"""The shell completes real ids; it never makes a database, never waits, and whatever fails, it offers nothing."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from positions.app import app
from positions.vocabulary import is_slug
from tests.conftest import SERVER, Positions

PROGRAM = "from positions.app import app; app(prog_name='positions')"
PATIENCE = 8.0
"""Seconds in which a shell must have its answer, on a slow machine too."""

SLOW = pytest.mark.slow
Complete = Callable[..., list[str]]
in_every_shell = pytest.mark.parametrize("complete", ["bash", "zsh", "fish"], indirect=True)


@pytest.fixture
def complete(request: pytest.FixtureRequest) -> Complete:
    """What a shell (bash, or the one asked for) offers: `complete("positions item no", db=…)` for the last word."""
    shell = str(getattr(request, "param", "bash"))

    def completed(line: str, *, db: str | None) -> list[str]:
        done = CliRunner().invoke(app, prog_name="positions", env=_environment(shell, line, db))
        assert (done.exit_code, done.stderr) == (0, ""), done.exception
        return _offered(shell, done.stdout)

    return completed


def _environment(shell: str, line: str, db: str | None) -> dict[str, str | None]:
    """What the shell sets when it asks, and nothing that an earlier question has left behind."""
    return {
        "_POSITIONS_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "TERM": "dumb",
        "POSITIONS_DB": db,
        "PGCONNECT_TIMEOUT": None,
    }


def _offered(shell: str, printed: str) -> list[str]:
    """The words among which the shell lets its user choose."""
    if shell == "zsh":
        if printed.strip() == "_files":
            return []
        inner = printed.strip().removeprefix("_arguments '*: :((").removesuffix("))'")
        return [line.partition('":"')[0].strip('"') for line in inner.splitlines()]
    return [line.partition("\t")[0] for line in printed.splitlines() if line]


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_program_answers_a_shell_that_starts_it(seeded: Positions, shell: str) -> None:
    given = {**os.environ, **_environment(shell, "positions item no-e", seeded.db)}
    environment = {name: value for name, value in given.items() if value is not None}
    words = [sys.executable, "-c", PROGRAM]

    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=30)

    assert (done.returncode, done.stderr) == (0, "")
    assert _offered(shell, done.stdout) == ["no-enlargement"]


@in_every_shell
def test_actors_are_offered_by_their_ids(complete: Complete, seeded: Positions) -> None:
    for option in ("--actor", "--by", "--to"):
        words = complete(f"positions demands {option} ", db=seeded.db)
        assert words == ["eu", "lavrov", "nato", "osce", "russia", "ukraine", "us"]


@in_every_shell
def test_items_are_offered_by_what_was_typed_of_them(complete: Complete, seeded: Positions) -> None:
    expected = ["no-enlargement", "no-further-invasion", "no-offensive-weapons-nearby"]

    assert complete("positions item no", db=seeded.db) == expected
    assert complete("positions history --item no", db=seeded.db) == expected
    assert complete("positions item zzz", db=seeded.db) == []


def test_topics_sides_and_packages_are_offered(complete: Complete, seeded: Positions) -> None:
    assert complete("positions matrix --topic a", db=seeded.db) == ["architecture", "arms-control"]
    assert complete("positions demands --side ", db=seeded.db) == ["russia", "west"]
    assert complete("positions demands --package ", db=seeded.db) == ["security-guarantees"]


@pytest.mark.parametrize("command", ["episode", "dump"])
def test_episodes_are_offered_to_commands_that_take_one(complete: Complete, seeded: Positions, command: str) -> None:
    assert complete(f"positions {command} e", db=seeded.db) == ["episode-1"]


@pytest.mark.usefixtures("talks")
def test_ids_are_offered_in_every_addition(complete: Complete, positions: Positions) -> None:
    for line, expected in (
        ("positions add response --by n", "nato"),
        (f"positions add demand --db {positions.db} --topic mis", "missiles"),
        ("positions add outcome --items no-m", "no-missiles"),
        ("positions add actor --episode ", "talks"),
    ):
        assert complete(line, db=positions.db) == [expected]


@in_every_shell
def test_stances_formats_and_commands_are_offered(complete: Complete, seeded: Positions) -> None:
    assert complete("positions demands --stance ", db=seeded.db) == ["non-starter", "negotiable", "open"]
    assert complete("positions status --format ", db=seeded.db) == ["table", "json", "csv", "markdown"]
    assert complete("positions out", db=seeded.db) == ["outlook"]


def test_the_database_that_is_named_is_the_one_that_is_asked(
    complete: Complete, seeded: Positions, tmp_path: Path
) -> None:
    nowhere = str(tmp_path / "nowhere.db")

    for line in (
        f"positions --db {seeded.db} item no-e",
        f"positions item --db {seeded.db} no-e",
        f"positions item --db={seeded.db} no-e",
    ):
        assert complete(line, db=nowhere) == ["no-enlargement"]
    assert complete(f"positions item --db {nowhere} no-e", db=seeded.db) == []
    assert not (tmp_path / "nowhere.db").exists()


def test_what_was_taken_back_is_not_offered(complete: Complete, positions: Positions, tmp_path: Path) -> None:
    header = "format: 1\nepisode: {id: press, kind: statement, title: The press, published: 2022-01-12}\n"
    path = tmp_path / "press.yaml"
    path.write_text(f"{header}actors: [{{id: eu, kind: organisation, name: EU}}]\n", encoding="utf-8")
    positions("record", str(path))
    assert complete("positions demands --by ", db=positions.db) == ["eu"]

    path.write_text(header, encoding="utf-8")
    positions("record", str(path), "--replace")

    assert complete("positions demands --by ", db=positions.db) == []


@in_every_shell
def test_without_a_database_nothing_is_offered_and_nothing_made(complete: Complete, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))

    assert complete("positions item no", db=str(tmp_path / "nowhere.db")) == []
    assert complete("positions item no", db=str(tmp_path / "no" / "folder" / "nowhere.db")) == []

    assert set(tmp_path.rglob("*")) == before


@in_every_shell
def test_completing_before_first_use_does_not_make_the_default_database(complete: Complete, nowhere: Path) -> None:
    for line in ("positions item no", "positions demands --by ", "positions episode "):
        assert complete(line, db=None) == []

    assert not nowhere.exists()


@pytest.mark.parametrize(
    "db",
    [
        "mysql://example.org/talks",
        "nonsense://",
        "postgresql://[",
        "postgresql://nobody@127.0.0.1:1/talks",
        "sqlite://",
        "/",
        "/dev/null",
    ],
)
def test_a_database_that_cannot_be_asked_offers_nothing(complete: Complete, db: str) -> None:
    assert complete("positions item no", db=db) == []


@pytest.mark.skipif(SERVER is not None, reason="a file")
def test_a_file_that_is_broken_or_not_ours_offers_nothing(
    complete: Complete, seeded: Positions, tmp_path: Path
) -> None:
    words, other, broken = (tmp_path / name for name in ("words.db", "other.db", "broken.db"))
    words.write_text("not a database", encoding="utf-8")
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE item (slug TEXT)")
    connection.close()
    broken.write_bytes(Path(seeded.db).read_bytes()[:20_000] + b"\x00" * 20_000)

    for path in (words, other, broken):
        assert complete("positions item no", db=str(path)) == []


@pytest.mark.skipif(SERVER is not None, reason="a file")
def test_completing_does_not_wait_for_another_writer(complete: Complete, seeded: Positions) -> None:
    connection = sqlite3.connect(seeded.db, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()

    assert complete("positions item no", db=seeded.db) == []

    assert time.monotonic() - started < PATIENCE
    connection.close()


@pytest.mark.slow
def test_completing_does_not_wait_for_a_server_that_is_silent(complete: Complete) -> None:
    pytest.importorskip("psycopg")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        started = time.monotonic()

        assert complete("positions item no", db=f"postgresql://nobody@127.0.0.1:{port}/talks") == []

        assert time.monotonic() - started < PATIENCE


def test_an_option_without_its_value_offers_nothing(complete: Complete, seeded: Positions) -> None:
    for line in ("positions --db ", "positions item --db ", "positions demands --as-of ", "positions search "):
        assert complete(line, db=seeded.db) == []


# ---- ids that another program wrote

HOSTILE = (
    "d`touch PWNED`",
    r"a\$(touch PWNED)",
    "a$(touch PWNED)",
    "no;touch PWNED",
    "no'\"touch PWNED",
    "no-two\nwords",
    "(touch PWNED)",
)
PRESS_TAB = {
    "bash": """
        eval "$(_POSITIONS_COMPLETE=source_bash positions)"
        COMP_WORDS=(positions item ""); COMP_CWORD=2
        _positions_completion positions
        printf '%s\\n' "${COMPREPLY[@]}"
    """,
    "zsh": """
        compdef() { }
        _arguments() { eval "offered=( ${1[7,-3]} )"; print -rl -- $offered }
        eval "$(_POSITIONS_COMPLETE=source_zsh positions)"
        words=(positions item ''); CURRENT=3
        _positions_completion
    """,
    "fish": """
        _POSITIONS_COMPLETE=source_fish positions | source
        complete -C "positions item "
    """,
}
"""What each shell does when Tab is pressed after `positions item `: zsh evaluates the list it is given, as its own
`_arguments` does."""


@pytest.fixture
def hostile(seeded: Positions) -> Positions:
    """A database into which another program wrote ids that a shell would run."""
    if SERVER is not None:
        pytest.skip("changes a file behind the program's back")
    with closing(sqlite3.connect(seeded.db)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("DROP TRIGGER item_sealed_change")
        for number, slug in enumerate(HOSTILE, 1):
            connection.execute("UPDATE item SET slug = ? WHERE id = ?", (slug, number))
        assert connection.execute("SELECT count(*) FROM item WHERE slug LIKE '%touch%'").fetchone() == (6,)
    return seeded


@in_every_shell
def test_only_what_has_the_form_of_an_id_is_offered(complete: Complete, hostile: Positions) -> None:
    offered = complete("positions item ", db=hostile.db)

    assert "no-further-invasion" in offered
    assert all(is_slug(name) for name in offered)


@pytest.mark.slow
@pytest.mark.parametrize("shell", PRESS_TAB)
def test_a_shell_runs_nothing_that_a_database_says(shell: str, hostile: Positions, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    folder = tmp_path / "here"
    folder.mkdir()
    program = folder / "positions"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{PROGRAM}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    root = str(Path(__file__).parents[1])
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": root, "POSITIONS_DB": hostile.db, "TERM": "dumb"}

    done = subprocess.run(
        [shell, "-c", PRESS_TAB[shell]], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )

    assert "no-further-invasion" in done.stdout, done.stderr
    assert [file.name for file in folder.iterdir()] == ["positions"]
