"""Where actors stand, now or at a moment, and how they stood over time."""

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
from positions.moment import Moment, first_day, highest_first, highest_last, last_day, oldest_first, precedence
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
"""Made once, because an alias takes two milliseconds to make."""

_SPEAKER, _REPORTER = models.actor.alias(), models.actor.alias()

_ANY: ColumnElement[bool] = true()
_ONE: ColumnElement[int] = literal_column("1")
"""For EXISTS (SELECT 1 …): with `*`, SQLite reads the row besides the index."""

_BASIS: ColumnElement[Basis] = func.coalesce(
    _Table.c.basis, _Table.c.response_basis, type_=_Table.c.response_basis.type
)
_REFUSAL: ColumnElement[str] = literal_column(f"'{StanceKind.NON_STARTER}'")
"""A literal, because SQLite does not use the index of refusals for a bound value."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An actor's refusal of an item: the account that counts, when it first refused, and its current stance."""

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

    `items` (row numbers) and `which` (a condition on `models.stance`) narrow the question. An actor without a recorded
    stance on an item has no row.
    """
    pairs, now = _current(moment, _of_items(items) & which)
    query = _rows(moment).join(pairs, _Table.c.id == now).order_by(models.item.c.slug, models.actor.c.slug)
    return [_stance(row) for row in connection.execute(query)]


def current_rows(moment: Moment) -> Select[*tuple[Any, ...]]:
    """A query for the row numbers of the current stances at `moment`, to be part of another query."""
    pairs, now = _current(moment, _ANY)
    return select(now).select_from(pairs)


def all_stances(
    connection: Connection,
    moment: Moment,
    *,
    items: Numbers | None = None,
    which: ColumnElement[bool] = _ANY,
) -> list[Stance]:
    """Every account visible at `moment`, oldest first; `current` chooses from these."""
    query = (
        _rows(moment)
        .where(moment.visible(_Table), _of_items(items), which)
        .order_by(*oldest_first(_Table), models.item.c.slug, models.actor.c.slug)
    )
    return [_stance(row) for row in connection.execute(query)]


def history(
    connection: Connection,
    moment: Moment,
    *,
    items: Numbers | None = None,
    actor: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Stance]:
    """As `all_stances`, but of one actor and of days that overlap `since` to `until`; None sets no limit."""
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
    """The accounts visible at `moment` of each actor on each item that has one from `since` to `until`; in no order.

    None sets no limit. All accounts of such a pair are returned, also those of other days.
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
    """As `all_stances`, but with only the part of each account that the rules in `queries.accounts` need, in no order.

    `pairs`, with columns `item_id` and `actor_id` and no row twice, limits the answer to these pairs.
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
        .where(moment.visible(_Table), _of_items(items), which)
    )
    if pairs is not None:
        query = query.join(pairs, _same_pair(_Table, pairs))
    return [Account(*row[:4], Span(row[4], row[5]), *row[6:]) for row in connection.execute(query)]


def refusals(
    connection: Connection, moment: Moment, *, which: ColumnElement[bool] = _ANY, ever: bool = False
) -> list[Refusal]:
    """The refusal of each actor on each item that counts at `moment` (`accounts.refusal`), in no order.

    `ever` adds, for actors that have moved since, the refusal that counted last (`accounts.last_refusal`). `first` is
    said at the start of the run of refusals that leads up to it (`accounts.start_of_run`).
    """
    query = (
        _rows(moment)
        .join(_NOW, _NOW.c.id == _latest(moment, _Table).correlate(_Table).scalar_subquery())
        .join(_SINCE, _SINCE.c.id == _start_of_run(moment).correlate(_Table).scalar_subquery())
        .add_columns(_SINCE.c.said_from, _SINCE.c.said_to, _NOW.c.kind)
        .where(_Table.c.kind == _REFUSAL, moment.visible(_Table), which)
    )
    if not ever:
        query = query.where(or_(_NOW.c.id == _Table.c.id, _same_account(_NOW, _Table)))
    rows = connection.execute(query)
    found: Iterable[Refusal] = (Refusal(_stance(row), Span(start, end), now) for *row, start, end, now in rows)
    if ever:
        last = _last_refusals(connection, moment, which)
        found = [row for row in found if (row.account.item, row.account.actor, row.account.sequence) in last]
    chosen: dict[tuple[str, str], Refusal] = {}
    for refusal in found:
        pair = (refusal.account.item, refusal.account.actor)
        rival = chosen.get(pair)  # several may have days in common with the current account
        if rival is None or rules.precedence(refusal.account) > rules.precedence(rival.account):
            chosen[pair] = refusal
    return list(chosen.values())


def current_among(stances: Iterable[Stance]) -> list[Stance]:
    """The answer of `current`, from what `all_stances` returned."""
    pairs = rules.by_pair(stances)
    return [max(pairs[pair], key=rules.precedence) for pair in sorted(pairs)]


def refusals_among(stances: Iterable[Stance], *, ever: bool = False) -> list[Refusal]:
    """The answer of `refusals`, from what `all_stances` returned."""
    choose = rules.last_refusal if ever else rules.refusal
    refused = []
    for accounts_of_pair in rules.by_pair(stances).values():
        account = choose(accounts_of_pair)
        if account is not None:
            now = max(accounts_of_pair, key=rules.precedence)
            refused.append(Refusal(account, rules.start_of_run(account, accounts_of_pair).said, now.stance))
    return refused


def contested(moment: Moment, account: _Stances = _Table) -> ColumnElement[bool]:
    """True for rows of `account` that another account contests: of the same days and basis, with another stance."""
    says_otherwise = and_(_same_account(_RIVAL, account), _RIVAL.c.kind != account.c.kind)
    return exists(_ONE).where(_same_pair(_RIVAL, account), says_otherwise, moment.visible(_RIVAL))


def _same_pair(account: FromClause, other: FromClause) -> ColumnElement[bool]:
    """True where `account` and `other` are of the same actor on the same item."""
    return and_(account.c.item_id == other.c.item_id, account.c.actor_id == other.c.actor_id)


def _same_account(account: _Stances, other: _Stances) -> ColumnElement[bool]:
    """True where `account` and `other` have the same basis, and days that overlap."""
    return and_(
        func.coalesce(account.c.basis, account.c.response_basis)
        == func.coalesce(other.c.basis, other.c.response_basis),
        first_day(account) <= other.c.said_to,
        other.c.said_from <= last_day(account),
    )


def _latest(moment: Moment, pair: FromClause) -> _Query:
    """A query for the row number of the current stance of the actor and the item of `pair`."""
    latest = select(_OTHER.c.id).where(_same_pair(_OTHER, pair), moment.visible(_OTHER))
    return latest.order_by(*highest_first(_OTHER)).limit(1)


def _current(moment: Moment, which: ColumnElement[bool]) -> tuple[Subquery, ScalarSelect[Any]]:
    """The pairs of actor and item with a stance for which `which` is true, and the row number of its current stance."""
    asked = select(_Table.c.item_id, _Table.c.actor_id).where(moment.holds(_Table), which)
    pairs = asked.distinct().subquery()
    now = _latest(moment, pairs).correlate(pairs).scalar_subquery()
    return pairs, now


def _start_of_run(moment: Moment) -> _Query:
    """`accounts.start_of_run` in SQL: a query for the row number of the first refusal of the run that ends in a row."""
    is_between = and_(precedence(_BETWEEN) > precedence(_FIRST), precedence(_BETWEEN) < precedence(_Table))
    is_interrupted = (
        exists(_ONE)
        .where(_as_firm(_BETWEEN), is_between)
        .where(_BETWEEN.c.kind != _REFUSAL, moment.visible(_BETWEEN), not_(contested(moment, _BETWEEN)))
        .correlate(_FIRST, _Table)
    )
    return (
        select(_FIRST.c.id)
        .where(_as_firm(_FIRST), _FIRST.c.kind == _REFUSAL, moment.visible(_FIRST))
        .where(precedence(_FIRST) <= precedence(_Table), not_(is_interrupted))
        .order_by(*highest_last(_FIRST))
        .limit(1)
    )


def _as_firm(account: _Stances) -> ColumnElement[bool]:
    """True where `account` is of the same pair as a row of the table itself, and as firm."""
    return and_(_same_pair(account, _Table), account.c.firm == _Table.c.firm)


def _last_refusals(connection: Connection, moment: Moment, which: ColumnElement[bool]) -> set[tuple[str, str, int]]:
    """The `accounts.last_refusal` of each actor on each item, as item, actor and sequence."""
    refuses = and_(_OTHER.c.kind == _REFUSAL, moment.visible(_OTHER))
    pairs = select(_OTHER.c.item_id, _OTHER.c.actor_id).where(refuses)
    by_pair = rules.by_pair(accounts(connection, moment, pairs=pairs.distinct().subquery(), which=which))
    last = (rules.last_refusal(accounts_of_pair) for accounts_of_pair in by_pair.values())
    return {(account.item, account.actor, account.sequence) for account in last if account is not None}


def _of_items(items: Numbers | None) -> ColumnElement[bool]:
    return true() if items is None else _Table.c.item_id.in_(items)


def _rows(moment: Moment) -> _Query:
    """A query for the columns that `_stance` reads."""
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
            contested(moment),
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


def _stance(row: Sequence[Any]) -> Stance:
    """A row of `_rows` as a stance."""
    values: Sequence[Any] = (*row[:8], Span(row[8], row[9]), *row[10:])
    return Stance(*values)
