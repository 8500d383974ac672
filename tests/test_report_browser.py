"""The page of `positions report` in a real browser: filters, search, days, keyboard, phone, paper, dark, no JavaScript.

Needs Playwright (`pip install -e '.[dev]'`) and Chromium (`apt-get install chromium`, or POSITIONS_CHROMIUM names one);
the search for barriers also needs axe-core (`python -m tests.axe DIR`, whose output goes into POSITIONS_AXE). Tests
skip where something is missing; with POSITIONS_TEST_BROWSER=required they fail.
"""

import calendar
import json
import os
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from positions import database
from positions.moment import Moment
from positions.report import data
from tests import chromium, story
from tests.conftest import Output, Positions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
DESK, TABLET, PHONE = 1280, 768, 390
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def missing(what: str) -> NoReturn:
    """Skip for lack of `what`, or fail where nothing may be missing."""
    if os.environ.get("POSITIONS_TEST_BROWSER") == "required":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium."""
    if (lacking := chromium.lacking()) is not None:
        missing(lacking)
    with chromium.started() as browser:
        yield browser


@pytest.fixture(scope="module")
def file(large: Positions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the whole story."""
    made = tmp_path_factory.mktemp("page") / "talks.html"
    large("report", str(made))
    return made


class Visits:
    """Opens the page, and holds against it what a reader would never see."""

    def __init__(self, browser: "Browser", file: Path) -> None:
        self.browser, self.address = browser, file.as_uri()
        self.asked: list[str] = []
        self.told: list[str] = []

    def __call__(self, at: str = "", *, width: int = DESK, **settings: Any) -> "Page":
        page = self.browser.new_context(viewport={"width": width, "height": 900}, **settings).new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.told.append(message.text))
        page.on("pageerror", lambda error: self.told.append(str(error)))
        page.on("dialog", lambda dialog: self.told.append(dialog.message))
        page.goto(self.address + at)
        return page


@pytest.fixture
def visit(browser: "Browser", file: Path) -> Iterator[Visits]:
    """Open the page; afterwards nothing may have been fetched, and nothing gone wrong."""
    visits = Visits(browser, file)
    yield visits
    for context in list(browser.contexts):
        context.close()
    assert {re.split("[#?]", url)[0] for url in visits.asked} <= {visits.address, "data:,"}
    assert visits.told == []


def shown(page: "Page") -> list[str]:
    """The items that the table shows, from above."""
    rows: list[str] = page.eval_on_selector_all(
        ".matrix tr[data-item]", "rows => rows.filter(row => row.offsetHeight > 0).map(row => row.dataset.item)"
    )
    return rows


def test_the_table_is_filtered_by_maker_kind_topic_and_status(visit: Visits) -> None:
    page = visit()
    everything = shown(page)
    count = page.locator("#Shown")
    assert count.inner_text() == f"{len(everything)} demands and offers"

    page.get_by_label("Topic", exact=True).select_option("missiles")
    missiles = shown(page)
    page.get_by_label("Made by", exact=True).select_option("west")
    western = shown(page)
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("count => document.getElementById('Shown').textContent.startsWith(count)", arg="50 demands")
    page.get_by_label("Kind", exact=True).select_option("offer")
    offers = shown(page)
    page.get_by_label("Status", exact=True).select_option("off")

    assert 0 < len(western) < len(missiles) < len(everything)
    assert 0 < len(offers) < len(everything)
    assert len(shown(page)) < len(offers)
    assert count.inner_text().endswith("of 50 demands and offers")


def test_the_table_is_sorted_within_its_groups_and_put_back(visit: Visits) -> None:
    page = visit()
    before = shown(page)

    page.get_by_label("Sort", exact=True).select_option("title")
    titles = page.locator(".matrix tbody").first.locator("th a").all_inner_texts()
    page.get_by_label("Sort", exact=True).select_option("")

    assert titles == sorted(titles, key=str.casefold)
    assert shown(page) == before


