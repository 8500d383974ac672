"""The story of the winter, on the record of all shipped episodes: what must be true of it, in plain sentences."""

from collections.abc import Iterable
from typing import Any

import pytest

from positions.quotations import words
from positions.recording.files import shipped
from tests.conftest import Positions

pytestmark = pytest.mark.slow

DRAFTS = {"draft-agreement-nato", "draft-treaty-us"}
WHOLE = {"episode-1", "colomina-on-bucharest", "kremlin-on-a-settlement"}  # the sources that were read whole


def moved(winter: Positions, *asked: str) -> list[tuple[str, str, str | None, str]]:
    """The movements as (actor, item, direction, said); a first stance has no direction."""
    rows = winter.ask("movements", *asked)
    return [(one["actor"], one["item"], one["direction"], one["said"]) for one in rows]


def ids(rows: Iterable[dict[str, Any]], key: str = "id") -> set[str]:
    return {one[key] for one in rows}


def test_one_revision_records_each_source_and_the_record_is_sound(winter: Positions) -> None:
    assert winter.ask("status")["revision"] == len(shipped()) == len(winter.ask("episodes"))
    assert winter.ask("check") == []


# ---- the American side


def test_bidens_remark_of_19_january_is_the_first_american_stance_on_weapons_in_ukraine(winter: Positions) -> None:
    asked = ("--item", "no-offensive-weapons-nearby", "--actor", "us")
    [first] = winter.ask("history", *asked)

    assert (first["stance"], first["speaker"], first["said"]) == ("negotiable", "biden", "2022-01-19")
    assert first["quote"].endswith("stationed in Ukraine. We can work out something on the second piece")
    assert winter.ask("history", *asked, "--as-of", "2022-01-18") == []


def test_the_commitment_of_26_january_is_a_new_offer(winter: Positions) -> None:
    new = ("us", "no-missiles-no-combat-forces-in-ukraine", "new", "2022-01-26")

    assert new in moved(winter, "--actor", "us")
    assert winter.ask("item", new[1])["answers"] == ["no-offensive-weapons-nearby", "security-guarantees"]


def test_the_public_did_not_know_of_that_commitment_on_30_january(winter: Positions) -> None:
    item = "no-missiles-no-combat-forces-in-ukraine"

    assert item in ids(winter.ask("offers", "--as-of", "2022-01-30"))
    assert item not in ids(winter.ask("offers", "--public-by", "2022-01-30"))
    assert item in ids(winter.ask("offers", "--public-by", "2022-02-02"))
    assert "ukraine-posture-transparency" in ids(winter.ask("offers", "--public-by", "2022-01-30"))


def test_what_the_article_tells_of_exercises_and_what_sherman_said_differ_without_a_change_of_stance(
    winter: Positions,
) -> None:
    told = winter.ask("history", "--item", "exercise-limits", "--actor", "us")

    assert {(one["episode"], one["basis"], one["condition"]) for one in told} == {
        ("episode-1", "reported", None),
        ("sherman-geneva", "stated", "reciprocity"),
        ("blinken-abc", "stated", "reciprocity"),
    }
    assert [one for one in moved(winter, "--actor", "us") if one[1] == "exercise-limits"] == []


def test_the_condition_of_the_meeting_was_set_and_failed(winter: Positions) -> None:
    before, repeated, after = winter.ask("history", "--item", "meeting-of-ministers", "--actor", "us")

    assert (before["stance"], before["condition"]) == ("negotiable", "no further Russian invasion of Ukraine")
    assert (repeated["stance"], repeated["condition"]) == ("negotiable", "no military action")
    assert (after["stance"], after["said"]) == ("non-starter", "2022-02-22")
    assert {("us", "meeting-of-ministers", "hardened", "2022-02-22")} <= set(moved(winter, "--since", "2022-02-18"))
    assert winter.ask("item", "meeting-of-ministers")["status"] == "withdrawn"


def test_no_american_and_no_allied_refusal_rests_on_a_paper_that_only_did_not_agree(winter: Positions) -> None:
    refused = winter.ask("nonstarters", "--ever")

    assert [one for one in refused if (one["episode"], one["item"]) == ("us-reply", "no-enlargement")]
    assert [one for one in refused if one["response"] in {"did-not-agree", "not-granted"}] == []


def test_nato_is_as_open_in_february_as_on_the_day_of_its_reply(winter: Positions) -> None:
    for offer in ("transparency", "arms-control"):
        told = winter.ask("history", "--item", offer, "--actor", "nato")

        days = [one["said"] for one in told if one["stance"] == "open"]
        assert days == ["2022-01-07", "2022-01-12", "2022-01-18", "2022-01-26", "2022-02-15"]
        assert [one for one in moved(winter, "--actor", "nato", "--since", "2022-01-27") if one[1] == offer] == []


