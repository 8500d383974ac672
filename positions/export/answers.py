"""The exported tables that answer a question alone: `positions` and `movements`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Self

from sqlalchemy import Connection

from positions.dates import Span
from positions.export.tables import ID_RULES, SEPARATOR, ExportedTable, field, foreign_key, meaning
from positions.moment import Moment
from positions.queries import accounts, actors, episodes, items, movements, stances
from positions.queries.items import Loaded
from positions.queries.rows import Item, Movement, Stance
from positions.vocabulary import Basis, ItemKind, StanceKind

_Pair = tuple[str, str]
"""An item and an actor."""


@dataclass(frozen=True, slots=True)
class _Record:
    """What both tables are made of, at one moment."""

    connection: Connection
    moment: Moment
    known: Loaded
    stances: Mapping[_Pair, Sequence[Stance]]
    names: Mapping[str, str]
    sources: Mapping[str, str]
    """The titles of the episodes."""

    @classmethod
    def read(cls, connection: Connection, moment: Moment) -> Self:
        """Read the record with a number of SQL statements that does not depend on its size."""
        all_stances = stances.all_stances(connection, moment)
        current = stances.current_among(all_stances)
        return cls(
            connection,
            moment,
            known=items.load(connection, moment, moment.known_items(), current=current),
            stances=accounts.by_pair(all_stances),
            names={actor.id: actor.name for actor in actors.actors(connection, moment)},
            sources={episode.id: episode.title for episode in episodes.episodes(connection, moment)},
        )


def tables(connection: Connection, moment: Moment) -> list[ExportedTable]:
    """The tables `positions` and `movements` at `moment`; their rows are read when they are iterated over."""
    read = cache(lambda: _Record.read(connection, moment))
    return [
        ExportedTable(
            "positions",
            "Who answers what: a row for each item and each actor to whom it is put, with where that actor stands; "
            "the stance is empty if there is no answer on record. Actors that took a stance without being asked have a "
            "row too (addressed is false), its makers have none. Ordered by topic.",
            {
                "fields": _POSITION,
                "missingValues": [""],
                "primaryKey": ["item", "actor"],
                "foreignKeys": _POSITION_KEYS,
            },
            _positions(read),
        ),
        ExportedTable(
            "movements",
            "What has moved, oldest first: stances that changed, first stances long after the item was made, new "
            "demands and offers, demands repeated in another scope, and outcomes. A correction of the coding is no "
            "movement.",
            {"fields": _MOVEMENT, "missingValues": [""], "foreignKeys": _MOVEMENT_KEYS},
            _movements(read),
        ),
    ]


# ---- positions

_STANCE_KIND = [kind.value for kind in StanceKind]
_ITEM_KIND = [kind.value for kind in ItemKind]

_POSITION = [
    field("item", "string", "What is demanded or offered: an id in items.", required=True, **ID_RULES),
    field("title", "string", "What the item asks or offers.", required=True),
    field("topic", "string", "The matter it is about.", required=True, **ID_RULES),
    field(
        "kind",
        "string",
        "demand: it asks others to act or to refrain; offer: what its maker is ready to do or to discuss.",
        required=True,
        enum=_ITEM_KIND,
    ),
    field("maker", "string", "The actors that made it; empty if the source names only a side."),
    field("side", "string", "The side that made it; empty if its makers are on no side or on several.", **ID_RULES),
    field("package", "string", "The package to which its maker ties it.", **ID_RULES),
    field("core", "boolean", "Whether its maker calls it the core of that package.", required=True),
    field("made_from", "date", "First possible day on which it was made; empty: not known."),
    field("made_to", "date", "Last possible day on which it was made.", required=True),
    field(
        "status",
        "string",
        "What became of it: on the table, agreed, met, withdrawn or superseded; “in part” if only a part did.",
        required=True,
    ),
    field(
        "actor",
        "string",
        "To whom it is put, or who took a stance without being asked: an id in actors.",
        required=True,
        **ID_RULES,
    ),
    field("actor_name", "string", "The name of that actor."),
    field("addressed", "boolean", "Whether the item is put to that actor.", required=True),
    field(
        "stance",
        "string",
        meaning("Where the actor stands; empty: no answer on record.", StanceKind),
        enum=_STANCE_KIND,
    ),
    field(
        "refused",
        "boolean",
        "Whether it counts as a refusal, as in `positions nonstarters`: the stance is non-starter, or an account of "
        "the same days and basis says so.",
    ),
    field("since_from", "date", "First possible day of the statement from which the actor has stood there."),
    field("since_to", "date", "Last possible day of that statement."),
    field("last_from", "date", "First possible day of the latest statement: the one that counts, with these words."),
    field("last_to", "date", "Last possible day of the latest statement."),
    field("words", "string", "The words: a quotation, in the language of the text that was read."),
    field("wording", "string", "The label used for the item, to the letter."),
    field("condition", "string", "The terms on which the actor would negotiate."),
    field("summary", "string", "The statement in the coder's words."),
    field("basis", "string", meaning("How we know it.", Basis), enum=[basis.value for basis in Basis]),
    field("contested", "boolean", "Whether an account of the same days and basis says otherwise."),
    field("speaker", "string", "The person into whose mouth the source puts it.", **ID_RULES),
    field("reported_by", "string", "Through whom we have it.", **ID_RULES),
    field("episode", "string", "The source: an id in episodes.", **ID_RULES),
    field("response", "string", "What was said in it: an id in responses, unique within the episode.", **ID_RULES),
    field("source", "string", "The title of the source."),
    field("url", "string", "The address of the text that was read."),
    field("recorded_in", "integer", "The revision that brought the stance into the record: a number in revisions."),
]
_POSITION_KEYS = [
    foreign_key(["item"], "items", ["id"]),
    foreign_key(["side"], "sides", ["id"]),
    foreign_key(["package"], "packages", ["id"]),
    foreign_key(["actor"], "actors", ["id"]),
    foreign_key(["speaker"], "actors", ["id"]),
    foreign_key(["reported_by"], "actors", ["id"]),
    foreign_key(["episode", "response"], "responses", ["episode", "id"]),
    foreign_key(["recorded_in"], "revisions", ["number"]),
]


def _positions(read: Callable[[], _Record]) -> Iterator[tuple[Any, ...]]:
    record = read()
    told = chain.from_iterable(record.stances.values())
    for item in items.on_the_table_among(record.moment, record.known, told):
        answers = {stance.actor: stance for stance in item.stances if stance.actor not in item.by}
        for actor in (*item.to, *sorted(answers.keys() - {*item.to})):
            about_actor = (actor, record.names.get(actor), actor in item.to)
            yield (*_item(item), *about_actor, *_stance(answers.get(actor), record))


def _item(item: Item) -> tuple[Any, ...]:
    """The columns of a row of `positions` that describe the item."""
    return (
        *(item.id, item.title, item.topic, item.kind, SEPARATOR.join(item.by), item.side, item.package, item.core),
        *(*_days(item.made), item.status),
    )


def _stance(stance: Stance | None, record: _Record) -> tuple[Any, ...]:
    """The columns of a row of `positions` that say where the actor stands."""
    if stance is None:
        return (None,) * (len(_POSITION) - _COLUMNS_BEFORE_STANCE)
    every = record.stances[stance.item, stance.actor]
    return (
        *(stance.stance, accounts.refusal(every) is not None),
        *(*_days(accounts.start_of_run(stance, every).said), *_days(stance.said)),
        *(stance.quote, stance.wording, stance.condition, stance.summary, stance.basis, stance.contested),
        *(stance.speaker, stance.reported_by, stance.episode, stance.response),
        *(record.sources.get(stance.episode), stance.url, stance.revision),
    )


_COLUMNS_BEFORE_STANCE = [column["name"] for column in _POSITION].index("stance")

# ---- movements

_CHANGES = ["stance", "first", "item", "scope", "outcome"]

_MOVEMENT = [
    field("said_from", "date", "First possible day; empty: not known."),
    field("said_to", "date", "Last possible day.", required=True),
    field("actor", "string", "Who moved; empty: nobody is named.", **ID_RULES),
    field("item", "string", "What it is about: an id in items.", required=True, **ID_RULES),
    field("title", "string", "What the item asks or offers.", required=True),
    field("topic", "string", "The matter it is about.", required=True, **ID_RULES),
    field("kind", "string", "Whether the item is a demand or an offer.", required=True, enum=_ITEM_KIND),
    field(
        "change",
        "string",
        "What moved: a stance, a first stance on the item, the item itself (it is new), the scope in which it is "
        "repeated, or the item's outcome.",
        required=True,
        enum=_CHANGES,
    ),
    field("stance_before", "string", "Where the actor stood before.", enum=_STANCE_KIND),
    field("stance", "string", "Where the actor stands from then on.", enum=_STANCE_KIND),
    field(
        "direction",
        "string",
        "softened (from a non-starter), hardened (to one) or shifted; new, or alternative to another item; wider, "
        "narrower or other; agreed, met, withdrawn or superseded, “in part” if only a part was.",
    ),
    field("words", "string", "The words: a quotation, in the language of the text that was read."),
    field("episode", "string", "The source: an id in episodes.", required=True, **ID_RULES),
    field("response", "string", "What was said in it: an id in responses, unique within the episode.", **ID_RULES),
    field("source", "string", "The title of the source."),
]
_MOVEMENT_KEYS = [
    foreign_key(["actor"], "actors", ["id"]),
    foreign_key(["item"], "items", ["id"]),
    foreign_key(["episode"], "episodes", ["id"]),
]


def _movements(read: Callable[[], _Record]) -> Iterator[tuple[Any, ...]]:
    record = read()
    spoke = movements.first_words(record.connection, record.moment)
    about = {item.id: item for item in record.known.items}
    words = _words(record)
    for moved in movements.from_loaded(record.moment, record.known, record.stances.values(), spoke):
        item = about[moved.item]
        yield (
            *(*_days(moved.said), moved.actor, item.id, item.title, item.topic, item.kind),
            *(moved.change, moved.from_, moved.to, moved.direction, words.get(_cited(moved))),
            *(moved.episode, moved.response, record.sources.get(moved.episode)),
        )


_Cited = tuple[str, str, str | None, str | None, str | None]
"""What moved, the item, the episode, and of stances and scopes the response and the actor (else None)."""


def _cited(moved: Movement) -> _Cited:
    kind = "stance" if moved.change == "first" else moved.change
    return kind, moved.item, moved.episode, moved.response, moved.actor if kind == "stance" else None


def _words(record: _Record) -> dict[_Cited, str | None]:
    """The quotation on which each movement rests."""
    known = record.known
    return {
        **{
            ("stance", stance.item, stance.episode, stance.response, stance.actor): stance.quote
            for pair in record.stances.values()
            for stance in pair
        },
        **{("item", item.id, item.episode, None, None): item.quote for item in known.items},
        **{("scope", said.item, said.episode, said.response, None): said.quote for said in known.mentions},
        **{("outcome", became.item, became.episode, None, None): became.quote for became in known.outcomes},
    }


def _days(span: Span) -> tuple[Any, Any]:
    return span.start, span.end
