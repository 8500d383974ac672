"""Demands and offers: what is on the table, what its makers made of it, and where others stand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    case,
    func,
    literal_column,
    null,
    select,
    true,
    union_all,
)

from positions import models
from positions.dates import Span
from positions.moment import Moment, oldest_first
from positions.queries import responses, stances
from positions.queries.filters import EVERYTHING, Filters, Numbers
from positions.queries.rows import Item, MatrixRow, Mention, Outcome, Provision, Stance, filled, grouped, ids
from positions.vocabulary import LinkKind, MentionKind, OutcomeKind, Role, StanceKind

ON_THE_TABLE = "on the table"
"""The status of an item without an outcome."""

NOT_YET = "not yet made"
"""The status of an item on a day before it was made, and its prospects then."""

_Query = Select[*tuple[Any, ...]]
_Tie = tuple[Any, ...]
"""The id that a tie leads to, the day from which it counts if an extension adds it (None: with its item), a detail (the
side of a maker, an article, the core), and the order of packages."""

_days = attrgetter("days")
_PROVISION, _PACKAGE, _CORE = "provision", "package", "core"
_SPEAKER, _REPORTER, _SUCCESSOR = models.actor.alias(), models.actor.alias(), models.item.alias()
_OTHER_ITEM, _DRAFT, _EXTENSION = models.item.alias(), models.episode.alias(), models.episode.alias()


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
    return [item for item in found if not item.ended and _answered(item, actor, stance)]


@dataclass(frozen=True, slots=True)
class Parts:
    """What was read of an item at a moment: enough to put it together as of that moment, or of an earlier day."""

    row: Any
    ties: Mapping[str, Collection[_Tie]]
    mentions: Sequence[Mention]
    outcomes: Sequence[Outcome]

    @property
    def made(self) -> Span:
        """When it was made."""
        return Span(self.row.made_from, self.row.made_to)

    @property
    def days(self) -> set[date]:
        """The days on which it may change, apart from stances on it."""
        spans = (self.made, *(mention.said for mention in self.mentions), *(outcome.on for outcome in self.outcomes))
        ties = {_counts_from(kind, tie) for kind, listed in self.ties.items() for tie in listed}
        maybe = {self.row.said_to, *ties}
        return {self.made.since, *(span.end for span in spans), *(day for day in maybe if day is not None)}

    def is_on_the_table(self, moment: Moment, stances: Iterable[Stance]) -> bool:
        """Whether it was on the table by `moment`, whatever became of it since; `stances` are all those on it."""
        makers = {maker for maker, *_ in self.ties[Role.MAKER]}
        own = [mention.said for mention in self.mentions if mention.kind is MentionKind.REPEATS]
        own += [stance.said for stance in stances if stance.actor in makers]
        return moment.shows(self.made, self.row.published, own)

    def item(self, moment: Moment, current: Sequence[Stance]) -> Item:
        """The item as of `moment`, with the stances on it that are `current` then."""
        return _item(
            self.row,
            moment,
            {kind: [tie for tie in ties if _counts(kind, tie, moment)] for kind, ties in self.ties.items()},
            mentions=[mention for mention in self.mentions if moment.includes(mention.said)],
            outcomes=[outcome for outcome in self.outcomes if moment.includes(outcome.on)],
            places=current,
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """Items and what was read with them."""

    items: list[Item]
    parts: list[Parts]
    """Of each of the items, in their order."""
    mentions: list[Mention]
    """Oldest first."""
    outcomes: list[Outcome]
    """Oldest first."""


def load(
    connection: Connection, moment: Moment, which: ColumnElement[bool], *, current: Iterable[Stance] | None = None
) -> Loaded:
    """The items for which `which` is true, ordered by topic, then as they were recorded, with their statements.

    `current` has the current stances of these items where they are known already, or not needed; None reads them.
    """
    rows = connection.execute(_query(which)).all()
    tied = _ties(connection, moment, which)
    numbers = select(models.item.c.id).where(which)
    mentions, became = responses.mentions(connection, moment, which), outcomes(connection, moment, numbers)
    if current is None:
        current = stances.current(connection, moment, items=numbers)
    of_item = grouped(mentions, lambda mention: mention.item)
    ends = grouped(became, lambda outcome: outcome.row)
    places = grouped(current, lambda stance: stance.item)
    parts = [Parts(row, tied[row.id], of_item.get(row.slug, ()), ends.get(row.id, ())) for row in rows]
    items = [part.item(moment, places.get(part.row.slug, ())) for part in parts]
    return Loaded(items, parts, mentions, became)


def every(connection: Connection, moment: Moment, filters: Filters = EVERYTHING) -> list[Item]:
    """The items known at `moment`, whether made by then, on the table or ended; ordered as `on_the_table`."""
    return load(connection, moment, filters.condition(moment) & moment.known_items()).items


def made(connection: Connection, moment: Moment, filters: Filters = EVERYTHING) -> list[Item]:
    """The items that were on the table by `moment`, whatever became of them since; ordered as `on_the_table`."""
    return load(connection, moment, filters.condition(moment) & moment.on_the_table()).items


def matrix(connection: Connection, moment: Moment, filters: Filters = EVERYTHING) -> list[MatrixRow]:
    """Every item on the table at `moment` with the current stance of each actor; ordered as `on_the_table`."""
    return [
        filled(
            MatrixRow,
            item,
            item=item.id,
            stances={stance.actor: stance.stance for stance in item.stances},
            accounts=item.stances,
        )
        for item in on_the_table(connection, moment, filters)
    ]


def mentions(connection: Connection, moment: Moment, filters: Filters = EVERYTHING) -> list[Mention]:
    """The responses visible at `moment` that repeat an item or take it up without a stance, oldest first."""
    return responses.mentions(connection, moment, filters.condition(moment) & moment.known_items())


def on_the_table_among(moment: Moment, loaded: Loaded, stances: Iterable[Stance]) -> list[Item]:
    """Those of the items `loaded` that were on the table by `moment`, in their order; `stances` are all those then."""
    told = grouped(stances, lambda stance: stance.item)
    found = zip(loaded.items, loaded.parts, strict=True)
    return [item for item, part in found if part.is_on_the_table(moment, told.get(item.id, ()))]


def outcomes(connection: Connection, moment: Moment, items: Numbers | None = None) -> list[Outcome]:
    """What became of items by `moment`, oldest first; `items` are row numbers, None asks for all."""
    table = models.outcome
    query = (
        select(
            *(table.c.id.label("number"), table.c.slug.label("id"), table.c.kind.label("outcome"), table.c.in_part),
            *(table.c.said_from, table.c.said_to, table.c.quote, table.c.summary, table.c.basis),
            models.outcome_item.c.item_id.label("row"),
            models.item.c.slug.label("item"),
            models.episode.c.slug.label("episode"),
            _SUCCESSOR.c.slug.label("superseded_by"),
            models.actor.c.slug.label("actor"),
        )
        .join(table, table.c.id == models.outcome_item.c.outcome_id)
        .join(models.item, models.item.c.id == models.outcome_item.c.item_id)
        .join(models.episode, models.episode.c.id == table.c.episode_id)
        .outerjoin(_SUCCESSOR, _SUCCESSOR.c.id == table.c.superseded_by_id)
        .outerjoin(models.outcome_actor, models.outcome_actor.c.outcome_id == table.c.id)
        .outerjoin(models.actor, models.actor.c.id == models.outcome_actor.c.actor_id)
        .where(moment.visible(table), true() if items is None else models.outcome_item.c.item_id.in_(items))
        .order_by(*oldest_first(table), models.item.c.slug)
    )
    return [
        filled(Outcome, rows[0], by=ids(row.actor for row in rows), on=Span(rows[0].said_from, rows[0].said_to))
        for rows in grouped(connection.execute(query), lambda row: (row.number, row.row)).values()
    ]


def status(outcomes: Iterable[Outcome], said: Iterable[Span]) -> tuple[str, bool]:
    """What became of an item, in words, and whether it is off the table.

    `outcomes` are its own, oldest first; `said` is when its maker said it. Said again after it was withdrawn, an item
    is on the table again.
    """
    words, ended = ON_THE_TABLE, False
    for outcome in outcomes:
        said_again = any(span.since > outcome.on.end for span in said)
        if outcome.outcome is OutcomeKind.WITHDRAWN and said_again and not outcome.in_part:
            words, ended = ON_THE_TABLE, False
        elif not outcome.in_part:
            words, ended = outcome.outcome.value, True
        elif not ended:
            words = f"{outcome.outcome} in part"
    return words, ended


def _query(which: ColumnElement[bool]) -> _Query:
    return (
        select(
            models.item,
            _SPEAKER.c.slug.label("speaker"),
            _REPORTER.c.slug.label("reported_by"),
            models.side.c.slug.label("side"),
            models.episode.c.slug.label("episode"),
            models.episode.c.url.label("address"),
            models.episode.c.published,
        )
        .outerjoin(_SPEAKER, _SPEAKER.c.id == models.item.c.speaker_id)
        .outerjoin(_REPORTER, _REPORTER.c.id == models.item.c.reported_by_id)
        .outerjoin(models.side, models.side.c.id == models.item.c.side_id)
        .join(models.episode, models.episode.c.id == models.item.c.episode_id)
        .where(which)
        .order_by(models.item.c.topic, models.item.c.id)
    )


def _in_words_of(first: Mention, item: Item) -> Item:
    """`item` in its maker's first public words, because the source that defines it was not public."""
    words = {name: getattr(first, name) for name in ("quote", "summary", "speaker", "basis", "episode")}
    return replace(item, **words, reported_by=None, url=None)


