"""The text of the source: its paragraphs as the page shows them, and where the quotations of an episode are in it.

Browsers count characters in UTF-16 units, so places are given in these.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from positions.desk.document import DETAILS, Document, Path, element_id, entries
from positions.quotations import Passages, Places, folded, taken
from positions.safe_text import UNSAFE

Span = tuple[int, int]

_UNSAFE = re.compile(f"[{UNSAFE}]")
_REPLACEMENT = "\ufffd"
_LONGEST_PARAGRAPH = 4_000
"""A longer line is shown as several: browsers take long to break one of a million characters."""

_QUOTED = ("quote", "core_quote")
_LABEL = "wording"
_LOOK = {"demands": "demand", "offers": "offer", "packages": "package", "outcomes": "outcome"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, as it is shown, and where it begins."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotation: where it stands in the file, how it looks, and its fragments in the text (none: it is not there)."""

    path: Path
    look: str
    quote: str
    spans: tuple[Span, ...]

    @property
    def entry(self) -> Path:
        """The path of the entry it belongs to."""
        return self.path[:2]


class Text:
    """The text of the source."""

    def __init__(self, text: str) -> None:
        self._units = text.encode("utf-16-le", "surrogatepass")
        self._astral = [place for place, character in enumerate(text) if ord(character) > 0xFFFF]  # noqa: PLR2004
        self._places, self._text = Places(text), text
        self._passages: Passages | None = None
        self._hints: dict[str, str | None] = {}
        self._found: dict[str, tuple[Span, ...]] = {}

    def paragraphs(self) -> Iterator[Paragraph]:
        """The lines of the text, characters that could act on a browser replaced one by one."""
        place = 0
        for line in self._text.split("\n"):
            shown = _UNSAFE.sub(_REPLACEMENT, line)
            for start, end in _chunks(shown):
                yield Paragraph(self._unit(place + start), shown[start:end])
            place += len(line) + 1

    def quotation(self, spans: Sequence[Span]) -> str:
        """The words at `spans` as one quotation: its fragments in the order of the text, on one line.

        The places are remembered, should the same words stand elsewhere too.
        """
        ordered = sorted((start, end) for start, end in spans)
        quote = taken(self._units[2 * start : 2 * end].decode("utf-16-le", "replace") for start, end in ordered)
        self._found[folded(quote)] = tuple(ordered)
        return quote

    def find(self, quote: str) -> tuple[Span, ...]:
        """Where the fragments of `quote` are; none if it is not in the text."""
        name = folded(quote)
        if name not in self._found:
            self._found[name] = tuple((self._unit(start), self._unit(end)) for start, end in self._places.find(quote))
        return self._found[name]

    def hint(self, quote: str) -> str | None:
        """What the text has instead of `quote`; None if nothing is similar."""
        if quote not in self._hints:
            self._passages = self._passages or Passages(self._text)
            self._hints[quote] = self._passages.hint(quote)
        return self._hints[quote]

    def passages(self, document: Document) -> list[Passage]:
        """Every quotation and literal label of `document`, in the order of the file."""
        return [
            Passage(path, look, quote, self.find(quote))
            for at, entry in entries(document)
            for path, look, quote in _quotations(at, entry)
        ]

    def _unit(self, place: int) -> int:
        return place + bisect_left(self._astral, place)


def _quotations(at: Path, entry: dict[str, Any]) -> Iterator[tuple[Path, str, str]]:
    stances = entry.get("stances")
    kinds = {_stance(detail) for detail in stances.values()} if isinstance(stances, dict) else set()
    own = kinds.pop() if len(kinds) == 1 else "response"
    look = _LOOK.get(str(at[0]), own if stances else "mention")
    for name in _QUOTED:
        if isinstance(quote := entry.get(name), str):
            yield (*at, name), look, quote
    for name in DETAILS:
        for item, detail in _details(entry, name):
            for field in (*_QUOTED[:1], _LABEL):
                if isinstance(quote := detail.get(field), str):
                    yield (*at, name, item, field), _stance(detail) if name == "stances" else "mention", quote


def _details(entry: dict[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    found = entry.get(name)
    return [pair for pair in found.items() if isinstance(pair[1], dict)] if isinstance(found, dict) else []


def _stance(detail: Any) -> str:
    stance = detail.get("stance") if isinstance(detail, dict) else None
    return stance if stance in {"non-starter", "negotiable", "open"} else "response"


def highlights(passages: Sequence[Passage]) -> list[dict[str, Any]]:
    """The passages that are in the text, for the page's script: those of literal labels only lead to their entry."""
    return [
        {"entry": element_id(passage.entry), "look": passage.look, "spans": passage.spans}
        for passage in passages
        if passage.spans and passage.path[-1] != _LABEL
    ]


def not_found(passages: Sequence[Passage]) -> list[Passage]:
    """The passages whose words are not in the text."""
    return [passage for passage in passages if not passage.spans]


def _chunks(line: str) -> Iterator[Span]:
    """The pieces in which a `line` is shown: it as a whole, unless it is too long."""
    start = 0
    while len(line) - start > _LONGEST_PARAGRAPH:
        end = line.rfind(" ", start, start + _LONGEST_PARAGRAPH) + 1 or start + _LONGEST_PARAGRAPH
        yield start, end
        start = end
    yield start, len(line)
