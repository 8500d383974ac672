"""`positions browse`: the database in a web browser, read-only and on this machine alone."""

import csv
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from positions import models
from positions.browse.metadata import INTERNAL, metadata
from positions.browse.questions import CHOICES, NO_ANSWER
from tests.conftest import SERVER, TALKS, Output, Positions

ONE_SQLITE_FILE = pytest.mark.skipif(SERVER is not None, reason="only SQLite databases can be browsed")
PROGRAM = [sys.executable, "-c", "from positions.app import app; app()", "browse"]
PAGES = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture
def datasette() -> None:
    pytest.importorskip("datasette", reason="datasette is not installed: pip install -e '.[browse]'")


def described() -> Any:
    return metadata("Talks")["databases"]["positions"]


def rows(db: str, query: str, **given: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(db)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(described()["queries"][query]["sql"], given)]


def test_every_table_and_every_view_has_a_title_a_description_and_described_columns() -> None:
    tables = described()["tables"]

    assert tables.keys() == {*models.METADATA.tables, *models.VIEWS, "alembic_version"}
    for name, table in tables.items():
        if name not in INTERNAL:
            assert table["title"]
            assert table["description"].endswith(".")
            assert all(column.endswith((".", ")")) for column in table["columns"].values())


def test_facets_labels_and_orders_name_columns_that_exist(seeded: Positions) -> None:
    if SERVER is not None:
        pytest.skip("looks into a SQLite file")
    with closing(sqlite3.connect(seeded.db)) as connection:
        for name, table in described()["tables"].items():
            there = {row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')}
            named = {*table.get("facets", ()), table.get("label_column"), table.get("sort_desc")} - {None}
            assert named <= there, name
            assert table.keys() & {"hidden"} or there == table["columns"].keys(), name


def test_no_question_shows_its_sql_and_each_has_choices_for_what_it_asks() -> None:
    queries = described()["queries"]

    assert next(iter(queries)) == "outlook"
    assert all(query["hide_sql"] and query["title"].endswith("?") for query in queries.values())
    assert {name for query in queries.values() for name in query.get("params", ())} == CHOICES.keys()


@ONE_SQLITE_FILE
def test_the_ready_questions_answer_as_the_commands_do(
    positions: Positions, record: Callable[..., Output], says: Callable[..., Output]
) -> None:
    record(TALKS)
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "negotiable", "no-enlargement", on="2022-02-01")
    positions("retract", record(SLIP).stdout.split()[0] + "/it", "--why", "a slip")

    demands = rows(positions.db, "demands")
    assert [(one["side"], one["item"], one["by"], one["refused_by"], one["would_talk"]) for one in demands] == [
        ("russia", "no-enlargement", "russia", "nato", "us"),
        ("russia", "no-missiles", "russia", None, None),
    ]
    assert {one["item"] for one in demands} == {one["id"] for one in positions.ask("demands")}
    refusals = [(one["item"], one["refused_by"]) for one in positions.ask("nonstarters")]
    assert [(one["item"], one["refused_by"]) for one in rows(positions.db, "non_starters", actor="")] == refusals
    assert rows(positions.db, "non_starters", actor="us") == []
    told = [(one["actor"], one["compared"], one["stance_before"]) for one in rows(positions.db, "recent_statements")]
    assert told == [("us", "other", "non-starter"), ("us", "first", None), ("nato", "first", None)]


