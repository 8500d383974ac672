"""What each revision changed, at length."""

from collections.abc import Sequence

from positions.queries.rows import ChangedEntry, Revision
from positions.rendering.contents import differences
from positions.rendering.layout import Block, Gap, Heading, Line, Listed, Note, Page, Piece, Style, strong


def at_length(rows: Sequence[Revision]) -> Page:
    """Every revision with the contents that it changed, newest first."""
    blocks: list[Block] = []
    for one in rows:
        about = f"  {one.recorded_at[:16].replace('T', ' ')} UTC, {one.recorded_by}: {one.message}"
        blocks += [Heading((strong(f"r{one.revision}"), Piece(about)))]
        for entry in one.changes or ():
            blocks.append(Listed(_entry(entry)))
            blocks += [Listed((Piece(text),), depth=2) for text in differences(entry.before, entry.after)]
        blocks.append(Gap())
    return Page(blocks or [Note("Nothing was ever recorded.")])


def _entry(entry: ChangedEntry) -> Line:
    name = f"{entry.what} {entry.name}"
    if entry.before is None:
        return (Piece(f"+ {name}", Style.ADDED),)
    if entry.after is None:
        return (Piece(f"- {name}", Style.RETRACTED),)
    return (Piece(f"~ {name}", Style.CORRECTED),)
