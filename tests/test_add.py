"""`positions add`: one entry at a time, without a file, by the same rules as a file."""

import os
import select
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Self

import pytest
from typer.main import get_group

from positions import database
from positions.commands.add import app
from positions.episode_file.schema import SECTIONS, Entry, EpisodeEntry
from positions.errors import UnknownIdError
from positions.recording import additions
from tests.conftest import Output, Positions

Record = Callable[..., Output]
PROGRAM = "from positions.app import app; app(prog_name='positions')"
PATIENCE = 20.0

pytestmark = pytest.mark.usefixtures("talks")

REFUSAL = ("--by", "nato", "--said", "2022-01-26", "--stance", "no-enlargement=non-starter", "--quote", "we will not")
DEMAND = (
    *("demand", "--episode", "talks", "--id", "no-exercises", "--by", "russia", "--to", "nato", "--to", "us"),
    *("--topic", "exercises", "--title", "No exercises nearby", "--made", "2022-01-26"),
)


@pytest.fixture
def add(positions: Positions) -> Record:
    """Add to the record: `add("actor", "--id", …)`."""

    def run(*words: str, exit_code: int = 0) -> Output:
        return positions("add", *words, exit_code=exit_code)

    return run


@pytest.fixture
def respond(add: Record) -> Record:
    """Add a response to the episode of the talks: `respond("--by", …)`."""

    def run(*words: str, exit_code: int = 0) -> Output:
        return add("response", "--episode", "talks", *words, exit_code=exit_code)

    return run


# ---- what can be added


def test_an_episode_is_added_with_nothing_in_it(positions: Positions, add: Record) -> None:
    told = add(
        *("episode", "--id", "press", "--kind", "statement", "--title", "A press conference"),
        *(
            "--published",
            "2022-02-02",
            "--url",
            "https://example.org/press",
            "--author",
            "Ana",
            "--publisher",
            "The Day",
        ),
        *("--language", "en", "--read", "part", "--missing", "the questions", "--summary", "What was said there"),
        *("--event", "The first talk"),
    )

    assert told.stdout.splitlines() == ["press", "  + episode press", "r2 recorded: 1 added, 0 unchanged"]
    one = positions.ask("episode", "press")
    assert (one["title"], one["published"], one["author"]) == ("A press conference", "2022-02-02", "Ana")
    assert "missing: the questions" in positions("dump", "press").stdout
    assert "event: The first talk" in positions("dump", "press").stdout


def test_a_person_is_added_to_the_episode_that_shows_it(positions: Positions, add: Record) -> None:
    add(
        *("actor", "--episode", "talks", "--id", "burns", "--kind", "person", "--name", "William Burns"),
        *("--speaks-for", "us", "--role", "Director"),
    )

    [burns] = [one for one in positions.ask("actors") if one["id"] == "burns"]
    assert (burns["name"], burns["speaks_for"], burns["side"], burns["role"]) == (
        *("William Burns", "us"),
        *("west", "Director"),
    )


def test_a_demand_is_added_with_what_ties_it_to_others(positions: Positions, add: Record) -> None:
    add(
        *DEMAND,
        *("--speaker", "lavrov", "--quote", "no exercises", "--affects", "osce", "--part-of", "no-missiles"),
        *("--alternative-to", "no-enlargement", "--text", "At length", "--url", "https://example.org/exercises"),
    )

    one = positions.ask("item", "no-exercises")
    assert (one["by"], one["to"], one["affects"]) == (["russia"], ["nato", "us"], ["osce"])
    assert (one["part_of"], one["alternative_to"], one["basis"]) == (["no-missiles"], ["no-enlargement"], "stated")


def test_an_offer_may_belong_to_a_side_alone(positions: Positions, add: Record) -> None:
    add(
        *("offer", "--episode", "talks", "--id", "exercise-talks", "--side", "west", "--to", "russia"),
        *("--topic", "exercises", "--title", "Talks on exercises", "--made", "../2022-01-26"),
        *("--basis", "alleged", "--reported-by", "lavrov", "--quote", "ready to talk", "--answers", "no-missiles"),
    )

    one = positions.ask("item", "exercise-talks")
    assert (one["kind"], one["by"], one["side"], one["answers"]) == ("offer", [], "west", ["no-missiles"])


