"""Responses as they were given (who spoke, when, where, in which words), and the mentions of items in them."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, func, select

from positions import models
from positions.dates import Span
from positions.moment import Moment, oldest_first
from positions.queries.rows import Mention, Response, filled, grouped, ids

_Row = TypeVar("_Row", Mention, Response)
_SPEAKER, _REPORTER, _GIVER = (models.actor.alias() for _ in range(3))


def responses(connection: Connection, moment: Moment) -> list[Response]:
    """Every response visible at `moment`, oldest first; empty if there is none."""
    table, episode, given = models.response, models.episode, models.response_actor
    query = (
        select(
            *(table.c.id.label("number"), table.c.slug.label("id"), episode.c.slug.label("episode")),
            *(table.c.said_from, table.c.said_to, table.c.venue, table.c.basis, table.c.quote, table.c.summary),
            func.coalesce(table.c.url, episode.c.url).label("url"),
            _SPEAKER.c.slug.label("speaker"),
            _REPORTER.c.slug.label("reported_by"),
            _GIVER.c.slug.label("actor"),
        )
        .join(episode, episode.c.id == table.c.episode_id)
        .outerjoin(_SPEAKER, _SPEAKER.c.id == table.c.speaker_id)
        .outerjoin(_REPORTER, _REPORTER.c.id == table.c.reported_by_id)
        .outerjoin(given, given.c.response_id == table.c.id)
        .outerjoin(_GIVER, _GIVER.c.id == given.c.actor_id)
        .where(moment.visible(table))
        .order_by(*oldest_first(table))
    )
    return _given(Response, connection.execute(query))


def mentions(connection: Connection, moment: Moment, which: ColumnElement[bool]) -> list[Mention]:
    """The mentions, in responses visible at `moment`, of items for which `which` is true, oldest first."""
    table, response = models.mention, models.response
    query = (
        select(
            *(table.c.id.label("number"), table.c.kind, table.c.wording, table.c.scope),
            func.coalesce(table.c.quote, response.c.quote).label("quote"),
            *(response.c.said_from, response.c.said_to, response.c.summary, response.c.basis),
            *(response.c.slug.label("response"), models.item.c.slug.label("item")),
            models.episode.c.slug.label("episode"),
            _SPEAKER.c.slug.label("speaker"),
            _GIVER.c.slug.label("actor"),
        )
        .join(response, response.c.id == table.c.response_id)
        .join(models.item, models.item.c.id == table.c.item_id)
        .join(models.episode, models.episode.c.id == response.c.episode_id)
        .outerjoin(_SPEAKER, _SPEAKER.c.id == response.c.speaker_id)
        .outerjoin(models.response_actor, models.response_actor.c.response_id == response.c.id)
        .outerjoin(_GIVER, _GIVER.c.id == models.response_actor.c.actor_id)
        .where(which, moment.visible(response))
        .order_by(*oldest_first(response), table.c.id)
    )
    return _given(Mention, connection.execute(query))


def _given(kind: type[_Row], found: Iterable[Any]) -> list[_Row]:
    """A row of `kind` for each `number` in the rows `found`, of which there is one for each actor who gave it."""
    return [
        filled(kind, rows[0], by=ids(row.actor for row in rows), said=Span(rows[0].said_from, rows[0].said_to))
        for rows in grouped(found, lambda row: row.number).values()
    ]
