"""`positions dump`: an episode as the file that would record it, and that records to nothing."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import TALKS, Output, Positions, recorder

Record = Callable[..., Output]
Says = Callable[..., Output]

TREATY = """
format: 1
episode: {id: treaty, kind: draft, title: "A draft: treaty", published: 2021-12-17, url: https://example.org/treaty,
          publisher: A ministry, language: ru, translation: unofficial}
sides: [{id: russia, name: Russia}, {id: west, name: The West}]
actors:
  - {id: russia, kind: state, side: russia, name: Russia}
  - {id: us, kind: state, side: west, name: United States}
  - {id: nato, kind: alliance, side: west, name: NATO}
demands:
  - {id: no-enlargement, by: russia, to: [us, nato], topic: enlargement, title: No further enlargement,
     made: 2021-12, basis: stated, quote: no more members, provisions: [{document: treaty, article: "4, 5"}]}
packages:
  - {id: guarantees, by: russia, said: 2021-12-17, title: The guarantees, quote: all of it,
     items: no-enlargement}
"""

EVERY_FIELD = """
format: 1
episode:
  id: press
  kind: article
  title: "Yes: “a talk” – no, 'two' # of them"
  published: 2022-03-28/2022-03-31
  event: "A talk: the first"
  url: https://example.org/press?a=1&b=2#top
  author: A. Writer
  publisher: The Paper
  language: en-GB
  translation: machine
  read: part
  missing: "Pages 3 to 5"
  summary: |
    Two lines,
    the second of which ends here.
  text_sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
sides:
  - {id: others, name: "null"}
actors:
  - {id: osce, kind: organisation, name: OSCE}
  - {id: france, kind: state, side: west, name: "France"}
  - {id: envoy, kind: person, name: "An envoy", speaks_for: us, role: "Special envoy"}
  - {id: minister, kind: person, name: A minister, speaks_for: russia}
  - {id: nobody, kind: person, name: A witness}
packages:
  - id: west-package
    by: [us, nato]
    speaker: envoy
    said: 2022-01-26/2022-01-28
    title: The offers as one
    basis: stated
    quote: "all of it … or nothing"
    summary: Said twice.
    url: https://example.org/package
    items: [transparency, hotline]
    core: [hotline]
    core_quote: "first the line"
  - {id: told-package, by: russia, reported_by: nobody, said: 2022-02, title: Told, basis: reported, summary: Told,
     items: [no-missiles]}
demands:
  - id: no-missiles
    by: [russia]
    to: [us, nato]
    affects: [france, osce]
    topic: missiles
    title: "1.5"
    text: "No missiles: none at all\\n\\tnot one."
    made: 2021-12-11/2021-12-20
    speaker: minister
    said: 2022-01
    basis: stated
    quote: "“no missiles” near us"
    summary: "yes"
    url: https://example.org/missiles
    language: ru
    translation: official
    provisions: [{document: treaty, article: "7"}, {document: treaty, article: "2022-01-01"}]
    alternative_to: no-enlargement
    part_of: no-enlargement
  - {id: troops-home, by: [], side: west, to: russia, topic: troops, title: Troops go home, made: ../2022-01-17,
     reported_by: minister, basis: alleged, quote: "demands to return our troops"}
  - {id: no-war, by: us, to: russia, topic: war, title: No war, made: 2022, basis: inferred,
     summary: Read from its acts.}
offers:
  - id: transparency
    by: [us, nato]
    to: russia
    topic: transparency
    title: Transparency
    made: 2022-01-26
    basis: reported
    quote: "transparency"
    answers: [guarantees, no-enlargement, no-missiles]
  - {id: hotline, by: us, to: russia, topic: hotline, title: A line, made: 2022-02-01, basis: stated, speaker: envoy,
     quote: a line, alternative_to: transparency, part_of: [transparency], answers: told-package}
extends:
  - id: no-enlargement
    by: france
    to: osce
    affects: france
    provisions: [{document: treaty, article: "4"}]
    answers: [no-war]
    alternative_to: [no-missiles]
    part_of: [no-war]
  - {id: guarantees, by: france, items: [no-missiles, no-war], core: no-war}
responses:
  - id: everything
    by: [us, nato]
    said: 2022-01-26/2022-01-28
    venue: Brussels
    speaker: envoy
    reported_by: osce
    basis: reported
    quote: "we said"
    summary: In own words.
    url: https://example.org/response
    language: fr
    translation: unofficial
    stances:
      no-enlargement: {stance: non-starter, wording: never, quote: "never again", basis: stated}
      no-missiles: {stance: negotiable, condition: "if others do", wording: "null"}
    about:
      troops-home: {wording: hm, quote: well}
  - {id: short, by: russia, said: 2022-02-02, basis: stated, quote: fine, stances: {hotline: open, transparency: open}}
  - {id: insists, by: russia, speaker: minister, said: 2022-02-03/2022-02, basis: stated, quote: again,
     repeats: {no-missiles: {wording: again, scope: narrower, quote: once more}, no-enlargement: null}}
  - {id: both, by: russia, said: 2022-02-04, basis: stated, quote: and again, repeats: no-missiles,
     about: [no-missiles]}
  - {id: alleged, by: nato, said: 2022-02-05, basis: alleged, reported_by: minister, summary: He says so.,
     stances: {no-missiles: non-starter}}
  - {id: third, by: osce, said: 2022-02-06, basis: inferred, summary: It did not come., stances: {no-war: negotiable}}
