"""Change sets that retract one statement or undo a revision; both can be undone themselves.

Nothing is lost: queries as of an earlier revision give the same answers as before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from positions import models
from positions.episode_file.load import LoadedFile, LocatedEntry
from positions.episode_file.schema import Entry
from positions.errors import ChangedSinceError, InvalidRequestError, RecordError, UnknownIdError
from positions.queries import ids, log
from positions.recording import sequence, stored
from positions.recording.changes import Added, Change, ChangeSet, Corrected, Retracted, from_json, same_content
from positions.recording.effects import with_effects
from positions.recording.plan import Comparison, check, episode_among
from positions.recording.references import known
from positions.vocabulary import Key


def retraction(connection: Connection, cited: str) -> ChangeSet:
    """The change set that retracts the response or outcome `cited`, given as EPISODE/ID.

    Raises:
        InvalidRequestError: `cited` does not have that form.
        UnknownIdError: there is no current response or outcome with that id.
    """
    episode, slash, _ = cited.partition("/")
    if not slash:
        message = f"{cited!r} is not EPISODE/RESPONSE; only responses and outcomes can be retracted one by one"
        hint = "To take back anything else, delete it from its file and `positions record FILE --replace`."
        raise InvalidRequestError(message, hint)
    ids.require(connection, "episode", episode)
    current = stored.entries(connection, episode)
    statements = [key for key in current if key[0] in sequence.TABLES]
    found = [Retracted(*key, current[key]) for key in statements if key[1] == cited]
    if not found:
        near = ids.nearest(cited, [name for _, name in statements])
        raise UnknownIdError("response", cited, near, f"positions episode {episode}")
    return _change_set(connection, episode, found, current)


def undoing(connection: Connection, number: int) -> ChangeSet:
    """The change set that undoes revision `number`.

    Raises:
        UnknownRevisionError: there is no such revision.
        ChangedSinceError: a later revision changed some of the same entries; it names both.
        RecordError: a restored entry would refer to a retracted one, or break a current one.
    """
    log.revision(connection, number)
    rows = connection.execute(
        select(models.change).where(models.change.c.revision == number).order_by(models.change.c.id)
    ).all()
    episode = rows[0].episode
    current = stored.entries(connection, episode)
    later = [
        (row.name, _last(connection, row))
        for row in rows
        if not same_content(current.get((row.what, row.name)), from_json(row.what, row.after))
    ]
    if later:
        raise ChangedSinceError(number, later)
    orders = sequence.last_orders(connection, episode)
    changes = [_inverse(row, current.get((row.what, row.name)), orders) for row in rows]
    _require_valid(connection, changes, current)
    return _change_set(connection, episode, changes, current)


def _last(connection: Connection, row: Row[*tuple[Any, ...]]) -> int:
    """The latest revision that changed the entry from what `row` had made of it: its undoing leads back there.

    A later one, if it was undone since, does not count.
    """
    entry = (
        models.change.c.what == row.what,
        models.change.c.name == row.name,
        models.change.c.revision > row.revision,
    )
    query = select(models.change.c.revision, models.change.c.before).where(*entry).order_by(models.change.c.revision)
    wanted = from_json(row.what, row.after)
    later = connection.execute(query).all()
    away = [revision for revision, before in later if same_content(from_json(row.what, before), wanted)]
    return int((away or [revision for revision, _ in later])[-1])


def _inverse(row: Row[*tuple[Any, ...]], now: Entry | None, orders: Mapping[Key, int]) -> Change:
    before = from_json(row.what, row.before)
    if before is not None and before.order is None:  # the log has no orders from before schema 0002
        before = before.ordered(orders.get((row.what, before.id)))
    if now is None:
        assert before is not None
        return Added(row.what, row.name, before)
    if before is None:
        return Retracted(row.what, row.name, now)
    return Corrected(row.what, row.name, now, before)


def _require_valid(connection: Connection, changes: Sequence[Change], current: Mapping[Key, Entry]) -> None:
    """Raise RecordError if a restored entry would be wrong, or an entry that stays would become so."""
    retracted = [(change.what, change.name) for change in changes if isinstance(change, Retracted)]
    restored = {(change.what, change.name): LocatedEntry(change.after, ()) for change in changes if change.after}
    source = LoadedFile("", "")
    source.episode = episode_among((*(change.after for change in changes), *current.values()))
    check(connection, source, Comparison(current, restored, retracted, known(connection)), {})
    if source.problems:
        messages = "; ".join(sorted({problem.message for problem in source.problems}))
        hint = "Put back what it needs first; `positions log -p` shows what changed when."
        raise RecordError(f"the undo would leave wrong entries: {messages}", hint)


def _change_set(
    connection: Connection, name: str, changes: Sequence[Change], current: Mapping[Key, Entry]
) -> ChangeSet:
    episode = episode_among((*current.values(), *(change.after for change in changes)))
    assert episode is not None
    made = ChangeSet(file=None, file_sha256=None, episode=name, made_at=log.newest(connection), changes=tuple(changes))
    return with_effects(connection, made, episode, known(connection))
