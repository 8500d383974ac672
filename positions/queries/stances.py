"""Where actors stand: now, at a day, and over time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
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

from positions import models
from positions.dates import Span
from positions.moment import Moment, first_day, highest_first, last_day, lowest_first, oldest_first, precedence
from positions.queries import accounts as rules
from positions.queries.accounts import Account
from positions.queries.filters import Numbers
from positions.queries.rows import Stance
from positions.vocabulary import Basis, StanceKind

_Query = Select[*tuple[Any, ...]]
_Table = models.stance
_Stances = FromClause[models.StanceColumns]
"""The table of stances, or an alias of it."""

_NOW, _SINCE, _OTHER, _RIVAL, _FIRST, _BETWEEN = (models.stance.alias() for _ in range(6))
"""Made once: the columns of an alias take two milliseconds to describe."""

_SPEAKER, _REPORTER = models.actor.alias(), models.actor.alias()

_ANY: ColumnElement[bool] = true()
_ONE: ColumnElement[int] = literal_column("1")
"""SELECT 1 inside EXISTS: with a star SQLite reads the whole row, not the index alone."""

_BASIS: ColumnElement[Basis] = func.coalesce(
    _Table.c.basis, _Table.c.response_basis, type_=_Table.c.response_basis.type
)
_REFUSAL: ColumnElement[str] = literal_column(f"'{StanceKind.NON_STARTER}'")
"""A literal, because SQLite does not use the index of refusals for a bound value."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An actor's refusal of an item: the account that says so, since when it has said so, and where it stands now."""

    account: Stance
    first: Span
    now: StanceKind


def current(
    connection: Connection,
    moment: Moment,
    *,
    items: Numbers | None = None,
    which: ColumnElement[bool] = _ANY,
) -> list[Stance]:
    """The current stance of every actor on every item at `moment`, by item, then actor.

    `items` (row numbers) and `which` (a condition on `models.stance`) narrow the question. Empty where nothing is
    recorded: silence has no row.
    """
    pairs, now = _current(moment, _wanted(items) & which)
    query = _rows(contested(moment)).join(pairs, _Table.c.id == now).order_by(models.item.c.slug, models.actor.c.slug)
    return _stances(connection, query)


def numbers(moment: Moment) -> Select[*tuple[Any, ...]]:
    """The row numbers of the current stances at `moment`, as a query to be part of another."""
    pairs, now = _current(moment, _ANY)
    return select(now).select_from(pairs)


def all_stances(
    connection: Connection,
    moment: Moment,
    *,
    items: Numbers | None = None,
    which: ColumnElement[bool] = _ANY,
) -> list[Stance]:
    """Every account visible at `moment`, oldest first: what `current` chooses from."""
    query = (
        _rows(contested(moment))
        .where(moment.visible(_Table), _wanted(items), which)
        .order_by(*oldest_first(_Table), models.item.c.slug, models.actor.c.slug)
    )
    return _stances(connection, query)


def history(
    connection: Connection,
    moment: Moment,
    *,
    items: Numbers | None = None,
    actor: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Stance]:
    """`all_stances` of one actor and of days that may lie between `since` and `until`; None sets no limit."""
    which = _ANY
    if actor is not None:
        which &= _Table.c.actor_id.in_(select(models.actor.c.id).where(models.actor.c.slug == actor))
    if since is not None:
        which &= _Table.c.said_to >= since
    if until is not None:
        which &= _Table.c.said_from <= until
    return all_stances(connection, moment, items=items, which=which)


def accounts_by_pair(
    connection: Connection, moment: Moment, *, items: Numbers | None = None, since: date | None, until: date | None
) -> Collection[Sequence[Account]]:
    """For each actor and item with an account visible at `moment` that may be of these days: all its accounts.

    In no order; None sets no limit.
    """
    asked = select(_OTHER.c.item_id, _OTHER.c.actor_id).where(moment.visible(_OTHER))
    if since is not None:
        asked = asked.where(_OTHER.c.said_to >= since)
    if until is not None:
        asked = asked.where(_OTHER.c.said_from <= until)
    return rules.by_pair(accounts(connection, moment, items=items, pairs=asked.distinct().subquery())).values()


