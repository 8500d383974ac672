"""What tests share: a database of their own, the command line, and short ways to tell a story.

The whole suite runs on SQLite; with POSITIONS_TEST_POSTGRES naming a server (postgresql://…), on that instead. No test
ever touches the user's own database. Tests marked `slow` run when they are asked for (`-m ""`), and generated examples
are few unless `--hypothesis-profile thorough` asks for more; they are the same examples in every run.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from typer.testing import CliRunner

from positions import database, models
from positions.app import app
from positions.commands import context
from positions.recording.files import record_shipped, shipped
from tests import made_once, story

SERVER = os.environ.get("POSITIONS_TEST_POSTGRES")

_SAME_EXAMPLES = settings(
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("fast", _SAME_EXAMPLES, max_examples=20)
settings.register_profile("thorough", _SAME_EXAMPLES, max_examples=200)
settings.load_profile("fast")

_NUMBERS = count()

made_once.start()

TALKS = """
format: 1
episode: {id: talks, kind: article, title: The talks begin, published: 2022-01-31, url: https://example.org/talks}
sides:
  - {id: russia, name: Russia}
  - {id: west, name: The West}
actors:
  - {id: russia, kind: state, side: russia, name: Russia}
  - {id: us, kind: state, side: west, name: United States}
  - {id: nato, kind: alliance, side: west, name: NATO}
  - {id: lavrov, kind: person, speaks_for: russia, name: Sergey Lavrov}
  - {id: osce, kind: organisation, name: OSCE}
demands:
  - {id: no-enlargement, by: russia, to: [us, nato], topic: enlargement, title: No further enlargement,
     made: 2021-12-17, basis: stated, quote: no more members}
  - {id: no-missiles, by: russia, to: [us, nato], topic: missiles, title: No missiles nearby,
     made: 2021-12-17, basis: stated, quote: no missiles near us}
offers:
  - {id: missile-talks, by: us, to: russia, topic: missiles, title: Talks on missiles,
     made: 2022-01-10, basis: reported, quote: open to discussing missiles, answers: [no-missiles]}
"""
"""A small negotiation in which nobody has answered anything yet."""


@dataclass(frozen=True)
class Output:
    """What a command printed."""

    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


class Positions:
    """Runs the command line as a user would, on one database."""

    def __init__(self, db: str) -> None:
        self.db = db

    def __call__(self, *words: str, exit_code: int = 0, **environment: str) -> Output:
        done = CliRunner().invoke(app, list(words), env={"POSITIONS_DB": self.db, **environment})
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == exit_code, f"exit {done.exit_code}: {done.stdout}{done.stderr}"
        return Output(done.stdout, done.stderr)

    def ask(self, *words: str) -> Any:
        """The answer to a question, from its JSON."""
        return self(*words, "--format", "json").json


class ReadOnly(Positions):
    """The same on a database to which no test writes: what was asked before is not asked again."""

    def __init__(self, db: str) -> None:
        super().__init__(db)
        self._answer = cache(super().__call__)

    def __call__(self, *words: str, exit_code: int = 0, **environment: str) -> Output:
        return self._answer(*words, exit_code=exit_code, **environment)


def pytest_collection_finish() -> None:
    made_once.freeze()


@pytest.fixture
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the test's own that nobody has made."""
    return tmp_path_factory.getbasetemp() / f"nowhere-{next(_NUMBERS)}"


@pytest.fixture(autouse=True)
def _alone(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's own files and settings."""
    monkeypatch.setenv("HOME", str(nowhere / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(nowhere / "home" / "data"))
    monkeypatch.setenv("POSITIONS_DB", str(nowhere / "unnamed.db"))
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def _templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An empty and a seeded database, made once; tests get copies."""
    folder = tmp_path_factory.mktemp("templates")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "BUSY_SECONDS", 10.0)
        made = {name: new_place(folder, name) for name in ("empty", "seeded")}
    with database.creating(made["empty"]):
        pass
    context.seed(made["seeded"])
    yield made
    for place in made.values():
        drop(place)


@pytest.fixture
def db(tmp_path: Path, _templates: dict[str, str]) -> Iterator[str]:
    """A database of the test's own, with the schema and nothing in it."""
    yield from _copy(_templates["empty"], tmp_path / "talks.db")


@pytest.fixture
def seeded(tmp_path: Path, _templates: dict[str, str]) -> Iterator[Positions]:
    """The command line on a database of the test's own that holds Episode 1."""
    for place in _copy(_templates["seeded"], tmp_path / "seeded.db"):
        yield Positions(place)


@pytest.fixture(scope="session")
def _winter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database that holds every shipped episode, made once; tests get copies."""
    place = new_place(tmp_path_factory.mktemp("winter"), "winter")
    with database.creating(place) as connection:
        record_shipped(connection, shipped())
    yield place
    drop(place)


@pytest.fixture
def winter(tmp_path: Path, _winter: str) -> Iterator[Positions]:
    """The command line on a database of the test's own that holds every shipped episode."""
    for place in _copy(_winter, tmp_path / "winter.db"):
        yield Positions(place)


@pytest.fixture
def positions(db: str) -> Positions:
    """The command line on the test's own empty database."""
    return Positions(db)


@pytest.fixture
def record(positions: Positions, tmp_path: Path) -> Callable[..., Output]:
    """Record the text of an episode file: `record(text, "--replace")`."""
    return recorder(positions, tmp_path)


@pytest.fixture(scope="session")
def _talks(tmp_path_factory: pytest.TempPathFactory, _templates: dict[str, str]) -> Iterator[tuple[str, Output]]:
    """A database that holds `TALKS`, made once, and what recording it printed."""
    folder = tmp_path_factory.mktemp("talks")
    for place in _copy(_templates["empty"], folder / "talks.db"):
        yield place, recorder(Positions(place), folder)(TALKS)


@pytest.fixture
def talks(positions: Positions, tmp_path: Path, request: pytest.FixtureRequest) -> Output:
    """`TALKS` is recorded in the test's own database, which was empty; what recording it printed."""
    if SERVER is not None:
        return recorder(positions, tmp_path)(TALKS)
    made: tuple[str, Output] = request.getfixturevalue("_talks")
    template, told = made
    shutil.copyfile(template, positions.db)
    return told


@pytest.fixture
def says(record: Callable[..., Output]) -> Callable[..., Output]:
    """Record that an actor takes a stance: `says("nato", "non-starter", "no-enlargement", on="2022-01-12")`."""

    def say(actor: str, stance: str, item: str, *, on: str, **details: str) -> Output:
        published = details.pop("published", on.rpartition("/")[2])
        given = {"basis": "stated", "quote": f"we are {stance}", **details}
        detail = {"stance": stance} | {name: given.pop(name) for name in ("wording", "condition") if name in given}
        fields = ", ".join(f"{name}: {_quoted(value)}" for name, value in given.items())
        name = f"said-{uuid4().hex[:8]}"
        return record(f"""
            format: 1
            episode: {{id: {name}, kind: statement, title: A statement, published: {published},
                       url: https://example.org/{name}}}
            responses:
              - {{id: it, by: {actor}, said: {on}, stances: {{{item}: {_quoted(detail)}}}, {fields}}}
        """)

    return say


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Positions]:
    """The command line on a database with the whole of `tests.story`, to be read only: it is made once."""
    folder = tmp_path_factory.mktemp("story")
    place = new_place(folder, "story")
    with database.creating(place):
        pass
    files = []
    for number, text in enumerate(story.episodes()):
        files.append(folder / f"{number:02}.yaml")
        files[-1].write_text(text, encoding="utf-8")
    Positions(place)("record", *map(str, files))
    yield ReadOnly(place)
    drop(place)


def _quoted(value: Any) -> str:
    """`value` as YAML, whatever stands in it."""
    return json.dumps(value, ensure_ascii=False)


def recorder(positions: Positions, folder: Path) -> Callable[..., Output]:
    """A function that records the text of an episode file through the command line."""

    def record_text(text: str, *options: str, exit_code: int = 0) -> Output:
        path = folder / f"episode-{uuid4().hex[:8]}.yaml"
        path.write_text(text, encoding="utf-8")
        return positions("record", str(path), *options, exit_code=exit_code)

    return record_text


def slow_but(fast: Sequence[Any], values: Iterable[Any]) -> list[Any]:
    """Parameters of a test of which only those among `fast` belong to the fast part of the suite."""
    return [value if value in fast else pytest.param(value, marks=pytest.mark.slow) for value in values]


def rows(db: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with database.reading(db) as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in models.METADATA.sorted_tables
        }


def new_place(folder: Path, name: str) -> str:
    """A place for a database that does not exist yet (on a server: that is empty)."""
    if SERVER is None:
        return str(folder / f"{name}.db")
    fresh = f"{name}_{uuid4().hex[:12]}"
    _on_server(f'CREATE DATABASE "{fresh}"')
    return _address(fresh)


def _copy(template: str, path: Path) -> Iterator[str]:
    if SERVER is None:
        yield str(shutil.copyfile(template, path))
        return
    name = f"test_{uuid4().hex[:12]}"
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{sa.make_url(template).database}"')
    yield _address(name)
    drop(_address(name))


def drop(place: str) -> None:
    if SERVER is not None:
        _on_server(f'DROP DATABASE "{sa.make_url(place).database}" WITH (FORCE)')


def _address(name: str) -> str:
    assert SERVER is not None
    return sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)


def _on_server(statement: str) -> None:
    assert SERVER is not None
    engine = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
