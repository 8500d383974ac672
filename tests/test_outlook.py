"""`positions outlook`: what is blocked, workable or unanswered, and what a package holds up."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]
KEYS = "item title by core package verdict blocked_by doubts waiting_for others_refuse held_up_by last_heard"
talks = pytest.mark.usefixtures("talks")

GUARANTEES = """
format: 1
episode: {id: guarantees, kind: statement, title: Guarantees, published: 2022-01-17, url: https://example.org/package}
packages:
  - {id: guarantees, by: russia, said: 2022-01-14, title: The guarantees, basis: stated, quote: a package not a menu,
     items: [no-enlargement, no-missiles], core: [no-enlargement], core_quote: the key to the rest}
offers:
  - {id: inspections, by: nato, to: russia, topic: missiles, title: Inspections, made: 2022-01-16, basis: stated,
     quote: come and look, answers: [guarantees]}
"""
"""Both demands as a package, of which one is the core, and an offer that answers the whole."""


def outlook(positions: Positions, item: str, *words: str) -> Any:
    """The row of one item."""
    [row] = [one for one in positions.ask("outlook", *words) if one["item"] == item]
    return row


@talks
def test_a_row_has_the_keys_of_the_contract(positions: Positions) -> None:
    row = outlook(positions, "no-enlargement")

    assert " ".join(row) == KEYS
    assert (row["title"], row["by"]) == ("No further enlargement", ["russia"])
    assert (row["core"], row["package"], row["verdict"]) == (False, None, "unanswered")


@talks
def test_an_item_is_blocked_by_an_addressee_that_refuses(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")

    row = outlook(positions, "no-enlargement")

    assert (row["verdict"], row["blocked_by"], row["waiting_for"]) == ("blocked", ["nato"], ["us"])
    page = positions("outlook").stdout
    assert page.startswith("1 blocked, 0 workable, 2 unanswered\n")
    assert "refused by nato" in page
    assert "no stance recorded: us" in page


@talks
def test_one_refusal_blocks_although_another_addressee_would_talk(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "open", "no-enlargement", on="2022-01-12")

    row = outlook(positions, "no-enlargement")

    assert (row["verdict"], row["blocked_by"], row["waiting_for"]) == ("blocked", ["nato"], [])
    assert "us open" in positions("outlook").stdout


@talks
@pytest.mark.parametrize("stance", ["negotiable", "open"])
def test_an_item_is_workable_if_an_addressee_would_talk(positions: Positions, says: Says, stance: str) -> None:
    says("nato", stance, "no-enlargement", on="2022-01-12")

    row = outlook(positions, "no-enlargement")

    assert (row["verdict"], row["blocked_by"], row["waiting_for"]) == ("workable", [], ["us"])
    assert f"nato {stance}" in positions("outlook").stdout


@talks
def test_an_item_without_a_stance_is_unanswered_by_all_addressees(positions: Positions) -> None:
    row = outlook(positions, "no-missiles")

    assert (row["verdict"], row["blocked_by"], row["waiting_for"]) == ("unanswered", [], ["nato", "us"])
    assert "no stance recorded: nato, us" in " ".join(positions("outlook").stdout.split())


@talks
def test_who_softens_blocks_no_longer_but_did_so_before(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-02-25")

    assert outlook(positions, "no-enlargement")["verdict"] == "workable"
    assert outlook(positions, "no-enlargement", "--as-of", "2022-02-24")["verdict"] == "blocked"
    assert outlook(positions, "no-enlargement", "--as-of", "2022-01-11")["verdict"] == "unanswered"


@talks
def test_a_contested_refusal_blocks_until_it_is_settled(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="reported")
    assert outlook(positions, "no-enlargement")["blocked_by"] == ["nato"]
    assert "negotiable (contested)" in positions("outlook").stdout

    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="stated")

    assert outlook(positions, "no-enlargement")["verdict"] == "workable"


@talks
@pytest.mark.parametrize("outcome", ["agreed", "met", "withdrawn"])
def test_what_became_of_an_item_is_its_verdict(positions: Positions, says: Says, record: Record, outcome: str) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    record(f"""
        format: 1
        episode: {{id: end, kind: statement, title: The end, published: 2022-03-01, url: https://example.org/end}}
        outcomes: [{{items: no-enlargement, outcome: {outcome}, on: 2022-03-01, by: russia}}]
    """)

    row = outlook(positions, "no-enlargement")

    assert (row["verdict"], row["blocked_by"], row["waiting_for"]) == (outcome, [], [])
    assert outlook(positions, "no-enlargement", "--as-of", "2022-02-28")["verdict"] == "blocked"
    assert positions.ask("outlook")[-1]["item"] == "no-enlargement"


@talks
def test_an_item_met_in_part_keeps_its_verdict_and_says_so(positions: Positions, says: Says, record: Record) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12")
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-03-01, url: https://example.org/end}
        outcomes: [{items: no-enlargement, outcome: met, on: 2022-03-01, by: nato, in_part: true}]
    """)

    assert outlook(positions, "no-enlargement")["verdict"] == "workable"
    assert "met in part" in positions("outlook").stdout


@talks
def test_refusals_of_others_are_shown_and_decide_nothing(positions: Positions, says: Says) -> None:
    says("osce", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "open", "no-enlargement", on="2022-01-12")

    row = outlook(positions, "no-enlargement")

    assert (row["verdict"], row["blocked_by"], row["others_refuse"]) == ("workable", [], ["osce"])
    assert "also refused by osce" in positions("outlook").stdout


@talks
def test_a_refusal_of_a_part_is_shown_and_decides_nothing(positions: Positions, says: Says, record: Record) -> None:
    record("""
        format: 1
        episode: {id: tv, kind: statement, title: On TV, published: 2022-01-10, url: https://example.org/tv}
        demands:
          - {id: not-ukraine, by: russia, to: [us, nato], topic: enlargement, title: Ukraine stays out,
             made: 2022-01-10, basis: stated, quote: never ever Ukraine, part_of: no-enlargement}
    """)
    says("nato", "non-starter", "not-ukraine", on="2022-01-12")

    whole, part = outlook(positions, "no-enlargement"), outlook(positions, "not-ukraine")

    assert (whole["verdict"], whole["blocked_by"]) == ("unanswered", [])
    [named] = whole["others_refuse"]
    assert "not-ukraine" in named
    assert "nato" in named
    assert (part["verdict"], part["blocked_by"]) == ("blocked", ["nato"])


@talks
def test_a_maker_decides_nothing_about_its_own_offer(positions: Positions, says: Says) -> None:
    says("us", "open", "missile-talks", on="2022-01-12")
    assert outlook(positions, "missile-talks")["verdict"] == "unanswered"

    says("us", "non-starter", "missile-talks", on="2022-02-12")

    row = outlook(positions, "missile-talks")
    assert (row["verdict"], row["blocked_by"], row["others_refuse"]) == ("unanswered", [], [])


@talks
def test_a_refused_core_holds_up_its_package_and_no_offer_that_answers_it(
    positions: Positions, says: Says, record: Record
) -> None:
    record(GUARANTEES)
    says("nato", "non-starter", "no-enlargement", on="2022-01-18")

    core = outlook(positions, "no-enlargement")
    assert (core["core"], core["package"], core["held_up_by"]) == (True, "guarantees", [])
    member = outlook(positions, "no-missiles")
    assert (member["core"], member["package"], member["held_up_by"]) == (False, "guarantees", ["no-enlargement"])
    assert outlook(positions, "inspections")["held_up_by"] == []
    assert outlook(positions, "missile-talks")["held_up_by"] == []
    page = positions("outlook").stdout
    assert "Package guarantees of russia is blocked by its core: no-enlargement (refused by nato)" in page
    assert "This holds up no-missiles." in page


@talks
def test_an_item_was_last_heard_of_when_anybody_last_spoke_of_it(
    positions: Positions, says: Says, record: Record
) -> None:
    def heard(*words: str) -> str:
        return str(outlook(positions, "no-enlargement", *words)["last_heard"])

    assert heard() == "2021-12-17"
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    assert heard() == "2022-01-12"
    record("""
        format: 1
        episode: {id: tv, kind: statement, title: On TV, published: 2022-02-10, url: https://example.org/tv}
        responses:
          - {id: insists, by: russia, said: 2022-01-26, basis: stated, quote: we still wait, repeats: [no-enlargement]}
          - {id: evades, by: us, said: 2022-02-09/2022-02-10, basis: stated, quote: we heard, about: [no-enlargement]}
    """)

    assert heard() == "2022-02-09/2022-02-10"
    assert heard("--as-of", "2022-02-09") == "2022-01-26"
    assert heard("--as-of", "2022-01-25") == "2022-01-12"
    assert outlook(positions, "no-missiles")["last_heard"] == "2021-12-17"
    assert positions("outlook").stdout.count("2021-12-17") == 1


@talks
def test_what_ended_was_last_heard_of_when_it_ended_or_later(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-02-18, url: https://example.org/end}
        outcomes: [{items: no-enlargement, by: russia, on: 2022-02-18, outcome: withdrawn}]
    """)

    row = outlook(positions, "no-enlargement")

    assert (row["verdict"], row["last_heard"]) == ("withdrawn", "2022-02-18")


@talks
def test_no_column_says_what_holds_items_up_where_nothing_does(
    positions: Positions, says: Says, record: Record
) -> None:
    record(GUARANTEES)
    assert "Held up by" not in positions("outlook").stdout

    says("nato", "non-starter", "no-enlargement", on="2022-01-18")

    assert "Held up by" in positions("outlook").stdout


@talks
def test_a_refused_member_that_is_no_core_holds_nothing_up(positions: Positions, says: Says, record: Record) -> None:
    record(GUARANTEES)
    says("nato", "non-starter", "no-missiles", on="2022-01-18")

    assert {tuple(one["held_up_by"]) for one in positions.ask("outlook")} == {()}
    assert "Package guarantees" not in positions("outlook").stdout


@talks
def test_a_package_holds_nothing_up_once_its_core_may_be_talked_about(
    positions: Positions, says: Says, record: Record
) -> None:
    record(GUARANTEES)
    says("nato", "non-starter", "no-enlargement", on="2022-01-18")
    says("nato", "negotiable", "no-enlargement", on="2022-02-18")

    assert outlook(positions, "no-missiles")["held_up_by"] == []
    assert outlook(positions, "no-missiles", "--as-of", "2022-02-17")["held_up_by"] == ["no-enlargement"]


@talks
def test_a_package_holds_nothing_up_once_its_core_is_off_the_table(
    positions: Positions, says: Says, record: Record
) -> None:
    record(GUARANTEES)
    says("nato", "non-starter", "no-enlargement", on="2022-01-18")
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-02-18, url: https://example.org/end}
        outcomes: [{items: no-enlargement, by: russia, on: 2022-02-18, outcome: withdrawn}]
    """)

    assert outlook(positions, "no-missiles")["held_up_by"] == []
    assert outlook(positions, "no-missiles", "--as-of", "2022-02-17")["held_up_by"] == ["no-enlargement"]


@talks
def test_a_package_holds_nothing_up_before_its_maker_says_so(positions: Positions, says: Says, record: Record) -> None:
    record(GUARANTEES)
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")

    assert outlook(positions, "no-missiles", "--as-of", "2022-01-13")["held_up_by"] == []
    assert outlook(positions, "no-missiles", "--as-of", "2022-01-14")["held_up_by"] == ["no-enlargement"]


@talks
@pytest.mark.parametrize("limit", ["--as-of", "--public-by"])
def test_membership_counts_from_the_source_that_states_it(
    positions: Positions, says: Says, record: Record, limit: str
) -> None:
    record(GUARANTEES.replace("items: [no-enlargement, no-missiles]", "items: [no-enlargement]"))
    says("nato", "non-starter", "no-enlargement", on="2022-01-18")
    record("""
        format: 1
        episode: {id: tv, kind: statement, title: On TV, published: 2022-02-10, url: https://example.org/tv}
        extends: [{id: guarantees, items: [no-missiles]}]
    """)

    later, before = (outlook(positions, "no-missiles", limit, day) for day in ("2022-02-10", "2022-02-09"))

    assert (later["package"], later["held_up_by"]) == ("guarantees", ["no-enlargement"])
    assert (before["package"], before["held_up_by"]) == (None, [])


@talks
def test_what_is_not_on_the_table_yet_has_no_outlook(positions: Positions) -> None:
    assert {one["item"] for one in positions.ask("outlook", "--as-of", "2022-01-09")} == {
        "no-enlargement",
        "no-missiles",
    }
    assert positions.ask("outlook", "--as-of", "2021-12-16") == []
    assert positions.ask("outlook", "--public-by", "2022-01-30") == []
    assert "No matching items are on the table" in positions("outlook", "--as-of", "2021-12-16").stdout


@talks
def test_the_outlook_of_an_earlier_day_stands_beside(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-02-10")

    def then(*words: str) -> list[tuple[str, str, str]]:
        rows = positions.ask("outlook", *words)
        return [(one["item"], one["then"], one["verdict"]) for one in rows]

    assert then("--since", "2022-01-12") == [
        ("no-enlargement", "blocked", "workable"),
        ("no-missiles", "unanswered", "unanswered"),
        ("missile-talks", "unanswered", "unanswered"),
    ]
    assert ("missile-talks", "not yet made", "unanswered") in then("--since", "2022-01-09")
    table = positions("outlook", "--since", "2022-01-12", "--as-of", "2022-02").stdout
    [heading, row] = [line.split() for line in table.splitlines() if "2022-01-12" in line or "no-enlargement" in line]
    assert (heading[0], row[0]) == ("2022-02-28", "workable")
    assert heading.index("2022-01-12") > 0
    assert "blocked" in row


@talks
def test_only_an_earlier_day_can_stand_beside(positions: Positions) -> None:
    told = positions("outlook", "--since", "2022-02-01", "--as-of", "2022-02-01", exit_code=2).stderr

    assert "--since" in told
    assert "not before" in told


@talks
def test_blocked_items_come_first_and_filters_narrow_down(positions: Positions, says: Says) -> None:
    says("us", "open", "no-enlargement", on="2022-01-12")
    says("russia", "non-starter", "missile-talks", on="2022-01-14")

    assert [one["item"] for one in positions.ask("outlook")] == ["missile-talks", "no-enlargement", "no-missiles"]
    assert [one["item"] for one in positions.ask("outlook", "--side", "west")] == ["missile-talks"]
    assert [one["verdict"] for one in positions.ask("outlook", "--topic", "enlargement")] == ["workable"]


def test_in_episode_1_the_package_is_blocked_by_its_core(seeded: Positions) -> None:
    core = outlook(seeded, "no-enlargement")

    assert (core["core"], core["package"]) == (True, "security-guarantees")
    assert (core["verdict"], core["blocked_by"], core["waiting_for"]) == ("blocked", ["nato", "us"], [])
    page = seeded("outlook").stdout
    assert "Package security-guarantees of russia is blocked by its core: no-enlargement (refused by nato, us)" in page


def test_in_episode_1_every_western_offer_is_unanswered_and_held_up_by_nothing(seeded: Positions) -> None:
    offers = {one["id"] for one in seeded.ask("offers", "--side", "west")}

    rows = [one for one in seeded.ask("outlook", "--side", "west") if one["item"] in offers]

    assert {one["item"] for one in rows} == offers
    assert len(rows) == 6
    for one in rows:
        assert (one["verdict"], one["waiting_for"]) == ("unanswered", ["russia"])
        assert (one["held_up_by"], one["blocked_by"]) == ([], [])


def test_in_episode_1_the_core_holds_up_the_package(seeded: Positions) -> None:
    held_up = {one["item"]: one["verdict"] for one in seeded.ask("outlook", "--side", "russia") if one["held_up_by"]}

    assert held_up == {
        "no-offensive-weapons-nearby": "unanswered",
        "return-to-1997": "blocked",
        "withdraw-forces-from-eastern-allies": "blocked",
    }


def test_in_episode_1_only_nato_blocks_the_return_to_1997(seeded: Positions) -> None:
    row = outlook(seeded, "return-to-1997")

    assert (row["blocked_by"], row["waiting_for"]) == (["nato"], ["us"])


def test_in_episode_1_russia_blocks_what_it_is_asked_about_its_troops(seeded: Positions) -> None:
    row = outlook(seeded, "troops-back-to-barracks")

    assert (row["verdict"], row["blocked_by"], row["by"]) == ("blocked", ["russia"], [])
    assert (row["held_up_by"], row["package"]) == ([], None)


def test_in_episode_1_nothing_is_workable_and_nothing_has_ended(seeded: Positions) -> None:
    verdicts = [one["verdict"] for one in seeded.ask("outlook")]

    assert (verdicts.count("blocked"), verdicts.count("unanswered"), len(verdicts)) == (4, 11, 15)
    assert seeded("outlook").stdout.startswith("4 blocked, 0 workable, 11 unanswered\n")
