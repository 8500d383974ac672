"""The history of an item: as marks on a time axis, and as text entries."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from positions.dates import Span
from positions.queries import accounts
from positions.queries.rows import Item, Mention, Outcome, Stance
from positions.report.data import Data
from positions.report.filters import Names, days
from positions.report.timeline import Axis, Event, Timeline, draw
from positions.vocabulary import FIRM, ItemKind, MentionKind, Scope

_Row = TypeVar("_Row", Stance, Mention, Outcome)

OUTCOME = "What became of it"
"""The lane for outcomes, which belong to no single actor."""

_MADE = {ItemKind.DEMAND: "demands it", ItemKind.OFFER: "offers it"}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of an item's history, for a row of any kind."""

    days: str
    who: str
    look: str
    word: str
    notes: Sequence[str]
    quote: str | None
    summary: str | None
    label: str | None
    condition: str | None
    voice: str
    cited: str
    """The anchor of the source statement on the page."""


class Histories:
    """The histories of all items on one time axis; rows are grouped by item once."""

    def __init__(self, data: Data, names: Names) -> None:
        self.names = names
        known = {item.id for item in data.items}
        self.stances = _by_item(data.stances, known)
        self.mentions = _by_item(data.mentions, known)
        self.outcomes = _by_item(data.outcomes, known)
        self.axis = Axis(
            [
                *(item.made for item in data.items),
                *(row.said for rows in (self.stances, self.mentions) for listed in rows.values() for row in listed),
                *(outcome.on for listed in self.outcomes.values() for outcome in listed),
            ]
        )

    def timeline(self, item: Item) -> Timeline:
        """The history of `item` as a drawing: the lanes of its makers, then those of others as they first speak."""
        moves = [(self.names.actor(after.actor), _place(before), _place(after)) for before, after in self._moves(item)]
        return draw(list(_events(item, self)), moves, self.axis)

    def entries(self, item: Item) -> list[HistoryEntry]:
        """The history of `item` as entries, oldest first; actors who said the same together share one."""
        names = self.names
        moved = {_key(after): (before, after) for before, after in self._moves(item)}
        lines: list[tuple[Span, HistoryEntry]] = [(item.made, _made(item, names))]
        lines += [(mention.said, _mention(mention, names)) for mention in self.mentions.get(item.id, ())]
        for group in _together(self.stances.get(item.id, ())):
            lines.append((group[0].said, _stance(group, item, names, moved)))
        lines += [(outcome.on, _outcome(outcome, names)) for outcome in self.outcomes.get(item.id, ())]
        return [entry for _, entry in sorted(lines, key=lambda line: (line[0].since, line[0].end))]

    def _moves(self, item: Item) -> list[tuple[Stance, Stance]]:
        """The movements of all actors on `item`, each as the accounts before and after."""
        pairs = accounts.by_pair(self.stances.get(item.id, ()))
        moves = (move for pair in pairs.values() for move in accounts.moves(pair))
        return [(before, after) for before, after in moves if before is not None]


