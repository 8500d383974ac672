"""The schema as typed SQLAlchemy Core tables: descriptions, statements, revisions and what each revision changed.

Core tables rather than declarative classes: a query reads a set of rows into frozen dataclasses, and recording only
appends numbered rows, so there are no objects to load, change and flush. Mapped classes would add 80 ms to a command
that takes 350. `TypedColumns` gives each column its Python type (new in SQLAlchemy 2.1):
https://docs.sqlalchemy.org/en/21/core/metadata.html

Write `models.stance.c.kind` instead of importing `stance`: tables share their names with variables and modules.

Nothing is ever deleted. Descriptions (sides, actors, episodes, packages, items) are edited in place, and `change` keeps
their earlier contents. The ties between them are retracted and recorded anew, and so are statements (responses with
their stances and mentions, outcomes): the database refuses to rewrite or delete a row; only `retracted_in` may be set,
once. A stance repeats the columns of its response that order stances, so that one index has them all; composite foreign
keys keep the copies equal to the originals.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Named,
    String,
    Text,
    TypedColumns,
    UniqueConstraint,
    text,
)

from positions.models.base import METADATA as METADATA
from positions.models.base import (
    SLUG,
    Numbered,
    Recorded,
    UtcDateTime,
    current_key,
    enumeration,
    recorded,
    references,
    table,
)
from positions.models.base import metadata_for as metadata_for
from positions.models.views import VIEWS as VIEWS
from positions.vocabulary import (
    FIRM,
    PRECEDENCE,
    ActorKind,
    Basis,
    EntryKind,
    EpisodeKind,
    ItemKind,
    LinkKind,
    MentionKind,
    OutcomeKind,
    Reading,
    Role,
    Scope,
    StanceKind,
    Translation,
)


class EpisodeColumns(Recorded):
    """One source, recorded as a unit."""

    slug: Named[str] = Column(SLUG, comment="Id that people type.")
    kind: Named[EpisodeKind] = Column(enumeration(EpisodeKind), comment="What the source is.")
    title: Named[str] = Column(Text, comment="Title of the source.")
    published: Named[date] = Column(index=True, comment="Day from which the public could know it.")
    published_from: Named[date | None] = Column(comment="First possible day of publication; null: `published`.")
    url: Named[str | None] = Column(Text, comment="Address of the text that was read.")
    author: Named[str | None] = Column(Text, comment="Who wrote it.")
    publisher: Named[str | None] = Column(Text, comment="Who published it.")
    language: Named[str | None] = Column(comment="Language of the text that was read (BCP 47).")
    translation: Named[Translation | None] = Column(
        enumeration(Translation), comment="Who translated it; null: an original."
    )
    read: Named[Reading] = Column(enumeration(Reading), comment="Whether the whole source was read.")
    missing: Named[str | None] = Column(Text, comment="What was not read, if it was read in part.")
    summary: Named[str | None] = Column(Text, comment="What the source is about, in the coder's words.")
    text_sha256: Named[str | None] = Column(comment="SHA-256 of the text that was coded.")
    event: Named[str | None] = Column(Text, comment="Event that people remember it by, in a few words.")


episode = recorded(
    "episode",
    EpisodeColumns,
    current_key("episode", "slug"),
    CheckConstraint("(read = 'part') = (missing IS NOT NULL)", name="missing_if_part"),
    CheckConstraint("published_from <= published", name="published_in_order"),
)


class SideColumns(Recorded):
    """One of the parties at the table."""

    slug: Named[str] = Column(SLUG, comment="Id that people type.")
    name: Named[str] = Column(Text, comment="Name that people read.")
    episode_id: Named[int] = references("episode.id", "Episode that first defined it.")


side = recorded("side", SideColumns, current_key("side", "slug"))


class ActorColumns(Recorded):
    """A state, an alliance, an organisation or a person."""

    slug: Named[str] = Column(SLUG, comment="Id that people type.")
    kind: Named[ActorKind] = Column(enumeration(ActorKind), comment="What the actor is.")
    name: Named[str] = Column(Text, comment="Name that people read.")
    side_id: Named[int | None] = references("side.id", "Side it is on; null: a third party, or a person.")
    speaks_for_id: Named[int | None] = references("actor.id", "Actor for whom a person speaks.")
    role: Named[str | None] = Column(Text, comment="Office of a person.")
    episode_id: Named[int] = references("episode.id", "Episode that first defined it.")


actor = recorded(
    "actor",
    ActorColumns,
    current_key("actor", "slug"),
    CheckConstraint("kind <> 'person' OR side_id IS NULL", name="person_shares_side"),
    CheckConstraint("kind = 'person' OR speaks_for_id IS NULL", name="only_persons_speak"),
)


class PackageColumns(Recorded):
    """Items that their maker says stand or fall together."""

    slug: Named[str] = Column(SLUG, comment="Id that people type, shared with no item.")
    title: Named[str] = Column(Text, comment="What people read.")
    said_from: Named[date] = Column(comment="First possible day on which the maker said so.")
    said_to: Named[date] = Column(comment="Last possible day on which the maker said so.")
    speaker_id: Named[int | None] = references("actor.id", "Person who said it.")
    reported_by_id: Named[int | None] = references("actor.id", "Through whom we have it.")
    basis: Named[Basis | None] = Column(enumeration(Basis), comment="How we have it.")
    quote: Named[str | None] = Column(Text, comment="Words that make it a package.")
    core_quote: Named[str | None] = Column(Text, comment="Words that name its core.")
    summary: Named[str | None] = Column(Text, comment="The same in the coder's words.")
    url: Named[str | None] = Column(Text, comment="Address, where it differs from the episode's.")
    episode_id: Named[int] = references("episode.id", "Episode that first defined it.")


package = recorded(
    "package",
    PackageColumns,
    current_key("package", "slug"),
    CheckConstraint("said_from <= said_to", name="said_in_order"),
)


class PackageMakerColumns(Recorded):
    """Who says that a package is one."""

    package_id: Named[int] = references("package.id", "The package.")
    actor_id: Named[int] = references("actor.id", "Its maker.")
    episode_id: Named[int] = references("episode.id", "Episode that says so.")


package_maker = recorded(
    "package_maker", PackageMakerColumns, current_key("package_maker", "package_id", "actor_id", "episode_id")
)


class PackageItemColumns(Recorded):
    """An item of a package."""

    package_id: Named[int] = references("package.id", "The package.")
    item_id: Named[int] = references("item.id", "The item.")
    core: Named[bool] = Column(comment="Whether the maker calls it the core.")
    episode_id: Named[int] = references("episode.id", "Episode that says so.")


package_item = recorded(
    "package_item", PackageItemColumns, current_key("package_item", "package_id", "item_id", "episode_id")
)


class ItemColumns(Recorded):
    """A thing on the table: a demand or an offer."""

    slug: Named[str] = Column(SLUG, comment="Id that people type.")
    kind: Named[ItemKind] = Column(enumeration(ItemKind), comment="Demand or offer.")
    side_id: Named[int | None] = references("side.id", "Side whose item it is, if no maker is known.")
    topic: Named[str] = Column(SLUG, index=True, comment="The matter it is about.")
    title: Named[str] = Column(Text, comment="What is asked or offered; scopes are measured against it.")
    text: Named[str | None] = Column(Text, comment="The same at length, in the coder's words.")
    made_from: Named[date | None] = Column(comment="First possible day of making; null: not known.")
    made_to: Named[date] = Column(index=True, comment="From this day it is on the table for certain.")
    said_from: Named[date | None] = Column(comment="First possible day of the defining sentence.")
    said_to: Named[date | None] = Column(comment="Last possible day; null: said when it was made.")
    speaker_id: Named[int | None] = references("actor.id", "Person who said the defining sentence.")
    reported_by_id: Named[int | None] = references("actor.id", "Through whom we have it.")
    basis: Named[Basis] = Column(enumeration(Basis), comment="How we have it.")
    quote: Named[str | None] = Column(Text, comment="The defining words.")
    summary: Named[str | None] = Column(Text, comment="The defining sentence in the coder's words.")
    url: Named[str | None] = Column(Text, comment="Address, where it differs from the episode's.")
    language: Named[str | None] = Column(comment="Language, where it differs from the episode's.")
    translation: Named[Translation | None] = Column(enumeration(Translation), comment="Translation, where it differs.")
    episode_id: Named[int] = references("episode.id", "Episode that first defined it.")


item = recorded(
    "item",
    ItemColumns,
    current_key("item", "slug"),
    CheckConstraint("made_from <= made_to", name="made_in_order"),
    CheckConstraint("said_from <= said_to", name="said_in_order"),
    CheckConstraint("(said_from IS NULL) = (said_to IS NULL)", name="said_whole"),
)


class ItemActorColumns(Recorded):
    """What an actor is to an item: its maker, its addressee, or affected by it."""

    item_id: Named[int] = references("item.id", "The item.")
    actor_id: Named[int] = references("actor.id", "The actor; never a person.")
    role: Named[Role] = Column(enumeration(Role), comment="Maker, addressee or affected.")
    episode_id: Named[int] = references("episode.id", "Episode that says so.")


item_actor = recorded(
    "item_actor", ItemActorColumns, current_key("item_actor", "item_id", "actor_id", "role", "episode_id")
)


class ItemLinkColumns(Recorded):
    """How an item stands to another item or to a package."""

    item_id: Named[int] = references("item.id", "The item that answers, replaces or is part.")
    kind: Named[LinkKind] = Column(enumeration(LinkKind), comment="How it stands to the other.")
    to_item_id: Named[int | None] = references("item.id", "The other item.")
    to_package_id: Named[int | None] = references("package.id", "Or the package it answers.")
    episode_id: Named[int] = references("episode.id", "Episode that says so.")


item_link = recorded(
    "item_link",
    ItemLinkColumns,
    current_key("item_link_item", "item_id", "kind", "to_item_id", "episode_id"),
    current_key("item_link_package", "item_id", "kind", "to_package_id", "episode_id"),
    CheckConstraint("(to_item_id IS NULL) <> (to_package_id IS NULL)", name="one_target"),
    CheckConstraint("to_item_id <> item_id", name="not_to_itself"),
    CheckConstraint("to_package_id IS NULL OR kind = 'answers'", name="packages_are_answered"),
)


class ProvisionColumns(Recorded):
    """Where a draft puts an item into words."""

    item_id: Named[int] = references("item.id", "The item.")
    document_id: Named[int] = references("episode.id", "The draft.")
    article: Named[str] = Column(Text, comment="Article and paragraph, as the draft numbers them.")
    episode_id: Named[int] = references("episode.id", "Episode that says so.")


provision = recorded(
    "provision", ProvisionColumns, current_key("provision", "item_id", "document_id", "article", "episode_id")
)


_COPIED = ("id", "episode_id", "said_from", "said_to", "sequence", "basis")
_RANKED = ("item_id", "actor_id", *PRECEDENCE)
_COVERED = ("recorded_in", "retracted_in", "episode_id", "kind", "basis", "response_basis", "id")
"""Columns that decide whether an account is visible or contested: with them the index answers without the table."""

_EFFECTIVE_BASIS = "coalesce(basis, response_basis)"
_IS_FIRM = f"{_EFFECTIVE_BASIS} IN ({', '.join(repr(str(basis)) for basis in FIRM)})"

_SEQUENCE = BigInteger().with_variant(Integer, "sqlite")
_MOST_PER_SOURCE = 1 << 32
"""How many sequence numbers are reserved for the statements of one source."""


def first_sequence(source: int) -> int:
    """The sequence number before all statements of `source`, an episode's number in the order of first recording."""
    return source * _MOST_PER_SOURCE


