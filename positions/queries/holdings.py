"""All that is held at a moment, table by table, for those who take it elsewhere."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, FromClause, exists, func, select, true
from sqlalchemy import Table as SqlTable

from positions import models
from positions.moment import Moment
from positions.queries import stances
from positions.queries.listing import Aliases, Derived, Table, always, there
from positions.queries.listings import Listing
from positions.vocabulary import Role

_Condition = Callable[[Moment, Aliases], ColumnElement[bool]]

_SAID = ("said_from", "said_to")
_SOURCED = ("speaker_id", "reported_by_id", "basis", "quote", "summary", "url")
_TRANSLATED = (*_SOURCED, "language", "translation")
_SOURCE = (
    *("kind", "title", "published", "published_from", "url", "author", "publisher", "language", "translation", "read"),
    "missing",
)
_TIE = ("episode_id", "recorded_in")
_FIRST_DEFINED = {"episode_id": False}
"""A side, an actor or an item may have been defined first by a source that was public only later."""


def holdings(connection: Connection, moment: Moment) -> list[Listing]:
    """Every table as it is at `moment`: the answer first, then descriptions, statements and revisions.

    They hang together: a reference leads to a row of another of these tables, or is empty. The rows are read when they
    are asked for, one table after another.
    """
    return [one.listing(connection, moment) for one in (_CURRENT, *_DESCRIPTIONS, *_STATEMENTS, _REVISIONS)]


def _own(model: FromClause) -> _Condition:
    """True for what is there."""
    return lambda at, _: there(at, model)


def _tie(model: FromClause, owner: str) -> _Condition:
    """True for what ties the thing that the column `owner` refers to to others."""
    return lambda at, to: at.ties(model, to[owner])


def _held(model: FromClause) -> _Condition:
    """True for what the record held: a part of a statement, which goes with the statement."""
    return lambda at, _: at.holds(model)


def _is_current(at: Moment, _: Aliases) -> ColumnElement[bool]:
    return models.stance.c.id.in_(stances.numbers(at))


def _by_then(at: Moment, _: Aliases) -> ColumnElement[bool]:
    return true() if at.known_at is None else models.revision.c.number <= at.known_at


def _side(at: Moment, to: Aliases) -> Any:
    side, number = models.side, to["actor_id"].c.side_id
    return select(side.c.slug).where(side.c.id == number, at.holds(side)).scalar_subquery()


def _is_own(at: Moment, to: Aliases) -> Any:
    tie, item = models.item_actor, to["item_id"]
    is_maker = (tie.c.item_id == item.c.id) & (tie.c.actor_id == models.stance.c.actor_id) & (tie.c.role == Role.MAKER)
    return exists().where(is_maker, at.ties(tie, item))


def _of(name: str, referred: str, like: Column[Any], description: str, *, required: bool = False) -> Derived:
    """The column `like` of what the column `referred` refers to."""
    return Derived(name, like, description, lambda _, to: to[referred].c[like.key], required)


def _renamed(name: str, column: Column[Any]) -> Derived:
    """A column of the table's own under a name that says more."""
    return Derived(name, column, str(column.comment), lambda *_: column, required=True)


def _words(model: SqlTable) -> Derived:
    """The words of a part of a response: its own, or else the response's."""
    words = "The words: its own, or else those of its response."
    return Derived("quote", model.c.quote, words, lambda _, to: func.coalesce(model.c.quote, to["response_id"].c.quote))


def _voice(name: str, column: str, description: str) -> Derived:
    """Who spoke a response, or reported it."""

    def voice(_: Moment, to: Aliases) -> Any:
        who = models.actor.c
        return select(who.slug).where(who.id == to["response_id"].c[column]).scalar_subquery()

    return Derived(name, models.actor.c.slug, description, voice, refers_to="actors")


_BASIS = Derived(
    "basis",
    models.response.c.basis,
    "How we have it.",
    lambda _, to: func.coalesce(models.stance.c.basis, to["response_id"].c.basis, type_=models.response.c.basis.type),
    required=True,
)
_URL = Derived(
    "url",
    models.response.c.url,
    "Address of the text that was read.",
    lambda _, to: func.coalesce(to["response_id"].c.url, to["episode_id"].c.url),
)
_CONTESTED = Derived(
    "contested",
    models.stance.c.stated,
    "Whether an account of the same days and basis says otherwise.",
    lambda at, _: stances.contested(at),
    required=True,
)

