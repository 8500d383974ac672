"""Pydantic's errors as messages for authors of episode files."""

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
    ProvisionDetail,
    Repetition,
    StanceDetail,
    Treatment,
)

_Path = tuple[str | int, ...]

_NESTED: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"stances": StanceDetail, "repeats": Repetition, "about": Treatment, "provisions": ProvisionDetail}
)
_MAX_NAME_LENGTH = 200
_MAX_COMPARED = 500
_PREFIX_LENGTH = 3
_SHAPES = MappingProxyType(
    {
        "string_type": "must be text",
        "tuple_type": "must be a list",
        "list_type": "must be a list",
        "dict_type": "must be a mapping (`key: value`)",
        "model_type": "must be a mapping (`key: value`)",
        "model_attributes_type": "must be a mapping (`key: value`)",
        "bool_parsing": "must be true or false",
        "bool_type": "must be true or false",
    }
)


def problems(error: ValidationError, around: _Path = ()) -> Iterator[tuple[_Path, str, bool]]:
    """Yield for each problem in `error` its path in the file, a message, and whether it is about the key.

    At most one for each place. `around` is the path of the part of the file that was validated.
    """
    seen: set[_Path] = set()
    for detail in error.errors(include_url=False):
        at = (*around, *detail["loc"])
        path = at[:-1] if detail["type"] == "missing" else at
        if at not in seen:
            seen.add(at)
            yield path, _message(detail, at), detail["type"] == "extra_forbidden"


def path(parts: _Path) -> str:
    """`parts` as text, like `responses[2].stances.no-enlargement`."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{shortened(part)}"
    return text.removeprefix(".")


def close(name: str, names: Collection[str]) -> str:
    """`` (did you mean …?)`` with the most similar of `names`, or an empty text.

    To save time, a very long name has no suggestion, and many names are compared only if they share a prefix.
    """
    if len(name) > _MAX_NAME_LENGTH:
        return ""
    if len(names) > _MAX_COMPARED:
        names = list(
            islice((other for other in names if other[:_PREFIX_LENGTH] == name[:_PREFIX_LENGTH]), _MAX_COMPARED)
        )
    found = get_close_matches(name, sorted(names), n=2)
    return f" (did you mean {' or '.join(found)}?)" if found else ""


def _message(detail: Any, at: _Path) -> str:
    kind, value, last = detail["type"], detail["input"], str(at[-1]) if at else ""
    match kind:
        case "missing":
            text = f"`{last}` is missing"
        case "extra_forbidden":
            hint = "; if it belongs to the text before it, put that text in quotation marks" if value is None else ""
            text = f"unknown key `{shortened(last)}`{close(last, _keys(at[:-1])) or hint}"
        case "literal_error":
            text = f"{quoted(value)} is not supported; this version of positions reads format 1"
        case "enum":
            text = _not_one_of(value, detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", "))
        case "value_error":
            text = str(detail["ctx"]["error"])
        case _:
            text = str(_SHAPES.get(kind, detail["msg"]))
    return text


def _not_one_of(value: Any, allowed: list[str]) -> str:
    if value is None:
        return f"has no value; it must be one of {', '.join(allowed)}"
    return f"{quoted(value)} is not one of {', '.join(allowed)}{close(str(value), allowed)}"


def _keys(around: _Path) -> tuple[str, ...]:
    """The keys that are allowed in the mapping at the path `around`."""
    model: type[BaseModel] = EpisodeFile
    for part in around:
        if part == "episode":
            model = EpisodeEntry
        elif part in SECTIONS:
            model = SECTIONS[str(part)]
        elif part in _NESTED:
            model = _NESTED[str(part)]
    return tuple(model.model_fields)