def accounts(
    connection: Connection,
    moment: Moment,
    *,
    items: Numbers | None = None,
    pairs: FromClause | None = None,
    which: ColumnElement[bool] = _ANY,
) -> list[Account]:
    """As `all_stances`, but only the part of each account that the rules of `queries.accounts` need, and in no order.

    `pairs` has an `item_id` and an `actor_id` for each pair whose accounts alone are asked for, each pair once.
    """
    query = (
        select(
            models.actor.c.slug,
            models.item.c.slug,
            _Table.c.kind,
            _BASIS,
            _Table.c.said_from,
            _Table.c.said_to,
            models.episode.c.slug,
            models.response.c.slug,
            _Table.c.sequence,
        )
        .join(models.actor, models.actor.c.id == _Table.c.actor_id)
        .join(models.item, models.item.c.id == _Table.c.item_id)
        .join(models.response, models.response.c.id == _Table.c.response_id)
        .join(models.episode, models.episode.c.id == _Table.c.episode_id)
        .where(moment.visible(_Table), _wanted(items), which)
    )
    if pairs is not None:
        query = query.join(pairs, _same_pair(_Table, pairs))
    return [Account(*row[:4], Span(row[4], row[5]), *row[6:]) for row in connection.execute(query)]


def refusals(
    connection: Connection, moment: Moment, *, which: ColumnElement[bool] = _ANY, ever: bool = False
) -> list[Refusal]:
    """The refusal among the current accounts at `moment` of each actor on each item, in no order.

    `ever` adds, for actors that have moved since, the refusal that was the last to be among their current accounts.
    It has been said since the first of the refusals between which there is none of another stance, except contested
    ones.
    """
    query = (
        _rows(contested(moment))
        .join(_NOW, _NOW.c.id == _latest(moment, _Table).correlate(_Table).scalar_subquery())
        .join(_SINCE, _SINCE.c.id == _first_alike(moment).correlate(_Table).scalar_subquery())
        .add_columns(_SINCE.c.said_from, _SINCE.c.said_to, _NOW.c.kind)
        .where(_Table.c.kind == _REFUSAL, moment.visible(_Table), which)
    )
    if not ever:
        query = query.where(or_(_NOW.c.id == _Table.c.id, _tells_as(_NOW, _Table)))
    rows = connection.execute(query)
    found: Iterable[Refusal] = (Refusal(_stance(shown), Span(start, end), kind) for *shown, start, end, kind in rows)
    if ever:
        last = _last_to_count(connection, moment, which)
        found = [row for row in found if (row.account.item, row.account.actor, row.account.sequence) in last]
    chosen: dict[tuple[str, str], Refusal] = {}
    for refusal in found:
        pair = (refusal.account.item, refusal.account.actor)
        other = chosen.get(pair)
        if other is None or rules.precedence(refusal.account) > rules.precedence(other.account):
            chosen[pair] = refusal
    return list(chosen.values())


def current_among(stances: Iterable[Stance]) -> list[Stance]:
    """The current ones among `all_stances`, in the order of `current`."""
    pairs = rules.by_pair(stances)
    return [max(pairs[pair], key=rules.precedence) for pair in sorted(pairs)]


def refusals_among(stances: Iterable[Stance], *, ever: bool = False) -> list[Refusal]:
    """The answer of `refusals`, from `all_stances` already read."""
    choose = rules.last_refusal if ever else rules.refusal
    found = []
    for pair in rules.by_pair(stances).values():
        refusal = choose(pair)
        if refusal is not None:
            now = max(pair, key=rules.precedence)
            found.append(Refusal(refusal, rules.start_of_run(refusal, pair).said, now.stance))
    return found


def contested(moment: Moment, account: _Stances = _Table) -> ColumnElement[bool]:
    """True for rows of `account` beside which an account of the same days and basis says otherwise."""
    says_otherwise = and_(_tells_as(_RIVAL, account), _RIVAL.c.kind != account.c.kind)
    return exists(_ONE).where(_same_pair(_RIVAL, account), says_otherwise, moment.visible(_RIVAL))


def _same_pair(account: FromClause, other: FromClause) -> ColumnElement[bool]:
    """True for accounts of the same actor on the same item."""
    return and_(account.c.item_id == other.c.item_id, account.c.actor_id == other.c.actor_id)


def _tells_as(account: _Stances, other: _Stances) -> ColumnElement[bool]:
    """True for accounts of the same basis whose days overlap."""
    return and_(
        func.coalesce(account.c.basis, account.c.response_basis)
        == func.coalesce(other.c.basis, other.c.response_basis),
        first_day(account) <= other.c.said_to,
        other.c.said_from <= last_day(account),
    )


