"""The form of an entry, made from its model: labels, descriptions and kinds of field are those of the file format."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import EnumType, StrEnum
from typing import Any, get_args

from pydantic import BaseModel

from positions import quotations
from positions.desk.choices import ACTOR, ITEM, PACKAGE, PERSON, SIDE, TOPIC
from positions.desk.document import DETAILS, Path, element_id
from positions.episode_file.dump import FIELD_ORDER
from positions.episode_file.schema import (
    SECTIONS,
    EpisodeEntry,
    Repetition,
    StanceDetail,
    Treatment,
)
from positions.errors import Problem
from positions.recording.references import REFERENCES
from positions.vocabulary import Basis, EntryKind

_FIRST: dict[str, tuple[str, ...]] = {
    "episode": ("title", "id", "kind", "published", "url"),
    "sides": ("name", "id"),
    "actors": ("name", "id", "kind", "side", "speaks_for", "role"),
    "packages": ("title", "by", "said", "items", "basis", "quote", "id"),
    "demands": ("title", "by", "to", "topic", "made", "speaker", "basis", "quote", "id"),
    "offers": ("title", "by", "to", "topic", "made", "speaker", "basis", "quote", "id"),
    "extends": ("id", "by", "answers", "provisions"),
    "responses": ("by", "stances", "repeats", "about", "said", "speaker", "basis", "quote", "id"),
    "outcomes": ("items", "outcome", "in_part", "on", "by", "basis", "quote"),
}
"""By section: the fields that are shown at once, in this order; the others follow under a heading of their own."""

_DETAILS: dict[str, type[BaseModel]] = {"stances": StanceDetail, "repeats": Repetition, "about": Treatment}
_FIRST_DETAILS = ("stance", "scope", "wording", "quote", "condition")
_LONG = frozenset({"quote", "core_quote", "wording", "summary", "text", "missing", "condition"})
_PICKED = {EntryKind.ACTOR: ACTOR, EntryKind.SIDE: SIDE, EntryKind.DEMAND: ITEM, EntryKind.PACKAGE: PACKAGE}
_PICKS = {"speaker": (PERSON,), "reported_by": (ACTOR, PERSON), "topic": (TOPIC,), "core": (ITEM,)}
"""By field: what can be picked, where that is not simply what the field refers to."""

_DAY = "2022-01-12, 2022-01 or 2022-01-10/2022-01-12"
_EXAMPLES = {
    "published": _DAY,
    "said": _DAY,
    "on": _DAY,
    "made": f"{_DAY}; ../2022-01-12: by then",
    "url": "https://…",
    "language": "en",
}
_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_MISSING = re.compile(r"`(\w+)` is missing")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `widget` says how it is filled in, `picks` from which choices."""

    path: Path
    label: str
    hint: str
    widget: str
    value: Any
    picks: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    example: str = ""
    is_required: bool = False
    faults: tuple[str, ...] = ()
    rows: tuple["Row", ...] = ()

    @property
    def id(self) -> str:
        """The id of its element on the page."""
        return element_id(self.path)

    @property
    def words(self) -> int | None:
        """The number of words of a quotation or literal label; None for other fields."""
        return quotations.words(str(self.value or "")) if self.path[-1] in {"quote", "core_quote", "wording"} else None

    @property
    def takes_words(self) -> bool:
        """Whether the words that are selected in the text can be put in it."""
        return self.words is not None or self.path[-1] == "condition"


