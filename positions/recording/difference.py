"""What changed in the record between two revisions, read from the log."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from positions import models
from positions.moment import Moment
from positions.queries import log, rows, stances
from positions.queries.rows import Stance
from positions.recording.changes import Added, Change, Corrected, Retracted, Turn, from_json, names
from positions.vocabulary import Key


@dataclass(frozen=True, slots=True)
class RecordDifference:
    """The entries that changed between two revisions, and the current stances that turned."""

    earlier: int
    later: int
    changes: tuple[Change, ...]
    turns: tuple[Turn, ...]

    def row(self) -> rows.Difference:
        """The same as a row of names."""
        return rows.Difference(
            from_=self.earlier,
            to=self.later,
            **names(self.changes),
            stances=tuple(
                rows.Turned(turn.actor, turn.item, turn.before, turn.after, turn.corrected) for turn in self.turns
            ),
        )


def difference(connection: Connection, earlier: int, later: int | None = None) -> RecordDifference:
    """The changes from revision `earlier` to `later` (None: the newest): entries by id, stances by item and actor.

    `later` may be the older one; entries that are in `earlier` and not in `later` count as retracted.

    Raises:
        UnknownRevisionError: one of the revisions does not exist.
    """
    log.revision(connection, earlier)
    last = log.newest(connection) if later is None else log.revision(connection, later)
    before, after = _contents(connection, earlier), _contents(connection, last)
    # A dict of both, not a set of keys: it keeps the order of recording.
    changes = [_change(key, before.get(key), after.get(key)) for key in {**before, **after}]
    return RecordDifference(
        earlier, last, tuple(change for change in changes if change), tuple(_turns(connection, earlier, last))
    )


def _contents(connection: Connection, number: int) -> dict[Key, str]:
    """The content of every entry that was current at revision `number`."""
    change = models.change
    last = select(func.max(change.c.id)).where(change.c.revision <= number).group_by(change.c.what, change.c.name)
    found = connection.execute(
        select(change.c.what, change.c.name, change.c.after)
        .where(change.c.id.in_(last), change.c.after.is_not(None))
        .order_by(change.c.id)
    )
    return {(what, name): content for what, name, content in found if content is not None}


def _change(key: Key, before: str | None, after: str | None) -> Change | None:
    if before == after:
        return None
    old, new = from_json(key[0], before), from_json(key[0], after)
    if old is None:
        return None if new is None else Added(*key, new)
    return Retracted(*key, old) if new is None else Corrected(*key, old, new)


def _turns(connection: Connection, earlier: int, later: int) -> list[Turn]:
    before, after = _current(connection, earlier), _current(connection, later)
    known = {
        f"{account.episode}/{account.response}" for account in stances.accounts(connection, Moment(known_at=earlier))
    }
    turns = []
    for pair in sorted(before.keys() | after.keys()):
        was, now = before.get(pair), after.get(pair)
        old, new = None if was is None else was.stance, None if now is None else now.stance
        latest = now or was
        if old is not new and latest is not None:
            corrected = now is None or f"{now.episode}/{now.response}" in known
            turns.append(Turn(pair[1], pair[0], old, new, latest.said.end, None, corrected))
    return turns


def _current(connection: Connection, number: int) -> dict[tuple[str, str], Stance]:
    return {(stance.item, stance.actor): stance for stance in stances.current(connection, Moment(known_at=number))}
