"""`positions verify`: every recorded quotation is found in the text that it was taken from, or named as missing."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from positions.rendering.plain_data import output_schema
from tests.conftest import TALKS, Output, Positions

TEXT = """\
Moscow wants no more members, and “no missiles near us”. Washington is open to
discussing  missiles. No missiles near us! "Simply – no", said NATO.
"""

NATO = """
format: 1
episode: {id: nato-replies, kind: statement, title: NATO replies, published: 2022-01-31, url: https://example.org/nato}
responses:
  - {id: it, by: nato, said: 2022-01-12, basis: stated, quote: "“Simply — no”, said NATO",
     stances: {no-enlargement: {stance: non-starter, wording: Simply — no}}}
"""

Record = Callable[..., Output]


@pytest.fixture
def text(tmp_path: Path) -> Callable[[str], str]:
    """Write a text beside the database: its path."""

    def write(content: str, name: str = "text.txt") -> str:
        path = tmp_path / "texts" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return str(path)

    return write


Text = Callable[[str], str]


@pytest.mark.usefixtures("talks")
def test_each_quotation_is_counted_in_the_text(positions: Positions, text: Text) -> None:
    rows = positions.ask("verify", "talks", "--text", text(TEXT))

    assert rows == [
        {"episode": "talks", "id": name, "field": "quote", "quote": quote, "found": found, "hint": None}
        for name, quote, found in (
            ("no-enlargement", "no more members", 1),
            ("no-missiles", "no missiles near us", 1),
            ("missile-talks", "open to discussing missiles", 1),
        )
    ]


def test_one_that_stands_there_often_is_said_to(record: Record, positions: Positions, text: Text) -> None:
    record(TALKS)

    told = positions("verify", "talks", "--text", text(TEXT.replace("No missiles", "no missiles")))

    assert "found 2 times" in told.stdout
    assert "3 of 3 quotations found." in told.stdout
    assert told.stderr == ""


def test_white_space_quotation_marks_and_dashes_make_no_difference(
    record: Record, positions: Positions, text: Text
) -> None:
    record(TALKS)
    record(NATO)

    rows = positions.ask("verify", "nato-replies", "--text", text(TEXT))

    assert [(one["id"], one["field"], one["found"]) for one in rows] == [
        ("nato-replies/it", "quote", 1),
        ("nato-replies/it", "stances.no-enlargement.wording", 1),
    ]


def test_a_letter_that_differs_makes_a_quotation_missing(record: Record, positions: Positions, text: Text) -> None:
    record(TALKS)

    told = positions("verify", "talks", "--text", text(TEXT.replace("no more members", "no new members")), exit_code=1)

    assert "missing" in told.stdout
    assert "the text has: no new members," in told.stdout
    assert "2 of 3 quotations found." in told.stdout
    assert told.stderr.startswith("Error: 1 of 3 quotations is missing\nHint: ")


def test_a_near_miss_is_a_hint_and_no_more(record: Record, positions: Positions, text: Text) -> None:
    record(TALKS)
    before = positions("dump", "talks").stdout

    near, far = (
        positions("verify", "talks", "--text", text(content), "-f", "json", exit_code=1).json[0]
        for content in ("They want no more new members.", "Nothing of the sort.")
    )

    assert (near["found"], near["hint"]) == (0, "the text has: no more new")
    assert (far["found"], far["hint"]) == (0, None)
    assert positions("dump", "talks").stdout == before


def test_a_single_word_that_was_misspelt_is_hinted_at(record: Record, positions: Positions, text: Text) -> None:
    record(TALKS)
    record(NATO.replace("wording: Simply — no", "wording: unaceptable"))

    rows = positions(
        "verify", "nato-replies", "--text", text(f"{TEXT} It is unacceptable."), "-f", "json", exit_code=1
    ).json

    assert [one["hint"] for one in rows] == [None, "the text has: unacceptable."]


def test_fragments_must_follow_each_other(record: Record, positions: Positions, text: Text) -> None:
    record(TALKS.replace("no more members", "near us … no more members"))

    [row, *_] = positions("verify", "talks", "--text", text(TEXT), "-f", "json", exit_code=1).json

    assert row["hint"] == "its fragments are not in this order in the text"


def test_words_from_another_address_say_so(record: Record, positions: Positions, text: Text) -> None:
    record(TALKS.replace("quote: no more members", "quote: something else, url: https://example.org/leak"))

    [row, *_] = positions("verify", "talks", "--text", text(TEXT), "-f", "json", exit_code=1).json

    assert row["hint"] == "the entry has an address of its own: https://example.org/leak"


def test_what_names_a_core_is_verified_too(seeded: Positions, text: Text) -> None:
    rows = seeded("verify", "episode-1", "--text", text("nothing"), "-f", "json", exit_code=1).json

    assert {"quote", "core_quote", "stances.troops-back-to-barracks.wording"} <= {one["field"] for one in rows}


@pytest.mark.parametrize("is_it", [True, False])
def test_the_text_must_be_the_one_that_was_coded(record: Record, positions: Positions, text: Text, is_it: bool) -> None:
    sha256 = hashlib.sha256(TEXT.encode() if is_it else b"another").hexdigest()
    record(TALKS.replace("published: 2022-01-31", f"published: 2022-01-31, text_sha256: {sha256}"))

    told = positions("verify", "talks", "--text", text(TEXT), exit_code=0 if is_it else 1)

    assert "3 of 3 quotations found." in told.stdout
    assert ("is not the text that talks was coded from" in told.stderr) is not is_it


def test_what_was_taken_back_is_not_verified(record: Record, positions: Positions, text: Text) -> None:
    record(TALKS)
    record(NATO)
    positions("undo", "r2")

    assert "was retracted" in positions("verify", "nato-replies", "--text", text(TEXT), exit_code=1).stderr


# ---- every episode


def test_every_episode_is_verified_in_the_text_of_its_name(
    record: Record, positions: Positions, text: Callable[..., str]
) -> None:
    record(TALKS)
    record(NATO)
    text(TEXT, "talks.txt")
    folder = str(Path(text(TEXT, "nato-replies.txt")).parent)

    rows = positions.ask("verify", "--all", "--texts", folder)

    assert [one["episode"] for one in rows] == ["nato-replies"] * 2 + ["talks"] * 3
    assert all(one["found"] for one in rows)


def test_an_episode_without_a_text_is_named(record: Record, positions: Positions, text: Callable[..., str]) -> None:
    record(TALKS)
    record(NATO)
    folder = str(Path(text(TEXT, "talks.txt")).parent)

    told = positions("verify", "--all", "--texts", folder, exit_code=1)

    assert "3 of 3 quotations found." in told.stdout
    assert f"nato-replies is not verified: {folder}/nato-replies.txt cannot be read" in told.stderr


def test_an_episode_that_quotes_nothing_needs_no_text(record: Record, positions: Positions, tmp_path: Path) -> None:
    record("format: 1\nepisode: {id: silent, kind: draft, title: A draft, published: 2022-01-01}\n")

    assert positions("verify", "--all", "--texts", str(tmp_path)).stdout == "No quotations were checked.\n"


# ---- wrong use


@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize(
    "words",
    [
        [],
        ["talks"],
        ["--all"],
        ["--text", "x"],
        ["--texts", "x"],
        ["talks", "--all", "--texts", "x"],
        ["talks", "--text", "x", "--texts", "x"],
        ["--all", "--text", "x"],
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(positions: Positions, words: list[str]) -> None:
    assert "--all with --texts DIR" in positions("verify", *words, exit_code=2).stderr


@pytest.mark.usefixtures("talks")
def test_what_cannot_be_read_is_an_error(positions: Positions, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")

    for name, message in (("none.txt", "cannot be read"), ("latin.txt", "is not UTF-8")):
        told = positions("verify", "talks", "--text", str(tmp_path / name), exit_code=1).stderr
        assert f"Error: talks is not verified: {tmp_path / name} {message}" in told
    assert "talks" in positions("verify", "talk", "--text", "x", exit_code=1).stderr


# ---- for programs


@pytest.mark.usefixtures("talks")
def test_what_is_printed_keeps_the_promise(positions: Positions, text: Text) -> None:
    promise = {**output_schema(), "$ref": "#/$defs/verify"}
    path = text(TEXT.replace("more", "other"))

    rows = positions("verify", "talks", "--text", path, "--format", "json", exit_code=1).json
    table = positions("verify", "talks", "--text", path, "--format", "csv", exit_code=1).stdout.splitlines()

    assert list(Draft202012Validator(promise).iter_errors(rows)) == []
    assert table[0] == "episode,id,field,quote,found,hint"
    assert "| missing |" in positions("verify", "talks", "--text", path, "-f", "markdown", exit_code=1).stdout
