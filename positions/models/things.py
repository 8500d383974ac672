"""Descriptions: sides, actors, episodes, packages and items, and the ties between them.

A description is edited in place, and `change` keeps its earlier contents; ties are retracted and recorded anew, like
statements. Nothing is ever deleted.
"""

from datetime import date

from sqlalchemy import CheckConstraint, Column, Named, Text

from positions.models.base import SLUG, Recorded, current_key, enumeration, recorded, references
from positions.vocabulary import ActorKind, Basis, EpisodeKind, ItemKind, LinkKind, Reading, Role, Translation


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
