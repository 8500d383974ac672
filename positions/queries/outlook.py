"""Which items are unanswered, and what may become of each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, and_, select

from positions import models
from positions.moment import Moment
from positions.queries import items, stances
from positions.queries.filters import EVERYTHING, Filters
from positions.queries.rows import Item, Mention, Outlook, Package, Stance, Unanswered, filled, grouped, ids
from positions.vocabulary import FIRM, Basis, ItemKind, MentionKind, Reading, StanceKind

BLOCKED, WORKABLE, UNANSWERED = "blocked", "workable", "unanswered"
_ORDER = (BLOCKED, WORKABLE, UNANSWERED)


def unanswered(
    connection: Connection, moment: Moment, filters: Filters = EVERYTHING, *, actor: str | None = None
) -> list[Unanswered]:
    """Each item on the table with each addressee that has no stance on it; demands first, the oldest first.

    A stance that only another side alleges is no answer. `actor` asks for one addressee. Empty when everybody has
    answered everything.
    """
    loaded = items.load(connection, moment, moment.on_the_table())
    asked = filters.rows(connection, moment)
    found = unanswered_among(loaded.items, loaded.mentions, read_in_part(connection, moment))
    rows = {item.id: item.row for item in loaded.items}
    return [row for row in found if (asked is None or rows[row.item] in asked) and actor in {None, row.actor}]


def unanswered_among(made: Iterable[Item], mentions: Iterable[Mention], in_part: Collection[str]) -> list[Unanswered]:
    """The rows of `unanswered` for the items that were `made`; `in_part` are the actors with a source read in part."""
    table = [item for item in made if not item.ended]
    replies = _replies(mentions)
    found = []
    for item in table:
        stances = {stance.actor: stance for stance in item.stances}
        for addressee in item.to:
            stance, reply = stances.get(addressee), replies.get((item.id, addressee))
            if stance is not None and stance.basis is not Basis.ALLEGED:
                continue
            row = filled(
                Unanswered,
                item,
                item=item.id,
                actor=addressee,
                since=item.made,
                reply=reply and f"{reply.episode}/{reply.response}",
                counter_offers=_counter_offers(table, item, addressee),
                read_in_part=addressee in in_part,
                reply_wording=reply and reply.wording,
                alleged=stance and stance.stance,
                alleged_by=stance and stance.reported_by,
            )
            found.append(row)
    return sorted(found, key=lambda row: (row.kind is ItemKind.OFFER, row.since.end, row.item, row.actor))


def _counter_offers(table: Iterable[Item], item: Item, actor: str) -> tuple[str, ...]:
    """The offers on the `table` by which `actor` answers `item`."""
    offers = (other for other in table if other.kind is ItemKind.OFFER)
    return tuple(offer.id for offer in offers if actor in offer.by and item.id in offer.answers)


def outlook(
    connection: Connection, moment: Moment, filters: Filters = EVERYTHING, *, since: date | None = None
) -> list[Outlook]:
    """What may become of each item that was on the table by `moment`: blocked ones first, ended ones last.

    An addressee's refusal, current at that moment, blocks; those of others and of parts of the item are shown, and
    decide nothing. `held_up_by` names the blocked core of a package that the item belongs to. `since` adds what was to
    be said on that earlier day.
    """
    table = items.made(connection, moment)
    refused = stances.refusals(connection, moment, which=models.stance.c.item_id.in_({item.row for item in table}))
    rows = outlook_among(table, refused, packages(connection, moment), filters.rows(connection, moment))
    if since is None:
        return rows
    then = {row.item: row.verdict for row in outlook(connection, replace(moment, as_of=since), filters)}
    return [replace(row, then=then.get(row.item, items.NOT_YET)) for row in rows]


def outlook_among(
    table: Sequence[Item],
    refused: Iterable[stances.Refusal],
    packages: Iterable[Package],
    asked: Collection[int] | None = None,
) -> list[Outlook]:
    """The rows of `outlook` for the items that were on the `table`; `asked` are the row numbers of those to show."""
    refusals = _by_item(refused)
    blocked = {item.id for item in table if _blockers(item, refusals) and not item.ended}
    holders = _held_up(packages, blocked)
    parts = defaultdict(list)
    for item in table:
        for whole in item.part_of:
            parts[whole].append(item)
    shown = (item for item in table if asked is None or item.row in asked)
    rows = [_outlook(item, refusals, parts[item.id], holders) for item in shown]
    return sorted(rows, key=lambda row: _ORDER.index(row.verdict) if row.verdict in _ORDER else len(_ORDER))


def packages(connection: Connection, moment: Moment) -> list[Package]:
    """The packages that were said and held by `moment`, as recorded, with their members."""
    return [package.until(moment.as_of) for package in told_packages(connection, moment)]


@dataclass(frozen=True, slots=True)
class ToldPackage:
    """A package, and from which day its ties count."""

    id: str
    title: str
    said: date
    makers: Sequence[tuple[str, date | None]]
    """Each with the day of the source that added it; None: stated with the package."""
    members: Sequence[tuple[str, bool, date | None]]
    """Each with whether it is core, and the same day."""

    @property
    def days(self) -> set[date]:
        """The days on which it may change."""
        ties = (*(since for _, since in self.makers), *(since for *_, since in self.members))
        return {self.said, *(since for since in ties if since is not None)}

    def until(self, day: date | None) -> Package:
        """The package with the ties that count by `day`; None: all."""
        members = [(item, core) for item, core, since in self.members if _by(day, since)]
        return Package(
            id=self.id,
            title=self.title,
            by=ids(maker for maker, since in self.makers if _by(day, since)),
            items=ids(item for item, _ in members),
            core=ids(item for item, core in members if core),
        )


def _by(day: date | None, since: date | None) -> bool:
    return day is None or since is None or since <= day


def told_packages(connection: Connection, moment: Moment) -> list[ToldPackage]:
    """The packages that were said and held by `moment`, as recorded."""
    package, made, part, item = models.package, models.package_maker, models.package_item, models.item
    makers_since, members_since = items.extended_on(made, package), items.extended_on(part, package)
    query = (
        select(
            *(package.c.slug, package.c.title, package.c.said_to, models.actor.c.slug, makers_since),
            *(item.c.slug, part.c.core, members_since),
        )
        .select_from(package)
        .outerjoin(made, and_(made.c.package_id == package.c.id, moment.ties(made, package)))
        .outerjoin(models.actor, models.actor.c.id == made.c.actor_id)
        .outerjoin(part, and_(part.c.package_id == package.c.id, moment.ties(part, package)))
        .outerjoin(item, and_(item.c.id == part.c.item_id, moment.known_items()))
        .where(moment.packages())
        .order_by(package.c.id)
    )
    return [
        ToldPackage(
            *rows[0][:3],
            makers=list(dict.fromkeys((maker, since) for *_, maker, since, _, _, _ in rows if maker)),
            members=list(dict.fromkeys((member, bool(core), since) for *_, member, core, since in rows if member)),
        )
        for rows in grouped(connection.execute(query), lambda row: row[0]).values()
    ]


def _outlook(
    item: Item,
    refusals: Mapping[str, Mapping[str, Stance]],
    parts: Sequence[Item],
    holders: Mapping[str, set[str]],
) -> Outlook:
    blockers = _blockers(item, refusals)
    bases = {actor: refusals[item.id][actor].basis for actor in sorted(blockers)}
    answers = (stance for stance in item.stances if stance.actor in item.to)
    ready = [stance for stance in answers if stance.stance is not StanceKind.NON_STARTER]
    answered = {stance.actor for stance in item.stances} | set(blockers)
    others = [actor for actor in refusals.get(item.id, {}) if actor not in {*item.to, *item.by}]
    others += [f"{part.id} ({actor})" for part in parts for actor in refusals.get(part.id, {})]
    answer = BLOCKED if blockers else WORKABLE if ready else UNANSWERED
    return filled(
        Outlook,
        item,
        item=item.id,
        verdict=item.status if item.ended else answer,
        answer=answer,
        blocked_by=() if item.ended else tuple(sorted(blockers)),
        doubts={} if item.ended else {actor: basis for actor, basis in bases.items() if basis not in FIRM},
        waiting_for=() if item.ended else tuple(actor for actor in item.to if actor not in answered),
        others_refuse=tuple(sorted(others)),
        held_up_by=() if item.ended else tuple(sorted(holders.get(item.id, set()))),
        ready=tuple(ready),
        then=None,
    )


def _blockers(item: Item, refusals: Mapping[str, Mapping[str, Stance]]) -> list[str]:
    return [actor for actor in refusals.get(item.id, {}) if actor in item.to]


def _by_item(refused: Iterable[stances.Refusal]) -> dict[str, dict[str, Stance]]:
    """By item and actor: the refusals among the current accounts."""
    found: dict[str, dict[str, Stance]] = defaultdict(dict)
    for refusal in refused:
        found[refusal.account.item][refusal.account.actor] = refusal.account
    return found


def _held_up(packages: Iterable[Package], blocked: set[str]) -> dict[str, set[str]]:
    """By item: the blocked core items of the packages that its maker tied it to."""
    holders: dict[str, set[str]] = defaultdict(set)
    for package in packages:
        core = set(package.core) & blocked
        for item in package.items:
            holders[item] |= core - {item}
    return holders


def _replies(mentions: Iterable[Mention]) -> dict[tuple[str, str], Mention]:
    """By item and actor: the latest response that takes the item up without a stance."""
    about = (mention for mention in mentions if mention.kind is MentionKind.ABOUT)
    return {(mention.item, actor): mention for mention in about for actor in mention.by}


def read_in_part(connection: Connection, moment: Moment) -> set[str]:
    """The actors of whom a source was read only in part."""
    table = models.response_actor
    query = (
        select(models.actor.c.slug)
        .join(table, table.c.actor_id == models.actor.c.id)
        .join(models.response, models.response.c.id == table.c.response_id)
        .join(models.episode, models.episode.c.id == models.response.c.episode_id)
        .where(moment.visible(models.response), models.episode.c.read == Reading.PART)
    )
    return set(connection.scalars(query))
