"""Taking back: one statement, or what a whole revision did. Both make change sets; a later undo undoes them.

Nothing is lost by it: what was known at an earlier revision stays as it was.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from positions import models
from positions.episode_file.load import LocatedEntry, Source
from positions.episode_file.schema import Entry, EpisodeEntry
from positions.errors import ChangedSinceError, InvalidRequestError, RecordError, UnknownIdError
from positions.queries import ids, log
from positions.recording import references, stored, validation
from positions.recording.changes import Added, Change, ChangeSet, Corrected, Retracted, entry, same
from positions.recording.known_ids import known
from positions.recording.plan import finished
from positions.recording.sequence import last_orders
from positions.vocabulary import EntryKind, Key


def retraction(connection: Connection, cited: str) -> ChangeSet:
    """The change set that takes back the response or outcome `cited` as EPISODE/ID.

    Raises:
        InvalidRequestError: that is no such name.
        UnknownIdError: the record holds none of that name.
    """
    episode, slash, _ = cited.partition("/")
    if not slash:
        message = f"{cited!r} is not EPISODE/RESPONSE; only responses and outcomes can be taken back one by one"
        raise InvalidRequestError(message, "`positions undo` takes back a whole revision.")
    ids.require(connection, "episode", episode)
    here = stored.entries(connection, episode)
    found = [key for key in ((EntryKind.RESPONSE, cited), (EntryKind.OUTCOME, cited)) if key in here]
    if not found:
        names = [name for what, name in here if what in {EntryKind.RESPONSE, EntryKind.OUTCOME}]
        raise UnknownIdError("response", cited, ids.nearest(cited, names), f"positions episode {episode}")
    return _change_set(connection, episode, [Retracted(*key, here[key]) for key in found], here)


def undoing(connection: Connection, number: int) -> ChangeSet:
    """The change set that puts back what revision `number` changed, as far as nothing has changed it since.

    Raises:
        UnknownRevisionError: there is no such revision.
        ChangedSinceError: something in it was changed later; it names what, and by which revision.
        RecordError: what would be put back names something that is no longer held, or breaks something that is.
    """
    log.revision(connection, number)
    rows = connection.execute(
        select(models.change).where(models.change.c.revision == number).order_by(models.change.c.id)
    ).all()
    episode = rows[0].episode
    here = stored.entries(connection, episode)
    later = [
        (row.name, _last(connection, row))
        for row in rows
        if not same(here.get((row.what, row.name)), entry(row.what, row.after))
    ]
    if later:
        raise ChangedSinceError(number, later)
    orders = last_orders(connection, episode)
    changes = [_inverse(row, here.get((row.what, row.name)), orders) for row in rows]
    _require_sense(connection, episode, changes, here)
    return _change_set(connection, episode, changes, here)


def _last(connection: Connection, row: Row[*tuple[Any, ...]]) -> int:
    """The latest revision that changed what `row` changed."""
    same = (models.change.c.what == row.what) & (models.change.c.name == row.name)
    return connection.scalar(select(func.max(models.change.c.revision)).where(same)) or 0


def _inverse(row: Row[*tuple[Any, ...]], now: Entry | None, orders: Mapping[Key, int]) -> Change:
    before = entry(row.what, row.before)
    if before is not None and before.order is None:  # not logged before schema 0002
        before = before.ordered(orders.get((row.what, before.id)))
    if now is None:
        assert before is not None
        return Added(row.what, row.name, before)
    if before is None:
        return Retracted(row.what, row.name, now)
    return Corrected(row.what, row.name, now, before)


def _require_sense(connection: Connection, name: str, changes: Sequence[Change], here: Mapping[Key, Entry]) -> None:
    """Refuse to put back what names something that is gone, or what breaks something that is held."""
    gone = [(one.what, one.name) for one in changes if isinstance(one, Retracted)]
    back = {(one.what, one.name): LocatedEntry(one.after, ()) for one in changes if not isinstance(one, Retracted)}
    before = known(connection)
    after = {key: one for key, one in before.items() if key not in gone}
    for key, one in back.items():
        if key[0] not in {EntryKind.RESPONSE, EntryKind.OUTCOME, EntryKind.EXTENSION}:
            after[key] = references.defined(one.entry, name)
    source = Source("", "")
    source.episode = _episode(back.get((EntryKind.EPISODE, name)), here.get((EntryKind.EPISODE, name)))
    compared = validation.Comparison(here, back, gone, before, after)
    validation.named(source, compared, {})
    validation.kept(connection, source, compared)
    if source.problems:
        messages = sorted({problem.message for problem in source.problems})
        raise RecordError("; ".join(messages), "Put that right first; `positions log -p` shows what changed when.")


def _episode(back: LocatedEntry | None, now: Entry | None) -> EpisodeEntry | None:
    episode = now if back is None else back.entry
    return episode if isinstance(episode, EpisodeEntry) else None


def _change_set(connection: Connection, name: str, changes: Sequence[Change], here: Mapping[Key, Entry]) -> ChangeSet:
    episode = here.get((EntryKind.EPISODE, name)) or next(
        one.after for one in changes if isinstance(one, Added) and one.what is EntryKind.EPISODE
    )
    assert isinstance(episode, EpisodeEntry)
    made = ChangeSet(file=None, file_sha256=None, episode=name, made_at=log.newest(connection), changes=tuple(changes))
    return finished(connection, made, episode, known(connection))
