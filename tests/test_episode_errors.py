"""What `positions record` refuses: where the fault is, what is wrong, and that nothing at all is written.

`test_episode_errors/` is the list: each NAME.yaml is refused with exactly the words of NAME.txt. What cannot stand in a
text file of the repository is made here.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from positions.episode_file import located_yaml
from positions.episode_file.fields import forbidden
from positions.episode_file.load import parse
from tests.conftest import TALKS, Output, Positions, rows

FOLDER = Path(__file__).parent / "test_episode_errors"
CASES = sorted(FOLDER.glob("*.yaml"))

HEAD = """format: 1
episode: {id: reply, kind: statement, title: The reply, published: 2022-02-10, url: https://example.org/reply}
"""
REPLY = f"""{HEAD}responses:
  - {{id: refusal, by: nato, said: 2022-02-10, basis: stated, quote: never, stances: {{no-enlargement: non-starter}}}}
"""

Refuse = Callable[..., str]


@pytest.fixture
def refuse(positions: Positions, talks: Output) -> Refuse:  # noqa: ARG001
    """Try to record a path; the words of the refusal, with the file's name for its path. Nothing may be written."""

    def refused(path: Path, *options: str) -> str:
        before = rows(positions.db)
        output = positions("record", str(path), *options, exit_code=1)
        assert output.stdout == ""
        assert rows(positions.db) == before
        return output.stderr.replace(str(path), path.name)

    return refused


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_faulty_file_is_refused_in_these_words(case: Path, refuse: Refuse, tmp_path: Path) -> None:
    path = tmp_path / case.name
    path.write_bytes(case.read_bytes())

    assert refuse(path) == case.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_faulty_file_has_its_words_and_the_other_way_round() -> None:
    assert CASES
    assert {case.stem for case in CASES} == {words.stem for words in FOLDER.glob("*.txt")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_words_name_file_and_place_in_the_order_of_the_file(case: Path) -> None:
    lines = case.with_suffix(".txt").read_text(encoding="utf-8").splitlines()

    found = [re.fullmatch(rf"{re.escape(case.name)}(?::(\d+):(\d+))?: (\S.*)", line) for line in lines]

    places = [tuple(map(int, line.groups("0")[:2])) for line in found if line]
    assert len(places) == len(lines) > 0
    assert places == sorted(places)
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_words_are_for_people_and_not_for_programmers(case: Path) -> None:
    words = case.with_suffix(".txt").read_text(encoding="utf-8")

    assert not re.search(r"\bNone\b|\bNull\b|<class|\[key\]|tag:yaml|pydantic|Traceback|Error|\ba [aeio]", words)
    assert forbidden(words) is None


def test_a_dry_run_refuses_a_faulty_file_in_the_same_words(refuse: Refuse) -> None:
    case = FOLDER / "all-errors-at-once.yaml"
    words = case.with_suffix(".txt").read_text(encoding="utf-8")

    assert refuse(case, "--dry-run") == words
    assert refuse(case, "--format", "json") == words
    assert refuse(case, "--replace", "--again") == words


def test_a_good_file_is_not_recorded_together_with_a_bad_one(refuse: Refuse, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(REPLY, encoding="utf-8")
    bad.write_text(REPLY.replace("id: reply", "id: second").replace("non-starter", "never"), encoding="utf-8")

    for files in ((good, bad), (bad, good)):
        said = refuse(files[0], str(files[1]))
        assert said.replace(str(bad), bad.name).startswith(
            "bad.yaml:4:86: responses[0].stances.no-enlargement: 'never'"
        )


def test_a_file_is_recorded_once_its_fault_is_put_right(
    refuse: Refuse, record: Callable[..., Output], tmp_path: Path
) -> None:
    path = tmp_path / "reply.yaml"
    path.write_text(REPLY.replace("nato", "natto"), encoding="utf-8")

    assert refuse(path) == "reply.yaml:4:23: responses[0].by: no actor has the id 'natto' (did you mean nato?)\n"
    assert "r2 recorded" in record(REPLY).stdout


def test_a_file_that_is_not_there_is_named(refuse: Refuse, tmp_path: Path) -> None:
    assert refuse(tmp_path / "reply.yaml") == "reply.yaml: there is no such file\n"


def test_a_folder_is_not_read_as_a_file(refuse: Refuse, tmp_path: Path) -> None:
    folder = tmp_path / "episodes"
    folder.mkdir()

    assert refuse(folder) == "episodes: is a folder; name the episode files in it\n"


def test_a_file_within_a_file_is_refused(refuse: Refuse, tmp_path: Path) -> None:
    (tmp_path / "reply.yaml").write_text(REPLY, encoding="utf-8")

    assert refuse(tmp_path / "reply.yaml" / "reply.yaml") == "reply.yaml: cannot be read: Not a directory\n"


def test_a_file_of_more_than_ten_megabytes_is_refused(refuse: Refuse, tmp_path: Path) -> None:
    path = tmp_path / "reply.yaml"
    path.write_text(REPLY + "# and so on\n" * (11 * 1024 * 1024 // 12), encoding="utf-8")

    assert refuse(path) == "reply.yaml: is larger than 10 MiB; put each episode in its own file\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (REPLY.replace("never", "café").encode("latin-1"), "4:72: is not UTF-8: byte 0xe9"),
        ("# café – ".encode() + b"\xff\n", "1:10: is not UTF-8: byte 0xff"),
        ("# Россия\n# и НАТО ".encode() + b"\x91", "2:10: is not UTF-8: byte 0x91"),
        (b"\xef\xbb\xbfformat: 1\n# \x91\n", "2:3: is not UTF-8: byte 0x91"),
        (REPLY.encode("utf-16"), "1:1: is not UTF-8: byte 0xff"),
        (b"# \xed\xa0\x80\n", "1:3: is not UTF-8: byte 0xed"),
        (b"# \xe2\x82", "1:3: is not UTF-8: byte 0xe2"),
    ],
    ids=["Latin-1", "after other letters", "in a second line", "after a mark", "UTF-16", "half a pair", "cut off"],
)
def test_a_file_that_is_not_utf_8_is_refused_at_its_first_bad_letter(
    content: bytes, words: str, refuse: Refuse, tmp_path: Path
) -> None:
    path = tmp_path / "reply.yaml"
    path.write_bytes(content)

    assert refuse(path) == f"reply.yaml:{words}; save the file as UTF-8\n"


def test_a_file_nested_too_deep_is_refused(refuse: Refuse, tmp_path: Path) -> None:
    path = tmp_path / "reply.yaml"
    path.write_text(f"{HEAD}responses: {'[' * 30}{']' * 30}\n", encoding="utf-8")

    assert refuse(path) == "reply.yaml:3:32: nested deeper than 20 levels\n"


@pytest.mark.parametrize("times", [1_000, 1_000_000])
def test_absurd_nesting_is_refused_and_not_followed(times: int, refuse: Refuse, tmp_path: Path) -> None:
    path = tmp_path / "reply.yaml"
    path.write_text(f"{HEAD}responses: {'[' * times}\n", encoding="utf-8")

    assert re.fullmatch(r"reply\.yaml:3:\d+: .*nest.*\n", refuse(path))


def test_places_are_the_same_in_files_from_windows(refuse: Refuse, tmp_path: Path) -> None:
    case = FOLDER / "unknown-id.yaml"
    path = tmp_path / case.name
    path.write_bytes(b"\xef\xbb\xbf" + case.read_bytes().replace(b"\n", b"\r\n"))

    assert refuse(path) == case.with_suffix(".txt").read_text(encoding="utf-8")


def test_a_very_long_value_is_not_printed_at_length(refuse: Refuse, tmp_path: Path) -> None:
    path = tmp_path / "reply.yaml"
    path.write_text(REPLY.replace("stated", "s" * 5_000).replace("nato", "n" * 5_000), encoding="utf-8")

    assert [len(line) < 300 for line in refuse(path).splitlines()] == [True, True]


junk = st.recursive(
    st.none()
    | st.text(st.characters(codec="utf-8"), max_size=8)
    | st.sampled_from(
        ["us", "talks", "no-missiles", "west", "2022-01", "../2022", "open", "stated", "person", "\x1b", "\u202e"]
    ),
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(st.text(max_size=4) | st.sampled_from(["id", "by", "\x1b", "a\nb"]), values, max_size=3)
    ),
    max_leaves=4,
)


def _places(value: Any, path: located_yaml.Path = ()) -> Iterator[located_yaml.Path]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield (*path, key)
        yield from _places(inner, (*path, key))


def _is_one_line(text: str) -> bool:
    """Whether a terminal shows `text` as one line, and obeys nothing in it."""
    return "\n" not in text and forbidden(text) is None


def _replaced(value: Any, path: located_yaml.Path, new: Any) -> Any:
    value = deepcopy(value)
    around = value
    for part in path[:-1]:
        around = around[part]
    around[path[-1]] = new
    return value


GOOD = located_yaml.load(TALKS + REPLY.removeprefix(HEAD)).value


@given(st.sampled_from(list(_places(GOOD))), junk)
def test_whatever_stands_in_a_field_is_read_or_refused_by_place(path: located_yaml.Path, new: Any) -> None:
    text = yaml.safe_dump(_replaced(GOOD, path, new), sort_keys=False)

    source = parse(text, "talks.yaml")

    for problem in source.problems:
        assert 1 <= problem.line <= text.count("\n") + 1
        assert _is_one_line(str(problem))


@given(st.text(st.characters(codec="utf-8")) | st.text(st.sampled_from("{}[]:,-?&*!|>'\"%@#~ \n\tformat1episode")))
def test_no_text_whatever_makes_reading_an_episode_fail(text: str) -> None:
    source = parse(text, "talks.yaml")

    assert source.problems
    assert all(_is_one_line(str(problem)) for problem in source.problems)
