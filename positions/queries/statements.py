"""Responses as they were given: who spoke, when, where, in which words."""

from collections import defaultdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from positions import models
from positions.dates import Span
from positions.moment import Moment
from positions.queries.rows import Response


def responses(session: Session, moment: Moment) -> list[Response]:
    """Every response visible at `moment`, oldest first; empty when nobody has said anything by then."""
    speaker, reporter = aliased(models.Actor), aliased(models.Actor)
    table, episode = models.Response, models.Episode
    by = _givers(session)
    query = (
        select(table, episode.slug, func.coalesce(table.url, episode.url), speaker.slug, reporter.slug)
        .join(episode, episode.id == table.episode_id)
        .outerjoin(speaker, speaker.id == table.speaker_id)
        .outerjoin(reporter, reporter.id == table.reported_by_id)
        .where(moment.visible(table))
        .order_by(table.said_from, table.said_to, table.sequence)
    )
    return [
        Response(
            episode=source,
            id=one.slug,
            by=tuple(sorted(by[one.id])),
            said=Span(one.said_from, one.said_to),
            venue=one.venue,
            speaker=voice,
            reported_by=teller,
            basis=one.basis,
            quote=one.quote,
            summary=one.summary,
            url=url,
        )
        for one, source, url, voice, teller in session.execute(query)
    ]


def _givers(session: Session) -> dict[int, list[str]]:
    """By row number of a response: who gave it."""
    table = models.ResponseActor
    found: dict[int, list[str]] = defaultdict(list)
    query = select(table.response_id, models.Actor.slug).join(models.Actor, models.Actor.id == table.actor_id)
    for number, actor in session.execute(query):
        found[number].append(actor)
    return found
