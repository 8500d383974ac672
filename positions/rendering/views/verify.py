"""Which quotations stand in a text, how often, and what stands there instead of those that do not."""

from collections.abc import Sequence

from positions.queries.rows import Verified
from positions.rendering.layout import Column, Note, Page, Piece, Style, Table, cell, quiet, strong
from positions.rendering.phrases import page


def verify(rows: Sequence[Verified]) -> Page:
    """Each quotation: where it is recorded, whether it was found, its words."""
    if not rows:
        return Page((Note("No quotation was looked for."),))
    columns = (Column("Recorded in", 16, 1), Column("Field", 10, 1), Column("In the text", 13), Column("Words", 24, 3))
    body = [
        (cell(strong(one.id)), cell(one.field), cell(_found(one)), cell(f"“{one.quote}”", quiet(one.hint)))
        for one in rows
    ]
    found = sum(1 for one in rows if one.found)
    return page([f"{found} of {len(rows)} quotations found."], Table(columns, body))


def _found(one: Verified) -> Piece:
    if not one.found:
        return Piece("missing", Style.RETRACTED)
    return Piece("found" if one.found == 1 else f"found {one.found} times", Style.ADDED)
