"""`positions report`: one page of the whole record that holds all it needs, with every text in it harmless."""

import base64
import hashlib
import json
import os
import re
import stat
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa

from positions import database
from positions.moment import Moment
from positions.queries import items, outlook
from positions.report.data import read
from positions.report.filters import link
from tests import html_page, story
from tests.conftest import Output, Positions, recorder
from tests.html_page import Element

Record = Callable[..., Output]
Says = Callable[..., Output]
talks = pytest.mark.usefixtures("talks")

ENDING = """
format: 1
episode: {id: end, kind: statement, title: The end, published: 2022-03-01, url: https://example.org/end}
responses:
  - {id: again, by: russia, said: 2022-02-01, basis: stated, quote: we say it again,
     repeats: {no-enlargement: {scope: wider}}}
  - {id: once-more, by: russia, said: 2022-02-03, basis: stated, quote: and again, repeats: [no-enlargement]}
outcomes: [{id: over, items: no-enlargement, outcome: withdrawn, on: 2022-03-01, by: russia, quote: it is over}]
"""


def page(positions: Positions, *words: str) -> Element:
    """The page that `report -` prints."""
    return html_page.read(positions("report", "-", *words).stdout)


def items_of(shown: Element) -> dict[str, Element]:
    """The rows of the table of stances, by item."""
    rows = [one for body in shown.by_id("Matrix").find("tbody") for one in body.find("tr") if one.find("a")]
    return {row.find("a")[0].attributes["href"].removeprefix("#"): row for row in rows}


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
    assert shown.by_id("talks/").find("p")


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
    assert f"Hostile {story.HOSTILE}" in shown.by_id("Sources").text
    assert f"“non-starter {story.HOSTILE}”" not in shown.text  # quotation marks are the style's
    assert f"non-starter {story.HOSTILE}" in shown.by_id("item-1").text


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


