"""Where actors stand: now, at a day, and over time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from positions import models
from positions.dates import Span
from positions.moment import Moment, earliest_first, latest_first, precedence
from positions.queries import accounts
from positions.queries.accounts import Account
from positions.queries.filters import Numbers
from positions.queries.rows import Stance
from positions.vocabulary import StanceKind

_Query = Select[*tuple[Any, ...]]
_Table = models.Stance
_ANY: ColumnElement[bool] = true()
_ONE: ColumnElement[int] = literal_column("1")
"""What is looked for where only its being there counts: with a star SQLite reads the whole row, not the index alone."""

_COLUMNS = 19
"""How many columns a stance is read from."""

_BASIS = func.coalesce(_Table.basis, _Table.response_basis, type_=_Table.response_basis.type)
_REFUSAL: ColumnElement[str] = literal_column(f"'{StanceKind.NON_STARTER}'")
"""As a literal: an index of refusals is of no use to a statement that binds the value."""

_Told = TypeVar("_Told", bound=accounts.Told)


@dataclass(frozen=True, slots=True)
class Refusal:
    """That an actor refuses an item: the account that says so, since when it has said so, and where it stands now."""

    account: Stance
    first: Span
    now: StanceKind


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
) -> list[Stance]:
    """Every account visible at `moment`, oldest first: what `current` chooses from."""
    query = (
        _rows(contested(moment))
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
) -> list[Sequence[Account]]:
    """For each actor and item with an account visible at `moment` that may be of these days: all its accounts.

    In no order; None sets no limit.
    """
    one = aliased(_Table)
    asked = select(one.item_id, one.actor_id).where(moment.visible(one))
    if since is not None:
        asked = asked.where(one.said_to >= since)
    if until is not None:
        asked = asked.where(one.said_from <= until)
    return by_pair(heard(session, moment, items=items, pairs=asked))


def heard(
    session: Session,
    moment: Moment,
    *,
    items: Numbers | None = None,
    pairs: _Query | None = None,
    which: ColumnElement[bool] = _ANY,
) -> list[Account]:
    """As `told`, but no more of each account than the rules of `queries.accounts` need, and in no order.

    `pairs` is a query for item and actor, whose accounts alone are asked for.
    """
    query = (
        select(
            models.Actor.slug,
            models.Item.slug,
            _Table.kind,
            _BASIS,
            _Table.said_from,
            _Table.said_to,
            models.Episode.slug,
            models.Response.slug,
            _Table.sequence,
        )
        .join(models.Actor, models.Actor.id == _Table.actor_id)
        .join(models.Item, models.Item.id == _Table.item_id)
        .join(models.Response, models.Response.id == _Table.response_id)
        .join(models.Episode, models.Episode.id == _Table.episode_id)
        .where(moment.visible(_Table), _wanted(items), which)
    )
    if pairs is not None:
        asked = pairs.distinct().subquery()
        query = query.join(asked, _same_pair(_Table, asked.c))
    rows = session.connection().execute(query)
    return [Account(*row[:4], Span(row[4], row[5]), *row[6:]) for row in rows]


def refusals(
    session: Session, moment: Moment, *, which: ColumnElement[bool] = _ANY, ever: bool = False
) -> list[Refusal]:
    """The refusal among the current accounts at `moment` of each actor on each item, in no order.

    `ever` adds, for actors that have moved since, the refusal that was the last to be among their current accounts.
    It has been said since the first of the refusals between which there is none of another stance, except contested
    ones.
    """
    now, first = aliased(_Table), aliased(_Table)
    query = (
        _rows(contested(moment))
        .join(now, now.id == _latest(moment, _Table).correlate(_Table).scalar_subquery())
        .join(first, first.id == _first_alike(moment).correlate(_Table).scalar_subquery())
        .add_columns(first.said_from, first.said_to, now.kind)
        .where(_Table.kind == _REFUSAL, moment.visible(_Table), which)
    )
    if not ever:
        query = query.where(or_(now.id == _Table.id, _tells_as(now, _Table)))
    rows = session.connection().execute(query)
    found: Iterable[Refusal] = (Refusal(_stance(row), Span(row[-3], row[-2]), row[-1]) for row in rows)
    if ever:
        last = _last_to_count(session, moment, which)
        found = [one for one in found if (one.account.item, one.account.actor, one.account.sequence) in last]
    chosen: dict[tuple[str, str], Refusal] = {}
    for one in found:
        pair = (one.account.item, one.account.actor)
        other = chosen.get(pair)
        if other is None or accounts.precedence(one.account) > accounts.precedence(other.account):
            chosen[pair] = one
    return list(chosen.values())


def by_pair(stances: Iterable[_Told]) -> list[Sequence[_Told]]:
    """The accounts of each actor on each item, together."""
    pairs: dict[tuple[str, str], list[_Told]] = defaultdict(list)
    for one in stances:
        pairs[one.item, one.actor].append(one)
    return list(pairs.values())


def contested(moment: Moment, account: Any = _Table) -> ColumnElement[bool]:
    """True for rows of `account` beside which an account of the same days and basis says otherwise."""
    rival = aliased(_Table)
    return exists(_ONE).where(
        _same_pair(rival, account), _tells_as(rival, account), rival.kind != account.kind, moment.visible(rival)
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


def _first_alike(moment: Moment) -> _Query:
    """A query for the number of the first account since which the actor has said nothing else than in this refusal."""
    first, between = aliased(_Table), aliased(_Table)
    since = and_(precedence(between) > precedence(first), precedence(between) < precedence(_Table))
    otherwise = (
        exists(_ONE)
        .where(_same_pair(between, _Table), between.firm == _Table.firm, since)
        .where(between.kind != _REFUSAL, moment.visible(between), not_(contested(moment, between)))
        .correlate(first, _Table)
    )
    return (
        select(first.id)
        .where(_same_pair(first, _Table), first.firm == _Table.firm, first.kind == _REFUSAL, moment.visible(first))
        .where(precedence(first) <= precedence(_Table), not_(otherwise))
        .order_by(*earliest_first(first))
        .limit(1)
    )


def _last_to_count(session: Session, moment: Moment, which: ColumnElement[bool]) -> set[tuple[str, str, int]]:
    """The refusals that were the last among the current accounts of their pair: item, actor, order of entry."""
    refusal = aliased(_Table)
    pairs = select(refusal.item_id, refusal.actor_id).where(refusal.kind == _REFUSAL, moment.visible(refusal))
    told = by_pair(heard(session, moment, pairs=pairs, which=which))
    last = (accounts.last_refusal(pair) for pair in told)
    return {(one.item, one.actor, one.sequence) for one in last if one is not None}


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
            _BASIS,
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
    """The stance in a row of a query that begins with the columns of `_rows`."""
    values: Sequence[Any] = (*row[:8], Span(row[8], row[9]), *row[10:_COLUMNS])
    return Stance(*values)
