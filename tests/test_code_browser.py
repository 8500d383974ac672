"""The coder's desk in a real browser: coding by keyboard and by mouse, what stands still, what is lost (nothing).

What it needs is what `test_report_browser.py` needs.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from positions import package_data
from tests import chromium, desk
from tests.conftest import Positions
from tests.test_report_browser import DESK, RULES, TABLET, missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("starlette", reason="Starlette is not installed: pip install -e '.[code]'")
pytestmark = pytest.mark.slow

# The first paragraphs of Episode 1: the demands in its words, what is no quotation in ours.
DEMANDS = {
    "no-enlargement": "legal guarantees against NATO expanding to the East",
    "no-offensive-weapons-nearby": (
        "legal guarantees against deploying offensive weapons in neighboring territories that pose a threat to Russia’s"
        " security"
    ),
    "return-to-1997": (
        "a principled plan for returning the European security architecture to how it was configured in 1997"
    ),
}
TEXT = f"""\
Russia-US/NATO Talks, Episode 1

January 17, 2022

In the middle of December Russia handed over two drafts, an agreement with NATO and a treaty with the United States.

Biden and Putin then agreed that talks would begin on the 9th and 10th in Geneva. All three rounds are over now.

What do the proposals come to? Lavrov summed them up as “{", and ".join(DEMANDS.values())}”.
"""
SHIPPED = {
    demand["id"]: demand
    for demand in yaml.safe_load(package_data.first_episode().read_text(encoding="utf-8"))["demands"]
}
BEGUN = """\
format: 1
episode:
  id: talk
  kind: article
  title: Talk
  published: 2022-01-31
  url: https://example.org/talk
"""
RESPONSE = """\
  - {id: ID, by: nato, said: 2022-01-31, basis: stated, quote: "QUOTE", stances: {no-enlargement: non-starter}}
"""
WORDS = """([start, end]) => {
    const point = (place) => {
        const node = [...document.querySelectorAll("#text p")].findLast((one) => Number(one.dataset.at) <= place);
        return [node.firstChild, place - Number(node.dataset.at)];
    };
    const range = document.createRange();
    range.setStart(...point(start));
    range.setEnd(...point(end));
    range.startContainer.parentNode.scrollIntoView({ block: "center" });
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
    const [first, last] = [boxes[0], boxes.at(-1)];
    return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
}"""


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium."""
    if (lacking := chromium.lacking()) is not None:
        missing(lacking)
    with chromium.started() as browser:
        yield browser


class Coder:
    """Somebody at the desk."""

    def __init__(self, browser: "Browser", address: str, source: str, **settings: Any) -> None:
        self.asked: list[str] = []
        self.told: list[str] = []
        self.caret = 0
        self.address, self.source = address, source.rstrip("\n")
        width = settings.pop("width", DESK)
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("dialog", lambda dialog: self.told.append(dialog.message))
        self.page.goto(address)

    def place(self, words: str) -> list[int]:
        start = self.source.index(words)
        return [start, start + len(words)]

    def drag(self, words: str) -> None:
        """Select `words` with the mouse."""
        left, top, right, bottom = self.page.evaluate(WORDS, self.place(words))
        self.page.mouse.move(left, top)
        self.page.mouse.down()
        self.page.mouse.move((left + right) / 2, bottom)
        self.page.mouse.move(right, bottom)
        self.page.mouse.up()
        self.page.locator("body.picking").wait_for()

    def step(self, words: str) -> None:
        """Select `words` with the keyboard, from where the caret is; at first that is the beginning of the text."""
        start, end = self.place(words)
        for key, times in (("ArrowRight", start - self.caret), ("Shift+ArrowRight", end - start)):
            for _ in range(times):
                self.page.keyboard.press(key)
        self.caret = end
        self.page.locator("body.picking").wait_for()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def wait_until_saved(self, file: Path) -> None:
        self.page.locator("#told").wait_for()
        assert file.exists()

    def field(self, path: str) -> Any:
        return self.page.locator(f'[id="{path}"]')

    def focused(self, end: str) -> None:
        """Wait until a field has the focus whose path ends so."""
        self.page.locator(f'[id$="{end}"]:focus').wait_for()

    def idle(self) -> None:
        """Wait until the page has the answer to all that it asked."""
        self.page.locator("body:not(.busy)").wait_for()

    def marked(self, look: str) -> int:
        """How many passages have this look."""
        count: int = self.page.evaluate(f"CSS.highlights.get('{look}').size")
        return count


