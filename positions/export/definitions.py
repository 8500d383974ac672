"""The exported tables: the whole record at a moment, with ids that people know in place of row numbers."""

from typing import Any

from sqlalchemy import Column, Connection, Table, exists, func, select

from positions import models
from positions.export import answers
from positions.export.query import Aliases, Definition, Derived
from positions.export.tables import ExportedTable
from positions.moment import Moment
from positions.queries import stances
from positions.vocabulary import Role

_SAID = ("said_from", "said_to")
_SOURCED = ("speaker_id", "reported_by_id", "basis", "quote", "summary", "url")
_TRANSLATED = (*_SOURCED, "language", "translation")
_TIE = ("episode_id", "recorded_in")
_FIRST_DEFINED = {"episode_id": False}
"""Sides, actors and items are exported even if the source that first defined them was public only later."""


def tables(connection: Connection, moment: Moment) -> list[ExportedTable]:
    """Every table as it is at `moment`: answers first, then current stances, descriptions, statements and revisions.

    A reference is empty, or leads to a row of one of these tables. Rows are read when they are iterated over.
    """
    definitions = (_CURRENT, *_DESCRIPTIONS, *_STATEMENTS, _REVISIONS)
    return [*answers.tables(connection, moment), *(definition.read(connection, moment) for definition in definitions)]


def _side_of_item(moment: Moment, _: Aliases) -> Any:
    """The side of an item: the one that the source names, or else that of its makers, if it is one alone."""
    tie, actor, side, item = models.item_actor, models.actor, models.side, models.item
    named = select(side.c.slug).where(side.c.id == item.c.side_id, moment.holds(side))
    of_makers = (
        select(func.min(side.c.slug))
        .select_from(tie)
        .join(actor, actor.c.id == tie.c.actor_id)
        .outerjoin(side, (side.c.id == actor.c.side_id) & moment.holds(side))
        .where(tie.c.item_id == item.c.id, tie.c.role == Role.MAKER, moment.ties(tie, item))
        .having(func.count(func.coalesce(side.c.slug, "").distinct()) == 1)
    )
    return func.coalesce(named.correlate(item).scalar_subquery(), of_makers.correlate(item).scalar_subquery())


def _side(moment: Moment, joined: Aliases) -> Any:
    side, side_id = models.side, joined["actor_id"].c.side_id
    return select(side.c.slug).where(side.c.id == side_id, moment.holds(side)).scalar_subquery()


def _is_own(moment: Moment, joined: Aliases) -> Any:
    tie, item = models.item_actor, joined["item_id"]
    is_maker = (tie.c.item_id == item.c.id) & (tie.c.actor_id == models.stance.c.actor_id) & (tie.c.role == Role.MAKER)
    return exists().where(is_maker, moment.ties(tie, item))


def _via(name: str, reference: str, like: Column[Any], description: str, *, required: bool = False) -> Derived:
    """The column `like` of the row that the column `reference` refers to."""
    return Derived(name, like, description, lambda _, joined: joined[reference].c[like.key], required)


def _renamed(name: str, column: Column[Any]) -> Derived:
    """A column of the table itself, under another name."""
    return Derived(name, column, str(column.comment), lambda *_: column, required=True)


def _quote(model: Table) -> Derived:
    """The quotation of a stance or a mention, or else that of its response."""
    own = model.c.quote
    description = "The words: its own, or else those of its response."
    return Derived("quote", own, description, lambda _, joined: func.coalesce(own, joined["response_id"].c.quote))


def _voice(name: str, column: str, description: str) -> Derived:
    """An actor to whom the `column` of the response refers: who spoke it, or reported it."""

    def voice(_: Moment, joined: Aliases) -> Any:
        actor = models.actor.c
        return select(actor.slug).where(actor.id == joined["response_id"].c[column]).scalar_subquery()

    return Derived(name, models.actor.c.slug, description, voice, refers_to="actors")


_PUBLISHED = (
    Derived(
        "published_from",
        models.episode.c.published,
        "First possible day of publication.",
        lambda *_: func.coalesce(models.episode.c.published_from, models.episode.c.published),
        required=True,
    ),
    Derived(
        "published_to",
        models.episode.c.published,
        "Last possible day of publication; from here on the public could know it.",
        lambda *_: models.episode.c.published,
        required=True,
    ),
)
_SOURCE = (
    *("slug", "kind", "title", *_PUBLISHED, "url", "author", "publisher", "language", "translation", "read", "missing"),
    *("event", "summary", "text_sha256", "recorded_in"),
)
_BASIS = Derived(
    "basis",
    models.response.c.basis,
    "How we have it.",
    lambda _, joined: func.coalesce(
        models.stance.c.basis, joined["response_id"].c.basis, type_=models.response.c.basis.type
    ),
    required=True,
)
_URL = Derived(
    "url",
    models.response.c.url,
    "Address of the text that was read.",
    lambda _, joined: func.coalesce(joined["response_id"].c.url, joined["episode_id"].c.url),
)
_CONTESTED = Derived(
    "contested",
    models.stance.c.stated,
    "Whether an account of the same days and basis says otherwise.",
    lambda moment, _: stances.contested(moment),
    required=True,
)
_OWN = Derived(
    "own",
    models.stance.c.stated,
    "Whether the actor made the item: then it is no answer.",
    _is_own,
    required=True,
)

