"""YAML that remembers where everything stands.

A small loader over PyYAML's event stream. It keeps the line and column of every key and value, leaves every scalar a
string (pydantic alone decides types; only a plain empty value, `~` or `null` is None), and refuses what a record of
data does not need and a reader would trip over: aliases, tags, duplicate keys, several documents, deep nesting.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from positions.episode_file.fields import forbidden, quoted, shortened

Path = tuple[str | int, ...]

DEEPEST = 20
"""How deep lists and mappings may be nested."""

MOST_VALUES = 200_000
"""How many keys and values a text may hold: what takes a few bytes to write takes many more to hold."""

MOST_PROBLEMS = 500
"""How many faults are looked for: more than anybody reads."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STANDARD_TAG = "tag:yaml.org,2002:"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class YamlProblem:
    """Something that a file of ours may not hold, and where."""

    place: Location
    message: str


@dataclass(slots=True)
class Located:
    """What a text holds: plain values, the places of keys and values by path, and the faults found on the way."""

    value: Any = None
    keys: dict[Path, Location] = field(default_factory=dict)
    values: dict[Path, Location] = field(default_factory=dict)
    problems: list[YamlProblem] = field(default_factory=list)

    def place(self, path: Path, *, key: bool = False) -> Location:
        """Where `path` stands, or the nearest thing around it that does; `key` asks for the key itself."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Location(1, 1))


def load(text: str, *, with_places: bool = True) -> Located:
    """Read the YAML in `text`; without the places of keys and values, which take most of the memory, if so asked.

    Never raises for what the text holds: a text that is no YAML at all has one fault, and the value None.
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
        reason = "a tab stands here; indent with spaces" if is_tab else _reason(error)
        located.problems.append(YamlProblem(place, f"this is not YAML: {reason}"))
    except _TooMuchError as error:
        located.value = None
        located.problems.append(error.problem)
    return located


class _TooMuchError(Exception):
    """Reading stops here: what follows is not worth the time and memory."""

    def __init__(self, problem: YamlProblem) -> None:
        super().__init__()
        self.problem = problem


class _Builder:
    """Turns events into values, one node at a time."""

    def __init__(self, located: Located, events: Iterator[Any], *, with_places: bool) -> None:
        self._located = located
        self._events = events
        self._with_places = with_places
        self._count = 0

    def document(self) -> None:
        """Read the first document, and complain about a second."""
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self._count:
                    self._problem(event, "a second document begins here; one file is one episode")
                    return
                self._located.value = self._node(next(self._events), ())

    def _node(self, event: Any, path: Path) -> Any:
        if self._with_places:
            self._located.values[path] = _place(event.start_mark)
        if len(path) > DEEPEST:
            raise _TooMuchError(_problem(event, f"nested deeper than {DEEPEST} levels"))
        self._count += 1
        if self._count > MOST_VALUES:
            raise _TooMuchError(_problem(event, f"holds more than {MOST_VALUES:,} values; one file is one episode"))
        if isinstance(event, yaml.AliasEvent):
            self._problem(event, f"aliases (*{shortened(str(event.anchor))}) are not used here; write the value out")
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
        """The key that `event` begins, or None if it cannot be one; `lines` are those of the keys before it."""
        self._refuse_tag(event)
        if not isinstance(event, yaml.ScalarEvent):
            self._node(event, (*path, "?"))
            self._problem(event, "a key must be a plain word")
            return None
        if "\n" in event.value:
            self._problem(event, "a key must be a plain word")
            return None
        if (character := forbidden(event.value)) is not None:
            self._problem(event, f"the character U+{ord(character):04X} may not stand in a key; take it out")
            return None
        if event.value in lines:
            first = lines[event.value]
            self._problem(event, f"the key {quoted(event.value)} stands here twice (first in line {first})")
            return None
        mark: Any = event.start_mark
        lines[event.value] = mark.line + 1
        if self._with_places:
            self._located.keys[(*path, event.value)] = _place(mark)
        return str(event.value)

    def _refuse_tag(self, event: Any) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            written = shortened(str(tag).replace(_STANDARD_TAG, "!!"))
            self._problem(event, f"tags ({written}) are not used here; leave it out")

    def _problem(self, event: Any, message: str) -> None:
        problem = _problem(event, message)
        if len(self._located.problems) >= MOST_PROBLEMS:
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
        return f"{problem}; put a text that holds a colon in quotation marks"
    began, place = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    if began is not None and place is not None and began.line != place.line:
        return f"{problem} (in what begins in line {began.line + 1})"
    return problem
