"""The one way out: rows, or the page that shows them, to stdout."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TextIO

from positions.errors import OutputError
from positions.rendering import data, markdown, plain
from positions.rendering.contract import headings
from positions.rendering.layout import Page, Table
from positions.vocabulary import Format

_STAYS = "What a command recorded before this stays recorded; `positions log` shows it."
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
    """Print `page` for a person: by Rich on a terminal, as plain text into a pipe or if it is long.

    Raises:
        OutputError: stdout cannot be written.
    """
    length = sum(len(block.rows) for block in page.blocks if isinstance(block, Table))
    if length > LONGEST_DRAWN or not _is_terminal():
        write(plain.text(page))
        return
    from rich.console import Console

    from positions.rendering import terminal

    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    with _stdout():
        terminal.show(page, Console(highlight=False, markup=False, emoji=False, color_system=colours))


def write(text: str) -> None:
    """Print `text` as it is; what the terminal's encoding lacks is replaced.

    Raises:
        OutputError: stdout cannot be written.
    """
    with _stdout() as stdout:
        try:
            stdout.write(text)
        except UnicodeEncodeError:
            stdout.write(text.encode(stdout.encoding, "replace").decode(stdout.encoding))


@contextmanager
def _stdout() -> Iterator[TextIO]:
    """Stdout, flushed at the end of the block; a reader that went away is no error."""
    if sys.stdout is None:
        raise OutputError("there is no standard output to write to", _STAYS)
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (what is left in it is lost anyway)
        raise OutputError(f"the answer cannot be written: {error.strerror}", _STAYS) from error


def _is_terminal() -> bool:
    """Whether stdout is a terminal; the environment can say so for programs that stand in for one."""
    asked = os.environ.get("TTY_COMPATIBLE")
    return sys.stdout is not None and sys.stdout.isatty() if asked is None else asked == "1"
