"""Responses as they were given (who spoke, when, where, in which words), and the mentions of items in them."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from positions import models
from positions.dates import Span
from positions.moment import Moment, oldest_first
from positions.queries.rows import Mention, Response

_SPEAKER, _REPORTER, _GIVER = (models.actor.alias() for _ in range(3))


def responses(connection: Connection, moment: Moment) -> list[Response]:
    """Every response visible at `moment`, oldest first; empty if there is none."""
    table, episode, given = models.response, models.episode, models.response_actor
    query = (
        select(
            table,
            episode.c.slug.label("episode"),
            func.coalesce(table.c.url, episode.c.url).label("address"),
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
    groups = grouped(connection.execute(query), lambda row: row.id)
    return [_response(rows[0], ids(row.actor for row in rows)) for rows in groups]


def _response(row: Any, by: tuple[str, ...]) -> Response:
    return Response(
        episode=row.episode,
        id=row.slug,
        by=by,
        said=Span(row.said_from, row.said_to),
        venue=row.venue,
        speaker=row.speaker,
        reported_by=row.reported_by,
        basis=row.basis,
        quote=row.quote,
        summary=row.summary,
        url=row.address,
    )


def mentions(connection: Connection, moment: Moment, which: ColumnElement[bool]) -> list[Mention]:
    """The mentions, in responses visible at `moment`, of items for which `which` is true, oldest first."""
    table, response = models.mention, models.response
    query = (
        select(
            *(table.c.id, table.c.kind, table.c.wording, table.c.scope, table.c.quote),
            *(response.c.slug, response.c.said_from, response.c.said_to, response.c.summary, response.c.basis),
            response.c.quote.label("whole_quote"),
            models.item.c.slug.label("item"),
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
    groups = grouped(connection.execute(query), lambda row: row.id)
    return [_mention(rows[0], ids(row.actor for row in rows)) for rows in groups]


def _mention(row: Any, by: tuple[str, ...]) -> Mention:
    return Mention(
        kind=row.kind,
        by=by,
        item=row.item,
        said=Span(row.said_from, row.said_to),
        wording=row.wording,
        scope=row.scope,
        quote=row.quote or row.whole_quote,
        summary=row.summary,
        speaker=row.speaker,
        basis=row.basis,
        episode=row.episode,
        response=row.slug,
    )


def grouped(rows: Iterable[Any], key: Callable[[Any], Hashable]) -> list[list[Any]]:
    """`rows` in lists of equal `key`, in the order in which the keys first appear."""
    groups: dict[Hashable, list[Any]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return list(groups.values())


def ids(slugs: Iterable[str | None]) -> tuple[str, ...]:
    """The ids in a column of an outer join, sorted, each once; None is left out."""
    return tuple(sorted({slug for slug in slugs if slug is not None}))
