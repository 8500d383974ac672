"""What all questions share: the database is opened, the moment read, ids are checked, and notes stand below the answer.

A command passes its options on as `Times` and `Items`, asks within `asked`, and shows the rows after it: a reader who
takes time over the answer keeps nobody from recording.
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
    """The moment a question is about, as `--as-of`, `--known-at` and `--public-by` name it."""

    as_of: str | None = None
    known_at: str | None = None
    public_by: str | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """The items a question is about, by the ids that its options name; None: no limit."""

    by: str | None = None
    side: str | None = None
    to: str | None = None
    topic: str | None = None
    package: str | None = None


_KINDS = {"by": "actor", "side": "side", "to": "actor", "topic": "topic", "package": "package"}
"""The kind of id that each field of `Items` holds."""

_ACTORS = ("by", "to", "actor")
"""The options that take an actor."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Where, when and about which items a question is asked."""

    connection: "Connection"
    moment: "Moment"
    filters: "Filters"

    def notes(self, format: Format, published: Iterable[date] = ()) -> list[str]:
        """The notes below an answer in `format`: how far the record reaches, and what was public only later.

        `published` are the days on which the sources of the stances shown were published. Data has no notes.
        """
        if format not in {Format.TABLE, Format.MARKDOWN}:
            return []
        from positions.queries import log
        from positions.rendering.views.status import footer

        day = self.moment.as_of
        later = 0 if day is None else sum(1 for each in published if each > day)
        return footer(log.freshness(self.connection, self.moment), later)


@contextmanager
def asked(ctx: Any, times: Times, items: Items | None = None, **ids: str | None) -> Iterator[Asked]:
    """Open the database for a question. `ids` are further ids that it names, by their kind: `actor`, `item`, `episode`.

    Raises:
        typer.BadParameter: a value of `times` is not a date, a revision or a time.
        UnknownIdError: an id does not exist.
        InvalidRequestError: an actor is a person.
    """
    from positions.queries import ids as queries
    from positions.queries.filters import Filters

    named = {} if items is None else asdict(items)
    with context.reading(ctx) as connection:
        moment = context.moment(connection, times.as_of, times.known_at, times.public_by)
        for name, value in (*named.items(), *ids.items()):
            queries.require(connection, _KINDS.get(name, name), value)
        for name in _ACTORS:
            _refuse_person(connection, name, named.get(name) or ids.get(name))
        yield Asked(connection, moment, Filters(**named))


def _refuse_person(connection: "Connection", name: str, id: str | None) -> None:
    """Refuse a person as the actor of the option `name`: nobody would be found, which would read as an answer.

    Raises:
        InvalidRequestError: the actor is a person.
    """
    from positions.errors import InvalidRequestError
    from positions.queries import ids as queries

    if id is not None and (person := queries.person(connection, id)) is not None:
        hint = f"Use `--{name} {person.speaks_for}`." if person.speaks_for else None
        whom = f", who speaks for {person.speaks_for}" if person.speaks_for else ""
        raise InvalidRequestError(f"{id} is a person{whom}: makers and holders of stances are never persons", hint)


def show(command: str, rows: Any, format: Format, page: "Callable[[], Page]") -> None:
    """Print the `rows` that answer `command` in the form that was asked for; `page` lays them out for people."""
    from positions.rendering import output

    output.show(command, rows, format, page)
