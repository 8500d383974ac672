"""`positions item`: all that is recorded of one demand or offer."""

from collections.abc import Callable

import pytest

from tests.conftest import TALKS, Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]
pytestmark = pytest.mark.usefixtures("talks")


def test_an_item_is_shown_with_all_that_its_source_says(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: draft-treaty, kind: draft, title: A draft treaty, published: 2022-02-01,
                  url: https://example.org/draft}
        demands:
          - {id: no-bases, by: russia, to: [us, nato], affects: osce, topic: bases, title: No bases abroad,
             text: No bases on the soil of former Soviet states., made: ../2022-01-20, said: 2022-01-18, basis: stated,
             speaker: lavrov, quote: no bases there, part_of: no-enlargement, alternative_to: no-missiles,
             provisions: [{document: draft-treaty, article: "4"}]}
        packages:
          - {id: guarantees, by: russia, said: 2022-01-21, title: The guarantees, quote: all of it,
             items: [no-bases], core: no-bases, core_quote: the key to the rest}
    """)

    one = positions.ask("item", "no-bases")
    page = positions("item", "no-bases").stdout

    assert (one["text"], one["affects"]) == ("No bases on the soil of former Soviet states.", ["osce"])
    assert one["provisions"] == [{"document": "draft-treaty", "article": "4"}]
    assert (one["made"], one["first_said"], one["speaker"]) == ("../2022-01-20", "2022-01-18", "lavrov")
    assert (one["part_of"], one["alternative_to"]) == (["no-enlargement"], ["no-missiles"])
    for words in (
        "No bases abroad",
        "No bases on the soil of former Soviet states.",
        "nato, us",
        "osce",
        "../2022-01-20",
        "“no bases there”",
        "lavrov, stated, draft-treaty",
        "draft-treaty, article 4",
        "guarantees, core of it",
        "on the table",
    ):
        assert words in page


def test_every_account_of_an_item_is_shown_oldest_first(positions: Positions, says: Says) -> None:
    says("us", "negotiable", "no-enlargement", on="2022-02-10", quote="let us talk", condition="both sides move")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote="never")

    page = positions("item", "no-enlargement").stdout

    assert page.index("“never”") < page.index("“let us talk”")
    assert "if: both sides move" in page
    assert [one["actor"] for one in positions.ask("item", "no-enlargement")["stances"]] == ["nato", "us"]


def test_the_json_holds_current_stances_while_the_page_holds_all(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote="never")
    says("nato", "open", "no-enlargement", on="2022-02-12", quote="why not")

    assert [one["stance"] for one in positions.ask("item", "no-enlargement")["stances"]] == ["open"]
    page = positions("item", "no-enlargement").stdout
    assert "“never”" in page
    assert "“why not”" in page


def test_silence_on_an_item_is_called_silence(positions: Positions) -> None:
    assert (
        "No stance on it is recorded; that does not mean that anybody is open to it."
        in positions("item", "no-missiles").stdout
    )


def test_mentions_without_a_stance_are_shown_with_their_kind(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: press, kind: statement, title: A press conference, published: 2022-02-01,
                  url: https://example.org/press}
        responses:
          - {id: more, by: russia, speaker: lavrov, said: 2022-01-30, basis: stated, quote: no further step,
             repeats: {no-enlargement: {wording: no further step, scope: wider}}}
          - {id: principle, by: nato, said: 2022-01-31, basis: stated, quote: all nations are free to choose,
             about: no-enlargement}
    """)

    page = positions("item", "no-enlargement").stdout

    assert "repeats; wider scope" in page
    assert "“all nations are free to choose”; stated, press/principle" in page
    assert page.index("no further step") < page.index("all nations are free")


def test_what_became_of_an_item_is_shown_with_its_proof(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-03-01, url: https://example.org/end}
        outcomes:
          - {items: no-enlargement, outcome: superseded, superseded_by: no-missiles, on: 2022-02, by: russia,
             in_part: true, basis: stated, quote: the other one now}
    """)

    page = positions("item", "no-enlargement").stdout

    assert positions.ask("item", "no-enlargement")["status"] == "superseded in part"
    for words in ("2022-02", "superseded", "in part", "no-missiles", "“the other one now”"):
        assert words in page


def test_the_makers_stance_on_its_own_offer_is_marked(positions: Positions, says: Says) -> None:
    says("us", "open", "missile-talks", on="2022-01-11")

    assert "us; maker" in positions("item", "missile-talks").stdout


def test_an_item_without_words_says_no_quotation(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: brief, kind: report, title: A brief, published: 2022-02-01, url: https://example.org/brief}
        demands:
          - {id: no-drones, by: russia, to: us, topic: drones, title: No drones, made: 2022-01-20, basis: reported,
             summary: Russia is said to ask for this.}
    """)

    assert positions.ask("item", "no-drones")["quote"] is None
    assert "Russia is said to ask for this. (no quotation)" in positions("item", "no-drones").stdout


def test_an_unknown_item_is_an_error_with_the_nearest_id(positions: Positions) -> None:
    told = positions("item", "no-enlargment", exit_code=1)

    assert told.stderr == "Error: no item has the id 'no-enlargment'\nHint: Did you mean no-enlargement?\n"
    assert told.stdout == ""


def test_an_item_that_was_not_yet_public_is_not_shown(positions: Positions) -> None:
    assert "not public" in positions("item", "no-missiles", "--public-by", "2022-01-30", exit_code=1).stderr
    assert "at that moment" in positions("item", "no-missiles", "--known-at", "2000-01-01", exit_code=1).stderr


def test_an_item_is_shown_as_it_stood_on_a_day(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "open", "no-enlargement", on="2022-02-12")

    [stance] = positions.ask("item", "no-enlargement", "--as-of", "2022-01")["stances"]

    assert stance["stance"] == "non-starter"


def test_a_title_of_several_lines_stays_in_one_line(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: lines, kind: article, title: Lines, published: 2022-02-01, url: https://example.org/lines}
        demands:
          - {id: two-lines, by: russia, to: us, topic: lines, title: "One\\nTwo", made: 2022-01-20, basis: stated,
             quote: "three\\nfour"}
    """)

    page = positions("item", "two-lines").stdout

    assert page.startswith("One Two\n")
    assert "“three four”" in page


def test_an_item_is_not_on_the_table_before_it_was_made(positions: Positions, record: Callable[..., Output]) -> None:
    record(TALKS)

    assert positions.ask("item", "no-enlargement", "--as-of", "2021-12-16")["status"] == "not yet made"
    assert positions.ask("item", "no-enlargement", "--as-of", "2021-12-17")["status"] == "on the table"
