"""What is wrong with a file that only the record can show: ids that nothing bears, and what it would break."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from positions import models
from positions.episode_file import rules
from positions.episode_file.load import LocatedEntry, Source
from positions.episode_file.schema import Entry, EpisodeEntry, ExtensionEntry
from positions.recording import references, stored
from positions.recording.changes import same
from positions.recording.known_ids import Known
from positions.vocabulary import EntryKind, Key

OWNED = frozenset({EntryKind.SIDE, EntryKind.ACTOR, EntryKind.PACKAGE, EntryKind.DEMAND, EntryKind.OFFER})
"""What belongs to the episode that first defined it."""

SHARED_IDS = (EntryKind.DEMAND, EntryKind.OFFER, EntryKind.PACKAGE)
"""What has its ids in common."""

Wanted = dict[Key, LocatedEntry]
"""The entries of a file, by what names them in the record."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the record holds of an episode, what its file says, what would go, and the ids known before and after."""

    here: Mapping[Key, Entry]
    own: Wanted
    gone: Sequence[Key]
    before: Mapping[Key, Known]
    after: Mapping[Key, Known]


def episode_among(here: Mapping[Key, Entry]) -> EpisodeEntry | None:
    """The episode itself among the entries held of it; None if there is none."""
    return next((entry for entry in here.values() if isinstance(entry, EpisodeEntry)), None)


def named(source: Source, compared: Comparison, taken_back: Mapping[Key, tuple[int, str]]) -> None:
    """Note every unknown id in the file, and every reference that is wrong by a rule and not held already."""
    back = {name: revision for (_, name), (revision, _) in taken_back.items()}
    ids = {key: known for key, known in compared.after.items() if key not in taken_back}
    for path, (reference, message) in _unknown(source, compared.own, ids):
        revision = back.get(reference.slug)
        hint = f"; it was taken back in r{revision}, and `--again` records it again" if revision else ""
        source.report_problem((*path, *reference.path), message + hint)
    for key, written in compared.own.items():
        is_held = same(compared.here.get(key), written.entry)
        known_faults = set(references.invalid(written.entry, compared.before)) if is_held else set()
        for path, message in references.invalid(written.entry, ids):
            if (path, message) not in known_faults:
                source.report_problem((*written.path, *path), message)
        if isinstance(written.entry, ExtensionEntry):
            _refuse_own_extension(source, written.entry, written.path, ids)


def _refuse_own_extension(
    source: Source, entry: ExtensionEntry, path: references.Path, ids: Mapping[Key, Known]
) -> None:
    owner = next((ids[what, entry.id] for what in SHARED_IDS if (what, entry.id) in ids), None)
    if owner is not None and source.episode is not None and owner.episode == source.episode.id:
        source.report_problem((*path, "id"), f"{owner.slug} belongs to this episode; write it there")


def _unknown(
    source: Source, own: Wanted, ids: Mapping[Key, Known]
) -> Iterator[tuple[references.Path, tuple[references.Reference, str]]]:
    """What entries name that nothing bears, one after another: noting them ends where they are too many."""
    for one in own.values():
        yield from ((one.path, found) for found in references.unknown(one.entry, ids))
    for what, path, raw in source.faulty:
        yield from ((path, found) for found in references.unknown_in_faulty(what, raw, ids))


def kept(connection: Connection, source: Source, compared: Comparison) -> None:
    """Note what the file would newly make wrong in entries that it does not hold, of this episode and of others."""
    episode, here, own, gone = source.episode, compared.here, compared.own, compared.gone
    touched = [key for key, written in own.items() if not same(here.get(key), written.entry)]
    moved = [*gone, *(key for key in touched if key in here or key[0] is EntryKind.EXTENSION)]
    if episode is None or not moved:
        return
    for key, entry in here.items():
        if key not in own and key not in gone:
            before = set(_faults(entry, episode_among(here) or episode, compared.before))
            found = _faults(entry, episode, compared.after)
            _note_broken(source, key, (problem for problem in found if problem not in before))
    if any(key[0] in OWNED or key[0] is EntryKind.EXTENSION for key in moved):
        others = select(models.episode.c.slug).where(
            models.episode.c.retracted_in.is_(None), models.episode.c.slug != episode.id
        )
        for name in connection.scalars(others).all():
            for key, entry in stored.entries(connection, name).items():
                before = set(references.invalid(entry, compared.before))
                found = references.invalid(entry, compared.after)
                _note_broken(source, key, (problem for problem in found if problem not in before))


def _faults(entry: Entry, episode: EpisodeEntry, ids: Mapping[Key, Known]) -> Iterator[references.Found]:
    yield from rules.problems(entry, episode)
    yield from _said_later(entry, episode)
    yield from references.invalid(entry, ids)


def _said_later(entry: Entry, episode: EpisodeEntry) -> Iterator[references.Found]:
    for name, days in rules.after_publication(entry, episode.published.end):
        yield (name,), f"{name} ({days}) would be after the day of publication, {episode.published.end}"


def _note_broken(source: Source, key: Key, found: Iterable[references.Found]) -> None:
    for _, message in found:
        source.report_problem((), f"this would break {key[1]}, which is kept: {message}")