def _said(row: Any, moment: Moment, repeats: Sequence[Span]) -> list[Span]:
    """The days on which the item was said by `moment`: in its defining sentence, else at its making; and repeated.

    If its source was not public by then, or it was made later, only repetitions count.
    """
    made = Span(row.made_from, row.made_to)
    defined = made if row.said_to is None else Span(row.said_from, row.said_to)
    by_then = [span for span in (defined, made) if moment.includes(span)]
    first = by_then if moment.is_public(row.published) else []
    return [*first[:1], *repeats] or [made]


def _item(
    row: Any,
    moment: Moment,
    ties: Mapping[str, Collection[_Tie]],
    *,
    mentions: Sequence[Mention],
    outcomes: Sequence[Outcome],
    places: Sequence[Stance],
) -> Item:
    """The item of `row`, with its own ties and statements."""
    repeats = [mention for mention in mentions if mention.kind is MentionKind.REPEATS]
    said = _said(row, moment, [mention.said for mention in repeats])
    heard = [*said, *(mention.said for mention in mentions)]
    heard += [*(stance.said for stance in places), *(outcome.on for outcome in outcomes)]
    words, ended = status(outcomes, said)
    words = words if moment.includes(Span(row.made_from, row.made_to)) else NOT_YET
    tied = {kind: ids(name for name, *_ in ties.get(kind, ())) for kind in (*Role, *LinkKind)}
    sides = {side for _, _, side, *_ in ties.get(Role.MAKER, ())}
    packages = sorted(ties.get(_PACKAGE, ()), key=itemgetter(3, 4, 5))  # an item of several packages shows the last
    provisions = {(draft, article) for draft, _, article, *_ in ties.get(_PROVISION, ())}
    item = filled(
        Item,
        row,
        id=row.slug,
        by=tied[Role.MAKER],
        side=row.side or (sides.pop() if len(sides) == 1 else None),
        to=tied[Role.ADDRESSEE],
        affects=tied[Role.AFFECTED],
        made=Span(row.made_from, row.made_to),
        first_said=min(said, key=_days),
        last_said=max(said, key=_days),
        times_said=len(said),
        core=any(detail == _CORE for _, _, detail, *_ in packages),
        package=packages[-1][0] if packages else None,
        provisions=tuple(Provision(*provision) for provision in sorted(provisions)),
        answers=tied[LinkKind.ANSWERS],
        alternative_to=tied[LinkKind.ALTERNATIVE_TO],
        part_of=tied[LinkKind.PART_OF],
        status=words,
        stances=tuple(places),
        row=row.id,
        ended=ended,
        last_heard=max(heard, key=_days),
        url=row.url or row.address,
    )
    return item if moment.is_public(row.published) or not repeats else _in_words_of(repeats[0], item)


