"""The order in which statements first entered the record, which they keep through corrections and being taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from positions import models
from positions.recording.changes import Change, Retracted
from positions.vocabulary import What

_STATEMENTS = (models.response, models.outcome)


@dataclass(frozen=True, slots=True)
class Places:
    """The order of first entry: by name, the place of each statement, and the names that are in the record anew."""

    of: Mapping[str, int]
    fresh: frozenset[str]


def places(connection: Connection, changes: Iterable[Change]) -> Places:
    """For each response and outcome that `changes` record: its place in the order of first entry.

    What was in the record before, under the same name, keeps its place; what is new comes after all others.
    """
    statements = [
        one for one in changes if one.what in {What.RESPONSE, What.OUTCOME} and not isinstance(one, Retracted)
    ]
    names = [one.name for one in statements]
    first: dict[str, int] = {}
    for episode in {name.partition("/")[0] for name in names}:
        for table in _STATEMENTS:
            earlier = (
                select(table.c.slug, func.min(table.c.sequence))
                .join(models.episode, models.episode.c.id == table.c.episode_id)
                .where(models.episode.c.slug == episode)
                .group_by(table.c.slug)
            )
            first |= {f"{episode}/{slug}": place for slug, place in connection.execute(earlier)}
    last = max(connection.scalar(select(func.max(table.c.sequence))) or 0 for table in _STATEMENTS)
    fresh = [name for name in names if name not in first]
    known_places = {name: first[name] for name in names if name in first}
    return Places(known_places | {name: last + place for place, name in enumerate(fresh, 1)}, frozenset(fresh))
