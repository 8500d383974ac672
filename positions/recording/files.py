"""Recording whole files within one transaction, which the caller opens and ends."""

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection

from positions.episode_file import load
from positions.recording.apply import apply
from positions.recording.changes import ChangeSet
from positions.recording.plan import plan

Done = tuple[ChangeSet, int | None]
"""A change set, and the revision that it became; None where nothing was recorded."""

Steps = Callable[[int, int], None]
"""Told how many steps are done, and of how many."""

STEPS = 3
"""Steps that recording a file takes: it is read, planned and carried out."""


def untold(_: int, __: int) -> None:
    """For whom nobody waits."""


def record(
    connection: Connection,
    files: Sequence[Path | load.Source],
    *,
    replace: bool = False,
    again: bool = False,
    message: str | None = None,
    dry_run: bool = False,
    told: Steps = untold,
) -> list[Done]:
    """Record `files` one after another, each as a revision; on a dry run, take all of it back at the end.

    A file is a path, or what `load` has read of one. Returns each plan with its revision, None where there was nothing
    to record or nothing was recorded. `told` hears of each step.

    Raises:
        EpisodeFileError: a file has faults.
        StillNeededError: something that stays rests on what would go.
    """
    done: list[Done] = []
    for number, file in enumerate(files):
        source = load.load(file) if isinstance(file, Path) else file
        told(number * STEPS + 1, len(files) * STEPS)
        changes = plan(connection, source, replace=replace, again=again)
        told(number * STEPS + 2, len(files) * STEPS)
        done.append((changes, apply(connection, changes, why=message or f"record {_name(source)}")))
        told(number * STEPS + 3, len(files) * STEPS)
    return _taken_back(connection, done) if dry_run else done


def carry_out(connection: Connection, changes: ChangeSet, *, why: str, dry_run: bool = False) -> Done:
    """Record one change set, or on a dry run take it back; it comes back with its revision, or None.

    Raises:
        StillNeededError: something that stays rests on what would go.
    """
    done = [(changes, apply(connection, changes, why=why))]
    return (_taken_back(connection, done) if dry_run else done)[0]


def _name(source: load.Source) -> str:
    return "standard input" if source.file == str(load.STDIN) else Path(source.file).name


def _taken_back(connection: Connection, done: list[Done]) -> list[Done]:
    connection.rollback()
    return [(changes, None) for changes, _ in done]
