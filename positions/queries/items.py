"""Demands and offers: what is on the table, what its makers made of it, and where others stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, true

from positions import models
from positions.dates import Span
from positions.moment import Moment
from positions.queries import stances
from positions.queries.filters import EVERYTHING, Filters, Numbers
from positions.queries.rows import Item, MatrixRow, Mention, Outcome, Provision, Stance
from positions.vocabulary import LinkKind, MentionKind, OutcomeKind, Role, StanceKind

ON_THE_TABLE = "on the table"
"""The status of an item of which nothing became yet."""


def on_the_table(
    connection: Connection,
    moment: Moment,
    filters: Filters = EVERYTHING,
    *,
    actor: str | None = None,
    stance: StanceKind | None = None,
) -> list[Item]:
    """The items on the table at `moment`, ordered by topic, then as they were recorded; empty if there are none.

    `actor` and `stance` ask for items on which an addressee (that one, if named) now has a stance (that one, if named).
    """
    found = made(connection, moment, filters)
    return [one for one in found if not one.ended and _answered(one, actor, stance)]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Items, and what was read with them: what their makers and others said of them, and what became of them."""

    items: list[Item]
    mentions: list[Mention]
    """Oldest first."""
    outcomes: list[Outcome]
    """Oldest first."""


def load(connection: Connection, moment: Moment) -> Loaded:
    """The items known at `moment`, as `every` gives them, with all mentions and outcomes of them, each read once."""
    which = moment.known_items()
    said = _mentions(connection, moment, which)
    ended = outcomes(connection, moment, select(models.item.c.id).where(which))
    return Loaded(_with(connection, moment, which, said, ended), said, ended)


def every(connection: Connection, moment: Moment, filters: Filters = EVERYTHING) -> list[Item]:
    """The items known at `moment`, whether made by then, on the table or ended; ordered as `on_the_table`."""
    return _items(connection, moment, filters.condition(moment) & moment.known_items())


def described(connection: Connection, moment: Moment, filters: Filters = EVERYTHING) -> list[Item]:
    """As `every`, without what others said of the items, which takes by far the most time to read."""
    return _items(connection, moment, filters.condition(moment) & moment.known_items(), placed=False)


def made(connection: Connection, moment: Moment, filters: Filters = EVERYTHING) -> list[Item]:
    """The items that were on the table by `moment`, whatever became of them since; ordered as `on_the_table`."""
    return _items(connection, moment, filters.condition(moment) & moment.on_the_table())


def matrix(connection: Connection, moment: Moment, filters: Filters = EVERYTHING) -> list[MatrixRow]:
    """Every item on the table at `moment` with the current stance of each actor; ordered as `on_the_table`."""
    return [
        MatrixRow(
            item=one.id,
            kind=one.kind,
            title=one.title,
            by=one.by,
            stances={account.actor: account.stance for account in one.stances},
            side=one.side,
            topic=one.topic,
            status=one.status,
            accounts=one.stances,
        )
        for one in on_the_table(connection, moment, filters)
    ]


def mentions(connection: Connection, moment: Moment, filters: Filters = EVERYTHING) -> list[Mention]:
    """The responses visible at `moment` that repeat an item or take it up without a stance, oldest first."""
    return _mentions(connection, moment, filters.condition(moment) & moment.known_items())


def on_the_table_by(connection: Connection, moment: Moment, known: Iterable[Item]) -> list[Item]:
    """Those of the items `known` at `moment` that were on the table by then, whatever became of them since."""
    numbers = set(connection.scalars(select(models.item.c.id).where(moment.on_the_table())))
    return [item for item in known if item.row in numbers]


