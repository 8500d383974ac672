"""What a database contains, how far it reaches, and its known gaps."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, select, text, true, union_all

from positions import __version__, models
from positions.dates import Span
from positions.moment import Moment
from positions.queries.log import digest, newest, title
from positions.queries.rows import LastRead, Missing, Status
from positions.vocabulary import Basis, ItemKind, Reading, Role

_ITEM = models.item
COUNTED: Mapping[str, tuple[Table[Any], ColumnElement[bool]]] = {
    "demands": (_ITEM, _ITEM.c.kind == ItemKind.DEMAND),
    "offers": (_ITEM, _ITEM.c.kind == ItemKind.OFFER),
    "packages": (models.package, true()),
    "responses": (models.response, true()),
    "stances": (models.stance, true()),
    "outcomes": (models.outcome, true()),
}
"""The counts of a record, and of each episode: the rows of a table for which a condition is true."""


def status(connection: Connection, place: str, schema: str) -> Status:
    """The status of the database at `place`, whose schema version is `schema`: what it holds now."""
    held = Moment().holds
    counted = {"episodes": (models.episode, true()), "actors": (models.actor, true()), **COUNTED}
    counts = {
        name: int(connection.scalar(select(func.count(table.c.id)).where(held(table), which)) or 0)
        for name, (table, which) in counted.items()
    }
    revision = newest(connection)
    return Status(
        database=place,
        title=title(connection),
        version=__version__,
        schema=schema,
        engine=_engine(connection),
        revision=revision,
        digest=digest(connection, revision),
        counts=counts,
        last_read=last_read(connection, Moment()),
        missing=_missing(connection),
    )


def _missing(connection: Connection) -> tuple[Missing, ...]:
    episode = models.episode
    query = select(episode.c.slug, episode.c.missing).where(Moment().holds(episode), episode.c.read == Reading.PART)
    rows = connection.execute(query.order_by(episode.c.published, episode.c.id))
    return tuple(Missing(slug, missing or "") for slug, missing in rows)


def _engine(connection: Connection) -> str:
    dialect = connection.dialect.name
    query = "SELECT sqlite_version()" if dialect == "sqlite" else "SHOW server_version"
    name = "SQLite" if dialect == "sqlite" else "PostgreSQL"
    return f"{name} {connection.scalar(text(query))}"


def days_of_publication(row: Row[*tuple[Any, ...]]) -> Span:
    """The days on which the source of `row`, a row about an episode, may have been published; mostly one."""
    return Span(row.published_from or row.published, row.published)


def last_read(connection: Connection, moment: Moment) -> dict[str, LastRead]:
    """For each side: the latest source, visible at `moment`, that records something said or done by one of its actors.

    A response, an item or an outcome of theirs counts; what another side alleges does not.
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
        .order_by(episode.c.published, episode.c.id, side.c.id)
    )
    rows = connection.execute(query)  # oldest first: the last source of a side stays
    return {row.side: LastRead(row.episode, days_of_publication(row)) for row in rows}
