"""Texts, ids, names and options that mean harm: what comes out of each, in every form in which the record is shown.

What a file or an option may not hold is refused. What may stand in a text (markup, formulas) comes out to the letter
and harmless; what only another program can have put into the database comes out written out, like `\\x1b`.
"""

import csv
import io
import json
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from typer.testing import CliRunner

from positions import append_only, database
from positions.app import app
from positions.safe_text import harmless, visible
from tests import html_page
from tests.conftest import SERVER, TALKS, Output, Positions, slow_but

Record = Callable[..., Output]
MAY_STAND = {
    "Rich markup": "[red]x[/] [/nothing] [link=file:///etc/passwd]y[/link]",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;",
    "a formula": "=HYPERLINK(A1)",
    "a formula with a sign": "+1+cmd|x",
    "a template": "{{ 7*7 }}{% raw %} %s {0} ${HOME} `id` $(id)",
    "SQL": "'; DROP TABLE item; --",
    "a path": "../../etc/passwd",
    "an option": "-rf --force",
    "Markdown": "**b** [g](javascript:x) ![h](x) | c",
}
MAY_NOT = {
    "an escape code": "\x1b[31mred\x1b]0;title\x07",
    "a C1 escape code": "\x9b31mred",
    "backspaces": "non-starter\x08\x08\x08",
    "an override": "\u202enon-starter",
    "an isolate": "\u2066x\u2069",
    "a line separator": "one\u2028two",
    "NUL": "a\0b",
}
FORMS = ("table", "terminal", "json", "csv", "markdown", "report", "export", "dump")
in_every_form = pytest.mark.parametrize("form", slow_but(["table", "terminal", "csv", "report"], FORMS))
talks = pytest.mark.usefixtures("talks")


def shown(positions: Positions, form: str, folder: Path) -> str:
    """The demands, or all of the record, in a form."""
    match form:
        case "terminal":
            return positions(
                "demands", TTY_COMPATIBLE="1", COLUMNS="400", NO_COLOR="1", TERM="xterm", PYTHONUTF8="1"
            ).stdout
        case "report":
            return positions("report", "-").stdout
        case "export":
            positions("export", str(folder / "out"))
            return (folder / "out" / "items.csv").read_text(encoding="utf-8")
        case "dump":
            return positions("dump", "talks").stdout
        case _:
            return positions("demands", "-f", form).stdout


def title(text: str, form: str) -> str:
    """The title of the first demand, as whoever reads the form gets it."""
    match form:
        case "json":
            return str(next(one["title"] for one in json.loads(text) if one["id"] == "no-enlargement"))
        case "csv" | "export":
            rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
            return next(one["title"] for one in rows if one["id"] == "no-enlargement")
        case "report":
            return html_page.read(text).text
        case _:
            return text


@in_every_form
@pytest.mark.parametrize("kind", slow_but(["Rich markup"], MAY_STAND))
def test_what_may_stand_in_a_text_comes_out_to_the_letter_and_does_nothing(
    positions: Positions, record: Record, tmp_path: Path, kind: str, form: str
) -> None:
    text = MAY_STAND[kind]
    record(TALKS.replace("title: No further enlargement", f"title: {json.dumps(text)}"))

    told = shown(positions, form, tmp_path)

    if form in {"csv", "export"}:
        assert title(told, form) == harmless(text)
    elif form == "markdown":
        assert "".join(f"\\{one}" if one in "\\`*_{}[]<>#|~!&" else one for one in text) in told
    elif form == "dump":
        assert text in told or text.replace("'", "''") in told or json.dumps(text) in told
    else:
        assert text in title(told, form)
    if form == "report":
        assert len(html_page.read(told).find("script")) == 1
        assert not html_page.read(told).find("img")


@pytest.mark.slow
@talks
@pytest.mark.parametrize("kind", MAY_NOT)
def test_what_would_act_on_a_terminal_is_refused_on_input(positions: Positions, tmp_path: Path, kind: str) -> None:
    text = MAY_NOT[kind]
    path = tmp_path / "hostile.yaml"
    before = positions.ask("log")
    for written in (text, json.dumps(text)):
        path.write_text(TALKS.replace("No further enlargement", written).replace("id: talks", "id: more"), "utf-8")
        told = positions("record", str(path), exit_code=1)
        assert "is not allowed in" in told.stderr
        assert visible(told.stderr) == told.stderr
    actor = ("add", "actor", "--episode", "talks", "--id", "x", "--kind", "state", "--name", text)
    assert "is not allowed in a text" in positions(*actor, exit_code=1).stderr
    assert positions.ask("log") == before


@in_every_form
@pytest.mark.parametrize("kind", slow_but(["an escape code"], [one for one in MAY_NOT if one != "NUL"]))
def test_what_another_program_put_into_the_database_comes_out_written_out(
    positions: Positions, record: Record, tmp_path: Path, kind: str, form: str
) -> None:
    text = MAY_NOT[kind]
    record(TALKS)
    with database.migrating(positions.db) as connection:
        append_only.unguard(connection)
        for table, column in (("item", "title"), ("item", "quote"), ("actor", "name"), ("episode", "title")):
            connection.execute(sa.text(f"UPDATE {table} SET {column} = :text"), {"text": text})

    if form == "dump":
        told = positions("dump", "talks").stdout
        assert visible(told) == told
        assert yaml.safe_load(told)["episode"]["title"] == text
        positions("check", exit_code=1)
        return
    told = shown(positions, form, tmp_path)

    assert visible(told) == told
    if form == "json":
        assert title(told, form) == text
    else:
        written = visible(text).replace("\\", "\\\\") if form == "markdown" else visible(text)
        assert written.replace("[", "\\[" if form == "markdown" else "[") in title(told, form).replace("\\]", "]")


