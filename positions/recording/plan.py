"""From an episode file to a change set: the entries of the file are compared with those in the record.

Planning only reads. All problems are reported at once, those of the file itself and those that only the record shows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select

from positions import models
from positions.episode_file import rules
from positions.episode_file.load import LoadedFile, LocatedEntry
from positions.episode_file.located_yaml import Path
from positions.episode_file.schema import Entry, EpisodeEntry, ExtensionEntry, ItemEntry
from positions.queries import ids as queries
from positions.queries.log import newest
from positions.queries.rows import LeftOut
from positions.recording import references, sequence, stored
from positions.recording.changes import Added, Change, ChangeSet, Corrected, Retracted, same_content
from positions.recording.effects import with_effects
from positions.recording.references import ITEMS, ITEMS_AND_PACKAGES, Known
from positions.vocabulary import EntryKind, Key

_OWNED = frozenset({EntryKind.SIDE, EntryKind.ACTOR, *ITEMS_AND_PACKAGES})
"""Kinds of entry that belong to the episode that first defined them."""

Wanted = dict[Key, LocatedEntry]
"""The entries of a file, by their key in the record."""

_RetractedBefore = Mapping[Key, tuple[int, str]]
"""Entries that were retracted and are not recorded again, with the number and the message of that revision."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The current entries of an episode, those to be recorded and retracted, and the ids in the record now."""

    current: Mapping[Key, Entry]
    own: Wanted
    retracted: Sequence[Key]
    ids: Mapping[Key, Known]


def plan(connection: Connection, source: LoadedFile, *, replace: bool = False, again: bool = False) -> ChangeSet:
    """The change set that records `source`.

    With `replace`, it retracts the entries of this episode that the file lacks; with `again`, it restores entries that
    were retracted on purpose.

    Raises:
        EpisodeFileError: the file has problems; the error has all of them.
    """
    name = source.episode.id if source.episode else ""
    current, ids = stored.entries(connection, name), references.known(connection)
    _forgive_unchanged(source, name, current)
    entries = [LocatedEntry(source.episode, ("episode",))] if source.episode else []
    wanted = {stored.key(located.entry, name): located for located in (*entries, *source.written)}
    left_out: _RetractedBefore = {} if again else _retracted_before(connection, name, wanted, current)
    retracted = [key for key in current if replace and key not in wanted]
    remaining = {key: known for key, known in ids.items() if key not in retracted}
    # A file may repeat definitions of other episodes word for word; they are not recorded again.
    redefined = _redefined(connection, source, wanted, remaining, name)
    own = {key: located for key, located in wanted.items() if key not in redefined and key not in left_out}
    own |= _in_file_order(connection, name, own, current)
    check(connection, source, Comparison(current, own, retracted, ids), left_out)
    episode, changes = source.require(), list(_changes(current, own))
    made = ChangeSet(
        file=source.file,
        file_sha256=source.sha256 or None,
        episode=episode.id,
        made_at=newest(connection),
        changes=(*changes, *(Retracted(*key, current[key]) for key in retracted)),
        unchanged=len(wanted) - len(left_out) - len(changes),
        kept=tuple(key[1] for key in current if key not in own and key not in retracted),
        left_out=tuple(LeftOut(*key, *why) for key, why in left_out.items()),
    )
    return with_effects(connection, made, episode, ids)


def episode_among(entries: Iterable[Entry | None]) -> EpisodeEntry | None:
    """The episode itself among its `entries`; None if it is not there."""
    return next((entry for entry in entries if isinstance(entry, EpisodeEntry)), None)


def _forgive_unchanged(source: LoadedFile, name: str, current: Mapping[Key, Entry]) -> None:
    """Accept entries that are in the record unchanged, even if they break rules that were added later.

    They are not accepted if the file makes them break a rule by changing the episode.
    """
    before = episode_among(current.values())
    entries = {located.path: located.entry for located in source.written} | source.readable
    for path in list(source.broken_rules):
        entry = source.episode if path == ("episode",) else entries.get(path)
        if entry is None or not same_content(current.get(stored.key(entry, name)), entry):
            continue
        if set(rules.problems(entry, source.episode)) <= set(rules.problems(entry, before)):
            source.forgive(path)
            if path in source.readable and path != ("episode",):
                source.add(LocatedEntry(entry, path))


