"""Kill the program at random moments and look whether anything is lost: `python -m tests.kills --kills 1000 --seed 1`.

After each kill there must be the state from before the command or the one from after it, `check` must find nothing,
and the next command must work. Prints what it found as JSON; the exit code is 1 if anything was lost.
"""

import argparse
import gc
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from positions import database
from positions.app import app
from tests import dying
from tests.kill_cases import CASES, Case, State, lay, make_migrations, state, texts


@dataclass(slots=True)
class Figures:
    """What came of it."""

    kills: int = 0
    old: int = 0
    new: int = 0
    too_late: int = 0
    by_command: Counter[str] = field(default_factory=Counter)
    losses: list[str] = field(default_factory=list)


class LostError(Exception):
    """Something that a kill must not do."""


class Bench:
    """The templates, and what each command does when nobody kills it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.templates = folder / "templates"
        self._make_templates()
        self._new: dict[str, State] = {}
        self._measured: dict[str, dying.Run] = {}
        for case in CASES:
            self._measure(case)

    def attempt(self, case: Case, chance: random.Random) -> str | None:
        """Kill `case` somewhere: 'old', 'new', or None if it had ended before.

        Raises:
            LostError: neither, or the next command does not work.
        """
        folder = self.fresh("run", case)
        moment = dying.choose(chance, self._measured[case.name])
        before = state(folder)
        prepare = (*case.prepare, dying.cramped) if chance.random() < 0.5 else case.prepare
        killed = dying.run(dying.program(case.command(folder), prepare), home(folder), moment)
        try:
            if not killed.is_killed:
                _expect(killed)
                return None
            return self.look(case, folder, before)
        except Exception as error:
            raise LostError(f"{case.name}, killed {moment}: {error}") from error

    def look(self, case: Case, folder: Path, before: State) -> str:
        """Whether the old or the new state is there; and from there the next command works."""
        after = self._state(case, folder, before)
        is_new = after == self._new[case.name]
        if not is_new and after != before:
            raise LostError(f"neither old nor new: {sorted(set(after.items()) ^ set(before.items()))}")
        if not is_new:
            self._expect(case, folder, case.command(folder, again=True))
            if self._state(case, folder, before) != self._new[case.name]:
                raise LostError("the next run does not end as an undisturbed one")
        database = [] if case.name == "first use" else ["--db", str(folder / "talks.db")]
        self._expect(case, folder, ["check", *database])
        return "new" if is_new else "old"

    def _state(self, case: Case, folder: Path, before: State) -> State:
        """What is there once the program has mended it. Copies before an upgrade must be whole."""
        if case.mend:
            self._expect(case, folder, [word.format(folder=folder) for word in case.mend], codes=(0, 1))
        found = state(folder)
        for name in [file for file in found if ".schema-" in file]:
            if found.pop(name) != before["talks.db"]:
                raise LostError(f"the copy {name} is not whole")
        return found

    def _expect(self, case: Case, folder: Path, words: list[str], codes: tuple[int, ...] = (0,)) -> None:
        _expect(dying.run(dying.program(words, case.prepare), home(folder)), codes)

    def _make_templates(self) -> None:
        self.templates.mkdir(parents=True)
        make_migrations(self.folder / "newer" / "migrations")
        for name, text in texts().items():
            (self.templates / name).write_text(text, encoding="utf-8")
        with database.creating(self.templates / "talks.db"):
            pass
        self._make("record", "first.yaml", "--db", "talks.db")
        self._make("export", "out", "--db", "talks.db")
        self._make("report", "out.html", "--db", "talks.db")
        shutil.copyfile(self.templates / "talks.db", self.templates / "recorded.db")
        self._make("record", "next.yaml", "--db", "recorded.db")
        for words in (["undo", "r1", "--dry-run"], ["check"], ["status"], ["demands"], ["upgrade"]):
            self._make(*words, "--db", "recorded.db")
        self._make("backup", "copy.db", "--db", "talks.db")
        gc.collect()
        gc.freeze()

    def _make(self, *words: str) -> None:
        """Run the program in this process: what it imports, the killed ones need not."""
        with chdir(self.templates), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            app(list(words), standalone_mode=False)

    def _measure(self, case: Case) -> None:
        folder = self.fresh("measured", case)
        before = state(folder)
        run = dying.run(dying.program(case.command(folder), case.prepare), home(folder), watched=True)
        _expect(run)
        self._measured[case.name] = run
        self._new[case.name] = self._state(case, folder, before)
        if self._new[case.name] == before:
            raise LostError(f"{case.name} does nothing")

    def fresh(self, name: str, case: Case) -> Path:
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        lay(self.templates, folder, case)
        return folder


def kill(bench: Bench, chance: random.Random, kills: int, seconds: float) -> Figures:
    """Kill commands in turn until there were `kills`, or for `seconds`."""
    figures = Figures()
    end = time.monotonic() + seconds
    turn = 0
    while figures.kills < kills and time.monotonic() < end:
        case = CASES[turn % len(CASES)]
        turn += 1
        try:
            found = bench.attempt(case, chance)
        except LostError as loss:
            figures.losses.append(str(loss))
            found = "lost"
        if found is None:
            figures.too_late += 1
            continue
        figures.kills += 1
        figures.by_command[case.name] += 1
        figures.old += found == "old"
        figures.new += found == "new"
    return figures


def main() -> int:
    """1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ.pop("POSITIONS_DB", None)  # a first use is one of the default database
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        figures = kill(Bench(Path(folder)), random.Random(asked.seed), asked.kills, asked.seconds)
    told = {
        "seed": asked.seed,
        "kills": figures.kills,
        "old": figures.old,
        "new": figures.new,
        "ended before the kill": figures.too_late,
        "losses": len(figures.losses),
        "seconds": round(time.monotonic() - begun),
        "by command": dict(figures.by_command),
    }
    print(json.dumps(told, indent=1))
    print(*figures.losses, sep="\n", file=sys.stderr, end="")
    return 1 if figures.losses else 0


def home(folder: Path) -> dict[str, str]:
    home = str(folder / "home")
    return {"HOME": home, "XDG_DATA_HOME": f"{home}/data"}


def _expect(run: dying.Run, codes: tuple[int, ...] = (0,)) -> None:
    if run.code not in codes:
        raise LostError(f"exit {run.code}: {run.words[-2000:]}")


if __name__ == "__main__":
    sys.exit(main())
