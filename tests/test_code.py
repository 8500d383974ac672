"""`positions code`: the desk, asked as its page asks: who may ask, what is kept, saved, recorded and refused."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from positions.desk.desk import Desk
from positions.quotations import Places
from tests.conftest import TALKS, Output, Positions

pytest.importorskip("starlette", reason="Starlette is not installed: pip install -e '.[code]'")
from starlette.testclient import TestClient

from positions.desk.server import application

if TYPE_CHECKING:
    from httpx2 import Response

HOST, TOKEN = "127.0.0.1:8002", "secret"
TEXT = """\
NATO replies

“Certain proposals are simply non-starters”, said NATO. It will not stop
admitting  new members. Washington is open to discussing missiles; it is open to discussing missiles.
"""
ANSWER = """\
format: 1
episode:
  id: reply
  kind: statement
  title: A reply
  published: 2022-01-31
  url: https://example.org/reply
responses:
  - id: first
    by:
      - nato
    said: 2022-01-31
    basis: stated
    quote: Certain proposals are simply non-starters
    stances:
      no-enlargement: non-starter
  - id: second
    by:
      - us
    said: 2022-01-31
    basis: reported
    quote: is open to discussing missiles
    stances:
      missile-talks: open
"""

pytestmark = pytest.mark.usefixtures("talks")


class Window:
    """A window of the browser with the page in it."""

    def __init__(self, desk: Desk, text: Path) -> None:
        self.desk, self.text, self.file = desk, text, desk.store.file
        self.client = TestClient(application(desk, TOKEN, [HOST]), base_url=f"http://{HOST}")
        self.state: dict[str, Any] = self.client.get(f"/{TOKEN}/state").json()

    def post(self, action: str, asked: dict[str, Any], **headers: str) -> "Response":
        return self.client.post(
            f"/{TOKEN}/{action}",
            json={"version": self.state["version"], **asked},
            headers={"Origin": f"http://{HOST}", **headers},
        )

    def __call__(self, action: str, status: int = 200, **asked: Any) -> dict[str, Any]:
        answer = self.post(action, {"opened": self.state["opened"], **asked})
        assert answer.status_code == status, answer.text
        self.state = answer.json()
        return self.state

    def set(self, path: str, value: Any, **asked: Any) -> dict[str, Any]:
        """Set the value at `path`, like `responses.0.said`."""
        parts = [int(part) if part.isdigit() else part for part in path.split(".")]
        return self("edit", edits=[{"path": parts, "value": value}], **asked)

    def words(self, *fragments: str) -> list[list[int]]:
        """Where the fragments are in the text, as the page would say."""
        text = self.text.read_text(encoding="utf-8").rstrip("\n")
        return [[start, end] for fragment in fragments for start, end in Places(text).find(fragment)]

    @property
    def draft(self) -> Path:
        return self.file.with_name(f".{self.file.name}.draft")


Opens = Callable[..., Window]


@pytest.fixture
def opens(positions: Positions, tmp_path: Path) -> Opens:
    """Open the desk: `opens(yaml="…")` with a file that exists."""

    def open_(text: str | None = TEXT, yaml: str | None = None, name: str = "reply.txt") -> Window:
        source = tmp_path / name
        if text is not None:
            source.write_text(text, encoding="utf-8")
        file = source.with_suffix(".yaml")
        if yaml is not None:
            file.write_text(yaml, encoding="utf-8")
        return Window(Desk(positions.db, source, file), source)

    return open_


# ---- who may ask


def test_the_page_needs_the_token_and_comes_with_a_policy_that_lets_nothing_else_run(opens: Opens) -> None:
    window = opens()

    page = window.client.get(f"/{TOKEN}/")

    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert window.client.get("/").status_code == 404
    assert window.client.get("/other/").status_code == 404
    assert "http:" not in page.text.replace("https://…", "")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "evil.example:8002", ""])
def test_another_host_name_is_refused(opens: Opens, host: str) -> None:
    assert opens().client.get(f"/{TOKEN}/", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8002", "http://127.0.0.1:1"])
def test_another_page_cannot_change_anything(opens: Opens, origin: str) -> None:
    window = opens()
    before = window.desk.text

    answer = window.post("raw", {"text": "gone"}, Origin=origin)

    assert (answer.status_code, window.desk.text) == (403, before)


def test_what_is_no_request_of_the_page_is_refused(opens: Opens) -> None:
    window = opens()
    own = {"Origin": f"http://{HOST}"}

    assert window.client.post(f"/{TOKEN}/save", json={}).status_code == 403
    assert window.client.post(f"/{TOKEN}/save", data={"version": "1"}, headers=own).status_code == 404
    assert (
        window.client.post(
            f"/{TOKEN}/save", content=b"{", headers={**own, "content-type": "application/json"}
        ).status_code
        == 400
    )
    assert window.post("destroy", {}).status_code == 404


@pytest.mark.parametrize(
    "edits",
    [
        [{"path": [], "value": "x"}],
        [{"path": ["episode"], "value": "x"}],
        [{"path": ["responses", 7, "said"], "value": "x"}],
        [{"path": ["responses", 7], "value": None}],
        [{"path": ["responses", "x"], "value": None}],
        [{"path": ["nonsense", "new"], "value": {}}],
        [{"path": ["responses", "new"], "value": "x"}],
        [{"path": ["responses", 0, "venom"], "value": "x"}],
        [{"path": ["responses", 0, "quote"], "value": {"words": "x"}}],
        ["x"],
    ],
)
def test_edits_that_make_no_sense_change_nothing(opens: Opens, edits: list[Any]) -> None:
    window = opens(yaml=ANSWER)

    state = window("edit", 409, edits=edits)

    assert state["failed"]
    assert window.desk.text == ANSWER


# ---- coding


def test_a_text_is_coded_saved_and_recorded(opens: Opens, positions: Positions) -> None:
    window = opens(name="2022-01-31-reply.txt")
    assert window.state["opened"] == ""
    for field, value in (("kind", "statement"), ("url", "https://example.org/reply")):
        window.set(f"episode.{field}", value)
    added = window("add", section="responses", words=window.words("not stop\nadmitting", "simply non-starters"))
    assert added["opened"] == "responses.0"
    window.set("responses.0.by", ["nato"])
    window.set("responses.0.basis", "stated")
    window.set("responses.0.stances.no-enlargement", {})
    assert "`stance` is missing" in window.state["check"]
    window.set("responses.0.stances.no-enlargement.stance", "non-starter")

    recorded = window("record")

    assert "r2 recorded: 2 added, 0 unchanged" in recorded["panel"]
    assert not window.draft.exists()
    [found] = positions.ask("nonstarters")
    assert found["quote"] == "simply non-starters … not stop admitting"
    assert window.file.read_text(encoding="utf-8") == positions("dump", "reply").stdout
    assert "NATO replies" in window.file.read_text(encoding="utf-8")


def test_the_episode_begins_with_what_the_text_and_its_name_say(opens: Opens) -> None:
    window = opens(name="2022-01-31-reply.txt")

    document = window.desk.document()

    assert document is not None
    assert (document["episode"]["id"], document["episode"]["title"]) == ("reply", "NATO replies")
    assert document["episode"]["published"] == "2022-01-31"
    assert not window.file.exists()


def test_a_text_whose_episode_is_recorded_begins_with_the_record(opens: Opens, positions: Positions) -> None:
    window = opens(name="talks.txt")

    assert window.desk.text == positions("dump", "talks").stdout


def test_words_that_stand_there_twice_are_marked_where_they_were_taken(opens: Opens) -> None:
    window = opens()
    second = window.words("open to discussing missiles")[0]
    second = [place + len("open to discussing missiles; it is ") for place in second]

    window("add", section="offers", words=[second])

    [passage] = window.state["passages"]
    assert passage["spans"] == [second]


def test_passages_that_overlap_or_lie_within_one_another_are_each_coded(opens: Opens) -> None:
    window = opens()
    for words in (
        "Certain proposals are simply",
        "are simply non-starters",
        "simply",
        "Certain proposals are simply non-starters",
    ):
        window("add", section="responses", words=window.words(words))

    spans = [passage["spans"][0] for passage in window.state["passages"]]

    assert spans == [
        window.words(words)[0]
        for words in (
            "Certain proposals are simply",
            "are simply non-starters",
            "simply",
            "Certain proposals are simply non-starters",
        )
    ]


def test_places_count_as_the_browser_counts(opens: Opens) -> None:
    window = opens(text="😀😀 we are open 😀")

    window("add", section="responses", words=[[5, 16]])

    [passage] = window.state["passages"]
    assert "quote: we are open" in window.desk.text
    assert passage["spans"] == [[5, 16]]


def test_more_than_thirty_words_are_said_at_once(opens: Opens) -> None:
    window = opens(text=" ".join(f"word{number}" for number in range(40)))

    window("add", section="responses", words=[[0, 230]])

    assert "a quotation may have at most 30" in window.state["check"]


def test_a_new_id_is_followed_by_all_that_names_it(opens: Opens) -> None:
    window = opens(yaml=ANSWER)
    window(
        "edit",
        edits=[
            {"path": ["actors", "new"], "value": {"id": "x", "kind": "person", "name": "A Person"}},
            {"path": ["responses", 0, "speaker"], "value": "x"},
            {"path": ["responses", 1, "by"], "value": ["us", "x"]},
        ],
    )

    window.set("actors.0.id", "a-person")

    document = window.desk.document()
    assert document is not None
    assert document["responses"][0]["speaker"] == "a-person"
    assert document["responses"][1]["by"] == ["us", "a-person"]


def test_a_new_demand_is_called_by_its_title_unless_that_is_taken(opens: Opens) -> None:
    window = opens()
    window("add", section="demands", words=window.words("stop admitting new members"))
    assert "id: stop-admitting-new-members" in window.desk.text

    window.set("demands.0.title", "No missiles")

    assert "id: no-missiles-2" in window.desk.text


@pytest.mark.parametrize("section", ["actors", "sides", "packages", "responses", "extends"])
def test_an_entry_is_added_without_words(opens: Opens, section: str) -> None:
    assert opens()("add", section=section, values={})["opened"] == f"{section}.0"


def test_a_new_entry_takes_over_day_and_basis_of_the_last_one(opens: Opens) -> None:
    window = opens(yaml=ANSWER)

    window("add", section="responses", words=window.words("new members"))

    document = window.desk.document()
    assert document is not None
    assert document["responses"][2] == {
        "id": "new-members",
        "said": "2022-01-31",
        "basis": "reported",
        "quote": "new members",
    }


def test_only_a_speaker_and_who_reports_can_be_persons(opens: Opens) -> None:
    window = opens(yaml=ANSWER + "actors:\n  - {id: blinken, kind: person, speaks_for: us, name: Antony Blinken}\n")
    window("add", section="demands", values={"title": "x", "by": ["us"], "speaker": "blinken"})

    choices = window.state["choices"]
    picks = dict(re.findall(r'id="demands\.0\.(\w+)"[^>]*data-pick="([^"]*)"', window.state["panel"]))

    assert {choice["id"] for choice in choices["person"]} == {"lavrov", "blinken"}
    assert {choice["id"] for choice in choices["actor"]} == {"russia", "us", "nato", "osce"}
    assert {name: picks[name] for name in ("by", "to", "affects")} == dict.fromkeys(("by", "to", "affects"), "actor")
    assert (picks["speaker"], picks["reported_by"]) == ("person", "actor person")


def test_a_new_speaker_speaks_for_the_only_actor_of_the_entry(opens: Opens) -> None:
    window = opens(yaml=ANSWER)
    window.set("responses.1.by", ["us", "nato"])
    for index, name in enumerate(("stoltenberg", "blinken")):
        window(
            "edit",
            edits=[
                {"path": ["actors", "new"], "value": {"id": name, "kind": "person", "name": name}},
                {"path": ["responses", index, "speaker"], "value": name},
            ],
        )

    document = window.desk.document()
    assert document is not None
    assert [actor.get("speaks_for") for actor in document["actors"]] == ["nato", None]


@pytest.mark.parametrize(
    ("before", "expected"), [({}, ["russia"]), ({"by": ["us"]}, ["us"]), ({"side": "russia"}, None)]
)
def test_the_actor_is_whom_the_speaker_speaks_for_unless_it_is_named(
    opens: Opens, before: dict[str, Any], expected: list[str] | None
) -> None:
    window = opens(yaml=ANSWER)
    window("add", section="demands", values={"title": "x", **before})

    window.set("demands.0.speaker", "lavrov")

    document = window.desk.document()
    assert document is not None
    assert document["demands"][0].get("by") == expected


def test_a_speaker_of_the_file_itself_names_the_actor_too(opens: Opens) -> None:
    window = opens(yaml=ANSWER + "actors:\n  - {id: blinken, kind: person, speaks_for: us, name: Antony Blinken}\n")
    window("add", section="responses")

    window.set("responses.2.speaker", "blinken")

    document = window.desk.document()
    assert document is not None
    assert document["responses"][2]["by"] == ["us"]


def shown_at_once(window: Window, field: str) -> bool:
    """Whether the open form shows the field without "More fields" being opened."""
    return f'id="{field}.field"' in window.state["panel"].partition("<summary>More fields")[0]


@pytest.mark.parametrize("path", ["responses.0.basis", "responses.0.stances.no-enlargement.basis"])
def test_who_reports_what_is_alleged_is_asked_at_once(opens: Opens, path: str) -> None:
    window = opens(yaml=ANSWER)
    window.set("responses.0.venue", "Geneva", opened="responses.0")
    assert not shown_at_once(window, "responses.0.reported_by")

    window.set(path, "alleged")

    assert shown_at_once(window, "responses.0.reported_by")
    assert window.state["panel"].count('id="responses.0.reported_by"') == 1


def test_whether_an_outcome_is_partial_is_asked_at_once(opens: Opens) -> None:
    window = opens(yaml=ANSWER)

    window("add", section="outcomes", values={"outcome": "agreed"})

    assert shown_at_once(window, "outcomes.0.in_part")


def test_a_new_entry_takes_over_nothing_from_one_that_is_alleged(opens: Opens) -> None:
    window = opens(yaml=ANSWER.replace("said: 2022-01-31\n    basis: reported", "said: 2022-01-12\n    basis: alleged"))

    window("add", section="responses", words=window.words("new members"))

    document = window.desk.document()
    assert document is not None
    assert document["responses"][2] == {"id": "new-members", "said": "2022-01-31", "quote": "new members"}


def test_selected_words_can_be_taken_as_the_condition_of_a_stance(opens: Opens) -> None:
    window = opens(yaml=ANSWER)
    path = ["responses", 0, "stances", "no-enlargement", "condition"]

    window.set(".".join(map(str, path)), {"words": window.words("new members")}, opened="responses.0")

    field = window.state["panel"].partition('id="responses.0.stances.no-enlargement.condition.field"')[2]
    assert 'data-do="words"' in field.partition("</div>")[0]
    assert "condition: new members" in window.desk.text


def test_several_entries_are_edited_at_once_as_one_step(opens: Opens) -> None:
    window = opens(yaml=ANSWER)

    window("edit", edits=[{"path": ["responses", index, "said"], "value": "2022-01-30"} for index in (0, 1)])
    assert window.desk.text.count("said: 2022-01-30") == 2
    window("undo")

    assert window.desk.text == ANSWER


def test_several_entries_are_removed_at_once(opens: Opens) -> None:
    window = opens(yaml=ANSWER)

    window("edit", edits=[{"path": ["responses", index], "value": None} for index in (0, 1)])

    assert "responses" not in window.desk.text


def test_each_step_is_undone_and_made_again(opens: Opens) -> None:
    window = opens(yaml=ANSWER)
    for title in ("One", "Two"):
        window.set("episode.title", title, what="" if title == "One" else "title")
    window.set("episode.title", "Two and a half", what="title")

    window("undo")
    assert "title: One\n" in window.desk.text
    window("redo")
    assert "title: Two and a half\n" in window.desk.text
    window("undo")
    window("undo")

    assert window.desk.text == ANSWER
    assert not window.draft.exists()


def test_faults_and_plan_are_those_of_record(opens: Opens, positions: Positions) -> None:
    window = opens(yaml=ANSWER)
    assert "nato on no-enlargement" in window.state["check"]

    window.set("responses.0.by", ["natoo"])
    window("save")

    [told] = positions("record", str(window.file), exit_code=1).stderr.splitlines()
    message = told.rpartition(": ")[2] if "did you mean" not in told else told.split(": ", 1)[1]
    assert "did you mean nato" in message
    assert "did you mean nato" in window.state["check"]
    assert "1 to do" in window.state["check"]


def test_a_file_with_faults_is_saved_but_not_recorded(opens: Opens, positions: Positions) -> None:
    window = opens(yaml=ANSWER)
    window.set("responses.0.basis", None)

    window("record", 409)
    assert window.file.read_text(encoding="utf-8") == ANSWER
    window("save")

    assert "basis: stated" not in window.file.read_text(encoding="utf-8")
    assert [row["revision"] for row in positions.ask("log")] == [1]


# ---- the file


def test_what_is_saved_is_what_dump_writes(opens: Opens, positions: Positions) -> None:
    window = opens(
        yaml=ANSWER.replace("by:\n      - nato", "by: nato").replace(
            "no-enlargement: non-starter", "no-enlargement: {stance: non-starter}"
        )
    )
    window.set("responses.0.by", ["us", "nato"])
    window("record")

    assert window.file.read_text(encoding="utf-8") == positions("dump", "reply").stdout


def test_the_file_with_comments_is_kept_beside_the_one_without(opens: Opens) -> None:
    commented = ANSWER.replace("responses:", "# why this is coded\nresponses:")
    window = opens(yaml=commented)
    window.set("episode.title", "Another")
    assert "leaves out the 1 line of comment" in window.state["panel"]

    window("save")

    assert "#" not in window.file.read_text(encoding="utf-8")
    assert window.file.with_name("reply.yaml.old").read_text(encoding="utf-8") == commented
    assert "kept as reply.yaml.old" in window.state["panel"]


def test_the_line_that_names_the_schema_stays(opens: Opens) -> None:
    line = "# yaml-language-server: $schema=episode.schema.json\n"
    window = opens(yaml=line + ANSWER)
    window.set("episode.title", "Another")

    window("save")

    assert window.file.read_text(encoding="utf-8") == line + ANSWER.replace("A reply", "Another")


def test_saving_what_is_saved_writes_nothing(opens: Opens) -> None:
    window = opens(yaml=ANSWER)
    before = window.file.stat().st_mtime_ns

    window("save")

    assert window.file.stat().st_mtime_ns == before


def test_the_whole_file_can_be_edited_as_yaml_and_faults_name_the_line(opens: Opens) -> None:
    window = opens(yaml=ANSWER)

    window("raw", text=ANSWER.replace("basis: stated", "basis: staid"), opened="yaml")
    assert "line 13" in window.state["check"]
    window("raw", text="format: [", opened="yaml")
    assert "not valid YAML" in window.state["check"]
    window("edit", 409, edits=[{"path": ["episode", "title"], "value": "x"}])
    window("undo")

    assert window.desk.text == ANSWER


# ---- nothing is lost


def test_a_desk_that_is_killed_is_brought_back_by_its_draft(opens: Opens) -> None:
    window = opens(yaml=ANSWER)
    window.set("episode.title", "Half done")

    again = opens(text=None)

    assert "title: Half done" in again.desk.text
    assert "has been brought back from the draft" in again.state["panel"]
    assert again.file.read_text(encoding="utf-8") == ANSWER
    again("discard")
    assert again.desk.text == ANSWER


def test_a_change_by_another_program_is_noticed_and_never_overwritten(opens: Opens) -> None:
    window = opens(yaml=ANSWER)
    window.set("episode.title", "Mine")
    theirs = ANSWER.replace("A reply", "Theirs")
    window.file.write_text(theirs, encoding="utf-8")

    window("save", 409)
    assert "was changed by another program" in window.state["panel"]
    assert window.file.read_text(encoding="utf-8") == theirs
    window("take")
    assert window.desk.text == theirs
    window("undo")
    assert "title: Mine" in window.desk.text
    window("save")

    assert window.file.read_text(encoding="utf-8") == ANSWER.replace("A reply", "Mine")


def test_the_version_here_replaces_the_other_one_only_when_told(opens: Opens) -> None:
    window = opens(yaml=ANSWER)
    window.set("episode.title", "Mine")
    window.file.write_text("format: 1\nepisode: {id: other}\n", encoding="utf-8")
    window("save", 409)

    window("insist")
    window("save")

    assert window.file.read_text(encoding="utf-8") == ANSWER.replace("A reply", "Mine")


def test_a_file_that_was_changed_while_the_desk_was_closed_is_noticed(opens: Opens) -> None:
    opens(yaml=ANSWER).set("episode.title", "Mine")
    window = opens(text=None, yaml=ANSWER.replace("A reply", "Theirs"))

    assert "title: Mine" in window.desk.text
    assert "was changed by another program" in window.state["panel"]
    window("save", 409)

    assert "title: Theirs" in window.file.read_text(encoding="utf-8")


def test_a_page_learns_of_a_change_by_another_program_when_it_asks(opens: Opens) -> None:
    window = opens(yaml=ANSWER)
    address = f"/{TOKEN}/state?version={window.state['version']}"
    assert window.client.get(address).status_code == 204

    window.file.unlink()

    assert "was changed by another program" in window.client.get(address).json()["panel"]
    assert window.client.get(f"{address}&changed").status_code == 204


def test_two_windows_do_not_overwrite_each_other(opens: Opens) -> None:
    window = opens(yaml=ANSWER)
    other = Window(window.desk, window.text)
    window.set("episode.title", "First")

    state = other("edit", 409, edits=[{"path": ["episode", "title"], "value": "Second"}])

    assert "changed in another window" in state["panel"]
    assert "title: First" in window.desk.text
    other.set("episode.title", "Second")
    assert "title: Second" in window.desk.text


def test_two_desks_do_not_overwrite_each_other(opens: Opens) -> None:
    first = opens(yaml=ANSWER)
    second = opens(text=None)
    first.set("episode.title", "First")

    second("edit", 409, edits=[{"path": ["episode", "title"], "value": "Second"}])

    assert "open at another desk" in second.state["panel"]
    assert "title: First" in first.draft.read_text(encoding="utf-8")


# ---- a text that has changed


def test_quotations_that_are_no_longer_in_the_text_are_listed_with_what_is_there_instead(opens: Opens) -> None:
    window = opens(text=TEXT.replace("simply non-starters", "quite simply non-starters"), yaml=ANSWER)

    assert "Certain proposals are simply non-starters" in window.state["panel"].partition('id="lost"')[2]
    assert "Certain proposals are quite simply</span>" in window.state["panel"]
    assert [passage["look"] for passage in window.state["passages"]] == ["open"]


def test_a_text_that_grows_above_shifts_nothing(opens: Opens) -> None:
    window = opens(text="A new first paragraph.\n\n" + TEXT, yaml=ANSWER)

    assert [passage["spans"] for passage in window.state["passages"]] == [
        [span] for span in window.words("Certain proposals are simply non-starters", "is open to discussing missiles")
    ]


def test_another_copy_of_the_text_is_told(opens: Opens) -> None:
    window = opens(yaml=ANSWER.replace("responses:", f"  text_sha256: {'0' * 64}\nresponses:", 1))

    assert "is not the very file" in window.state["panel"]


# ---- hostile texts, and the command


def test_hostile_text_is_text(opens: Opens) -> None:
    window = opens(text=f"<script>alert(1)</script> \u202egnp.exe & </p>\n{'x' * 1_000_000}\n")

    page = window.client.get(f"/{TOKEN}/").text

    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert max(len(line) for line in page.splitlines() if line.startswith("<p data-at")) < 5_000
    window("add", section="demands", words=[[0, 40]])
    assert "<script>alert" not in window.state["panel"]
    assert "\u202e" not in window.state["panel"]


@pytest.mark.parametrize("content", ["version: 3\nservices: {}\n", "not yaml: [", "\x00\x01"])
def test_a_file_that_is_no_episode_file_is_left_alone(positions: Positions, tmp_path: Path, content: str) -> None:
    text, file = tmp_path / "talk.txt", tmp_path / "other.yaml"
    text.write_text("words", encoding="utf-8")
    file.write_text(content, encoding="utf-8")

    told = positions("code", str(text), str(file), "--no-browser", exit_code=1).stderr

    assert "is not an episode file" in told
    assert file.read_text(encoding="utf-8") == content


def test_a_text_that_is_not_there_and_an_episode_file_in_its_place_are_told(
    positions: Positions, tmp_path: Path
) -> None:
    (tmp_path / "reply.yaml").write_text(ANSWER, encoding="utf-8")

    assert "cannot be read" in positions("code", str(tmp_path / "no.txt"), exit_code=1).stderr
    assert "is an episode file" in positions("code", str(tmp_path / "reply.yaml"), exit_code=1).stderr
    assert not (tmp_path / ".reply.yaml.draft").exists()


def test_the_shipped_episodes_are_saved_as_dump_writes_them(
    record: Callable[..., Output], positions: Positions, opens: Opens
) -> None:
    record(ANSWER)
    for episode, yaml in (("talks", TALKS), ("reply", ANSWER)):
        window = opens(yaml=yaml, name=f"{episode}.txt")
        window.set("episode.summary", "x")
        window.set("episode.summary", None)
        window("save")

        assert window.file.read_text(encoding="utf-8") == positions("dump", episode).stdout
