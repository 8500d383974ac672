"""Quotations: their length, their fragments, and finding them or similar passages in a text."""

import re
from difflib import SequenceMatcher, get_close_matches

MAX_WORDS = 30
"""The most words that a quotation may have, separated by white space."""

SEPARATOR = " … "
"""Separates the fragments of a quotation, which are in the order of the text."""

_MIN_SIMILARITY = 0.6
"""How similar a passage must be to a quotation to be given as a hint (1: the same)."""

_FOLDED = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'"} | dict.fromkeys("‐‑‒–—―−", "-")
)


def words(quote: str) -> int:
    """The number of words in `quote`, separated by white space."""
    return len(quote.split())


def alike(text: str) -> str:
    """`text` with one form of quotation marks and dashes; no character is added or removed."""
    return text.translate(_FOLDED)


def folded(text: str) -> str:
    """`text` with one form of white space, quotation marks and dashes."""
    return re.sub(r"\s+", " ", alike(text)).strip()


def occurrences(quote: str, text: str) -> int:
    """How often `quote` occurs in `text`, both folded.

    For several fragments, the count of the rarest one, or 0 if they do not occur in their order.
    """
    haystack, fragments = folded(text), folded(quote).split(SEPARATOR)
    place = 0
    for fragment in fragments:
        place = haystack.find(fragment, place)
        if place < 0:
            return 0
        place += len(fragment)
    return min(haystack.count(fragment) for fragment in fragments)


class Passages:
    """A text in which passages similar to a quotation can be found."""

    def __init__(self, text: str) -> None:
        self._text = folded(text)
        self._words = self._text.split(" ")
        self._matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
        self._matcher.set_seq2([_bare(word) for word in self._words])

    def hint(self, quote: str) -> str | None:
        """What the text has instead of `quote`, which does not occur in it; None if nothing is similar."""
        fragments = folded(quote).split(SEPARATOR)
        absent = next((fragment for fragment in fragments if fragment not in self._text), None)
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
