"""Rows as data for programs: plain Python values, JSON, and CSV that a spreadsheet can open safely."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from datetime import date
from typing import Any

from positions.dates import Span
from positions.safe_text import harmless, visible, visible_json


def plain(value: Any) -> Any:
    """`value` in the types of JSON: dates as EDTF text, rows as objects without internal or unset optional fields."""
    if is_dataclass(value) and not isinstance(value, (Span, type)):
        shown = [field for field in fields(value) if _is_shown(field, getattr(value, field.name))]
        return {field.metadata.get("name", field.name): plain(getattr(value, field.name)) for field in shown}
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


def as_csv(rows: Sequence[Any], headings: Sequence[str]) -> str:
    """`rows` as CSV (RFC 4180) under `headings`. Lists of text are joined by `; `, objects are JSON, null is empty.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, and control characters are written out.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([_csv_value(row.get(name)) for name in headings] for row in map(plain, rows))
    return written.getvalue()


def _csv_value(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "; ".join(value)
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    return harmless(visible(value)) if isinstance(value, str) else value
