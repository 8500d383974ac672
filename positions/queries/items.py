"""Demands and offers: what is on the table, what its makers made of it, and where others stand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, true

from positions import models
from positions.dates import Span
from positions.moment import Moment, oldest_first
from positions.queries import responses, stances
from positions.queries.filters import EVERYTHING, Filters, Numbers
from positions.queries.responses import grouped, ids
from positions.queries.rows import Item, MatrixRow, Mention, Outcome, Stance
from positions.queries.ties import Ties, ties
from positions.vocabulary import LinkKind, MentionKind, OutcomeKind, Role, StanceKind

ON_THE_TABLE = "on the table"
"""The status of an item without an outcome."""


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


class Part(Enum):
    """What can be read with items; each part takes one statement."""

    MENTIONS = "mentions"
    OUTCOMES = "outcomes"
    STANCES = "stances"


_SPEAKER, _REPORTER, _SUCCESSOR = models.actor.alias(), models.actor.alias(), models.item.alias()

ALL_PARTS: Collection[Part] = frozenset(Part)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Items and what was read with them; parts that were not asked for are empty."""

    items: list[Item]
    mentions: list[Mention]
    """Oldest first."""
    outcomes: list[Outcome]
    """Oldest first."""


def load(
    connection: Connection,
    moment: Moment,
    which: ColumnElement[bool],
    parts: Collection[Part] = ALL_PARTS,
    *,
    current: Iterable[Stance] | None = None,
) -> Loaded:
    """The items for which `which` is true, ordered by topic, then as they were recorded, with the `parts` asked for.

    Without outcomes an item reads as on the table, without mentions as said once. Mentions are always read where
    `moment` limits what was public: an item may then be quoted from one. `current` has the current stances of these
    items, where they are known already.
    """
    rows = connection.execute(_query(which)).all()
    tied = ties(connection, moment, which)
    said = (
        responses.mentions(connection, moment, which) if Part.MENTIONS in parts or moment.public_by is not None else []
    )
    numbers = select(models.item.c.id).where(which)
    became = outcomes(connection, moment, numbers) if Part.OUTCOMES in parts else []
    if current is None:
        current = stances.current(connection, moment, items=numbers) if Part.STANCES in parts else ()
    return Loaded(_assemble(rows, moment, tied, Loaded([], said, became), current), said, became)


def every(
    connection: Connection, moment: Moment, filters: Filters = EVERYTHING, parts: Collection[Part] = ALL_PARTS
) -> list[Item]:
    """The items known at `moment`, whether made by then, on the table or ended; ordered as `on_the_table`."""
    return load(connection, moment, filters.condition(moment) & moment.known_items(), parts).items


def made(
    connection: Connection, moment: Moment, filters: Filters = EVERYTHING, parts: Collection[Part] = ALL_PARTS
) -> list[Item]:
    """The items that were on the table by `moment`, whatever became of them since; ordered as `on_the_table`."""
    return load(connection, moment, filters.condition(moment) & moment.on_the_table(), parts).items


def matrix(connection: Connection, moment: Moment, filters: Filters = EVERYTHING) -> list[MatrixRow]:
    """Every item on the table at `moment` with the current stance of each actor; ordered as `on_the_table`."""
    return [_matrix_row(item) for item in on_the_table(connection, moment, filters)]


def _matrix_row(item: Item) -> MatrixRow:
    return MatrixRow(
        item=item.id,
        kind=item.kind,
        title=item.title,
        by=item.by,
        stances={stance.actor: stance.stance for stance in item.stances},
        side=item.side,
        topic=item.topic,
        status=item.status,
        accounts=item.stances,
    )


def mentions(connection: Connection, moment: Moment, filters: Filters = EVERYTHING) -> list[Mention]:
    """The responses visible at `moment` that repeat an item or take it up without a stance, oldest first."""
    return responses.mentions(connection, moment, filters.condition(moment) & moment.known_items())


def on_the_table_among(connection: Connection, moment: Moment, items: Iterable[Item]) -> list[Item]:
    """Those of the known `items` that were on the table by `moment`, in their order; asks nothing without a limit."""
    if moment.as_of is None and moment.public_by is None:
        return list(items)
    numbers = set(connection.scalars(select(models.item.c.id).where(moment.on_the_table())))
    return [item for item in items if item.row in numbers]


