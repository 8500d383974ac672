"""Search in all texts, ignoring case, accents and typography."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, literal, null, select

from positions import models, quotations, search_index
from positions.moment import Moment
from positions.queries.rows import Found

_FIELDS = (
    "title",
    "name",
    "event",
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
_IN_NO_TEXT = re.compile(r"[\0\ud800-\udfff]")
"""Characters that no text of a database has, and that no engine can be asked for."""

_RANKS = {name: rank for rank, name in enumerate(_FIELDS)}


def search(connection: Connection, moment: Moment, text: str) -> list[Found]:
    """Every text of the record at `moment` that contains `text`: whole words before parts of words, titles first.

    Case, accents, and the shapes of quotation marks, dashes and white space make no difference; there are no wildcards.
    Each field of each entry is found once, at its first match; empty if there is none.
    """
    sought = text.strip()
    needle = _folded(sought)[0]
    if not needle or _IN_NO_TEXT.search(needle):
        return []
    found: list[tuple[tuple[Any, ...], Found]] = []
    for what, name, title, field, value in dict.fromkeys(_texts(connection, moment, search_index.folded(sought))):
        haystack, offsets = _folded(value)
        start, whole = _find(haystack, needle)
        if start >= 0:
            end = _end(value, offsets[start + len(needle) - 1])
            match = Found(what, name, title, field, value, offsets[start], end)
            found.append(((not whole, _RANKS[field], what, name), match))
    return [match for _, match in sorted(found, key=lambda pair: pair[0])]


def _end(text: str, last: int) -> int:
    """The offset after the character at `last` and its combining accents."""
    end = last + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _find(haystack: str, needle: str) -> tuple[int, bool]:
    """The first offset of `needle` as whole words and True, else its first offset (-1: none) and False."""
    first = start = haystack.find(needle)
    while start >= 0:
        end = start + len(needle)
        if not haystack[max(0, start - 1) : start].isalnum() and not haystack[end : end + 1].isalnum():
            return start, True
        start = haystack.find(needle, start + 1)
    return first, False


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` without what search ignores, and for each character that is left its offset in `text`."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        is_space = character.isspace()
        if is_space and characters and characters[-1] == " ":
            continue
        plain = " " if is_space else quotations.alike(character)
        for part in unicodedata.normalize("NFKD", plain.casefold()):
            if not unicodedata.combining(part):
                characters.append(part)
                offsets.append(offset)
    return "".join(characters), offsets


def _texts(connection: Connection, moment: Moment, needle: str) -> Iterator[tuple[str, str, str | None, str, str]]:
    """Texts that may contain the folded `needle`: the kind, id and title of the entry, the field, the text itself."""
    for query, fields in _queries(connection, moment, needle):
        for what, name, title, *values in connection.execute(query):
            for field, value in zip(fields, values, strict=True):
                if value is not None and needle in search_index.folded(value):
                    yield str(what), name, title, field, value


def _queries(connection: Connection, moment: Moment, needle: str) -> Iterator[tuple[_Query, Sequence[str]]]:
    """For each kind of entry: a query for its kind, id, title and fields, and the names of these fields.

    Of descriptions all, of statements those that the index finds.
    """
    package, response, own = models.package, models.response, ("quote", "summary")
    yield _ask("episode", _EPISODE, ("title", "event", "summary", "missing", "author", "publisher"), moment.episodes())
    yield _ask(_ITEM.c.kind, _ITEM, ("title", "text", *own), moment.known_items())
    yield _ask("side", models.side, ("name",), moment.holds(models.side))
    yield _ask("actor", models.actor, ("name", "role"), moment.holds(models.actor))
    yield _ask("package", package, ("title", "core_quote", *own), moment.packages())
    for name, fields in search_index.FIELDS.items():
        table = models.METADATA.tables[name]
        statement = models.outcome if name == "outcome" else response
        seen = moment.visible(response if name == "mention" else table)
        contains = table.c.id.in_(search_index.containing(connection, name, needle))
        yield _ask(name, table, fields, seen & contains, statement)


def _ask(
    what: Any,
    table: FromClause,
    fields: Sequence[str],
    which: ColumnElement[bool],
    statement: FromClause | None = None,
) -> tuple[_Query, Sequence[str]]:
    """A query for `fields` of `table`: a table of descriptions, or `statement`, or parts of it."""
    kind = literal(what) if isinstance(what, str) else what
    columns = [table.c[field] for field in fields]
    if statement is None:
        return select(kind, table.c.slug, table.c.get("title", null()), *columns).where(which), fields
    title = _ITEM.c.title if "item_id" in table.c else null()
    query = select(kind, _EPISODE.c.slug + "/" + statement.c.slug, title, *columns).select_from(table)
    if table is not statement:
        query = query.join(statement, statement.c.id == table.c.response_id).join(_ITEM, _ITEM.c.id == table.c.item_id)
    return query.join(_EPISODE, _EPISODE.c.id == statement.c.episode_id).where(which), fields
