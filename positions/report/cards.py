"""Items: their place in the matrix, and the card that says all about each."""

from collections import defaultdict
from collections.abc import Iterator

from positions.queries.rows import Item, Stance
from positions.report import history
from positions.report.index import Index
from positions.report.parts import Card, Column, Fact, Group, Row
from positions.report.phrases import counted, days, link, spoken
from positions.vocabulary import StanceKind


def columns(index: Index) -> list[Column]:
    """The actors of the matrix: who has a current stance on an item on the table, by side."""
    seen = {told.actor for one in index.data.items if not one.ended for told in one.stances}
    return [
        Column(one.id, one.name, index.names.side(one.side) if one.side else "third parties")
        for one in index.data.actors
        if one.id in seen
    ]


def groups(index: Index, across: list[Column]) -> list[Group]:
    """The items by topic, those on the table as rows under the columns `across`, all of them as cards."""
    topics: dict[str, list[Item]] = defaultdict(list)
    for one in index.data.items:
        topics[one.topic].append(one)
    return [
        Group(
            topic=topic,
            title=spoken(topic),
            rows=[_row(one, index, across) for one in listed if not one.ended],
            cards=[_card(one, index) for one in listed],
        )
        for topic, listed in topics.items()
    ]


def _row(item: Item, index: Index, across: list[Column]) -> Row:
    by_actor: dict[str, Stance] = {told.actor: told for told in item.stances}
    others = {told.stance for told in item.stances if told.actor not in item.by}
    refusals = sum(told.stance is StanceKind.NON_STARTER for told in item.stances if told.actor not in item.by)
    return Row(
        item=item,
        makers=index.names.makers(item.by, item.side),
        addressees=index.names.actors(item.to),
        cells=[by_actor.get(one.id) for one in across],
        stances=" ".join(sorted(others)),
        refusals=refusals,
    )


def _card(item: Item, index: Index) -> Card:
    return Card(
        item=item,
        makers=index.names.makers(item.by, item.side),
        addressees=index.names.actors(item.to),
        outlook=index.outlook.get(item.id),
        facts=list(_facts(item, index)),
        voice=history.voice(item.speaker, item.basis, item.reported_by, index),
        url=link(item.url),
        timeline=history.timeline(item, index),
        entries=history.entries(item, index),
    )


def _facts(item: Item, index: Index) -> Iterator[Fact]:
    yield Fact("Made", days(item.made))
    if item.times_said > 1:
        yield Fact("Said", f"{counted(item.times_said, 'time')}, last {days(item.last_said)}")
    if item.affects:
        yield Fact("Affects", index.names.actors(item.affects))
    if item.package:
        weight = "as its core" if item.core else "as a member"
        yield Fact("In a package", f"({weight})", index.links([item.package]))
    for name, slugs in (
        ("Answers", item.answers),
        ("Answered by", index.answered_by.get(item.id, ())),
        ("Alternative to", item.alternative_to),
        ("Part of", item.part_of),
    ):
        if links := index.links(slugs):
            yield Fact(name, "", links)
    if item.provisions:
        yield Fact("In the drafts", "; ".join(f"{one.document}, {one.article}" for one in item.provisions))
    yield from _prospects(item, index)


def _prospects(item: Item, index: Index) -> Iterator[Fact]:
    outlook = index.outlook.get(item.id)
    if outlook is None:
        return
    for name, actors in (("Blocked by", outlook.blocked_by), ("Still silent", outlook.waiting_for)):
        if actors:
            yield Fact(name, index.names.actors(actors))
    if links := index.links(outlook.held_up_by):
        yield Fact("Held up by", "", links)
