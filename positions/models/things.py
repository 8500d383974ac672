"""Descriptions: sides, actors, episodes, packages and items, and what ties them together.

A description is edited in place (its earlier contents stand in `change`); the rows that tie descriptions together
are retracted and recorded anew, like statements. Nothing here is ever deleted.
"""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from positions.models.base import Base, Key, LongText, Recorded, Slug, held, references
from positions.vocabulary import ActorKind, Basis, EpisodeKind, ItemKind, LinkKind, Reading, Role, Translation


class Episode(Recorded, Base):
    """One source, recorded as a unit."""

    __tablename__ = "episode"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    slug: Mapped[Slug] = mapped_column(comment="Id that people type.")
    kind: Mapped[EpisodeKind] = mapped_column(comment="What the source is.")
    title: Mapped[LongText] = mapped_column(comment="Title of the source.")
    published: Mapped[date] = mapped_column(index=True, comment="Day from which the public could know it.")
    url: Mapped[LongText | None] = mapped_column(comment="Address of the text that was read.")
    author: Mapped[LongText | None] = mapped_column(comment="Who wrote it.")
    publisher: Mapped[LongText | None] = mapped_column(comment="Who published it.")
    language: Mapped[str | None] = mapped_column(comment="Language of the text that was read (BCP 47).")
    translation: Mapped[Translation | None] = mapped_column(comment="Who translated it; null: an original.")
    read: Mapped[Reading] = mapped_column(comment="Whether the whole source was read.")
    missing: Mapped[LongText | None] = mapped_column(comment="What was not read, if it was read in part.")
    summary: Mapped[LongText | None] = mapped_column(comment="What the source is about, in the coder's words.")
    text_sha256: Mapped[str | None] = mapped_column(comment="SHA-256 of the text that was coded.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (
            held("episode", "slug"),
            CheckConstraint("(read = 'part') = (missing IS NOT NULL)", name="missing_if_part"),
        )


