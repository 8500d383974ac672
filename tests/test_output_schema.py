"""`positions schema --output`: a promise to other programs about every JSON that a command prints."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from positions.rendering.plain_data import output_schema
from tests.conftest import TALKS, Output, Positions, _copy, recorder, slow_but

Record = Callable[..., Output]

UNANSWERED = "item title by actor since reply counter_offers read_in_part status reply_wording alleged alleged_by"
STANCE = "actor item stance wording condition basis speaker reported_by said episode response quote revision contested"
ITEM = (
    "id kind title text topic by side to affects made first_said last_said times_said core package provisions answers"
    " alternative_to part_of quote speaker reported_by basis episode status stances"
)
NON_STARTER = (
    "item kind title by refused_by speaker reported_by first_said last_said wording condition basis quote item_quote"
    " episode response contested status"
)
MOVEMENT = "change actor item title from to direction said episode response"
OUTLOOK = "item title by core package verdict blocked_by doubts waiting_for others_refuse held_up_by last_heard"
EPISODE = "id kind title published author url counts"
CONTRACT: dict[tuple[str, ...], str] = {
    ("demands",): ITEM,
    ("offers",): ITEM,
    ("item", "no-enlargement"): ITEM,
    ("nonstarters",): NON_STARTER,
    ("nonstarters", "--ever"): f"{NON_STARTER} now",
    ("matrix",): "item kind title by stances",
    ("history",): STANCE,
    ("movements",): MOVEMENT,
    ("movements", "--first"): MOVEMENT,
    ("unanswered",): UNANSWERED,
    ("outlook",): OUTLOOK,
    ("outlook", "--since", "2022-01-20"): f"{OUTLOOK} then",
    ("episodes",): EPISODE,
    ("episode", "reply"): f"{EPISODE} summary coverage",
    ("log",): "revision recorded_at recorded_by message file_sha256 digest added corrected retracted",
}
"""What each question prints, key by key, as it was promised."""

QUESTIONS = [*CONTRACT, ("actors",), ("search", "no"), ("status",)]
IN_BRIEF = [("demands",), ("nonstarters", "--ever"), ("history",), ("outlook",), ("episode", "reply"), ("log",)]

STORY = """
format: 1
episode: {id: draft, kind: draft, title: A draft, published: 2022-01-01, url: https://example.org/draft}
---
format: 1
episode: {id: press, kind: statement, title: The press, published: 2022-01-20, author: A. Clerk, language: ru,
          translation: unofficial, url: https://example.org/press}
actors: [{id: sherman, kind: person, speaks_for: us, name: Wendy Sherman, role: Deputy Secretary of State}]
packages: [{id: both, by: russia, said: 2022-01-14, title: Both, basis: stated, quote: a package,
            items: [no-enlargement, no-missiles], core: [no-enlargement], core_quote: the key}]
demands:
  - {id: pull-back, by: [], side: west, to: russia, affects: osce, topic: troops, title: Troops pull back,
     made: ../2022-01-17, basis: alleged, reported_by: lavrov, quote: they want our troops gone, text: All of them.}
  - {id: moratorium, by: russia, to: [us, nato], topic: enlargement, title: A moratorium, made: 2022-01-19,
     basis: reported, summary: Or else a moratorium., alternative_to: no-enlargement, part_of: no-missiles,
     provisions: [{document: draft, article: "4"}]}
responses:
  - {id: no, by: [us, nato], said: 2022-01-10/2022-01-12, basis: reported, quote: simply no, speaker: sherman,
     stances: {no-enlargement: {stance: non-starter, wording: simply no}}}
  - {id: talks, by: us, said: 2022-01, basis: inferred, summary: They would talk.,
     stances: {no-missiles: {stance: negotiable, condition: in both directions}}}
  - {id: told, by: nato, reported_by: lavrov, said: 2022-01-13, basis: alleged, quote: they like it,
     stances: {no-missiles: open}}
  - {id: refuses, by: russia, speaker: lavrov, said: 2022-01-14, basis: stated, quote: unacceptable,
     stances: {pull-back: non-starter}, repeats: {no-enlargement: {scope: wider, wording: nor Sweden}}}
  - {id: rival, by: osce, said: 2022-01-14, basis: reported, quote: they refuse, stances: {no-missiles: non-starter}}
  - {id: rivals, by: osce, said: 2022-01-14, basis: reported, quote: they would, stances: {no-missiles: open}}
---
format: 1
episode: {id: reply, kind: reply, title: The reply, published: 2022-02-02, read: part, missing: its annex,
          summary: What they wrote., url: https://example.org/reply}
offers: [{id: inspections, by: us, to: russia, topic: missiles, title: Inspections, made: 2022-01-26, basis: stated,
          quote: come and look, answers: [no-missiles, both]}]
responses:
  - {id: softer, by: nato, said: 2022-01-26, basis: stated, quote: a pause perhaps,
     stances: {no-enlargement: {stance: negotiable, condition: a pause}}, about: {pull-back: {wording: as we said}}}
outcomes:
  - {items: no-missiles, outcome: met, on: 2022-01-30, by: us, in_part: true, basis: inferred}
  - {items: missile-talks, outcome: superseded, superseded_by: inspections, on: 2022-01-26, by: us}
"""
"""Three episodes in which everything that can be recorded occurs once."""


@pytest.fixture(scope="module")
def template(_templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database in which the whole story was recorded, and one account corrected; to be copied."""
    folder = tmp_path_factory.mktemp("story")
    for place in _copy(_templates["empty"], folder / "story.db"):
        record = recorder(Positions(place), folder)
        record(TALKS)
        for episode in STORY.split("---\n"):
            record(episode)
        record(STORY.split("---\n")[1].replace("simply no,", "simply never,"))
        yield place


@pytest.fixture
def told(template: str, tmp_path: Path) -> Iterator[Positions]:
    """The command line on that database."""
    for place in _copy(template, tmp_path / "story.db"):
        yield Positions(place)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """What the schema promises."""
    return output_schema()


def problems(schema: dict[str, Any], command: str, printed: Any) -> list[str]:
    """What in the JSON that a command printed breaks the promise."""
    promise = {**schema, "$ref": f"#/$defs/{command}"}
    return [f"{fault.json_path}: {fault.message}" for fault in Draft202012Validator(promise).iter_errors(printed)]


def test_the_schema_is_json_schema_of_2020_12(positions: Positions) -> None:
    printed = positions("schema", "--output").json

    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(printed)
    assert {command for command, *_ in QUESTIONS} | {"record"} <= set(printed["$defs"])


def test_every_reference_of_the_schema_leads_somewhere(schema: dict[str, Any]) -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            here = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return here + [one for each in value.values() for one in references(each)]
        return [one for each in value for one in references(each)] if isinstance(value, list) else []

    assert {one.removeprefix("#/$defs/") for one in references(schema)} <= set(schema["$defs"])


def test_the_schema_can_be_had_without_a_database(positions: Positions, tmp_path: Path) -> None:
    assert "$defs" in positions("schema", "--output", POSITIONS_DB=str(tmp_path / "nowhere.db")).json
    assert not (tmp_path / "nowhere.db").exists()


@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
def test_what_a_question_prints_keeps_the_promise(
    told: Positions, schema: dict[str, Any], words: tuple[str, ...]
) -> None:
    printed = told.ask(*words)

    assert printed, "the story must have an answer to this"
    assert problems(schema, words[0], printed) == []


@pytest.mark.parametrize(
    "words", [*[words for words in QUESTIONS if words[0] != "episode"], ("episode", "episode-1")], ids=" ".join
)
def test_what_a_question_prints_of_episode_1_keeps_the_promise(
    seeded: Positions, schema: dict[str, Any], words: tuple[str, ...]
) -> None:
    assert problems(schema, words[0], seeded.ask(*words)) == []


@pytest.mark.parametrize("words", slow_but(IN_BRIEF, QUESTIONS), ids=" ".join)
def test_an_answer_about_an_earlier_moment_keeps_the_promise(
    told: Positions, schema: dict[str, Any], words: tuple[str, ...]
) -> None:
    if words[0] in {"log", "status"}:
        earlier: tuple[str, ...] = ()
    else:
        earlier = ("--as-of", "2022-01", "--known-at", "r4", "--public-by", "2022-02-02")

    assert problems(schema, words[0], told.ask(*words, *earlier)) == []


def test_an_answer_from_an_empty_database_keeps_the_promise(positions: Positions, schema: dict[str, Any]) -> None:
    for words in QUESTIONS:
        if words[0] not in {"item", "episode"}:
            assert problems(schema, words[0], positions.ask(*words)) == []


@pytest.mark.parametrize(("words", "keys"), CONTRACT.items(), ids=" ".join)
def test_the_keys_are_those_of_the_contract_in_its_order(
    told: Positions, schema: dict[str, Any], words: tuple[str, ...], keys: str
) -> None:
    printed = told.ask(*words)
    rows = printed if isinstance(printed, list) else [printed]

    assert {" ".join(row) for row in rows} == {keys}
    asked = {"now", "then"}
    assert set(_promised(schema, words[0])) - {*asked, "changes"} == set(keys.split()) - asked


def test_the_keys_of_stances_within_an_item_are_those_of_the_contract(told: Positions) -> None:
    rows = [stance for item in (*told.ask("demands"), *told.ask("offers")) for stance in item["stances"]]

    assert {" ".join(row) for row in rows} == {STANCE}
    assert " ".join(told.ask("episode", "reply")["coverage"]) == "answered taken_up passed_over not_seen"


def test_now_is_promised_only_where_it_was_asked_for(told: Positions, schema: dict[str, Any]) -> None:
    promise = schema["$defs"]["NonStarterRow"]

    assert "now" in promise["properties"]
    assert "now" not in promise["required"]
    assert {row["now"] for row in told.ask("nonstarters", "--ever")} == {"non-starter", "negotiable", "open"}


def test_days_are_printed_as_edtf_and_the_unknown_as_null(told: Positions) -> None:
    items = {one["id"]: one for one in (*told.ask("demands"), *told.ask("offers"))}

    assert items["pull-back"]["made"] == "../2022-01-17"
    assert (items["pull-back"]["by"], items["pull-back"]["side"]) == ([], "west")
    assert (items["moratorium"]["quote"], items["moratorium"]["package"]) == (None, None)
    [talks] = [one for one in told.ask("history") if one["basis"] == "inferred"]
    assert talks["said"] == "2022-01-01/2022-01-20"
    assert (talks["quote"], talks["speaker"], talks["wording"]) == (None, None, None)


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["recorded", "dry run"])
def test_what_record_prints_keeps_the_promise(
    told: Positions, schema: dict[str, Any], tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = tmp_path / "press.yaml"
    path.write_text(
        STORY.split("---\n")[1].replace("quote: simply no,", "quote: never,").replace("id: rivals,", "id: added,"),
        encoding="utf-8",
    )

    printed = told.ask("record", str(path), *options)

    assert problems(schema, "record", printed) == []
    [plan] = printed
    contract = ["file", "episode", "added", "corrected", "retracted", "kept", "movements", "revision"]
    assert [key for key in plan if key in contract] == contract
    assert set(plan) <= set(_promised(schema, "record"))
    assert (plan["added"], plan["corrected"], plan["kept"]) == (["press/added"], ["press/no"], ["press/rivals"])
    assert (plan["revision"] is None) == bool(options)


def test_what_record_prints_of_movements_and_nothing_keeps_the_promise(
    told: Positions, schema: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "again.yaml"
    path.write_text(
        """
        format: 1
        episode: {id: again, kind: statement, title: Again, published: 2022-03-01, url: https://example.org/again}
        responses: [{id: it, by: nato, said: 2022-03-01, basis: stated, quote: no after all,
                     stances: {no-enlargement: non-starter}}]
        """,
        encoding="utf-8",
    )

    moved, same = told.ask("record", str(path), str(path))

    assert problems(schema, "record", [moved, same]) == []
    [movement] = moved["movements"]
    assert " ".join(movement) == MOVEMENT
    assert (same["added"], same["movements"], same["revision"]) == ([], [], None)


@pytest.mark.parametrize("words", slow_but(IN_BRIEF, QUESTIONS), ids=" ".join)
def test_the_promise_is_strict_enough_to_be_broken(
    told: Positions, schema: dict[str, Any], words: tuple[str, ...]
) -> None:
    printed = told.ask(*words)
    row = printed[0] if isinstance(printed, list) else printed

    for key in [key for key in row if key not in {"now", "then"}]:
        broken = {name: value for name, value in row.items() if name != key}
        assert problems(schema, words[0], [broken] if isinstance(printed, list) else broken), key
    extra = {**row, "surprise": 1}
    assert problems(schema, words[0], [extra] if isinstance(printed, list) else extra)


def _promised(schema: dict[str, Any], command: str) -> list[str]:
    """The keys that the schema promises of each row of `command`."""
    promise = schema["$defs"][command]
    promise = promise.get("items", promise)
    while "$ref" in promise:
        promise = schema["$defs"][promise["$ref"].removeprefix("#/$defs/")]
    return list(promise["properties"])
