"""`positions movements`: what has changed since it was first said, and never what only we have corrected."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Output, Positions, recorder

Record = Callable[..., Output]
Says = Callable[..., Output]
pytestmark = pytest.mark.usefixtures("talks")
KEYS = "change actor item title from to direction said episode response"


def moves(positions: Positions, *words: str) -> list[tuple[str, str, str]]:
    """Who moved on what, and how, in the order of the answer."""
    return [(one["actor"], one["item"], one["direction"]) for one in positions.ask("movements", *words)]


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        ("non-starter", "negotiable", "softened"),
        ("non-starter", "open", "softened"),
        ("negotiable", "non-starter", "hardened"),
        ("open", "non-starter", "hardened"),
        ("negotiable", "open", "shifted"),
        ("open", "negotiable", "shifted"),
    ],
)
def test_a_later_stance_that_differs_is_a_movement(
    positions: Positions, says: Says, before: str, after: str, direction: str
) -> None:
    says("nato", before, "no-enlargement", on="2022-01-12")
    says("nato", after, "no-enlargement", on="2022-02-25")

    [movement] = positions.ask("movements")

    assert " ".join(movement) == KEYS
    assert (movement["change"], movement["actor"], movement["item"]) == ("stance", "nato", "no-enlargement")
    assert (movement["from"], movement["to"], movement["direction"]) == (before, after, direction)
    assert (movement["said"], movement["title"], movement["response"]) == ("2022-02-25", "No further enlargement", "it")
    assert f"{before} → {after} ({direction})" in positions("movements").stdout


def test_saying_the_same_again_is_no_movement(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", wording="simply no")
    says("nato", "non-starter", "no-enlargement", on="2022-02-25", wording="out of the question")

    assert positions.ask("movements") == []
    assert "No matching movements" in positions("movements").stdout


def test_actors_move_one_by_one_and_item_by_item(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "open", "no-enlargement", on="2022-01-14")
    says("nato", "open", "no-missiles", on="2022-01-15")

    assert positions.ask("movements") == []


def test_every_step_there_and_back_is_told_oldest_first(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-03-01")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-02-01")
    says("nato", "non-starter", "no-enlargement", on="2022-02-10")

    assert [one["direction"] for one in positions.ask("movements")] == ["softened", "hardened", "softened"]
    assert [one["said"] for one in positions.ask("movements")] == ["2022-02-01", "2022-02-10", "2022-03-01"]


def test_first_adds_what_each_actor_said_first_on_each_item(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-02-25")
    says("us", "open", "no-missiles", on="2022-01-20")

    rows = positions.ask("movements", "--first")

    assert [(one["change"], one["actor"], one["from"], one["to"]) for one in rows] == [
        ("first", "nato", None, "non-starter"),
        ("first", "us", None, "open"),
        ("stance", "nato", "non-starter", "negotiable"),
    ]
    assert [one["direction"] for one in rows] == [None, None, "softened"]
    assert "First answers to others\n" in positions("movements", "--first").stdout
    assert "– →" not in positions("movements", "--first").stdout


def test_a_maker_moves_on_its_own_offer_too(positions: Positions, says: Says) -> None:
    says("us", "open", "missile-talks", on="2022-01-12")
    says("us", "negotiable", "missile-talks", on="2022-02-25", condition="only if Russia does the same")

    assert moves(positions) == [("us", "missile-talks", "shifted")]


def test_an_offer_is_new_if_its_maker_had_spoken_before(positions: Positions, says: Says, record: Record) -> None:
    says("us", "non-starter", "no-enlargement", on="2022-01-12")
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: The reply, published: 2022-02-02, url: https://example.org/reply}
        offers:
          - {id: inspections, by: us, to: russia, topic: missiles, title: Inspections of launchers,
             made: 2022-01-26, basis: stated, quote: come and look at our launchers}
    """)

    [movement] = positions.ask("movements")

    assert (movement["change"], movement["direction"], movement["said"]) == ("item", "new", "2022-01-26")
    assert (movement["actor"], movement["item"], movement["episode"]) == ("us", "inspections", "reply")
    assert movement["from"] is movement["to"] is movement["response"] is None
    assert "new offer" in positions("movements").stdout


