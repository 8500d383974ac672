"""`positions log`: what was recorded, when, by whom and why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from tests.conftest import TALKS, Output, Positions

Record = Callable[..., Output]
KEYS = "revision recorded_at recorded_by message file_sha256 digest added corrected retracted"


def test_revisions_are_listed_with_the_newest_first(positions: Positions, record: Record) -> None:
    record(TALKS, "-m", "first look")
    record(TALKS.replace("Talks on missiles", "Talks on some missiles"), "-m", "read again")

    found = positions.ask("log")

    assert [(one["revision"], one["message"]) for one in found] == [(2, "read again"), (1, "first look")]
    table = positions("log").stdout
    assert table.index("read again") < table.index("first look")


def test_a_revision_has_the_keys_of_the_contract(positions: Positions, record: Record) -> None:
    record(TALKS)

    [one] = positions.ask("log")

    assert " ".join(one) == KEYS
    assert len(one["file_sha256"]) == 64


def test_a_revision_names_what_it_added_corrected_and_retracted(positions: Positions, record: Record) -> None:
    answer = "responses: [{id: it, by: nato, said: 2022-01-14, basis: stated, quote: no, stances: {no-missiles: open}}]"
    record(TALKS + answer)
    corrected = TALKS.replace("Talks on missiles", "Talks on some missiles")
    record(corrected, "--replace")

    newest, first = positions.ask("log")

    assert {"talks", "nato", "no-missiles", "missile-talks", "talks/it"} <= set(first["added"])
    assert first["corrected"] == first["retracted"] == newest["added"] == []
    assert (newest["corrected"], newest["retracted"]) == (["missile-talks"], ["talks/it"])
    [line] = [line for line in positions("log").stdout.splitlines() if line.startswith("r2")]
    assert "~ 1 corrected; - 1 retracted" in line


def test_the_time_of_recording_is_told_in_utc_and_never_goes_back(positions: Positions, record: Record) -> None:
    record(TALKS)
    record(TALKS.replace("no more members", "no further members"))

    times = [datetime.fromisoformat(one["recorded_at"]) for one in positions.ask("log")]

    assert {time.utcoffset() for time in times} == {timedelta(0)}
    assert times == sorted(times, reverse=True)
    assert "Recorded (UTC)" in positions("log").stdout


def test_the_person_at_the_machine_is_the_one_who_recorded(positions: Positions, tmp_path: Path) -> None:
    path = tmp_path / "talks.yaml"
    path.write_text(TALKS, encoding="utf-8")

    positions("record", str(path), LOGNAME="ana")

    assert [one["recorded_by"] for one in positions.ask("log")] == ["ana"]


def test_what_changed_nothing_is_not_in_the_log(positions: Positions, record: Record) -> None:
    record(TALKS, "--dry-run")
    assert "Nothing has been recorded yet." in positions("log").stdout
    assert positions.ask("log") == []

    record(TALKS)
    record(TALKS)

    assert len(positions.ask("log")) == 1


def test_a_revision_of_the_log_can_be_asked_about(positions: Positions, record: Record) -> None:
    record(TALKS)
    record(TALKS[: TALKS.index("offers:")], "--replace")
    newest, first = positions.ask("log")

    assert positions.ask("offers", "--known-at", f"r{newest['revision']}") == []
    assert len(positions.ask("offers", "--known-at", f"r{first['revision']}")) == 1


def test_the_log_of_a_new_database_begins_with_episode_1(seeded: Positions) -> None:
    [one] = seeded.ask("log")

    assert (one["revision"], one["message"]) == (1, "Episode 1, as shipped")
    assert "episode-1/core-non-starters" in one["added"]
