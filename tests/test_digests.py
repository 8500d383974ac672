"""Each revision carries a digest of its content and of the one before: anybody can compute it, and note it."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from positions import database, digests
from tests.conftest import SERVER, TALKS, Output, Positions, slow_but
from tests.test_check import PRESS, force
from tests.test_migrations import migrate

Record = Callable[..., Output]
ON_SQLITE = pytest.mark.skipif(SERVER is not None, reason="reads the file with another program")
ANOTHER = PRESS.replace("simply no", "no and no")


def digests_of(file: str) -> list[str]:
    """The digests of the revisions in a SQLite file, computed without a line of the program, by its description."""

    def netstring(text: str | None) -> bytes:
        raw = b"" if text is None else text.encode()
        return b"-," if text is None else str(len(raw)).encode() + b":" + raw + b","

    found: list[str] = []
    with closing(sqlite3.connect(file)) as db:
        columns = "number, recorded_at, recorded_by, message, file, file_sha256, role"
        for number, time, *rest in db.execute(f"SELECT {columns} FROM revision ORDER BY number").fetchall():
            columns = "what, name, episode, before, after"
            changes = db.execute(f"SELECT {columns} FROM change WHERE revision = ? ORDER BY id", [number]).fetchall()
            utc = time.replace(" ", "T") + "Z"
            texts = ["positions-1", found[-1] if found else None, str(number), utc, *rest, str(len(changes))]
            for change in changes:
                texts += change
            found.append(hashlib.sha256(b"".join(map(netstring, texts))).hexdigest())
    return found


@pytest.fixture
def story(positions: Positions, record: Record) -> Positions:
    """A record of three revisions, the last of which corrects a response."""
    for text in (TALKS, PRESS, ANOTHER):
        record(text)
    return positions


def shown(positions: Positions) -> list[str]:
    """The digests from r1 on, as `log` has them."""
    return [row["digest"] for row in reversed(positions.ask("log"))]


@ON_SQLITE
def test_the_digests_are_those_that_their_description_gives(story: Positions) -> None:
    assert shown(story) == digests_of(story.db)


def test_null_and_an_empty_text_are_not_the_same() -> None:
    assert digests.digest(None, ["", None], []) != digests.digest(None, [None, ""], [])
    assert digests.digest(None, ["1", "12"], []) != digests.digest(None, ["11", "2"], [])


def test_log_and_status_show_the_digest(story: Positions) -> None:
    newest = shown(story)[-1]

    assert len(newest) == 64
    assert newest[:12] in story("log").stdout
    assert newest[:12] in story("log", "-p").stdout
    assert newest[:12] in story("status").stdout
    assert story.ask("status")["digest"] == newest


def test_a_digest_names_its_revision(story: Positions) -> None:
    first = shown(story)[0]

    assert story("matrix", "--known-at", first[:12]).stdout == story("matrix", "--known-at", "r1").stdout
    assert story.ask("diff", first) == story.ask("diff", "r1")
    assert story("undo", shown(story)[-1][:8], "--dry-run").stdout == story("undo", "r3", "--dry-run").stdout


def test_a_digest_that_no_revision_has_is_refused(story: Positions) -> None:
    for words in (("diff", "0" * 12), ("undo", "0" * 12)):
        assert "no revision has a digest that begins with 000000000000" in story(*words, exit_code=1).stderr
    assert "neither a revision" in story("matrix", "--known-at", "0" * 12, exit_code=2).stderr


def test_the_page_and_the_export_carry_the_digest(story: Positions, tmp_path: Path) -> None:
    story("export", str(tmp_path / "out"))
    described = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))

    assert described["positions"]["digests"] == shown(story)
    assert shown(story)[-1][:12] in described["positions"]["cite"]
    assert shown(story)[-1][:12] in story("report", "-").stdout
    story("export", str(tmp_path / "then"), "--known-at", "r1")
    then = json.loads((tmp_path / "then" / "datapackage.json").read_text(encoding="utf-8"))
    assert then["positions"]["digests"] == shown(story)[:1]


# ---- a record that was seen earlier


def test_a_noted_digest_proves_that_the_record_begins_with_what_was_seen(story: Positions, record: Record) -> None:
    noted = shown(story)[-1][:12]
    record(PRESS.replace("simply no", "as before"))

    assert f"r1 to r3 are the record of {noted}." in story("check", "--contains", noted).stdout
    assert story.ask("check", "--contains", noted) == []


def test_a_digest_of_another_record_is_told(story: Positions) -> None:
    other = "0123456789abcdef"

    told = story("check", "--contains", other, "--format", "json", exit_code=1)

    assert f"does not continue the record that {other} came from" in told.stderr
    assert told.json == [
        {
            "what": "digest",
            "id": other,
            "message": "no revision has this digest: this record does not continue the one that it was noted from",
        }
    ]


@pytest.fixture(params=slow_but(["export"], ["backup", "export", "log"]))
def noted(request: pytest.FixtureRequest, story: Positions, tmp_path: Path) -> str:
    """What somebody kept of the record: each has the digests of all its revisions."""
    place = tmp_path / request.param
    if request.param == "log":
        place.write_text(story("log", "--format", "json").stdout, encoding="utf-8")
    elif request.param == "backup" and SERVER is not None:
        pytest.skip("pg_dump makes the backups of a server")
    else:
        story(request.param, str(place))
    return str(place)


@pytest.mark.slow
def test_what_was_kept_proves_it_too(story: Positions, noted: str, record: Record) -> None:
    record(PRESS.replace("simply no", "as before"))

    assert f"r1 to r3 are the record of {noted}." in story("check", "--contains", noted).stdout


def test_two_records_part_at_a_revision(story: Positions, noted: str, tmp_path: Path, seeded: Positions) -> None:
    story("undo", "r3")
    kept = tmp_path / "kept.json"
    kept.write_text(story("log", "--format", "json").stdout, encoding="utf-8")
    rows: list[dict[str, Any]] = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps([{**row, "digest": "0" * 64} if row["revision"] == 4 else row for row in rows]))

    told = story("check", "--contains", str(kept), "--format", "json", exit_code=1).json

    assert [(row["id"], row["message"]) for row in told] == [
        ("r4", f"is another one than in {kept}; r1 to r3 are the same")
    ]
    assert seeded("check", "--contains", noted, "--format", "json", exit_code=1).json[0]["id"] == "r1"


def test_a_record_that_ends_earlier_is_told(story: Positions, positions: Positions, tmp_path: Path) -> None:
    rows = story.ask("log")
    longer = [{**rows[0], "revision": 4, "digest": "0" * 64}, *rows]
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(longer), encoding="utf-8")

    told = positions("check", "--contains", str(kept), "--format", "json", exit_code=1).json

    assert [(row["id"], row["message"]) for row in told] == [("r4", f"is in {kept}, but this record ends at r3")]


@pytest.mark.parametrize("content", ["", "{}", "[1]", "nonsense", '{"positions": 5}', '[{"revision": "x"}]'])
def test_what_has_no_digests_is_refused(story: Positions, tmp_path: Path, content: str) -> None:
    file = tmp_path / "file"
    file.write_text(content, encoding="utf-8")

    assert f"{file} has no digests" in story("check", "--contains", str(file), exit_code=1).stderr
    assert "neither a digest nor a file" in story("check", "--contains", str(tmp_path / "no"), exit_code=1).stderr


# ---- what breaks the chain


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "revision"),
    [
        ("UPDATE revision SET message = 'another' WHERE number = 2", "r2"),
        ("UPDATE revision SET recorded_by = 'another' WHERE number = 1", "r1"),
        ("UPDATE revision SET file = 'another' WHERE number = 1", "r1"),
        ("UPDATE change SET episode = 'another' WHERE revision = 3", "r3"),
        ("DELETE FROM change WHERE id = (SELECT max(id) FROM change)", "r3"),
    ],
)
def test_a_revision_of_other_content_does_not_fit_its_digest(story: Positions, statement: str, revision: str) -> None:
    force(story.db, statement)

    found = story("check", "--format", "json", exit_code=1).json
    assert {"what": "revision", "id": revision, "message": "its digest is not that of its content"} in found


def test_nothing_is_recorded_after_a_revision_that_another_program_left_without_a_digest(
    story: Positions, record: Record
) -> None:
    force(story.db, "UPDATE revision SET digest = NULL WHERE number = 3")

    assert "after r3: it has no digest" in record(PRESS.replace("simply no", "as before"), exit_code=1).stderr
    told = story("check", "--format", "json", exit_code=1).json
    assert {"what": "revision", "id": "r3", "message": "has no digest: another program recorded it"} in told


def test_an_upgrade_seals_what_is_there_and_says_so(story: Positions) -> None:
    before = shown(story)
    migrate(story.db, "0003", down=True)

    told = story("upgrade").stderr

    assert shown(story) == before
    assert f"r3 is {before[-1][:12]}" in told
    assert story.ask("check") == []


@pytest.mark.slow
def test_a_copy_has_the_digests_of_its_original(story: Positions, tmp_path: Path) -> None:
    story("copy", str(tmp_path / "copy.db"))

    assert shown(Positions(str(tmp_path / "copy.db"))) == shown(story)
    assert Positions(str(tmp_path / "copy.db")).ask("check") == []


def test_the_chain_is_read_a_little_at_a_time(story: Positions) -> None:
    with database.reading(story.db) as connection:
        assert [link.number for link in digests.links(connection, after=1)] == [2, 3]
        assert connection.scalar(sa.text("SELECT count(*) FROM revision WHERE digest IS NULL")) == 0
