"""The enumerations of files, database and options, and the rule for ids that people type."""

import re
from enum import StrEnum

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""An id: lowercase letters and digits, separated by single hyphens."""

SLUG_LENGTH = 64
"""The most characters of an id."""


def is_slug(text: str) -> bool:
    """Whether `text` can be an id."""
    return len(text) <= SLUG_LENGTH and SLUG.fullmatch(text) is not None


class StanceKind(StrEnum):
    """The stance of an actor on an item, in the order in which the codebook tries them."""

    NON_STARTER = "non-starter"
    NEGOTIABLE = "negotiable"
    OPEN = "open"


class Basis(StrEnum):
    """How we know it: the actor's own words, a paraphrase, another side's account, the coder's reading."""

    STATED = "stated"
    REPORTED = "reported"
    ALLEGED = "alleged"
    INFERRED = "inferred"


FIRM = (Basis.STATED, Basis.REPORTED)
"""The bases that can move a stance; the others count only if no firm one is recorded."""

PRECEDENCE = ("firm", "said_from", "stated", "said_to", "sequence")
"""The order of precedence among one actor's accounts of its stance on one item: the highest is the current one.

Own words and paraphrase (`FIRM`) rank above what another side tells or a coder infers; then the latest first day; own
words above paraphrase; the latest last day; the later entry. Tables have these columns and rows have these properties:
indexes, views, queries and rules are made from this list.
"""


class ActorKind(StrEnum):
    """The kind of actor."""

    STATE = "state"
    ALLIANCE = "alliance"
    ORGANISATION = "organisation"
    PERSON = "person"


class EpisodeKind(StrEnum):
    """The kind of source."""

    ARTICLE = "article"
    DRAFT = "draft"
    STATEMENT = "statement"
    REPLY = "reply"
    LETTER = "letter"
    REPORT = "report"


class Reading(StrEnum):
    """Whether a source was read as a whole."""

    WHOLE = "whole"
    PART = "part"


class Translation(StrEnum):
    """Who made the translation that was read (null: the text is an original)."""

    OFFICIAL = "official"
    UNOFFICIAL = "unofficial"
    MACHINE = "machine"


class ItemKind(StrEnum):
    """A demand asks others to act or refrain; an offer is what its maker is ready to do or discuss."""

    DEMAND = "demand"
    OFFER = "offer"


class Role(StrEnum):
    """The relation of an actor to an item."""

    MAKER = "maker"
    ADDRESSEE = "addressee"
    AFFECTED = "affected"


class LinkKind(StrEnum):
    """The relation of an item to another item or to a package."""

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
    """The kinds of entry in a file, in an order in which they can be recorded."""

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
"""The kind and the id of an entry in the record; EPISODE/ID if its id is unique only within its episode."""


class Format(StrEnum):
    """The formats of output."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
