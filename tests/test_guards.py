"""What keeps answers fast, looked up without a clock: which indexes a question uses, how many statements it sends."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from positions import database
from positions.database import schema
from positions.moment import Moment
from positions.queries import actors, items, movements, nonstarters, outlook, search, stances, status
from positions.queries.filters import Filters
from positions.recording.plan import plan
from positions.report import data
from positions.vocabulary import ItemKind
from tests.benchmarks import asking, negotiation
from tests.conftest import SERVER, slow_but

Ask = Callable[[sa.Connection, Moment], Any]

QUESTIONS: dict[str, Ask] = {
    "all pairs": stances.current,
    "history": lambda connection, at: stances.history(
        connection, at, items=Filters(item="item-7").rows(connection, at), since=at.as_of
    ),
    "non-starters": nonstarters.nonstarters,
    "non-starters ever": lambda connection, at: nonstarters.nonstarters(connection, at, ever=True),
    "movements": movements.movements,
    "movements of a month": lambda connection, at: movements.movements(
        connection, at, since=negotiation.FIRST_DAY, until=negotiation.FIRST_DAY
    ),
    "demands": items.on_the_table,
    "matrix": items.matrix,
    "outlook": outlook.outlook,
    "unanswered": outlook.unanswered,
    "actors": actors.actors,
    "search": lambda connection, at: search.search(connection, at, "how it is"),
    "status": lambda connection, _: status.status(connection, "here", schema.NEWEST),
}
SMALL, LARGE = 100, 1000
FAST = ("non-starters", "movements of a month", "demands", "outlook")
_WALK = re.compile(r"SCAN (stance|response|item)(_\d+)?\b")


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Databases of two sizes, made alike."""
    folder = tmp_path_factory.mktemp("sizes")
    return {size: negotiation.make(folder, size) for size in (SMALL, LARGE)}


@contextmanager
def statements(connection: sa.Connection) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent within the block, with their values."""
    sent: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        sent.append((statement, values))

    sa.event.listen(connection, "before_cursor_execute", note)
    yield sent
    sa.event.remove(connection, "before_cursor_execute", note)


def sent_by(db: Path, ask: Ask) -> int:
    with database.reading(db) as connection, statements(connection) as sent:
        ask(connection, asking.then(connection))
    return len(sent)


@pytest.mark.parametrize("name", slow_but(FAST, QUESTIONS))
def test_a_question_sends_as_many_statements_whatever_the_size_of_the_record(name: str, sizes: dict[int, Path]) -> None:
    assert 0 < sent_by(sizes[SMALL], QUESTIONS[name]) == sent_by(sizes[LARGE], QUESTIONS[name])


def test_a_plan_asks_as_often_whatever_the_size_of_the_record_and_of_the_file(sizes: dict[int, Path]) -> None:
    def planning(db: Path, responses: int) -> int:
        source = negotiation.source(negotiation.talk("new", negotiation.responses(0, responses, of=SMALL)))
        with database.reading(db) as connection, statements(connection) as sent:
            plan(connection, source)
        return len(sent)

    assert planning(sizes[SMALL], 10) == planning(sizes[LARGE], 10) == planning(sizes[LARGE], 500)


@pytest.mark.skipif(SERVER is not None, reason="SQLite says how it answers")
def test_a_plan_walks_over_no_table_of_statements(sizes: dict[int, Path]) -> None:
    """The order of its statements is found by an index, however much was recorded before."""
    source = negotiation.source(negotiation.talk("new", negotiation.responses(0, 10, of=SMALL)))
    with database.reading(sizes[LARGE]) as connection:
        steps = steps_of(connection, lambda there, _: plan(there, source), Moment())
    assert [step for step in steps if step.startswith(("SCAN response", "SCAN stance", "SCAN change"))] == []
    assert any("USING COVERING INDEX ix_response_first" in step for step in steps)


@pytest.mark.slow
def test_a_revision_is_written_with_as_many_statements_however_many_items_it_sets_out(tmp_path: Path) -> None:
    def written(size: int) -> int:
        with database.creating(tmp_path / f"{size}.db") as connection, statements(connection) as sent:
            negotiation.record(connection, negotiation.setting(size))
        return len(sent)

    assert written(SMALL) == written(LARGE)


@pytest.mark.skipif(SERVER is not None, reason="SQLite says how it answers")
@pytest.mark.parametrize("name", slow_but(FAST, QUESTIONS))
def test_a_question_never_walks_over_a_table_of_statements_or_items(name: str, sizes: dict[int, Path]) -> None:
    """Walking along an index is meant where a question is about all pairs, all refusals, or all items in order."""
    for moment in (Moment(), Moment(negotiation.FIRST_DAY + timedelta(negotiation.DAYS // 2))):
        assert walks(sizes[LARGE], QUESTIONS[name], moment) == []


@pytest.mark.skipif(SERVER is not None, reason="SQLite says how it answers")
@pytest.mark.parametrize(
    "name", slow_but(FAST, sorted(QUESTIONS.keys() - {"search"}))
)  # which reads every text there is
def test_a_question_at_an_old_revision_never_walks_over_a_table_of_statements(
    name: str, sizes: dict[int, Path]
) -> None:
    """Items are few; what is no longer held of them has no index of its own."""
    with database.reading(sizes[LARGE]) as connection:
        moment = asking.then(connection)
    assert [step for step in walks(sizes[LARGE], QUESTIONS[name], moment) if not step.startswith("SCAN item")] == []


@pytest.mark.skipif(SERVER is not None, reason="SQLite says how it answers")
def test_the_history_of_an_item_is_found_by_an_index_and_walks_over_nothing(sizes: dict[int, Path]) -> None:
    with database.reading(sizes[LARGE]) as connection:
        steps = steps_of(connection, QUESTIONS["history"], Moment())
    assert any(step.startswith("SEARCH stance USING") for step in steps)
    assert not any(step.startswith("SCAN") for step in steps)


def walks(db: Path, ask: Ask, moment: Moment) -> list[str]:
    """The steps of the answer that read a whole table of statements or items without an index."""
    with database.reading(db) as connection:
        steps = steps_of(connection, ask, moment)
    return [step for step in steps if _WALK.match(step) and "USING" not in step]


def steps_of(connection: sa.Connection, ask: Ask, moment: Moment) -> list[str]:
    with statements(connection) as sent:
        ask(connection, moment)
    return [step for statement in sent for step in _steps(connection, *statement)]


def _steps(connection: sa.Connection, statement: str, values: Any) -> list[str]:
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    return [str(row[3]) for row in plan]


def test_a_page_of_the_whole_record_reads_everything_once(sizes: dict[int, Path]) -> None:
    with database.reading(sizes[SMALL]) as connection:
        then = asking.then(connection)
        with statements(connection) as sent:
            data.read(connection, then)
    assert len(sent) <= 15
    about_items = [statement for statement, _ in sent if "item.title" in statement]
    assert len(about_items) == 1


@pytest.mark.parametrize("ever", [False, True])
@pytest.mark.parametrize("filters", [Filters(), Filters(item="item-7", kind=ItemKind.DEMAND)])
def test_a_question_for_non_starters_sends_five_statements_at_most(
    ever: bool, filters: Filters, sizes: dict[int, Path]
) -> None:
    def ask(connection: sa.Connection, moment: Moment) -> None:
        for public_by in (None, moment.as_of):
            with statements(connection) as sent:
                nonstarters.nonstarters(connection, replace(moment, public_by=public_by), filters, ever=ever)
            assert len(sent) <= 5 + ever + (public_by is not None)

    with database.reading(sizes[SMALL]) as connection:
        ask(connection, asking.then(connection))
