"""`positions offers`: what each side says it is ready to do or to discuss, and what it answers."""

from collections.abc import Callable

import pytest

from tests.conftest import Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]
pytestmark = pytest.mark.usefixtures("talks")


def test_an_offer_names_what_it_answers(positions: Positions) -> None:
    [offer] = positions.ask("offers")

    assert (offer["id"], offer["kind"], offer["by"], offer["to"]) == ("missile-talks", "offer", ["us"], ["russia"])
    assert (offer["answers"], offer["basis"]) == (["no-missiles"], "reported")
    assert offer["quote"] == "open to discussing missiles"


def test_an_offer_may_answer_a_package_as_a_whole(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: A reply, published: 2022-02-02, url: https://example.org/reply}
        packages:
          - {id: guarantees, by: russia, said: 2022-01-14, title: The guarantees, quote: all of it,
             items: [no-enlargement, no-missiles]}
        offers:
          - {id: transparency, by: [us, nato], to: russia, topic: transparency, title: Transparency, made: 2022-01-26,
             basis: stated, quote: more transparency, answers: [guarantees, no-missiles], alternative_to: no-missiles,
             part_of: missile-talks}
    """)

    [offer] = positions.ask("offers", "--topic", "transparency")

    assert offer["answers"] == ["guarantees", "no-missiles"]
    assert (offer["alternative_to"], offer["part_of"]) == (["no-missiles"], ["missile-talks"])
    assert offer["by"] == ["nato", "us"]


def test_the_makers_own_stance_is_told_but_is_no_answer(positions: Positions, says: Says) -> None:
    says("us", "open", "missile-talks", on="2022-01-11")

    [offer] = positions.ask("offers")

    assert [(one["actor"], one["stance"]) for one in offer["stances"]] == [("us", "open")]
    assert positions.ask("offers", "--stance", "open") == positions.ask("offers", "--actor", "us") == []
    [line] = [line for line in positions("offers").stdout.splitlines() if "missile-talks" in line]
    assert line.split()[-2:] == ["–", "–"]


def test_an_addressee_that_would_talk_is_named_with_its_stance(positions: Positions, says: Says) -> None:
    says("russia", "open", "missile-talks", on="2022-01-14")

    assert [one["id"] for one in positions.ask("offers", "--stance", "open")] == ["missile-talks"]
    assert "russia open" in positions("offers").stdout


def test_an_offer_that_was_withdrawn_is_off_the_table(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-03-01, url: https://example.org/end}
        outcomes: [{items: missile-talks, outcome: withdrawn, on: 2022-03-01, by: us, basis: stated, quote: no more}]
    """)

    assert positions.ask("offers") == []
    assert len(positions.ask("offers", "--as-of", "2022-02")) == 1


def test_offers_are_asked_for_by_side_maker_and_day(positions: Positions) -> None:
    assert len(positions.ask("offers", "--side", "west", "--by", "us", "--to", "russia")) == 1
    assert positions.ask("offers", "--side", "russia") == positions.ask("offers", "--as-of", "2022-01-09") == []


def test_an_empty_answer_says_that_no_offer_is_on_the_table(positions: Positions) -> None:
    assert "No matching offers are on the table" in positions("offers", "--by", "nato").stdout


def test_an_unknown_maker_is_an_error_with_the_nearest_id(positions: Positions) -> None:
    assert "Did you mean nato?" in positions("offers", "--by", "natoo", exit_code=1).stderr
    assert "--as-of" in positions("offers", "--as-of", "soon", exit_code=2).stderr


def test_episode_1_shows_six_offers_of_the_west(seeded: Positions) -> None:
    assert len(seeded.ask("offers", "--side", "west")) == 6
    assert "6 offers on the table" in seeded("offers").stdout
