"""What is fuzzed: a target takes any bytes, and raises if the program does what it must never do.

Whatever a person or a file gives is answered, or refused by an error of ours that says so in one piece of readable
text. Nothing else may be raised, and nothing may be written on the way.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from typer.testing import CliRunner

from positions import database, quotations
from positions.app import app
from positions.dates import Span, parse_day
from positions.episode_file import load
from positions.episode_file.dump import dump
from positions.errors import PositionsError
from positions.moment import Moment
from positions.queries.log import newest
from positions.queries.search import search
from positions.quotations import Passages
from positions.recording.apply import apply
from positions.recording.plan import plan
from positions.safe_text import visible
from tests.conftest import TALKS, Positions, recorder
from tests.fuzz import seeds

Fuzzed = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    """A function to be given bytes, made for a folder of its own; what to begin with; and its share of all inputs."""

    made: Callable[[Path], AbstractContextManager[Fuzzed]]
    seeds: Callable[[], Iterable[bytes]]
    share: int
    longest: int


def _talks(folder: Path) -> str:
    """A database that holds the talks."""
    place = str(folder / "talks.db")
    with database.creating(place):
        pass
    recorder(Positions(place), folder)(TALKS)
    return place


def _refusal(error: PositionsError) -> None:
    shown = error.shown()
    assert shown.strip()
    assert visible(shown) == shown


@contextlib.contextmanager
def _episode(folder: Path) -> Iterator[Fuzzed]:
    """A file is read, planned and carried out, which is taken back; what it holds can be dumped and read again."""
    file = folder / "episode.yaml"
    with database.recording(_talks(folder)) as connection:
        before = newest(connection)

        def fuzzed(content: bytes) -> None:
            file.write_bytes(content)
            savepoint = connection.begin_nested()
            try:
                source = load.load(file)
                if source.episode is None:
                    source.require()
                apply(connection, plan(connection, source), why="fuzzed")
                _dumped(source)
            except PositionsError as error:
                _refusal(error)
            finally:
                savepoint.rollback()
            assert newest(connection) == before

        yield fuzzed


def _dumped(source: load.LoadedFile) -> None:
    assert source.episode is not None
    entries = [source.episode, *(one.entry for one in source.written)]
    again = load.parse(dump(entries), "again.yaml")
    assert again.problems == []
    assert [again.episode, *(one.entry for one in again.written)] == entries


@contextlib.contextmanager
def _dates(_: Path) -> Iterator[Fuzzed]:
    def fuzzed(content: bytes) -> None:
        text = _text(content)
        with contextlib.suppress(ValueError):
            assert str(parse_day(text)) == text
        for open_start in (False, True):
            with contextlib.suppress(ValueError):
                span = Span.parse(text, open_start=open_start)
                assert Span.parse(str(span), open_start=open_start) == span
                with contextlib.suppress(ValueError):
                    assert span.capped(date(2022, 1, 17)).end <= date(2022, 1, 17)

    yield fuzzed


@contextlib.contextmanager
def _search(folder: Path) -> Iterator[Fuzzed]:
    with database.reading(_talks(folder)) as connection:

        def fuzzed(content: bytes) -> None:
            for one in search(connection, Moment(), _text(content)):
                assert 0 <= one.start < one.end <= len(one.text)

        yield fuzzed


@contextlib.contextmanager
def _verify(_: Path) -> Iterator[Fuzzed]:
    """A quotation, a line feed, and the text in which it is looked for."""

    def fuzzed(content: bytes) -> None:
        quote, _, text = _text(content).partition("\n")
        found = quotations.occurrences(quote, text)
        assert 0 <= found <= len(text) + 1
        assert quotations.occurrences(quote, f"{text} {quote}") or not quotations.folded(quote)
        if not found:
            Passages(text).hint(quote)

    yield fuzzed


COMMANDS = tuple(
    line.strip()
    for line in """
        demands --by {}
        offers --side {}
        demands --to {}
        matrix --topic {}
        outlook --package {}
        demands --actor {} --stance {}
        nonstarters --ever --basis {}
        history --item {} --actor {}
        history --since {} --until {}
        movements --since {}
        outlook --since {} --as-of {}
        unanswered --actor {}
        demands --as-of {}
        matrix --known-at {}
        episodes --public-by {}
        item -- {}
        episode -- {}
        search -- {}
        dump -- {}
        diff -- {} {}
        demands --format {}
        demands {}
        retract --dry-run --why {} -- {}
        undo --dry-run --message {} -- {}
        verify --text episode.txt -- {}
        add episode --dry-run --id {} --kind statement --title {} --published {}
        add actor --dry-run --episode {} --id {} --kind state --name {}
        add demand --dry-run --episode talks --id {} --by {} --to us --topic {} --title x --made {} --basis {} --quote x
        add response --dry-run --episode talks --by {} --said {} --stance {} --basis reported --quote {} --speaker {}
        add outcome --dry-run --episode talks --items {} --outcome {} --on {} --superseded-by {}
    """.strip().splitlines()
)
"""Commands with a place for each text; the bytes are a number of one of them, then texts that are parted by NUL."""


@contextlib.contextmanager
def _options(folder: Path) -> Iterator[Fuzzed]:
    place = Path(_talks(folder))
    before, runner = place.read_bytes(), CliRunner()
    with contextlib.chdir(folder):

        def fuzzed(content: bytes) -> None:
            done = runner.invoke(app, words(content), env={"POSITIONS_DB": str(place), "TTY_COMPATIBLE": "0"})
            if done.exception is not None and not isinstance(done.exception, SystemExit):
                raise done.exception
            assert done.exit_code in {0, 1, 2}
            assert "Traceback" not in done.output
            assert visible(done.output) == done.output
            assert place.read_bytes() == before

        yield fuzzed


def words(content: bytes) -> list[str]:
    """The command that `content` stands for; what its texts cannot fill is empty."""
    template = COMMANDS[content[0] % len(COMMANDS)] if content else "demands"
    given = iter(content[1:].split(b"\0"))
    return [_text(next(given, b"")) if word == "{}" else word for word in template.split()]


def _text(content: bytes) -> str:
    """Any text that a command line can hold, such that is none included."""
    return content.decode("utf-8", "surrogateescape")


TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        "episode": Target(_episode, seeds.episodes, 8, 4_096),
        "dates": Target(_dates, seeds.dates, 5, 64),
        "search": Target(_search, seeds.words, 1, 128),
        "verify": Target(_verify, seeds.quotations, 5, 512),
        "options": Target(_options, lambda: seeds.options(COMMANDS), 1, 256),
    }
)
