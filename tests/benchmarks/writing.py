"""Recording, beside the same rows written by hand and the same file parsed by a well-known loader."""

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from positions import database
from positions.recording.apply import apply
from positions.recording.plan import plan
from tests.benchmarks import negotiation
from tests.benchmarks.starting import POSITIONS
from tests.benchmarks.timing import Result, compared, peak, process, seconds

_TABLES = ("revision", "change", "episode", "response", "response_actor", "stance")
_PARSE = "import sys, yaml; yaml.load(open(sys.argv[1], encoding='utf-8'), Loader=yaml.CSafeLoader)"


def results(folder: Path, n: int, largest: int, runs: int) -> Iterator[Result]:
    """Recording `n` responses from values, a tenth of them from a file, and a small episode into a large record."""
    yield _rows(folder, n, runs)
    yield from _file(folder, n, runs)
    yield _small_into_large(folder, largest, runs)


def _rows(folder: Path, n: int, runs: int) -> Result:
    """One episode with `n` responses beside `executemany` of the rows that it becomes."""
    empty, ours, theirs = folder / "empty.db", folder / "ours.db", folder / "theirs.db"
    empty.unlink(missing_ok=True)
    with database.creating(empty) as connection:
        negotiation.record(connection, negotiation.setting(n))
    source = negotiation.source(negotiation.talk("talk", negotiation.responses(0, n, of=n)))

    def planned_and_applied() -> None:
        with database.recording(ours) as connection:
            apply(connection, plan(connection, source), why="timed")

    def by_hand(rows: dict[str, list[Any]]) -> None:
        connection = sqlite3.connect(theirs)
        connection.execute("PRAGMA foreign_keys = ON")
        with connection:
            for table, values in rows.items():
                places = ", ".join("?" * len(values[0]))
                connection.executemany(f"INSERT INTO {table} VALUES ({places})", values)
        connection.close()

    shutil.copyfile(empty, ours)
    planned_and_applied()
    rows = _written(ours)
    return compared(
        f"recording {n:,} responses from values / `executemany` of the rows",
        _on_a_copy(empty, ours, planned_and_applied),
        _on_a_copy(empty, theirs, lambda: by_hand(rows)),
        4,
        runs=runs,
    )


def _written(db: Path) -> dict[str, list[Any]]:
    connection = sqlite3.connect(db)
    newest = "(SELECT max(number) FROM revision)"
    wheres = {
        "revision": f"number = {newest}",
        "change": f"revision = {newest}",
        "response_actor": "1",
    }
    found = {
        table: connection.execute(
            f"SELECT * FROM {table} WHERE {wheres.get(table, f'recorded_in = {newest}')}"
        ).fetchall()
        for table in _TABLES
    }
    connection.close()
    return found


def _file(folder: Path, n: int, runs: int) -> Iterator[Result]:
    """A file of a tenth of `n` responses recorded into a database of `n`, beside parsing it; time, then memory."""
    file, db, many = folder / "talk.yaml", folder / "recorded.db", n // 10
    file.write_text(yaml_text(negotiation.talk("new-talk", negotiation.responses(n, n + many, of=n))), "utf-8")
    words = (POSITIONS, "record", str(file), "--db", str(db))
    parsing = (sys.executable, "-c", _PARSE, str(file))
    full = negotiation.make(folder, n)
    what = f"of a file of {many:,} responses"
    yield compared(
        f"`positions record` {what} into {n:,} / CSafeLoader in a process of its own",
        _on_a_copy(full, db, process(*words)),
        seconds(process(*parsing)),
        2.5,
        runs=runs,
    )
    memory = peak(*words)

    def recorded() -> float:
        shutil.copyfile(full, db)
        return memory()

    yield compared(f"most memory {what} / CSafeLoader", recorded, peak(*parsing), 1.5, runs=1, unit="MB")


def _small_into_large(folder: Path, n: int, runs: int) -> Result:
    """An episode of fifty responses, a new one each time, into `n` stances beside a thousand."""
    large, small = folder / "large.db", folder / "small.db"
    for size, copy in ((n, large), (1000, small)):
        shutil.copyfile(negotiation.make(folder, size), copy)
    return compared(
        f"recording 50 responses into {n:,} / into 1,000 stances",
        _another(large, n),
        _another(small, 1000),
        10,
        runs=runs,
    )


def _another(db: Path, n: int) -> Callable[[], float]:
    numbers = count(1)

    def record() -> float:
        number = next(numbers)
        start = n + 50 * number
        source = negotiation.source(negotiation.talk(f"new-{number}", negotiation.responses(start, start + 50, of=n)))

        def work() -> None:
            with database.recording(db) as connection:
                apply(connection, plan(connection, source), why="timed")

        return seconds(work)()

    return record


def _on_a_copy(original: Path, copy: Path, work: Callable[[], Any]) -> Callable[[], float]:
    """The time of `work` on a fresh copy, the copying not counted."""

    def timed() -> float:
        shutil.copyfile(original, copy)
        return seconds(work)()

    return timed


def yaml_text(raw: dict[str, Any]) -> str:
    """An episode of responses as a person would write it."""
    lines = ["format: 1", "episode:", *(f"  {name}: {value}" for name, value in raw["episode"].items()), "responses:"]
    for one in raw["responses"]:
        lines.append(f"  - id: {one['id']}")
        lines += [f"    {name}: {value}" for name, value in one.items() if name not in {"id", "stances"}]
        lines += ["    stances:", *(f"      {item}: {stance}" for item, stance in one["stances"].items())]
    return "\n".join(lines) + "\n"