def test_the_first_thing_heard_of_an_actor_is_no_new_offer(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: vienna, kind: statement, title: Vienna, published: 2022-02-02, url: https://example.org/vienna}
        offers:
          - {id: osce-forum, by: osce, to: [russia, us], topic: procedure, title: Talks in Vienna, made: 2022-02-01,
             basis: stated, quote: we offer our good offices}
    """)

    assert positions.ask("movements") == []


def test_what_is_said_and_offered_on_the_same_days_is_not_new(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: press, kind: statement, title: The press, published: 2022-01-12, url: https://example.org/press}
        offers:
          - {id: transparency, by: [us, nato], to: russia, topic: exercises, title: Transparency of exercises,
             made: 2022-01-10/2022-01-12, basis: stated, quote: we offer transparency}
        responses:
          - {id: it, by: nato, said: 2022-01-10/2022-01-12, basis: stated, quote: not that,
             stances: {no-enlargement: non-starter}}
    """)

    assert ("nato", "transparency", "new") not in moves(positions)


def test_a_demand_is_new_if_its_maker_had_spoken_before(positions: Positions, says: Says, record: Record) -> None:
    says("us", "non-starter", "no-enlargement", on="2022-01-12")
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: The reply, published: 2022-02-02, url: https://example.org/reply}
        demands:
          - {id: pull-back, by: us, to: russia, topic: troops, title: Troops pull back, made: 2022-01-26, basis: stated,
             quote: pull back your troops}
    """)

    assert ("us", "pull-back", "new") in moves(positions)
    assert "new demand" in positions("movements").stdout


def test_what_one_source_tells_is_never_new(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: The reply, published: 2022-02-02, url: https://example.org/reply}
        demands:
          - {id: pull-back, by: osce, to: russia, topic: troops, title: Troops pull back, made: 2022-01-26,
             basis: stated, quote: pull back your troops}
        responses:
          - {id: refusal, by: osce, said: 2022-01-12, basis: stated, quote: we will not,
             stances: {no-enlargement: non-starter}}
    """)

    assert positions.ask("movements") == []


