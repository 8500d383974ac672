"""`import positions`: the library offers, typed, what the commands do."""

import subprocess
import sys
from pathlib import Path

import pytest

import positions
from positions.errors import RecordMovedError
from tests.conftest import TALKS, Positions


def test_every_name_that_is_promised_is_there() -> None:
    assert all(callable(getattr(positions, name)) for name in positions.__all__)


def test_importing_the_library_loads_nothing_heavy() -> None:
    asked = "import positions, sys; print('sqlalchemy' in sys.modules or 'pydantic' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", asked], text=True).strip() == "False"


def test_a_question_gives_rows_that_become_plain_values(seeded: Positions) -> None:
    with positions.reading(seeded.db) as connection:
        rows = positions.nonstarters(connection, positions.Moment(), positions.Filters(topic="enlargement"))

    assert {row.refused_by for row in rows} == {"us", "nato"}
    assert positions.plain(rows) == seeded.ask("nonstarters", "--topic", "enlargement")


def test_an_episode_can_be_planned_recorded_and_undone(db: str, tmp_path: Path) -> None:
    path = tmp_path / "talks.yaml"
    path.write_text(TALKS, encoding="utf-8")

    with positions.writing(db) as connection:
        changes = positions.plan(connection, positions.load(path))
        revision = positions.apply(connection, changes, why="first look")
    assert revision == 1
    with positions.writing(db) as connection:
        positions.apply(connection, positions.undoing(connection, 1), why="second thoughts")

    with positions.reading(db) as connection:
        assert positions.on_the_table(connection, positions.Moment()) == []
        assert len(positions.on_the_table(connection, positions.Moment(known_at=1))) == 3


def test_a_plan_made_before_another_was_recorded_is_refused(db: str, tmp_path: Path) -> None:
    path = tmp_path / "talks.yaml"
    path.write_text(TALKS, encoding="utf-8")
    with positions.reading(db) as connection:
        stale = positions.plan(connection, positions.load(path))
    with positions.writing(db) as connection:
        positions.record(connection, [path])

    with pytest.raises(RecordMovedError), positions.writing(db) as connection:
        positions.apply(connection, stale, why="too late")
