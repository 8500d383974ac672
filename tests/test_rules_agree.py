"""Rules that stand in SQL and in Python, or in the views: they agree on random rows.

The rows are written straight into a database in memory, without triggers and foreign keys: many examples take no longer
than a few that are recorded. What is recorded is tried in `test_recording_properties.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from positions import models
from positions.moment import Moment, highest_first
from positions.queries import accounts, items, nonstarters, stances
from positions.vocabulary import FIRM, Basis, ItemKind, MentionKind, Role, StanceKind

FIRST_DAY = date(2022, 1, 10)
PUBLISHED = (FIRST_DAY + timedelta(4), FIRST_DAY + timedelta(8))
ACTORS, ITEMS = ("nato", "us"), ("demand", "offer")
LAST_REVISION = 3


def day(number: int) -> date:
    return FIRST_DAY + timedelta(number)


days = st.tuples(st.integers(0, 4), st.integers(0, 2)).map(lambda drawn: (day(drawn[0]), day(sum(drawn))))
episodes = st.integers(1, len(PUBLISHED))
revisions = st.tuples(st.integers(1, LAST_REVISION), st.sampled_from([None, None, None, None, None, 1, 2])).map(
    lambda drawn: {"recorded_in": drawn[0], "retracted_in": drawn[1] and drawn[0] + drawn[1]}
)


@dataclass(frozen=True)
class Said:
    """What an actor said of an item: a stance, or (without one) that it repeats it."""

    actor: int
    item: int
    days: tuple[date, date]
    episode: int
    basis: Basis
    own_basis: Basis | None
    stance: StanceKind | None
    held: Mapping[str, int | None]


def saying(stance: st.SearchStrategy[StanceKind | None], of: int = 1) -> st.SearchStrategy[list[Said]]:
    """What was said, of the first items: few days and bases, so that accounts often meet."""
    bases = st.sampled_from([Basis.STATED, Basis.STATED, Basis.REPORTED, Basis.REPORTED, *Basis])
    own_bases = st.sampled_from([None, None, None, *Basis])
    actors, about = st.sampled_from([1, 1, 1, 2]), st.integers(1, of)
    said = st.builds(Said, actors, about, days, episodes, bases, own_bases, stance, revisions)
    return st.lists(said, min_size=5, max_size=12)


@dataclass(frozen=True)
class Made:
    """An item: who made it, when, and which source defines it."""

    maker: int
    days: tuple[date, date]
    is_start_known: bool
    episode: int
    held: Mapping[str, int | None]


items_made = st.lists(
    st.builds(Made, st.sampled_from([1, 1, 1, 2]), days, st.booleans(), episodes, revisions),
    min_size=len(ITEMS),
    max_size=len(ITEMS),
)
limits = st.none() | st.integers(0, 10).map(day)
moments = st.builds(Moment, as_of=limits, known_at=st.none() | st.integers(1, LAST_REVISION + 2), public_by=limits)


@pytest.fixture(scope="module")
def empty() -> Iterator[sa.Connection]:
    """A database in memory that has the tables and the views, and the sources, actors and nothing else."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        models.METADATA.create_all(connection)
        for name, text in models.VIEWS.items():
            connection.exec_driver_sql(f"CREATE VIEW {name} AS {text}")
        for number, published in enumerate(PUBLISHED, 1):
            source = {"slug": f"source-{number}", "kind": "article", "title": "A source", "published": published}
            insert(connection, models.episode, {"id": number, "read": "whole", "recorded_in": 1, **source})
        for number, slug in enumerate(ACTORS, 1):
            actor = {"id": number, "slug": slug, "kind": "state", "name": slug, "episode_id": 1, "recorded_in": 1}
            insert(connection, models.actor, actor)
        connection.commit()
        yield connection
    engine.dispose()


def insert(connection: sa.Connection, table: sa.Table, *rows: dict[str, Any]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)


def fill(connection: sa.Connection, made: list[Made], said: list[Said]) -> None:
    """Write these rows, and no others, into the database."""
    connection.rollback()
    numbered, spoken = list(enumerate(made, 1)), list(enumerate(said, 1))
    insert(connection, models.item, *(item_row(number, item) for number, item in numbered))
    insert(connection, models.item_actor, *(maker_row(number, item) for number, item in numbered))
    insert(connection, models.response, *(response_row(number, account) for number, account in spoken))
    givers = ({"response_id": number, "actor_id": account.actor} for number, account in spoken)
    insert(connection, models.response_actor, *givers)
    insert(connection, models.stance, *(stance_row(number, account) for number, account in spoken if account.stance))
    insert(connection, models.mention, *(mention_row(number, it) for number, it in spoken if it.stance is None))


def item_row(number: int, item: Made) -> dict[str, Any]:
    kind = ItemKind(ITEMS[number - 1])
    what = {"id": number, "slug": kind, "kind": kind, "topic": "all", "title": "An item", "basis": Basis.STATED}
    made_from = item.days[0] if item.is_start_known else None
    return {**what, "made_from": made_from, "made_to": item.days[1], "episode_id": item.episode, **item.held}


def maker_row(number: int, item: Made) -> dict[str, Any]:
    tie = {"id": number, "item_id": number, "actor_id": item.maker, "role": Role.MAKER}
    return {**tie, "episode_id": item.episode, **item.held}


def response_row(number: int, account: Said) -> dict[str, Any]:
    row = {"id": number, "slug": f"r{number}", "episode_id": account.episode, "basis": account.basis}
    return {**row, "said_from": account.days[0], "said_to": account.days[1], "sequence": number, **account.held}


