"""What is unanswered, and what may become of what is on the table."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, select

from positions import models
from positions.moment import Moment
from positions.queries import items, stances
from positions.queries.filters import EVERYTHING, Filters
from positions.queries.rows import Item, Mention, Outlook, Package, Stance, Unanswered
from positions.vocabulary import ItemKind, LinkKind, MentionKind, Reading, StanceKind

BLOCKED, WORKABLE, UNANSWERED = "blocked", "workable", "unanswered"
NOT_YET = "not on the table"
"""What is said of an item on a day before it was made."""

_ORDER = (BLOCKED, WORKABLE, UNANSWERED)


def unanswered(
    connection: Connection, moment: Moment, filters: Filters = EVERYTHING, *, actor: str | None = None
) -> list[Unanswered]:
    """Each item on the table with each addressee that has no stance on it; demands first, the oldest first.

    `actor` asks for one addressee. Empty when everybody has answered everything.
    """
    table = items.on_the_table(connection, moment)
    asked = filters.rows(connection, moment)
    replies = _replies(items.mentions(connection, moment, filters))
    partly = _read_in_part(connection, moment)
    found = [
        Unanswered(
            item=one.id,
            title=one.title,
            by=one.by,
            actor=addressee,
            since=one.made,
            reply=replies.get((one.id, addressee)),
            counter_offers=tuple(
                offer.id
                for offer in table
                if offer.kind is ItemKind.OFFER and addressee in offer.by and one.id in offer.answers
            ),
            read_in_part=addressee in partly,
            kind=one.kind,
            side=one.side,
        )
        for one in table
        if asked is None or one.row in asked
        for addressee in one.to
        if addressee not in {account.actor for account in one.stances} and actor in {None, addressee}
    ]
    return sorted(found, key=lambda row: (row.kind is ItemKind.OFFER, row.since.end, row.item, row.actor))


def outlook(
    connection: Connection, moment: Moment, filters: Filters = EVERYTHING, *, since: date | None = None
) -> list[Outlook]:
    """What may become of each item that was on the table by `moment`: blocked ones first, ended ones last.

    An addressee's refusal, current at that moment, blocks; those of others and of parts of the item are shown, and
    decide nothing. `held_up_by` names the blocked core of a package that the item belongs to or answers. `since` adds
    what was to be said on that earlier day.
    """
    table = items.made(connection, moment)
    refused = stances.refusals(connection, moment, which=models.stance.c.item_id.in_({item.row for item in table}))
    rows = of(table, refused, packages(connection, moment), filters.rows(connection, moment))
    if since is None:
        return rows
    then = {one.item: one.verdict for one in outlook(connection, replace(moment, as_of=since), filters)}
    return [replace(one, then=then.get(one.item, NOT_YET)) for one in rows]


def of(
    table: Sequence[Item],
    refused: Iterable[stances.Refusal],
    found_packages: Iterable[Package],
    asked: Collection[int] | None = None,
) -> list[Outlook]:
    """The rows of `outlook` for the items that were on the `table`; `asked` are the row numbers of those to show."""
    refusals = _by_item(refused)
    blocked = {item.id for item in table if _blockers(item, refusals) and not item.ended}
    holders = _held_up(found_packages, blocked)
    parts = defaultdict(list)
    for item in table:
        for whole in item.part_of:
            parts[whole].append(item)
    shown = (item for item in table if asked is None or item.row in asked)
    rows = [_outlook(item, refusals, parts[item.id], holders) for item in shown]
    return sorted(rows, key=lambda row: _ORDER.index(row.verdict) if row.verdict in _ORDER else len(_ORDER))


def packages(connection: Connection, moment: Moment) -> list[Package]:
    """The packages that were said and held by `moment`, with their members and the offers that answer them."""
    makers, members = defaultdict(set), defaultdict(set)
    core, offers = defaultdict(set), defaultdict(set)
    table = models.package
    for package, actor in connection.execute(
        select(models.package_maker.c.package_id, models.actor.c.slug)
        .join(models.actor, models.actor.c.id == models.package_maker.c.actor_id)
        .join(table, table.c.id == models.package_maker.c.package_id)
        .where(moment.ties(models.package_maker, table))
    ):
        makers[package].add(actor)
    for package, item, is_core in connection.execute(
        select(models.package_item.c.package_id, models.item.c.slug, models.package_item.c.core)
        .join(models.item, models.item.c.id == models.package_item.c.item_id)
        .join(table, table.c.id == models.package_item.c.package_id)
        .where(moment.ties(models.package_item, table), moment.known_items())
    ):
        members[package].add(item)
        if is_core:
            core[package].add(item)
    for answered, item in connection.execute(
        select(models.item_link.c.to_package_id, models.item.c.slug)
        .join(models.item, models.item.c.id == models.item_link.c.item_id)
        .where(
            models.item_link.c.kind == LinkKind.ANSWERS,
            moment.ties(models.item_link, models.item),
            moment.on_the_table(),
        )
    ):
        if answered is not None:
            offers[answered].add(item)
    return [
        Package(
            id=slug,
            title=title,
            by=tuple(sorted(makers[row])),
            items=tuple(sorted(members[row])),
            core=tuple(sorted(core[row])),
            offers=tuple(sorted(offers[row])),
        )
        for row, slug, title in connection.execute(
            select(table.c.id, table.c.slug, table.c.title).where(moment.packages()).order_by(table.c.id)
        )
    ]


def _outlook(
    one: Item,
    refusals: Mapping[str, Mapping[str, Stance]],
    parts: Sequence[Item],
    holders: Mapping[str, set[str]],
) -> Outlook:
    blockers = _blockers(one, refusals)
    ready = [each for each in one.stances if each.actor in one.to and each.stance is not StanceKind.NON_STARTER]
    answered = {each.actor for each in one.stances} | set(blockers)
    others = [actor for actor in refusals.get(one.id, {}) if actor not in {*one.to, *one.by}]
    others += [f"{part.id} ({actor})" for part in parts for actor in refusals.get(part.id, {})]
    verdict = BLOCKED if blockers else WORKABLE if ready else UNANSWERED
    return Outlook(
        item=one.id,
        title=one.title,
        by=one.by,
        core=one.core,
        package=one.package,
        verdict=one.status if one.ended else verdict,
        blocked_by=() if one.ended else tuple(sorted(blockers)),
        waiting_for=() if one.ended else tuple(actor for actor in one.to if actor not in answered),
        others_refuse=tuple(sorted(others)),
        held_up_by=() if one.ended else tuple(sorted(holders.get(one.id, set()))),
        kind=one.kind,
        side=one.side,
        ready=tuple(ready),
        status=one.status,
    )


def _blockers(one: Item, refusals: Mapping[str, Mapping[str, Stance]]) -> list[str]:
    return [actor for actor in refusals.get(one.id, {}) if actor in one.to]


def _by_item(refused: Iterable[stances.Refusal]) -> dict[str, dict[str, Stance]]:
    """By item and actor: the refusals among the current accounts."""
    found: dict[str, dict[str, Stance]] = defaultdict(dict)
    for refusal in refused:
        found[refusal.account.item][refusal.account.actor] = refusal.account
    return found


def _held_up(found: Iterable[Package], blocked: set[str]) -> dict[str, set[str]]:
    """By item: the blocked core items of the packages that it belongs to, or that it answers."""
    holders: dict[str, set[str]] = defaultdict(set)
    for package in found:
        core = set(package.core) & blocked
        for item in (*package.items, *package.offers):
            holders[item] |= core - {item}
    return holders


def _replies(mentions: Iterable[Mention]) -> dict[tuple[str, str], str]:
    """By item and actor: the latest response that takes the item up without a stance."""
    return {
        (one.item, actor): f"{one.episode}/{one.response}"
        for one in mentions
        if one.kind is MentionKind.ABOUT
        for actor in one.by
    }


def _read_in_part(connection: Connection, moment: Moment) -> set[str]:
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
