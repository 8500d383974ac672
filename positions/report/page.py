"""Rendering the page: templates with inline style and script, and a policy that lets nothing else run."""

import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources import files
from itertools import chain, groupby
from textwrap import wrap
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from positions import __version__
from positions.queries.days import Day
from positions.queries.outlook import BLOCKED, UNANSWERED, WORKABLE
from positions.queries.rows import Actor, Episode, Item, Movement, NonStarter, Outcome
from positions.report import sheet as sheets
from positions.report import states
from positions.report.data import Data
from positions.report.filters import FILTERS, Names, grouped, month_of
from positions.report.history import LOOKS, PAST, VERBS, Histories
from positions.report.replay import numbered, replay
from positions.safe_text import visible
from positions.vocabulary import MentionKind, OutcomeKind

WHOLE = ("sheet", "matrix", "ledger", "outlook", "movements", "ended", "items", "sources")
"""The sections of the page, in their order."""

BRIEF = ("sheet", "ledger", "outlook", "movements", "ended")
"""The sections that `--brief` prints."""

LABELS = {BLOCKED: "Refused", WORKABLE: "Others would talk", UNANSWERED: "No answer on record"}
"""What each answer is called."""

_BLOCK = "article|blockquote|d[dlt]|details|div|h[1-6]|li|ol|p|section|summary|t[dhr]|tbody|ul"
_BETWEEN_BLOCKS = re.compile(
    rf"(?<=>)\n(?=</?(?:{_BLOCK})\b)|(?<=</li>|</td>|</th>|</tr>|</dd>|</ul>|</ol>)\n(?=<)|(?<=</p>)\n(?=<)"
)
"""Line breaks that show nowhere: before a block, and after one."""

_MOVED = frozenset({"softened", "hardened", "shifted"})


def html(data: Data, sections: Collection[str] = WHOLE) -> str:
    """The page, or some of its `sections`, as one HTML document that fetches nothing.

    All data is escaped, and control characters are written out.
    """
    style, script = _tight(_text("style.css")), _bare(_text("page.js")) if set(WHOLE) <= set(sections) else ""
    page = _Page(data, sections)
    page.environment.globals |= {"style": style, "script": script, "hashes": (_hash(style), _hash(script))}
    text = _compact(page.environment.get_template("page.html.jinja").render(page.context()))
    return _BETWEEN_BLOCKS.sub("", text).replace("&#39;", "'") + "\n"  # attributes stand in double quotes


def svg(data: Data) -> str:
    """The sheet alone, as an SVG document on a light background; the document fetches nothing."""
    page = _Page(data, ("sheet",))
    page.environment.globals |= {"wrapped": wrap}
    return _compact(page.environment.get_template("sheet.svg.jinja").render(page.context())) + "\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of the ledger, with those of which the same statements refuse the same."""

    items: tuple[str, ...]
    refusals: Sequence[tuple[NonStarter, list[NonStarter]]]
    """Each with those that differ only in the refuser."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The items that are refused by those to whom they were put, by others only, and that once were."""

    refused: Sequence[Entry]
    by_others: Sequence[Entry]
    formerly: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Moves:
    """What the same actors did on the same days, according to one source: the movements that differ in the item."""

    row: Movement
    who: tuple[str, ...]
    rows: Sequence[Movement]
    shown: tuple[int, int]
    """The first and the last of the days of the page on which these are the answer."""


