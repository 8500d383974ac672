"""A data package (version 1 of the standard, which every tool reads): tables, and what they are and when.

The same record at the same moment gives the same bytes: nothing here depends on the day on which it is written.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from positions import __version__
from positions.export import tables
from positions.export.folder import DESCRIPTOR, MARK, appearing
from positions.queries.listings import Listing
from positions.safe_text import FORMULA_RULE, visible_json

FORMAT = 1
"""Version of the tables and columns; it changes when somebody's program that reads them would break."""

LICENSE = "MIT"
_ADDRESSES = {
    "MIT": "https://opensource.org/license/mit",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "ODC-BY-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
}
_QUOTATIONS = "The coding and what coders wrote. Quotations belong to those who said or wrote them."
_DESCRIPTION = (
    "Who demands what in a negotiation, who refuses it, in which words, since when and by which source. Begin with "
    "current_stances; each of its rows names the response that it rests on. Days are intervals: said_from and said_to "
    "are equal for a known day. An empty cell means that nothing is known. recorded_in is the revision that brought a "
    "row into the record. The version is that of the tables, then the revision. "
)


@dataclass(frozen=True, slots=True)
class About:
    """Of which moment the tables are (None: no limit), how far they reach, and under which licence they go."""

    as_of: date | None
    known_at: int | None
    public_by: date | None
    revision: int
    latest: date | None
    license: str = LICENSE

    def times(self) -> dict[str, Any]:
        """The three times, as they were asked for, and what they came to."""
        return {
            "as_of": _text(self.as_of),
            "known_at": self.known_at,
            "public_by": _text(self.public_by),
            "revision": self.revision,
            "latest_statement": _text(self.latest),
        }


def write(
    listings: Sequence[Listing],
    about: About,
    folder: Path,
    *,
    force: bool = False,
    done: Callable[[int, int], None] = lambda *_: None,
) -> None:
    """Write `listings` to `folder` as a data package, whole or not at all; `done` is told of every table written.

    `force` replaces an earlier export that is there.

    Raises:
        OutputError: `folder` is there and may not be replaced, or cannot be written.
    """
    with appearing(folder, force=force) as new:
        resources: list[dict[str, Any]] = []
        sources: list[dict[str, str]] = []
        for number, listing in enumerate(listings, start=1):
            if listing.name == "episodes":
                listing, sources = _with_sources(listing)  # noqa: PLW2901
            resources.append(tables.write(listing, new))
            done(number, len(listings))
        described = descriptor(resources, sources, about)
        text = visible_json(json.dumps(described, ensure_ascii=False, indent=2)) + "\n"
        (new / DESCRIPTOR).write_text(text, encoding="utf-8", newline="\n")


def descriptor(
    resources: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, str]], about: About
) -> dict[str, Any]:
    """What `datapackage.json` says."""
    described = {
        "profile": "tabular-data-package",
        "name": "positions",
        "title": "Positions in a negotiation",
        "description": _DESCRIPTION + FORMULA_RULE,
        "version": f"{FORMAT}.{about.revision}.0",
        "licenses": [_license(about.license)],
        "sources": sources,
        MARK: {"program": f"positions {__version__}", **about.times(), "formulas": FORMULA_RULE},
        "resources": resources,
    }
    return described if sources else {name: value for name, value in described.items() if name != "sources"}


def _license(name: str) -> dict[str, str]:
    address = {"path": _ADDRESSES[name]} if name in _ADDRESSES else {}
    return {"name": name, **address, "title": f"{name}: {_QUOTATIONS}"}


def _with_sources(episodes: Listing) -> tuple[Listing, list[dict[str, str]]]:
    """The listing again, its rows held in memory (one for each source), and the sources that they name."""
    rows = list(episodes.rows)
    names = [one.name for one in episodes.fields]
    sources = [_source(dict(zip(names, row, strict=True))) for row in rows]
    return replace(episodes, rows=rows), sources


def _source(episode: Mapping[str, Any]) -> dict[str, str]:
    address = {"path": episode["url"]} if episode["url"] else {}
    return {"title": episode["title"], **address}


def _text(day: date | None) -> str | None:
    return None if day is None else str(day)
