"""The sources: which there are, what each added, and what each answers of the other side's demands."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Table, func, select, true

from positions import models
from positions.moment import Moment
from positions.queries import items
from positions.queries.rows import Coverage, Episode, Item, Source
from positions.vocabulary import ItemKind, Reading

_ANY: ColumnElement[bool] = true()


def episodes(connection: Connection, moment: Moment) -> list[Episode]:
    """Every source that the record held and the public could know at `moment`, by day of publication."""
    tables = (models.package, models.response, models.stance, models.outcome)
    counts = {
        "demands": _counted(connection, moment, models.item, models.item.c.kind == ItemKind.DEMAND),
        "offers": _counted(connection, moment, models.item, models.item.c.kind == ItemKind.OFFER),
        **{f"{table.name}s": _counted(connection, moment, table) for table in tables},
    }
    query = select(models.episode).where(moment.episodes()).order_by(models.episode.c.published, models.episode.c.id)
    return [
        Episode(
            id=one.slug,
            kind=one.kind,
            title=one.title,
            published=one.published,
            author=one.author,
            url=one.url,
            counts={name: counted.get(one.id, 0) for name, counted in counts.items()},
            publisher=one.publisher,
            summary=one.summary,
            read=one.read,
            missing=one.missing,
        )
        for one in connection.execute(query)
    ]


def source(connection: Connection, moment: Moment, slug: str) -> Source | None:
    """The episode `slug` at length; None if the record did not hold it, or the public not know it, at `moment`.

    Coverage is of the demands on the table on its day of publication that one side put to another side whose actors
    speak in the episode.
    """
    listed = {one.id: one for one in episodes(connection, moment)}
    if slug not in listed:
        return None
    row = connection.execute(
        select(models.episode).where(models.episode.c.slug == slug, moment.holds(models.episode))
    ).one()
    brief = listed[slug]
    return Source(
        id=slug,
        kind=brief.kind,
        title=brief.title,
        published=brief.published,
        author=brief.author,
        url=brief.url,
        counts=brief.counts,
        summary=row.summary,
        coverage=_coverage(connection, replace(moment, as_of=row.published), row.id, row.read),
        publisher=row.publisher,
        language=row.language,
        read=row.read,
        missing=row.missing,
        added=_added(connection, moment, row.id),
    )


def _coverage(connection: Connection, then: Moment, episode: int, read: Reading) -> Coverage:
    answers = _taken_up(connection, then, episode, models.stance)
    mentions = _taken_up(connection, then, episode, models.mention)
    sides = _sides(connection, then)
    speaking = {sides.get(actor) for actor in _speakers(connection, then, episode)} - {None}
    put = [one for one in items.on_the_table(connection, then) if _is_put_to(one, speaking, sides)]
    answered = [one.id for one in put if answers[one.id] & set(one.to)]
    taken_up = [one.id for one in put if one.id not in answered and mentions[one.id] & set(one.to)]
    silent = [one.id for one in put if one.id not in answered and one.id not in taken_up]
    is_whole = read is Reading.WHOLE
    return Coverage(
        answered=tuple(answered),
        taken_up=tuple(taken_up),
        passed_over=tuple(silent) if is_whole else (),
        not_seen=() if is_whole else tuple(silent),
    )


def _is_put_to(one: Item, speaking: set[str | None], sides: dict[str, str | None]) -> bool:
    """Whether `one` is a demand that another side puts to one of the sides that speak."""
    asked = {sides.get(actor) for actor in one.to} & speaking
    return one.kind is ItemKind.DEMAND and bool(asked - {one.side})


def _taken_up(connection: Connection, moment: Moment, episode: int, table: FromClause) -> dict[str, set[str]]:
    """By item: the actors whose responses in the episode have a row of `table` on it."""
    found: dict[str, set[str]] = defaultdict(set)
    query = (
        select(models.item.c.slug, models.actor.c.slug)
        .join(table, table.c.item_id == models.item.c.id)
        .join(models.response, models.response.c.id == table.c.response_id)
        .join(models.response_actor, models.response_actor.c.response_id == models.response.c.id)
        .join(models.actor, models.actor.c.id == models.response_actor.c.actor_id)
        .where(models.response.c.episode_id == episode, moment.holds(models.response))
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
        .where(models.response.c.episode_id == episode, moment.holds(models.response))
    )
    return set(connection.scalars(query))


def _sides(connection: Connection, moment: Moment) -> dict[str, str | None]:
    query = (
        select(models.actor.c.slug, models.side.c.slug)
        .outerjoin(models.side, models.side.c.id == models.actor.c.side_id)
        .where(moment.holds(models.actor))
    )
    return dict(connection.execute(query).all())


def _added(connection: Connection, moment: Moment, episode: int) -> dict[str, tuple[str, ...]]:
    """By kind: the ids that the episode brought into the record and that are held, in the order of recording."""
    item, found = models.item, {}
    for name, table, which in (
        ("actors", models.actor, true()),
        ("demands", item, item.c.kind == ItemKind.DEMAND),
        ("offers", item, item.c.kind == ItemKind.OFFER),
        ("packages", models.package, true()),
        ("responses", models.response, true()),
        ("outcomes", models.outcome, true()),
    ):
        own = select(table.c.slug).where(table.c.episode_id == episode, moment.holds(table), which)
        found[name] = tuple(connection.scalars(own.order_by(table.c.id)))
    return found


def _counted(
    connection: Connection, moment: Moment, table: Table[Any], which: ColumnElement[bool] = _ANY
) -> dict[int, int]:
    """By episode: how many rows of `table` it has."""
    owner = table.c.episode_id
    query = select(owner, func.count()).where(moment.holds(table), which).group_by(owner)
    return dict(connection.execute(query).all())
