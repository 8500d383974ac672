"""Text made safe to show: nothing in it acts on a terminal, and nothing in a cell runs in a spreadsheet.

No file of ours can bring control characters into the record; a database that another program wrote can hold them.
"""

import re

_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

_GUARD = "'"
_FORMULA = re.compile(r"""['\t\r\n]|[\s"'\ufeff]*[=+\-@＝＋－＠]""")  # the last four are the wide forms

FORMULA_RULE = (
    "A text that a spreadsheet could run as a formula (it starts with =, +, - or @, also behind white space or "
    "quotation marks, or with a tab or a line break), and a text that starts with an apostrophe, has an apostrophe put "
    "in front. "
    "To get the text back, drop the first character of every cell that starts with an apostrophe."
)
"""What `harmless` does and how to undo it, for people who read the cells."""


def visible(text: str) -> str:
    r"""`text` with control and bidirectional characters written out, like `\x1b`; line feeds and tabs stay."""
    return _ACTING.sub(lambda found: found.group().encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def in_one_line(text: str) -> str:
    r"""`text` as `visible` writes it, with line feeds and tabs written out too: the name of a file can hold them."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def visible_json(text: str) -> str:
    """The JSON `text` with the same characters as JSON escapes, so that its values do not change."""
    return _ACTING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def harmless(text: str) -> str:
    """`text`, with an apostrophe in front if a spreadsheet would run it as a formula, or if it starts with one.

    Every cell that starts with an apostrophe has gained exactly that one, so `restored` can take it away.
    """
    return f"{_GUARD}{text}" if _FORMULA.match(text) else text


def restored(cell: str) -> str:
    """The text from which `harmless` made `cell`."""
    return cell.removeprefix(_GUARD)
