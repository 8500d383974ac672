"""What revisions changed: each at length, and between two of them."""

from collections.abc import Sequence

from positions.queries.rows import ChangedEntry, Revision
from positions.recording.difference import Difference
from positions.rendering.contents import differences
from positions.rendering.layout import Block, Gap, Heading, Line, Listed, Note, Page, Piece, Style, quiet, strong
from positions.rendering.plan import kind, line


def log(rows: Sequence[Revision]) -> Page:
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


def difference(found: Difference) -> Page:
    """What the record said at one revision and says at another."""
    heading = Heading((strong(f"r{found.earlier}"), Piece(" then, "), strong(f"r{found.later}"), Piece(" now")))
    if not found.changes:
        return Page((heading, Note("The record said the same.")))
    blocks: list[Block] = [heading, *(Listed(line(change)) for change in found.changes)]
    for title, corrected in (("stances that moved", False), ("stances that read differently, by correction", True)):
        turns = [turn for turn in found.turns if turn.corrected is corrected]
        if turns:
            blocks.append(Listed((strong(title),)))
        for turn in turns:
            pieces = (Piece(f"{turn.actor} on {turn.item}: "), kind(turn.before), Piece(" -> "), kind(turn.after))
            blocks.append(Listed((*pieces, quiet(f" (as of {turn.since})") or Piece("")), depth=2))
    return Page(blocks)


def _entry(entry: ChangedEntry) -> Line:
    name = f"{entry.what} {entry.name}"
    if entry.before is None:
        return (Piece(f"+ {name}", Style.ADDED),)
    if entry.after is None:
        return (Piece(f"- {name}", Style.RETRACTED),)
    return (Piece(f"~ {name}", Style.CORRECTED),)
