"""What all questions share: opening the database, parsing the moment, checking ids, notes below the answer.

A command passes its options on as `Times` and `Items`, runs its queries within `open_question`, and prints after it:
a pager left open must not keep a transaction open.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from positions.commands import context
from positions.vocabulary import Format

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from positions.moment import Moment
    from positions.queries.filters import Filters
    from positions.rendering.layout import Page


@dataclass(frozen=True, slots=True)
class Times:
    """The texts given for `--as-of`, `--known-at` and `--public-by`."""

    as_of: str | None = None
    known_at: str | None = None
    public_by: str | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """The ids given to select items; None: no restriction."""

    by: str | None = None
    side: str | None = None
    to: str | None = None
    topic: str | None = None
    package: str | None = None


_KINDS = {"by": "actor", "side": "side", "to": "actor", "topic": "topic", "package": "package"}
"""The kind of id of each field of `Items`."""

_ACTORS = ("by", "to", "actor")
"""The options that take an actor, but no person."""


@dataclass(frozen=True, slots=True)
class Question:
    """An open connection, with the moment and the items that a question is about."""

    connection: "Connection"
    moment: "Moment"
    filters: "Filters"

    def notes(self, format: Format, published: Iterable[date] = ()) -> list[str]:
        """The notes below an answer: the latest statement, and how many stances became public after `--as-of`.

        `published` are the publication days of the stances shown. JSON and CSV have no notes.
        """
        if format not in {Format.TABLE, Format.MARKDOWN}:
            return []
        from positions.queries import log
        from positions.rendering.views.overview import footer

        day = self.moment.as_of
        later = 0 if day is None else sum(1 for publication in published if publication > day)
        return footer(log.freshness(self.connection, self.moment), later)


@contextmanager
def open_question(ctx: Any, times: Times, items: Items | None = None, **ids: str | None) -> Iterator[Question]:
    """Open the database for a question. `ids` are further ids to check, by kind: `actor`, `item`, `episode`.

    Raises:
        typer.BadParameter: a value of `times` is not a date, a revision or a time.
        UnknownIdError: an id is unknown.
        InvalidRequestError: an actor is a person.
    """
    from positions.queries import ids as queries
    from positions.queries.filters import Filters

    selection = {} if items is None else asdict(items)
    with context.reading(ctx) as connection:
        moment = context.moment(connection, times.as_of, times.known_at, times.public_by)
        for name, value in (*selection.items(), *ids.items()):
            queries.require(connection, _KINDS.get(name, name), value)
        for name in _ACTORS:
            _refuse_person(connection, name, selection.get(name) or ids.get(name))
        yield Question(connection, moment, Filters(**selection))


def _refuse_person(connection: "Connection", name: str, id: str | None) -> None:
    """Refuse a person as `--name`: the result would be empty, which could be taken for an answer.

    Raises:
        InvalidRequestError: the actor is a person.
    """
    from positions.errors import InvalidRequestError
    from positions.queries import ids as queries

    if id is not None and (person := queries.person(connection, id)) is not None:
        hint = f"Use `--{name} {person.speaks_for}`." if person.speaks_for else None
        whom = f", who speaks for {person.speaks_for}" if person.speaks_for else ""
        raise InvalidRequestError(f"{id} is a person{whom}; persons make no items and take no stances", hint)


def show(command: str, rows: Any, format: Format, page: "Callable[[], Page]") -> None:
    """Print the `rows` of `command` in `format`; `page` lays them out for people."""
    from positions.rendering import output

    output.show(command, rows, format, page)
