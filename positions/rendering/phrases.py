"""Text that several views need: days, quotations, sources, makers, numbers."""

from collections import Counter
from collections.abc import Iterable, Sequence

from positions.dates import Span
from positions.queries.items import ON_THE_TABLE
from positions.queries.rows import Item, MatrixRow, Mention, NonStarter, Outlook, Stance, Unanswered
from positions.rendering.layout import (
    NOTHING,
    Abridged,
    Block,
    Cell,
    Gap,
    Line,
    Note,
    Page,
    Piece,
    Style,
    cell,
    heading,
    line,
    marked,
    quiet,
    stance,
    strong,
)
from positions.vocabulary import Basis, StanceKind

_NO_QUOTATION = "no quotation"


def page(notes: Sequence[str], *blocks: Block | Abridged | str) -> Page:
    """A page of `blocks` with `notes` below; strings among the blocks become notes."""
    gap = [Gap()] if notes else []
    return Page([Note(block) if isinstance(block, str) else block for block in (*blocks, *gap, *notes)])


def section(title: str, block: Block) -> list[Block]:
    """`block` under a heading, with an empty line above."""
    return [Gap(), heading(strong(title)), block]


def counted(number: int, noun: str) -> str:
    """`number` with its noun in the singular or plural."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def counts(numbers: Iterable[tuple[int, str]]) -> list[str]:
    """Each number with its noun, omitting zeros."""
    return [counted(number, noun) for number, noun in numbers if number]


def joined(ids: Iterable[str]) -> str:
    """`ids`, separated by commas."""
    return ", ".join(ids)


def makers(item: Item | NonStarter) -> str:
    """The makers of an item, or its side if no maker is named."""
    return joined(item.by) or f"{item.side} (no maker named)"


def makers_or_side(item: MatrixRow | Outlook | Unanswered | Item) -> str | None:
    """As `makers`, for narrow columns; None if the item has neither makers nor a side."""
    return joined(item.by) or item.side


def days(span: Span) -> Cell:
    """A day, or the first day above the last."""
    start, slash, end = str(span).partition("/")
    return cell(f"{start}/", end) if slash else cell(start)


def minute(timestamp: str) -> str:
    """`timestamp` (ISO 8601) without seconds."""
    return timestamp[:16].replace("T", " ")


def day(span: Span) -> Cell:
    """A day, or the first and the last day, in one line."""
    return cell(str(span))


def refused(rows: Sequence[NonStarter], *, ever: bool = False) -> str:
    """How many items are refused, by their status, and by how many refusals; with `ever`, at any time."""
    status = {row.item: row.status for row in rows}
    numbers = Counter(status.values())
    states = joined(f"{numbers[state]} {state}" for state in sorted(numbers, key=lambda state: state != ON_THE_TABLE))
    verb = "refused at some time" if ever else "refused"
    return f"{len(status)} {verb} ({states}), by {counted(len(rows), 'refusal')}"


def caveats(account: Stance) -> Line:
    """The reservations about a stance, in brackets: alleged, inferred, contested."""
    words = [account.basis.value] if account.basis in {Basis.ALLEGED, Basis.INFERRED} else []
    words += ["contested"] if account.contested else []
    return line(quiet(f" ({joined(words)})")) if words else ()


def answer(account: Stance) -> Line:
    """Who takes which stance, with its reservations."""
    text = Piece(f"{account.actor} ", mark="")
    return line(text, marked(account.stance, after=f" {account.actor}"), *caveats(account))


def waiting(actors: Sequence[str]) -> Piece | None:
    """That `actors` have not answered; None if there are none."""
    names = joined(actors)
    return Piece(f"no stance recorded: {names}", Style.QUIET, f"{NOTHING} {names}") if actors else None


def key(kinds: Iterable[StanceKind], *others: str | None) -> list[Line]:
    """The key to the marks of `kinds` and to `others`, each a mark with its meaning."""
    shown = set(kinds)
    marks = [line(marked(kind), f" {kind.value}") for kind in StanceKind if kind in shown]
    return [*marks, *(line(quiet(other)) for other in others if other)]


def stance_cell(account: Stance) -> Cell:
    """A stance, marked if it is contested."""
    return cell(stance(account.stance), quiet("contested" if account.contested else None))


def account_cell(account: Stance | NonStarter) -> Cell:
    """An account: its quotation, label, condition and source."""
    label = f"label: {account.wording}" if account.wording and account.wording not in (account.quote or "") else None
    condition = f"if: {account.condition}" if account.condition else None
    return cell(quoted(account.quote, account.summary), label, condition, quiet(source(account)))


def quoted(quote: str | None, summary: str | None) -> str:
    """`quote` in quotation marks; without one, the summary."""
    if quote is not None:
        return f"“{quote}”"
    return f"{summary} ({_NO_QUOTATION})" if summary else _NO_QUOTATION


def source(row: Stance | NonStarter | Mention | Item) -> str:
    """The speaker, the basis and the id of the statement."""
    speaker = f"{row.speaker}, " if row.speaker else ""
    reporter = None if isinstance(row, Mention) else row.reported_by
    reported = f" by {reporter}" if reporter else ""
    place = row.episode if isinstance(row, Item) else f"{row.episode}/{row.response}"
    return f"{speaker}{row.basis.value}{reported}, {place}"
