"""Whole processes, as a user starts them."""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import negotiation
from tests.benchmarks.timing import Result, beside, process

_BIN = Path(sys.executable).parent
POSITIONS = str(_BIN / "positions")
SQLITE_UTILS = str(_BIN / "sqlite-utils")
DATASETTE = str(_BIN / "datasette")


def results(folder: Path, runs: int) -> Iterator[Result]:
    """The help, and a question in a pipe, beside small tools that read the same file."""
    db = str(negotiation.make(folder, 10_000))
    ask = process(POSITIONS, "nonstarters", "--db", db)
    yield beside(
        "`positions --help` / `sqlite-utils --help`",
        process(POSITIONS, "--help"),
        process(SQLITE_UTILS, "--help"),
        0.8,
        runs=runs,
    )
    yield beside(
        "`positions nonstarters` in a pipe, 10⁴ / `sqlite-utils rows` of the view",
        ask,
        process(SQLITE_UTILS, "rows", db, "non_starter"),
        2.0,
        runs=runs,
    )
    yield beside("the same / `datasette --version`", ask, process(DATASETTE, "--version"), 0.7, runs=runs)