def test_what_may_have_been_demanded_at_any_time_before_is_not_new(
    positions: Positions, says: Says, record: Record
) -> None:
    says("us", "non-starter", "no-enlargement", on="2022-01-12")
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: The reply, published: 2022-02-02, url: https://example.org/reply}
        demands:
          - {id: pull-back, by: us, to: russia, topic: troops, title: Troops pull back, made: ../2022-01-26,
             basis: stated, quote: pull back your troops}
    """)

    assert positions.ask("movements") == []


def test_a_first_stance_after_a_month_is_a_movement(positions: Positions, says: Says) -> None:
    """The demand was made on 17 December: the US answers after 26 days, NATO after 31."""
    says("us", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "non-starter", "no-enlargement", on="2022-01-17")

    assert [(row["actor"], row["from"], row["to"]) for row in positions.ask("movements")] == [
        ("nato", None, "non-starter")
    ]
    assert "First answers to others, after a month or more" in positions("movements").stdout


def test_a_first_stance_after_a_month_is_none_in_the_source_that_tells_of_the_demand(
    positions: Positions, record: Record
) -> None:
    record("""
        format: 1
        episode: {id: looking-back, kind: article, title: Looking back, published: 2022-03-01,
                  url: https://example.org/looking-back}
        demands:
          - {id: pull-back, by: osce, to: russia, topic: troops, title: Troops pull back, made: 2022-01-20,
             basis: reported, quote: pull back your troops}
        responses:
          - {id: it, by: russia, said: 2022-02-25, basis: stated, quote: no, stances: {pull-back: non-starter}}
    """)

    assert positions.ask("movements") == []


def test_stances_that_changed_come_before_all_else(positions: Positions, says: Says, record: Record) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    record("""
        format: 1
        episode: {id: tv, kind: statement, title: On TV, published: 2022-01-20, url: https://example.org/tv}
        demands:
          - {id: pull-back, by: nato, to: russia, topic: troops, title: Troops pull back, made: 2022-01-20,
             basis: stated, quote: pull back your troops}
    """)
    says("nato", "negotiable", "no-enlargement", on="2022-01-26")

    told = positions("movements").stdout

    assert told.index("Answers to others that changed") < told.index("softened") < told.index("New demands and offers")


def test_a_maker_that_puts_an_alternative_beside_its_demand_moves(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: letter, kind: letter, title: A letter, published: 2022-02-17, url: https://example.org/letter}
        demands:
          - {id: moratorium, by: russia, to: [us, nato], topic: enlargement, title: A moratorium on enlargement,
             made: 2022-02-17, basis: stated, quote: or else a moratorium, alternative_to: no-enlargement}
    """)

    [movement] = positions.ask("movements")

    assert (movement["change"], movement["actor"], movement["item"]) == ("item", "russia", "moratorium")
    assert movement["direction"] == "alternative"
    assert "alternative" in positions("movements").stdout


@pytest.mark.parametrize("scope", ["wider", "narrower"])
def test_a_demand_repeated_in_another_scope_is_a_movement(positions: Positions, record: Record, scope: str) -> None:
    record(f"""
        format: 1
        episode: {{id: tv, kind: statement, title: On TV, published: 2022-02-10, url: https://example.org/tv}}
        responses:
          - {{id: insists, by: russia, speaker: lavrov, said: 2022-02-09, basis: stated, quote: nor in Sweden,
             repeats: {{no-enlargement: {{scope: {scope}}}}}}}
    """)

    [movement] = positions.ask("movements")

    assert (movement["change"], movement["direction"]) == ("scope", scope)
    assert (movement["actor"], movement["item"], movement["response"]) == ("russia", "no-enlargement", "insists")
    assert (movement["from"], movement["to"], movement["said"]) == (None, None, "2022-02-09")
    assert f"{scope} scope" in positions("movements").stdout


def test_a_demand_repeated_as_it_was_is_no_movement(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: tv, kind: statement, title: On TV, published: 2022-02-10, url: https://example.org/tv}
        responses:
          - {id: insists, by: russia, said: 2022-02-09, basis: stated, quote: we said no more members,
             repeats: no-enlargement}
    """)

    assert positions.ask("movements") == []


def test_another_scope_that_the_other_side_alleges_moves_nothing(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: press, kind: statement, title: The press, published: 2022-02-10, url: https://example.org/press}
        actors: [{id: sherman, kind: person, speaks_for: us, name: Wendy Sherman}]
        responses:
          - {id: told, by: russia, reported_by: sherman, said: 2022-02-09, basis: alleged, quote: now also Sweden,
             repeats: {no-enlargement: {scope: wider}}}
    """)

    assert positions.ask("movements") == []


def test_what_became_of_an_item_is_a_movement(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-03-01, url: https://example.org/end}
        outcomes:
          - {items: no-enlargement, outcome: withdrawn, on: 2022-02-28, by: russia, basis: stated, quote: we drop it}
          - {items: no-missiles, outcome: met, on: 2022-03-01, in_part: true}
    """)

    dropped, met = positions.ask("movements")

    assert (dropped["change"], dropped["actor"], dropped["direction"]) == ("outcome", "russia", "withdrawn")
    assert (dropped["said"], dropped["episode"], dropped["response"]) == ("2022-02-28", "end", None)
    assert (met["actor"], met["item"], met["direction"]) == (None, "no-missiles", "met in part")
    table = positions("movements").stdout
    assert "withdrawn" in table
    assert "met in part" in table


def test_what_two_have_agreed_is_a_movement_of_both(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: deal, kind: statement, title: A deal, published: 2022-03-01, url: https://example.org/deal}
        outcomes: [{items: missile-talks, outcome: agreed, on: 2022-03-01, by: [us, russia]}]
    """)

    assert moves(positions) == [("russia", "missile-talks", "agreed"), ("us", "missile-talks", "agreed")]


def test_own_words_of_the_same_day_are_where_the_next_move_starts(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="stated")
    says("nato", "negotiable", "no-enlargement", on="2022-02-25", basis="stated")
    assert positions.ask("movements") == []

    says("nato", "non-starter", "no-enlargement", on="2022-03-01", basis="stated")

    assert moves(positions) == [("nato", "no-enlargement", "hardened")]


def test_a_move_from_own_words_is_told_whatever_the_paraphrase_was(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="stated")
    says("nato", "non-starter", "no-enlargement", on="2022-02-25", basis="stated")

    [movement] = positions.ask("movements")

    assert (movement["from"], movement["to"], movement["said"]) == ("negotiable", "non-starter", "2022-02-25")


def test_a_move_from_a_day_is_told_whatever_the_vague_month_was(positions: Positions, says: Says) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01", published="2022-02-01", basis="reported")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="stated")
    says("nato", "negotiable", "no-enlargement", on="2022-02-25", basis="stated")

    assert moves(positions) == [("nato", "no-enlargement", "softened")]


@pytest.mark.parametrize("corrected", ["negotiable", "open"])
def test_a_correction_is_never_a_movement(positions: Positions, record: Record, corrected: str) -> None:
    for stance in ("non-starter", corrected):
        record(f"""
            format: 1
            episode: {{id: press, kind: statement, title: The press, published: 2022-01-12,
                       url: https://example.org/press}}
            responses: [{{id: it, by: nato, said: 2022-01-12, basis: stated, quote: we shall see,
                          stances: {{no-enlargement: {stance}}}}}]
        """)

    assert positions.ask("movements") == []
    [first] = positions.ask("movements", "--first")
    assert first["to"] == corrected


def test_a_movement_that_rested_on_our_error_is_gone_when_corrected(
    positions: Positions, says: Says, record: Record
) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    for stance in ("open", "non-starter"):
        record(f"""
            format: 1
            episode: {{id: press, kind: statement, title: The press, published: 2022-02-25,
                       url: https://example.org/press}}
            responses: [{{id: it, by: nato, said: 2022-02-25, basis: stated, quote: we shall see,
                          stances: {{no-enlargement: {stance}}}}}]
        """)

    assert positions.ask("movements") == []
    assert moves(positions, "--known-at", "r3") == [("nato", "no-enlargement", "softened")]


def test_since_and_until_keep_the_moves_of_those_days(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-01-26")
    says("nato", "open", "no-enlargement", on="2022-02-10/2022-02-12")

    def said(*words: str) -> list[str]:
        return [one["said"] for one in positions.ask("movements", *words)]

    assert said("--since", "2022-01-27") == ["2022-02-10/2022-02-12"]
    assert said("--until", "2022-01-26") == ["2022-01-26"]
    assert said("--since", "2022-02-12", "--until", "2022-02") == ["2022-02-10/2022-02-12"]
    assert said("--since", "2022-02-13") == []
    assert "--since" in positions("movements", "--since", "2022-02", "--until", "2022-01", exit_code=2).stderr


def test_actor_and_filters_narrow_down_what_has_moved(positions: Positions, says: Says) -> None:
    for actor, item in (("nato", "no-enlargement"), ("us", "no-missiles"), ("russia", "missile-talks")):
        says(actor, "non-starter", item, on="2022-01-12")
        says(actor, "open", item, on="2022-01-26")

    def moved(*words: str) -> list[str]:
        return [one["actor"] for one in positions.ask("movements", *words)]

    assert moved() == ["russia", "nato", "us"]
    assert moved("--actor", "us") == ["us"]
    assert moved("--side", "russia") == moved("--by", "russia") == ["nato", "us"]
    assert moved("--side", "west") == moved("--to", "russia") == ["russia"]
    assert moved("--topic", "enlargement") == ["nato"]
    assert moved("--actor", "osce") == []
    assert "Did you mean nato?" in positions("movements", "--actor", "nat0", exit_code=1).stderr


def test_a_move_is_not_known_before_it_was_said_public_and_recorded(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-02-25", published="2022-03-05")

    assert moves(positions, "--as-of", "2022-02-25") == [("nato", "no-enlargement", "softened")]
    assert moves(positions, "--as-of", "2022-02-24") == []
    assert moves(positions, "--public-by", "2022-03-04") == []
    assert moves(positions, "--known-at", "r2") == []


def test_episode_1_alone_shows_no_movement_and_says_why(seeded: Positions) -> None:
    assert seeded.ask("movements") == []
    answer = seeded("movements").stdout
    assert "No matching movements" in answer
    assert "A single source cannot show any" in answer


def test_episode_1_holds_a_first_stance_for_each_actor_and_item(seeded: Positions) -> None:
    rows = seeded.ask("movements", "--first")

    assert {one["change"] for one in rows} == {"first"}
    assert len({(one["actor"], one["item"]) for one in rows}) == len(rows) == 17
    assert (rows[-1]["actor"], rows[-1]["item"]) == ("russia", "troops-back-to-barracks")


def test_a_second_episode_shows_that_nato_has_moved_since_episode_1(seeded: Positions, tmp_path: Path) -> None:
    recorder(seeded, tmp_path)("""
        format: 1
        episode: {id: press, kind: statement, title: Made up, published: 2022-02-25, url: https://example.org/press}
        responses: [{id: it, by: nato, said: 2022-02-25, basis: stated, quote: we could discuss a moratorium,
                     stances: {no-enlargement: {stance: negotiable, condition: a moratorium instead}}}]
    """)

    [movement] = seeded.ask("movements")

    assert (movement["actor"], movement["from"], movement["to"]) == ("nato", "non-starter", "negotiable")
    assert movement["direction"] == "softened"
