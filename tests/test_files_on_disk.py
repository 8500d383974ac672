"""Where files appear and who may read them: only what was named, and for its owner alone what is the user's own."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from positions import database
from positions.app import app
from tests import every_command
from tests.conftest import SERVER, slow_but

if SERVER is not None:
    pytest.skip("about files", allow_module_level=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, which is the current folder too and holds every place for temporary files."""
    home = tmp_path / "all"
    (home / "tmp").mkdir(parents=True)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(home / "tmp"))
    monkeypatch.delenv("POSITIONS_DB")
    monkeypatch.chdir(home)
    return home


def run(*words: str) -> None:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == (words[0] == "verify"), done.output  # the text is not the one that was coded from


def there(home: Path) -> set[str]:
    return {str(one.relative_to(home)) for one in home.rglob("*")}


DATABASE = {"tmp", "data", "data/positions", "data/positions/positions.db"}
# Those that serve are stopped by test_browse and test_code.
PLAIN = [one for one in every_command.EVERY if one not in every_command.SERVING]


@pytest.mark.parametrize("line", slow_but(["record {file}"], PLAIN))
def test_nothing_appears_but_the_database_and_what_was_named(home: Path, tmp_path: Path, line: str) -> None:
    words = every_command.words(line.replace("{out}", "out"), tmp_path)
    before = (home / "tmp").stat().st_mtime_ns

    run(*words)

    made = {one for one in there(home) if not one.startswith("out/")}
    assert made == DATABASE | ({"out"} if "{out}" in line else set())
    assert (home / "tmp").stat().st_mtime_ns == before  # nor was there anything in between


@pytest.mark.slow
def test_the_default_database_its_journal_and_its_copies_are_for_their_owner_alone(home: Path) -> None:
    before = os.umask(0)
    try:
        run("demands")
        place = database.default_path()
        with closing(sqlite3.connect(place, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute(every_command.BEGUN)
            journal = place.with_name(f"{place.name}-journal")
            rights = journal.stat().st_mode & 0o777
            writer.execute("ROLLBACK")
        run("backup", "copy.db")
    finally:
        os.umask(before)

    assert rights == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert place.stat().st_mode & 0o777 == 0o600
    assert (home / "copy.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_what_is_made_beside_the_default_database_meanwhile_is_private_too(home: Path) -> None:
    place = home / "data" / "talks.db"
    place.parent.mkdir()
    before = os.umask(0)
    try:
        with database.creating(place, private=True):
            [new] = [one for one in place.parent.iterdir() if one.name.endswith(".new")]
            assert new.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_a_commit_waits_until_it_is_on_the_disk(home: Path) -> None:
    run("demands")
    assert home.exists()

    with database.recording(database.default_path()) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 3  # EXTRA
