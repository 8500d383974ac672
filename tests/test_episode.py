"""`positions episode`: one source, what it added, and which of the demands put to its speakers it answers."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import TALKS, Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]
KEYS = "id kind title published author url counts summary coverage"
COVERAGE = "answered taken_up passed_over not_seen"
talks = pytest.mark.usefixtures("talks")

REPLY = """
format: 1
episode: {id: reply, kind: reply, title: A written reply, published: 2022-02-02, author: A. Clerk,
          publisher: The Gazette, url: https://example.org/reply, summary: What Washington wrote.}
actors: [{id: blinken, kind: person, speaks_for: us, name: Antony Blinken}]
offers:
  - {id: transparency, by: us, to: russia, topic: transparency, title: Transparency, made: 2022-01-26, basis: stated,
     quote: more transparency}
responses:
  - {id: refuses, by: us, said: 2022-01-26, basis: stated, quote: never, stances: {no-enlargement: non-starter}}
  - {id: notes, by: us, said: 2022-01-26, basis: stated, quote: we took note, about: [no-missiles]}
outcomes: [{items: no-missiles, outcome: met, on: 2022-02-01, in_part: true, by: us}]
"""


def coverage(positions: Positions, episode: str, *words: str) -> Any:
    """What the episode answers of the demands put to those who speak."""
    return positions.ask("episode", episode, *words)["coverage"]


@talks
def test_a_source_has_the_keys_of_the_contract(positions: Positions, record: Record) -> None:
    record(REPLY)

    one = positions.ask("episode", "reply")

    assert " ".join(one) == KEYS
    assert " ".join(one["coverage"]) == COVERAGE
    assert (one["id"], one["kind"], one["title"]) == ("reply", "reply", "A written reply")
    assert (one["published"], one["author"], one["url"]) == ("2022-02-02", "A. Clerk", "https://example.org/reply")
    assert one["summary"] == "What Washington wrote."


@talks
def test_a_source_that_people_remember_names_its_event(positions: Positions, record: Record) -> None:
    record(REPLY.replace("kind: reply,", "kind: reply, event: The written reply,", 1))

    assert "The written reply" in positions("episode", "reply").stdout
    assert "event" not in positions("episode", "talks").stdout


@talks
def test_a_source_counts_what_is_recorded_from_it(positions: Positions, record: Record) -> None:
    record(REPLY)

    one = positions.ask("episode", "reply")

    assert one["counts"] == {
        "demands": 0,
        "offers": 1,
        "packages": 0,
        "responses": 2,
        "stances": 1,
        "outcomes": 1,
    }
    [listed] = [each for each in positions.ask("episodes") if each["id"] == "reply"]
    assert listed["counts"] == one["counts"]


@talks
def test_the_page_names_what_the_source_added(positions: Positions, record: Record) -> None:
    record(REPLY)

    lines = [line.split() for line in positions("episode", "reply").stdout.splitlines()]

    assert ["actors", "blinken"] in lines
    assert ["offers", "transparency"] in lines
    assert ["responses", "refuses,", "notes"] in lines
    page = positions("episode", "reply").stdout
    for words in ("A written reply", "A. Clerk", "The Gazette", "https://example.org/reply", "What Washington wrote."):
        assert words in page


@talks
def test_coverage_tells_answers_from_mentions(positions: Positions, record: Record) -> None:
    record(REPLY)

    assert coverage(positions, "reply") == {
        "answered": ["no-enlargement"],
        "taken_up": ["no-missiles"],
        "passed_over": [],
        "not_seen": [],
    }
    page = positions("episode", "reply").stdout
    assert "answered" in page
    assert "taken up" in page
    assert "passed over" not in page


@talks
def test_a_source_read_whole_passes_over_what_it_does_not_mention(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-02-12", published="2022-02-12")
    [name] = [one["id"] for one in positions.ask("episodes") if one["id"] != "talks"]

    assert coverage(positions, name) == {
        "answered": ["no-enlargement"],
        "taken_up": [],
        "passed_over": ["no-missiles"],
        "not_seen": [],
    }
    assert "passed over" in positions("episode", name).stdout


@talks
def test_of_a_source_read_in_part_silence_is_only_not_seen(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: The reply, published: 2022-02-02, url: https://example.org/reply,
                  read: part, missing: the annex}
        responses: [{id: it, by: us, said: 2022-01-26, basis: stated, quote: never,
                     stances: {no-enlargement: non-starter}}]
    """)

    assert coverage(positions, "reply") == {
        "answered": ["no-enlargement"],
        "taken_up": [],
        "passed_over": [],
        "not_seen": ["no-missiles"],
    }
    page = positions("episode", "reply").stdout
    assert "in part; missing: the annex" in page
    assert "not in the part read" in page


