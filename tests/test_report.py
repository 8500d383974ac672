"""`positions report`: one page of the whole record that holds all it needs, with every text in it harmless."""

import base64
import hashlib
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from positions import database
from positions.moment import Moment
from positions.report.data import read
from positions.report.filters import link
from tests import html_page, story
from tests.conftest import Output, Positions, recorder
from tests.html_page import Element

Record = Callable[..., Output]
Says = Callable[..., Output]
talks = pytest.mark.usefixtures("talks")


def page(positions: Positions, *words: str) -> Element:
    """The page that `report -` prints."""
    return html_page.read(positions("report", "-", *words).stdout)


def told(positions: Positions, folder: Path, episodes: int) -> Positions:
    """The command line on a database with the first `episodes` of the story."""
    record = recorder(positions, folder)
    for text in story.episodes(episodes):
        record(text)
    return positions


@talks
def test_every_item_and_every_response_has_an_address(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    [account] = positions.ask("history")

    shown = page(positions)

    assert "no more members" in shown.by_id("no-enlargement").text
    assert "we are non-starter" in shown.by_id(f"{account['episode']}/{account['response']}").text
    assert "The talks begin" in shown.by_id("talks/").text


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["", "--as-of 2022-02-01", "--known-at r9", "--public-by 2022-01-20"])
def test_no_address_stands_twice_and_every_link_within_the_page_leads_somewhere(large: Positions, moment: str) -> None:
    shown = page(large, *moment.split())

    addresses = [one.attributes["id"] for one in shown if "id" in one.attributes]
    assert len(addresses) == len(set(addresses))
    targets = {value[1:] for one in shown if (value := one.attributes.get("href", "")).startswith("#")}
    assert targets
    assert targets <= set(addresses)
    named = {name for one in shown for name in one.attributes.get("aria-labelledby", "").split()}
    assert named <= set(addresses)


def test_the_page_fetches_nothing_and_says_so_to_the_browser(large: Positions) -> None:
    shown = page(large)

    assert not [one for one in shown if {"src", "srcset", "action", "data", "style"} & one.attributes.keys()]
    assert [one.attributes["href"] for one in shown.find("link")] == ["data:,"]
    assert not re.search(r"url\((?!#)|@import|https?:", shown.find("style")[0].text)
    assert "http" not in shown.find("script")[0].text
    elsewhere = {one.tag for one in shown if one.attributes.get("href", "").startswith("http")}
    assert elsewhere == {"a"}


def test_only_the_style_and_the_program_of_the_page_itself_may_run(large: Positions) -> None:
    shown = page(large)

    [policy] = shown.find("meta", http_equiv="Content-Security-Policy")
    assert policy.attributes["content"].startswith("default-src 'none';")
    for tag in ("style", "script"):
        [one] = shown.find(tag)
        digest = hashlib.sha256("".join(text for text in one.inside if isinstance(text, str)).encode()).digest()
        assert f"{tag}-src 'sha256-{base64.b64encode(digest).decode()}'" in policy.attributes["content"]
    assert not [name for one in shown for name in one.attributes if name.startswith("on")]


def test_hostile_text_is_shown_as_text(large: Positions) -> None:
    shown = page(large)

    assert len(shown.find("script")) == 1
    assert not shown.find("img")
    assert f"Hostile {story.HOSTILE}" in shown.by_id("episode-7/").text
    assert f"“non-starter {story.HOSTILE}”" not in shown.text  # quotation marks are the style's
    assert f"non-starter {story.HOSTILE}" in shown.by_id("item-1").text
    assert any(story.HOSTILE in one.attributes.get("aria-label", "") for one in shown.find("a"))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        " javascript:alert(1)",
        "//x",
        "https:",
        "http://[",
    ],
)
def test_what_is_no_address_of_the_web_does_not_become_a_link(address: str) -> None:
    assert link(address) is None
    assert link("https://example.org/a?b=c") == "https://example.org/a?b=c"


@pytest.mark.slow
def test_a_long_negotiation_makes_a_page_that_can_be_mailed(large: Positions) -> None:
    assert len(positions_text(large).encode()) < 500_000


def positions_text(positions: Positions) -> str:
    return positions("report", "-").stdout


@pytest.mark.slow
def test_making_the_page_again_gives_the_same_page(seeded: Positions) -> None:
    assert positions_text(seeded) == positions_text(seeded)


