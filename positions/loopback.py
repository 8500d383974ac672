"""Serving a web browser on this machine only, until interrupted. Importing it needs uvicorn."""

import gc
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uvicorn

from positions.errors import OutputError

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
"""The names by which a browser on this machine may ask."""


def serve(application: Any, listener: socket.socket, ready: Callable[[str], None], *, lifespan: str = "off") -> None:
    """Serve the ASGI `application` at `listener` until interrupted; `ready` is called with the address."""
    gc.enable()  # short-lived commands run without it, a server cannot
    config = uvicorn.Config(application, log_level="warning", lifespan=lifespan, workers=1)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = _Server(config, lambda: ready(f"http://{HOST}:{listener.getsockname()[1]}/"))
    with suppress(KeyboardInterrupt):  # Ctrl-C, or SIGTERM by the handler above
        server.run(sockets=[listener])


def listening(port: int | None, default: int) -> socket.socket:
    """A socket that listens on `port`; if that is None, on `default` or, if that is taken, on any.

    Raises:
        OutputError: `port` cannot be used: it is taken, or not permitted.
    """
    candidates = [default, 0] if port is None else [port]
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


class _Server(uvicorn.Server):  # type: ignore[misc]
    """A server that calls `ready` once it answers and can be interrupted cleanly."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()
