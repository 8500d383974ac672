"""The results for people and for programs."""

import json
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tests.benchmarks.timing import Result

_HEADINGS = ("what", "ours", "yardstick", "ratio", "spread", "goal", "met")


def text(results: Sequence[Result]) -> str:
    """One table, columns in line."""
    rows = [_HEADINGS, *(_row(one) for one in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return "".join(_line(row, widths) for row in rows)


def as_json(results: Sequence[Result], sizes: Any) -> str:
    """The results, and on what they were measured."""
    on = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "machine": platform.machine()}
    return json.dumps({"on": on, "sizes": sizes, "results": [asdict(one) for one in results]}, indent=2) + "\n"


def _row(one: Result) -> tuple[str, ...]:
    low, high = one.spread
    return (
        one.what,
        _figure(one.ours, one.unit),
        _figure(one.yardstick, one.unit),
        f"{one.ratio:.2f}",
        f"{low:.2f}–{high:.2f}",
        f"≤ {one.goal:g}",
        "yes" if one.is_met else "NO",
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = row
    cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
    return "  ".join(cells) + "\n"


def _figure(value: float, unit: str) -> str:
    if unit == "MB":
        return f"{value:.0f} MB"
    for factor, name in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if value * factor >= 1:
            return f"{value * factor:.3g} {name}"
    return f"{value * 1e9:.3g} ns"
