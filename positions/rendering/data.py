"""Rows for programs: JSON as the contract names it, and CSV that a spreadsheet cannot take for a formula."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from positions.dates import Span
from positions.safe_text import harmless, visible, visible_json


def plain(value: Any) -> Any:
    """`value` in the terms of JSON: dates as EDTF text, rows as objects without what is internal."""
    if is_dataclass(value) and not isinstance(value, (Span, type)):
        shown = (one for one in fields(value) if _is_shown(one.metadata, getattr(value, one.name)))
        return {one.metadata.get("name", one.name): plain(getattr(value, one.name)) for one in shown}
    if isinstance(value, (Span, date)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def _is_shown(metadata: Mapping[str, Any], value: Any) -> bool:
    return not metadata.get("internal") and not (metadata.get("optional") and value is None)


def as_json(value: Any) -> str:
    """`value` as JSON, indented, with a line feed at its end."""
    return visible_json(json.dumps(plain(value), ensure_ascii=False, indent=2)) + "\n"


def as_csv(rows: Sequence[Any], headings: Sequence[str]) -> str:
    """`rows` as CSV (RFC 4180) under `headings`: lists are joined by `; `, objects stand as JSON, null is empty.

    A text that a spreadsheet would run as a formula gets an apostrophe in front (`positions.safe_text`), and characters
    that would act on a terminal are written out (`positions.safe_text`).
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([_flat(one.get(name)) for name in headings] for one in map(plain, rows))
    return written.getvalue()


def _flat(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = "; ".join(value)
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    return harmless(visible(value)) if isinstance(value, str) else value