def outcomes(connection: Connection, moment: Moment, items: Numbers | None = None) -> list[Outcome]:
    """What became of items by `moment`, oldest first; `items` are row numbers, None asks for all."""
    table, by = models.outcome, models.item.alias()
    actors: dict[int, set[str]] = defaultdict(set)
    for number, actor in connection.execute(
        select(models.outcome_actor.c.outcome_id, models.actor.c.slug).join(
            models.actor, models.actor.c.id == models.outcome_actor.c.actor_id
        )
    ):
        actors[number].add(actor)
    query = (
        select(
            table,
            models.outcome_item.c.item_id,
            models.item.c.slug.label("item"),
            models.episode.c.slug.label("episode"),
            by.c.slug.label("superseded_by"),
        )
        .join(table, table.c.id == models.outcome_item.c.outcome_id)
        .join(models.item, models.item.c.id == models.outcome_item.c.item_id)
        .join(models.episode, models.episode.c.id == table.c.episode_id)
        .outerjoin(by, by.c.id == table.c.superseded_by_id)
        .where(moment.visible(table), true() if items is None else models.outcome_item.c.item_id.in_(items))
        .order_by(table.c.said_from, table.c.said_to, table.c.sequence, models.item.c.slug)
    )
    return [
        Outcome(
            item=one.item,
            outcome=one.kind,
            in_part=one.in_part,
            superseded_by=one.superseded_by,
            by=_sorted(actors[one.id]),
            on=Span(one.said_from, one.said_to),
            quote=one.quote,
            summary=one.summary,
            basis=one.basis,
            episode=one.episode,
            row=one.item_id,
            id=one.slug,
        )
        for one in connection.execute(query)
    ]


def status(outcomes: Iterable[Outcome], said: Iterable[Span]) -> tuple[str, bool]:
    """What became of an item, in words, and whether it is off the table.

    `outcomes` are its own, oldest first; `said` is when its maker said it. Said again after it was withdrawn, an item
    is on the table again.
    """
    words, ended = ON_THE_TABLE, False
    for one in outcomes:
        back = one.outcome is OutcomeKind.WITHDRAWN and any(each.since > one.on.end for each in said)
        if back and not one.in_part:
            words, ended = ON_THE_TABLE, False
        elif not one.in_part:
            words, ended = one.outcome.value, True
        elif not ended:
            words = f"{one.outcome} in part"
    return words, ended


@dataclass(slots=True)
class _Ties:
    """What ties one item to others."""

    actors: dict[Role, set[str]] = field(default_factory=lambda: defaultdict(set))
    sides: set[str | None] = field(default_factory=set)
    links: dict[LinkKind, set[str]] = field(default_factory=lambda: defaultdict(set))
    provisions: set[Provision] = field(default_factory=set)
    package: str | None = None
    core: bool = False


def _items(connection: Connection, moment: Moment, which: ColumnElement[bool], *, placed: bool = True) -> list[Item]:
    repeats = _mentions(connection, moment, which & (models.mention.c.kind == MentionKind.REPEATS))
    ended = outcomes(connection, moment, select(models.item.c.id).where(which))
    return _with(connection, moment, which, repeats, ended, placed=placed)


def _with(
    connection: Connection,
    moment: Moment,
    which: ColumnElement[bool],
    mentions: Iterable[Mention],
    outcomes: Iterable[Outcome],
    *,
    placed: bool = True,
) -> list[Item]:
    """The items that `which` asks for, with these mentions and outcomes; `placed` adds where others stand."""
    speaker, reporter = models.actor.alias(), models.actor.alias()
    query = (
        select(
            models.item,
            speaker.c.slug.label("speaker"),
            reporter.c.slug.label("reported_by"),
            models.side.c.slug.label("side"),
            models.episode.c.slug.label("episode"),
            models.episode.c.url.label("address"),
            models.episode.c.published,
        )
        .outerjoin(speaker, speaker.c.id == models.item.c.speaker_id)
        .outerjoin(reporter, reporter.c.id == models.item.c.reported_by_id)
        .outerjoin(models.side, models.side.c.id == models.item.c.side_id)
        .join(models.episode, models.episode.c.id == models.item.c.episode_id)
        .where(which)
        .order_by(models.item.c.topic, models.item.c.id)
    )
    rows = connection.execute(query).all()
    ties = _ties(connection, moment, which)
    repeats: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.kind is MentionKind.REPEATS:
            repeats[mention.item].append(mention)
    ended = defaultdict(list)
    for outcome in outcomes:
        ended[outcome.row].append(outcome)
    places: dict[str, list[Stance]] = defaultdict(list)
    numbers = select(models.item.c.id).where(which)
    for stance in stances.current(connection, moment, items=numbers) if placed else ():
        places[stance.item].append(stance)
    found = []
    for row in rows:
        again = repeats[row.slug]
        said = _said(row, moment, [one.said for one in again])
        item = _item(row, ties[row.id], said, ended[row.id], places[row.slug])
        found.append(item if _is_public(row, moment) or not again else _in_words_of(again[0], item))
    return found