_CURRENT = Definition(
    "current_stances",
    models.stance,
    (
        "item_id",
        _via("title", "item_id", models.item.c.title, "What the item asks or offers.", required=True),
        _via("item_kind", "item_id", models.item.c.kind, "Demand or offer.", required=True),
        "actor_id",
        Derived("side", models.side.c.slug, "Side of the actor; empty: a third party.", _side, refers_to="sides"),
        _renamed("stance", models.stance.c.kind),
        _OWN,
        *("wording", "condition", _BASIS),
        _voice("speaker", "speaker_id", "Person into whose mouth the source puts it."),
        _voice("reported_by", "reported_by_id", "Through whom we have it."),
        *(*_SAID, _quote(models.stance)),
        _via("summary", "response_id", models.response.c.summary, "The same in the coder's words."),
        *("response_id", _URL, _CONTESTED, "recorded_in"),
    ),
    ("item", "actor"),
    "Where each actor stands on each item: the account that counts.",
    where=lambda moment, _: models.stance.c.id.in_(stances.current_rows(moment)),
    order=(models.stance.c.item_id, models.stance.c.actor_id),
)

_ACTOR = ("slug", "kind", "name", "side_id", "speaks_for_id", "role", *_TIE)
_ITEM_SIDE = Derived(
    "side",
    models.side.c.slug,
    "Side whose item it is; empty: its makers are on no side or on several.",
    _side_of_item,
    refers_to="sides",
)
_ITEM = ("slug", "kind", _ITEM_SIDE, "topic", "title", "text", "made_from", "made_to", *_SAID, *_TRANSLATED, *_TIE)
_PACKAGE = ("slug", "title", *_SAID, *_SOURCED, "core_quote", *_TIE)

_DESCRIPTIONS = (
    Definition("episodes", models.episode, _SOURCE, ("id",)),
    Definition("sides", models.side, ("slug", "name", *_TIE), ("id",), needs=_FIRST_DEFINED),
    Definition("actors", models.actor, _ACTOR, ("id",), needs=_FIRST_DEFINED),
    Definition("packages", models.package, _PACKAGE, ("id",)),
    Definition(
        "package_makers", models.package_maker, ("package_id", "actor_id", *_TIE), ("package", "actor", "episode")
    ),
    Definition(
        "package_items", models.package_item, ("package_id", "item_id", "core", *_TIE), ("package", "item", "episode")
    ),
    Definition("items", models.item, _ITEM, ("id",), needs=_FIRST_DEFINED),
    Definition(
        "item_actors", models.item_actor, ("item_id", "actor_id", "role", *_TIE), ("item", "actor", "role", "episode")
    ),
    Definition(
        "item_links",
        models.item_link,
        ("item_id", "kind", "to_item_id", *_TIE),
        ("item", "kind", "to_item", "episode"),
        "How an item stands to another item.",
        needs={"to_item_id": True},
    ),
    Definition(
        "package_answers",
        models.item_link,
        ("item_id", "to_package_id", *_TIE),
        ("item", "to_package", "episode"),
        "Items that answer a package.",
        needs={"to_package_id": True},
    ),
    Definition(
        "provisions",
        models.provision,
        ("item_id", "document_id", "article", *_TIE),
        ("item", "document", "article", "episode"),
    ),
)

_RESPONSE = ("episode_id", "slug", *_SAID, "venue", *_TRANSLATED, "recorded_in")
_STANCE = (
    *("response_id", "actor_id", "item_id", _renamed("stance", models.stance.c.kind), "wording", "condition"),
    *(_BASIS, *_SAID, _quote(models.stance), "recorded_in"),
)
_MENTION = ("response_id", "item_id", "kind", "wording", "scope", _quote(models.mention), "recorded_in")
_OUTCOME = (
    *("episode_id", "slug", _renamed("outcome", models.outcome.c.kind), "in_part", "superseded_by_id"),
    *(*_SAID, *_TRANSLATED, "recorded_in"),
)

_STATEMENTS = (
    Definition("responses", models.response, _RESPONSE, ("episode", "id")),
    Definition("response_actors", models.response_actor, ("response_id", "actor_id"), ("episode", "response", "actor")),
    Definition("stances", models.stance, _STANCE, ("episode", "response", "actor", "item")),
    Definition("mentions", models.mention, _MENTION, ("episode", "response", "item", "kind")),
    Definition("outcomes", models.outcome, _OUTCOME, ("episode", "id")),
    Definition("outcome_items", models.outcome_item, ("outcome_id", "item_id"), ("episode", "outcome", "item")),
    Definition("outcome_actors", models.outcome_actor, ("outcome_id", "actor_id"), ("episode", "outcome", "actor")),
)

_REVISIONS = Definition(
    "revisions",
    models.revision,
    ("number", "recorded_at", "recorded_by", "message", "file", "file_sha256", "role", "digest"),
    ("number",),
)
