"""Quotations: their length, their fragments, and finding them or similar passages in a text."""

import re
from bisect import bisect_right
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


class Places:
    """A text in which the places of quotations are found, as `occurrences` counts them."""

    def __init__(self, text: str) -> None:
        self._text, self._starts, self._shifts = "", [0], [0]
        parts: list[str] = []
        length = 0
        for word in re.finditer(r"\S+", alike(text)):
            length += bool(parts)
            if word.start() - length != self._shifts[-1]:
                self._starts.append(length)
                self._shifts.append(word.start() - length)
            parts.append(word.group())
            length += len(word.group())
        self._text = " ".join(parts)

    def find(self, quote: str) -> list[tuple[int, int]]:
        """Where each fragment of `quote` begins and ends in the text, in order; empty if it does not occur.

        Of several places, the first; its fragments then stand as close together as they can.
        """
        places, place = [], 0
        for fragment in folded(quote).split(SEPARATOR):
            start = self._text.find(fragment, place)
            if start < 0 or not fragment:
                return []
            place = start + len(fragment)
            places.append((start, place))
        for index in range(len(places) - 2, -1, -1):
            (start, end), limit = places[index], places[index + 1][0]
            nearest = self._text.rfind(self._text[start:end], start, limit)
            places[index] = (nearest, nearest + end - start)
        return [(self._in_text(start), self._in_text(end - 1) + 1) for start, end in places]

    def _in_text(self, place: int) -> int:
        """The place in the text as it was given of a place in the folded one."""
        return place + self._shifts[bisect_right(self._starts, place) - 1]


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
