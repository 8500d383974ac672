"""`positions matrix`: all that is on the table against everybody who has taken a stance."""

from collections.abc import Callable

import pytest

from tests.conftest import Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]
pytestmark = pytest.mark.usefixtures("talks")


def row(positions: Positions, item: str, *words: str) -> list[str]:
    """The words in the row of `item`, without its title and id."""
    [line] = [line for line in positions("matrix", *words).stdout.splitlines() if item in line]
    return line.partition(item)[2].split()


def test_each_item_stands_against_each_actor_with_a_stance(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "negotiable", "no-missiles", on="2022-01-12")

    rows = {one["item"]: one["stances"] for one in positions.ask("matrix")}

    assert rows == {
        "no-enlargement": {"nato": "non-starter"},
        "missile-talks": {},
        "no-missiles": {"us": "negotiable"},
    }


def test_a_row_has_the_keys_of_the_contract(positions: Positions) -> None:
    [one] = positions.ask("matrix", "--topic", "enlargement")

    assert " ".join(one) == "item kind title by stances"
    assert (one["kind"], one["title"], one["by"]) == ("demand", "No further enlargement", ["russia"])


def test_silence_is_a_dash_and_never_open(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "open", "no-missiles", on="2022-01-12")

    assert row(positions, "no-enlargement") == ["russia", "non-starter", "–"]
    assert row(positions, "no-missiles") == ["russia", "–", "open"]
    assert row(positions, "missile-talks") == ["us", "–", "–"]
    assert "none recorded (not the same as open)" in positions("matrix").stdout


def test_a_makers_stance_on_its_own_offer_is_marked(positions: Positions, says: Says) -> None:
    says("us", "open", "missile-talks", on="2022-01-12")
    says("russia", "negotiable", "missile-talks", on="2022-01-14")

    assert row(positions, "missile-talks") == ["us", "negotiable", "open", "own"]
    [one] = [one for one in positions.ask("matrix") if one["item"] == "missile-talks"]
    assert one["stances"] == {"russia": "negotiable", "us": "open"}


def test_many_actors_are_listed_within_their_row(positions: Positions, record: Record, says: Says) -> None:
    record("""
        format: 1
        episode: {id: others, kind: article, title: Others, published: 2022-02-01, url: https://example.org/others}
        actors: [{id: france, kind: state, name: France}, {id: germany, kind: state, name: Germany},
                 {id: hungary, kind: state, name: Hungary}, {id: turkey, kind: state, name: Turkey}]
    """)
    for actor in ("france", "germany", "hungary", "turkey", "nato"):
        says(actor, "non-starter", "no-enlargement", on="2022-02-01")
    says("us", "open", "missile-talks", on="2022-02-01")

    table = positions("matrix").stdout

    refusals = [f"{actor} non-starter" for actor in ("france", "germany", "hungary", "nato", "turkey")]
    assert "; ".join(refusals) in table
    assert row(positions, "missile-talks") == ["us", "us", "open", "own"]
    assert row(positions, "no-missiles") == ["russia", "–"]


def test_what_is_alleged_or_contested_says_so(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="alleged", reported_by="lavrov")
    says("us", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "negotiable", "no-enlargement", on="2022-01-12")

    assert row(positions, "no-enlargement") == ["russia", "non-starter", "(alleged)", "negotiable", "(contested)"]


def test_the_matrix_is_that_of_the_day_asked_about(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "open", "no-enlargement", on="2022-02-12")

    assert row(positions, "no-enlargement", "--as-of", "2022-01") == ["russia", "non-starter"]
    assert row(positions, "no-enlargement") == ["russia", "open"]
    assert [one["item"] for one in positions.ask("matrix", "--as-of", "2021")] == ["no-enlargement", "no-missiles"]


def test_the_matrix_of_one_topic_holds_demands_and_offers(positions: Positions) -> None:
    assert [one["item"] for one in positions.ask("matrix", "--topic", "missiles")] == ["no-missiles", "missile-talks"]
    assert [one["item"] for one in positions.ask("matrix", "--side", "west")] == ["missile-talks"]


def test_an_empty_matrix_says_that_nothing_is_on_the_table(positions: Positions) -> None:
    assert "No matching items are on the table" in positions("matrix", "--as-of", "2020").stdout
    assert "Did you mean missiles?" in positions("matrix", "--topic", "missile", exit_code=1).stderr