def order_within_source(sequence: int) -> int:
    """The position of a statement among those of its source."""
    return sequence % _MOST_PER_SOURCE


class ResponseColumns(Recorded):
    """What an actor, or several together, said on a day."""

    slug: Named[str] = Column(SLUG, comment="Id within its episode.")
    episode_id: Named[int] = Column(ForeignKey("episode.id"), comment="Episode that has it.")
    said_from: Named[date] = Column(comment="First possible day.")
    said_to: Named[date] = Column(comment="Last possible day; from here on it counts.")
    venue: Named[str | None] = Column(Text, comment="Where it was said.")
    speaker_id: Named[int | None] = references("actor.id", "Person into whose mouth the source puts it.")
    reported_by_id: Named[int | None] = references("actor.id", "Through whom we have it.")
    basis: Named[Basis] = Column(enumeration(Basis), comment="How we have it.")
    quote: Named[str | None] = Column(Text, comment="The words.")
    summary: Named[str | None] = Column(Text, comment="The same in the coder's words.")
    url: Named[str | None] = Column(Text, comment="Address, where it differs from the episode's.")
    language: Named[str | None] = Column(comment="Language, where it differs from the episode's.")
    translation: Named[Translation | None] = Column(enumeration(Translation), comment="Translation, where it differs.")
    sequence: Named[int] = Column(_SEQUENCE, comment="Order of all statements: by source, then as in its file.")


