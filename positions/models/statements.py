"""Statements: responses with their stances and mentions, and outcomes.

Append-only: the database refuses to rewrite or delete a row; only `retracted_in` may be set, once. A correction
retracts a whole statement and records it anew. A stance repeats the columns of its response that order stances, so that
one index has them all; composite foreign keys keep the copies equal to the originals.
"""

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Named,
    Text,
    TypedColumns,
    UniqueConstraint,
    text,
)

from positions.models.base import SLUG, Recorded, current_key, enumeration, recorded, references, table
from positions.vocabulary import FIRM, PRECEDENCE, Basis, MentionKind, OutcomeKind, Scope, StanceKind, Translation

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
