"""Check that every quotation of an episode file stands in the text that it was coded from.

`python -m tests.article data/episodes/2022-01-17-episode-1.yaml ARTICLE.txt` exits with 1 and names what is missing.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from positions import quotations
from positions.episode_file import load

_QUOTED = frozenset({"quote", "core_quote", "wording"})


def quoted(content: Any) -> Iterator[str]:
    """Every quotation and literal label in the content of an entry."""
    if isinstance(content, dict):
        for name, value in content.items():
            if name in _QUOTED and isinstance(value, str):
                yield value
            else:
                yield from quoted(value)


def main(episode: Path, article: Path) -> int:
    """0 if all is found in the very text that was coded, else 1."""
    source = load.load(episode)
    sha256 = source.require().text_sha256
    text = article.read_text(encoding="utf-8")
    found = [quote for one in source.written for quote in quoted(one.entry.content())]
    missing = [quote for quote in found if not quotations.occurrences(quote, text)]
    for quote in missing:
        print(f"missing: {quote}")
    is_the_text = hashlib.sha256(article.read_bytes()).hexdigest() == sha256
    print(
        f"{len(found) - len(missing)} of {len(found)} quotations found; the text is the one that was coded: {is_the_text}"
    )
    return 0 if found and is_the_text and not missing else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
