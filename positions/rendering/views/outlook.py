"""What is unanswered, and what may become of what is on the table."""

from collections.abc import Sequence
from datetime import date

from positions.queries.outlook import BLOCKED, NOT_YET, UNANSWERED, WORKABLE
from positions.queries.rows import Outlook, Package, Unanswered
from positions.rendering.layout import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Note,
    Page,
    Piece,
    Style,
    Table,
    cell,
    quiet,
    stance,
    strong,
)
from positions.rendering.phrases import counted, days, mark, names, page

_LOOKS = {BLOCKED: Style.NON_STARTER, WORKABLE: Style.NEGOTIABLE, UNANSWERED: Style.QUIET, NOT_YET: Style.QUIET}


def unanswered(rows: Sequence[Unanswered], notes: Sequence[str]) -> Page:
    """Items with the addressees that have taken no stance."""
    if not rows:
        return page(notes, Note("Nothing on the table is without an answer there and then."))
    columns = (
        Column("Item", 24, 3),
        Column("By", 8, 1),
        Column("Silent", 8),
        Column("Since", 11),
        Column("Instead", 20, 2),
    )
    body = [
        (
            cell(strong(one.title), quiet(f"{one.kind} {one.item}")),
            cell(names(one.by) or one.side),
            cell(one.actor),
            days(one.since),
            _instead(one),
        )
        for one in rows
    ]
    heading = (strong(counted(len({one.item for one in rows}), "item")), Piece(" without an answer"))
    return page(notes, Heading(heading), Table(columns, body, grouped=2))


def outlook(
    rows: Sequence[Outlook],
    packages: Sequence[Package],
    notes: Sequence[str],
    *,
    between: tuple[date | None, date | None] = (None, None),
) -> Page:
    """Blocked, workable, unanswered and ended items, and what a package holds up.

    `between` are the day of the earlier outlook, shown beside if there is one, and that of this one (None: the latest).
    """
    if not rows:
        return page(notes, Note("Nothing is on the table there and then."))
    earlier, day = between
    if earlier is None:
        columns = (Column("Item", 24, 4), Column("Outlook", 10), Column("Because", 20, 3), Column("Held up by", 14, 1))
        body = [(_item(one), _verdict(one), _because(one), cell(*one.held_up_by)) for one in rows]
    else:
        now = str(day) if day else "Now"
        columns = (Column("Item", 24, 4), Column(str(earlier), 10), Column(now, 10), Column("Because", 20, 3))
        body = [(_item(one), cell(_word(one.then or "")), _verdict(one), _because(one)) for one in rows]
    tally = ", ".join(
        f"{sum(one.verdict == verdict for one in rows)} {verdict}" for verdict in (BLOCKED, WORKABLE, UNANSWERED)
    )
    blocks: list[Block] = [Heading((strong(tally),))]
    blocks += [Heading(line) for package in packages if (line := _package(package, rows))]
    return page(notes, *blocks, Table(columns, body))


def _instead(one: Unanswered) -> Cell:
    lines = [f"counter-offer {offer}" for offer in one.counter_offers]
    lines += [f"taken up without a stance, {one.reply}"] if one.reply else []
    partly = "a source was read only in part" if one.read_in_part else None
    return cell(*lines, None if lines else "nothing", quiet(partly))


def _item(one: Outlook) -> Cell:
    return cell(strong(one.title), quiet(_identity(one)))


def _verdict(one: Outlook) -> Cell:
    return cell(_word(one.verdict), quiet(_in_part(one)))


def _word(verdict: str) -> Piece:
    return Piece(verdict, _LOOKS.get(verdict, Style.STRONG))


def _identity(one: Outlook) -> str:
    weight = [f"core of {one.package}"] if one.core else [f"in {one.package}"] if one.package else []
    return ", ".join([f"{one.kind} {one.item}", *weight])


def _in_part(one: Outlook) -> str | None:
    return one.status if one.status.endswith("in part") else None


def _because(one: Outlook) -> Cell:
    lines: list[Line] = []
    if one.blocked_by:
        lines.append((Piece("refused by "), Piece(names(one.blocked_by), Style.NON_STARTER)))
    lines += [(Piece(f"{account.actor} "), stance(account.stance), *mark(account)) for account in one.ready]
    if one.waiting_for:
        lines.append((Piece(f"{names(one.waiting_for)} silent", Style.QUIET),))
    if one.others_refuse:
        lines.append((Piece(f"also refused by {names(one.others_refuse)}", Style.QUIET),))
    return cell(*lines)


def _package(package: Package, rows: Sequence[Outlook]) -> Line | None:
    """What a package's blocked core holds up; None if its core is not blocked."""
    by_id = {one.item: one for one in rows}
    core = [by_id[slug] for slug in package.core if slug in by_id and by_id[slug].verdict == BLOCKED]
    if not core:
        return None
    blocked = "; ".join(f"{one.item} (refused by {names(one.blocked_by)})" for one in core)
    members = [slug for slug in package.items if slug not in package.core]
    offers = f", and the offers that answer it: {names(package.offers)}" if package.offers else ""
    return (
        Piece("Package "),
        strong(package.id),
        Piece(f" of {names(package.by)} is blocked by its core {blocked}; that holds up {names(members)}{offers}."),
    )
