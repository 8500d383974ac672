"""How each question's rows are laid out for people."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from positions.queries.log import Freshness
from positions.queries.rows import (
    Actor,
    Episode,
    Item,
    MatrixRow,
    Mention,
    NonStarter,
    Outcome,
    Revision,
    Stance,
)
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
    Table,
    cell,
    quiet,
    stance,
    strong,
)
from positions.vocabulary import Basis, MentionKind, StanceKind

_NO_QUOTATION = "no quotation"
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
            cell(f"{_names(one.by) or one.side} →", _names(one.to)),
            _said(one),
            cell(*_who(one, StanceKind.NON_STARTER)),
            cell(*_who(one, StanceKind.NEGOTIABLE), *_who(one, StanceKind.OPEN)),
        )
        for one in rows
    ]
    if not rows:
        return _page(notes, Note(f"No {word} is on the table there and then."))
    return _page(notes, Heading((strong(_counted(len(rows), word)), Piece(" on the table"))), Table(columns, body))


def nonstarters(rows: Sequence[NonStarter], notes: Sequence[str], *, ever: bool = False) -> Page:
    """Who refuses what, grouped by item."""
    if not rows:
        return _page(notes, Note("No item is marked a non-starter there and then."))
    columns = (
        Column("Item", 20, 3),
        Column("Refused by", 10),
        Column("Said", 11),
        Column("In which words", 24, 4),
    )
    body, previous = [], None
    for group in _alike(rows):
        one = group[0]
        item = cell(strong(one.title), quiet(one.item), *_asked(one)) if one.item != previous else ((),)
        refusers = tuple(line for each in group for line in _refuser(each, ever=ever))
        body.append((item, refusers, _stood(one), cell(*_words(one), quiet(_source(one)))))
        previous = one.item
    items = len({one.item for one in rows})
    heading = (strong(_counted(items, "non-starter")), Piece(f", by {_counted(len(rows), 'refusal')}"))
    return _page(notes, Heading(heading), Table(columns, body))


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
        ("by", cell(_names(one.by) or f"{one.side} (no maker named)")),
        ("to", cell(_names(one.to))),
        ("affects", cell(_names(one.affects))),
        ("made", cell(str(one.made))),
        ("said", cell(_spoken(one))),
        ("words", cell(_quoted(one.quote, one.summary), quiet(_item_source(one)))),
        ("status", cell(one.status)),
    ]
    if one.text:
        facts.insert(1, ("text", cell(one.text)))
    if one.package:
        facts.append(("package", cell(one.package + (", core of it" if one.core else ""))))
    links = (("answers", one.answers), ("alternative to", one.alternative_to), ("part of", one.part_of))
    facts += [(name, cell(_names(slugs))) for name, slugs in links if slugs]
    if one.provisions:
        facts.append(("provisions", cell(*(f"{each.document}, article {each.article}" for each in one.provisions))))
    blocks: list[Block] = [Heading((strong(one.title),)), Fields(facts)]
    if told:
        blocks += [
            Heading((Piece(""),)),
            Heading((strong("Stances, oldest first"),)),
            _accounts(told, one.by),
        ]
    if mentions:
        blocks += [
            Heading((Piece(""),)),
            Heading((strong("Taken up without a stance"),)),
            _mentions(mentions),
        ]
    if outcomes:
        blocks += [Heading((Piece(""),)), Heading((strong("What became of it"),)), _outcomes(outcomes)]
    if not told:
        blocks.append(Note("No stance is recorded on it: that is silence, not openness."))
    return _page(notes, *blocks)


def history(rows: Sequence[Stance], notes: Sequence[str]) -> Page:
    """Accounts over time."""
    if not rows:
        return _page(notes, Note("No stance was recorded there and then."))
    columns = (
        Column("Said", 11),
        Column("Actor", 6, 1),
        Column("Item", 16, 2),
        Column("Stance", 11),
        Column("Words", 20, 4),
    )
    body = [
        (_days(one), cell(one.actor), cell(one.item), _place(one), cell(*_words(one), quiet(_source(one))))
        for one in rows
    ]
    return _page(notes, Heading((strong(_counted(len(rows), "stance")), Piece(", oldest first"))), Table(columns, body))


def matrix(rows: Sequence[MatrixRow], notes: Sequence[str]) -> Page:
    """Items by actors."""
    if not rows:
        return _page(notes, Note("Nothing is on the table there and then."))
    actors = sorted({actor for row in rows for actor in row.stances})
    wide = len(actors) <= _WIDEST_MATRIX
    columns = [Column("Item", 24, 4), Column("By", 8, 1)]
    columns += [Column(actor, 11) for actor in actors] if wide else [Column("Stances", 28, 3)]
    body = []
    for row in rows:
        head = (cell(row.title, quiet(row.item)), cell(_names(row.by) or row.side))
        body.append((*head, *(_across(row, actors) if wide else [cell(*_down(row))])))
    meaning = Note("– none recorded (not the same as open).  own: the maker's stance on its own offer.")
    return _page([meaning.text, *notes], Table(columns, body))


def actors(rows: Sequence[Actor], notes: Sequence[str]) -> Page:
    """Who is at the table."""
    columns = (
        Column("Actor", 10, 1),
        Column("Name", 16, 2),
        Column("Kind", 12),
        Column("Side", 6),
        Column("For", 8, 1),
        Column("Demands", 7),
        Column("Offers", 6),
        Column("Stances", 7),
    )
    body = [
        (
            cell(strong(one.id)),
            cell(one.name, quiet(one.role)),
            cell(one.kind.value),
            cell(one.side),
            cell(one.speaks_for),
            *(cell(str(number) if number else None) for number in (one.demands, one.offers, one.stances)),
        )
        for one in rows
    ]
    return _page(notes, Table(columns, body) if rows else Note("No actor is recorded."))


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
            cell(*(_counted(number, name.removesuffix("s")) for name, number in one.counts.items() if number)),
        )
        for one in rows
    ]
    return _page(notes, Table(columns, body) if rows else Note("No source is recorded there and then."))


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
    return _page(notes, Table(columns, body) if rows else Note("Nothing was ever recorded."))


def footer(fresh: Freshness, later: int = 0) -> list[str]:
    """How far an answer reaches; `later` stances in it became public only after the day that was asked about."""
    if fresh.latest is None:
        return [f"No statement is recorded by then (r{fresh.revision})."]
    notes = [f"Latest statement: {fresh.latest}, as recorded at r{fresh.revision}."]
    if later:
        notes.append(f"{_counted(later, 'stance')} shown here became public only later; --public-by leaves such out.")
    return notes


def _page(notes: Iterable[str], *blocks: Block) -> Page:
    return Page((*blocks, *(Note(note) for note in notes)))


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _names(slugs: Iterable[str]) -> str:
    return ", ".join(slugs)


def _id_and_weight(one: Item) -> str:
    weight = "core of " + one.package if one.core and one.package else ""
    return ", ".join(part for part in (one.id, weight) if part)


def _status(one: Item) -> Piece | None:
    return quiet(None if one.status == "on the table" else one.status)


def _said(one: Item) -> Cell:
    times = f"{one.times_said} times" if one.times_said > 1 else None
    return (*_split(str(one.first_said)), *cell(quiet(times))) if times else _split(str(one.first_said))


def _split(days: str) -> Cell:
    start, slash, end = days.partition("/")
    return cell(f"{start}/", end) if slash else cell(days)


def _spoken(one: Item) -> str:
    if one.times_said == 1:
        return str(one.first_said)
    return f"{one.first_said}, last {one.last_said}, {one.times_said} times"


def _who(one: Item, kind: StanceKind) -> list[Line]:
    """The addressees whose stance is `kind`, each in a line."""
    found = [account for account in one.stances if account.stance is kind and account.actor in one.to]
    word = () if kind is StanceKind.NON_STARTER else (Piece(" "), stance(kind))
    style = Style(kind.value) if kind is StanceKind.NON_STARTER else Style.PLAIN
    return [(Piece(account.actor, style), *word, *_mark(account)) for account in found]


def _mark(account: Stance) -> Line:
    notes = [account.basis.value] if account.basis in {Basis.ALLEGED, Basis.INFERRED} else []
    notes += ["contested"] if account.contested else []
    return (Piece(f" ({', '.join(notes)})", Style.QUIET),) if notes else ()


def _alike(rows: Sequence[NonStarter]) -> list[list[NonStarter]]:
    """Refusals that follow each other and differ in nothing but who refuses."""
    groups: list[list[NonStarter]] = []
    for row in rows:
        if groups and replace(row, refused_by="") == replace(groups[-1][0], refused_by=""):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _asked(one: NonStarter) -> list[Line | str]:
    maker = _names(one.by) or f"{one.side} (no maker named)"
    asked = (Piece(f"{one.kind.value} of {maker}", Style.QUIET),)
    return [asked, f"“{one.item_quote}”"] if one.item_quote else [asked]


def _refuser(one: NonStarter, *, ever: bool) -> Cell:
    now = (Piece("now "), stance(one.now)) if ever and one.now is not None else None
    return cell(Piece(one.refused_by, Style.NON_STARTER), now, quiet("contested" if one.contested else None))


def _stood(one: NonStarter) -> Cell:
    if one.first_said == one.last_said:
        return _split(str(one.last_said))
    return (
        *cell(quiet("since")),
        *_split(str(one.first_said)),
        *cell(quiet("last")),
        *_split(str(one.last_said)),
    )


def _words(one: Stance | NonStarter) -> list[Piece | str | None]:
    condition = f"if: {one.condition}" if one.condition else None
    label = f"label: {one.wording}" if one.wording and one.wording not in (one.quote or "") else None
    return [_quoted(one.quote, one.summary), label, condition]


def _quoted(quote: str | None, summary: str | None) -> str:
    if quote is not None:
        return f"“{quote}”"
    return f"{summary} ({_NO_QUOTATION})" if summary else _NO_QUOTATION


def _source(one: Stance | NonStarter | Mention) -> str:
    voice = f"{one.speaker}, " if one.speaker else ""
    through = getattr(one, "reported_by", None)
    teller = f" by {through}" if through else ""
    return f"{voice}{one.basis.value}{teller}, {one.episode}/{one.response}"


def _item_source(one: Item) -> str:
    voice = f"{one.speaker}, " if one.speaker else ""
    teller = f" by {one.reported_by}" if one.reported_by else ""
    return f"{voice}{one.basis.value}{teller}, {one.episode}"


def _days(one: Stance | Mention) -> Cell:
    return _split(str(one.said))


def _place(one: Stance) -> Cell:
    return cell(stance(one.stance), quiet("contested" if one.contested else None))


def _accounts(told: Sequence[Stance], makers: Sequence[str]) -> Table:
    columns = (Column("Said", 11), Column("Actor", 8), Column("Stance", 11), Column("Words", 24, 1))
    body = [
        (
            _days(one),
            cell(one.actor, quiet("maker" if one.actor in makers else None)),
            _place(one),
            cell(*_words(one), quiet(_source(one))),
        )
        for one in told
    ]
    return Table(columns, body)


def _mentions(mentions: Sequence[Mention]) -> Table:
    columns = (Column("Said", 11), Column("Actor", 8), Column("How", 11), Column("Words", 24, 1))
    body = [
        (
            _days(one),
            cell(_names(one.by)),
            cell(
                "repeats" if one.kind is MentionKind.REPEATS else "about",
                quiet(one.scope and f"{one.scope} scope"),
            ),
            cell(_quoted(one.quote, one.summary), quiet(_source(one))),
        )
        for one in mentions
    ]
    return Table(columns, body)


def _outcomes(outcomes: Sequence[Outcome]) -> Table:
    columns = (Column("On", 11), Column("Outcome", 12), Column("Words", 24, 1))
    body = [
        (
            _split(str(one.on)),
            cell(one.outcome.value, quiet("in part" if one.in_part else None), quiet(one.superseded_by)),
            cell(_quoted(one.quote, one.summary), quiet(one.episode)),
        )
        for one in outcomes
    ]
    return Table(columns, body)


def _across(row: MatrixRow, actors: Sequence[str]) -> list[Cell]:
    accounts = {one.actor: one for one in row.accounts}
    return [_position(accounts[actor], row) if actor in accounts else cell() for actor in actors]


def _position(account: Stance, row: MatrixRow) -> Cell:
    own = "own" if account.actor in row.by else None
    return cell((stance(account.stance), *_mark(account)), quiet(own))


def _down(row: MatrixRow) -> list[Line]:
    lines: list[Line] = []
    for account in row.accounts:
        own = (Piece(" own", Style.QUIET),) if account.actor in row.by else ()
        lines.append((Piece(f"{account.actor} "), stance(account.stance), *_mark(account), *own))
    return lines