# ---- the Russian side


def test_russia_puts_an_alternative_beside_its_core_demand_without_giving_it_up(winter: Positions) -> None:
    assert ("russia", "us-unilateral-no-vote", "alternative", "2022-01-19") in moved(winter, "--actor", "russia")

    demands = {one["id"]: one for one in winter.ask("demands", "--as-of", "2022-02-17")}
    assert demands["us-unilateral-no-vote"]["alternative_to"] == ["no-enlargement"]
    assert demands["no-enlargement"]["core"]
    assert demands["no-enlargement"]["last_said"] == "2022-02-17"


def test_the_authors_more_than_a_non_starter_is_nobodys_stance(winter: Positions) -> None:
    assert winter.ask("history", "--item", "us-unilateral-no-vote") == []
    assert winter.ask("search", "more than a non-starter") == []
    assert winter.ask("episode", "tuygan-intermission")["counts"]["stances"] == 0


def test_the_bucharest_demand_is_not_new_on_17_february(winter: Positions) -> None:
    demand = winter.ask("item", "bucharest-withdrawal")

    assert (demand["first_said"], demand["last_said"]) == ("2021-12-10", "2022-03-01")
    assert [one for one in moved(winter) if one[1] == "bucharest-withdrawal"] == []
    assert "bucharest-withdrawal" in ids(winter.ask("demands", "--public-by", "2021-12-10"))


def test_the_demand_on_forces_is_wider_in_the_draft_and_three_times_after_it_with_an_open_door(
    winter: Positions,
) -> None:
    forces = "withdraw-forces-from-eastern-allies"

    assert [one for one in moved(winter, "--until", "2022-02-24", "--actor", "russia") if one[1] == forces] == [
        ("russia", forces, "new", "2021-12-11/2021-12-20"),
        ("russia", forces, "wider", "2021-12-15"),
        ("russia", forces, "wider", "2022-01-21"),
        ("russia", forces, "wider", "2022-02-17"),
        ("russia", forces, "wider", "2022-02-20"),
    ]
    talks = winter.ask("item", "talks-on-us-forces")
    assert (talks["kind"], talks["part_of"]) == ("offer", [forces])


def test_the_refusal_on_troops_was_said_first_and_last_with_no_movement_between(winter: Positions) -> None:
    [refusal] = winter.ask("nonstarters", "--actor", "russia", "--topic", "troops")

    assert refusal["first_said"] == "2022-01-13"
    assert refusal["last_said"] == "2022-02-17"
    assert refusal["wording"] == "unacceptable"
    assert [one for one in moved(winter) if one[1] == "troops-back-to-barracks"] == []


def test_the_demand_on_troops_got_its_maker_from_a_later_source(winter: Positions, seeded: Positions) -> None:
    assert seeded.ask("item", "troops-back-to-barracks")["by"] == []

    demand = winter.ask("item", "troops-back-to-barracks")
    assert (demand["by"], demand["side"]) == (["eu", "nato", "us"], "west")
    assert "2021-12-10" in winter.ask("item", "troops-back-to-barracks", "--as-of", "2022-01-12")["first_said"]


def test_what_russia_asked_of_arms_in_ukraine_and_of_minsk_was_asked_in_january(winter: Positions) -> None:
    for demand in ("arms-supplies-ukraine", "advisers-out-of-ukraine", "minsk-implementation"):
        asked = winter.ask("item", demand)

        assert (asked["first_said"], asked["to"]) == ("2022-01-12", ["nato", "us"])
        assert winter.ask("item", demand, "--as-of", "2022-01-20")["to"] == ["nato"]
        assert [one for one in moved(winter, "--since", "2022-01-13") if one[1:3] == (demand, "new")] == []


def test_three_requirements_are_core_by_russias_own_word_since_february(winter: Positions) -> None:
    core = {one["id"] for one in winter.ask("demands", "--as-of", "2022-02-17") if one["core"]}
    before = {one["id"] for one in winter.ask("demands", "--as-of", "2022-01-31") if one["core"]}

    assert before == {"no-enlargement"}
    assert core == {"no-enlargement", "no-offensive-weapons-nearby", "return-to-1997"}


def test_russias_readiness_is_a_stance_where_the_president_names_missiles_and_no_stance_before(
    winter: Positions,
) -> None:
    told = winter.ask("history", "--item", "missiles-inf-limits", "--actor", "russia")

    assert [(one["stance"], one["said"], one["basis"], one["speaker"]) for one in told] == [
        ("open", "2022-02-15", "stated", "putin"),
        ("open", "2022-02-17", "reported", None),
    ]
    told = [one for one in winter.ask("history") if one["episode"] == "putin-basic-requirements"]
    assert ids(told, "item") == {"missiles-inf-limits", "transparency", "exercise-confidence-measures"}
    assert winter.ask("item", "package-not-menu")["last_said"] == "2022-02-21"