class Desks:
    """Opens desks, and holds against the page what a coder would never see."""

    def __init__(self, browser: "Browser", db: str, folder: Path) -> None:
        self.browser, self.db, self.folder = browser, db, folder
        self.coders: list[Coder] = []
        self.stack = ExitStack()

    def __call__(self, text: str = TEXT, yaml: str | None = None, name: str = "talk", **settings: Any) -> Coder:
        source = self.folder / f"{name}.txt"
        source.write_text(text, encoding="utf-8")
        if yaml is not None:
            source.with_suffix(".yaml").write_text(yaml, encoding="utf-8")
        is_killed = settings.pop("is_killed", False)
        address = self.stack.enter_context(desk.served(self.db, source, is_killed=is_killed))
        return self.window(address, text, **settings)

    def window(self, address: str, text: str = TEXT, **settings: Any) -> Coder:
        self.coders.append(Coder(self.browser, address, text, **settings))
        return self.coders[-1]

    def file(self, name: str = "talk") -> Path:
        return self.folder / f"{name}.yaml"


@pytest.fixture
def desks(browser: "Browser", positions: Positions, talks: object, tmp_path: Path) -> Iterator[Desks]:  # noqa: ARG001
    """Open a desk; afterwards nothing may have been asked of others, and nothing gone wrong."""
    opened = Desks(browser, positions.db, tmp_path)
    yield opened
    for context in list(browser.contexts):
        context.close()
    opened.stack.close()
    for coder in opened.coders:
        assert [url for url in coder.asked if not url.startswith((coder.address, "data:,"))] == []
        assert [told for told in coder.told if "409 (Conflict)" not in told] == []


