"""The schema as typed classes: descriptions, statements, and the record of the record."""

from positions.models.base import Base, Recorded, UtcDateTime
from positions.models.record import Change, Revision
from positions.models.statements import (
    Mention,
    Outcome,
    OutcomeActor,
    OutcomeItem,
    Response,
    ResponseActor,
    Stance,
)
from positions.models.things import (
    Actor,
    Demand,
    Episode,
    Item,
    ItemActor,
    ItemLink,
    Offer,
    Package,
    PackageItem,
    PackageMaker,
    Provision,
    Side,
)
from positions.models.views import VIEWS

__all__ = [
    "VIEWS",
    "Actor",
    "Base",
    "Change",
    "Demand",
    "Episode",
    "Item",
    "ItemActor",
    "ItemLink",
    "Mention",
    "Offer",
    "Outcome",
    "OutcomeActor",
    "OutcomeItem",
    "Package",
    "PackageItem",
    "PackageMaker",
    "Provision",
    "Recorded",
    "Response",
    "ResponseActor",
    "Revision",
    "Side",
    "Stance",
    "UtcDateTime",
]
