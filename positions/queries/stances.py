"""Where actors stand: now, at a day, and over time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from positions import models
from positions.dates import Span
from positions.moment import Moment, latest_first
from positions.queries.filters import Numbers
from positions.queries.rows import Stance
from positions.vocabulary import StanceKind

_Query = Select[*tuple[Any, ...]]
_Table = models.Stance
_ANY: ColumnElement[bool] = true()
_REFUSAL: ColumnElement[str] = literal_column(f"'{StanceKind.NON_STARTER}'")
"""As a literal: an index of refusals is of no use to a statement that binds the value."""


def current(
    session: Session,
    moment: Moment,
    *,
    items: Numbers | None = None,
    which: ColumnElement[bool] = _ANY,
) -> list[Stance]:
    """The current stance of every actor on every item at `moment`, by item, then actor.

    `items` (row numbers) and `which` (a condition on `models.Stance`) narrow the question. Empty where nothing is
    recorded: silence has no row.
    """
    pairs, now = _current(moment, _wanted(items) & which)
    query = _rows(contested(moment)).join(pairs, _Table.id == now).order_by(models.Item.slug, models.Actor.slug)
    return _stances(session, query)


def numbers(moment: Moment) -> Select[*tuple[Any, ...]]:
    """The row numbers of the current stances at `moment`, as a query to be part of another."""
    pairs, now = _current(moment, _ANY)
    return select(now).select_from(pairs)


def told(
    session: Session,
    moment: Moment,
    *,
    items: Numbers | None = None,
    which: ColumnElement[bool] = _ANY,
    judged: bool = True,
) -> list[Stance]:
    """Every account visible at `moment`, oldest first: what `current` chooses from.

    Unless they are `judged`, none is marked as contested: whoever has all accounts of a pair can see that.
    """
    query = (
        _rows(contested(moment) if judged else false())
        .where(moment.visible(_Table), _wanted(items), which)
        .order_by(_Table.said_from, _Table.said_to, _Table.sequence, models.Item.slug, models.Actor.slug)
    )
    return _stances(session, query)


def history(
    session: Session,
    moment: Moment,
    *,
    items: Numbers | None = None,
    actor: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Stance]:
    """Every account visible at `moment`, oldest first: of one actor, and of days that may lie in the given ones."""
    which = _ANY
    if actor is not None:
        which &= _Table.actor_id.in_(select(models.Actor.id).where(models.Actor.slug == actor))
    if since is not None:
        which &= _Table.said_to >= since
    if until is not None:
        which &= _Table.said_from <= until
    return told(session, moment, items=items, which=which)


def spoken(
    session: Session, moment: Moment, *, items: Numbers | None = None, since: date | None, until: date | None
) -> list[Sequence[Stance]]:
    """For each actor and item with an account visible at `moment` that may be of these days: all accounts, not judged.

    In no order; None sets no limit.
    """
    one = aliased(_Table)
    asked = select(one.item_id, one.actor_id).where(moment.visible(one))
    if since is not None:
        asked = asked.where(one.said_to >= since)
    if until is not None:
        asked = asked.where(one.said_from <= until)
    pairs = asked.distinct().subquery()
    query = _rows(false()).join(pairs, _same_pair(_Table, pairs.c)).where(moment.visible(_Table), _wanted(items))
    return by_pair(_stances(session, query))


def refused(
    session: Session, moment: Moment, *, which: ColumnElement[bool] = _ANY, ever: bool = False
) -> list[Sequence[Stance]]:
    """For each actor and item with a refusal among its current accounts at `moment`: all accounts, not judged.

    `ever` asks for those that have refused by then, whatever they say now.
    """
    refusal, now = aliased(_Table), aliased(_Table)
    asked = select(refusal.item_id, refusal.actor_id).where(refusal.kind == _REFUSAL, moment.visible(refusal))
    if not ever:
        latest = _latest(moment, refusal).correlate(refusal).scalar_subquery()
        asked = asked.join(now, now.id == latest).where(or_(now.id == refusal.id, _tells_as(now, refusal)))
    pairs = asked.distinct().subquery()
    query = _rows(false()).join(pairs, _same_pair(_Table, pairs.c)).where(moment.visible(_Table), which)
    return by_pair(_stances(session, query))


def by_pair(stances: Iterable[Stance]) -> list[Sequence[Stance]]:
    """The accounts of each actor on each item, together."""
    pairs: dict[tuple[str, str], list[Stance]] = defaultdict(list)
    for one in stances:
        pairs[one.item, one.actor].append(one)
    return list(pairs.values())


def contested(moment: Moment) -> ColumnElement[bool]:
    """True for rows of `models.Stance` beside which an account of the same days and basis says otherwise."""
    rival = aliased(_Table)
    return exists().where(
        _same_pair(rival, _Table), _tells_as(rival, _Table), rival.kind != _Table.kind, moment.visible(rival)
    )


def _same_pair(one: Any, other: Any) -> ColumnElement[bool]:
    """True for accounts of the same actor on the same item."""
    return and_(one.item_id == other.item_id, one.actor_id == other.actor_id)


def _tells_as(one: Any, other: Any) -> ColumnElement[bool]:
    """True for accounts of the same basis whose days overlap."""
    return and_(
        func.coalesce(one.basis, one.response_basis) == func.coalesce(other.basis, other.response_basis),
        one.said_from <= other.said_to,
        other.said_from <= one.said_to,
    )


def _latest(moment: Moment, pair: Any) -> _Query:
    """A query for the number of the current stance of the actor and the item of `pair`."""
    other = aliased(_Table)
    latest = select(other.id).where(_same_pair(other, pair), moment.visible(other))
    return latest.order_by(*latest_first(other)).limit(1)


def _current(moment: Moment, which: ColumnElement[bool]) -> tuple[Subquery, ScalarSelect[Any]]:
    """The pairs of actor and item that `which` asks for, and for each of them the number of the current stance."""
    pairs = _pairs(moment, which).subquery()
    now = _latest(moment, pairs.c).correlate(pairs).scalar_subquery()
    return pairs, now


def _wanted(items: Numbers | None) -> ColumnElement[bool]:
    return true() if items is None else _Table.item_id.in_(items)


def _pairs(moment: Moment, which: ColumnElement[bool]) -> _Query:
    return select(_Table.item_id, _Table.actor_id).where(moment.holds(_Table), which).distinct()


def _rows(is_contested: ColumnElement[bool]) -> _Query:
    """A query for stances with all that their rows show."""
    speaker, reporter = aliased(models.Actor), aliased(models.Actor)
    response, episode = models.Response, models.Episode
    return (
        select(
            models.Actor.slug,
            models.Item.slug,
            _Table.kind,
            _Table.wording,
            _Table.condition,
            func.coalesce(_Table.basis, _Table.response_basis, type_=_Table.response_basis.type),
            speaker.slug,
            reporter.slug,
            _Table.said_from,
            _Table.said_to,
            episode.slug,
            response.slug,
            func.coalesce(_Table.quote, response.quote),
            _Table.recorded_in,
            is_contested,
            _Table.sequence,
            episode.published,
            response.summary,
            func.coalesce(response.url, episode.url),
        )
        .join(models.Actor, models.Actor.id == _Table.actor_id)
        .join(models.Item, models.Item.id == _Table.item_id)
        .join(response, response.id == _Table.response_id)
        .join(episode, episode.id == _Table.episode_id)
        .outerjoin(speaker, speaker.id == response.speaker_id)
        .outerjoin(reporter, reporter.id == response.reported_by_id)
    )


def _stances(session: Session, query: _Query) -> list[Stance]:
    """The rows of `query`, read without the session's own handling of rows, which takes a fifth of the time."""
    return [_stance(row) for row in session.connection().execute(query)]


def _stance(row: Row[*tuple[Any, ...]]) -> Stance:
    values = (*row[:8], Span(row[8], row[9]), *row[10:])
    return Stance(*values)
