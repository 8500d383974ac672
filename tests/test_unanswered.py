"""`positions unanswered`: who has taken no stance on what was put to them, and what there is instead."""

from collections.abc import Callable

import pytest

from tests.conftest import Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]
KEYS = "item title by actor since reply counter_offers read_in_part status reply_wording alleged alleged_by"
talks = pytest.mark.usefixtures("talks")


def silent(positions: Positions, *words: str) -> list[tuple[str, str]]:
    """Which items are unanswered by whom, in the order of the answer."""
    return [(one["item"], one["actor"]) for one in positions.ask("unanswered", *words)]


@talks
def test_each_addressee_without_a_stance_is_named_demands_first(positions: Positions) -> None:
    assert silent(positions) == [
        ("no-enlargement", "nato"),
        ("no-enlargement", "us"),
        ("no-missiles", "nato"),
        ("no-missiles", "us"),
        ("missile-talks", "russia"),
    ]


@talks
def test_a_row_has_the_keys_of_the_contract(positions: Positions) -> None:
    first = positions.ask("unanswered")[0]

    assert " ".join(first) == KEYS
    assert (first["title"], first["by"], first["since"]) == ("No further enlargement", ["russia"], "2021-12-17")
    assert (first["reply"], first["counter_offers"], first["read_in_part"]) == (None, [], False)
    assert (first["status"], first["reply_wording"]) == ("on the table", None)


@talks
@pytest.mark.parametrize("stance", ["non-starter", "negotiable", "open"])
def test_whoever_takes_a_stance_is_silent_no_longer(positions: Positions, says: Says, stance: str) -> None:
    says("nato", stance, "no-enlargement", on="2022-01-12")

    assert silent(positions, "--topic", "enlargement") == [("no-enlargement", "us")]
    assert ("no-enlargement", "nato") in silent(positions, "--as-of", "2022-01-11")


@talks
def test_what_only_the_other_side_alleges_is_no_answer_and_is_shown(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12", basis="alleged", reported_by="lavrov")

    [row] = positions.ask("unanswered", "--actor", "nato", "--topic", "enlargement")

    assert (row["alleged"], row["alleged_by"]) == ("open", "lavrov")
    assert "alleged by lavrov: open" in positions("unanswered", "--actor", "nato").stdout


@talks
def test_a_stance_of_somebody_else_answers_nothing(positions: Positions, says: Says) -> None:
    says("osce", "open", "no-enlargement", on="2022-01-12")
    says("us", "open", "missile-talks", on="2022-01-12")

    assert len(silent(positions)) == 5


@talks
def test_an_answer_without_a_stance_is_cited_the_latest_one(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: press, kind: statement, title: The press, published: 2022-01-26, url: https://example.org/press}
        responses:
          - {id: later, by: nato, said: 2022-01-26, basis: stated, quote: all are free, about: [no-enlargement]}
          - {id: sooner, by: nato, said: 2022-01-12, basis: stated, quote: we took note, about: [no-enlargement]}
    """)

    [nato, us] = positions.ask("unanswered", "--topic", "enlargement")

    assert (nato["actor"], nato["reply"]) == ("nato", "press/later")
    assert (us["actor"], us["reply"]) == ("us", None)
    assert "taken up without a stance, press/later" in positions("unanswered").stdout
    assert positions.ask("unanswered", "--as-of", "2022-01-12")[0]["reply"] == "press/sooner"


@talks
def test_an_item_met_in_part_says_so_and_still_waits_for_a_stance(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: part, kind: statement, title: A part, published: 2022-02-01, url: https://example.org/part}
        outcomes: [{items: no-missiles, outcome: met, on: 2022-02-01, by: us, in_part: true}]
    """)

    rows = {(one["item"], one["actor"]): one["status"] for one in positions.ask("unanswered", "--side", "russia")}

    assert rows == {
        ("no-enlargement", "nato"): "on the table",
        ("no-enlargement", "us"): "on the table",
        ("no-missiles", "nato"): "met in part",
        ("no-missiles", "us"): "met in part",
    }
    assert positions("unanswered").stdout.count("met in part") == 1
    assert "met in part" not in positions("unanswered", "--as-of", "2022-01-31").stdout


@talks
def test_what_was_said_instead_of_a_stance_is_shown_by_its_label(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: tv, kind: statement, title: On TV, published: 2022-02-01, url: https://example.org/tv}
        responses:
          - {id: denies, by: us, said: 2022-02-01, basis: stated, quote: we have no missiles there,
             about: {no-missiles: {wording: a denial}}}
          - {id: evades, by: nato, said: 2022-02-01, basis: stated, quote: we took note, about: [no-missiles]}
    """)

    nato, us = positions.ask("unanswered", "--topic", "missiles", "--side", "russia")

    assert (us["reply"], us["reply_wording"]) == ("tv/denies", "a denial")
    assert (nato["reply"], nato["reply_wording"]) == ("tv/evades", None)
    table = positions("unanswered").stdout
    assert "a denial, tv/denies" in table
    assert "taken up without a stance, tv/evades" in table


@talks
def test_a_maker_that_insists_has_not_answered_for_others(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: tv, kind: statement, title: On TV, published: 2022-01-26, url: https://example.org/tv}
        responses:
          - {id: insists, by: russia, said: 2022-01-26, basis: stated, quote: we still wait, repeats: [no-enlargement]}
          - {id: complains, by: russia, said: 2022-01-26, basis: stated, quote: they lied, about: [no-missiles]}
    """)

    assert {one["reply"] for one in positions.ask("unanswered")} == {None}


@talks
def test_a_counter_offer_stands_beside_the_silence_of_its_maker(positions: Positions) -> None:
    nato, us = positions.ask("unanswered", "--topic", "missiles", "--side", "russia")

    assert (nato["actor"], nato["counter_offers"]) == ("nato", [])
    assert (us["actor"], us["counter_offers"]) == ("us", ["missile-talks"])
    assert "counter-offer missile-talks" in positions("unanswered").stdout


@talks
def test_a_counter_offer_that_was_withdrawn_is_none(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-02-01, url: https://example.org/end}
        outcomes: [{items: missile-talks, outcome: withdrawn, on: 2022-02-01, by: us}]
    """)

    assert positions.ask("unanswered", "--topic", "missiles", "--actor", "us")[0]["counter_offers"] == []
    before = positions.ask("unanswered", "--topic", "missiles", "--actor", "us", "--as-of", "2022-01-31")
    assert before[0]["counter_offers"] == ["missile-talks"]


@talks
def test_what_came_to_an_end_waits_for_no_answer(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-02-01, url: https://example.org/end}
        outcomes:
          - {items: no-enlargement, outcome: withdrawn, on: 2022-02-01, by: russia}
          - {items: no-missiles, outcome: met, on: 2022-02-01, by: us, in_part: true}
    """)

    assert silent(positions, "--side", "russia") == [("no-missiles", "nato"), ("no-missiles", "us")]


@talks
def test_silence_is_marked_where_a_source_was_read_in_part(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: The reply, published: 2022-02-02, url: https://example.org/reply,
                  read: part, missing: its annex}
        responses: [{id: it, by: us, said: 2022-01-26, basis: stated, quote: not that,
                     stances: {no-enlargement: non-starter}}]
    """)

    rows = {(one["item"], one["actor"]): one["read_in_part"] for one in positions.ask("unanswered")}

    assert rows == {
        ("no-enlargement", "nato"): False,
        ("no-missiles", "nato"): False,
        ("no-missiles", "us"): True,
        ("missile-talks", "russia"): False,
    }
    assert "Not all sources of us were read in full" in positions("unanswered").stdout


@talks
def test_silence_counts_from_the_day_it_was_put_to_them(positions: Positions) -> None:
    assert silent(positions, "--as-of", "2021-12-16") == []
    assert len(silent(positions, "--as-of", "2022-01-09")) == 4
    assert len(silent(positions, "--as-of", "2022-01-10")) == 5
    assert silent(positions, "--public-by", "2022-01-30") == []


@talks
def test_a_later_demand_comes_after_the_older_ones(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: tv, kind: statement, title: On TV, published: 2022-02-01, url: https://example.org/tv}
        demands:
          - {id: a-reply, by: russia, to: us, topic: a, title: A reply, made: 2022-02-01, basis: stated, quote: reply}
    """)

    assert [item for item, _ in silent(positions, "--to", "us")] == [
        "no-enlargement",
        "no-enlargement",
        "no-missiles",
        "no-missiles",
        "a-reply",
    ]


