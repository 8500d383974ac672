"""`positions copy`: a whole database goes to another place, and both answer alike."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from positions.recording.files import shipped
from tests.conftest import SERVER, Output, Positions, drop, new_place, rows

Record = Callable[..., Output]
SHIPPED = len(shipped())
"""As many revisions as `winter` has."""
QUESTIONS = (
    *(["demands"], ["offers"], ["nonstarters", "--ever"], ["matrix"], ["history"], ["movements", "--first"]),
    *(["outlook"], ["unanswered"], ["episodes"], ["actors"], ["log", "-p"], ["demands", "--known-at", "r3"]),
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[str]:
    """A place for a copy: on the server, if the tests have one, where nothing of ours is yet."""
    where = new_place(tmp_path, "copy")
    yield where
    drop(where)


def answers(positions: Positions) -> list[object]:
    return [positions.ask(*question) for question in QUESTIONS]


@pytest.mark.slow
def test_a_copy_keeps_every_row_of_every_revision(seeded: Positions, place: str) -> None:
    seeded("retract", "episode-1/principles", "--why", "to have something taken back")
    seeded("undo", "r2")

    told = seeded("copy", place).stderr

    assert "Copied r1 to r3" in told
    assert "Both give the same answers" in told
    assert rows(place) == rows(seeded.db)
    assert answers(Positions(place)) == answers(seeded)


@pytest.mark.slow
def test_a_copy_answers_like_its_original_and_says_so(winter: Positions, place: str) -> None:
    winter("retract", "tuygan-brinkmanship/cooled-down", "--why", "to have something taken back")

    told = winter("copy", place).stderr

    assert f"Copied r1 to r{SHIPPED + 1}" in told
    assert "Both give the same answers" in told
    assert f"{len(winter.ask('history'))} stances" in told
    copied = Positions(place)
    assert answers(copied) == answers(winter)
    assert copied.ask("check") == []


@pytest.mark.slow
def test_the_next_record_goes_on_where_the_original_stopped(winter: Positions, place: str, tmp_path: Path) -> None:
    winter("copy", place)
    copied = Positions(place)
    told = []
    for one in (winter, copied):
        text = """
            format: 1
            episode: {id: next, kind: statement, title: The next, published: 2022-04-01, url: https://example.org/n}
            actors: [{id: austin, kind: person, speaks_for: us, name: Lloyd Austin}]
            responses: [{id: it, by: us, speaker: austin, said: 2022-04-01, basis: stated, quote: we would talk,
                         stances: {mission-to-nato: open}}]
        """
        file = tmp_path / "next.yaml"
        file.write_text(text, encoding="utf-8")
        told.append(one("record", str(file)).stdout)
        one("undo", f"r{SHIPPED + 1}")
        one("retract", "us-reply/open-door", "--why", "a try")

    assert told[0] == told[1]
    assert f"r{SHIPPED + 1} recorded" in told[0]
    assert copied.ask("check") == []
    assert copied.ask("nonstarters") == winter.ask("nonstarters")


@pytest.mark.slow
def test_a_copy_of_a_copy_is_the_original(winter: Positions, place: str, tmp_path: Path) -> None:
    back = str(tmp_path / "back.db")

    winter("copy", place)
    Positions(place)("copy", back)

    assert rows(back) == rows(winter.db)
    assert Positions(back).ask("check") == []


@pytest.mark.usefixtures("talks")
def test_nothing_is_copied_over_a_database(seeded: Positions, positions: Positions) -> None:
    before = rows(positions.db)

    refused = seeded("copy", positions.db, exit_code=1).stderr

    assert "already" in refused
    assert rows(positions.db) == before


def test_nothing_is_copied_onto_itself(seeded: Positions) -> None:
    assert "already" in seeded("copy", seeded.db, exit_code=1).stderr


def test_a_file_that_is_not_ours_is_left_alone(seeded: Positions, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sir", encoding="utf-8")

    assert "already" in seeded("copy", str(letter), exit_code=1).stderr
    assert letter.read_text(encoding="utf-8") == "Dear Sir"


def test_a_place_that_cannot_be_written_is_an_error(seeded: Positions, tmp_path: Path) -> None:
    told = seeded("copy", str(tmp_path / "no" / "such" / "talks.db"), exit_code=1).stderr

    assert "a database cannot be created" in told


def test_a_database_that_is_not_there_is_copied_nowhere(tmp_path: Path) -> None:
    if SERVER is not None:
        pytest.skip("a file that is not there")
    missing = Positions(str(tmp_path / "nowhere.db"))

    missing("copy", str(tmp_path / "copy.db"), exit_code=1)

    assert list(tmp_path.glob("*.db*")) == []


@pytest.mark.skipif(SERVER is None, reason="only a server has a password")
def test_no_password_is_shown_of_either_place(seeded: Positions, place: str) -> None:
    from_, to = (
        make_url(one).set(password="s3cret").render_as_string(hide_password=False) for one in (seeded.db, place)
    )

    told = Positions(from_)("copy", to)
    again = Positions(from_)("copy", to, exit_code=1)

    assert "s3cret" not in told.stderr + told.stdout + again.stderr
    assert "***" in told.stderr


def _with_password(db: str) -> str:
    return make_url(db).set(password="s3cret").render_as_string(hide_password=False)
