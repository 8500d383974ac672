"""What the whole record takes to be passed on, checked or searched: time and memory, beside a yardstick."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from positions import models
from tests.benchmarks import negotiation
from tests.benchmarks.starting import POSITIONS, SQLITE_UTILS
from tests.benchmarks.timing import Result, beside, compared, peak, process, run, seconds

_LINEAR = 12.0
"""How many times as long ten times as much may take."""


def results(folder: Path, n: int, runs: int) -> Iterator[Result]:
    """`report` and `export` of `n` stances beside a tenth of that."""
    for command, place in (("report", folder / "page.html"), ("export", folder / "exported")):
        large, small = (_words(folder, command, place, size) for size in (n, n // 10))
        yield compared(
            f"`{command}` of {n:,} / of {n // 10:,} stances",
            seconds(process(*large)),
            seconds(process(*small)),
            _LINEAR,
            runs=runs,
        )
        yield compared(f"most memory of `{command}`, the same", peak(*large), peak(*small), _LINEAR, runs=1, unit="MB")
        shutil.rmtree(place, ignore_errors=True)
    yield from _checking(negotiation.make(folder, n), n)
    yield from _searching(folder, negotiation.make(folder, n), n, runs)


def _checking(db: Path, n: int) -> Iterator[Result]:
    """`check` beside reading every row once and building its dict, and its memory beside 120 MB."""

    def read() -> None:
        with closing(sqlite3.connect(db)) as connection:
            connection.row_factory = sqlite3.Row
            for table in models.METADATA.tables:
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    dict(row)

    words = POSITIONS, "check", "--db", str(db)
    yield compared(f"`check` of {n:,} stances / reading each row", seconds(process(*words)), seconds(read), 2, runs=1)
    yield compared("most memory of `check`, the same / 120 MB", peak(*words), lambda: 120.0, 1, runs=1, unit="MB")


def _searching(folder: Path, db: Path, n: int, runs: int) -> Iterator[Result]:
    """`search` of a phrase beside `sqlite-utils search` of the same texts, as processes."""
    texts = folder / f"texts-{n}.db"
    if not texts.exists():
        with closing(sqlite3.connect(texts)) as connection:
            connection.execute("ATTACH ? AS record", (str(db),))
            connection.execute("CREATE TABLE said AS SELECT quote FROM record.response WHERE quote IS NOT NULL")
            connection.commit()
        run((SQLITE_UTILS, "enable-fts", str(texts), "said", "quote"))
    yield beside(
        f"`search` of a phrase, {n:,} responses / `sqlite-utils search`",
        process(POSITIONS, "search", "number 777", "--db", str(db), "--format", "json"),
        process(SQLITE_UTILS, "search", str(texts), "said", '"number 777"'),
        2.5,
        runs=runs,
    )


def _words(folder: Path, command: str, place: Path, n: int) -> tuple[str, ...]:
    return POSITIONS, command, str(place), "--force", "--db", str(negotiation.make(folder, n))
