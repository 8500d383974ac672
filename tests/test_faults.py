"""What goes wrong around a SQLite file, for every command: it says so, and what was there stays as it was."""

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from positions import database
from positions.app import app
from positions.commands import context
from positions.database import backup, schema
from positions.errors import DatabaseExistsError
from tests import every_command
from tests.conftest import SERVER, Positions, slow_but

if SERVER is not None:
    pytest.skip("about files", allow_module_level=True)

PROGRAM = [sys.executable, "-c", "from positions.app import app; app()"]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Where the files are that commands are given."""
    (tmp_path / "inputs").mkdir()
    return tmp_path / "inputs"


@pytest.fixture
def place(seeded: Positions, tmp_path: Path) -> Path:
    """A database with Episode 1, alone in its folder."""
    (tmp_path / "data").mkdir()
    return Path(shutil.move(seeded.db, tmp_path / "data" / "talks.db"))


def tree(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_every_command_is_tried() -> None:
    tried = {line.split()[0] for line in every_command.EVERY}

    assert tried | {"schema"} == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


# ---- what is no database of ours


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as music:
        music.executescript("CREATE TABLE song (title TEXT); INSERT INTO song VALUES ('Kalinka')")


def write_ahead(path: Path) -> None:
    """A foreign database whose last change stands in its journal alone."""
    made = path.with_name("made.db")
    with closing(sqlite3.connect(made)) as music:
        music.executescript("PRAGMA journal_mode = WAL; CREATE TABLE song (title TEXT)")
        for ending in ("", "-wal"):
            shutil.copyfile(f"{made}{ending}", f"{path}{ending}")
    made.unlink()


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwrite(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


def another_id(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 7")


NOT_OURS: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "a text": lambda path: path.write_text("Dear diary\n", encoding="utf-8"),
    "a folder": folder,
    "of another program": foreign,
    "of another program, in use": write_ahead,
    "marked as another's": another_id,
    "the header alone": lambda path: os.truncate(path, 90),
    "cut in half": truncate,
    "overwritten": overwrite,
}


@pytest.mark.slow
@pytest.mark.parametrize("spoil", NOT_OURS.values(), ids=NOT_OURS.keys())
def test_what_is_damaged_or_not_ours_is_told_by_every_command_and_left_alone(
    place: Path, inputs: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(place)
    before = tree(place.parent)

    for line in every_command.EVERY:
        told = Positions(str(place))(*every_command.words(line, inputs), exit_code=1)
        assert told.stderr.startswith("Error: "), line
        assert str(place) in told.stderr, line
        assert not told.stdout, line
        assert not (inputs / "out").exists(), line
    assert tree(place.parent) == before


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_few_bad_bytes_are_never_more_than_an_error(place: Path, inputs: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(place.read_bytes())
    for _ in range(40):
        content[chance.randrange(100, len(content))] = chance.randrange(256)
    place.write_bytes(content)

    for line in every_command.ASKING:
        words = every_command.words(line, inputs)
        done = CliRunner().invoke(app, words, env={"POSITIONS_DB": str(place)})
        assert isinstance(done.exception, SystemExit | None), (line, done.exception)
        assert done.exit_code in {0, 1}, (line, done.output)


@pytest.mark.parametrize("value", ["NULL", "5", "x'ff'"])
def test_a_value_of_another_type_is_told_as_damage(place: Path, value: str) -> None:
    declared, loose = "title TEXT NOT NULL", "title BLOB"
    swap = "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, '{}', '{}') WHERE name = 'item'"
    for script in (
        swap.format(declared, loose),
        f"DROP TRIGGER item_no_rewrite; DROP TRIGGER item_sealed_change; UPDATE item SET title = {value}",
        swap.format(loose, declared),
    ):
        with closing(sqlite3.connect(place)) as connection:
            connection.executescript(script)

    assert f"{place} is damaged" in Positions(str(place))("demands", exit_code=1).stderr


def test_a_new_database_is_never_made_beside_the_journal_of_another(tmp_path: Path) -> None:
    journal = tmp_path / "talks.db-journal"
    journal.write_bytes(b"pages of a database that was moved away")

    told = Positions(str(tmp_path / "talks.db"))("init", exit_code=1).stderr

    assert "talks.db-journal was left by an earlier one of that name" in told
    assert [one.name for one in tmp_path.iterdir()] == [journal.name]


def test_a_backup_never_replaces_a_database_that_is_being_written(place: Path, tmp_path: Path) -> None:
    shutil.copyfile(place, tmp_path / "copy.db")
    (tmp_path / "copy.db-journal").write_bytes(b"pages")

    told = Positions(str(place))("backup", str(tmp_path / "copy.db"), "--force", exit_code=1).stderr

    assert "copy.db-journal exists" in told
    assert (tmp_path / "copy.db").read_bytes() == place.read_bytes()


@pytest.mark.parametrize("line", ["report {}", "draft {} --title Reply --published 2022-02-01", "export {}"])
def test_no_output_replaces_a_database(place: Path, line: str) -> None:
    before = place.read_bytes()

    Positions(str(place))(*line.format(place).split(), "--force", exit_code=1)

    assert place.read_bytes() == before


def test_a_device_is_no_place_for_a_backup(place: Path) -> None:
    assert "is not a file" in Positions(str(place))("backup", os.devnull, "--force", exit_code=1).stderr


def test_a_backup_cannot_be_printed(place: Path) -> None:
    assert (
        "a backup cannot be written to standard output (-)" in Positions(str(place))("backup", "-", exit_code=1).stderr
    )


# ---- somebody else is at it


@pytest.fixture
def locked(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Another program that has the database for itself, while we wait but a moment."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(place, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield connection


@pytest.mark.slow
@pytest.mark.usefixtures("locked")
def test_a_locked_database_is_told_by_every_command(place: Path, inputs: Path) -> None:
    for line in every_command.EVERY:
        told = Positions(str(place))(*every_command.words(line, inputs), exit_code=1).stderr
        assert f"{place} is being written by another process" in told, line
        assert "Try again" in told
    assert not (inputs / "out").exists()


@pytest.mark.parametrize("line", ["record {file}", "demands", "backup {out}"])
def test_a_locked_database_is_waited_for(
    place: Path, inputs: Path, line: str, locked: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 60.0)
    release = threading.Timer(0.2, locked.execute, ["ROLLBACK"])
    release.start()

    Positions(str(place))(*every_command.words(line, inputs))

    release.join()


def test_the_old_state_can_be_asked_while_somebody_records(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(place, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute(every_command.BEGUN)
        assert [one["revision"] for one in Positions(str(place)).ask("log")] == [1]


def test_nobody_can_record_between_the_copy_and_the_upgrade(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "NEWEST", "9000")
    monkeypatch.setattr(schema, "upgrade", lambda _: None)  # the step itself has tests of its own
    begin = (
        f"import sqlite3; sqlite3.connect({str(place)!r}, timeout=0, isolation_level=None).execute('BEGIN IMMEDIATE')"
    )
    said = []

    def announce(_: Path) -> None:
        said.append(subprocess.run([sys.executable, "-c", begin], capture_output=True, text=True, check=False).stderr)

    backup.upgrade(place, announce)

    [error] = said
    assert "database is locked" in error


@pytest.mark.slow
def test_a_database_that_comes_up_meanwhile_stands(tmp_path: Path) -> None:
    place = tmp_path / "talks.db"
    with pytest.raises(DatabaseExistsError), database.creating(place):
        context.seed(place)

    assert [one["message"] for one in Positions(str(place)).ask("log")] == ["Episode 1, as shipped"]
    assert [one.name for one in tmp_path.iterdir()] == ["talks.db"]


# ---- what may not be written, and what does not fit

AS_USER = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
"""Has root obey the rights of files as everybody does."""


def run(words: list[str], place: Path, *, limited: bool, size: int = 8192) -> "subprocess.CompletedProcess[str]":
    """The program in a process of its own: as a user, or where no file may grow beyond `size`."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    as_user = AS_USER if os.geteuid() == 0 and not limited else []
    if as_user and not shutil.which("setpriv"):
        pytest.skip("nothing is read-only to root, and setpriv is not here to change that")
    return subprocess.run(
        [*as_user, *PROGRAM, *words],
        env={**os.environ, "POSITIONS_DB": str(place), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit if limited else None,
    )


@pytest.mark.slow
@pytest.mark.parametrize("line", [*every_command.RECORDING, "init --all"])
def test_a_read_only_file_in_a_read_only_folder_cannot_be_written(place: Path, inputs: Path, line: str) -> None:
    before = tree(place.parent)
    words = every_command.words(line, inputs)
    place.chmod(0o444)
    place.parent.chmod(0o555)
    try:
        done = run(words, place, limited=False)
        asked = run(["demands"], place, limited=False)
    finally:
        place.parent.chmod(0o755)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {place} cannot be written: it is read-only"), done.stderr
    assert asked.returncode == 0
    assert tree(place.parent) == before


@pytest.mark.slow
@pytest.mark.parametrize("line", slow_but(["export {out}"], [*every_command.MAKING, "init --db {out}", "demands"]))
@pytest.mark.parametrize("rights", [0o555, pytest.param(0o000, marks=pytest.mark.slow)], ids=["read-only", "shut"])
def test_in_a_folder_of_others_nothing_can_be_made(place: Path, tmp_path: Path, line: str, rights: int) -> None:
    others = tmp_path / "others"
    others.mkdir()
    words = every_command.words(line, others)
    before = tree(others)
    others.chmod(rights)
    data = place
    if line == "demands":
        data, words = others / "talks.db", ["init"]
    try:
        done = run(words, data, limited=False)
    finally:
        others.chmod(0o755)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: "), done.stderr
    assert "Permission denied" in done.stderr
    assert tree(others) == before


@pytest.mark.slow
def test_a_file_that_may_not_be_read_is_an_error(place: Path) -> None:
    place.chmod(0o000)

    done = run(["demands"], place, limited=False)

    assert (done.returncode, done.stderr) == (1, f"Error: {place} cannot be read: Permission denied\n")


@pytest.mark.slow
@pytest.mark.parametrize("line", [*every_command.RECORDING, *every_command.MAKING[:3], "init --db {out}"])
def test_where_no_file_may_grow_nothing_is_written(place: Path, inputs: Path, line: str) -> None:
    before = tree(place.parent)
    words = every_command.words(line, inputs)

    done = run(words, place, limited=True)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: "), done.stderr
    assert run(["check"], place, limited=True).returncode == 0
    assert tree(place.parent) == before
    assert {one.name for one in inputs.iterdir()} == {"text.txt", "answer.yaml"}


SMALL = """
mount -t tmpfs -o size={size} none "{folder}" && cp "{place}" "{folder}/talks.db" && cd "{folder}" || exit 99
"$@"; code=$?
ls -A; cmp "{place}" talks.db || echo changed; exit $code
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", slow_but(["record {file}"], ["record {file}", "init --db new.db", "export out", "report out", "backup out"])
)
def test_on_a_full_disk_nothing_is_written(place: Path, inputs: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "small").mkdir()
    size = place.stat().st_size + 16 * 1024
    script = SMALL.format(size=size, folder=tmp_path / "small", place=place)
    words = [*PROGRAM, *every_command.words(line, inputs)]
    if "--db" not in line:
        words += ["--db", "talks.db"]

    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script, "sh", *words], capture_output=True, text=True, check=False
    )
    if done.returncode in {99, 126, 127} or "unshare" in done.stderr:
        pytest.skip(f"no small disk can be mounted here: {done.stderr}")

    assert done.returncode == 1, done.stderr
    assert done.stdout.split() == ["talks.db"]
    assert done.stderr.startswith("Error: "), done.stderr
    assert "full" in done.stderr or "No space left" in done.stderr
