"""What the script of the page needs to stand on any day: the changes of every day, as compact JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from positions.queries.items import ON_THE_TABLE
from positions.report.data import Data
from positions.report.sheet import ANSWERS, Sheet
from positions.report.states import Cell, State


def replay(
    data: Data,
    states: Sequence[Mapping[str, State]],
    sheet: Sheet,
    columns: Sequence[str],
    *,
    ledger: Sequence[Sequence[Sequence[int]]],
    packages: Sequence[Sequence[int]],
) -> str:
    """The JSON for the script.

    `items` are ids, `facts` their side, kind, number of topic and first day. `cells` are [column, stance, notes,
    anchor]. For each of `days` there is in `changes` a list of [item, answer, in doubt, status, ended, who, cells],
    each of an item that changed, with numbers for item, answer and cells; what is left out at the end is zero or empty.
    In `ledger` are the numbers of the entries in each of its parts, in `packages` those that are shown.
    """
    items = {item.id: number for number, item in enumerate(data.items)}
    cells: dict[Cell, int] = {}
    changes: list[list[Any]] = []
    before: Mapping[str, State] = {}
    for by_item in states:
        changed = {slug: state for slug, state in by_item.items() if before.get(slug) != state and slug in items}
        changes.append([_row(items[slug], state, cells) for slug, state in changed.items()])
        before = by_item
    place = {actor: number for number, actor in enumerate(columns)}
    topics = list(dict.fromkeys(item.topic for item in data.items))
    whole = {
        "items": list(items),
        "topics": topics,
        "facts": [[item.side or "", item.kind, topics.index(item.topic), str(item.made.since)] for item in data.items],
        "cells": [[place[cell.actor], cell.look, ", ".join(cell.notes), cell.href] for cell in cells],
        "days": [str(day.day) for day in data.days],
        "changes": changes,
        "ledger": ledger,
        "refusals": [len(day.refused) for day in data.days],
        "packages": packages,
        "events": [[str(event.day), event.label] for event in sheet.events],
        "axis": [str(sheet.axis.first), str(sheet.axis.last)],
    }
    text = json.dumps(whole, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("&", "\\u0026")  # nothing in it is markup


def _row(number: int, state: State, cells: dict[Cell, int]) -> list[Any]:
    shown = [cells.setdefault(cell, len(cells)) for cell in state.cells]
    answer = ANSWERS.index(state.answer)
    status = "" if state.status == ON_THE_TABLE else state.status
    row = [number, answer, int(state.doubtful), status, int(state.ended), state.why, shown]
    while not row[-1]:  # what is left out at the end is nothing
        row.pop()
    return row


def numbered(entries: Sequence[Sequence[str]]) -> tuple[list[str], list[list[int]]]:
    """Each of the texts in `entries` once, and `entries` with the number of each text in its place."""
    numbers: dict[str, int] = {}
    places = [[numbers.setdefault(text, len(numbers)) for text in listed] for listed in entries]
    return list(numbers), places
