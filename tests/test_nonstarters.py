"""`positions nonstarters`: who refuses what, in which words, since when, by which source."""

from collections.abc import Callable

import pytest

from positions import database
from positions.moment import Moment
from positions.queries import stances as stances_of
from tests.conftest import Output, Positions

Says = Callable[..., Output]
pytestmark = pytest.mark.usefixtures("talks")
KEYS = (
    "item kind title by refused_by speaker reported_by first_said last_said wording condition basis quote"
    " item_quote episode response contested status"
)
WITHDRAWAL = """
format: 1
episode: {id: end, kind: statement, title: The end, published: 2022-02-01, url: https://example.org/end}
outcomes: [{items: no-enlargement, outcome: withdrawn, on: 2022-02-01, by: russia}]
"""
EITHER_ORDER = pytest.mark.parametrize(
    "stances", [("non-starter", "negotiable"), ("negotiable", "non-starter")], ids=" then ".join
)


def test_a_refusal_is_shown_with_words_day_and_source(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote="NATO’s door stays open", wording="stays open")

    [refusal] = positions.ask("nonstarters")

    assert (refusal["refused_by"], refusal["item"], refusal["by"]) == ("nato", "no-enlargement", ["russia"])
    assert (refusal["quote"], refusal["item_quote"]) == ("NATO’s door stays open", "no more members")
    assert (refusal["first_said"], refusal["last_said"], refusal["basis"]) == ("2022-01-12", "2022-01-12", "stated")
    assert refusal["response"] == "it"
    assert "now" not in refusal