@pytest.mark.slow
@pytest.mark.skipif(SERVER is not None, reason="a server keeps no text that is not UTF-8")
@pytest.mark.usefixtures("talks")
@in_every_form
def test_bytes_that_are_no_text_are_an_error_in_words(positions: Positions, tmp_path: Path, form: str) -> None:
    with database.migrating(positions.db) as connection:
        append_only.unguard(connection)
        connection.exec_driver_sql("UPDATE item SET title = CAST(x'ff31' AS TEXT)")
        connection.exec_driver_sql("UPDATE episode SET title = CAST(x'ff31' AS TEXT)")
    words = {"report": ["report", "-"], "export": ["export", str(tmp_path / "out")], "dump": ["dump", "talks"]}
    asked = words.get(form, ["demands", "-f", form] if form != "terminal" else ["demands"])

    told = positions(*asked, exit_code=1)

    assert told.stderr.startswith("Error: ")
    assert not (tmp_path / "out").exists()


HOSTILE_IDS = (
    "../../x",
    "-rf",
    "a\nb",
    "' OR 1=1 --",
    "no-enlargement'--",
    "\x1b[31m",
    "\udcff",
    "9" * 5_000,
    "",
    "NÅTO",
)
OPTIONS = (
    *("demands --by", "demands --side", "demands --to", "demands --topic", "demands --package", "demands --actor"),
    *("history --item", "movements --actor", "unanswered --actor", "item --", "episode --", "dump --"),
)


@talks
@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", slow_but(["../../x"], HOSTILE_IDS))
def test_no_id_option_takes_what_is_no_id(positions: Positions, option: str, name: str) -> None:
    told = positions(*option.split(), name, exit_code=1)

    assert "has the id" in told.stderr
    assert told.stdout == ""
    assert visible(told.stderr) == told.stderr


@talks
@pytest.mark.parametrize("option", ["--as-of", "--public-by", "--known-at"])
@pytest.mark.parametrize(
    "text", ["99999999-01-01", "0000-01-01", "-1", "9" * 5_000, "1e999", "r" + "9" * 400, "\udcff", "\x1b", "'; --"]
)
def test_no_time_is_taken_that_is_none(positions: Positions, option: str, text: str) -> None:
    told = positions("demands", f"{option}={text}", exit_code=2)

    assert option in told.stderr
    assert visible(told.stderr) == told.stderr


@pytest.mark.slow
@talks
@pytest.mark.parametrize(
    "text", slow_but(["%", "[/]"], ["' OR 1=1 --", "%", "\udcff", "\x1b[31m", "[/]", "-rf", "x" * 100_000])
)
@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_searching_takes_every_text_to_the_letter(positions: Positions, text: str, form: str) -> None:
    told = positions("search", "-f", form, "--", text)

    assert visible(told.stdout) == told.stdout
    assert positions("search", "-f", "json", "--", text).json == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@talks
@pytest.mark.parametrize(
    "name",
    slow_but(
        ["-rf", "[red].yaml"], ["-rf", "a\nb.yaml", "\x1b[31m.yaml", "\udcff.yaml", "[red].yaml", "=1.yaml", "'; --"]
    ),
)
def test_a_file_of_any_name_is_read_and_written_in_its_place(
    positions: Positions, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(TALKS.replace("title: The talks begin", "title: Again"), encoding="utf-8")
    before = {os.fsencode(one) for one in tmp_path.iterdir()}

    told = positions("record", "--", name)
    page = positions("report", "--force", "--", name)

    assert visible(told.stdout + told.stderr + page.stderr) == told.stdout + told.stderr + page.stderr
    assert visible(positions("log").stdout) == positions("log").stdout
    assert {os.fsencode(one) for one in tmp_path.iterdir()} == before


@pytest.mark.slow
@talks
@pytest.mark.parametrize("name", ["../../x", "/etc/x", "a/b", "a b", "a\nb"])
def test_no_id_becomes_a_path(positions: Positions, tmp_path: Path, name: str) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(TALKS.replace("id: talks", f"id: {json.dumps(name)}"), encoding="utf-8")

    assert "is not a valid id" in positions("record", str(path), exit_code=1).stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "db", ["\0", "x\0y", "sqlite://", "mysql://x/y", "://", "postgresql://[", "file:x?mode=memory"]
)
def test_no_name_of_a_database_makes_a_traceback_or_a_file(
    tmp_path: Path, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(app, ["--db", db, "demands"])

    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(SERVER is not None, reason="looks into the file itself")
@talks
def test_no_text_is_ever_run_as_sql(positions: Positions) -> None:
    for text in ("'; DROP TABLE item; --", '"; DELETE FROM stance; --', "x') UNION SELECT 1 --"):
        positions("search", "--", text)
        positions("retract", "--why", text, "--", text, exit_code=1)
        positions("demands", "--topic", text, exit_code=1)

    with sqlite3.connect(positions.db) as connection:
        assert connection.execute("SELECT count(*) FROM item").fetchone() == (3,)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no file without an end")
@talks
def test_a_text_without_an_end_is_not_verified_and_not_waited_for(positions: Positions) -> None:
    told = positions("verify", "talks", "--text", "/dev/zero", exit_code=1)

    assert "talks is not verified: /dev/zero is larger than 10 MiB" in told.stderr
