"""How far two people who code the same source by the codebook agree: `python -m tests.agreement` prints the figures.

`data/reliability/second-coding.tsv` holds both codings as they were before they were compared. Its unit is an actor and
an item; the codes are the three stances, `repeats`, `about`, and an empty cell for nothing. Where the coders differed,
`decision` says what was decided, which is what `data/episodes/` now holds.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from positions import package_data
from positions.episode_file.load import load
from positions.episode_file.schema import ResponseEntry
from positions.recording.files import shipped
from positions.vocabulary import StanceKind

SECOND_CODING = package_data.folder("data") / "reliability" / "second-coding.tsv"
_STANCES = {kind.value for kind in StanceKind}


@dataclass(frozen=True)
class Unit:
    """What two coders wrote down about one actor and one item of one source."""

    source: str
    actor: str
    item: str
    first: str
    second: str
    decision: str

    @property
    def has_stance(self) -> bool:
        return bool({self.first, self.second} & _STANCES)


@dataclass(frozen=True)
class Agreement:
    """Over how many units, how many of them alike, and Cohen's kappa."""

    what: str
    units: int
    alike: int
    kappa: float


def units() -> list[Unit]:
    """The units that at least one coder filled, in the order of the table."""
    with SECOND_CODING.open(encoding="utf-8", newline="") as file:
        return [Unit(**row) for row in csv.DictReader(file, delimiter="\t")]


def agreements(coded: Sequence[Unit]) -> list[Agreement]:
    """The agreement on each source, on all, and on the units that have a stance in either coding."""
    by_source = {unit.source: [other for other in coded if other.source == unit.source] for unit in coded}
    return [
        *(_agreement(source, of_source) for source, of_source in by_source.items()),
        _agreement("all", coded),
        _agreement("only units with a stance in either coding", [unit for unit in coded if unit.has_stance]),
    ]


def table(found: Iterable[Agreement]) -> str:
    """The figures as a table in Markdown, as the codebook has it."""
    rows = [f"| {each.what} | {each.units} | {each.alike} | {each.kappa:.2f} |" for each in found]
    return "\n".join(("| source | units | alike | Cohen's κ |", "|---|---|---|---|", *rows))


@cache
def coded_now(source: str) -> dict[tuple[str, str], str]:
    """By actor and item: the code that the episode file of `source` has now; the strongest, of several the last."""
    codes: dict[tuple[str, str], str] = {}
    for response in _responses(source):
        stances = {item: stance.stance.value for item, stance in response.stances.items()}
        weaker = dict.fromkeys(response.about, "about") | dict.fromkeys(response.repeats, "repeats")
        for actor in response.by:
            for item, code in (weaker | stances).items():
                if _rank(code) >= _rank(codes.get((actor, item), "")):
                    codes[actor, item] = code
    return codes


def _responses(source: str) -> Iterator[ResponseEntry]:
    (path,) = (path for path in shipped() if path.stem[len("2022-01-17-") :] == source)
    for located in load(path).written:
        if isinstance(located.entry, ResponseEntry):
            yield located.entry


def _rank(code: str) -> int:
    return 3 if code in _STANCES else ("", "about", "repeats").index(code)


def _agreement(what: str, coded: Sequence[Unit]) -> Agreement:
    """Cohen, "A coefficient of agreement for nominal scales" (1960): agreement beyond that of chance."""
    alike = sum(unit.first == unit.second for unit in coded)
    observed = alike / len(coded)
    first, second = Counter(unit.first for unit in coded), Counter(unit.second for unit in coded)
    by_chance = sum(first[code] * second[code] for code in first) / len(coded) ** 2
    return Agreement(what, len(coded), alike, 1.0 if by_chance == 1 else (observed - by_chance) / (1 - by_chance))


if __name__ == "__main__":
    print(table(agreements(units())))