@talks
def test_actor_asks_what_one_addressee_has_not_answered(positions: Positions) -> None:
    assert silent(positions, "--actor", "us") == [("no-enlargement", "us"), ("no-missiles", "us")]
    assert silent(positions, "--actor", "russia") == silent(positions, "--by", "us") == [("missile-talks", "russia")]
    assert silent(positions, "--actor", "osce") == []
    assert "Did you mean nato?" in positions("unanswered", "--actor", "nat0", exit_code=1).stderr


@talks
def test_the_table_says_so_when_everything_is_answered(positions: Positions, says: Says) -> None:
    says("russia", "open", "missile-talks", on="2022-01-14")

    assert "No matching items are unanswered" in positions("unanswered", "--side", "west").stdout
    assert "2 items that an addressee has not answered" in positions("unanswered").stdout


def test_nobody_has_answered_an_empty_record(positions: Positions) -> None:
    assert positions.ask("unanswered") == []


def test_episode_1_leaves_the_procedure_that_russia_asks_for_unanswered(seeded: Positions) -> None:
    procedure = {"written-article-by-article-reply", "package-not-menu", "forum-us-nato-not-osce"}

    rows = silent(seeded, "--topic", "procedure")

    assert set(rows) == {(item, actor) for item in procedure for actor in ("us", "nato")}
    page = seeded("unanswered").stdout
    for title in ("article-by-article reply", "taken as one package", "not with the OSCE as main forum"):
        assert title in page


def test_in_episode_1_the_us_offers_something_beside_the_demand_on_weapons(seeded: Positions) -> None:
    rows = seeded.ask("unanswered", "--topic", "missiles", "--by", "russia")

    assert {one["actor"]: one["counter_offers"] for one in rows} == {"nato": [], "us": ["missiles-inf-limits"]}
    assert "counter-offer missiles-inf-limits" in seeded("unanswered", "--actor", "us").stdout


def test_in_episode_1_only_nato_has_spoken_of_going_back_to_1997(seeded: Positions) -> None:
    assert silent(seeded, "--topic", "architecture") == [("return-to-1997", "us")]


def test_in_episode_1_the_refused_demands_are_not_called_unanswered(seeded: Positions) -> None:
    items = {item for item, _ in silent(seeded)}

    assert not items & {"no-enlargement", "withdraw-forces-from-eastern-allies", "troops-back-to-barracks"}


def test_in_episode_1_russia_has_answered_none_of_the_western_offers(seeded: Positions) -> None:
    offers = [one["id"] for one in seeded.ask("offers")]

    assert {(offer, "russia") for offer in offers} <= set(silent(seeded, "--actor", "russia"))
    assert len(offers) == 6
    assert not any(one["read_in_part"] for one in seeded.ask("unanswered"))
