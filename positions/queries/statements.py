"""Responses as they were given: who spoke, when, where, in which words."""

from collections import defaultdict

from sqlalchemy import Connection, func, select

from positions import models
from positions.dates import Span
from positions.moment import Moment
from positions.queries.rows import Response


def responses(connection: Connection, moment: Moment) -> list[Response]:
    """Every response visible at `moment`, oldest first; empty when nobody has said anything by then."""
    speaker, reporter = models.actor.alias(), models.actor.alias()
    table, episode = models.response, models.episode
    by = _givers(connection)
    query = (
        select(
            table,
            episode.c.slug.label("episode"),
            func.coalesce(table.c.url, episode.c.url).label("address"),
            speaker.c.slug.label("speaker"),
            reporter.c.slug.label("reported_by"),
        )
        .join(episode, episode.c.id == table.c.episode_id)
        .outerjoin(speaker, speaker.c.id == table.c.speaker_id)
        .outerjoin(reporter, reporter.c.id == table.c.reported_by_id)
        .where(moment.visible(table))
        .order_by(table.c.said_from, table.c.said_to, table.c.sequence)
    )
    return [
        Response(
            episode=one.episode,
            id=one.slug,
            by=tuple(sorted(by[one.id])),
            said=Span(one.said_from, one.said_to),
            venue=one.venue,
            speaker=one.speaker,
            reported_by=one.reported_by,
            basis=one.basis,
            quote=one.quote,
            summary=one.summary,
            url=one.address,
        )
        for one in connection.execute(query)
    ]


def _givers(connection: Connection) -> dict[int, list[str]]:
    """By row number of a response: who gave it."""
    table = models.response_actor
    found: dict[int, list[str]] = defaultdict(list)
    query = select(table.c.response_id, models.actor.c.slug).join(models.actor, models.actor.c.id == table.c.actor_id)
    for number, actor in connection.execute(query):
        found[number].append(actor)
    return found
