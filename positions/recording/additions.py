"""Single entries, recorded as a file would record them that holds the episode and this one entry.

An addition only adds. To correct what the record already holds, change its file, which shows the whole entry.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace as changed
from itertools import count
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, select

from positions import models
from positions.episode_file import load, messages
from positions.episode_file.located_yaml import Located, Location
from positions.episode_file.schema import SECTIONS, Entry, EpisodeEntry
from positions.errors import EpisodeFileError, InvalidRequestError, Problem
from positions.queries import ids
from positions.recording import stored
from positions.recording.changes import ChangeSet
from positions.recording.files import Done, carry_out
from positions.recording.known_ids import known
from positions.recording.plan import plan
from positions.vocabulary import SLUG_LENGTH, EntryKind, Key

EPISODE: Final = "episode"
"""The part of a file that holds the source itself; the others are the names in `SECTIONS`."""

_SHORTEST_TAIL = 4
_AROUND_FIELD = re.compile(r"^(episode|[a-z]+\[0\])\.?")


def new_episode(connection: Connection, entry: Mapping[str, Any]) -> load.Source:
    """The file that holds the episode with the plain values `entry` and nothing else; faults are in it.

    Raises:
        InvalidRequestError: the record already holds an episode of that id.
    """
    return _source(connection, EPISODE, {EPISODE: dict(entry)})


def addition(connection: Connection, episode: str, section: str, entry: Mapping[str, Any]) -> load.Source:
    """The file that adds the plain values `entry` to `section` (like "responses") of the recorded `episode`.

    A response without an id gets one made of speaker and day. Faults in the entry are in the source.

    Raises:
        UnknownIdError: there is no such episode.
        InvalidRequestError: it was taken back, or the record already holds an entry of that kind and id.
    """
    ids.require(connection, EPISODE, episode)
    recorded = stored.entries(connection, episode).get((EntryKind.EPISODE, episode))
    if recorded is None:
        raise InvalidRequestError(f"{episode} was taken back", "`positions log` shows when and why.")
    named = dict(entry)
    if section == "responses" and "id" not in named:
        named["id"] = response_id(connection, episode, entry)
    return _source(connection, section, {EPISODE: recorded.content(), section: [named]})


def add(
    connection: Connection,
    source: load.Source,
    *,
    message: str | None = None,
    again: bool = False,
    dry_run: bool = False,
) -> Done:
    """Record what `addition` or `new_episode` made, as one revision; it comes back as `carry_out` gives it.

    Raises:
        EpisodeFileError: the entry has faults; each names its field.
        InvalidRequestError: the entry was once taken back on purpose, and `again` does not ask for it.
    """
    changes = planned(connection, source, again=again)
    return carry_out(connection, changes, why=message or reason(changes), dry_run=dry_run)


def planned(connection: Connection, source: load.Source, *, again: bool = False) -> ChangeSet:
    """The plan that adds what `addition` or `new_episode` made, to be shown and carried out. Nothing is written.

    It has no file, and names nothing as kept: there is no file that could lack it.

    Raises:
        EpisodeFileError: the entry has faults; each names its field.
        InvalidRequestError: the entry was once taken back on purpose, and `again` does not ask for it.
    """
    try:
        changes = plan(connection, source, again=again)
    except EpisodeFileError as error:
        raise EpisodeFileError(_within(problem) for problem in error.problems) from None
    for left_out in changes.left_out:
        message = f"{left_out.what} {left_out.name} was taken back in r{left_out.revision} ({left_out.message})"
        raise InvalidRequestError(message, "`--again` records it again; another `--id` makes it another entry.")
    return changed(changes, file=None, file_sha256=None, kept=())


def reason(changes: ChangeSet) -> str:
    """The message that the log gets for an addition, unless the user gives another."""
    [change] = changes.changes
    return f"add {change.what} {change.name}"


def response_id(connection: Connection, episode: str, entry: Mapping[str, Any]) -> str:
    """An id that no response of `episode` ever had, from who spoke (or the first who gave it) and when."""
    givers = entry.get("by") or EntryKind.RESPONSE
    who = entry.get("speaker") or (givers if isinstance(givers, str) else givers[0])
    stem = (
        slug(f"{who}-{entry.get('said', '')}")[: SLUG_LENGTH - _SHORTEST_TAIL].rstrip("-") or EntryKind.RESPONSE.value
    )
    taken = set(
        connection.scalars(
            select(models.response.c.slug)
            .join(models.episode, models.episode.c.id == models.response.c.episode_id)
            .where(models.episode.c.slug == episode)
        )
    )
    return next(name for name in _numbered(stem) if name not in taken)


def slug(text: str) -> str:
    """`text` as an id: lowercase Latin letters, digits and hyphens; empty if it has none of them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].rstrip("-")


def problem(section: str, field: str, value: Any) -> str | None:
    """What is wrong with `value` as the `field` of an entry of `section`, whatever its other fields hold.

    None if nothing is wrong, or if the entry has no such field.
    """
    kind = _kind(section)
    try:
        if field in kind.model_fields:
            kind.model_validate({field: value})
    except ValidationError as error:
        found = messages.problems(error, {field: value})
        return next((message for path, message, _ in found if path[:1] == (field,)), None)
    return None


def _kind(section: str) -> type[Entry]:
    return EpisodeEntry if section == EPISODE else SECTIONS[section]


def _source(connection: Connection, section: str, parts: Mapping[str, Any]) -> load.Source:
    raw = {"format": "1", **parts}
    # There is no text: a fault has a path, and no line or column.
    nowhere = Located(raw, values={(): Location(0, 0)})
    source = load.Source(f"add {_kind(section).what}", "", located=nowhere)
    load.read(source, raw)
    _require_new(connection, source, section)
    return source


def _require_new(connection: Connection, source: load.Source, section: str) -> None:
    episode = source.episode
    if episode is None:
        return
    added = [episode] if section == EPISODE else [written.entry for written in source.written]
    for key in (stored.key(entry, episode.id) for entry in added):
        owner = _owner(connection, key, episode.id)
        if owner is not None:
            raise InvalidRequestError(
                f"the record already holds {key[0]} {key[1]}",
                f"`add` never corrects: change it in the file (`positions dump {owner}` prints it),"
                " and `positions record` that file.",
            )


def _owner(connection: Connection, key: Key, episode: str) -> str | None:
    """The episode in whose file `key` stands; None if the record does not hold it."""
    if key in stored.entries(connection, episode):
        return episode
    found = known(connection).get(key)
    return None if found is None else found.episode


def _within(problem: Problem) -> Problem:
    return changed(problem, path=_AROUND_FIELD.sub("", problem.path))


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))
