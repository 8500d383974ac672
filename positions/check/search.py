"""Whether the index by which `search` finds texts has what was said, all of it and nothing else."""

from collections.abc import Iterator
from itertools import zip_longest

from sqlalchemy import Connection, delete, exc, select, table, text

from positions import models, search_index
from positions.queries.rows import Violation

_AT_A_TIME = 1000
_COPIED = search_index.TABLES[1:]
"""The tables in which FTS5 keeps an index."""


def disagreements(connection: Connection) -> Iterator[Violation]:
    """Statements whose texts `search_text` does not have as it should, and an index that is missing or does not fit."""
    yield from (one for name in search_index.FIELDS for one in _texts(connection, name))
    strangers = models.search_text.c.kind.not_in(search_index.FIELDS)
    for number in connection.scalars(select(models.search_text.c.id).where(strangers)):
        yield Violation("search_text", str(number), "is the text of no statement")
    if not search_index.is_made(connection):
        yield Violation("index", "search_trigram", "is missing, or differs from that of this version")
    elif connection.dialect.name == "sqlite" and not _is_whole(connection):
        yield Violation("index", "search_trigram", "does not have what search_text has")


def _texts(connection: Connection, name: str) -> Iterator[Violation]:
    """The first row of the table from which on its texts are not those that `search_text` has."""
    column = models.search_text.c
    query = select(column.row, column.folded).where(column.kind == name).order_by(column.id)
    with connection.execute(query.execution_options(yield_per=_AT_A_TIME)) as rows:
        for expected, row in zip_longest(search_index.documents(connection, name), rows):
            if row is None or expected != tuple(row):
                number = expected[0] if expected else row[0]
                yield Violation(name, str(number), "its texts, or those of later rows, are others in search_text")
                return


def _is_whole(connection: Connection) -> bool:
    """Whether SQLite finds in the index what is in `search_text`. It can look at a copy only: looking takes a write."""
    made = search_index.ON_SQLITE.replace("VIRTUAL TABLE ", "VIRTUAL TABLE temp.")
    try:
        connection.execute(text("CREATE TEMP VIEW search_text AS SELECT id, folded FROM main.search_text"))
        connection.execute(text(made))
        for name in _COPIED:
            connection.execute(delete(table(name, schema="temp")))
            connection.execute(text(f"INSERT INTO temp.{name} SELECT * FROM main.{name}"))  # noqa: S608
        asked = "INSERT INTO temp.search_trigram (search_trigram, rank) VALUES ('integrity-check', 1)"
        connection.execute(text(asked))
    except exc.DatabaseError:
        return False
    finally:
        connection.execute(text("DROP TABLE IF EXISTS temp.search_trigram"))
        connection.execute(text("DROP VIEW IF EXISTS temp.search_text"))
    return True
