"""The episode side of the page as HTML, and what its script needs to know."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from positions.desk import choices, passages
from positions.desk.desk import Checked, Desk
from positions.desk.document import Document, Path, element_id, entries, entry
from positions.desk.forms import Faults, Form, form, place
from positions.desk.passages import Passage
from positions.errors import InvalidRequestError, PositionsError, Problem
from positions.quotations import MAX_WORDS
from positions.rendering.layout import Page
from positions.rendering.views import revisions
from positions.safe_text import visible

YAML = "yaml"
"""What is open if the whole file is shown as text."""

_HEADINGS = {"extends": "Additions to items"}


@dataclass(frozen=True, slots=True)
class Card:
    """An entry in the list; with its form if it is open."""

    path: Path
    what: str
    title: str
    who: str
    stances: Sequence[tuple[str, str]]
    quote: str
    faults: int
    found: bool
    form: Form | None

    @property
    def id(self) -> str:
        """The id of its element."""
        return element_id(self.path)


def state(desk: Desk, opened: str, error: PositionsError | None = None) -> dict[str, Any]:
    """All that the page shows anew after a request; `opened` is the id of the entry whose form is shown."""
    document = desk.document()
    checked = desk.checked()
    marked = [] if document is None else desk.words.passages(document)
    picks = desk.choices.of(document or {})
    shown: dict[str, Any] = {
        "desk": desk,
        "opened": opened,
        "error": error,
        "is_changed": desk.store.is_changed(),
        "faults": [_fault(problem, document) for problem in checked.problems],
        "plan": _plan(checked),
        "report": revisions.plan(desk.report, dry_run=False) if desk.report else None,
        "names": {kind: {choice.id: choice.name for choice in found} for kind, found in picks.items()},
    }
    shown |= _listed(desk, document, checked, marked, opened)
    return {
        "version": desk.version,
        "opened": opened,
        "isSaved": desk.is_saved,
        "failed": error is not None,
        "bar": _render("bar", shown),
        "panel": _render("panel", shown),
        "check": _render("check", shown),
        "passages": passages.highlights(marked),
        "choices": choices.plain(picks),
    }


def page(desk: Desk, opened: str = "") -> str:
    """The whole page."""
    found = state(desk, opened or ("" if _is_introduced(desk) else "episode"))
    data = {name: found[name] for name in found.keys() - {"bar", "panel", "check"}}
    paragraphs = list(desk.words.paragraphs())
    return _render("page", {"desk": desk, "state": found, "data": json.dumps(data), "paragraphs": paragraphs})


def asset(name: str) -> str:
    """The text of a file of the page: its script or style."""
    return (files("positions.desk") / "templates" / name).read_text(encoding="utf-8")


def _is_introduced(desk: Desk) -> bool:
    """Whether the episode itself needs nothing more."""
    return not any(place(problem)[:1] == ("episode",) for problem in desk.checked().problems)


def _listed(
    desk: Desk, document: Document | None, checked: Checked, marked: Sequence[Passage], opened: str
) -> dict[str, Any]:
    """The cards by section, and the quotations that are not in the text."""
    if document is None:
        return {"episode": None, "sections": [], "lost": [], "is_other_text": False}
    faults = Faults.of(checked.problems)
    sections: dict[str, list[Card]] = {}
    for path, values in entries(document):
        own = [passage for passage in marked if passage.entry == path]
        sections.setdefault(str(path[0]), []).append(_card(path, values, faults, own, opened))
    episode = document["episode"]
    lost = [(passage, desk.words.hint(passage.quote)) for passage in passages.not_found(marked)]
    return {
        "episode": _card(("episode",), episode, faults, (), opened),
        "sections": [(_HEADINGS.get(name, name.capitalize()), cards) for name, cards in sections.items()],
        "lost": lost,
        "is_other_text": episode.get("text_sha256", desk.source_sha256) != desk.source_sha256,
    }


def _card(path: Path, values: Mapping[str, Any], faults: Faults, own: Sequence[Passage], opened: str) -> Card:
    is_open = opened == element_id(path)
    details = [
        (name, item, detail) for name in ("stances", "repeats", "about") for item, detail in _mapping(values.get(name))
    ]
    stances = [(_word(name, detail), item) for name, item, detail in details]
    what = {"responses": "response", "extends": "addition"}.get(str(path[0]), str(path[0]).removesuffix("s"))
    who = values.get("by") or values.get("speaks_for") or values.get("side") or values.get("kind") or ""
    return Card(
        path=path,
        what=what,
        title=_title(values),
        who=", ".join(map(str, who)) if isinstance(who, list) else str(who),
        stances=[*stances, *(("outcome", str(item)) for item in values.get("items") or () if path[0] == "outcomes")],
        quote=str(values.get("quote") or values.get("summary") or ""),
        faults=len(faults.within(path)),
        found=any(passage.spans for passage in own),
        form=form(path, values, faults) if is_open else None,
    )


def _title(values: Mapping[str, Any]) -> str:
    return str(next((values[name] for name in ("title", "name", "outcome", "id") if values.get(name)), ""))


def _word(name: str, detail: Any) -> str:
    if name != "stances":
        return name
    return str(detail.get("stance") or "no stance yet") if isinstance(detail, dict) else "no stance yet"


def _mapping(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _fault(problem: Problem, document: Document | None) -> dict[str, Any]:
    """A problem with the id of the field that it is about, that of the entry, and the name of the entry."""
    path = place(problem)
    at = path[:1] if path[:1] == ("episode",) else path[:2]
    try:
        name = _title({} if document is None or not at else entry(document, at))
    except InvalidRequestError:
        name = ""
    return {"id": element_id(path), "entry": element_id(at), "name": name or problem.path, "of": problem}


def _plan(checked: Checked) -> Page | None:
    return revisions.plan([(checked.changes, None)], dry_run=True) if checked.changes else None


def _render(name: str, shown: Mapping[str, Any]) -> str:
    return _ENVIRONMENT.get_template(f"{name}.html.jinja").render(shown)


def _visible(value: Any) -> Any:
    """What a template prints, with control and bidirectional characters written out; markup was made by templates."""
    return visible(value) if type(value) is str else value


_ENVIRONMENT = Environment(
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    loader=FunctionLoader(asset),
    finalize=_visible,
)
_ENVIRONMENT.globals |= {"most_words": MAX_WORDS, "yaml": YAML}
_ENVIRONMENT.filters |= {"element_id": element_id, "block": lambda block: type(block).__name__, "markup": Markup}