class Side(Recorded, Base):
    """One of the parties at the table."""

    __tablename__ = "side"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    slug: Mapped[Slug] = mapped_column(comment="Id that people type.")
    name: Mapped[LongText] = mapped_column(comment="Name that people read.")
    episode_id: Mapped[int] = references("episode.id", "Episode that first defined it.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (held("side", "slug"),)


class Actor(Recorded, Base):
    """A state, an alliance, an organisation or a person."""

    __tablename__ = "actor"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    slug: Mapped[Slug] = mapped_column(comment="Id that people type.")
    kind: Mapped[ActorKind] = mapped_column(comment="What the actor is.")
    name: Mapped[LongText] = mapped_column(comment="Name that people read.")
    side_id: Mapped[int | None] = references("side.id", "Side it is on; null: a third party, or a person.")
    speaks_for_id: Mapped[int | None] = references("actor.id", "Actor for whom a person speaks.")
    role: Mapped[LongText | None] = mapped_column(comment="Office of a person.")
    episode_id: Mapped[int] = references("episode.id", "Episode that first defined it.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (
            held("actor", "slug"),
            CheckConstraint("kind <> 'person' OR side_id IS NULL", name="person_shares_side"),
            CheckConstraint("kind = 'person' OR speaks_for_id IS NULL", name="only_persons_speak"),
        )


class Package(Recorded, Base):
    """Items that their maker says stand or fall together."""

    __tablename__ = "package"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    slug: Mapped[Slug] = mapped_column(comment="Id that people type, shared with no item.")
    title: Mapped[LongText] = mapped_column(comment="What people read.")
    said_from: Mapped[date] = mapped_column(comment="First possible day on which the maker said so.")
    said_to: Mapped[date] = mapped_column(comment="Last possible day on which the maker said so.")
    speaker_id: Mapped[int | None] = references("actor.id", "Person who said it.")
    reported_by_id: Mapped[int | None] = references("actor.id", "Through whom we have it.")
    basis: Mapped[Basis | None] = mapped_column(comment="How we have it.")
    quote: Mapped[LongText | None] = mapped_column(comment="Words that make it a package.")
    core_quote: Mapped[LongText | None] = mapped_column(comment="Words that name its core.")
    summary: Mapped[LongText | None] = mapped_column(comment="The same in the coder's words.")
    url: Mapped[LongText | None] = mapped_column(comment="Address, where it differs from the episode's.")
    episode_id: Mapped[int] = references("episode.id", "Episode that first defined it.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (held("package", "slug"), CheckConstraint("said_from <= said_to", name="said_in_order"))


class PackageMaker(Recorded, Base):
    """Who says that a package is one."""

    __tablename__ = "package_maker"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    package_id: Mapped[int] = references("package.id", "The package.")
    actor_id: Mapped[int] = references("actor.id", "Its maker.")
    episode_id: Mapped[int] = references("episode.id", "Episode that says so.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (held("package_maker", "package_id", "actor_id", "episode_id"),)


class PackageItem(Recorded, Base):
    """An item of a package."""

    __tablename__ = "package_item"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    package_id: Mapped[int] = references("package.id", "The package.")
    item_id: Mapped[int] = references("item.id", "The item.")
    core: Mapped[bool] = mapped_column(comment="Whether the maker calls it the core.")
    episode_id: Mapped[int] = references("episode.id", "Episode that says so.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (held("package_item", "package_id", "item_id", "episode_id"),)


class Item(Recorded, Base):
    """A thing on the table: a demand or an offer."""

    __tablename__ = "item"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    slug: Mapped[Slug] = mapped_column(comment="Id that people type.")
    kind: Mapped[ItemKind] = mapped_column(comment="Demand or offer.")
    side_id: Mapped[int | None] = references("side.id", "Side whose item it is, if no maker is known.")
    topic: Mapped[Slug] = mapped_column(index=True, comment="The matter it is about.")
    title: Mapped[LongText] = mapped_column(comment="What is asked or offered; scopes are measured against it.")
    text: Mapped[LongText | None] = mapped_column(comment="The same at length, in the coder's words.")
    made_from: Mapped[date | None] = mapped_column(comment="First possible day of making; null: not known.")
    made_to: Mapped[date] = mapped_column(index=True, comment="From this day it is on the table for certain.")
    said_from: Mapped[date | None] = mapped_column(comment="First possible day of the defining sentence.")
    said_to: Mapped[date | None] = mapped_column(comment="Last possible day; null: said when it was made.")
    speaker_id: Mapped[int | None] = references("actor.id", "Person who said the defining sentence.")
    reported_by_id: Mapped[int | None] = references("actor.id", "Through whom we have it.")
    basis: Mapped[Basis] = mapped_column(comment="How we have it.")
    quote: Mapped[LongText | None] = mapped_column(comment="The defining words.")
    summary: Mapped[LongText | None] = mapped_column(comment="The defining sentence in the coder's words.")
    url: Mapped[LongText | None] = mapped_column(comment="Address, where it differs from the episode's.")
    language: Mapped[str | None] = mapped_column(comment="Language, where it differs from the episode's.")
    translation: Mapped[Translation | None] = mapped_column(comment="Translation, where it differs.")
    episode_id: Mapped[int] = references("episode.id", "Episode that first defined it.")

    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (
            held("item", "slug"),
            CheckConstraint("made_from <= made_to", name="made_in_order"),
            CheckConstraint("said_from <= said_to", name="said_in_order"),
            CheckConstraint("(said_from IS NULL) = (said_to IS NULL)", name="said_whole"),
        )


class Demand(Item):
    """Asks others to act or to refrain."""

    __mapper_args__ = {"polymorphic_identity": ItemKind.DEMAND}  # noqa: RUF012

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return ()


class Offer(Item):
    """Says what its maker is ready to do or to discuss."""

    __mapper_args__ = {"polymorphic_identity": ItemKind.OFFER}  # noqa: RUF012


class ItemActor(Recorded, Base):
    """What an actor is to an item: its maker, its addressee, or affected by it."""

    __tablename__ = "item_actor"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    item_id: Mapped[int] = references("item.id", "The item.")
    actor_id: Mapped[int] = references("actor.id", "The actor; never a person.")
    role: Mapped[Role] = mapped_column(comment="Maker, addressee or affected.")
    episode_id: Mapped[int] = references("episode.id", "Episode that says so.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (held("item_actor", "item_id", "actor_id", "role", "episode_id"),)


class ItemLink(Recorded, Base):
    """How an item stands to another item or to a package."""

    __tablename__ = "item_link"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    item_id: Mapped[int] = references("item.id", "The item that answers, replaces or is part.")
    kind: Mapped[LinkKind] = mapped_column(comment="How it stands to the other.")
    to_item_id: Mapped[int | None] = references("item.id", "The other item.")
    to_package_id: Mapped[int | None] = references("package.id", "Or the package it answers.")
    episode_id: Mapped[int] = references("episode.id", "Episode that says so.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (
            held("item_link_item", "item_id", "kind", "to_item_id", "episode_id"),
            held("item_link_package", "item_id", "kind", "to_package_id", "episode_id"),
            CheckConstraint("(to_item_id IS NULL) <> (to_package_id IS NULL)", name="one_target"),
            CheckConstraint("to_item_id <> item_id", name="not_to_itself"),
            CheckConstraint("to_package_id IS NULL OR kind = 'answers'", name="packages_are_answered"),
        )


class Provision(Recorded, Base):
    """Where a draft puts an item into words."""

    __tablename__ = "provision"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    item_id: Mapped[int] = references("item.id", "The item.")
    document_id: Mapped[int] = references("episode.id", "The draft.")
    article: Mapped[LongText] = mapped_column(comment="Article and paragraph, as the draft numbers them.")
    episode_id: Mapped[int] = references("episode.id", "Episode that says so.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (held("provision", "item_id", "document_id", "article", "episode_id"),)
