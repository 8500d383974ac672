"""What a change set does to stances, now and as of earlier days: which turn, and which movements appear or vanish.

A turn that comes from something newly said is told apart from one that comes from a correction of our own record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Integer, Subquery, column, select, text

from positions import models
from positions.episode_file.schema import EpisodeEntry, ItemEntry, ResponseEntry
from positions.moment import Moment
from positions.queries import accounts, movements, stances
from positions.queries.accounts import Account
from positions.queries.rows import Movement
from positions.recording.changes import Change, Turn, both
from positions.recording.known_ids import Known
from positions.recording.references import item
from positions.recording.sequence import Sequences
from positions.vocabulary import EntryKind, Key

Pair = tuple[str, str]
"""An item and an actor."""

_Step = tuple[Account, Account]
"""From which account to which."""

_AT_ONCE = 2000
"""Pairs that are looked at together: all accounts of all of them take memory."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change set does to stances."""

    turns: tuple[Turn, ...]
    appeared: tuple[Movement, ...]
    vanished: tuple[Movement, ...]


def effect(
    connection: Connection,
    changes: Sequence[Change],
    episode: EpisodeEntry,
    ids: Mapping[Key, Known],
    order: Sequences,
) -> Effect:
    """What `changes` do: turns by item, actor and day; movements that appear and that vanish, oldest first.

    What comes back into the record, and what is corrected, is nothing newly said: it moves nothing.
    """
    responses = [one for one in changes if any(isinstance(entry, ResponseEntry) for entry in both(one))]
    changed = {one.name for one in responses}
    said = accounts.by_pair(row for one in responses for row in _rows(one, episode, order.of))
    pairs = sorted(set(said) | {pair for one in responses for pair in _pairs(both(one)[0])})
    titles = _titles(connection, changes, {slug for slug, _ in pairs})
    turns: list[Turn] = []
    appeared: list[Movement] = []
    vanished: list[Movement] = []
    for pair, before in _told(connection, pairs, ids):
        after = [row for row in before if _name(row) not in changed] + said.get(pair, [])
        turns += _turns(pair, before, after, order.fresh)
        title, steps, old = titles[pair[0]], _steps(after), _steps(before)
        new = [step for key, step in steps.items() if key not in old and any(_name(one) in order.fresh for one in step)]
        appeared += [movements.step(*step, title) for step in new]
        vanished += [movements.step(*step, title) for key, step in old.items() if key not in steps]
    return Effect(tuple(turns), _by_day(appeared), _by_day(vanished))


def _turns(pair: Pair, before: Sequence[Account], after: Sequence[Account], new: frozenset[str]) -> Iterator[Turn]:
    """The stretches of days in which the current stance of one actor on one item reads differently."""
    days = sorted({row.said.end for row in (*before, *after)})
    stretches: list[Turn] = []
    for day, until, was, now in zip(days, [*days[1:], None], _as_of(days, before), _as_of(days, after), strict=True):
        old, stance = None if was is None else was.stance, None if now is None else now.stance
        if old is stance:
            continue
        corrected = now is None or _name(now) not in new
        turn = Turn(pair[1], pair[0], old, stance, day, until, corrected)
        if stretches and replace(stretches[-1], since=day, until=until) == turn and stretches[-1].until == day:
            turn = replace(turn, since=stretches.pop().since)
        stretches.append(turn)
    yield from stretches


def _as_of(days: Iterable[date], rows: Iterable[Account]) -> Iterator[Account | None]:
    """The current one of `rows` as of each of `days`, which are in order."""
    later = sorted(rows, key=lambda row: row.said.end, reverse=True)
    now: Account | None = None
    for day in days:
        while later and later[-1].said.end <= day:
            one = later.pop()
            now = one if now is None else max(now, one, key=accounts.precedence)
        yield now


def _steps(rows: Sequence[Account]) -> dict[object, _Step]:
    """The movements that `rows` show, by what they say."""
    return {(was.stance, now.stance, now.said): (was, now) for was, now in accounts.moves(rows) if was is not None}


def _by_day(found: Iterable[Movement]) -> tuple[Movement, ...]:
    return tuple(sorted(found, key=lambda one: (one.said.since, one.said.end)))


def _name(row: Account) -> str:
    return f"{row.episode}/{row.response}"


def _pairs(entry: object) -> Iterator[Pair]:
    if isinstance(entry, ResponseEntry):
        yield from ((slug, actor) for slug in entry.stances for actor in entry.by)


def _told(
    connection: Connection, pairs: Sequence[Pair], ids: Mapping[Key, Known]
) -> Iterator[tuple[Pair, Sequence[Account]]]:
    """What the record holds of each of `pairs`, and of no others: an item may have been spoken of by everybody."""
    for start in range(0, len(pairs), _AT_ONCE):
        some = pairs[start : start + _AT_ONCE]
        rows = [(item(ids, slug), ids.get((EntryKind.ACTOR, actor))) for slug, actor in some]
        numbers = [(about.row, giver.row) for about, giver in rows if about and giver and about.row and giver.row]
        told = accounts.by_pair(stances.accounts(connection, Moment(), pairs=_asked(numbers))) if numbers else {}
        yield from ((pair, told.get(pair, ())) for pair in some)


def _asked(numbers: Sequence[tuple[int, int]]) -> Subquery:
    """Pairs to join with, so that an index finds the rows of each: SQLite reads all rows for those IN a list of pairs.

    The limit leaves nothing out; it tells SQLite that the pairs are few, and to begin with them. They are written out:
    to bind thousands of numbers takes longer than to find their rows.
    """
    given = ", ".join(f"({about:d}, {giver:d})" for about, giver in numbers)
    listed = f"SELECT column1 AS item_id, column2 AS actor_id FROM (VALUES {given}) AS given LIMIT {len(numbers)}"  # noqa: S608
    return text(listed).columns(column("item_id", Integer), column("actor_id", Integer)).subquery()


def _titles(connection: Connection, changes: Iterable[Change], slugs: set[str]) -> dict[str, str]:
    held = models.item.c
    titles = dict(connection.execute(select(held.slug, held.title).where(held.retracted_in.is_(None))).all())
    titles |= {entry.id: entry.title for one in changes if isinstance(entry := both(one)[1], ItemEntry)}
    return {slug: titles.get(slug, slug) for slug in slugs}


def _rows(change: Change, episode: EpisodeEntry, sequence: Mapping[str, int]) -> Iterator[Account]:
    entry = both(change)[1]
    if not isinstance(entry, ResponseEntry):
        return
    for slug, detail in entry.stances.items():
        for actor in entry.by:
            yield Account(
                actor=actor,
                item=slug,
                stance=detail.stance,
                basis=detail.basis or entry.basis,
                said=entry.said,
                episode=episode.id,
                response=entry.id,
                sequence=sequence[change.name],
            )