@talks
def test_an_address_that_is_known_in_part_is_shown_and_is_no_link(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: cut, kind: statement, title: The cut one, published: 2022-02-01, url: "https://example.org/"}
    """)

    source = page(positions).by_id("cut/")

    assert "https://example.org/ (address known in part)" in source.text
    assert not source.find("a")


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
        row = items_of(shown)["no-enlargement"]
        whole = f"{shown.find('header')[0].text} {shown.find('footer')[0].text}"
        return (" ".join(one.text for one in row.find("td", class_="c")), whole)

    assert cell()[0] == "open"
    now, header = cell("--as-of", "2022-01-31")
    assert now == "refuses"
    assert "Said by 31 January 2022" in header
    assert "1 stance shown here became public only after that day" in header
    unknown, header = cell("--as-of", "2022-01-31", "--public-by", "2022-01-31")
    assert unknown == ""
    assert "Public by 31 January 2022" in header
    before, header = cell("--known-at", "r1")
    assert before == ""
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


def test_the_head_counts_the_answers_and_the_foot_tells_how_far_the_page_reaches(seeded: Positions) -> None:
    shown = page(seeded)
    header, footer = shown.find("header")[0].text, shown.find("footer")[0].text

    assert "Russia – NATO and the United States" in header
    assert "15 items: 4 refused, 0 the other side would discuss, 11 with no answer on record" in header
    assert "Latest statement 17 January 2022" in footer
    assert "Latest source on Russia Russia-US/NATO Talks, Episode 1, 17 January 2022" in footer
    [described] = shown.find("meta", name="description")
    assert "4 refused" in described.attributes["content"]


def test_the_counts_are_the_same_everywhere(winter: Positions) -> None:
    shown = page(winter)
    refused = {row["item"] for row in winter.ask("nonstarters")}
    outlook = winter.ask("outlook")

    [count] = re.findall(r"(\d+) refused,", shown.by_id("Headline").text)
    assert (
        int(count)
        == len(refused)
        == len([one for title in shown.by_id("Refused").find("h3") for one in title.find("a")])
        > 10
    )
    groups = [one.find("b")[0].text for one in shown.find("tr", class_="group")]
    assert groups[0] == count
    assert sum(map(int, groups)) == len(outlook) == len(items_of(shown))
    assert shown.by_id("Refused-note").text.startswith(f"{count} refused (")
    for verdict in ("blocked", "workable"):
        listed = shown.by_id(f"Outlook-{verdict}").find("li")
        assert len(listed) == len([row for row in outlook if row["verdict"] == verdict])


@pytest.mark.slow
@talks
def test_the_days_between_which_a_source_was_published_are_told(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-02-12", published="2022-02-12/2022-02-15")

    assert "12–15 February 2022" in page(positions).find("footer")[0].text
    assert page(positions).by_id("Sources").text.count("12–15 Feb 2022") == 1


@talks
def test_a_cell_of_the_table_says_the_stance_in_a_word(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", basis="reported")
    says("nato", "open", "no-enlargement", on="2022-01-12", basis="reported")
    says("us", "negotiable", "missile-talks", on="2022-01-12")
    says("russia", "open", "missile-talks", on="2022-01-12", basis="inferred")

    rows = items_of(page(positions))

    def cells(item: str) -> list[str]:
        return [cell.text for cell in rows[item].find("td")]

    assert cells("no-enlargement") == ["since 12 Jan", "", "open contested", ""]
    assert cells("missile-talks") == ["since 12 Jan", "open inferred", "", "would talk own"]
    assert cells("no-missiles") == ["first said 17 Dec", "", "", ""]
    assert {one.attributes["class"] for one in page(positions).by_id("Sheet").find("rect", class_="doubt")} == {
        *("blocked doubt", "workable doubt"),
    }


@talks
def test_the_ledger_quotes_each_refusal_and_links_its_source(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote="there is no veto")
    says("us", "non-starter", "no-missiles", on="2022-01-13")
    says("us", "open", "no-missiles", on="2022-02-13")

    ledger = page(positions).by_id("Ledger")

    now, _, past = ledger.find("ul", class_="ledger")
    assert "No further enlargement" in now.text
    assert "there is no veto" in now.text
    assert "12 January 2022" in now.text
    assert now.find("a")[-1].attributes["href"].startswith("https://example.org/said-")
    assert "No missiles nearby" not in now.text
    assert "United States , now open" in past.text


@talks
def test_words_that_refuse_two_demands_stand_once_in_the_ledger(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: both, kind: statement, title: Both, published: 2022-01-12, url: https://example.org/both}
        responses:
          - {id: neither, by: nato, said: 2022-01-12, basis: stated, quote: neither of them,
             stances: {no-enlargement: non-starter, no-missiles: non-starter}}
    """)

    ledger = page(positions).by_id("Refused")

    assert ledger.text.count("neither of them") == 1
    assert "No further enlargement ; No missiles nearby" in ledger.text
    assert page(positions).by_id("Refused-note").text.startswith("2 refused (")


@talks
def test_answers_to_others_come_before_changes_of_own_offers(positions: Positions, says: Says) -> None:
    says("us", "open", "missile-talks", on="2022-01-12")
    says("us", "negotiable", "missile-talks", on="2022-01-20")
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-02-20")

    moved = page(positions).by_id("Movements")

    assert "The first to move: NATO, 20 February 2022." in moved.text
    assert "NATO softened" in moved.by_id("Answers").text
    assert "United States shifted" in moved.by_id("Own").text
    assert "United States" not in moved.by_id("Answers").text