@pytest.mark.slow
def test_the_number_of_statements_does_not_grow_with_the_record(positions: Positions, tmp_path: Path) -> None:
    numbers = []
    for episodes in (2, 8):
        told(positions, tmp_path, episodes)
        with database.reading(positions.db) as connection:
            seen: list[str] = []
            sa.event.listen(connection, "before_cursor_execute", lambda *given, to=seen: to.append(given[2]))
            read(connection, Moment())
        numbers.append(len(seen))

    assert numbers[0] == numbers[1] > 0


def test_the_file_has_the_page_and_nothing_is_left_beside_it(seeded: Positions, tmp_path: Path) -> None:
    file = tmp_path / "talks.html"
    before = os.umask(0o027)
    try:
        done = seeded("report", str(file))
    finally:
        os.umask(before)

    assert file.read_text(encoding="utf-8") == positions_text(seeded)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert (done.stdout, done.stderr) == ("", f"Made {file}; any browser opens it.\n")
    assert not list(tmp_path.glob(".*.new"))


def test_a_file_that_is_there_is_replaced_only_by_force(seeded: Positions, tmp_path: Path) -> None:
    file = tmp_path / "talks.html"
    file.write_text("mine", encoding="utf-8")

    refused = seeded("report", str(file), exit_code=1)

    assert refused.stderr == f"Error: {file} already exists\nHint: `--force` replaces it.\n"
    assert file.read_text(encoding="utf-8") == "mine"
    seeded("report", str(file), "--force")
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.slow
def test_a_place_that_cannot_be_written_is_an_error_in_words(seeded: Positions, tmp_path: Path) -> None:
    assert "is a folder" in seeded("report", str(tmp_path), exit_code=1).stderr
    assert "is not a file" in seeded("report", os.devnull, "--force", exit_code=1).stderr
    nowhere = seeded("report", str(tmp_path / "no" / "talks.html"), exit_code=1).stderr
    assert nowhere == f"Error: {tmp_path}/no/talks.html cannot be written: No such file or directory\n"