@talks
def test_coverage_is_of_the_demands_of_the_other_side(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: tv, kind: statement, title: On TV, published: 2022-02-10, url: https://example.org/tv}
        demands:
          - {id: pull-back, by: [], side: west, to: russia, topic: troops, title: Troops pull back, made: ../2022-02-10,
             reported_by: lavrov, basis: alleged, quote: they want our troops gone}
        responses: [{id: it, by: russia, speaker: lavrov, said: 2022-02-09, basis: stated, quote: unacceptable,
                     stances: {pull-back: non-starter, missile-talks: open}, repeats: [no-missiles]}]
    """)

    assert coverage(positions, "tv") == {"answered": ["pull-back"], "taken_up": [], "passed_over": [], "not_seen": []}


@talks
def test_a_source_in_which_both_sides_speak_covers_the_demands_of_both(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: summit, kind: article, title: A summit, published: 2022-02-10, url: https://example.org/summit}
        demands:
          - {id: pull-back, by: us, to: russia, topic: troops, title: Troops pull back, made: 2022-02-09, basis: stated,
             quote: pull back your troops}
        responses:
          - {id: ours, by: russia, said: 2022-02-10, basis: stated, quote: no way, stances: {pull-back: non-starter}}
          - {id: theirs, by: us, said: 2022-02-10, basis: stated, quote: no way, stances: {no-missiles: open}}
    """)

    assert coverage(positions, "summit") == {
        "answered": ["no-missiles", "pull-back"],
        "taken_up": [],
        "passed_over": ["no-enlargement"],
        "not_seen": [],
    }


@talks
def test_a_third_party_that_speaks_passes_nothing_over(positions: Positions, says: Says) -> None:
    says("osce", "open", "no-enlargement", on="2022-02-12")
    [name] = [one["id"] for one in positions.ask("episodes") if one["id"] != "talks"]

    assert coverage(positions, name) == {key: [] for key in COVERAGE.split()}


@talks
def test_a_demand_made_or_ended_at_another_time_is_not_passed_over(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-02-01, url: https://example.org/end}
        outcomes: [{items: no-missiles, outcome: withdrawn, on: 2022-02-01, by: russia}]
    """)
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: The reply, published: 2022-02-02, url: https://example.org/reply}
        responses: [{id: it, by: us, said: 2022-02-02, basis: stated, quote: never,
                     stances: {no-enlargement: non-starter}}]
    """)
    record("""
        format: 1
        episode: {id: tv, kind: statement, title: On TV, published: 2022-02-10, url: https://example.org/tv}
        demands: [{id: no-bases, by: russia, to: us, topic: bases, title: No bases nearby, made: 2022-02-10,
                   basis: stated, quote: no bases near us}]
    """)

    assert coverage(positions, "reply")["passed_over"] == []


