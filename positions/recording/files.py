"""Recording episode files, given or shipped with the program, within a transaction that the caller opens and ends."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace as changed
from pathlib import Path

from sqlalchemy import Connection

from positions import package_data
from positions.episode_file import load
from positions.queries import ids
from positions.queries.log import AS_SHIPPED
from positions.recording.apply import apply
from positions.recording.changes import ChangeSet
from positions.recording.plan import plan

Recorded = tuple[ChangeSet, int | None]
"""A change set and the revision that recorded it; None if nothing was recorded."""

Progress = Callable[[int, int], None]
"""Called with the number of steps done and the number of all steps."""


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
    sources = (load.load(file) if isinstance(file, Path) else file for file in files)
    explained = ((source, message or f"record {_name(source)}") for source in sources)
    done = _record(connection, explained, len(files), progress, replace=replace, again=again)
    return _rolled_back(connection, done) if dry_run else done


def carry_out(connection: Connection, changes: ChangeSet, *, why: str, dry_run: bool = False) -> Recorded:
    """Record one change set and return it with its revision; a dry run is rolled back and returns None for it.

    Raises:
        StillNeededError: an entry that stays refers to one that would be retracted.
    """
    done = [(changes, apply(connection, changes, why=why))]
    return (_rolled_back(connection, done) if dry_run else done)[0]


def shipped() -> list[Path]:
    """Every shipped episode file: Episode 1, then the others by name."""
    first = package_data.first_episode()
    return [first, *(file for file in package_data.episodes() if file != first)]


def missing(connection: Connection) -> list[Path]:
    """The shipped files whose episode is not in the record, in the order of recording."""
    recorded = ids.listed(connection, "episode")
    return [file for file in shipped() if load.load(file).require().id not in recorded]


def record_shipped(connection: Connection, files: Sequence[Path], progress: Progress = no_progress) -> list[Recorded]:
    """Record the shipped `files`, each as one revision, and return each plan with its revision.

    Raises:
        EpisodeFileError: a file contradicts the record.
    """
    titles = {file: "Episode 1" if file == package_data.first_episode() else file.name for file in files}
    sources = ((changed(load.load(file), file=file.name), f"{title}{AS_SHIPPED}") for file, title in titles.items())
    return _record(connection, sources, len(files), progress, by="positions")


def differences(connection: Connection, files: Iterable[Path]) -> Sequence[ChangeSet]:
    """The plans, by full path, of those shipped `files` that differ from the record or hold retracted entries."""
    plans = (changed(plan(connection, load.load(file)), file=str(file)) for file in files)
    return [changes for changes in plans if changes.changes or changes.left_out]


def _record(
    connection: Connection,
    sources: Iterable[tuple[load.LoadedFile, str]],
    total: int,
    progress: Progress,
    *,
    by: str | None = None,
    replace: bool = False,
    again: bool = False,
) -> list[Recorded]:
    """Record each of the `total` sources with its message, in three steps: it is read, planned and applied."""
    done: list[Recorded] = []
    for number, (source, why) in enumerate(sources):
        progress(3 * number + 1, 3 * total)
        changes = plan(connection, source, replace=replace, again=again)
        progress(3 * number + 2, 3 * total)
        done.append((changes, apply(connection, changes, why=why, by=by)))
        progress(3 * number + 3, 3 * total)
    return done


def _name(source: load.LoadedFile) -> str:
    return "standard input" if source.file == str(load.STDIN) else Path(source.file).name


def _rolled_back(connection: Connection, done: list[Recorded]) -> list[Recorded]:
    connection.rollback()
    return [(changes, None) for changes, _ in done]
