"""What is broken in a database, or what was proved of it."""

from collections.abc import Sequence

from positions.queries.rows import Broken
from positions.rendering.layout import Column, Heading, Listed, Page, Piece, Table, cell, strong


def check(rows: Sequence[Broken], promises: Sequence[str]) -> Page:
    """The broken promises; if there are none, all that were looked at."""
    if not rows:
        kept = (Listed((Piece(one),)) for one in promises)
        return Page((Heading((strong("Nothing is wrong."), Piece(" Checked:"))), *kept))
    columns = (Column("What", 10, 1), Column("Id", 16, 1), Column("What is wrong", 30, 3))
    return Page((Table(columns, [(cell(one.what), cell(strong(one.id)), cell(one.message)) for one in rows]),))
