"""Where a database is, how far it reaches, and what it knows that it lacks."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select, text, true, union_all

from positions import __version__, models
from positions.moment import Moment
from positions.queries.episodes import days_of_publication
from positions.queries.log import newest
from positions.queries.rows import LastRead, Missing, Status
from positions.vocabulary import Basis, ItemKind, Reading, Role


def status(connection: Connection, place: str, schema: str) -> Status:
    """What is held now in the database at `place`, whose schema is `schema`."""
    item = models.item
    counted: dict[str, tuple[Table[Any], ColumnElement[bool]]] = {
        "episodes": (models.episode, true()),
        "actors": (models.actor, true()),
        "demands": (item, item.c.kind == ItemKind.DEMAND),
        "offers": (item, item.c.kind == ItemKind.OFFER),
        "packages": (models.package, true()),
        "responses": (models.response, true()),
        "stances": (models.stance, true()),
        "outcomes": (models.outcome, true()),
    }
    held = Moment().holds
    counts = {
        name: int(connection.scalar(select(func.count(table.c.id)).where(held(table), which)) or 0)
        for name, (table, which) in counted.items()
    }
    return Status(
        database=place,
        version=__version__,
        schema=schema,
        engine=_engine(connection),
        revision=newest(connection),
        counts=counts,
        last_read=last_read(connection, Moment()),
        missing=tuple(
            Missing(slug, missing or "")
            for slug, missing in connection.execute(
                select(models.episode.c.slug, models.episode.c.missing)
                .where(held(models.episode), models.episode.c.read == Reading.PART)
                .order_by(models.episode.c.published, models.episode.c.id)
            )
        ),
    )


def _engine(connection: Connection) -> str:
    dialect = connection.dialect.name
    query = "SELECT sqlite_version()" if dialect == "sqlite" else "SHOW server_version"
    name = "SQLite" if dialect == "sqlite" else "PostgreSQL"
    return f"{name} {connection.scalar(text(query))}"


def last_read(connection: Connection, moment: Moment) -> dict[str, LastRead]:
    """By side: the latest published source, of those visible at `moment`, that has something of one of its actors.

    They speak, put something on the table or bring something about; what the other side tells of them does not count.
    """
    response, outcome, item = models.response, models.outcome, models.item
    spoke = union_all(
        select(models.response_actor.c.actor_id, response.c.episode_id)
        .join(response, response.c.id == models.response_actor.c.response_id)
        .where(moment.visible(response), response.c.basis != Basis.ALLEGED),
        select(models.outcome_actor.c.actor_id, outcome.c.episode_id)
        .join(outcome, outcome.c.id == models.outcome_actor.c.outcome_id)
        .where(moment.visible(outcome), func.coalesce(outcome.c.basis, Basis.STATED) != Basis.ALLEGED),
        select(models.item_actor.c.actor_id, item.c.episode_id)
        .join(item, item.c.id == models.item_actor.c.item_id)
        .where(moment.on_the_table(), models.item_actor.c.role == Role.MAKER, item.c.basis != Basis.ALLEGED),
    ).subquery()
    actor, episode, side = models.actor, models.episode, models.side
    query = (
        select(
            side.c.slug.label("side"), episode.c.slug.label("episode"), episode.c.published, episode.c.published_from
        )
        .join(actor, actor.c.side_id == side.c.id)
        .join(spoke, spoke.c.actor_id == actor.c.id)
        .join(episode, episode.c.id == spoke.c.episode_id)
        .where(moment.holds(side), moment.episodes())
        .order_by(episode.c.published, episode.c.id)
    )
    return {row.side: LastRead(row.episode, days_of_publication(row)) for row in connection.execute(query)}
