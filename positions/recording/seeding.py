"""The episodes that travel with the program: recording those that a database lacks, without correcting any."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, select

from positions import models, package_data
from positions.episode_file import load
from positions.recording.apply import apply
from positions.recording.changes import ChangeSet
from positions.recording.files import STEPS, Done, Steps, untold
from positions.recording.plan import plan


def files() -> list[Path]:
    """Every shipped episode file: Episode 1, then the others in their order."""
    first = package_data.first_episode()
    return [first, *(file for file in package_data.episodes() if file != first)]


def missing(connection: Connection) -> list[Path]:
    """The shipped files whose episode the record does not hold, in the order of recording."""
    held = set(connection.scalars(select(models.episode.c.slug).where(models.episode.c.retracted_in.is_(None))))
    return [file for file in files() if load.load(file).require().id not in held]


def record(connection: Connection, given: Sequence[Path], told: Steps = untold) -> list[Done]:
    """Record the shipped files `given`, a revision each, and return each plan with its revision.

    `told` is called after each step.

    Raises:
        EpisodeFileError: a file does not fit what is held.
    """
    done: list[Done] = []
    for number, file in enumerate(given):
        source = load.load(file)
        source.file = file.name
        told(number * STEPS + 1, len(given) * STEPS)
        changes = plan(connection, source)
        told(number * STEPS + 2, len(given) * STEPS)
        title = "Episode 1" if file == package_data.first_episode() else file.name
        done.append((changes, apply(connection, changes, why=f"{title}, as shipped", by="positions")))
        told(number * STEPS + 3, len(given) * STEPS)
    return done


def differences(connection: Connection, given: Iterable[Path]) -> Sequence[ChangeSet]:
    """The plans that would change something, or leave out what was taken back, if the files `given` were recorded.

    Each plan names its file by the whole path.
    """
    plans = (replace(plan(connection, load.load(file)), file=str(file)) for file in given)
    return [changes for changes in plans if changes.changes or changes.left_out]
