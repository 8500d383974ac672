"""Which rows each command prints: the one place that JSON Schema, CSV headings and the commands have in common."""

from collections.abc import Sequence
from dataclasses import Field, fields
from typing import Any

from positions.queries import rows

LISTS: dict[str, type] = {
    "demands": rows.Item,
    "offers": rows.Item,
    "nonstarters": rows.NonStarter,
    "history": rows.Stance,
    "matrix": rows.MatrixRow,
    "movements": rows.Movement,
    "unanswered": rows.Unanswered,
    "outlook": rows.Outlook,
    "actors": rows.Actor,
    "episodes": rows.Episode,
    "search": rows.Found,
    "log": rows.Revision,
    "verify": rows.Verified,
    "check": rows.Broken,
}
"""Commands that print a list of rows."""

OBJECTS: dict[str, type] = {"item": rows.Item, "episode": rows.Source, "status": rows.Status, "diff": rows.Difference}
"""Commands that print one object."""

RECORD = ("file", "episode", "added", "corrected", "retracted", "kept", "left_out", "movements", "revision")
"""What `record` says of each file."""


def headings(command: str, rows: Sequence[Any] = ()) -> list[str]:
    """The names of the fields that `command` prints, in their order; of optional ones, those that `rows` have."""
    if command in {"record", "retract", "undo"}:
        return list(RECORD)
    row = LISTS.get(command) or OBJECTS[command]
    return [one.metadata.get("name", one.name) for one in fields(row) if _is_printed(one, rows)]


def _is_printed(one: Field[Any], rows: Sequence[Any]) -> bool:
    if one.metadata.get("optional"):
        return any(getattr(row, one.name) is not None for row in rows)
    return not one.metadata.get("internal")
