"""The answers about prospects: `unanswered`, `outlook`."""

from collections.abc import Sequence
from datetime import date

from positions.queries.items import ON_THE_TABLE
from positions.queries.outlook import BLOCKED, NOT_YET, UNANSWERED, WORKABLE
from positions.queries.rows import Outlook, Package, Unanswered
from positions.rendering.layout import (
    Cell,
    Column,
    Heading,
    Line,
    Page,
    Piece,
    Style,
    cell,
    heading,
    line,
    quiet,
    stance,
    strong,
    table,
)
from positions.rendering.phrases import caveats, counted, days, joined, makers_or_side, page

_STYLES = {BLOCKED: Style.NON_STARTER, WORKABLE: Style.NEGOTIABLE, UNANSWERED: Style.QUIET, NOT_YET: Style.QUIET}


def unanswered(rows: Sequence[Unanswered], notes: Sequence[str]) -> Page:
    """Items, each with an addressee that has not answered it."""
    if not rows:
        return page(notes, "No unanswered items at that moment.")
    listed = table(
        rows,
        (Column("Item", 24, 3), lambda row: cell(strong(row.title), quiet(f"{row.kind} {row.item}"))),
        (Column("By", 8, 1), lambda row: cell(makers_or_side(row))),
        (Column("No stance by", 12), lambda row: cell(row.actor)),
        (Column("Since", 11), lambda row: days(row.since)),
        (Column("Instead", 20, 2), _instead),
        grouped=2,
    )
    items = counted(len({row.item for row in rows}), "item")
    return page(notes, heading(strong(items), " without a stance by an addressee"), listed)


def _instead(row: Unanswered) -> Cell:
    lines = [f"counter-offer {offer}" for offer in row.counter_offers]
    lines += [f"{row.reply_wording or 'taken up without a stance'}, {row.reply}"] if row.reply else []
    lines += [row.status] if row.status != ON_THE_TABLE else []
    partly = "sources read in part" if row.read_in_part else None
    return cell(*lines, None if lines else "nothing", quiet(partly))


def outlook(
    rows: Sequence[Outlook],
    packages: Sequence[Package],
    notes: Sequence[str],
    *,
    between: tuple[date | None, date | None] = (None, None),
) -> Page:
    """The verdict on each item, and the packages held up by their blocked core.

    `between` is the day to compare with (None: no comparison) and the day of this outlook (None: the latest).
    """
    if not rows:
        return page(notes, "Nothing is on the table at that moment.")
    earlier, day = between
    item = (Column("Item", 24, 4), _item)
    reasons = (Column("Because", 24, 3), _reasons)
    if earlier is None:
        held_up = [(Column("Held up by", 14, 1), _held_up_by)] if any(row.held_up_by for row in rows) else []
        listed = table(rows, item, (Column("Outlook", 11), _verdict), reasons, *held_up)
    else:
        then = (Column(str(earlier), 10), lambda row: cell(_verdict_word(row.then or "")))
        now = (Column(str(day) if day else "Now", 11), _verdict)
        listed = table(rows, item, then, now, reasons)
    tally = ", ".join(
        f"{sum(row.verdict == verdict for row in rows)} {verdict}" for verdict in (BLOCKED, WORKABLE, UNANSWERED)
    )
    held_up_by_packages = [Heading(line) for package in packages if (line := _package(package, rows))]
    return page(notes, heading(strong(tally)), *held_up_by_packages, listed)


def _item(row: Outlook) -> Cell:
    weight = [f"core of {row.package}"] if row.core else [f"in {row.package}"] if row.package else []
    return cell(strong(row.title), quiet(joined([f"{row.kind} {row.item}", *weight])))


def _verdict(row: Outlook) -> Cell:
    return cell(_verdict_word(row.verdict), quiet(row.status if row.status.endswith("in part") else None))


def _verdict_word(verdict: str) -> Piece:
    return Piece(verdict, _STYLES.get(verdict, Style.STRONG))


def _reasons(row: Outlook) -> Cell:
    lines: list[Line] = []
    if row.blocked_by:
        lines.append(line("refused by ", Piece(joined(row.blocked_by), Style.NON_STARTER)))
    lines += [line(f"{account.actor} ", stance(account.stance), *caveats(account)) for account in row.ready]
    waiting = quiet(f"no stance recorded: {joined(row.waiting_for)}" if row.waiting_for else None)
    others = quiet(f"also refused by {joined(row.others_refuse)}" if row.others_refuse else None)
    return cell(*lines, waiting, others, quiet(f"last heard of {row.last_heard}"))


def _held_up_by(row: Outlook) -> Cell:
    return cell(*row.held_up_by)


def _package(package: Package, rows: Sequence[Outlook]) -> Line | None:
    """A line on what the blocked core of a package holds up; None if no core item is blocked."""
    blocked = {row.item: f"{row.item} (refused by {joined(row.blocked_by)})" for row in rows if row.verdict == BLOCKED}
    core = "; ".join(blocked[item] for item in package.core if item in blocked)
    if not core:
        return None
    members = joined(item for item in package.items if item not in package.core)
    effect = f" of {joined(package.by)} is blocked by its core {core}; that holds up {members}."
    return line("Package ", strong(package.id), effect)