def _latest(moment: Moment, pair: FromClause) -> _Query:
    """A query for the number of the current stance of the actor and the item of `pair`."""
    latest = select(_OTHER.c.id).where(_same_pair(_OTHER, pair), moment.visible(_OTHER))
    return latest.order_by(*highest_first(_OTHER)).limit(1)


def _current(moment: Moment, which: ColumnElement[bool]) -> tuple[Subquery, ScalarSelect[Any]]:
    """The pairs of actor and item that `which` asks for, and for each of them the number of the current stance."""
    asked = select(_Table.c.item_id, _Table.c.actor_id).where(moment.holds(_Table), which)
    pairs = asked.distinct().subquery()
    now = _latest(moment, pairs).correlate(pairs).scalar_subquery()
    return pairs, now


def _first_alike(moment: Moment) -> _Query:
    """A query for the number of the first refusal in the run that ends here: `accounts.start_of_run` in SQL."""
    since = and_(precedence(_BETWEEN) > precedence(_FIRST), precedence(_BETWEEN) < precedence(_Table))
    otherwise = (
        exists(_ONE)
        .where(_as_firm(_BETWEEN), since)
        .where(_BETWEEN.c.kind != _REFUSAL, moment.visible(_BETWEEN), not_(contested(moment, _BETWEEN)))
        .correlate(_FIRST, _Table)
    )
    return (
        select(_FIRST.c.id)
        .where(_as_firm(_FIRST), _FIRST.c.kind == _REFUSAL, moment.visible(_FIRST))
        .where(precedence(_FIRST) <= precedence(_Table), not_(otherwise))
        .order_by(*lowest_first(_FIRST))
        .limit(1)
    )


def _as_firm(account: _Stances) -> ColumnElement[bool]:
    """True for accounts of the same pair that are as firm as those of the table itself."""
    return and_(_same_pair(account, _Table), account.c.firm == _Table.c.firm)


def _last_to_count(connection: Connection, moment: Moment, which: ColumnElement[bool]) -> set[tuple[str, str, int]]:
    """The last refusal of each pair that was among its current accounts: item, actor, sequence."""
    refused = and_(_OTHER.c.kind == _REFUSAL, moment.visible(_OTHER))
    pairs = select(_OTHER.c.item_id, _OTHER.c.actor_id).where(refused)
    found = rules.by_pair(accounts(connection, moment, pairs=pairs.distinct().subquery(), which=which))
    last = (rules.last_refusal(pair) for pair in found.values())
    return {(account.item, account.actor, account.sequence) for account in last if account is not None}


def _wanted(items: Numbers | None) -> ColumnElement[bool]:
    return true() if items is None else _Table.c.item_id.in_(items)


def _rows(is_contested: ColumnElement[bool]) -> _Query:
    """A query with all columns of `Stance`."""
    response, episode = models.response, models.episode
    return (
        select(
            models.actor.c.slug,
            models.item.c.slug,
            _Table.c.kind,
            _Table.c.wording,
            _Table.c.condition,
            _BASIS,
            _SPEAKER.c.slug,
            _REPORTER.c.slug,
            _Table.c.said_from,
            _Table.c.said_to,
            episode.c.slug,
            response.c.slug,
            func.coalesce(_Table.c.quote, response.c.quote),
            _Table.c.recorded_in,
            is_contested,
            _Table.c.sequence,
            episode.c.published,
            response.c.summary,
            func.coalesce(response.c.url, episode.c.url),
        )
        .join(models.actor, models.actor.c.id == _Table.c.actor_id)
        .join(models.item, models.item.c.id == _Table.c.item_id)
        .join(response, response.c.id == _Table.c.response_id)
        .join(episode, episode.c.id == _Table.c.episode_id)
        .outerjoin(_SPEAKER, _SPEAKER.c.id == response.c.speaker_id)
        .outerjoin(_REPORTER, _REPORTER.c.id == response.c.reported_by_id)
    )


def _stances(connection: Connection, query: _Query) -> list[Stance]:
    return [_stance(row) for row in connection.execute(query)]


def _stance(row: Sequence[Any]) -> Stance:
    """The stance in a row of `_rows`."""
    values: Sequence[Any] = (*row[:8], Span(row[8], row[9]), *row[10:])
    return Stance(*values)
