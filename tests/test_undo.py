"""`positions retract`, `undo`, `diff` and `log -p`: taking back, and seeing what changed."""

from collections.abc import Callable

import pytest

from tests.conftest import TALKS, Output, Positions

Says = Callable[..., Output]
pytestmark = pytest.mark.usefixtures("talks")


@pytest.fixture
def refusal(positions: Positions, talks: Output, says: Says) -> str:  # noqa: ARG001
    """NATO refuses, in r2; how that response is cited."""
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    [row] = positions.ask("nonstarters")
    return f"{row['episode']}/{row['response']}"


def test_a_statement_taken_back_is_gone_but_known_to_have_been_held(positions: Positions, refusal: str) -> None:
    positions("retract", refusal, "--why", "it was a misquotation")

    assert positions.ask("nonstarters") == []
    assert len(positions.ask("nonstarters", "--known-at", "r2")) == 1
    newest = positions.ask("log")[0]
    assert (newest["message"], newest["retracted"]) == ("it was a misquotation", [refusal])


def test_taking_back_moves_nothing(positions: Positions, says: Says, refusal: str) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01-15")
    assert len(positions.ask("movements")) == 1

    [plan] = positions("retract", refusal, "--why", "a misquotation", "--format", "json").json

    assert plan["movements"] == []
    assert positions.ask("movements") == []


def test_undoing_a_retraction_says_which_movement_comes_back(positions: Positions, says: Says, refusal: str) -> None:
    says("nato", "negotiable", "no-enlargement", on="2022-01-15")
    assert "movements removed" in positions("retract", refusal, "--why", "a misquotation").stdout

    plan = positions("undo", "r4").stdout

    assert "stances that move" not in plan
    assert "movements added by correction" in plan
    assert "non-starter -> negotiable (softened, said 2022-01-15)" in plan
    assert len(positions.ask("movements")) == 1


def test_a_refused_undo_names_the_revision_that_leads_back_and_not_one_that_was_undone(
    positions: Positions, record: Callable[..., Output], refusal: str
) -> None:
    text = positions("dump", refusal.partition("/")[0]).stdout
    record(text.replace("non-starter", "negotiable"))  # r3
    positions("retract", refusal, "--why", "by mistake")  # r4
    positions("undo", "r4")  # r5

    assert "Undo r3 first" in positions("undo", "r2", exit_code=1).stderr
    positions("undo", "r3")
    positions("undo", "r2")
    assert positions.ask("nonstarters") == []


def test_taking_back_needs_a_reason_and_a_statement_that_is_there(positions: Positions, refusal: str) -> None:
    positions("retract", refusal, exit_code=2)
    positions("retract", refusal, "--why", " ", exit_code=2)
    refused = positions("retract", refusal.replace("/it", "/its"), "--why", "wrong", exit_code=1).stderr

    assert f"Did you mean {refusal}?" in refused
    assert len(positions.ask("nonstarters")) == 1


def test_what_was_taken_back_is_recorded_again_only_when_asked(
    positions: Positions, record: Callable[..., Output], refusal: str
) -> None:
    text = positions("dump", refusal.partition("/")[0]).stdout
    positions("retract", refusal, "--why", "a misquotation")

    plan = record(text).stdout
    assert "left out: it was retracted in r3 (a misquotation); --again records it again" in plan
    assert positions.ask("nonstarters") == []

    again = record(text, "--again").stdout
    assert "stances that move" not in again
    assert len(positions.ask("nonstarters")) == 1


def test_undoing_the_last_revision_restores_every_answer(positions: Positions, says: Says) -> None:
    questions = (["demands"], ["offers"], ["nonstarters", "--ever"], ["history"], ["movements"], ["matrix"])
    before = [positions.ask(*words) for words in questions]
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")

    positions("undo", "r2")

    assert [positions.ask(*words) for words in questions] == before


def test_an_undo_can_be_undone(positions: Positions, refusal: str) -> None:
    positions("undo", "r2")
    assert positions.ask("nonstarters") == []

    positions("undo", "r3")

    [row] = positions.ask("nonstarters")
    assert f"{row['episode']}/{row['response']}" == refusal


def test_undoing_a_correction_puts_the_old_words_back(positions: Positions, record: Callable[..., Output]) -> None:
    record(TALKS.replace("No further enlargement", "No enlargement at all"))

    positions("undo", "r2")

    assert positions.ask("item", "no-enlargement")["title"] == "No further enlargement"


def test_a_revision_that_was_built_upon_cannot_be_undone(positions: Positions, record: Callable[..., Output]) -> None:
    record(TALKS.replace("No further enlargement", "No enlargement at all"))

    refused = positions("undo", "r1", exit_code=1).stderr

    assert "no-enlargement by r2" in refused
    assert "Undo r2 first." in refused


