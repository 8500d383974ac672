"""Quotations: how long they may be, how fragments are joined, and finding one, or what is like it, in a text."""

import re
from difflib import SequenceMatcher, get_close_matches

LONGEST = 30
"""The most words that a quotation may have, counted by white space."""

JOINT = " … "
"""What joins fragments of one passage, in their order."""

_ALIKE = 0.6
"""How like a quotation a passage must be to be worth a hint (1: the same)."""

_FOLDED = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'"} | dict.fromkeys("‐‑‒–—―−", "-")
)


def words(quote: str) -> int:
    """How many words `quote` has, counted by white space, as the limit counts them."""
    return len(quote.split())


def alike(text: str) -> str:
    """`text` with quotation marks and dashes made alike, one character for one."""
    return text.translate(_FOLDED)


def folded(text: str) -> str:
    """`text` with white space, quotation marks and dashes made alike, and nothing else."""
    return re.sub(r"\s+", " ", alike(text)).strip()


def occurrences(quote: str, text: str) -> int:
    """How often `quote` stands in `text`, both folded.

    A quotation of several fragments counts the places of its rarest one, and 0 when the fragments do not follow
    each other in their order.
    """
    haystack, fragments = folded(text), folded(quote).split(JOINT)
    place = 0
    for fragment in fragments:
        place = haystack.find(fragment, place)
        if place < 0:
            return 0
        place += len(fragment)
    return min(haystack.count(fragment) for fragment in fragments)


class Passages:
    """A text in which passages like a quotation can be found."""

    def __init__(self, text: str) -> None:
        self._text = folded(text)
        self._words = self._text.split(" ")
        self._matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
        self._matcher.set_seq2([_bare(word) for word in self._words])

    def hint(self, quote: str) -> str | None:
        """What the text has instead of `quote`, which does not stand in it; None if nothing there is like it."""
        fragments = folded(quote).split(JOINT)
        absent = next((fragment for fragment in fragments if fragment not in self._text), None)
        if absent is None:
            return "its fragments do not follow each other in this order"
        near = self._near(absent.split(" ")[:LONGEST])
        return None if near is None else f"the text has: {near}"

    def _near(self, words: list[str]) -> str | None:
        if len(words) == 1:
            return next(iter(get_close_matches(words[0], dict.fromkeys(self._words), n=1)), None)
        self._matcher.set_seq1([_bare(word) for word in words])
        match = self._matcher.find_longest_match()
        start = max(0, match.b - match.a)
        passage = " ".join(self._words[start : start + len(words)])
        is_near = match.size and SequenceMatcher(None, " ".join(words), passage).ratio() >= _ALIKE
        return passage if is_near else None


def _bare(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()
