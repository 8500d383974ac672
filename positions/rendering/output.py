"""Printing an answer on stdout, in the requested format; on a terminal, in a pager if it is longer than the screen."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Literal, TextIO, assert_never

from positions.errors import OutputError
from positions.rendering import pager, plain_data, text
from positions.rendering.layout import Page, TextTable
from positions.safe_text import AS_JSON, AS_TEXT
from positions.vocabulary import Format

_STAYS = "Whatever was recorded before this error is kept; `positions log` shows it."

_MOST_DRAWN = 300
"""Rich draws tables of up to this many rows; it is too slow for longer ones, which are printed as plain text."""


def show(command: str, rows: Any, form: Format, page: Callable[[], Page]) -> None:
    """Print the `rows` of `command` in the format `form`; `page` lays them out for people.

    Raises:
        OutputError: stdout cannot be written.
    """
    match form:
        case Format.JSON:
            write(plain_data.as_json(rows), AS_JSON)
        case Format.CSV:
            write(plain_data.as_csv(command, rows if isinstance(rows, list) else [rows]), "replace")
        case Format.MARKDOWN:
            write(text.as_markdown(page()))
        case Format.TABLE:
            draw(page())
        case _:
            assert_never(form)


def draw(page: Page) -> None:
    """Print `page`: drawn by Rich on a terminal, as plain text in a pipe or if it is long.

    Raises:
        OutputError: stdout cannot be written.
    """
    length = sum(len(block.rows) for block in page.short() if isinstance(block, TextTable))
    if length > _MOST_DRAWN or not _is_terminal():
        write(text.as_text(page))
        return
    from rich.console import Console

    from positions.rendering import terminal

    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    console = Console(highlight=False, markup=False, emoji=False, color_system=colours)
    if pager.command() is None:
        with _stdout():
            terminal.draw(page, console)
        return
    with console.capture() as drawn:
        terminal.draw(page, console)
    write(drawn.get())


def write(printed: str, lacking: str = AS_TEXT) -> None:
    """Print `printed`; the codec error handler `lacking` replaces what the encoding of stdout lacks.

    Raises:
        OutputError: stdout cannot be written.
    """
    with _stdout(lacking) as stdout:
        if not pager.show(printed, lacking):
            stdout.write(printed)


@contextmanager
def _stdout(lacking: str = AS_TEXT) -> Iterator[TextIO]:
    """Stdout, flushed at the end of the block; the codec error handler `lacking` replaces what its encoding lacks.

    Raises:
        BrokenPipeError: the reader of the pipe is gone.
        OutputError: stdout cannot be written for another reason.
    """
    if sys.stdout is None:
        raise OutputError("standard output is closed", _STAYS)
    try:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors=lacking)
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # Python flushes stdout again at exit, which would fail again: discard the rest of the output.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        raise OutputError(f"the answer cannot be written: {error.strerror}", _STAYS) from error


def _is_terminal() -> bool:
    """Whether stdout is a terminal; `TTY_COMPATIBLE` overrides that, as it does for Rich."""
    override = os.environ.get("TTY_COMPATIBLE")
    return sys.stdout is not None and sys.stdout.isatty() if override is None else override == "1"
