"""All that is held at a moment, table by table, for those who take it elsewhere."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, true
from sqlalchemy.orm import Session

from positions.models import (
    Actor,
    Episode,
    Item,
    ItemActor,
    ItemLink,
    Mention,
    Outcome,
    OutcomeActor,
    OutcomeItem,
    Package,
    PackageItem,
    PackageMaker,
    Provision,
    Response,
    ResponseActor,
    Revision,
    Side,
    Stance,
)
from positions.moment import Moment
from positions.queries import stances
from positions.queries.listing import Aliases, Derived, Table, always, there
from positions.queries.listings import Listing
from positions.vocabulary import Role

_Condition = Callable[[Moment, Aliases], ColumnElement[bool]]

_SAID = ("said_from", "said_to")
_SOURCED = ("speaker_id", "reported_by_id", "basis", "quote", "summary", "url")
_TRANSLATED = (*_SOURCED, "language", "translation")
_SOURCE = ("kind", "title", "published", "url", "author", "publisher", "language", "translation", "read", "missing")
_TIE = ("episode_id", "recorded_in")
_FIRST_DEFINED = {"episode_id": False}
"""A side, an actor or an item may have been defined first by a source that was public only later."""


def holdings(session: Session, moment: Moment) -> list[Listing]:
    """Every table as it is at `moment`: the answer first, then descriptions, statements and revisions.

    They hang together: a reference leads to a row of another of these tables, or is empty. The rows are read when they
    are asked for, one table after another.
    """
    return [one.listing(session, moment) for one in (_CURRENT, *_DESCRIPTIONS, *_STATEMENTS, _REVISIONS)]


def _own(model: Any) -> _Condition:
    """True for what is there."""
    return lambda at, _: there(at, model)


def _tie(model: Any, owner: str) -> _Condition:
    """True for what ties the thing that the column `owner` refers to to others."""
    return lambda at, to: at.ties(model, to[owner])


def _held(model: Any) -> _Condition:
    """True for what the record held: a part of a statement, which goes with the statement."""
    return lambda at, _: at.holds(model)


def _is_current(at: Moment, _: Aliases) -> ColumnElement[bool]:
    return Stance.id.in_(stances.numbers(at))


def _by_then(at: Moment, _: Aliases) -> ColumnElement[bool]:
    return true() if at.known_at is None else Revision.number <= at.known_at


def _side(at: Moment, to: Aliases) -> Any:
    return select(Side.slug).where(Side.id == to["actor_id"].side_id, at.holds(Side)).scalar_subquery()


def _is_own(at: Moment, to: Aliases) -> Any:
    tie, item = ItemActor, to["item_id"]
    is_maker = (tie.item_id == item.id) & (tie.actor_id == Stance.actor_id) & (tie.role == Role.MAKER)
    return exists().where(is_maker, at.ties(tie, item))


def _of(name: str, referred: str, like: Any, description: str, *, required: bool = False) -> Derived:
    """The column `like` of what the column `referred` refers to."""
    return Derived(name, like, description, lambda _, to: getattr(to[referred], like.key), required)


def _renamed(name: str, column: Any) -> Derived:
    """A column of the table's own under a name that says more."""
    return Derived(name, column, column.property.columns[0].comment, lambda *_: column, required=True)


def _words(model: Any) -> Derived:
    """The words of a part of a response: its own, or else the response's."""
    words = "The words: its own, or else those of its response."
    return Derived("quote", model.quote, words, lambda _, to: func.coalesce(model.quote, to["response_id"].quote))


def _voice(name: str, column: str, description: str) -> Derived:
    """Who spoke a response, or reported it."""

    def voice(_: Moment, to: Aliases) -> Any:
        return select(Actor.slug).where(Actor.id == getattr(to["response_id"], column)).scalar_subquery()

    return Derived(name, Actor.slug, description, voice, refers_to="actors")


_BASIS = Derived(
    "basis",
    Response.basis,
    "How we have it.",
    lambda _, to: func.coalesce(Stance.basis, to["response_id"].basis, type_=Response.basis.type),
    required=True,
)
_URL = Derived(
    "url",
    Response.url,
    "Address of the text that was read.",
    lambda _, to: func.coalesce(to["response_id"].url, to["episode_id"].url),
)
_CONTESTED = Derived(
    "contested",
    Stance.stated,
    "Whether an account of the same days and basis says otherwise.",
    lambda at, _: stances.contested(at),
    required=True,
)