def _by_item(rows: Iterable[_Row], known: Container[str]) -> Mapping[str, Sequence[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.item in known:
            found[row.item].append(row)
    return found


def _events(item: Item, histories: Histories) -> Iterator[Event]:
    names = histories.names
    for maker in item.by or (None,):
        lane = names.actor(maker) if maker else names.makers(item)
        label = f"{_MADE[item.kind]}, {days(item.made)}{_quoted(item.quote)}"
        yield Event(lane, "made", item.made, label, f"{item.episode}/")
    for mention in histories.mentions.get(item.id, ()):
        label = f"{_mentioned(mention)}, {days(mention.said)}{_quoted(mention.quote)}"
        for actor in mention.by:
            place = f"{mention.episode}/{mention.response}"
            yield Event(names.actor(actor), mention.kind.value, mention.said, label, place)
    for stance in histories.stances.get(item.id, ()):
        notes = _notes(stance)
        marked = "".join(f", {note}" for note in notes)
        label = f"{stance.stance}{marked}, {days(stance.said)}{_quoted(stance.quote)}"
        yield Event(names.actor(stance.actor), stance.stance.value, stance.said, label, _place(stance), notes)
    for outcome in histories.outcomes.get(item.id, ()):
        label = f"{_became(outcome, names)}, {days(outcome.on)}{_quoted(outcome.quote)}"
        yield Event(OUTCOME, "outcome", outcome.on, label, f"{outcome.episode}/{outcome.id}")


def _place(stance: Stance) -> str:
    return f"{stance.episode}/{stance.response}"


def _key(stance: Stance) -> str:
    return f"{stance.actor} {_place(stance)}"


def _quoted(quote: str | None) -> str:
    return f": “{quote}”" if quote else ""


def _notes(stance: Stance) -> tuple[str, ...]:
    weak = () if stance.basis in FIRM else (stance.basis.value,)
    return (*weak, "contested") if stance.contested else weak


def _mentioned(mention: Mention) -> str:
    if mention.kind is MentionKind.ABOUT:
        return "takes it up without a stance"
    return f"says it again, {mention.scope}" if mention.scope not in {None, Scope.SAME} else "says it again"


def _became(outcome: Outcome, names: Names) -> str:
    part = " in part" if outcome.in_part else ""
    instead = f" by “{names.title(outcome.superseded_by)}”" if outcome.superseded_by else ""
    return f"{outcome.outcome}{part}{instead}"


def _together(stances: Iterable[Stance]) -> list[list[Stance]]:
    """Stances grouped where one response attributes the same to several actors."""
    groups: dict[tuple[object, ...], list[Stance]] = {}
    for stance in stances:
        words = (stance.stance, stance.quote, stance.wording, stance.condition, stance.contested)
        groups.setdefault((stance.episode, stance.response, *words), []).append(stance)
    return list(groups.values())


def _made(item: Item, names: Names) -> HistoryEntry:
    return HistoryEntry(
        days=days(item.made),
        who=names.makers(item),
        look="made",
        word=_MADE[item.kind],
        notes=(),
        quote=item.quote,
        summary=item.summary,
        label=None,
        condition=None,
        voice=names.voice(item),
        cited=f"{item.episode}/",
    )


def _mention(mention: Mention, names: Names) -> HistoryEntry:
    return HistoryEntry(
        days=days(mention.said),
        who=names.actors(mention.by),
        look=mention.kind.value,
        word=_mentioned(mention),
        notes=(),
        quote=mention.quote,
        summary=mention.summary,
        label=mention.wording if mention.wording and mention.wording not in (mention.quote or "") else None,
        condition=None,
        voice=names.voice(mention),
        cited=f"{mention.episode}/{mention.response}",
    )


def _stance(group: Sequence[Stance], item: Item, names: Names, moved: dict[str, tuple[Stance, Stance]]) -> HistoryEntry:
    stance = group[0]
    moves = {_direction(*moved[_key(member)]) for member in group if _key(member) in moved}
    own = ["on its own offer"] if stance.actor in item.by else []
    return HistoryEntry(
        days=days(stance.said),
        who=names.actors(member.actor for member in group),
        look=stance.stance.value,
        word=stance.stance.value,
        notes=(*own, *_notes(stance), *sorted(moves)),
        quote=stance.quote,
        summary=stance.summary,
        label=stance.wording if stance.wording and stance.wording not in (stance.quote or "") else None,
        condition=stance.condition,
        voice=names.voice(stance),
        cited=f"{stance.episode}/{stance.response}",
    )


def _direction(before: Stance, after: Stance) -> str:
    return f"{accounts.direction(before.stance, after.stance)}, was {before.stance}"


def _outcome(outcome: Outcome, names: Names) -> HistoryEntry:
    return HistoryEntry(
        days=days(outcome.on),
        who=names.actors(outcome.by),
        look="outcome",
        word=_became(outcome, names),
        notes=(),
        quote=outcome.quote,
        summary=outcome.summary,
        label=None,
        condition=None,
        voice=outcome.basis.value if outcome.basis else "",
        cited=f"{outcome.episode}/{outcome.id}",
    )
