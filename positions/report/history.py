"""The history of an item: as bands on a time axis, and as text entries."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import TypeVar

from positions.dates import Span
from positions.queries import accounts
from positions.queries.rows import Item, Mention, Outcome, Stance
from positions.report.data import Data
from positions.report.filters import Names, grouped
from positions.report.timeline import Axis, Lane, lanes
from positions.vocabulary import FIRM, MentionKind, Scope

_Row = TypeVar("_Row", Stance, Mention, Outcome)

VERBS = {"non-starter": "refuses", "negotiable": "would talk", "open": "is open to it"}
"""What an actor with a stance does, in words that need no codebook."""

LOOKS = {"non-starter": "refuses", "negotiable": "would talk", "open": "open"}
"""The same in a cell of the table."""

PAST = LOOKS | {"non-starter": "refused"}
"""The same of a stance that has changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A statement that is cited: its days, its anchor on the page, and a note."""

    said: Span
    cited: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of an item's history, for a row of any kind; only mentions have several `places`."""

    row: Stance | Mention | Outcome
    said: Span
    who: tuple[str, ...]
    look: str
    word: str
    places: tuple[Place, ...]
    notes: tuple[str, ...] = ()


class Histories:
    """The histories of all items on one time axis; rows are grouped by item once."""

    def __init__(self, data: Data, names: Names, axis: Axis) -> None:
        self.names = names
        self.axis = axis
        known = {item.id for item in data.items}
        self.stances = _by_item(data.stances, known)
        self.mentions = _by_item(data.mentions, known)
        self.outcomes = _by_item(data.outcomes, known)

    def lanes(self, item: Item, ended: date | None) -> list[Lane]:
        """Where each actor stood on `item` from day to day, until it `ended`."""
        told = grouped(self.stances.get(item.id, ()), lambda stance: self.names.actor(stance.actor))
        spoke = {name: [stance.said for stance in listed] for name, listed in told.items()}
        for mention in self.mentions.get(item.id, ()):
            for actor in mention.by:
                spoke.setdefault(self.names.actor(actor), []).append(mention.said)
        return lanes(told, spoke, self.axis, ended)

    def entries(self, item: Item) -> list[HistoryEntry]:
        """The history of `item` as entries, oldest first.

        Actors who said the same together share one, and so do mentions by the same actors without a stance between.
        """
        moved = {_key(after): (before, after) for before, after in self._moves(item)}
        together = grouped(self._entries(item), _words)
        entries = [_shared(group, item, moved) for group in together.values()]
        entries.sort(key=lambda entry: (entry.said.since, entry.said.end))
        return [_joined(list(group)) for _, group in groupby(entries, _run)]

    def _moves(self, item: Item) -> list[tuple[Stance, Stance]]:
        """The movements of all actors on `item`, each as the accounts before and after."""
        pairs = accounts.by_pair(self.stances.get(item.id, ()))
        moves = (move for pair in pairs.values() for move in accounts.moves(pair))
        return [(before, after) for before, after in moves if before is not None]

    def _entries(self, item: Item) -> Iterator[HistoryEntry]:
        """An entry for each row: mentions, stances and outcomes."""
        actor = self.names.actor
        for mention in self.mentions.get(item.id, ()):
            who, look, place = tuple(map(actor, mention.by)), mention.kind.value, (_mentioned_at(mention),)
            word = "says it again" if mention.kind is MentionKind.REPEATS else "speaks of it"
            yield HistoryEntry(mention, mention.said, who, look, word, place)
        for stance in self.stances.get(item.id, ()):
            who, look, place = (actor(stance.actor),), stance.stance.value, (Place(stance.said, _place(stance)),)
            yield HistoryEntry(stance, stance.said, who, look, VERBS[look], place, _notes(stance))
        for outcome in self.outcomes.get(item.id, ()):
            who, place = tuple(map(actor, outcome.by)), (Place(outcome.on, f"{outcome.episode}/{outcome.id}"),)
            yield HistoryEntry(outcome, outcome.on, who, "outcome", _became(outcome, self.names), place)


def _by_item(rows: Iterable[_Row], known: Container[str]) -> dict[str, list[_Row]]:
    return grouped((row for row in rows if row.item in known), lambda row: row.item)


def _place(row: Stance | Mention) -> str:
    return f"{row.episode}/{row.response}"


def _mentioned_at(mention: Mention) -> Place:
    scope = "" if mention.scope in {None, Scope.SAME} else f"{mention.scope} in scope"
    return Place(mention.said, _place(mention), scope)


def _key(stance: Stance) -> str:
    return f"{stance.actor} {_place(stance)}"


def _notes(stance: Stance) -> tuple[str, ...]:
    weak = () if stance.basis in FIRM else (stance.basis.value,)
    return (*weak, "contested") if stance.contested else weak


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


def _run(entry: HistoryEntry) -> object:
    """Equal for neighbours that are mentions of one kind by the same actors; else the entry itself."""
    return (entry.look, entry.who) if isinstance(entry.row, Mention) else id(entry)


def _joined(entries: Sequence[HistoryEntry]) -> HistoryEntry:
    return replace(entries[0], places=tuple(place for entry in entries for place in entry.places))


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
    return f"{accounts.direction(before.stance, after.stance)}, before: {PAST[before.stance.value]}"
