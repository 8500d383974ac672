"""What was known at a revision stays as it was, to the byte: statements and descriptions, in every answer and form."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from positions import database
from positions.recording.apply import apply
from tests.conftest import TALKS, Output, Positions, _copy, slow_but
from tests.test_check import PRESS, force
from tests.test_recording_properties import EXAMPLES, planned

Record = Callable[..., Output]
QUESTIONS = (
    *("demands", "offers", "nonstarters", "nonstarters --ever", "matrix", "history", "movements --first", "outlook"),
    *(
        "unanswered",
        "actors",
        "episodes",
        "episode talks",
        "item no-missiles",
        "search missiles",
        "demands --side west",
    ),
    *("demands --as-of 2022-01-15", "matrix --public-by 2022-01-31", "offers --topic missiles", "history --actor us"),
)
FORMS = ("table", "json", "csv", "markdown")
CORRECTIONS = {
    "a title": ("title: No missiles nearby", "title: Missiles far away"),
    "a quotation": ("quote: no missiles near us", "quote: take them away"),
    "the days of making": ("made: 2022-01-10", "made: 2021-12-28/2022-01-03"),
    "a topic": ("topic: missiles, title: Talks", "topic: talks, title: Talks"),
    "a name": ("name: United States", "name: \"America, 100 % 'free'\""),
    "a side": ("kind: alliance, side: west", "kind: alliance"),
    "the day of publication": ("published: 2022-01-31", "published: 2022-02-14"),
    "days of publication": ("published: 2022-01-31", "published: 2022-01-30/2022-02-01"),
    "who is asked": ("by: russia, to: [us, nato], topic: missiles", "by: russia, to: nato, topic: missiles"),
    "who speaks for whom": ("speaks_for: russia", "speaks_for: us"),
    "an address": ("https://example.org/talks", "https://example.org/else"),
    "a side's name": ("name: The West", "name: Überall"),
    "a link": (", answers: [no-missiles]", ""),
    "a basis": ("basis: reported, quote: open to", "basis: stated, quote: open to"),
}


def everything(positions: Positions, revision: str, folder: Path) -> dict[str, Any]:
    """What every question answers at a revision, in every form; the page and the export too."""
    told: dict[str, Any] = {
        f"{question} {form}": positions(*question.split(), "--known-at", revision, "--format", form).stdout
        for question in QUESTIONS
        for form in FORMS
    }
    told["report"] = positions("report", "-", "--known-at", revision).stdout
    positions("export", str(folder), "--known-at", revision)
    return told | {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
def test_every_answer_at_a_revision_stays_as_it_was_whatever_is_corrected(
    positions: Positions, record: Record, tmp_path: Path
) -> None:
    record(TALKS)
    record(PRESS)
    before = everything(positions, "r2", tmp_path / "before")

    possible = CORRECTIONS.keys() - {"who speaks for whom"}  # who would no longer speak for Russia did so in r2
    for number, (old, new) in enumerate(CORRECTIONS[name] for name in sorted(possible)):
        assert TALKS.count(old) == 1
        record(TALKS.replace(old, new))
        assert everything(positions, "r2", tmp_path / f"{number}") == before
        assert positions("demands", "--known-at", f"r{number + 3}").stdout == positions("demands").stdout
    positions("retract", "press/refusal", "--why", "a try")
    positions("undo", f"r{len(positions.ask('log'))}")

    assert everything(positions, "r2", tmp_path / "after") == before


IN_JSON = sorted(CORRECTIONS.keys() - {"a side's name"})


@pytest.mark.parametrize("what", slow_but(["a title", "a side", "the days of making", "a name"], IN_JSON))
def test_a_corrected_description_reads_as_it_did(positions: Positions, record: Record, what: str) -> None:
    record(TALKS)
    questions = [("demands",), ("offers",), ("actors",), ("episode", "talks"), ("matrix", "--side", "west")]
    before = [positions.ask(*question) for question in questions]

    record(TALKS.replace(*CORRECTIONS[what]))

    assert [positions.ask(*question, "--known-at", "r1") for question in questions] == before
    assert [positions.ask(*question) for question in questions] != before


def test_a_description_that_was_retracted_and_recorded_again_reads_as_at_each_time(
    positions: Positions, record: Record
) -> None:
    record(TALKS)
    without = TALKS.replace("  - {id: osce, kind: organisation, name: OSCE}\n", "")
    record(without, "--replace")
    record(TALKS.replace("name: OSCE", "name: The OSCE"), "--again")
    record(TALKS.replace("name: OSCE", "name: OSCE again"))

    def name(revision: str) -> list[str]:
        return [row["name"] for row in positions.ask("actors", "--known-at", revision) if row["id"] == "osce"]

    assert [name(f"r{number}") for number in (1, 2, 3, 4)] == [["OSCE"], [], ["The OSCE"], ["OSCE again"]]


def test_a_revision_is_asked_as_it_was_on_its_day(positions: Positions, record: Record) -> None:
    """A day of making that was corrected puts the item on the table on another day, and at the old revision not."""
    record(TALKS)
    record(TALKS.replace("made: 2022-01-10", "made: 2022-01-20"))

    def offers(*more: str) -> list[str]:
        return [row["id"] for row in positions.ask("offers", "--as-of", "2022-01-15", *more)]

    assert offers() == []
    assert offers("--known-at", "r1") == ["missile-talks"]


def test_the_log_must_say_how_it_was(positions: Positions, record: Record) -> None:
    record(TALKS)
    record(TALKS.replace("name: OSCE", "name: The OSCE"))
    force(positions.db, "UPDATE change SET before = '{' WHERE revision = 2")

    assert "cannot be read" in positions("actors", "--known-at", "r1", exit_code=1).stderr


@pytest.fixture(scope="module")
def fresh(_templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Iterator[str]]:
    """Makes an empty database of its own for each example."""
    folder = tmp_path_factory.mktemp("known-then")
    numbers = iter(range(10**6))
    return lambda: _copy(_templates["empty"], folder / f"{next(numbers)}.db")


@pytest.mark.slow
@settings(max_examples=max(EXAMPLES // 2, 1))
@given(changes=st.lists(st.sets(st.sampled_from(sorted(CORRECTIONS)), max_size=3), min_size=2, max_size=4))
def test_whatever_follows_a_revision_is_asked_alike(
    fresh: Callable[[], Iterator[str]], changes: list[set[str]]
) -> None:
    for place in fresh():
        positions = Positions(place)
        then: dict[int, list[Any]] = {}
        for corrections in [set(), *changes]:
            text = TALKS
            for name in sorted(corrections):
                text = text.replace(*CORRECTIONS[name])
            with database.recording(place) as connection:
                number = apply(connection, planned(connection, text), why="a step", by="somebody")
            if number is not None:
                then[number] = [positions.ask(question) for question in ("demands", "offers", "actors", "episodes")]
        for number, told in then.items():
            questions = ("demands", "offers", "actors", "episodes")
            assert [positions.ask(question, "--known-at", f"r{number}") for question in questions] == told