def by_keyboard(coder: Coder) -> None:
    """Code the first paragraphs without the mouse: tabs, arrows, letters, Enter."""
    page = coder.page
    coder.field("episode.kind").focus()
    page.keyboard.type("art")
    coder.press("Tab")
    page.keyboard.type("2022-01-17")
    coder.press("Tab")
    page.keyboard.type("https://example.org/episode-1")
    coder.press("Enter", "Escape", "Control+Home")
    for slug, quote in DEMANDS.items():
        shipped = SHIPPED[slug]
        coder.step(quote)
        coder.press("d")
        coder.focused(".title")
        page.keyboard.type(shipped["title"])
        coder.press("Tab")
        for names in (["russ"], ["united st", "nato"]):
            for name in names:
                page.keyboard.type(name)
                coder.press("Enter")
            while page.evaluate("document.activeElement.getAttribute('role')") == "button" or names == ["russ"]:
                coder.press("Tab")
                if page.evaluate("document.activeElement.id").endswith(".to"):
                    break
            coder.idle()
        coder.press("Tab")
        page.keyboard.type(shipped["topic"])
        coder.press("Enter", "Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type(str(shipped["made"]))
        coder.press("Tab")
        page.keyboard.type("lavrov")
        coder.press("Enter", "Tab")
        page.keyboard.type("stated")
        coder.idle()
        coder.press("Escape")
    coder.press("Control+s")


def by_mouse(coder: Coder) -> None:
    """Code the first paragraphs with the mouse; the keyboard only fills in what has to be written."""
    page = coder.page
    coder.field("episode.kind").select_option("article")
    coder.field("episode.published").fill("2022-01-17")
    coder.field("episode.url").fill("https://example.org/episode-1")
    for number, (slug, quote) in enumerate(DEMANDS.items()):
        shipped, at = SHIPPED[slug], f"demands.{number}"
        coder.drag(quote)
        page.get_by_role("button", name="Demand", exact=False).first.click()
        coder.field(f"{at}.title").fill(shipped["title"])
        for field, names in (("by", ["Russia"]), ("to", ["United States", "NATO"])):
            for name in names:
                coder.field(f"{at}.{field}").click()
                page.locator("#options li", has_text=name).first.click()
                coder.idle()
        coder.field(f"{at}.topic").fill(shipped["topic"])
        page.locator("#options li").first.click()
        coder.field(f"{at}.made").fill(str(shipped["made"]))
        coder.field(f"{at}.speaker").click()
        page.locator("#options li", has_text="Lavrov").click()
        coder.field(f"{at}.basis").select_option("stated")
        coder.idle()
    page.get_by_role("button", name="Save").click()


def test_the_first_paragraphs_are_coded_by_keyboard_and_by_mouse_to_the_same_file(desks: Desks) -> None:
    for name, way in (("keyboard", by_keyboard), ("mouse", by_mouse)):
        coder = desks(name=name)
        coder.field("episode.id").fill("episode-1-again")
        coder.field("episode.id").blur()
        coder.idle()
        way(coder)
        coder.wait_until_saved(desks.file(name))

    keyboard, mouse = (desks.file(name).read_text(encoding="utf-8") for name in ("keyboard", "mouse"))
    assert keyboard == mouse
    coded = yaml.safe_load(keyboard)["demands"]
    told = ("by", "to", "topic", "title", "made", "speaker", "basis", "quote")
    for demand, slug in zip(coded, DEMANDS, strict=True):
        expected = {**SHIPPED[slug], "by": ["russia"], "to": ["nato", "us"]}
        assert {name: demand.get(name) for name in told} == {name: expected[name] for name in told}


def test_a_response_of_two_passages_is_recorded_and_the_plan_seen_before(desks: Desks, positions: Positions) -> None:
    coder = desks(yaml=BEGUN)
    coder.drag("two drafts")
    coder.press("a")
    coder.drag("In the middle of December")
    assert "In the middle of December … two drafts" in coder.page.locator("#picked").inner_text()
    coder.press("r")
    coder.focused("responses.0.by")
    coder.page.keyboard.type("nato")
    coder.press("Enter")
    coder.idle()
    coder.field("responses.0.stances").click()
    coder.page.keyboard.type("enl")
    coder.press("Enter")
    coder.focused("responses.0.stances.no-enlargement.stance")
    coder.press("Space")
    coder.field("responses.0.basis").select_option("stated")
    coder.page.locator("#check", has_text="nato on no-enlargement").wait_for()
    assert coder.marked("non-starter") == 2

    coder.page.get_by_role("button", name="Record").click()
    coder.page.locator("#report").wait_for()

    assert "r2 recorded: 2 added, 0 unchanged" in coder.page.locator("#report").inner_text()
    [found] = positions.ask("nonstarters")
    assert found["quote"] == "In the middle of December … two drafts"


def test_passages_that_overlap_lead_to_each_of_their_entries(desks: Desks) -> None:
    quotes = ("Biden and Putin then agreed", "Putin then agreed that talks", "Putin")
    entries = "".join(RESPONSE.replace("ID", f"r{at}").replace("QUOTE", quote) for at, quote in enumerate(quotes))
    coder = desks(yaml=f"{BEGUN}responses:\n{entries}")
    assert coder.marked("non-starter") == 3

    left, top, _, _ = coder.page.evaluate(WORDS, coder.place("Putin"))
    coder.page.mouse.click(left + 6, top)
    coder.field("responses.2.by").wait_for()

    assert coder.page.locator("#picked button").count() == 3
    coder.press("Enter")
    coder.page.locator('[id="responses.0"]:focus, [id="responses.1"]:focus').wait_for()


def test_an_actor_is_made_beside_the_form(desks: Desks) -> None:
    coder = desks(yaml=BEGUN)
    coder.drag("two drafts")
    coder.press("r")
    coder.focused("responses.0.by")
    coder.page.keyboard.type("Collective Security Treaty Organisation")
    assert coder.page.locator("#options li", has_text="New person").count() == 0
    coder.page.locator("#options li", has_text="New organisation").click()
    coder.page.locator("#heading-Actors").wait_for()

    assert "Collective Security Treaty Organisation" in coder.page.locator('[id="responses.0.by.field"]').inner_text()
    assert coder.page.evaluate("document.activeElement.id") == "responses.0.by"


def test_a_speaker_is_made_beside_the_form_and_speaks_for_the_actor(desks: Desks) -> None:
    coder = desks(yaml=f"{BEGUN}responses:\n{RESPONSE.replace('ID', 'one').replace('QUOTE', 'two drafts')}")
    coder.field("responses.0").click()
    coder.field("responses.0.speaker").fill("Jens Stoltenberg")
    assert coder.page.locator("#options li").all_inner_texts() == ["+ New person “Jens Stoltenberg”"]
    coder.press("Enter")
    coder.page.locator("#heading-Actors").wait_for()
    coder.press("Control+s")
    coder.wait_until_saved(desks.file())

    written = yaml.safe_load(desks.file().read_text())
    assert written["actors"][0]["speaks_for"] == "nato"
    assert written["responses"][0]["speaker"] == written["actors"][0]["id"] == "jens-stoltenberg"


def test_a_known_person_who_is_typed_as_the_actor_is_offered_first_and_becomes_the_speaker(desks: Desks) -> None:
    person = "{id: jens-stoltenberg, kind: person, name: Jens Stoltenberg, speaks_for: nato}"
    coder = desks(yaml=f"{BEGUN}actors:\n  - {person}\n")
    coder.drag("two drafts")
    coder.press("r")
    coder.focused("responses.0.by")
    coder.page.keyboard.type("Stoltenberg")
    offered = coder.page.locator("#options li").all_inner_texts()
    assert offered[0].startswith("Jens Stoltenberg")
    assert offered[1] == "+ New state “Stoltenberg”"
    coder.press("Enter")
    coder.idle()
    coder.press("Control+s")
    coder.wait_until_saved(desks.file())

    [response] = yaml.safe_load(desks.file().read_text())["responses"]
    assert (response["by"], response["speaker"]) == (["nato"], "jens-stoltenberg")


def test_the_plan_stays_folded_after_a_change_and_a_reload(desks: Desks) -> None:
    coder = desks(yaml=BEGUN)
    summary = coder.page.locator("#check summary")
    summary.click()
    coder.drag("two drafts")
    coder.press("r")
    coder.focused("responses.0.by")
    coder.idle()
    assert coder.page.locator("#check:not([open])").count() == 1
    coder.page.reload()

    assert coder.page.locator("#check:not([open])").count() == 1
    assert "to do" in summary.inner_text()


def test_what_is_typed_in_full_comes_before_what_begins_with_it(desks: Desks) -> None:
    coder = desks(yaml=f"{BEGUN}actors:\n  - {{id: us-congress, kind: organisation, name: United States Congress}}\n")
    coder.drag("two drafts")
    coder.press("r")
    coder.focused("responses.0.by")
    for typed in ("us", "united states"):
        coder.field("responses.0.by").fill(typed)

        assert "us ·" in coder.page.locator("#options li").first.inner_text()
        assert coder.page.locator("#options li").count() > 1


def test_several_entries_get_another_day_at_once(desks: Desks) -> None:
    entries = "".join(RESPONSE.replace("ID", f"r{at}").replace("QUOTE", "two drafts") for at in range(3))
    coder = desks(yaml=f"{BEGUN}responses:\n{entries}")
    for at in (0, 2):
        coder.field(f"responses.{at}.tick").check()
    coder.page.get_by_label("Change", exact=True).select_option("said")
    coder.page.locator("#several-value").fill("2022-01-30")
    coder.page.get_by_role("button", name="Change all").click()
    coder.page.locator("#undo:not([aria-disabled])").wait_for()
    coder.press("Control+s")
    coder.wait_until_saved(desks.file())

    said = [response["said"].isoformat() for response in yaml.safe_load(desks.file().read_text())["responses"]]
    assert said == ["2022-01-30", "2022-01-31", "2022-01-30"]


def test_the_list_stands_still_while_entries_are_ticked(desks: Desks) -> None:
    entries = "".join(RESPONSE.replace("ID", f"r{at}").replace("QUOTE", "two drafts") for at in range(12))
    coder = desks(yaml=f"{BEGUN}responses:\n{entries}")
    for scrolled in (0, 300, 100_000):
        coder.page.evaluate("(top) => { panel.scrollTop = top; }", scrolled)
        for at in (10, 11, 10, 11):
            tick = coder.field(f"responses.{at}.tick")
            top = "(tick) => tick.getBoundingClientRect().top"
            stood = tick.evaluate(top)
            tick.evaluate("(tick) => tick.click()")
            coder.idle()

            assert tick.evaluate(top) == stood
    coder.field("responses.11.tick").check()
    coder.page.evaluate("panel.scrollTop = 100_000")
    stood = tick.evaluate(top)
    coder.field("responses.11.tick").evaluate("(tick) => tick.click()")

    assert tick.evaluate(top) == stood


def test_a_stance_that_is_chosen_by_quick_keys_keeps_its_mark_while_answers_arrive(desks: Desks) -> None:
    coder = desks(yaml=f"{BEGUN}responses:\n{RESPONSE.replace('ID', 'one').replace('QUOTE', 'two drafts')}")
    coder.field("responses.0").click()
    stances = coder.page.get_by_role("radio")
    stances.first.focus()
    for pause in (0, 40):
        for _ in range(7):
            coder.press("ArrowDown")
            coder.page.wait_for_timeout(pause)
    coder.idle()
    chosen = coder.page.evaluate("document.activeElement.value")

    assert [one.get_attribute("value") for one in stances.all() if one.is_checked()] == [chosen]
    assert coder.marked(chosen) == 1


LONG = "\n\n".join(f"Paragraph {number}: " + "words that nobody has to read, " * 15 for number in range(1_000))


def test_a_long_text_is_never_touched_and_never_asked_for_again(desks: Desks) -> None:
    coder = desks(text=LONG, yaml=BEGUN)
    answers: list[int] = []
    coder.page.on(
        "response", lambda response: answers.append(len(response.body())) if response.request.method == "POST" else None
    )
    coder.page.evaluate("""() => {
        window.touched = 0;
        const all = { childList: true, subtree: true, characterData: true, attributes: true };
        new MutationObserver((seen) => { touched += seen.length; }).observe(document.querySelector("#text"), all);
    }""")

    coder.drag("Paragraph 900")
    coder.press("d")
    coder.focused(".title")
    coder.page.keyboard.type("Nine hundred")
    coder.press("Tab")
    coder.idle()

    assert len(LONG) > 480_000
    assert coder.marked("active") == 1
    assert coder.page.evaluate("window.touched") == 0
    assert max(answers) < 50_000


def test_the_text_stands_where_it_stood(desks: Desks) -> None:
    entries = RESPONSE.replace("ID", "r0").replace("QUOTE", "Paragraph 5:") + RESPONSE.replace("ID", "r1").replace(
        "QUOTE", "Paragraph 900:"
    )
    coder = desks(text=LONG, yaml=f"{BEGUN}responses:\n{entries}")
    page = coder.page
    coder.drag("Paragraph 500")
    page.mouse.move(300, 400)
    top = """() => {
        const box = document.getElementById("text").getBoundingClientRect();
        return document.elementFromPoint(box.left + 200, box.top + 30).textContent.slice(0, 14);
    }"""
    before = page.evaluate(top)

    coder.press("r")
    coder.focused("responses.2.by")
    assert page.evaluate(top) == before
    page.get_by_role("button", name="Show the words of r1").click()
    assert page.evaluate(top) != before
    page.get_by_role("button", name="Back").click()
    assert page.evaluate(top) == before
    page.reload()
    page.wait_for_timeout(1000)

    assert page.evaluate(top) == before
    assert coder.field("responses.2.by").is_visible()


def test_a_field_keeps_its_focus_and_its_words_while_the_rest_changes(desks: Desks) -> None:
    coder = desks(yaml=BEGUN)
    coder.drag("two drafts")
    coder.press("r")
    coder.field("responses.0.quote").click()
    coder.press("End")
    coder.page.keyboard.type(" and more")
    coder.page.locator("#lost").wait_for()
    coder.page.keyboard.type(" still")

    assert coder.page.evaluate("document.activeElement.id") == "responses.0.quote"
    assert coder.field("responses.0.quote").input_value() == "two drafts and more still"
    coder.press("Escape")
    coder.idle()
    coder.press("Control+z", "Control+z")
    coder.page.locator("#episode", has_text="Nothing is coded yet").wait_for()


def test_undo_in_an_empty_field_undoes_the_last_step_unless_something_was_typed_there(desks: Desks) -> None:
    coder = desks(yaml=BEGUN)
    coder.drag("two drafts")
    coder.press("r")
    coder.focused("responses.0.by")
    coder.page.keyboard.type("x")
    coder.press("Backspace", "Control+z")
    coder.idle()
    assert coder.page.locator('[id="responses.0.card"]').count() == 1

    coder.field("responses.0.speaker").focus()
    coder.press("Control+z")

    coder.page.locator("#episode", has_text="Nothing is coded yet").wait_for()


def test_a_desk_that_is_killed_in_the_middle_loses_nothing(desks: Desks) -> None:
    coder = desks(yaml=BEGUN, is_killed=True)
    coder.drag("two drafts")
    coder.press("d")
    coder.focused(".title")
    coder.page.keyboard.type("A title")
    coder.press("Tab")
    coder.idle()
    desks.stack.close()
    coder.field("demands.0.topic").fill("too late")
    coder.press("Escape")
    coder.page.locator("#saved", has_text="does not answer").wait_for()
    coder.told.clear()
    assert desks.file().read_text(encoding="utf-8") == BEGUN

    again = desks()

    assert again.page.locator("#restored").is_visible()
    assert "A title" in again.page.locator('[id="demands.0"]').inner_text()


def test_two_windows_see_each_other(desks: Desks) -> None:
    coder = desks(yaml=BEGUN)
    other = desks.window(coder.address)
    coder.drag("two drafts")
    coder.press("d")

    other.page.locator("#heading-Demands").wait_for()


def test_an_edit_by_another_program_is_told_to_somebody_who_only_looks(desks: Desks) -> None:
    coder = desks(yaml=BEGUN)
    desks.file().write_text(BEGUN.replace("Talk", "Another title"), encoding="utf-8")

    coder.page.locator("#changed").wait_for()
    coder.page.get_by_role("button", name="Go on with the file as it is now").click()

    coder.page.locator("#about", has_text="Another title").wait_for()


def test_hostile_text_is_shown_as_text(desks: Desks) -> None:
    text = f"<script>alert(1)</script><img src=x onerror=alert(2)> \u202ereversed\n\n{'long ' * 200_000}\n"
    coder = desks(text=text, yaml=BEGUN)

    assert "<script>alert(1)</script><img src=x onerror=alert(2)> reversed" in coder.page.locator("#text").inner_text()
    coder.drag("<script>alert(1)</script>")
    coder.press("d")
    coder.focused("demands.0.title")
    assert coder.field("demands.0.quote").input_value() == "<script>alert(1)</script>"
    coder.page.evaluate("document.getElementById('text').lastElementChild.scrollIntoView()")

    assert coder.page.locator("#text p").count() > 200


def test_nothing_can_be_typed_into_the_text(desks: Desks) -> None:
    coder = desks(yaml=BEGUN)
    coder.drag("two drafts")
    coder.page.keyboard.type("zzz")
    coder.press("Delete", "Backspace", "Control+x", "Control+b")
    coder.page.keyboard.insert_text("zzz")

    assert "handed over two drafts, an agreement" in coder.page.locator("#text").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, TABLET])
