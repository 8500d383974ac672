"""How each item stood on every day: what the figure draws and what the page replays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from positions.queries.outlook import BLOCKED, WORKABLE
from positions.queries.rows import Item, NonStarter, Outlook, Stance, grouped
from positions.report.data import Data
from positions.report.filters import Names
from positions.vocabulary import FIRM


@dataclass(frozen=True, slots=True)
class Cell:
    """An actor's current stance on an item, with the anchor of the statement that it rests on."""

    actor: str
    look: str
    notes: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Makers:
    """Whose item it is on a day, and whether it is the core of a package of theirs."""

    names: str
    side: str | None
    core: bool


@dataclass(frozen=True, slots=True)
class State:
    """How an item stands on a day."""

    answer: str
    """Blocked, workable or unanswered, also if it is off the table."""
    doubtful: bool
    """Whether the answer is known only from others or from inference, or is contested."""
    status: str
    ended: bool
    why: str
    """Who gave the answer."""
    cells: tuple[Cell, ...]
    makers: Makers
    first_said: date

    @property
    def by_actor(self) -> Mapping[str, Cell]:
        """The cell of each actor that has one."""
        return {cell.actor: cell for cell in self.cells}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which an item was on the table with one answer; the last day is the one on which that ended."""

    answer: str
    doubtful: bool
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Course:
    """The course of an item: its stretches on the table, how it stands now and since when, and when it ended."""

    item: Item
    stretches: Sequence[Stretch]
    now: State
    since: date
    """The day of the last change of the answer."""
    ended: date | None


def by_day(data: Data, names: Names) -> list[dict[str, State]]:
    """For each of the days of `data`: the state of each item that was on the table by then, in their order."""
    found: list[dict[str, State]] = []
    made: dict[str, tuple[Item, Outlook, Sequence[NonStarter], State]] = {}
    for day in data.days:
        refused = grouped(day.refused, lambda row: row.item)
        states = {}
        for item in day.items:
            row, refusals = day.outlook[item.id], refused.get(item.id, [])
            last = made.get(item.id)
            if last is None or (last[0] is not item or last[1] is not row or last[2] != refusals):
                last = made[item.id] = (item, row, refusals, _state(item, row, refusals, names))
            states[item.id] = last[3]
        found.append(states)
    return found


def courses(data: Data, states: Sequence[Mapping[str, State]]) -> list[Course]:
    """The course of each item of `data`, in their order."""
    last = data.days[-1].day if data.days else date.min
    now = states[-1] if states else {}
    return [_course(item, now[item.id], _changes(item.id, data, states), last) for item in data.items]


def _changes(slug: str, data: Data, states: Sequence[Mapping[str, State]]) -> list[tuple[date, State]]:
    """The days on which an item first was on the table, or changed its answer or status, with its state."""
    changes: list[tuple[date, State]] = []
    for day, by_item in zip(data.days, states, strict=True):
        state = by_item.get(slug)
        if state is not None and (not changes or _drawn(state) != _drawn(changes[-1][1])):
            changes.append((day.day, state))
    return changes


def _drawn(state: State) -> tuple[str, bool, bool]:
    return state.answer, state.doubtful, state.ended


def _course(item: Item, now: State, changes: Sequence[tuple[date, State]], last: date) -> Course:
    ends = [*(day for day, _ in changes[1:]), last]
    stretches = [
        Stretch(state.answer, state.doubtful, day, end)
        for (day, state), end in zip(changes, ends, strict=True)
        if not state.ended
    ]
    since = changes[-1][0]
    for day, state in reversed(changes):
        if state.answer != now.answer:
            break
        since = day
    ended = None
    for day, state in reversed(changes):
        if not state.ended:
            break
        ended = day
    return Course(item, stretches, now, since, ended)


def _state(item: Item, row: Outlook, refusals: Sequence[NonStarter], names: Names) -> State:
    blocking = [refusal for refusal in refusals if refusal.refused_by in item.to]
    by_answer: Mapping[str, Sequence[NonStarter | Stance]] = {BLOCKED: blocking, WORKABLE: row.ready}
    answers = by_answer.get(row.answer, ())
    who = [f"{names.actor(_actor(one))}{_doubts(one)}" for one in answers]
    cells = (
        Cell(one.actor, one.stance.value, _notes(one, item), f"{one.episode}/{one.response}") for one in item.stances
    )
    return State(
        answer=row.answer,
        doubtful=bool(answers) and all(_doubts(one) for one in answers),
        status=item.status,
        ended=item.ended,
        why=", ".join(who),
        cells=tuple(cells),
        makers=Makers(names.makers(item), item.side, item.core),
        first_said=item.first_said.end,
    )


def _actor(answer: NonStarter | Stance) -> str:
    return answer.refused_by if isinstance(answer, NonStarter) else answer.actor


def _doubts(answer: NonStarter | Stance) -> str:
    """In brackets: the basis where it is not the actor's own word, and whether it is contested."""
    notes = _weak(answer)
    return f" ({', '.join(notes)})" if notes else ""


def _weak(answer: NonStarter | Stance) -> list[str]:
    return [*([] if answer.basis in FIRM else [answer.basis.value]), *(["contested"] if answer.contested else [])]


def _notes(stance: Stance, item: Item) -> tuple[str, ...]:
    return (*(["own"] if stance.actor in item.by else []), *_weak(stance))


@dataclass(frozen=True, slots=True)
class Count:
    """How many items had an answer, and what became of them."""

    total: int
    on_the_table: int
    ended: Mapping[str, int]
    """By status, the most frequent first."""

    @property
    def words(self) -> str:
        """What became of them: "7 on the table, 4 superseded"."""
        on_the_table = [f"{self.on_the_table} on the table"] if self.on_the_table or not self.ended else []
        return ", ".join(on_the_table + [f"{number} {status}" for status, number in self.ended.items()])


def count(courses: Iterable[Course]) -> Count:
    """The count of `courses`."""
    listed = list(courses)
    ended = grouped((course for course in listed if course.now.ended), lambda course: course.now.status)
    most = sorted(ended.items(), key=lambda pair: -len(pair[1]))
    left = sum(not course.now.ended for course in listed)
    return Count(len(listed), left, {status: len(group) for status, group in most})
