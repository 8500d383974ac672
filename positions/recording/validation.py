"""Problems of a file that only the record can show: wrong references, and entries that it would break."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from positions import models
from positions.episode_file import rules
from positions.episode_file.load import LoadedFile, LocatedEntry
from positions.episode_file.located_yaml import Path
from positions.episode_file.schema import Entry, EpisodeEntry, ExtensionEntry
from positions.recording import references, stored
from positions.recording.changes import same_content
from positions.recording.known_ids import Known
from positions.vocabulary import EntryKind, Key

OWNED = frozenset({EntryKind.SIDE, EntryKind.ACTOR, EntryKind.PACKAGE, EntryKind.DEMAND, EntryKind.OFFER})
"""Kinds of entry that belong to the episode that first defined them."""

SHARED_IDS = (EntryKind.DEMAND, EntryKind.OFFER, EntryKind.PACKAGE)
"""Kinds of entry that share one set of ids."""

Wanted = dict[Key, LocatedEntry]
"""The entries of a file, by their key in the record."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The current entries of an episode, those to be recorded and retracted, and the known ids before and after."""

    current: Mapping[Key, Entry]
    own: Wanted
    retracted: Sequence[Key]
    before: Mapping[Key, Known]
    after: Mapping[Key, Known]


def episode_among(entries: Mapping[Key, Entry]) -> EpisodeEntry | None:
    """The episode itself among its `entries`; None if it is not there."""
    return next((entry for entry in entries.values() if isinstance(entry, EpisodeEntry)), None)


def check_references(source: LoadedFile, comparison: Comparison, left_out: Mapping[Key, tuple[int, str]]) -> None:
    """Report every unknown id in the file, and every invalid reference that is not in the record already.

    `left_out` has the entries that were retracted and are not recorded again, with the revision and its message.
    """
    retracted_in = {name: revision for (_, name), (revision, _) in left_out.items()}
    ids = {key: known for key, known in comparison.after.items() if key not in left_out}
    for path, (reference, message) in _unknown(source, comparison.own, ids):
        revision = retracted_in.get(reference.slug)
        hint = f"; it was retracted in r{revision}, and `--again` records it again" if revision else ""
        source.report_problem((*path, *reference.path), message + hint)
    for key, located in comparison.own.items():
        is_unchanged = same_content(comparison.current.get(key), located.entry)
        old_problems = set(references.invalid(located.entry, comparison.before)) if is_unchanged else set()
        for path, message in references.invalid(located.entry, ids):
            if (path, message) not in old_problems:
                source.report_problem((*located.path, *path), message)
        if isinstance(located.entry, ExtensionEntry):
            _refuse_own_extension(source, located.entry, located.path, ids)


def _refuse_own_extension(source: LoadedFile, entry: ExtensionEntry, path: Path, ids: Mapping[Key, Known]) -> None:
    owner = next((ids[what, entry.id] for what in SHARED_IDS if (what, entry.id) in ids), None)
    if owner is not None and source.episode is not None and owner.episode == source.episode.id:
        source.report_problem((*path, "id"), f"{owner.slug} is defined in this episode; change it there instead")


def _unknown(
    source: LoadedFile, own: Wanted, ids: Mapping[Key, Known]
) -> Iterator[tuple[Path, tuple[references.Reference, str]]]:
    """Unknown ids, with the path of their entry; lazily, since reporting stops when there are too many."""
    for located in own.values():
        yield from ((located.path, found) for found in references.unknown(located.entry, ids))
    for what, path, raw in source.faulty:
        yield from ((path, found) for found in references.unknown_in_faulty(what, raw, ids))


def check_remaining(connection: Connection, source: LoadedFile, comparison: Comparison) -> None:
    """Report what would become wrong in entries that are not in the file, of this episode and of others."""
    episode, current, own, retracted = source.episode, comparison.current, comparison.own, comparison.retracted
    changed = [key for key, located in own.items() if not same_content(current.get(key), located.entry)]
    # A new entry breaks nothing, unless it is an extension: it changes another entry.
    relevant = [*retracted, *(key for key in changed if key in current or key[0] is EntryKind.EXTENSION)]
    if episode is None or not relevant:
        return
    for key, entry in current.items():
        if key not in own and key not in retracted:
            before = set(_problems(entry, episode_among(current) or episode, comparison.before))
            found = _problems(entry, episode, comparison.after)
            _report_broken(source, key, (problem for problem in found if problem not in before))
    if any(key[0] in OWNED or key[0] is EntryKind.EXTENSION for key in relevant):
        others = select(models.episode.c.slug).where(
            models.episode.c.retracted_in.is_(None), models.episode.c.slug != episode.id
        )
        for name in connection.scalars(others).all():
            for key, entry in stored.entries(connection, name).items():
                before = set(references.invalid(entry, comparison.before))
                found = references.invalid(entry, comparison.after)
                _report_broken(source, key, (problem for problem in found if problem not in before))


def _problems(entry: Entry, episode: EpisodeEntry, ids: Mapping[Key, Known]) -> Iterator[rules.Finding]:
    yield from rules.problems(entry, episode)
    for name, days in rules.after_publication(entry, episode.published.end):
        yield (name,), f"{name} ({days}) would be after the day of publication, {episode.published.end}"
    yield from references.invalid(entry, ids)


def _report_broken(source: LoadedFile, key: Key, found: Iterable[rules.Finding]) -> None:
    for _, message in found:
        source.report_problem((), f"this would break {key[1]}, which is kept: {message}")
