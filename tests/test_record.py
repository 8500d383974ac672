"""`positions record`: what a file would change is shown, then recorded whole, and nothing is lost on the way."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import TALKS, Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]
KEYS = "file episode added corrected retracted kept movements revision"

PRESS = """
format: 1
episode: {id: press, kind: statement, title: A press conference, published: 2022-01-26, url: https://example.org/press}
responses:
  - {id: refuses, by: nato, said: 2022-01-26, basis: stated, quote: we will not, stances: {no-enlargement: non-starter}}
  - {id: talks, by: us, said: 2022-01-26, basis: stated, quote: let us talk, stances: {no-missiles: negotiable}}
"""
"""NATO refuses one demand, the United States would negotiate the other."""


def lines(output: Output) -> list[str]:
    """The lines of a plan, without the spaces at their beginning."""
    return [line.strip() for line in output.stdout.splitlines()]


def told(plan: list[str], beginning: str) -> str:
    """The one line of a plan that begins so."""
    [line] = [line for line in plan if line.startswith(beginning)]
    return line


# ---- the plan


def test_a_plan_names_everything_that_is_added(record: Record) -> None:
    plan = lines(record(TALKS))

    for line in (
        "+ episode talks",
        "+ side russia",
        "+ actor lavrov",
        "+ demand no-enlargement",
        "+ offer missile-talks",
    ):
        assert line in plan
    assert plan[-1] == "r1 recorded: 11 added, 0 unchanged"


@pytest.mark.usefixtures("talks")
def test_a_plan_says_that_a_stance_is_only_alleged(says: Says) -> None:
    plan = lines(says("nato", "open", "no-enlargement", on="2022-02-10", basis="alleged", reported_by="lavrov"))
    assert "(alleged, as of 2022-02-10)" in told(plan, "nato on no-enlargement: – -> open ")

    plan = lines(says("nato", "non-starter", "no-enlargement", on="2022-02-12"))
    assert "(as of 2022-02-12)" in told(plan, "nato on no-enlargement: open -> non-starter ")
    assert plan[-1].endswith("; 1 stance moves")


@pytest.mark.usefixtures("talks")
def test_a_plan_shows_wider_scopes_and_what_became_of_items(record: Record) -> None:
    plan = lines(
        record("""
            format: 1
            episode: {id: more, kind: statement, title: More, published: 2022-02-10, url: https://example.org/more}
            responses:
              - {id: insists, by: russia, said: 2022-02-09, basis: stated, quote: all of it,
                 repeats: {no-enlargement: {scope: wider}, no-missiles: {scope: same}}}
            outcomes: [{items: no-missiles, outcome: met, on: 2022-02-10, by: us, in_part: true}]
        """)
    )

    assert plan[plan.index("demands repeated with another scope") + 1] == (
        "russia on no-enlargement: wider (said 2022-02-09)"
    )
    assert plan[plan.index("outcomes") + 1] == "no-missiles: met in part (on 2022-02-10)"


@pytest.mark.usefixtures("talks")
def test_first_stances_are_told_apart_from_stances_that_move(record: Record, says: Says) -> None:
    plan = lines(record(PRESS))
    assert "first stances" in plan
    assert "2022-01-26" in told(plan, "nato on no-enlargement: – -> non-starter ")
    assert "stances that move" not in plan

    plan = lines(says("nato", "negotiable", "no-enlargement", on="2022-02-10"))

    assert "stances that move" in plan
    assert "softened" in told(plan, "nato on no-enlargement: non-starter -> negotiable ")
    assert "first stances" not in plan


@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        ("open", "non-starter", "hardened"),
        ("non-starter", "open", "softened"),
        ("negotiable", "open", "shifted"),
        ("open", "negotiable", "shifted"),
    ],
)
def test_a_move_is_called_by_its_direction(says: Says, before: str, after: str, direction: str) -> None:
    says("nato", before, "no-enlargement", on="2022-01-12")

    plan = lines(says("nato", after, "no-enlargement", on="2022-02-10"))

    line = told(plan, f"nato on no-enlargement: {before} -> {after} ")
    assert "2022-02-10" in line
    assert direction in line


@pytest.mark.usefixtures("talks")
def test_a_move_in_the_past_is_shown_although_today_reads_the_same(says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")

    plan = lines(says("nato", "open", "no-enlargement", on="2022-01-05"))

    assert "stances that move" not in plan
    assert "2022-01-05" in told(plan, "nato on no-enlargement: – -> open ")
    line = told(plan, "nato on no-enlargement: open -> non-starter ")
    assert "hardened" in line
    assert "2022-01-12" in line


@pytest.mark.usefixtures("talks")
def test_a_correction_that_undoes_a_movement_says_so(record: Record, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12")
    record(PRESS)

    plan = lines(record(PRESS.replace("{no-enlargement: non-starter}", "{no-enlargement: open}")))

    assert "movements removed" in plan
    assert "hardened" in told(plan, "nato on no-enlargement: open -> non-starter ")


@pytest.mark.usefixtures("talks")
def test_an_allegation_about_a_known_stance_moves_nothing(says: Says) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01-12")

    plan = says("nato", "non-starter", "no-enlargement", on="2022-02-10", basis="alleged", reported_by="lavrov").stdout

    assert "->" not in plan


@pytest.mark.usefixtures("talks")
def test_two_accounts_of_one_day_claim_no_movement(says: Says) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01-12", basis="reported")

    plan = says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported").stdout

    assert "hardened" not in plan


@pytest.mark.usefixtures("talks")
def test_a_plan_as_json_has_the_keys_of_the_contract(positions: Positions, tmp_path: Path, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12")
    path = tmp_path / "press.yaml"
    path.write_text(PRESS, encoding="utf-8")

    [plan] = positions.ask("record", str(path))

    assert [key for key in plan if key in KEYS.split()] == KEYS.split()
    assert (plan["file"], plan["episode"], plan["revision"]) == (str(path), "press", 3)
    assert plan["added"] == ["press", "press/refuses", "press/talks"]
    assert plan["corrected"] == plan["retracted"] == plan["kept"] == []
    [movement] = plan["movements"]
    assert movement == {
        "change": "stance",
        "actor": "nato",
        "item": "no-enlargement",
        "title": "No further enlargement",
        "from": "open",
        "to": "non-starter",
        "direction": "hardened",
        "said": "2022-01-26",
        "episode": "press",
        "response": "refuses",
    }


# ---- nothing twice, nothing in between


def test_a_dry_run_shows_the_plan_and_writes_nothing(positions: Positions, record: Record) -> None:
    dry = record(TALKS, "--dry-run")

    assert "+ demand no-enlargement" in lines(dry)
    assert "dry run, would record: 11 added, 0 unchanged" in lines(dry)
    assert positions.ask("demands") == positions.ask("log") == []
    assert record(TALKS, "-n").stdout.splitlines()[1:] == dry.stdout.splitlines()[1:]
    assert record(TALKS, "-n", "-f", "json").json[0]["revision"] is None


def test_the_same_file_again_is_nothing_to_record(positions: Positions, record: Record) -> None:
    record(TALKS)

    again = record(TALKS)

    assert lines(again)[1:] == ["nothing to record (11 unchanged)"]
    assert len(positions.ask("log")) == 1
    assert record(TALKS, "-f", "json").json[0]["revision"] is None


def test_order_and_notation_in_a_file_are_no_content(positions: Positions, record: Record) -> None:
    record(TALKS)

    again = record("""
        format: 1
        offers:
          - id: missile-talks
            answers: no-missiles
            to: [russia]
            by: [us]
            topic: missiles
            title: "Talks on missiles"
            quote: open to discussing missiles
            basis: reported
            made: 2022-01-10/2022-01-10
        episode: {url: https://example.org/talks, id: talks, kind: article, title: The talks begin,
                  published: 2022-01-31, author: null, read: whole}
        demands:
          - {id: no-missiles, by: [russia], to: [nato, us], topic: missiles, title: No missiles nearby,
             made: 2021-12-17, basis: stated, quote: no missiles near us, provisions: []}
          - {id: no-enlargement, by: russia, to: [nato, us], topic: enlargement, title: No further enlargement,
             made: 2021-12-17, basis: stated, quote: no more members}
        sides: [{id: west, name: The West}, {id: russia, name: Russia}]
        actors:
          - {id: osce, kind: organisation, name: OSCE}
          - {id: lavrov, kind: person, speaks_for: russia, name: Sergey Lavrov}
          - {id: nato, kind: alliance, side: west, name: NATO}
          - {id: us, kind: state, side: west, name: United States}
          - {id: russia, kind: state, side: russia, name: Russia}
    """)

    assert "nothing to record (11 unchanged)" in lines(again)
    assert len(positions.ask("log")) == 1


def test_a_file_with_faults_records_nothing_and_names_them_all(positions: Positions, record: Record) -> None:
    refused = record(
        TALKS.replace("made: 2021-12-17, basis: stated", "made: 2021-13, basis: said", 1), exit_code=1
    ).stderr.splitlines()

    assert [line.split(": ")[1] for line in refused] == ["demands[0].made", "demands[0].basis"]
    assert positions.ask("demands") == []


def test_several_files_are_recorded_in_their_order(positions: Positions, tmp_path: Path) -> None:
    first, second = tmp_path / "1.yaml", tmp_path / "2.yaml"
    first.write_text(TALKS, encoding="utf-8")
    second.write_text(PRESS, encoding="utf-8")

    plans = positions.ask("record", str(first), str(second))

    assert [(one["episode"], one["revision"]) for one in plans] == [("talks", 1), ("press", 2)]
    assert [one["revision"] for one in positions.ask("log")] == [2, 1]


def test_several_files_are_recorded_all_or_not_at_all(positions: Positions, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(TALKS, encoding="utf-8")
    bad.write_text(PRESS.replace("no-missiles", "no-misiles"), encoding="utf-8")

    refused = positions("record", str(good), str(bad), exit_code=1)

    assert "bad.yaml:6:" in refused.stderr
    assert "did you mean no-missiles" in refused.stderr
    assert refused.stdout == ""
    assert positions.ask("log") == positions.ask("demands") == []


def test_a_dry_run_of_several_files_sees_the_earlier_ones(positions: Positions, tmp_path: Path) -> None:
    first, second = tmp_path / "1.yaml", tmp_path / "2.yaml"
    first.write_text(TALKS, encoding="utf-8")
    second.write_text(PRESS, encoding="utf-8")

    plan = lines(positions("record", str(first), str(second), "--dry-run"))

    assert "+ response press/refuses" in plan
    assert positions.ask("log") == []


def test_a_file_that_is_not_there_is_an_error(positions: Positions, tmp_path: Path) -> None:
    assert "there is no such file" in positions("record", str(tmp_path / "no.yaml"), exit_code=1).stderr
    assert "is a folder" in positions("record", str(tmp_path), exit_code=1).stderr
    assert "FILE" in positions("record", exit_code=2).stderr


# ---- corrections


@pytest.mark.usefixtures("talks")
def test_an_edited_response_is_a_correction_and_no_movement(positions: Positions, record: Record) -> None:
    record(PRESS)

    corrected = record(PRESS.replace("{no-enlargement: non-starter}", "{no-enlargement: negotiable}"))

    plan = lines(corrected)
    assert '~ response press/refuses  stances.no-enlargement.stance: "non-starter" -> "negotiable"' in plan
    assert "stances changed by correction, not movement" in plan
    assert "stances that move" not in plan
    assert plan[-1] == "r3 recorded: 1 corrected, 2 unchanged"
    assert [one["stance"] for one in positions.ask("history", "--actor", "nato")] == ["negotiable"]
    assert [one["stance"] for one in positions.ask("history", "--actor", "nato", "--known-at", "r2")] == ["non-starter"]
    assert positions.ask("nonstarters", "--ever") == []


@pytest.mark.usefixtures("talks")
def test_a_correction_claims_no_movement_in_json_either(record: Record, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12")
    record(PRESS.replace("{no-enlargement: non-starter}", "{no-enlargement: open}"))

    [plan] = record(PRESS, "-f", "json").json

    assert (plan["corrected"], plan["movements"]) == (["press/refuses"], [])


@pytest.mark.usefixtures("talks")
def test_a_stance_left_out_of_its_response_is_retracted(positions: Positions, record: Record) -> None:
    two = "{no-enlargement: non-starter, no-missiles: non-starter}"
    record(PRESS.replace("{no-enlargement: non-starter}", two))

    plan = lines(record(PRESS))

    assert told(plan, "nato on no-missiles: non-starter -> –")
    assert [one["item"] for one in positions.ask("nonstarters")] == ["no-enlargement"]


@pytest.mark.usefixtures("talks")
def test_a_field_left_out_becomes_null(record: Record) -> None:
    record(PRESS.replace("basis: stated, quote: we will not", "venue: Brussels, basis: stated, quote: we will not"))

    plan = lines(record(PRESS))

    assert '~ response press/refuses  venue: "Brussels" -> null' in plan


@pytest.mark.usefixtures("talks")
def test_a_corrected_description_is_edited_in_place(positions: Positions, record: Record) -> None:
    plan = lines(record(TALKS.replace("title: No further enlargement", "title: No enlargement at all")))

    assert '~ demand no-enlargement  title: "No further enlargement" -> "No enlargement at all"' in plan
    assert positions.ask("item", "no-enlargement")["title"] == "No enlargement at all"
    assert positions.ask("item", "no-enlargement", "--known-at", "r1")["title"] == "No further enlargement"


@pytest.mark.usefixtures("talks")
def test_a_day_of_publication_can_be_corrected_to_days_and_back(positions: Positions, record: Record) -> None:
    undated = TALKS.replace("published: 2022-01-31", "published: 2022-01-29/2022-01-31")

    plan = lines(record(undated))

    assert '~ episode talks  published: "2022-01-31" -> "2022-01-29/2022-01-31"' in plan
    assert positions.ask("episode", "talks")["published"] == "2022-01-29/2022-01-31"
    assert positions.ask("check") == []
    record(TALKS)
    assert positions.ask("episode", "talks")["published"] == "2022-01-31"


@pytest.mark.usefixtures("talks")
def test_a_corrected_date_moves_the_stance_on_the_time_line(positions: Positions, record: Record) -> None:
    record(PRESS)

    record(PRESS.replace("by: nato, said: 2022-01-26", "by: nato, said: 2022-01-12"))

    assert positions.ask("nonstarters")[0]["first_said"] == "2022-01-12"
    assert len(positions.ask("nonstarters", "--as-of", "2022-01-12")) == 1


@pytest.mark.usefixtures("talks")
def test_a_correction_keeps_its_place_among_accounts_of_one_day(
    positions: Positions, record: Record, says: Says
) -> None:
    record(PRESS)
    says("nato", "open", "no-enlargement", on="2022-01-26")

    record(PRESS.replace("we will not", "we will never"))

    [one] = [one for one in positions.ask("matrix") if one["item"] == "no-enlargement"]
    assert one["stances"] == {"nato": "open"}


# ---- what the file lacks


@pytest.mark.usefixtures("talks")
def test_what_a_file_lacks_is_kept_and_named(positions: Positions, record: Record) -> None:
    record(PRESS)

    plan = record("\n".join(PRESS.splitlines()[:5]))

    assert "kept although not in the file: press/talks" in plan.stdout
    assert "--replace" in plan.stdout
    assert len(positions.ask("history")) == 2
    assert record("\n".join(PRESS.splitlines()[:5]), "-f", "json").json[0]["kept"] == ["press/talks"]


@pytest.mark.usefixtures("talks")
def test_replace_retracts_what_the_file_lacks(positions: Positions, record: Record) -> None:
    record(PRESS)

    plan = lines(record("\n".join(PRESS.splitlines()[:5]), "--replace"))

    assert "- response press/talks" in plan
    assert told(plan, "us on no-missiles: negotiable -> –")
    assert plan[-1] == "r3 recorded: 1 retracted, 2 unchanged"
    assert [one["actor"] for one in positions.ask("history")] == ["nato"]
    assert len(positions.ask("history", "--known-at", "r2")) == 2


@pytest.mark.usefixtures("talks")
def test_replace_is_refused_where_other_episodes_rest_on_it(positions: Positions, record: Record) -> None:
    record(PRESS)
    without = TALKS.replace("  - {id: no-enlargement,", "  - {id: no-bases,")

    refused = record(without, "--replace", exit_code=1)

    assert "no-enlargement is needed by press/refuses" in refused.stderr
    assert refused.stdout == ""
    assert {one["id"] for one in positions.ask("demands")} == {"no-enlargement", "no-missiles"}
    assert len(positions.ask("log")) == 2
    assert "press/refuses" in record(without, "--replace", "--dry-run", exit_code=1).stderr


@pytest.mark.usefixtures("talks")
def test_replace_can_take_back_an_item_that_nothing_rests_on(positions: Positions, record: Record) -> None:
    without = "\n".join(line for line in TALKS.splitlines() if "missile-talks" not in line and "2022-01-10" not in line)

    plan = lines(record(without.removesuffix("offers:"), "--replace"))

    assert "- offer missile-talks" in plan
    assert positions.ask("offers") == []
    assert "missile-talks" in [one["id"] for one in positions.ask("offers", "--known-at", "r1")]


@pytest.mark.usefixtures("talks")
def test_what_was_taken_back_on_purpose_is_left_out(positions: Positions, record: Record) -> None:
    record(PRESS)
    record("\n".join(PRESS.splitlines()[:5]), "--replace", "--message", "coded twice")

    plan = lines(record(PRESS))

    assert any(line.startswith("! response press/talks") for line in plan)
    assert any("retracted in r3 (coded twice)" in line and "--again" in line for line in plan)
    assert "nothing to record (2 unchanged)" in plan
    assert len(positions.ask("history")) == 1
    [left] = record(PRESS, "-f", "json").json[0]["left_out"]
    assert (left["name"], left["revision"], left["message"]) == ("press/talks", 3, "coded twice")


@pytest.mark.usefixtures("talks")
def test_again_records_what_was_taken_back(positions: Positions, record: Record) -> None:
    record(PRESS)
    record("\n".join(PRESS.splitlines()[:5]), "--replace")

    plan = lines(record(PRESS, "--again"))

    assert "+ response press/talks" in plan
    assert len(positions.ask("history")) == 2
    assert "nothing to record (3 unchanged)" in lines(record(PRESS))


@pytest.mark.usefixtures("talks")
def test_an_item_taken_back_can_be_recorded_again(positions: Positions, record: Record) -> None:
    offers = TALKS.index("offers:")
    record(TALKS[:offers], "--replace")
    assert any(line.startswith("! offer missile-talks") for line in lines(record(TALKS)))

    record(TALKS, "--again")

    assert [one["id"] for one in positions.ask("offers")] == ["missile-talks"]
    assert positions.ask("offers", "--known-at", "r2") == []
    assert len(positions.ask("offers", "--known-at", "r1")) == 1


@pytest.mark.usefixtures("talks")
def test_words_on_an_item_taken_back_are_refused_with_a_hint(record: Record) -> None:
    record(TALKS[: TALKS.index("offers:")], "--replace")
    answer = """
responses: [{id: it, by: russia, said: 2022-01-14, basis: stated, quote: fine, stances: {missile-talks: open}}]
"""

    refused = record(TALKS + answer, exit_code=1).stderr

    assert "no item has the id 'missile-talks'" in refused
    assert "it was retracted in r2" in refused
    assert "--again" in refused


# ---- who owns what


@pytest.mark.usefixtures("talks")
def test_the_same_definition_in_another_episode_is_fine(positions: Positions, record: Record) -> None:
    plan = lines(
        record("""
        format: 1
        episode: {id: other, kind: article, title: Other, published: 2022-02-01, url: https://example.org/other}
        sides: [{id: west, name: The West}]
        actors: [{id: nato, kind: alliance, side: west, name: NATO}]
        demands:
          - {id: no-enlargement, by: russia, to: [nato, us], topic: enlargement, title: No further enlargement,
             made: 2021-12-17, basis: stated, quote: no more members}
    """)
    )

    assert plan[1:] == ["+ episode other", "r2 recorded: 1 added, 3 unchanged"]
    assert positions.ask("item", "no-enlargement")["episode"] == "talks"


@pytest.mark.usefixtures("talks")
def test_another_definition_in_another_episode_names_owner_and_field(positions: Positions, record: Record) -> None:
    refused = record(
        """
        format: 1
        episode: {id: other, kind: article, title: Other, published: 2022-02-01, url: https://example.org/other}
        actors: [{id: nato, kind: organisation, side: west, name: NATO}]
        demands:
          - {id: no-enlargement, by: russia, to: [nato, us], topic: enlargement, title: Enlargement ends,
             made: 2021-12-17, basis: stated, quote: no more members}
    """,
        exit_code=1,
    ).stderr

    assert 'nato is defined in talks, where this field is "alliance"' in refused
    assert 'no-enlargement is defined in talks, where this field is "No further enlargement"' in refused
    assert ": actors[0].kind: " in refused
    assert ": demands[0].title: " in refused
    assert len(positions.ask("log")) == 1


@pytest.mark.usefixtures("talks")
def test_an_id_of_another_kind_cannot_be_taken(record: Record) -> None:
    refused = record(
        """
        format: 1
        episode: {id: other, kind: article, title: Other, published: 2022-02-01, url: https://example.org/other}
        offers:
          - {id: no-enlargement, by: us, to: russia, topic: enlargement, title: Talks on it, made: 2022-01-10,
             basis: stated, quote: let us talk}
    """,
        exit_code=1,
    ).stderr

    assert "no-enlargement is already the id of a demand in talks" in refused


@pytest.mark.usefixtures("talks")
def test_extends_adds_makers_addressees_and_provisions(positions: Positions, record: Record) -> None:
    plan = lines(
        record("""
        format: 1
        episode: {id: treaty, kind: draft, title: A draft treaty, published: 2021-12-17, url: https://example.org/t}
        actors: [{id: belarus, kind: state, side: russia, name: Belarus}]
        extends:
          - {id: no-enlargement, by: belarus, to: osce, affects: osce, alternative_to: no-missiles,
             provisions: [{document: treaty, article: "4"}, {document: treaty, article: "6"}]}
    """)
    )

    assert "+ extension treaty/no-enlargement" in plan
    one = positions.ask("item", "no-enlargement")
    assert (one["by"], one["to"], one["affects"]) == (["belarus", "russia"], ["nato", "osce", "us"], ["osce"])
    assert one["provisions"] == [
        {"document": "treaty", "article": "4"},
        {"document": "treaty", "article": "6"},
    ]
    assert (one["alternative_to"], one["episode"]) == (["no-missiles"], "talks")
    assert positions.ask("item", "no-enlargement", "--known-at", "r1")["provisions"] == []


@pytest.mark.usefixtures("talks")
def test_what_one_episode_adds_is_no_content_of_the_owner(record: Record) -> None:
    extension = """
        format: 1
        episode: {id: treaty, kind: draft, title: A draft treaty, published: 2021-12-17, url: https://example.org/t}
        extends: [{id: no-enlargement, by: nato, provisions: [{document: treaty, article: "4"}]}]
    """
    record(extension)

    assert "nothing to record (11 unchanged)" in lines(record(TALKS))
    assert "nothing to record (11 unchanged)" in lines(record(TALKS, "--replace"))
    assert "nothing to record (2 unchanged)" in lines(record(extension))


@pytest.mark.usefixtures("talks")
def test_two_episodes_may_add_the_same_and_each_take_its_own_back(positions: Positions, record: Record) -> None:
    for name in ("one", "two"):
        record(f"""
            format: 1
            episode: {{id: {name}, kind: article, title: Told, published: 2022-02-01, url: https://example.org/t}}
            extends: [{{id: no-enlargement, by: nato}}]
        """)
    header = """
        format: 1
        episode: {id: one, kind: article, title: Told, published: 2022-02-01, url: https://example.org/t}
    """

    assert "- extension one/no-enlargement" in lines(record(header, "--replace"))

    assert positions.ask("item", "no-enlargement")["by"] == ["nato", "russia"]


@pytest.mark.usefixtures("talks")
def test_a_maker_taken_back_is_refused_while_it_repeats(record: Record) -> None:
    episode = """
        format: 1
        episode: {id: claim, kind: statement, title: A claim, published: 2022-02-01, url: https://example.org/claim}
    """
    repeats = "responses: [{id: it, by: osce, said: 2022-01-30, basis: stated, quote: ours, repeats: no-enlargement}]"
    record(f"""{episode}
        extends: [{{id: no-enlargement, by: osce}}]
        {repeats}
    """)

    refused = record(f"{episode}\n        {repeats}", "--replace", exit_code=1).stderr

    assert "only its maker can repeat it" in refused


# ---- what the log keeps


def test_a_message_is_kept_as_the_reason(positions: Positions, record: Record) -> None:
    record(TALKS, "--message", "first look at the talks")

    assert [one["message"] for one in positions.ask("log")] == ["first look at the talks"]


def test_without_a_message_the_file_is_named(positions: Positions, tmp_path: Path) -> None:
    path = tmp_path / "2022-01-31-talks.yaml"
    path.write_text(TALKS, encoding="utf-8")

    positions("record", str(path))

    assert [one["message"] for one in positions.ask("log")] == ["record 2022-01-31-talks.yaml"]


def test_a_revision_keeps_the_fingerprint_of_its_file(positions: Positions, tmp_path: Path) -> None:
    path = tmp_path / "talks.yaml"
    path.write_bytes(TALKS.replace("\n", "\r\n").encode("utf-8-sig"))

    positions("record", str(path))

    [revision] = positions.ask("log")
    assert revision["file_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_of_bare_headings_is_an_episode_with_nothing_in_it(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: empty, kind: article, title: Empty, published: 2022-02-01}
        demands: []
    """)

    [one] = positions.ask("episodes")
    assert set(one["counts"].values()) == {0}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file name is text")
def test_a_file_name_that_is_no_text_can_be_recorded(positions: Positions, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"t\xe4lks.yaml")
    path.write_text(TALKS, encoding="utf-8")

    positions("record", str(path))

    assert len(positions.ask("demands")) == 2
    assert "lks.yaml" in positions("log").stdout


# ---- what a correction may not break


@pytest.mark.usefixtures("talks")
def test_a_source_cannot_be_older_than_what_is_kept_of_it(positions: Positions, record: Record) -> None:
    record(PRESS)
    header = "\n".join(PRESS.splitlines()[:3])

    refused = record(header.replace("published: 2022-01-26", "published: 2022-01-20"), exit_code=1)

    assert "press/refuses" in refused.stderr
    assert positions.ask("episodes")[0]["published"] == "2022-01-26"


@pytest.mark.usefixtures("talks")
def test_who_refused_a_demand_cannot_become_its_maker(positions: Positions, record: Record) -> None:
    record(PRESS)

    refused = record(TALKS.replace("no-enlargement, by: russia", "no-enlargement, by: nato"), exit_code=1)

    assert "press/refuses" in refused.stderr
    assert len(positions.ask("nonstarters")) == 1


@pytest.mark.usefixtures("talks")
def test_a_demand_becomes_an_offer_by_replacing_it(positions: Positions, record: Record) -> None:
    unanswered = TALKS.replace(", answers: [no-missiles]", "")
    as_offer = unanswered.replace("offers:", "").replace("  - {id: no-missiles", "offers:\n  - {id: no-missiles")

    refused = record(as_offer, exit_code=1).stderr
    record(as_offer, "--replace")

    assert "no-missiles is already the id of a demand in talks" in refused
    assert positions.ask("item", "no-missiles")["kind"] == "offer"
    assert positions.ask("item", "no-missiles", "--known-at", "r1")["kind"] == "demand"


# ---- standard input


def piped(db: str, text: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run `positions record WORDS…` with `text` on its standard input."""
    program = [sys.executable, "-m", "positions", "record", *words]
    environment = {**os.environ, "POSITIONS_DB": db, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run(program, input=text, env=environment, capture_output=True, text=True, check=False)


def test_an_episode_can_be_recorded_from_standard_input(positions: Positions) -> None:
    done = piped(positions.db, TALKS, "-")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("r1 recorded: 11 added, 0 unchanged\n")
    [revision] = positions.ask("log")
    assert revision["message"] == "record standard input"
    assert revision["file_sha256"] == hashlib.sha256(TALKS.encode()).hexdigest()


@pytest.mark.slow
def test_faults_on_standard_input_have_a_place_too(positions: Positions) -> None:
    done = piped(positions.db, TALKS.replace("kind: article", "kind: artikle"), "-")

    assert done.returncode == 1
    assert done.stderr.startswith("-:3:28: episode.kind: 'artikle' is not one of article, ")
    assert positions.ask("log") == []


@pytest.mark.slow
def test_standard_input_can_be_named_only_once(positions: Positions) -> None:
    assert "only once" in piped(positions.db, TALKS, "-", "-").stderr
