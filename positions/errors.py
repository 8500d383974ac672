"""What can go wrong through what a user gives us. Each error says what is wrong and carries a hint what to do.

PositionsError
├── EpisodeFileError          faults in an episode file, each a `Problem` with its place
├── UnknownIdError            an id that nothing bears
├── UnknownRevisionError      a revision that has not been recorded
├── InvalidRequestError       options that do not go together
├── RecordError               the record refuses a change
│   ├── StillNeededError      what others rest on cannot be taken away
│   ├── ChangedSinceError     a revision that later ones built upon cannot be undone
│   └── RecordMovedError      the record has moved on since the plan was made
├── DatabaseError             the database cannot be used
│   ├── NoDatabaseError       there is none at that place
│   ├── NotOurDatabaseError   the file is something else
│   ├── DamagedDatabaseError  the file is ours and cannot be read any more
│   ├── UnreadableLogError    another program wrote into the log what is no content of an entry
│   ├── DatabaseThereError    another process made one at that place meanwhile
│   ├── SchemaVersionError    older or newer than this program
│   └── DatabaseBusyError     somebody else is writing
└── OutputError               a file cannot be written
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from positions.safe_text import visible


class PositionsError(Exception):
    """Something that the user can put right. `hint` says how, or is None."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint

    def shown(self) -> str:
        """What a person sees: the message, and the hint on a line of its own."""
        return visible(f"Error: {self}" if self.hint is None else f"Error: {self}\nHint: {self.hint}")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in an episode file, at the place where the reader has to look (from 1; 0: no place)."""

    file: str
    line: int
    column: int
    path: str
    message: str = field(compare=True)

    def __str__(self) -> str:
        place = f":{self.line}:{self.column}" if self.line else ""
        path = f" {self.path}:" if self.path else ""
        return visible(f"{self.file}{place}:{path} {self.message}")


class EpisodeFileError(PositionsError):
    """An episode file has faults; `problems` holds all of them, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def shown(self) -> str:
        """One line a fault, as editors and other tools read them."""
        return str(self)


_FEW = 12
"""Up to how many ids are listed in a hint."""

_UNLISTED = frozenset({"topic", "side", "package"})
"""Kinds of id that no command lists by themselves."""


class UnknownIdError(PositionsError):
    """An id that neither a file nor the database defines."""

    def __init__(
        self,
        kind: str,
        name: str,
        close: Sequence[str] = (),
        listed_by: str | None = None,
        known: Sequence[str] = (),
    ) -> None:
        few = f"{', '.join(known[:_FEW])}{', …' if len(known) > _FEW else ''}"
        lists = "" if kind in _UNLISTED else f"`{listed_by or f'positions {kind}s'}` lists them."
        hint = " ".join(part for part in (f"There are {few}." if known else "", lists) if part)
        if close:
            hint = f"Did you mean {' or '.join(close)}?"
        super().__init__(f"no {kind} has the id {name!r}", hint)


class UnknownRevisionError(PositionsError):
    """A revision that has not been recorded."""

    def __init__(self, number: int, newest: int) -> None:
        super().__init__(f"there is no revision r{number}; the newest is r{newest}", "`positions log` lists them.")


class InvalidRequestError(PositionsError):
    """Options or values that cannot be carried out together."""


class RecordError(PositionsError):
    """The record refuses a change that would lose or contradict what it holds."""


class StillNeededError(RecordError):
    """Something cannot be taken away while other statements rest on it."""

    def __init__(self, needed: Sequence[tuple[str, Sequence[str]]]) -> None:
        lines = [f"{name} is needed by {', '.join(users)}" for name, users in needed]
        super().__init__("\n".join(lines), "Take back what rests on it first, or keep it.")


class ChangedSinceError(RecordError):
    """A revision cannot be undone because something in it was changed later."""

    def __init__(self, number: int, later: Sequence[tuple[str, int]]) -> None:
        names = "; ".join(f"{name} by r{revision}" for name, revision in later)
        newest = max(revision for _, revision in later)
        super().__init__(f"r{number} cannot be undone: changed since: {names}", f"Undo r{newest} first.")


class RecordMovedError(RecordError):
    """The record has moved on since a plan was made."""

    def __init__(self, made_at: int) -> None:
        super().__init__(f"the record has changed since this plan was made at r{made_at}", "Plan again.")


class DatabaseError(PositionsError):
    """The database cannot be opened, read or written."""


class NoDatabaseError(DatabaseError):
    """There is no database at the place that was named."""

    def __init__(self, place: str) -> None:
        super().__init__(f"there is no database at {place}", f"`positions init --db {place}` makes one.")


class NotOurDatabaseError(DatabaseError):
    """The file or server holds something else; it is left alone."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is not a positions database; it was left alone", "Name another with --db.")


class DamagedDatabaseError(DatabaseError):
    """The file was ours, and something has damaged it."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is damaged; it was left alone", "Go back to a backup.")


class UnreadableLogError(DatabaseError):
    """The log holds a content that is none."""

    def __init__(self, what: str) -> None:
        hint = "Another program changed it: `positions check` names all that is broken."
        super().__init__(f"what the log holds of {what} cannot be read", hint)


class DatabaseThereError(DatabaseError):
    """A database came up where one was to be made; it is left as it is."""

    def __init__(self, place: str) -> None:
        super().__init__(f"another process has just made {place}; it was left as it is", "Try again.")


class SchemaVersionError(DatabaseError):
    """The database was made by another version of the program."""

    def __init__(self, place: str, *, newer: bool) -> None:
        if newer:
            message, hint = "was made by a newer version of positions", "Install that version or a later one."
        else:
            message, hint = "has an older schema", f"`positions upgrade --db {place}` brings it up to date."
        super().__init__(f"{place} {message}", hint)


class DatabaseBusyError(DatabaseError):
    """Another process holds the database for longer than we wait."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is being written by another process", "Try again in a moment.")


class OutputError(PositionsError):
    """A file or folder that was named for output cannot be written."""
