"""The phrases that views share: days, words, sources, numbers."""

from collections.abc import Iterable

from positions.dates import Span
from positions.queries.rows import Mention, NonStarter, Stance
from positions.rendering.layout import (
    Block,
    Cell,
    Gap,
    Line,
    Note,
    Page,
    Piece,
    Style,
    cell,
    quiet,
    stance,
)
from positions.vocabulary import Basis

NO_QUOTATION = "no quotation"
"""What a view says where there are no words to show."""


def page(notes: Iterable[str], *blocks: Block) -> Page:
    """Blocks with notes below them."""
    below: list[Block] = [Gap()] if notes else []
    return Page((*blocks, *below, *(Note(note) for note in notes)))


def counted(number: int, word: str) -> str:
    """A number with its noun."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def names(slugs: Iterable[str]) -> str:
    """Ids in a row."""
    return ", ".join(slugs)


def days(said: Span) -> Cell:
    """A day, or the first and the last of several above each other."""
    start, slash, end = str(said).partition("/")
    return cell(f"{start}/", end) if slash else cell(start)


def mark(account: Stance) -> Line:
    """What has to be said beside a stance: how little it is worth, or that accounts differ."""
    notes = [account.basis.value] if account.basis in {Basis.ALLEGED, Basis.INFERRED} else []
    notes += ["contested"] if account.contested else []
    return (Piece(f" ({', '.join(notes)})", Style.QUIET),) if notes else ()


def words(one: Stance | NonStarter) -> list[Piece | str | None]:
    """The lines that quote an account: its words, its label, its condition."""
    condition = f"if: {one.condition}" if one.condition else None
    label = f"label: {one.wording}" if one.wording and one.wording not in (one.quote or "") else None
    return [quoted(one.quote, one.summary), label, condition]


def quoted(quote: str | None, summary: str | None) -> str:
    """Words in quotation marks, or what stands for them."""
    if quote is not None:
        return f"“{quote}”"
    return f"{summary} ({NO_QUOTATION})" if summary else NO_QUOTATION


def source(one: Stance | NonStarter | Mention) -> str:
    """Who said it, how we have it, and where it stands."""
    voice = f"{one.speaker}, " if one.speaker else ""
    through = getattr(one, "reported_by", None)
    teller = f" by {through}" if through else ""
    return f"{voice}{one.basis.value}{teller}, {one.episode}/{one.response}"


def place(one: Stance) -> Cell:
    """A stance, and whether it is contested."""
    return cell(stance(one.stance), quiet("contested" if one.contested else None))
