"""Responses keep the order of their file: it decides between words of the same day, so it is content."""

from collections.abc import Callable
from pathlib import Path

import pytest

from positions import database
from tests.conftest import Output, Positions, drop, new_place, recorder

Record = Callable[..., Output]

FIRST = "{id: first, by: nato, said: 2022-01-12, basis: stated, quote: never, stances: {no-enlargement: non-starter}}"
SECOND = "{id: second, by: nato, said: 2022-01-12, basis: stated, quote: maybe, stances: {no-enlargement: negotiable}}"
THIRD = "{id: third, by: us, said: 2022-01-13, basis: stated, quote: fine, stances: {no-missiles: open}}"


def press(*responses: str) -> str:
    """A press conference with these responses, in this order."""
    listed = "".join(f"  - {response}\n" for response in responses)
    return f"""
format: 1
episode: {{id: press, kind: statement, title: Press, published: 2022-01-20, url: https://example.org/press}}
responses:
{listed}"""


def current(positions: Positions) -> object:
    """Where NATO stands on enlargement."""
    [row] = [row for row in positions.ask("matrix") if row["item"] == "no-enlargement"]
    return row["stances"]["nato"]


@pytest.mark.usefixtures("talks")
def test_of_two_responses_of_one_day_the_later_in_the_file_counts(positions: Positions, record: Record) -> None:
    record(press(FIRST, SECOND))

    assert current(positions) == "negotiable"


@pytest.mark.usefixtures("talks")
def test_another_order_in_the_file_is_a_correction(positions: Positions, record: Record) -> None:
    record(press(FIRST, SECOND))

    told = record(press(SECOND, FIRST)).stdout

    assert "~ response press/second  order: moved within its file" in told
    assert "nato on no-enlargement: negotiable -> non-starter" in told
    assert "correction" in told
    assert current(positions) == "non-starter"
    assert [row["change"] for row in positions.ask("movements")] == []
    [entry] = positions.ask("log")[0]["corrected"]
    assert entry == "press/second"


@pytest.mark.slow
@pytest.mark.usefixtures("talks")
def test_a_correction_of_the_order_can_be_undone(positions: Positions, record: Record) -> None:
    record(press(FIRST, SECOND))
    before = positions("dump", "press").stdout
    record(press(SECOND, FIRST))

    positions("undo", "r3")

    assert positions("dump", "press").stdout == before
    assert current(positions) == "negotiable"
    assert positions.ask("check") == []


@pytest.mark.usefixtures("talks")
def test_a_dump_keeps_the_order_through_corrections(positions: Positions, record: Record, tmp_path: Path) -> None:
    record(press(FIRST, SECOND))
    record(press(FIRST.replace("never", "never ever"), SECOND))

    file = tmp_path / "press.yaml"
    file.write_text(positions("dump", "press").stdout, encoding="utf-8")

    text = file.read_text(encoding="utf-8")
    assert text.index("id: first") < text.index("id: second")
    assert "nothing to record" in positions("record", str(file)).stdout


@pytest.mark.usefixtures("talks")
def test_a_record_filled_by_dumps_has_the_same_current_stance(
    positions: Positions, record: Record, tmp_path: Path
) -> None:
    record(press(FIRST, SECOND))
    record(press(FIRST.replace("never", "never ever"), SECOND))
    other = Positions(new_place(tmp_path, "other"))
    with database.creating(other.db):
        pass
    record_there = recorder(other, tmp_path)

    for episode in ("talks", "press"):
        record_there(positions("dump", episode).stdout)

    assert current(other) == current(positions) == "negotiable"
    drop(other.db)


@pytest.mark.usefixtures("talks")
def test_what_is_put_between_two_responses_corrects_neither(positions: Positions, record: Record) -> None:
    record(press(FIRST, SECOND))

    told = record(press(FIRST, THIRD, SECOND)).stdout

    assert "1 added" in told
    assert "corrected" not in told
    text = positions("dump", "press").stdout
    assert text.index("id: first") < text.index("id: third") < text.index("id: second")


@pytest.mark.usefixtures("talks")
def test_there_is_room_on_both_sides_of_what_was_put_between(positions: Positions, record: Record) -> None:
    record(press(FIRST, SECOND))
    record(press(FIRST, THIRD, SECOND))

    fourth, fifth = (THIRD.replace("id: third", f"id: {name}") for name in ("fourth", "fifth"))
    record(press(FIRST, fourth, THIRD, fifth, SECOND))

    assert [row["corrected"] for row in positions.ask("log")][:2] == [[], []]


@pytest.mark.usefixtures("talks")
def test_a_single_response_that_is_added_comes_last(positions: Positions, record: Record) -> None:
    record(press(FIRST, SECOND))
    line = "--by nato --said 2022-01-12 --basis stated --stance no-enlargement=open"

    positions("add", "response", "--episode", "press", *line.split(), "--quote", "let us talk")

    assert current(positions) == "open"


@pytest.mark.usefixtures("talks")
def test_what_was_known_of_the_order_stays_known(positions: Positions, record: Record) -> None:
    record(press(FIRST, SECOND))
    record(press(SECOND, FIRST))

    [then] = [row for row in positions.ask("matrix", "--known-at", "r2") if row["item"] == "no-enlargement"]

    assert then["stances"]["nato"] == "negotiable"