response = recorded(
    "response",
    ResponseColumns,
    current_key("response", "episode_id", "slug"),
    UniqueConstraint(*_COPIED, name="uq_response_copied"),
    CheckConstraint("said_from <= said_to", name="said_in_order"),
    Index("ix_response_said_to", "said_to"),
    # the sequence numbers that a source has ever used, read from the index alone
    Index("ix_response_first", "episode_id", "slug", "sequence"),
)


class ResponseActorColumns(TypedColumns):
    """Who gave a response. Lives and goes with it."""

    response_id: Named[int] = Column(ForeignKey("response.id"), primary_key=True, comment="The response.")
    actor_id: Named[int] = Column(
        ForeignKey("actor.id"), primary_key=True, index=True, comment="The actor; never a person."
    )


response_actor = table("response_actor", ResponseActorColumns)


class StanceColumns(Recorded):
    """Where one response puts one of its actors on one item."""

    response_id: Named[int] = Column(comment="The response.")
    actor_id: Named[int] = Column(comment="Who stands there; one of those who gave the response.")
    item_id: Named[int] = Column(ForeignKey("item.id"), comment="The item.")
    kind: Named[StanceKind] = Column(enumeration(StanceKind), comment="Non-starter, negotiable or open.")
    wording: Named[str | None] = Column(Text, comment="The literal label used.")
    condition: Named[str | None] = Column(Text, comment="Terms on which the actor would negotiate.")
    quote: Named[str | None] = Column(Text, comment="Words; null: those of the response.")
    basis: Named[Basis | None] = Column(enumeration(Basis), comment="How we have it; null: as the response.")
    response_basis: Named[Basis] = Column(enumeration(Basis, "response_basis"), comment="Copy of the response's basis.")
    firm: Named[bool] = Column(comment="Stated or reported, not alleged or inferred.")
    stated: Named[bool] = Column(comment="The actor's own quoted words.")
    episode_id: Named[int] = Column(comment="Copy of the response's episode.")
    said_from: Named[date] = Column(comment="Copy of the response's first day.")
    said_to: Named[date] = Column(comment="Copy of the response's last day.")
    sequence: Named[int] = Column(_SEQUENCE, comment="Copy of the response's sequence.")


