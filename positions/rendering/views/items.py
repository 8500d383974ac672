"""The answers about items: `demands`, `offers`, `item`, `matrix`, `unanswered`, `outlook`."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date

from positions.queries.items import NOT_YET, ON_THE_TABLE
from positions.queries.outlook import BLOCKED, UNANSWERED, WORKABLE
from positions.queries.rows import Item, MatrixRow, Mention, Outcome, Outlook, Package, Stance, Unanswered
from positions.rendering.layout import (
    Block,
    Cell,
    Column,
    Fields,
    Heading,
    Line,
    Note,
    Page,
    Piece,
    Style,
    TextTable,
    cell,
    heading,
    line,
    quiet,
    stance,
    strong,
    table,
)
from positions.rendering.phrases import (
    account_cell,
    actor_line,
    caveats,
    counted,
    days,
    joined,
    makers,
    makers_or_side,
    page,
    quoted,
    section,
    source,
    stance_cell,
)
from positions.vocabulary import StanceKind

_WIDEST_MATRIX = 4
"""The most actors that get their own columns in a matrix."""

_STYLES = {BLOCKED: Style.NON_STARTER, WORKABLE: Style.NEGOTIABLE, UNANSWERED: Style.QUIET, NOT_YET: Style.QUIET}


def items(rows: Sequence[Item], notes: Sequence[str], *, kind: str) -> Page:
    """Demands or offers on the table, with who refuses them and who would talk."""
    if not rows:
        return page(notes, f"No matching {kind}s are on the table.")
    listed = table(
        rows,
        (Column(kind.capitalize(), 24, 5), _title),
        (Column("By → to", 8, 2), lambda row: cell(f"{makers_or_side(row)} →", joined(row.to))),
        (Column("Said", 11), _said),
        (Column("Refused by", 10, 1), lambda row: cell(*_addressees(row, StanceKind.NON_STARTER))),
        (
            Column("Would talk", 10, 1),
            lambda row: cell(*_addressees(row, StanceKind.NEGOTIABLE), *_addressees(row, StanceKind.OPEN)),
        ),
    )
    return page(notes, heading(strong(counted(len(rows), kind)), " on the table"), listed)


def _title(item: Item) -> Cell:
    weight = [f"core of {item.package}"] if item.core and item.package else []
    return cell(strong(item.title), quiet(joined([item.id, *weight])), _status(item))


def _status(row: Item | MatrixRow) -> Piece | None:
    return quiet(None if row.status == ON_THE_TABLE else row.status)


def _said(item: Item) -> Cell:
    times = cell(quiet(f"{item.times_said} times")) if item.times_said > 1 else ()
    return (*days(item.first_said), *times)


def _addressees(item: Item, kind: StanceKind) -> list[Line]:
    """The addressees whose stance is `kind`, one per line; all but refusals name the stance."""
    accounts = [account for account in item.stances if account.stance is kind and account.actor in item.to]
    if kind is StanceKind.NON_STARTER:
        return [(Piece(account.actor, Style.NON_STARTER), *caveats(account)) for account in accounts]
    return [actor_line(account) for account in accounts]


def item(
    item: Item,
    accounts: Sequence[Stance],
    mentions: Sequence[Mention],
    outcomes: Sequence[Outcome],
    notes: Sequence[str],
) -> Page:
    """Everything recorded about one item."""
    blocks: list[Block] = [heading(strong(item.title)), Fields(list(_facts(item)))]
    sections: tuple[tuple[str, TextTable], ...] = (
        ("Stances, oldest first", _accounts(accounts, item.by)),
        ("Taken up without a stance", _mentions(mentions)),
        ("What became of it", _outcomes(outcomes)),
    )
    for title, listed in sections:
        if listed.rows:
            blocks += section(title, listed)
    if not accounts:
        blocks.append(Note("No stance on it is recorded; that does not mean that anybody is open to it."))
    return page(notes, *blocks)


def _facts(item: Item) -> Iterator[tuple[str, Cell]]:
    yield item.kind.value, cell(item.id)
    if item.text:
        yield "text", cell(item.text)
    yield "topic", cell(item.topic)
    yield "by", cell(makers(item))
    yield "to", cell(joined(item.to))
    yield "affects", cell(joined(item.affects))
    yield "made", cell(str(item.made))
    again = f", last {item.last_said}, {item.times_said} times" if item.times_said != 1 else ""
    yield "said", cell(f"{item.first_said}{again}")
    yield "words", cell(quoted(item.quote, item.summary), quiet(source(item)))
    yield "status", cell(item.status)
    if item.package:
        yield "package", cell(item.package + (", core of it" if item.core else ""))
    links = (("answers", item.answers), ("alternative to", item.alternative_to), ("part of", item.part_of))
    yield from ((name, cell(joined(ids))) for name, ids in links if ids)
    if item.provisions:
        yield (
            "provisions",
            cell(*(f"{provision.document}, article {provision.article}" for provision in item.provisions)),
        )


def _accounts(accounts: Sequence[Stance], makers: Sequence[str]) -> TextTable:
    return table(
        accounts,
        (Column("Said", 11), lambda row: days(row.said)),
        (Column("Actor", 8), lambda row: cell(row.actor, quiet("maker" if row.actor in makers else None))),
        (Column("Stance", 11), stance_cell),
        (Column("Words", 24, 1), account_cell),
    )


def _mentions(mentions: Sequence[Mention]) -> TextTable:
    return table(
        mentions,
        (Column("Said", 11), lambda row: days(row.said)),
        (Column("Actor", 8), lambda row: cell(joined(row.by))),
        (Column("How", 11), lambda row: cell(row.kind.value, quiet(row.scope and f"{row.scope} scope"))),
        (Column("Words", 24, 1), lambda row: cell(quoted(row.quote, row.summary), quiet(source(row)))),
    )


def _outcomes(outcomes: Sequence[Outcome]) -> TextTable:
    def what(outcome: Outcome) -> Cell:
        part = quiet("in part" if outcome.in_part else None)
        return cell(outcome.outcome.value, part, quiet(outcome.superseded_by))

    return table(
        outcomes,
        (Column("On", 11), lambda row: days(row.on)),
        (Column("Outcome", 12), what),
        (Column("Words", 24, 1), lambda row: cell(quoted(row.quote, row.summary), quiet(row.episode))),
    )


def matrix(rows: Sequence[MatrixRow], notes: Sequence[str]) -> Page:
    """Items with the stance of each actor: in a column per actor if they are few, else in one column."""
    if not rows:
        return page(notes, "No matching items are on the table.")
    actors = sorted({actor for row in rows for actor in row.stances})
    if len(actors) <= _WIDEST_MATRIX:
        stances = [(Column(actor, 11), _stance_of(actor)) for actor in actors]
    else:
        stances = [(Column("Stances", 28, 3), _all_stances)]
    listed = table(
        rows,
        (Column("Item", 24, 4), lambda row: cell(row.title, quiet(row.item), _status(row))),
        (Column("By", 8, 1), lambda row: cell(makers_or_side(row))),
        *stances,
    )
    legend = "– none recorded (not the same as open).  own: the maker's stance on its own offer."
    return page([legend, *notes], listed)


def _stance_of(actor: str) -> Callable[[MatrixRow], Cell]:
    def stance_of_actor(row: MatrixRow) -> Cell:
        account = next((account for account in row.accounts if account.actor == actor), None)
        if account is None:
            return cell()
        return cell((stance(account.stance), *caveats(account)), quiet("own" if actor in row.by else None))

    return stance_of_actor


def _all_stances(row: MatrixRow) -> Cell:
    lines = (line(*actor_line(account), quiet(" own" if account.actor in row.by else None)) for account in row.accounts)
    return cell(*lines)


def unanswered(rows: Sequence[Unanswered], notes: Sequence[str]) -> Page:
    """Items, each with an addressee that has not answered it."""
    if not rows:
        return page(notes, "No matching items are unanswered.")
    listed = table(
        rows,
        (Column("Item", 24, 3), lambda row: cell(strong(row.title), quiet(f"{row.kind} {row.item}"))),
        (Column("By", 8, 1), lambda row: cell(makers_or_side(row))),
        (Column("No stance by", 12), lambda row: cell(row.actor)),
        (Column("Since", 11), lambda row: days(row.since)),
        (Column("Instead of an answer", 20, 2), _instead),
        grouped=2,
    )
    items = counted(len({row.item for row in rows}), "item")
    return page(notes, heading(strong(items), " that an addressee has not answered"), listed)


def _instead(row: Unanswered) -> Cell:
    lines = [f"counter-offer {offer}" for offer in row.counter_offers]
    lines += [f"alleged by {row.alleged_by}: {row.alleged}"] if row.alleged else []
    lines += [f"{row.reply_wording or 'taken up without a stance'}, {row.reply}"] if row.reply else []
    lines += [row.status] if row.status != ON_THE_TABLE else []
    partly = "a source was read only in part" if row.read_in_part else None
    return cell(*lines, None if lines else "nothing", quiet(partly))


def outlook(
    rows: Sequence[Outlook],
    packages: Sequence[Package],
    notes: Sequence[str],
    *,
    between: tuple[date | None, date | None] = (None, None),
    in_part: Collection[str] = (),
) -> Page:
    """The verdict on each item, after a line for each package whose blocked core delays its other items.

    `between` is the day to compare with (None: no comparison) and the day of this outlook (None: the latest). `in_part`
    are the actors with a source that was read in part: they may have said more than is recorded.
    """
    if not rows:
        return page(notes, "No matching items are on the table.")
    if unsure := sorted({actor for row in rows for actor in row.waiting_for}.intersection(in_part)):
        more = (
            f"Not all sources of {joined(unsure)} were read in full; they may have taken stances that are not recorded."
        )
        notes = [more, *notes]
    earlier, day = between
    item = (Column("Item", 24, 4), _outlook_item)
    reasons = (Column("Because", 24, 3), _reasons)
    if earlier is None:
        columns = [item, (Column("Outlook", 11), _verdict), reasons]
        if any(row.held_up_by for row in rows):
            columns.append((Column("Held up by", 14, 1), lambda row: cell(*row.held_up_by)))
        listed = table(rows, *columns)
    else:
        then = (Column(str(earlier), 10), lambda row: cell(_verdict_word(row.then or "")))
        now = (Column(str(day) if day else "Now", 11), _verdict)
        listed = table(rows, item, then, now, reasons)
    tally = ", ".join(
        f"{sum(row.verdict == verdict for row in rows)} {verdict}" for verdict in (BLOCKED, WORKABLE, UNANSWERED)
    )
    held_up_by_packages = [Heading(line) for package in packages if (line := _package(package, rows))]
    return page(notes, heading(strong(tally)), *held_up_by_packages, listed)


def _outlook_item(row: Outlook) -> Cell:
    weight = [f"core of {row.package}"] if row.core else [f"in {row.package}"] if row.package else []
    return cell(strong(row.title), quiet(joined([f"{row.kind} {row.item}", *weight])))


def _verdict(row: Outlook) -> Cell:
    return cell(_verdict_word(row.verdict), quiet(row.status if row.status.endswith("in part") else None))


def _verdict_word(verdict: str) -> Piece:
    return Piece(verdict, _STYLES.get(verdict, Style.STRONG))


def _reasons(row: Outlook) -> Cell:
    lines: list[Line] = []
    if row.blocked_by:
        lines.append(line("refused by ", Piece(_refusers(row), Style.NON_STARTER)))
    lines += map(actor_line, row.ready)
    waiting = quiet(f"no stance recorded: {joined(row.waiting_for)}" if row.waiting_for else None)
    others = quiet(f"also refused by {joined(row.others_refuse)}" if row.others_refuse else None)
    return cell(*lines, waiting, others, quiet(f"last heard of: {row.last_heard}"))


def _refusers(row: Outlook) -> str:
    return joined(f"{actor} ({row.doubts[actor]})" if actor in row.doubts else actor for actor in row.blocked_by)


def _package(package: Package, rows: Sequence[Outlook]) -> Line | None:
    """A line with the items that a package's blocked core delays; None if no core item is blocked."""
    blocked = {row.item: f"{row.item} (refused by {_refusers(row)})" for row in rows if row.verdict == BLOCKED}
    core = "; ".join(blocked[item] for item in package.core if item in blocked)
    if not core:
        return None
    members = joined(item for item in package.items if item not in package.core)
    effect = f" of {joined(package.by)} is blocked by its core: {core}."
    effect += f" This holds up {members}." if members else ""
    return line("Package ", strong(package.id), effect)
