"""The index of what was said, by which `search` finds texts that contain something without reading all of them.

`search_text` has a row for each row of a statement that has texts: these texts folded, one in each line. An index of
every three characters that follow each other stands on it: on SQLite FTS5 with its tokenizer `trigram`, on PostgreSQL
GIN over what the function `search_trigrams` gives. Statements are never rewritten, so neither are these rows.
Descriptions are edited in place, and there are few of them: `search` reads them all.

How a text is folded is part of the schema: whoever changes it makes the index anew in a migration.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from positions import quotations

FIELDS = {
    "response": ("quote", "summary"),
    "outcome": ("quote", "summary"),
    "stance": ("quote", "wording", "condition"),
    "mention": ("quote", "wording"),
}
"""By table of statements: the columns whose texts are in the index."""

TABLES = tuple(f"search_trigram{part}" for part in ("", "_config", "_data", "_idx"))
"""The tables of the index itself, which FTS5 makes on SQLite."""

_LENGTH = 3
_AT_A_TIME = 1000
_FTS5 = (
    "fts5(folded, content='search_text', content_rowid='id', detail=none, columnsize=0,"
    " tokenize='trigram case_sensitive 1')"
)
ON_SQLITE = f"CREATE VIRTUAL TABLE search_trigram USING {_FTS5}"
"""The SQL that makes the index on SQLite."""

_FUNCTION = """
SELECT coalesce(array_agg(DISTINCT substr(folded, place, 3)), '{}') FROM generate_series(1, length(folded) - 2) AS place
"""
_MAKE_FUNCTION = f"""
CREATE FUNCTION search_trigrams(folded text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $${_FUNCTION}$$
"""
_MAKE_INDEX = "CREATE INDEX search_trigram ON search_text USING gin (search_trigrams(folded))"
_FOUND = """
SELECT p.prosrc = :source AND p.proconfig = '{"search_path=pg_catalog, pg_temp"}' AND i.indisvalid
FROM pg_index i JOIN pg_depend d ON d.objid = i.indexrelid JOIN pg_proc p ON p.oid = d.refobjid
WHERE i.indexrelid = to_regclass('search_trigram') AND i.indrelid = to_regclass('search_text')
"""

# Not the tables of `models`, whose columns change: a migration reads a database of its own time.
_TEXT = sa.table("search_text", sa.column("id"), sa.column("kind"), sa.column("row"), sa.column("folded"))


def folded(text: str) -> str:
    """`text` without what search ignores: case, accents, the shapes of quotation marks, dashes and white space."""
    plain = unicodedata.normalize("NFKD", quotations.alike(text).casefold())
    if not plain.isascii():
        plain = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub(r"\s+", " ", plain)


def document(texts: Iterable[str | None]) -> str | None:
    """The `texts` as a row of `search_text` has them; None if there are none."""
    return "\n".join(folded(text) for text in texts if text is not None) or None


def documents(connection: sa.Connection, table: str) -> Iterator[tuple[int, str]]:
    """The number of each row of `table` that has texts, in order, and the texts as `search_text` should have them."""
    columns: list[sa.ColumnElement[Any]] = [sa.column(name) for name in ("id", *FIELDS[table])]
    query = sa.select(*columns).select_from(sa.table(table)).order_by(sa.column("id"))
    with connection.execute(query.execution_options(yield_per=_AT_A_TIME)) as rows:
        for number, *texts in rows:
            if found := document(texts):
                yield number, found


def make(connection: sa.Connection) -> None:
    """Make the index on `search_text`, which is empty."""
    on_server = connection.dialect.name == "postgresql"
    for statement in (_MAKE_FUNCTION, _MAKE_INDEX) if on_server else (ON_SQLITE,):
        connection.exec_driver_sql(statement)


def is_made(connection: sa.Connection) -> bool:
    """Whether the index is there, as `make` makes it."""
    if connection.dialect.name == "postgresql":
        return bool(connection.scalar(sa.text(_FOUND), {"source": _FUNCTION}))
    found = sa.text("SELECT sql FROM sqlite_master WHERE name = 'search_trigram'")
    return bool(connection.scalar(found) == ON_SQLITE)


def drop(connection: sa.Connection) -> None:
    """Drop the index, but not `search_text`."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP INDEX search_trigram")
        connection.exec_driver_sql("DROP FUNCTION search_trigrams(text)")
    else:
        connection.exec_driver_sql("DROP TABLE search_trigram")


def fill(connection: sa.Connection) -> None:
    """Enter the texts of all statements that are recorded; none may be there."""
    last = 0
    for table in FIELDS:
        rows: list[dict[str, object]] = []
        for last, (number, found) in enumerate(documents(connection, table), last + 1):  # noqa: B020
            rows.append({"id": last, "kind": table, "row": number, "folded": found})
            if len(rows) == _AT_A_TIME:
                connection.execute(sa.insert(_TEXT), rows)
                rows = []
        if rows:
            connection.execute(sa.insert(_TEXT), rows)
    index(connection)


def index(connection: sa.Connection, *, after: int = 0) -> None:
    """Enter the rows of `search_text` later than `after` into the index; PostgreSQL has done so by itself."""
    if connection.dialect.name == "sqlite":
        statement = "INSERT INTO search_trigram (rowid, folded) SELECT id, folded FROM search_text WHERE id > ?"
        connection.exec_driver_sql(statement, (after,))


def containing(connection: sa.Connection, table: str, needle: str) -> sa.Select[tuple[int]]:
    """A query for the numbers of the rows of `table` whose texts contain the folded `needle`, and perhaps a few more.

    One shorter than three characters is sought in all rows.
    """
    on_server = connection.dialect.name == "postgresql"
    find = sa.func.strpos if on_server else sa.func.instr
    query = sa.select(_TEXT.c.row).where(_TEXT.c.kind == table, find(_TEXT.c.folded, needle) > 0)
    trigrams = sorted({needle[start : start + _LENGTH] for start in range(len(needle) - _LENGTH + 1)})
    if not trigrams:
        return query
    if on_server:
        wanted = sa.literal(trigrams, sa.ARRAY(sa.Text))
        return query.where(sa.func.search_trigrams(_TEXT.c.folded).bool_op("@>")(wanted))
    match = " AND ".join('"{}"'.format(trigram.replace('"', '""')) for trigram in trigrams)
    found: sa.Select[int] = sa.select(sa.column("rowid", sa.Integer)).select_from(sa.table("search_trigram"))
    return query.where(_TEXT.c.id.in_(found.where(sa.column("search_trigram").bool_op("MATCH")(match))))
