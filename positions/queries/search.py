"""Full-text search that ignores case, accents and typography."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, literal, null, select

from positions import models, quotations
from positions.moment import Moment
from positions.queries.rows import Found

_FIELDS = (
    "title",
    "name",
    "text",
    "quote",
    "core_quote",
    "summary",
    "wording",
    "condition",
    "missing",
    "role",
    "author",
    "publisher",
)
_EPISODE, _ITEM = models.episode, models.item
_Query = Select[*tuple[Any, ...]]
_RANKED = {name: place for place, name in enumerate(_FIELDS)}


def search(connection: Connection, moment: Moment, text: str) -> list[Found]:
    """Every text held at `moment` in which `text` stands: whole words before parts of words, titles before the rest.

    Case, accents, and the shapes of quotation marks, dashes and white space make no difference; every other character
    stands for itself. Each field of each thing is found once, at its first match; empty if there is none.
    """
    needle = _folded(text.strip())[0]
    found: list[tuple[tuple[Any, ...], Found]] = []
    for what, name, title, field, value in dict.fromkeys(_texts(connection, moment)):
        haystack, places = _folded(value)
        start, whole = _place(haystack, needle) if needle else (-1, False)
        if start >= 0:
            match = Found(what, name, title, field, value, places[start], _end(value, places[start + len(needle) - 1]))
            found.append(((not whole, _RANKED[field], what, name), match))
    return [match for _, match in sorted(found, key=lambda pair: pair[0])]


def _end(text: str, last: int) -> int:
    """The end of the character at `last`, its accents included."""
    end = last + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _place(haystack: str, needle: str) -> tuple[int, bool]:
    """The first place of `needle` as whole words, else its first place (-1: none); and whether it is whole words."""
    first = place = haystack.find(needle)
    while place >= 0:
        end = place + len(needle)
        if not haystack[max(0, place - 1) : place].isalnum() and not haystack[end : end + 1].isalnum():
            return place, True
        place = haystack.find(needle, place + 1)
    return first, False


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` without what search ignores, and the place in `text` of each character that is left."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        is_space = character.isspace()
        if is_space and characters and characters[-1] == " ":
            continue
        plain = " " if is_space else quotations.alike(character)
        for part in unicodedata.normalize("NFKD", plain.casefold()):
            if not unicodedata.combining(part):
                characters.append(part)
                places.append(place)
    return "".join(characters), places


def _texts(connection: Connection, moment: Moment) -> Iterator[tuple[str, str, str | None, str, str]]:
    """Every text: the kind of thing it belongs to, its id and title, the field, and the words."""
    for query, fields in _queries(moment):
        for what, name, title, *values in connection.execute(query):
            for field, value in zip(fields, values, strict=True):
                if value is not None:
                    yield str(what), name, title, field, value


def _queries(moment: Moment) -> Iterator[tuple[_Query, Sequence[str]]]:
    """For each kind of thing: a query for its kind, id, title and the fields that follow."""
    package, response, stance, mention = models.package, models.response, models.stance, models.mention
    outcome, own = models.outcome, ("quote", "summary")
    yield _ask("episode", _EPISODE, ("title", "summary", "missing", "author", "publisher"), moment.episodes())
    yield _ask(_ITEM.c.kind, _ITEM, ("title", "text", *own), moment.known_items())
    yield _ask("side", models.side, ("name",), moment.holds(models.side))
    yield _ask("actor", models.actor, ("name", "role"), moment.holds(models.actor))
    yield _ask("package", package, ("title", "core_quote", *own), moment.packages())
    yield _ask("response", response, own, moment.visible(response), response)
    yield _ask("outcome", outcome, own, moment.visible(outcome), outcome)
    yield _ask("stance", stance, ("quote", "wording", "condition"), moment.visible(stance), response)
    yield _ask("mention", mention, ("quote", "wording"), moment.visible(response), response)


def _ask(
    what: Any,
    table: FromClause,
    fields: Sequence[str],
    which: ColumnElement[bool],
    statement: FromClause | None = None,
) -> tuple[_Query, Sequence[str]]:
    """The query for `fields` of `table`, a description or (a part of) `statement`."""
    kind = literal(what) if isinstance(what, str) else what
    columns = [table.c[field] for field in fields]
    if statement is None:
        return select(kind, table.c.slug, table.c.get("title", null()), *columns).where(which), fields
    title = _ITEM.c.title if "item_id" in table.c else null()
    query = select(kind, _EPISODE.c.slug + "/" + statement.c.slug, title, *columns).select_from(table)
    if table is not statement:
        query = query.join(statement, statement.c.id == table.c.response_id).join(_ITEM, _ITEM.c.id == table.c.item_id)
    return query.join(_EPISODE, _EPISODE.c.id == statement.c.episode_id).where(which), fields
