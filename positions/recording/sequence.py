"""The order of statements: within a source, the order of its file; sources in the order of first recording.

This order decides which of two statements of the same day counts as the later. Each statement has an `order` within its
source; the column `sequence` combines the row number of the source with it, so that one integer sorts all statements.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from sqlalchemy import Connection, Table, func, select

from positions import models
from positions.episode_file.schema import Entry
from positions.recording.changes import Change
from positions.vocabulary import EntryKind, Key

STEP = 4096
"""The distance between two new orders, which leaves room to insert statements without renumbering."""

TABLES = {EntryKind.RESPONSE: models.response, EntryKind.OUTCOME: models.outcome}
"""The table of each kind of statement."""

_Chain = tuple[int, "_Chain | None"]
"""An order, and the chain of lower ones before it."""


def in_file_order(
    connection: Connection, episode: str, entries: Sequence[Entry], current: Iterable[Entry]
) -> list[Entry]:
    """`entries`, the statements of one kind in a file of `episode`, each with an `order` number that increases.

    As many as possible keep the number that they have in `current`.
    """
    if not entries:
        return []
    orders = {entry.id: entry.order for entry in current if entry.order is not None}
    used = _used(connection, TABLES[entries[0].what], episode)
    assigned = assign([entry.id for entry in entries], orders, {order for _, order in used})
    return [entry.ordered(assigned[entry.id]) for entry in entries]


def assign(names: Sequence[str], current: Mapping[str, int], used: Iterable[int] = ()) -> dict[str, int]:
    """An increasing order for `names`; as many as possible keep the order that they have among `current`.

    New orders are never among `used`: those belong to other statements, current or retracted.
    """
    staying = _longest_increasing([current[name] for name in names if name in current])
    taken = sorted({*used, *current.values()})
    while True:
        found = _fill(names, {name: order for name, order in current.items() if order in staying}, taken)
        if isinstance(found, dict):
            return found
        staying.remove(found)


def fresh(connection: Connection, episode: str, changes: Iterable[Change]) -> frozenset[str]:
    """The names of the statements that `changes` record and that were never in the record before."""
    found: set[str] = set()
    for what, table in TABLES.items():
        recorded = {change.name: change.after.id for change in changes if change.what is what and change.after}
        if recorded:
            known = {slug for slug, _ in _used(connection, table, episode)}
            found |= {name for name, slug in recorded.items() if slug not in known}
    return frozenset(found)


def base_sequence(connection: Connection, episode: str) -> int:
    """The number to which the orders of the statements of `episode` are added, whether it is recorded yet or not."""
    table = models.episode
    first = connection.scalar(select(func.min(table.c.id)).where(table.c.slug == episode))
    return models.first_sequence(first or (connection.scalar(select(func.max(table.c.id))) or 0) + 1)


def sequence_of(statement: Entry, base: int) -> int:
    """The sequence of a statement with an order, in the source whose base is `base`."""
    assert statement.order is not None
    return base + statement.order


def last_orders(connection: Connection, episode: str) -> dict[Key, int]:
    """By kind and id: the last order of each statement that `episode` ever had."""
    rows = ((what, row) for what, table in TABLES.items() for row in _used(connection, table, episode))
    return {(what, slug): order for what, (slug, order) in rows}


def _used(connection: Connection, table: Table, episode: str) -> list[tuple[str, int]]:
    """The id and order of every row of `episode` in `table`, current or retracted, in the order of recording."""
    owners = select(models.episode.c.id).where(models.episode.c.slug == episode)
    query = select(table.c.id, table.c.slug, table.c.sequence).where(table.c.episode_id.in_(owners))
    rows = sorted(connection.execute(query).all())  # not by ORDER BY id: then SQLite scans the whole table
    return [(slug, models.order_within_source(sequence)) for _, slug, sequence in rows]


def _longest_increasing(orders: Iterable[int]) -> set[int]:
    """The longest increasing subsequence of `orders`, by patience sorting."""
    chains: list[_Chain] = []  # of each length, the chain with the lowest end
    for order in orders:
        length = bisect_left(chains, order, key=itemgetter(0))
        chains[length : length + 1] = [(order, chains[length - 1] if length else None)]
    found: set[int] = set()
    chain = chains[-1] if chains else None
    while chain is not None:
        order, chain = chain
        found.add(order)
    return found


def _fill(names: Sequence[str], staying: Mapping[str, int], taken: Sequence[int]) -> dict[str, int] | int:
    """An order for each of `names`, or the staying order before which there is no room for the new ones."""
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
        found |= {new: before + step * number for number, new in enumerate(waiting, 1)}
        found[name] = after
        waiting = []
    last = taken[-1] if taken else 0
    return found | {new: last + STEP * number for number, new in enumerate(waiting, 1)}
