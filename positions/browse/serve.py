"""A Datasette server for a database, read-only and for this machine only. Importing it needs the extra `browse`."""

import asyncio
import gc
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import rich
import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from positions.browse import pages
from positions.browse.metadata import DATABASE, STATIC, metadata
from positions.errors import OutputError

HOST = "127.0.0.1"
PORT = 8001
"""The port if none is named; if it is taken, any free one."""

_SETTINGS = {
    "allow_download": False,  # `positions backup` copies a database
    "default_page_size": 50,
    "facet_time_limit_ms": 2000,
    "sql_time_limit_ms": 10000,
}
_FOLDER = Path(__file__).parent
_HOSTS = frozenset({b"127.0.0.1", b"localhost"})


def serve(path: Path, title: str, port: int | None, ready: Callable[[str], None]) -> None:
    """Serve the SQLite database at `path` until the process is interrupted; `ready` is called with the address.

    `title` heads the pages. `port` is None for 8001, or a free one if that is taken. Nothing is written, neither to the
    database nor beside it. Each page shows what has been recorded when it is loaded.

    Raises:
        OutputError: `port` cannot be used: it is taken, or not permitted.
    """
    gc.enable()  # short-lived commands run without it, a server cannot
    rich.reconfigure(quiet=True)  # Datasette would print SQL errors on the terminal, besides showing them on the page
    with _listening(port) as listener:
        config = uvicorn.Config(_application(path, title), log_level="warning", lifespan="on", workers=1)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        server = _Server(config, lambda: ready(f"http://{HOST}:{listener.getsockname()[1]}/"))
        with suppress(KeyboardInterrupt):  # Ctrl-C, or SIGTERM by the handler above
            server.run(sockets=[listener])


class _Server(uvicorn.Server):  # type: ignore[misc]
    """A server that calls `ready` once it answers and can be interrupted cleanly."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()


class _ReadOnlyFile(Database):  # type: ignore[misc]
    """A SQLite file that is opened for reading only, whatever characters (`?`, `%`) its path holds."""

    def connect(self, write: bool = False) -> sqlite3.Connection:  # noqa: ARG002
        address = f"{Path(self.path).absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, check_same_thread=False)


def _listening(port: int | None) -> socket.socket:
    """A listening socket on `port`; without one, on `PORT` or, if that is taken, on any."""
    candidates = [PORT, 0] if port is None else [port]
    for number in candidates:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":  # on Windows the option lets two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, number))
            listener.listen()
        except OSError as error:
            listener.close()
            if number == candidates[-1]:
                raise OutputError(f"port {number} cannot be used: {error.strerror}", "Name another.") from error
        else:
            return listener
    raise AssertionError


def _application(path: Path, title: str) -> Any:
    site = Datasette(
        files=[],
        metadata=metadata(title),
        settings=_SETTINGS,
        template_dir=str(_FOLDER / "templates"),
        static_mounts=[(STATIC, str(_FOLDER / "static"))],
    )
    if not pm.is_registered(pages):
        pm.register(pages, "positions")
    site.remove_database("_memory")
    site.add_database(_ReadOnlyFile(site, path=str(path), is_mutable=True), name=DATABASE)
    asyncio.run(site.invoke_startup())
    return _reject_foreign_hosts(site.app())


def _reject_foreign_hosts(application: Any) -> Any:
    """`application`, which answers only requests whose Host header names this machine: stops DNS rebinding."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        host = dict(scope.get("headers", ())).get(b"host", b"").partition(b":")[0]
        if scope["type"] == "http" and host not in _HOSTS:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Only 127.0.0.1 and localhost are served."})
            return
        await application(scope, receive, send)

    return guarded