def _answered(item: Item, actor: str | None, stance: StanceKind | None) -> bool:
    if actor is None and stance is None:
        return True
    return any(
        account.actor in item.to
        and (actor is None or account.actor == actor)
        and (stance is None or account.stance is stance)
        for account in item.stances
    )


def _ties(
    connection: Connection, moment: Moment, which: ColumnElement[bool]
) -> Mapping[int, Mapping[str, Collection[_Tie]]]:
    """The ties of the items for which `which` is true, by row number and kind of tie; read in one statement."""
    found: dict[int, dict[str, set[_Tie]]] = defaultdict(lambda: defaultdict(set))
    queries = (_in_packages(moment), _tied_actors(moment), _links(moment), _provisions(moment))
    for item, kind, *tie in connection.execute(union_all(*(query.where(which) for query in queries))):
        found[item][kind].add(tuple(tie))
    return found


def _counts_from(kind: str, tie: _Tie) -> date | None:
    """The day from which a tie counts; None: as long as its item. Ties of packages begin with their package."""
    _, since, _, _, said_to, _ = tie
    counts_from: date | None = max(said_to, since or said_to) if kind == _PACKAGE else since
    return counts_from


def _counts(kind: str, tie: _Tie, moment: Moment) -> bool:
    since = _counts_from(kind, tie)
    return moment.as_of is None or since is None or since <= moment.as_of


