"""The order of statements: within one source as they stand in its file, and sources as they were first recorded.

It decides between words of the same day. Each statement has an `order` among those of its source; the column
`sequence` holds the source's number and that order in one integer, so that one comparison orders all statements.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select

from positions import models
from positions.episode_file.schema import Entry
from positions.recording.changes import Change, Retracted
from positions.vocabulary import EntryKind

STEP = 4096
"""The distance between neighbours: later ones can be put between two statements without touching either."""

_TABLES = {EntryKind.RESPONSE: models.response, EntryKind.OUTCOME: models.outcome}

Held = Mapping[str, int]
"""By id: the order of each statement that the record holds."""


@dataclass(frozen=True, slots=True)
class Sequences:
    """By name, the sequence of each statement that is recorded; and the names that the record never held before."""

    of: Mapping[str, int]
    fresh: frozenset[str]


def in_file_order(connection: Connection, episode: str, entries: Sequence[Entry], held: Iterable[Entry]) -> list[Entry]:
    """`entries`, the statements of one kind in the order of the file of `episode`, each with its order.

    A statement keeps the order that it has among `held` as far as that agrees with the file.
    """
    if not entries:
        return []
    orders = {entry.id: entry.order for entry in held if entry.order is not None}
    used = _used(connection, _TABLES[entries[0].what], episode)
    places = assign([entry.id for entry in entries], orders, {order for _, order in used})
    return [entry.ordered(places[entry.id]) for entry in entries]


def assign(names: Sequence[str], held: Held, used: Iterable[int] = ()) -> dict[str, int]:
    """An order for each of `names` that increases from one to the next; as many as possible keep the one they have.

    No new order is one of `used`, which other statements have or once had.
    """
    staying = _longest_increasing([held[name] for name in names if name in held])
    taken = sorted({*used, *held.values()})
    while True:
        found = _fill(names, {name: order for name, order in held.items() if order in staying}, taken)
        if isinstance(found, dict):
            return found
        staying.remove(found)


def sequences(connection: Connection, episode: str, changes: Iterable[Change]) -> Sequences:
    """The sequence of each response and outcome that `changes` record for `episode`; all of them have an order."""
    before = before_all(connection, episode)
    numbers: dict[str, int] = {}
    fresh: set[str] = set()
    for what, table in _TABLES.items():
        recorded = [change for change in changes if change.what is what and not isinstance(change, Retracted)]
        if recorded:
            known = {slug for slug, _ in _used(connection, table, episode)}
            numbers |= {change.name: of(change.after, before) for change in recorded}
            fresh |= {change.name for change in recorded if change.after.id not in known}
    return Sequences(numbers, frozenset(fresh))


def before_all(connection: Connection, episode: str) -> int:
    """The sequence before all statements of `episode`, recorded or about to be."""
    table = models.episode
    first = connection.scalar(select(func.min(table.c.id)).where(table.c.slug == episode))
    return models.first_sequence(first or (connection.scalar(select(func.max(table.c.id))) or 0) + 1)


def of(statement: Entry, before: int) -> int:
    """The sequence of a statement that has an order, in the source whose statements come after `before`."""
    assert statement.order is not None
    return before + statement.order


def last_orders(connection: Connection, episode: str) -> dict[tuple[EntryKind, str], int]:
    """By kind and id: the order that each statement of `episode` last had, whether it is still held or not."""
    rows = ((what, row) for what, table in _TABLES.items() for row in _used(connection, table, episode))
    return {(what, slug): order for what, (slug, order) in rows}


def _used(connection: Connection, table: Table, episode: str) -> list[tuple[str, int]]:
    """The id and order of every row of a statement of `episode`, held or not, in the order of recording."""
    owners = select(models.episode.c.id).where(models.episode.c.slug == episode)
    query = select(table.c.id, table.c.slug, table.c.sequence).where(table.c.episode_id.in_(owners))
    rows = sorted(connection.execute(query).all())  # by number: in SQL the order would make SQLite read every row
    return [(slug, models.order_within_source(sequence)) for _, slug, sequence in rows]


def _longest_increasing(orders: Sequence[int]) -> set[int]:
    """The longest increasing run of `orders`, with gaps (patience sorting)."""
    ends: list[int] = []
    at_end: list[int] = []
    previous: list[int] = []
    for place, order in enumerate(orders):
        length = bisect_left(ends, order)
        previous.append(at_end[length - 1] if length else -1)
        ends[length:] = [order, *ends[length + 1 :]]
        at_end[length:] = [place, *at_end[length + 1 :]]
    found: set[int] = set()
    place = at_end[-1] if at_end else -1
    while place >= 0:
        found.add(orders[place])
        place = previous[place]
    return found


def _fill(names: Sequence[str], staying: Held, taken: Sequence[int]) -> dict[str, int] | int:
    """An order for each of `names`, or the staying one before which there is no room."""
    found: dict[str, int] = {}
    waiting: list[str] = []
    for name in names:
        if name not in staying:
            waiting.append(name)
            continue
        after = staying[name]
        before = taken[bisect_left(taken, after) - 1] if taken[0] < after else 0
        if after - before <= len(waiting):
            return after
        step = (after - before) // (len(waiting) + 1)
        found |= {each: before + step * number for number, each in enumerate(waiting, 1)}
        found[name] = after
        waiting = []
    last = taken[-1] if taken else 0
    return found | {each: last + STEP * number for number, each in enumerate(waiting, 1)}
