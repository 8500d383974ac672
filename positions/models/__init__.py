"""The schema as typed Core tables: descriptions, statements, revisions and what each changed.

Tables instead of mapped classes: questions read sets of rows into frozen dataclasses, recording appends numbered rows,
and mapping would add a quarter to the time of a command. Columns are typed by `TypedColumns`, a part of SQLAlchemy 2.1:
https://docs.sqlalchemy.org/en/21/core/metadata.html

Write `models.stance.c.kind`: the bare names of tables are also those of variables and modules.
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