@pytest.mark.slow
@ONE_SQLITE_FILE
def test_the_outlook_and_the_positions_are_those_of_the_commands(winter: Positions, tmp_path: Path) -> None:
    found = rows(winter.db, "outlook", topic="")
    told = winter.ask("outlook")
    assert {one["item"]: one["outlook"] for one in found} == {one["item"]: one["verdict"] for one in told}
    verdicts = {"blocked", "workable", "unanswered"}
    assert {one["item"]: one["no_answer_from"] or "" for one in found if one["outlook"] in verdicts} == {
        one["item"]: ", ".join(one["waiting_for"]) for one in told if one["verdict"] in verdicts
    }

    winter("export", str(tmp_path / "out"))
    with (tmp_path / "out" / "positions.csv").open(encoding="utf-8", newline="") as file:
        exported = {(row["item"], row["actor"]): row["stance"] for row in csv.DictReader(file)}
    shown = rows(winter.db, "positions", topic="", actor="", stance="")
    assert {(one["item"], one["actor"]): one["stance"] for one in shown} == {
        pair: stance or NO_ANSWER for pair, stance in exported.items()
    }


@ONE_SQLITE_FILE
def test_the_outlook_ends_with_outcomes_unless_the_item_is_said_again(
    positions: Positions, record: Callable[..., Output]
) -> None:
    record(TALKS)
    record(ENDED)

    found = {one["item"]: one["outlook"] for one in rows(positions.db, "outlook", topic="")}

    assert found == {one["item"]: one["verdict"] for one in positions.ask("outlook")}
    assert found == {"no-missiles": "unanswered", "no-enlargement": "withdrawn", "missile-talks": "workable"}


@ONE_SQLITE_FILE
def test_one_item_shows_all_that_was_said_of_it_in_order(
    positions: Positions, record: Callable[..., Output], says: Callable[..., Output]
) -> None:
    record(TALKS)
    says("us", "non-starter", "no-missiles", on="2022-01-12")
    record(ENDED)

    told = [
        (one["said"], one["actor"], one["stance_or_act"]) for one in rows(positions.db, "one_item", item="no-missiles")
    ]

    assert told == [
        ("2021-12-17", "russia", "makes it"),
        ("2022-01-12", "us", "non-starter"),
        ("2022-02-01", "russia", "withdrawn"),
        ("2022-02-02", "russia", "repeats it, wider"),
        ("2022-02-02", "us", "takes it up"),
    ]


ENDED = """
format: 1
episode: {id: ended, kind: statement, title: The end, published: 2022-02-03, url: https://example.org/ended}
responses:
  - {id: again, by: russia, said: 2022-02-02, basis: stated, quote: again, repeats: {no-missiles: {scope: wider}}}
  - {id: hears, by: us, said: 2022-02-02, basis: stated, quote: we hear, about: [no-missiles]}
  - {id: would, by: russia, said: 2022-02-02, basis: stated, quote: we would, stances: {missile-talks: open}}
outcomes:
  - {items: [no-missiles, no-enlargement], outcome: withdrawn, on: 2022-02-01, by: russia, basis: stated, quote: "no"}
"""


SLIP = """
format: 1
episode: {id: slip, kind: statement, title: A slip, published: 2022-02-03, url: https://example.org/slip}
responses:
  - {id: it, by: nato, said: 2022-02-03, basis: stated, quote: a slip, stances: {no-missiles: non-starter}}
"""


