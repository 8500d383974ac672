"""The episodes that travel with the program: recording those that a database lacks, never correcting one unasked."""

from collections.abc import Iterable, Sequence
from dataclasses import replace as changed
from pathlib import Path

from sqlalchemy import Connection, select

from positions import models, shipped
from positions.episode_file import load
from positions.recording.apply import apply
from positions.recording.changes import ChangeSet
from positions.recording.files import STEPS, Done, Steps, untold
from positions.recording.plan import plan


def files() -> list[Path]:
    """Every shipped episode file: Episode 1, then the others in their order."""
    first = shipped.first_episode()
    return [first, *(one for one in shipped.episodes() if one != first)]


def missing(connection: Connection) -> list[Path]:
    """The shipped files whose episode the record does not hold, in the order of recording."""
    held = set(connection.scalars(select(models.episode.c.slug).where(models.episode.c.retracted_in.is_(None))))
    return [one for one in files() if load.load(one).require().id not in held]


def record(connection: Connection, given: Sequence[Path], told: Steps = untold) -> list[Done]:
    """Record the shipped files `given`, a revision each: each plan with its revision. `told` hears of each step.

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
        title = "Episode 1" if file == shipped.first_episode() else file.name
        done.append((changes, apply(connection, changes, why=f"{title}, as shipped", by="positions")))
        told(number * STEPS + 3, len(given) * STEPS)
    return done


def differences(connection: Connection, given: Iterable[Path]) -> Sequence[ChangeSet]:
    """What recording the shipped files `given` would change, or leave out because it was taken back, one after another.

    Each names its file by the whole path.
    """
    plans = (changed(plan(connection, load.load(one)), file=str(one)) for one in given)
    return [one for one in plans if one.changes or one.left_out]
