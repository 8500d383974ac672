"""The desk as a web application: who may ask, and what each request does. Importing it needs the extra `code`."""

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from threading import Lock
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from positions import loopback
from positions.desk import panel
from positions.desk.desk import Desk, StaleError
from positions.desk.document import Edit, element_id
from positions.errors import InvalidRequestError, PositionsError

PORT = 8002
"""The port if none is named; if it is taken, any free one."""

_MOST_BYTES = 20 * 1024 * 1024
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TYPES = {"desk.css": "text/css", "desk.js": "text/javascript"}

Asked = Mapping[str, Any]
"""What a request says, as plain values."""


def serve(desk: Desk, port: int | None, ready: Callable[[str], None]) -> None:
    """Serve `desk` until interrupted; `ready` is called with the address, which holds a secret token.

    Raises:
        OutputError: the port cannot be used.
    """
    token = secrets.token_urlsafe(24)
    with loopback.listening(port, PORT) as listener:
        names = [f"{name}:{listener.getsockname()[1]}" for name in loopback.NAMES]
        loopback.serve(application(desk, token, names), listener, lambda address: ready(f"{address}{token}/"))


def application(desk: Desk, token: str, hosts: list[str]) -> Starlette:
    """The application: everything is below `/TOKEN/` and answers only to `hosts` (`NAME:PORT`)."""
    answers = _Answers(desk)
    routes = [
        Route(f"/{token}/", answers.page),
        Route(f"/{token}/state", answers.state),
        *(Route(f"/{token}/{name}", _asset) for name in _TYPES),
        Route(f"/{token}/{{action}}", answers.post, methods=["POST"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(_Guard, hosts=hosts)])


def _asset(request: Request) -> Response:
    name = request.url.path.rpartition("/")[2]
    return Response(panel.asset(name), media_type=_TYPES[name])


class _Answers:
    """The answers to requests about one desk, one after the other."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._lock = desk, Lock()

    def page(self, _: Request) -> Response:
        """The whole page."""
        with self._lock:
            return Response(panel.page(self._desk), media_type="text/html")

    def state(self, request: Request) -> Response:
        """The present state; nothing if the page has that `version`, and knows whether another program `changed` it."""
        asked = request.query_params
        with self._lock:
            is_changed = self._desk.store.is_changed()
            if asked.get("version") == str(self._desk.version) and is_changed == ("changed" in asked):
                return Response(status_code=204)
            return JSONResponse(panel.state(self._desk, asked.get("opened", "")))

    async def post(self, request: Request) -> Response:
        """The state after an action, or with the error if it was not possible."""
        action = request.path_params["action"]
        if action not in ACTIONS or request.headers.get("content-type") != "application/json":
            return PlainTextResponse("There is nothing here.", status_code=404)
        try:
            asked = json.loads(await _body(request))
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            return PlainTextResponse("This is not understood.", status_code=400)
        return await run_in_threadpool(self._act, action, asked)

    def _act(self, action: str, asked: Asked) -> Response:
        opened = _text(asked.get("opened"))
        with self._lock:
            try:
                if asked.get("version") != self._desk.version:
                    raise StaleError
                opened = ACTIONS[action](self._desk, asked) or opened
            except PositionsError as error:
                return JSONResponse(panel.state(self._desk, opened, error), status_code=409)
            return JSONResponse(panel.state(self._desk, opened))


class _Guard:
    """Answers only this machine's own page: Host stops DNS rebinding, Origin other sites; every answer has a policy."""

    def __init__(self, application: ASGIApp, hosts: list[str]) -> None:
        self._application, self._hosts = application, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        application: Callable[[Scope, Receive, Send], Awaitable[None]] = self._application
        if scope["type"] == "http" and not self._may(Request(scope)):
            application = PlainTextResponse("Only the page itself may ask.", status_code=403)
        await application(scope, receive, with_headers)

    def _may(self, request: Request) -> bool:
        host, origin = request.headers.get("host"), request.headers.get("origin")
        if host not in self._hosts:
            return False
        return origin == f"http://{host}" if request.method == "POST" else origin in {None, f"http://{host}"}


async def _body(request: Request) -> bytes:
    """The body of a request.

    Raises:
        ValueError: it is too large.
    """
    parts, length = [], 0
    async for part in request.stream():
        parts.append(part)
        length += len(part)
        if length > _MOST_BYTES:
            raise ValueError("too large")
    return b"".join(parts)


# ---- what requests do: each returns the id of the entry to open, or None for the one that is open


def _edit(desk: Desk, asked: Asked) -> str | None:
    edits = [_edited(desk, one) for one in asked.get("edits") or ()]
    added = desk.edit(edits, what=_text(asked.get("what")) or None)
    return element_id(added) if added and asked.get("open") else None


def _add(desk: Desk, asked: Asked) -> str | None:
    values = _value(desk, asked.get("values") or {})
    if not isinstance(values, dict):
        raise InvalidRequestError("an entry has fields", "Reload the page.")
    if asked.get("words"):
        values["quote"] = _words(desk, asked["words"])
    return element_id(desk.add(_text(asked.get("section")), values))


def _raw(desk: Desk, asked: Asked) -> None:
    desk.change(_text(asked.get("text")).replace("\r\n", "\n"), what="yaml")


def _edited(desk: Desk, one: Any) -> Edit:
    path = one.get("path") if isinstance(one, dict) else None
    if not isinstance(path, list) or not path or not all(type(part) in {str, int} for part in path):
        raise InvalidRequestError("an edit has a path", "Reload the page.")
    return Edit(tuple(path), _value(desk, one.get("value")))


def _value(desk: Desk, value: Any) -> Any:
    """A value of a file: text, a list, a mapping or None; `{"words": [[1, 5]]}` stands for words of the text."""
    if isinstance(value, dict) and value.keys() == {"words"}:
        return _words(desk, value["words"])
    if isinstance(value, dict):
        return {str(name): _value(desk, part) for name, part in value.items()}
    if isinstance(value, list):
        return [_value(desk, part) for part in value]
    return value.replace("\r\n", "\n") if isinstance(value, str) else None


def _words(desk: Desk, spans: Any) -> str:
    try:
        return desk.quotation([(int(start), int(end)) for start, end in spans])
    except (TypeError, ValueError):
        raise InvalidRequestError("these words are not in the text", "Select them again.") from None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _plainly(action: Callable[[Desk], None]) -> Callable[[Desk, Asked], str | None]:
    def act(desk: Desk, _: Asked) -> None:
        action(desk)

    return act


ACTIONS: Mapping[str, Callable[[Desk, Asked], str | None]] = {
    "edit": _edit,
    "add": _add,
    "raw": _raw,
    **{
        name: _plainly(action)
        for name, action in {
            "undo": Desk.undo,
            "redo": Desk.redo,
            "save": Desk.save,
            "record": Desk.record,
            "take": Desk.take,
            "insist": Desk.insist,
            "discard": Desk.discard,
        }.items()
    },
}
