"""Quotations: their length, their fragments, and finding them or similar passages in a text."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

from positions.safe_text import INVISIBLE

MAX_WORDS = 30
"""The most words that a quotation may have, separated by white space."""

SEPARATOR = " … "
"""Separates the fragments of a quotation, which are in the order of the text."""

_MIN_SIMILARITY = 0.6
"""How similar a passage must be to a quotation to be given as a hint (1: the same)."""

_FOLDED = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'"} | dict.fromkeys("‐‑‒–—―−", "-")
)

_SOFT_BREAK = re.compile(rf"\u00ad\s+|[{INVISIBLE}]")
_LIGATURE = re.compile(r"[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc]")
"""Latin ligatures, and forms of Arabic letters inside words: PDF files contain them instead of the letters."""

_TOKEN = re.compile(r"(?:\u00ad\s+|\S)+")
"""A word with all that stays together when a text is folded."""

_LONGEST_WORD = 200

_PLACES = re.compile(r"(?P<hyphen>(?<=\w)-(?=\w))|(?<=\w)(?=\w)|(?P<other>\W)")
"""The hyphens in words, the places between two letters, and what is no letter."""

_LONGEST_DIVIDED = 2_000
"""The most characters of a fragment whose words may be divided: compiling a longer pattern takes too long."""


def words(quote: str) -> int:
    """The number of words in `quote`, separated by white space."""
    return len(quote.split())


def alike(text: str) -> str:
    """`text` with one form of quotation marks and dashes; no character is added or removed."""
    return text.translate(_FOLDED)


def with_plain_letters(text: str) -> str:
    """`text` with letters instead of ligatures, accents joined to their letters, and no invisible characters.

    A soft hyphen is removed together with the line end that follows it.
    """
    if text.isascii():
        return text
    letters = _LIGATURE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), _SOFT_BREAK.sub("", text))
    return unicodedata.normalize("NFC", letters)


def folded(text: str) -> str:
    """`text` with plain letters and one form of white space, quotation marks and dashes."""
    return " ".join(alike(with_plain_letters(text)).split())


def taken(passages: Iterable[str]) -> str:
    """The `passages` of a text as one quotation: on one line, without invisible characters."""
    lines = (" ".join(_SOFT_BREAK.sub("", passage).split()) for passage in passages)
    return SEPARATOR.join(line for line in lines if line)


def occurrences(quote: str, text: str) -> int:
    """How often `quote` occurs in `text`, both folded.

    The text may divide a word at the end of a line, whether or not the word has a hyphen of its own. For several
    fragments, the count of the rarest one, or 0 if they do not occur in their order.
    """
    return _count(folded(quote), folded(text))


def _count(quote: str, text: str) -> int:
    patterns = [_pattern(fragment) for fragment in quote.split(SEPARATOR)]
    place = 0
    for pattern in patterns:
        found = pattern.search(text, place)
        if found is None:
            return 0
        place = found.end()
    return min(sum(1 for _ in pattern.finditer(text)) for pattern in patterns)


def _pattern(fragment: str) -> re.Pattern[str]:
    """What finds the folded `fragment` in a folded text, also where its words are divided: "- " for a line end."""
    if len(fragment) > _LONGEST_DIVIDED:
        return re.compile(re.escape(fragment))
    return re.compile(_PLACES.sub(_divisible, fragment))


def _divisible(place: re.Match[str]) -> str:
    if place["hyphen"]:
        return "- ?"
    return re.escape(place["other"]) if place["other"] else "(?:- )?"


class Places:
    """A text in which the places of quotations are found, as `occurrences` counts them."""

    def __init__(self, text: str) -> None:
        self._starts, self._origins = [0], [0]
        parts: list[str] = []
        length = 0
        for token in _TOKEN.finditer(text):
            part = folded(token.group())
            if not part:
                continue
            length += bool(parts)
            self._place(length, token.start())
            if len(part) != len(token.group()):
                self._place_inside(length, token)
            parts.append(part)
            length += len(part)
            self._place(length, token.end())
        self._text = " ".join(parts)

    def find(self, quote: str) -> list[tuple[int, int]]:
        """Where each fragment of `quote` begins and ends in the text, in order; empty if it does not occur.

        Of several places, the first; its fragments then stand as close together as they can.
        """
        fragments = folded(quote).split(SEPARATOR)
        places: list[tuple[int, int]] = []
        for fragment in fragments:
            found = self._first(fragment, places[-1][1] if places else 0)
            if found is None or not fragment:
                return []
            places.append(found)
        for index in range(len(places) - 2, -1, -1):
            later = _pattern(fragments[index]).finditer(self._text, places[index][0], places[index + 1][0])
            places[index] = max((match.span() for match in later), default=places[index])
        return [(self._in_text(start), self._in_text(end)) for start, end in places]

    def _first(self, fragment: str, place: int) -> tuple[int, int] | None:
        start = self._text.find(fragment, place)  # much faster, and nearly always enough
        if start >= 0:
            return start, start + len(fragment)
        found = _pattern(fragment).search(self._text, place)
        return found.span() if found else None

    def _place(self, place: int, origin: int) -> None:
        """Note that `place` of the folded text is `origin` of the other, unless that follows from what is noted."""
        if self._in_text(place) != origin:
            self._starts.append(place)
            self._origins.append(origin)

    def _place_inside(self, place: int, token: re.Match[str]) -> None:
        """Note the places inside a word whose length changes; a very long one is found as a whole."""
        for end in range(1, min(len(token.group()), _LONGEST_WORD)):
            self._place(place + len(folded(token.group()[:end])), token.start() + end)

    def _in_text(self, place: int) -> int:
        index = bisect_right(self._starts, place) - 1
        return self._origins[index] + place - self._starts[index]


class Passages:
    """A text in which passages similar to a quotation can be found."""

    def __init__(self, text: str) -> None:
        self._text = folded(text)
        self._words = self._text.split(" ")
        self._matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
        self._matcher.set_seq2([_bare(word) for word in self._words])

    def occurrences(self, quote: str) -> int:
        """How often `quote` occurs in the text, as the function `occurrences` counts."""
        return _count(folded(quote), self._text)

    def hint(self, quote: str) -> str | None:
        """What the text has instead of `quote`, which does not occur in it; None if nothing is similar."""
        fragments = folded(quote).split(SEPARATOR)
        absent = next((part for part in fragments if not _pattern(part).search(self._text)), None)
        if absent is None:
            return "its fragments are not in this order in the text"
        near = self._near(absent.split(" ")[:MAX_WORDS])
        return None if near is None else f"the text has: {near}"

    def _near(self, words: list[str]) -> str | None:
        if len(words) == 1:
            return next(iter(get_close_matches(words[0], dict.fromkeys(self._words), n=1)), None)
        self._matcher.set_seq1([_bare(word) for word in words])
        match = self._matcher.find_longest_match()
        start = max(0, match.b - match.a)
        passage = " ".join(self._words[start : start + len(words)])
        is_near = match.size and SequenceMatcher(None, " ".join(words), passage).ratio() >= _MIN_SIMILARITY
        return passage if is_near else None


def _bare(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()
