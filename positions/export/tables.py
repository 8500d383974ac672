"""An exported table, its columns as a Frictionless Table Schema, and what the values of an enumeration mean."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from positions.vocabulary import SLUG, SLUG_LENGTH, Basis, MentionKind, OutcomeKind, Reading, Scope, StanceKind

ID_RULES: Mapping[str, Any] = {"pattern": f"^{SLUG.pattern}$", "maxLength": SLUG_LENGTH}
"""What a Table Schema says of a column of ids."""

SEPARATOR = "; "
"""What stands between several values in one cell."""

_MEANINGS: Mapping[type[Enum], str] = {
    StanceKind: (
        "non-starter: it refuses to bargain over the item; negotiable: it will work on it, or names a condition; "
        "open: it is ready to take it up and names nothing further."
    ),
    Basis: (
        "stated: the actor's own words are quoted; reported: a source of no other side paraphrases; alleged: another "
        "side says so; inferred: the coder reads it out of words or acts."
    ),
    MentionKind: "repeats: a maker insists on its own item; about: the item is taken up and nobody is placed on it.",
    Scope: "same, wider, narrower or other than the title says.",
    OutcomeKind: (
        "agreed: the sides agreed on it; met: what was asked was done; withdrawn: its maker gave it up; superseded: "
        "another item took its place."
    ),
    Reading: "whole: all of it was read; part: only a part.",
}


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table with its Frictionless Table Schema. `rows` can be read once, while the connection is open."""

    name: str
    description: str
    schema: Mapping[str, Any]
    rows: Iterable[Sequence[Any]]

    @property
    def title(self) -> str:
        """The name as people read it."""
        return self.name.replace("_", " ").capitalize()

    @property
    def fields(self) -> Sequence[Mapping[str, Any]]:
        """The columns as the Table Schema describes them."""
        fields: Sequence[Mapping[str, Any]] = self.schema["fields"]
        return fields

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [column["name"] for column in self.fields]


def field(name: str, kind: str, description: str, **constraints: Any) -> dict[str, Any]:
    """A column in a Table Schema; `kind` is a type of the standard."""
    described = {"name": name, "type": kind, "description": description}
    return {**described, "constraints": constraints} if constraints else described


def meaning(description: str, values: type[Enum] | None) -> str:
    """The description of a column of `values`, with what each of them means where that needs saying."""
    said = None if values is None else _MEANINGS.get(values)
    return description if said is None else f"{description} {said}"


def foreign_key(columns: Sequence[str], table: str, key: Sequence[str]) -> dict[str, Any]:
    """A reference to the columns `key` of another table in a Table Schema."""
    return {"fields": list(columns), "reference": {"resource": table, "fields": list(key)}}