def extended_on(tie: FromClause, owner: FromClause) -> ColumnElement[date]:
    """The day from which a row of `tie` counts, null if it was stated with its `owner`: see `Moment.ties`."""
    by_extension = select(_EXTENSION.c.published).where(_EXTENSION.c.id == tie.c.episode_id)
    return by_extension.where(tie.c.episode_id != owner.c.episode_id).correlate(tie, owner).scalar_subquery()


def _tie(
    kind: ColumnElement[Any],
    name: ColumnElement[Any],
    since: ColumnElement[Any],
    detail: ColumnElement[Any],
    *order: ColumnElement[Any],
) -> _Query:
    """The columns of the union: item, kind of tie, and those of a `_Tie`."""
    return select(models.item.c.id, kind, name, since, detail, *(order or (null(), null(), null())))


def _in_packages(moment: Moment) -> _Query:
    """The packages of items. It comes first in the union, whose columns have the types of its columns."""
    package, member = models.package, models.package_item
    kind = literal_column(f"'{_PACKAGE}'", String)
    core = case((member.c.core, literal_column(f"'{_CORE}'")), else_=literal_column("''"))
    return (
        _tie(
            *(kind, package.c.slug, extended_on(member, package), core),
            *(package.c.said_from, package.c.said_to, package.c.id),
        )
        .join(member, member.c.item_id == models.item.c.id)
        .join(package, package.c.id == member.c.package_id)
        .where(moment.ties(member, package), moment.packages())
    )


def _tied_actors(moment: Moment) -> _Query:
    """Makers (each with its side), addressees and those affected."""
    tie = models.item_actor
    return (
        _tie(tie.c.role, models.actor.c.slug, extended_on(tie, models.item), models.side.c.slug)
        .join(tie, tie.c.item_id == models.item.c.id)
        .join(models.actor, models.actor.c.id == tie.c.actor_id)
        .outerjoin(models.side, models.side.c.id == models.actor.c.side_id)
        .where(moment.ties(tie, models.item))
    )


def _links(moment: Moment) -> _Query:
    """The items and packages to which items are linked."""
    link, other = models.item_link, _OTHER_ITEM
    return (
        _tie(
            *(link.c.kind, func.coalesce(other.c.slug, models.package.c.slug, "")),
            *(extended_on(link, models.item), null()),
        )
        .join(link, link.c.item_id == models.item.c.id)
        .outerjoin(other, other.c.id == link.c.to_item_id)
        .outerjoin(models.package, models.package.c.id == link.c.to_package_id)
        .where(moment.ties(link, models.item))
    )


def _provisions(moment: Moment) -> _Query:
    """The articles of drafts that put items into words."""
    provision, draft = models.provision, _DRAFT
    return (
        _tie(
            *(literal_column(f"'{_PROVISION}'"), draft.c.slug),
            *(extended_on(provision, models.item), provision.c.article),
        )
        .join(provision, provision.c.item_id == models.item.c.id)
        .join(draft, draft.c.id == provision.c.document_id)
        .where(moment.ties(provision, models.item))
    )