stance = recorded(
    "stance",
    StanceColumns,
    current_key("stance", "response_id", "actor_id", "item_id"),
    ForeignKeyConstraint(
        ["response_id", "episode_id", "said_from", "said_to", "sequence", "response_basis"],
        [f"response.{column}" for column in _COPIED],
        name="fk_stance_copied",
    ),
    ForeignKeyConstraint(
        ["response_id", "actor_id"], ["response_actor.response_id", "response_actor.actor_id"], name="fk_stance_giver"
    ),
    CheckConstraint(f"firm = ({_IS_FIRM})", name="firm"),
    CheckConstraint(f"stated = ({_EFFECTIVE_BASIS} = 'stated')", name="stated"),
    CheckConstraint("kind <> 'open' OR condition IS NULL", name="open_without_condition"),
    # finds the current stance of a pair without sorting
    Index("ix_stance_current", *_RANKED, *_COVERED),
    # refusals are few: `nonstarters` begins with them
    Index("ix_stance_refused", *_RANKED, *_COVERED, sqlite_where=text("kind = 'non-starter'")),
    Index("ix_stance_day", "said_to", "item_id", "actor_id"),
)


class MentionColumns(Recorded):
    """A response repeats its maker's own item, or takes an item up without a stance."""

    response_id: Named[int] = Column(ForeignKey("response.id"), comment="The response.")
    item_id: Named[int] = references("item.id", "The item.")
    kind: Named[MentionKind] = Column(enumeration(MentionKind), comment="Repeats, or about.")
    wording: Named[str | None] = Column(Text, comment="The literal label used.")
    scope: Named[Scope | None] = Column(enumeration(Scope), comment="How a repeated item compares with its title.")
    quote: Named[str | None] = Column(Text, comment="Words; null: those of the response.")


mention = recorded(
    "mention",
    MentionColumns,
    current_key("mention", "response_id", "item_id", "kind"),
    CheckConstraint("(kind = 'repeats') = (scope IS NOT NULL)", name="scope_if_repeated"),
)


