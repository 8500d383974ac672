"""What the script of the page needs to stand on any day: the changes of every day, as compact JSON."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from positions.queries.items import ON_THE_TABLE
from positions.queries.outlook import UNANSWERED
from positions.report.data import Data
from positions.report.history import LOOKS
from positions.report.sheet import ANSWERS, Sheet, length, others
from positions.report.states import Cell, Makers, State
from positions.vocabulary import OutcomeKind


def replay(
    data: Data,
    states: Sequence[Mapping[str, State]],
    sheet: Sheet,
    columns: Sequence[str],
    *,
    order: Sequence[int],
    ledger: Sequence[Sequence[Sequence[int]]],
    packages: Sequence[Sequence[int]],
    endings: Sequence[Sequence[int]],
    moves: Sequence[tuple[int, int]],
) -> str:
    """The JSON for the script.

    `order` has the number of the item in each row of the table. `facts` are kind, number of topic and first day of each
    item, `cells` are [column, look, notes, anchor], `looks` [stance, word], `makers` [names, side, core].

    For each of `days` there is its length in `spans`, and in `changes` a list of [item, answer, makers, cells, first
    said, who answered, in doubt, status, ended], each of an item that changed, with numbers for item, answer, makers
    and cells; what is left out at the end is zero or empty. When it was first said is told of items without an answer.
    Such days are numbers, counted from the first of `days`. In `ledger` are the numbers of the entries in each of its
    parts, in `packages` and `endings` those that are shown.

    `moves` are the first and the last of the days on which each movement is shown. `agreed` is the first day on which
    something was agreed; `others` is who would discuss.
    """
    items = {item.id: number for number, item in enumerate(data.items)}
    rows = _Rows(items, data.days[0].day if data.days else date.min)
    changes: list[list[Any]] = []
    before: Mapping[str, State] = {}
    for by_item in states:
        changed = {slug: state for slug, state in by_item.items() if before.get(slug) != state and slug in items}
        changes.append([rows.row(slug, state) for slug, state in changed.items()])
        before = by_item
    place = {actor: number for number, actor in enumerate(columns)}
    topics = list(dict.fromkeys(item.topic for item in data.items))
    whole = {
        "order": order,
        "topics": topics,
        "facts": [[item.kind, topics.index(item.topic), rows.number(item.made.since)] for item in data.items],
        "looks": list(LOOKS.items()),
        "cells": [
            [place[cell.actor], list(LOOKS).index(cell.look), ", ".join(cell.notes), cell.href] for cell in rows.cells
        ],
        "makers": [[makers.names, makers.side or "", int(makers.core)] for makers in rows.makers],
        "days": [str(day.day) for day in data.days],
        "spans": [length(sheet.axis.first, day.day) for day in data.days],
        "changes": changes,
        "ledger": ledger,
        "refusals": [len(day.refused) for day in data.days],
        "packages": packages,
        "endings": endings,
        "moves": moves,
        "agreed": _first_agreed(data),
        "others": others(data),
        "events": [[str(event.day), event.label] for event in sheet.events],
        "axis": [str(sheet.axis.first), str(sheet.axis.last)],
    }
    text = json.dumps(whole, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("&", "\\u0026")  # nothing in it is markup


class _Rows:
    """Makes the rows of changes; cells and makers that recur are numbered."""

    def __init__(self, items: Mapping[str, int], first: date) -> None:
        self.items = items
        self.first = first
        self.cells: dict[Cell, int] = {}
        self.makers: dict[Makers, int] = {}

    def number(self, day: date) -> int:
        """How many days after the first of the page `day` is."""
        return (day - self.first).days

    def row(self, slug: str, state: State) -> list[Any]:
        """The change of the item `slug` to `state`, without what is nothing at the end."""
        answer = ANSWERS.index(state.answer)
        makers = self.makers.setdefault(state.makers, len(self.makers))
        cells = [self.cells.setdefault(cell, len(self.cells)) for cell in state.cells]
        first_said = self.number(state.first_said) if state.answer == UNANSWERED else 0
        status = "" if state.status == ON_THE_TABLE else state.status
        row = [self.items[slug], answer, makers, cells, first_said]
        row += [state.why, int(state.doubtful), status, int(state.ended)]
        while not row[-1]:
            row.pop()
        return row


def _first_agreed(data: Data) -> str:
    """The first day on which something on the page was agreed; empty if nothing was."""
    known = {item.id for item in data.items}
    agreed = [row.on.end for row in data.outcomes if row.outcome is OutcomeKind.AGREED and row.item in known]
    return str(min(agreed, default=""))


def numbered(entries: Sequence[Sequence[str]]) -> tuple[list[str], list[list[int]]]:
    """Each of the texts in `entries` once, and `entries` with the number of each text in its place."""
    numbers: dict[str, int] = {}
    places = [[numbers.setdefault(text, len(numbers)) for text in listed] for listed in entries]
    return list(numbers), places
