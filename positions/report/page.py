"""Rendering the page: templates with inline style and script, and a policy that lets nothing else run."""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from positions import __version__
from positions.queries.outlook import BLOCKED, UNANSWERED, WORKABLE
from positions.queries.rows import Actor, Item, Movement, NonStarter, Outcome, Outlook
from positions.report.data import Data
from positions.report.filters import FILTERS, Names, grouped
from positions.report.history import Histories
from positions.safe_text import visible
from positions.vocabulary import MentionKind

ENDED = "ended"
"""The group of the outlook for items off the table."""


def html(data: Data) -> str:
    """The page as one HTML document that fetches nothing, with all data escaped and control characters written out."""
    style, script = _compact(_text("style.css")), _compact(_text("page.js"))
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,  # a misspelt variable is an error, not an empty text
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_text),
        finalize=_visible,
    )
    names = Names(data)
    environment.filters |= FILTERS | names.filters()
    environment.globals |= {"version": __version__, "style": style, "script": script}
    template = environment.get_template("page.html.jinja")
    return _compact(template.render(context(data, names), hashes=(_hash(style), _hash(script)))) + "\n"


def context(data: Data, names: Names) -> dict[str, Any]:
    """The variables of the templates: the rows of `data`, and the same rows grouped as the page shows them."""
    columns = _columns(data)
    outlooks = {row.item: row for row in data.outlook}
    items = {item.id: item for item in data.items}
    refused = {(row.item, row.refused_by) for row in data.refused}
    past = [row for row in data.ever_refused if (row.item, row.refused_by) not in refused]
    return {
        "data": data,
        "items": items,
        "histories": Histories(data, names),
        "columns": columns,
        "side_widths": [(side, len(list(group))) for side, group in groupby(actor.side for actor in columns)],
        "topics": grouped(data.items, lambda item: item.topic),
        "refused": _ledger(data.refused, items),
        "formerly_refused": _ledger(past, items),
        "verdicts": _by_verdict(data.outlook),
        "outlooks": outlooks,
        "cores": {
            package.id: [outlooks[item] for item in package.core if item in outlooks] for package in data.packages
        },
        "answered_by": _answered_by(data.items),
        "movements": _moved_together(row for row in data.movements if row.item in items),
        "responses": grouped(data.responses, lambda response: response.episode),
        "taken_up": _taken_up(data, items),
        "outcomes": _outcomes(data.outcomes, items),
    }


def _columns(data: Data) -> list[Actor]:
    """The actors with a current stance on an item on the table, in the order of `data`: by side."""
    with_stance = {stance.actor for item in data.items if not item.ended for stance in item.stances}
    return [actor for actor in data.actors if actor.id in with_stance]


def _ledger(rows: Iterable[NonStarter], items: Container[str]) -> list[list[tuple[NonStarter, list[NonStarter]]]]:
    """Refusals by item, in the order of the query; those that differ only in the refuser are grouped."""
    shown = (row for row in rows if row.item in items)
    together = grouped(shown, lambda row: replace(row, refused_by="", contested=False))
    return list(grouped(together.items(), lambda group: group[0].item).values())


def _by_verdict(rows: Iterable[Outlook]) -> Mapping[str, Sequence[Outlook]]:
    found: dict[str, list[Outlook]] = {BLOCKED: [], WORKABLE: [], UNANSWERED: [], ENDED: []}
    for row in rows:
        found[row.verdict if row.verdict in found else ENDED].append(row)
    return found


def _answered_by(items: Iterable[Item]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for item in items:
        for answered in item.answers:
            found[answered].append(item.id)
    return found


def _moved_together(rows: Iterable[Movement]) -> list[tuple[Movement, list[str]]]:
    """Movements in the order of the query, each with the actors that moved by the same statement."""
    together: dict[Movement, list[str]] = {}
    for row in rows:
        together.setdefault(replace(row, actor=None), []).extend([row.actor] if row.actor else [])
    return list(together.items())


def _taken_up(data: Data, items: Mapping[str, Item]) -> Mapping[str, Sequence[tuple[str, str, str]]]:
    """By response: the items it takes up, each once, as look, words and item."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for stance in data.stances:
        if stance.item in items:
            place = f"{stance.episode}/{stance.response}"
            found[place].append((stance.stance.value, stance.stance.value, stance.item))
    for mention in data.mentions:
        if mention.item in items:
            words = "says again" if mention.kind is MentionKind.REPEATS else "takes up"
            found[f"{mention.episode}/{mention.response}"].append((mention.kind.value, words, mention.item))
    return {place: list(dict.fromkeys(about)) for place, about in found.items()}


def _outcomes(
    rows: Iterable[Outcome], items: Mapping[str, Item]
) -> Mapping[str, Sequence[tuple[Outcome, Sequence[tuple[str, str, str]]]]]:
    """By episode: its outcomes, each with its items as look, words and item."""
    found: dict[str, list[tuple[Outcome, Sequence[tuple[str, str, str]]]]] = defaultdict(list)
    for (episode, _), group in grouped(rows, lambda row: (row.episode, row.id)).items():
        word = f"{group[0].outcome} in part" if group[0].in_part else group[0].outcome.value
        found[episode].append((group[0], [("outcome", word, row.item) for row in group if row.item in items]))
    return found


def _visible(value: Any) -> Any:
    return visible(value) if type(value) is str else value


def _compact(text: str) -> str:
    """`text` without indentation and empty lines. Idempotent, so that compacting the page keeps the hashes valid."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _text(name: str) -> str:
    return files("positions.report").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The hash of an inline style or script, as a content security policy names it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
