"""`positions backup`: a copy of the database that is whole, private, and in nobody's way."""

import os
import sqlite3
from pathlib import Path

import pytest

from tests import every_command
from tests.conftest import SERVER, Positions

if SERVER is not None:
    pytest.skip("a server is backed up by pg_dump", allow_module_level=True)


def test_a_backup_answers_as_the_database_does(seeded: Positions, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"

    told = seeded("backup", str(copy))

    assert told.stderr == f"Copied the database to {copy}.\n"
    assert told.stdout == ""
    for words in (["demands"], ["nonstarters"], ["log"], ["dump", "episode-1"], ["check"]):
        assert Positions(str(copy))(*words).stdout == seeded(*words).stdout


def test_a_backup_is_private_and_leaves_nothing_beside_it(seeded: Positions, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    before = os.umask(0)
    try:
        seeded("backup", str(folder / "copy.db"))
    finally:
        os.umask(before)

    assert (folder / "copy.db").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in folder.iterdir()] == ["copy.db"]


def test_a_file_that_is_there_is_replaced_only_by_force(seeded: Positions, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("my diary", encoding="utf-8")

    told = seeded("backup", str(copy), exit_code=1).stderr

    assert told == f"Error: {copy} already exists\nHint: `--force` replaces it.\n"
    assert copy.read_text(encoding="utf-8") == "my diary"
    seeded("backup", str(copy), "--force")
    assert Positions(str(copy)).ask("check") == []
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_link_that_leads_nowhere_is_a_file_that_is_there(seeded: Positions, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "nowhere.db")

    seeded("backup", str(tmp_path / "link.db"), exit_code=1)

    assert not (tmp_path / "nowhere.db").exists()


@pytest.mark.parametrize("options", [[], ["--force"]])
def test_the_database_is_never_its_own_backup(seeded: Positions, options: list[str]) -> None:
    before = Path(seeded.db).read_bytes()

    assert "is the database itself" in seeded("backup", seeded.db, *options, exit_code=1).stderr
    assert Path(seeded.db).read_bytes() == before


@pytest.mark.parametrize("options", [[], ["--force"]])
def test_a_folder_is_no_backup(seeded: Positions, tmp_path: Path, options: list[str]) -> None:
    assert f"{tmp_path} is a folder" in seeded("backup", str(tmp_path), *options, exit_code=1).stderr


def test_a_backup_that_cannot_be_written_leaves_nothing(seeded: Positions, tmp_path: Path) -> None:
    assert "cannot be written" in seeded("backup", str(tmp_path / "no" / "copy.db"), exit_code=1).stderr
    assert not (tmp_path / "no").exists()


def test_a_backup_that_breaks_off_leaves_the_old_one(
    seeded: Positions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "copy.db").write_text("the old one", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    told = seeded("backup", str(folder / "copy.db"), "--force", exit_code=1).stderr

    assert "No space left on device" in told
    assert [(one.name, one.read_text(encoding="utf-8")) for one in folder.iterdir()] == [("copy.db", "the old one")]


def test_what_is_being_recorded_is_not_in_the_backup(seeded: Positions, tmp_path: Path) -> None:
    writer = sqlite3.connect(seeded.db, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute(every_command.BEGUN)

    seeded("backup", str(tmp_path / "copy.db"))

    writer.execute("ROLLBACK")
    writer.close()
    assert [one["revision"] for one in Positions(str(tmp_path / "copy.db")).ask("log")] == [1]


def test_a_server_is_backed_up_by_its_own_tool(positions: Positions, tmp_path: Path) -> None:
    address = "postgresql://ana:s3cret@127.0.0.1:1/talks"

    told = positions("backup", str(tmp_path / "copy.db"), "--db", address, exit_code=1).stderr

    assert "pg_dump" in told
    assert "s3cret" not in told


def test_there_must_be_a_database_to_copy(tmp_path: Path) -> None:
    nothing = Positions(str(tmp_path / "none.db"))

    assert "positions init" in nothing("backup", str(tmp_path / "copy.db"), exit_code=1).stderr
    assert list(tmp_path.glob("*.db")) == []
