"""What an export says of itself: moment, licence, citation, and how its tables are to be read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from positions import __version__, package_data

QUOTATIONS = "The coding and what coders wrote. Quotations belong to those who said or wrote them."

_ADDRESSES = {
    "MIT": "https://opensource.org/license/mit",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "ODC-BY-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
}

INTRODUCTION = (
    "Who demands what in a negotiation, who refuses it, in which words, since when and by which source. Begin with "
    "positions: a row for each item and each actor to whom it is put, also where there is no answer on record."
)
NOTES: Mapping[str, str] = {
    "Days": (
        "Each is an interval of two columns, NAME_from and NAME_to: the first and the last possible day. They are "
        "equal if the day is known; NAME_from is empty if only the last possible day is."
    ),
    "Empty cells": (
        "Nothing is known or recorded. In positions an empty stance means that there is no answer on record, which is "
        "not the same as open."
    ),
    "Several values": "Several ids in one cell are separated by a semicolon and a space.",
    "Ids": (
        "Tables refer to each other by ids. The id of a response or an outcome is unique within its episode only, "
        "so that references to one have two columns. An episode is a source: an article, a draft, a statement."
    ),
}
"""How the tables are to be read, by heading; true of all forms of export."""


@dataclass(frozen=True, slots=True)
class About:
    """What an export says of its tables: title, moment (None: no limit), reach, citation and licence."""

    title: str
    as_of: date | None
    known_at: int | None
    public_by: date | None
    revision: int
    recorded_at: datetime | None
    latest: date | None
    citation: str
    digests: Sequence[str | None]
    license: str = package_data.LICENSE

    @property
    def program(self) -> str:
        """The program that made the export."""
        return f"positions {__version__}"

    @property
    def license_address(self) -> str | None:
        """Where the text of the licence is; None if we do not know."""
        return _ADDRESSES.get(self.license)

    def notes(self) -> Iterator[tuple[str, str]]:
        """What people have to know to read and to cite the tables, by heading."""
        yield "The three times", self._times()
        yield from NOTES.items()
        yield "How to cite", f"{self.citation} A quotation is cited by its own source."
        address = f" ({self.license_address})" if self.license_address else ""
        yield "Licence", f"{self.license}{address}. {QUOTATIONS}"

    def _times(self) -> str:
        said = "on any day" if self.as_of is None else f"by {self.as_of}"
        public = "whenever" if self.public_by is None else f"by {self.public_by}"
        return (
            "Everything has a day on which it was said, one on which its source was published, and a revision that "
            f"recorded it (recorded_in). Here is what was said {said}, in sources published {public}, and recorded up "
            f"to r{self.revision}. What was said between two days counts from the later one."
        )
