"""What fuzzing begins with: what is known to be read, and what is known to be refused."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from positions import package_data
from tests.conftest import TALKS

REFUSED = Path(__file__).parents[1] / "test_episode_errors"
_LARGEST = 4_000
"""Files are cut at a line before they are larger: small ones are tried more often."""

_DATES = (
    *("2022-01-12", "2022-01", "2021", "2022-01-10/2022-01-12", "../2022-01-17", "0001-01-01", "9999-12-31", "0000"),
    *("99999999-01-01", "2022-02-30", "2023-02-29", "2022/2021", "../..", "2022-01-12T09:30:00Z", "٢٠٢٢-٠١-١٢"),
)
_WORDS = (
    *("NATO", "no more members", "“quoted”", "- a", "cafe\u0301", "ﬁve", "ß", "\u0301", "\x1b[31m", "%", "'", "[red]"),
    *("\u202e", "' OR 1=1 --", "=1+1", "<b>", "../../x", "-rf", "r1", "r99999999999", "9" * 40),
)
_IDS = ("russia", "west", "no-enlargement", "missile-talks", "talks", "talks/it", "open", "stated", "no-missiles=open")


def episodes() -> Iterator[bytes]:
    """Every shipped episode, every file that is refused, and one that the fuzzed record can take."""
    yield TALKS.encode()
    yield TALKS.replace("id: talks", "id: more").encode()
    yield (
        b"format: 1\nepisode: {id: reply, kind: statement, title: The reply, published: 2022-02-10, url: "
        b"https://example.org/reply}\nresponses:\n  - {id: refusal, by: nato, said: 2022-02-10, basis: stated, "
        b"quote: never, stances: {no-enlargement: non-starter}}\n"
    )
    for file in (*package_data.folder("data").glob("episodes/*.yaml"), *REFUSED.glob("*.yaml")):
        content = file.read_bytes()
        yield content if len(content) <= _LARGEST else content[: content.rindex(b"\n", 0, _LARGEST)] + b"\n"


def dates() -> Iterator[bytes]:
    """Dates, and what is nearly one."""
    yield from (one.encode() for one in _DATES)


def words() -> Iterator[bytes]:
    """Words to search for."""
    yield from (one.encode() for one in _WORDS)


def quotations() -> Iterator[bytes]:
    """A quotation, and the text in which it stands, or nearly."""
    for quote in ("simply non-starters", "“the key” … the rest", "no more members", "a"):
        yield f'{quote}\nThey are simply  non-starters, and "the key" to all the rest: {quote}.'.encode()
        yield f"{quote}\nThey are simple non–starters; no member, aaaa.".encode()


def options(commands: Sequence[str]) -> Iterator[bytes]:
    """Every command with ids, with dates, and with hostile words."""
    for number, command in enumerate(commands):
        for given in (_IDS, _DATES, _WORDS):
            turned = given[number % len(given) :] + given
            yield bytes([number]) + "\0".join(turned[: command.count("{}")]).encode()
