"""`positions upgrade`: a database of an older version is copied, then brought up to date, or left as it was."""

import shutil
from pathlib import Path

import pytest

from positions import database, package_data
from positions.database import schema
from tests.conftest import SERVER, Positions

NEWEST = schema.NEWEST
NEXT_REVISION = "9000"
NEXT = '''
"""Responses gain a note; existing rows keep null."""

import sqlalchemy as sa
from alembic import op

from positions import append_only

revision = "9000"
down_revision = "{newest}"


def upgrade():
    with append_only.suspended(op.get_bind()):
        op.add_column("response", sa.Column("note", sa.Text(), nullable=True))
'''.replace("{newest}", NEWEST)

Folder = Path


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Make this program one whose schema is the next one; the folder of its migrations."""
    folder = tmp_path / "program" / "migrations"
    shutil.copytree(package_data.folder("migrations"), folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"{NEXT_REVISION}_note.py").write_text(NEXT, encoding="utf-8")
    real = package_data.folder
    monkeypatch.setattr(package_data, "folder", lambda name: folder if name == "migrations" else real(name))
    monkeypatch.setattr(schema, "NEWEST", NEXT_REVISION)
    return folder


def version(positions: Positions) -> str | None:
    with database.reading(positions.db, any_schema=True) as connection:
        return schema.version(connection)


def copies(positions: Positions) -> list[Path]:
    return [] if SERVER else sorted(Path(positions.db).parent.glob("*.schema-*"))


def test_there_is_nothing_to_do_for_a_database_of_this_version(seeded: Positions) -> None:
    told = seeded("upgrade")

    assert told.stderr.endswith(f"is up to date (schema {NEWEST}); nothing to do.\n")
    assert copies(seeded) == []


@pytest.mark.usefixtures("newer")
def test_an_older_database_asks_for_the_upgrade_and_gets_it(seeded: Positions) -> None:
    assert "positions upgrade --db" in seeded("demands", exit_code=1).stderr

    told = seeded("upgrade")

    assert f"Upgraded {database.place(seeded.db)} from schema {NEWEST} to {NEXT_REVISION}.\n" in told.stderr
    assert version(seeded) == NEXT_REVISION
    assert "no-enlargement" in seeded("demands").stdout
    assert "nothing to do" in seeded("upgrade").stderr
    assert seeded.ask("check") == []


@pytest.mark.slow
@pytest.mark.skipif(SERVER is not None, reason="a server is backed up by pg_dump")
def test_the_database_as_it_was_is_kept_beside_the_upgraded_one(
    seeded: Positions, newer: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert newer.exists()
    told = seeded("upgrade").stderr

    [copy] = copies(seeded)
    assert copy.name == f"seeded.schema-{NEWEST}.db"
    assert f"Copied the database to {copy} before the upgrade.\n" in told
    assert copy.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(schema, "NEWEST", NEWEST)
    assert Positions(str(copy)).ask("check") == []
    assert Positions(str(copy)).ask("nonstarters")


@pytest.mark.skipif(SERVER is None, reason="a file is copied")
@pytest.mark.usefixtures("newer")
def test_nothing_is_said_of_a_copy_of_a_server(seeded: Positions) -> None:
    assert "Copied" not in seeded("upgrade").stderr


@pytest.mark.skipif(SERVER is not None, reason="a server is backed up by pg_dump")
@pytest.mark.usefixtures("newer")
def test_no_earlier_copy_is_overwritten(seeded: Positions) -> None:
    earlier = Path(seeded.db).with_name(f"seeded.schema-{NEWEST}.db")
    earlier.write_text("an earlier one", encoding="utf-8")

    seeded("upgrade")

    assert [one.name for one in copies(seeded)] == [f"seeded.schema-{NEWEST}-2.db", earlier.name]
    assert earlier.read_text(encoding="utf-8") == "an earlier one"


def test_an_upgrade_that_breaks_off_has_done_nothing(seeded: Positions, newer: Folder) -> None:
    breaking = NEXT + '    op.execute("SELECT nowhere FROM response")\n'
    (newer / "versions" / f"{NEXT_REVISION}_note.py").write_text(breaking, encoding="utf-8")

    told = seeded("upgrade", exit_code=1).stderr

    assert "Error: " in told
    assert version(seeded) == NEWEST
    assert len(copies(seeded)) == (0 if SERVER else 1)


def test_a_newer_database_is_refused_and_left_alone(
    seeded: Positions, newer: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert newer.exists()
    seeded("upgrade")
    before = copies(seeded)
    monkeypatch.setattr(schema, "NEWEST", NEWEST)

    assert "newer version of positions" in seeded("upgrade", exit_code=1).stderr
    assert version(seeded) == NEXT_REVISION
    assert copies(seeded) == before


@pytest.mark.skipif(SERVER is not None, reason="files alone can be something else")
def test_a_file_that_is_no_database_of_ours_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "diary.txt"
    place.write_text("Dear diary", encoding="utf-8")

    assert "is not a positions database" in Positions(str(place))("upgrade", exit_code=1).stderr
    assert "positions init" in Positions(str(tmp_path / "none.db"))("upgrade", exit_code=1).stderr
    assert list(tmp_path.iterdir()) == [place]
