"""Writing a data package (version 1 of the standard, which every tool reads): tables, and their description.

The same record at the same moment gives the same bytes: the description contains no time of writing.
"""

import csv
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from positions import files
from positions.errors import OutputError
from positions.export import about, readme
from positions.export.about import About
from positions.export.tables import ExportedTable
from positions.safe_text import FORMULA_RULE, harmless, visible, visible_json

FORMAT = 2
"""Version of the tables and columns; it changes when programs that read them would break."""

DESCRIPTOR = "datapackage.json"
README = "README.md"
MARK = "positions"
"""The property of the descriptor by which we recognise our own exports."""

_LONGEST_DESCRIPTOR = 64 * 1024 * 1024
"""Bytes; a longer file is not read, and not taken for a descriptor of ours."""


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


def write(
    exported: Sequence[ExportedTable],
    of: About,
    folder: Path,
    *,
    force: bool = False,
    done: Callable[[int, int], None] = lambda *_: None,
) -> None:
    """Write `exported` to `folder` as a data package, whole or not at all. `force` replaces an earlier export.

    `done` is called after each table, with the number of tables written and the number of all.

    Raises:
        OutputError: `folder` exists and may not be replaced, or cannot be written.
    """
    place = _free_place(folder, force=force)
    with files.output_errors(folder), files.new_folder(place) as new:
        resources: list[dict[str, Any]] = []
        sources: list[dict[str, str]] = []
        for number, table in enumerate(exported, start=1):
            if table.name == "episodes":
                table, sources = _with_sources(table)  # noqa: PLW2901
            resources.append(write_table(table, new))
            done(number, len(exported))
        described = _descriptor(resources, sources, of)
        text = visible_json(json.dumps(described, ensure_ascii=False, indent=2, default=str)) + "\n"
        (new / DESCRIPTOR).write_text(text, encoding="utf-8", newline="\n")
        (new / README).write_text(readme.markdown(exported, of), encoding="utf-8", newline="\n")
        _require_free(folder, place, force=force)  # another program may have made it meanwhile


def write_table(table: ExportedTable, folder: Path) -> dict[str, Any]:
    """Write the rows of `table` to a CSV file in `folder`. Return the resource that describes it in the data package.

    Raises:
        OSError: the file cannot be written.
    """
    path = f"{table.name}.csv"
    with (folder / path).open("xb") as file:
        measured = _MeasuredFile(file)
        writer = csv.writer(measured, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows([_cell(value) for value in row] for row in table.rows)
    return {
        "name": table.name,
        "path": path,
        "profile": "tabular-data-resource",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": measured.length,
        "hash": f"sha256:{measured.sha256.hexdigest()}",
        "schema": table.schema,
    }


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(visible(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def _descriptor(
    resources: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, str]], of: About
) -> dict[str, Any]:
    """The content of `datapackage.json`, with dates for its writer to turn into text."""
    address = {"path": of.license_address} if of.license_address else {}
    return {
        "profile": "tabular-data-package",
        "name": "positions",
        "title": of.title,
        "description": " ".join((about.INTRODUCTION, *about.NOTES.values(), FORMULA_RULE)),
        "version": f"{FORMAT}.{of.revision}.0",
        "licenses": [{"name": of.license, **address, "title": f"{of.license}: {about.QUOTATIONS}"}],
        **({"sources": sources} if sources else {}),
        MARK: {
            "program": of.program,
            "readme": README,
            "as_of": of.as_of,
            "known_at": of.known_at,
            "public_by": of.public_by,
            "revision": of.revision,
            "latest_statement": of.latest,
            "cite": of.citation,
            "digests": of.digests,
            "formulas": FORMULA_RULE,
        },
        "resources": resources,
    }


def _free_place(folder: Path, *, force: bool) -> Path:
    """The real path of `folder`, free to be written. What a killed export left aside is put back or removed.

    Raises:
        OutputError: something exists there that may not be replaced.
    """
    try:
        place = folder.resolve()
    except (OSError, RuntimeError) as error:  # a name that the system does not allow, or links in a circle
        raise OutputError(f"{folder} cannot be written: {getattr(error, 'strerror', None) or error}") from error
    old = files.aside(place)
    if os.path.lexists(old):
        with files.output_errors(folder):
            if not _is_export(old):
                message = f"an export to {folder} needs the name {old}, and something other than an export is there"
                raise OutputError(message, "Move it away, or export to another folder.")
            files.finish_replacing(place)
    _require_free(folder, place, force=force)
    return place


def _require_free(folder: Path, place: Path, *, force: bool) -> None:
    """Raise an OutputError if something exists at `place` that may not be replaced; an empty folder may."""
    if not os.path.lexists(place):  # Path.exists raises PermissionError in a folder that we may not search
        return
    if not place.is_dir():
        raise OutputError(f"{folder} already exists and is not a folder", "Name another.")
    try:
        is_ours, is_empty = _is_export(place), not any(place.iterdir())
    except OSError as error:
        raise OutputError(f"{folder} cannot be read: {error.strerror}") from error
    if not is_ours:
        raise OutputError(f"{folder} already exists and contains something other than an export", "Name another.")
    if not is_empty and not force:
        raise OutputError(f"{folder} already exists", "`--force` replaces an export.")


def _is_export(place: Path) -> bool:
    """Whether `place` is a folder with nothing but an export of ours in it; an empty folder counts."""
    names = {path.name for path in place.iterdir()} if place.is_dir() else {""}
    return not names or names <= _written_by_us(place)


def _written_by_us(place: Path) -> set[str]:
    """The files of our export in `place`, as its descriptor names them; empty if it has no such descriptor."""
    file = place / DESCRIPTOR
    if not file.is_file() or file.stat().st_size > _LONGEST_DESCRIPTOR:
        return set()
    try:
        described: Any = json.loads(file.read_bytes())
        paths = {str(resource["path"]) for resource in described["resources"]}
        marked = described[MARK]
        others = {str(marked["readme"])} if "readme" in marked else set()  # format 1 had no other files
        return {DESCRIPTOR, *paths, *others} if marked["program"] else set()
    except (ValueError, LookupError, TypeError, RecursionError):  # JSON of another shape
        return set()


def _with_sources(episodes: ExportedTable) -> tuple[ExportedTable, list[dict[str, str]]]:
    """The table with its rows in memory (one for each source), and the sources as the descriptor lists them."""
    rows = list(episodes.rows)
    named = (dict(zip(episodes.columns, row, strict=True)) for row in rows)
    sources = [{"title": row["title"], **({"path": row["url"]} if row["url"] else {})} for row in named]
    return replace(episodes, rows=rows), sources