def _is_public(row: Any, moment: Moment) -> bool:
    """Whether the source that defines the item of `row` was public at `moment`."""
    return moment.public_by is None or row.published <= moment.public_by


def _in_words_of(first: Mention, item: Item) -> Item:
    """`item` in the words in which its maker was first heard, where the source that defines it was not public."""
    told = {name: getattr(first, name) for name in ("quote", "summary", "speaker", "basis", "episode")}
    return replace(item, **told, reported_by=None, url=None)


def _said(row: Any, moment: Moment, repeats: Sequence[Span]) -> list[Span]:
    """When the item was said by `moment`: in its defining sentence (or, if that came later, at its making), and again.

    Where its source was not public by then, or it was made later, what its maker said of it elsewhere is all there is.
    """
    made = Span(row.made_from, row.made_to)
    defined = made if row.said_to is None else Span(row.said_from, row.said_to)
    by_then = [each for each in (defined, made) if moment.as_of is None or each.end <= moment.as_of]
    first = by_then if _is_public(row, moment) else []
    return [*first[:1], *repeats] or [made]


def _item(one: Any, ties: _Ties, said: Sequence[Span], ended: Sequence[Outcome], places: Sequence[Stance]) -> Item:
    words, off = status(ended, said)
    return Item(
        id=one.slug,
        kind=one.kind,
        title=one.title,
        text=one.text,
        topic=one.topic,
        by=_sorted(ties.actors[Role.MAKER]),
        side=one.side or (next(iter(ties.sides)) if len(ties.sides) == 1 else None),
        to=_sorted(ties.actors[Role.ADDRESSEE]),
        affects=_sorted(ties.actors[Role.AFFECTED]),
        made=Span(one.made_from, one.made_to),
        first_said=min(said, key=lambda span: (span.since, span.end)),
        last_said=max(said, key=lambda span: (span.since, span.end)),
        times_said=len(said),
        core=ties.core,
        package=ties.package,
        provisions=tuple(sorted(ties.provisions, key=lambda each: (each.document, each.article))),
        answers=_sorted(ties.links[LinkKind.ANSWERS]),
        alternative_to=_sorted(ties.links[LinkKind.ALTERNATIVE_TO]),
        part_of=_sorted(ties.links[LinkKind.PART_OF]),
        quote=one.quote,
        speaker=one.speaker,
        reported_by=one.reported_by,
        basis=one.basis,
        episode=one.episode,
        status=words,
        stances=tuple(places),
        row=one.id,
        ended=off,
        summary=one.summary,
        url=one.url or one.address,
    )


def _ties(connection: Connection, moment: Moment, which: ColumnElement[bool]) -> Mapping[int, _Ties]:
    ties: defaultdict[int, _Ties] = defaultdict(_Ties)
    _add_actors(connection, moment, which, ties)
    _add_links(connection, moment, which, ties)
    _add_packages(connection, moment, which, ties)
    return ties


def _add_actors(connection: Connection, moment: Moment, which: ColumnElement[bool], ties: Mapping[int, _Ties]) -> None:
    query = (
        select(models.item.c.id, models.item_actor.c.role, models.actor.c.slug, models.side.c.slug)
        .join(models.item_actor, models.item_actor.c.item_id == models.item.c.id)
        .join(models.actor, models.actor.c.id == models.item_actor.c.actor_id)
        .outerjoin(models.side, models.side.c.id == models.actor.c.side_id)
        .where(which, moment.ties(models.item_actor, models.item))
    )
    for item, role, actor, side in connection.execute(query):
        ties[item].actors[role].add(actor)
        if role is Role.MAKER:
            ties[item].sides.add(side)


