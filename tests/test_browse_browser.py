"""Our pages of `positions browse` in a real browser: titles, filters, links, no barriers, no scrolling sideways.

Needs what `tests/test_report_browser.py` needs, and the extra `browse`.
"""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from positions.browse.questions import QUESTIONS
from tests import chromium
from tests.conftest import SERVER, Positions
from tests.test_browse import browsing
from tests.test_report_browser import DESK, RULES, TABLET, missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SERVER is not None, reason="only SQLite databases can be browsed"),
]
pytest.importorskip("datasette", reason="datasette is not installed: pip install -e '.[browse]'")

OUR_PAGES = {
    "": "Positions in a negotiation",
    "positions": "Tables of Positions in a negotiation",
    **{f"positions/{name}": question["title"] for name, question in QUESTIONS.items()},
    "positions/one_item?item=no-enlargement": "What has been said of one item?",
    "positions/outlook?_show_sql=1": "What is blocked, workable or unanswered?",
    "positions/item/1": "No further enlargement of NATO to the east (Item)",
    "positions/stance/1": "Stance 1",
}


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium."""
    if (lacking := chromium.lacking()) is not None:
        missing(lacking)
    with chromium.started() as browser:
        yield browser


@pytest.fixture
def address(seeded: Positions) -> Iterator[str]:
    """Where Episode 1 is served."""
    with browsing(seeded.db, "--port", "0") as address:
        yield address


@pytest.mark.parametrize("width", [DESK, TABLET])
def test_our_pages_have_titles_and_no_barriers_and_do_not_scroll_sideways(
    browser: "Browser", address: str, width: int
) -> None:
    axe = os.environ.get("POSITIONS_AXE")
    if axe is None or not Path(axe).exists():
        missing("axe-core is missing: POSITIONS_AXE=$(python -m tests.axe DIR)")
    program = Path(axe).read_text(encoding="utf-8") + "; undefined"
    for path, title in OUR_PAGES.items():
        with closing(browser.new_page(viewport={"width": width, "height": 900})) as page:
            page.goto(address + path)
            assert page.title() == title
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            page.evaluate(program)
            found = page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")
            assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], path


def test_a_reader_gets_from_the_home_page_to_the_words_without_sql(browser: "Browser", address: str) -> None:
    with closing(browser.new_page()) as page:
        page.goto(address)
        page.get_by_role("link", name="Who stands where?").click()
        assert page.get_by_text("SELECT").count() == 0
        page.get_by_label("Actor").select_option("nato")
        page.get_by_label("Stance").select_option("non-starter")
        page.get_by_role("button", name="Show").click()
        stances = page.locator("td.col-stance").all_inner_texts()
        assert stances
        assert set(stances) == {"non-starter"}
        page.get_by_role("link", name="European security architecture").click()
        assert page.get_by_text("The Alliance will not go back to 1997.").count() == 1
        assert page.get_by_label("Item", exact=True).input_value() == "return-to-1997"


def test_a_row_is_named_by_its_label_and_leads_to_other_rows_by_theirs(browser: "Browser", address: str) -> None:
    with closing(browser.new_page()) as page:
        page.goto(f"{address}positions/item/1")
        page.get_by_role("link", name="Sergey Lavrov").click()
        assert page.title() == "Sergey Lavrov (Actor)"
        page.goto(f"{address}positions/stance/1")
        assert page.locator("tr", has_text="actor_id").get_by_role("link").inner_text() in {"United States", "NATO"}
