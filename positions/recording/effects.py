"""What a change set does to current stances, now and as of earlier days: turns, and movements that appear or vanish.

Effects of a new statement are kept apart from those of a correction of the record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, Integer, Subquery, column, select, text

from positions import models
from positions.episode_file.schema import EpisodeEntry, ItemEntry, ResponseEntry
from positions.moment import Moment
from positions.queries import accounts, movements, stances
from positions.queries.accounts import Account
from positions.queries.rows import Movement
from positions.recording import references, sequence
from positions.recording.changes import Change, ChangeSet, Turn, doubt
from positions.recording.references import Known
from positions.vocabulary import EntryKind, Key

Pair = tuple[str, str]
"""The ids of an item and an actor."""

_BATCH = 2000
"""Pairs read at a time: their accounts are all in memory."""


def with_effects(connection: Connection, made: ChangeSet, episode: EpisodeEntry, ids: Mapping[Key, Known]) -> ChangeSet:
    """The change set `made`, with turns by item, actor and day, and movements that appear or vanish, oldest first.

    `ids` are those in the record now. Corrected and restored responses are not new statements: a movement that appears
    because of them alone is kept apart, in `corrected`.
    """
    responses = [change for change in made.changes if isinstance(change.after or change.before, ResponseEntry)]
    changed = {change.name for change in responses}
    base = sequence.base_sequence(connection, episode.id)
    fresh = sequence.fresh(connection, episode.id, made.changes)
    said = accounts.by_pair(account for change in responses for account in _accounts(change, episode, base))
    pairs = sorted(set(said) | {pair for change in responses for pair in _pairs(change.before)})
    titles = _titles(connection, made.changes, {slug for slug, _ in pairs})
    turns: list[Turn] = []
    appeared: list[Movement] = []
    vanished: list[Movement] = []
    corrected: list[Movement] = []
    for pair, before in _recorded(connection, pairs, ids):
        after = [account for account in before if _name(account) not in changed] + said.get(pair, [])
        turns += _turns(pair, before, after, fresh)
        title, steps, old = titles[pair[0]], _steps(after), _steps(before)
        for step in (step for key, step in steps.items() if key not in old):
            is_said = not fresh.isdisjoint(map(_name, step))
            (appeared if is_said else corrected).append(movements.step(*step, title))
        vanished += [movements.step(*step, title) for key, step in old.items() if key not in steps]
    return replace(
        made,
        turns=tuple(turns),
        movements=_by_day(appeared),
        vanished=_by_day(vanished),
        corrected=_by_day(corrected),
    )


def _turns(pair: Pair, before: Sequence[Account], after: Sequence[Account], new: frozenset[str]) -> list[Turn]:
    """The turns of one actor's current stance on one item; adjacent days with the same turn are joined."""
    # The current stance can change only on a day on which something was said.
    days = sorted({account.said.end for account in (*before, *after)})
    turns: list[Turn] = []
    for day, until, was, now in zip(days, [*days[1:], None], _as_of(days, before), _as_of(days, after), strict=True):
        old, stance = None if was is None else was.stance, None if now is None else now.stance
        if old is stance:
            continue
        corrected = now is None or _name(now) not in new
        turn = Turn(pair[1], pair[0], old, stance, day, until, corrected, doubt(now))
        if turns and replace(turns[-1], since=day, until=until) == turn and turns[-1].until == day:
            turn = replace(turn, since=turns.pop().since)
        turns.append(turn)
    return turns


def _as_of(days: Iterable[date], rows: Iterable[Account]) -> Iterator[Account | None]:
    """The current account as of each of `days`, which are in ascending order."""
    later = sorted(rows, key=lambda account: account.said.end, reverse=True)
    current: Account | None = None
    for day in days:
        while later and later[-1].said.end <= day:
            account = later.pop()
            current = account if current is None else max(current, account, key=accounts.precedence)
        yield current


def _steps(rows: Sequence[Account]) -> dict[object, tuple[Account, Account]]:
    """The movements in the accounts of one pair, from account to account, by stances and day."""
    return {(was.stance, now.stance, now.said): (was, now) for was, now in accounts.moves(rows) if was is not None}


def _by_day(found: Iterable[Movement]) -> tuple[Movement, ...]:
    return tuple(sorted(found, key=lambda movement: movement.said.days))


def _name(account: Account) -> str:
    return f"{account.episode}/{account.response}"


def _pairs(entry: object) -> Iterator[Pair]:
    if isinstance(entry, ResponseEntry):
        yield from ((slug, actor) for slug in entry.stances for actor in entry.by)


def _recorded(
    connection: Connection, pairs: Sequence[Pair], ids: Mapping[Key, Known]
) -> Iterator[tuple[Pair, Sequence[Account]]]:
    """The recorded accounts of each of `pairs`."""
    for start in range(0, len(pairs), _BATCH):
        batch = pairs[start : start + _BATCH]
        known = [(references.item(ids, slug), ids.get((EntryKind.ACTOR, actor))) for slug, actor in batch]
        rows = [(item.row, actor.row) for item, actor in known if item and actor]
        recorded = accounts.by_pair(stances.accounts(connection, Moment(), pairs=_table(rows))) if rows else {}
        yield from ((pair, recorded.get(pair, ())) for pair in batch)


def _table(rows: Sequence[tuple[int, int]]) -> Subquery:
    """A table of pairs of row numbers to join with: for `IN (VALUES …)`, SQLite reads every stance.

    The LIMIT drops nothing: it tells SQLite that the table is small and should be the outer loop. The numbers are
    literals because binding thousands of them takes longer than the query.
    """
    values = ", ".join(f"({item_id:d}, {actor_id:d})" for item_id, actor_id in rows)
    query = f"SELECT column1 AS item_id, column2 AS actor_id FROM (VALUES {values}) AS given LIMIT {len(rows)}"  # noqa: S608
    return text(query).columns(column("item_id", Integer), column("actor_id", Integer)).subquery()


def _titles(connection: Connection, changes: Iterable[Change], slugs: set[str]) -> dict[str, str]:
    item = models.item.c
    titles = dict(connection.execute(select(item.slug, item.title).where(item.retracted_in.is_(None))).all())
    titles |= {entry.id: entry.title for change in changes if isinstance(entry := change.after, ItemEntry)}
    return {slug: titles.get(slug, slug) for slug in slugs}


def _accounts(change: Change, episode: EpisodeEntry, base: int) -> Iterator[Account]:
    entry = change.after
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
                sequence=sequence.sequence_of(entry, base),
            )
