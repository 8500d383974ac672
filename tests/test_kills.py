"""A kill at any moment loses nothing: a small part of what `python -m tests.kills` does."""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import SERVER

if SERVER is not None:
    pytest.skip("a server undoes by itself what broke off", allow_module_level=True)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the program is killed in a fork")
def test_after_a_kill_there_is_the_old_state_or_the_new_one_and_the_next_command_works() -> None:
    words = [sys.executable, "-m", "tests.kills", "--kills", "25", "--seconds", "35", "--seed", "3"]

    done = subprocess.run(words, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["losses"] == 0
    assert figures["kills"] == figures["old"] + figures["new"] > 0
