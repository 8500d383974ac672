"""The sources, each with what was said in it and how much of it was read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from positions.queries.rows import Episode, Mention, Outcome, Response, Stance
from positions.report.history import voice
from positions.report.index import Index
from positions.report.parts import Said, Source
from positions.report.phrases import counted, day, days, link
from positions.vocabulary import Reading

_TakenUp = Mapping[str, Sequence[tuple[str, str, str, str]]]


def listed(index: Index) -> list[Source]:
    """Every source by day of publication, with its responses and outcomes, oldest first."""
    about = _about(index)
    said: dict[str, list[Said]] = defaultdict(list)
    for one in index.data.responses:
        said[one.episode].append(_response(one, about, index))
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    for became in index.data.outcomes:
        outcomes[f"{became.episode}/{became.id}"].append(became)
    for rows in outcomes.values():
        said[rows[0].episode].append(_outcome(rows, index))
    return [_source(one, said[one.id]) for one in index.data.episodes]


def _source(one: Episode, said: Sequence[Said]) -> Source:
    whole = one.read is Reading.WHOLE
    return Source(
        id=one.id,
        kind=one.kind.value,
        title=one.title,
        published=day(one.published),
        by=", ".join(part for part in (one.author, one.publisher) if part),
        url=link(one.url),
        address=one.url,
        summary=one.summary,
        read="read whole" if whole else f"read in part; missing: {one.missing or 'not said'}",
        is_whole=whole,
        counts=", ".join(counted(number, name.removesuffix("s")) for name, number in one.counts.items() if number),
        said=said,
    )


def _about(index: Index) -> _TakenUp:
    """By response: the items that it takes up."""
    found: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    seen: set[tuple[str, str, str]] = set()
    rows: Iterable[Stance | Mention] = [*index.data.stances, *index.data.mentions]
    for one in rows:
        place = f"{one.episode}/{one.response}"
        look, words = _taken_up(one)
        if one.item in index.items and (place, look, one.item) not in seen:
            seen.add((place, look, one.item))
            found[place].append((look, words, one.item, index.title(one.item)))
    return found


def _taken_up(one: Stance | Mention) -> tuple[str, str]:
    if isinstance(one, Stance):
        return one.stance.value, one.stance.value
    return one.kind.value, "says again" if one.kind == "repeats" else "takes up"


def _response(one: Response, about: _TakenUp, index: Index) -> Said:
    place = f"{one.episode}/{one.id}"
    return Said(
        id=place,
        days=days(one.said),
        who=index.names.actors(one.by),
        voice=voice(one.speaker, one.basis, one.reported_by, index),
        venue=one.venue,
        quote=one.quote,
        summary=one.summary,
        url=link(one.url),
        about=about.get(place, ()),
    )


def _outcome(rows: Sequence[Outcome], index: Index) -> Said:
    one = rows[0]
    return Said(
        id=f"{one.episode}/{one.id}",
        days=days(one.on),
        who=index.names.actors(one.by),
        voice=one.basis.value if one.basis else "",
        venue=None,
        quote=one.quote,
        summary=one.summary,
        url=None,
        about=list(_ended(rows, index)),
    )


def _ended(rows: Sequence[Outcome], index: Index) -> Iterator[tuple[str, str, str, str]]:
    for one in rows:
        if one.item in index.items:
            yield "outcome", f"{one.outcome}{' in part' if one.in_part else ''}", one.item, index.title(one.item)
