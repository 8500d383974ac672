"""Several programs at once on one database, of either kind, and a server that goes away in the middle."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from positions import database
from positions.errors import DatabaseBusyError, DatabaseError
from positions.recording import files as recording
from tests.conftest import SERVER, Output, Positions

ON_SERVER = pytest.mark.skipif(SERVER is None, reason="a file does not go away")
PROGRAM = [sys.executable, "-c", "from positions.app import app; app()"]
STATEMENT = """
format: 1
episode: {{id: said-{0}, kind: statement, title: Statement {0}, published: 2022-01-31, url: https://example.org/{0}}}
responses: [{{id: it, by: nato, said: 2022-01-31, basis: stated, quote: no, stances: {{no-missiles: non-starter}}}}]
"""


def started(db: str, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*PROGRAM, *words],
        env={**os.environ, "POSITIONS_DB": db},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def statements(folder: Path, number: int) -> list[Path]:
    files = [folder / f"said-{count}.yaml" for count in range(number)]
    for count, file in enumerate(files):
        file.write_text(STATEMENT.format(count), encoding="utf-8")
    return files


@pytest.mark.slow
@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize("number", [2, 8])
def test_what_several_record_at_once_is_all_recorded_without_gaps(
    positions: Positions, tmp_path: Path, number: int
) -> None:
    running = [started(positions.db, "record", str(one), "-f", "json") for one in statements(tmp_path, number)]

    ended = [(one.communicate(), one.returncode) for one in running]

    assert [code for _, code in ended] == [0] * number, ended
    told = sorted(json.loads(stdout)[0]["revision"] for (stdout, _), _ in ended)
    assert told == list(range(2, number + 2))
    assert sorted(one["revision"] for one in positions.ask("log")) == list(range(1, number + 2))
    assert len(positions.ask("episodes")) == number + 1
    assert positions.ask("check") == []


@pytest.mark.slow
@pytest.mark.usefixtures("talks")
def test_of_several_who_record_the_same_one_does(positions: Positions, tmp_path: Path) -> None:
    [file] = statements(tmp_path, 1)
    running = [started(positions.db, "record", str(file), "-f", "json") for _ in range(3)]

    told = [json.loads(one.communicate()[0])[0]["revision"] for one in running]

    assert sorted(told, key=str) == [2, None, None]
    assert positions.ask("check") == []


@pytest.mark.slow
@pytest.mark.usefixtures("talks")
def test_two_who_undo_the_same_revision_do_it_once(positions: Positions, tmp_path: Path) -> None:
    positions("record", str(statements(tmp_path, 1)[0]))
    running = [started(positions.db, "undo", "r2") for _ in range(2)]

    ended = [(one.communicate()[1], one.returncode) for one in running]

    assert sorted(code for _, code in ended) == [0, 1], ended
    assert sum("r2 cannot be undone" in stderr for stderr, _ in ended) == 1
    assert [one["revision"] for one in positions.ask("log")] == [3, 2, 1]


@pytest.mark.slow
@pytest.mark.skipif(SERVER is not None, reason="a server's database is there before it is ours")
def test_of_two_who_make_one_database_one_does(tmp_path: Path) -> None:
    place = tmp_path / "new" / "talks.db"
    place.parent.mkdir()
    running = [started(str(place), "init") for _ in range(2)]

    told = [one.communicate()[1] for one in running]

    assert [one.returncode for one in running] == [0, 0]
    assert sum("Made a database" in one for one in told) == 1
    assert sum("nothing to do" in one for one in told) == 1
    assert list(place.parent.iterdir()) == [place]


@pytest.mark.skipif(SERVER is None, reason="files are made, not filled")
def test_of_two_who_fill_one_database_of_a_server_both_find_it_filled(positions: Positions) -> None:
    emptied(positions.db)
    running = [started(positions.db, "init") for _ in range(2)]

    ended = [(one.communicate()[1], one.returncode) for one in running]

    assert [code for _, code in ended] == [0, 0], ended
    assert [one["message"] for one in positions.ask("log")] == ["Episode 1, as shipped"]


def emptied(db: str) -> None:
    with connected(db) as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


@contextmanager
def connected(db: str) -> Iterator[sa.Connection]:
    """A connection of somebody else, each statement of which counts at once."""
    engine = sa.create_engine(db, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


# ---- what every connection is set to


WAITS = """
import sys
from positions import database
with database.recording(sys.argv[1]) as connection:
    print(connection.exec_driver_sql(sys.argv[2]).scalar())
"""


def test_who_records_waits_for_another_writer_for_ten_seconds(db: str) -> None:
    """Asked of a process of its own, in which no test has set anything."""
    asked, told = ("PRAGMA busy_timeout", "10000") if SERVER is None else ("SHOW lock_timeout", "10s")

    done = subprocess.run([sys.executable, "-c", WAITS, db, asked], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == told


# ---- a server


@ON_SERVER
@pytest.mark.usefixtures("talks")
def test_who_waits_too_long_for_another_writer_is_told(
    positions: Positions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 1.0)
    [file] = statements(tmp_path, 1)

    with database.recording(positions.db):
        told = positions("record", str(file), exit_code=1).stderr
        assert len(positions.ask("log")) == 1

    assert "is being written by another process" in told
    with pytest.raises(DatabaseBusyError), database.recording(positions.db), database.recording(positions.db):
        pass


def end_others(db: str) -> None:
    """End every other connection to the database, as a server that is stopped does."""
    with connected(db) as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


@ON_SERVER
@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize("step", [1, 2, 3, 4, 5, 6])
def test_a_server_that_goes_away_while_we_record_has_recorded_nothing(
    positions: Positions, tmp_path: Path, step: int
) -> None:
    def told(done: int, _: int) -> None:
        if done == step:
            end_others(positions.db)

    with pytest.raises(DatabaseError, match="cannot be used"), database.recording(positions.db) as connection:
        recording.record(connection, statements(tmp_path, 2), progress=told)

    assert [one["revision"] for one in positions.ask("log")] == [1]
    assert positions.ask("check") == []


@ON_SERVER
@pytest.mark.usefixtures("talks")
def test_a_server_that_goes_away_is_an_error_in_words(positions: Positions, tmp_path: Path) -> None:
    [file] = statements(tmp_path, 1)
    with database.recording(positions.db):
        waiting = started(positions.db, "record", str(file))
        with connected(positions.db) as connection:
            while not connection.exec_driver_sql("SELECT 1 FROM pg_locks WHERE NOT granted").first():
                assert waiting.poll() is None
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            )
        stdout, stderr = waiting.communicate()

    assert (waiting.returncode, stdout) == (1, "")
    assert stderr.startswith("Error: "), stderr
    assert "Traceback" not in stderr
    assert [one["revision"] for one in positions.ask("log")] == [1]


@ON_SERVER
@pytest.mark.usefixtures("talks")
def test_a_program_that_is_killed_while_it_records_on_a_server_has_recorded_nothing(
    positions: Positions, record: Callable[..., Output], tmp_path: Path
) -> None:
    [file] = statements(tmp_path, 1)
    dying = (
        "import os, signal, sys; from pathlib import Path; from positions import database;"
        "from positions.recording import files as s\n"
        "with database.recording(sys.argv[1]) as connection:\n"
        "    s.record(connection, [Path(sys.argv[2])]); os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    done = subprocess.run([sys.executable, "-c", dying, positions.db, str(file)], check=False)

    assert done.returncode == -9
    assert [one["revision"] for one in positions.ask("log")] == [1]
    record(file.read_text(encoding="utf-8"))
    assert [one["revision"] for one in positions.ask("log")] == [2, 1]
    assert positions.ask("check") == []
