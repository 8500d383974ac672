"""What `positions check` verifies: whether a database keeps its promises. Violations are returned, not repaired."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, select

from positions import models
from positions.check import chain, history, search, structure
from positions.episode_file import rules
from positions.episode_file.schema import Entry, EpisodeEntry
from positions.errors import DatabaseError
from positions.queries.rows import Violation
from positions.recording import references, stored
from positions.recording.apply import dangling
from positions.recording.changes import same_json, to_json
from positions.recording.files import Progress, no_progress
from positions.vocabulary import EntryKind, Key

_Entries = Mapping[Key, Entry] | str
"""The entries of an episode, or the error if they cannot be read."""

_AT_A_TIME = 1000
_OLDER = "; recorded under older rules, or changed by another program"


def violations(connection: Connection, progress: Progress = no_progress) -> list[Violation]:
    """All violations, without duplicates, in the order of `PROMISES`. `progress` is called after each step.

    The entries of one episode at a time are in memory.
    """
    episode = models.episode.c
    current = connection.scalars(select(episode.slug).where(episode.retracted_in.is_(None)).order_by(episode.id)).all()
    logged = connection.scalars(select(models.change.c.episode).distinct().order_by(models.change.c.episode)).all()
    slugs = list(dict.fromkeys([*current, *logged]))
    steps = len(_OF_ROWS) + len(slugs)
    found: list[Violation] = []
    for step, find in enumerate(_OF_ROWS.values(), 1):
        found += find(connection)
        progress(step, steps)
    unreadable: list[Violation] = []
    log, meaning = _Log(connection), _Meaning(connection)
    for step, slug in enumerate(slugs, len(_OF_ROWS) + 1):
        entries = _entries(connection, slug)
        if isinstance(entries, str):
            unreadable.append(Violation("episode", slug, f"cannot be read: {entries}"))
        else:
            log.compare(slug, entries)
            meaning.judge(slug, entries)
        progress(step, steps)
    found += [*unreadable, *log.found(are_all_readable=not unreadable), *meaning.found]
    return list(dict.fromkeys(found))


def _entries(connection: Connection, episode: str) -> Mapping[Key, Entry] | str:
    try:
        return stored.entries(connection, episode)
    except (ValueError, LookupError, DatabaseError) as error:
        return "; ".join(str(error).splitlines())


def _dangling(connection: Connection) -> Iterator[Violation]:
    for needed, user in dangling(connection):
        yield Violation("reference", user, f"refers to {needed}, which was retracted")


class _Log:
    """Differences between the log and the tables, and contradictions within the log."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found = list(_contradictions(connection))
        self._recorded: dict[Key, Entry] = {}
        """Descriptions, whose ids are no episode's own."""

    def compare(self, slug: str, entries: Mapping[Key, Entry]) -> None:
        """Compare the statements of an episode with the log, and keep its descriptions for the end."""
        own = {key: entry for key, entry in entries.items() if key[0] in stored.LOCAL}
        self._recorded |= {key: entry for key, entry in entries.items() if key[0] not in stored.LOCAL}
        change = models.change.c
        self._compare(own, (change.episode == slug) & change.what.in_(stored.LOCAL), are_all=True)

    def found(self, *, are_all_readable: bool) -> list[Violation]:
        """What was found, once every episode that can be read was compared."""
        self._compare(self._recorded, models.change.c.what.not_in(stored.LOCAL), are_all=are_all_readable)
        return self._found

    def _compare(self, recorded: Mapping[Key, Entry], which: ColumnElement[bool], *, are_all: bool) -> None:
        """Compare with the last of `which` changes of each entry; `recorded` has the current ones, perhaps not all."""
        change = models.change
        query = select(change.c.what, change.c.name, change.c.after).where(which)
        query = query.order_by(change.c.revision, change.c.id).execution_options(yield_per=_AT_A_TIME)
        last: dict[Key, str | None] = {(what, name): after for what, name, after in self._connection.execute(query)}
        for key, after in last.items():
            entry = recorded.get(key)
            content = to_json(entry)
            if entry is None and after is not None and are_all:
                self._found.append(Violation(*key, "is in the log and missing from the tables"))
            elif entry is not None and after != content and not same_json(after, content):
                difference = "with other content in the log" if after is not None else "retracted in the log"
                self._found.append(Violation(*key, f"is in the tables, but {difference}"))
        missing = (key for key in recorded if key not in last)
        self._found += (Violation(*key, "is in the tables and missing from the log") for key in missing)


def _contradictions(connection: Connection) -> Iterator[Violation]:
    """Changes of something else than the last change left, or of a statement of another episode."""
    change = models.change
    columns = (change.c.what, change.c.name, change.c.revision, change.c.episode, change.c.before, change.c.after)
    query = select(*columns).order_by(change.c.what, change.c.name, change.c.revision, change.c.id)
    previous: tuple[Key | None, str | None] = (None, None)
    for what, name, revision, episode, before, after in connection.execute(
        query.execution_options(yield_per=_AT_A_TIME)
    ):
        key = (what, name)
        last = previous[1] if previous[0] == key else None
        if before != last and not same_json(before, last):
            message = f"in r{revision}, its content before the change differs from the log of earlier revisions"
            yield Violation(*key, message)
        if what in stored.LOCAL and name.partition("/")[0] != episode:
            yield Violation(*key, f"in r{revision}, it is in the log of another episode, {episode}")
        previous = key, after


class _Meaning:
    """Current entries that break a rule of the format or of the codebook."""

    def __init__(self, connection: Connection) -> None:
        self.found: list[Violation] = []
        self._ids: Mapping[Key, references.Known] | None = None
        with suppress(LookupError):  # a missing episode or an unknown member of a list; other checks report it
            self._ids = references.known(connection)

    def judge(self, slug: str, entries: Mapping[Key, Entry]) -> None:
        """Judge the entries of an episode."""
        if self._ids is not None:
            self.found += _problems(slug, entries, self._ids)


def _problems(slug: str, entries: Mapping[Key, Entry], ids: Mapping[Key, references.Known]) -> Iterator[Violation]:
    episode = entries.get((EntryKind.EPISODE, slug))
    for key, entry in entries.items():
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
_OF_ENTRIES = (
    "every episode can be read from the tables",
    "the log matches the tables",
    "every entry follows the rules of the format and the codebook",
)

PROMISES = (*_OF_ROWS, *_OF_ENTRIES)
"""The promises that are verified, in order."""
