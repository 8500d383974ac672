"""The episode file as plain values: reading it, changing it by edits, writing it.

An edit sets the value at a path, like `("responses", 2, "stances", "no-enlargement", "stance")`; None, an empty text or
an empty list removes it. The index `NEW` appends an entry to a section.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from positions.episode_file import load, located_yaml
from positions.episode_file.dump import dump_plain
from positions.episode_file.fields import by_name
from positions.episode_file.schema import SECTIONS, EpisodeEntry
from positions.errors import EpisodeFileError, InvalidRequestError
from positions.recording.additions import slug
from positions.recording.references import REFERENCES
from positions.vocabulary import SLUG_LENGTH, EntryKind

Path = tuple[str | int, ...]
Document = dict[str, Any]

NEW = "new"
DETAILS = ("stances", "repeats", "about")
"""The fields of a response that say something of one item after the other."""

_LISTS = frozenset({"by", "to", "affects", "answers", "alternative_to", "part_of", "items", "core"})
_WORDS_IN_ID = 5
_SHORT_WORDS = frozenset({"a", "an", "and", "by", "for", "in", "its", "of", "on", "or", "our", "the", "their", "to"})


@dataclass(frozen=True, slots=True)
class Edit:
    """One value to set, or to remove if it is None or empty."""

    path: Path
    value: Any


def read(text: str) -> Document:
    """The plain values of the episode file `text`, with stances, repeats and ids in their long forms.

    Raises:
        InvalidRequestError: it is not YAML with an episode and lists of entries.
    """
    found = located_yaml.load(text, with_places=False)
    document: Any = found.value
    sections = [] if not isinstance(document, dict) else [document.get(name) or [] for name in SECTIONS]
    is_readable = not found.problems and isinstance(document, dict) and isinstance(document.get("episode") or {}, dict)
    if not is_readable or not all(isinstance(entry, dict) for entry in chain(*map(_as_list, sections))):
        raise InvalidRequestError("the file cannot be shown as entries", "Correct its YAML, or undo.")
    long = {name: [_long(entry) for entry in document.get(name) or []] for name in SECTIONS}
    return {**document, "episode": document.get("episode") or {}, **long}


def _as_list(section: Any) -> list[Any]:
    return section if isinstance(section, list) else [section]


def write(document: Mapping[str, Any]) -> str:
    """The text of the episode file."""
    part = {"format": 1 if document.get("format") == "1" else document.get("format")}
    return dump_plain({**document, **part})


def as_dumped(text: str) -> str:
    """`text` as `dump` would write it.

    Entries that cannot be read keep their form; a file that cannot be read at all is returned unchanged.
    """
    try:
        document = read(text)
        source = load.parse(text, "")
    except (InvalidRequestError, EpisodeFileError):
        return text
    if source.episode is not None and ("episode",) not in source.readable:
        document["episode"] = source.episode.content()
    for located in source.written:
        section, index = located.path
        document[str(section)][int(index)] = located.entry.content()
    return write(document)


def changed(document: Document, edits: Iterable[Edit], taken: Collection[str] = ()) -> tuple[Document, Path | None]:
    """A copy of `document` with `edits` made, in order, and the path of the entry that they added, if any.

    `taken` are ids that a new entry must not get.

    Raises:
        InvalidRequestError: a path leads nowhere.
    """
    made = deepcopy(document)
    added: Path | None = None
    removed: list[Path] = []
    for edit in edits:
        if edit.path[1:] == (NEW,) and isinstance(edit.value, dict):
            entries = _entries(made, edit.path[0])
            entries.append(_named(str(edit.path[0]), edit.value, {*taken, *_ids(made)}))
            added = added or (edit.path[0], len(entries) - 1)
        elif edit.value is None and len(edit.path) == 2 and edit.path[0] in SECTIONS:  # noqa: PLR2004
            entry(made, edit.path)
            removed.append(edit.path)
        else:
            _set(made, edit.path, edit.value, taken)
    for section, index in sorted(removed, key=lambda path: -int(path[1])):
        del made[str(section)][int(index)]
    return made, added


def with_principals(document: Document, edits: Sequence[Edit], speaks_for: Mapping[str, str]) -> list[Edit]:
    """`edits`, and what follows from those that name a speaker; `speaks_for` has the known actor of each person.

    If nobody is named in `by` yet, it becomes the actor that the speaker speaks for. A person whom the edits add speaks
    for the only actor in `by`.

    Raises:
        InvalidRequestError: a path leads nowhere.
    """
    added = [str(one.value.get("id")) for one in edits if one.path == ("actors", NEW) and isinstance(one.value, dict)]
    made = list(edits)
    for edit in edits:
        if edit.path[2:] != ("speaker",) or not isinstance(edit.value, str):
            continue
        found = entry(document, edit.path)
        by = found.get("by") or []
        if edit.value in added and isinstance(by, list) and len(by) == 1:
            place = len(document["actors"]) + added.index(edit.value)
            made.append(Edit(("actors", place, "speaks_for"), by[0]))
        elif not by and not found.get("side") and speaks_for.get(edit.value):
            made.append(Edit((*edit.path[:2], "by"), [speaks_for[edit.value]]))
    return made


def entry(document: Document, path: Path) -> dict[str, Any]:
    """The entry, or the episode, that `path` leads to or into.

    Raises:
        InvalidRequestError: there is none.
    """
    if path[:1] == ("episode",):
        episode: dict[str, Any] = document["episode"]
        return episode
    try:
        found: dict[str, Any] = _entries(document, path[0])[int((*path, "")[1])]
    except (IndexError, ValueError):
        raise InvalidRequestError("that entry is no longer there", "Look at the list, and try again.") from None
    return found


def entries(document: Document) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every entry with its path, in the order of the file, without the episode."""
    for section in SECTIONS:
        for index, found in enumerate(document.get(section, ())):
            yield (section, index), found