@talks
def test_a_movement_begins_a_band_of_the_card_and_is_a_line_of_the_list(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-10/2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-02-20")

    shown = page(positions)
    card = shown.by_id("no-enlargement")

    refused, would_talk = card.find("rect")
    end = float(refused.attributes["x"].rstrip("%")) + float(refused.attributes["width"].rstrip("%"))
    assert end == pytest.approx(float(would_talk.attributes["x"].rstrip("%")))
    assert len(card.find("circle")) == 2
    lane = "NATO would talk since 20 Feb 2022; refuses before that since 10–12 Jan 2022"
    assert lane in card.find("div", class_="lanes")[0].text
    assert "NATO would talk , softened, before: refused" in card.find("ol")[0].text
    moved = shown.by_id("Movements").text
    assert "The first to move: NATO, 20 February 2022." in moved
    assert "NATO softened on No further enlargement : refused → would talk" in moved
    assert not shown.find("ol", id="Own")


@talks
def test_repeats_and_outcomes_are_in_the_history_too(positions: Positions, record: Record) -> None:
    record(ENDING)

    shown = page(positions)

    [said, became] = shown.by_id("no-enlargement").find("ol")[0].find("li")
    assert said.text == "Russia says it again: 1 Feb 2022 (wider in scope), 3 Feb 2022"
    assert [one.attributes["href"] for one in said.find("a")] == ["#end/again", "#end/once-more"]
    assert became.text.startswith("1 Mar 2022 Russia withdrawn")
    assert "it is over" in shown.by_id("end/over").text
    row = items_of(shown)["no-enlargement"]
    assert "★ withdrawn 1 Mar" in row.text
    assert "Withdrawn by Russia, 1 March 2022" in shown.by_id("Ended").text


def test_what_a_package_holds_up_is_told_without_the_offers_that_answer_it(seeded: Positions) -> None:
    outlook = page(seeded).by_id("Outlook")

    package = outlook.by_id("security-guarantees").text
    assert "Blocked by its core: No further enlargement of NATO to the east , refused by NATO, United States" in package
    assert "That holds up" in package
    assert "No offensive weapons" in package
    assert "Arms control" not in package


def test_a_source_says_how_much_of_it_was_read(large: Positions) -> None:
    shown = page(large)

    assert "read whole" in shown.by_id("episode-1/").text
    assert "Read in part; missing: the second half, behind a paywall" in shown.by_id("episode-4/").text
    assert "23 read whole, 7 in part" in shown.by_id("Sources").text


def test_without_a_program_nothing_is_hidden_but_what_it_serves(large: Positions) -> None:
    hidden = [one for one in page(large) if "hidden" in one.attributes]

    assert {one.tag for one in hidden if not one.text} <= {"p", "div", "tbody"}
    assert {one.attributes.get("id") for one in hidden if one.tag == "form"} == {"Find", "Day", "Filters"}
    empty = [one for one in hidden if one.tag == "div" and one.attributes.get("class") == "part"]
    assert not [one for one in empty if one.find("li")]


# ---- the figure


@talks
def test_the_figure_draws_each_answered_item_from_made_to_ended(
    positions: Positions, record: Record, says: Says
) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "open", "no-missiles", on="2022-01-20", basis="alleged", reported_by="russia")
    record(ENDING)

    figure = page(positions).by_id("Sheet")

    lines = {one.find("a")[0].attributes["href"]: one for one in figure.find("li", class_="line") if one.find("a")}
    refused = lines["#no-enlargement"]
    assert [one.attributes["class"] for one in refused.find("rect")] == ["unanswered", "blocked"]
    label = "no answer from 17 Dec, refused from 12 Jan, withdrawn 1 Mar"
    assert refused.find("svg")[0].attributes["aria-label"] == label
    assert refused.find("text")[0].text == "★"
    assert lines["#no-missiles"].find("rect")[-1].attributes["class"] == "workable doubt"


@talks
def test_events_of_the_record_stand_on_the_figure(positions: Positions, record: Record) -> None:
    record(ENDING.replace("kind: statement,", "kind: statement, event: The end of it,"))

    figure = page(positions).by_id("Sheet")

    assert "The end of it" in figure.find("text")[0].text
    assert "The end of it 1 Mar" in figure.find("ol", class_="events")[0].text