outcomes:
  - {id: swapped, items: [no-missiles], outcome: superseded, superseded_by: no-enlargement, on: 2022-03, by: russia,
     in_part: true, basis: reported, speaker: minister, reported_by: osce, quote: "the other", summary: Swapped.,
     url: https://example.org/outcome, language: ru, translation: machine}
  - {items: [transparency, hotline], outcome: agreed, on: 2022-03-02, by: [us, russia]}
  - {items: no-war, outcome: met, on: 2022-03-03}
"""
"""A file that uses every field of the format, and values that YAML is apt to take for something else."""


def dumped(positions: Positions, episode: str) -> Any:
    """The document that `positions dump` prints, every scalar as text."""
    return yaml.load(positions("dump", episode).stdout, yaml.BaseLoader)


def unchanged(output: Output) -> bool:
    """Whether nothing was recorded, and nothing kept that the file lacks."""
    return "\nnothing to record (" in output.stdout and "kept" not in output.stdout


@pytest.fixture
def every_field(record: Record) -> Output:
    """Record the treaty, and then the file that uses every field of the format."""
    record(TREATY)
    return record(EVERY_FIELD)


def test_dump_of_episode_1_records_to_nothing(seeded: Positions, tmp_path: Path) -> None:
    record = recorder(seeded, tmp_path)

    assert unchanged(record(seeded("dump", "episode-1").stdout))
    assert unchanged(record(seeded("dump", "episode-1").stdout, "--replace"))
    assert len(seeded.ask("log")) == 1


@pytest.mark.usefixtures("every_field")
def test_dump_of_a_file_with_every_field_records_to_nothing(positions: Positions, record: Record) -> None:
    for episode in ("press", "treaty"):
        assert unchanged(record(positions("dump", episode).stdout))
        assert unchanged(record(positions("dump", episode).stdout, "--replace"))
    assert len(positions.ask("log")) == 2


@pytest.mark.usefixtures("every_field")
def test_dump_of_a_dump_is_the_same_text(positions: Positions, record: Record) -> None:
    text = positions("dump", "press").stdout

    record(text, "--replace")

    assert positions("dump", "press").stdout == text


def test_a_dump_recorded_elsewhere_gives_the_same_answers(
    positions: Positions, record: Record, seeded: Positions
) -> None:
    record(seeded("dump", "episode-1").stdout)

    for question in ("demands", "offers", "nonstarters", "matrix", "history", "actors", "episodes"):
        assert positions.ask(question) == seeded.ask(question)


@pytest.mark.usefixtures("every_field")
def test_every_field_of_the_file_is_in_its_dump(positions: Positions) -> None:
    given, written = yaml.load(EVERY_FIELD, yaml.BaseLoader), dumped(positions, "press")

    assert given["episode"].keys() == written["episode"].keys()
    for section in ("sides", "actors", "packages", "demands", "offers", "extends", "responses", "outcomes"):
        for before, after in zip(given[section], written[section], strict=True):
            assert {name for name, value in before.items() if value} <= after.keys()


@pytest.mark.usefixtures("every_field")
def test_texts_come_back_to_the_letter(positions: Positions) -> None:
    written = dumped(positions, "press")

    assert written["episode"]["title"] == "Yes: “a talk” – no, 'two' # of them"
    assert written["episode"]["summary"] == "Two lines,\nthe second of which ends here."
    [missiles] = [one for one in written["demands"] if one["id"] == "no-missiles"]
    assert (missiles["title"], missiles["summary"]) == ("1.5", "yes")
    assert missiles["text"] == "No missiles: none at all\n\tnot one."
    assert missiles["made"] == "2021-12-11/2021-12-20"
    assert [one["name"] for one in written["sides"]] == ["null"]


@pytest.mark.usefixtures("every_field")
def test_a_dump_quotes_what_other_readers_take_for_a_number(positions: Positions) -> None:
    text = positions("dump", "press").stdout

    assert text.startswith("format: 1\n")
    assert re.search(r"""title: ['"]1\.5['"]""", text)
    assert re.search(r"""article: ['"]7['"]""", text)
    assert re.search(r"""name: ['"]null['"]""", text)


@pytest.mark.usefixtures("every_field")
def test_dump_holds_what_an_episode_adds_to_others(positions: Positions) -> None:
    added = {one["id"]: one for one in dumped(positions, "press")["extends"]}

    assert added["no-enlargement"]["provisions"] == [{"document": "treaty", "article": "4"}]
    assert added["guarantees"]["core"] == ["no-war"]
    [theirs] = dumped(positions, "treaty")["demands"]
    assert (theirs["by"], theirs["provisions"]) == (["russia"], [{"document": "treaty", "article": "4, 5"}])


@pytest.mark.usefixtures("talks")
def test_dump_holds_what_is_recorded_now(positions: Positions, record: Record) -> None:
    record(TALKS.replace("Talks on missiles", "Talks on some missiles"))

    assert dumped(positions, "talks")["offers"][0]["title"] == "Talks on some missiles"


@pytest.mark.usefixtures("talks")
def test_dump_leaves_out_what_was_taken_back(positions: Positions, record: Record) -> None:
    record(TALKS[: TALKS.index("offers:")], "--replace")

    assert "offers" not in dumped(positions, "talks")


@pytest.mark.usefixtures("talks")
def test_a_dump_begins_with_the_format_and_the_episode(positions: Positions) -> None:
    assert positions("dump", "talks").stdout.startswith("format: 1\nepisode:\n  id: talks\n")


@pytest.mark.usefixtures("talks")
def test_an_unknown_episode_is_an_error_with_the_nearest_id(positions: Positions) -> None:
    told = positions("dump", "talk", exit_code=1)

    assert "no episode has the id 'talk'" in told.stderr
    assert "Did you mean talks?" in told.stderr
    assert told.stdout == ""
