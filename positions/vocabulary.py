"""The words of the field, as closed lists: what may stand in a file, in the database and in an option.

Each list is a `StrEnum`, so a member is its own text. The rule for ids that people type stands here too.
"""

import re
from enum import StrEnum

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What an id looks like: small letters and digits, parted by single hyphens."""

SLUG_LENGTH = 64
"""The longest id, in characters."""


def is_slug(text: str) -> bool:
    """Whether `text` can be an id."""
    return len(text) <= SLUG_LENGTH and SLUG.fullmatch(text) is not None


class StanceKind(StrEnum):
    """Where an actor stands on an item, in the order in which the codebook decides."""

    NON_STARTER = "non-starter"
    NEGOTIABLE = "negotiable"
    OPEN = "open"


class Basis(StrEnum):
    """How we have it: own words, paraphrase, the other side's account, the coder's reading."""

    STATED = "stated"
    REPORTED = "reported"
    ALLEGED = "alleged"
    INFERRED = "inferred"


FIRM = (Basis.STATED, Basis.REPORTED)
"""What can move a stance; the other two show only where nothing better is held."""

PRECEDENCE = ("firm", "said_from", "stated", "said_to", "sequence")
"""The order of precedence among one actor's accounts of its stance on one item: the highest is the current one.

Own words and paraphrase (`FIRM`) rank above what the other side tells or a coder infers; then the latest first day; own
words above paraphrase; the latest last day; the later entry. Tables have these columns and rows have these properties:
indexes, views, queries and rules are made from this list.
"""


class ActorKind(StrEnum):
    """What an actor is."""

    STATE = "state"
    ALLIANCE = "alliance"
    ORGANISATION = "organisation"
    PERSON = "person"


class EpisodeKind(StrEnum):
    """What a source is."""

    ARTICLE = "article"
    DRAFT = "draft"
    STATEMENT = "statement"
    REPLY = "reply"
    LETTER = "letter"
    REPORT = "report"


class Reading(StrEnum):
    """How much of a source was read."""

    WHOLE = "whole"
    PART = "part"


class Translation(StrEnum):
    """Who made the translation that was read (null: the text is an original)."""

    OFFICIAL = "official"
    UNOFFICIAL = "unofficial"
    MACHINE = "machine"


class ItemKind(StrEnum):
    """A demand asks others to act or refrain; an offer says what its maker is ready to do or discuss."""

    DEMAND = "demand"
    OFFER = "offer"


class Role(StrEnum):
    """What an actor is to an item."""

    MAKER = "maker"
    ADDRESSEE = "addressee"
    AFFECTED = "affected"


class LinkKind(StrEnum):
    """How an item stands to another item, or to a package."""

    ANSWERS = "answers"
    ALTERNATIVE_TO = "alternative_to"
    PART_OF = "part_of"


class MentionKind(StrEnum):
    """A maker insists on its own item, or a response takes an item up without a stance."""

    REPEATS = "repeats"
    ABOUT = "about"


class Scope(StrEnum):
    """How a repeated demand compares with the item's title."""

    SAME = "same"
    WIDER = "wider"
    NARROWER = "narrower"
    OTHER = "other"


class OutcomeKind(StrEnum):
    """What became of an item."""

    AGREED = "agreed"
    MET = "met"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class EntryKind(StrEnum):
    """The kinds of entry that a file can hold, in the order in which they can be recorded."""

    EPISODE = "episode"
    SIDE = "side"
    ACTOR = "actor"
    PACKAGE = "package"
    DEMAND = "demand"
    OFFER = "offer"
    EXTENSION = "extension"
    RESPONSE = "response"
    OUTCOME = "outcome"


Key = tuple[EntryKind, str]
"""The kind and the id of an entry in the whole record; EPISODE/ID for entries whose ids are those of their file."""


class Format(StrEnum):
    """The forms in which a question is answered."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
