"""The answers about the record: its sources, actors and texts, its state and its log; the notes below other answers."""

from collections.abc import Iterator, Sequence

from positions.queries.log import AS_SHIPPED, Freshness, short
from positions.queries.rows import Actor, Episode, Found, Revision, Source, Status, Verified, Violation
from positions.rendering.layout import (
    Abridged,
    Block,
    Cell,
    Column,
    Fields,
    ListItem,
    Page,
    Piece,
    Place,
    Style,
    cell,
    heading,
    line,
    quiet,
    strong,
    table,
)
from positions.rendering.phrases import counted, counts, joined, minute, page, section


def actors(rows: Sequence[Actor], notes: Sequence[str]) -> Page:
    """The actors, with how much is recorded of each."""
    if not rows:
        return page(notes, "No actor is recorded.")

    def recorded(actor: Actor) -> Cell:
        return cell(*counts([(actor.demands, "demand"), (actor.offers, "offer"), (actor.stances, "stance")]))

    listed = table(
        rows,
        (Column("Actor", place=Place.ID), lambda row: cell(strong(row.id))),
        (Column("Name", place=Place.TITLE), lambda row: cell(joined([row.name, *([row.role] if row.role else [])]))),
        (Column("Kind", place=Place.LINE), lambda row: cell(row.kind.value)),
        (Column("Side", place=Place.LINE), lambda row: cell(row.side)),
        (Column("Speaks for", place=Place.LINE), lambda row: cell(row.speaks_for)),
        (Column("Recorded", place=Place.BELOW), recorded),
    )
    return page(notes, listed)


def episodes(rows: Sequence[Episode], notes: Sequence[str]) -> Page:
    """The sources, with how much is recorded from each."""
    if not rows:
        return page(notes, "No sources by that moment.")

    def recorded(episode: Episode) -> Cell:
        return cell(*counts((number, name.removesuffix("s")) for name, number in episode.counts.items()))

    listed = table(
        rows,
        (Column("Published", place=Place.LINE), lambda row: cell(str(row.published))),
        (Column("Title", place=Place.TITLE), lambda row: cell(row.title)),
        (Column("Episode", place=Place.ID), lambda row: cell(strong(row.id))),
        (Column("Kind", place=Place.WIDE), lambda row: cell(row.kind.value)),
        (Column("Author", place=Place.WIDE), lambda row: cell(row.author)),
        (Column("Recorded", place=Place.WIDE), recorded),
        (Column("Address", place=Place.WIDE), lambda row: cell(row.url)),
    )
    return page(notes, listed)


def episode(source: Source, notes: Sequence[str]) -> Page:
    """One source in full, and how it treats the demands put to those who speak in it."""
    coverage = source.coverage
    treated = (
        ("answered", coverage.answered),
        ("taken up", coverage.taken_up),
        ("passed over", coverage.passed_over),
        ("not in the part read", coverage.not_seen),
    )
    demands = [(name, cell(joined(ids))) for name, ids in treated if ids]
    blocks: list[Block] = [heading(strong(source.title)), Fields(list(_facts(source)))]
    if demands:
        blocks += section("Demands then on the table, put to its speakers or their side", Fields(demands))
    return page(notes, *blocks)


def _facts(source: Source) -> Iterator[tuple[str, Cell]]:
    yield "episode", cell(f"{source.id}, {source.kind}")
    yield "published", cell(str(source.published))
    if source.event:
        yield "event", cell(source.event)
    yield "author", cell(source.author, source.publisher)
    yield "address", cell(source.url)
    yield "read", cell(f"in part; missing: {source.missing}" if source.missing else "whole")
    if source.summary:
        yield "summary", cell(source.summary)
    yield from ((name, cell(joined(ids))) for name, ids in source.added.items() if ids)


def search(rows: Sequence[Found], text: str, notes: Sequence[str]) -> Page:
    """The texts found, with each match marked."""
    if not rows:
        return page(notes, f"No text found that contains “{text}”.")

    listed = table(
        rows,
        (Column("Found in", place=Place.REST), lambda row: cell(strong(row.id))),
        (Column("Where", place=Place.LINE), lambda row: cell(f"{row.what}, {row.field}")),
        (Column("Title", place=Place.BELOW), lambda row: cell(quiet(row.title if row.field != "title" else None))),
        (Column("Text", place=Place.BELOW), _marked),
    )
    return page(notes, heading(strong(counted(len(rows), "text")), f" with “{text}”"), listed)


def _marked(row: Found) -> Cell:
    """The text with its match in brackets, visible without colour too."""
    before, match, after = row.text[: row.start], row.text[row.start : row.end], row.text[row.end :]
    return (line(before, strong(f"[{match}]"), after),)


