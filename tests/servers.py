"""Records through PgBouncer and reads from a standby, many at once: `python -m tests.servers --seconds 60`.

It starts a primary, a hot standby and PgBouncer in transaction mode, lets writers record through the pooler and readers
ask the standby, stops everything, and exits with 1 if a recording is lost, a revision number has a gap, or anybody met
an error. It needs Debian's packages `postgresql` and `pgbouncer`, and runs the servers as the user `postgres` if it is
run by root, whom they refuse.
"""

import argparse
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

_USER = "postgres"
_WAIT = 30.0
"""Seconds within which a server must answer, and the standby must have what the primary has."""

EPISODE = """
format: 1
episode: {{id: {name}, kind: statement, title: A statement, published: 2022-02-03, url: https://example.org/{name}}}
responses: [{{id: it, by: nato, said: 2022-02-03, basis: stated, quote: we said so, about: [no-enlargement]}}]
"""


@dataclass(frozen=True)
class Servers:
    """The addresses of the database: through the pooler, and on the standby."""

    pooler: str
    standby: str


def main() -> int:
    """0 if nothing was lost and nobody met an error, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("seconds", 60), ("writers", 8), ("readers", 8)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _running(Path(folder)) as servers:
        return 0 if _try(servers, Path(folder), given.seconds, given.writers, given.readers) else 1


def _try(servers: Servers, folder: Path, seconds: int, writers: int, readers: int) -> bool:
    _positions("init", db=servers.pooler)
    _wait_for("the standby has Episode 1", lambda: _positions("log", db=servers.standby).returncode == 0)
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(writers + readers) as pool:
        recording = [pool.submit(_record, servers.pooler, folder, number, end) for number in range(writers)]
        asking = [pool.submit(_ask, servers.standby, end) for _ in range(readers)]
        recorded, asked = ([future.result() for future in futures] for futures in (recording, asking))
    problems = Counter(problem for results in (recorded, asked) for _, found in results for problem in found)
    expected = 1 + sum(number for number, _ in recorded)
    revisions = _revisions(servers.pooler)
    if revisions != list(range(expected, 0, -1)):
        problems[f"{expected} revisions were recorded, and the log has {len(revisions)}"] += 1
    if _positions("check", db=servers.pooler).returncode:
        problems["check finds something"] += 1
    _wait_for("the standby has every revision", lambda: _revisions(servers.standby) == revisions)
    told = _positions("retract", "episode-1/principles", "--why", "a try", db=servers.standby).stderr
    if "it is read-only" not in told or "primary" not in told:
        problems[f"recording on the standby: {told.strip()}"] += 1
    questions = sum(number for number, _ in asked)
    print(f"{writers} writers recorded {expected - 1} revisions, {readers} readers asked {questions} questions")
    for problem, times in problems.items():
        print(f"{times} times: {problem}")
    return not problems


def _record(db: str, folder: Path, writer: int, end: float) -> tuple[int, list[str]]:
    """How many episodes the writer recorded until `end`, and the errors that it met."""
    recorded = 0
    problems: list[str] = []
    while time.monotonic() < end:
        name = f"statement-{writer}-{recorded + len(problems)}"
        file = folder / f"{name}.yaml"
        file.write_text(EPISODE.format(name=name), encoding="utf-8")
        done = _positions("record", str(file), db=db)
        if done.returncode == 0:
            recorded += 1
        else:
            problems.append(done.stderr.strip())
    return recorded, problems


def _ask(db: str, end: float) -> tuple[int, list[str]]:
    """How many questions were answered until `end`, and the errors."""
    asked = 0
    problems: list[str] = []
    while time.monotonic() < end:
        done = _positions("nonstarters", "--format", "json", db=db)
        asked += 1
        if done.returncode or '"no-enlargement"' not in done.stdout:
            problems.append(done.stderr.strip() or "no answer")
    return asked, problems


def _revisions(db: str) -> list[int]:
    return [row["revision"] for row in json.loads(_positions("log", "--format", "json", db=db).stdout or "[]")]


def _positions(*words: str, db: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "positions", "--db", db, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@contextmanager
def _running(folder: Path) -> Iterator[Servers]:
    """A primary, a standby and a pooler, until the block ends."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
    pooler = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if binaries is None or pooler is None:
        sys.exit("Install Debian's packages postgresql and pgbouncer.")
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam(_USER).pw_uid, -1)
    first, second, third = (_free_port() for _ in range(3))
    primary, standby, log = folder / "primary", folder / "standby", folder / "pgbouncer.log"
    _run(binaries / "initdb", "-D", primary, "-A", "trust", "-U", _USER, "--no-sync")
    common = "listen_addresses='127.0.0.1'\nunix_socket_directories=''\nhot_standby_feedback=on\nfsync=off\n"
    with (primary / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"{common}port={first}\nmax_connections=60\n")
    with ExitStack() as stack:
        stack.enter_context(_server(binaries / "postgres", "-D", primary, port=first))
        connection = ("-h", "127.0.0.1", "-p", str(first), "-U", _USER)
        _run(binaries / "createdb", *connection, "talks")
        _run(binaries / "pg_basebackup", *connection, "-D", standby, "-R", "--no-sync", "-c", "fast")
        with (standby / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"port={second}\n")
        stack.enter_context(_server(binaries / "postgres", "-D", standby, port=second))
        (folder / "pgbouncer.ini").write_text(
            f"[databases]\ntalks = host=127.0.0.1 port={first} dbname=talks user={_USER}\n"
            f"[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port={third}\nauth_type=any\npool_mode=transaction\n"
            f"unix_socket_dir=\nlogfile={log}\ndefault_pool_size=4\n",
            encoding="utf-8",
        )
        stack.enter_context(_server(Path(pooler), folder / "pgbouncer.ini", port=third))
        at = f"postgresql+psycopg://{_USER}@127.0.0.1:{{}}/talks"
        yield Servers(at.format(third), at.format(second))


@contextmanager
def _server(*command: str | Path, port: int) -> Iterator[None]:
    """A server that answers at `port`, stopped by its process id when the block ends."""
    started = subprocess.Popen(_as_user(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"{command[0]} answers", lambda: _answers(port))
        yield
    finally:
        started.terminate()
        started.wait()


def _run(*command: str | Path) -> None:
    subprocess.run(_as_user(command), check=True, stdout=subprocess.DEVNULL)


def _as_user(command: Sequence[str | Path]) -> list[str]:
    words = [str(word) for word in command]
    return ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", *words] if os.getuid() == 0 else words


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _wait_for(what: str, is_done: Callable[[], bool]) -> None:
    end = time.monotonic() + _WAIT
    while not is_done():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
