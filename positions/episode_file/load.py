"""Reading episode files: their entries, and all their problems with line and column.

`load` reads a path, `parse` a text. Neither stops at the first problem: entries that can be read are returned, so that
problems that only the database shows are reported together with those of the file.
"""

import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from positions.dates import Span
from positions.episode_file import located_yaml, messages, rules
from positions.episode_file.fields import STORED, forbidden
from positions.episode_file.located_yaml import MAX_PROBLEMS, MAX_VALUES
from positions.episode_file.schema import SECTIONS, Entry, EpisodeEntry, EpisodeFile, ResponseEntry
from positions.errors import EpisodeFileError, Problem
from positions.safe_text import in_one_line
from positions.vocabulary import EntryKind

MAX_BYTES: Final = 10 * 1024 * 1024
"""The maximum size of a file."""

NO_EPISODE_FILE: Final = (
    "is not an episode file (YAML that begins with `format: 1` and `episode:`); `positions draft FILE.yaml` makes one"
)
"""What is said of a text, a sheet or another document."""

_DOCUMENTS = frozenset({".txt", ".md", ".doc", ".docx", ".odt", ".rtf", ".pdf", ".htm", ".html"})
"""Endings of files that hold a source, and hardly ever its coding."""

_SPREADSHEETS = frozenset({".csv", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods"})

STDIN: Final = Path("-")
"""The path that means standard input."""

MAX_ACCOUNTS: Final = 1_000
"""The most stances of one actor on one item in a file; each is compared with all others."""

_Path = located_yaml.Path
_BY_ITEM = frozenset({"stances", "repeats", "about"})
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class LocatedEntry:
    """An entry and its path in the file."""

    entry: Entry
    path: _Path


@dataclass(slots=True)
class LoadedFile:
    """The entries of an episode file that can be read, and the problems found so far."""

    file: str
    sha256: str
    text: str = ""
    """The text of the file; it is parsed again for line numbers only if there is a problem."""
    located: located_yaml.Located | None = None
    episode: EpisodeEntry | None = None
    written: list[LocatedEntry] = field(default_factory=list)
    faulty: list[tuple[EntryKind, _Path, dict[str, Any]]] = field(default_factory=list)
    """Entries that cannot be read: their kind, path and plain values."""
    declared: set[tuple[EntryKind, str]] = field(default_factory=set)
    """All ids that the file defines, also those of entries that cannot be read."""
    other_problems: list[Problem] = field(default_factory=list)
    broken_rules: dict[_Path, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    """By path of an entry: the broken rules; they are forgiven if the entry is already recorded."""
    readable: dict[_Path, Entry] = field(default_factory=dict)
    """By path: entries that break the rule of a field, read without it in case they are already recorded."""

    def report_problem(self, path: _Path, message: str, *, key: bool = False, entry: _Path | None = None) -> None:
        """Report a problem at `path`, which may end in an id of a list instead of its index.

        `key` points to the key instead of its value; `entry` is the path of the entry that breaks a rule.

        Raises:
            EpisodeFileError: there are too many problems; it has those found so far.
        """
        path = self._existing_path(path)
        key = key or (len(path) > 1 and path[-2] in _BY_ITEM)
        place = self.place(path, key=key)
        self.add_problem(Problem(self.file, place.line, place.column, messages.path(path), message), entry=entry)

    def place(self, path: _Path, *, key: bool = False) -> located_yaml.Location:
        """The line and column of `path` or its nearest parent; with `key`, those of the key instead of its value."""
        return self._located().place(path, key=key)

    def add_problem(self, problem: Problem, *, entry: _Path | None = None) -> None:
        """Add a problem whose line and column are known.

        Raises:
            EpisodeFileError: as `report_problem` does.
        """
        found = self.problems
        if len(found) >= MAX_PROBLEMS:
            more = f"has more than {MAX_PROBLEMS} problems; these were found first"
            raise EpisodeFileError([Problem(self.file, 0, 0, "", more), *found])
        (self.other_problems if entry is None else self.broken_rules[entry]).append(problem)

    @property
    def problems(self) -> list[Problem]:
        """All problems, those of broken rules last."""
        return [*self.other_problems, *(problem for problems in self.broken_rules.values() for problem in problems)]

    def add(self, located: LocatedEntry) -> None:
        """Insert an entry in the order of the file."""
        self.written = _in_file_order([*self.written, located])

    def forgive(self, path: _Path) -> None:
        """Drop the broken rules of the entry at `path`, which is already recorded unchanged."""
        self.broken_rules.pop(path, None)
        self.faulty = [(what, at, raw) for what, at, raw in self.faulty if at != path]

    def _located(self) -> located_yaml.Located:
        if self.located is None:
            self.located = located_yaml.load(self.text)
        return self.located

    def _existing_path(self, path: _Path) -> _Path:
        value = self._located().value
        for depth, part in enumerate(path):
            if isinstance(value, str):
                return path[:depth]
            if isinstance(value, list) and isinstance(part, str):
                return (*path[:depth], value.index(part)) if part in value else path[:depth]
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return path
        return path

    def require(self) -> EpisodeEntry:
        """The episode of a file without problems.

        Raises:
            EpisodeFileError: the file has problems; the error has all of them.
        """
        problems = self.problems
        if problems or self.episode is None:
            raise EpisodeFileError(problems)
        return self.episode


def load(path: Path) -> LoadedFile:
    """Read the episode file at `path`, or standard input if it is `STDIN`; problems are in the result.

    Raises:
        EpisodeFileError: the file is missing, a folder, too large or not UTF-8, or has too many problems.
    """
    content = _bytes(path)
    if path.suffix.lower() in _DOCUMENTS | _SPREADSHEETS and b"episode:" not in content:
        more = " from a spreadsheet with `--from`" if path.suffix.lower() in _SPREADSHEETS else ""
        raise _unreadable(path, NO_EPISODE_FILE + more)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        message = f"is not UTF-8: byte {error.object[error.start]:#04x}; save the file as UTF-8"
        raise EpisodeFileError([Problem(_name(path), line, column, "", message)]) from error
    return parse(text, _name(path), hashlib.sha256(content).hexdigest())


def parse(text: str, file: str, sha256: str = "") -> LoadedFile:
    """Read the episode file `file` from its `text`; problems are in the result.

    Raises:
        EpisodeFileError: there are too many problems.
    """
    source = LoadedFile(file, sha256, text)
    for line, column, character in _forbidden_places(text):
        message = f"the character {character} is not allowed in a file; remove it"
        source.add_problem(Problem(file, line, column, "", message))
    if source.problems:
        return source
    plain = located_yaml.load(text, with_places=False)
    for problem in plain.problems:
        source.add_problem(Problem(file, problem.place.line, problem.place.column, "", problem.message))
    if plain.value is not None:
        read(source, plain.value)
    elif not source.problems:
        source.other_problems.append(
            Problem(file, 0, 0, "", "is empty; `positions draft FILE` makes a file to fill in")
        )
    return source


def read(source: LoadedFile, raw: Any) -> None:
    """Read the plain values `raw` into the entries of `source`, and report their problems there.

    Raises:
        EpisodeFileError: there are too many problems.
    """
    if not isinstance(raw, dict):
        source.report_problem((), NO_EPISODE_FILE)
        return
    context: dict[str, Any] = {"published": _published(raw)}
    reader = _Reader(source, context, {(problem.line, problem.column) for problem in source.problems})
    # The file is validated without its lists, whose entries follow one by one.
    around = {name: () if name in SECTIONS and isinstance(part, list) else part for name, part in raw.items()}
    whole = reader.read(EpisodeFile, around, ())
    readable = source.readable.get(("episode",)) if whole is None else whole.episode
    source.episode = readable if isinstance(readable, EpisodeEntry) else None
    for section, kind in SECTIONS.items():
        listed = raw.get(section)
        for index, value in enumerate(listed if isinstance(listed, list) else ()):
            path = (section, index)
            entry = reader.read(kind, value, path)
            if entry is not None:
                source.written.append(LocatedEntry(entry, path))
            elif isinstance(value, dict):
                source.faulty.append((kind.what, path, value))
            if isinstance(value, dict) and isinstance(value.get("id"), str):
                source.declared.add((kind.what, value["id"]))
    _limit_stances(source)
    _apply_rules(source)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads a file section by section, so that pydantic's errors for all of them are never in memory at once."""

    source: LoadedFile
    context: dict[str, Any]
    known: set[tuple[int, int]]
    """Lines and columns of the problems found while parsing YAML; they are not reported twice."""

    def read(self, kind: type[_Model], value: Any, path: _Path) -> _Model | None:
        """The model of `value`, which is at `path`; None if it is invalid, and its problems are reported."""
        try:
            return kind.model_validate(value, context=self.context)
        except ValidationError as error:
            self._keep_readable(kind, value, path)
            for at, message, at_key in messages.problems(error, path):
                place = self.source.place(at, key=at_key)
                if (place.line, place.column) not in self.known:
                    entry = next((around for around in (at[:1], at[:2]) if around in self.source.readable), None)
                    self.source.report_problem(at, message, key=at_key, entry=entry)
        return None

    def _keep_readable(self, kind: type[_Model], value: Any, path: _Path) -> None:
        """Keep an entry that only breaks rules for new content: it may be recorded already."""
        raw = value.get("episode") if kind is EpisodeFile and isinstance(value, dict) else value
        wanted: type[BaseModel] = EpisodeEntry if kind is EpisodeFile else kind
        try:
            stored = wanted.model_validate(raw, context={**self.context, STORED: True})
        except ValidationError:
            return
        if isinstance(stored, Entry):
            self.source.readable[path or ("episode",)] = stored


def _limit_stances(source: LoadedFile) -> None:
    """Report too many stances: a short file can list many actors and many items, and each pair is a stance."""
    responses = [located.entry for located in source.written if isinstance(located.entry, ResponseEntry)]
    if sum(len(response.by) * len(response.stances) for response in responses) > MAX_VALUES:
        source.report_problem(
            ("responses",), f"have more than {MAX_VALUES:,} stances; put each episode in its own file"
        )
        return
    said = Counter((actor, item) for response in responses for actor in response.by for item in response.stances)
    for (actor, item), times in said.items():
        if times > MAX_ACCOUNTS:
            message = f"have {times:,} stances of {actor} on {item}; one source can have at most {MAX_ACCOUNTS:,}"
            source.report_problem(("responses",), message)


def _apply_rules(source: LoadedFile) -> None:
    if source.episode is not None:
        for path, message in rules.problems(source.episode, source.episode):
            source.report_problem(("episode", *path), message, entry=("episode",))
    for located in source.written:
        for path, message in rules.problems(located.entry, source.episode):
            source.report_problem((*located.path, *path), message, entry=located.path)
    readable = [LocatedEntry(entry, path) for path, entry in source.readable.items() if path != ("episode",)]
    for second, first in _duplicates(_in_file_order([*source.written, *readable])):
        entry, line = second.entry, source.place(first.path).line
        advice = "; give one of them an `id` of its own" if entry.what is EntryKind.OUTCOME else ""
        source.report_problem((*second.path, "id"), f"duplicate id {entry.id} (first on line {line}){advice}")


def _in_file_order(written: Iterable[LocatedEntry]) -> list[LocatedEntry]:
    """`written` in the order of the file."""
    sections = list(SECTIONS)
    return sorted(written, key=lambda entry: (sections.index(str(entry.path[0])), entry.path[1:]))


def _duplicates(written: Iterable[LocatedEntry]) -> Iterator[tuple[LocatedEntry, LocatedEntry]]:
    """Each entry whose id is used before, with the first entry of that id; items and packages share their ids."""
    shared = {EntryKind.DEMAND: EntryKind.PACKAGE, EntryKind.OFFER: EntryKind.PACKAGE}
    seen: dict[tuple[EntryKind, str], LocatedEntry] = {}
    for located in written:
        key = (shared.get(located.entry.what, located.entry.what), located.entry.id)
        if key in seen:
            yield located, seen[key]
        seen.setdefault(key, located)


def _published(raw: dict[str, Any]) -> date | None:
    episode = raw.get("episode")
    try:
        return Span.parse(str(episode["published"])).end if isinstance(episode, dict) else None
    except (KeyError, ValueError):
        return None


def _forbidden_places(text: str) -> Iterator[tuple[int, int, str]]:
    """The first forbidden character of each line: line, column, and its name."""
    if forbidden(text.replace("\r\n", "\n")) is None:
        return
    for number, line in enumerate(text.split("\n"), 1):
        character = forbidden(line.removesuffix("\r"))
        if character is not None:
            yield number, line.index(character) + 1, f"U+{ord(character):04X}"


def _bytes(path: Path) -> bytes:
    try:
        if path != STDIN and path.is_dir():
            raise _unreadable(path, "is a folder; name the episode files in it")
        with nullcontext(sys.stdin.buffer) if path == STDIN else path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)  # a device or a pipe may never end
    except FileNotFoundError as error:
        if path.parts[:1] in {("http:",), ("https:",)}:
            raise _unreadable(path, "is an address, not a file; save its text, and code it in a file") from error
        raise _unreadable(path, "there is no such file") from error
    except (OSError, ValueError) as error:
        raise _unreadable(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > MAX_BYTES:
        raise _unreadable(path, f"is larger than {MAX_BYTES // 1024 // 1024} MiB; put each episode in its own file")
    return content


def _unreadable(path: Path, message: str) -> EpisodeFileError:
    return EpisodeFileError([Problem(_name(path), 0, 0, "", message)])


def _name(path: Path) -> str:
    """The path as text that can be stored and shown: file names may contain any bytes."""
    return in_one_line(str(path))