@talks
def test_a_source_of_which_nothing_is_recorded_covers_nothing(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: empty, kind: report, title: A report, published: 2022-02-02, url: https://example.org/report}
    """)

    one = positions.ask("episode", "empty")

    assert set(one["counts"].values()) == {0}
    assert one["coverage"] == {key: [] for key in COVERAGE.split()}
    assert (one["summary"], one["author"]) == (None, None)


@talks
def test_an_unknown_episode_is_an_error_with_the_nearest_id(positions: Positions) -> None:
    assert "Did you mean talks?" in positions("episode", "talk", exit_code=1).stderr
    assert "positions episodes" in positions("episode", "zzz", exit_code=1).stderr


@talks
def test_an_episode_that_was_not_yet_known_or_public_is_not_shown(positions: Positions, record: Record) -> None:
    record(REPLY)

    assert "reply was not in the record" in positions("episode", "reply", "--known-at", "r1", exit_code=1).stderr
    assert "or not public" in positions("episode", "reply", "--public-by", "2022-02-01", exit_code=1).stderr
    assert positions.ask("episode", "reply", "--public-by", "2022-02-02")["id"] == "reply"


@talks
def test_an_episode_is_shown_as_it_was_recorded_then(positions: Positions, record: Record) -> None:
    record(REPLY)
    record(REPLY.replace("stances: {no-enlargement: non-starter}", "about: [no-enlargement]"))

    assert coverage(positions, "reply")["taken_up"] == ["no-enlargement", "no-missiles"]
    assert coverage(positions, "reply", "--known-at", "r2")["answered"] == ["no-enlargement"]
    assert positions.ask("episode", "reply", "--known-at", "r2")["counts"]["stances"] == 1
    assert positions.ask("episode", "reply")["counts"]["stances"] == 0


def test_episode_1_answers_four_demands_and_passes_over_the_procedure(seeded: Positions) -> None:
    found = coverage(seeded, "episode-1")

    assert set(found["answered"]) == {
        "no-enlargement",
        "return-to-1997",
        "withdraw-forces-from-eastern-allies",
        "troops-back-to-barracks",
    }
    assert set(found["passed_over"]) == {
        "written-article-by-article-reply",
        "package-not-menu",
        "forum-us-nato-not-osce",
        "no-further-invasion",
    }
    assert found["taken_up"] == ["no-offensive-weapons-nearby"]  # by the offer to limit missiles
    assert found["not_seen"] == []


def test_a_paper_that_is_published_late_answers_what_was_asked_before_it_was_written(
    positions: Positions, record: Record
) -> None:
    record(TALKS)
    record("""
        format: 1
        episode: {id: later, kind: statement, title: More, published: 2022-01-28, url: https://example.org/later}
        demands:
          - {id: no-bases, by: russia, to: nato, topic: bases, title: No bases, made: 2022-01-28, basis: stated,
             quote: no bases}
    """)
    record("""
        format: 1
        episode: {id: leak, kind: reply, title: A reply leaks, published: 2022-02-02, url: https://example.org/leak}
        responses:
          - {id: refusal, by: nato, said: 2022-01-26, basis: stated, quote: we will not,
             stances: {no-enlargement: non-starter}}
    """)

    found = coverage(positions, "leak")

    assert (found["answered"], found["passed_over"]) == (["no-enlargement"], ["no-missiles"])


def test_an_offer_takes_up_the_demand_that_it_answers(positions: Positions, record: Record) -> None:
    record(TALKS)
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: The reply, published: 2022-01-26, url: https://example.org/reply}
        offers:
          - {id: inspections, by: nato, to: russia, topic: missiles, title: Inspections, made: 2022-01-26,
             basis: stated, quote: you may inspect, answers: no-missiles}
        responses:
          - {id: refusal, by: nato, said: 2022-01-26, basis: stated, quote: we will not,
             stances: {no-enlargement: non-starter}}
    """)

    found = coverage(positions, "reply")

    assert (found["answered"], found["taken_up"], found["passed_over"]) == (["no-enlargement"], ["no-missiles"], [])


def test_episode_1_is_counted_as_it_was_coded(seeded: Positions) -> None:
    one = seeded.ask("episode", "episode-1")

    assert one["counts"] == {
        "demands": 9,
        "offers": 6,
        "packages": 1,
        "responses": 13,
        "stances": 17,
        "outcomes": 0,
    }
    assert (one["author"], one["published"]) == ("Ali Tuygan", "2022-01-17")
    assert one["url"] == "https://diplomatikyorum.com/2022/01/17/russia-us-nato-talks-episode-1/"
    assert "core-non-starters" in seeded("episode", "episode-1").stdout


@pytest.mark.parametrize("published", ["2022-03-12", "2022-03-12/2022-03-15", "2022-03"])
def test_the_days_of_publication_are_told_as_they_were_written(
    positions: Positions, record: Record, published: str
) -> None:
    record(f"""
        format: 1
        episode: {{id: undated, kind: statement, title: An undated page, published: {published},
                   url: https://example.org/undated}}
    """)

    assert positions.ask("episode", "undated")["published"] == published
    assert [one["published"] for one in positions.ask("episodes")] == [published]
    assert f"published  {published}" in positions("episode", "undated").stdout
    assert f"published: {published}\n" in positions("dump", "undated").stdout
    listed = [line.split()[0] for line in positions("episodes").stdout.splitlines() if line.startswith("2022")]
    assert "".join(listed) == published
