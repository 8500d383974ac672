"""Where a database is, how far it reaches, and what it knows that it lacks."""

from typing import Any

from sqlalchemy import func, select, text, union_all
from sqlalchemy.orm import Session

from positions import __version__, models
from positions.moment import Moment
from positions.queries.log import newest
from positions.queries.rows import LastRead, Missing, Status
from positions.vocabulary import Basis, Reading, Role


def status(session: Session, place: str, schema: str) -> Status:
    """What is held now in the database at `place`, whose schema is `schema`."""
    tables: dict[str, Any] = {
        "episodes": models.Episode,
        "actors": models.Actor,
        "demands": models.Demand,
        "offers": models.Offer,
        "packages": models.Package,
        "responses": models.Response,
        "stances": models.Stance,
        "outcomes": models.Outcome,
    }
    held = Moment().holds
    counts = {
        name: int(session.scalar(select(func.count(table.id)).where(held(table))) or 0)
        for name, table in tables.items()
    }
    return Status(
        database=place,
        version=__version__,
        schema=schema,
        engine=_engine(session),
        revision=newest(session),
        counts=counts,
        last_read=last_read(session, Moment()),
        missing=tuple(
            Missing(slug, missing or "")
            for slug, missing in session.execute(
                select(models.Episode.slug, models.Episode.missing)
                .where(held(models.Episode), models.Episode.read == Reading.PART)
                .order_by(models.Episode.published, models.Episode.id)
            )
        ),
    )


def _engine(session: Session) -> str:
    dialect = session.get_bind().dialect.name
    query = "SELECT sqlite_version()" if dialect == "sqlite" else "SHOW server_version"
    name = "SQLite" if dialect == "sqlite" else "PostgreSQL"
    return f"{name} {session.scalar(text(query))}"


def last_read(session: Session, moment: Moment) -> dict[str, LastRead]:
    """By side: the latest published source, of those visible at `moment`, that has something of one of its actors.

    They speak, put something on the table or bring something about; what the other side tells of them does not count.
    """
    response, outcome, item = models.Response, models.Outcome, models.Item
    spoke = union_all(
        select(models.ResponseActor.actor_id, response.episode_id)
        .join(response, response.id == models.ResponseActor.response_id)
        .where(moment.visible(response), response.basis != Basis.ALLEGED),
        select(models.OutcomeActor.actor_id, outcome.episode_id)
        .join(outcome, outcome.id == models.OutcomeActor.outcome_id)
        .where(moment.visible(outcome), func.coalesce(outcome.basis, Basis.STATED) != Basis.ALLEGED),
        select(models.ItemActor.actor_id, item.episode_id)
        .join(item, item.id == models.ItemActor.item_id)
        .where(moment.on_the_table(), models.ItemActor.role == Role.MAKER, item.basis != Basis.ALLEGED),
    ).subquery()
    actor, episode, side = models.Actor, models.Episode, models.Side
    query = (
        select(side.slug, episode.slug, episode.published)
        .join(actor, actor.side_id == side.id)
        .join(spoke, spoke.c.actor_id == actor.id)
        .join(episode, episode.id == spoke.c.episode_id)
        .where(moment.holds(side), moment.episodes())
        .order_by(episode.published, episode.id)
    )
    return {name: LastRead(slug, published) for name, slug, published in session.execute(query)}