@dataclass(frozen=True, slots=True)
class Row:
    """What a response says of one item."""

    item: str
    path: Path
    fields: tuple[Field, ...]
    more: tuple[Field, ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of an entry: those shown at once, the others, and the faults of the entry as a whole."""

    fields: tuple[Field, ...]
    more: tuple[Field, ...]
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class Faults:
    """The problems of a file by the path of the field that they are about."""

    by_path: dict[Path, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> "Faults":
        """The `problems`, sorted into the fields; that of a missing field belongs to that field."""
        found = cls()
        for problem in problems:
            found.by_path.setdefault(place(problem), []).append(problem.message)
        return found

    def at(self, path: Path) -> tuple[str, ...]:
        """The problems of exactly this path."""
        return tuple(self.by_path.get(path, ()))

    def within(self, path: Path) -> tuple[str, ...]:
        """The problems of this path and below."""
        return tuple(text for at, texts in self.by_path.items() if at[: len(path)] == path for text in texts)


def place(problem: Problem) -> Path:
    """The path in the file that `problem` is about."""
    parts: list[str | int] = [int(index) if index else name for index, name in _PART.findall(problem.path)]
    missing = _MISSING.fullmatch(problem.message)
    return (*parts, missing[1]) if missing and parts[-1:] != [missing[1]] else tuple(parts)


def form(path: Path, values: Mapping[str, Any], faults: Faults) -> Form:
    """The form of the entry with the plain `values` at `path`."""
    section = str(path[0])
    model: type[BaseModel] = EpisodeEntry if section == "episode" else SECTIONS[section]
    kind = EntryKind.EPISODE if section == "episode" else SECTIONS[section].what
    fields = {name: _field(model, (*path, name), values, faults, REFERENCES[kind]) for name in model.model_fields}
    first = list(_FIRST[section])
    if "reported_by" in fields and _is_alleged(values):
        first.insert(first.index("basis") + 1, "reported_by")
    others = sorted(
        fields.keys() - {*first},
        key=lambda name: (name not in FIELD_ORDER, FIELD_ORDER.index(name) if name in FIELD_ORDER else 0, name),
    )
    stray = [text for name in values.keys() - fields.keys() for text in faults.within((*path, name))]
    return Form(
        tuple(fields[name] for name in first),
        tuple(fields[name] for name in others),
        (*faults.at(path), *stray),
    )


def _is_alleged(values: Mapping[str, Any]) -> bool:
    """Whether the entry or a stance of it is alleged, and so needs to say by whom."""
    stances = values.get("stances")
    details = stances.values() if isinstance(stances, dict) else ()
    return Basis.ALLEGED in [one.get("basis") for one in (values, *details) if isinstance(one, dict)]


def _field(
    model: type[BaseModel],
    path: Path,
    values: Mapping[str, Any],
    faults: Faults,
    references: Mapping[str, tuple[EntryKind, ...]],
) -> Field:
    name = str(path[-1])
    info = model.model_fields[name]
    named = tuple(dict.fromkeys(_PICKED[kind] for kind in references.get(name, ()) if kind in _PICKED))
    picks = _PICKS.get(name, named)
    options = _options(info.annotation)
    value = values.get(name)
    if name in DETAILS:
        widget = "details"
    elif picks:
        widget = "picks" if "tuple" in str(info.annotation) else "pick"
    elif name == "provisions":
        widget = "yaml"
    elif name == "in_part":
        widget = "flag"
    elif name == "stance":
        widget = "stance"
    elif options:
        widget = "choice"
    else:
        widget = "area" if name in _LONG else "text"
    rows = tuple(_rows(path, value, faults)) if name in DETAILS else ()
    return Field(
        path=path,
        label=name.replace("_", " ").capitalize().replace("Url", "Address"),
        hint=info.description or "",
        widget=widget,
        value=value if isinstance(value, (str, list)) or value is None else json.dumps(value, ensure_ascii=False),
        picks=picks,
        options=options,
        example=_EXAMPLES.get(name, ""),
        is_required=info.is_required(),
        faults=faults.within(path) if name not in DETAILS else faults.at(path),
        rows=rows,
    )


def _rows(path: Path, value: Any, faults: Faults) -> list[Row]:
    if not isinstance(value, dict):
        return []
    model = _DETAILS[str(path[-1])]
    rows = []
    for item, detail in value.items():
        at, values = (*path, item), detail if isinstance(detail, dict) else {}
        fields = {name: _field(model, (*at, name), values, faults, {}) for name in model.model_fields}
        first = [name for name in _FIRST_DETAILS if name in fields]
        more = tuple(found for name, found in fields.items() if name not in first)
        rows.append(Row(item, at, tuple(fields[name] for name in first), more, faults.at(at)))
    return rows


def _options(annotation: Any) -> tuple[str, ...]:
    """The members of an enumeration, also of an optional one; empty for other types."""
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, EnumType) and issubclass(kind, StrEnum):
            return tuple(str(member.value) for member in kind)
    return ()
