"""Statements: responses with their stances and mentions, and outcomes.

Append-only: the database refuses to rewrite or delete a row; only `retracted_in` may be set, once. A correction
retracts a whole statement and records it anew. What a stance is ordered by stands in its own row as a copy of its
response's, and composite foreign keys keep each copy honest.
"""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from positions.models.base import Base, Key, LongText, Recorded, Slug, enumeration, held, references
from positions.vocabulary import Basis, MentionKind, OutcomeKind, Scope, StanceKind, Translation

_COPIED = ("id", "episode_id", "said_from", "said_to", "sequence", "basis")
_PRECEDENCE = ("item_id", "actor_id", "firm", "said_from", "stated", "said_to", "sequence")
_JUDGED = ("recorded_in", "retracted_in", "episode_id", "kind", "basis", "response_basis")
"""What decides whether an account is visible, and what contests it: with these an index alone has the answer."""

_RESOLVED = "coalesce(basis, response_basis)"


class Response(Recorded, Base):
    """What an actor, or several together, said on a day."""

    __tablename__ = "response"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    slug: Mapped[Slug] = mapped_column(comment="Id within its episode.")
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), comment="Episode that has it.")
    said_from: Mapped[date] = mapped_column(comment="First possible day.")
    said_to: Mapped[date] = mapped_column(comment="Last possible day; from here on it counts.")
    venue: Mapped[LongText | None] = mapped_column(comment="Where it was said.")
    speaker_id: Mapped[int | None] = references("actor.id", "Person into whose mouth the source puts it.")
    reported_by_id: Mapped[int | None] = references("actor.id", "Through whom we have it.")
    basis: Mapped[Basis] = mapped_column(comment="How we have it.")
    quote: Mapped[LongText | None] = mapped_column(comment="The words.")
    summary: Mapped[LongText | None] = mapped_column(comment="The same in the coder's words.")
    url: Mapped[LongText | None] = mapped_column(comment="Address, where it differs from the episode's.")
    language: Mapped[str | None] = mapped_column(comment="Language, where it differs from the episode's.")
    translation: Mapped[Translation | None] = mapped_column(comment="Translation, where it differs.")
    sequence: Mapped[int] = mapped_column(comment="Order of first entry, kept through corrections.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (
            held("response", "episode_id", "slug"),
            UniqueConstraint(*_COPIED, name="uq_response_copied"),
            CheckConstraint("said_from <= said_to", name="said_in_order"),
            Index("ix_response_said_to", "said_to"),
        )


class ResponseActor(Base):
    """Who gave a response. Lives and goes with it."""

    __table_args__ = {"comment": "Who gave a response. Lives and goes with it."}  # noqa: RUF012
    __tablename__ = "response_actor"
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True, comment="The response.")
    actor_id: Mapped[int] = mapped_column(
        ForeignKey("actor.id"), primary_key=True, index=True, comment="The actor; never a person."
    )


