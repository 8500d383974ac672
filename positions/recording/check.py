"""Whether a database keeps every promise of the schema; what is broken is told as values, nothing is repaired."""

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from pydantic import ValidationError
from sqlalchemy import Connection, select

from positions import models
from positions.episode_file import rules
from positions.episode_file.schema import Entry, EpisodeEntry
from positions.errors import DatabaseError
from positions.queries import held, integrity, soundness
from positions.queries.known import Key, known
from positions.queries.rows import Broken
from positions.recording import references
from positions.recording.changes import text
from positions.vocabulary import What

_OLDER = "; recorded under older rules, or changed by another program"


def broken(connection: Connection) -> list[Broken]:
    """Each broken promise once, in the order of `PROMISES`; empty if nothing is wrong."""
    return list(dict.fromkeys(one for proof in PROMISES.values() for one in proof(connection)))


def _dangling(connection: Connection) -> Iterator[Broken]:
    for needed, user in integrity.dangling(connection):
        yield Broken("reference", user, f"rests on {needed}, which was taken back")


def _readable(connection: Connection) -> Iterator[Broken]:
    for name in _episodes(connection):
        if isinstance(found := _entries(connection, name), str):
            yield Broken("episode", name, f"what is held of it cannot be read: {found}")


def _log(connection: Connection) -> Iterator[Broken]:
    """Where the log and the tables tell different contents, or the log contradicts itself."""
    last: dict[Key, str | None] = {}
    for one in connection.execute(select(models.change).order_by(models.change.c.revision, models.change.c.id)):
        key = (one.what, one.name)
        if not _same(one.before, last.get(key)):
            yield Broken(one.what, one.name, f"r{one.revision} does not begin with what the log says before it")
        last[key] = one.after
    entries = _every_entry(connection)
    unread = {name for name in _episodes(connection) if isinstance(_entries(connection, name), str)}
    for key, after in last.items():
        entry = entries.get(key)
        if entry is None and after is not None and not unread:
            yield Broken(*key, "the log says that it is held, the tables do not")
        elif entry is not None and not _same(after, text(entry)):
            told = "another content" if after is not None else "that it was taken back"
            yield Broken(*key, f"the tables hold it, the log says {told}")
    for key in entries:
        if key not in last:
            yield Broken(*key, "the tables hold it, the log does not know it")


def _meaning(connection: Connection) -> Iterator[Broken]:
    """What breaks a rule of the format or of the codebook among all that is held."""
    try:
        ids = known(connection)
    except LookupError:  # told already: something rests on an episode that is not there, or a value is none of ours
        return
    for name in _episodes(connection):
        found = _entries(connection, name)
        entries: Mapping[Key, Entry] = {} if isinstance(found, str) else found
        episode = entries.get((What.EPISODE, name))
        for key, entry in entries.items():
            if isinstance(episode, EpisodeEntry):
                yield from (Broken(*key, f"{message}{_OLDER}") for _, message in rules.faults(entry, episode))
                yield from _said_late(key, entry, episode)
            yield from (Broken(*key, message) for _, message in references.unknown(entry, ids))
            yield from (Broken(*key, f"{message}{_OLDER}") for _, message in references.senseless(entry, ids))
            yield from _field_rules(key, entry)


def _field_rules(key: Key, entry: Entry) -> Iterator[Broken]:
    try:
        type(entry).model_validate(entry.content())
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False):
            field = ".".join(map(str, fault["loc"]))
            yield Broken(*key, f"{field}: {fault['msg'].removeprefix('Value error, ')}{_OLDER}")


def _said_late(key: Key, entry: Entry, episode: EpisodeEntry) -> Iterator[Broken]:
    for name, days in rules.after_publication(entry, episode.published):
        yield Broken(*key, f"{name} ({days}) is after the day of publication, {episode.published}")


def _episodes(connection: Connection) -> list[str]:
    held = models.episode.c
    return list(connection.scalars(select(held.slug).where(held.retracted_in.is_(None)).order_by(held.id)))


def _entries(connection: Connection, episode: str) -> dict[Key, Entry] | str:
    """What is held of `episode`; if it cannot be read as entries of a file, why not."""
    try:
        return held.entries(connection, episode)
    except (ValueError, LookupError, DatabaseError) as error:
        return "; ".join(str(error).splitlines())


def _every_entry(connection: Connection) -> dict[Key, Entry]:
    found = (_entries(connection, name) for name in _episodes(connection))
    return {key: entry for one in found if not isinstance(one, str) for key, entry in one.items()}


def _same(one: str | None, other: str | None) -> bool:
    """Whether two contents of the log are the same, however they are written."""
    if one is None or other is None:
        return one is other
    try:
        first, second = json.loads(one), json.loads(other)
    except ValueError:
        return False
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return False
    if "order" not in first or "order" not in second:  # not logged before schema 0002
        first.pop("order", None)
        second.pop("order", None)
    return first == second


PROMISES: Mapping[str, Callable[[Connection], Iterator[Broken]]] = MappingProxyType(
    {
        "the file is whole, and so are its indexes": soundness.file,
        "every row keeps the rules of its table": soundness.checks,
        "the rules of the tables are there": soundness.constraints,
        "every reference and every copy leads to its original": soundness.foreign_keys,
        "nothing is held twice": soundness.twice_held,
        "the indexes that keep it so are there": soundness.indexes,
        "no item and package share an id": soundness.shared_ids,
        "nothing that is held rests on what was taken back": _dangling,
        "responses come and go whole": soundness.whole_statements,
        "who gives a response together stands at the same place": soundness.given_together,
        "every statement has a place of its own in its source": soundness.order,
        "revisions follow each other without gaps, in number and in time": soundness.revisions,
        "the triggers that refuse rewriting are there": soundness.triggers,
        "the views are there": soundness.views,
        "what is held can be read as episode files": _readable,
        "the log tells what the tables hold": _log,
        "what is held keeps the rules of the format and of the codebook": _meaning,
    }
)
"""What `positions check` proves, in its order, and how."""
