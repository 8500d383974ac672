"""Who is at the table, which sources there are, what was recorded, and how far an answer reaches."""

from collections.abc import Sequence

from positions.queries.log import Freshness
from positions.queries.rows import Actor, Episode, Found, Revision, Source, Status
from positions.rendering.layout import (
    Block,
    Cell,
    Column,
    Fields,
    Gap,
    Heading,
    Note,
    Page,
    Piece,
    Style,
    Table,
    cell,
    quiet,
    strong,
)
from positions.rendering.phrases import counted, names, page


def actors(rows: Sequence[Actor], notes: Sequence[str]) -> Page:
    """Who is at the table."""
    columns = (
        Column("Actor", 12, 1),
        Column("Name", 16, 2),
        Column("Kind", 12),
        Column("Side", 6),
        Column("Speaks for", 10, 1),
        Column("Recorded", 10),
    )
    body = [
        (
            cell(strong(one.id)),
            cell(one.name, quiet(one.role)),
            cell(one.kind.value),
            cell(one.side),
            cell(one.speaks_for),
            cell(*_tally(demand=one.demands, offer=one.offers, stance=one.stances)),
        )
        for one in rows
    ]
    return page(notes, Table(columns, body) if rows else Note("No actor is recorded."))


def episodes(rows: Sequence[Episode], notes: Sequence[str]) -> Page:
    """The sources."""
    columns = (
        Column("Published", 10),
        Column("Episode", 12, 1),
        Column("Title", 24, 3),
        Column("Recorded", 18, 2),
    )
    body = [
        (
            cell(str(one.published)),
            cell(strong(one.id), quiet(one.kind.value)),
            cell(one.title, quiet(one.author), quiet(one.url)),
            cell(*(counted(number, name.removesuffix("s")) for name, number in one.counts.items() if number)),
        )
        for one in rows
    ]
    return page(notes, Table(columns, body) if rows else Note("No source is recorded there and then."))


def episode(one: Source, notes: Sequence[str]) -> Page:
    """One source at length."""
    facts: list[tuple[str, Cell]] = [
        ("episode", cell(f"{one.id}, {one.kind}")),
        ("published", cell(str(one.published))),
        ("author", cell(one.author, one.publisher)),
        ("address", cell(one.url)),
        ("read", cell(f"in part; missing: {one.missing}" if one.missing else "whole")),
    ]
    if one.summary:
        facts.append(("summary", cell(one.summary)))
    facts += [(f"{name}", cell(names(slugs))) for name, slugs in one.added.items() if slugs]
    put = (
        ("answered", one.coverage.answered),
        ("taken up", one.coverage.taken_up),
        ("passed over", one.coverage.passed_over),
        ("not seen", one.coverage.not_seen),
    )
    covered = [(name, cell(names(slugs))) for name, slugs in put if slugs]
    blocks: list[Block] = [Heading((strong(one.title),)), Fields(facts)]
    if covered:
        title = "The other side's demands that were on the table"
        blocks += [Gap(), Heading((strong(title),)), Fields(covered)]
    return page(notes, *blocks)


def search(rows: Sequence[Found], text: str, notes: Sequence[str]) -> Page:
    """Where words were found, each match marked."""
    if not rows:
        return page(notes, Note(f"Nothing recorded there and then has “{text}” in it."))
    columns = (Column("Found in", 16, 1), Column("Where", 9), Column("Text", 30, 3))
    body = [(cell(strong(one.id), quiet(_thing(one))), cell(one.field), _marked(one)) for one in rows]
    return page(notes, Heading((strong(counted(len(rows), "text")), Piece(f" with “{text}”"))), Table(columns, body))


def status(one: Status) -> Page:
    """Where the database is and how far it reaches."""
    return Page(
        (
            Fields(
                [
                    ("database", cell(one.database)),
                    ("engine", cell(one.engine)),
                    ("version", cell(f"positions {one.version}, schema {one.schema}")),
                    ("revision", cell(f"r{one.revision}")),
                    (
                        "holds",
                        cell(names(counted(number, name.removesuffix("s")) for name, number in one.counts.items())),
                    ),
                    (
                        "last read",
                        cell(*(f"{side}: {read.episode}, {read.published}" for side, read in one.last_read.items())),
                    ),
                    ("known to be missing", cell(*(f"{each.episode}: {each.missing}" for each in one.missing))),
                ]
            ),
        )
    )


def log(rows: Sequence[Revision], notes: Sequence[str]) -> Page:
    """The revisions, newest first."""
    columns = (
        Column("Revision", 8),
        Column("Recorded (UTC)", 16),
        Column("By", 8, 1),
        Column("Why", 20, 3),
        Column("Changed", 14, 1),
    )
    body = [
        (
            cell(strong(f"r{one.revision}")),
            cell(one.recorded_at[:16].replace("T", " ")),
            cell(one.recorded_by),
            cell(one.message),
            cell(
                *(
                    Piece(f"{sign} {len(names)} {word}", style)
                    for sign, names, word, style in (
                        ("+", one.added, "added", Style.ADDED),
                        ("~", one.corrected, "corrected", Style.CORRECTED),
                        ("-", one.retracted, "retracted", Style.RETRACTED),
                    )
                    if names
                )
            ),
        )
        for one in rows
    ]
    return page(notes, Table(columns, body) if rows else Note("Nothing was ever recorded."))


def footer(fresh: Freshness, later: int = 0) -> list[str]:
    """How far an answer reaches; `later` stances in it became public only after the day that was asked about."""
    if fresh.latest is None:
        return [f"No statement is recorded by then (r{fresh.revision})."]
    notes = [f"Latest statement: {fresh.latest}, as recorded at r{fresh.revision}."]
    if later:
        notes.append(f"{counted(later, 'stance')} shown here became public only later; --public-by leaves such out.")
    return notes


def _thing(one: Found) -> str:
    return f"{one.what}: {one.title}" if one.title and one.field != "title" else one.what


def _marked(one: Found) -> Cell:
    """The text with the match between brackets, so that it shows without colour."""
    before, match, after = one.text[: one.start], one.text[one.start : one.end], one.text[one.end :]
    pieces = (Piece(before), Piece(f"[{match}]", Style.STRONG), Piece(after))
    return (tuple(piece for piece in pieces if piece.text),)


def _tally(**numbers: int) -> list[str]:
    return [counted(number, word) for word, number in numbers.items() if number]
