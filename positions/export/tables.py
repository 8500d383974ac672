"""An exported table, its columns, key and references, and how it is written: a CSV file and its description."""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from positions.safe_text import harmless, visible
from positions.vocabulary import SLUG, SLUG_LENGTH

ColumnType = Literal["string", "integer", "boolean", "date", "datetime"]


@dataclass(frozen=True, slots=True)
class ExportedColumn:
    """A column. `values` lists the values it may contain (empty: any); `is_id` marks a column of ids."""

    name: str
    type: ColumnType
    description: str
    required: bool
    values: tuple[str, ...] = ()
    is_id: bool = False


@dataclass(frozen=True, slots=True)
class ExportedReference:
    """A foreign key: `columns` refer to a row of `table` by its key `to`, or are all empty."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table. `rows` can be read once, while the connection is open."""

    name: str
    description: str
    columns: tuple[ExportedColumn, ...]
    key: tuple[str, ...]
    references: tuple[ExportedReference, ...]
    rows: Iterable[Sequence[Any]]


@dataclass(slots=True)
class _MeasuredFile:
    """Writes text to a file as UTF-8, and keeps the length and the SHA-256 of what was written."""

    file: BinaryIO
    length: int = 0
    sha256: Any = field(default_factory=hashlib.sha256)

    def write(self, text: str) -> None:
        data = text.encode("utf-8")
        self.file.write(data)
        self.length += len(data)
        self.sha256.update(data)


def write(table: ExportedTable, folder: Path) -> dict[str, Any]:
    """Write the rows of `table` to a CSV file in `folder`. Return the resource that describes it in the data package.

    Raises:
        OSError: the file cannot be written.
    """
    path = f"{table.name}.csv"
    with (folder / path).open("xb") as file:
        measured = _MeasuredFile(file)
        writer = csv.writer(measured, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        writer.writerows([_cell(value) for value in row] for row in table.rows)
    return {
        "name": table.name,
        "path": path,
        "profile": "tabular-data-resource",
        "title": table.name.replace("_", " ").capitalize(),
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": measured.length,
        "hash": f"sha256:{measured.sha256.hexdigest()}",
        "schema": schema(table),
    }


def schema(table: ExportedTable) -> dict[str, Any]:
    """`table` as a Frictionless Table Schema."""
    described: dict[str, Any] = {
        "fields": [_column(column, table.key) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if table.references:
        described["foreignKeys"] = [_reference(reference, table.name) for reference in table.references]
    return described


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(visible(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def _column(column: ExportedColumn, key: Sequence[str]) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if list(key) == [column.name]:
        constraints["unique"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    if column.is_id:
        constraints |= {"pattern": f"^{SLUG.pattern}$", "maxLength": SLUG_LENGTH}
    described = {"name": column.name, "type": column.type, "description": column.description}
    return {**described, "constraints": constraints} if constraints else described


def _reference(reference: ExportedReference, table: str) -> dict[str, Any]:
    """A foreign key of `table`; the standard names the table itself by an empty text."""
    resource = "" if reference.table == table else reference.table
    return {"fields": list(reference.columns), "reference": {"resource": resource, "fields": list(reference.to)}}
