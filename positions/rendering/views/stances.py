"""The answers about stances: `nonstarters`, `history`, `movements`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from positions.dates import Span
from positions.queries.items import ON_THE_TABLE
from positions.queries.rows import Movement, NonStarter, Outcome, Stance
from positions.rendering.layout import (
    Block,
    Cell,
    Column,
    Line,
    Page,
    Piece,
    Place,
    Style,
    TextTable,
    cell,
    heading,
    line,
    marked,
    quiet,
    stance,
    strong,
    table,
)
from positions.rendering.phrases import (
    account_cell,
    counted,
    joined,
    makers,
    page,
    quoted,
    refused,
    section,
    stance_cell,
)
from positions.vocabulary import StanceKind

_MOST_ITEMS = 7
"""The most items listed for one movement."""

_MOST_SOURCES = 3
"""The most sources that a movement names."""

_SECTIONS = {
    "Answers to others that changed": ("stance", False),
    "Stances on their own demands and offers that changed": ("stance", True),
    "First answers to others": ("first", False),
    "First stances on their own demands and offers": ("first", True),
    "Demands repeated with another scope": ("scope", False),
    "Outcomes": ("outcome", False),
    "New demands and offers": ("item", False),
}
"""By kind of movement: the heading under which it is shown, in this order."""


def nonstarters(rows: Sequence[NonStarter], notes: Sequence[str], *, ever: bool = False, past: bool = False) -> Page:
    """Who refuses what, grouped by item; refusals in the same words share a row.

    `ever`: the rows include what is no longer refused. `past`: they are about a moment that is over.
    """
    if not rows:
        return page(notes, "No matching non-starters.")
    then = "then" if past else "now"
    listed = table(
        [list(refusals) for _, refusals in groupby(rows, lambda row: replace(row, refused_by=""))],
        (Column("Item", place=Place.ABOVE), lambda refusals: _refused_item(refusals[0])),
        (Column("Refused by", place=Place.LINE), lambda refusals: tuple(_refuser(row, then) for row in refusals)),
        (Column("Said", place=Place.LINE), lambda refusals: _said(refusals[0])),
        (Column("In which words", place=Place.BELOW), lambda refusals: account_cell(refusals[0])),
    )
    return page(notes, heading(strong(refused(rows, ever=ever))), listed)


def _refused_item(row: NonStarter) -> Cell:
    quote = f"“{row.item_quote}”" if row.item_quote else None
    status = None if row.status == ON_THE_TABLE else f", {row.status}"
    return cell(strong(row.title), line(row.item, quiet(f"  {row.kind.value} of {makers(row)}{status or ''}")), quote)


def _refuser(row: NonStarter, then: str) -> Line:
    refuses = Piece(row.refused_by, Style.NON_STARTER, marked(StanceKind.NON_STARTER, after=f" {row.refused_by}").mark)
    now = (f", {then} ", stance(row.now)) if row.now is not None else ()
    return line(refuses, *now, quiet(" (contested)" if row.contested else None))


def _said(row: NonStarter) -> Cell:
    if row.first_said == row.last_said:
        return cell(str(row.last_said))
    return cell(f"since {row.first_said}, last {row.last_said}")


def history(rows: Sequence[Stance], outcomes: Sequence[Outcome], notes: Sequence[str]) -> Page:
    """Stances and outcomes over time, oldest first."""
    if not rows and not outcomes:
        return page(notes, "No matching stances or outcomes.")
    columns = (
        Column("Said", place=Place.ABOVE),
        Column("Actor", place=Place.LINE),
        Column("Stance", place=Place.LINE),
        Column("Item", place=Place.REST),
        Column("Words", place=Place.BELOW),
    )
    dated: list[tuple[Span, tuple[Cell, ...]]] = [(account.said, _stance(account)) for account in rows]
    dated += [(outcome.on, _outcome(outcome)) for outcome in outcomes]
    body = [cells for _, cells in sorted(dated, key=lambda pair: (pair[0].since, pair[0].end))]
    title = heading(strong(counted(len(rows), "stance")), ", oldest first")
    return page(notes, title, TextTable(columns, body, dense=True))


def _stance(account: Stance) -> tuple[Cell, ...]:
    said = cell(strong(str(account.said)))
    return said, cell(account.actor), stance_cell(account), cell(account.item), account_cell(account)


def _outcome(outcome: Outcome) -> tuple[Cell, ...]:
    what = cell(strong(outcome.outcome.value), quiet("in part" if outcome.in_part else None))
    words = cell(quoted(outcome.quote, outcome.summary), quiet(outcome.episode))
    return cell(strong(str(outcome.on))), cell(joined(outcome.by)), what, cell(outcome.item), words


def movements(rows: Sequence[Movement], notes: Sequence[str], *, sources: int, first: bool) -> Page:
    """Movements under headings by kind, changed answers to others first; the oldest first under each.

    `first`: the rows include every first stance, not only late ones. `sources` is the number of sources at that moment:
    with fewer than two, an empty answer says why it is empty.
    """
    if not rows:
        hint = " A single source cannot show any: record the next episode." if sources <= 1 else ""
        return page(notes, f"No matching movements.{hint}")
    blocks: list[Block] = [heading(strong(counted(len(rows), "movement")))]
    for title, kind in _SECTIONS.items():
        moves = _same_moves(row for row in rows if (row.change, row.own) == kind)
        if moves:
            late = ", after a month or more" if kind[0] == "first" and not first else ""
            blocks += section(f"{title}{late}", _moves(moves))
    return page(notes, *blocks)


def _moves(moves: Sequence[Sequence[Movement]]) -> TextTable:
    return table(
        moves,
        (Column("Said", place=Place.LINE), lambda moves: cell(str(moves[0].said))),
        (Column("Actor", place=Place.LINE), lambda moves: cell(moves[0].actor)),
        (Column("Movement", place=Place.LINE), lambda moves: cell(_movement(moves[0]))),
        (Column("Items", place=Place.REST), _items),
        (Column("Source", place=Place.BELOW), _sources),
        dense=True,
    )


def _same_moves(rows: Iterable[Movement]) -> list[list[Movement]]:
    """Groups of movements that differ only in item and source, ordered by the first of each group."""
    groups: dict[Movement, list[Movement]] = defaultdict(list)
    for row in rows:
        groups[replace(row, item="", title="", episode="", response=None)].append(row)
    return list(groups.values())


def _movement(row: Movement) -> Line:
    if row.to is not None:
        before = () if row.from_ is None else (stance(row.from_), " → ")
        return line(*before, stance(row.to), quiet(f" ({row.direction})" if row.direction else None))
    if row.change == "item":
        return line(f"new {row.kind}" if row.direction == "new" else "new alternative")
    return line(f"{row.direction} scope" if row.change == "scope" else row.direction)


def _items(moves: Sequence[Movement]) -> Cell:
    ids = [move.item for move in moves]
    more = f"and {len(ids) - _MOST_ITEMS} more; `-f csv` lists them all" if len(ids) > _MOST_ITEMS else None
    return cell(joined(ids[:_MOST_ITEMS]), quiet(more))


def _sources(moves: Sequence[Movement]) -> Cell:
    cited = (f"{move.episode}/{move.response}" if move.response else move.episode for move in moves)
    sources = list(dict.fromkeys(cited))
    more = f"and {len(sources) - _MOST_SOURCES} more" if len(sources) > _MOST_SOURCES else None
    return cell(*map(quiet, sources[:_MOST_SOURCES]), quiet(more))