def test_a_response_is_added_and_its_turn_is_shown(positions: Positions, respond: Record) -> None:
    told = respond(*REFUSAL, "--basis", "stated", "--wording", "a non-starter", "--venue", "Brussels")

    assert "+ response talks/nato-2022-01-26" in told.stdout
    assert "nato on no-enlargement: – -> non-starter" in told.stdout
    [refusal] = positions.ask("nonstarters")
    assert (refusal["wording"], refusal["quote"], refusal["response"]) == (
        *("a non-starter", "we will not"),
        "nato-2022-01-26",
    )


def test_a_response_can_repeat_and_take_up_without_a_stance(positions: Positions, respond: Record) -> None:
    respond(
        *("--by", "russia", "--said", "2022-01-26", "--repeats", "no-missiles", "--repeats", "no-enlargement"),
        *("--about", "missile-talks", "--basis", "reported", "--quote", "as we said"),
    )

    assert positions.ask("item", "no-missiles")["times_said"] == 2
    assert positions.ask("item", "no-enlargement")["times_said"] == 2
    assert "missile-talks" in positions("dump", "talks").stdout.partition("about:")[2]


def test_an_outcome_is_added_and_named_after_its_item(positions: Positions, add: Record) -> None:
    told = add(
        *("outcome", "--episode", "talks", "--items", "no-missiles", "--outcome", "withdrawn", "--on", "2022-01-26"),
        *("--by", "russia", "--in-part"),
    )

    assert "+ outcome talks/withdrawn-no-missiles" in told.stdout
    assert positions.ask("item", "no-missiles")["status"] == "withdrawn in part"


def test_several_items_can_be_superseded_by_one(positions: Positions, add: Record) -> None:
    add(
        *("outcome", "--episode", "talks", "--item", "no-missiles", "--item", "missile-talks", "--id", "new-draft"),
        *("--outcome", "superseded", "--superseded-by", "no-enlargement", "--on", "2022-01"),
        *("--quote", "one draft for all", "--basis", "stated", "--speaker", "lavrov", "--by", "russia"),
    )

    assert positions.ask("item", "missile-talks")["status"] == "superseded"


def test_what_was_added_is_in_the_dumped_file_and_records_to_nothing(
    positions: Positions, record: Record, respond: Record
) -> None:
    respond(*REFUSAL, "--basis", "stated")

    assert "nothing to record (12 unchanged)" in record(positions("dump", "talks").stdout).stdout


def test_every_option_of_add_is_a_field_of_its_entry() -> None:
    beside = {"episode", "stance", "wording", "condition", "dry_run", "again", "message", "format"}

    kinds: dict[str, type[Entry]] = {"episode": EpisodeEntry, **SECTIONS}
    for section, kind in kinds.items():
        command = get_group(app).commands.get(section.removesuffix("s"))
        if command is not None:
            assert {option.name for option in command.params} - beside <= {"help", *kind.model_fields}, section


@pytest.mark.slow
def test_the_example_in_the_help_of_each_addition_works(positions: Positions) -> None:
    for command in app.registered_commands:
        _, _, example = str(command.help or command.callback.__doc__).partition("Example: positions ")
        assert "1 added" in positions(*shlex.split(example)).stdout

    assert len(positions.ask("log")) == 1 + 6


# ---- the id and the basis of a response


def test_a_response_is_called_after_its_speaker_and_numbered(respond: Record) -> None:
    words = ("--by", "russia", "--speaker", "lavrov", "--said", "2022-01-10/2022-01-12", "--repeats", "no-missiles")

    told = [respond(*words, "--quote", f"no missiles, {number}").stdout for number in range(3)]

    assert "+ response talks/lavrov-2022-01-10-2022-01-12\n" in told[0]
    assert "+ response talks/lavrov-2022-01-10-2022-01-12-2\n" in told[1]
    assert "+ response talks/lavrov-2022-01-10-2022-01-12-3\n" in told[2]


