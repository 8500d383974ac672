"""`positions draft`: an episode file to fill in, with what is on the table as comments."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]

TITLED = ("--title", "The written replies", "--published", "2022-02-02")


def drafted(positions: Positions, path: Path, *options: str) -> str:
    """The text of a new draft at `path`."""
    positions("draft", str(path), *TITLED, *options)
    return path.read_text(encoding="utf-8")


def without_marks(text: str) -> str:
    """A draft of which every example was brought to life."""
    lines = [line for line in text.splitlines()[1:] if not line.startswith("##")]
    return "\n".join(re.sub(r"^( *)# ", r"\1", line) for line in lines)


@pytest.mark.usefixtures("talks")
def test_a_draft_shows_what_is_on_the_table_and_who_stands_where(
    positions: Positions, says: Says, tmp_path: Path
) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-26")

    text = drafted(positions, tmp_path / "replies.yaml")

    assert "no-enlargement (demand, enlargement): russia → nato, us: No further enlargement" in text
    assert "missile-talks (offer, missiles): us → russia: Talks on missiles" in text
    assert "nato non-starter" in text
    assert "lavrov (person, for russia): Sergey Lavrov" in text


def test_the_name_of_the_file_becomes_the_id(positions: Positions, tmp_path: Path) -> None:
    assert "\n  id: written-replies\n" in drafted(positions, tmp_path / "2022-02-02-Written replies.yaml")
    assert "\n  id: 2022-02-02\n" in drafted(positions, tmp_path / "2022-02-02.yaml")
    assert "\n  id: episode\n" in drafted(positions, tmp_path / "ответ.yaml")


def test_the_first_line_tells_an_editor_of_the_schema(positions: Positions, tmp_path: Path) -> None:
    first, second, *_ = drafted(positions, tmp_path / "replies.yaml").splitlines()

    assert first == "# yaml-language-server: $schema=episode.schema.json"
    assert "`positions schema > episode.schema.json`" in second


def test_an_unchanged_draft_is_refused(positions: Positions, tmp_path: Path) -> None:
    path = tmp_path / "replies.yaml"
    line = (
        drafted(positions, path).splitlines().index("  kind:  # article, draft, statement, reply, letter, report") + 1
    )

    told = positions("record", str(path), exit_code=1)

    assert f"{path}:{line}:8: episode.kind: has no value; it must be one of article" in told.stderr
    assert len(told.stderr.splitlines()) == 1
    assert positions.ask("log") == []


def test_a_draft_with_its_kind_is_the_episode_alone(positions: Positions, record: Record, tmp_path: Path) -> None:
    text = drafted(positions, tmp_path / "replies.yaml").replace("  kind:", "  kind: reply")

    told = record(text)

    assert "+ episode replies" in told.stdout
    assert "1 added" in told.stdout
    assert positions.ask("episode", "replies")["title"] == "The written replies"


def test_every_example_in_a_draft_can_be_recorded(positions: Positions, record: Record, tmp_path: Path) -> None:
    text = without_marks(drafted(positions, tmp_path / "replies.yaml")).replace("  kind:", "  kind: reply", 1)

    told = record(text.replace("read: whole", "read: part"), "-f", "json")

    assert {"replies/other-party-refuses", "replies/its-speaker-insists"} <= set(told.json[0]["added"])
    assert {"some-package", "some-demand", "some-offer", "its-speaker"} <= set(told.json[0]["added"])


def test_any_title_is_written_so_that_it_reads_back(positions: Positions, record: Record, tmp_path: Path) -> None:
    title = 'He said: "no" \\ # really {“нет”}'
    path = tmp_path / "replies.yaml"
    positions("draft", str(path), "--title", title, "--published", "2022-02-02")

    record(path.read_text(encoding="utf-8").replace("  kind:", "  kind: reply", 1))

    assert positions.ask("episode", "replies")["title"] == title


def test_a_title_of_two_lines_stays_a_comment(positions: Positions, record: Record, tmp_path: Path) -> None:
    title = json.dumps("No bases\nepisode: {id: other}")
    record(f"""
        format: 1
        episode: {{id: talks, kind: article, title: Talks, published: 2022-01-31, url: https://example.org/talks}}
        actors: [{{id: a, kind: state, name: A}}, {{id: b, kind: state, name: B}}]
        demands: [{{id: no-bases, by: a, to: b, topic: bases, title: {title}, made: 2022-01-20,
                   basis: stated, quote: go}}]
    """)

    text = drafted(positions, tmp_path / "replies.yaml")

    assert "a → b: No bases episode: {id: other}\n" in text


def test_a_file_that_exists_is_overwritten_only_by_force(positions: Positions, tmp_path: Path) -> None:
    path = tmp_path / "replies.yaml"
    path.write_text("mine", encoding="utf-8")

    told = positions("draft", str(path), *TITLED, exit_code=1).stderr

    assert "already exists" in told
    assert "--force" in told
    assert path.read_text(encoding="utf-8") == "mine"
    assert drafted(positions, path, "--force").startswith("# yaml-language-server")


def test_a_dash_prints_the_draft(positions: Positions, tmp_path: Path) -> None:
    told = positions("draft", "-", *TITLED)

    assert "\n  id: the-written-replies\n" in told.stdout
    assert told.stderr == ""
    assert list(tmp_path.glob("*.yaml")) == []


def test_a_folder_that_is_not_there_is_an_error(positions: Positions, tmp_path: Path) -> None:
    assert "cannot be written" in positions("draft", str(tmp_path / "no" / "x.yaml"), *TITLED, exit_code=1).stderr


@pytest.mark.usefixtures("talks")
def test_an_episode_that_is_recorded_is_dumped_not_drafted(positions: Positions, tmp_path: Path) -> None:
    told = positions("draft", str(tmp_path / "talks.yaml"), *TITLED, exit_code=1).stderr

    assert "episode talks already exists" in told
    assert "positions dump talks" in told


def test_title_and_day_are_needed_in_a_pipe(positions: Positions, tmp_path: Path) -> None:
    assert "missing --title, --published" in positions("draft", str(tmp_path / "x.yaml"), exit_code=2).stderr
    assert list(tmp_path.glob("*.yaml")) == []


@pytest.mark.parametrize("given", [("--published", "../2022-02"), ("--title", " "), ("--title", "a\x07b")])
def test_a_title_or_day_that_cannot_be_is_wrong_usage(
    positions: Positions, tmp_path: Path, given: tuple[str, str]
) -> None:
    assert given[0] in positions("draft", str(tmp_path / "x.yaml"), *TITLED, *given, exit_code=2).stderr


def test_an_undated_source_is_drafted_with_the_days_between_which_it_was_published(positions: Positions) -> None:
    drafted = positions("draft", "-", "--title", "An undated page", "--published", "2022-02-12/2022-02-15").stdout

    assert "  published: 2022-02-12/2022-02-15\n" in drafted
    assert "said: 2022-02-15" in drafted
