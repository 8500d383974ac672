"""Quotations: their length, their fragments, and finding them or similar passages in a text."""

import re
import unicodedata
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
