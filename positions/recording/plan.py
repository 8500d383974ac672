"""From an episode file to a change set: what the record holds is compared, by content, with what the file says.

Planning only reads. Everything wrong with the file is reported at once, whether the file alone shows it or only the
record does.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace as changed

from sqlalchemy import Connection, func, select

from positions import models
from positions.episode_file import rules
from positions.episode_file.load import LocatedEntry, Source
from positions.episode_file.schema import Entry, EpisodeEntry, ExtensionEntry, ItemEntry
from positions.queries.log import newest
from positions.queries.rows import LeftOut
from positions.recording import references, stored, validation
from positions.recording.changes import Added, Change, ChangeSet, Corrected, Retracted, same
from positions.recording.effects import effect
from positions.recording.known_ids import Known, known
from positions.recording.sequence import in_file_order, sequences
from positions.vocabulary import EntryKind, Key


def plan(connection: Connection, source: Source, *, replace: bool = False, again: bool = False) -> ChangeSet:
    """What recording `source` would change.

    `replace` retracts what the record holds of this episode and the file lacks; `again` adds back what was once taken
    out on purpose.

    Raises:
        EpisodeFileError: the file has faults; it holds all of them.
    """
    name = source.episode.id if source.episode else ""
    here, ids = stored.entries(connection, name), known(connection)
    _forgive_held(source, name, here)
    wanted = _wanted(source, name)
    taken_back = {} if again else _taken_back(connection, name, wanted, here)
    gone = [key for key in here if replace and key not in wanted]
    remaining = {key: one for key, one in ids.items() if key not in gone}
    redefined = _redefined(connection, source, wanted, remaining, name)
    own = {key: one for key, one in wanted.items() if key not in redefined and key not in taken_back}
    own |= _in_file_order(connection, name, own, here)
    _check_episode(source, own, taken_back)
    after = _with_file(source, remaining, own, here, gone)
    compared = validation.Comparison(here, own, gone, ids, after)
    validation.named(source, compared, taken_back)
    validation.kept(connection, source, compared)
    episode, changes = source.require(), list(_changes(here, own))
    made = ChangeSet(
        file=source.file,
        file_sha256=source.sha256 or None,
        episode=episode.id,
        made_at=newest(connection),
        changes=(*changes, *(Retracted(*key, here[key]) for key in gone)),
        unchanged=len(wanted) - len(taken_back) - len(changes),
        kept=tuple(key[1] for key in here if key not in own and key not in gone),
        left_out=tuple(LeftOut(*key, *why) for key, why in taken_back.items()),
    )
    return finished(connection, made, episode, ids)


def _forgive_held(source: Source, name: str, here: Mapping[Key, Entry]) -> None:
    """Take what the record holds in just these words as it is, though rules that came later would refuse it anew.

    What breaks a rule by something else that the file changes is not forgiven.
    """
    before = validation.episode_among(here)
    entries = {written.path: written.entry for written in source.written} | source.readable
    for path in list(source.broken_rules):
        entry = source.episode if path == ("episode",) else entries.get(path)
        if entry is None or not same(here.get(stored.key(entry, name)), entry):
            continue
        if set(rules.problems(entry, source.episode)) <= set(rules.problems(entry, before)):
            source.forgive(path)
            if path in source.readable and path != ("episode",):
                source.add(LocatedEntry(entry, path))


def _wanted(source: Source, name: str) -> validation.Wanted:
    entries = [LocatedEntry(source.episode, ("episode",))] if source.episode else []
    return {stored.key(one.entry, name): one for one in (*entries, *source.written)}


def _in_file_order(
    connection: Connection, episode: str, own: validation.Wanted, here: Mapping[Key, Entry]
) -> Iterator[tuple[Key, LocatedEntry]]:
    """The statements among `own`, each with its order."""
    for what in (EntryKind.RESPONSE, EntryKind.OUTCOME):
        listed = {key: one for key, one in own.items() if key[0] is what}
        held_entries = [entry for key, entry in here.items() if key[0] is what]
        ordered = in_file_order(connection, episode, [one.entry for one in listed.values()], held_entries)
        yield from (
            (key, LocatedEntry(entry, one.path)) for (key, one), entry in zip(listed.items(), ordered, strict=True)
        )


def _taken_back(
    connection: Connection, name: str, wanted: validation.Wanted, here: Mapping[Key, Entry]
) -> dict[Key, tuple[int, str]]:
    """The entries of the file that a revision took out of the record, with its number and message."""
    change, revisions = models.change, models.revision
    last = select(func.max(change.c.id)).where(change.c.episode == name).group_by(change.c.what, change.c.name)
    rows = connection.execute(
        select(change.c.what, change.c.name, change.c.revision, revisions.c.message)
        .join(revisions, revisions.c.number == change.c.revision)
        .where(change.c.id.in_(last), change.c.after.is_(None))
    )
    found = {(what, entry): (revision, message) for what, entry, revision, message in rows}
    return {key: found[key] for key in wanted if key in found and key not in here}


def _redefined(
    connection: Connection, source: Source, wanted: validation.Wanted, ids: Mapping[Key, Known], name: str
) -> set[Key]:
    """The entries that repeat, word for word, what another episode owns; a fault for those that do not."""
    theirs = {key: ids[key] for key in wanted if key[0] in validation.OWNED and key in ids and ids[key].episode != name}
    for key, one in wanted.items():
        if key[0] in validation.SHARED_IDS:
            for other in validation.SHARED_IDS:
                if other is not key[0] and (other, key[1]) in ids:
                    source.report_problem(
                        (*one.path, "id"),
                        f"{key[1]} is already a {other} of {ids[other, key[1]].episode}; choose another id",
                    )
    definitions = stored.definitions(connection, theirs)
    for key, owner in theirs.items():
        written, definition = wanted[key], definitions[key]
        fields = Corrected(*key, definition, written.entry).fields()
        for field in fields:
            recorded = json.dumps(definition.content().get(field), ensure_ascii=False)
            message = f"{key[1]} belongs to {owner.episode}, where this is {recorded}"
            is_extendable = key[0] in validation.SHARED_IDS
            advice = "add to it under `extends`" if is_extendable else "leave it out here"
            source.report_problem((*written.path, field), f"{message}; change it there, or {advice}")
    return set(theirs)


def _check_episode(source: Source, own: validation.Wanted, taken_back: Mapping[Key, tuple[int, str]]) -> None:
    """Note that nothing can be recorded of an episode that was itself taken back."""
    for (what, name), (revision, why) in taken_back.items():
        if what is EntryKind.EPISODE and own:
            message = f"{name} was taken back in r{revision} ({why}); `--again` records it again"
            source.report_problem(("episode", "id"), message)


def _with_file(
    source: Source, ids: Mapping[Key, Known], own: validation.Wanted, here: Mapping[Key, Entry], gone: Sequence[Key]
) -> dict[Key, Known]:
    """The ids that will be known when the file is recorded."""
    after, name = dict(ids), source.episode.id if source.episode else ""
    for what, slug in source.declared:
        after.setdefault((what, slug), Known(what, slug, name))
    for key in gone:
        entry = here[key]
        target = references.item(after, entry.id) if isinstance(entry, ExtensionEntry) else None
        if target is not None and isinstance(entry, ExtensionEntry):
            after[target.what, target.slug] = changed(target, makers=target.makers - set(entry.by))
    for key, one in own.items():
        if key[0] not in {EntryKind.RESPONSE, EntryKind.OUTCOME, EntryKind.EXTENSION}:
            after[key] = _as_it_will_be(one.entry, ids.get(key), here.get(key), name)
    for one in own.values():
        target = references.item(after, one.entry.id) if isinstance(one.entry, ExtensionEntry) else None
        if target is not None and isinstance(one.entry, ExtensionEntry):
            after[target.what, target.slug] = changed(target, makers=target.makers | set(one.entry.by))
    return after


def _as_it_will_be(entry: Entry, now: Known | None, before: Entry | None, name: str) -> Known:
    after = references.defined(entry, name)
    if now is None:
        return after
    added = now.makers - set(before.by) if isinstance(before, ItemEntry) else frozenset()
    return changed(after, row=now.row, makers=after.makers | added)


def _changes(here: Mapping[Key, Entry], own: validation.Wanted) -> Iterator[Change]:
    for key, one in own.items():
        before = here.get(key)
        if before is None:
            yield Added(*key, one.entry)
        elif before != one.entry:
            yield Corrected(*key, before, one.entry)


def finished(connection: Connection, changes: ChangeSet, episode: EpisodeEntry, ids: Mapping[Key, Known]) -> ChangeSet:
    """`changes` with what they do to stances; `ids` are those that the record holds now."""
    order = sequences(connection, episode.id, changes.changes)
    done = effect(connection, changes.changes, episode, ids, order)
    return changed(changes, turns=done.turns, movements=done.appeared, vanished=done.vanished)
