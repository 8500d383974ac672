"""What a command does not load costs no time to start: looked up in a fresh process, not measured by a clock."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SERVER, Positions, slow_but

ROOT = Path(__file__).parents[1]
HEAVY = ("sqlalchemy", "alembic", "pydantic", "yaml", "jinja2", "rich.table", "platformdirs")

PROGRAM = """
import json, sys
from positions.app import app

sys.argv[0] = "positions"
try:
    app()
finally:
    print("loaded:", json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded(*words: str, db: str = "") -> tuple[str, set[str]]:
    """What `positions WORDS…` prints into a pipe, and the modules that a fresh process has loaded for it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "POSITIONS_DB": db}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, set(json.loads(done.stderr.rpartition("loaded: ")[2]))


@pytest.fixture(scope="module")
def help_loads() -> set[str]:
    """The modules that `positions --help` loads."""
    printed, modules = loaded("--help")
    assert "nonstarters" in printed
    return modules


@pytest.mark.parametrize("module", HEAVY)
def test_help_is_shown_without_loading(module: str, help_loads: set[str]) -> None:
    assert module not in help_loads


def test_help_does_not_load_the_commands_of_a_group(help_loads: set[str]) -> None:
    assert "positions.commands.add" not in help_loads


@pytest.mark.slow
@pytest.mark.parametrize("words", [["demands", "--help"], ["record", "--help"], ["report", "--help"], ["--version"]])
def test_help_of_a_command_opens_no_database(words: list[str]) -> None:
    _, modules = loaded(*words)
    assert not modules & {"sqlalchemy", "alembic", "pydantic", "yaml", "jinja2", "sqlite3"}


QUESTIONS = (
    *("demands", "offers", "nonstarters", "item no-enlargement", "history", "movements --first", "matrix", "outlook"),
    *("unanswered", "actors", "episodes", "episode episode-1", "search 1997", "status", "log"),
)


@pytest.mark.parametrize("question", slow_but(["nonstarters"], QUESTIONS))
def test_a_question_is_answered_without_what_only_recording_needs(question: str, seeded: Positions) -> None:
    printed, modules = loaded(*question.split(), "--format", "json", db=seeded.db)

    answer: Any = json.loads(printed)
    assert answer
    assert not modules & {"alembic", "yaml", "jinja2", "pydantic", "positions.recording", "positions.episode_file"}
    assert not modules & {"rich.table", "rich.console"}
    assert "sqlalchemy.orm" not in modules
    assert SERVER is not None or "sqlalchemy.dialects.postgresql" not in modules


@pytest.mark.slow
def test_a_table_in_a_pipe_needs_no_rich_drawing(seeded: Positions) -> None:
    printed, modules = loaded("demands", db=seeded.db)

    assert "no-enlargement" in printed
    assert not modules & {"rich.table", "rich.console", "alembic", "yaml", "pydantic"}


@pytest.mark.slow
def test_an_export_needs_neither_the_file_format_nor_rich(seeded: Positions, tmp_path: Path) -> None:
    _, modules = loaded("export", str(tmp_path / "out"), db=seeded.db)

    assert not modules & {"alembic", "yaml", "pydantic", "positions.recording", "rich.progress", "datasette"}


def test_the_library_is_imported_without_its_heavy_parts() -> None:
    shown = "import sys, positions; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", shown], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"sqlalchemy", "alembic", "pydantic", "yaml", "typer"}
