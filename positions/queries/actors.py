"""Actors and sides, and how many items each actor has made and answered."""

from sqlalchemy import ColumnElement, Connection, Subquery, case, func, select

from positions import models
from positions.moment import Moment
from positions.queries.rows import Actor, Side
from positions.vocabulary import ItemKind, Role

_PRINCIPAL, _THEIR_SIDE = models.actor.alias(), models.side.alias()


def actors(connection: Connection, moment: Moment) -> list[Actor]:
    """Every actor held at `moment`: by side, third parties last, persons after the actor they speak for.

    Each with the number of demands and offers that it made, and of items on which it has a stance.
    """
    actor, side, made, placed = models.actor, models.side, _made(moment), _placed(moment)
    counts = (made.c.demands, made.c.offers, placed.c.stances)
    query = (
        select(
            *(actor.c.slug.label("id"), actor.c.kind, actor.c.name, actor.c.role),
            func.coalesce(side.c.slug, _THEIR_SIDE.c.slug).label("side"),
            _PRINCIPAL.c.slug.label("speaks_for"),
            *(func.coalesce(count, 0).label(count.key) for count in counts),
        )
        .outerjoin(side, side.c.id == actor.c.side_id)
        .outerjoin(_PRINCIPAL, _PRINCIPAL.c.id == actor.c.speaks_for_id)
        .outerjoin(_THEIR_SIDE, _THEIR_SIDE.c.id == _PRINCIPAL.c.side_id)
        .outerjoin(made, made.c.actor_id == actor.c.id)
        .outerjoin(placed, placed.c.actor_id == actor.c.id)
        .where(moment.holds(actor))
    )
    return sorted((Actor(**row) for row in connection.execute(query).mappings()), key=_by_side)


def _by_side(actor: Actor) -> tuple[bool, str, str, str, str]:
    return actor.side is None, actor.side or "", actor.speaks_for or actor.id, actor.speaks_for or "", actor.id


def sides(connection: Connection, moment: Moment) -> list[Side]:
    """The sides that the record held at `moment`, in the order of recording."""
    query = select(models.side.c.slug, models.side.c.name).where(moment.holds(models.side)).order_by(models.side.c.id)
    return [Side(*row) for row in connection.execute(query)]


def _made(moment: Moment) -> Subquery:
    """By actor: the number of demands and offers that it has put on the table."""
    tie, item = models.item_actor, models.item

    def count(kind: ItemKind) -> ColumnElement[int]:
        return func.count(case((item.c.kind == kind, item.c.id)).distinct())

    query = (
        select(tie.c.actor_id, count(ItemKind.DEMAND).label("demands"), count(ItemKind.OFFER).label("offers"))
        .join(item, item.c.id == tie.c.item_id)
        .where(tie.c.role == Role.MAKER, moment.ties(tie, item), moment.on_the_table())
        .group_by(tie.c.actor_id)
    )
    return query.subquery()


def _placed(moment: Moment) -> Subquery:
    """By actor: the number of items on which it has a stance."""
    table = models.stance
    count = func.count(table.c.item_id.distinct()).label("stances")
    return select(table.c.actor_id, count).where(moment.visible(table)).group_by(table.c.actor_id).subquery()