# ---- each side of the other


def test_what_the_other_side_said_of_a_party_moves_nothing(winter: Positions) -> None:
    own, alleged = winter.ask("history", "--item", "indivisible-security", "--actor", "us")

    assert (own["stance"], own["said"]) == ("negotiable", "2022-01-26")
    assert (alleged["stance"], alleged["said"], alleged["reported_by"]) == ("open", "2022-02-01", "lavrov")
    assert [one for one in moved(winter, "--actor", "us") if one[1] == "indivisible-security"] == [
        ("us", "indivisible-security", None, "2022-01-26")  # the first stance, after a month
    ]
    [current] = winter.ask("item", "indivisible-security")["stances"]
    assert current["stance"] == "negotiable"


def test_what_one_president_is_said_to_intend_is_no_stance(winter: Positions) -> None:
    assert winter.ask("episode", "kremlin-readout")["counts"]["stances"] == 0
    asked = ("--topic", "missiles", "--actor", "us", "--side", "russia")
    silent = {one["item"]: one["reply"] for one in winter.ask("unanswered", *asked, "--as-of", "2022-01-09")}
    assert silent["no-offensive-weapons-nearby"] == "kremlin-readout/biden-as-told"


def test_an_act_is_read_as_a_refusal_by_the_coder_alone(winter: Positions) -> None:
    [refusal] = [one for one in winter.ask("nonstarters") if one["item"] == "no-further-invasion"]

    assert (refusal["basis"], refusal["last_said"]) == ("inferred", "2022-02-24")
    assert [one for one in moved(winter, "--actor", "russia") if one[1] == "no-further-invasion"] == []


def test_the_written_replies_met_the_demand_for_them_in_part(winter: Positions) -> None:
    assert winter.ask("item", "written-article-by-article-reply", "--as-of", "2022-01-25")["status"] == "on the table"
    assert winter.ask("item", "written-article-by-article-reply")["status"] == "met in part"


# ---- the drafts, from their first day to their end


def test_the_drafts_are_on_the_table_from_the_day_on_which_they_were_handed_over(winter: Positions) -> None:
    put = [one for one in winter.ask("demands", "--as-of", "2021-12-17") if one["provisions"]]

    assert len(put) == 24
    assert "no-enlargement" in ids(put)
    assert {each["document"] for one in put for each in one["provisions"]} == DRAFTS
    assert "no-enlargement" in ids(winter.ask("demands", "--public-by", "2021-12-17"))


def test_everything_in_the_drafts_ends_superseded(winter: Positions) -> None:
    drafted = [one for one in winter.ask("outlook") if one["verdict"] == "superseded"]
    upheld = winter.ask("demands", "--as-of", "2022-02-24")

    put = {one["id"] for one in upheld if one["provisions"]}
    assert put
    assert put <= ids(drafted, "item")
    assert not any(one["provisions"] for one in winter.ask("demands"))


def test_the_matter_goes_on_with_ukraine_itself(winter: Positions) -> None:
    [gives_up] = [one for one in winter.ask("demands") if one["id"] == "ukraine-gives-up-nato"]
    neutral = winter.ask("item", "ukraine-no-alliances-no-bases")

    assert (gives_up["by"], gives_up["to"]) == (["russia"], ["ukraine"])
    assert neutral["answers"] == ["ukraine-gives-up-nato"]


def test_what_ukraine_says_of_membership_is_on_record_and_places_nobody(winter: Positions) -> None:
    assert winter.ask("history", "--actor", "ukraine", "--item", "no-enlargement") == []
    assert {one["id"] for one in winter.ask("search", "cooled down")} == {"tuygan-brinkmanship/cooled-down"}


# ---- the record as a whole


def test_no_quotation_has_more_than_thirty_words_and_every_stance_has_day_source_and_words(winter: Positions) -> None:
    for one in winter.ask("history"):
        assert one["said"]
        assert one["episode"]
        assert one["response"]
        assert one["quote"] is None or words(one["quote"]) <= 30


def test_status_says_what_the_record_covers_and_what_it_lacks(winter: Positions) -> None:
    status = winter.ask("status")

    assert {side: read["published"] for side, read in status["last_read"].items()} == {
        "west": "2022-02-23",
        "russia": "2022-03-30",
    }
    assert {one["episode"] for one in status["missing"]} == {
        one["id"] for one in winter.ask("episodes") if one["id"] not in WHOLE
    }
