"""What the record said at one revision and says at another: read from what each revision changed."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from positions import models
from positions.moment import Moment
from positions.queries import log, rows, stances
from positions.queries.rows import Stance
from positions.recording.changes import Added, Change, Corrected, Retracted, Turn, entry
from positions.vocabulary import Key


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two revisions, and which current stances turned."""

    earlier: int
    later: int
    changes: tuple[Change, ...]
    turns: tuple[Turn, ...]

    def row(self) -> rows.Difference:
        """The same, by names alone."""
        return rows.Difference(
            from_=self.earlier,
            to=self.later,
            added=tuple(one.name for one in self.changes if isinstance(one, Added)),
            corrected=tuple(one.name for one in self.changes if isinstance(one, Corrected)),
            retracted=tuple(one.name for one in self.changes if isinstance(one, Retracted)),
            stances=tuple(rows.Turned(one.actor, one.item, one.before, one.after, one.corrected) for one in self.turns),
        )


def difference(connection: Connection, earlier: int, later: int | None = None) -> Difference:
    """From revision `earlier` to `later` (None: the newest): entries by id, stances by item and actor.

    The two may stand in either order; what `earlier` has and `later` lacks is shown as retracted.

    Raises:
        UnknownRevisionError: there is no such revision.
    """
    log.revision(connection, earlier)
    last = log.newest(connection) if later is None else log.revision(connection, later)
    before, after = _contents(connection, earlier), _contents(connection, last)
    changes = [_change(key, before.get(key), after.get(key)) for key in {**before, **after}]
    return Difference(earlier, last, tuple(one for one in changes if one), tuple(_turns(connection, earlier, last)))


def _contents(connection: Connection, number: int) -> dict[Key, str]:
    """What the record held at revision `number`: the content of every id."""
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
    old, new = entry(key[0], before), entry(key[0], after)
    if old is None:
        return None if new is None else Added(*key, new)
    return Retracted(*key, old) if new is None else Corrected(*key, old, new)


def _turns(connection: Connection, earlier: int, later: int) -> list[Turn]:
    before, after = _current(connection, earlier), _current(connection, later)
    known = {f"{one.episode}/{one.response}" for one in stances.accounts(connection, Moment(known_at=earlier))}
    turns = []
    for pair in sorted(before.keys() | after.keys()):
        was, now = before.get(pair), after.get(pair)
        old, stance = None if was is None else was.stance, None if now is None else now.stance
        told = now or was
        if old is not stance and told is not None:
            corrected = now is None or f"{now.episode}/{now.response}" in known
            turns.append(Turn(pair[1], pair[0], old, stance, told.said.end, None, corrected))
    return turns


def _current(connection: Connection, number: int) -> dict[tuple[str, str], Stance]:
    return {(one.item, one.actor): one for one in stances.current(connection, Moment(known_at=number))}
