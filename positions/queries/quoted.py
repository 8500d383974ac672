"""The quotations and literal labels of entries, and whether a text contains them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from positions.episode_file.schema import Entry
from positions.queries.rows import Verified
from positions.quotations import Passages, occurrences
from positions.vocabulary import Key

QUOTED = frozenset({"quote", "core_quote", "wording"})
"""The fields that contain words of the source."""


def verified(entries: Mapping[Key, Entry], episode: str, text: str) -> list[Verified]:
    """Each quotation and literal label of `entries`, in their order, with the number of times that `text` contains it.

    If there is none, a hint shows similar words of the text, or that the entry has another address than its episode.
    """
    passages = Passages(text)
    rows = []
    for (_, name), entry in entries.items():
        content = entry.content()
        for field, quote in quoted(content):
            count = occurrences(quote, text)
            hint = None if count else passages.hint(quote) or _elsewhere(content)
            rows.append(Verified(episode=episode, id=name, field=field, quote=quote, found=count, hint=hint))
    return rows


def has_words(entries: Iterable[Entry]) -> bool:
    """Whether any of `entries` has a quotation or a literal label."""
    return any(True for entry in entries for _ in quoted(entry.content()))


def quoted(content: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every quotation and literal label in the content of an entry, after its path: `stances.no-enlargement.quote`."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from quoted(value, f"{path}{name}.")
        elif name in QUOTED and isinstance(value, str):
            yield f"{path}{name}", value


def _elsewhere(content: Mapping[str, Any]) -> str | None:
    return f"the entry has an address of its own: {content['url']}" if "url" in content else None
