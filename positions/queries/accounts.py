"""The rules for one actor's accounts of its stance on one item: which is current, contested, or a movement.

Pure functions of rows that are visible at a moment; the codebook has the rules. `stances.current` and
`stances.contested` apply the first two in SQL, and so do the views in `models.views`; `tests/test_rules_agree.py`
compares all three.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar

from positions.dates import Span
from positions.queries.rows import Ranked, Stance, grouped
from positions.vocabulary import PRECEDENCE, Basis, StanceKind


@dataclass(frozen=True, slots=True)
class Account(Ranked):
    """The part of a `Stance` that these rules need, and its source: much faster to read."""

    actor: str
    item: str
    stance: StanceKind
    basis: Basis
    said: Span
    episode: str
    response: str
    sequence: int


AnyAccount = Account | Stance
"""What the rules take: a whole stance, or the part that they need."""

_Account = TypeVar("_Account", bound=AnyAccount)

precedence: Callable[[AnyAccount], tuple[Any, ...]] = attrgetter(*PRECEDENCE)
"""The sort key of accounts; the highest is the current one."""


def by_pair(accounts: Iterable[_Account]) -> dict[tuple[str, str], list[_Account]]:
    """The accounts of each actor on each item, by item and actor, each list in the given order."""
    return grouped(accounts, lambda account: (account.item, account.actor))


def current(accounts: Iterable[_Account]) -> _Account | None:
    """The account that takes precedence among those of one actor on one item; None if there are none."""
    return max(accounts, key=precedence, default=None)


def rivals(account: AnyAccount, accounts: Iterable[_Account]) -> list[_Account]:
    """The accounts that contest `account`: of the same basis and overlapping days, with another stance."""
    return [
        rival
        for rival in accounts
        if rival.stance is not account.stance and rival.basis is account.basis and rival.said.overlaps(account.said)
    ]


def refusal(accounts: Sequence[_Account]) -> _Account | None:
    """The refusal that now counts: the current account, or else its highest-ranking rival; None if neither refuses."""
    now = current(accounts)
    if now is None:
        return None
    return current(account for account in (now, *rivals(now, accounts)) if account.stance is StanceKind.NON_STARTER)


def last_refusal(accounts: Sequence[_Account]) -> _Account | None:
    """The refusal that counted last, on any day; None if none ever did."""
    for day in sorted({account.said.end for account in accounts}, reverse=True):
        last = refusal([account for account in accounts if account.said.end <= day])
        if last is not None:
            return last
    return None


def start_of_run(latest: Stance, accounts: Iterable[Stance]) -> Stance:
    """The first account of the same stance that leads up to `latest` without an uncontested other one between.

    Only accounts as firm as `latest` count.
    """
    first = latest
    as_firm = (account for account in accounts if account.firm is latest.firm)
    earlier = (account for account in as_firm if precedence(account) < precedence(latest))
    for account in sorted(earlier, key=precedence, reverse=True):
        if account.stance is latest.stance:
            first = account
        elif not account.contested:
            break
    return first


def moves(accounts: Sequence[_Account]) -> Iterator[tuple[_Account | None, _Account]]:
    """The movements of one actor on one item, oldest first: the account before (None: the first), and the one after.

    A movement is between stated or reported accounts that are not contested and whose days do not overlap. A paraphrase
    does not count if the actor's own words have the same first day.
    """
    firm = sorted((account for account in accounts if account.firm), key=precedence)
    settled: list[_Account] = []
    for account in firm:
        if rivals(account, firm) or _is_overruled(account, firm):
            continue
        index = next((n for n in reversed(range(len(settled))) if settled[n].stance is not account.stance), None)
        if not settled:
            yield None, account
        elif index is not None:
            before, since = settled[index], settled[index + 1 :]
            is_counted = any(not later.said.overlaps(before.said) for later in since)
            if not account.said.overlaps(before.said) and not is_counted:
                yield before, account
        settled.append(account)


def _is_overruled(account: AnyAccount, accounts: Iterable[AnyAccount]) -> bool:
    """Whether `account` is a paraphrase, and the actor's own words have the same first day."""
    return not account.stated and any(own.stated and own.said_from == account.said_from for own in accounts)


def direction(before: StanceKind, after: StanceKind) -> str:
    """The direction of a movement: `softened` from a non-starter, `hardened` to one, else `shifted`."""
    if before is StanceKind.NON_STARTER:
        return "softened"
    return "hardened" if after is StanceKind.NON_STARTER else "shifted"