def verify(rows: Sequence[Verified]) -> Page:
    """Each quotation, with where it is recorded and whether it was found in the text."""
    if not rows:
        return page((), "No quotations were checked.")
    listed = table(
        rows,
        (Column("Recorded in", place=Place.REST), lambda row: cell(strong(row.id))),
        (Column("Field", place=Place.LINE), lambda row: cell(row.field)),
        (Column("In the text", place=Place.LINE), lambda row: cell(_times_found(row.found))),
        (Column("Words", place=Place.BELOW), lambda row: cell(f"“{row.quote}”", quiet(row.hint))),
    )
    return page([f"{sum(row.found > 0 for row in rows)} of {len(rows)} quotations found."], listed)


def _times_found(times: int) -> Piece:
    if not times:
        return Piece("missing", Style.RETRACTED)
    return Piece("found" if times == 1 else f"found {times} times", Style.ADDED)


def status(row: Status, *, missing: bool = True) -> Page:
    """Where the database is, what it contains, and its known gaps, which a terminal only counts unless `missing`."""
    contents = joined(counted(number, name.removesuffix("s")) for name, number in row.counts.items())
    last_read = (f"{side}: {read.episode}, {read.published}" for side, read in row.last_read.items())
    fields = (
        *((("title", cell(row.title)),) if row.title else ()),
        ("database", cell(row.database)),
        ("engine", cell(row.engine)),
        ("version", cell(f"positions {row.version}, schema {row.schema}")),
        ("revision", cell(f"r{row.revision}")),
        ("digest", cell(short(row.digest))),
        ("contents", cell(contents)),
        ("latest source", cell(*last_read)),
    )
    whole = row.counts["episodes"] - len(row.missing)
    read = f"{whole} whole, {len(row.missing)} in part"
    read += "; --missing lists what was not read" if row.missing and not missing else ""
    gaps = [ListItem(line(strong(gap.episode), f": {gap.missing}")) for gap in row.missing] if missing else []
    full = Fields([*fields, ("known gaps", cell(*(f"{gap.episode}: {gap.missing}" for gap in row.missing)))])
    return page((), Abridged([full], [Fields([*fields, ("sources", cell(read))]), *gaps]))


def log(rows: Sequence[Revision]) -> Page:
    """The revisions in the order of `rows`, with the number of entries that each changed."""
    if not rows:
        return page((), "Nothing has been recorded yet.")
    listed = table(
        rows,
        (
            Column("Revision", place=Place.LINE),
            lambda row: cell(line(strong(f"r{row.revision}"), f" {short(row.digest)}")),
        ),
        (Column("Recorded (UTC)", place=Place.ABOVE), _recorded),
        (Column("By", place=Place.ABOVE), lambda row: cell((Piece(row.recorded_by, mark=""),))),
        (Column("Changed", place=Place.LINE), lambda row: cell(*_changed(row))),
        (Column("Why", place=Place.REST), _why),
    )
    return page((), listed)


def _number(revision: Revision) -> Cell:
    return cell(line(strong(f"r{revision.revision}"), f" {short(revision.digest)}"))


def _recorded(revision: Revision) -> Cell:
    """When a revision was recorded; on a terminal also by whom, and whether it is a shipped episode."""
    when = minute(revision.recorded_at)
    shipped = AS_SHIPPED if revision.message.endswith(AS_SHIPPED) else ""
    return cell((Piece(when, Style.QUIET, f"{when} UTC, {revision.recorded_by}{shipped}"),))


def _why(revision: Revision) -> Cell:
    return cell((Piece(revision.message, mark=revision.message.removesuffix(AS_SHIPPED)),))


def _changed(revision: Revision) -> Iterator[Piece]:
    if revision.added:
        yield Piece(f"+ {len(revision.added)} added", Style.ADDED, f"+{len(revision.added)}")
    if revision.corrected:
        yield Piece(f"~ {len(revision.corrected)} corrected", Style.CORRECTED, f"~{len(revision.corrected)}")
    if revision.retracted:
        yield Piece(f"- {len(revision.retracted)} retracted", Style.RETRACTED, f"-{len(revision.retracted)}")


def check(rows: Sequence[Violation], promises: Sequence[str]) -> Page:
    """The violations; if there are none, the list of what was checked."""
    if not rows:
        kept = (ListItem(line(promise)) for promise in promises)
        return page((), heading(strong("Nothing is wrong."), " Checked:"), *kept)
    listed = table(
        rows,
        (Column("Kind", place=Place.LINE), lambda row: cell(row.what)),
        (Column("Id", place=Place.REST), lambda row: cell(strong(row.id))),
        (Column("Problem", place=Place.BELOW), lambda row: cell(row.message)),
    )
    return page((), listed)


def footer(freshness: Freshness, later: int, *, is_empty: bool = False) -> list[str]:
    """The notes below an answer: its latest statement, and how many stances (`later`) became public after its day."""
    if is_empty:
        return ["Nothing is recorded yet; `positions draft FILE.yaml` begins the first source."]
    if freshness.latest is None:
        return [f"Latest statement: none, as recorded at r{freshness.revision}."]
    notes = [f"Latest statement: {freshness.latest}, as recorded at r{freshness.revision}."]
    if later:
        notes.append(
            f"{counted(later, 'stance')} shown here became public only after that day; --public-by excludes them."
        )
    return notes
