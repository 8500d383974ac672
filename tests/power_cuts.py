"""Cut the power at random moments and look whether anything is lost: `python -m tests.power_cuts --cuts 3000 --seed 1`.

Each command runs once under strace. From its writes and syncs come states that a disk may be in after a power cut; in
each there must be the state from before the command or the one from after it, `check` must find nothing, and the next
command must work. Prints what it found as JSON; the exit code is 1 if anything was lost.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests import disk, dying, kill_cases
from tests.kill_cases import CASES, Case, state
from tests.kills import Bench, LostError, home


class Cuts:
    """What each command wrote, and in which order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bench = Bench(folder)
        self.runs = [(case, self._trace(case, small=small)) for case in CASES for small in (False, True)]

    def attempt(self, case: Case, run: disk.Recording, chance: random.Random) -> str:
        """Cut the power in a run of `case`: 'old' or 'new'.

        Raises:
            LostError: neither, or the next command does not work.
        """
        moment = run.moment(chance)
        before = state(self.bench.fresh("before", case))
        folder = self.folder / "cut"
        shutil.rmtree(folder, ignore_errors=True)
        disk.lay(disk.after_a_power_cut(run, moment, chance), folder)
        try:
            return self.bench.look(case, folder, before)
        except Exception as error:
            raise LostError(f"{case.name}, power cut after step {moment} of {len(run.steps)}: {error}") from error

    def _trace(self, case: Case, *, small: bool) -> disk.Recording:
        folder = self.bench.fresh("traced", case)
        words = [sys.executable, "-m", "tests.power_cuts", "--be", case.name, "--folder", str(folder)]
        words += ["--migrations", kill_cases.MIGRATIONS[0], *(["--small"] if small else [])]
        run, code = disk.traced(words, os.environ | home(folder), folder, self.folder / "trace")
        if code != 0 or not run.steps:
            raise LostError(f"{case.name} does not work under strace: exit code {code}")
        whole = self.folder / "whole"
        shutil.rmtree(whole, ignore_errors=True)
        disk.lay(run.now, whole)
        if state(whole) != state(folder):
            raise LostError(f"{case.name}: what was read from strace is not what was written")
        return run


def cut(cuts: Cuts, chance: random.Random, number: int, seconds: float) -> dict[str, object]:
    """Cut the power in each command in turn, `number` times or for `seconds`: the figures, and what was lost."""
    figures: Counter[str] = Counter()
    losses = []
    end = time.monotonic() + seconds
    while figures.total() < number and time.monotonic() < end:
        case, run = cuts.runs[figures.total() % len(cuts.runs)]
        try:
            figures[cuts.attempt(case, run, chance)] += 1
        except LostError as loss:
            losses.append(str(loss))
            figures["lost"] += 1
    return {"cuts": figures.total(), "old": figures["old"], "new": figures["new"], "losses": losses}


def be(name: str, folder: Path, migrations: str, *, small: bool) -> None:
    """Be the program, under strace."""
    kill_cases.MIGRATIONS[:] = [migrations]
    case = next(case for case in CASES if case.name == name)
    dying.program(case.command(folder), (*case.prepare, dying.cramped) if small else case.prepare)()


def main() -> int:
    """1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    for name in ("be", "folder", "migrations"):
        parser.add_argument(f"--{name}", help=argparse.SUPPRESS)
    parser.add_argument("--small", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    os.environ.pop("POSITIONS_DB", None)
    if asked.be:
        be(asked.be, Path(asked.folder), asked.migrations, small=asked.small)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        told = cut(Cuts(Path(folder)), random.Random(asked.seed), asked.cuts, asked.seconds)
    print(json.dumps({"seed": asked.seed, **told}, indent=1))
    return 1 if told["losses"] else 0


if __name__ == "__main__":
    sys.exit(main())
