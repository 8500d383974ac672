"""All of the record, sorted once by what the parts of the page look it up by, so that making it takes linear time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from positions.queries import accounts
from positions.queries.rows import Item, Mention, Outcome, Outlook, Stance
from positions.report.data import Data
from positions.report.phrases import Names
from positions.report.timeline import Axis

_Row = TypeVar("_Row", Stance, Mention, Outcome)


class Index:
    """The rows of `data`, by item; and what all parts of the page share."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.names = Names(data.actors, data.sides)
        self.items: Mapping[str, Item] = {one.id: one for one in data.items}
        self.told = self._by_item(data.stances)
        self.mentions = self._by_item(data.mentions)
        self.outcomes = self._by_item(data.outcomes)
        self.outlook: Mapping[str, Outlook] = {one.item: one for one in data.outlook}
        self.answered_by = self._answers(data.items)
        self._packages = {one.id: one.title for one in data.packages}
        self.axis = Axis(
            [
                *(one.made for one in data.items),
                *(row.said for rows in (self.told, self.mentions) for listed in rows.values() for row in listed),
                *(one.on for listed in self.outcomes.values() for one in listed),
            ]
        )

    def title(self, slug: str) -> str:
        """What an item or a package is called."""
        if slug in self.items:
            return self.items[slug].title
        return self._packages.get(slug, slug)

    def links(self, slugs: Iterable[str]) -> list[tuple[str, str]]:
        """Ids with what they are called, of those that have a place on the page."""
        return [(slug, self.title(slug)) for slug in slugs if slug in self.items or slug in self._packages]

    def moves(self, item: str) -> list[tuple[Stance, Stance]]:
        """The movements of all actors on an item: from which account to which."""
        pairs = accounts.by_pair(self.told.get(item, ()))
        steps = (step for pair in pairs.values() for step in accounts.moves(pair))
        return [(before, after) for before, after in steps if before is not None]

    def _by_item(self, rows: Iterable[_Row]) -> Mapping[str, Sequence[_Row]]:
        found: dict[str, list[_Row]] = defaultdict(list)
        for one in rows:
            if one.item in self.items:
                found[one.item].append(one)
        return found

    @staticmethod
    def _answers(items: Iterable[Item]) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for one in items:
            for answered in one.answers:
                found[answered].append(one.id)
        return found