@pytest.mark.usefixtures("refusal")
def test_what_another_episode_rests_on_cannot_be_undone(positions: Positions) -> None:
    refused = positions("undo", "r1", exit_code=1).stderr

    assert "no-enlargement" in refused
    assert len(positions.ask("demands")) == 2


def test_a_statement_on_what_is_gone_cannot_be_put_back(positions: Positions, refusal: str) -> None:
    positions("retract", refusal, "--why", "a misquotation")
    episode = refusal.partition("/")[0]
    positions("undo", "r1")

    refused = positions("undo", "r3", exit_code=1).stderr

    assert "no item has the id 'no-enlargement'" in refused
    assert positions.ask("episode", episode)["counts"]["responses"] == 0


@pytest.fixture
def repeated_by_nato(record: Callable[..., Output], talks: Output) -> None:  # noqa: ARG001
    """The title of an offer is corrected in r2, a source adds NATO to its makers in r3, and NATO repeats it in r4."""
    record(TALKS.replace("title: Talks on missiles", "title: Talks on missiles in Europe"))
    source = (
        "format: 1\nepisode: {{id: {0}, kind: article, title: {0}, published: 2022-02-02, url: https://e.org/{0}}}\n"
    )
    record(source.format("more") + "extends: [{id: missile-talks, by: nato}]")
    repeats = "{id: it, by: nato, said: 2022-02-01, basis: stated, quote: we would talk, repeats: missile-talks}"
    record(source.format("later") + f"responses: [{repeats}]")


@pytest.mark.usefixtures("repeated_by_nato")
def test_the_naming_of_a_maker_that_repeated_its_item_cannot_be_undone(positions: Positions) -> None:
    refused = positions("undo", "r3", exit_code=1).stderr

    assert "this would break later/it, which is kept: only its maker can repeat it" in refused
    assert positions.ask("check") == []


@pytest.mark.usefixtures("repeated_by_nato")
def test_undoing_the_correction_of_an_item_keeps_the_makers_that_others_name(positions: Positions) -> None:
    positions("undo", "r2")

    [offer] = positions.ask("offers")
    assert (offer["title"], offer["by"]) == ("Talks on missiles", ["nato", "us"])
    assert positions.ask("check") == []


def test_a_dry_run_of_taking_back_changes_nothing(positions: Positions, refusal: str) -> None:
    shown = positions("retract", refusal, "--why", "a misquotation", "--dry-run").stdout
    assert "dry run, would record: 1 retracted" in shown
    positions("undo", "r2", "--dry-run")

    assert len(positions.ask("log")) == 2


def test_diff_says_what_is_new_and_which_stances_that_turned(positions: Positions, refusal: str) -> None:
    answer = positions.ask("diff", "r1")

    assert (answer["from"], answer["to"]) == (1, 2)
    assert refusal in answer["added"]
    assert answer["stances"] == [
        {"actor": "nato", "item": "no-enlargement", "from": None, "to": "non-starter", "corrected": False}
    ]
    assert "stances that moved" in positions("diff", "r1", "r2").stdout


def test_diff_tells_a_correction_from_a_movement(
    positions: Positions, record: Callable[..., Output], refusal: str
) -> None:
    record(positions("dump", refusal.partition("/")[0]).stdout.replace("non-starter", "negotiable"))

    [turn] = positions.ask("diff", "r2", "r3")["stances"]

    assert (turn["from"], turn["to"], turn["corrected"]) == ("non-starter", "negotiable", True)


def test_diff_of_a_revision_with_itself_is_empty(positions: Positions) -> None:
    assert "No differences" in positions("diff", "r1", "r1").stdout
    positions("diff", "r9", exit_code=1)
    positions("diff", "nine", exit_code=2)


def test_log_shows_each_entry_before_and_after(positions: Positions, record: Callable[..., Output]) -> None:
    record(TALKS.replace("No further enlargement", "No enlargement at all"))

    [newest, _] = positions.ask("log", "-p")
    [change] = newest["changes"]

    assert change["before"]["title"] == "No further enlargement"
    assert change["after"]["title"] == "No enlargement at all"
    assert 'title: "No further enlargement" -> "No enlargement at all"' in positions("log", "-p").stdout
    assert "changes" not in positions.ask("log")[0]


def test_an_undone_episode_takes_nothing_new_until_asked(
    positions: Positions, record: Callable[..., Output], refusal: str
) -> None:
    text = positions("dump", refusal.partition("/")[0]).stdout
    positions("undo", "r2")

    refused = record(text.replace("id: it", "id: another"), exit_code=1).stderr

    assert "was retracted in r3 (undo r2); `--again` records it again" in refused
    record(text.replace("id: it", "id: another"), "--again")
    assert [row["response"] for row in positions.ask("nonstarters")] == ["another"]
