"""What a change set does to stances: which current ones turn, and which movements appear.

A turn that comes from something newly said is told apart from one that comes from a correction of our own record.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from positions.episode_file.schema import EpisodeEntry, ItemEntry, ResponseEntry
from positions.models import Item
from positions.moment import Moment
from positions.queries import accounts, movements, stances
from positions.queries.known import Key, Known
from positions.queries.rows import Movement, Stance
from positions.recording.changes import Added, Change, Turn, both
from positions.recording.references import item

Pair = tuple[str, str]
"""An item and an actor."""


def turns(
    session: Session,
    changes: Sequence[Change],
    episode: EpisodeEntry,
    ids: Mapping[Key, Known],
    sequence: Mapping[str, int],
) -> tuple[tuple[Turn, ...], tuple[Movement, ...]]:
    """The current stances that `changes` turn, by item and actor, and the movements that appear, oldest first.

    `sequence` says for each changed response its place in the order of first entry.
    """
    responses = [one for one in changes if any(isinstance(entry, ResponseEntry) for entry in both(one))]
    changed = {one.name for one in responses}
    after = _by_pair(row for one in responses for row in _rows(one, episode, sequence))
    pairs = set(after) | {pair for one in responses for pair in _pairs(both(one)[0])}
    before = _by_pair(_told(session, pairs, ids))
    for pair, rows in before.items():
        after[pair] += [row for row in rows if f"{row.episode}/{row.response}" not in changed]
    titles = _titles(session, changes, {slug for slug, _ in pairs})
    new = {one.name for one in responses if isinstance(one, Added)}
    turned = [turn for pair in sorted(pairs) for turn in _turn(pair, before[pair], after[pair], new)]
    moved = [one for pair in sorted(pairs) for one in _moved(before[pair], after[pair], new, titles[pair[0]])]
    return tuple(turned), tuple(sorted(moved, key=lambda one: (one.said.since, one.said.end)))


def _turn(pair: Pair, before: Sequence[Stance], after: Sequence[Stance], new: set[str]) -> Iterator[Turn]:
    was, now = accounts.current(before), accounts.current(after)
    old, stance = None if was is None else was.stance, None if now is None else now.stance
    told = now or was
    if told is not None and old is not stance:
        corrected = now is None or f"{now.episode}/{now.response}" not in new
        yield Turn(pair[1], pair[0], old, stance, str(told.said), corrected)


def _moved(before: Sequence[Stance], after: Sequence[Stance], new: set[str], title: str) -> Iterator[Movement]:
    """The movements that appear because of something newly said; what a correction makes appear is none."""
    known = {(was.stance, now.stance, now.said) for was, now in accounts.moves(before) if was is not None}
    for was, now in accounts.moves(after):
        if was is None or (was.stance, now.stance, now.said) in known:
            continue
        if any(f"{one.episode}/{one.response}" in new for one in (was, now)):
            yield movements.step(was, now, title)


def _by_pair(rows: Iterable[Stance]) -> defaultdict[Pair, list[Stance]]:
    pairs: defaultdict[Pair, list[Stance]] = defaultdict(list)
    for row in rows:
        pairs[row.item, row.actor].append(row)
    return pairs


def _pairs(entry: object) -> Iterator[Pair]:
    if isinstance(entry, ResponseEntry):
        yield from ((slug, actor) for slug in entry.stances for actor in entry.by)


def _told(session: Session, pairs: set[Pair], ids: Mapping[Key, Known]) -> Iterator[Stance]:
    rows = {known.row for slug, _ in pairs if (known := item(ids, slug)) is not None and known.row}
    for row in stances.told(session, Moment(), items=rows):
        if (row.item, row.actor) in pairs:
            yield row


def _titles(session: Session, changes: Iterable[Change], slugs: set[str]) -> dict[str, str]:
    titles = dict(session.execute(select(Item.slug, Item.title).where(Item.retracted_in.is_(None))).all())
    titles |= {entry.id: entry.title for one in changes if isinstance(entry := both(one)[1], ItemEntry)}
    return {slug: titles.get(slug, slug) for slug in slugs}


def _rows(change: Change, episode: EpisodeEntry, sequence: Mapping[str, int]) -> Iterator[Stance]:
    entry = both(change)[1]
    if not isinstance(entry, ResponseEntry):
        return
    for slug, detail in entry.stances.items():
        for actor in entry.by:
            yield Stance(
                actor=actor,
                item=slug,
                stance=detail.stance,
                wording=detail.wording,
                condition=detail.condition,
                basis=detail.basis or entry.basis,
                speaker=entry.speaker,
                reported_by=entry.reported_by,
                said=entry.said,
                episode=episode.id,
                response=entry.id,
                quote=detail.quote or entry.quote,
                revision=0,
                contested=False,
                sequence=sequence[change.name],
                published=episode.published,
                summary=entry.summary,
                url=entry.url or episode.url,
            )