def outcomes(connection: Connection, moment: Moment, items: Numbers | None = None) -> list[Outcome]:
    """What became of items by `moment`, oldest first; `items` are row numbers, None asks for all."""
    table = models.outcome
    query = (
        select(
            table,
            models.outcome_item.c.item_id,
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
    found = grouped(connection.execute(query), lambda row: (row.id, row.item_id))
    return [_outcome(rows[0], ids(row.actor for row in rows)) for rows in found]


def _outcome(row: Any, by: tuple[str, ...]) -> Outcome:
    return Outcome(
        item=row.item,
        outcome=row.kind,
        in_part=row.in_part,
        superseded_by=row.superseded_by,
        by=by,
        on=Span(row.said_from, row.said_to),
        quote=row.quote,
        summary=row.summary,
        basis=row.basis,
        episode=row.episode,
        row=row.item_id,
        id=row.slug,
    )


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


def _query(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
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


def _assemble(
    rows: Iterable[Any], moment: Moment, tied: Mapping[int, Ties], loaded: Loaded, current: Iterable[Stance]
) -> list[Item]:
    repeats: dict[str, list[Mention]] = defaultdict(list)
    heard: dict[str, list[Span]] = defaultdict(list)
    for mention in loaded.mentions:
        heard[mention.item].append(mention.said)
        if mention.kind is MentionKind.REPEATS:
            repeats[mention.item].append(mention)
    ended: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in loaded.outcomes:
        ended[outcome.row].append(outcome)
    places: dict[str, list[Stance]] = defaultdict(list)
    for stance in current:
        places[stance.item].append(stance)
    found = []
    for row in rows:
        again = repeats[row.slug]
        said = _said(row, moment, [mention.said for mention in again])
        item = _item(row, tied[row.id], said, ended[row.id], places[row.slug])
        spoken = (stance.said for stance in item.stances)
        became = (outcome.on for outcome in ended[row.id])
        item = replace(item, last_heard=_latest([item.last_said, *heard[row.slug], *spoken, *became]))
        found.append(item if moment.is_public(row.published) or not again else _in_words_of(again[0], item))
    return found


def _latest(said: Iterable[Span]) -> Span:
    return max(said, key=lambda span: span.days)


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


def _item(row: Any, ties: Ties, said: Sequence[Span], ended: Sequence[Outcome], places: Sequence[Stance]) -> Item:
    words, off = status(ended, said)
    last = _latest(said)
    return Item(
        id=row.slug,
        kind=row.kind,
        title=row.title,
        text=row.text,
        topic=row.topic,
        by=ids(ties.actors[Role.MAKER]),
        side=row.side or (next(iter(ties.sides)) if len(ties.sides) == 1 else None),
        to=ids(ties.actors[Role.ADDRESSEE]),
        affects=ids(ties.actors[Role.AFFECTED]),
        made=Span(row.made_from, row.made_to),
        first_said=min(said, key=lambda span: span.days),
        last_said=last,
        times_said=len(said),
        core=ties.core,
        package=ties.package,
        provisions=tuple(sorted(ties.provisions, key=lambda provision: (provision.document, provision.article))),
        answers=ids(ties.links[LinkKind.ANSWERS]),
        alternative_to=ids(ties.links[LinkKind.ALTERNATIVE_TO]),
        part_of=ids(ties.links[LinkKind.PART_OF]),
        quote=row.quote,
        speaker=row.speaker,
        reported_by=row.reported_by,
        basis=row.basis,
        episode=row.episode,
        status=words,
        stances=tuple(places),
        row=row.id,
        ended=off,
        last_heard=last,
        summary=row.summary,
        url=row.url or row.address,
    )


def _answered(item: Item, actor: str | None, stance: StanceKind | None) -> bool:
    if actor is None and stance is None:
        return True
    return any(
        account.actor in item.to
        and (actor is None or account.actor == actor)
        and (stance is None or account.stance is stance)
        for account in item.stances
    )
