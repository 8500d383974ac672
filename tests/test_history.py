"""`positions history`: every stance that was recorded, oldest first."""

from collections.abc import Callable

import pytest

from tests.conftest import Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]
pytestmark = pytest.mark.usefixtures("talks")
KEYS = "actor item stance wording condition basis speaker reported_by said episode response quote revision contested"


def said(positions: Positions, *words: str) -> list[str]:
    """The days in the answer to `positions history`, in its order."""
    return [one["said"] for one in positions.ask("history", *words)]


def test_a_stance_in_the_history_has_the_keys_of_the_contract(positions: Positions, says: Says) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", wording="we can talk", condition="in a year")

    [one] = positions.ask("history")

    assert " ".join(one) == KEYS
    assert (one["actor"], one["item"], one["stance"]) == ("nato", "no-enlargement", "negotiable")
    assert (one["wording"], one["condition"], one["revision"]) == ("we can talk", "in a year", 2)


def test_history_is_told_in_the_order_of_saying(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-02-12")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "non-starter", "no-missiles", on="2022-01-20")

    assert said(positions) == ["2022-01-12", "2022-01-20", "2022-02-12"]
    assert [one["revision"] for one in positions.ask("history")] == [3, 4, 2]


def test_a_vague_month_stands_before_a_later_day_in_it(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-01", published="2022-02-10")
    says("nato", "open", "no-enlargement", on="2022-01-01")

    assert said(positions) == ["2022-01-01", "2022-01", "2022-01-12"]


def test_a_day_takes_precedence_over_the_vague_month_around_it(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "negotiable", "no-enlargement", on="2022-01", published="2022-02-10", basis="stated")

    [current] = positions.ask("item", "no-enlargement")["stances"]

    assert (current["stance"], current["contested"]) == ("non-starter", False)


def test_a_month_and_a_day_in_it_on_one_basis_are_contested(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-01", published="2022-02-10")

    assert [one["contested"] for one in positions.ask("history")] == [True, True]
    assert [one["contested"] for one in positions.ask("history", "--as-of", "2022-01-12")] == [False]


def test_since_and_until_keep_what_may_have_been_said_then(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-01", published="2022-02-10")
    says("nato", "open", "no-enlargement", on="2022-02-12")

    assert said(positions, "--since", "2022-01-13") == ["2022-01", "2022-02-12"]
    assert said(positions, "--until", "2022-01-11") == ["2022-01"]
    assert said(positions, "--since", "2022-01-12", "--until", "2022-01-12") == ["2022-01", "2022-01-12"]
    assert said(positions, "--since", "2022-02-13") == said(positions, "--until", "2021") == []


def test_a_month_until_means_its_last_day_and_since_its_first(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-31")
    says("nato", "open", "no-enlargement", on="2022-02-01")

    assert said(positions, "--until", "2022-01") == ["2022-01-31"]
    assert said(positions, "--since", "2022-02") == ["2022-02-01"]
    assert said(positions, "--since", "2022-01") == ["2022-01-31", "2022-02-01"]


def test_history_of_one_item_and_one_actor(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "non-starter", "no-enlargement", on="2022-01-13")
    says("us", "open", "no-missiles", on="2022-01-14")

    assert said(positions, "--item", "no-enlargement") == ["2022-01-12", "2022-01-13"]
    assert said(positions, "--actor", "us") == ["2022-01-13", "2022-01-14"]
    assert said(positions, "--item", "no-enlargement", "--actor", "us") == ["2022-01-13"]
    assert said(positions, "--topic", "missiles") == ["2022-01-14"]


def test_history_tells_what_others_allege_with_its_basis(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="alleged", reported_by="lavrov")

    [one] = positions.ask("history")

    assert (one["basis"], one["reported_by"]) == ("alleged", "lavrov")
    assert "alleged by lavrov" in positions("history").stdout


def test_a_stance_taken_back_leaves_the_history(positions: Positions, record: Record) -> None:
    header = """
        format: 1
        episode: {id: press, kind: statement, title: A press conference, published: 2022-02-01,
                  url: https://example.org/press}
    """
    record(f"""{header}
        responses: [{{id: it, by: nato, said: 2022-01-30, basis: stated, quote: never,
                      stances: {{no-enlargement: non-starter}}}}]""")
    record(header, "--replace")

    assert positions.ask("history") == []
    assert len(positions.ask("history", "--known-at", "r2")) == 1


def test_an_empty_history_says_so(positions: Positions) -> None:
    assert "No matching stances or outcomes" in positions("history", "--item", "no-missiles").stdout
    assert positions.ask("history") == []


def test_wrong_values_are_refused_before_anything_is_told(positions: Positions) -> None:
    assert "Did you mean no-missiles" in positions("history", "--item", "no-missile", exit_code=1).stderr
    assert "Did you mean nato?" in positions("history", "--actor", "nat", exit_code=1).stderr
    assert "--since" in positions("history", "--since", "last week", exit_code=2).stderr
    assert "--until" in positions("history", "--until", "2022-02-30", exit_code=2).stderr


def test_since_after_until_is_a_usage_error(positions: Positions) -> None:
    assert "--since" in positions("history", "--since", "2022-02", "--until", "2022-01", exit_code=2).stderr


def test_what_became_of_an_item_stands_between_its_stances(
    positions: Positions, says: Callable[..., Output], record: Callable[..., Output]
) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-03-01, url: https://example.org/end}
        outcomes: [{items: no-enlargement, outcome: met, on: 2022-02-01, by: nato, in_part: true, basis: stated,
                    quote: a pause}]
    """)
    says("nato", "negotiable", "no-enlargement", on="2022-02-25")

    lines = positions("history", "--actor", "nato").stdout.splitlines()[2:5]

    assert ["non-starter" in lines[0], "met; in part" in lines[1], "negotiable" in lines[2]] == [True] * 3
    assert "met" not in positions("history", "--since", "2022-02-02").stdout
    assert "met in part" in positions("matrix").stdout
