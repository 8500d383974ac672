"""The page of `positions report` in a real browser: filters, links, keyboard, phone, paper, dark, without JavaScript.

Needs Playwright (`pip install -e '.[dev]'`) and Chromium (`apt-get install chromium`, or POSITIONS_CHROMIUM names one);
the search for barriers also needs axe-core (`python -m tests.axe DIR`, whose output goes into POSITIONS_AXE). Tests
skip where something is missing; with POSITIONS_TEST_BROWSER=required they fail.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tests import chromium, story
from tests.conftest import Positions

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


def test_the_table_is_filtered_by_side_topic_stance_and_words(visit: Visits) -> None:
    page = visit()
    everything = shown(page)
    assert page.get_by_role("status").inner_text() == f"{len(everything)} of {len(everything)} items shown"

    page.get_by_label("Topic", exact=True).select_option("missiles")
    missiles = shown(page)
    page.get_by_label("Side", exact=True).select_option("west")
    western = shown(page)
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("count => document.getElementById('Shown').textContent.startsWith(count)", arg="46 of")
    page.get_by_label("Words", exact=True).fill("the  Launchers in Rom")

    assert 0 < len(western) < len(missiles) < len(everything)
    assert len(shown(page)) == 2
    page.get_by_label("Stance", exact=True).select_option("none")
    assert page.get_by_role("status").inner_text().startswith("0 of ")


def test_words_are_found_in_the_quotations_of_an_item_too(visit: Visits) -> None:
    page = visit()

    page.get_by_label("Words", exact=True).fill("POINT 16 of what")

    assert shown(page) == ["item-16"]


def test_the_table_is_sorted_and_put_back(visit: Visits) -> None:
    page = visit()
    before = shown(page)

    page.get_by_label("Sort", exact=True).select_option("title")
    titles = page.locator(".matrix tbody th a").all_inner_texts()
    page.get_by_label("Sort", exact=True).select_option("refusals")
    first = page.locator(".matrix tr[data-item]").first
    refusals = first.get_by_text("non-starter", exact=True).count()
    page.get_by_label("Sort", exact=True).select_option("")

    assert titles == sorted(titles, key=str.casefold)
    assert refusals > 2
    assert shown(page) == before


def test_the_address_keeps_what_is_asked_for(visit: Visits) -> None:
    page = visit()
    page.get_by_label("Topic", exact=True).select_option("missiles")
    page.get_by_label("Sort", exact=True).select_option("title")
    asked = shown(page)
    address = page.evaluate("location.hash")

    again = visit(address)

    assert address == "#?topic=missiles&sort=title"
    assert shown(again) == asked
    assert again.get_by_label("Topic", exact=True).input_value() == "missiles"
    assert len(shown(visit("#?topic=nothing&sort=__proto__&words="))) > len(asked)


def test_a_link_leads_to_the_card_of_an_item_and_from_there_to_the_statement(visit: Visits) -> None:
    page = visit()

    page.locator(".matrix tr[data-item=item-0] th a").click()
    assert page.evaluate("document.querySelector(':target').id") == "item-0"
    page.locator("#item-0 .history a").last.click()

    target = page.evaluate("decodeURIComponent(location.hash)").removeprefix("#")
    assert re.fullmatch(r"episode-\d+/answer-\d", target)
    assert page.evaluate("document.querySelector(':target').id") == target
    assert page.locator(":target").is_visible()


def test_the_quotation_of_a_mark_is_shown_to_the_mouse_and_to_the_keyboard(visit: Visits) -> None:
    page = visit("#item-16")
    mark = page.locator("#item-16 .drawing a").nth(1)
    tip = page.locator(".tip")
    assert not tip.is_visible()

    page.locator("#item-16 .drawing a").first.focus()
    page.keyboard.press("Tab")
    assert mark.evaluate("mark => mark === document.activeElement")
    assert tip.inner_text() == mark.get_attribute("aria-label")
    assert "“" in tip.inner_text()
    page.keyboard.press("Escape")
    assert not tip.is_visible()

    mark.hover()
    assert tip.is_visible()
    tip.hover()
    page.wait_for_timeout(300)
    assert tip.is_visible()
    page.keyboard.press("Enter")
    assert "answer" in page.evaluate("decodeURIComponent(location.hash)")


def test_the_keyboard_reaches_the_table_first_by_the_skip_link(visit: Visits) -> None:
    page = visit()

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the table"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#Matrix"


@pytest.mark.parametrize("width", [DESK, TABLET, PHONE, 320])
def test_no_width_makes_the_page_scroll_sideways(visit: Visits, width: int) -> None:
    page = visit(width=width, is_mobile=width < TABLET)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("region", name="Table of stances").focus()
    before = page.evaluate("document.activeElement.scrollLeft")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert width > TABLET or page.evaluate("document.activeElement.scrollLeft") > before


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_what_the_keyboard_reaches_in_the_table_is_not_hidden_by_its_first_column(visit: Visits, width: int) -> None:
    page = visit(width=width)
    cells = page.locator(".matrix tr[data-item=item-45] td a")

    cells.last.focus()
    for _ in range(cells.count() - 1):
        page.keyboard.press("Shift+Tab")
        heading = page.locator(".matrix tr[data-item=item-45] th").bounding_box()
        right = page.evaluate("document.activeElement.getBoundingClientRect().right")
        assert heading is not None
        assert right > heading["x"] + heading["width"] + 24


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_no_two_marks_of_a_drawing_cover_each_other(visit: Visits, width: int) -> None:
    page = visit(width=width)

    covered = page.evaluate("""[...document.querySelectorAll('.drawing')].flatMap(drawing => {
        const marks = [...drawing.querySelectorAll('a use')].map(use => use.getBoundingClientRect());
        return marks.flatMap((one, place) => marks.slice(place + 1).filter(other =>
            Math.abs(one.x - other.x) < 24 && Math.abs(one.y - other.y) < 24));
    }).length""")

    assert covered == 0


def test_dark_is_dark_and_light_is_light(visit: Visits) -> None:
    def brightness(scheme: Any) -> int:
        paper = visit(color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", paper)))

    assert brightness("dark") < 120
    assert brightness("light") > 700


def test_paper_is_white_with_everything_on_it_but_the_filters(visit: Visits) -> None:
    page = visit(color_scheme="dark")
    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.locator("#Filters").is_visible()
    assert not page.locator("nav").is_visible()
    address = "getComputedStyle(document.querySelector('#Ledger .out'), '::after').content"
    assert "https://example.org/sources/" in page.evaluate(f"{address} + document.querySelector('#Ledger .out').href")
    assert page.pdf(format="A4").startswith(b"%PDF-")


def test_without_javascript_all_is_there_but_the_filters(visit: Visits) -> None:
    page = visit("#item-0", java_script_enabled=False)

    assert not page.locator("#Filters").is_visible()
    assert page.locator(".matrix tr[data-item]").count() == page.locator(".matrix tr[data-item]:visible").count() > 40
    assert page.locator("#item-0 .drawing a").first.is_visible()
    assert page.locator("#item-0 .history li").first.is_visible()


def test_hostile_text_shows_as_text(visit: Visits) -> None:
    page = visit("#item-1")

    assert story.HOSTILE in page.locator("#item-1").inner_text()
    page.locator("#item-1 .drawing a[aria-label*=owned]").first.hover()
    assert story.HOSTILE in page.locator(".tip").inner_text()
    page.get_by_label("Words", exact=True).fill("open </script><script>alert(")
    assert shown(page) == ["item-1"]
    assert page.locator("script").count() == 1


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_is_found_by_the_rules_of_wcag(visit: Visits, scheme: Any, width: int) -> None:
    axe = os.environ.get("POSITIONS_AXE")
    if axe is None or not Path(axe).exists():
        missing("axe-core is missing: POSITIONS_AXE=$(python -m tests.axe DIR)")
    page = visit(color_scheme=scheme, width=width)
    page.evaluate(Path(axe).read_text(encoding="utf-8") + "; undefined")

    found = page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")

    assert [(one["id"], one["nodes"][0]["html"], len(one["nodes"])) for one in found["violations"]] == []
    assert len(found["passes"]) > 15
