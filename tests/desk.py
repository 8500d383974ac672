"""A desk as its users have it: the program in a process of its own, and its page in a browser."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAM = [sys.executable, "-c", "from positions.app import app; app()", "code"]
_PORT = ("--port", "0", "--no-browser")


@contextmanager
def served(db: str, text: Path, *file: Path, is_killed: bool = False) -> Iterator[str]:
    """The address at which `positions code` serves the desk for `text`; at the end it is interrupted, or killed."""
    environment = {
        **os.environ,
        "POSITIONS_DB": db,
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    with subprocess.Popen(
        [*_PROGRAM, str(text), *map(str, file), *_PORT], env=environment, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stderr is not None
        try:
            line = next((line for line in program.stderr if " is at http" in line), "")
            assert line, "the desk did not start"
            yield line.partition(" is at ")[2].split()[0]
        finally:
            program.send_signal(signal.SIGKILL if is_killed else signal.SIGTERM)
            rest = program.communicate(timeout=20)[1]
    assert is_killed or (program.returncode, rest) == (0, "")
