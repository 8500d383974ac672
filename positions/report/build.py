"""From the rows of the record to the parts of the page. No connection: what is not in the rows is not on the page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from positions import __version__
from positions.queries.outlook import BLOCKED, UNANSWERED, WORKABLE
from positions.queries.rows import Movement, NonStarter, Outlook, Package
from positions.report import cards, history, sources
from positions.report.data import Data
from positions.report.index import Index
from positions.report.parts import Held, Moved, Page, Prospect, Refusal
from positions.report.phrases import counted, day, days, link

ENDED = "ended"
"""Under this verdict the outlook lists what is off the table."""


def build(data: Data) -> Page:
    """The page about `data`."""
    index = Index(data)
    across = cards.columns(index)
    refused = {(one.item, one.refused_by) for one in data.refused}
    past = [one for one in data.ever_refused if (one.item, one.refused_by) not in refused]
    moment = data.moment
    return Page(
        title=" – ".join(one.name for one in data.sides) or "Positions",
        times=_times(data),
        fresh=_fresh(data),
        later=_later(data),
        figures=_figures(data),
        columns=across,
        across=[(side, len(list(group))) for side, group in groupby(one.side for one in across)],
        groups=cards.groups(index, across),
        sides=[(one.id, one.name) for one in data.sides],
        ended=[(one.id, one.title, one.status) for one in data.items if one.ended],
        refused=_ledger(data.refused, index),
        formerly=_ledger(past, index),
        prospects=_prospects(data.outlook, index),
        packages=[_held(one, index) for one in data.packages],
        moved=_moved(data.movements, index),
        sources=sources.listed(index),
        ticks=index.axis.ticks,
        version=__version__,
        revision=f"r{data.fresh.revision}",
        timed=any(one is not None for one in (moment.as_of, moment.known_at, moment.public_by)),
    )


def _times(data: Data) -> list[tuple[str, str]]:
    """The three times that were asked for, in words."""
    asked = data.moment
    return [
        ("Said", f"by {day(asked.as_of)}" if asked.as_of else "on any day"),
        ("Public", f"by {day(asked.public_by)}" if asked.public_by else "whenever"),
        ("Recorded", f"as known at r{asked.known_at}" if asked.known_at is not None else "all so far"),
    ]


def _fresh(data: Data) -> list[tuple[str, str]]:
    """How far the page reaches; never when it was made."""
    latest = day(data.fresh.latest) if data.fresh.latest else "none"
    sides = {one.id: one.name for one in data.sides}
    titles = {one.id: one.title for one in data.episodes}
    return [
        ("Latest statement", latest),
        ("Revision", f"r{data.fresh.revision}"),
        *(
            (
                f"Last source read for {sides.get(side, side)}",
                f"{titles.get(one.episode, one.episode)}, {day(one.published)}",
            )
            for side, one in data.last_read.items()
        ),
    ]


def _later(data: Data) -> str | None:
    """How many of the stances became public only after the day that was asked about."""
    as_of = data.moment.as_of
    late = 0 if as_of is None else sum(one.published > as_of for one in data.stances)
    if not late:
        return None
    return f"{counted(late, 'stance')} shown here became public only later; --public-by leaves such out."


def _figures(data: Data) -> list[tuple[int, str, str]]:
    """Number, noun, and the section that tells more."""
    table = [one for one in data.items if not one.ended]
    demands = sum(one.kind == "demand" for one in table)
    verdicts = [one.verdict for one in data.outlook]
    refused = len({one.item for one in data.refused})
    return [
        (demands, "demand on the table" if demands == 1 else "demands on the table", "Matrix"),
        (len(table) - demands, "offer on the table" if len(table) - demands == 1 else "offers on the table", "Matrix"),
        (refused, "item refused outright" if refused == 1 else "items refused outright", "Ledger"),
        (verdicts.count(BLOCKED), "blocked by an addressee", "Outlook"),
        (verdicts.count(WORKABLE), "workable", "Outlook"),
        (verdicts.count(UNANSWERED), "unanswered", "Outlook"),
        (len(data.movements), "movement" if len(data.movements) == 1 else "movements", "Movements"),
        (len(data.episodes), "source read" if len(data.episodes) == 1 else "sources read", "Sources"),
    ]


def _ledger(rows: Sequence[NonStarter], index: Index) -> list[list[Refusal]]:
    """Refusals by item, in the order of the question; those that differ only in who refuses are one."""
    together: dict[NonStarter, list[str]] = {}
    for row in rows:
        together.setdefault(replace(row, refused_by="", contested=False), []).append(row.refused_by)
    contested = {(row.item, row.refused_by) for row in rows if row.contested}
    found: dict[str, list[Refusal]] = defaultdict(list)
    for one, who in together.items():
        if one.item in index.items:
            found[one.item].append(_refusal(one, who, contested, index))
    return list(found.values())


def _refusal(one: NonStarter, who: Iterable[str], contested: set[tuple[str, str]], index: Index) -> Refusal:
    named = [
        f"{index.names.actor(actor)} (contested)" if (one.item, actor) in contested else index.names.actor(actor)
        for actor in who
    ]
    return Refusal(
        one=one,
        who=", ".join(named),
        makers=index.names.makers(one.by, one.side),
        since=days(one.last_said)
        if one.first_said == one.last_said
        else f"since {days(one.first_said)}, last {days(one.last_said)}",
        voice=history.voice(one.speaker, one.basis, one.reported_by, index),
        url=link(one.url),
        cited=f"{one.episode}/{one.response}",
    )


def _prospects(rows: Sequence[Outlook], index: Index) -> Mapping[str, Sequence[Prospect]]:
    found: dict[str, list[Prospect]] = {BLOCKED: [], WORKABLE: [], UNANSWERED: [], ENDED: []}
    for one in rows:
        found[one.verdict if one.verdict in found else ENDED].append(_prospect(one, index))
    return found


def _prospect(one: Outlook, index: Index) -> Prospect:
    return Prospect(
        one=one,
        makers=index.names.makers(one.by, one.side),
        blocked_by=index.names.actors(one.blocked_by),
        ready=one.ready,
        waiting_for=index.names.actors(one.waiting_for),
        others_refuse=", ".join(_other(other, index) for other in one.others_refuse),
        held_up_by=index.links(one.held_up_by),
    )


def _other(words: str, index: Index) -> str:
    """Who else refuses: an actor, or a part of the item with the actor in brackets."""
    part, bracket, actor = words.partition(" (")
    return f"{index.title(part)} ({index.names.actor(actor.rstrip(')'))})" if bracket else index.names.actor(part)


def _held(package: Package, index: Index) -> Held:
    core = [one for slug in package.core if (one := index.outlook.get(slug)) is not None]
    alive = [one for one in core if one.verdict in {BLOCKED, WORKABLE, UNANSWERED}]
    return Held(
        package=package,
        makers=index.names.actors(package.by),
        core=index.links(package.core),
        blocked=[(one.item, one.title, index.names.actors(one.blocked_by)) for one in core if one.blocked_by],
        became=" and ".join(sorted({one.verdict for one in core})) if core and not alive else None,
        holds_up=index.links(slug for slug in package.items if slug not in package.core),
        offers=index.links(package.offers),
    )


def _moved(rows: Sequence[Movement], index: Index) -> list[Moved]:
    """Movements in the order of the question; those who moved together, by one statement, stand in one line."""
    together: dict[Movement, list[str]] = {}
    for row in rows:
        if row.item in index.items:
            together.setdefault(replace(row, actor=None), []).extend([row.actor] if row.actor else [])
    words = {"item": "offer", "scope": "scope"}
    return [
        Moved(
            one=one,
            days=days(one.said),
            who=index.names.actors(who) or "–",
            words="put beside it" if one.direction == "alternative" else f"{one.direction} {words.get(one.change, '')}",
            cited=f"{one.episode}/{one.response or ''}",
        )
        for one, who in together.items()
    ]
