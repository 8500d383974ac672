"""The page as text: templates filled in, style and program within it, and a policy that lets nothing else run."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from positions.report.build import build
from positions.report.data import Data
from positions.report.phrases import Names, days
from positions.visible import visible


def html(data: Data) -> str:
    """The page about `data`: one document that fetches nothing, every text in it escaped and readable."""
    page = build(data)
    style, program = _compact(_text("style.css")), _compact(_text("page.js"))
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_text),
        finalize=_readable,
    )
    environment.filters["days"] = days
    names = Names(data.actors, data.sides)
    template = environment.get_template("page.html.jinja")
    written = template.render(
        page=page, names=names, style=style, program=program, hashes=(_hash(style), _hash(program))
    )
    return _compact(written) + "\n"


def _readable(value: Any) -> Any:
    return visible(value) if type(value) is str else value


def _compact(text: str) -> str:
    """`text` without indentation and empty lines; done again it changes nothing, so that hashes hold."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _text(name: str) -> str:
    return files("positions.report").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """What a content security policy knows a piece of style or program by."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
