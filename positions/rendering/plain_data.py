"""Rows as data for programs: JSON, CSV that a spreadsheet can open safely, and the JSON Schema of both."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from positions.dates import Span
from positions.queries import rows
from positions.safe_text import harmless, visible, visible_json

_LISTS: dict[str, type] = {
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
    "check": rows.Violation,
}
"""Commands that print a list of rows."""

_OBJECTS: dict[str, type] = {"item": rows.Item, "episode": rows.Source, "status": rows.Status, "diff": rows.Difference}
"""Commands that print one row."""

_RECORDING: dict[str, type] = {"record": rows.RecordResult, "undo": rows.RecordResult}
"""Commands that record, and print a row for each file."""

_JSON_TYPES = {str: "string", int: "integer", bool: "boolean", NoneType: "null", Span: "string", date: "string"}


def plain(value: Any) -> Any:
    """`value` in the types of JSON: dates as EDTF text, rows as objects without internal or unset optional fields."""
    if is_dataclass(value) and not isinstance(value, (Span, type)):
        shown = [field for field in fields(value) if _is_shown(field, getattr(value, field.name))]
        return {_name(field): plain(getattr(value, field.name)) for field in shown}
    if isinstance(value, (Span, date)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value


def _is_shown(field: Field[Any], value: Any) -> bool:
    return not field.metadata.get("internal") and not (field.metadata.get("optional") and value is None)


def as_json(value: Any) -> str:
    """`value` as indented JSON that ends in a line feed."""
    return visible_json(json.dumps(plain(value), ensure_ascii=False, indent=2)) + "\n"


def as_csv(command: str, printed: Sequence[Any]) -> str:
    """The rows that `command` prints, as CSV (RFC 4180, UTF-8 without a byte order mark).

    An interval has three columns: as EDTF text, and its first and last day under `NAME_from` and `NAME_to`, as in an
    export. The matrix has a column for each actor in place of its object. Elsewhere objects are JSON, lists of text are
    joined by `; `, and null is empty. Text that a spreadsheet would run as a formula gets an apostrophe in front, and
    control characters are written out.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    columns = list(_columns(command, printed))
    writer.writerow([heading for heading, _ in columns])
    writer.writerows([csv_value(value(row)) for _, value in columns] for row in printed)
    return written.getvalue()


_Column = tuple[str, Callable[[Any], Any]]
"""The heading of a column, and the value that a row has there."""


def _columns(command: str, printed: Sequence[Any]) -> Iterator[_Column]:
    """The columns of the CSV that `command` prints; an optional one only if a row in `printed` has a value for it."""
    row = (_LISTS | _OBJECTS | _RECORDING)[command]
    types = get_type_hints(row)
    for field in fields(row):
        if not _is_printed(field, printed):
            continue
        if row is rows.MatrixRow and field.name == "stances":
            yield from _of_actors(printed)
            continue
        value = attrgetter(field.name)
        yield _name(field), value
        if types[field.name] is Span:
            yield f"{_name(field)}_from", _end(value, "start")
            yield f"{_name(field)}_to", _end(value, "end")


def _of_actors(matrix: Sequence[rows.MatrixRow]) -> Iterator[_Column]:
    """A column for each actor with a stance on an item, by id."""
    for actor in sorted({actor for row in matrix for actor in row.stances}):
        yield actor, _stance_of(actor)


def _stance_of(actor: str) -> Callable[[rows.MatrixRow], Any]:
    return lambda row: row.stances.get(actor)


def _end(value: Callable[[Any], Span], end: str) -> Callable[[Any], Any]:
    return lambda row: getattr(value(row), end)


def csv_value(value: Any) -> Any:
    """One value as a cell of a table: what `as_csv` says of lists, objects and formulas."""
    value = plain(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "; ".join(value)
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    return harmless(visible(value)) if isinstance(value, str) else value


def _is_printed(field: Field[Any], printed: Sequence[Any]) -> bool:
    if field.metadata.get("optional"):
        return any(getattr(row, field.name) is not None for row in printed)
    return not field.metadata.get("internal")


def _name(field: Field[Any]) -> str:
    return str(field.metadata.get("name", field.name))


def output_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `--format json`, with a definition for each command and each type of row."""
    definitions: dict[str, Any] = {}
    for command, row in _LISTS.items():
        definitions[command] = {"type": "array", "items": _schema(row, definitions)}
    for command, row in _OBJECTS.items():
        definitions[command] = _schema(row, definitions)
    recorded = _row_schema(rows.RecordResult, definitions)
    # Kept as published; the `anyOf` that `_schema` makes would mean the same.
    recorded["properties"] |= {"file": {"type": ["string", "null"]}, "revision": {"type": ["integer", "null"]}}
    definitions["record"] = {"type": "array", "items": recorded}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the commands of positions print as JSON",
        "$defs": dict(sorted(definitions.items())),
    }


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of values of type `kind`. Schemas of rows are added to `definitions` and referenced."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:
        schema: dict[str, Any] = {"anyOf": [_schema(member, definitions) for member in inner]}
    elif origin is tuple:
        schema = {"type": "array", "items": _schema(inner[0], definitions)}
    elif origin is not None:
        schema = {"type": "object", "additionalProperties": _schema(inner[1], definitions)}
    elif is_dataclass(kind) and kind is not Span:
        schema = _reference(kind, definitions)
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        schema = {"enum": [member.value for member in kind]}
    else:
        schema = {} if kind is Any else {"type": _JSON_TYPES[kind]}
    return schema


def _reference(row: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    name = f"{row.__name__}Row"
    if name not in definitions:
        definitions[name] = {}  # reserves the name: a row type may contain itself
        described = {"type": "object", "description": str(row.__doc__).partition("\n")[0]}
        definitions[name] = described | _row_schema(row, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _row_schema(row: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(row)
    shown = [field for field in fields(row) if not field.metadata.get("internal")]
    return {
        "type": "object",
        "properties": {_name(field): _schema(hints[field.name], definitions) for field in shown},
        "required": [_name(field) for field in shown if not field.metadata.get("optional")],
        "additionalProperties": False,
    }