_CURRENT = Table(
    "current_stances",
    models.stance,
    (
        "item_id",
        _of("title", "item_id", models.item.c.title, "What the item asks or offers.", required=True),
        _of("item_kind", "item_id", models.item.c.kind, "Demand or offer.", required=True),
        "actor_id",
        Derived("side", models.side.c.slug, "Side of the actor; empty: a third party.", _side, refers_to="sides"),
        _renamed("stance", models.stance.c.kind),
        Derived(
            "own",
            models.stance.c.stated,
            "Whether the actor made the item: then it is no answer.",
            _is_own,
            required=True,
        ),
        *("wording", "condition", _BASIS),
        _voice("speaker", "speaker_id", "Person into whose mouth the source puts it."),
        _voice("reported_by", "reported_by_id", "Through whom we have it."),
        *(*_SAID, _words(models.stance)),
        _of("summary", "response_id", models.response.c.summary, "The same in the coder's words."),
        *("response_id", _URL, _CONTESTED, "recorded_in"),
    ),
    ("item", "actor"),
    _is_current,
    "Where each actor stands on each item: of all that it said, what counts.",
    order=(models.stance.c.item_id, models.stance.c.actor_id),
)

_DESCRIPTIONS = (
    Table(
        "episodes",
        models.episode,
        ("slug", *_SOURCE, "summary", "text_sha256", "recorded_in"),
        ("id",),
        _own(models.episode),
    ),
    Table("sides", models.side, ("slug", "name", *_TIE), ("id",), _own(models.side), needs=_FIRST_DEFINED),
    Table(
        "actors",
        models.actor,
        ("slug", "kind", "name", "side_id", "speaks_for_id", "role", *_TIE),
        ("id",),
        _own(models.actor),
        needs=_FIRST_DEFINED,
    ),
    Table(
        "packages",
        models.package,
        ("slug", "title", *_SAID, *_SOURCED, "core_quote", *_TIE),
        ("id",),
        _own(models.package),
    ),
    Table(
        "package_makers",
        models.package_maker,
        ("package_id", "actor_id", *_TIE),
        ("package", "actor", "episode"),
        _tie(models.package_maker, "package_id"),
    ),
    Table(
        "package_items",
        models.package_item,
        ("package_id", "item_id", "core", *_TIE),
        ("package", "item", "episode"),
        _tie(models.package_item, "package_id"),
    ),
    Table(
        "items",
        models.item,
        ("slug", "kind", "side_id", "topic", "title", "text", "made_from", "made_to", *_SAID, *_TRANSLATED, *_TIE),
        ("id",),
        _own(models.item),
        needs=_FIRST_DEFINED,
    ),
    Table(
        "item_actors",
        models.item_actor,
        ("item_id", "actor_id", "role", *_TIE),
        ("item", "actor", "role", "episode"),
        _tie(models.item_actor, "item_id"),
    ),
    Table(
        "item_links",
        models.item_link,
        ("item_id", "kind", "to_item_id", *_TIE),
        ("item", "kind", "to_item", "episode"),
        _tie(models.item_link, "item_id"),
        "How an item stands to another item.",
        needs={"to_item_id": True},
    ),
    Table(
        "package_answers",
        models.item_link,
        ("item_id", "to_package_id", *_TIE),
        ("item", "to_package", "episode"),
        _tie(models.item_link, "item_id"),
        "Items that answer a package.",
        needs={"to_package_id": True},
    ),
    Table(
        "provisions",
        models.provision,
        ("item_id", "document_id", "article", *_TIE),
        ("item", "document", "article", "episode"),
        _tie(models.provision, "item_id"),
    ),
)

_STATEMENTS = (
    Table(
        "responses",
        models.response,
        ("episode_id", "slug", *_SAID, "venue", *_TRANSLATED, "recorded_in"),
        ("episode", "id"),
        _own(models.response),
    ),
    Table(
        "response_actors", models.response_actor, ("response_id", "actor_id"), ("episode", "response", "actor"), always
    ),
    Table(
        "stances",
        models.stance,
        (
            *("response_id", "actor_id", "item_id", _renamed("stance", models.stance.c.kind), "wording", "condition"),
            *(_BASIS, *_SAID, _words(models.stance), "recorded_in"),
        ),
        ("episode", "response", "actor", "item"),
        _own(models.stance),
    ),
    Table(
        "mentions",
        models.mention,
        ("response_id", "item_id", "kind", "wording", "scope", _words(models.mention), "recorded_in"),
        ("episode", "response", "item", "kind"),
        _held(models.mention),
    ),
    Table(
        "outcomes",
        models.outcome,
        (
            *("episode_id", "slug", _renamed("outcome", models.outcome.c.kind), "in_part", "superseded_by_id"),
            *(*_SAID, *_TRANSLATED, "recorded_in"),
        ),
        ("episode", "id"),
        _own(models.outcome),
    ),
    Table("outcome_items", models.outcome_item, ("outcome_id", "item_id"), ("episode", "outcome", "item"), always),
    Table("outcome_actors", models.outcome_actor, ("outcome_id", "actor_id"), ("episode", "outcome", "actor"), always),
)

_REVISIONS = Table(
    "revisions",
    models.revision,
    ("number", "recorded_at", "recorded_by", "message", "file", "file_sha256", "role"),
    ("number",),
    _by_then,
)
