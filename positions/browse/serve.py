"""Serving a database by Datasette, read-only and to this machine alone. Importing this needs the extra `browse`."""

import asyncio
import gc
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database

from positions.browse.metadata import DATABASE, metadata
from positions.errors import OutputError

HOST = "127.0.0.1"
PORT = 8001
"""The port that is taken if it is free and no other is named."""

_SETTINGS = {
    "allow_download": False,  # `positions backup` copies a database
    "default_page_size": 50,
    "facet_time_limit_ms": 2000,
    "sql_time_limit_ms": 10000,
}


def serve(path: Path, port: int | None, ready: Callable[[str], None]) -> None:
    """Serve the SQLite database at `path` until the process is told to end; `ready` gets the address.

    Nothing is written, neither to the database nor beside it; what others record meanwhile shows at the next look.

    Raises:
        OutputError: `port` is taken.
    """
    gc.enable()  # the program does without, as long as it is short-lived
    with _listening(port) as listener:
        config = uvicorn.Config(_application(path), log_level="warning", lifespan="on", workers=1)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        server = uvicorn.Server(config)
        _announce(server, lambda: ready(f"http://{HOST}:{listener.getsockname()[1]}/"))
        with suppress(KeyboardInterrupt):  # how people and other programs end it
            server.run(sockets=[listener])


def _announce(server: Any, ready: Callable[[], None]) -> None:
    """Have `server` call `ready` once it answers, and can be ended without a sound."""
    start = server.startup

    async def startup(**given: Any) -> None:
        await start(**given)
        ready()

    server.startup = startup


def _listening(port: int | None) -> socket.socket:
    """A socket on `port` of this machine's own address; None: on the usual one, or any if that is taken."""
    wanted = [PORT, 0] if port is None else [port]
    for number in wanted:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there it would share the port with others
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, number))
            listener.listen()
        except OSError as error:
            listener.close()
            if number == wanted[-1]:
                raise OutputError(f"port {number} cannot be used: {error.strerror}", "Name another.") from error
        else:
            return listener
    raise AssertionError


def _application(path: Path) -> Any:
    import_module("datasette.handle_exception").rich = None  # type: ignore[attr-defined]
    # else a mistake in somebody's SQL, which the page shows, would fill the terminal with a traceback
    site = Datasette(files=[], metadata=metadata(), settings=_SETTINGS)
    database = Database(site, path=str(path), is_mutable=True)
    address = f"{path.absolute().as_uri()}?mode=ro"  # Datasette would take a ? or % in the path for its own
    database.connect = lambda write=False: sqlite3.connect(address, uri=True, check_same_thread=False)  # noqa: ARG005
    site.remove_database("_memory")
    site.add_database(database, name=DATABASE)
    asyncio.run(site.invoke_startup())
    return _for_this_machine(site.app())


def _for_this_machine(application: Any) -> Any:
    """`application`, for requests that name this machine: a page elsewhere cannot have a browser read it for them."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        asked = dict(scope.get("headers", ())).get(b"host", b"").partition(b":")[0]
        if scope["type"] == "http" and asked not in {b"127.0.0.1", b"localhost"}:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Only 127.0.0.1 and localhost are served."})
            return
        await application(scope, receive, send)

    return guarded
