"""What a whole table is to somebody who gets it: its columns, key and references, and its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

FieldType = Literal["string", "integer", "boolean", "date", "datetime"]


@dataclass(frozen=True, slots=True)
class Field:
    """A column. `values` is the closed list of what it may hold (empty: anything); `is_id` says that it holds ids."""

    name: str
    type: FieldType
    description: str
    required: bool
    values: tuple[str, ...] = ()
    is_id: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """That `fields` of one row name a row of `table` by its key `to`, or are all empty."""

    fields: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A table. `rows` can be gone through once, while the connection that it was asked over is open."""

    name: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    rows: Iterable[Sequence[Any]]