class Stance(Recorded, Base):
    """Where one response puts one of its actors on one item."""

    __tablename__ = "stance"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    response_id: Mapped[int] = mapped_column(comment="The response.")
    actor_id: Mapped[int] = mapped_column(comment="Who stands there; one of those who gave the response.")
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), comment="The item.")
    kind: Mapped[StanceKind] = mapped_column(comment="Non-starter, negotiable or open.")
    wording: Mapped[LongText | None] = mapped_column(comment="The literal label used.")
    condition: Mapped[LongText | None] = mapped_column(comment="Terms on which the actor would negotiate.")
    quote: Mapped[LongText | None] = mapped_column(comment="Words; null: those of the response.")
    basis: Mapped[Basis | None] = mapped_column(comment="How we have it; null: as the response.")
    response_basis: Mapped[Basis] = mapped_column(
        enumeration(Basis, "response_basis"), comment="Copy of the response's basis."
    )
    firm: Mapped[bool] = mapped_column(comment="Stated or reported, not alleged or inferred.")
    stated: Mapped[bool] = mapped_column(comment="The actor's own quoted words.")
    episode_id: Mapped[int] = mapped_column(comment="Copy of the response's episode.")
    said_from: Mapped[date] = mapped_column(comment="Copy of the response's first day.")
    said_to: Mapped[date] = mapped_column(comment="Copy of the response's last day.")
    sequence: Mapped[int] = mapped_column(comment="Copy of the response's order of entry.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        refused = text("kind = 'non-starter'")
        return (
            held("stance", "response_id", "actor_id", "item_id"),
            ForeignKeyConstraint(
                ["response_id", "episode_id", "said_from", "said_to", "sequence", "response_basis"],
                [f"response.{column}" for column in _COPIED],
                name="fk_stance_copied",
            ),
            ForeignKeyConstraint(
                ["response_id", "actor_id"],
                ["response_actor.response_id", "response_actor.actor_id"],
                name="fk_stance_giver",
            ),
            CheckConstraint(f"firm = ({_RESOLVED} IN ('stated', 'reported'))", name="firm"),
            CheckConstraint(f"stated = ({_RESOLVED} = 'stated')", name="stated"),
            CheckConstraint("kind <> 'open' OR condition IS NULL", name="open_without_condition"),
            Index("ix_stance_current", *_PRECEDENCE, *_JUDGED),
            Index("ix_stance_refused", *_PRECEDENCE, *_JUDGED, sqlite_where=refused, postgresql_where=refused),
            Index("ix_stance_day", "said_to", "item_id", "actor_id"),
        )


class Mention(Recorded, Base):
    """A response repeats its maker's own item, or takes an item up without a stance."""

    __tablename__ = "mention"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), comment="The response.")
    item_id: Mapped[int] = references("item.id", "The item.")
    kind: Mapped[MentionKind] = mapped_column(comment="Repeats, or about.")
    wording: Mapped[LongText | None] = mapped_column(comment="The literal label used.")
    scope: Mapped[Scope | None] = mapped_column(comment="How a repeated item compares with its title.")
    quote: Mapped[LongText | None] = mapped_column(comment="Words; null: those of the response.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (
            held("mention", "response_id", "item_id", "kind"),
            CheckConstraint("(kind = 'repeats') = (scope IS NOT NULL)", name="scope_if_repeated"),
        )


class Outcome(Recorded, Base):
    """What became of items on a day."""

    __tablename__ = "outcome"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    slug: Mapped[Slug] = mapped_column(comment="Id within its episode.")
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), comment="Episode that has it.")
    kind: Mapped[OutcomeKind] = mapped_column(comment="Agreed, met, withdrawn or superseded.")
    in_part: Mapped[bool] = mapped_column(comment="Whether only a part of each item.")
    superseded_by_id: Mapped[int | None] = references("item.id", "Item that took its place, if the source names one.")
    said_from: Mapped[date] = mapped_column(comment="First possible day.")
    said_to: Mapped[date] = mapped_column(comment="Last possible day.")
    speaker_id: Mapped[int | None] = references("actor.id", "Person who said so.")
    reported_by_id: Mapped[int | None] = references("actor.id", "Through whom we have it.")
    basis: Mapped[Basis | None] = mapped_column(comment="How we have it.")
    quote: Mapped[LongText | None] = mapped_column(comment="The words.")
    summary: Mapped[LongText | None] = mapped_column(comment="The same in the coder's words.")
    url: Mapped[LongText | None] = mapped_column(comment="Address, where it differs from the episode's.")
    language: Mapped[str | None] = mapped_column(comment="Language, where it differs from the episode's.")
    translation: Mapped[Translation | None] = mapped_column(comment="Translation, where it differs.")
    sequence: Mapped[int] = mapped_column(comment="Order of first entry, kept through corrections.")

    @classmethod
    def rules(cls) -> tuple[Any, ...]:  # noqa: D102
        return (
            held("outcome", "episode_id", "slug"),
            CheckConstraint("said_from <= said_to", name="said_in_order"),
            CheckConstraint("kind = 'superseded' OR superseded_by_id IS NULL", name="superseded_by"),
        )


class OutcomeItem(Base):
    """An item that an outcome is about. Lives and goes with it."""

    __table_args__ = {"comment": "An item that an outcome is about. Lives and goes with it."}  # noqa: RUF012
    __tablename__ = "outcome_item"
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id"), primary_key=True, comment="The outcome.")
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, index=True, comment="The item.")


class OutcomeActor(Base):
    """Who brought an outcome about. Lives and goes with it."""

    __table_args__ = {"comment": "Who brought an outcome about. Lives and goes with it."}  # noqa: RUF012
    __tablename__ = "outcome_actor"
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id"), primary_key=True, comment="The outcome.")
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), primary_key=True, index=True, comment="The actor.")
