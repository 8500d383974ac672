"""Files of at most 10 MiB that mean harm: each is recorded or refused in bounded time and memory, and no part of it.

Every file is recorded by a process of its own, which the system ends if it takes more than is allowed.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from positions.episode_file.load import MAX_BYTES
from tests.conftest import Output, Positions

SECONDS, MEMORY = 60, 2 * 1024**3
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
from positions.app import app
app()
""".replace("SECONDS", str(SECONDS)).replace("MEMORY", str(MEMORY))

EPISODE = (
    "episode: {id: reply, kind: statement, title: The reply, published: 2022-02-10, url: https://example.org/reply}\n"
)
HEAD = f"format: 1\n{EPISODE}"
SAID = "by: nato, said: 2022-02-10, basis: stated, quote: never"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit a process so"),
]


def filled(before: str, unit: str, after: str = "") -> str:
    """`unit` between two texts, as often as it fits."""
    return before + unit * ((MAX_BYTES - len(before.encode()) - len(after.encode())) // len(unit.encode())) + after


def numbered(before: str, unit: Callable[[int], str], times: int, after: str = "") -> str:
    """A unit for each number between two texts."""
    return before + "".join(map(unit, range(times))) + after


def refused(positions: Positions, path: Path, content: bytes) -> str:
    """Try to record `content`; the words of the refusal. Nothing may be written."""
    assert len(content) <= MAX_BYTES
    path.write_bytes(content)
    before = positions.ask("log")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "--db", positions.db, "record", str(path)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stderr[-500:]
    assert "Traceback" not in done.stderr
    assert positions.ask("log") == before
    return done.stderr.replace(str(path), path.name)


TOO_MANY = "has more than 200,000 values; put each episode in its own file"
FIRST = "has more than 500 problems; these were found first"
CASES = {
    "nested lists": (filled(f"{HEAD}responses: ", "["), "nest"),
    "nested blocks": (filled(f"{HEAD}responses:\n", "- "), "nested deeper than 20 levels"),
    "an unending text": (filled(f'{HEAD}a: "', "x"), "not valid YAML"),
    "one huge unknown key": (filled(f"{HEAD}? ", "k", "\n: x\n"), "unknown key"),
    "a million values": (filled(f"{HEAD}responses: [", "a,", "a]\n"), TOO_MANY),
    "a million keys": (filled(HEAD, ": \n"), "not valid YAML"),
    "half a million different keys": (numbered(HEAD, lambda n: f"k{n}: 1\n", 500_000), TOO_MANY),
    "a million times one key": (filled(HEAD, "key: 1\n"), FIRST),
    "a million aliases": (filled(f"{HEAD}a: &a x\nb: [", "*a,", "x]\n"), FIRST),
    "a million tags": (filled(f"{HEAD}b: [", "!!a x,", "x]\n"), FIRST),
    "a million documents": (filled("", "---\n"), "a second document begins here"),
    "one long line": (filled("# ", "x"), "is empty"),
    "nothing but NUL": ("\0" * MAX_BYTES, "the character U+0000 is not allowed in a file"),
    "a control character in every line": (filled("", "\x01\n"), FIRST),
    "escaped halves of pairs": (filled(f'{HEAD}a: "', "\\ud800", '"\n'), "not valid YAML"),
    "a huge number": (filled("format: ", "9", f"\n{EPISODE}"), "this version of positions reads format 1"),
    "a huge id": (HEAD.replace("id: reply", f"id: {'a-' * 5_000_000}a"), "is not a valid id"),
    "a huge language": (HEAD.replace("id: reply", f"language: en{'-ab' * 3_000_000}_, id: reply"), "is not a language"),
    "a huge date": (HEAD.replace("2022-02-10", "2" * 10_000_000), "is not a day"),
    "a far day": (HEAD.replace("2022-02-10", "99999999-01-01"), "'99999999-01-01' is not a day"),
    "the year 0": (HEAD.replace("2022-02-10", "0000-01-01"), "there is no '0000-01-01' in the calendar"),
    "90,000 faulty entries": (f"{HEAD}responses:\n" + "- {x: y}\n" * 90_000, FIRST),
    "40,000 entries of one id": (f"{HEAD}actors:\n" + "- {id: a, kind: state, name: N}\n" * 40_000, FIRST),
    "one id 190,000 times in a list": (
        f"{HEAD}responses:\n- {{id: x, by: [{'us,' * 190_000}us], said: 2022-02-10, basis: stated, about: a}}\n",
        "listed more than once: us",
    ),
    "39,000 ids nearly known": (
        numbered(
            f"{HEAD}actors:\n",
            lambda n: f"- {{id: aaa{n}, kind: person, name: N, speaks_for: aaa{n}b}}\n",
            39_000,
        ),
        FIRST,
    ),
    "15,000 actors on 6,000 items": (
        (
            f"{HEAD}responses:\n- {{id: r, by: [{','.join(f'a{n}' for n in range(15_000))}], said: 2022-02-10, basis: "
            f"stated, quote: never, stances: {{{','.join(f'd{n}: open' for n in range(6_000))}}}}}\n"
        ),
        "have more than 200,000 stances",
    ),
    "one stance 20,000 times": (
        numbered(
            f"{HEAD}responses:\n", lambda n: f"- {{id: r{n}, {SAID}, stances: {{no-enlargement: open}}}}\n", 20_000
        ),
        "have 20,000 stances of nato on no-enlargement",
    ),
}


@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize("case", CASES)
def test_a_file_that_means_harm_is_refused_in_bounded_time(positions: Positions, tmp_path: Path, case: str) -> None:
    text, words = CASES[case]

    told = refused(positions, tmp_path / "harm.yaml", text.encode())

    assert words in told
    assert len(told) < 300_000
    assert told.count("\n") <= 501


@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize(
    "content",
    [b"\xff" * MAX_BYTES, (HEAD * 20_000).encode("utf-16"), b"\xed\xa0\x80" * 3_000_000],
    ids=["no letters", "UTF-16", "halves of pairs"],
)
def test_a_large_file_that_is_not_utf_8_is_refused(positions: Positions, tmp_path: Path, content: bytes) -> None:
    assert "1:1: is not UTF-8" in refused(positions, tmp_path / "harm.yaml", content)


@pytest.mark.usefixtures("talks")
def test_a_bomb_of_aliases_is_never_unfolded(positions: Positions, tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40))]

    assert "aliases (*a0) are not supported" in refused(positions, tmp_path / "harm.yaml", "\n".join(lines).encode())


def test_one_huge_title_is_recorded_and_found_and_shown(positions: Positions, talks: Output, tmp_path: Path) -> None:  # noqa: ARG001
    title = "x" * 10_000_000
    path = tmp_path / "huge.yaml"
    path.write_text(HEAD.replace("The reply", title), encoding="utf-8")
    commands = (
        ["record", str(path)],
        ["search", "-f", "json", "x"],
        ["episodes"],
        ["report", str(tmp_path / "a.html")],
    )

    for words in commands:
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, "--db", positions.db, *words], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr[-500:]
        if words[0] == "search":
            assert [one["text"] for one in json.loads(done.stdout) if one["id"] == "reply"] == [title]