def test_an_actor_that_softens_no_longer_refuses_but_did_so_before(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-02-25")

    assert positions.ask("nonstarters") == []
    [refusal] = positions.ask("nonstarters", "--as-of", "2022-02-01")
    assert refusal["refused_by"] == "nato"
    [once] = positions.ask("nonstarters", "--ever")
    assert once["now"] == "negotiable"


def test_the_keys_of_a_refusal_are_those_of_the_contract(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")

    [refusal] = positions.ask("nonstarters")
    [once] = positions.ask("nonstarters", "--ever")

    assert " ".join(refusal) == KEYS
    assert " ".join(once) == f"{KEYS} now"


def test_an_empty_answer_says_that_nobody_refuses(positions: Positions) -> None:
    assert "No matching non-starters" in positions("nonstarters").stdout
    assert positions.ask("nonstarters", "--ever") == []


def test_a_refusal_said_again_keeps_its_first_day(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-26", quote="still no")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote="no")
    says("nato", "non-starter", "no-enlargement", on="2022-02-10", quote="no, once more")

    [refusal] = positions.ask("nonstarters")

    assert (refusal["first_said"], refusal["last_said"]) == ("2022-01-12", "2022-02-10")
    assert refusal["quote"] == "no, once more"


def test_a_refusal_taken_up_again_counts_from_its_new_start(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-01-20")
    says("nato", "non-starter", "no-enlargement", on="2022-02-10")
    says("nato", "non-starter", "no-enlargement", on="2022-02-12")

    [refusal] = positions.ask("nonstarters")

    assert (refusal["first_said"], refusal["last_said"]) == ("2022-02-10", "2022-02-12")


def test_what_others_allege_neither_starts_nor_breaks_a_run(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-05", basis="alleged", reported_by="lavrov")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-01-20", basis="alleged", reported_by="lavrov")
    says("nato", "non-starter", "no-enlargement", on="2022-01-26")

    [refusal] = positions.ask("nonstarters")

    assert (refusal["first_said"], refusal["last_said"]) == ("2022-01-12", "2022-01-26")


@EITHER_ORDER
def test_two_accounts_of_one_day_are_shown_as_contested(
    positions: Positions, says: Says, stances: tuple[str, ...]
) -> None:
    for stance in stances:
        says("nato", stance, "no-enlargement", on="2022-01-12", basis="reported")

    [refusal] = positions.ask("nonstarters")

    assert (refusal["quote"], refusal["contested"]) == ("we are non-starter", True)
    assert "contested" in positions("nonstarters").stdout
    told = positions.ask("history", "--item", "no-enlargement")
    assert {(one["stance"], one["contested"]) for one in told} == {("non-starter", True), ("negotiable", True)}


@EITHER_ORDER
def test_a_contested_account_breaks_no_run_of_refusals(
    positions: Positions, says: Says, stances: tuple[str, ...]
) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-05", basis="reported")
    for stance in stances:
        says("nato", stance, "no-enlargement", on="2022-01-12", basis="reported")

    [refusal] = positions.ask("nonstarters")

    assert (refusal["first_said"], refusal["last_said"]) == ("2022-01-05", "2022-01-12")


def test_a_refusal_that_was_given_up_later_began_before_what_was_contested_then(
    positions: Positions, says: Says
) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-05", basis="reported")
    for stance in ("open", "non-starter"):
        says("nato", stance, "no-enlargement", on="2022-01-10", basis="reported")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "negotiable", "no-enlargement", on="2022-01-20", basis="reported")

    [refusal] = positions.ask("nonstarters", "--ever")
    with database.reading(positions.db) as connection:  # the page reads every stance, and decides without SQL
        [on_the_page] = stances_of.refusals_among(stances_of.all_stances(connection, Moment()), ever=True)

    assert (refusal["first_said"], refusal["last_said"]) == ("2022-01-05", "2022-01-12")
    assert (str(on_the_page.first), str(on_the_page.account.said)) == ("2022-01-05", "2022-01-12")


def test_own_words_settle_what_a_paraphrase_tells_otherwise(positions: Positions, says: Says) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="stated")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")

    assert positions.ask("nonstarters") == []


def test_an_allegation_shows_only_where_nothing_better_is_held(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="alleged", reported_by="lavrov")
    [refusal] = positions.ask("nonstarters")
    assert (refusal["basis"], refusal["reported_by"]) == ("alleged", "lavrov")
    assert "alleged by lavrov" in positions("nonstarters").stdout

    says("nato", "negotiable", "no-enlargement", on="2022-01-05")

    assert positions.ask("nonstarters") == []


def test_an_allegation_that_was_never_current_is_no_former_refusal(positions: Positions, says: Says) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01-05")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="alleged", reported_by="lavrov")

    assert positions.ask("nonstarters", "--ever") == []


def test_ever_lists_present_refusals_beside_former_ones(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote="never, we said")
    says("nato", "open", "no-enlargement", on="2022-02-25")
    says("us", "non-starter", "no-enlargement", on="2022-01-12")

    rows = positions.ask("nonstarters", "--ever")

    assert {row["refused_by"]: row["now"] for row in rows} == {"nato": "open", "us": "non-starter"}
    assert {row["refused_by"]: row["quote"] for row in rows}["nato"] == "never, we said"
    table = positions("nonstarters", "--ever").stdout
    assert "now open" in table
    assert "now non-starter" in table
    past = positions("nonstarters", "--ever", "--as-of", "2022-01-31").stdout
    assert "then non-starter" in past
    assert "now" not in past


def test_basis_keeps_the_refusals_that_rest_on_it(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("us", "non-starter", "no-enlargement", on="2022-01-12", basis="stated")

    assert [one["refused_by"] for one in positions.ask("nonstarters", "--basis", "reported")] == ["nato"]
    assert [one["refused_by"] for one in positions.ask("nonstarters", "--basis", "stated")] == ["us"]
    assert positions.ask("nonstarters", "--basis", "inferred") == []


def test_actor_keeps_the_refusals_of_that_actor(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "non-starter", "no-missiles", on="2022-01-12")

    assert [one["item"] for one in positions.ask("nonstarters", "--actor", "us")] == ["no-missiles"]
    assert positions.ask("nonstarters", "--actor", "osce") == []
    assert "Did you mean nato?" in positions("nonstarters", "--actor", "nat0", exit_code=1).stderr


def test_filters_ask_about_the_item_that_is_refused(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("russia", "non-starter", "missile-talks", on="2022-01-12")

    def refused(*words: str) -> list[str]:
        return [one["item"] for one in positions.ask("nonstarters", *words)]

    assert refused("--side", "russia") == refused("--by", "russia") == ["no-enlargement"]
    assert refused("--side", "west") == refused("--to", "russia") == ["missile-talks"]
    assert refused("--topic", "enlargement", "--by", "us") == []


def test_a_third_party_can_refuse_what_was_not_put_to_it(positions: Positions, says: Says) -> None:
    says("osce", "non-starter", "no-enlargement", on="2022-01-12")

    [refusal] = positions.ask("nonstarters")

    assert refusal["refused_by"] == "osce"


def test_an_offer_that_is_refused_is_a_non_starter_too(positions: Positions, says: Says) -> None:
    says("russia", "non-starter", "missile-talks", on="2022-01-14", speaker="lavrov")

    [refusal] = positions.ask("nonstarters")

    assert (refusal["kind"], refusal["by"], refusal["speaker"]) == ("offer", ["us"], "lavrov")
    assert "offer of us" in positions("nonstarters").stdout


def test_a_maker_never_refuses_its_own_offer(positions: Positions, says: Says) -> None:
    says("us", "non-starter", "missile-talks", on="2022-02-14")

    assert positions.ask("nonstarters") == []


def test_the_latest_refusal_comes_first_and_items_stay_together(positions: Positions, says: Says) -> None:
    says("us", "non-starter", "no-enlargement", on="2022-01-10")
    says("nato", "non-starter", "no-missiles", on="2022-01-12")
    says("nato", "non-starter", "no-enlargement", on="2022-01-26")

    rows = [(one["item"], one["refused_by"]) for one in positions.ask("nonstarters")]

    assert rows == [("no-enlargement", "nato"), ("no-enlargement", "us"), ("no-missiles", "nato")]
    table = positions("nonstarters").stdout
    assert table.startswith("2 refused (2 on the table), by 3 refusals\n")
    assert table.index("No further enlargement") < table.index("No missiles nearby")


def test_the_table_proves_the_refusal_and_the_item(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote="NATO’s door stays open")
    [refusal] = positions.ask("nonstarters")

    table = positions("nonstarters").stdout

    assert "“NATO’s door stays open”" in table
    assert "“no more members”" in table
    assert f"stated, {refusal['episode']}/it" in table
    assert "2022-01-12" in table


def test_a_refusal_without_words_says_no_quotation(positions: Positions, record: Callable[..., Output]) -> None:
    record("""
        format: 1
        episode: {id: brief, kind: report, title: A brief, published: 2022-01-14, url: https://example.org/brief}
        responses:
          - {id: it, by: nato, said: 2022-01-12, basis: reported, summary: NATO would not hear of it.,
             stances: {no-enlargement: non-starter}}
    """)

    assert positions.ask("nonstarters")[0]["quote"] is None
    assert "NATO would not hear of it. (no quotation)" in positions("nonstarters").stdout
    assert "no quotation" in positions("nonstarters", "--format", "markdown").stdout


def test_a_refusal_counts_from_the_day_on_which_it_is_certain(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-10/2022-01-12")

    assert positions.ask("nonstarters", "--as-of", "2022-01-11") == []
    [refusal] = positions.ask("nonstarters", "--as-of", "2022-01-12")
    assert refusal["last_said"] == "2022-01-10/2022-01-12"


def test_a_month_as_of_means_its_last_day(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-31")

    assert len(positions.ask("nonstarters", "--as-of", "2022-01")) == 1
    assert positions.ask("nonstarters", "--as-of", "2021") == []


def test_what_was_leaked_later_is_left_out_by_public_by(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-26", published="2022-02-02")

    assert len(positions.ask("nonstarters", "--as-of", "2022-01-31")) == 1
    assert positions.ask("nonstarters", "--public-by", "2022-02-01") == []
    table = positions("nonstarters", "--as-of", "2022-01-31").stdout
    assert "1 stance shown here became public only after that day" in table


def test_public_by_answers_where_the_item_was_published_after_the_refusal(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")  # TALKS was published on the 31st

    assert positions.ask("nonstarters", "--public-by", "2022-01-20") == []
    assert len(positions.ask("nonstarters", "--public-by", "2022-01-31")) == 1


def test_a_refusal_of_a_withdrawn_demand_stays_in_the_record(
    positions: Positions, says: Says, record: Callable[..., Output]
) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-03-01, url: https://example.org/end}
        outcomes: [{items: no-enlargement, outcome: withdrawn, on: 2022-03-01, by: russia, basis: stated,
                    quote: we withdraw it}]
    """)

    assert [one["item"] for one in positions.ask("nonstarters", "--ever")] == ["no-enlargement"]


def test_a_refused_item_that_ended_is_marked(positions: Positions, says: Says, record: Callable[..., Output]) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "non-starter", "no-missiles", on="2022-01-12")
    record(WITHDRAWAL)

    status = {one["item"]: one["status"] for one in positions.ask("nonstarters")}

    assert status == {"no-enlargement": "withdrawn", "no-missiles": "on the table"}
    table = positions("nonstarters").stdout
    assert table.startswith("2 refused (1 on the table, 1 withdrawn), by 2 refusals\n")
    assert "demand of russia, withdrawn" in table
    assert {one["status"] for one in positions.ask("nonstarters", "--as-of", "2022-01-31")} == {"on the table"}


def test_a_withdrawn_item_that_was_said_again_is_not_marked_as_ended(
    positions: Positions, says: Says, record: Callable[..., Output]
) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    record(WITHDRAWAL)
    record("""
        format: 1
        episode: {id: again, kind: statement, title: Again, published: 2022-02-10, url: https://example.org/again}
        responses:
          - {id: insists, by: russia, said: 2022-02-10, basis: stated, quote: no new members, repeats: [no-enlargement]}
    """)

    [refusal] = positions.ask("nonstarters")

    assert refusal["status"] == "on the table"
    assert "withdrawn" not in positions("nonstarters").stdout
    assert positions.ask("nonstarters", "--as-of", "2022-02-09")[0]["status"] == "withdrawn"
