"""A Datasette server for a database, read-only and for this machine only. Importing it needs the extra `browse`."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rich
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from positions import loopback
from positions.browse import pages
from positions.browse.metadata import DATABASE, STATIC, metadata

PORT = 8001
"""The port if none is named; if it is taken, any free one."""

_SETTINGS = {
    "allow_download": False,  # `positions backup` copies a database
    "default_page_size": 50,
    "facet_time_limit_ms": 2000,
    "sql_time_limit_ms": 10000,
}
_FOLDER = Path(__file__).parent
_HOSTS = frozenset(name.encode() for name in loopback.NAMES)


def serve(path: Path, title: str, port: int | None, ready: Callable[[str], None]) -> None:
    """Serve the SQLite database at `path` until the process is interrupted; `ready` is called with the address.

    `title` heads the pages. `port` is None for 8001, or a free one if that is taken. Nothing is written, neither to the
    database nor beside it. Each page shows what has been recorded when it is loaded.

    Raises:
        OutputError: `port` cannot be used: it is taken, or not permitted.
    """
    rich.reconfigure(quiet=True)  # Datasette would print SQL errors on the terminal, besides showing them on the page
    with loopback.listening(port, PORT) as listener:
        loopback.serve(_application(path, title), listener, ready, lifespan="on")


class _ReadOnlyFile(Database):  # type: ignore[misc]
    """A SQLite file that is opened for reading only, whatever characters (`?`, `%`) its path holds."""

    def connect(self, write: bool = False) -> sqlite3.Connection:  # noqa: ARG002
        address = f"{Path(self.path).absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, check_same_thread=False)


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
