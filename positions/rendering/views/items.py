"""Demands and offers: what is on the table, one of them at length, all of them against everybody."""

from collections.abc import Sequence

from positions.queries.rows import Item, MatrixRow, Mention, Outcome, Stance
from positions.rendering.layout import (
    Block,
    Cell,
    Column,
    Fields,
    Gap,
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
from positions.rendering.phrases import counted, days, mark, names, page, place, quoted, source, words
from positions.vocabulary import MentionKind, StanceKind

_WIDEST_MATRIX = 4
"""Actors above which a matrix lists stances in one column, instead of one for each actor."""


def demands(rows: Sequence[Item], notes: Sequence[str], *, word: str = "demand") -> Page:
    """What is on the table, with who refuses and who would talk."""
    columns = (
        Column(word.capitalize(), 24, 5),
        Column("By → to", 8, 2),
        Column("Said", 11),
        Column("Refused by", 10, 1),
        Column("Would talk", 10, 1),
    )
    body = [
        (
            cell(strong(one.title), quiet(_id_and_weight(one)), _status(one)),
            cell(f"{names(one.by) or one.side} →", names(one.to)),
            _said(one),
            cell(*_who(one, StanceKind.NON_STARTER)),
            cell(*_who(one, StanceKind.NEGOTIABLE), *_who(one, StanceKind.OPEN)),
        )
        for one in rows
    ]
    if not rows:
        return page(notes, Note(f"No {word} is on the table there and then."))
    return page(notes, Heading((strong(counted(len(rows), word)), Piece(" on the table"))), Table(columns, body))


def _id_and_weight(one: Item) -> str:
    weight = "core of " + one.package if one.core and one.package else ""
    return ", ".join(part for part in (one.id, weight) if part)


def _status(one: Item | MatrixRow) -> Piece | None:
    return quiet(None if one.status == "on the table" else one.status)


def _said(one: Item) -> Cell:
    times = f"{one.times_said} times" if one.times_said > 1 else None
    return (*days(one.first_said), *cell(quiet(times))) if times else days(one.first_said)


def _who(one: Item, kind: StanceKind) -> list[Line]:
    """The addressees whose stance is `kind`, each in a line."""
    found = [account for account in one.stances if account.stance is kind and account.actor in one.to]
    word = () if kind is StanceKind.NON_STARTER else (Piece(" "), stance(kind))
    style = Style(kind.value) if kind is StanceKind.NON_STARTER else Style.PLAIN
    return [(Piece(account.actor, style), *word, *mark(account)) for account in found]


def item(
    one: Item,
    told: Sequence[Stance],
    mentions: Sequence[Mention],
    outcomes: Sequence[Outcome],
    notes: Sequence[str],
) -> Page:
    """Everything recorded of one item."""
    facts: list[tuple[str, Cell]] = [
        (one.kind.value, cell(one.id)),
        ("topic", cell(one.topic)),
        ("by", cell(names(one.by) or f"{one.side} (no maker named)")),
        ("to", cell(names(one.to))),
        ("affects", cell(names(one.affects))),
        ("made", cell(str(one.made))),
        ("said", cell(_spoken(one))),
        ("words", cell(quoted(one.quote, one.summary), quiet(_item_source(one)))),
        ("status", cell(one.status)),
    ]
    if one.text:
        facts.insert(1, ("text", cell(one.text)))
    if one.package:
        facts.append(("package", cell(one.package + (", core of it" if one.core else ""))))
    links = (("answers", one.answers), ("alternative to", one.alternative_to), ("part of", one.part_of))
    facts += [(name, cell(names(slugs))) for name, slugs in links if slugs]
    if one.provisions:
        facts.append(("provisions", cell(*(f"{each.document}, article {each.article}" for each in one.provisions))))
    blocks: list[Block] = [Heading((strong(one.title),)), Fields(facts)]
    if told:
        blocks += [
            Gap(),
            Heading((strong("Stances, oldest first"),)),
            _accounts(told, one.by),
        ]
    if mentions:
        blocks += [
            Gap(),
            Heading((strong("Taken up without a stance"),)),
            _mentions(mentions),
        ]
    if outcomes:
        blocks += [Gap(), Heading((strong("What became of it"),)), _outcomes(outcomes)]
    if not told:
        blocks.append(Note("No stance is recorded on it: that is silence, not openness."))
    return page(notes, *blocks)


def _spoken(one: Item) -> str:
    if one.times_said == 1:
        return str(one.first_said)
    return f"{one.first_said}, last {one.last_said}, {one.times_said} times"


def _item_source(one: Item) -> str:
    voice = f"{one.speaker}, " if one.speaker else ""
    teller = f" by {one.reported_by}" if one.reported_by else ""
    return f"{voice}{one.basis.value}{teller}, {one.episode}"


def _accounts(told: Sequence[Stance], makers: Sequence[str]) -> Table:
    columns = (Column("Said", 11), Column("Actor", 8), Column("Stance", 11), Column("Words", 24, 1))
    body = [
        (
            days(one.said),
            cell(one.actor, quiet("maker" if one.actor in makers else None)),
            place(one),
            cell(*words(one), quiet(source(one))),
        )
        for one in told
    ]
    return Table(columns, body)


def _mentions(mentions: Sequence[Mention]) -> Table:
    columns = (Column("Said", 11), Column("Actor", 8), Column("How", 11), Column("Words", 24, 1))
    body = [
        (
            days(one.said),
            cell(names(one.by)),
            cell(
                "repeats" if one.kind is MentionKind.REPEATS else "about",
                quiet(one.scope and f"{one.scope} scope"),
            ),
            cell(quoted(one.quote, one.summary), quiet(source(one))),
        )
        for one in mentions
    ]
    return Table(columns, body)


def _outcomes(outcomes: Sequence[Outcome]) -> Table:
    columns = (Column("On", 11), Column("Outcome", 12), Column("Words", 24, 1))
    body = [
        (
            days(one.on),
            cell(one.outcome.value, quiet("in part" if one.in_part else None), quiet(one.superseded_by)),
            cell(quoted(one.quote, one.summary), quiet(one.episode)),
        )
        for one in outcomes
    ]
    return Table(columns, body)


def matrix(rows: Sequence[MatrixRow], notes: Sequence[str]) -> Page:
    """Items by actors."""
    if not rows:
        return page(notes, Note("Nothing is on the table there and then."))
    actors = sorted({actor for row in rows for actor in row.stances})
    wide = len(actors) <= _WIDEST_MATRIX
    columns = [Column("Item", 24, 4), Column("By", 8, 1)]
    columns += [Column(actor, 11) for actor in actors] if wide else [Column("Stances", 28, 3)]
    body = []
    for row in rows:
        head = (cell(row.title, quiet(row.item), _status(row)), cell(names(row.by) or row.side))
        body.append((*head, *(_across(row, actors) if wide else [cell(*_down(row))])))
    meaning = Note("– none recorded (not the same as open).  own: the maker's stance on its own offer.")
    return page([meaning.text, *notes], Table(columns, body))


def _across(row: MatrixRow, actors: Sequence[str]) -> list[Cell]:
    accounts = {one.actor: one for one in row.accounts}
    return [_position(accounts[actor], row) if actor in accounts else cell() for actor in actors]


def _position(account: Stance, row: MatrixRow) -> Cell:
    own = "own" if account.actor in row.by else None
    return cell((stance(account.stance), *mark(account)), quiet(own))


def _down(row: MatrixRow) -> list[Line]:
    lines: list[Line] = []
    for account in row.accounts:
        own = (Piece(" own", Style.QUIET),) if account.actor in row.by else ()
        lines.append((Piece(f"{account.actor} "), stance(account.stance), *mark(account), *own))
    return lines
