"""Text that a terminal can be shown: what would act on it instead of being read is written out.

No file of ours can bring such characters into the record; a database that another program wrote can hold them.
"""

import re

_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""`text` with control and bidirectional characters written out, like `\x1b`; line feeds and tabs stay."""
    return _ACTING.sub(lambda found: found.group().encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def in_one_line(text: str) -> str:
    r"""`text` as `visible` writes it, with line feeds and tabs written out too: the name of a file can hold them."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def visible_json(text: str) -> str:
    """The JSON `text`, in which the same characters are written as JSON writes them: what it says stays the same."""
    return _ACTING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