def test_an_id_that_was_taken_back_is_not_given_to_another_response(
    positions: Positions, record: Record, respond: Record
) -> None:
    before = positions("dump", "talks").stdout
    respond(*REFUSAL, "--basis", "stated")
    record(before, "--replace")

    assert "+ response talks/nato-2022-01-26-2\n" in respond(*REFUSAL, "--basis", "stated").stdout


def test_quoted_words_of_a_speaker_are_stated(positions: Positions, respond: Record) -> None:
    words = ("--by", "russia", "--speaker", "lavrov", "--said", "2022-01-26", "--quote", "we could")

    respond(*words, "--stance", "missile-talks=negotiable", "--condition", "all of them")

    [one] = positions.ask("history", "--item", "missile-talks")
    assert (one["basis"], one["condition"], one["speaker"]) == ("stated", "all of them", "lavrov")


def test_without_a_speaker_the_basis_must_be_given(positions: Positions, respond: Record) -> None:
    told = respond(*REFUSAL, exit_code=2).stderr

    assert "missing --basis" in told
    assert positions.ask("nonstarters") == []


# ---- what is refused


def test_in_a_pipe_every_missing_option_is_named(respond: Record) -> None:
    told = " ".join(respond("--by", "nato", exit_code=2).stderr.replace("│", " ").split())

    assert "missing --said, --stance or --repeats or --about, --quote or --summary, --basis" in told


@pytest.mark.parametrize("stances", [(), ("--stance", "no-enlargement=open", "--stance", "no-missiles=open")])
def test_a_label_goes_with_exactly_one_stance(respond: Record, stances: tuple[str, ...]) -> None:
    words = ("--by", "nato", "--said", "2022-01-26", "--about", "missile-talks", "--quote", "yes", "--basis", "stated")

    for option in ("--wording", "--condition"):
        assert option in respond(*words, *stances, option, "fine", exit_code=2).stderr


@pytest.mark.parametrize("stance", ["no-enlargement", "no-enlargement=maybe", "=open", ""])
def test_a_malformed_stance_is_wrong_usage(respond: Record, stance: str) -> None:
    words = ("--by", "nato", "--said", "2022-01-26", "--quote", "yes", "--basis", "stated")

    assert "--stance" in respond(*words, "--stance", stance, exit_code=2).stderr


def test_two_stances_on_one_item_are_wrong_usage(respond: Record) -> None:
    told = respond(*REFUSAL, "--stance", "no-enlargement=open", "--basis", "stated", exit_code=2)

    assert "twice" in told.stderr


def test_a_malformed_day_is_wrong_usage(respond: Record) -> None:
    told = respond(*REFUSAL, "--basis", "stated", "--said", "2022-02-30", exit_code=2).stderr

    assert "--said" in told
    assert "calendar" in told


def test_faults_are_named_by_field_all_at_once(positions: Positions, respond: Record) -> None:
    told = respond(
        *("--by", "natto", "--said", "2022-02-26", "--stance", "no-enlargment=open", "--basis", "stated"),
        *("--quote", "yes " * 31),
        exit_code=1,
    )

    assert told.stderr.splitlines() == [
        "add response: by[0]: no actor has the id 'natto' (did you mean nato?)",
        "add response: quote: has 31 words; a quotation may have at most 30",
        "add response: said: 2022-02-26 is after the day of publication, 2022-01-31",
        "add response: stances.no-enlargment: no item has the id 'no-enlargment' (did you mean no-enlargement?)",
    ]
    assert told.stdout == ""
    assert len(positions.ask("log")) == 1


