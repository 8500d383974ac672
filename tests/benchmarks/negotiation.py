"""A made-up negotiation of any size, always the same: √n items, 200 actors, about five stances a pair.

One response has one stance. The stances fall on the days of two years; a fifth of them refuse, most are stated. In the
course of it a few are corrected, so that the record has a past of its own.
"""

import math
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from positions import database
from positions.episode_file import load
from positions.recording.apply import apply
from positions.recording.plan import plan

ACTORS = 200
DAYS = 730
FIRST_DAY = date(2020, 1, 1)
PER_EPISODE = 1000
_CORRECTED = 50
"""Of how many responses one is corrected later."""
_STANCES = ("non-starter", "negotiable", "open")
_BASES = ("stated", "reported", "alleged", "inferred")
_QUOTE = "we have said it before and we say it again, that is how it is and how it will remain, number {}"


def files(n: int) -> Iterator[dict[str, Any]]:
    """The episode files, as plain values, that bring `n` stances into an empty record: one that sets out, then talks.

    The last ones correct earlier ones.
    """
    yield setting(n)
    corrected = []
    for start in range(0, n, PER_EPISODE):
        told = responses(start, min(n, start + PER_EPISODE), of=n)
        yield talk(f"talk-{start // PER_EPISODE}", told)
        some = [{**one, "quote": f"{one['quote']}, we mean it"} for one in told[::_CORRECTED]]
        corrected.append(talk(f"talk-{start // PER_EPISODE}", some))
    yield from corrected[:: max(1, len(corrected) // 10)]


def setting(n: int) -> dict[str, Any]:
    """The file that introduces sides, actors and items."""
    sides = [{"id": "east", "name": "East"}, {"id": "west", "name": "West"}]
    actors = [_actor(number) for number in range(ACTORS + 1)]
    return {"format": "1", "episode": _episode("setting"), "sides": sides, "actors": actors, "demands": items(n)}


def items(n: int) -> list[dict[str, Any]]:
    """√n demands, all by one actor that has no stance on them."""
    return [_item(number) for number in range(math.isqrt(n))]


def responses(start: int, end: int, *, of: int) -> list[dict[str, Any]]:
    """The responses with these numbers, in a negotiation of so many."""
    chance = random.Random(start)
    many = math.isqrt(of)
    actors = min(ACTORS, max(1, many // 5))
    return [_response(number, chance, many, actors) for number in range(start, end)]


def talk(name: str, told: list[dict[str, Any]]) -> dict[str, Any]:
    """The file of an episode in which `told` was said."""
    return {"format": "1", "episode": _episode(name), "responses": told}


def source(raw: dict[str, Any]) -> load.LoadedFile:
    """An episode file that is already parsed."""
    made = load.LoadedFile("made", "")
    load.read(made, raw)
    return made


def record(connection: Connection, raw: dict[str, Any]) -> None:
    """Plan and apply the file with the plain values `raw`."""
    apply(connection, plan(connection, source(raw)), why="made")


def make(folder: Path, n: int) -> Path:
    """A database in `folder` with `n` stances, made through the public recording code unless it is there."""
    path = folder / f"{n}.db"
    if not path.exists():
        with database.creating(path) as connection:
            for raw in files(n):
                record(connection, raw)
    return path


def _episode(name: str) -> dict[str, Any]:
    url = f"https://example.org/{name}"
    return {"id": name, "kind": "article", "title": name, "published": str(FIRST_DAY + timedelta(DAYS)), "url": url}


def _actor(number: int) -> dict[str, Any]:
    side = "east" if number == ACTORS else "west"
    return {"id": f"actor-{number}", "kind": "state", "side": side, "name": f"Actor {number}"}


def _item(number: int) -> dict[str, Any]:
    return {
        "id": f"item-{number}",
        "by": f"actor-{ACTORS}",
        "to": "actor-1",
        "topic": f"topic-{number % 20}",
        "title": f"It {number}",
        "made": str(FIRST_DAY),
        "basis": "stated",
        "quote": _QUOTE.format(number),
    }


def _response(number: int, chance: random.Random, many: int, actors: int) -> dict[str, Any]:
    item = chance.randrange(many)
    actor = (item + chance.randrange(actors)) % ACTORS  # with few items not the same few actors on all of them
    day = FIRST_DAY + timedelta(chance.randrange(DAYS))
    basis = chance.choices(_BASES, (70, 20, 5, 5))[0]
    witness = (actor + 1) % ACTORS if basis == "reported" else ACTORS  # what the other side says is alleged
    return {
        "id": f"r-{number}",
        "by": f"actor-{actor}",
        "said": str(day),
        "basis": basis,
        "quote": _QUOTE.format(number),
        "reported_by": f"actor-{witness}",
        "stances": {f"item-{item}": chance.choices(_STANCES, (20, 50, 30))[0]},
    }
