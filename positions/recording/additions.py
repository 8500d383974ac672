"""Adding single entries: each is recorded as if from a file with the episode and this one entry.

Entries that are already recorded are not corrected here: that is done in their file, which shows the whole entry.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace as changed
from itertools import chain, count
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection

from positions.episode_file import load, messages
from positions.episode_file.located_yaml import Located, Location
from positions.episode_file.schema import SECTIONS, Entry, EpisodeEntry
from positions.errors import EpisodeFileError, InvalidRequestError
from positions.queries import ids
from positions.recording import sequence, stored
from positions.recording.changes import ChangeSet
from positions.recording.plan import plan
from positions.recording.references import known
from positions.vocabulary import SLUG_LENGTH, EntryKind

EPISODE: Final = "episode"
"""The section of a file for the source itself; the other sections are in `SECTIONS`."""

_CLASSES: Mapping[str, type[Entry]] = {EPISODE: EpisodeEntry, **SECTIONS}
_SUFFIX_LENGTH = 4  # room for a number that makes an id unique
_PATH_OF_ENTRY = re.compile(r"^(episode|[a-z]+\[0\])\.?")


def new_episode(connection: Connection, entry: Mapping[str, Any]) -> load.LoadedFile:
    """A file with nothing but an episode, made of the plain values `entry`; what is wrong with them is in `problems`.

    Raises:
        InvalidRequestError: an episode with that id is already recorded.
    """
    return _source(connection, EPISODE, {EPISODE: dict(entry)})


def addition(connection: Connection, episode: str, section: str, entry: Mapping[str, Any]) -> load.LoadedFile:
    """A file that adds the plain values `entry` to `section` (like "responses") of the recorded `episode`.

    A response without an id gets one made of speaker and day. What is wrong with the values is in `problems`.

    Raises:
        UnknownIdError: there is no such episode.
        InvalidRequestError: the episode was retracted, or an entry of that kind and id is already recorded.
    """
    ids.require(connection, EPISODE, episode)
    recorded = stored.entries(connection, episode).get((EntryKind.EPISODE, episode))
    if recorded is None:
        raise InvalidRequestError(f"{episode} was retracted", "`positions log` shows when and why.")
    named = dict(entry)
    if section == "responses" and "id" not in named:
        named["id"] = _response_id(connection, episode, entry)
    return _source(connection, section, {EPISODE: recorded.content(), section: [named]})


def planned(connection: Connection, source: load.LoadedFile, *, again: bool = False) -> ChangeSet:
    """The change set that records the result of `addition` or `new_episode`, without a file and kept entries.

    Raises:
        EpisodeFileError: the entry has problems; each names its field.
        InvalidRequestError: the entry was retracted before, and `again` is not set.
    """
    try:
        changes = plan(connection, source, again=again)
    except EpisodeFileError as error:
        fields = (changed(problem, path=_PATH_OF_ENTRY.sub("", problem.path)) for problem in error.problems)
        raise EpisodeFileError(fields) from None
    for left_out in changes.left_out:
        message = f"{left_out.what} {left_out.name} was retracted in r{left_out.revision} ({left_out.message})"
        raise InvalidRequestError(message, "`--again` records it again; another `--id` makes it a new entry.")
    return changed(changes, file=None, file_sha256=None, kept=())


def reason(changes: ChangeSet) -> str:
    """The default message of the revision for an addition."""
    [change] = changes.changes
    return f"add {change.what} {change.name}"


def _response_id(connection: Connection, episode: str, entry: Mapping[str, Any]) -> str:
    """An id that no response of `episode` ever had, made of the speaker (or the first actor) and the day."""
    actors = entry.get("by") or EntryKind.RESPONSE
    who = entry.get("speaker") or (actors if isinstance(actors, str) else actors[0])
    stem = slug(f"{who}-{entry.get('said', '')}")[: SLUG_LENGTH - _SUFFIX_LENGTH].rstrip("-") or EntryKind.RESPONSE
    taken = {slug for what, slug in sequence.last_orders(connection, episode) if what is EntryKind.RESPONSE}
    names = chain([str(stem)], (f"{stem}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


def slug(text: str) -> str:
    """`text` as an id of lowercase Latin letters, digits and hyphens; empty if none remain."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].rstrip("-")


def problem(section: str, field: str, value: Any) -> str | None:
    """What is wrong with `value` as the `field` of an entry of `section`, regardless of its other fields.

    None if nothing is wrong or there is no such field.
    """
    kind = _CLASSES[section]
    try:
        if field in kind.model_fields:
            kind.model_validate({field: value})
    except ValidationError as error:
        found = messages.problems(error)
        return next((message for path, message, _ in found if path[:1] == (field,)), None)
    return None


def _source(connection: Connection, section: str, parts: Mapping[str, Any]) -> load.LoadedFile:
    """The source with the `parts` of a file; raise InvalidRequestError if that of `section` is recorded already."""
    raw = {"format": "1", **parts}
    located = Located(raw, values={(): Location(0, 0)})  # there is no text, so problems have no line and column
    source = load.LoadedFile(f"add {_CLASSES[section].what}", "", located=located)
    load.read(source, raw)
    if episode := source.episode:
        added = [episode] if section == EPISODE else [located.entry for located in source.written]
        for key in (stored.key(entry, episode.id) for entry in added):
            defined = known(connection).get(key)
            if defined or key in stored.entries(connection, episode.id):
                owner = defined.episode if defined else episode.id
                raise InvalidRequestError(
                    f"{key[0]} {key[1]} is already recorded",
                    f"`add` does not correct entries: change the file (`positions dump {owner}` prints it)"
                    " and record it with `positions record`.",
                )
    return source
