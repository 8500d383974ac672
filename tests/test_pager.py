"""A pager shows what is longer than the screen of a terminal, as `git` does it; never what goes into a pipe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from positions.app import app
from tests.conftest import Positions

pty = pytest.importorskip("pty", reason="a terminal of our own needs a system like Unix")

ROOT = Path(__file__).parents[1]
LONG, SHORT = "history", "status"
"""A question whose answer is longer than a screen of 24 lines, and one whose answer is not."""


def on_a_terminal(positions: Positions, *words: str, **environment: str) -> str:
    """What a terminal of 80 columns and 24 lines gets from a process of its own, which must end without an error."""
    pid, terminal = pty.fork()
    if pid == 0:
        inherited = {name: value for name, value in os.environ.items() if name not in {"PAGER", "LESS"}}
        given = {"POSITIONS_DB": positions.db, "TERM": "xterm", "COLUMNS": "80", "LINES": "24", "NO_COLOR": "1"}
        os.chdir(ROOT)
        command = [sys.executable, "-m", "positions", *words]
        os.execve(sys.executable, command, {**inherited, **given, **environment})
    printed = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        printed += part
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, printed
    return printed.decode().replace("\r\n", "\n")


def test_what_is_longer_than_the_screen_goes_through_the_pager(seeded: Positions) -> None:
    assert on_a_terminal(seeded, LONG, PAGER="sed s/^/paged:/").count("paged:") > 24
    assert on_a_terminal(seeded, LONG, "--format", "json", PAGER="head -n 1") == "[\n"


def test_what_fits_on_the_screen_does_not(seeded: Positions) -> None:
    assert "paged:" not in on_a_terminal(seeded, SHORT, PAGER="sed s/^/paged:/")


@pytest.mark.parametrize("pager", ["", "cat"])
def test_no_pager_is_one_too(seeded: Positions, pager: str) -> None:
    assert on_a_terminal(seeded, LONG, PAGER=pager) == on_a_terminal(seeded, LONG, "--no-pager", PAGER="false")


@pytest.mark.parametrize("words", [("--no-pager", LONG), (LONG, "--no-pager"), (LONG, "--format", "csv", "--no-pager")])
def test_the_option_stands_before_or_after_the_command(seeded: Positions, words: tuple[str, ...]) -> None:
    assert "paged:" not in on_a_terminal(seeded, *words, PAGER="sed s/^/paged:/")


@pytest.mark.parametrize("pager", ["head -n 3", "true"])
def test_a_reader_who_leaves_early_gets_no_error(seeded: Positions, pager: str) -> None:
    printed = on_a_terminal(seeded, "dump", "episode-1", PAGER=pager)

    assert len(printed.splitlines()) <= 3
    assert "Error" not in printed
    assert "Traceback" not in printed


def test_a_pager_that_is_not_there_leaves_the_answer_readable(seeded: Positions) -> None:
    printed = on_a_terminal(seeded, LONG, PAGER="no-such-pager")

    assert on_a_terminal(seeded, LONG, "--no-pager") in printed
    assert "Traceback" not in printed


def test_a_terminal_that_cannot_move_its_cursor_gets_no_pager(seeded: Positions) -> None:
    assert "paged:" not in on_a_terminal(seeded, LONG, PAGER="sed s/^/paged:/", TERM="dumb")


@pytest.mark.parametrize(("set_by_user", "expected"), [({}, "FRX"), ({"LESS": "S"}, "S")])
def test_less_is_told_what_git_tells_it_unless_the_user_has_settings(
    seeded: Positions, set_by_user: dict[str, str], expected: str
) -> None:
    assert on_a_terminal(seeded, LONG, PAGER="cat >/dev/null; echo $LESS", **set_by_user) == f"{expected}\n"


def test_a_pipe_never_meets_the_pager(seeded: Positions) -> None:
    environment = {**os.environ, "POSITIONS_DB": seeded.db, "PAGER": "false", "TERM": "xterm", "LINES": "2"}
    command = [sys.executable, "-m", "positions", LONG]

    piped = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout

    assert piped.decode() == seeded(LONG).stdout


def test_the_option_ends_with_its_command(seeded: Positions) -> None:
    from positions.rendering import pager  # noqa: PLC0415

    CliRunner().invoke(app, ["--no-pager", SHORT], env={"POSITIONS_DB": seeded.db})

    assert not pager._is_off.get()
