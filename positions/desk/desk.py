"""The state of the desk, which is the text of the episode file, and what can be done to it.

Each change is written into the draft before it counts. Undo and redo are stacks of earlier texts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from sqlalchemy import Connection

from positions import database, texts
from positions.desk import document as documents
from positions.desk.choices import PERSON, Choices
from positions.desk.document import NEW, Document, Edit, Path
from positions.desk.passages import Span, Text
from positions.desk.store import Store, comments
from positions.episode_file import load
from positions.episode_file.dump import dump
from positions.episode_file.schema import SECTIONS
from positions.errors import EpisodeFileError, InvalidRequestError, Problem
from positions.recording import files as recording
from positions.recording import stored
from positions.recording.additions import slug
from positions.recording.changes import ChangeSet
from positions.recording.plan import plan
from positions.safe_text import in_one_line
from positions.vocabulary import Basis

_MOST_UNDO = 200
_LONGEST_TITLE = 120
_LEADING_DATE = re.compile(r"^(\d{4}-\d{2}-\d{2})-(?=.)")
_SCHEMA_LINE = re.compile(r"# yaml-language-server: .*\n")
_DAY = {"responses": "said", "demands": "made", "offers": "made", "packages": "said", "outcomes": "on"}
"""By section: the field with the day."""

_COPIED = ("basis", "venue")
"""What a new entry takes over, with the day, from the last one of its section."""


class StaleError(InvalidRequestError):
    """A change that was made to an older state than the present one."""

    def __init__(self) -> None:
        super().__init__("this was changed in another window meanwhile", "Look at it as it is now, and try again.")


@dataclass(frozen=True, slots=True)
class Checked:
    """What the loader and the rules find in the file, and what recording it would change (None: it has faults)."""

    problems: Sequence[Problem]
    changes: ChangeSet | None


@dataclass(frozen=True, slots=True)
class _Step:
    """A text to go back to, and what was changed after it: the next change of the same joins it."""

    text: str
    what: object


class Desk:
    """An episode file that is being coded from a text."""

    def __init__(self, db: str, source: File, file: File) -> None:
        """Open `file`, or begin it, beside the text of `source`.

        Raises:
            PositionsError: the text or the file cannot be read, or the file holds something else.
        """
        self._db = db
        self.name, self.source = in_one_line(file.name), in_one_line(source.name)
        found = texts.load(source)
        self.source_sha256, self.words = found.sha256, Text(found.text)
        self.store = Store(file)
        saved = self.store.text() or ""
        if saved.strip():
            _require_episode_file(file)
        self.saved = saved or None
        draft = self.store.draft_text()
        with database.reading(db) as connection:
            self.choices = Choices(connection)
            self._begun = _begun(connection, source, found)
        self.text = draft or saved or self._begun
        self.is_restored = draft is not None and draft != saved
        self.comments = comments(saved)
        self.version = 1
        self.report: list[tuple[ChangeSet, int | None]] = []
        self.told: str | None = None
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._checked: tuple[str, Checked] | None = None

    # ---- what the page shows

    def document(self) -> Document | None:
        """The plain values of the file; None if they cannot be read."""
        try:
            return documents.read(self.text)
        except InvalidRequestError:
            return None

    @property
    def is_saved(self) -> bool:
        """Whether the file holds all that the desk does."""
        return self.text == self.saved

    @property
    def undoable(self) -> tuple[bool, bool]:
        """Whether there is something to undo, and to redo."""
        return bool(self._undo), bool(self._redo)

    def checked(self) -> Checked:
        """The faults of the file and the plan, found as `record` finds them."""
        if self._checked is None or self._checked[0] != self.text:
            self._checked = self.text, self._check()
        return self._checked[1]

    def _check(self) -> Checked:
        def planned(connection: Connection) -> ChangeSet:
            return plan(connection, load.parse(self.text, self.name))

        try:
            with database.reading(self._db) as connection:
                return Checked([], planned(connection))
        except EpisodeFileError as error:
            return Checked(error.problems, None)

    # ---- what can be done

    def edit(self, edits: Sequence[Edit], *, what: object = None) -> Path | None:
        """Make `edits` as one step, and return the path of the entry that they added, if any.

        A step joins the one before it if both have the same `what`, which is not None.

        Raises:
            PositionsError: the edits make no sense, or cannot be kept.
        """
        before = documents.read(self.text)
        speaks_for = {person.id: person.speaks_for for person in self.choices.of(before)[PERSON]}
        complete = documents.with_principals(before, edits, speaks_for)
        made, added = documents.changed(before, complete, self.choices.taken)
        self.change(self._head() + documents.write(made), what=what)
        return added

    def add(self, section: str, values: dict[str, Any]) -> Path:
        """Add an entry to `section` and return its path.

        It gets the day and basis of the last entry there, unless that one is alleged.

        Raises:
            PositionsError: it cannot be kept.
        """
        if section not in SECTIONS:
            raise InvalidRequestError("there is no such section", "Reload the page.")
        document = documents.read(self.text)
        last = (document[section] or [{}])[-1]
        if last.get("basis") == Basis.ALLEGED:
            last = {}
        copied = {name: last[name] for name in (*_COPIED, _DAY.get(section, "")) if name in last}
        published = document["episode"].get("published")
        if section in _DAY and _DAY[section] not in copied and published:
            copied[_DAY[section]] = published
        added = self.edit([Edit((section, NEW), {**copied, **values})])
        assert added is not None
        return added

    def quotation(self, spans: Sequence[Span]) -> str:
        """The words of the text at `spans`, as a quotation."""
        return self.words.quotation(spans)

    def change(self, text: str, *, what: object = None) -> None:
        """Put `text` in the place of the present one.

        Raises:
            PositionsError: it cannot be kept in the draft.
        """
        if text == self.text:
            return
        self._keep(text)
        joins = what is not None and bool(self._undo) and self._undo[-1].what == what
        if not joins:
            self._undo = [*self._undo, _Step(self.text, what)][-_MOST_UNDO:]
        self._redo.clear()
        self._become(text)

    def undo(self) -> None:
        """Go back by one step."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """Make the step again that was undone."""
        self._step(self._redo, self._undo)

    def _step(self, source: list[_Step], target: list[_Step]) -> None:
        if source:
            self._keep(source[-1].text)
            target.append(_Step(self.text, None))
            self._become(source.pop().text)

    def _keep(self, text: str) -> None:
        if text == self.saved:
            self.store.forget()
        else:
            self.store.keep(text)

    def _become(self, text: str) -> None:
        self.text, self.version = text, self.version + 1
        self.report, self.told, self.is_restored = [], None, False

    def save(self) -> None:
        """Write the file as `dump` would write it.

        Raises:
            PositionsError: another program has changed it, or it cannot be written.
        """
        text = self._head() + documents.as_dumped(self.text)
        if text == self.saved and text == self.text and not self.store.is_changed():
            self.told = f"{self.name} is saved already."
            return
        old = self.store.save(text)
        if text != self.text:
            self._become(text)
        self.version += 1
        self.saved, self.comments, self.is_restored = text, 0, False
        kept = f" The file with its comments is kept as {in_one_line(old.name)}." if old else ""
        self.told = f"Saved {self.name}.{kept}"

    def record(self) -> None:
        """Save the file and record it, as the command `record` does.

        Raises:
            PositionsError: the file has faults, or cannot be saved or recorded.
        """
        if self.checked().changes is None:
            count = len(self.checked().problems)
            raise InvalidRequestError("nothing was recorded", f"First correct the {count} faults listed below.")
        self.save()
        with database.recording(self._db) as connection:
            self.report = recording.record(connection, [self.store.file])
        with database.reading(self._db) as connection:
            self.choices = Choices(connection)
        self._checked = None
        self.version += 1

    def take(self) -> None:
        """Go on with the file as another program has left it; undo brings back what was here.

        Raises:
            PositionsError: it cannot be read, or is no episode file.
        """
        self.store.look()
        text = self.store.text() or ""
        if text.strip():
            _require_episode_file(self.store.file)
        self.saved, self.comments = text or None, comments(text)
        self.change(text if text.strip() else self._begun)
        self.version += 1

    def insist(self) -> None:
        """Go on with what is here; saving then replaces the file as another program has left it."""
        self.store.look()
        self.store.keep(self.text)
        self.saved, self.version = self.store.text(), self.version + 1

    def discard(self) -> None:
        """Go back to the file as it was saved; undo brings back what was here."""
        self.change(self.saved or self._begun)

    def _head(self) -> str:
        """The line that names the schema to editors, if the file has one."""
        found = _SCHEMA_LINE.match(self.text)
        return found.group() if found else ""


def _require_episode_file(file: File) -> None:
    """Raise unless `file` is YAML with an episode, perhaps a faulty one.

    Raises:
        EpisodeFileError: it cannot be read, or is something else.
    """
    source = load.load(file)
    if re.search(r"^episode:", source.text, re.MULTILINE) is None and not source.text.lstrip().startswith("{"):
        raise EpisodeFileError([Problem(source.file, 0, 0, "", load.NO_EPISODE_FILE)])


def _begun(connection: Connection, source: File, found: texts.Source) -> str:
    """A new file: what the record holds of the episode or, if that is nothing, what the text and its name say of it."""
    name = slug(_LEADING_DATE.sub("", source.stem)) or "episode"
    if recorded := stored.entries(connection, name):
        return dump(recorded.values())
    dated = _LEADING_DATE.match(source.name)
    title = next((line.strip() for line in found.text.splitlines() if line.strip()), "")[: _LONGEST_TITLE + 1]
    values = {
        "id": name,
        "title": " ".join(title.split()) if len(title) <= _LONGEST_TITLE else None,
        "published": dated[1] if dated else None,
        "text_sha256": found.sha256,
    }
    return documents.write({"format": "1", "episode": {field: value for field, value in values.items() if value}})