def _in_file_order(
    connection: Connection, episode: str, own: Wanted, current: Mapping[Key, Entry]
) -> Iterator[tuple[Key, LocatedEntry]]:
    """The statements among `own`, with their order in the file."""
    for what in sequence.TABLES:
        statements = {key: located for key, located in own.items() if key[0] is what}
        recorded = [entry for key, entry in current.items() if key[0] is what]
        entries = [located.entry for located in statements.values()]
        ordered = sequence.in_file_order(connection, episode, entries, recorded)
        for (key, located), entry in zip(statements.items(), ordered, strict=True):
            yield key, LocatedEntry(entry, located.path)


def _retracted_before(
    connection: Connection, name: str, wanted: Wanted, current: Mapping[Key, Entry]
) -> _RetractedBefore:
    change, revisions = models.change, models.revision
    last = select(func.max(change.c.id)).where(change.c.episode == name).group_by(change.c.what, change.c.name)
    rows = connection.execute(
        select(change.c.what, change.c.name, change.c.revision, revisions.c.message)
        .join(revisions, revisions.c.number == change.c.revision)
        .where(change.c.id.in_(last), change.c.after.is_(None))
    )
    found = {(what, entry): (revision, message) for what, entry, revision, message in rows}
    return {key: found[key] for key in wanted if key in found and key not in current}


def _redefined(
    connection: Connection, source: LoadedFile, wanted: Wanted, ids: Mapping[Key, Known], name: str
) -> set[Key]:
    """The entries of the file that another episode defines; where they differ, a problem is reported."""
    theirs = {key: ids[key] for key in wanted if key[0] in _OWNED and key in ids and ids[key].episode != name}
    for (what, slug), located in wanted.items():
        if what in ITEMS_AND_PACKAGES:
            for kind in ITEMS_AND_PACKAGES:
                if kind is not what and (kind, slug) in ids:
                    message = f"{slug} is already the id of a {kind} in {ids[kind, slug].episode}; choose another id"
                    source.report_problem((*located.path, "id"), message)
    definitions = stored.definitions(connection, theirs)
    for key, owner in theirs.items():
        located, definition = wanted[key], definitions[key]
        for field in Corrected(*key, definition, located.entry).fields():
            recorded = json.dumps(definition.content().get(field), ensure_ascii=False)
            message = f"{key[1]} is defined in {owner.episode}, where this field is {recorded}"
            advice = "add to it under `extends`" if key[0] in ITEMS_AND_PACKAGES else "leave it out here"
            source.report_problem((*located.path, field), f"{message}; change it there, or {advice}")
    return set(theirs)


def _changes(current: Mapping[Key, Entry], own: Wanted) -> Iterator[Change]:
    for key, located in own.items():
        before = current.get(key)
        if before is None:
            yield Added(*key, located.entry)
        elif before != located.entry:
            yield Corrected(*key, before, located.entry)


def check(connection: Connection, source: LoadedFile, comparison: Comparison, left_out: _RetractedBefore) -> None:
    """Report the problems that only the record can show: wrong references, and entries that would break."""
    after = _known_after(source, comparison)
    _check_references(source, comparison, {key: known for key, known in after.items() if key not in left_out}, left_out)
    _check_remaining(connection, source, comparison, after)


def _known_after(source: LoadedFile, comparison: Comparison) -> dict[Key, Known]:
    """The ids that will be known after the entries are recorded."""
    name, current = source.episode.id if source.episode else "", comparison.current
    after = {key: known for key, known in comparison.ids.items() if key not in comparison.retracted}
    for what, slug in source.declared:
        after.setdefault((what, slug), Known(name))
    for key in comparison.retracted:
        _extend(after, current[key], withdraw=True)
    for key, located in comparison.own.items():
        if key[0] not in stored.LOCAL:
            after[key] = references.defined(located.entry, name)
            if isinstance(before := current.get(key), ItemEntry):  # other episodes may have added makers
                added = comparison.ids[key].makers - set(before.by)
                after[key] = replace(after[key], makers=after[key].makers | added)
    for located in comparison.own.values():
        _extend(after, located.entry)
    return after


