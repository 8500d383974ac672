"""Making text safe to show: no control characters for a terminal, no formulas for a spreadsheet.

Episode files cannot contain control characters, but a database written by another program can.
"""

import codecs
import re
from typing import Final

UNSAFE = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Control characters, line ends that are none on a terminal, and bidirectional characters, as in a character class."""

INVISIBLE = r"\u00ad\u200b\u2060\ufeff"
"""Characters inside words that show nothing, as in a character class: soft hyphens and the like."""

_UNSAFE = re.compile(f"[{UNSAFE}]")

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_GUARD = "'"
_FORMULA = re.compile(r"""['\t\r\n]|[\s"'\ufeff]*[=+\-@＝＋－＠]""")  # the last four are the fullwidth forms

FORMULA_RULE = (
    "An apostrophe is put in front of a text that a spreadsheet could run as a formula (it starts with =, +, - or @, "
    "also after white space or quotation marks, or with a tab or a line break), and of a text that starts with an "
    "apostrophe. To restore the text, remove the first character of every cell that starts with an apostrophe."
)
"""What `harmless` does and how to undo it, for users of the CSV files."""


AS_TEXT: Final = "positions-text"
"""Name of the codec error handler for text: what an encoding lacks gets a plain counterpart, or a question mark."""

AS_JSON: Final = "positions-json"
"""Name of the codec error handler for JSON: what an encoding lacks is escaped, which does not change its values."""

_COUNTERPARTS = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚", "'"),
        **dict.fromkeys("–—‑−─━", "-"),
        "…": "...",
        "→": "->",
        "←": "<-",
        "·": ".",
        "•": "*",
        "■": "#",
        "◆": "~",
        "●": "o",
        "\u00a0": " ",
        "\u202f": " ",
    }
)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].translate(_COUNTERPARTS)
    return "".join(one if one.isascii() else "?" for one in lacking), error.end


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)), error.end


codecs.register_error(AS_TEXT, _plain)
codecs.register_error(AS_JSON, _escaped)


def visible(text: str) -> str:
    r"""`text` with control and bidirectional characters escaped, like `\x1b`; line feeds and tabs stay."""
    return _UNSAFE.sub(lambda found: found.group().encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def in_one_line(text: str) -> str:
    r"""`text` as `visible` shows it, with line feeds and tabs escaped too: file names can contain them."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def visible_json(text: str) -> str:
    """The JSON `text` with the characters that `visible` escapes as JSON escapes, which do not change its values."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def markdown_text(text: str) -> str:
    """`text` with the characters escaped that Markdown takes for markup, in one line."""
    return _MARKUP.sub(r"\\\1", text).replace("\n", " ")


def harmless(text: str) -> str:
    """`text`, with an apostrophe in front if a spreadsheet could run it as a formula or if it starts with one.

    So every cell that starts with an apostrophe has one added, which `restored` removes.
    """
    return f"{_GUARD}{text}" if _FORMULA.match(text) else text


def restored(cell: str) -> str:
    """The text that `harmless` turned into `cell`."""
    return cell.removeprefix(_GUARD)
