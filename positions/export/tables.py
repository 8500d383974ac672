"""One table as a CSV file, and as the resource of a data package that says what stands in it."""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from positions.queries.listings import Field, Listing, Reference
from positions.safe_text import harmless, visible
from positions.vocabulary import SLUG, SLUG_LENGTH


@dataclass(slots=True)
class _Measured:
    """Writes text to a file as UTF-8, and keeps the length and the SHA-256 of what it wrote."""

    file: BinaryIO
    length: int = 0
    sha256: Any = field(default_factory=hashlib.sha256)

    def write(self, text: str) -> None:
        written = text.encode("utf-8")
        self.file.write(written)
        self.length += len(written)
        self.sha256.update(written)


def write(listing: Listing, folder: Path) -> dict[str, Any]:
    """Write the rows of `listing` to a CSV file in `folder`, and return the resource that describes it.

    Raises:
        OSError: it cannot be written.
    """
    path = f"{listing.name}.csv"
    with (folder / path).open("xb") as file:
        measured = _Measured(file)
        _write_rows(measured, [column.name for column in listing.fields], listing.rows)
    return {
        "name": listing.name,
        "path": path,
        "profile": "tabular-data-resource",
        "title": listing.name.replace("_", " ").capitalize(),
        "description": listing.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": measured.length,
        "hash": f"sha256:{measured.sha256.hexdigest()}",
        "schema": schema(listing),
    }


def schema(listing: Listing) -> dict[str, Any]:
    """The Table Schema of `listing`."""
    described: dict[str, Any] = {
        "fields": [_field(column, listing.key) for column in listing.fields],
        "missingValues": [""],
        "primaryKey": list(listing.key),
    }
    if listing.references:
        described["foreignKeys"] = [_reference(reference, listing.name) for reference in listing.references]
    return described


def _write_rows(to: Any, heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(visible(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def _field(column: Field, key: Sequence[str]) -> dict[str, Any]:
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


def _reference(reference: Reference, table: str) -> dict[str, Any]:
    """A foreign key; the standard calls the table itself by an empty name."""
    resource = "" if reference.table == table else reference.table
    return {"fields": list(reference.fields), "reference": {"resource": resource, "fields": list(reference.to)}}
