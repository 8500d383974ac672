"""Who refuses what, and what was said when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from positions.dates import Span
from positions.queries.rows import Movement, NonStarter, Outcome, Stance
from positions.rendering.layout import (
    NOTHING,
    Cell,
    Column,
    Heading,
    Line,
    Note,
    Page,
    Piece,
    Style,
    Table,
    cell,
    quiet,
    stance,
    strong,
)
from positions.rendering.phrases import counted, days, names, page, place, quoted, source, words

_MANY = 7
"""How many items of one movement a table names."""


def nonstarters(rows: Sequence[NonStarter], notes: Sequence[str], *, ever: bool = False) -> Page:
    """Who refuses what, grouped by item."""
    if not rows:
        return page(notes, Note("No item is marked a non-starter there and then."))
    columns = (
        Column("Item", 20, 3),
        Column("Refused by", 15),
        Column("Said", 11),
        Column("In which words", 24, 4),
    )
    body = []
    for group in _alike(rows):
        one = group[0]
        refusers = tuple(line for each in group for line in _refuser(each, ever=ever))
        item = cell(strong(one.title), quiet(one.item), *_asked(one))
        body.append((item, refusers, _stood(one), cell(*words(one), quiet(source(one)))))
    items = len({one.item for one in rows})
    heading = (strong(counted(items, "non-starter")), Piece(f", by {counted(len(rows), 'refusal')}"))
    return page(notes, Heading(heading), Table(columns, body, grouped=1))


def _alike(rows: Sequence[NonStarter]) -> list[list[NonStarter]]:
    """Refusals that follow each other and differ in nothing but who refuses."""
    groups: list[list[NonStarter]] = []
    for row in rows:
        if groups and replace(row, refused_by="") == replace(groups[-1][0], refused_by=""):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _asked(one: NonStarter) -> list[Line | str]:
    maker = names(one.by) or f"{one.side} (no maker named)"
    asked = (Piece(f"{one.kind.value} of {maker}", Style.QUIET),)
    return [asked, f"“{one.item_quote}”"] if one.item_quote else [asked]


def _refuser(one: NonStarter, *, ever: bool) -> Cell:
    now = (Piece(" now "), stance(one.now)) if ever and one.now is not None else ()
    contested = (Piece(" (contested)", Style.QUIET),) if one.contested else ()
    return ((Piece(one.refused_by, Style.NON_STARTER), *now, *contested),)


def _stood(one: NonStarter) -> Cell:
    if one.first_said == one.last_said:
        return days(one.last_said)
    return (
        *cell(quiet("since")),
        *days(one.first_said),
        *cell(quiet("last")),
        *days(one.last_said),
    )


def history(rows: Sequence[Stance], outcomes: Sequence[Outcome], notes: Sequence[str]) -> Page:
    """Accounts over time, and between them what became of the items."""
    if not rows and not outcomes:
        return page(notes, Note("No stance was recorded there and then."))
    columns = (
        Column("Said", 11),
        Column("Actor", 6, 1),
        Column("Item", 16, 2),
        Column("Stance", 11),
        Column("Words", 20, 4),
    )
    told: list[tuple[Span, tuple[Cell, ...]]] = [
        (one.said, (days(one.said), cell(one.actor), cell(one.item), place(one), cell(*words(one), quiet(source(one)))))
        for one in rows
    ]
    told += [(one.on, _became(one)) for one in outcomes]
    body = [row for _, row in sorted(told, key=lambda pair: (pair[0].since, pair[0].end))]
    return page(notes, Heading((strong(counted(len(rows), "stance")), Piece(", oldest first"))), Table(columns, body))


def _became(one: Outcome) -> tuple[Cell, ...]:
    how = cell(strong(one.outcome.value), quiet("in part" if one.in_part else None))
    told = cell(quoted(one.quote, one.summary), quiet(one.episode))
    return days(one.on), cell(names(one.by)), cell(one.item), how, told


def movements(rows: Sequence[Movement], notes: Sequence[str], *, sources: int) -> Page:
    """What has moved, oldest first; `sources` are read."""
    if not rows:
        alone = " One source alone cannot show any: record the next episode." if sources <= 1 else ""
        return page(notes, Note(f"No movement is recorded there and then.{alone}"))
    columns = (
        Column("Said", 11),
        Column("Actor", 8),
        Column("Movement", 16),
        Column("Items", 24, 5),
        Column("Source", 14, 1),
    )
    body = [_moved_together(together) for together in _same_move(rows)]
    heading = Heading((strong(counted(len(rows), "movement")), Piece(", oldest first")))
    return page(notes, heading, Table(columns, body, dense=True))


def _same_move(rows: Iterable[Movement]) -> Iterable[Sequence[Movement]]:
    """Movements of one actor on the same days that differ in nothing but item and source, where the first stood."""
    groups: dict[Movement, list[Movement]] = defaultdict(list)
    for one in rows:
        groups[replace(one, item="", title="", episode="", response=None)].append(one)
    return groups.values()


def _moved_together(rows: Sequence[Movement]) -> tuple[Cell, ...]:
    one = rows[0]
    sources = dict.fromkeys(f"{each.episode}/{each.response}" if each.response else each.episode for each in rows)
    return days(one.said), cell(one.actor), cell(_move(one)), _named(rows), cell(*(quiet(each) for each in sources))


def _named(rows: Sequence[Movement]) -> Cell:
    ids = [one.item for one in rows]
    more = f"and {len(ids) - _MANY} more; `-f csv` names them all" if len(ids) > _MANY else None
    return cell(names(ids[:_MANY]), quiet(more))


def _move(one: Movement) -> Line:
    if one.to is not None:
        before = Piece(NOTHING, Style.QUIET) if one.from_ is None else stance(one.from_)
        how = one.direction or "first stance"
        return (before, Piece(" → "), stance(one.to), Piece(f" ({how})", Style.QUIET))
    words = {"item": "offer" if one.direction == "new" else "put beside it", "scope": "scope", "outcome": ""}
    return (Piece(f"{one.direction} {words[one.change]}".rstrip()),)
