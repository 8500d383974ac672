"""`positions demands`: what each side demands, how much weight it has, who refuses and who would talk."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import TALKS, Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]
pytestmark = pytest.mark.usefixtures("talks")
KEYS = (
    "id kind title text topic by side to affects made first_said last_said times_said core package provisions"
    " answers alternative_to part_of quote speaker reported_by basis episode status stances"
)
STANCE_KEYS = (
    "actor item stance wording condition basis speaker reported_by said episode response quote revision contested"
)


def demand(positions: Positions, id: str, *words: str) -> Any:
    """The demand `id` in the answer to `positions demands`."""
    [found] = [one for one in positions.ask("demands", *words) if one["id"] == id]
    return found


def ids(positions: Positions, *words: str) -> list[str]:
    """What `positions demands` lists, in its order."""
    return [one["id"] for one in positions.ask("demands", *words)]


@pytest.fixture
def package(record: Record) -> Output:
    """Russia says that its demands are a package, with one of them at its core."""
    return record("""
        format: 1
        episode: {id: press, kind: statement, title: A press conference, published: 2022-01-14,
                  url: https://example.org/press}
        packages:
          - {id: guarantees, by: russia, speaker: lavrov, said: 2022-01-14, title: The guarantees, basis: stated,
             quote: a package rather than a menu, items: [no-enlargement, no-missiles], core: no-enlargement,
             core_quote: the key to the rest}
    """)


@pytest.fixture
def outcome(record: Record) -> Callable[..., Output]:
    """Record what became of the demand not to enlarge: `outcome("withdrawn", on="2022-02-01")`."""

    def became(kind: str, *, on: str, more: str = "") -> Output:
        return record(f"""
            format: 1
            episode: {{id: {kind}-{on}, kind: statement, title: An end, published: {on},
                       url: https://example.org/end}}
            outcomes: [{{items: no-enlargement, outcome: {kind}, on: {on}, by: russia, basis: stated,
                         quote: it is {kind}{more}}}]
        """)

    return became


@pytest.fixture
def insists(record: Record) -> Callable[..., Output]:
    """Record that Russia says its demand not to enlarge again: `insists(on="2022-02-01")`."""

    def repeats(*, on: str, published: str | None = None) -> Output:
        published = published or on.rpartition("/")[2]
        return record(f"""
            format: 1
            episode: {{id: again-{published}, kind: statement, title: Once more, published: {published},
                       url: https://example.org/again}}
            responses: [{{id: it, by: russia, said: {on}, basis: stated, quote: "once more, no",
                          repeats: no-enlargement}}]
        """)

    return repeats


def test_a_demand_and_its_stances_have_the_keys_of_the_contract(positions: Positions, says: Says) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", condition="the open door stays")

    one = demand(positions, "no-enlargement")

    assert " ".join(one) == KEYS
    [stance] = one["stances"]
    assert " ".join(stance) == STANCE_KEYS
    assert (stance["stance"], stance["condition"]) == ("negotiable", "the open door stays")


def test_what_is_not_known_is_null_and_what_is_absent_is_empty(positions: Positions) -> None:
    one = demand(positions, "no-missiles")

    assert {name for name, value in one.items() if value is None} == {"text", "package", "speaker", "reported_by"}
    assert {name for name, value in one.items() if value == []} == {
        "affects",
        "provisions",
        "answers",
        "alternative_to",
        "part_of",
        "stances",
    }


def test_a_demand_tells_whose_it_is_and_to_whom_it_is_put(positions: Positions) -> None:
    one = demand(positions, "no-enlargement")

    assert (one["kind"], one["by"], one["side"], one["to"]) == ("demand", ["russia"], "russia", ["nato", "us"])
    assert (one["made"], one["basis"], one["quote"]) == ("2021-12-17", "stated", "no more members")
    assert one["status"] == "on the table"


def test_offers_are_not_listed_among_demands(positions: Positions) -> None:
    assert ids(positions) == ["no-enlargement", "no-missiles"]


def test_demands_are_ordered_by_topic(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: more, kind: article, title: More, published: 2022-01-31, url: https://example.org/more}
        demands:
          - {id: a-zone, by: russia, to: us, topic: zones, title: A zone, made: 2022-01-20, basis: stated, quote: zone}
          - {id: no-bases, by: russia, to: us, topic: bases, title: No bases, made: 2022-01-20, basis: stated,
             quote: no bases}
    """)

    assert ids(positions) == ["no-bases", "no-enlargement", "no-missiles", "a-zone"]


def test_a_demand_said_once_was_first_and_last_said_then(positions: Positions) -> None:
    one = demand(positions, "no-enlargement")

    assert (one["first_said"], one["last_said"], one["times_said"]) == ("2021-12-17", "2021-12-17", 1)


def test_each_repetition_is_counted_once(positions: Positions, insists: Callable[..., Output]) -> None:
    insists(on="2022-02-01")
    insists(on="2022-01-14")

    one = demand(positions, "no-enlargement")

    assert (one["first_said"], one["last_said"], one["times_said"]) == ("2021-12-17", "2022-02-01", 3)
    assert "3 times" in positions("demands").stdout


MADE_AT_THE_LATEST = TALKS.replace("made: 2021-12-17, basis", "made: ../2021-12-17, said: 2021-12-17, basis").replace(
    "made: 2022-01-10, basis", "made: ../2022-01-10, said: 2022-01-10, basis"
)
"""The same negotiation, but of its items only the latest day of making is known."""


def test_a_repetition_recorded_later_but_said_earlier_comes_first(
    positions: Positions, record: Record, insists: Callable[..., Output]
) -> None:
    record(MADE_AT_THE_LATEST)
    insists(on="2021-12-10", published="2022-02-15")

    one = demand(positions, "no-enlargement")

    assert (one["first_said"], one["last_said"], one["times_said"]) == ("2021-12-10", "2021-12-17", 2)


def test_a_repetition_counts_from_the_day_it_was_said(positions: Positions, insists: Callable[..., Output]) -> None:
    insists(on="2022-02-01", published="2022-02-15")

    assert demand(positions, "no-enlargement", "--as-of", "2022-01-31")["times_said"] == 1
    assert demand(positions, "no-enlargement", "--as-of", "2022-02-01")["times_said"] == 2
    assert demand(positions, "no-enlargement", "--public-by", "2022-02-14")["times_said"] == 1


def test_the_defining_sentence_may_be_younger_than_the_demand(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: recalled, kind: article, title: Recalled, published: 2022-02-10, url: https://example.org/r}
        demands:
          - {id: no-exercises, by: russia, to: us, topic: exercises, title: No exercises, made: ../2022-01-01,
             said: 2022-02-05, basis: stated, quote: no exercises there}
    """)

    one = demand(positions, "no-exercises")

    assert (one["made"], one["first_said"]) == ("../2022-01-01", "2022-02-05")
    assert "no-exercises" in ids(positions, "--as-of", "2022-01-01")
    assert "no-exercises" not in ids(positions, "--as-of", "2021-12-31")


def test_a_demand_of_a_side_needs_no_maker(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: told, kind: article, title: Told, published: 2022-02-10, url: https://example.org/told}
        demands:
          - {id: troops-home, side: west, to: russia, topic: troops, title: Troops go home, made: ../2022-01-17,
             basis: alleged, reported_by: lavrov, quote: demands to return our troops}
    """)

    one = demand(positions, "troops-home")

    assert (one["by"], one["side"], one["reported_by"]) == ([], "west", "lavrov")
    assert ids(positions, "--side", "west") == ["troops-home"]
    assert "troops-home" not in ids(positions, "--by", "us")
    assert "west →" in positions("demands").stdout


def test_a_demand_without_maker_can_be_claimed_later(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: told, kind: article, title: Told, published: 2022-02-10, url: https://example.org/told}
        demands:
          - {id: troops-home, side: west, to: russia, topic: troops, title: Troops go home, made: ../2022-01-17,
             basis: alleged, reported_by: lavrov, quote: demands to return our troops}
    """)
    record("""
        format: 1
        episode: {id: claimed, kind: statement, title: Claimed, published: 2022-02-12, url: https://example.org/c}
        extends: [{id: troops-home, by: us}]
        responses: [{id: it, by: us, said: 2022-01-10, basis: stated, quote: send them home, repeats: troops-home}]
    """)

    one = demand(positions, "troops-home")

    assert (one["by"], one["side"]) == (["us"], "west")
    assert (one["first_said"], one["times_said"]) == ("2022-01-10", 2)
    assert ids(positions, "--by", "us") == ids(positions, "--side", "west") == ["troops-home"]
    assert demand(positions, "troops-home", "--known-at", "r2")["by"] == []


@pytest.mark.usefixtures("talks", "package")
def test_core_is_what_the_maker_calls_the_core(positions: Positions) -> None:
    weights = {one["id"]: (one["package"], one["core"]) for one in positions.ask("demands")}

    assert weights == {"no-enlargement": ("guarantees", True), "no-missiles": ("guarantees", False)}
    assert "core of guarantees" in positions("demands").stdout


@pytest.mark.usefixtures("talks", "package")
def test_a_package_counts_from_the_day_it_was_stated(positions: Positions) -> None:
    assert ids(positions, "--package", "guarantees", "--as-of", "2022-01-13") == []
    assert demand(positions, "no-enlargement", "--as-of", "2022-01-13")["package"] is None
    assert ids(positions, "--package", "guarantees") == ["no-enlargement", "no-missiles"]


def test_filters_narrow_by_maker_side_addressee_and_topic(positions: Positions) -> None:
    assert ids(positions, "--by", "russia") == ids(positions, "--side", "russia") == ["no-enlargement", "no-missiles"]
    assert ids(positions, "--to", "nato", "--topic", "missiles") == ["no-missiles"]
    assert ids(positions, "--by", "us") == ids(positions, "--side", "west") == ids(positions, "--to", "osce") == []


def test_actor_and_stance_ask_where_an_addressee_now_stands(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-02-12")
    says("us", "open", "no-missiles", on="2022-01-12")

    assert ids(positions, "--actor", "nato") == ["no-enlargement"]
    assert ids(positions, "--stance", "open") == ["no-missiles"]
    assert ids(positions, "--actor", "nato", "--stance", "open") == []
    assert ids(positions, "--stance", "non-starter") == []
    assert ids(positions, "--stance", "non-starter", "--as-of", "2022-02-01") == ["no-enlargement"]


def test_third_parties_do_not_answer_for_the_addressees(positions: Positions, says: Says) -> None:
    says("osce", "non-starter", "no-enlargement", on="2022-01-12")

    assert ids(positions, "--stance", "non-starter") == ids(positions, "--actor", "osce") == []
    [stance] = demand(positions, "no-enlargement")["stances"]
    assert stance["actor"] == "osce"


def test_the_table_says_who_refuses_and_who_would_talk(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "negotiable", "no-enlargement", on="2022-01-12")

    table = positions("demands").stdout

    assert table.startswith("2 demands on the table\n")
    [line] = [line for line in table.splitlines() if "no-enlargement" in line]
    assert "nato non-starter; us negotiable" in line
    assert "Latest statement: 2022-01-12, as recorded at r3." in table


@pytest.mark.parametrize("kind", ["withdrawn", "met", "agreed"])
def test_a_demand_that_came_to_an_end_is_off_the_table(
    positions: Positions, outcome: Callable[..., Output], kind: str
) -> None:
    outcome(kind, on="2022-02-01")

    assert ids(positions) == ["no-missiles"]
    assert positions.ask("item", "no-enlargement")["status"] == kind
    assert "no-enlargement" in ids(positions, "--as-of", "2022-01-31")
    assert positions.ask("item", "no-enlargement", "--as-of", "2022-01-31")["status"] == "on the table"


def test_a_demand_met_in_part_stays_on_the_table(positions: Positions, outcome: Callable[..., Output]) -> None:
    outcome("met", on="2022-02-01", more=", in_part: true")

    assert demand(positions, "no-enlargement")["status"] == "met in part"
    assert "met in part" in positions("demands").stdout


def test_a_demand_agreed_and_then_met_in_part_stays_off_the_table(
    positions: Positions, outcome: Callable[..., Output]
) -> None:
    outcome("agreed", on="2022-02-01")
    outcome("met", on="2022-03-01", more=", in_part: true")

    assert "no-enlargement" not in ids(positions)


def test_a_demand_repeated_after_its_withdrawal_is_back(
    positions: Positions, outcome: Callable[..., Output], insists: Callable[..., Output]
) -> None:
    outcome("withdrawn", on="2022-02-01")
    insists(on="2022-02-10")

    assert demand(positions, "no-enlargement")["status"] == "on the table"
    assert "no-enlargement" not in ids(positions, "--as-of", "2022-02-05")


def test_a_repetition_before_the_withdrawal_brings_nothing_back(
    positions: Positions, outcome: Callable[..., Output], insists: Callable[..., Output]
) -> None:
    outcome("withdrawn", on="2022-02-01")
    insists(on="2022-01-20", published="2022-02-10")

    assert "no-enlargement" not in ids(positions)


def test_a_repeated_demand_that_was_superseded_stays_off_the_table(
    positions: Positions, outcome: Callable[..., Output], insists: Callable[..., Output]
) -> None:
    outcome("superseded", on="2022-02-01", more=", superseded_by: no-missiles")
    insists(on="2022-02-10")

    assert ids(positions) == ["no-missiles"]


def test_as_of_hides_a_demand_that_was_not_yet_made(positions: Positions) -> None:
    assert ids(positions, "--as-of", "2021-12-16") == []
    assert ids(positions, "--as-of", "2021-12") == ["no-enlargement", "no-missiles"]
    assert ids(positions, "--public-by", "2022-01-30") == []


def test_an_earlier_saying_in_another_source_puts_a_demand_on_the_table(
    positions: Positions, record: Record, insists: Callable[..., Output]
) -> None:
    record(MADE_AT_THE_LATEST)
    insists(on="2021-12-10", published="2021-12-10")

    assert ids(positions, "--as-of", "2021-12-10") == ["no-enlargement"]
    assert ids(positions, "--public-by", "2021-12-10") == ["no-enlargement"]
    assert ids(positions, "--as-of", "2021-12-09") == []

    early = demand(positions, "no-enlargement", "--as-of", "2021-12-10", "--public-by", "2021-12-31")
    assert (early["by"], early["to"]) == (["russia"], ["nato", "us"])
    assert (early["first_said"], early["last_said"], early["times_said"]) == ("2021-12-10", "2021-12-10", 1)
    assert (early["quote"], early["episode"]) == ("once more, no", "again-2021-12-10")


def test_an_offer_is_on_the_table_once_its_maker_took_a_stance_on_it(
    positions: Positions, record: Record, says: Says
) -> None:
    record(MADE_AT_THE_LATEST)
    says("us", "open", "missile-talks", on="2022-01-05")
    says("russia", "open", "missile-talks", on="2022-01-04")

    def offers(day: str) -> list[str]:
        return [one["id"] for one in positions.ask("offers", "--as-of", day)]

    assert offers("2022-01-04") == []
    assert offers("2022-01-05") == ["missile-talks"]


def test_a_demand_can_be_superseded_by_nothing_that_is_named(
    positions: Positions, outcome: Callable[..., Output]
) -> None:
    outcome("superseded", on="2022-02-01")

    assert ids(positions) == ["no-missiles"]
    assert positions.ask("item", "no-enlargement")["status"] == "superseded"


def test_known_at_answers_as_the_record_stood_then(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "open", "no-enlargement", on="2022-02-12")

    def known(at: str) -> list[str]:
        return [one["stance"] for one in demand(positions, "no-enlargement", "--known-at", at)["stances"]]

    assert (known("r1"), known("r2"), known("r3")) == ([], ["non-starter"], ["open"])
    assert known("2999-01-01T00:00") == ["open"]
    assert ids(positions, "--known-at", "2000-01-01T00:00") == []
    assert "as recorded at r2." in positions("demands", "--known-at", "r2").stdout


def test_a_revision_that_does_not_exist_is_an_error(positions: Positions) -> None:
    assert "there is no revision r9; the newest is r1" in positions("demands", "--known-at", "r9", exit_code=1).stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--as-of", "tomorrow"),
        ("--as-of", "2022-13"),
        ("--as-of", "2022-02-30"),
        ("--as-of", "2022-1-2"),
        ("--as-of", ""),
        ("--public-by", "17 January 2022"),
        ("--known-at", "three"),
        ("--known-at", "r-1"),
        ("--known-at", "0001-01-01T00:00:00+14:00"),
        ("--stance", "refused"),
        ("--format", "xml"),
    ],
)
def test_a_malformed_value_is_a_usage_error_that_names_the_option(
    positions: Positions, option: str, value: str
) -> None:
    assert option in positions("demands", option, value, exit_code=2).stderr


@pytest.mark.parametrize(
    ("option", "value", "meant"),
    [
        ("--by", "rusia", "russia"),
        ("--to", "natto", "nato"),
        ("--actor", "osc", "osce"),
        ("--side", "wset", "west"),
        ("--topic", "enlargment", "enlargement"),
        ("--package", "guarantee", "guarantees"),
    ],
)
@pytest.mark.usefixtures("talks", "package")
def test_an_unknown_id_is_an_error_with_the_nearest_one(
    positions: Positions, option: str, value: str, meant: str
) -> None:
    told = positions("demands", option, value, exit_code=1)

    assert f"has the id '{value}'" in told.stderr
    assert f"Did you mean {meant}?" in told.stderr
    assert told.stdout == ""


def test_an_unknown_id_like_no_other_says_where_to_look(positions: Positions) -> None:
    assert "`positions actors` lists them" in positions("demands", "--by", "zzz", exit_code=1).stderr


def test_an_empty_answer_says_that_nothing_is_on_the_table(positions: Positions) -> None:
    assert "No matching demands are on the table" in positions("demands", "--by", "us").stdout
    assert positions.ask("demands", "--by", "us") == []


def test_episode_1_shows_what_each_side_demands(seeded: Positions) -> None:
    assert len(seeded.ask("demands", "--side", "russia")) == 7
    assert len(seeded.ask("demands", "--side", "west")) == 2
    [core] = [one for one in seeded.ask("demands") if one["core"]]
    assert core["id"] == "no-enlargement"


def test_a_day_shows_no_saying_that_came_later(positions: Positions, record: Callable[..., Output]) -> None:
    record("""
        format: 1
        episode: {id: recap, kind: article, title: A recap, published: 2022-02-28, url: https://example.org/recap}
        demands:
          - {id: no-bases, by: russia, to: us, topic: bases, title: No bases, made: 2021-12-17, said: 2022-02-20,
             basis: reported, quote: no bases}
    """)

    assert demand(positions, "no-bases")["last_said"] == "2022-02-20"
    [then] = [one for one in positions.ask("demands", "--as-of", "2022-01-01") if one["id"] == "no-bases"]
    assert (then["first_said"], then["last_said"], then["times_said"]) == ("2021-12-17", "2021-12-17", 1)
