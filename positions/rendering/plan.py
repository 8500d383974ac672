"""A change set as people read it before and after it is recorded: + added, ~ corrected, - retracted."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

from positions.queries.rows import Movement
from positions.recording.changes import Added, Change, ChangeSet, Corrected, Retracted, Turn
from positions.rendering.contents import differences
from positions.rendering.data import plain
from positions.rendering.layout import NOTHING, Block, Heading, Line, Listed, Note, Page, Piece, Style, stance, strong
from positions.vocabulary import StanceKind

_LONGEST = 60
"""Characters of a value that a line of the plan shows."""


def page(plans: Iterable[tuple[ChangeSet, int | None]], *, dry_run: bool) -> Page:
    """The plans in their order, each with the revision it became (None: nothing to record, or a dry run)."""
    blocks: list[Block] = []
    for changes, revision in plans:
        blocks.append(Heading(_heading(changes)))
        blocks += [Listed(line(change)) for change in changes.changes]
        blocks += [Listed(_left_out(changes, number)) for number in range(len(changes.left_out))]
        if changes.kept:
            names = ", ".join(changes.kept)
            blocks.append(Listed((Piece(f"kept, not in the file: {names} (--replace would retract)", Style.QUIET),)))
        blocks += _turns(changes)
        blocks.append(Note(_result(changes, revision, dry_run=dry_run)))
    return Page(blocks)


def as_object(changes: ChangeSet, revision: int | None) -> dict[str, Any]:
    """The plan as the JSON contract has it."""
    named: dict[type[Change], list[str]] = {Added: [], Corrected: [], Retracted: []}
    for change in changes.changes:
        named[type(change)].append(change.name)
    return {
        "file": changes.file,
        "episode": changes.episode,
        "added": named[Added],
        "corrected": named[Corrected],
        "retracted": named[Retracted],
        "kept": list(changes.kept),
        "left_out": [plain(one) for one in changes.left_out],
        "movements": [plain(one) for one in changes.movements],
        "revision": revision,
    }


def _heading(changes: ChangeSet) -> Line:
    source = f" from {changes.file}" if changes.file else ""
    return (strong(changes.episode), Piece(source))


def line(change: Change) -> Line:
    """One change, in a line."""
    name = f"{change.what} {change.name}"
    match change:
        case Added():
            return (Piece(f"+ {name}", Style.ADDED),)
        case Corrected():
            return (
                Piece(f"~ {name}", Style.CORRECTED),
                Piece(f"  {'; '.join(_what_differs(change))}"),
            )
        case Retracted():
            return (Piece(f"- {name}", Style.RETRACTED),)
        case _:
            assert_never(change)


def _what_differs(change: Corrected) -> Iterator[str]:
    yield from differences(change.before.content(), change.after.content(), _LONGEST)
    if "order" in change.fields():
        yield "order: it stands elsewhere in its file"


def _left_out(changes: ChangeSet, number: int) -> Line:
    one = changes.left_out[number]
    return (
        Piece(f"! {one.what} {one.name}", Style.CORRECTED),
        Piece(f"  left out: it was taken back in r{one.revision} ({one.message}); --again records it again"),
    )


def _turns(changes: ChangeSet) -> list[Block]:
    """The stances that turn: what an actor said apart from what only we corrected, the present apart from the past."""
    hows = {_tells(one): one.direction for one in reversed(changes.movements)}
    told = {_tells(turn) for turn in changes.turns}
    present = [turn for turn in changes.turns if turn.until is None]
    said = [turn for turn in present if not turn.corrected]
    groups = (
        ("stances that move", [_turn(turn, hows) for turn in said if turn.before is not None]),
        ("first stances", [_turn(turn, hows) for turn in said if turn.before is None]),
        (
            "stances that read differently, by correction, not by movement",
            [_turn(turn, hows) for turn in present if turn.corrected],
        ),
        ("in the past", [_turn(turn, hows) for turn in changes.turns if turn.until is not None]),
        (
            "movements of the past that appear",
            [_moved(one) for one in changes.movements if _tells(one) not in told],
        ),
        ("movements that vanish", [_moved(one) for one in changes.vanished]),
    )
    blocks: list[Block] = []
    for title, lines in groups:
        if lines:
            blocks.append(Listed((strong(title),)))
            blocks += [Listed(line, depth=2) for line in lines]
    return blocks


def _turn(turn: Turn, hows: Mapping[object, str | None]) -> Line:
    how = f", {hows[_tells(turn)]}" if _tells(turn) in hows else ""
    days = f"as of {turn.since}" if turn.until is None else f"as of {turn.since} to before {turn.until}"
    after = Piece(f" ({days}{'' if turn.corrected else how})", Style.QUIET)
    return (Piece(f"{turn.actor} on {turn.item}: "), kind(turn.before), Piece(" -> "), kind(turn.after), after)


def _moved(one: Movement) -> Line:
    after = Piece(f" ({one.direction}, said {one.said})", Style.QUIET)
    return (Piece(f"{one.actor} on {one.item}: "), kind(one.from_), Piece(" -> "), kind(one.to), after)


def _tells(one: Turn | Movement) -> object:
    """What a turn and a movement have in common when they tell the same."""
    if isinstance(one, Turn):
        return one.actor, one.item, one.before, one.after, one.since
    return one.actor, one.item, one.from_, one.to, one.said.end


def kind(kind: StanceKind | None) -> Piece:
    """The word for a stance, or a dash."""
    return Piece(NOTHING, Style.QUIET) if kind is None else stance(kind)


def _result(changes: ChangeSet, revision: int | None, *, dry_run: bool) -> str:
    counts = {Added: 0, Corrected: 0, Retracted: 0}
    for change in changes.changes:
        counts[type(change)] += 1
    words = {Added: "added", Corrected: "corrected", Retracted: "retracted"}
    told = ", ".join(f"{number} {words[kind]}" for kind, number in counts.items() if number)
    if not told:
        return f"nothing to record ({changes.unchanged} unchanged)"
    if dry_run:
        return f"dry run, nothing recorded: {told}, {changes.unchanged} unchanged"
    return f"r{revision} recorded: {told}, {changes.unchanged} unchanged"