_CURRENT = Table(
    "current_stances",
    Stance,
    (
        "item_id",
        _of("title", "item_id", Item.title, "What the item asks or offers.", required=True),
        _of("item_kind", "item_id", Item.kind, "Demand or offer.", required=True),
        "actor_id",
        Derived("side", Side.slug, "Side of the actor; empty: a third party.", _side, refers_to="sides"),
        _renamed("stance", Stance.kind),
        Derived("own", Stance.stated, "Whether the actor made the item: then it is no answer.", _is_own, required=True),
        *("wording", "condition", _BASIS),
        _voice("speaker", "speaker_id", "Person into whose mouth the source puts it."),
        _voice("reported_by", "reported_by_id", "Through whom we have it."),
        *(*_SAID, _words(Stance)),
        _of("summary", "response_id", Response.summary, "The same in the coder's words."),
        *("response_id", _URL, _CONTESTED, "recorded_in"),
    ),
    ("item", "actor"),
    _is_current,
    "Where each actor stands on each item: of all that it said, what counts.",
    order=(Stance.item_id, Stance.actor_id),
)

_DESCRIPTIONS = (
    Table("episodes", Episode, ("slug", *_SOURCE, "summary", "text_sha256", "recorded_in"), ("id",), _own(Episode)),
    Table("sides", Side, ("slug", "name", *_TIE), ("id",), _own(Side), needs=_FIRST_DEFINED),
    Table(
        "actors",
        Actor,
        ("slug", "kind", "name", "side_id", "speaks_for_id", "role", *_TIE),
        ("id",),
        _own(Actor),
        needs=_FIRST_DEFINED,
    ),
    Table("packages", Package, ("slug", "title", *_SAID, *_SOURCED, "core_quote", *_TIE), ("id",), _own(Package)),
    Table(
        "package_makers",
        PackageMaker,
        ("package_id", "actor_id", *_TIE),
        ("package", "actor", "episode"),
        _tie(PackageMaker, "package_id"),
    ),
    Table(
        "package_items",
        PackageItem,
        ("package_id", "item_id", "core", *_TIE),
        ("package", "item", "episode"),
        _tie(PackageItem, "package_id"),
    ),
    Table(
        "items",
        Item,
        ("slug", "kind", "side_id", "topic", "title", "text", "made_from", "made_to", *_SAID, *_TRANSLATED, *_TIE),
        ("id",),
        _own(Item),
        needs=_FIRST_DEFINED,
    ),
    Table(
        "item_actors",
        ItemActor,
        ("item_id", "actor_id", "role", *_TIE),
        ("item", "actor", "role", "episode"),
        _tie(ItemActor, "item_id"),
    ),
    Table(
        "item_links",
        ItemLink,
        ("item_id", "kind", "to_item_id", *_TIE),
        ("item", "kind", "to_item", "episode"),
        _tie(ItemLink, "item_id"),
        "How an item stands to another item.",
        needs={"to_item_id": True},
    ),
    Table(
        "package_answers",
        ItemLink,
        ("item_id", "to_package_id", *_TIE),
        ("item", "to_package", "episode"),
        _tie(ItemLink, "item_id"),
        "Items that answer a package.",
        needs={"to_package_id": True},
    ),
    Table(
        "provisions",
        Provision,
        ("item_id", "document_id", "article", *_TIE),
        ("item", "document", "article", "episode"),
        _tie(Provision, "item_id"),
    ),
)

_STATEMENTS = (
    Table(
        "responses",
        Response,
        ("episode_id", "slug", *_SAID, "venue", *_TRANSLATED, "recorded_in"),
        ("episode", "id"),
        _own(Response),
    ),
    Table("response_actors", ResponseActor, ("response_id", "actor_id"), ("episode", "response", "actor"), always),
    Table(
        "stances",
        Stance,
        (
            *("response_id", "actor_id", "item_id", _renamed("stance", Stance.kind), "wording", "condition"),
            *(_BASIS, *_SAID, _words(Stance), "recorded_in"),
        ),
        ("episode", "response", "actor", "item"),
        _own(Stance),
    ),
    Table(
        "mentions",
        Mention,
        ("response_id", "item_id", "kind", "wording", "scope", _words(Mention), "recorded_in"),
        ("episode", "response", "item", "kind"),
        _held(Mention),
    ),
    Table(
        "outcomes",
        Outcome,
        (
            *("episode_id", "slug", _renamed("outcome", Outcome.kind), "in_part", "superseded_by_id"),
            *(*_SAID, *_TRANSLATED, "recorded_in"),
        ),
        ("episode", "id"),
        _own(Outcome),
    ),
    Table("outcome_items", OutcomeItem, ("outcome_id", "item_id"), ("episode", "outcome", "item"), always),
    Table("outcome_actors", OutcomeActor, ("outcome_id", "actor_id"), ("episode", "outcome", "actor"), always),
)

_REVISIONS = Table(
    "revisions",
    Revision,
    ("number", "recorded_at", "recorded_by", "message", "file", "file_sha256"),
    ("number",),
    _by_then,
)
