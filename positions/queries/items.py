"""Demands and offers: what is on the table, what its makers made of it, and where others stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, aliased

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
    session: Session,
    moment: Moment,
    filters: Filters = EVERYTHING,
    *,
    actor: str | None = None,
    stance: StanceKind | None = None,
) -> list[Item]:
    """The items on the table at `moment`, ordered by topic, then as they were recorded; empty if there are none.

    `actor` and `stance` ask for items on which an addressee (that one, if named) now has a stance (that one, if named).
    """
    found = made(session, moment, filters)
    return [one for one in found if not one.ended and _answered(one, actor, stance)]


def every(session: Session, moment: Moment, filters: Filters = EVERYTHING) -> list[Item]:
    """The items known at `moment`, whether made by then, on the table or ended; ordered as `on_the_table`."""
    return _items(session, moment, filters.condition(moment) & moment.known_items())


def described(session: Session, moment: Moment, filters: Filters = EVERYTHING) -> list[Item]:
    """As `every`, without what others said of the items, which takes by far the most time to read."""
    return _items(session, moment, filters.condition(moment) & moment.known_items(), placed=False)


def made(session: Session, moment: Moment, filters: Filters = EVERYTHING) -> list[Item]:
    """The items that were on the table by `moment`, whatever became of them since; ordered as `on_the_table`."""
    return _items(session, moment, filters.condition(moment) & moment.on_the_table())


def matrix(session: Session, moment: Moment, filters: Filters = EVERYTHING) -> list[MatrixRow]:
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
        for one in on_the_table(session, moment, filters)
    ]


def mentions(session: Session, moment: Moment, filters: Filters = EVERYTHING) -> list[Mention]:
    """The responses visible at `moment` that repeat an item or take it up without a stance, oldest first."""
    return _mentions(session, moment, filters.condition(moment) & moment.known_items())


def outcomes(session: Session, moment: Moment, items: Numbers | None = None) -> list[Outcome]:
    """What became of items by `moment`, oldest first; `items` are row numbers, None asks for all."""
    table, by = models.Outcome, aliased(models.Item)
    actors: dict[int, set[str]] = defaultdict(set)
    for number, actor in session.execute(
        select(models.OutcomeActor.outcome_id, models.Actor.slug).join(
            models.Actor, models.Actor.id == models.OutcomeActor.actor_id
        )
    ):
        actors[number].add(actor)
    query = (
        select(models.OutcomeItem.item_id, models.Item.slug, table, models.Episode.slug, by.slug)
        .join(table, table.id == models.OutcomeItem.outcome_id)
        .join(models.Item, models.Item.id == models.OutcomeItem.item_id)
        .join(models.Episode, models.Episode.id == table.episode_id)
        .outerjoin(by, by.id == table.superseded_by_id)
        .where(moment.visible(table), true() if items is None else models.OutcomeItem.item_id.in_(items))
        .order_by(table.said_from, table.said_to, table.sequence, models.Item.slug)
    )
    return [
        Outcome(
            item=slug,
            outcome=one.kind,
            in_part=one.in_part,
            superseded_by=superseded_by,
            by=_sorted(actors[one.id]),
            on=Span(one.said_from, one.said_to),
            quote=one.quote,
            summary=one.summary,
            basis=one.basis,
            episode=episode,
            row=row,
            id=one.slug,
        )
        for row, slug, one, episode, superseded_by in session.execute(query)
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


def _items(session: Session, moment: Moment, which: ColumnElement[bool], *, placed: bool = True) -> list[Item]:
    speaker, reporter = aliased(models.Actor), aliased(models.Actor)
    query = (
        select(models.Item, speaker.slug, reporter.slug, models.Side.slug, models.Episode)
        .outerjoin(speaker, speaker.id == models.Item.speaker_id)
        .outerjoin(reporter, reporter.id == models.Item.reported_by_id)
        .outerjoin(models.Side, models.Side.id == models.Item.side_id)
        .join(models.Episode, models.Episode.id == models.Item.episode_id)
        .where(which)
        .order_by(models.Item.topic, models.Item.id)
    )
    rows = session.execute(query).all()
    numbers = select(models.Item.id).where(which)
    ties = _ties(session, moment, which)
    repeats: dict[str, list[Mention]] = defaultdict(list)
    for one in _mentions(session, moment, which & (models.Mention.kind == MentionKind.REPEATS)):
        repeats[one.item].append(one)
    ended = defaultdict(list)
    for outcome in outcomes(session, moment, numbers):
        ended[outcome.row].append(outcome)
    places: dict[str, list[Stance]] = defaultdict(list)
    for stance in stances.current(session, moment, items=numbers) if placed else ():
        places[stance.item].append(stance)
    found = []
    for row in rows:
        again = repeats[row[0].slug]
        said = _said(row, moment, [one.said for one in again])
        item = _item(row, ties[row[0].id], said, ended[row[0].id], places[row[0].slug])
        found.append(item if _is_public(row, moment) or not again else _in_words_of(again[0], item))
    return found


def _is_public(row: Any, moment: Moment) -> bool:
    """Whether the source that defines the item of `row` was public at `moment`."""
    return moment.public_by is None or row[-1].published <= moment.public_by


def _in_words_of(first: Mention, item: Item) -> Item:
    """`item` in the words in which its maker was first heard, where the source that defines it was not public."""
    told = {name: getattr(first, name) for name in ("quote", "summary", "speaker", "basis", "episode")}
    return replace(item, **told, reported_by=None, url=None)


def _said(row: Any, moment: Moment, repeats: Sequence[Span]) -> list[Span]:
    """When the item was said by `moment`: in its defining sentence (or, if that came later, at its making), and again.

    Where its source was not public by then, or it was made later, what its maker said of it elsewhere is all there is.
    """
    one = row[0]
    made = Span(one.made_from, one.made_to)
    defined = made if one.said_to is None else Span(one.said_from, one.said_to)
    by_then = [each for each in (defined, made) if moment.as_of is None or each.end <= moment.as_of]
    first = by_then if _is_public(row, moment) else []
    return [*first[:1], *repeats] or [made]


def _item(row: Any, ties: _Ties, said: Sequence[Span], ended: Sequence[Outcome], places: Sequence[Stance]) -> Item:
    one, speaker, reporter, side, episode = row
    words, off = status(ended, said)
    return Item(
        id=one.slug,
        kind=one.kind,
        title=one.title,
        text=one.text,
        topic=one.topic,
        by=_sorted(ties.actors[Role.MAKER]),
        side=side or (next(iter(ties.sides)) if len(ties.sides) == 1 else None),
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
        speaker=speaker,
        reported_by=reporter,
        basis=one.basis,
        episode=episode.slug,
        status=words,
        stances=tuple(places),
        row=one.id,
        ended=off,
        summary=one.summary,
        url=one.url or episode.url,
    )


def _ties(session: Session, moment: Moment, which: ColumnElement[bool]) -> Mapping[int, _Ties]:
    ties: defaultdict[int, _Ties] = defaultdict(_Ties)
    _add_actors(session, moment, which, ties)
    _add_links(session, moment, which, ties)
    _add_packages(session, moment, which, ties)
    return ties


def _add_actors(session: Session, moment: Moment, which: ColumnElement[bool], ties: Mapping[int, _Ties]) -> None:
    query = (
        select(models.Item.id, models.ItemActor.role, models.Actor.slug, models.Side.slug)
        .join(models.ItemActor, models.ItemActor.item_id == models.Item.id)
        .join(models.Actor, models.Actor.id == models.ItemActor.actor_id)
        .outerjoin(models.Side, models.Side.id == models.Actor.side_id)
        .where(which, moment.ties(models.ItemActor, models.Item))
    )
    for item, role, actor, side in session.execute(query):
        ties[item].actors[role].add(actor)
        if role is Role.MAKER:
            ties[item].sides.add(side)


def _add_links(session: Session, moment: Moment, which: ColumnElement[bool], ties: Mapping[int, _Ties]) -> None:
    other = aliased(models.Item)
    links = (
        select(models.Item.id, models.ItemLink.kind, other.slug, models.Package.slug)
        .join(models.ItemLink, models.ItemLink.item_id == models.Item.id)
        .outerjoin(other, other.id == models.ItemLink.to_item_id)
        .outerjoin(models.Package, models.Package.id == models.ItemLink.to_package_id)
        .where(which, moment.ties(models.ItemLink, models.Item))
    )
    for item, kind, to_item, to_package in session.execute(links):
        ties[item].links[kind].add(to_item or to_package or "")
    draft = aliased(models.Episode)
    provisions = (
        select(models.Item.id, draft.slug, models.Provision.article)
        .join(models.Provision, models.Provision.item_id == models.Item.id)
        .join(draft, draft.id == models.Provision.document_id)
        .where(which, moment.ties(models.Provision, models.Item))
    )
    for item, document, article in session.execute(provisions):
        ties[item].provisions.add(Provision(document, article))


def _add_packages(session: Session, moment: Moment, which: ColumnElement[bool], ties: Mapping[int, _Ties]) -> None:
    query = (
        select(models.Item.id, models.Package.slug, models.PackageItem.core)
        .join(models.PackageItem, models.PackageItem.item_id == models.Item.id)
        .join(models.Package, models.Package.id == models.PackageItem.package_id)
        .where(which, moment.ties(models.PackageItem, models.Package), moment.packages())
        .order_by(models.Package.said_from, models.Package.said_to, models.Package.id)
    )
    for item, package, core in session.execute(query):
        ties[item].package = package
        ties[item].core = ties[item].core or core


def _mentions(session: Session, moment: Moment, which: ColumnElement[bool]) -> list[Mention]:
    table, response, speaker = models.Mention, models.Response, aliased(models.Actor)
    givers = (
        select(models.ResponseActor.response_id, models.Actor.slug)
        .join(models.Actor, models.Actor.id == models.ResponseActor.actor_id)
        .join(table, table.response_id == models.ResponseActor.response_id)
        .join(models.Item, models.Item.id == table.item_id)
        .where(which)
    )
    by: dict[int, set[str]] = defaultdict(set)
    for number, actor in session.execute(givers):
        by[number].add(actor)
    query = (
        select(table, response, models.Item.slug, models.Episode.slug, speaker.slug)
        .join(response, response.id == table.response_id)
        .join(models.Item, models.Item.id == table.item_id)
        .join(models.Episode, models.Episode.id == response.episode_id)
        .outerjoin(speaker, speaker.id == response.speaker_id)
        .where(which, moment.visible(response))
        .order_by(response.said_from, response.said_to, response.sequence, table.id)
    )
    return [
        Mention(
            kind=one.kind,
            by=_sorted(by[said.id]),
            item=item,
            said=Span(said.said_from, said.said_to),
            wording=one.wording,
            scope=one.scope,
            quote=one.quote or said.quote,
            summary=said.summary,
            speaker=voice,
            basis=said.basis,
            episode=episode,
            response=said.slug,
        )
        for one, said, item, episode, voice in session.execute(query)
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