def _extend(ids: dict[Key, Known], entry: Entry, *, withdraw: bool = False) -> None:
    """Add the makers that `entry`, if it is an extension, names of its item, or take them away."""
    for key in ((kind, entry.id) for kind in ITEMS):
        if isinstance(entry, ExtensionEntry) and key in ids:
            makers, by = ids[key].makers, set(entry.by)
            ids[key] = replace(ids[key], makers=makers - by if withdraw else makers | by)


def _check_references(
    source: LoadedFile, comparison: Comparison, ids: Mapping[Key, Known], left_out: _RetractedBefore
) -> None:
    """Report every unknown id in the file, and every invalid reference that is not in the record already."""
    for (what, name), (number, why) in left_out.items():
        if what is EntryKind.EPISODE and comparison.own:
            message = f"{name} was retracted in r{number} ({why}); `--again` records it again"
            source.report_problem(("episode", "id"), message)
    retracted_in = {name: f"r{revision}" for (_, name), (revision, _) in left_out.items()}
    for path, slug, message in _unknown(source, comparison.own, ids):
        revision = retracted_in.get(slug)
        hint = f"; it was retracted in {revision}, and `--again` records it again" if revision else ""
        source.report_problem(path, message + hint)
    for key, located in comparison.own.items():
        entry, path = located.entry, located.path
        is_unchanged = same_content(comparison.current.get(key), entry)
        old_problems = references.invalid(entry, comparison.ids) if is_unchanged else ()
        for at, message in _new(references.invalid(entry, ids), old_problems):
            source.report_problem((*path, *at), message)
        if isinstance(entry, ExtensionEntry) and source.episode:
            owners = {ids[kind, entry.id].episode for kind in ITEMS_AND_PACKAGES if (kind, entry.id) in ids}
            if source.episode.id in owners:
                message = f"{entry.id} is defined in this episode; change it there instead"
                source.report_problem((*path, "id"), message)


def _unknown(source: LoadedFile, own: Wanted, ids: Mapping[Key, Known]) -> Iterator[tuple[Path, str, str]]:
    """The path, id and message of unknown ids; lazily, since reporting stops when there are too many."""
    for located in own.values():
        yield from (((*located.path, *path), slug, why) for path, slug, why in references.unknown(located.entry, ids))
    for what, around, raw in source.faulty:
        yield from (((*around, *path), slug, why) for path, slug, why in references.unknown_in_faulty(what, raw, ids))


def _check_remaining(
    connection: Connection, source: LoadedFile, comparison: Comparison, after: Mapping[Key, Known]
) -> None:
    """Report what would become wrong in entries that are not in the file, of this episode and of others."""
    episode, current, own, retracted = source.episode, comparison.current, comparison.own, comparison.retracted
    changed = [key for key, located in own.items() if not same_content(current.get(key), located.entry)]
    # A new entry breaks nothing, unless it is an extension: it changes another entry.
    relevant = [*retracted, *(key for key in changed if key in current or key[0] is EntryKind.EXTENSION)]
    if episode is None or not relevant:
        return
    earlier = episode_among(current.values()) or episode
    for key, entry in current.items():
        if key not in own and key not in retracted:
            before, found = _problems(entry, earlier, comparison.ids), _problems(entry, episode, after)
            _report_broken(source, key, _new(found, before))
    if any(after.get(key) != known for key, known in comparison.ids.items()):  # what other episodes may name
        others = (name for name in queries.listed(connection, "episode") if name != episode.id)
        for name in others:
            for key, entry in stored.entries(connection, name).items():
                found = references.invalid(entry, after)
                _report_broken(source, key, _new(found, references.invalid(entry, comparison.ids)))


def _problems(entry: Entry, episode: EpisodeEntry, ids: Mapping[Key, Known]) -> Iterator[rules.Finding]:
    yield from rules.problems(entry, episode)
    for name, days in rules.after_publication(entry, episode.published.end):
        yield (name,), f"{name} ({days}) would be after the day of publication, {episode.published.end}"
    yield from references.invalid(entry, ids)


def _new(found: Iterable[rules.Finding], before: Iterable[rules.Finding]) -> Iterator[rules.Finding]:
    """Those `found` that are not there `before`."""
    known = set(before)
    return (finding for finding in found if finding not in known)


def _report_broken(source: LoadedFile, key: Key, found: Iterable[rules.Finding]) -> None:
    for _, message in found:
        source.report_problem((), f"this would break {key[1]}, which is kept: {message}")
