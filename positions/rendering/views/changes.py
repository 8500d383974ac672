"""What changed between two revisions."""

from positions.recording.difference import Difference
from positions.rendering.layout import Block, Heading, Listed, Note, Page, Piece, quiet, strong
from positions.rendering.plan import kind, line


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
