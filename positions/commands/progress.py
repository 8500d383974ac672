"""A bar on stderr for what takes longer than a moment; nothing where nobody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SECONDS = 1.0
"""How long something may take before it is worth a bar."""

Done = Callable[[int, int], None]
"""Told how many steps are done, and of how many."""


@contextmanager
def progress(what: str) -> Iterator[Done]:
    """A function to tell of each step of `what`; a terminal gets a bar once it takes long, gone at the end."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda *_: None
        return
    bar = _Bar(what)
    timer = Timer(SECONDS, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.tell
    finally:
        timer.cancel()
        bar.hide()


class _Bar:
    """The bar, once it is there; what it says is kept until then. The clock shows it from a thread of its own."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = Lock()
        self._steps: tuple[int, int | None] = (0, None)
        self._shown: tuple[Progress, TaskID] | None = None
        self._is_over = False

    def tell(self, done: int, total: int) -> None:
        with self._lock:
            self._steps = (done, total)
            if self._shown is not None:
                drawn, task = self._shown
                drawn.update(task, completed=done, total=total)

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        with self._lock:
            if self._is_over:
                return
            drawn = Progress(*columns, console=Console(stderr=True, highlight=False), transient=True)
            done, total = self._steps
            task = drawn.add_task(self._what, completed=done, total=total)
            drawn.start()
            self._shown = drawn, task

    def hide(self) -> None:
        with self._lock:
            self._is_over = True
            if self._shown is not None:
                self._shown[0].stop()
