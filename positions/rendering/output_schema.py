"""The JSON contract as JSON Schema: what each command prints with `--format json`, made from the row classes."""

from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from positions.dates import Span
from positions.queries import rows
from positions.recording.changes import LeftOut
from positions.rendering.contract import LISTS, OBJECTS

_PLAIN: dict[Any, str] = {
    str: "string",
    int: "integer",
    bool: "boolean",
    NoneType: "null",
    Span: "string",
    date: "string",
}
_NAMES = {"type": "array", "items": {"type": "string"}}


def output_schema() -> dict[str, Any]:
    """One JSON Schema (2020-12) with a definition for each command and each kind of row."""
    definitions: dict[str, Any] = {}
    for command, row in LISTS.items():
        definitions[command] = {"type": "array", "items": _of(row, definitions)}
    for command, row in OBJECTS.items():
        definitions[command] = _of(row, definitions)
    definitions["record"] = {"type": "array", "items": _record(definitions)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the commands of positions print as JSON",
        "$defs": dict(sorted(definitions.items())),
    }


def _record(definitions: dict[str, Any]) -> dict[str, Any]:
    properties = {
        "file": {"type": ["string", "null"]},
        "episode": {"type": "string"},
        **dict.fromkeys(("added", "corrected", "retracted", "kept"), _NAMES),
        "left_out": {"type": "array", "items": _of(LeftOut, definitions)},
        "movements": {"type": "array", "items": _of(rows.Movement, definitions)},
        "revision": {"type": ["integer", "null"]},
    }
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of values of `kind`; rows go into `definitions` and are referred to."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:
        schema: dict[str, Any] = {"anyOf": [_of(one, definitions) for one in inner]}
    elif origin is tuple:
        schema = {"type": "array", "items": _of(inner[0], definitions)}
    elif origin is not None:
        schema = {"type": "object", "additionalProperties": _of(inner[1], definitions)}
    elif is_dataclass(kind) and kind is not Span:
        schema = _reference(kind, definitions)
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        schema = {"enum": [member.value for member in kind]}
    else:
        schema = {} if kind is Any else {"type": _PLAIN[kind]}
    return schema


def _reference(row: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    name = f"{row.__name__}Row"
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = _of_row(row, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _of_row(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    shown = [one for one in fields(kind) if not one.metadata.get("internal")]
    names = {one.name: one.metadata.get("name", one.name) for one in shown}
    return {
        "type": "object",
        "description": str(kind.__doc__).partition("\n")[0],
        "properties": {names[one.name]: _of(hints[one.name], definitions) for one in shown},
        "required": [names[one.name] for one in shown if not one.metadata.get("optional")],
        "additionalProperties": False,
    }
