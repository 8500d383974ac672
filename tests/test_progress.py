"""What takes long shows how far it is: on a terminal, after a second, and never anywhere else."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import SERVER, TALKS, Positions

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here", exc_type=ImportError)

PROGRAM = """
import sys, time
from positions.commands import console
from positions.app import app
from positions.export import package
console.PROGRESS_AFTER = float(sys.argv.pop(1))
pause = float(sys.argv.pop(1))
def slow(function):
    def slowed(*given, **named):
        time.sleep(pause)
        return function(*given, **named)
    return slowed
from positions.recording import files, stored
files.apply = slow(files.apply)
stored.entries = slow(stored.entries)
package.write_table = slow(package.write_table)
app()
"""

Watch = Callable[..., tuple[str, str]]


@pytest.fixture
def watch(positions: Positions) -> Watch:
    """What a person at a terminal sees on stderr, and what goes to stdout; a step pauses for so many seconds."""

    def run(*words: str, after: float, pause: float) -> tuple[str, str]:
        ours, theirs = pty.openpty()
        environment = {**os.environ, "POSITIONS_DB": positions.db, "TERM": "xterm", "COLUMNS": "80"}
        program = [sys.executable, "-c", PROGRAM, str(after), str(pause), *words]
        with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, stderr=theirs, text=True) as started:
            os.close(theirs)
            seen = b""
            try:
                while piece := os.read(ours, 65536):
                    seen += piece
            except OSError:
                pass  # Linux ends a terminal that way
            assert started.stdout is not None
            printed = started.stdout.read()
        os.close(ours)
        assert started.returncode == 0, seen
        return seen.decode("utf-8"), printed

    return run


@pytest.fixture
def episode(tmp_path: Path) -> str:
    path = tmp_path / "talks.yaml"
    path.write_text(TALKS, encoding="utf-8")
    return str(path)


@pytest.mark.slow
def test_slow_recording_shows_a_bar_on_the_terminal(watch: Watch, episode: str) -> None:
    seen, printed = watch("record", episode, after=0.0, pause=0.5)

    assert "Recording" in seen
    assert "/3" in seen
    assert "r1 recorded" in printed
    assert "Recording" not in printed


@pytest.mark.slow
def test_a_slow_export_shows_a_bar_and_then_what_was_done(watch: Watch, tmp_path: Path) -> None:
    seen, printed = watch("export", str(tmp_path / "out"), after=0.0, pause=0.05)

    assert "Exporting" in seen
    assert "/22" in seen
    assert "Exported 22 tables" in seen.splitlines()[-1]
    assert printed == ""


@pytest.mark.slow
@pytest.mark.skipif(SERVER is not None, reason="makes a SQLite file")
def test_making_a_database_with_all_episodes_shows_a_bar(watch: Watch, tmp_path: Path) -> None:
    seen, _ = watch("init", "--all", "--db", str(tmp_path / "all.db"), after=0.0, pause=0.05)

    assert "Recording" in seen
    assert "Made a database" in seen


@pytest.mark.slow
def test_a_slow_check_shows_a_bar_and_then_what_holds(watch: Watch, positions: Positions, episode: str) -> None:
    positions("record", episode)

    seen, printed = watch("check", after=0.0, pause=0.5)

    assert "Checking" in seen
    assert "every entry follows the rules" in printed


@pytest.mark.slow
def test_what_is_soon_done_shows_no_bar(watch: Watch, episode: str) -> None:
    seen, printed = watch("record", episode, after=30.0, pause=0.0)

    assert seen == ""
    assert "r1 recorded" in printed


def test_nothing_is_shown_where_nobody_watches(
    positions: Positions, episode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("positions.commands.console.PROGRESS_AFTER", 0.0)

    assert positions("record", episode).stderr == ""
