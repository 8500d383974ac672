"""A made-up negotiation of thirty episodes, to see pages at their full size: it has one of everything."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from positions.vocabulary import StanceKind

START = date(2021, 12, 17)
HOSTILE = "</script><script>alert('owned')</script><img src=x onerror=alert(1)>&amp;\"'"
"""What must show as text, wherever it stands."""

_ACTORS = (
    *("russia state russia Russia", "us state west United States", "nato alliance west NATO"),
    *("uk state west United Kingdom", "germany state west Germany", "france state west France"),
    *("ukraine state - Ukraine", "osce organisation - OSCE", f"china state - China {HOSTILE}"),
)
_MATTERS = {
    "enlargement": ("No further enlargement of NATO", "No membership for Ukraine", "A moratorium on new members"),
    "forward-forces": ("Allied forces back to where they stood in 1997", "No battlegroups in the Baltic states"),
    "missiles": (
        "No land-based missiles within reach of Russia",
        "Talks on missiles along INF lines",
        "A verified ban",
    ),
    "nuclear": ("No nuclear weapons outside national territory", "No training for nuclear use"),
    "exercises": ("No exercises above brigade level near the border", "Limits on the size of exercises"),
    "transparency": ("Notice of exercises", "Inspections of the launchers in Romania and Poland"),
    "incidents": ("A hotline between the staffs", "Rules for aircraft and ships that meet"),
    "arms-control": ("A successor to New START", "A treaty on conventional forces"),
    "troops": ("Russian troops back to their barracks", "No troops in Belarus after the exercise"),
    "ukraine": ("The Minsk agreements carried out", "No weapons for Ukraine", "Ukraine's borders respected"),
    "procedure": ("A written reply, article by article", "The proposals taken as one package", "Talks in the OSCE"),
    "energy": ("Gas through Nord Stream 2", "No use of gas as a weapon"),
}
_WORDS = {
    "non-starter": ("that is simply not on the table", "we will not compromise on this", "there can be no veto"),
    "negotiable": ("we are ready to discuss this further", "this is something on which we can work"),
    "open": ("we are open to hearing more", "we would listen to such a proposal"),
}
_KINDS = tuple(kind.value for kind in StanceKind)


def episodes(number: int = 30) -> Iterator[str]:
    """The texts of the episode files, in the order in which they have to be recorded."""
    items = list(_items())
    yield _text(_opening(items))
    for count in range(1, number):
        yield _text(_talk(count, items))


def _text(episode: dict[str, Any]) -> str:
    return json.dumps(episode, ensure_ascii=False, indent=1)  # JSON is YAML


def _items() -> Iterator[dict[str, Any]]:
    titles = [(topic, title) for topic, listed in _MATTERS.items() for title in listed]
    titles += [(topic, f"{title}, in every form") for topic, title in titles[: 50 - len(titles)]]
    for count, (topic, title) in enumerate(titles):
        russian = count % 5 < 3
        yield {
            "id": f"item-{count}",
            "by": ["russia"] if russian else ["us", "nato"],
            "to": ["us", "nato"] if russian else "russia",
            "affects": ["ukraine"] if topic in {"enlargement", "ukraine"} else [],
            "topic": topic,
            "title": title,
            "made": "../2021-12-17" if count == 4 else str(START),
            "basis": "stated",
            "quote": f"we put this forward in all seriousness, and it is point {count} of what we put",
        }


def _opening(items: list[dict[str, Any]]) -> dict[str, Any]:
    actors = []
    for line in _ACTORS:
        slug, kind, side, name = line.split(" ", 3)
        actors.append({"id": slug, "kind": kind, "name": name} | ({} if side == "-" else {"side": side}))
    return {
        "format": 1,
        "episode": _episode("drafts", START, "draft", "The two drafts"),
        "sides": [{"id": "russia", "name": "Russia"}, {"id": "west", "name": "NATO and the United States"}],
        "actors": [*actors, {"id": "lavrov", "kind": "person", "speaks_for": "russia", "name": "Sergey Lavrov"}],
        "packages": [
            {
                "id": "guarantees",
                "by": "russia",
                "said": str(START),
                "title": "The guarantees as one package",
                "basis": "stated",
                "quote": "a package and not a menu",
                "items": ["item-0", "item-1", "item-5", "item-8"],
                "core": ["item-0"],
                "core_quote": "the key to the rest",
            }
        ],
        "demands": [one for count, one in enumerate(items) if count % 5 < 4],
        "offers": [one | {"answers": ["guarantees"]} for count, one in enumerate(items) if count % 5 == 4],
    }


def _episode(id: str, published: date, kind: str, title: str) -> dict[str, Any]:
    return {
        "id": id,
        "kind": kind,
        "title": title,
        "published": str(published),
        "author": "A correspondent",
        "url": f"https://example.org/sources/{id}",
    }


def _talk(count: int, items: list[dict[str, Any]]) -> dict[str, Any]:
    """The `count`th round: five responses, a few days before it was published."""
    published = START + timedelta(days=4 * count + 2)
    episode: dict[str, Any] = {
        "format": 1,
        "episode": _episode(f"episode-{count}", published, "article", f"Talks, round {count}"),
        "responses": [_response(count, place, published, items) for place in range(5)],
    }
    if count % 4 == 0:
        episode["episode"] |= {"read": "part", "missing": "the second half, behind a paywall"}
    if count == 7:
        episode["episode"]["title"] = f"Hostile {HOSTILE}"
        episode["episode"]["url"] = "https://example.org/?a=1&b='\"><script>alert(2)</script>"
        episode["responses"] += _contested(published)
    if count in {12, 20, 25}:
        episode["outcomes"] = [
            {
                "id": f"became-{count}",
                "items": [f"item-{count}", f"item-{count + 3}"],
                "outcome": {12: "met", 20: "withdrawn", 25: "agreed"}[count],
                "in_part": count == 12,
                "on": str(published),
                "by": "russia",
                "basis": "reported",
                "quote": "so that is settled between us",
            }
        ]
    return episode


def _response(count: int, place: int, published: date, items: list[dict[str, Any]]) -> dict[str, Any]:
    by = (("russia",), ("us", "nato"), ("nato",), ("uk", "germany", "france"), ("china",))[place]
    days = str(published - timedelta(days=1))
    said = f"{published - timedelta(days=3)}/{days}" if (count + place) % 3 == 0 else days
    theirs = [one for one in items if not set(by) & set(one["by"])]
    asked = [
        theirs[(count * 3 + place * 7 + step * 11) % len(theirs)]["id"]
        for step in range(1 + (count + place) % 2 * (place != 3))
    ]
    if place in {1, 2} and count % 3 == 0:
        asked.append("item-0")
    response: dict[str, Any] = {
        "id": f"answer-{place}",
        "by": list(by),
        "said": said,
        "venue": "Geneva" if count % 2 else "Brussels",
        "basis": "reported" if place % 2 else "stated",
        "quote": "let me go through these points one after the other",
        "stances": {item: _stance(count, place, item) for item in dict.fromkeys(asked)},
    }
    if place == 0:
        response |= {"speaker": "lavrov", "repeats": {"item-0": {"scope": "wider" if count == 9 else "same"}}}
    if place == 4:
        response |= {"basis": "inferred"} if count % 5 else {"basis": "alleged", "reported_by": "russia"}
    return response


def _stance(count: int, place: int, item: str) -> dict[str, Any]:
    turn = (count // 9 + place + int(item.removeprefix("item-"))) % 3
    kind = ("non-starter", "non-starter", "negotiable")[count // 10 % 3] if item == "item-0" else _KINDS[turn]
    words = _WORDS[kind]
    stance = {"stance": kind, "quote": f"{words[count % len(words)]}, as we have said since round {count}"}
    return stance | ({"condition": "it is verified on both sides"} if kind == "negotiable" and count % 2 else {})


def _contested(published: date) -> list[dict[str, Any]]:
    """Two accounts of one day that differ, in words that would do harm if they were not shown as text."""
    return [
        {
            "id": f"told-{kind}",
            "by": "nato",
            "said": str(published),
            "basis": "reported",
            "summary": f"A summary {HOSTILE}",
            "quote": f"{kind} {HOSTILE}",
            "stances": {"item-1": kind},
        }
        for kind in ("non-starter", "open")
    ]
