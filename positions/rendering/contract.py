"""Which rows each command prints: the one place that JSON Schema, CSV headings and the commands have in common."""

from dataclasses import fields

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
}
"""Commands that print a list of rows."""

OBJECTS: dict[str, type] = {"item": rows.Item, "episode": rows.Source, "status": rows.Status, "diff": rows.Difference}
"""Commands that print one object."""

RECORD = ("file", "episode", "added", "corrected", "retracted", "kept", "left_out", "movements", "revision")
"""What `record` says of each file."""


def headings(command: str) -> list[str]:
    """The names of the fields that `command` prints, in their order."""
    if command in {"record", "retract", "undo"}:
        return list(RECORD)
    row = LISTS.get(command) or OBJECTS[command]
    shown = (one for one in fields(row) if not one.metadata.get("internal"))
    return [one.metadata.get("name", one.name) for one in shown]
