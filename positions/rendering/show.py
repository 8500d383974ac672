"""The one way out: rows, or the page that shows them, to stdout."""

import os
import sys
from collections.abc import Callable
from typing import Any, Literal

from positions.rendering import data, markdown, plain
from positions.rendering.contract import headings
from positions.rendering.layout import Page, Table
from positions.vocabulary import Format

LONGEST_DRAWN = 300
"""Rows above which a table is printed as plain text: drawing it would take longer than reading it is worth."""


def show(command: str, rows: Any, form: Format, page: Callable[[], Page]) -> None:
    """Print the `rows` of `command` in the form that was asked for; `page` lays them out for people."""
    match form:
        case Format.JSON:
            write(data.as_json(rows))
        case Format.CSV:
            listed = rows if isinstance(rows, list) else [rows]
            write(data.as_csv(listed, headings(command, listed)))
        case Format.MARKDOWN:
            write(markdown.text(page()))
        case Format.TABLE:
            draw(page())


def draw(page: Page) -> None:
    """Print `page` for a person: by Rich on a terminal, as plain text into a pipe or if it is long."""
    length = sum(len(block.rows) for block in page.blocks if isinstance(block, Table))
    if length > LONGEST_DRAWN or not _is_terminal():
        write(plain.text(page))
        return
    from rich.console import Console

    from positions.rendering import terminal

    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    terminal.show(page, Console(highlight=False, markup=False, emoji=False, color_system=colours))


def write(text: str) -> None:
    """Print `text` as it is, in UTF-8 where the terminal can show no less."""
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        sys.stdout.write(text.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))


def _is_terminal() -> bool:
    """Whether stdout is a terminal; the environment can say so for programs that stand in for one."""
    asked = os.environ.get("TTY_COMPATIBLE")
    return sys.stdout.isatty() if asked is None else asked == "1"
