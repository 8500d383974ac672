"""Checks whether a database keeps the promises of the schema; it returns violations and repairs nothing."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from pydantic import ValidationError
from sqlalchemy import Connection, select

from positions import models
from positions.check import structure
from positions.check.chain import chain
from positions.check.history import history
from positions.episode_file import rules
from positions.episode_file.schema import Entry, EpisodeEntry
from positions.errors import DatabaseError
from positions.queries.rows import Violation
from positions.recording import references, stored
from positions.recording.changes import same_json, to_json
from positions.recording.dangling import dangling
from positions.recording.known_ids import known
from positions.vocabulary import EntryKind, Key

_OLDER = "; recorded under older rules, or changed by another program"


class _Record:
    """A connection, and the episodes in its database, read once when a check first needs them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def episodes(self) -> Mapping[str, Mapping[Key, Entry] | str]:
        """The entries of each current episode by id, in the order of recording; the error if they cannot be read."""
        column = models.episode.c
        slugs = self.connection.scalars(select(column.slug).where(column.retracted_in.is_(None)).order_by(column.id))
        return {slug: _entries(self.connection, slug) for slug in slugs.all()}

    def readable(self) -> Iterator[tuple[str, Mapping[Key, Entry]]]:
        """The id and the entries of each episode whose entries can be read."""
        return ((slug, entries) for slug, entries in self.episodes.items() if not isinstance(entries, str))


def violations(connection: Connection) -> list[Violation]:
    """All violations, without duplicates, in the order of `PROMISES`."""
    record = _Record(connection)
    return list(dict.fromkeys(violation for find in PROMISES.values() for violation in find(record)))


def _entries(connection: Connection, episode: str) -> Mapping[Key, Entry] | str:
    try:
        return stored.entries(connection, episode)
    except (ValueError, LookupError, DatabaseError) as error:
        return "; ".join(str(error).splitlines())


def _dangling(record: _Record) -> Iterator[Violation]:
    for needed, user in dangling(record.connection):
        yield Violation("reference", user, f"refers to {needed}, which was retracted")


def _readable(record: _Record) -> Iterator[Violation]:
    for slug, error in record.episodes.items():
        if isinstance(error, str):
            yield Violation("episode", slug, f"cannot be read: {error}")


def _log(record: _Record) -> Iterator[Violation]:
    """Differences between the log and the tables, and contradictions within the log."""
    last: dict[Key, str | None] = {}
    changes = select(models.change).order_by(models.change.c.revision, models.change.c.id)
    for change in record.connection.execute(changes):
        key = (change.what, change.name)
        if not same_json(change.before, last.get(key)):
            yield Violation(
                *key, f"in r{change.revision}, its content before the change differs from the log of earlier revisions"
            )
        last[key] = change.after
    entries = {key: entry for _, found in record.readable() for key, entry in found.items()}
    all_readable = not any(isinstance(found, str) for found in record.episodes.values())
    for key, after in last.items():
        entry = entries.get(key)
        if entry is None and after is not None and all_readable:
            yield Violation(*key, "is in the log and missing from the tables")
        elif entry is not None and not same_json(after, to_json(entry)):
            difference = "with other content in the log" if after is not None else "retracted in the log"
            yield Violation(*key, f"is in the tables, but {difference}")
    for key in entries:
        if key not in last:
            yield Violation(*key, "is in the tables and missing from the log")


def _meaning(record: _Record) -> Iterator[Violation]:
    """Current entries that break a rule of the format or of the codebook."""
    try:
        ids = known(record.connection)
    except LookupError:  # a missing episode or an unknown member of a list; other checks report it
        return
    for slug, entries in record.readable():
        episode = entries.get((EntryKind.EPISODE, slug))
        for key, entry in entries.items():
            if isinstance(episode, EpisodeEntry):
                yield from (Violation(*key, f"{message}{_OLDER}") for _, message in rules.problems(entry, episode))
                for name, days in rules.after_publication(entry, episode.published.end):
                    yield Violation(*key, f"{name} ({days}) is after the day of publication, {episode.published.end}")
            yield from (Violation(*key, message) for _, message in references.unknown(entry, ids))
            yield from (Violation(*key, f"{message}{_OLDER}") for _, message in references.invalid(entry, ids))
            yield from _field_rules(key, entry)


def _field_rules(key: Key, entry: Entry) -> Iterator[Violation]:
    try:
        type(entry).model_validate(entry.content())
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_context=False):
            field = ".".join(map(str, problem["loc"]))
            yield Violation(*key, f"{field}: {problem['msg'].removeprefix('Value error, ')}{_OLDER}")


def _rows(find: Callable[[Connection], Iterator[Violation]]) -> Callable[[_Record], Iterator[Violation]]:
    return lambda record: find(record.connection)


PROMISES: Mapping[str, Callable[[_Record], Iterator[Violation]]] = MappingProxyType(
    {
        "the file and its indexes are intact": _rows(structure.file),
        "every row satisfies the constraints of its table": _rows(structure.checks),
        "every table has its constraints": _rows(structure.constraints),
        "every reference and every copied value has its original": _rows(structure.foreign_keys),
        "no entry is recorded twice": _rows(structure.duplicates),
        "there are no other tables": _rows(structure.tables),
        "every index exists": _rows(structure.indexes),
        "no item and package share an id": _rows(structure.shared_ids),
        "no current entry refers to a retracted one": _dangling,
        "responses are recorded and retracted as a whole": _rows(structure.whole_statements),
        "actors who respond together share their stances": _rows(structure.joint_responses),
        "every statement has its own place in its source": _rows(structure.order),
        "revisions are in order of time, without gaps": _rows(structure.revisions),
        "every revision has the digest of its content": _rows(chain),
        "the triggers against rewriting exist": _rows(structure.triggers),
        "the views exist": _rows(structure.views),
        "every episode can be read from the tables": _readable,
        "the log matches the tables": _log,
        "the tables were at every revision what the log says": _rows(history),
        "every entry follows the rules of the format and the codebook": _meaning,
    }
)
"""The promises that `positions check` verifies, in order, each with a function that finds its violations."""
