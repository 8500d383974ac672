"""Nothing takes two sides, or this one negotiation, for granted: a wage dispute, five blocs, wings of one party."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import SERVER, Output, Positions
from tests.html_page import Element, read

Record = Callable[..., Output]

WAGES = """
format: 1
episode: {id: round-one, kind: statement, title: The first round, published: 2026-03-02, url: https://example.org/one}
sides:
  - {id: workers, name: The workers}
  - {id: employers, name: The employers}
actors:
  - {id: union, kind: organisation, side: workers, name: Metal Union}
  - {id: association, kind: organisation, side: employers, name: Employers' Association}
  - {id: keller, kind: person, speaks_for: association, name: Anna Keller, role: Chief negotiator}
demands:
  - {id: eight-per-cent, by: union, to: association, topic: pay, title: Eight per cent more pay,
     made: 2026-03-02, basis: stated, quote: eight per cent}
  - {id: shorter-week, by: union, to: association, topic: hours, title: A week of 35 hours,
     made: 2026-03-02, basis: stated, quote: thirty-five hours}
offers:
  - {id: three-per-cent, by: association, to: union, topic: pay, title: Three per cent more pay,
     made: 2026-03-02, basis: reported, quote: up to three per cent, answers: eight-per-cent}
responses:
  - {id: no-eight, by: association, speaker: keller, said: 2026-03-02, basis: stated, quote: out of the question,
     stances: {eight-per-cent: non-starter}}
"""
BLOCS = """
format: 1
episode: {{id: plenary, kind: report, title: The plenary, published: 2026-05-01, url: https://example.org/plenary}}
sides: [{sides}]
actors: [{actors}]
demands: [{demands}]
responses:
  - {{id: no, by: [b, c], said: 2026-05-01, basis: stated, quote: never, stances: {{wish-of-a: non-starter}}}}
  - {{id: maybe, by: d, said: 2026-05-01, basis: stated, quote: perhaps, stances: {{wish-of-a: negotiable}}}}
"""
PARTY = """
format: 1
episode: {id: congress, kind: report, title: The congress, published: 2026-06-01, url: https://example.org/congress}
sides: [{id: party, name: The Party}]
actors:
  - {id: left, kind: organisation, side: party, name: Left Wing}
  - {id: right, kind: organisation, side: party, name: Right Wing}
demands:
  - {id: tax, by: left, to: right, topic: money, title: A tax on wealth, made: 2026-06-01, basis: stated, quote: a tax}
  - {id: cuts, by: right, to: left, topic: money, title: Cuts, made: 2026-06-01, basis: stated, quote: cuts}
"""
ANSWER = """
format: 1
episode: {id: answer, kind: statement, title: An answer, published: 2026-06-03, url: https://example.org/answer}
responses:
  - {id: no-tax, by: right, said: 2026-06-02, basis: stated, quote: no tax, stances: {tax: non-starter}}
"""


def blocs() -> str:
    names = "abcde"
    return BLOCS.format(
        sides=", ".join(f"{{id: bloc-{name}, name: Bloc {name.upper()}}}" for name in names),
        actors=", ".join(
            f"{{id: {name}, kind: state, side: bloc-{name}, name: State {name.upper()}}}" for name in names
        ),
        demands=", ".join(
            f"{{id: wish-of-{name}, by: {name}, to: [{', '.join(names.replace(name, ''))}], topic: t, title: A wish,"
            " made: 2026-05-01, basis: stated, quote: we wish}"
            for name in names
        ),
    )


def page(positions: Positions) -> Element:
    return read(positions("report", "-").stdout)


@pytest.mark.skipif(SERVER is not None, reason="a database on a server is there before it is made")
def test_an_empty_database_has_its_own_title_everywhere(nowhere: Path, tmp_path: Path) -> None:
    positions = Positions(str(nowhere / "wages.db"))
    nowhere.mkdir()

    told = positions("init", "--empty", "--title", "Wages 2026").stderr
    file = tmp_path / "round-one.yaml"
    file.write_text(WAGES, encoding="utf-8")
    positions("record", str(file))

    assert "`positions draft FILE.yaml` begins the first source" in told
    assert [one["id"] for one in positions.ask("episodes")] == ["round-one"]
    assert positions.ask("status")["title"] == "Wages 2026"
    positions("export", str(tmp_path / "out"))
    described = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert described["title"] == "Wages 2026"
    assert described["positions"]["cite"].startswith("Wages 2026: a record of")
    made = page(positions)
    assert made.text.count("Wages 2026") >= 2
    assert "Russia" not in made.text


def test_a_title_can_be_changed_and_an_empty_database_is_not_filled(db: str) -> None:
    positions = Positions(db)

    positions("init", "--title", "Wages")
    positions("init", "--title", "Wages 2026")
    told = positions("init", "--empty").stderr

    assert positions.ask("status")["title"] == "Wages 2026"
    assert "is empty; nothing to do" in told
    assert positions.ask("episodes") == []


def test_what_is_recorded_is_not_called_empty(positions: Positions, record: Record) -> None:
    record(WAGES)

    told = positions("init", "--empty", exit_code=1).stderr

    assert "has 1 revision" in told
    assert "--all and --empty exclude each other" in positions("init", "--empty", "--all", exit_code=2).stderr
    assert "is empty" in positions("init", "--title", " ", exit_code=2).stderr


def test_a_wage_dispute(positions: Positions, record: Record) -> None:
    record(WAGES)

    outlook = {row["item"]: (row["verdict"], row["blocked_by"]) for row in positions.ask("outlook")}
    assert outlook["eight-per-cent"] == ("blocked", ["association"])
    assert outlook["three-per-cent"][0] == outlook["shorter-week"][0] == "unanswered"
    assert positions.ask("episode", "round-one")["coverage"]["answered"] == ["eight-per-cent"]
    assert {(row["item"], row["actor"]) for row in positions.ask("unanswered")} == {
        ("shorter-week", "association"),
        ("three-per-cent", "union"),
    }
    assert "The workers – The employers" in page(positions).text


def test_five_blocs(positions: Positions, record: Record) -> None:
    record(blocs())

    outlook = {row["item"]: row for row in positions.ask("outlook")}
    assert outlook["wish-of-a"]["blocked_by"] == ["b", "c"]
    assert len([row for row in positions.ask("unanswered") if row["item"] == "wish-of-a"]) == 1
    assert len([row for row in positions.ask("unanswered") if row["item"] == "wish-of-b"]) == 4
    coverage = positions.ask("episode", "plenary")["coverage"]
    assert coverage["answered"] == ["wish-of-a"]
    assert coverage["passed_over"] == [f"wish-of-{name}" for name in "bcde"]
    assert "Bloc A – Bloc B – Bloc C – Bloc D – Bloc E" in page(positions).text


@pytest.mark.parametrize("sides", [True, False])
def test_wings_of_one_party(positions: Positions, record: Record, sides: bool) -> None:
    without = PARTY.replace("sides: [{id: party, name: The Party}]\n", "").replace("side: party, ", "")
    record(PARTY if sides else without)
    record(ANSWER)

    assert [row["item"] for row in positions.ask("outlook") if row["verdict"] == "blocked"] == ["tax"]
    assert positions.ask("episode", "answer")["coverage"]["answered"] == ["tax"]
    assert [(row["item"], row["actor"]) for row in positions.ask("unanswered")] == [("cuts", "left")]
    made = page(positions).text
    assert ("The Party" if sides else "Left Wing") in made


def test_a_draft_for_an_empty_database_begins_with_who_takes_part(positions: Positions) -> None:
    text = positions("draft", "-", "--title", "The first round", "--published", "2026-03-02").stdout

    assert "Nothing is recorded yet: begin with the sides" in text
    assert text.index("# sides:") < text.index("# actors:") < text.index("# demands:")
    assert "On the table" not in text


def test_the_shipped_episodes_are_not_mixed_into_another_record(positions: Positions, record: Record) -> None:
    record(WAGES)

    assert "has no Episode 1; nothing to do" in positions("init").stderr
    assert "is a record of something else" in positions("init", "--all", exit_code=1).stderr
    refused = positions("init", "--empty", "--title", "Else", exit_code=1).stderr

    assert "has 1 revision" in refused
    assert positions.ask("status")["title"] is None
    assert len(positions.ask("log")) == 1


def test_what_an_opponent_alleges_is_no_answer_and_a_marked_refusal(positions: Positions, record: Record) -> None:
    record(WAGES)
    record("""
format: 1
episode: {id: leaflet, kind: statement, title: A leaflet, published: 2026-03-05, url: https://example.org/leaflet}
responses:
  - {id: they-refuse, by: association, reported_by: union, said: 2026-03-04, basis: alleged,
     quote: they refuse even to count hours, stances: {shorter-week: non-starter}}
""")

    [row] = [row for row in positions.ask("outlook") if row["item"] == "shorter-week"]
    assert (row["verdict"], row["blocked_by"]) == ("blocked", ["association"])
    assert row["doubts"] == {"association": "alleged"}
    assert "refused by association (alleged)" in positions("outlook").stdout
    assert "Employers' Association (alleged)" in page(positions).text
    assert positions.ask("episode", "leaflet")["coverage"]["answered"] == []


def test_a_record_in_which_nothing_is_recorded_says_how_to_begin(positions: Positions, record: Record) -> None:
    assert "Nothing is recorded yet; `positions draft FILE.yaml` begins" in positions("demands").stdout

    record(WAGES)

    assert "Nothing is recorded yet" not in positions("demands", "--known-at", "2020-01-01").stdout
