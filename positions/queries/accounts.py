"""What the accounts of one actor's stance on one item come to: the current one, what is contested, what has moved.

Pure functions on rows that are visible at a moment; the rules are those of the codebook ("current stance", "contested",
"movement"). `moment.latest_first` says the order in SQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from positions.dates import Span
from positions.queries.rows import Stance
from positions.vocabulary import FIRM, Basis, StanceKind


@dataclass(frozen=True, slots=True)
class Account:
    """What these rules need of a stance, and where it stands: much less to read than all that is shown of one."""

    actor: str
    item: str
    stance: StanceKind
    basis: Basis
    said: Span
    episode: str
    response: str
    sequence: int


Told = Account | Stance
"""A stance in full, or what these rules need of it."""

_Told = TypeVar("_Told", bound=Told)


def by_pair(accounts: Iterable[_Told]) -> dict[tuple[str, str], list[_Told]]:
    """The accounts of each actor on each item, together, by item and actor."""
    pairs: defaultdict[tuple[str, str], list[_Told]] = defaultdict(list)
    for one in accounts:
        pairs[one.item, one.actor].append(one)
    return dict(pairs)


def precedence(account: Told) -> tuple[bool, date, bool, date, int]:
    """What accounts are ordered by; the highest is the current one."""
    is_firm, is_stated = account.basis in FIRM, account.basis is Basis.STATED
    return is_firm, account.said.since, is_stated, account.said.end, account.sequence


def current(accounts: Iterable[_Told]) -> _Told | None:
    """The account that takes precedence among those of one actor on one item; None if there are none."""
    return max(accounts, key=precedence, default=None)


def rivals(account: Told, accounts: Iterable[_Told]) -> list[_Told]:
    """The accounts of the same days and basis that put the actor elsewhere."""
    return [
        other
        for other in accounts
        if other.stance is not account.stance and other.basis is account.basis and other.said.overlaps(account.said)
    ]


def refusal(accounts: Sequence[_Told]) -> _Told | None:
    """The refusal among the current accounts of one actor on one item, the current one first; None if there is none."""
    now = current(accounts)
    if now is None:
        return None
    told = [now, *rivals(now, accounts)]
    return max((one for one in told if one.stance is StanceKind.NON_STARTER), key=precedence, default=None)


def last_refusal(accounts: Sequence[_Told]) -> _Told | None:
    """The refusal that was the last to be among the current accounts, on whatever day; None if none ever was."""
    for day in sorted({one.said.end for one in accounts}, reverse=True):
        found = refusal([one for one in accounts if one.said.end <= day])
        if found is not None:
            return found
    return None


def moves(accounts: Sequence[_Told]) -> Iterator[tuple[_Told | None, _Told]]:
    """The steps of one actor on one item, oldest first: from which account (None: the first) to which.

    Only between accounts of stated or reported basis whose days do not overlap and that are not contested; a paraphrase
    counts for nothing beside the actor's own words of the same first day.
    """
    firm = sorted((one for one in accounts if one.basis in FIRM), key=precedence)
    settled: list[_Told] = []
    for one in firm:
        if rivals(one, firm) or _is_overruled(one, firm):
            continue
        place = next((n for n in reversed(range(len(settled))) if settled[n].stance is not one.stance), None)
        if not settled:
            yield None, one
        elif place is not None:
            before, since = settled[place], settled[place + 1 :]
            is_told_already = any(not later.said.overlaps(before.said) for later in since)
            if not one.said.overlaps(before.said) and not is_told_already:
                yield before, one
        settled.append(one)


def _is_overruled(account: Told, accounts: Iterable[Told]) -> bool:
    """Whether `account` is a paraphrase and there are own words of the same first day."""
    return account.basis is not Basis.STATED and any(
        one.basis is Basis.STATED and one.said.since == account.said.since for one in accounts
    )


def direction(before: StanceKind, after: StanceKind) -> str:
    """How a move is called: `softened` or `hardened` across the non-starter line, else `shifted`."""
    if before is StanceKind.NON_STARTER:
        return "softened"
    return "hardened" if after is StanceKind.NON_STARTER else "shifted"
