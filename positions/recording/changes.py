"""Change sets: what one revision adds, corrects and retracts, and what changed between two revisions.

They are immutable; the same object is shown and applied.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from sqlalchemy import Connection, func, select

from positions import models
from positions.episode_file.schema import ENTRIES, Entry, read_stored
from positions.errors import UnreadableLogError
from positions.moment import Moment
from positions.queries import log, stances
from positions.queries.rows import Difference, LeftOut, Movement, Ranked, RecordResult, Stance, Turned
from positions.vocabulary import Basis, EntryKind, Key, StanceKind


@dataclass(frozen=True, slots=True)
class Added:
    """An entry that is not in the record yet."""

    what: EntryKind
    name: str
    after: Entry
    before: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """An entry that is in the record with other content."""

    what: EntryKind
    name: str
    before: Entry
    after: Entry

    def fields(self) -> list[str]:
        """The fields that differ, in the order of the format; then `order`, if both have one and it differs."""
        names = type(self.after).model_fields
        differing = [name for name in names if getattr(self.before, name) != getattr(self.after, name)]
        orders = {self.before.order, self.after.order}
        return [*differing, "order"] if len(orders) > 1 and None not in orders else differing


@dataclass(frozen=True, slots=True)
class Retracted:
    """An entry that leaves the record."""

    what: EntryKind
    name: str
    before: Entry
    after: ClassVar[None] = None


Change = Added | Corrected | Retracted


@dataclass(frozen=True, slots=True)
class Turn:
    """A current stance that a change set turns; `before` or `after` is None where no stance is recorded.

    It holds as of every day from `since` until the day before `until` (None: until today). `corrected` is true if the
    record was corrected, false if the actor moved. `doubt` says that `after` is only alleged or inferred.
    """

    actor: str
    item: str
    before: StanceKind | None
    after: StanceKind | None
    since: date
    until: date | None
    corrected: bool
    doubt: Basis | None = field(default=None, compare=False)


def doubt(account: Ranked | None) -> Basis | None:
    """The basis of `account` if it is neither stated nor reported."""
    return None if account is None or account.firm else account.basis


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What one revision would change, planned when the newest revision was `made_at`."""

    file: str | None
    file_sha256: str | None
    episode: str
    made_at: int
    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    kept: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    turns: tuple[Turn, ...] = ()
    movements: tuple[Movement, ...] = ()
    """Movements that appear because of a new statement."""
    vanished: tuple[Movement, ...] = ()
    """Movements that are removed from the record, or change."""
    corrected: tuple[Movement, ...] = ()
    """Movements that appear because a statement was corrected or is recorded again."""

    def row(self, revision: int | None) -> RecordResult:
        """The same as a row of names; `revision` is the revision that recorded it."""
        return RecordResult(
            file=self.file,
            episode=self.episode,
            **names(self.changes),
            kept=self.kept,
            left_out=self.left_out,
            movements=self.movements,
            revision=revision,
        )


def names(changes: Sequence[Change]) -> dict[str, tuple[str, ...]]:
    """The names of the entries that are `added`, `corrected` and `retracted`."""
    kinds: dict[str, type[Change]] = {"added": Added, "corrected": Corrected, "retracted": Retracted}
    return {word: tuple(change.name for change in changes if type(change) is kind) for word, kind in kinds.items()}


def to_json(entry: Entry | None) -> str | None:
    """The content of `entry` as the log stores it: JSON with sorted keys, with the `order` of a statement."""
    if entry is None:
        return None
    order = {} if entry.order is None else {"order": entry.order}
    return json.dumps({**entry.content(), **order}, ensure_ascii=False, sort_keys=True)


def from_json(what: EntryKind, content: str | None) -> Entry | None:
    """The entry that `to_json` wrote as `content`; None for None.

    Raises:
        DatabaseError: another program wrote something else into the log.
    """
    if content is None:
        return None
    try:
        values = json.loads(content)
        order = values.pop("order", None)  # the log has no orders from before schema 0002
        return read_stored(ENTRIES[what], values).ordered(order)
    except ValueError as error:  # pydantic's errors are ValueErrors
        raise UnreadableLogError(f"a {what}") from error


def same_content(first: Entry | None, second: Entry | None) -> bool:
    """Whether two entries have the same content; the order of statements counts if both have one."""
    return first == second or same_json(to_json(first), to_json(second))


def same_json(left: str | None, right: str | None) -> bool:
    """The same for what `to_json` wrote; what another program wrote is never the same."""
    if left is None or right is None:
        return left is right
    try:
        first, second = json.loads(left), json.loads(right)
    except ValueError:
        return False
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return False
    if "order" not in first or "order" not in second:  # the log has no orders from before schema 0002
        first.pop("order", None)
        second.pop("order", None)
    return first == second


@dataclass(frozen=True, slots=True)
class RecordDifference:
    """The entries that changed between two revisions, and the current stances that turned."""

    earlier: int
    later: int
    changes: tuple[Change, ...]
    turns: tuple[Turn, ...]

    def row(self) -> Difference:
        """The same as a row of names."""
        return Difference(
            from_=self.earlier,
            to=self.later,
            **names(self.changes),
            stances=tuple(
                Turned(turn.actor, turn.item, turn.before, turn.after, turn.corrected) for turn in self.turns
            ),
        )


def difference(connection: Connection, earlier: int, later: int | None = None) -> RecordDifference:
    """The changes from revision `earlier` to `later` (None: the newest).

    Entries are matched by id, stances by item and actor; entries are in the order of recording.
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
            turns.append(Turn(pair[1], pair[0], old, new, latest.said.end, None, corrected, doubt(now)))
    return turns


def _current(connection: Connection, number: int) -> dict[tuple[str, str], Stance]:
    return {(stance.item, stance.actor): stance for stance in stances.current(connection, Moment(known_at=number))}
