"""What `positions check` verifies: whether a database keeps its promises. Violations are returned, not repaired."""

from collections.abc import Callable, Iterator, Mapping

from pydantic import ValidationError
from sqlalchemy import Connection, select

from positions import models
from positions.check import chain, history, search, structure
from positions.episode_file import rules
from positions.episode_file.schema import Entry, EpisodeEntry
from positions.errors import DatabaseError
from positions.queries.rows import Violation
from positions.recording import references, stored
from positions.recording.apply import dangling
from positions.recording.changes import same_json, to_json
from positions.vocabulary import EntryKind, Key

_Entries = Mapping[str, Mapping[Key, Entry] | str]
"""By id of each current episode, in the order of recording: its entries, or the error if they cannot be read."""

_OLDER = "; recorded under older rules, or changed by another program"


def violations(connection: Connection) -> list[Violation]:
    """All violations, without duplicates, in the order of `PROMISES`."""
    found = [violation for find in _OF_ROWS.values() for violation in find(connection)]
    episode = models.episode.c
    slugs = connection.scalars(select(episode.slug).where(episode.retracted_in.is_(None)).order_by(episode.id)).all()
    entries = {slug: _entries(connection, slug) for slug in slugs}
    found += [violation for find in _OF_ENTRIES.values() for violation in find(connection, entries)]
    return list(dict.fromkeys(found))


def _entries(connection: Connection, episode: str) -> Mapping[Key, Entry] | str:
    try:
        return stored.entries(connection, episode)
    except (ValueError, LookupError, DatabaseError) as error:
        return "; ".join(str(error).splitlines())


def _dangling(connection: Connection) -> Iterator[Violation]:
    for needed, user in dangling(connection):
        yield Violation("reference", user, f"refers to {needed}, which was retracted")


def _readable(_: Connection, entries: _Entries) -> Iterator[Violation]:
    for slug, found in entries.items():
        if isinstance(found, str):
            yield Violation("episode", slug, f"cannot be read: {found}")


def _log(connection: Connection, entries: _Entries) -> Iterator[Violation]:
    """Differences between the log and the tables, and contradictions within the log."""
    last: dict[Key, str | None] = {}
    changes = select(models.change).order_by(models.change.c.revision, models.change.c.id)
    for change in connection.execute(changes):
        key = (change.what, change.name)
        if not same_json(change.before, last.get(key)):
            message = f"in r{change.revision}, its content before the change differs from the log of earlier revisions"
            yield Violation(*key, message)
        last[key] = change.after
    readable = [found for found in entries.values() if not isinstance(found, str)]
    recorded = {key: entry for found in readable for key, entry in found.items()}
    for key, after in last.items():
        entry = recorded.get(key)
        if entry is None and after is not None and len(readable) == len(entries):
            yield Violation(*key, "is in the log and missing from the tables")
        elif entry is not None and not same_json(after, to_json(entry)):
            difference = "with other content in the log" if after is not None else "retracted in the log"
            yield Violation(*key, f"is in the tables, but {difference}")
    for key in recorded:
        if key not in last:
            yield Violation(*key, "is in the tables and missing from the log")


def _meaning(connection: Connection, entries: _Entries) -> Iterator[Violation]:
    """Current entries that break a rule of the format or of the codebook."""
    try:
        ids = references.known(connection)
    except LookupError:  # a missing episode or an unknown member of a list; other checks report it
        return
    for slug, found in entries.items():
        if isinstance(found, str):
            continue
        episode = found.get((EntryKind.EPISODE, slug))
        for key, entry in found.items():
            if isinstance(episode, EpisodeEntry):
                yield from (Violation(*key, f"{message}{_OLDER}") for _, message in rules.problems(entry, episode))
                for name, days in rules.after_publication(entry, episode.published.end):
                    yield Violation(*key, f"{name} ({days}) is after the day of publication, {episode.published.end}")
            yield from (Violation(*key, message) for _, _, message in references.unknown(entry, ids))
            yield from (Violation(*key, f"{message}{_OLDER}") for _, message in references.invalid(entry, ids))
            yield from _field_rules(key, entry)


def _field_rules(key: Key, entry: Entry) -> Iterator[Violation]:
    try:
        type(entry).model_validate(entry.content())
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_context=False):
            field = ".".join(map(str, problem["loc"]))
            yield Violation(*key, f"{field}: {problem['msg'].removeprefix('Value error, ')}{_OLDER}")


_OF_ROWS: Mapping[str, Callable[[Connection], Iterator[Violation]]] = {
    "the file and its indexes are intact": structure.file,
    "every row satisfies the constraints of its table": structure.checks,
    "every table has its constraints": structure.constraints,
    "every reference and every copied value has its original": structure.foreign_keys,
    "no entry is recorded twice": structure.duplicates,
    "there are no other tables": structure.tables,
    "every index exists": structure.indexes,
    "no item and package share an id": structure.shared_ids,
    "no current entry refers to a retracted one": _dangling,
    "responses are recorded and retracted as a whole": structure.whole_statements,
    "actors who respond together share their stances": structure.joint_responses,
    "every statement has its own place in its source": structure.order,
    "revisions are in order of time, without gaps": structure.revisions,
    "every revision has the digest of its content": chain.broken,
    "the triggers against rewriting exist": structure.triggers,
    "the views exist": structure.views,
    "search has an index of all that was said": search.disagreements,
    "the tables were at every revision what the log says": history.unexplained,
}
_OF_ENTRIES: Mapping[str, Callable[[Connection, _Entries], Iterator[Violation]]] = {
    "every episode can be read from the tables": _readable,
    "the log matches the tables": _log,
    "every entry follows the rules of the format and the codebook": _meaning,
}

PROMISES = (*_OF_ROWS, *_OF_ENTRIES)
"""The promises that are verified, in order."""
