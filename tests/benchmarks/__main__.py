"""`python -m tests.benchmarks`: one table of how fast the program is, beside other ways to the same answers.

Needs the extra `bench`. Makes its own databases, the same at every run; `--folder` keeps them for the next one.
"""

import argparse
import gc
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.benchmarks import asking, server, sharing, starting, table, writing
from tests.benchmarks.timing import Result


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many stances each part asks about, and how often each side is run."""

    asked: int = 1_000_000
    written: int = 100_000
    shared: int = 100_000
    runs: int = 5
    starts: int = 15


QUICK = Sizes(asked=10_000, written=5_000, shared=10_000, runs=3, starts=7)


def main() -> int:
    """Measure, and print; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, done within two minutes")
    parser.add_argument("--json", action="store_true", help="the figures for programs")
    parser.add_argument("--folder", type=Path, help="where the made databases stay; a temporary folder by default")
    parser.add_argument("--only", metavar="PART", choices=PARTS, help=f"one part: {', '.join(PARTS)}")
    parser.add_argument("--runs", type=int, help="how often each side is run, if not as usual")
    parser.add_argument("--asked", type=int, help="how many stances are asked about, if not as usual")
    asked = parser.parse_args()
    gc.disable()  # as the command line does; both sides gain
    sizes = QUICK if asked.quick else Sizes()
    if asked.asked:
        sizes = replace(sizes, asked=asked.asked)
    if asked.runs:
        sizes = replace(sizes, runs=asked.runs, starts=asked.runs)
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        found = list(_measured(folder, sizes, [asked.only] if asked.only else list(PARTS)))
    if asked.quick:
        print("Smaller sizes, few runs: a look, no measurement.")
    print(table.as_json(found, asdict(sizes)) if asked.json else table.text(found), end="")
    return 0 if all(one.is_met for one in found) else 1


PARTS = {
    "starting": lambda folder, sizes: starting.results(folder, sizes.starts),
    "asking": lambda folder, sizes: asking.results(folder, sizes.asked, sizes.runs),
    "growth": lambda folder, sizes: asking.growth(folder, sizes.asked, sizes.runs),
    "writing": lambda folder, sizes: writing.results(folder, sizes.written, sizes.asked, sizes.runs),
    "server": lambda folder, sizes: server.results(folder, sizes.asked, sizes.runs),
    "sharing": lambda folder, sizes: sharing.results(folder, sizes.shared, 1),
}


def _measured(folder: Path, sizes: Sizes, parts: list[str]) -> Iterator[Result]:
    for part in parts:
        print(part, file=sys.stderr, flush=True)
        for one in PARTS[part](folder, sizes):
            print(table.text([one]).splitlines()[1], file=sys.stderr, flush=True)
            yield one


if __name__ == "__main__":
    sys.exit(main())