@talks
def test_the_three_times_are_kept_and_printed(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", published="2022-02-02")
    says("nato", "open", "no-enlargement", on="2022-02-20")

    def cell(*words: str) -> tuple[str, str]:
        shown = page(positions, *words)
        rows = shown.find("tr", data_item="no-enlargement")
        return (rows[0].find("td")[0].text if rows and rows[0].find("td") else "–", shown.find("header")[0].text)

    assert cell()[0] == "open"
    now, header = cell("--as-of", "2022-01-31")
    assert now == "non-starter"
    assert "Said by 31 January 2022" in header
    assert "1 stance shown here became public only after that day" in header
    unknown, header = cell("--as-of", "2022-01-31", "--public-by", "2022-01-31")
    assert unknown == "–"
    assert "Public by 31 January 2022" in header
    before, header = cell("--known-at", "r1")
    assert before == "–"
    assert "Recorded as known at r1" in header
    assert "Revision r1" in header


@talks
def test_what_was_made_later_is_not_on_the_page(positions: Positions) -> None:
    ids = {one.attributes.get("id") for one in page(positions, "--as-of", "2022-01-01")}

    assert "no-enlargement" in ids
    assert "missile-talks" not in ids


def test_an_empty_record_makes_a_page_that_says_so(positions: Positions) -> None:
    shown = page(positions)

    assert "No matching items are on the table." in shown.by_id("Matrix").text
    assert "No matching non-starters." in shown.by_id("Ledger").text
    assert "No sources by that moment" in shown.by_id("Sources").text


def test_the_head_tells_how_far_the_page_reaches(seeded: Positions) -> None:
    header = page(seeded).find("header")[0].text

    assert "Russia – NATO and the United States" in header
    assert "Latest statement 17 January 2022" in header
    assert "Latest source on Russia Russia-US/NATO Talks, Episode 1, 17 January 2022" in header
    for figure in ("demands on the table 9", "offers on the table 6", "items refused outright 4", "source read 1"):
        assert figure in header


@pytest.mark.slow
@talks
def test_the_days_between_which_a_source_was_published_are_told(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-02-12", published="2022-02-12/2022-02-15")

    assert "12–15 February 2022" in page(positions).find("header")[0].text
    assert page(positions).by_id("Sources").text.count("12–15 February 2022") == 1


@talks
def test_a_cell_of_the_table_says_the_stance_in_a_word(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "open", "no-enlargement", on="2022-01-12", basis="reported")
    says("us", "negotiable", "missile-talks", on="2022-01-12")
    says("russia", "open", "missile-talks", on="2022-01-12", basis="inferred")

    rows = {one.attributes["data-item"]: one for one in page(positions).find("tr") if "data-item" in one.attributes}

    assert [cell.text for cell in rows["no-enlargement"].find("td")] == ["–", "open contested", "–"]
    assert [cell.text for cell in rows["missile-talks"].find("td")] == ["open inferred", "–", "own negotiable"]
    assert [cell.text for cell in rows["no-missiles"].find("td")] == ["–", "–", "–"]
    assert rows["missile-talks"].attributes["data-stances"] == "open"


@talks
def test_the_ledger_quotes_each_refusal_and_links_its_source(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote="there is no veto")
    says("us", "non-starter", "no-missiles", on="2022-01-13")
    says("us", "open", "no-missiles", on="2022-02-13")

    ledger = page(positions).by_id("Ledger")

    now, past = ledger.find("ul", class_="ledger")
    assert "No further enlargement" in now.text
    assert "there is no veto" in now.text
    assert "12 January 2022" in now.text
    assert now.find("a", class_="out")[0].attributes["href"].startswith("https://example.org/said-")
    assert "No missiles nearby" not in now.text
    assert "refused by United States , now open" in past.text


@talks
def test_a_movement_is_a_step_on_the_axis_and_a_line_of_the_list(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-10/2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-02-20")

    shown = page(positions)
    card = shown.by_id("no-enlargement")

    across, up = card.find("line", class_="step")
    assert across.attributes["y1"] == across.attributes["y2"] == up.attributes["y1"]
    assert float(up.attributes["y2"]) < float(up.attributes["y1"])
    assert len(card.find("rect")) == 1
    labels = [one.attributes["aria-label"] for one in card.find("svg")[0].find("a")]
    assert "NATO: non-starter, 10–12 January 2022: “we are non-starter”" in labels
    assert "NATO: negotiable , softened, was non-starter" in card.find("ol")[0].text
    assert "non-starter → negotiable softened" in shown.by_id("Movements").text


@talks
def test_repeats_and_outcomes_are_marks_too(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: end, kind: statement, title: The end, published: 2022-03-01, url: https://example.org/end}
        responses:
          - {id: again, by: russia, said: 2022-02-01, basis: stated, quote: we say it again,
             repeats: {no-enlargement: {scope: wider}}}
        outcomes: [{id: over, items: no-enlargement, outcome: withdrawn, on: 2022-03-01, by: russia, quote: it is over}]
    """)

    shown = page(positions)

    marks = {one.attributes["href"]: one.attributes["aria-label"] for one in shown.by_id("no-enlargement").find("a")
             if "aria-label" in one.attributes}  # fmt: skip
    assert marks["#end/again"] == "Russia: says it again (scope: wider), 1 February 2022: “we say it again”"
    assert marks["#end/over"] == "What became of it: withdrawn, 1 March 2022: “it is over”"
    assert "it is over" in shown.by_id("end/over").text
    assert "No further enlargement (withdrawn)" in shown.by_id("Matrix").text
    assert not shown.find("tr", data_item="no-enlargement")


def test_what_a_package_holds_up_is_told_without_the_offers_that_answer_it(seeded: Positions) -> None:
    outlook = page(seeded).by_id("Outlook")

    package = outlook.by_id("security-guarantees").text
    assert "Blocked by its core: No further enlargement of NATO to the east (refused by NATO, United States)" in package
    assert "That holds up" in package
    assert "No offensive weapons" in package
    assert "Arms control" not in package


def test_a_source_says_how_much_of_it_was_read(large: Positions) -> None:
    shown = page(large)

    assert "read whole" in shown.by_id("episode-1/").text
    assert "read in part; missing: the second half, behind a paywall" in shown.by_id("episode-4/").text


def test_without_a_program_nothing_is_hidden_but_the_filters(large: Positions) -> None:
    assert [one.tag for one in page(large) if "hidden" in one.attributes] == ["form"]
