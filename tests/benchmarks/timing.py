"""Two sides of a comparison, run by turns, so that whatever else the machine does meets both alike."""

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Work = Callable[[], Any]
"""Something to be timed; a callable returned by `prepared` may do some of it beforehand."""


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: ours beside a yardstick, as medians; `spread` is the ratio's quartiles, run by run."""

    what: str
    ours: float
    yardstick: float
    ratio: float
    spread: tuple[float, float]
    goal: float
    unit: str = "s"

    @property
    def is_met(self) -> bool:
        """Whether the ratio is within the goal."""
        return self.ratio <= self.goal


@dataclass(frozen=True, slots=True)
class Stated:
    """A line without a goal: what something takes."""

    what: str
    figures: str


def beside(what: str, ours: Work, yardstick: Work, goal: float, *, runs: int) -> Result:
    """The time of `ours` beside that of `yardstick`, each run so many times by turns after one run to warm up."""
    return compared(what, seconds(ours), seconds(yardstick), goal, runs=runs)


def compared(what: str, ours: Work, yardstick: Work, goal: float, *, runs: int, unit: str = "s") -> Result:
    """As `beside`, of functions that return the figure themselves."""
    told(what)
    ours(), yardstick()
    pairs = []
    for run in range(runs):
        first, second = (ours, yardstick) if run % 2 else (yardstick, ours)
        one, other = first(), second()
        pairs.append((one, other) if run % 2 else (other, one))
    ratios = sorted(one / other for one, other in pairs)
    mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    return Result(what, mine, theirs, mine / theirs, quartiles(ratios), goal, unit)


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """The first and the third quartile."""
    if len(values) == 1:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def seconds(work: Work) -> Callable[[], float]:
    """A function that runs `work` and returns how long it took; what was left over before is collected first."""

    def timed() -> float:
        gc.collect()
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return timed


def process(*words: str) -> Work:
    """Running a command as a process of its own, its output into a pipe that is read."""
    return lambda: run(words)


def peak(*words: str) -> Callable[[], float]:
    """A function that runs a command and returns the most memory that it had at once, in MB."""
    program = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    return lambda: int(run((sys.executable, "-c", program, *words))) / 1024


def run(words: Sequence[str]) -> str:
    """What a command prints."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
    return done.stdout


def told(what: str) -> None:
    """Say on stderr what is being done."""
    print(f"  {what} …", file=sys.stderr, flush=True)