def stance_row(number: int, account: Said) -> dict[str, Any]:
    basis = account.own_basis or account.basis
    response = response_row(number, account)
    del response["slug"]
    place = {"response_id": number, "item_id": account.item, "actor_id": account.actor, "kind": account.stance}
    ranked = {"response_basis": account.basis, "firm": basis in FIRM, "stated": basis is Basis.STATED}
    return {**response, **place, **ranked, "basis": account.own_basis}


def mention_row(number: int, account: Said) -> dict[str, Any]:
    repeated = {"kind": MentionKind.REPEATS, "scope": "same"}
    return {"id": number, "response_id": number, "item_id": account.item, **repeated, **account.held}


NO_ITEMS = [Made(1, (FIRST_DAY, FIRST_DAY), True, 1, {"recorded_in": 1, "retracted_in": None})] * len(ITEMS)


@given(said=saying(st.sampled_from(StanceKind)), moment=moments)
def test_sql_and_python_agree_on_precedence_contest_and_refusal(
    empty: sa.Connection, said: list[Said], moment: Moment
) -> None:
    fill(empty, NO_ITEMS, said)

    told = stances.all_stances(empty, moment)
    pairs = accounts.by_pair(told)
    assert told == sorted(told, key=lambda account: (*account.said.days, account.sequence))
    for (item, actor), found in pairs.items():
        ranked = sorted(found, key=accounts.precedence, reverse=True)
        assert [account.sequence for account in ranked] == in_sql(empty, moment, item, actor)
        assert [account.contested for account in found] == [bool(accounts.rivals(account, found)) for account in found]
    assert stances.current(empty, moment) == stances.current_among(told)
    for ever in (False, True):
        refused = {refusal.account: refusal for refusal in stances.refusals(empty, moment, ever=ever)}
        assert refused == {refusal.account: refusal for refusal in stances.refusals_among(told, ever=ever)}


def in_sql(connection: sa.Connection, moment: Moment, item: str, actor: str) -> list[int]:
    """The sequences of the accounts of `actor` on `item`, the current one first."""
    stance = models.stance
    query = sa.select(stance.c.sequence).where(moment.visible(stance), stance.c.item_id == ITEMS.index(item) + 1)
    of_actor = query.where(stance.c.actor_id == ACTORS.index(actor) + 1)
    return list(connection.scalars(of_actor.order_by(*highest_first(stance))))


@given(said=saying(st.sampled_from(StanceKind)))
def test_the_views_agree_with_the_questions(empty: sa.Connection, said: list[Said]) -> None:
    fill(empty, NO_ITEMS, said)

    viewed = empty.execute(sa.text("SELECT item, actor, response, contested FROM current_stance"))
    asked = stances.current(empty, Moment())
    assert sorted((*row[:3], bool(row.contested)) for row in viewed) == [
        (account.item, account.actor, account.response, account.contested) for account in asked
    ]
    viewed = empty.execute(sa.text("SELECT item, refused_by, response, contested FROM non_starter"))
    refused = nonstarters.nonstarters(empty, Moment())
    assert sorted((*row[:3], bool(row.contested)) for row in viewed) == sorted(
        (row.item, row.refused_by, row.response, row.contested) for row in refused
    )


@given(made=items_made, said=saying(st.none() | st.sampled_from(StanceKind), len(ITEMS)), moment=moments)
def test_an_item_is_on_the_table_once_it_was_made_or_its_maker_spoke_of_it(
    empty: sa.Connection, made: list[Made], said: list[Said], moment: Moment
) -> None:
    """A maker speaks of its item by repeating it or by a stance on it; only a maker's response repeats one."""
    said = [account for account in said if account.stance or account.actor == made[account.item - 1].maker]
    fill(empty, made, said)

    for as_of in (None, *map(day, range(8))):
        then = replace(moment, as_of=as_of)
        found = empty.scalars(sa.select(models.item.c.id).where(then.on_the_table()).order_by(models.item.c.id))
        assert list(found) == [
            number for number, item in enumerate(made, 1) if is_on_the_table(then, number, item, said)
        ]
        visible, known = stances.all_stances(empty, then), items.load(empty, then, models.item.c.retracted_in.is_(None))
        assert all(
            part.is_on_the_table(then, [stance for stance in visible if stance.item == part.row.slug])
            is is_on_the_table(then, part.row.id, made[part.row.id - 1], said)
            for part in known.parts
            if held(then, made[part.row.id - 1].held)
        )


def is_on_the_table(moment: Moment, number: int, item: Made, said: list[Said]) -> bool:
    own = (account for account in said if account.item == number and account.actor == item.maker)
    is_defined = by(moment.as_of, item.days[1]) and by(moment.public_by, PUBLISHED[item.episode - 1])
    may_be_made = not item.is_start_known or by(moment.as_of, item.days[0])
    is_spoken_of = may_be_made and any(counts(moment, account) for account in own)
    return held(moment, item.held) and (is_defined or is_spoken_of)


def counts(moment: Moment, account: Said) -> bool:
    is_public = by(moment.public_by, PUBLISHED[account.episode - 1])
    return held(moment, account.held) and by(moment.as_of, account.days[1]) and is_public


def by(limit: date | None, when: date) -> bool:
    """Whether `when` is not after `limit`; None sets no limit."""
    return limit is None or when <= limit


def held(moment: Moment, row: Mapping[str, int | None]) -> bool:
    """Whether the record held a row at `moment`."""
    recorded_in, retracted_in = row["recorded_in"], row.get("retracted_in")
    if moment.known_at is None:
        return retracted_in is None
    assert recorded_in is not None
    return recorded_in <= moment.known_at and (retracted_in is None or retracted_in > moment.known_at)
