"""What the whole record takes to be passed on: time and memory at two sizes, the larger ten times the smaller."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import negotiation
from tests.benchmarks.starting import POSITIONS
from tests.benchmarks.timing import Result, compared, peak, process, seconds

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


def _words(folder: Path, command: str, place: Path, n: int) -> tuple[str, ...]:
    return POSITIONS, command, str(place), "--force", "--db", str(negotiation.make(folder, n))
