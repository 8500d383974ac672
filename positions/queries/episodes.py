"""The sources: which there are, what each added, and what each answers of the other side's demands."""

from collections import defaultdict
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from positions import models
from positions.moment import Moment
from positions.queries import items
from positions.queries.rows import Coverage, Episode, Item, Source
from positions.vocabulary import ItemKind, Reading


def episodes(session: Session, moment: Moment) -> list[Episode]:
    """Every source that the record held and the public could know at `moment`, by day of publication."""
    counts: dict[str, dict[int, int]] = {}
    for name, table in (
        ("responses", models.Response),
        ("outcomes", models.Outcome),
        ("packages", models.Package),
    ):
        counts[name] = _counted(session, moment, table)
    for name, kind in (("demands", models.Demand), ("offers", models.Offer)):
        counts[name] = _counted(session, moment, kind)
    counts["stances"] = _counted(session, moment, models.Stance)
    query = select(models.Episode).where(moment.episodes()).order_by(models.Episode.published, models.Episode.id)
    order = ("demands", "offers", "packages", "responses", "stances", "outcomes")
    return [
        Episode(
            id=one.slug,
            kind=one.kind,
            title=one.title,
            published=one.published,
            author=one.author,
            url=one.url,
            counts={name: counts[name].get(one.id, 0) for name in order},
            publisher=one.publisher,
            summary=one.summary,
            read=one.read,
            missing=one.missing,
        )
        for one in session.scalars(query)
    ]


def source(session: Session, moment: Moment, slug: str) -> Source | None:
    """The episode `slug` at length; None if the record did not hold it, or the public not know it, at `moment`.

    Coverage is of the demands on the table on its day of publication that one side put to another side whose actors
    speak in the episode.
    """
    listed = {one.id: one for one in episodes(session, moment)}
    if slug not in listed:
        return None
    row = session.scalars(select(models.Episode).where(models.Episode.slug == slug, moment.holds(models.Episode))).one()
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
        coverage=_coverage(session, replace(moment, as_of=row.published), row),
        publisher=row.publisher,
        language=row.language,
        read=row.read,
        missing=row.missing,
        added=_added(session, moment, row.id),
    )


def _coverage(session: Session, then: Moment, episode: models.Episode) -> Coverage:
    answers = _taken_up(session, then, episode.id, models.Stance)
    mentions = _taken_up(session, then, episode.id, models.Mention)
    sides = _sides(session, then)
    speaking = {sides.get(actor) for actor in _speakers(session, then, episode.id)} - {None}
    put = [one for one in items.on_the_table(session, then) if _is_put_to(one, speaking, sides)]
    answered = [one.id for one in put if answers[one.id] & set(one.to)]
    taken_up = [one.id for one in put if one.id not in answered and mentions[one.id] & set(one.to)]
    silent = [one.id for one in put if one.id not in answered and one.id not in taken_up]
    is_whole = episode.read is Reading.WHOLE
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


def _taken_up(
    session: Session, moment: Moment, episode: int, table: type[models.Stance] | type[models.Mention]
) -> dict[str, set[str]]:
    """By item: the actors whose responses in the episode have a row of `table` on it."""
    found: dict[str, set[str]] = defaultdict(set)
    query = (
        select(models.Item.slug, models.Actor.slug)
        .join(table, table.item_id == models.Item.id)
        .join(models.Response, models.Response.id == table.response_id)
        .join(models.ResponseActor, models.ResponseActor.response_id == models.Response.id)
        .join(models.Actor, models.Actor.id == models.ResponseActor.actor_id)
        .where(models.Response.episode_id == episode, moment.holds(models.Response))
    )
    for item, actor in session.execute(query):
        found[item].add(actor)
    return found


def _speakers(session: Session, moment: Moment, episode: int) -> set[str]:
    table = models.ResponseActor
    query = (
        select(models.Actor.slug)
        .join(table, table.actor_id == models.Actor.id)
        .join(models.Response, models.Response.id == table.response_id)
        .where(models.Response.episode_id == episode, moment.holds(models.Response))
    )
    return set(session.scalars(query))


def _sides(session: Session, moment: Moment) -> dict[str, str | None]:
    query = (
        select(models.Actor.slug, models.Side.slug)
        .outerjoin(models.Side, models.Side.id == models.Actor.side_id)
        .where(moment.holds(models.Actor))
    )
    return dict(session.execute(query).all())


def _added(session: Session, moment: Moment, episode: int) -> dict[str, tuple[str, ...]]:
    """By kind: the ids that the episode brought into the record and that are held, in the order of recording."""
    found: dict[str, tuple[str, ...]] = {}
    for name, table in (
        ("actors", models.Actor),
        ("demands", models.Demand),
        ("offers", models.Offer),
        ("packages", models.Package),
        ("responses", models.Response),
        ("outcomes", models.Outcome),
    ):
        query = select(table.slug).where(table.episode_id == episode, moment.holds(table)).order_by(table.id)
        found[name] = tuple(session.scalars(query))
    return found


def _counted(session: Session, moment: Moment, table: type[models.Recorded]) -> dict[int, int]:
    owner = table.episode_id  # type: ignore[attr-defined]
    query = select(owner, func.count()).where(moment.holds(table)).group_by(owner)
    if issubclass(table, models.Item):
        kind = ItemKind.DEMAND if table is models.Demand else ItemKind.OFFER
        query = query.where(models.Item.kind == kind)
    return dict(session.execute(query).all())
