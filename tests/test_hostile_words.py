"""Hostile words: names of files, and whatever can be written behind an option of the command line.

`tests.test_hostile` has what is hostile in a file or in a database, `tests.test_worst_files` what is bad for its size.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from positions.app import app
from tests.conftest import TALKS, Positions, slow_but

ROOT = Path(__file__).parents[1]
SQL = "x'; DROP TABLE item; --"
ESCAPES = "\x1b[31m\x1b]0;title\x07\x9b2J\u202e\u2066\x7f"
"""Colours, the title of the window, a cleared screen, and text that runs backwards."""

ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal obeys instead of showing it."""

# ---- names of files


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize(
    "name", ["a\nError: b.yaml", "-rf", "\x1b[31m.yaml", "[red].yaml", "=1+1", "\u202elmay", "<b>.yaml", "\udcff.yaml"]
)
def test_a_strange_name_of_a_file_stays_one_line_of_text(positions: Positions, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TALKS, encoding="utf-8")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / name).write_text(TALKS.replace("format: 1", "format: 2"), encoding="utf-8")

    refused = positions("record", "--", str(tmp_path / "bad" / name), exit_code=1)
    positions("record", "--", str(tmp_path / name))

    assert len(refused.stderr.splitlines()) == 1
    assert ACTING.search(refused.stderr) is None
    for form in ("table", "json", "csv", "markdown"):
        assert ACTING.search(positions("log", "--format", form).stdout) is None
    assert len(positions("log").stdout.splitlines()) == len(positions("log", "-f", "csv").stdout.splitlines()) == 2


@pytest.mark.usefixtures("talks")
def test_a_name_of_a_file_writes_nothing_into_the_draft_but_a_comment(positions: Positions, tmp_path: Path) -> None:
    file = tmp_path / "a\nformat: 2 #.yaml"

    positions("draft", str(file), "--title", "A title", "--published", "2022-02-01")

    assert "\nformat: 2" not in file.read_text(encoding="utf-8")


def test_a_file_named_like_an_option_is_none_without_the_two_dashes(positions: Positions, tmp_path: Path) -> None:
    told = program("record", "-rf", "--db", positions.db, cwd=tmp_path)

    assert told.returncode == 2
    assert b"No such option" in told.stderr


# ---- words on the command line


def program(*words: str | bytes, cwd: Path = ROOT) -> "subprocess.CompletedProcess[bytes]":
    """The program, run with words that may be no text at all."""
    command = [sys.executable, str(ROOT / "cli.py"), *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)


OPTIONS = (
    *(f"demands --{name}" for name in ("actor", "by", "side", "to", "topic", "package", "stance")),
    *(f"history --{name}" for name in ("item", "since", "until", "as-of", "known-at", "public-by", "format")),
    *("nonstarters --basis", "movements --since", "item", "episode", "search", "dump", "diff", "undo", "verify"),
    *("retract --why x --dry-run", "retract no/such --why", "report", "export --license", "schema --format"),
    *("record", "add actor --episode", "draft - --title x --published"),
    *("draft --published 2022-01-01 --title", "draft --published 2022-02-01 --title T", "backup", "demands --db"),
    *("verify talks --text", "verify --all --texts", "copy", "undo r1 --dry-run --why"),
)
WORDS = {
    "SQL": SQL,
    "more SQL": "' OR '1'='1",
    "a wildcard of SQL": "%",
    "a huge number": "9" * 5_000,
    "a revision that is no number of a database": "r" + "9" * 30,
    "a negative revision": "r-1",
    "a huge date": "99999999-01-01",
    "the year 0": "0000-01-01",
    "the last day": "9999-12-31",
    "escape codes": ESCAPES,
    "markup": "[red]x[/] [/nothing]",
    "a lone surrogate": "\udcff",
    "a path": "../../../../etc/passwd",
    "digits of another script": "٢٠٢٢-٠١-٠١",
}


@pytest.mark.usefixtures("talks")
@pytest.mark.slow
@pytest.mark.parametrize("word", WORDS)
def test_no_word_for_any_option_breaks_the_program_or_the_record(
    positions: Positions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = positions.ask("log"), positions.ask("demands")

    for option in OPTIONS:
        done = CliRunner().invoke(app, [*option.split(), WORDS[word]], env={"POSITIONS_DB": positions.db})

        assert done.exception is None or isinstance(done.exception, SystemExit), (option, done.exc_info)
        assert done.exit_code in {0, 1, 2}, option
        assert ACTING.search(done.stdout + done.stderr) is None, option
        assert len(done.stderr) < 20_000, option

    assert (positions.ask("log"), positions.ask("demands")) == before
    assert positions.ask("check") == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows passes text, not bytes")
@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize(
    "words",
    slow_but([["item"]], [["item"], ["search"], ["demands", "--topic"], ["record"], ["report"], ["demands"]]),
)
def test_bytes_that_are_no_text_are_answered_in_words(positions: Positions, tmp_path: Path, words: list[str]) -> None:
    done = program(*words, b"no\xfftext\x1b[31m", "--db", positions.db, cwd=tmp_path)

    assert done.returncode in {0, 1, 2}
    assert b"Traceback" not in done.stderr
    assert b"\x1b" not in done.stdout + done.stderr
