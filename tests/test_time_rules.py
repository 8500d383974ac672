"""What counts when: the rules by which a stance is derived from dated statements, one small story for each.

The rules stand in the codebook; the last two tests try them on random accounts, the views of SQL included.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from positions import database
from positions.moment import Moment
from positions.queries import nonstarters, stances
from tests.conftest import TALKS, Output, Positions, _copy, recorder

Record = Callable[..., Output]
Says = Callable[..., Output]
talks = pytest.mark.usefixtures("talks")


def current(positions: Positions, actor: str, *words: str) -> tuple[str, str, bool] | None:
    """The stance, basis and contestedness of an actor's current stance on enlargement; None if there is none."""
    found = [one for one in positions.ask("item", "no-enlargement", *words)["stances"] if one["actor"] == actor]
    return (found[0]["stance"], found[0]["basis"], found[0]["contested"]) if found else None


def moves(positions: Positions, *words: str) -> list[tuple[str, str]]:
    """How stances have moved, and by which words."""
    return [(one["direction"], one["said"]) for one in positions.ask("movements", *words)]


@talks
def test_a_paraphrase_told_after_own_words_of_that_day_changes_nothing(positions: Positions, says: Says) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="stated")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported", published="2022-01-20")

    assert current(positions, "nato") == ("negotiable", "stated", False)
    assert positions.ask("movements") == []


@talks
def test_own_words_replace_a_paraphrase_of_the_same_day(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="stated")

    assert current(positions, "nato") == ("negotiable", "stated", False)
    assert positions.ask("movements") == []


@talks
def test_own_words_count_more_than_a_paraphrase_that_may_be_a_little_later(positions: Positions, says: Says) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="stated")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12/2022-01-14", basis="reported")

    assert current(positions, "nato") == ("negotiable", "stated", False)
    assert positions.ask("nonstarters") == []


