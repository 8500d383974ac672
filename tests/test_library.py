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
    with positions.reading(seeded.db) as session:
        rows = positions.nonstarters(session, positions.Moment(), positions.Filters(topic="enlargement"))

    assert {row.refused_by for row in rows} == {"us", "nato"}
    assert positions.plain(rows) == seeded.ask("nonstarters", "--topic", "enlargement")


def test_an_episode_can_be_planned_recorded_and_undone(db: str, tmp_path: Path) -> None:
    path = tmp_path / "talks.yaml"
    path.write_text(TALKS, encoding="utf-8")

    with positions.writing(db) as session:
        changes = positions.plan(session, positions.load(path))
        revision = positions.apply(session, changes, why="first look")
    assert revision == 1
    with positions.writing(db) as session:
        positions.apply(session, positions.undoing(session, 1), why="second thoughts")

    with positions.reading(db) as session:
        assert positions.on_the_table(session, positions.Moment()) == []
        assert len(positions.on_the_table(session, positions.Moment(known_at=1))) == 3


def test_a_plan_made_before_another_was_recorded_is_refused(db: str, tmp_path: Path) -> None:
    path = tmp_path / "talks.yaml"
    path.write_text(TALKS, encoding="utf-8")
    with positions.reading(db) as session:
        stale = positions.plan(session, positions.load(path))
    with positions.writing(db) as session:
        positions.record(session, [path])

    with pytest.raises(RecordMovedError), positions.writing(db) as session:
        positions.apply(session, stale, why="too late")
