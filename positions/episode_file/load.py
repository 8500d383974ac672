"""From an episode file to its entries: every fault found on the way is kept, with the place to look at.

`load` reads a path, `parse` a text. Neither stops at the first fault: what could be read is there as entries, so that
faults which only the database can show are reported together with these.
"""

import hashlib
import stat
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from positions.dates import Span
from positions.episode_file import located_yaml, messages, rules
from positions.episode_file.fields import STORED, forbidden
from positions.episode_file.located_yaml import MOST_PROBLEMS, MOST_VALUES
from positions.episode_file.schema import SECTIONS, Entry, EpisodeEntry, EpisodeFile, ResponseEntry
from positions.errors import EpisodeFileError, Problem
from positions.safe_text import in_one_line
from positions.vocabulary import EntryKind

LARGEST: Final = 10 * 1024 * 1024
"""The largest file, in bytes."""

STDIN: Final = Path("-")
"""The name that stands for standard input."""

MOST_ACCOUNTS: Final = 1_000
"""How often one file may say where an actor stands on an item: each account is held against all others."""

_Path = located_yaml.Path
_BY_ITEM = frozenset({"stances", "repeats", "about"})
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class LocatedEntry:
    """An entry, and where in its file it stands."""

    entry: Entry
    path: _Path


@dataclass(slots=True)
class Source:
    """What an episode file holds, as far as it can be read, and what is wrong with it so far."""

    file: str
    sha256: str
    text: str = ""
    """What stands in the file. It is read once more, for the places of everything, if something is wrong with it."""
    located: located_yaml.Located | None = None
    episode: EpisodeEntry | None = None
    written: list[LocatedEntry] = field(default_factory=list)
    faulty: list[tuple[EntryKind, _Path, dict[str, Any]]] = field(default_factory=list)
    """The entries that cannot be read as such: what they were to be, where they stand, and their plain values."""
    declared: set[tuple[EntryKind, str]] = field(default_factory=set)
    """Every id that the file means to define, in entries with faults too."""
    other_problems: list[Problem] = field(default_factory=list)
    broken_rules: dict[_Path, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    """By the place of an entry: the rules for new entries that it breaks. One that is held already is forgiven them."""
    readable: dict[_Path, Entry] = field(default_factory=dict)
    """By place: the entries among those that break a rule of one field, as they were read if they are held already."""

    def report_problem(self, path: _Path, message: str, *, key: bool = False, entry: _Path | None = None) -> None:
        """Note a fault at `path`, whose last part may also be one of the ids that are listed there.

        `entry` is the place of the entry that breaks a rule by it.

        Raises:
            EpisodeFileError: there are more faults than are worth looking for; it holds those found so far.
        """
        path = self._spot(path)
        key = key or (len(path) > 1 and path[-2] in _BY_ITEM)
        place = self.place(path, key=key)
        self.note(Problem(self.file, place.line, place.column, messages.path(path), message), entry=entry)

    def place(self, path: _Path, *, key: bool = False) -> located_yaml.Location:
        """Where `path` stands in the file, or the nearest thing around it that does; `key` asks for the key itself."""
        return self._located().place(path, key=key)

    def note(self, problem: Problem, *, entry: _Path | None = None) -> None:
        """Note a fault whose place is known.

        Raises:
            EpisodeFileError: as `report_problem` does.
        """
        found = self.problems
        if len(found) >= MOST_PROBLEMS:
            more = f"has more than {MOST_PROBLEMS} faults; these were found first"
            raise EpisodeFileError([Problem(self.file, 0, 0, "", more), *found])
        (self.other_problems if entry is None else self.broken_rules[entry]).append(problem)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the file: its faults, and the rules that its entries break."""
        return [*self.other_problems, *(problem for several in self.broken_rules.values() for problem in several)]

    def add(self, written: LocatedEntry) -> None:
        """Put an entry among the others, in the order of the file."""
        self.written = _as_in_file([*self.written, written])

    def forgive(self, path: _Path) -> None:
        """Forgive the entry at `path`, which is held as it is, the rules that it breaks."""
        self.broken_rules.pop(path, None)
        self.faulty = [(what, at, raw) for what, at, raw in self.faulty if at != path]

    def _located(self) -> located_yaml.Located:
        if self.located is None:
            self.located = located_yaml.load(self.text)
        return self.located

    def _spot(self, path: _Path) -> _Path:
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
        """The episode of a file without faults.

        Raises:
            EpisodeFileError: there are faults; it holds all of them.
        """
        problems = self.problems
        if problems or self.episode is None:
            raise EpisodeFileError(problems)
        return self.episode


def load(path: Path) -> Source:
    """Read the episode file at `path`, or from standard input if that is `STDIN`.

    Raises:
        EpisodeFileError: there is no text to read: no file, a folder, too large, not UTF-8.
    """
    content = _bytes(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        message = f"is not UTF-8: byte {error.object[error.start]:#04x}; save the file as UTF-8"
        raise EpisodeFileError([Problem(_name(path), line, column, "", message)]) from error
    return parse(text, _name(path), hashlib.sha256(content).hexdigest())


def parse(text: str, file: str, sha256: str = "") -> Source:
    """Read the episode in `text`, which stands in `file`. Faults are in the result.

    Raises:
        EpisodeFileError: there are more faults than are worth looking for.
    """
    source = Source(file, sha256, text)
    for line, column, character in _forbidden_places(text):
        message = f"the character {character} may not stand in a file; take it out"
        source.note(Problem(file, line, column, "", message))
    if source.problems:
        return source
    plain = located_yaml.load(text, with_places=False)
    for problem in plain.problems:
        source.note(Problem(file, problem.place.line, problem.place.column, "", problem.message))
    if plain.value is not None:
        read(source, plain.value)
    elif not source.problems:
        source.other_problems.append(Problem(file, 0, 0, "", "is empty; `positions draft FILE` makes one to fill in"))
    return source


def read(source: Source, raw: Any) -> None:
    """Turn the plain values `raw` into the entries of `source`, and note what is wrong with them.

    Raises:
        EpisodeFileError: there are more faults than are worth looking for.
    """
    if not isinstance(raw, dict):
        source.report_problem((), "an episode file is a mapping that begins with `format: 1` and `episode:`")
        return
    context: dict[str, Any] = {"published": _published(raw)}
    reader = _Reader(source, raw, context, {(problem.line, problem.column) for problem in source.problems})
    around = {name: () if name in SECTIONS and isinstance(part, list) else part for name, part in raw.items()}
    whole = reader.read(EpisodeFile, around, ())
    source.episode = reader.episode() if whole is None else whole.episode
    for section, kind in SECTIONS.items():
        listed = raw.get(section)
        for index, value in enumerate(listed if isinstance(listed, list) else ()):
            path = (section, index)
            entry = reader.read(kind, value, path)
            if entry is not None:
                source.written.append(LocatedEntry(entry, path))
            elif isinstance(value, dict):
                source.faulty.append((kind.what, path, value))
    _declare(source, raw)
    _refuse_masses(source)
    _apply_rules(source)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns one part of a file after another into an entry: what is wrong in all of them never stands in memory."""

    source: Source
    raw: dict[str, Any]
    context: dict[str, Any]
    known: set[tuple[int, int]]
    """Places at which a fault was noted while the text was read."""

    def read(self, kind: type[_Model], value: Any, path: _Path) -> _Model | None:
        """The entry that `value`, which stands at `path`, makes; None, and faults are noted, if it makes none."""
        try:
            return kind.model_validate(value, context=self.context)
        except ValidationError as error:
            self._keep_readable(kind, value, path)
            for at, message, at_key in messages.problems(error, self.raw, path):
                place = self.source.place(at, key=at_key)
                if (place.line, place.column) not in self.known:
                    entry = next((around for around in (at[:1], at[:2]) if around in self.source.readable), None)
                    self.source.report_problem(at, message, key=at_key, entry=entry)
        return None

    def episode(self) -> EpisodeEntry | None:
        """The episode of a file that has faults, as far as it can be read."""
        readable = self.source.readable.get(("episode",))
        return readable if isinstance(readable, EpisodeEntry) else None

    def _keep_readable(self, kind: type[_Model], value: Any, path: _Path) -> None:
        """Keep what breaks a rule for new entries only: it may be held already."""
        raw = value.get("episode") if kind is EpisodeFile and isinstance(value, dict) else value
        wanted: type[BaseModel] = EpisodeEntry if kind is EpisodeFile else kind
        stored = _try(wanted, raw, {**self.context, STORED: True})
        if isinstance(stored, Entry):
            self.source.readable[path or ("episode",)] = stored


def _refuse_masses(source: Source) -> None:
    """Note that the file says more than one source can, in few words: each of its actors on each of its items."""
    responses = [one.entry for one in source.written if isinstance(one.entry, ResponseEntry)]
    if sum(len(one.by) * len(one.stances) for one in responses) > MOST_VALUES:
        source.report_problem(("responses",), f"hold more than {MOST_VALUES:,} stances; one file is one episode")
        return
    said = Counter((actor, item) for one in responses for actor in one.by for item in one.stances)
    for (actor, item), times in said.items():
        if times > MOST_ACCOUNTS:
            message = f"put {actor} on {item} {times:,} times; one source can at most {MOST_ACCOUNTS:,} times"
            source.report_problem(("responses",), message)


def _apply_rules(source: Source) -> None:
    if source.episode is not None:
        for path, message in rules.problems(source.episode, source.episode):
            source.report_problem(("episode", *path), message, entry=("episode",))
    for one in source.written:
        for path, message in rules.problems(one.entry, source.episode):
            source.report_problem((*one.path, *path), message, entry=one.path)
    readable = [LocatedEntry(entry, path) for path, entry in source.readable.items() if path != ("episode",)]
    for second, first in _twice(_as_in_file([*source.written, *readable])):
        entry, line = second.entry, source.place(first.path).line
        advice = "; give one of them an `id` of its own" if entry.what is EntryKind.OUTCOME else ""
        source.report_problem(
            (*second.path, "id"), f"the id {entry.id} stands here twice (first in line {line}){advice}"
        )


def _as_in_file(written: Iterable[LocatedEntry]) -> list[LocatedEntry]:
    """`written` in the order in which the entries stand in their file."""
    sections = list(SECTIONS)
    return sorted(written, key=lambda entry: (sections.index(str(entry.path[0])), entry.path[1:]))


def _twice(written: Iterable[LocatedEntry]) -> Iterator[tuple[LocatedEntry, LocatedEntry]]:
    """Entries whose id another entry before them has; items and packages share their ids."""
    shared = {EntryKind.DEMAND: EntryKind.PACKAGE, EntryKind.OFFER: EntryKind.PACKAGE}
    seen: dict[tuple[EntryKind, str], LocatedEntry] = {}
    for one in written:
        key = (shared.get(one.entry.what, one.entry.what), one.entry.id)
        if key in seen:
            yield one, seen[key]
        seen.setdefault(key, one)


def _try(kind: type[_Model], value: Any, context: dict[str, Any]) -> _Model | None:
    try:
        return kind.model_validate(value, context=context)
    except ValidationError:
        return None


def _declare(source: Source, raw: dict[str, Any]) -> None:
    for section, kind in SECTIONS.items():
        listed = raw.get(section)
        for value in listed if isinstance(listed, list) else ():
            if isinstance(value, dict) and isinstance(value.get("id"), str):
                source.declared.add((kind.what, value["id"]))


def _published(raw: dict[str, Any]) -> date | None:
    episode = raw.get("episode")
    try:
        return Span.parse(str(episode["published"])).end if isinstance(episode, dict) else None
    except (KeyError, ValueError):
        return None


def _forbidden_places(text: str) -> Iterator[tuple[int, int, str]]:
    """The first character in each line that no file may hold: line, column, and its name."""
    if forbidden(text.replace("\r\n", "\n")) is None:
        return
    for number, line in enumerate(text.split("\n"), 1):
        character = forbidden(line.removesuffix("\r"))
        if character is not None:
            yield number, line.index(character) + 1, f"U+{ord(character):04X}"


def _bytes(path: Path) -> bytes:
    try:
        if path == STDIN:
            return _not_too_large(sys.stdin.buffer.read(LARGEST + 1), path)
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise _unreadable(path, "is a folder; name the episode files in it")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise _unreadable(path, "there is no such file") from error
    except (OSError, ValueError) as error:
        raise _unreadable(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return _not_too_large(content, path)


def _not_too_large(content: bytes, path: Path) -> bytes:
    if len(content) > LARGEST:
        raise _unreadable(path, f"is larger than {LARGEST // 1024 // 1024} MiB; one file is one episode")
    return content


def _unreadable(path: Path, message: str) -> EpisodeFileError:
    return EpisodeFileError([Problem(_name(path), 0, 0, "", message)])


def _name(path: Path) -> str:
    """The path as text that can be stored and shown, whatever bytes the file system has."""
    return in_one_line(str(path))
