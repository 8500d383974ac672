"""What holds however often one records, corrects, takes back and undoes.

The little histories are those of `test_recording_properties`; here statements are taken back and revisions undone
between the files, everything in a transaction of its own as on the command line.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from positions import database
from positions.check import violations
from positions.errors import PositionsError
from positions.moment import Moment
from positions.queries import stances
from positions.queries.episodes import episodes
from positions.queries.log import newest
from positions.recording import stored
from positions.recording.apply import apply
from positions.recording.changes import ChangeSet
from positions.recording.undo import retraction, undoing
from tests.test_recording_properties import EXAMPLES, Fresh, Step, documents, fresh, planned

__all__ = ["fresh"]


@dataclass(frozen=True)
class TakeBack:
    """Take back one of the statements that are held, or undo one of the revisions: the `choice`-th, counted round."""

    choice: int
    undo: bool


steps = st.one_of(
    st.builds(Step, documents(), st.booleans(), st.booleans()),
    st.builds(TakeBack, st.integers(0, 9), st.booleans()),
)
stories = st.lists(steps, min_size=2, max_size=5)
seldom = settings(max_examples=EXAMPLES // 2)
"""Each example records, undoes and proves the whole record many times over."""


def planned_step(connection: Connection, step: Step | TakeBack) -> ChangeSet:
    """What the step would do; a PositionsError if the record refuses it."""
    if isinstance(step, Step):
        return planned(connection, step.text, replace=step.replace, again=step.again)
    if step.undo:
        return undoing(connection, step.choice % newest(connection) + 1)
    names = sorted(cited(connection))
    return retraction(connection, names[step.choice % len(names)] if names else "cast/nothing")


def cited(connection: Connection) -> Iterator[str]:
    """Every held response and outcome, as EPISODE/ID."""
    for one in episodes(connection, Moment()):
        yield from (name for what, name in stored.entries(connection, one.id) if what in {"response", "outcome"})


def carried_out(place: str, plan: Callable[[Connection], ChangeSet]) -> int:
    """Carry out what `plan` says in one transaction, and return the newest revision; what is refused does nothing."""
    with suppress(PositionsError), database.recording(place) as connection:
        apply(connection, plan(connection), why="a step", by="somebody")
    with database.reading(place) as connection:
        return newest(connection)


def contents(place: str, *, known_at: int | None = None) -> Any:
    """What the record says: every entry, if it is asked for now, and where everybody stands."""
    with database.reading(place) as connection:
        moment = Moment(known_at=known_at)
        places = [(one.actor, one.item, one.stance, one.response) for one in stances.current(connection, moment)]
        if known_at is not None:
            return places
        return places, {one.id: stored.entries(connection, one.id) for one in episodes(connection, moment)}


@seldom
@given(story=stories)
def test_undoing_goes_back_to_the_empty_record(fresh: Fresh, story: list[Step | TakeBack]) -> None:
    with fresh() as place:
        told = {1: contents(place)}
        for step in story:
            number = carried_out(place, lambda connection, step=step: planned_step(connection, step))  # type: ignore[misc]
            told[number] = contents(place)
        last = max(told)
        known = {number: contents(place, known_at=number) for number in told}

        for number in range(last, 0, -1):
            before = contents(place)
            carried_out(place, lambda connection, number=number: undoing(connection, number))  # type: ignore[misc]
            assert contents(place) == told.get(number - 1, ([], {})), f"undoing r{number} of {last}, from {before}"

        assert contents(place) == ([], {})
        assert {number: contents(place, known_at=number) for number in told} == known


@seldom
@given(story=stories)
def test_the_record_is_sound_after_every_step(fresh: Fresh, story: list[Step | TakeBack]) -> None:
    with fresh() as place:
        for step in story:
            carried_out(place, lambda connection, step=step: planned_step(connection, step))  # type: ignore[misc]
            with database.reading(place) as connection:
                assert violations(connection) == []


@seldom
@given(story=stories)
def test_taking_back_is_never_a_movement(fresh: Fresh, story: list[Step | TakeBack]) -> None:
    with fresh() as place:
        for step in story:
            if isinstance(step, TakeBack):
                with suppress(PositionsError), database.reading(place) as connection:
                    changes = planned_step(connection, step)
                    assert changes.movements == ()
                    assert all(turn.corrected for turn in changes.turns)
            carried_out(place, lambda connection, step=step: planned_step(connection, step))  # type: ignore[misc]
