"""The schema as typed tables: descriptions, statements, and the record of the record.

For use as `models.stance.c.kind`: the names of tables alone are those of too much else.
"""

from positions.models.base import METADATA, UtcDateTime, metadata_for
from positions.models.record import change, revision
from positions.models.statements import (
    StanceColumns,
    first_sequence,
    mention,
    order_within_source,
    outcome,
    outcome_actor,
    outcome_item,
    response,
    response_actor,
    stance,
)
from positions.models.things import (
    actor,
    episode,
    item,
    item_actor,
    item_link,
    package,
    package_item,
    package_maker,
    provision,
    side,
)
from positions.models.views import VIEWS

__all__ = [
    "METADATA",
    "VIEWS",
    "StanceColumns",
    "UtcDateTime",
    "actor",
    "change",
    "episode",
    "first_sequence",
    "item",
    "item_actor",
    "item_link",
    "mention",
    "metadata_for",
    "order_within_source",
    "outcome",
    "outcome_actor",
    "outcome_item",
    "package",
    "package_item",
    "package_maker",
    "provision",
    "response",
    "response_actor",
    "revision",
    "side",
    "stance",
]
