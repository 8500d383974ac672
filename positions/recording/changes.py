"""A change set: what one revision would make of each id. Frozen data; shown and applied from the same object."""

import json
from dataclasses import dataclass
from datetime import date

from positions.episode_file.schema import ENTRIES, Entry, read_stored
from positions.errors import UnreadableLogError
from positions.queries.rows import LeftOut, Movement, RecordResult
from positions.vocabulary import EntryKind, StanceKind


@dataclass(frozen=True, slots=True)
class Added:
    """An entry that the record does not hold yet."""

    what: EntryKind
    name: str
    after: Entry


@dataclass(frozen=True, slots=True)
class Corrected:
    """An entry that the record holds with other content."""

    what: EntryKind
    name: str
    before: Entry
    after: Entry

    def fields(self) -> list[str]:
        """The fields in which the two differ, in the order of the format; last `order`, if both have one."""
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


Change = Added | Corrected | Retracted


@dataclass(frozen=True, slots=True)
class Turn:
    """That an actor's stance on an item reads differently from now on; None: none recorded.

    As of the days from `since` to before `until` (None: up to the present). `corrected` says that our record was
    changed, not that the actor moved.
    """

    actor: str
    item: str
    before: StanceKind | None
    after: StanceKind | None
    since: date
    until: date | None
    corrected: bool


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What one revision would do, made when the newest revision was `made_at`."""

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
    """Those that appear because of something newly said."""
    vanished: tuple[Movement, ...] = ()
    """Those that are no longer in the record, or now read otherwise."""

    def row(self, revision: int | None) -> RecordResult:
        """The same, by names alone; `revision` is what it became."""

        def names(kind: type[Change]) -> tuple[str, ...]:
            return tuple(change.name for change in self.changes if isinstance(change, kind))

        return RecordResult(
            file=self.file,
            episode=self.episode,
            added=names(Added),
            corrected=names(Corrected),
            retracted=names(Retracted),
            kept=self.kept,
            left_out=self.left_out,
            movements=self.movements,
            revision=revision,
        )


def text(written: Entry | None) -> str | None:
    """The content of an entry as `change` keeps it: JSON with sorted keys; None for none.

    That of a statement says its `order` too.
    """
    if written is None:
        return None
    order = {} if written.order is None else {"order": written.order}
    return json.dumps({**written.content(), **order}, ensure_ascii=False, sort_keys=True)


def entry(what: EntryKind, content: str | None) -> Entry | None:
    """The entry whose content `change` keeps: what `text` wrote; None for none.

    Raises:
        DatabaseError: another program wrote something else there.
    """
    if content is None:
        return None
    try:
        values = json.loads(content)
        order = values.pop("order", None)  # not logged before schema 0002
        return read_stored(ENTRIES[what], values).ordered(order)
    except ValueError as error:  # pydantic's errors are ValueErrors
        raise UnreadableLogError(f"a {what}") from error


def same(held: Entry | None, logged: Entry | None) -> bool:
    """Whether what is held is what was logged."""
    return held == logged or same_text(text(held), text(logged))


def same_text(one: str | None, other: str | None) -> bool:
    """Whether two texts that `text` wrote have the same content; the order of statements counts if both tell it."""
    if one is None or other is None:
        return one is other
    try:
        first, second = json.loads(one), json.loads(other)
    except ValueError:
        return False
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return False
    if "order" not in first or "order" not in second:  # not logged before schema 0002
        first.pop("order", None)
        second.pop("order", None)
    return first == second


def both(change: Change) -> tuple[Entry | None, Entry | None]:
    """The content before and after `change`; None where the record does not hold it."""
    before = None if isinstance(change, Added) else change.before
    after = None if isinstance(change, Retracted) else change.after
    return before, after
