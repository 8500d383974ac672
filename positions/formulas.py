"""Text that a spreadsheet would run as a formula: made harmless in a way that can be taken back.

A cell counts as a formula if it starts with `=`, `+`, `-` or `@` (narrow or wide), also behind white space or quotation
marks, or with a tab or a line break. Such a cell, and one that starts with an apostrophe, gets an apostrophe in front:
so every cell that starts with one has lost nothing but that one.
"""

import re

_GUARD = "'"
_RUN = re.compile(r"""['\t\r\n]|[\s"'\ufeff]*[=+\-@＝＋－＠]""")

RULE = (
    "A text that a spreadsheet could run as a formula (it starts with =, +, - or @, also behind white space or "
    "quotation marks, or with a tab or a line break), and a text that starts with an apostrophe, has an apostrophe put "
    "in front. "
    "To get the text back, drop the first character of every cell that starts with an apostrophe."
)
"""How a text was made harmless and how to get it back, for those who read the cells."""


def harmless(text: str) -> str:
    """`text`, with an apostrophe in front if a spreadsheet would run it as a formula, or if it starts with one."""
    return f"{_GUARD}{text}" if _RUN.match(text) else text


def restored(cell: str) -> str:
    """The text of which `harmless` made `cell`."""
    return cell.removeprefix(_GUARD)
