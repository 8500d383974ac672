"""Errors that users can do something about: each has a message and may have a hint."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from positions.safe_text import visible


class PositionsError(Exception):
    """An error that the user can do something about; `hint` says what, or is None."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint

    def shown(self) -> str:
        """The text for the user: the message, and the hint on its own line."""
        return visible(f"Error: {self}" if self.hint is None else f"Error: {self}\nHint: {self.hint}")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem in an episode file, with line and column (from 1; 0: no place)."""

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f":{self.line}:{self.column}" if self.line else ""
        path = f" {self.path}:" if self.path else ""
        return visible(f"{self.file}{place}:{path} {self.message}")


class EpisodeFileError(PositionsError):
    """An episode file has problems; `problems` has all of them, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def shown(self) -> str:
        """One line for each problem, in the format that editors parse."""
        return str(self)


_MAX_LISTED = 12
"""The most ids in a hint."""

_UNLISTED = frozenset({"topic", "side", "package"})
"""Kinds of id without a command that lists them."""


class UnknownIdError(PositionsError):
    """Unknown id."""

    def __init__(
        self,
        kind: str,
        name: str,
        close: Sequence[str] = (),
        listed_by: str | None = None,
        known: Sequence[str] = (),
    ) -> None:
        names = f"{', '.join(known[:_MAX_LISTED])}{', …' if len(known) > _MAX_LISTED else ''}"
        lists = "" if kind in _UNLISTED else f"`{listed_by or f'positions {kind}s'}` lists them."
        hint = " ".join(part for part in (f"Known ids: {names}." if known else "", lists) if part)
        if close:
            hint = f"Did you mean {' or '.join(close)}?"
        super().__init__(f"no {kind} has the id {name!r}", hint)


class UnknownRevisionError(PositionsError):
    """Unknown revision."""

    def __init__(self, number: int, newest: int) -> None:
        super().__init__(f"there is no revision r{number}; the newest is r{newest}", "`positions log` lists them.")


class TextFileError(PositionsError):
    """The file with the text of a source cannot be read, or has no text."""


class SheetError(PositionsError):
    """A table cannot be read as positions."""


class InvalidRequestError(PositionsError):
    """A request that makes no sense, or cannot be carried out on this record."""


class RecordError(PositionsError):
    """The record refuses a change that would make it inconsistent."""


class StillNeededError(RecordError):
    """Something cannot be retracted because current entries refer to it."""

    def __init__(self, needed: Sequence[tuple[str, Sequence[str]]]) -> None:
        lines = [f"{name} is needed by {', '.join(users)}" for name, users in needed]
        super().__init__("\n".join(lines), "Retract what needs it first, or keep it.")


class ChangedSinceError(RecordError):
    """A revision cannot be undone because a later one changed the same entries."""

    def __init__(self, number: int, later: Sequence[tuple[str, int]]) -> None:
        names = "; ".join(f"{name} by r{revision}" for name, revision in later)
        newest = max(revision for _, revision in later)
        super().__init__(f"r{number} cannot be undone; changed since: {names}", f"Undo r{newest} first.")


class RecordMovedError(RecordError):
    """The record has changed since a plan was made."""

    def __init__(self, made_at: int) -> None:
        super().__init__(f"the record has changed since this plan was made at r{made_at}", "Plan again.")


def _command(name: str, place: str) -> str:
    """The command on the database at `place`; where a password is not shown, whoever runs it has to name the place."""
    return f"positions {name} --db {'URL' if '***' in place else place}"


class DatabaseError(PositionsError):
    """The database cannot be opened, read or written."""


class NoDatabaseError(DatabaseError):
    """There is no database at that place."""

    def __init__(self, place: str) -> None:
        looked_in = "" if "://" in place or Path(place).is_absolute() else f" The current folder is {Path.cwd()}."
        super().__init__(f"there is no database at {place}", f"`{_command('init', place)}` makes one.{looked_in}")


class NotOurDatabaseError(DatabaseError):
    """The file or server contains something else; it is not touched."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is not a positions database; it was not touched", "Name another database with --db.")


class DamagedDatabaseError(DatabaseError):
    """The database file is damaged."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is damaged; it was not touched", "Restore a backup.")


class UnsealedError(DatabaseError):
    """The newest revision has no digest, so nothing can follow it."""

    def __init__(self, number: int) -> None:
        hint = "`positions check` lists what is wrong; restore a backup."
        message = f"nothing can be recorded after r{number}: it has no digest, so another program wrote it"
        super().__init__(message, hint)


class UnreadableLogError(DatabaseError):
    """A log entry that cannot be parsed."""

    def __init__(self, what: str) -> None:
        hint = "Another program changed it; `positions check` lists what is wrong."
        super().__init__(f"the log entry of {what} cannot be read", hint)


class DatabaseExistsError(DatabaseError):
    """Another process made a database in the meantime; it is left as it is."""

    def __init__(self, place: str) -> None:
        super().__init__(f"another process has just made {place}; it was left as it is", "Try again.")


class SchemaVersionError(DatabaseError):
    """The database was made by another version of the program."""

    def __init__(self, place: str, *, newer: bool) -> None:
        if newer:
            message, hint = "was made by a newer version of positions", "Install that version or a later one."
        else:
            message, hint = "has an older schema", f"`{_command('upgrade', place)}` brings it up to date."
        super().__init__(f"{place} {message}", hint)


class DatabaseBusyError(DatabaseError):
    """Another process has locked the database for longer than we wait."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is being written by another process", "Try again in a moment.")


class OutputError(PositionsError):
    """A file or folder for output cannot be written."""
