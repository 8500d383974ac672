"""Recording episode files, within a transaction that the caller opens and ends."""

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection

from positions.episode_file import load
from positions.recording.apply import apply
from positions.recording.changes import ChangeSet
from positions.recording.plan import plan

Recorded = tuple[ChangeSet, int | None]
"""A change set and the revision that recorded it; None if nothing was recorded."""

Progress = Callable[[int, int], None]
"""Called with the number of steps done and the number of all steps."""

STEPS = 3
"""The steps of recording a file: read it, plan, apply."""


def no_progress(_: int, __: int) -> None:
    """Ignore progress."""


def record(
    connection: Connection,
    files: Sequence[Path | load.LoadedFile],
    *,
    replace: bool = False,
    again: bool = False,
    message: str | None = None,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> list[Recorded]:
    """Record `files` in order, each as one revision; a dry run is rolled back at the end.

    A file is a path, or the result of `load`. Returns each plan with its revision, which is None if the file changed
    nothing or on a dry run. `progress` is called after each step.

    Raises:
        EpisodeFileError: a file has problems.
        StillNeededError: an entry that stays refers to one that would be retracted.
    """
    done: list[Recorded] = []
    for number, file in enumerate(files):
        source = load.load(file) if isinstance(file, Path) else file
        progress(number * STEPS + 1, len(files) * STEPS)
        changes = plan(connection, source, replace=replace, again=again)
        progress(number * STEPS + 2, len(files) * STEPS)
        done.append((changes, apply(connection, changes, why=message or f"record {_name(source)}")))
        progress(number * STEPS + 3, len(files) * STEPS)
    return _rolled_back(connection, done) if dry_run else done


def carry_out(connection: Connection, changes: ChangeSet, *, why: str, dry_run: bool = False) -> Recorded:
    """Record one change set and return it with its revision; a dry run is rolled back and returns None for it.

    Raises:
        StillNeededError: an entry that stays refers to one that would be retracted.
    """
    done = [(changes, apply(connection, changes, why=why))]
    return (_rolled_back(connection, done) if dry_run else done)[0]


def _name(source: load.LoadedFile) -> str:
    return "standard input" if source.file == str(load.STDIN) else Path(source.file).name


def _rolled_back(connection: Connection, done: list[Recorded]) -> list[Recorded]:
    connection.rollback()
    return [(changes, None) for changes, _ in done]
