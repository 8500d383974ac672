"""The schema as typed SQLAlchemy Core tables: descriptions, statements, revisions and what each revision changed.

Core tables rather than declarative classes: a query reads a set of rows into frozen dataclasses, and recording only
appends numbered rows, so there are no objects to load, change and flush. Mapped classes would add 80 ms to a command
that takes 350. `TypedColumns` gives each column its Python type (new in SQLAlchemy 2.1):
https://docs.sqlalchemy.org/en/21/core/metadata.html

Write `models.stance.c.kind` instead of importing `stance`: tables share their names with variables and modules.
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
