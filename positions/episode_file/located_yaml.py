"""YAML with the line and column of every key and value.

A small loader over PyYAML's event stream. Every scalar stays a string, because pydantic decides types; only a plain
empty value, `~` or `null` is None. Aliases, tags, duplicate keys, several documents and deep nesting are refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from positions.episode_file.fields import forbidden, quoted, shortened

Path = tuple[str | int, ...]

MAX_DEPTH = 20
"""The deepest nesting of lists and mappings."""

MAX_VALUES = 200_000
"""The most values in a file: each takes far more memory than bytes of text."""

MAX_PROBLEMS = 500
"""The number of problems after which reading stops."""

# PyYAML may be installed without its C parser, which is much faster.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STANDARD_TAG = "tag:yaml.org,2002:"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A line and a column, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class YamlProblem:
    """Something that is not allowed in an episode file, and where."""

    place: Location
    message: str


@dataclass(slots=True)
class Located:
    """Plain values, the places of keys and values by path, and the problems found."""

    value: Any = None
    keys: dict[Path, Location] = field(default_factory=dict)
    values: dict[Path, Location] = field(default_factory=dict)
    problems: list[YamlProblem] = field(default_factory=list)

    def place(self, path: Path, *, key: bool = False) -> Location:
        """The place of `path` or its nearest parent; with `key`, that of the key instead of its value."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Location(1, 1))


def load(text: str, *, with_places: bool = True) -> Located:
    """Read the YAML in `text`; the places of keys and values are optional, because they take most of the memory.

    Never raises: a text that is not YAML has one problem, and the value None.
    """
    located = Located()
    events = yaml.parse(text, Loader=_Loader)
    try:
        _Builder(located, events, with_places=with_places).document()
    except yaml.YAMLError as error:
        located.value = None
        place = _mark(error)
        at = text.splitlines()[place.line - 1 :][:1]
        is_tab = bool(at) and at[0][place.column - 1 :][:1] == "\t"
        reason = "a tab is not allowed here; indent with spaces" if is_tab else _reason(error)
        located.problems.append(YamlProblem(place, f"not valid YAML: {reason}"))
    except _TooMuchError as error:
        located.value = None
        located.problems.append(error.args[0])
    return located


class _TooMuchError(Exception):
    """Stops reading, to save time and memory; its argument is the problem."""


class _Builder:
    """Builds values from events, one node at a time."""

    def __init__(self, located: Located, events: Iterator[Any], *, with_places: bool) -> None:
        self._located = located
        self._events = events
        self._with_places = with_places
        self._count = 0

    def document(self) -> None:
        """Read the first document; a second one is a problem."""
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self._count:
                    self._problem(event, "a second document begins here; put each episode in its own file")
                    return
                self._located.value = self._node(next(self._events), ())

    def _node(self, event: Any, path: Path) -> Any:
        if self._with_places:
            self._located.values[path] = _place(event.start_mark)
        if len(path) > MAX_DEPTH:
            raise _TooMuchError(_problem(event, f"nested deeper than {MAX_DEPTH} levels"))
        self._count += 1
        if self._count > MAX_VALUES:
            raise _TooMuchError(
                _problem(event, f"has more than {MAX_VALUES:,} values; put each episode in its own file")
            )
        if isinstance(event, yaml.AliasEvent):
            self._problem(event, f"aliases (*{shortened(str(event.anchor))}) are not supported; write the value out")
            return None
        self._refuse_tag(event)
        if isinstance(event, yaml.ScalarEvent):
            is_plain = event.implicit[0]
            return None if is_plain and event.value in _NULLS else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, path, lines)
            if key is None:
                self._node(next(self._events), (*path, "?"))
            else:
                values[key] = self._node(next(self._events), (*path, key))
        return values

    def _key(self, event: Any, path: Path, lines: dict[str, int]) -> str | None:
        """The key at `event`, or None if it is not a valid key; `lines` has the lines of the keys before it."""
        self._refuse_tag(event)
        key = str(event.value) if isinstance(event, yaml.ScalarEvent) else None
        if key is None:
            self._node(event, (*path, "?"))
        if key is None or "\n" in key:
            self._problem(event, "a key must be a plain word")
        elif (character := forbidden(key)) is not None:
            self._problem(event, f"the character U+{ord(character):04X} is not allowed in a key; remove it")
        elif key in lines:
            self._problem(event, f"duplicate key {quoted(key)} (first on line {lines[key]})")
        else:
            place = _place(event.start_mark)
            lines[key] = place.line
            if self._with_places:
                self._located.keys[(*path, key)] = place
            return key
        return None

    def _refuse_tag(self, event: Any) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            written = shortened(str(tag).replace(_STANDARD_TAG, "!!"))
            self._problem(event, f"tags ({written}) are not supported; remove it")

    def _problem(self, event: Any, message: str) -> None:
        problem = _problem(event, message)
        if len(self._located.problems) >= MAX_PROBLEMS:
            raise _TooMuchError(problem)
        self._located.problems.append(problem)


def _problem(event: Any, message: str) -> YamlProblem:
    return YamlProblem(_place(event.start_mark), message)


def _place(mark: Any) -> Location:
    return Location(mark.line + 1, mark.column + 1)


def _mark(error: yaml.YAMLError) -> Location:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return Location(1, 1) if mark is None else _place(mark)


def _reason(error: yaml.YAMLError) -> str:
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read")
    if "mapping values are not allowed" in problem:
        return f"{problem}; put a text that contains a colon in quotation marks"
    start, place = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    if start is not None and place is not None and start.line != place.line:
        return f"{problem} (in the block that starts on line {start.line + 1})"
    return problem