def element_id(path: Path) -> str:
    """The id of the element on the page that shows what is at `path`."""
    return ".".join(str(part) for part in path)


def _entries(document: Document, section: Any) -> list[dict[str, Any]]:
    if section not in SECTIONS:
        raise InvalidRequestError(f"there is no section {section}", "Reload the page.")
    found: list[dict[str, Any]] = document.setdefault(section, [])
    return found


def _set(document: Document, path: Path, value: Any, taken: Collection[str]) -> None:
    """Set the value at `path`; a new title may change the id of its entry, and a new id what refers to it."""
    found = entry(document, path)
    names = path[1:] if path[0] == "episode" else path[2:]
    model = EpisodeEntry if path[0] == "episode" else SECTIONS[str(path[0])]
    if not names or str(names[0]) not in {*model.model_fields, *found}:
        raise InvalidRequestError(f"there is no such field in {path[0]}", "Nothing was changed.")
    before = dict(found)
    _put(found, [str(name) for name in names], value)
    for emptied in DETAILS:
        if found.get(emptied) == {}:
            del found[emptied]
    if path[0] == "episode":
        return
    if names in {("title",), ("name",)} and before.get("id") == _suggested(before):
        others = {*taken, *_ids(document)} - {before["id"]}
        found["id"] = unique(_suggested(found), others) or before["id"]
    if found.get("id") != before.get("id"):
        _rename(document, model.what, str(before.get("id")), found.get("id"))


def _put(around: dict[str, Any], names: Sequence[str], value: Any) -> None:
    for name in names[:-1]:
        inner = around.setdefault(name, {})
        if not isinstance(inner, dict):
            raise InvalidRequestError("that field is not there", "Change it in the YAML.")
        around = inner
    if value is None or value in ("", []):
        around.pop(names[-1], None)
    else:
        around[names[-1]] = value


def _rename(document: Document, kind: EntryKind, old: str, new: Any) -> None:
    """Let all that refers to the entry `old` of this file refer to it as `new`."""
    if not isinstance(new, str) or kind in {EntryKind.RESPONSE, EntryKind.OUTCOME, EntryKind.EXTENSION}:
        return
    for (section, _), found in entries(document):
        fields = [name for name, kinds in REFERENCES[SECTIONS[str(section)].what].items() if kind in kinds]
        for name in [*fields, "core"]:
            value = found.get(name)
            if value == old:
                found[name] = new
            elif isinstance(value, list):
                found[name] = [new if one == old else one for one in value]
            elif isinstance(value, dict) and old in value:
                found[name] = {new if one == old else one: detail for one, detail in value.items()}


def _named(section: str, values: Mapping[str, Any], taken: Collection[str]) -> dict[str, Any]:
    """A new entry with an id, if its section needs one."""
    if "id" in values or section in {"outcomes", "extends"}:
        return dict(values)
    return {"id": unique(_suggested(values) or str(SECTIONS[section].what), taken), **values}


def _suggested(values: Mapping[str, Any]) -> str:
    """An id from the first words of the name, title or quotation; empty if there are none."""
    text = next((str(values[name]) for name in ("name", "title", "quote", "summary") if values.get(name)), "")
    words = [word for word in slug(text).split("-") if word not in _SHORT_WORDS]
    return "-".join(words[:_WORDS_IN_ID])[: SLUG_LENGTH - 4].strip("-")


def unique(name: str, taken: Collection[str]) -> str:
    """`name`, or `name-2` and so on, so that it is not among `taken`."""
    return next(one for one in chain([name], (f"{name}-{number}" for number in count(2))) if one not in taken)


def _ids(document: Document) -> list[str]:
    return [str(found.get("id")) for _, found in entries(document)]


def _long(values: dict[str, Any]) -> dict[str, Any]:
    """An entry with its stances, repeats and lists of ids in the long form; what is malformed stays as it is."""
    made = dict(values)
    for name in DETAILS:
        if made.get(name) is not None:
            try:
                made[name] = by_name(made[name]) if name != "stances" else made[name]
            except ValueError:  # an id is listed twice
                continue
            if name == "stances" and isinstance(made[name], dict):
                made[name] = {
                    item: {"stance": detail} if isinstance(detail, str) else detail or {}
                    for item, detail in made[name].items()
                }
    for name in _LISTS & made.keys():
        if isinstance(made[name], str):
            made[name] = [made[name]]
    return made
