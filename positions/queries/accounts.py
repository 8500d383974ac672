"""Rules over one actor's accounts of its stance on one item: the current one, what is contested, what has moved.

Pure functions on rows that are visible at a moment; the rules are those of the codebook ("current stance", "contested",
"movement"). `stances.current` and `stances.contested` say the first two in SQL, and so do the views of
`models.views`; `tests/test_rules_agree.py` compares all three.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar

from positions.dates import Span
from positions.queries.rows import Ranked, Stance
from positions.vocabulary import PRECEDENCE, Basis, StanceKind


@dataclass(frozen=True, slots=True)
class Account(Ranked):
    """The part of a stance that these rules need, and its source: much less to read than a whole `Stance`."""

    actor: str
    item: str
    stance: StanceKind
    basis: Basis
    said: Span
    episode: str
    response: str
    sequence: int


AnyAccount = Account | Stance
"""A whole stance, or the part of it that these rules need."""

_Account = TypeVar("_Account", bound=AnyAccount)

precedence: Callable[[AnyAccount], tuple[Any, ...]] = attrgetter(*PRECEDENCE)
"""The sort key of accounts; the highest is the current one."""


def by_pair(accounts: Iterable[_Account]) -> dict[tuple[str, str], list[_Account]]:
    """The accounts of each actor on each item, together, by item and actor."""
    pairs: defaultdict[tuple[str, str], list[_Account]] = defaultdict(list)
    for account in accounts:
        pairs[account.item, account.actor].append(account)
    return dict(pairs)


def current(accounts: Iterable[_Account]) -> _Account | None:
    """The account that takes precedence among those of one actor on one item; None if there are none."""
    return max(accounts, key=precedence, default=None)


def rivals(account: AnyAccount, accounts: Iterable[_Account]) -> list[_Account]:
    """The accounts of the same days and basis that put the actor elsewhere."""
    return [
        other
        for other in accounts
        if other.stance is not account.stance and other.basis is account.basis and other.said.overlaps(account.said)
    ]


def refusal(accounts: Sequence[_Account]) -> _Account | None:
    """The refusal among the current accounts of one actor on one item, the current one first; None if there is none."""
    now = current(accounts)
    if now is None:
        return None
    current_ones = [now, *rivals(now, accounts)]
    return max(
        (account for account in current_ones if account.stance is StanceKind.NON_STARTER), key=precedence, default=None
    )


def last_refusal(accounts: Sequence[_Account]) -> _Account | None:
    """The refusal that was the last to be among the current accounts, on whatever day; None if none ever was."""
    for day in sorted({account.said.end for account in accounts}, reverse=True):
        found = refusal([account for account in accounts if account.said.end <= day])
        if found is not None:
            return found
    return None


def start_of_run(refusal: Stance, accounts: Iterable[Stance]) -> Stance:
    """The first of the refusals up to `refusal` between which there is none of another stance, except contested ones.

    Only accounts that are as firm as `refusal` count.
    """
    first = refusal
    alike = (account for account in accounts if account.firm is refusal.firm)
    earlier = (account for account in alike if precedence(account) < precedence(refusal))
    for account in sorted(earlier, key=precedence, reverse=True):
        if account.stance is StanceKind.NON_STARTER:
            first = account
        elif not account.contested:
            break
    return first


def moves(accounts: Sequence[_Account]) -> Iterator[tuple[_Account | None, _Account]]:
    """The steps of one actor on one item, oldest first: from which account (None: the first) to which.

    Only between accounts of stated or reported basis whose days do not overlap and that are not contested; a paraphrase
    counts for nothing beside the actor's own words of the same first day.
    """
    firm = sorted((account for account in accounts if account.firm), key=precedence)
    settled: list[_Account] = []
    for account in firm:
        if rivals(account, firm) or _is_overruled(account, firm):
            continue
        place = next((n for n in reversed(range(len(settled))) if settled[n].stance is not account.stance), None)
        if not settled:
            yield None, account
        elif place is not None:
            before, since = settled[place], settled[place + 1 :]
            was_counted = any(not later.said.overlaps(before.said) for later in since)
            if not account.said.overlaps(before.said) and not was_counted:
                yield before, account
        settled.append(account)


def _is_overruled(account: AnyAccount, accounts: Iterable[AnyAccount]) -> bool:
    """Whether `account` is a paraphrase and there are own words of the same first day."""
    return not account.stated and any(other.stated and other.said_from == account.said_from for other in accounts)


def direction(before: StanceKind, after: StanceKind) -> str:
    """The name of a move: `softened` or `hardened` across the non-starter line, else `shifted`."""
    if before is StanceKind.NON_STARTER:
        return "softened"
    return "hardened" if after is StanceKind.NON_STARTER else "shifted"
