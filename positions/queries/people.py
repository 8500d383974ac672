"""Who is at the table."""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from positions import models
from positions.moment import Moment
from positions.queries.rows import Actor, Side
from positions.vocabulary import ItemKind, Role


def actors(session: Session, moment: Moment) -> list[Actor]:
    """Every actor that the record held at `moment`, by side (third parties last), persons after whom they speak for.

    The counts are of demands and offers made, and of items on which a stance is recorded.
    """
    principal = aliased(models.Actor)
    side, theirs = models.Side, aliased(models.Side)
    query = (
        select(models.Actor, func.coalesce(side.slug, theirs.slug), principal.slug)
        .outerjoin(side, side.id == models.Actor.side_id)
        .outerjoin(principal, principal.id == models.Actor.speaks_for_id)
        .outerjoin(theirs, theirs.id == principal.side_id)
        .where(moment.holds(models.Actor))
    )
    made = _made(session, moment)
    places = _places(session, moment)
    found = [
        Actor(
            id=one.slug,
            kind=one.kind,
            name=one.name,
            side=whose,
            speaks_for=speaks_for,
            role=one.role,
            demands=made[one.id, ItemKind.DEMAND],
            offers=made[one.id, ItemKind.OFFER],
            stances=places[one.id],
        )
        for one, whose, speaks_for in session.execute(query)
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


def sides(session: Session, moment: Moment) -> list[Side]:
    """The sides that the record held at `moment`, as they were recorded."""
    query = select(models.Side.slug, models.Side.name).where(moment.holds(models.Side)).order_by(models.Side.id)
    return [Side(*row) for row in session.execute(query)]


def _made(session: Session, moment: Moment) -> Counter[tuple[int, ItemKind]]:
    query = (
        select(models.ItemActor.actor_id, models.Item.kind, func.count(models.Item.id.distinct()))
        .join(models.Item, models.Item.id == models.ItemActor.item_id)
        .where(models.ItemActor.role == Role.MAKER, moment.ties(models.ItemActor, models.Item), moment.on_the_table())
        .group_by(models.ItemActor.actor_id, models.Item.kind)
    )
    return Counter({(actor, kind): number for actor, kind, number in session.execute(query)})


def _places(session: Session, moment: Moment) -> Counter[int]:
    table = models.Stance
    query = (
        select(table.actor_id, func.count(table.item_id.distinct()))
        .where(moment.visible(table))
        .group_by(table.actor_id)
    )
    return Counter(dict(session.execute(query).all()))