class _Page:
    """What the templates share: the rows of the data, grouped as the page shows them."""

    def __init__(self, data: Data, sections: Collection[str]) -> None:
        self.data = data
        self.sections = sections
        self.names = Names(data)
        self.items = {item.id: item for item in data.items}
        self.columns = _columns(data)
        self.states = states.by_day(data, self.names)
        self.courses = states.courses(data, self.states)
        self.sheet = sheets.sheet(data, self.courses)
        self.environment = Environment(
            autoescape=True,
            undefined=StrictUndefined,  # a misspelt variable is an error, not an empty text
            trim_blocks=True,
            lstrip_blocks=True,
            loader=FunctionLoader(_text),
            finalize=_visible,
        )
        self.environment.filters |= FILTERS | self.names.filters()
        self.environment.globals |= {
            "version": __version__,
            "sections": sections,
            "verbs": VERBS,
            "looks": LOOKS,
            "past": PAST,
            "items": self.items,
            "places": {slug: number for number, slug in enumerate(self.items)},
            "sources": {source.id: source for source in data.episodes},
        }

    def context(self) -> dict[str, Any]:
        """The variables of the templates."""
        data, courses = self.data, {course.item.id: course for course in self.courses}
        answers, own, others = self._movements()
        context: dict[str, Any] = {
            "data": data,
            "sheet": self.sheet,
            "labels": LABELS,
            "courses": courses,
            "groups": {
                answer: sorted(
                    (course for course in self.courses if course.now.answer == answer), key=lambda one: one.now.ended
                )
                for answer in sheets.ANSWERS
            },
            "overall": states.count(self.courses),
            "columns": self.columns,
            "side_widths": [(side, len(list(group))) for side, group in groupby(actor.side for actor in self.columns)],
            "histories": Histories(data, self.names, self.sheet.axis),
            "topics": grouped(data.items, lambda item: item.topic),
            "outlooks": {row.item: row for row in data.outlook},
            "answered_by": _answered_by(data.items),
            "answers": answers,
            "own": own,
            "moved": grouped(others, lambda moves: moves.row.said),
            "last_day": len(data.days) - 1,
            "months": grouped(data.episodes, lambda source: month_of(source.published.end)),
            "read": _read(data.episodes),
            "agreed": any(row.outcome is OutcomeKind.AGREED for row in data.outcomes if row.item in self.items),
            "endings": _endings(data.outcomes, data.items),
            "responses": grouped(data.responses, lambda response: response.episode),
            "taken_up": _taken_up(data, self.items),
            "outcomes": _outcomes(data.outcomes, self.items),
        }
        context["ledger"] = _ledger(data.refused, data.ever_refused, self.items)
        context["refusals"] = len(data.refused)
        context["packages"] = self._packages(len(data.days) - 1) if data.days else []
        if set(WHOLE) <= set(self.sections):
            context |= self._replay(context)
        return context

    def _movements(self) -> tuple[list[Moves], list[Moves], list[Moves]]:
        """Changed answers to what others made, changed stances on own items, and all other movements."""
        shown = _shown(self.data.days)
        rows = sorted(shown, key=lambda row: (*row.said.days, row.item, row.actor or "", row.change))
        changed = [row for row in rows if row.direction in _MOVED]
        return (
            _moved_together((row for row in changed if not row.own), shown),
            _moved_together((row for row in changed if row.own), shown),
            _moved_together((row for row in rows if row.direction not in _MOVED), shown),
        )

    def _packages(self, number: int) -> list[Mapping[str, Any]]:
        """The packages as of a day: each with its blocked core, the rest of its core, and what the core holds up."""
        day = self.data.days[number]
        found: list[Mapping[str, Any]] = []
        for package in day.packages:
            known = [slug for slug in package.items if slug in day.outlook]
            core = [slug for slug in known if slug in package.core]
            blocked = [slug for slug in core if day.outlook[slug].answer == BLOCKED]
            found.append({
                "row": package,
                "core": core,
                "blocked": [(slug, self.states[number][slug].why) for slug in blocked],
                "rest": [slug for slug in known if slug not in core],
                "ended": bool(known) and all(self.states[number][slug].ended for slug in known),
            })  # fmt: skip
        return found

    def _replay(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON for the script, and the entries of ledger and packages that other days show."""
        parts = self.environment.get_template("entries.html.jinja").make_module({**context, "numbered": True})
        refusal: Any = parts.refusal  # type: ignore[attr-defined]
        package: Any = parts.package  # type: ignore[attr-defined]
        ending: Any = parts.ending  # type: ignore[attr-defined]
        made: dict[int, str] = {}

        def text(entry: Entry, day_items: Mapping[str, Item]) -> str:
            key = hash((entry.items, tuple((row, tuple(refusers)) for row, refusers in entry.refusals)))
            if key not in made:
                made[key] = str(refusal(entry, day_items[entry.items[0]]))
            return made[key]

        texts: list[list[str]] = []
        sizes = []
        for day in self.data.days:
            items = {item.id: item for item in day.items}
            ledger = _ledger(day.refused, day.ever_refused, items)
            parts_of_day = (ledger.refused, ledger.by_others, ledger.formerly)
            sizes.append([len(part) for part in parts_of_day])
            texts.append([text(entry, items) for part in parts_of_day for entry in part])
        entries, numbers = numbered(texts)
        packages, shown = numbered([
            [str(package(one)) for one in self._packages(number)] for number in range(len(self.data.days))
        ])  # fmt: skip
        endings, ended = numbered([
            [str(ending(row, slugs)) for row, slugs in self._endings_by(day)] for day in self.data.days
        ])  # fmt: skip
        columns = [actor.id for actor in self.columns]
        ledgers = [_cut(listed, size) for listed, size in zip(numbers, sizes, strict=True)]
        places = {slug: number for number, slug in enumerate(self.items)}
        moves = [*context["answers"], *context["own"], *chain.from_iterable(context["moved"].values())]
        script = replay(
            *(self.data, self.states, self.sheet, columns),
            order=[places[course.item.id] for listed in context["groups"].values() for course in listed],
            ledger=ledgers,
            packages=shown,
            endings=ended,
            moves=[each.shown for each in moves],
        )
        now = numbers[-1] if numbers else []
        return {
            "replay": script,
            "entries": entries,
            "entries_now": now,
            "package_entries": packages,
            "ending_entries": endings,
            "endings_now": ended[-1] if ended else [],
        }

    def _endings_by(self, day: Day) -> list[tuple[Outcome, list[str]]]:
        """What had ended items by `day`."""
        return _endings((row for row in self.data.outcomes if row.on.end <= day.day), day.items)


def _cut(listed: Sequence[int], sizes: Iterable[int]) -> list[Sequence[int]]:
    """`listed` in consecutive parts of these `sizes`."""
    parts, start = [], 0
    for size in sizes:
        parts.append(listed[start : start + size])
        start += size
    return parts


def _columns(data: Data) -> list[Actor]:
    """The actors with a stance on any day on an item, in the order of `data`: by side."""
    with_stance = {stance.actor for day in data.days for item in day.items for stance in item.stances}
    return [actor for actor in data.actors if actor.id in with_stance]


def _ledger(now: Iterable[NonStarter], ever: Iterable[NonStarter], items: Mapping[str, Item]) -> Ledger:
    listed = list(now)
    refused = {(row.item, row.refused_by) for row in listed}
    past = [row for row in ever if (row.item, row.refused_by) not in refused]
    blocked = {row.item for row in listed if row.item in items and row.refused_by in items[row.item].to}
    return Ledger(
        _entries((row for row in listed if row.item in blocked), items),
        _entries((row for row in listed if row.item not in blocked), items),
        _entries(past, items),
    )


def _entries(rows: Iterable[NonStarter], items: Container[str]) -> list[Entry]:
    """Refusals by item, in the order of the query; those that differ only in the refuser or the item are grouped."""
    shown = (row for row in rows if row.item in items)
    together = grouped(shown, lambda row: replace(row, refused_by="", contested=False))
    by_item = grouped(together.items(), lambda group: group[0].item)
    alike = grouped(by_item.items(), lambda pair: tuple(_without_item(row) for row, _ in pair[1]))
    return [Entry(tuple(slug for slug, _ in group), group[0][1]) for group in alike.values()]


def _without_item(row: NonStarter) -> NonStarter:
    return replace(row, item="", title="", item_quote=None)


def _answered_by(items: Iterable[Item]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for item in items:
        for answered in item.answers:
            found[answered].append(item.id)
    return found


def _shown(days: Sequence[Day]) -> Mapping[Movement, tuple[int, int]]:
    """All movements that are the answer on one of the `days`, each with the first and the last of these."""
    shown: dict[Movement, tuple[int, int]] = {}
    for number, day in enumerate(days):
        for row in chain.from_iterable(day.movements.values()):
            shown[row] = (shown[row][0] if row in shown else number, number)
    return shown


def _moved_together(rows: Iterable[Movement], shown: Mapping[Movement, tuple[int, int]]) -> list[Moves]:
    """Movements in the order of the query: first by the actors that moved by one statement, then those alike.

    Movements that are shown on other days are kept apart.
    """
    by_statement: dict[tuple[Movement, tuple[int, int]], list[str]] = {}
    for row in rows:
        by_statement.setdefault((replace(row, actor=None), shown[row]), []).extend([row.actor] if row.actor else [])
    alike = grouped(
        ((row, days, tuple(who)) for (row, days), who in by_statement.items()),
        lambda moves: (replace(moves[0], item="", title="", response=None), *moves[1:]),
    )
    return [Moves(group[0][0], who, [row for row, *_ in group], days) for (_, days, who), group in alike.items()]


def _read(episodes: Sequence[Episode]) -> tuple[int, int]:
    """How many sources were read whole, and how many in part."""
    whole = sum(source.missing is None for source in episodes)
    return whole, len(episodes) - whole


def _endings(rows: Iterable[Outcome], items: Iterable[Item]) -> list[tuple[Outcome, list[str]]]:
    """What ended `items`, oldest first: outcomes that are alike and of one day, with their items."""
    ended = {item.id for item in items if item.ended}
    last = {row.item: row for row in rows if row.item in ended and not row.in_part}
    alike = grouped(last.values(), lambda row: (row.on, row.outcome, row.by))
    return [(group[0], [row.item for row in group]) for group in alike.values()]


def _taken_up(data: Data, items: Mapping[str, Item]) -> Mapping[str, Mapping[tuple[str, str], Sequence[str]]]:
    """By response: the items that it takes up, each once, by look and words."""
    found: dict[str, dict[tuple[str, str], dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for stance in data.stances:
        if stance.item in items:
            look = stance.stance.value
            found[f"{stance.episode}/{stance.response}"][look, VERBS[look]][stance.item] = None
    for mention in sorted(data.mentions, key=lambda mention: mention.kind is MentionKind.ABOUT):
        about = found[f"{mention.episode}/{mention.response}"]
        is_more = mention.kind is MentionKind.REPEATS or not any(mention.item in taken for taken in about.values())
        if mention.item in items and is_more:
            words = "says again" if mention.kind is MentionKind.REPEATS else "speaks of"
            about[mention.kind.value, words][mention.item] = None
    return {place: {look: list(about) for look, about in looks.items()} for place, looks in found.items()}


def _outcomes(
    rows: Iterable[Outcome], items: Mapping[str, Item]
) -> Mapping[str, Sequence[tuple[Outcome, Mapping[tuple[str, str], Sequence[str]]]]]:
    """By episode: its outcomes, each with its items by look and words."""
    found: dict[str, list[tuple[Outcome, Mapping[tuple[str, str], Sequence[str]]]]] = defaultdict(list)
    for (episode, _), group in grouped(rows, lambda row: (row.episode, row.id)).items():
        word = f"{group[0].outcome} in part" if group[0].in_part else group[0].outcome.value
        found[episode].append((group[0], {("outcome", word): [row.item for row in group if row.item in items]}))
    return found


def _visible(value: Any) -> Any:
    return visible(value) if type(value) is str else value


def _compact(text: str) -> str:
    """`text` without indentation and empty lines. Idempotent, so that compacting the page keeps the hashes valid."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _tight(style: str) -> str:
    """`style` without the white space that a browser skips."""
    return re.sub(r"\s*([{};,])\s*|(?<=:) ", r"\1", _compact(style))


def _bare(script: str) -> str:
    """`script` without lines that are comments."""
    return _compact(re.sub(r"(?m)^\s*//.*$", "", script))


def _text(name: str) -> str:
    return files("positions.report").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The hash of an inline style or script, as a content security policy names it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
