"""What was recorded stays readable and usable, however strict the rules for new entries become."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from positions import quotations
from positions.episode_file import fields, rules
from positions.recording import references
from tests.conftest import TALKS, Output, Positions, slow_but

Record = Callable[..., Output]
Stricter = Callable[[pytest.MonkeyPatch], None]

PRESS = """
format: 1
episode: {id: press, kind: statement, title: Press, published: 2022-01-20, url: https://example.org/press, language: en}
responses:
  - {id: refusal, by: [us, nato], said: 2022-01-12, basis: reported, quote: demands that are simply non-starters,
     stances: {no-enlargement: {stance: non-starter, wording: simply non-starters}}}
  - {id: insistence, by: russia, speaker: lavrov, said: 2022-01-14, basis: stated, quote: as before and as ever,
     repeats: [no-enlargement]}
"""
NEW = "  - {id: new, by: nato, said: 2022-01-15, basis: stated, quote: fine, stances: {no-missiles: open}}\n"


def shorter_quotations(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(quotations, "MAX_WORDS", 2)


def other_characters(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fields, "forbidden", lambda text: "s" if "simply" in text or "Press" in text else None)


def other_languages(patch: pytest.MonkeyPatch) -> None:
    def fullmatch(pattern: str, value: str) -> object:
        return re.fullmatch("ru" if pattern == fields._LANGUAGE else pattern, value)

    patch.setattr(fields, "re", SimpleNamespace(fullmatch=fullmatch))


def other_rules_within_an_entry(patch: pytest.MonkeyPatch) -> None:
    problems = rules.problems

    def stricter(entry: object, episode: object) -> object:
        yield from problems(entry, episode)  # type: ignore[arg-type]
        if getattr(entry, "id", "") in {"refusal", "insistence", "press"}:
            yield (), "is no longer written so"

    patch.setattr(rules, "problems", stricter)


def other_rules_between_entries(patch: pytest.MonkeyPatch) -> None:
    invalid = references.invalid

    def stricter(entry: object, ids: object) -> object:
        yield from invalid(entry, ids)  # type: ignore[arg-type]
        if getattr(entry, "id", "") in {"refusal", "insistence"}:
            yield ("by",), "can no longer be named so"

    patch.setattr(references, "invalid", stricter)


STRICTER: dict[str, Stricter] = {
    rule.__name__: rule
    for rule in (
        shorter_quotations,
        other_characters,
        other_languages,
        other_rules_within_an_entry,
        other_rules_between_entries,
    )
}
ASKED = (
    *("dump press", "item no-enlargement", "episode press", "nonstarters", "matrix", "log --patch", "diff r1 r2"),
    *("demands", "history", "outlook", "report -"),
)


@pytest.fixture(params=slow_but(["shorter_quotations", "other_rules_between_entries"], STRICTER))
def stricter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make one of the rules stricter from now on."""
    return lambda: STRICTER[request.param](monkeypatch)


@pytest.fixture
def told(positions: Positions, record: Record) -> Positions:
    """The command line on a record of a negotiation and a press conference."""
    record(TALKS)
    record(PRESS)
    return positions


def test_every_answer_stays_as_it_was(told: Positions, stricter: Callable[[], None]) -> None:
    before = {line: told(*line.split()).stdout for line in ASKED}

    stricter()

    assert {line: told(*line.split()).stdout for line in ASKED} == before


def test_a_dump_is_nothing_to_record(told: Positions, stricter: Callable[[], None], tmp_path: Path) -> None:
    stricter()
    file = tmp_path / "press.yaml"
    file.write_text(told("dump", "press").stdout, encoding="utf-8")

    assert "nothing to record (3 unchanged)" in told("record", str(file)).stdout


def test_something_new_is_recorded_beside_what_is_old(
    told: Positions, record: Record, stricter: Callable[[], None]
) -> None:
    stricter()

    assert "1 added, 3 unchanged" in record(PRESS + NEW).stdout
    assert "1 added" in record(PRESS[: PRESS.index("responses")] + "responses:\n" + NEW.replace("new", "newer")).stdout
    assert [row["actor"] for row in told.ask("history", "--item", "no-missiles")] == ["nato", "nato"]


def test_what_is_old_can_be_taken_back_and_undone(told: Positions, stricter: Callable[[], None]) -> None:
    stricter()

    told("retract", "press/refusal", "--why", "twice")

    assert told.ask("nonstarters") == []
    assert "r3" in told("undo", "r2", exit_code=1).stderr


def test_an_old_source_can_be_undone_whole(told: Positions, stricter: Callable[[], None]) -> None:
    stricter()

    told("undo", "r2")

    assert [episode["id"] for episode in told.ask("episodes")] == ["talks"]


def test_an_entry_that_is_new_or_changed_is_held_to_the_rule(
    told: Positions, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorter_quotations(monkeypatch)

    changed = record(PRESS.replace("simply non-starters,", "simply no non-starters,"), exit_code=1)
    added = record(PRESS + NEW.replace("fine", "all of it is fine"), exit_code=1)

    assert "responses[0].quote: has 6 words; a quotation may have at most 2" in changed.stderr
    assert "responses[2].quote: has 5 words" in added.stderr
    assert "responses[1]" not in changed.stderr + added.stderr, "the other old entries are left in peace"
    assert len(told.ask("log")) == 2


def test_a_check_says_what_new_entries_could_no_longer_be(told: Positions, stricter: Callable[[], None]) -> None:
    stricter()

    broken = told("check", "--format", "json", exit_code=1).json

    assert {row["id"] for row in broken} & {"press", "press/refusal", "press/insistence"}
    assert all("recorded under older rules" in row["message"] for row in broken)


def test_an_old_entry_is_not_forgiven_what_this_file_breaks(positions: Positions, record: Record) -> None:
    """The response needs an address because it has no quotation; the file takes the address of the source away."""
    record(TALKS)
    text = PRESS.replace("quote: demands that are simply non-starters,", "summary: They refuse it.,")
    record(text)

    told = record(text.replace(", url: https://example.org/press", ""), exit_code=1)

    assert "without a quotation, a `url` is needed" in told.stderr
    assert len(positions.ask("log")) == 2


def test_an_id_that_stands_twice_is_told_though_one_of_the_two_is_old(
    told: Positions, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorter_quotations(monkeypatch)

    refused = record(PRESS + NEW.replace("id: new", "id: refusal"), exit_code=1)

    assert "duplicate id refusal" in refused.stderr
    assert len(told.ask("log")) == 2