def test_a_rule_between_fields_is_kept(respond: Record) -> None:
    told = respond(
        *("--by", "nato", "--said", "2022-01-26", "--stance", "no-enlargement=open", "--basis", "stated"),
        *("--summary", "It would"),
        exit_code=1,
    )

    assert "needs the actor's own words as `quote`" in told.stderr


def test_an_empty_text_is_refused_not_asked_for(add: Record) -> None:
    assert (
        "name: is empty"
        in add(
            *("actor", "--episode", "talks", "--id", "eu", "--kind", "organisation", "--name", " "), exit_code=1
        ).stderr
    )


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (
            "episode talks",
            ("episode", "--id", "talks", "--kind", "article", "--title", "T", "--published", "2022-01-31"),
        ),
        ("actor nato", ("actor", "--episode", "talks", "--id", "nato", "--kind", "alliance", "--name", "The Alliance")),
        ("demand no-missiles", (*DEMAND, "--id", "no-missiles", "--basis", "reported", "--quote", "none")),
        (
            "response talks/it",
            ("response", "--episode", "talks", *REFUSAL, "--basis", "stated", "--id", "it", "--quote", "never"),
        ),
    ],
)
def test_what_the_record_holds_is_never_corrected(
    positions: Positions, add: Record, respond: Record, what: str, words: tuple[str, ...]
) -> None:
    respond(*REFUSAL, "--basis", "stated", "--id", "it")

    told = add(*words, exit_code=1).stderr

    assert f"{what} is already recorded" in told
    assert "positions dump talks" in told
    assert "positions record" in told
    assert len(positions.ask("log")) == 2


def test_an_actor_of_another_episode_is_refused_naming_its_owner(add: Record) -> None:
    add("episode", "--id", "press", "--kind", "article", "--title", "T", "--published", "2022-01-31")

    told = add("actor", "--episode", "press", "--id", "nato", "--kind", "alliance", "--name", "NATO", exit_code=1)

    assert "positions dump talks" in told.stderr


def test_an_id_of_a_demand_cannot_be_that_of_an_offer(add: Record) -> None:
    told = add(
        *("offer", *DEMAND[1:], "--id", "no-missiles", "--basis", "reported", "--quote", "none"), exit_code=1
    ).stderr

    assert "add offer: id: no-missiles is already the id of a demand in talks" in told


def test_an_episode_that_is_not_there_is_an_error_with_the_nearest(add: Record) -> None:
    told = add("actor", "--episode", "talk", "--id", "eu", "--kind", "state", "--name", "EU", exit_code=1).stderr

    assert "no episode has the id 'talk'" in told
    assert "talks" in told


def test_what_was_taken_back_needs_again(positions: Positions, record: Record, respond: Record) -> None:
    before = positions("dump", "talks").stdout
    words = (*REFUSAL, "--basis", "stated", "--id", "it")
    respond(*words)
    record(before, "--replace", "--message", "coded twice")

    told = respond(*words, exit_code=1).stderr
    assert "response talks/it was retracted in r3 (coded twice)" in told
    assert "--again" in told
    assert positions.ask("nonstarters") == []

    respond(*words, "--again")
    assert len(positions.ask("nonstarters")) == 1


def test_a_library_is_told_of_an_unknown_episode_too(db: str) -> None:
    with database.reading(db) as connection, pytest.raises(UnknownIdError):
        additions.addition(connection, "nowhere", "actors", {"id": "eu", "kind": "state", "name": "EU"})


# ---- as with record


def test_a_dry_run_shows_the_plan_and_records_nothing(positions: Positions, respond: Record) -> None:
    told = respond(*REFUSAL, "--basis", "stated", "--dry-run").stdout

    assert "+ response talks/nato-2022-01-26" in told
    assert "dry run, would record: 1 added" in told
    assert len(positions.ask("log")) == 1


def test_the_plan_is_the_same_json_as_of_record(respond: Record) -> None:
    [plan] = respond(*REFUSAL, "--basis", "stated", "--format", "json").json

    assert plan["added"] == ["talks/nato-2022-01-26"]
    assert (plan["file"], plan["kept"], plan["revision"], plan["episode"]) == (None, [], 2, "talks")