def test_no_barrier_is_found_by_the_rules_of_wcag(desks: Desks, scheme: Any, width: int) -> None:
    axe = os.environ.get("POSITIONS_AXE")
    if axe is None or not Path(axe).exists():
        missing("axe-core is missing: POSITIONS_AXE=$(python -m tests.axe DIR)")
    entries = RESPONSE.replace("ID", "r0").replace("QUOTE", "two drafts") + RESPONSE.replace("ID", "r1").replace(
        "QUOTE", "lost words"
    )
    coder = desks(yaml=f"{BEGUN}responses:\n{entries}", color_scheme=scheme, width=width, bypass_csp=True)
    page = coder.page
    page.evaluate(Path(axe).read_text(encoding="utf-8") + "; undefined")

    def barriers() -> list[Any]:
        found = page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")
        assert len(found["passes"]) > 15
        return [(one["id"], one["nodes"][0]["html"], len(one["nodes"])) for one in found["violations"]]

    assert barriers() == []
    coder.field("responses.0").click()
    coder.field("responses.0.by").click()
    assert barriers() == []
    coder.press("Escape")
    coder.field("responses.1.tick").check()
    coder.drag("January 17")
    assert barriers() == []
    page.get_by_role("button", name="YAML").click()
    page.locator("#raw").fill("format: [")
    page.locator("#check", has_text="not valid YAML").wait_for()
    assert barriers() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
