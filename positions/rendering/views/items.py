"""The answers about items: `demands`, `offers`, `item`, `matrix`, `unanswered`, `outlook`."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from positions.queries.items import NOT_YET, ON_THE_TABLE
from positions.queries.outlook import BLOCKED, UNANSWERED, WORKABLE
from positions.queries.rows import Item, MatrixRow, Mention, Outcome, Outlook, Package, Stance, Unanswered, grouped
from positions.rendering.layout import (
    MARKS,
    NOTHING,
    Abridged,
    Block,
    Cell,
    Column,
    Fields,
    Heading,
    Line,
    ListItem,
    Note,
    Page,
    Piece,
    Place,
    Style,
    TextTable,
    cell,
    heading,
    line,
    marked,
    quiet,
    strong,
    table,
)
from positions.rendering.phrases import (
    account_cell,
    answer,
    caveats,
    counted,
    day,
    joined,
    key,
    makers,
    makers_or_side,
    page,
    quoted,
    section,
    source,
    stance_cell,
    waiting,
)
from positions.vocabulary import FIRM, StanceKind

_WIDEST_MATRIX = 40
"""The width in which actors get their own columns in a matrix; more of them share one."""

_NONE_RECORDED = f"{NOTHING} none recorded (not open)"
_OWN = "( ) maker's own"
_ALL = "(--all lists them)"

_VERDICTS = {BLOCKED: 0, WORKABLE: 1, UNANSWERED: 2}
"""The order of verdicts; outcomes come last."""

_STYLES = {BLOCKED: Style.NON_STARTER, WORKABLE: Style.NEGOTIABLE, UNANSWERED: Style.QUIET, NOT_YET: Style.QUIET}


def items(rows: Sequence[Item], notes: Sequence[str], *, kind: str) -> Page:
    """Demands or offers on the table, with who refuses them and who would talk."""
    if not rows:
        return page(notes, f"No matching {kind}s are on the table.")
    listed = table(
        sorted(rows, key=lambda row: (not row.by, row.by, row.to)),
        (Column("By → to", place=Place.ABOVE), _by_to),
        (Column(kind.capitalize(), place=Place.TITLE), lambda row: cell(Piece(row.title))),
        (Column("Id", place=Place.ID), lambda row: cell(quiet(row.id))),
        (Column("Answers", place=Place.LINE), lambda row: cell(*_answers(row))),
        (Column("First said", place=Place.WIDE), lambda row: cell(str(row.first_said.end))),
        (Column("Times", place=Place.WIDE), lambda row: cell(_times(row))),
        (Column("Package", place=Place.WIDE), lambda row: cell(f"core of {row.package}" if row.core else row.package)),
        (Column("Status", place=Place.BELOW), lambda row: cell(_status(row))),
        dense=True,
        whole=True,
        key=key((account.stance for row in rows for account in _from_addressees(row)), _NONE_RECORDED),
    )
    return page(notes, heading(strong(counted(len(rows), kind)), " on the table"), listed)


def _times(item: Item) -> str | None:
    return f"{item.times_said} times" if item.times_said > 1 else None


def _by_to(item: Item) -> Cell:
    return cell(line(strong(makers_or_side(item) or NOTHING), f" → {joined(item.to)}"))


def _status(row: Item | MatrixRow) -> Piece | None:
    return quiet(None if row.status == ON_THE_TABLE else row.status)


def _from_addressees(item: Item) -> list[Stance]:
    """The stances of those to whom an item is put, refusals first."""
    accounts = [account for account in item.stances if account.actor in item.to]
    return sorted(accounts, key=lambda account: list(StanceKind).index(account.stance))


def _answers(item: Item) -> list[Line]:
    return [answer(account) for account in _from_addressees(item)]


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
        (Column("Said", place=Place.LINE), lambda row: day(row.said)),
        (
            Column("Actor", place=Place.LINE),
            lambda row: cell(row.actor, quiet("maker" if row.actor in makers else None)),
        ),
        (Column("Stance", place=Place.LINE), stance_cell),
        (Column("Words", place=Place.BELOW), account_cell),
    )


def _maker(account: Stance, makers: Sequence[str]) -> Piece | None:
    return quiet("maker" if account.actor in makers else None)


def _mentions(mentions: Sequence[Mention]) -> TextTable:
    return table(
        mentions,
        (Column("Said", place=Place.LINE), lambda row: day(row.said)),
        (Column("Actor", place=Place.LINE), lambda row: cell(joined(row.by))),
        (Column("How", place=Place.LINE), lambda row: cell(row.kind.value, quiet(row.scope and f"{row.scope} scope"))),
        (Column("Words", place=Place.BELOW), lambda row: cell(quoted(row.quote, row.summary), quiet(source(row)))),
    )


def _outcomes(outcomes: Sequence[Outcome]) -> TextTable:
    def what(outcome: Outcome) -> Cell:
        part = quiet("in part" if outcome.in_part else None)
        return cell(outcome.outcome.value, part, quiet(outcome.superseded_by))

    return table(
        outcomes,
        (Column("On", place=Place.LINE), lambda row: day(row.on)),
        (Column("Outcome", place=Place.LINE), what),
        (Column("Words", place=Place.BELOW), lambda row: cell(quoted(row.quote, row.summary), quiet(row.episode))),
    )


def matrix(rows: Sequence[MatrixRow], notes: Sequence[str], *, order: Sequence[str] = (), every: bool = True) -> Page:
    """Items by topic with the stance of each actor: in a column per actor if they are few, else in one column.

    Actors come in the `order` of their ids. A terminal leaves out items without a stance unless `every` is set.
    """
    if not rows:
        return page(notes, "No matching items are on the table.")
    known = {actor for row in rows for actor in row.stances}
    actors = [*(actor for actor in order if actor in known), *sorted(known.difference(order))]
    answered = [row for row in rows if row.accounts]
    short: list[Block] = [_matrix(rows if every else answered, actors)]
    if not every and len(answered) < len(rows):
        short.append(Heading(line(quiet(f"{len(rows) - len(answered)} more without any stance on record  {_ALL}"))))
    own = " own: the maker's stance on its own offer." if any(_is_own(row) for row in rows) else ""
    legend = Note(f"{NOTHING} none recorded (not the same as open).{own}")
    return page(notes, Abridged([_matrix(rows, actors), legend], short))


def _matrix(rows: Sequence[MatrixRow], actors: Sequence[str]) -> TextTable:
    if sum(len(actor) + 2 for actor in actors) <= _WIDEST_MATRIX:
        stances = [(Column(actor, place=Place.LINE), _stance_of(actor)) for actor in actors]
    else:
        stances = [(Column("Stances", place=Place.LINE), _all_stances)]
    status: list[tuple[Column, Callable[[MatrixRow], Cell]]] = []
    if any(map(_status, rows)):
        status.append((Column("Status", place=Place.WIDE), lambda row: cell(_status(row))))
    accounts = [account for row in rows for account in row.accounts]
    unsure = any(account.basis not in FIRM for account in accounts)
    contested = any(account.contested for account in accounts)
    return table(
        rows,
        (Column("Topic", place=Place.ABOVE), lambda row: cell(strong(row.topic))),
        (Column("Item", place=Place.TITLE), lambda row: cell(Piece(row.title))),
        (Column("Id", place=Place.ID), lambda row: cell(quiet(row.item))),
        (Column("By", place=Place.WIDE), lambda row: cell(makers_or_side(row))),
        *stances,
        *status,
        dense=True,
        key=key(
            (account.stance for account in accounts),
            _NONE_RECORDED,
            _OWN if any(map(_is_own, rows)) else None,
            "? alleged or inferred" if unsure else None,
            "! contested" if contested else None,
        ),
    )


def _is_own(row: MatrixRow) -> bool:
    return any(account.actor in row.by for account in row.accounts)


def _stance_of(actor: str) -> Callable[[MatrixRow], Cell]:
    def stance_of_actor(row: MatrixRow) -> Cell:
        account = next((account for account in row.accounts if account.actor == actor), None)
        if account is None:
            return cell((Piece(NOTHING, Style.QUIET, f" {NOTHING}"),))
        return cell(_in_matrix(account, marked(account.stance), is_own=actor in row.by))

    return stance_of_actor


def _in_matrix(account: Stance, stance: Piece, *, is_own: bool) -> Line:
    doubts = "".join(piece.text for piece in caveats(account))
    marks = ("" if account.basis in FIRM else "?") + ("!" if account.contested else "")
    return (
        Piece("", mark="(" if is_own else " "),
        stance,
        Piece(" own" if is_own else "", Style.QUIET, ")" if is_own else ""),
        Piece(doubts, Style.QUIET, marks),
    )


def _all_stances(row: MatrixRow) -> Cell:
    return cell(
        *(line(*answer(account), quiet(" own" if account.actor in row.by else None)) for account in row.accounts)
    )


def unanswered(rows: Sequence[Unanswered], notes: Sequence[str]) -> Page:
    """Items, each with the addressees that have not answered it."""
    if not rows:
        return page(notes, "No matching items are unanswered.")
    by_item = [list(group) for _, group in groupby(rows, lambda row: row.item)]
    listed = table(
        [group for together in grouped(by_item, _silent).values() for group in together],
        (Column("No stance by", place=Place.ABOVE), lambda group: cell(_silent_line(group))),
        (Column("Item", place=Place.TITLE), lambda group: cell(Piece(group[0].title))),
        (Column("Id", place=Place.ID), lambda group: cell(quiet(group[0].item))),
        (Column("By", place=Place.LINE), lambda group: cell(makers_or_side(group[0]))),
        (Column("Since", place=Place.LINE), lambda group: cell(str(group[0].since.end))),
        (Column("Instead of an answer", place=Place.BELOW), lambda group: cell(*_instead(group))),
        dense=True,
    )
    unsure = {row.actor for row in rows if row.read_in_part}
    items = counted(len({row.item for row in rows}), "item")
    notes = [*_read_in_part(unsure), *notes]
    return page(notes, heading(strong(items), " that an addressee has not answered"), listed)


def _silent(group: Sequence[Unanswered]) -> tuple[str, tuple[str, ...]]:
    """The kind of an item and the addressees that have not answered it."""
    return group[0].kind, tuple(row.actor for row in group)


def _silent_line(group: Sequence[Unanswered]) -> Line:
    kind, actors = _silent(group)
    return (Piece("", mark=f"{kind.capitalize()}s without a stance by "), Piece(joined(actors), Style.STRONG))


def _instead(group: Sequence[Unanswered]) -> Iterator[str]:
    """What there is instead of answers to an item, for each addressee, which is named if there are several."""
    for row in group:
        lines = [f"counter-offer {offer}" for offer in row.counter_offers]
        lines += [f"alleged by {row.alleged_by}: {row.alleged}"] if row.alleged else []
        lines += [f"{row.reply_wording or 'taken up without a stance'}, {row.reply}"] if row.reply else []
        yield from (f"{row.actor}: {text}" if len(group) > 1 else text for text in lines)
    if group[0].status != ON_THE_TABLE:
        yield group[0].status


def _read_in_part(unsure: Iterable[str]) -> list[str]:
    """A note on actors that may have said more than is recorded; none if there are none."""
    if not (names := joined(sorted(unsure))):
        return []
    return [f"Not all sources of {names} were read in full; they may have taken stances that are not recorded."]


def outlook(
    rows: Sequence[Outlook],
    packages: Sequence[Package],
    notes: Sequence[str],
    *,
    between: tuple[date | None, date | None] = (None, None),
    in_part: Collection[str] = (),
    every: bool = True,
) -> Page:
    """The items by verdict, after a line for each package whose blocked core delays its other items.

    `between` is the day to compare with (None: no comparison) and the day of this outlook (None: the latest). `in_part`
    are the actors with a source that was read in part: they may have said more than is recorded. A terminal only counts
    what is unanswered or ended unless `every` is set.
    """
    if not rows:
        return page(notes, "No matching items are on the table.")
    notes = [*_read_in_part({actor for row in rows for actor in row.waiting_for}.intersection(in_part)), *notes]
    tally = ", ".join(
        f"{sum(row.verdict == verdict for row in rows)} {verdict}" for verdict in (BLOCKED, WORKABLE, UNANSWERED)
    )
    ordered = sorted(rows, key=lambda row: (_VERDICTS.get(row.verdict, len(_VERDICTS)), row.verdict))
    live = [row for row in ordered if row.verdict in {BLOCKED, WORKABLE} or row.then not in {None, row.verdict}]
    short: list[Block] = [_verdicts(ordered if every else live, between)] if every or live else []
    if not every and len(live) < len(rows):
        short.append(Heading(_counted_only(ordered, live)))
    held_up_by_packages = [block for package in packages for block in _package(package, rows)]
    return page(notes, heading(strong(tally)), *held_up_by_packages, Abridged([_verdicts(ordered, between)], short))


def _verdicts(rows: Sequence[Outlook], between: tuple[date | None, date | None]) -> TextTable:
    """The rows in groups by verdict; the verdict of the earlier day of `between`, if there is one, in a column."""
    earlier, day = between
    numbers = Counter(row.verdict for row in rows)
    then: list[tuple[Column, Callable[[Outlook], Cell]]] = []
    more: list[tuple[Column, Callable[[Outlook], Cell]]] = []
    if earlier:
        then.append((Column(str(earlier), place=Place.LINE), lambda row: cell(_verdict_word(row.then or ""))))
    if any(row.package for row in rows):
        more.append((Column("Package", place=Place.WIDE), lambda row: cell(row.package)))
    if any(row.held_up_by for row in rows):
        more.append((Column("Held up by", place=Place.WIDE), lambda row: cell(joined(row.held_up_by))))
    return table(
        rows,
        (
            Column(str(day) if earlier and day else "Outlook", place=Place.ABOVE),
            lambda row: _verdict(row, numbers[row.verdict]),
        ),
        (Column("Item", place=Place.TITLE), lambda row: cell(Piece(row.title))),
        (Column("Id", place=Place.ID), lambda row: cell(quiet(row.item))),
        *then,
        (Column("Because", place=Place.LINE), _reasons),
        (Column("Last heard of", place=Place.WIDE), lambda row: cell(str(row.last_heard.end))),
        *more,
        dense=True,
        key=key((kind for row in rows for kind in _kinds(row)), f"{NOTHING} no stance recorded"),
    )


def _kinds(row: Outlook) -> Iterator[StanceKind]:
    if row.blocked_by or row.others_refuse:
        yield StanceKind.NON_STARTER
    yield from (account.stance for account in row.ready)


def _counted_only(rows: Sequence[Outlook], live: Sequence[Outlook]) -> Line:
    """How many rows are not `live`, by verdict."""
    numbers = Counter(row.verdict for row in rows if row not in live)
    return line(strong(joined(f"{number} {verdict}" for verdict, number in numbers.items())), quiet(f"  {_ALL}"))


def _verdict(row: Outlook, number: int) -> Cell:
    return cell((Piece(row.verdict, _STYLES.get(row.verdict, Style.STRONG), f"{row.verdict.upper()} {number}"),))


def _verdict_word(verdict: str) -> Piece:
    return Piece(verdict, _STYLES.get(verdict, Style.STRONG))


def _reasons(row: Outlook) -> Cell:
    refused = MARKS[StanceKind.NON_STARTER]
    refusers = line(Piece(f"refused by {_refusers(row)}", Style.NON_STARTER, f"{refused} {_refusers(row)}"))
    others = joined(row.others_refuse)
    return cell(
        refusers if row.blocked_by else None,
        *map(answer, row.ready),
        waiting(row.waiting_for),
        Piece(f"also refused by {others}", Style.QUIET, f"also {refused} {others}") if others else None,
        quiet("core" if row.core else None),
        quiet(row.status if row.status.endswith("in part") else None),
    )


def _refusers(row: Outlook) -> str:
    return joined(f"{actor} ({row.doubts[actor]})" if actor in row.doubts else actor for actor in row.blocked_by)


def _package(package: Package, rows: Sequence[Outlook]) -> list[Abridged]:
    """What a package's blocked core holds up; nothing if no core item is blocked."""
    refused = {row.item: row for row in rows if row.verdict == BLOCKED}
    core = [refused[item] for item in package.core if item in refused]
    if not core:
        return []
    members = [item for item in package.items if item not in package.core]
    named = line("Package ", strong(package.id))
    blocked = "; ".join(f"{row.item} (refused by {_refusers(row)})" for row in core)
    effect = f" This holds up {joined(members)}." if members else ""
    full = line(*named, f" of {joined(package.by)} is blocked by its core: {blocked}.{effect}")
    mark = MARKS[StanceKind.NON_STARTER]
    short: list[Block] = [
        Heading(line(*named, f" ({joined(package.by)}): ", Piece("BLOCKED", Style.NON_STARTER), " at its core")),
        *(ListItem(line(f"{row.item} ", Piece(f"{mark} {_refusers(row)}", Style.NON_STARTER))) for row in core),
    ]
    if members:
        short.append(ListItem(line(f"holds up {len(members)}: ", quiet(joined(members)))))
    return [Abridged([Heading(full)], short)]
