"""What happened to an item: as marks on its time axis, and the same as lines to read."""

from collections.abc import Iterable, Iterator, Sequence

from positions.dates import Span
from positions.queries import accounts
from positions.queries.rows import Item, Mention, Outcome, Stance
from positions.report.index import Index
from positions.report.parts import Entry
from positions.report.phrases import days
from positions.report.timeline import Event, Timeline, draw
from positions.vocabulary import FIRM, ItemKind, MentionKind, Scope

OUTCOME = "What became of it"
"""The lane of outcomes, which have no actor of their own."""

_MADE = {ItemKind.DEMAND: "demands it", ItemKind.OFFER: "offers it"}


def timeline(item: Item, index: Index) -> Timeline:
    """The history of `item` as a drawing: its makers' lanes first, then the others' as they first speak."""
    moves = [(index.names.actor(after.actor), _place(before), _place(after)) for before, after in index.moves(item.id)]
    return draw(list(_events(item, index)), moves, index.axis)


def entries(item: Item, index: Index) -> list[Entry]:
    """The history of `item` as lines, oldest first; those who said the same together stand in one."""
    moved = {_key(after): (before, after) for before, after in index.moves(item.id)}
    told: list[tuple[Span, Entry]] = [(item.made, _made(item, index))]
    told += [(one.said, _mention(one, index)) for one in index.mentions.get(item.id, ())]
    told += [(group[0].said, _stance(group, item, index, moved)) for group in _together(index.told.get(item.id, ()))]
    told += [(one.on, _outcome(one, index)) for one in index.outcomes.get(item.id, ())]
    return [entry for _, entry in sorted(told, key=lambda pair: (pair[0].since, pair[0].end))]


def voice(speaker: str | None, basis: str | None, reported_by: str | None, index: Index) -> str:
    """Who said it and how we have it: Sergey Lavrov, stated; alleged by Sergey Lavrov."""
    told = f"{basis} by {index.names.actor(reported_by)}" if reported_by else basis or ""
    return ", ".join(part for part in (index.names.actor(speaker) if speaker else "", told) if part)


def _events(item: Item, index: Index) -> Iterator[Event]:
    names = index.names
    for maker in item.by or (None,):
        lane = names.makers([maker] if maker else [], item.side)
        label = f"{_MADE[item.kind]}, {days(item.made)}{_quoted(item.quote)}"
        yield Event(lane, "made", item.made, label, f"{item.episode}/")
    for said in index.mentions.get(item.id, ()):
        for actor in said.by:
            label = f"{_mentioned(said)}, {days(said.said)}{_quoted(said.quote)}"
            place = f"{said.episode}/{said.response}"
            yield Event(names.actor(actor), said.kind.value, said.said, label, place)
    for told in index.told.get(item.id, ()):
        notes = _notes(told)
        marked = "".join(f", {note}" for note in notes)
        label = f"{told.stance}{marked}, {days(told.said)}{_quoted(told.quote)}"
        yield Event(names.actor(told.actor), told.stance.value, told.said, label, _place(told), notes)
    for became in index.outcomes.get(item.id, ()):
        label = f"{_became(became, index)}, {days(became.on)}{_quoted(became.quote)}"
        yield Event(OUTCOME, "outcome", became.on, label, f"{became.episode}/{became.id}")


def _place(told: Stance) -> str:
    return f"{told.episode}/{told.response}"


def _key(told: Stance) -> str:
    return f"{told.actor} {_place(told)}"


def _quoted(quote: str | None) -> str:
    return f": “{quote}”" if quote else ""


def _notes(told: Stance) -> tuple[str, ...]:
    weak = () if told.basis in FIRM else (told.basis.value,)
    return (*weak, "contested") if told.contested else weak


def _mentioned(said: Mention) -> str:
    if said.kind is MentionKind.ABOUT:
        return "takes it up without a stance"
    return f"says it again, {said.scope}" if said.scope not in {None, Scope.SAME} else "says it again"


def _became(one: Outcome, index: Index) -> str:
    part = " in part" if one.in_part else ""
    instead = f" by “{index.title(one.superseded_by)}”" if one.superseded_by else ""
    return f"{one.outcome}{part}{instead}"


def _together(told: Iterable[Stance]) -> list[list[Stance]]:
    """Accounts of one response that say the same of several actors."""
    groups: dict[tuple[object, ...], list[Stance]] = {}
    for one in told:
        alike = (one.episode, one.response, one.stance, one.quote, one.wording, one.condition, one.contested)
        groups.setdefault(alike, []).append(one)
    return list(groups.values())


def _made(item: Item, index: Index) -> Entry:
    return Entry(
        days=days(item.made),
        who=index.names.makers(item.by, item.side),
        look="made",
        word=_MADE[item.kind],
        notes=(),
        quote=item.quote,
        summary=item.summary,
        label=None,
        condition=None,
        voice=voice(item.speaker, item.basis, item.reported_by, index),
        cited=f"{item.episode}/",
    )


def _mention(said: Mention, index: Index) -> Entry:
    return Entry(
        days=days(said.said),
        who=index.names.actors(said.by),
        look=said.kind.value,
        word=_mentioned(said),
        notes=(),
        quote=said.quote,
        summary=said.summary,
        label=said.wording if said.wording and said.wording not in (said.quote or "") else None,
        condition=None,
        voice=voice(said.speaker, said.basis, None, index),
        cited=f"{said.episode}/{said.response}",
    )


def _stance(group: Sequence[Stance], item: Item, index: Index, moved: dict[str, tuple[Stance, Stance]]) -> Entry:
    one = group[0]
    steps = {_stepped(*moved[_key(each)]) for each in group if _key(each) in moved}
    own = ["on its own offer"] if one.actor in item.by else []
    return Entry(
        days=days(one.said),
        who=index.names.actors(each.actor for each in group),
        look=one.stance.value,
        word=one.stance.value,
        notes=(*own, *_notes(one), *sorted(steps)),
        quote=one.quote,
        summary=one.summary,
        label=one.wording if one.wording and one.wording not in (one.quote or "") else None,
        condition=one.condition,
        voice=voice(one.speaker, one.basis, one.reported_by, index),
        cited=f"{one.episode}/{one.response}",
    )


def _stepped(before: Stance, after: Stance) -> str:
    return f"{accounts.direction(before.stance, after.stance)}, was {before.stance}"


def _outcome(one: Outcome, index: Index) -> Entry:
    return Entry(
        days=days(one.on),
        who=index.names.actors(one.by),
        look="outcome",
        word=_became(one, index),
        notes=(),
        quote=one.quote,
        summary=one.summary,
        label=None,
        condition=None,
        voice=one.basis.value if one.basis else "",
        cited=f"{one.episode}/{one.id}",
    )
