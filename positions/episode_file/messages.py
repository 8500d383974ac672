"""Pydantic's findings in the words of a person who writes episode files."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from positions.episode_file.fields import quoted, shortened
from positions.episode_file.schema import (
    SECTIONS,
    EpisodeEntry,
    EpisodeFile,
    Provision,
    Repetition,
    StanceDetail,
    Treatment,
)

_Path = tuple[str | int, ...]

_NESTED: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"stances": StanceDetail, "repeats": Repetition, "about": Treatment, "provisions": Provision}
)
_LONGEST_NAME = 200
_MOST_COMPARED = 500
_BEGINNING = 3
_SHAPES = MappingProxyType(
    {
        "string_type": "must be a text",
        "tuple_type": "must be a list",
        "list_type": "must be a list",
        "dict_type": "must be a mapping (`key: value`)",
        "model_type": "must be a mapping (`key: value`)",
        "model_attributes_type": "must be a mapping (`key: value`)",
        "bool_parsing": "must be true or false",
        "bool_type": "must be true or false",
    }
)


def problems(error: ValidationError, raw: Any, around: _Path = ()) -> Iterator[tuple[_Path, str, bool]]:
    """Each finding of `error` on what stands at `around` in the values `raw`.

    Its path in `raw`, a message, and whether the key is meant, not the value; one finding for each place.
    """
    seen: set[_Path] = set()
    for one in error.errors(include_url=False):
        at = (*around, *one["loc"])
        path = _existing(at, raw) if one["type"] == "missing" else at
        key = (*path, at[-1]) if one["type"] == "missing" else path
        if key not in seen:
            seen.add(key)
            yield path, _message(one, at), one["type"] == "extra_forbidden"


def path(parts: _Path) -> str:
    """`parts` as a person reads them: `responses[2].stances.no-enlargement`."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{shortened(part)}"
    return text.removeprefix(".")


def close(name: str, names: Collection[str]) -> str:
    """`` (did you mean …?)`` with the nearest of `names`, or nothing.

    Of very many names, only those that begin alike are compared, and of a very long one none is near.
    """
    if len(name) > _LONGEST_NAME:
        return ""
    if len(names) > _MOST_COMPARED:
        names = list(islice((one for one in names if one[:_BEGINNING] == name[:_BEGINNING]), _MOST_COMPARED))
    found = get_close_matches(name, sorted(names), n=2)
    return f" (did you mean {' or '.join(found)}?)" if found else ""


def _message(one: Any, at: _Path) -> str:
    kind, value, last = one["type"], one["input"], str(at[-1]) if at else ""
    match kind:
        case "missing":
            text = f"`{last}` is missing"
        case "extra_forbidden":
            lone = "; if it belongs to the text before it, put that text in quotation marks" if value is None else ""
            text = f"unknown key `{shortened(last)}`{close(last, _keys(at[:-1])) or lone}"
        case "literal_error":
            text = f"{quoted(value)} is not known here; this version of positions reads format 1"
        case "enum":
            text = _not_one_of(value, one["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", "))
        case "value_error":
            text = str(one["ctx"]["error"])
        case _:
            text = str(_SHAPES.get(kind, one["msg"]))
    return text


def _not_one_of(value: Any, allowed: list[str]) -> str:
    if value is None:
        return f"has no value; it must be one of {', '.join(allowed)}"
    return f"{quoted(value)} is not one of {', '.join(allowed)}{close(str(value), allowed)}"


def _keys(around: _Path) -> tuple[str, ...]:
    """The keys that may stand in the mapping at `around`."""
    model: type[BaseModel] = EpisodeFile
    for part in around:
        if part == "episode":
            model = EpisodeEntry
        elif part in SECTIONS:
            model = SECTIONS[str(part)]
        elif part in _NESTED:
            model = _NESTED[str(part)]
    return tuple(model.model_fields)


def _existing(parts: _Path, raw: Any) -> _Path:
    """The longest beginning of `parts` that is there."""
    there: list[str | int] = []
    for part in parts:
        try:
            raw = raw[part]
        except (KeyError, IndexError, TypeError):
            break
        there.append(part)
    return tuple(there)
