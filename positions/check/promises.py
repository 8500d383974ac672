"""Whether a database keeps every promise of the schema; violations are values, nothing is repaired."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from pydantic import ValidationError
from sqlalchemy import Connection, select

from positions import models
from positions.check import structure
from positions.episode_file import rules
from positions.episode_file.schema import Entry, EpisodeEntry
from positions.errors import DatabaseError
from positions.queries.rows import Violation
from positions.recording import references, stored
from positions.recording.changes import same_text, text
from positions.recording.dangling import dangling
from positions.recording.known_ids import known
from positions.vocabulary import EntryKind, Key

_OLDER = "; recorded under older rules, or changed by another program"


class Record:
    """The connection to a database, and what it holds, read once when a promise first needs it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def episodes(self) -> Mapping[str, Mapping[Key, Entry] | str]:
        """By id, in order of recording: the entries of each held episode; if they cannot be read, why not."""
        column = models.episode.c
        slugs = self.connection.scalars(select(column.slug).where(column.retracted_in.is_(None)).order_by(column.id))
        return {slug: _entries(self.connection, slug) for slug in slugs.all()}

    def readable(self) -> Iterator[tuple[str, Mapping[Key, Entry]]]:
        """The id and the entries of each episode whose entries can be read."""
        return ((slug, found) for slug, found in self.episodes.items() if not isinstance(found, str))


def broken(connection: Connection) -> list[Violation]:
    """Each violation once, in the order of `PROMISES`; empty if there is none."""
    record = Record(connection)
    return list(dict.fromkeys(violation for find in PROMISES.values() for violation in find(record)))


def _entries(connection: Connection, episode: str) -> Mapping[Key, Entry] | str:
    try:
        return stored.entries(connection, episode)
    except (ValueError, LookupError, DatabaseError) as error:
        return "; ".join(str(error).splitlines())


def _dangling(record: Record) -> Iterator[Violation]:
    for needed, user in dangling(record.connection):
        yield Violation("reference", user, f"rests on {needed}, which was taken back")


def _readable(record: Record) -> Iterator[Violation]:
    for slug, found in record.episodes.items():
        if isinstance(found, str):
            yield Violation("episode", slug, f"what is held of it cannot be read: {found}")


def _log(record: Record) -> Iterator[Violation]:
    """Differences between the log and the tables, and contradictions within the log."""
    last: dict[Key, str | None] = {}
    changes = select(models.change).order_by(models.change.c.revision, models.change.c.id)
    for change in record.connection.execute(changes):
        key = (change.what, change.name)
        if not same_text(change.before, last.get(key)):
            yield Violation(*key, f"r{change.revision} does not begin with what the log says before it")
        last[key] = change.after
    entries = {key: entry for _, found in record.readable() for key, entry in found.items()}
    all_readable = not any(isinstance(found, str) for found in record.episodes.values())
    for key, after in last.items():
        entry = entries.get(key)
        if entry is None and after is not None and all_readable:
            yield Violation(*key, "the log says that it is held, the tables do not")
        elif entry is not None and not same_text(after, text(entry)):
            told = "another content" if after is not None else "that it was taken back"
            yield Violation(*key, f"the tables hold it, the log says {told}")
    for key in entries:
        if key not in last:
            yield Violation(*key, "the tables hold it, the log does not know it")


def _meaning(record: Record) -> Iterator[Violation]:
    """Held entries that break a rule of the format or of the codebook."""
    try:
        ids = known(record.connection)
    except LookupError:  # reported by other promises: a missing episode, or a value that is not in its list
        return
    for slug, entries in record.readable():
        episode = entries.get((EntryKind.EPISODE, slug))
        for key, entry in entries.items():
            if isinstance(episode, EpisodeEntry):
                yield from (Violation(*key, f"{message}{_OLDER}") for _, message in rules.problems(entry, episode))
                yield from _said_late(key, entry, episode)
            yield from (Violation(*key, message) for _, message in references.unknown(entry, ids))
            yield from (Violation(*key, f"{message}{_OLDER}") for _, message in references.invalid(entry, ids))
            yield from _field_rules(key, entry)


def _field_rules(key: Key, entry: Entry) -> Iterator[Violation]:
    try:
        type(entry).model_validate(entry.content())
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False):
            field = ".".join(map(str, fault["loc"]))
            yield Violation(*key, f"{field}: {fault['msg'].removeprefix('Value error, ')}{_OLDER}")


def _said_late(key: Key, entry: Entry, episode: EpisodeEntry) -> Iterator[Violation]:
    for name, days in rules.after_publication(entry, episode.published.end):
        yield Violation(*key, f"{name} ({days}) is after the day of publication, {episode.published.end}")


def _rows(find: Callable[[Connection], Iterator[Violation]]) -> Callable[[Record], Iterator[Violation]]:
    return lambda record: find(record.connection)


PROMISES: Mapping[str, Callable[[Record], Iterator[Violation]]] = MappingProxyType(
    {
        "the file is whole, and so are its indexes": _rows(structure.file),
        "every row keeps the rules of its table": _rows(structure.checks),
        "the rules of the tables are there": _rows(structure.constraints),
        "every reference and every copy leads to its original": _rows(structure.foreign_keys),
        "nothing is held twice": _rows(structure.twice_held),
        "the indexes that keep it so are there": _rows(structure.indexes),
        "no item and package share an id": _rows(structure.shared_ids),
        "nothing that is held rests on what was taken back": _dangling,
        "responses come and go whole": _rows(structure.whole_statements),
        "who gives a response together stands at the same place": _rows(structure.given_together),
        "every statement has a place of its own in its source": _rows(structure.order),
        "revisions follow each other without gaps, in number and in time": _rows(structure.revisions),
        "the triggers that refuse rewriting are there": _rows(structure.triggers),
        "the views are there": _rows(structure.views),
        "what is held can be read as episode files": _readable,
        "the log tells what the tables hold": _log,
        "what is held keeps the rules of the format and of the codebook": _meaning,
    }
)
"""What `positions check` proves, in its order, and how."""