def test_without_events_and_answers_the_figure_still_draws(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: one, kind: report, title: One, published: 2022-01-01, url: https://example.org/one}
        actors: [{id: a, kind: state, name: A}, {id: b, kind: state, name: B}]
        demands: [{id: wish, by: a, to: b, topic: t, title: A wish, made: 2022-01-01, basis: stated, quote: we wish}]
    """)

    shown = page(positions)

    assert "One day, 1 item: 0 refused, 0 others would discuss, 1 with no answer on record" in shown.text
    assert "Demands of all" in shown.by_id("Sheet").text
    assert "A wish" in shown.by_id("Sheet").text


# ---- days


def test_what_the_page_replays_is_what_the_program_answers(winter: Positions) -> None:
    """Each day of the page's replay, put together as its script does, is what the questions answer as of that day."""
    shown = page(winter)
    told = json.loads(shown.by_id("Replay").text)
    slugs = dict(zip(told["order"], items_of(shown), strict=True))
    names = {row["id"]: row["name"] for row in winter.ask("actors")}
    with database.reading(winter.db) as connection:
        data = read(connection, Moment())
        columns = [actor.id for actor in data.actors if actor.name in heads(shown)]
        first = date.fromisoformat(told["days"][0])
        now: dict[int, list[Any]] = {}
        for on, changes in zip(told["days"], told["changes"], strict=True):
            now |= {row[0]: [*row[1:], *[0, 0, [], 0, "", 0, "", 0][len(row) - 1 :]] for row in changes}
            then = Moment(as_of=date.fromisoformat(on))
            made = {item.id: item for item in items.made(connection, then)}
            rows = {row.item: row for row in outlook.outlook(connection, then)}
            assert {slugs[number] for number in now} == made.keys()
            for number, (answer, makers, cells, first_said, who, _, status, ended) in now.items():
                slug = slugs[number]
                item, row = made[slug], rows[slug]
                assert (status or "on the table", bool(ended)) == (item.status, item.ended)
                assert row.verdict in {item.status, ("blocked", "workable", "unanswered")[answer]}
                assert all(names[actor] in who for actor in row.blocked_by)
                placed = {
                    (columns[column], told["looks"][look][0])
                    for column, look, *_ in (told["cells"][cell] for cell in cells)
                }
                assert placed == {(stance.actor, stance.stance.value) for stance in item.stances}
                by, side, core = told["makers"][makers]
                assert (side, bool(core)) == (item.side or "", row.core)
                assert all(names[actor] in by for actor in item.by)
                if row.answer == "unanswered":
                    assert first + timedelta(days=first_said) == item.first_said.end


def heads(shown: Element) -> list[str]:
    """The actors that have a column in the table of stances."""
    [head, *_] = shown.find("table", class_="matrix")[0].find("tr")
    return [one.text for one in head.find("th")[2:]]


# ---- parts


@pytest.mark.parametrize("part", ["sheet", "matrix", "ledger"])
def test_a_part_stands_alone(winter: Positions, part: str) -> None:
    alone = page(winter, "--part", part)

    assert [one.attributes["id"] for one in alone.find("section")] == [part.capitalize()]
    assert not alone.find("script")
    assert not [one for one in alone.find("a") if one.attributes["href"].startswith("#")]
    assert "How to cite this page" in alone.text


def test_the_brief_page_has_the_answers_and_no_cards(winter: Positions) -> None:
    brief = page(winter, "--brief")

    assert [one.attributes["id"] for one in brief.find("section")] == [
        "Sheet",
        "Ledger",
        "Outlook",
        "Movements",
        "Ended",
    ]
    targets = {one.attributes["href"] for one in brief.find("a") if one.attributes["href"].startswith("#")}
    assert targets == {"#Sheet", "#Ledger", "#Outlook", "#Movements", "#Ended"}


def test_the_sheet_is_a_picture_too(winter: Positions, tmp_path: Path) -> None:
    file = tmp_path / "sheet.svg"
    winter("report", "--part", "sheet", str(file))

    drawn = file.read_text(encoding="utf-8")
    root = ET.fromstring(drawn)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "No further enlargement of NATO to the east: no answer from" in drawn
    assert not re.search(r"<script|<image|href=|url\((?!#)|@import", drawn)
    winter("report", "--part", "sheet", "--force", str(file))
    assert file.read_text(encoding="utf-8") == drawn


@talks
def test_only_the_sheet_is_a_picture(positions: Positions, tmp_path: Path) -> None:
    told = positions("report", str(tmp_path / "page.svg"), exit_code=1).stderr
    both = positions("report", "-", "--part", "ledger", "--brief", exit_code=1).stderr

    assert "only the sheet can be a picture" in told
    assert "--part and --brief exclude each other" in both
    assert list(tmp_path.glob("*.svg")) == []


@pytest.mark.slow
def test_hostile_text_is_text_in_the_picture(large: Positions, tmp_path: Path) -> None:
    large("report", "--part", "sheet", str(tmp_path / "sheet.svg"))

    drawn = ET.parse(tmp_path / "sheet.svg").getroot()
    assert not list(drawn.iter("{http://www.w3.org/2000/svg}script"))


def test_the_page_counts_refusals_as_nonstarters_does(winter: Positions) -> None:
    counted = winter("nonstarters").stdout.splitlines()[0]

    assert counted in page(winter).by_id("Refused-note").text


def test_the_shipped_episodes_make_a_page_that_can_be_mailed(winter: Positions) -> None:
    assert len(positions_text(winter).encode()) <= 500_000
