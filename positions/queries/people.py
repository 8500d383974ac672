"""Who is at the table."""

from collections import Counter

from sqlalchemy import Connection, func, select

from positions import models
from positions.moment import Moment
from positions.queries.rows import Actor, Side
from positions.vocabulary import ItemKind, Role


def actors(connection: Connection, moment: Moment) -> list[Actor]:
    """Every actor that the record held at `moment`, by side (third parties last), persons after whom they speak for.

    The counts are of demands and offers made, and of items on which a stance is recorded.
    """
    principal = models.actor.alias()
    side, theirs = models.side, models.side.alias()
    query = (
        select(
            models.actor,
            func.coalesce(side.c.slug, theirs.c.slug).label("side"),
            principal.c.slug.label("speaks_for"),
        )
        .outerjoin(side, side.c.id == models.actor.c.side_id)
        .outerjoin(principal, principal.c.id == models.actor.c.speaks_for_id)
        .outerjoin(theirs, theirs.c.id == principal.c.side_id)
        .where(moment.holds(models.actor))
    )
    made = _made(connection, moment)
    places = _places(connection, moment)
    found = [
        Actor(
            id=one.slug,
            kind=one.kind,
            name=one.name,
            side=one.side,
            speaks_for=one.speaks_for,
            role=one.role,
            demands=made[one.id, ItemKind.DEMAND],
            offers=made[one.id, ItemKind.OFFER],
            stances=places[one.id],
        )
        for one in connection.execute(query)
    ]
    return sorted(
        found,
        key=lambda one: (
            one.side is None,
            one.side or "",
            one.speaks_for or one.id,
            one.speaks_for or "",
            one.id,
        ),
    )


def sides(connection: Connection, moment: Moment) -> list[Side]:
    """The sides that the record held at `moment`, as they were recorded."""
    query = select(models.side.c.slug, models.side.c.name).where(moment.holds(models.side)).order_by(models.side.c.id)
    return [Side(*row) for row in connection.execute(query)]


def _made(connection: Connection, moment: Moment) -> Counter[tuple[int, ItemKind]]:
    query = (
        select(models.item_actor.c.actor_id, models.item.c.kind, func.count(models.item.c.id.distinct()))
        .join(models.item, models.item.c.id == models.item_actor.c.item_id)
        .where(
            models.item_actor.c.role == Role.MAKER, moment.ties(models.item_actor, models.item), moment.on_the_table()
        )
        .group_by(models.item_actor.c.actor_id, models.item.c.kind)
    )
    return Counter({(actor, kind): number for actor, kind, number in connection.execute(query)})


def _places(connection: Connection, moment: Moment) -> Counter[int]:
    table = models.stance
    query = (
        select(table.c.actor_id, func.count(table.c.item_id.distinct()))
        .where(moment.visible(table))
        .group_by(table.c.actor_id)
    )
    return Counter(dict(connection.execute(query).all()))
