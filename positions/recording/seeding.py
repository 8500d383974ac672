"""The episodes shipped with the program: recording those that a database lacks, without correcting any."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, select

from positions import models, package_data
from positions.episode_file import load
from positions.recording.apply import apply
from positions.recording.changes import ChangeSet
from positions.recording.files import STEPS, Progress, Recorded, no_progress
from positions.recording.plan import plan


def files() -> list[Path]:
    """Every shipped episode file: Episode 1, then the others by name."""
    first = package_data.first_episode()
    return [first, *(file for file in package_data.episodes() if file != first)]


def missing(connection: Connection) -> list[Path]:
    """The shipped files whose episode is not in the record, in the order of recording."""
    recorded = set(connection.scalars(select(models.episode.c.slug).where(models.episode.c.retracted_in.is_(None))))
    return [file for file in files() if load.load(file).require().id not in recorded]


def record(connection: Connection, given: Sequence[Path], progress: Progress = no_progress) -> list[Recorded]:
    """Record the shipped files `given`, each as one revision, and return each plan with its revision.

    `progress` is called after each step.

    Raises:
        EpisodeFileError: a file contradicts the record.
    """
    done: list[Recorded] = []
    for number, file in enumerate(given):
        source = load.load(file)
        source.file = file.name
        progress(number * STEPS + 1, len(given) * STEPS)
        changes = plan(connection, source)
        progress(number * STEPS + 2, len(given) * STEPS)
        title = "Episode 1" if file == package_data.first_episode() else file.name
        done.append((changes, apply(connection, changes, why=f"{title}, as shipped", by="positions")))
        progress(number * STEPS + 3, len(given) * STEPS)
    return done


def differences(connection: Connection, given: Iterable[Path]) -> Sequence[ChangeSet]:
    """The plans of those files among `given` that would change the record or hold entries that were retracted.

    Each plan names its file by the full path.
    """
    plans = (replace(plan(connection, load.load(file)), file=str(file)) for file in given)
    return [changes for changes in plans if changes.changes or changes.left_out]