def _add_links(connection: Connection, moment: Moment, which: ColumnElement[bool], ties: Mapping[int, _Ties]) -> None:
    other = models.item.alias()
    links = (
        select(models.item.c.id, models.item_link.c.kind, other.c.slug, models.package.c.slug)
        .join(models.item_link, models.item_link.c.item_id == models.item.c.id)
        .outerjoin(other, other.c.id == models.item_link.c.to_item_id)
        .outerjoin(models.package, models.package.c.id == models.item_link.c.to_package_id)
        .where(which, moment.ties(models.item_link, models.item))
    )
    for item, kind, to_item, to_package in connection.execute(links):
        ties[item].links[kind].add(to_item or to_package or "")
    draft = models.episode.alias()
    provisions = (
        select(models.item.c.id, draft.c.slug, models.provision.c.article)
        .join(models.provision, models.provision.c.item_id == models.item.c.id)
        .join(draft, draft.c.id == models.provision.c.document_id)
        .where(which, moment.ties(models.provision, models.item))
    )
    for item, document, article in connection.execute(provisions):
        ties[item].provisions.add(Provision(document, article))


def _add_packages(
    connection: Connection, moment: Moment, which: ColumnElement[bool], ties: Mapping[int, _Ties]
) -> None:
    query = (
        select(models.item.c.id, models.package.c.slug, models.package_item.c.core)
        .join(models.package_item, models.package_item.c.item_id == models.item.c.id)
        .join(models.package, models.package.c.id == models.package_item.c.package_id)
        .where(which, moment.ties(models.package_item, models.package), moment.packages())
        .order_by(models.package.c.said_from, models.package.c.said_to, models.package.c.id)
    )
    for item, package, core in connection.execute(query):
        ties[item].package = package
        ties[item].core = ties[item].core or core


def _mentions(connection: Connection, moment: Moment, which: ColumnElement[bool]) -> list[Mention]:
    table, response, speaker = models.mention, models.response, models.actor.alias()
    givers = (
        select(models.response_actor.c.response_id, models.actor.c.slug)
        .join(models.actor, models.actor.c.id == models.response_actor.c.actor_id)
        .join(table, table.c.response_id == models.response_actor.c.response_id)
        .join(models.item, models.item.c.id == table.c.item_id)
        .where(which)
    )
    by: dict[int, set[str]] = defaultdict(set)
    for number, actor in connection.execute(givers):
        by[number].add(actor)
    query = (
        select(
            *(table.c.kind, table.c.wording, table.c.scope, table.c.quote, table.c.response_id),
            *(response.c.slug, response.c.said_from, response.c.said_to, response.c.summary, response.c.basis),
            response.c.quote.label("whole_quote"),
            models.item.c.slug.label("item"),
            models.episode.c.slug.label("episode"),
            speaker.c.slug.label("speaker"),
        )
        .join(response, response.c.id == table.c.response_id)
        .join(models.item, models.item.c.id == table.c.item_id)
        .join(models.episode, models.episode.c.id == response.c.episode_id)
        .outerjoin(speaker, speaker.c.id == response.c.speaker_id)
        .where(which, moment.visible(response))
        .order_by(response.c.said_from, response.c.said_to, response.c.sequence, table.c.id)
    )
    return [
        Mention(
            kind=one.kind,
            by=_sorted(by[one.response_id]),
            item=one.item,
            said=Span(one.said_from, one.said_to),
            wording=one.wording,
            scope=one.scope,
            quote=one.quote or one.whole_quote,
            summary=one.summary,
            speaker=one.speaker,
            basis=one.basis,
            episode=one.episode,
            response=one.slug,
        )
        for one in connection.execute(query)
    ]


def _answered(one: Item, actor: str | None, stance: StanceKind | None) -> bool:
    if actor is None and stance is None:
        return True
    return any(
        account.actor in one.to
        and (actor is None or account.actor == actor)
        and (stance is None or account.stance is stance)
        for account in one.stances
    )


def _sorted(slugs: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(slugs))
