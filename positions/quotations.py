"""Quotations: how long they may be, how their fragments are joined, and how one is found in a text."""

import re

LONGEST = 30
"""The most words that a quotation may have, counted by white space."""

JOINT = " … "
"""What joins fragments of one passage, in their order."""

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