class OutcomeColumns(Recorded):
    """What became of items on a day."""

    slug: Named[str] = Column(SLUG, comment="Id within its episode.")
    episode_id: Named[int] = Column(ForeignKey("episode.id"), comment="Episode that has it.")
    kind: Named[OutcomeKind] = Column(enumeration(OutcomeKind), comment="Agreed, met, withdrawn or superseded.")
    in_part: Named[bool] = Column(comment="Whether only a part of each item.")
    superseded_by_id: Named[int | None] = references("item.id", "Item that took its place, if the source names one.")
    said_from: Named[date] = Column(comment="First possible day.")
    said_to: Named[date] = Column(comment="Last possible day.")
    speaker_id: Named[int | None] = references("actor.id", "Person who said so.")
    reported_by_id: Named[int | None] = references("actor.id", "Through whom we have it.")
    basis: Named[Basis | None] = Column(enumeration(Basis), comment="How we have it.")
    quote: Named[str | None] = Column(Text, comment="The words.")
    summary: Named[str | None] = Column(Text, comment="The same in the coder's words.")
    url: Named[str | None] = Column(Text, comment="Address, where it differs from the episode's.")
    language: Named[str | None] = Column(comment="Language, where it differs from the episode's.")
    translation: Named[Translation | None] = Column(enumeration(Translation), comment="Translation, where it differs.")
    sequence: Named[int] = Column(_SEQUENCE, comment="Order of all statements: by source, then as in its file.")


outcome = recorded(
    "outcome",
    OutcomeColumns,
    current_key("outcome", "episode_id", "slug"),
    CheckConstraint("said_from <= said_to", name="said_in_order"),
    CheckConstraint("kind = 'superseded' OR superseded_by_id IS NULL", name="superseded_by"),
)


class OutcomeItemColumns(TypedColumns):
    """An item that an outcome is about. Lives and goes with it."""

    outcome_id: Named[int] = Column(ForeignKey("outcome.id"), primary_key=True, comment="The outcome.")
    item_id: Named[int] = Column(ForeignKey("item.id"), primary_key=True, index=True, comment="The item.")


outcome_item = table("outcome_item", OutcomeItemColumns)


class OutcomeActorColumns(TypedColumns):
    """Who brought an outcome about. Lives and goes with it."""

    outcome_id: Named[int] = Column(ForeignKey("outcome.id"), primary_key=True, comment="The outcome.")
    actor_id: Named[int] = Column(ForeignKey("actor.id"), primary_key=True, index=True, comment="The actor.")


outcome_actor = table("outcome_actor", OutcomeActorColumns)


class NegotiationColumns(TypedColumns):
    """What is followed: one row, or none. No revision records it."""

    id: Named[int] = Column(primary_key=True, autoincrement=False, comment="Always 1.")
    title: Named[str] = Column(Text, comment="Title that people read.")


negotiation = table("negotiation", NegotiationColumns, CheckConstraint("id = 1", name="one_row"))


class RevisionColumns(TypedColumns):
    """One recorded change set, like a commit."""

    number: Named[int] = Column(
        primary_key=True, autoincrement=False, comment="1, 2, 3 … in the order of recording, without gaps."
    )
    recorded_at: Named[datetime] = Column(UtcDateTime, comment="When (UTC); never before the previous one.")
    recorded_by: Named[str] = Column(Text, comment="Who.")
    message: Named[str] = Column(Text, comment="Why.")
    file: Named[str | None] = Column(Text, comment="Name of the source file; null: none.")
    file_sha256: Named[str | None] = Column(comment="SHA-256 of the source file.")
    role: Named[str | None] = Column(
        Text, comment="Database role that recorded it, as the server knows it; null: a file, or not known."
    )
    digest: Named[str | None] = Column(
        String(64), comment="SHA-256 over the digest before, this row and its changes; null: being recorded."
    )


revision = table("revision", RevisionColumns)


class ChangeColumns(Numbered):
    """What one revision made of one id, as the file would say it."""

    revision: Named[int] = Column(ForeignKey("revision.number"), comment="The revision.")
    what: Named[EntryKind] = Column(enumeration(EntryKind, "what"), comment="Kind of entry.")
    name: Named[str] = Column(Text, comment="Its id; EPISODE/ID for what belongs to an episode.")
    episode: Named[str] = Column(comment="Episode whose file has the entry.")
    before: Named[str | None] = Column(Text, comment="Content before (JSON); null: not in the record.")
    after: Named[str | None] = Column(Text, comment="Content after (JSON); null: taken out.")


change = table(
    "change",
    ChangeColumns,
    UniqueConstraint("revision", "what", "name"),
    Index("ix_change_name", "what", "name", "revision"),
    Index("ix_change_episode", "episode"),
)


class SearchTextColumns(Numbered):
    """The texts of statements as `search` compares them; derived, and recorded by no revision."""

    kind: Named[str] = Column(comment="Table of the statement or part of one.")
    row: Named[int] = Column(comment="Number of its row there.")
    folded: Named[str] = Column(Text, comment="Its texts, folded, one in each line.")


search_text = table("search_text", SearchTextColumns)
