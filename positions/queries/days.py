"""The answers as of every day on which one of them changed, from rows that were read once.

The functions are those that answer `--as-of`: what belongs to a day is chosen here, and nothing is decided.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from positions.moment import Moment
from positions.queries import accounts, movements, nonstarters, stances
from positions.queries.items import Loaded, Parts
from positions.queries.outlook import ToldPackage, outlook_among
from positions.queries.rows import Item, Movement, NonStarter, Outlook, Package, Stance, grouped
from positions.queries.stances import Refusal


@dataclass(frozen=True, slots=True)
class Day:
    """What `outlook`, `matrix`, `nonstarters` and `movements` answer as of a day."""

    day: date
    items: Sequence[Item]
    """Those that were on the table by then, in the order of `items.made`."""
    outlook: Mapping[str, Outlook]
    """By item; in no order."""
    refused: Sequence[NonStarter]
    """Of these items; in the order of `nonstarters`."""
    ever_refused: Sequence[NonStarter]
    """With those that have moved since, as `nonstarters --ever`."""
    packages: Sequence[Package]
    movements: Mapping[str, Sequence[Movement]]
    """Of these items that moved, by item; in no order."""


def answers(
    moment: Moment,
    loaded: Loaded,
    told: Iterable[Stance],
    packages: Sequence[ToldPackage],
    spoke: Mapping[str, Mapping[str, date]],
) -> Iterator[Day]:
    """The answers as of each day on which something changes, oldest first, until `moment`.

    `told` are all stances visible at `moment`; `loaded` are the items known then; `spoke` is what
    `movements.first_words` returns.
    """
    parts = {part.row.slug: part for part in loaded.parts}
    told_of = grouped(told, lambda stance: stance.item)
    agenda = _agenda(moment, loaded, told_of, packages)
    items: dict[str, Item] = {}
    refusals: dict[str, list[Refusal]] = {}
    ever: dict[str, list[Refusal]] = {}
    outlook: dict[str, Outlook] = {}
    moved: dict[str, Sequence[Movement]] = {}
    for day in sorted(agenda):
        then = replace(moment, as_of=day)
        touched = agenda[day]
        for slug in touched:
            known = _as_known_by(day, told_of.get(slug, ()))
            if parts[slug].is_on_the_table(then, known):
                items[slug] = parts[slug].item(then, stances.current_among(known))
                refusals[slug] = stances.refusals_among(known)
                ever[slug] = stances.refusals_among(known, ever=True)
                moved[slug] = _movements(then, items[slug], parts[slug], known, spoke)
        table = [items[slug] for slug in parts if slug in items]
        refused = [refusal for slug in items for refusal in refusals[slug]]
        tied = [package.until(day) for package in packages if package.said <= day]
        concerned = touched.union(*(_tied_to(slug, items, tied) for slug in touched))
        asked = {items[slug].row for slug in concerned if slug in items}
        outlook |= {row.item: row for row in outlook_among(table, refused, tied, asked)}
        yield Day(
            day,
            table,
            dict(outlook),
            nonstarters.from_refusals(refused, table),
            nonstarters.from_refusals((refusal for slug in items for refusal in ever[slug]), table, ever=True),
            tied,
            {slug: rows for slug, rows in moved.items() if rows},
        )


def _movements(
    then: Moment, item: Item, part: Parts, known: Iterable[Stance], spoke: Mapping[str, Mapping[str, date]]
) -> Sequence[Movement]:
    """What had moved on `item` by `then`, when the accounts `known` were all that there were."""
    mentions = [mention for mention in part.mentions if then.includes(mention.said)]
    outcomes = [outcome for outcome in part.outcomes if then.includes(outcome.on)]
    loaded = Loaded([item], [part], mentions, outcomes)
    return movements.from_loaded(then, loaded, accounts.by_pair(known).values(), spoke)


def _agenda(
    moment: Moment, loaded: Loaded, told: Mapping[str, Sequence[Stance]], packages: Iterable[ToldPackage]
) -> dict[date, set[str]]:
    """By day: the items that may change on it."""
    agenda: dict[date, set[str]] = defaultdict(set)
    for part in loaded.parts:
        for day in part.days | {stance.said.end for stance in told.get(part.row.slug, ())}:
            agenda[day].add(part.row.slug)
    known = {part.row.slug for part in loaded.parts}
    for package in packages:
        for day in package.days:
            agenda[day] |= known.intersection(item for item, *_ in package.members)
    return {day: slugs for day, slugs in agenda.items() if moment.as_of is None or day <= moment.as_of}


def _as_known_by(day: date, told: Iterable[Stance]) -> list[Stance]:
    """Those of the accounts `told` of one item that count by `day`, contested only by each other."""
    by_then = [stance for stance in told if stance.said.end <= day]
    pairs = accounts.by_pair(by_then)
    return [
        replace(stance, contested=bool(accounts.rivals(stance, pairs[stance.item, stance.actor]))) for stance in by_then
    ]


def _tied_to(slug: str, items: Mapping[str, Item], packages: Iterable[Package]) -> set[str]:
    """The items whose prospects may change with those of the item `slug`: wholes, and what its package holds up."""
    wholes = items[slug].part_of if slug in items else ()
    held_up = (package.items for package in packages if slug in package.core)
    return set(wholes).union(*held_up)
