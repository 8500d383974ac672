"""The answers about the record itself: `status`, `log`, `check`, and the notes below other answers."""

from collections.abc import Iterator, Sequence

from positions.queries.log import Freshness, short
from positions.queries.rows import Revision, Status, Violation
from positions.rendering.layout import (
    Column,
    Fields,
    ListItem,
    Note,
    Page,
    Piece,
    Style,
    cell,
    heading,
    line,
    strong,
    table,
)
from positions.rendering.phrases import counted, joined, minute


def status(row: Status) -> Page:
    """Where the database is, what it contains, and its known gaps."""
    contents = joined(counted(number, name.removesuffix("s")) for name, number in row.counts.items())
    last_read = (f"{side}: {read.episode}, {read.published}" for side, read in row.last_read.items())
    gaps = (f"{gap.episode}: {gap.missing}" for gap in row.missing)
    fields = (
        ("database", cell(row.database)),
        ("engine", cell(row.engine)),
        ("version", cell(f"positions {row.version}, schema {row.schema}")),
        ("revision", cell(f"r{row.revision}")),
        ("digest", cell(short(row.digest))),
        ("contents", cell(contents)),
        ("last read", cell(*last_read)),
        ("known gaps", cell(*gaps)),
    )
    return Page((Fields(fields),))


def log(rows: Sequence[Revision]) -> Page:
    """The revisions in the order of `rows`, with the number of entries that each changed."""
    if not rows:
        return Page((Note("Nothing has been recorded yet."),))
    listed = table(
        rows,
        (Column("Revision", 12), lambda row: cell(line(strong(f"r{row.revision}"), f" {short(row.digest)}"))),
        (Column("Recorded (UTC)", 16), lambda row: cell(minute(row.recorded_at))),
        (Column("By", 8, 1), lambda row: cell(row.recorded_by)),
        (Column("Why", 20, 3), lambda row: cell(row.message)),
        (Column("Changed", 14, 1), lambda row: cell(*_changed(row))),
    )
    return Page((listed,))


def _changed(revision: Revision) -> Iterator[Piece]:
    if revision.added:
        yield Piece(f"+ {len(revision.added)} added", Style.ADDED)
    if revision.corrected:
        yield Piece(f"~ {len(revision.corrected)} corrected", Style.CORRECTED)
    if revision.retracted:
        yield Piece(f"- {len(revision.retracted)} retracted", Style.RETRACTED)


def check(rows: Sequence[Violation], promises: Sequence[str]) -> Page:
    """The violations; if there are none, the list of what was checked."""
    if not rows:
        kept = (ListItem(line(promise)) for promise in promises)
        return Page((heading(strong("Nothing is wrong."), " Checked:"), *kept))
    listed = table(
        rows,
        (Column("Kind", 10, 1), lambda row: cell(row.what)),
        (Column("Id", 16, 1), lambda row: cell(strong(row.id))),
        (Column("Problem", 30, 3), lambda row: cell(row.message)),
    )
    return Page((listed,))


def footer(freshness: Freshness, later: int) -> list[str]:
    """The notes below an answer: its latest statement, and how many stances (`later`) became public after its day."""
    if freshness.latest is None:
        return [f"No statements recorded by then (r{freshness.revision})."]
    notes = [f"Latest statement: {freshness.latest}, as recorded at r{freshness.revision}."]
    if later:
        notes.append(f"{counted(later, 'stance')} shown here became public only later; --public-by excludes them.")
    return notes