def test_the_address_keeps_what_is_asked_for_and_back_leads_back(visit: Visits) -> None:
    page = visit()
    everything = shown(page)
    page.get_by_label("Topic", exact=True).select_option("missiles")
    asked = shown(page)
    page.get_by_label("Sort", exact=True).select_option("title")
    address = page.evaluate("location.hash")

    again = visit(address)

    assert address == "#topic=missiles&sort=title"
    assert again.get_by_label("Topic", exact=True).input_value() == "missiles"
    assert sorted(shown(again)) == sorted(asked)
    assert len(shown(visit("#topic=nothing&sort=__proto__&words=&day=never"))) == len(everything)
    page.go_back()
    assert page.evaluate("location.hash") == "#topic=missiles"
    page.go_back()
    assert shown(page) == everything


def test_every_word_that_the_page_prints_is_found(visit: Visits) -> None:
    page = visit()
    printed = page.evaluate("""() => {
        const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
        const words = new Set();
        while (walk.nextNode()) {
            const parent = walk.currentNode.parentElement;
            if (parent.closest('form,[hidden],script,template')) continue;
            (walk.currentNode.data.match(/[\\p{L}\\p{N}]{3,}/gu) ?? []).forEach((word) => words.add(word));
        }
        return [...words];
    }""")
    words = page.get_by_label("Search", exact=True)

    assert len(printed) > 150
    for word in printed[:: max(len(printed) // 40, 1)]:
        words.fill(word)
        page.wait_for_timeout(170)
        assert page.locator("#Found button").count() > 0, word
    dates = page.evaluate("""() => {
        const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
        const dates = new Set();
        const date = /\\b\\d+ [A-Z][a-z]{2,8} 202\\d/g;
        while (walk.nextNode()) (walk.currentNode.data.match(date) ?? []).forEach((one) => dates.add(one));
        return [...dates];
    }""")
    assert len(dates) > 20
    for date in dates[::8]:
        on, month, year = date.split()
        [whole] = [name for name in calendar.month_name if name and name.startswith(month)]
        for printed in (f"{on} {whole}", f"{on} {whole[:3]} {year}", f"{on} {whole} {year}"):
            words.fill(printed)
            page.wait_for_timeout(170)
            assert page.locator("#Found button").count() > 0, printed
    words.fill("no such word on it")
    page.wait_for_timeout(170)
    assert page.locator("#Found").inner_text() == "0 places"


def test_a_search_opens_the_card_that_has_the_words(visit: Visits) -> None:
    page = visit()
    assert not page.locator("#item-16").is_visible()

    page.get_by_label("Search", exact=True).fill("POINT 16 of what")
    page.locator("#Found button").first.click()

    assert page.locator("#item-16").is_visible()
    assert page.evaluate("location.hash") == "#words=POINT+16+of+what"
    assert visit("#words=POINT+16+of+what").locator("#Found button").count() > 0


def test_a_link_leads_to_the_card_of_an_item_and_from_there_to_the_statement(visit: Visits) -> None:
    page = visit()

    page.locator(".matrix tr[data-item=item-0] th a").click()
    assert page.evaluate("document.querySelector(':target').id") == "item-0"
    assert page.locator("#item-0").is_visible()
    page.locator("#item-0 ol a").last.click()

    target = page.evaluate("decodeURIComponent(location.hash)").removeprefix("#")
    assert re.fullmatch(r"episode-\d+/answer-\d", target)
    assert page.evaluate("document.querySelector(':target').id") == target
    assert page.locator(":target").is_visible()


def test_the_keyboard_reaches_the_table_first_by_the_skip_link(visit: Visits) -> None:
    page = visit()

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the table"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#Matrix"


# ---- days

_STANDING = """() => ({
    rows: Object.fromEntries([...document.querySelectorAll('.matrix tbody')].map((body) => [body.dataset.answer,
        [...body.querySelectorAll('tr[data-item]')].filter((row) => !row.hidden)
            .map((row) => row.textContent.replace(/\\s+/g, ' ')).sort()])),
    headline: document.getElementById('Headline').textContent,
    tally: document.getElementById('Tally').textContent.trim(),
    bold: [...document.querySelectorAll('.matrix tr[data-item]')].filter((row) => !row.hidden).every((row) => {
        const line = document.querySelector(`.sheet .t a[href="#${row.dataset.item}"]`);
        return !line || line.parentElement.classList.contains('core') === row.textContent.includes(', core');
    }),
    moved: ['Answers', 'Own', 'Moves'].map((id) => [...document.querySelectorAll(`#${id} li`)]
        .filter((one) => !one.hidden).map((one) => one.textContent.replace(/\\s+/g, ' ').trim())),
    first: document.getElementById('Moved-note')?.textContent,
    ended: document.getElementById('Ended').textContent.replace(/\\s+/g, ' ').trim(),
    groups: [...document.querySelectorAll('.group')].map((head) => head.textContent.replace(/\\s+/g, ' ').trim()),
    ledger: [...document.querySelectorAll('.ledger > li')].map((one) => one.textContent.replace(/\\s+/g, ' ')),
    outlook: [...document.querySelectorAll('#Outlook-blocked li, #Outlook-workable li')]
        .map((one) => one.textContent.replace(/\\s+/g, ' ').trim()).sort(),
    note: document.getElementById('Refused-note').textContent,
})"""


@pytest.fixture(scope="module")
def days(large: Positions, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Some days of the story on which something changed, with the page as of each."""
    folder = tmp_path_factory.mktemp("days")
    with database.reading(large.db) as connection:
        found = [str(day.day) for day in data.read(connection, Moment()).days][::6]
    for day in found:
        large("report", str(folder / f"{day}.html"), "--as-of", day)
    return {day: folder / f"{day}.html" for day in found}


def test_the_page_stands_on_a_day_as_if_it_were_made_as_of_it(
    visit: Visits, browser: "Browser", days: dict[str, Path]
) -> None:
    page = visit()
    for day, file in days.items():
        page.evaluate("day => { location.hash = `day=${day}`; }", day)
        page.wait_for_function("day => document.getElementById('Date').value === day", arg=day)
        made = browser.new_page()
        made.goto(file.as_uri())
        assert filled(page.evaluate(_STANDING)) == filled(made.evaluate(_STANDING)), day
        made.close()


def filled(standing: dict[str, Any]) -> dict[str, Any]:
    """Without groups that have no items, which a page made later has and one made earlier has not."""
    return standing | {"rows": {answer: rows for answer, rows in standing["rows"].items() if rows}}


def test_a_day_is_an_address_and_back_leads_to_the_day_before(visit: Visits) -> None:
    page = visit("#day=2022-01-20")
    date = page.get_by_label("As of", exact=True)
    assert date.input_value() == "2022-01-20"
    assert page.locator("#Then").inner_text().startswith("20 January 2022: ")
    assert "as of 20 January 2022" in page.locator("#Matrix .key").inner_text()

    date.fill("2022-02-10")
    date.dispatch_event("change")
    assert page.evaluate("location.hash") == "#day=2022-02-10"
    page.go_back()
    assert date.input_value() == "2022-01-20"
    page.get_by_role("button", name="Latest").click()
    assert page.locator("#Then").is_hidden()


def test_a_day_can_be_typed(visit: Visits) -> None:
    """While the year is typed, the field holds years that no day of the page has."""
    page = visit()
    date = page.get_by_label("As of", exact=True)

    date.click(position={"x": 12, "y": 8})
    page.keyboard.type("01202022")

    assert page.evaluate("location.hash") == "#day=2022-01-20"
    assert date.input_value() == "2022-01-20"


def test_a_link_of_the_menu_keeps_the_day_in_the_address(visit: Visits) -> None:
    page = visit("#day=2022-01-20")

    page.get_by_role("link", name="Non-starters").click()

    assert page.evaluate("location.hash") == "#day=2022-01-20&at=Ledger"
    again = visit("#day=2022-01-20&at=Ledger")
    assert again.get_by_label("As of", exact=True).input_value() == "2022-01-20"
    top = "document.getElementById('Ledger').getBoundingClientRect().top"
    assert 0 < again.evaluate(top) < 200
    page.go_back()
    assert page.evaluate("location.hash") == "#day=2022-01-20"


@pytest.mark.parametrize("section", ["Matrix", "Ledger", "Movements"])
def test_the_section_that_is_read_stays_in_sight_when_the_day_changes(visit: Visits, section: str) -> None:
    page = visit(f"#day=2022-01-20&at={section}")
    top = f"document.getElementById('{section}').getBoundingClientRect().top"
    before = page.evaluate(top)

    latest = page.locator("#Latest").bounding_box()  # clicking by name would scroll to where a sticky bar begins
    assert latest is not None
    page.mouse.click(latest["x"] + 5, latest["y"] + 5)
    page.wait_for_timeout(200)

    assert abs(page.evaluate(top) - before) < 60
    assert page.evaluate("location.hash") == ""


def test_the_counts_of_the_groups_are_of_what_is_shown(visit: Visits) -> None:
    page = visit()
    page.get_by_label("Kind", exact=True).select_option("offer")
    numbers = page.eval_on_selector_all(
        ".matrix tbody:not([hidden]) .group b", "all => all.map(one => +one.textContent)"
    )

    assert sum(numbers) == len(shown(page)) > 0
    page.get_by_role("slider", name="Day").focus()
    page.keyboard.press("ArrowLeft")
    numbers = page.eval_on_selector_all(
        ".matrix tbody:not([hidden]) .group b", "all => all.map(one => +one.textContent)"
    )
    assert sum(numbers) == len(shown(page))


def test_events_stand_by_name_on_the_slider_without_covering_each_other(
    browser: "Browser", winter: Positions, tmp_path: Path
) -> None:
    winter("report", str(tmp_path / "winter.html"))
    page = browser.new_page(viewport={"width": DESK, "height": 900})
    page.goto((tmp_path / "winter.html").as_uri())

    places = page.eval_on_selector_all(
        "#Stops button", "all => all.map((one) => [one.textContent, one.offsetLeft, one.offsetWidth])"
    )

    assert len(places) == page.locator(".events li").count() > 5
    assert page.locator("#Stops.bare").count() == 0
    for (name, left, width), (_, following, _) in pairwise(places):
        assert left + width <= following + 1, name


def test_two_events_of_one_day_are_both_named(
    browser: "Browser", positions: Positions, record: Callable[..., Output], tmp_path: Path
) -> None:
    for number, event in enumerate(["A speech", "A summit"]):
        record(f"""
            format: 1
            episode: {{id: e{number}, kind: statement, title: E, published: 2022-01-0{number // 2 + 5}, event: {event},
                       url: "https://example.org/{number}"}}
            actors: [{{id: a{number}, kind: state, name: A}}, {{id: b, kind: state, name: B}}]
            demands: [{{id: wish-{number}, by: a{number}, to: b, topic: t, title: Wish {number},
                        made: 2022-01-0{number + 3}, basis: stated, quote: we wish}}]
        """)
    record("""
        format: 1
        episode: {id: last, kind: statement, title: L, published: 2022-01-09, url: "https://example.org/9"}
        responses: [{id: no, by: b, said: 2022-01-09, basis: stated, quote: no, stances: {wish-0: non-starter}}]
    """)
    positions("report", str(tmp_path / "two.html"))
    page = browser.new_page(viewport={"width": DESK, "height": 900})
    page.goto((tmp_path / "two.html").as_uri())

    assert page.locator("#Stops button").all_inner_texts() == ["A speech, A summit"]
    page.locator("#Stops button").click()
    assert page.locator("#Then").inner_text().startswith("5 January 2022, A speech, A summit: ")


def test_on_a_phone_the_bar_leaves_room_and_the_key_comes_before_the_chart(
    browser: "Browser", winter: Positions, tmp_path: Path
) -> None:
    winter("report", str(tmp_path / "winter.html"))
    page = browser.new_page(viewport={"width": PHONE, "height": 900}, is_mobile=True)
    page.goto((tmp_path / "winter.html").as_uri() + "#day=2022-01-26")

    assert page.evaluate("document.querySelector('.bar').offsetHeight") <= 100
    assert page.locator(".events").is_visible()
    top = "selector => document.querySelector(selector).getBoundingClientRect().top"
    assert page.evaluate(top, ".events") < page.evaluate(top, ".sheet")


def test_arrow_keys_go_from_change_to_change_and_mark_what_changed(visit: Visits) -> None:
    page = visit()
    slider = page.get_by_role("slider", name="Day")
    slider.focus()

    page.keyboard.press("ArrowLeft")
    before = page.get_by_label("As of", exact=True).input_value()
    assert page.locator(".matrix tr.changed").count() > 0
    assert page.locator("#Cursor").get_attribute("visibility") == "visible"
    page.keyboard.press("ArrowLeft")
    assert page.get_by_label("As of", exact=True).input_value() < before
    page.keyboard.press("ArrowRight")
    assert page.get_by_label("As of", exact=True).input_value() == before
    page.keyboard.press("Home")
    assert page.get_by_label("As of", exact=True).input_value() == "2021-12-17"
    assert not page.locator(".matrix td.c").count()


@pytest.mark.parametrize("width", [DESK, TABLET, PHONE, 320])
def test_no_width_makes_the_page_scroll_sideways(visit: Visits, width: int) -> None:
    page = visit(width=width, is_mobile=width < TABLET)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_heads_and_navigation_stay_in_sight(visit: Visits, width: int) -> None:
    page = visit(width=width)

    page.locator(".matrix tr[data-item]").nth(30).scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(200)

    assert page.evaluate("document.querySelector('nav').getBoundingClientRect().top >= 0")


def test_dark_is_dark_and_light_is_light(visit: Visits) -> None:
    def brightness(scheme: Any) -> int:
        paper = visit(color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", paper)))

    assert brightness("dark") < 120
    assert brightness("light") > 700


def test_paper_is_white_and_coloured_and_has_no_controls(visit: Visits) -> None:
    page = visit(color_scheme="dark")
    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.querySelector('.c.non-starter a')).backgroundColor") == (
        "rgb(163, 36, 43)"
    )
    assert not page.locator("#Filters").is_visible()
    assert not page.locator("#Day").is_visible()
    assert page.locator("nav").is_visible(), "the contents"


def test_the_shipped_episodes_fit_twelve_screens_and_fifteen_pages(
    browser: "Browser", winter: Positions, tmp_path: Path
) -> None:
    def pages(name: str, *words: str) -> int:
        winter("report", str(tmp_path / name), *words)
        page = browser.new_page(viewport={"width": DESK, "height": 800})
        page.goto((tmp_path / name).as_uri())
        assert page.evaluate("document.documentElement.scrollHeight") <= 12 * 800
        return len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True, print_background=True)))

    assert pages("whole.html") <= 15
    assert pages("brief.html", "--brief") <= 4


def test_without_javascript_the_page_stands_on_its_day_and_its_addresses_open_cards(visit: Visits) -> None:
    page = visit("#item-0", java_script_enabled=False)

    assert not page.locator("#Filters").is_visible()
    assert not page.locator("#Day").is_visible()
    assert page.locator("#Matrix tbody th a").count() == page.locator("#Matrix tbody th a:visible").count() > 40
    assert page.locator("#item-0 ol li").first.is_visible()


def test_hostile_text_shows_as_text(visit: Visits) -> None:
    page = visit("#item-1")

    assert story.HOSTILE in page.locator("#item-1").inner_text()
    page.get_by_label("Search", exact=True).fill("open </script><script>alert(")
    page.wait_for_timeout(200)
    assert page.locator("#Found button").count() > 0
    page.get_by_role("slider", name="Day").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_is_found_by_the_rules_of_wcag(visit: Visits, scheme: Any, width: int) -> None:
    axe = os.environ.get("POSITIONS_AXE")
    if axe is None or not Path(axe).exists():
        missing("axe-core is missing: POSITIONS_AXE=$(python -m tests.axe DIR)")
    page = visit(color_scheme=scheme, width=width)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.evaluate(Path(axe).read_text(encoding="utf-8") + "; undefined")

    found = page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")

    assert [(one["id"], one["nodes"][0]["html"], len(one["nodes"])) for one in found["violations"]] == []
    assert len(found["passes"]) > 15