@talks
def test_an_item_can_be_answered_on_the_day_on_which_it_was_made(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2021-12-17")

    assert current(positions, "nato") == ("non-starter", "stated", False)


@talks
def test_a_paraphrase_of_a_later_day_takes_the_place_of_own_words(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="stated")
    says("nato", "negotiable", "no-enlargement", on="2022-01-26", basis="reported")

    assert current(positions, "nato") == ("negotiable", "reported", False)
    assert moves(positions) == [("softened", "2022-01-26")]


@talks
def test_what_was_said_last_counts_whichever_was_recorded_last(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-02-10")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")

    assert current(positions, "nato") == ("open", "stated", False)
    assert moves(positions) == [("softened", "2022-02-10")]


@talks
def test_of_two_spans_the_one_that_starts_later_counts(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-14/2022-01-15", basis="reported")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12/2022-01-20", basis="stated")

    assert current(positions, "nato") == ("open", "reported", False)


@talks
def test_a_vague_month_gives_way_to_a_day_within_it(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "negotiable", "no-enlargement", on="2022-01", basis="stated", published="2022-02-10")

    assert current(positions, "nato") == ("non-starter", "reported", False)
    assert positions.ask("movements") == []


@talks
def test_a_vague_month_is_contested_by_a_day_on_the_same_basis(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-01", published="2022-02-10")

    assert current(positions, "nato") == ("non-starter", "stated", True)
    assert positions.ask("movements") == []


@talks
def test_what_the_other_side_tells_shows_only_where_nothing_better_is(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-02-10", basis="alleged", reported_by="lavrov")
    assert current(positions, "nato") == ("open", "alleged", False)

    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")

    assert current(positions, "nato") == ("non-starter", "reported", False)
    assert "alleged" in {one["basis"] for one in positions.ask("history")}


@talks
def test_what_a_coder_infers_shows_only_where_nothing_better_is(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-02-10", basis="inferred")
    assert current(positions, "nato") == ("open", "inferred", False)
    assert "open (inferred)" in positions("matrix").stdout

    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")

    assert current(positions, "nato") == ("non-starter", "reported", False)


@talks
@pytest.mark.parametrize("basis", ["alleged", "inferred"])
@pytest.mark.parametrize("days", [("2022-01-12", "2022-01-26"), ("2022-01-14", "2022-01-12")])
def test_what_is_alleged_or_inferred_moves_nothing(
    positions: Positions, says: Says, basis: str, days: tuple[str, str]
) -> None:
    says("nato", "non-starter", "no-enlargement", on=days[0])
    says("nato", "open", "no-enlargement", on=days[1], basis=basis, reported_by="lavrov")
    says("nato", "negotiable", "no-enlargement", on="2022-02-10", basis=basis, reported_by="lavrov")

    assert positions.ask("movements") == []
    assert [one["to"] for one in positions.ask("movements", "--first")] == ["non-starter"]


@talks
def test_what_is_alleged_contests_no_own_words(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "open", "no-enlargement", on="2022-01-12", basis="alleged", reported_by="lavrov")

    assert current(positions, "nato") == ("non-starter", "reported", False)


@talks
def test_rival_accounts_of_one_day_are_both_shown_and_move_nothing(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-05", basis="reported")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="reported")

    assert current(positions, "nato") == ("negotiable", "reported", True)
    told = [(one["stance"], one["contested"]) for one in positions.ask("history")]
    assert told == [("open", False), ("non-starter", True), ("negotiable", True)]
    page = positions("item", "no-enlargement").stdout
    assert page.count("contested") == 2
    assert positions.ask("movements") == []


@talks
def test_accounts_of_one_day_that_agree_are_not_contested(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "open", "no-enlargement", on="2022-01-12", basis="reported")

    assert current(positions, "nato") == ("open", "reported", False)


@talks
def test_what_was_contested_and_settled_later_is_a_movement(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-05", basis="reported")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="reported")
    assert positions.ask("movements") == []

    says("nato", "negotiable", "no-enlargement", on="2022-01-26", basis="reported")

    assert current(positions, "nato") == ("negotiable", "reported", False)
    [movement] = positions.ask("movements")
    assert (movement["from"], movement["to"], movement["said"]) == ("non-starter", "negotiable", "2022-01-26")


@talks
def test_own_words_found_later_settle_a_contested_day(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-05", basis="reported")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="stated", published="2022-02-01")

    assert current(positions, "nato") == ("negotiable", "stated", False)
    assert moves(positions) == [("softened", "2022-01-12")]


@talks
def test_days_that_may_be_the_same_claim_no_movement_until_later(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-10/2022-01-13", basis="stated")
    says("nato", "negotiable", "no-enlargement", on="2022-01-13/2022-01-17", basis="reported")

    assert current(positions, "nato") == ("negotiable", "reported", False)
    assert positions.ask("movements") == []

    says("nato", "negotiable", "no-enlargement", on="2022-02-10", basis="reported")

    assert moves(positions) == [("softened", "2022-02-10")]


@talks
def test_a_leaked_reply_was_held_before_the_public_knew(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12")
    says("nato", "non-starter", "no-enlargement", on="2022-01-26", published="2022-02-02")

    assert current(positions, "nato", "--as-of", "2022-01-25") == ("open", "stated", False)
    assert current(positions, "nato", "--as-of", "2022-01-26") == ("non-starter", "stated", False)
    assert current(positions, "nato", "--public-by", "2022-02-01") == ("open", "stated", False)
    assert current(positions, "nato", "--public-by", "2022-02-02") == ("non-starter", "stated", False)
    assert current(positions, "nato", "--as-of", "2022-01-31", "--public-by", "2022-02-01") == ("open", "stated", False)
    assert moves(positions, "--public-by", "2022-02-01") == []


@talks
def test_an_undated_source_counts_as_public_from_the_last_day_on_which_it_may_have_been_published(
    positions: Positions, says: Says
) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12")
    says("nato", "non-starter", "no-enlargement", on="2022-02-12", published="2022-02-12/2022-02-15")

    assert current(positions, "nato") == ("non-starter", "stated", False)
    assert current(positions, "nato", "--public-by", "2022-02-14") == ("open", "stated", False)
    assert current(positions, "nato", "--public-by", "2022-02-15") == ("non-starter", "stated", False)
    later = "1 stance shown here became public only after that day"
    assert later in positions("nonstarters", "--as-of", "2022-02-14").stdout
    assert later not in positions("nonstarters", "--as-of", "2022-02-15").stdout


@talks
def test_what_an_undated_source_tells_had_happened_by_its_last_day(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-02-15", published="2022-02-12/2022-02-15")
    says("us", "open", "no-enlargement", on="2022-02", published="2022-02-12/2022-02-15")

    assert [one["said"] for one in positions.ask("history")] == ["2022-02-01/2022-02-15", "2022-02-15"]


@talks
def test_a_correction_is_known_at_old_revisions_as_it_was(positions: Positions, record: Record) -> None:
    for stance in ("non-starter", "negotiable"):
        record(f"""
            format: 1
            episode: {{id: press, kind: statement, title: The press, published: 2022-01-12,
                       url: https://example.org/press}}
            responses: [{{id: it, by: nato, said: 2022-01-12, basis: stated, quote: we shall see,
                          stances: {{no-enlargement: {stance}}}}}]
        """)

    assert current(positions, "nato") == ("negotiable", "stated", False)
    assert current(positions, "nato", "--known-at", "r3") == ("negotiable", "stated", False)
    assert current(positions, "nato", "--known-at", "r2") == ("non-starter", "stated", False)
    assert current(positions, "nato", "--known-at", "r1") is None


@talks
def test_a_corrected_account_keeps_its_place_in_the_order(positions: Positions, says: Says, record: Record) -> None:
    first = """
        format: 1
        episode: {id: press, kind: statement, title: The press, published: 2022-01-12, url: https://example.org/press}
        responses: [{id: it, by: nato, said: 2022-01-12, basis: stated, quote: we shall see,
                     stances: {no-enlargement: {stance: non-starter, wording: WORDING}}}]
    """
    record(first.replace("WORDING", "no"))
    says("nato", "open", "no-enlargement", on="2022-01-12")
    assert current(positions, "nato") == ("open", "stated", True)

    record(first.replace("WORDING", "never"))

    assert current(positions, "nato") == ("open", "stated", True)
    assert [one["stance"] for one in positions.ask("history")] == ["non-starter", "open"]


@talks
def test_a_response_of_several_days_counts_from_its_last(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-10/2022-01-12")

    assert current(positions, "nato", "--as-of", "2022-01-11") is None
    assert current(positions, "nato", "--as-of", "2022-01-12") == ("non-starter", "stated", False)
    assert current(positions, "nato", "--as-of", "2022-01") == ("non-starter", "stated", False)


@talks
def test_a_month_ends_with_the_day_on_which_its_source_was_published(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01", published="2022-01-20")

    assert current(positions, "nato", "--as-of", "2022-01-19") is None
    assert current(positions, "nato", "--as-of", "2022-01-20") == ("non-starter", "stated", False)


@talks
def test_an_older_source_that_comes_to_light_shows_a_past_movement(positions: Positions, says: Says) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01-14")
    assert positions.ask("movements") == []

    says("nato", "non-starter", "no-enlargement", on="2022-01-12", published="2022-03-01")

    assert moves(positions) == [("softened", "2022-01-14")]
    assert moves(positions, "--public-by", "2022-02-28") == []


@talks
def test_a_rival_account_that_comes_to_light_takes_a_movement_back(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-01-26", basis="reported")
    assert moves(positions) == [("softened", "2022-01-26")]

    says("nato", "non-starter", "no-enlargement", on="2022-01-26", basis="reported", published="2022-03-01")

    assert positions.ask("movements") == []
    assert moves(positions, "--public-by", "2022-02-28") == [("softened", "2022-01-26")]


@talks
def test_a_span_that_is_not_over_leaves_the_earlier_stance(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-05")
    says("nato", "open", "no-enlargement", on="2022-01-10/2022-01-12")

    assert current(positions, "nato", "--as-of", "2022-01-11") == ("non-starter", "stated", False)
    assert moves(positions, "--as-of", "2022-01-11") == []
    assert moves(positions, "--as-of", "2022-01-12") == [("softened", "2022-01-10/2022-01-12")]


@talks
def test_an_item_is_on_the_table_once_certainly_made(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: drafts, kind: article, title: The drafts, published: 2022-02-20, url: https://example.org/drafts}
        demands:
          - {id: old-borders, by: russia, to: nato, topic: borders, title: Old borders, made: 2022-02-11/2022-02-15,
             basis: reported, quote: the old borders}
          - {id: quiet, by: russia, to: nato, topic: borders, title: Quiet borders, made: ../2022-02-18,
             basis: reported, quote: quiet borders}
    """)

    def demands(day: str) -> set[str]:
        return {one["id"] for one in positions.ask("demands", "--topic", "borders", "--as-of", day)}

    assert demands("2022-02-14") == set()
    assert demands("2022-02-15") == demands("2022-02-17") == {"old-borders"}
    assert demands("2022-02-18") == {"old-borders", "quiet"}


@talks
def test_open_is_an_answer_and_silence_is_none(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12")

    assert current(positions, "nato") == ("open", "stated", False)
    assert current(positions, "us") is None
    unanswered = {(one["item"], one["actor"]) for one in positions.ask("unanswered")}
    assert ("no-enlargement", "nato") not in unanswered
    assert ("no-enlargement", "us") in unanswered
    [row] = positions.ask("matrix", "--topic", "enlargement")
    assert row["stances"] == {"nato": "open"}


# ---- the same rules, on random accounts

_START = date(2022, 1, 10)
_ACTORS, _ITEMS = ("nato", "us", "osce"), ("no-enlargement", "missile-talks")


@dataclass(frozen=True)
class Account:
    """One account of where an actor stands on an item."""

    actor: str
    item: str
    stance: str
    basis: str
    first: int
    days: int

    @property
    def said(self) -> tuple[date, date]:
        """The first and the last day."""
        first = _START + timedelta(self.first)
        return first, first + timedelta(self.days)


_ACCOUNTS = st.lists(
    st.builds(
        Account,
        actor=st.sampled_from(_ACTORS),
        item=st.sampled_from(_ITEMS),
        stance=st.sampled_from(["non-starter", "negotiable", "open"]),
        basis=st.sampled_from(["stated", "reported", "alleged", "inferred"]),
        first=st.integers(0, 6),
        days=st.integers(0, 4),
    ),
    min_size=1,
    max_size=8,
)


@contextmanager
def held(template: str, folder: Path, *versions: dict[str, Account]) -> Iterator[Connection]:
    """A connection to a fresh database in which the `versions` of one episode were recorded one after another."""
    for place in _copy(template, folder / f"{uuid4().hex}.db"):
        for version in versions:
            recorder(Positions(place), folder)(_file(version), "--replace")
        with database.reading(place) as connection:
            yield connection


def _file(accounts: dict[str, Account]) -> str:
    responses = ",".join(
        f"{{id: {name}, by: {one.actor}, said: {one.said[0]}/{one.said[1]}, basis: {one.basis},"
        f"{' reported_by: lavrov,' if one.basis == 'alleged' else ''}"
        f" quote: so they say, stances: {{{one.item}: {one.stance}}}}}"
        for name, one in accounts.items()
    )
    return f"""
format: 1
episode: {{id: told, kind: article, title: What was told, published: 2022-03-01, url: https://example.org/told}}
responses: [{responses}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the databases."""
    return tmp_path_factory.mktemp("accounts")


@pytest.fixture(scope="module")
def template(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """A database in which nobody has answered anything yet, to be copied."""
    for place in _copy(request.getfixturevalue("_templates")["empty"], folder / "talks.db"):
        recorder(Positions(place), folder)(TALKS)
        yield place


_SLOW = settings(max_examples=settings().max_examples // 4)


@_SLOW
@given(accounts=_ACCOUNTS, changes=st.lists(st.sampled_from(["kept", "gone", "open", "non-starter"]), max_size=8))
def test_sql_views_say_what_the_program_says_whatever_was_recorded(
    template: str, folder: Path, accounts: list[Account], changes: list[str]
) -> None:
    first = {f"a{number}": one for number, one in enumerate(accounts)}
    then = {
        name: replace(one, stance=change) if change in {"open", "non-starter"} else one
        for (name, one), change in zip(first.items(), [*changes, *["kept"] * len(first)], strict=False)
        if change != "gone"
    }
    with held(template, folder, first, then) as connection:
        asked = stances.current(connection, Moment())
        refused = nonstarters.nonstarters(connection, Moment())
        in_view = connection.execute(
            text("SELECT item, actor, stance, basis, quote, response, revision, contested FROM current_stance")
        ).all()
        refused_in_view = connection.execute(
            text("SELECT item, refused_by, item_kind, basis, item_quote, response, contested FROM non_starter")
        ).all()

    assert {(*row[:-1], bool(row.contested)) for row in in_view} == {
        (one.item, one.actor, one.stance, one.basis, one.quote, one.response, one.revision, one.contested)
        for one in asked
    }
    assert len(in_view) == len(asked)
    assert {(*row[:-1], bool(row.contested)) for row in refused_in_view} == {
        (one.item, one.refused_by, one.kind, one.basis, one.item_quote, one.response, one.contested) for one in refused
    }
    assert len(refused_in_view) == len(refused)


@_SLOW
@given(accounts=_ACCOUNTS, day=st.none() | st.integers(0, 10).map(lambda days: _START + timedelta(days)))
def test_the_current_stance_of_a_day_follows_the_rule_of_the_codebook(
    template: str, folder: Path, accounts: list[Account], day: date | None
) -> None:
    told = {f"a{number}": one for number, one in enumerate(accounts)}
    expected: dict[tuple[str, str], str] = {}
    for number, (name, one) in enumerate(told.items()):
        if day is None or one.said[1] <= day:
            best = expected.setdefault((one.item, one.actor), name)
            if _rank(one, number) >= _rank(told[best], list(told).index(best)):
                expected[one.item, one.actor] = name

    with held(template, folder, told) as connection:
        found = stances.current(connection, Moment(as_of=day))

    assert {(one.item, one.actor): one.response for one in found} == expected


def _rank(one: Account, number: int) -> tuple[bool, date, bool, date, int]:
    """What an account is preferred by: the greatest is the current one."""
    return one.basis in {"stated", "reported"}, one.said[0], one.basis == "stated", one.said[1], number
