"""The history of an item: as marks on a time axis, and as text entries."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from positions.dates import Span
from positions.queries import accounts
from positions.queries.rows import Item, Mention, Outcome, Stance
from positions.report.data import Data
from positions.report.filters import Names, days, grouped
from positions.report.timeline import Axis, Event, Timeline, draw
from positions.vocabulary import FIRM, ItemKind, MentionKind, Scope

_Row = TypeVar("_Row", Stance, Mention, Outcome)

OUTCOME = "What became of it"
"""The lane for outcomes, which belong to no single actor."""

_MADE = {ItemKind.DEMAND: "demands it", ItemKind.OFFER: "offers it"}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of an item's history, for a row of any kind."""

    row: Item | Stance | Mention | Outcome
    said: Span
    who: tuple[str, ...]
    look: str
    word: str
    cited: str
    """The anchor of the source statement on the page."""
    notes: tuple[str, ...] = ()


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
        events = []
        for entry in self._entries(item):
            quoted = f": “{entry.row.quote}”" if entry.row.quote else ""
            label = f"{', '.join((entry.word, *entry.notes))}, {days(entry.said)}{quoted}"
            lanes = (OUTCOME,) if entry.look == "outcome" else entry.who
            events += [Event(lane, entry.look, entry.said, label, entry.cited, entry.notes) for lane in lanes]
        return draw(events, moves, self.axis)

    def entries(self, item: Item) -> list[HistoryEntry]:
        """The history of `item` as entries, oldest first; actors who said the same together share one."""
        moved = {_key(after): (before, after) for before, after in self._moves(item)}
        together = grouped(self._entries(item), _words)
        entries = [_shared(group, item, moved) for group in together.values()]
        return sorted(entries, key=lambda entry: (entry.said.since, entry.said.end))

    def _moves(self, item: Item) -> list[tuple[Stance, Stance]]:
        """The movements of all actors on `item`, each as the accounts before and after."""
        pairs = accounts.by_pair(self.stances.get(item.id, ()))
        moves = (move for pair in pairs.values() for move in accounts.moves(pair))
        return [(before, after) for before, after in moves if before is not None]

    def _entries(self, item: Item) -> Iterator[HistoryEntry]:
        """An entry for each row: the item itself, then mentions, stances and outcomes."""
        actor = self.names.actor
        makers = tuple(map(actor, item.by)) or (self.names.makers(item),)
        yield HistoryEntry(item, item.made, makers, "made", _MADE[item.kind], f"{item.episode}/")
        for mention in self.mentions.get(item.id, ()):
            who, look = tuple(map(actor, mention.by)), mention.kind.value
            yield HistoryEntry(mention, mention.said, who, look, _mentioned(mention), _place(mention))
        for stance in self.stances.get(item.id, ()):
            who, look = (actor(stance.actor),), stance.stance.value
            yield HistoryEntry(stance, stance.said, who, look, look, _place(stance), _notes(stance))
        for outcome in self.outcomes.get(item.id, ()):
            who, place = tuple(map(actor, outcome.by)), f"{outcome.episode}/{outcome.id}"
            yield HistoryEntry(outcome, outcome.on, who, "outcome", _became(outcome, self.names), place)


def _by_item(rows: Iterable[_Row], known: Container[str]) -> dict[str, list[_Row]]:
    return grouped((row for row in rows if row.item in known), lambda row: row.item)


def _place(row: Stance | Mention) -> str:
    return f"{row.episode}/{row.response}"


def _key(stance: Stance) -> str:
    return f"{stance.actor} {_place(stance)}"


def _notes(stance: Stance) -> tuple[str, ...]:
    weak = () if stance.basis in FIRM else (stance.basis.value,)
    return (*weak, "contested") if stance.contested else weak


def _mentioned(mention: Mention) -> str:
    if mention.kind is MentionKind.ABOUT:
        return "takes it up without a stance"
    return f"says it again (scope: {mention.scope})" if mention.scope not in {None, Scope.SAME} else "says it again"


def _became(outcome: Outcome, names: Names) -> str:
    part = " in part" if outcome.in_part else ""
    instead = f" by “{names.title_of(outcome.superseded_by)}”" if outcome.superseded_by else ""
    return f"{outcome.outcome}{part}{instead}"


def _words(entry: HistoryEntry) -> object:
    """Equal for stances that one response attributes in the same words to several actors; else the row itself."""
    row = entry.row
    if not isinstance(row, Stance):
        return id(row)
    return _place(row), row.stance, row.quote, row.wording, row.condition, row.contested


def _shared(group: Sequence[HistoryEntry], item: Item, moved: dict[str, tuple[Stance, Stance]]) -> HistoryEntry:
    """One entry for a group of stances, with a note on how each actor moved; other rows are groups of one."""
    first = group[0]
    if not isinstance(first.row, Stance):
        return first
    own = ("on its own offer",) if first.row.actor in item.by else ()
    keys = (_key(entry.row) for entry in group if isinstance(entry.row, Stance))
    moves = {_direction(*moved[key]) for key in keys if key in moved}
    who = tuple(name for entry in group for name in entry.who)
    return replace(first, who=who, notes=(*own, *first.notes, *sorted(moves)))


def _direction(before: Stance, after: Stance) -> str:
    return f"{accounts.direction(before.stance, after.stance)}, was {before.stance}"
