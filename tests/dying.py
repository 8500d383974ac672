"""Running the program in a process of its own, and killing it at a chosen moment.

The process is a fork of this one, in which everything is imported already: so nearly all of its time is spent on what
the command does. It can be killed by the clock, exactly before or after one of the calls that change files, or a
little after such a call has begun, which is while SQLite or the system is at it.
"""

import io
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

DECISIVE = frozenset({"commit", "link", "rename", "replace", "unlink", "rmdir", "mkdir", "fsync", "backup"})
"""Calls around which the old state becomes the new one."""

_FILES = DECISIVE | {"open"}
_SLACK = 1.05
"""How far beyond the time that a command takes the clock may strike."""

_WITHIN = (0.001, 0.004, 0.02)
"""Up to how many seconds after a call has begun: a commit to a disk takes so long, by the disk."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: `seconds` after the start, or after the call of that `number` began; exactly there if None."""

    number: int | None = None
    is_after: bool = False
    seconds: float | None = None

    def __str__(self) -> str:
        if self.number is None:
            return f"after {self.seconds:.4f} s"
        if self.seconds is not None:
            return f"{self.seconds * 1000:.2f} ms into call {self.number}"
        return f"{'after' if self.is_after else 'before'} call {self.number}"


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended; `calls` are the watched ones, `words` what it printed to stderr."""

    code: int
    seconds: float
    calls: tuple[str, ...]
    words: str

    @property
    def is_killed(self) -> bool:
        return self.code == -signal.SIGKILL


def choose(chance: random.Random, measured: Run) -> Moment:
    """A moment in a run like `measured`: by the clock, at a call, or within one."""
    decisive = [number for number, name in enumerate(measured.calls) if name in DECISIVE]
    kind = chance.choice(("clock", "call", "decisive", "decisive", "within", "within"))
    if kind == "clock":
        return Moment(seconds=chance.uniform(0, measured.seconds * _SLACK))
    number = chance.randrange(len(measured.calls)) if kind == "call" else chance.choice(decisive)
    if kind == "within":
        return Moment(number, seconds=chance.uniform(0, chance.choice(_WITHIN)))
    return Moment(number, is_after=chance.random() < 0.5)


def run(
    program: Callable[[], None], environment: dict[str, str], moment: Moment | None = None, *, watched: bool = False
) -> Run:
    """Run `program` in a process of its own, killed at `moment`; `watched` also tells its calls."""
    reader, writer = os.pipe()
    words = Path(environment["HOME"]) / "stderr"
    begun = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        with suppress(BaseException):
            _be(program, environment, words, _Watch(moment, writer) if moment or watched else None)
        os._exit(70)
    os.close(writer)
    if moment is not None and moment.seconds is not None:
        _kill(pid, reader, moment, begun)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    calls = json.loads(told) if watched and told else ()
    return Run(code, time.perf_counter() - begun, tuple(calls), words.read_text("utf-8") if words.exists() else "")


def _kill(pid: int, reader: int, moment: Moment, begun: float) -> None:
    assert moment.seconds is not None
    if moment.number is not None:
        os.read(reader, 1)  # the call begins, or the program has ended before
        begun = time.perf_counter()
    while time.perf_counter() - begun < moment.seconds:
        time.sleep(0 if moment.number is not None else 0.0005)
    os.kill(pid, signal.SIGKILL)  # not waited for yet: the number is still its own


def _be(program: Callable[[], None], environment: dict[str, str], words: Path, watch: "_Watch | None") -> NoReturn:
    """Be the program, in the new process."""
    os.environ.update(environment)
    out = os.open(os.devnull, os.O_RDWR)
    err = os.open(words, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    for number, target in enumerate((out, out, err)):
        os.dup2(target, number)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, m) for n, m in ((0, "r"), (1, "w"), (2, "w")))
    code: Any = 0
    if watch:
        sys.setprofile(watch)
    try:
        program()
    except SystemExit as end:
        code = end.code
    finally:
        sys.setprofile(None)
        if watch:
            watch.tell()
        sys.stderr.flush()
    os._exit(int(code or 0))


class _Watch:
    """Counts the calls that change files, and acts at the chosen one."""

    def __init__(self, moment: Moment | None, writer: int) -> None:
        self._moment = moment
        self._writer = writer
        self._calls: list[str] = []
        self._awaited = None if moment is None else moment.number

    def __call__(self, _: FrameType, event: str, what: Any) -> None:
        if event == "c_call" and _is_watched(what):
            self._calls.append(what.__name__)
            if len(self._calls) - 1 == self._awaited:
                self._act(is_after=False)
        elif event in {"c_return", "c_exception"} and len(self._calls) - 1 == self._awaited and _is_watched(what):
            self._act(is_after=True)

    def tell(self) -> None:
        if self._moment is None:
            os.write(self._writer, json.dumps(self._calls).encode())

    def _act(self, *, is_after: bool) -> None:
        assert self._moment is not None
        if self._moment.seconds is None:
            if is_after == self._moment.is_after:
                os.kill(os.getpid(), signal.SIGKILL)
        elif not is_after:
            os.write(self._writer, b".")


def _is_watched(what: Any) -> bool:
    owner = getattr(what, "__self__", None)
    if isinstance(owner, sqlite3.Connection | sqlite3.Cursor):
        return True
    if isinstance(owner, io.TextIOWrapper | io.BufferedWriter | io.FileIO):
        return what.__name__ in {"write", "flush", "close"}
    return getattr(owner, "__name__", "") in {"posix", "nt"} and what.__name__ in _FILES


def cramped() -> None:
    """Give SQLite so little memory that it writes to the database long before a transaction ends."""
    connect: Any = sqlite3.connect

    def small(*given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **named)
        connection.execute("PRAGMA cache_size = 8").close()
        return connection

    sqlite3.connect = small  # type: ignore[assignment]


def program(words: Sequence[str], prepare: Sequence[Callable[[], None]] = ()) -> Callable[[], None]:
    """The command line with `words`, after everything in `prepare`."""

    def start() -> None:
        from positions.app import app  # noqa: PLC0415

        for step in prepare:
            step()
        app(list(words), prog_name="positions")

    return start
