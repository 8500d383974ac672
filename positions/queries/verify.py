"""Whether quotations stand in a text, to the letter but for white space, quotation marks and dashes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from positions import quotations
from positions.episode_file.schema import Entry
from positions.queries.rows import Verified
from positions.vocabulary import Key

QUOTED = frozenset({"quote", "core_quote", "wording"})
"""The fields that hold words of the source."""

_ALIKE = 0.6
"""How like a quotation a passage must be to be worth a hint (1: the same)."""


def verified(entries: Mapping[Key, Entry], episode: str, text: str) -> list[Verified]:
    """Each quotation and literal label of `entries`, in their order, and how often it stands in `text`.

    A hint shows what stands there instead, or that the entry names another address than its episode.
    """
    near = Passages(text)
    found = []
    for (_, name), entry in entries.items():
        content = entry.content()
        for field, quote in quoted(content):
            count = quotations.occurrences(quote, text)
            hint = None if count else near.hint(quote) or _elsewhere(content)
            found.append(Verified(episode=episode, id=name, field=field, quote=quote, found=count, hint=hint))
    return found


def has_words(entries: Iterable[Entry]) -> bool:
    """Whether any of `entries` quotes or labels."""
    return any(True for one in entries for _ in quoted(one.content()))


def quoted(content: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every quotation and literal label in the content of an entry, with its path: `stances.no-enlargement.quote`."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from quoted(value, f"{path}{name}.")
        elif name in QUOTED and isinstance(value, str):
            yield f"{path}{name}", value


class Passages:
    """A text in which what is like a quotation can be found."""

    def __init__(self, text: str) -> None:
        self._text = quotations.folded(text)
        self._words = self._text.split(" ")
        self._matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
        self._matcher.set_seq2([_bare(word) for word in self._words])

    def hint(self, quote: str) -> str | None:
        """What stands in the text instead of `quote`, which does not; None if nothing there is like it."""
        fragments = quotations.folded(quote).split(quotations.JOINT)
        absent = next((one for one in fragments if one not in self._text), None)
        if absent is None:
            return "its fragments do not follow each other in this order"
        near = self._near(absent.split(" ")[: quotations.LONGEST])
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


def _elsewhere(content: Mapping[str, Any]) -> str | None:
    return f"it is said to stand at {content['url']}" if "url" in content else None
