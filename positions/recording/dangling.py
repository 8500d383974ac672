"""Current entries that refer to a retracted one.

The queries are made from the foreign keys of the schema, so that new tables are covered.
"""

from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, FromClause, Select, Table, literal, select

from positions import models

_Query = Select[str, str, str | None]
_OWNERS = {
    "stance": "response",
    "mention": "response",
    "response_actor": "response",
    "outcome_item": "outcome",
    "outcome_actor": "outcome",
    "item_actor": "item",
    "item_link": "item",
    "provision": "item",
    "package_item": "package",
    "package_maker": "package",
}
"""Tables whose rows have no id of their own, and the table of the entry that they belong to."""


def dangling(connection: Connection, *, retracted_in: int | None = None) -> list[tuple[str, str]]:
    """Pairs of a retracted id and the id of a current entry that refers to it; sorted, without duplicates.

    With `retracted_in`, only ids that this revision retracted.
    """
    found = set()
    for query, revision in _queries():
        condition = revision.is_not(None) if retracted_in is None else revision == retracted_in
        for needed, user, episode in connection.execute(query.where(condition)):
            found.add((needed, f"{episode}/{user}" if episode else user))
    return sorted(found)


@cache
def _queries() -> list[tuple[_Query, ColumnElement[int | None]]]:
    """For each foreign key: a query for pairs of ids, and the column with the revision that retracted the target."""
    return [
        _query(table, key.parent, key.column.table)
        for table in models.METADATA.sorted_tables
        for key in table.foreign_keys
        if key.column.name == "id" and _is_recorded(key.column.table) and "slug" in key.column.table.c
    ]


def _query(table: Table, column: Column[Any], target: Table) -> tuple[_Query, ColumnElement[int | None]]:
    gone = target.alias("gone")
    entry = models.METADATA.tables[_OWNERS.get(table.name, table.name)]
    has_episode = entry.name in {models.response.name, models.outcome.name}
    source: FromClause = table.join(gone, gone.c.id == column)
    if entry is not table:
        source = source.join(entry, entry.c.id == table.c[f"{entry.name}_id"])
    episode = models.episode.alias("owner")
    if has_episode:
        source = source.join(episode, episode.c.id == entry.c.episode_id)
    current = table if _is_recorded(table) else entry
    episode_slug = episode.c.slug if has_episode else literal(None)
    query = select(gone.c.slug, entry.c.slug, episode_slug).select_from(source)
    query = query.where(current.c.retracted_in.is_(None))
    return query, gone.c.retracted_in


def _is_recorded(table: Table) -> bool:
    return "retracted_in" in table.c