def test_the_log_tells_why_and_knows_no_file(positions: Positions, respond: Record) -> None:
    respond(*REFUSAL, "--basis", "stated")
    respond(*REFUSAL, "--basis", "stated", "--message", "said again")

    newest, before, _ = positions.ask("log")
    assert (newest["message"], before["message"]) == ("said again", "add response talks/nato-2022-01-26")
    assert newest["file_sha256"] is None


# ---- on a terminal


class Terminal:
    """A terminal on which `positions` runs: it waits for words, and types."""

    def __init__(self, db: str, *words: str) -> None:
        import pty  # noqa: PLC0415

        self._ours, theirs = pty.openpty()
        self._shown = ""
        self.program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *words],
            env={**os.environ, "POSITIONS_DB": db, "TERM": "dumb", "COLUMNS": "200"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.program.kill()
        self.program.wait()
        os.close(self._ours)

    def answers(self, question: str, answer: str) -> str:
        """Wait for `question`, type `answer`, and return what was shown until then."""
        shown = self.shows(question)
        self.shows("> ")
        self.types(answer)
        return shown

    def types(self, text: str) -> None:
        """Type a line."""
        os.write(self._ours, f"{text}\n".encode())

    def shows(self, words: str) -> str:
        """Wait for `words`, and return what was shown since the last ones."""
        end = time.monotonic() + PATIENCE
        while words not in self._shown:
            ready, _, _ = select.select([self._ours], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{words!r} was not shown, but {self._shown!r}"
            self._shown += os.read(self._ours, 4096).decode()
        before, _, self._shown = self._shown.partition(words)
        return before + words


ON_A_TERMINAL = pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("stty") is None, reason="no pseudo-terminals"
)


@ON_A_TERMINAL
def test_a_terminal_is_asked_for_what_is_missing_and_sees_the_plan_first(positions: Positions) -> None:
    with Terminal(positions.db, "add", "response", "--episode", "talks") as terminal:
        shown = terminal.answers("by: ", "natto")
        assert "west: nato, us" in shown
        assert "lavrov" not in shown  # nothing is by a person
        assert "did you mean nato?" in terminal.answers("by: ", "nato us")
        terminal.answers("said: ", "last week")
        terminal.answers("said: ", "2022-01-26")
        assert "missiles: missile-talks, no-missiles" in terminal.answers("stance (ITEM=STANCE): ", "no-missiles")
        assert "is not ITEM=STANCE" in terminal.answers("stance (ITEM=STANCE): ", "no-missiles=opne")
        assert "did you mean open?" in terminal.answers("stance (ITEM=STANCE): ", "no-missiles=negotiable")
        terminal.answers("condition: ", "all of them")
        terminal.answers("quote: ", "we have heard it")
        assert "stated, reported, alleged, inferred" in terminal.answers("basis: ", "stated")
        terminal.answers("url: ", "")
        assert "+ response talks/nato-2022-01-26" in terminal.shows("Record this? [y/n]")
        assert len(positions.ask("log")) == 1
        terminal.types("y")
        terminal.shows("r2 recorded: 1 added")
        assert terminal.program.wait(PATIENCE) == 0

    assert positions.ask("log")[0]["added"] == ["talks/nato-2022-01-26"]
    assert {one["condition"] for one in positions.ask("history")} == {"all of them"}


@pytest.mark.slow
@ON_A_TERMINAL
def test_a_plan_that_is_turned_down_records_nothing(positions: Positions) -> None:
    words = ("--episode", "talks", "--kind", "person", "--name", "William Burns", "--speaks-for", "us")
    with Terminal(positions.db, "add", "actor", *words) as terminal:
        terminal.answers("id: ", "burns")
        terminal.shows("Record this? [y/n]")
        terminal.types("n")
        terminal.shows("Aborted")
        assert terminal.program.wait(PATIENCE) == 1

    assert len(positions.ask("log")) == 1


@pytest.mark.slow
@ON_A_TERMINAL
def test_a_rule_between_fields_keeps_what_was_typed_and_asks_again(positions: Positions) -> None:
    words = ("--episode", "talks", "--by", "nato", "--said", "2022-01-26", "--about", "no-missiles")
    with Terminal(positions.db, "add", "response", *words) as terminal:
        terminal.answers("quote: ", "")
        terminal.answers("summary: ", "NATO took note of it")
        terminal.answers("basis: ", "stated")
        terminal.answers("url: ", "")
        shown = terminal.answers("quote: ", "we take note")
        assert "needs the actor's own words as `quote`" in shown
        terminal.answers("(Enter: stated; -: none)", "")
        terminal.shows("Record this? [y/n]")
        terminal.types("y")
        terminal.shows("r2 recorded: 1 added")

    assert "summary: NATO took note of it" in positions("dump", "talks").stdout
    assert "we take note" in positions("dump", "talks").stdout


@pytest.mark.slow
@ON_A_TERMINAL
def test_an_id_that_is_taken_is_asked_for_again(positions: Positions) -> None:
    words = ("--episode", "talks", "--kind", "organisation", "--name", "European Union", "--side", "west")
    with Terminal(positions.db, "add", "actor", *words) as terminal:
        terminal.answers("id: ", "osce")
        assert "actor osce is already recorded" in terminal.answers("id: ", "eu")
        terminal.shows("Record this? [y/n]")
        terminal.types("y")
        terminal.shows("r2 recorded: 1 added")

    assert "eu" in [one["id"] for one in positions.ask("actors")]


@pytest.mark.slow
@ON_A_TERMINAL
def test_a_record_that_moved_meanwhile_is_planned_again(positions: Positions) -> None:
    words = ("--episode", "talks", "--kind", "organisation", "--name", "European Union", "--side", "west")
    with Terminal(positions.db, "add", "actor", *words) as terminal:
        terminal.answers("id: ", "eu")
        terminal.shows("Record this? [y/n]")
        positions("add", "response", "--episode", "talks", *REFUSAL, "--basis", "stated")
        terminal.types("y")
        assert "the record has changed since this plan was made" in terminal.shows("Record this? [y/n]")
        terminal.types("y")
        terminal.shows("r3 recorded: 1 added")


@pytest.mark.slow
@ON_A_TERMINAL
def test_a_speaker_is_asked_for_where_somebody_speaks_for_the_actor(positions: Positions) -> None:
    words = ("--episode", "talks", "--said", "2022-01-26", "--repeats", "no-missiles", "--quote", "we insist")
    with Terminal(positions.db, "add", "response", *words, "--dry-run") as terminal:
        terminal.answers("by: ", "russia")
        assert "russia: lavrov" in terminal.answers("speaker: ", "lavrov")
        terminal.answers("url: ", "https://example.org/press")
        terminal.shows("dry run, would record: 1 added")
        assert terminal.program.wait(PATIENCE) == 0


@pytest.mark.slow
@ON_A_TERMINAL
def test_whoever_gives_every_option_is_asked_nothing(positions: Positions) -> None:
    with Terminal(positions.db, "add", "response", "--episode", "talks", *REFUSAL, "--basis", "stated") as terminal:
        assert "Record this?" not in terminal.shows("r2 recorded: 1 added")
        assert terminal.program.wait(PATIENCE) == 0


@pytest.mark.slow
@ON_A_TERMINAL
def test_whoever_stops_answering_has_recorded_nothing(positions: Positions) -> None:
    with Terminal(positions.db, "add", "actor", "--episode", "talks", "--id", "eu") as terminal:
        terminal.answers("kind: ", "union")
        terminal.answers("kind: ", "organisation")
        terminal.answers("name: ", "\x04")
        terminal.shows("Aborted")
        assert terminal.program.wait(PATIENCE) == 1

    assert len(positions.ask("log")) == 1
