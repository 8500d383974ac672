"""The order in which statements first entered the record, which they keep through corrections and being taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from positions.models import Episode, Outcome, Response
from positions.recording.changes import Change, Retracted
from positions.vocabulary import What


@dataclass(frozen=True, slots=True)
class Places:
    """The order of first entry: by name, the place of each statement, and the names that are in the record anew."""

    of: Mapping[str, int]
    fresh: frozenset[str]


def places(session: Session, changes: Iterable[Change]) -> Places:
    """For each response and outcome that `changes` record: its place in the order of first entry.

    What was in the record before, under the same name, keeps its place; what is new comes after all others.
    """
    statements = [
        one for one in changes if one.what in {What.RESPONSE, What.OUTCOME} and not isinstance(one, Retracted)
    ]
    names = [one.name for one in statements]
    first: dict[str, int] = {}
    for episode in {name.partition("/")[0] for name in names}:
        for table in (Response, Outcome):
            earlier = (
                select(table.slug, func.min(table.sequence))
                .join(Episode, Episode.id == table.episode_id)
                .where(Episode.slug == episode)
                .group_by(table.slug)
            )
            first |= {f"{episode}/{slug}": place for slug, place in session.execute(earlier)}
    last = max(session.scalar(select(func.max(table.sequence))) or 0 for table in (Response, Outcome))
    fresh = [name for name in names if name not in first]
    known_places = {name: first[name] for name in names if name in first}
    return Places(known_places | {name: last + place for place, name in enumerate(fresh, 1)}, frozenset(fresh))
