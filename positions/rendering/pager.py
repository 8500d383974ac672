"""The pager, in which a terminal shows what is longer than its screen: as `git` does it, with the user's `PAGER`."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

_SETTINGS = {"LESS": "FRX", "LV": "-c"}
"""Settings of pagers, unless the user has some: quit if all fits, let colours pass, leave the text on the screen."""

_NOT_FOUND = (126, 127)
"""Exit codes of a shell that cannot run a command."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

_is_off: ContextVar[bool] = ContextVar("_is_off", default=False)


@contextmanager
def off() -> Iterator[None]:
    """Use no pager inside the block."""
    before = _is_off.set(True)
    try:
        yield
    finally:
        _is_off.reset(before)


def command() -> str | None:
    """The command line of the pager; None if there is none, or if stdout is no terminal that could show it."""
    if _is_off.get() or sys.platform == "win32" or os.environ.get("TERM", "dumb") == "dumb":
        return None
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    named = os.environ.get("PAGER")
    if named is None:
        return "less" if shutil.which("less") else None
    return None if named.strip() in {"", "cat"} else named


def show(text: str, lacking: str) -> bool:
    """Show `text` in the pager until the user leaves it; False if it fits on the screen or there is no pager.

    The codec error handler `lacking` replaces what the encoding of stdout lacks.
    """
    pager = command()
    if pager is None or not _is_longer_than_the_screen(text):
        return False
    sys.stdout.flush()
    # A user's PAGER is a command line for the shell, as `git` and `man` take it.
    shown = subprocess.Popen(pager, shell=True, stdin=subprocess.PIPE, env={**_SETTINGS, **os.environ})  # noqa: S602
    assert shown.stdin is not None
    with suppress(BrokenPipeError, KeyboardInterrupt), shown.stdin as pipe:  # the user may leave before the end
        pipe.write(text.encode(sys.stdout.encoding or "utf-8", lacking))
    while True:
        with suppress(KeyboardInterrupt):  # Ctrl-C is for the pager alone
            return shown.wait() not in _NOT_FOUND


def _is_longer_than_the_screen(text: str) -> bool:
    """Whether `text` and the next prompt need more lines than the terminal has."""
    columns, lines = shutil.get_terminal_size()
    needed = 1
    for line in _COLOURS.sub("", text).splitlines():
        needed += 1 + max(len(line) - 1, 0) // columns
        if needed > lines:
            return True
    return False