@contextmanager
def browsing(db: str, *options: str, ended_by: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    """The address at which `positions browse` serves `db`; ended by its process id."""
    environment = {**os.environ, "POSITIONS_DB": db, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*PROGRAM, *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        assert started.stderr is not None
        try:
            line = started.stderr.readline()
            assert "read-only" in line, line + started.stderr.read()
            yield line.partition(" at ")[2].split()[0]
        finally:
            started.send_signal(ended_by)
            rest = started.communicate(timeout=20)
    assert (started.returncode, *rest) == (0, "", "")


def fetched(address: str, **headers: str) -> str:
    with PAGES.open(urllib.request.Request(address, headers=headers), timeout=20) as page:
        return str(page.read().decode("utf-8"))


@pytest.mark.slow
@ONE_SQLITE_FILE
@pytest.mark.usefixtures("datasette")
def test_a_browser_gets_every_page_and_the_folder_stays_as_it_was(seeded: Positions, tmp_path: Path) -> None:
    folder = tmp_path / "100% mine?"
    folder.mkdir()
    place = Path(seeded.db).rename(folder / "talks.db")
    before = place.read_bytes()

    with browsing(str(place), "--port", "0") as address:
        assert address.startswith("http://127.0.0.1:")
        for page in (*described()["tables"], *described()["queries"]):
            assert "<html" in fetched(f"{address}positions/{page}")
        welcome = fetched(f"{address}positions")
        assert "Positions in a negotiation" in welcome
        for page in (welcome, fetched(address)):
            for name, query in described()["queries"].items():
                assert f'<a href="/positions/{name}">{query["title"]}</a>' in page
        refused = json.loads(fetched(f"{address}positions/non_starters.json?_shape=array&actor=nato"))
        assert {one["refused_by"] for one in refused} == {"nato"}
        facets = json.loads(fetched(f"{address}positions/current_stance.json"))["facet_results"]
        assert {"stance", "actor"} <= facets.keys()

    assert [one.name for one in folder.iterdir()] == ["talks.db"]
    assert place.read_bytes() == before


@pytest.mark.slow
@ONE_SQLITE_FILE
@pytest.mark.usefixtures("datasette")
def test_what_is_recorded_meanwhile_shows_at_the_next_look(
    positions: Positions, record: Callable[..., Output], says: Callable[..., Output]
) -> None:
    record(TALKS)
    with browsing(positions.db, "--port", "0") as address:
        page = f"{address}positions/non_starters.json?_shape=array&actor="
        assert json.loads(fetched(page)) == []

        says("nato", "non-starter", "no-enlargement", on="2022-01-12")

        assert [one["refused_by"] for one in json.loads(fetched(page))] == ["nato"]


@pytest.mark.slow
@ONE_SQLITE_FILE
@pytest.mark.usefixtures("datasette")
def test_nobody_else_is_served_and_nothing_can_be_written(seeded: Positions) -> None:
    with browsing(seeded.db, "--port", "0") as address:
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            fetched(address, Host="evil.example:8001")
        refused.value.close()
        with pytest.raises(urllib.error.HTTPError, match="400") as written:
            fetched(f"{address}positions?sql=delete+from+stance")
        written.value.close()
        port = int(address.rstrip("/").rpartition(":")[2])
        told = seeded("browse", "--port", str(port), exit_code=1).stderr

    assert told.startswith(f"Error: port {port} cannot be used")


@pytest.mark.slow
@ONE_SQLITE_FILE
@pytest.mark.usefixtures("datasette")
def test_if_the_usual_port_is_taken_another_is(seeded: Positions) -> None:
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", 8001))
            taken.listen()
        except OSError:
            pass  # somebody else has it, which is as good
        with browsing(seeded.db, ended_by=signal.SIGINT) as address:
            assert not address.endswith(":8001/")


WITHOUT = "import sys; sys.modules['datasette.app'] = None; from positions.app import app; app()"


@ONE_SQLITE_FILE
def test_without_the_extra_one_line_says_how_to_install_it(seeded: Positions) -> None:
    environment = {**os.environ, "POSITIONS_DB": seeded.db}
    words = [sys.executable, "-c", WITHOUT, "browse"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: browsing needs Datasette\nHint: Install it with `pip install -e '.[browse]'`.\n"


def test_a_server_cannot_be_browsed(positions: Positions) -> None:
    address = "postgresql://ana:s3cret@127.0.0.1:1/talks"

    told = positions("browse", "--db", address, exit_code=1).stderr

    assert told.startswith("Error: only SQLite databases can be browsed\n")
    assert "s3cret" not in told


def test_there_must_be_a_database_to_browse(tmp_path: Path) -> None:
    nothing = Positions(str(tmp_path / "none.db"))

    assert "positions init" in nothing("browse", exit_code=1).stderr
    assert "--port" in nothing("browse", "--port", "70000", exit_code=2).stderr
