"""The sources: which there are, what each added, and what each answers of the demands put to those who speak in it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, func, literal_column, select, true, union_all

from positions import models
from positions.moment import Moment
from positions.queries import items
from positions.queries.rows import Coverage, Episode, Item, Source, filled
from positions.queries.status import COUNTED, days_of_publication
from positions.vocabulary import Basis, ItemKind, Reading


def episodes(connection: Connection, moment: Moment) -> list[Episode]:
    """Every source that the record held and the public could know at `moment`, by day of publication."""
    counts = _counts(connection, moment)
    query = select(models.episode).where(moment.episodes()).order_by(models.episode.c.published, models.episode.c.id)
    return [
        filled(Episode, row, id=row.slug, published=days_of_publication(row), counts=counts[row.id])
        for row in connection.execute(query)
    ]


def source(connection: Connection, moment: Moment, slug: str) -> Source | None:
    """The episode `slug` at length; None if the record did not hold it, or the public not know it, at `moment`.

    Coverage is of the demands that had been put to actors who speak in the episode, or to their side by another side,
    as of the last day on which the episode says anything: a paper is published later than it is written. An offer made
    in the episode takes up the demands that it answers.
    """
    query = select(models.episode).where(models.episode.c.slug == slug, moment.episodes())
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return filled(
        Source,
        row,
        id=row.slug,
        published=days_of_publication(row),
        counts=_counts(connection, moment)[row.id],
        coverage=_coverage(connection, replace(moment, as_of=_written(connection, moment, row)), row),
        added=_added(connection, moment, row.id),
    )


def _counts(connection: Connection, moment: Moment) -> Mapping[int, Mapping[str, int]]:
    """By row number of an episode: how many rows of each kind it has."""
    queries = (
        select(table.c.episode_id, literal_column(f"'{name}'"), func.count())
        .where(moment.holds(table), which)
        .group_by(table.c.episode_id)
        for name, (table, which) in COUNTED.items()
    )
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTED, 0))
    for episode, name, number in connection.execute(union_all(*queries)):
        found[episode][name] = number
    return found


def _written(connection: Connection, moment: Moment, episode: Row[*tuple[Any, ...]]) -> date:
    """The last day on which anything in the episode was said; its day of publication if it says nothing."""
    said = (
        select(day).where(table.c.episode_id == episode.id, moment.holds(table))
        for table, day in (
            (models.response, models.response.c.said_to),
            (models.outcome, models.outcome.c.said_to),
            (models.item, func.coalesce(models.item.c.said_to, models.item.c.made_to)),
        )
    )
    days = [day for day in connection.scalars(union_all(*said)) if day is not None]
    return max(days, default=episode.published)


def _coverage(connection: Connection, then: Moment, episode: Row[*tuple[Any, ...]]) -> Coverage:
    answers = _taken_up(connection, then, episode.id, models.stance)
    mentions = _taken_up(connection, then, episode.id, models.mention)
    sides = _sides(connection, then)
    speakers = _speakers(connection, then, episode.id)
    made = items.load(connection, then, then.on_the_table(), current=()).items
    put = [item for item in made if not item.ended and _is_put_to(item, speakers, sides)]
    answered = [item.id for item in put if answers[item.id] & set(item.to)]
    met = {demand for item in made if item.episode == episode.slug for demand in item.answers}
    taken_up = [
        item.id for item in put if item.id not in answered and (item.id in met or mentions[item.id] & set(item.to))
    ]
    others = [item.id for item in put if item.id not in answered and item.id not in taken_up]
    is_whole = episode.read is Reading.WHOLE
    return Coverage(
        answered=tuple(answered),
        taken_up=tuple(taken_up),
        passed_over=tuple(others) if is_whole else (),
        not_seen=() if is_whole else tuple(others),
    )


def _is_put_to(item: Item, speakers: set[str], sides: dict[str, str | None]) -> bool:
    """Whether `item` is a demand put to one of the `speakers`, or by another side to the side of one."""
    asked = {sides.get(actor) for actor in item.to} & {sides.get(actor) for actor in speakers}
    return item.kind is ItemKind.DEMAND and bool(speakers.intersection(item.to) or asked - {item.side, None})


def _taken_up(connection: Connection, moment: Moment, episode: int, table: FromClause) -> dict[str, set[str]]:
    """By item: the actors whose responses in the episode have a row of `table` on it."""
    found: dict[str, set[str]] = defaultdict(set)
    query = (
        select(models.item.c.slug, models.actor.c.slug)
        .join(table, table.c.item_id == models.item.c.id)
        .join(models.response, models.response.c.id == table.c.response_id)
        .join(models.response_actor, models.response_actor.c.response_id == models.response.c.id)
        .join(models.actor, models.actor.c.id == models.response_actor.c.actor_id)
        .where(models.response.c.episode_id == episode, moment.holds(models.response), _in_own_words())
    )
    for item, actor in connection.execute(query):
        found[item].add(actor)
    return found


def _speakers(connection: Connection, moment: Moment, episode: int) -> set[str]:
    table = models.response_actor
    query = (
        select(models.actor.c.slug)
        .join(table, table.c.actor_id == models.actor.c.id)
        .join(models.response, models.response.c.id == table.c.response_id)
        .where(models.response.c.episode_id == episode, moment.holds(models.response), _in_own_words())
    )
    return set(connection.scalars(query))


def _in_own_words() -> ColumnElement[bool]:
    """What another side alleges of an actor is no answer of that actor."""
    return models.response.c.basis != Basis.ALLEGED


def _sides(connection: Connection, moment: Moment) -> dict[str, str | None]:
    query = (
        select(models.actor.c.slug, models.side.c.slug)
        .outerjoin(models.side, models.side.c.id == models.actor.c.side_id)
        .where(moment.holds(models.actor))
    )
    return dict(connection.execute(query).all())


def _added(connection: Connection, moment: Moment, episode: int) -> dict[str, tuple[str, ...]]:
    """By kind: the ids that the episode brought into the record and that are held, in the order of recording."""
    found = {}
    for name, (table, which) in {"actors": (models.actor, true()), **COUNTED}.items():
        if table is not models.stance:
            own = select(table.c.slug).where(table.c.episode_id == episode, moment.holds(table), which)
            found[name] = tuple(connection.scalars(own.order_by(table.c.id)))
    return found
