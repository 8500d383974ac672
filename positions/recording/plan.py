"""From an episode file to a change set: the entries of the file are compared with those in the record.

Planning only reads. All problems are reported at once, those of the file itself and those that only the record shows.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace as changed

from sqlalchemy import Connection, func, select

from positions import models
from positions.episode_file import rules
from positions.episode_file.load import LoadedFile, LocatedEntry
from positions.episode_file.schema import Entry, EpisodeEntry, ExtensionEntry, ItemEntry
from positions.queries.log import newest
from positions.queries.rows import LeftOut
from positions.recording import references, stored, validation
from positions.recording.changes import Added, Change, ChangeSet, Corrected, Retracted, same_content
from positions.recording.effects import effect
from positions.recording.known_ids import Known, known
from positions.recording.sequence import in_file_order, sequences
from positions.vocabulary import EntryKind, Key


def plan(connection: Connection, source: LoadedFile, *, replace: bool = False, again: bool = False) -> ChangeSet:
    """The change set that records `source`.

    With `replace`, it retracts the entries of this episode that the file lacks; with `again`, it restores entries that
    were retracted on purpose.

    Raises:
        EpisodeFileError: the file has problems; the error has all of them.
    """
    name = source.episode.id if source.episode else ""
    current, ids = stored.entries(connection, name), known(connection)
    _forgive_unchanged(source, name, current)
    wanted = _wanted(source, name)
    left_out = {} if again else _retracted_before(connection, name, wanted, current)
    retracted = [key for key in current if replace and key not in wanted]
    remaining = {key: known_id for key, known_id in ids.items() if key not in retracted}
    # A file may repeat definitions of other episodes word for word; they are not recorded again.
    redefined = _redefined(connection, source, wanted, remaining, name)
    own = {key: located for key, located in wanted.items() if key not in redefined and key not in left_out}
    own |= _in_file_order(connection, name, own, current)
    _check_episode(source, own, left_out)
    after = _with_file(source, remaining, own, current, retracted)
    comparison = validation.Comparison(current, own, retracted, ids, after)
    validation.check_references(source, comparison, left_out)
    validation.check_remaining(connection, source, comparison)
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
    return finished(connection, made, episode, ids)


def _forgive_unchanged(source: LoadedFile, name: str, current: Mapping[Key, Entry]) -> None:
    """Accept entries that are in the record unchanged, even if they break rules that were added later.

    They are not accepted if the file makes them break a rule by changing the episode.
    """
    before = validation.episode_among(current)
    entries = {located.path: located.entry for located in source.written} | source.readable
    for path in list(source.broken_rules):
        entry = source.episode if path == ("episode",) else entries.get(path)
        if entry is None or not same_content(current.get(stored.key(entry, name)), entry):
            continue
        if set(rules.problems(entry, source.episode)) <= set(rules.problems(entry, before)):
            source.forgive(path)
            if path in source.readable and path != ("episode",):
                source.add(LocatedEntry(entry, path))


def _wanted(source: LoadedFile, name: str) -> validation.Wanted:
    entries = [LocatedEntry(source.episode, ("episode",))] if source.episode else []
    return {stored.key(located.entry, name): located for located in (*entries, *source.written)}


def _in_file_order(
    connection: Connection, episode: str, own: validation.Wanted, current: Mapping[Key, Entry]
) -> Iterator[tuple[Key, LocatedEntry]]:
    """The statements among `own`, with their order in the file."""
    for what in (EntryKind.RESPONSE, EntryKind.OUTCOME):
        statements = {key: located for key, located in own.items() if key[0] is what}
        recorded = [entry for key, entry in current.items() if key[0] is what]
        ordered = in_file_order(connection, episode, [located.entry for located in statements.values()], recorded)
        for (key, located), entry in zip(statements.items(), ordered, strict=True):
            yield key, LocatedEntry(entry, located.path)


def _retracted_before(
    connection: Connection, name: str, wanted: validation.Wanted, current: Mapping[Key, Entry]
) -> dict[Key, tuple[int, str]]:
    """The entries of the file that were retracted, with the number and message of that revision."""
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
    connection: Connection, source: LoadedFile, wanted: validation.Wanted, ids: Mapping[Key, Known], name: str
) -> set[Key]:
    """The entries of the file that another episode defines; where they differ, a problem is reported."""
    theirs = {key: ids[key] for key in wanted if key[0] in validation.OWNED and key in ids and ids[key].episode != name}
    for (what, slug), located in wanted.items():
        if what in validation.SHARED_IDS:
            for kind in validation.SHARED_IDS:
                if kind is not what and (kind, slug) in ids:
                    message = f"{slug} is already the id of a {kind} in {ids[kind, slug].episode}; choose another id"
                    source.report_problem((*located.path, "id"), message)
    definitions = stored.definitions(connection, theirs)
    for key, owner in theirs.items():
        located, definition = wanted[key], definitions[key]
        for field in Corrected(*key, definition, located.entry).fields():
            recorded = json.dumps(definition.content().get(field), ensure_ascii=False)
            message = f"{key[1]} is defined in {owner.episode}, where this is {recorded}"
            is_extendable = key[0] in validation.SHARED_IDS
            advice = "add to it under `extends`" if is_extendable else "leave it out here"
            source.report_problem((*located.path, field), f"{message}; change it there, or {advice}")
    return set(theirs)


def _check_episode(source: LoadedFile, own: validation.Wanted, left_out: Mapping[Key, tuple[int, str]]) -> None:
    """Report a problem if the episode itself was retracted: then no entry of it can be recorded."""
    for (what, name), (revision, why) in left_out.items():
        if what is EntryKind.EPISODE and own:
            message = f"{name} was retracted in r{revision} ({why}); `--again` records it again"
            source.report_problem(("episode", "id"), message)


def _with_file(
    source: LoadedFile,
    ids: Mapping[Key, Known],
    own: validation.Wanted,
    current: Mapping[Key, Entry],
    retracted: Sequence[Key],
) -> dict[Key, Known]:
    """The ids that will be known after the file is recorded."""
    after, name = dict(ids), source.episode.id if source.episode else ""
    for what, slug in source.declared:
        after.setdefault((what, slug), Known(what, slug, name))
    for key in retracted:
        entry = current[key]
        target = references.item(after, entry.id) if isinstance(entry, ExtensionEntry) else None
        if target is not None and isinstance(entry, ExtensionEntry):
            after[target.what, target.slug] = changed(target, makers=target.makers - set(entry.by))
    for key, located in own.items():
        if key[0] not in {EntryKind.RESPONSE, EntryKind.OUTCOME, EntryKind.EXTENSION}:
            after[key] = _redefined_id(located.entry, ids.get(key), current.get(key), name)
    for located in own.values():
        target = references.item(after, located.entry.id) if isinstance(located.entry, ExtensionEntry) else None
        if target is not None and isinstance(located.entry, ExtensionEntry):
            after[target.what, target.slug] = changed(target, makers=target.makers | set(located.entry.by))
    return after


def _redefined_id(entry: Entry, known_id: Known | None, before: Entry | None, name: str) -> Known:
    """The id that `entry` will define; it keeps its row, and the makers that other episodes have added."""
    after = references.defined(entry, name)
    if known_id is None:
        return after
    added = known_id.makers - set(before.by) if isinstance(before, ItemEntry) else frozenset()
    return changed(after, row=known_id.row, makers=after.makers | added)


def _changes(current: Mapping[Key, Entry], own: validation.Wanted) -> Iterator[Change]:
    for key, located in own.items():
        before = current.get(key)
        if before is None:
            yield Added(*key, located.entry)
        elif before != located.entry:
            yield Corrected(*key, before, located.entry)


def finished(connection: Connection, changes: ChangeSet, episode: EpisodeEntry, ids: Mapping[Key, Known]) -> ChangeSet:
    """`changes` with their effects on stances; `ids` are those in the record now."""
    order = sequences(connection, episode.id, changes.changes)
    effects = effect(connection, changes.changes, episode, ids, order)
    return changed(changes, turns=effects.turns, movements=effects.appeared, vanished=effects.vanished)
