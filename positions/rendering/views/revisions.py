"""Changes to the record: the plan of a revision, the log with contents, and the difference of two revisions."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from positions.episode_file.schema import OutcomeEntry, ResponseEntry
from positions.queries.log import short
from positions.queries.rows import LeftOut, Movement, Revision
from positions.recording.changes import Added, Change, ChangeSet, Corrected, RecordDifference, Retracted, Turn
from positions.rendering.layout import (
    Block,
    Gap,
    Line,
    ListItem,
    Note,
    Page,
    Piece,
    Style,
    heading,
    line,
    quiet,
    stance,
    strong,
)
from positions.rendering.phrases import counted, joined, minute
from positions.vocabulary import Scope, StanceKind

_LONGEST_VALUE = 60
"""The most characters of a value shown in a plan."""


def plan(plans: Iterable[tuple[ChangeSet, int | None]], *, dry_run: bool) -> Page:
    """A page with each plan and the revision that recorded it (None: nothing to record, or a dry run)."""
    blocks: list[Block] = []
    for changes, revision in plans:
        blocks.append(heading(strong(changes.episode), f" from {changes.file}" if changes.file else ""))
        blocks += [ListItem(_change(change)) for change in changes.changes]
        blocks += [ListItem(_left_out(entry)) for entry in changes.left_out]
        if changes.kept:
            kept = quiet(f"kept although not in the file: {joined(changes.kept)} (--replace retracts them)")
            blocks.append(ListItem(line(kept)))
        blocks += _stance_changes(changes)
        blocks.append(Note(_result(changes, revision, dry_run=dry_run)))
    return Page(blocks)


def difference(found: RecordDifference) -> Page:
    """How the record at one revision differs from the record at another."""
    title = heading("From ", strong(f"r{found.earlier}"), " to ", strong(f"r{found.later}"))
    if not found.changes:
        return Page((title, Note("No differences.")))
    said = [_turn(turn, f"as of {turn.since}") for turn in found.turns if not turn.corrected]
    corrected = [_turn(turn, f"as of {turn.since}") for turn in found.turns if turn.corrected]
    return Page(
        (
            title,
            *(ListItem(_change(change)) for change in found.changes),
            *_section("stances that moved", said),
            *_section("stances changed by correction", corrected),
        )
    )


def log(rows: Sequence[Revision]) -> Page:
    """The revisions in the order of `rows`, each with the entries that it changed, before and after."""
    blocks: list[Block] = []
    for revision in rows:
        when, who = f"{short(revision.digest)}  {minute(revision.recorded_at)} UTC", revision.recorded_by
        blocks.append(heading(strong(f"r{revision.revision}"), f"  {when}, {who}: {revision.message}"))
        for entry in revision.changes or ():
            blocks.append(ListItem(line(_entry(entry.what, entry.name, entry.before, entry.after))))
            blocks += [ListItem(line(value), depth=2) for value in _differences(entry.before, entry.after)]
        blocks.append(Gap())
    return Page(blocks or [Note("Nothing has been recorded yet.")])


def _change(change: Change) -> Line:
    entry = _entry(change.what, change.name, change.before, change.after)
    if not isinstance(change, Corrected):
        return line(entry)
    corrections = [*_differences(change.before.content(), change.after.content(), _LONGEST_VALUE)]
    if "order" in change.fields():
        corrections.append("order: moved within its file")
    return line(entry, f"  {'; '.join(corrections)}")


def _entry(what: str, name: str, before: object, after: object) -> Piece:
    """An entry marked as added (`before` is None), retracted (`after` is None) or corrected."""
    if before is None:
        return Piece(f"+ {what} {name}", Style.ADDED)
    if after is None:
        return Piece(f"- {what} {name}", Style.RETRACTED)
    return Piece(f"~ {what} {name}", Style.CORRECTED)


def _left_out(entry: LeftOut) -> Line:
    reason = f"it was retracted in r{entry.revision} ({entry.message}); --again records it again"
    return line(Piece(f"! {entry.what} {entry.name}", Style.CORRECTED), f"  left out: {reason}")


def _stance_changes(changes: ChangeSet) -> list[Block]:
    """The stances and movements that change, with corrections and past stances in sections of their own."""
    directions = {_key(movement): movement.direction for movement in reversed(changes.movements)}

    def turned(turn: Turn) -> Line:
        days = f"as of {turn.since}" + (f" to before {turn.until}" if turn.until else "")
        is_said = not turn.corrected and _key(turn) in directions
        return _turn(turn, f"{days}, {directions[_key(turn)]}" if is_said else days)

    keys = {_key(turn) for turn in changes.turns}
    present = [turn for turn in changes.turns if turn.until is None]
    said = [turn for turn in present if not turn.corrected]
    corrected = [turned(turn) for turn in present if turn.corrected]
    past = [_movement(movement) for movement in changes.movements if _key(movement) not in keys]
    return [
        *_section("stances that move", [turned(turn) for turn in said if turn.before is not None]),
        *_section("first stances", [turned(turn) for turn in said if turn.before is None]),
        *_section("stances changed by correction, not movement", corrected),
        *_section("past stances", [turned(turn) for turn in changes.turns if turn.until is not None]),
        *_section("past movements added", past),
        *_section("movements added by correction", [_movement(movement) for movement in changes.corrected]),
        *_section("movements removed", [_movement(movement) for movement in changes.vanished]),
        *_section("demands repeated with another scope", list(_scopes(changes))),
        *_section("outcomes", list(_outcomes(changes))),
    ]


def _scopes(changes: ChangeSet) -> Iterator[Line]:
    """The items that the added responses repeat with another scope."""
    for change in changes.changes:
        if isinstance(change, Added) and isinstance(response := change.after, ResponseEntry):
            for item, repeated in response.repeats.items():
                if repeated.scope not in {None, Scope.SAME}:
                    yield line(f"{joined(response.by)} on {item}: {repeated.scope}", quiet(f" (said {response.said})"))


def _outcomes(changes: ChangeSet) -> Iterator[Line]:
    """What becomes of items according to the added outcomes."""
    for change in changes.changes:
        if isinstance(change, Added) and isinstance(outcome := change.after, OutcomeEntry):
            part = " in part" if outcome.in_part else ""
            for item in outcome.items:
                yield line(f"{item}: {outcome.outcome}{part}", quiet(f" (on {outcome.on})"))


def _key(change: Turn | Movement) -> object:
    """Equal for a turn and a movement that are the same event."""
    if isinstance(change, Turn):
        return change.actor, change.item, change.before, change.after, change.since
    return change.actor, change.item, change.from_, change.to, change.said.end


def _turn(turn: Turn, remark: str) -> Line:
    doubt = f"{turn.doubt}, " if turn.doubt else ""
    return _move(f"{turn.actor} on {turn.item}: ", turn.before, turn.after, f"{doubt}{remark}")


def _movement(movement: Movement) -> Line:
    remark = f"{movement.direction}, said {movement.said}"
    return _move(f"{movement.actor} on {movement.item}: ", movement.from_, movement.to, remark)


def _move(subject: str, before: StanceKind | None, after: StanceKind | None, remark: str) -> Line:
    return line(subject, stance(before), " -> ", stance(after), quiet(f" ({remark})"))


def _section(title: str, lines: Sequence[Line]) -> list[Block]:
    if not lines:
        return []
    return [ListItem(line(strong(title))), *(ListItem(entry, depth=2) for entry in lines)]


def _result(changes: ChangeSet, revision: int | None, *, dry_run: bool) -> str:
    numbers = Counter(type(change) for change in changes.changes)
    words: dict[type[Change], str] = {Added: "added", Corrected: "corrected", Retracted: "retracted"}
    done = joined(f"{numbers[kind]} {word}" for kind, word in words.items() if numbers[kind])
    if not done:
        return f"nothing to record ({changes.unchanged} unchanged)"
    outcome = "dry run, would record" if dry_run else f"r{revision} recorded"
    moving = sum(not turn.corrected and turn.until is None and turn.before is not None for turn in changes.turns)
    moves = f"; {counted(moving, 'stance')} {'moves' if moving == 1 else 'move'}" if moving else ""
    return f"{outcome}: {done}, {changes.unchanged} unchanged{moves}"


def _differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, longest: int | None = None
) -> Iterator[str]:
    """Each value that differs, by its path: `stances.no-enlargement.stance: "open" -> "negotiable"`.

    Of an added or retracted entry, every value. Values are cut to `longest` characters.
    """
    old, new = _flat(before), _flat(after)
    if not ("order" in old and "order" in new):  # the order matters only if it changed
        old.pop("order", None)
        new.pop("order", None)
    for path in [*new, *(path for path in old if path not in new)]:
        was, now = _shown(old.get(path), longest), _shown(new.get(path), longest)
        if was == now:
            continue
        if before is None or after is None:
            yield f"{path}: {now if before is None else was}"
        else:
            yield f"{path}: {was} -> {now}"


def _flat(content: Any, path: str = "") -> dict[str, Any]:
    """The values of nested mappings by their paths: keys joined by dots."""
    if content is None and not path:
        return {}
    if not isinstance(content, dict) or not content:
        return {path: content}
    parts = (_flat(value, f"{path}.{name}" if path else str(name)) for name, value in content.items())
    return {name: value for part in parts for name, value in part.items()}


def _shown(value: Any, longest: int | None) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"
