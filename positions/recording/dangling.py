"""What is held but refers to something that was taken out of the record.

Every foreign key of the schema is asked, so that a table that is added later is asked too.
"""

from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, FromClause, Select, Table, literal, select

from positions import models

_Query = Select[str, str, str | None]
_WHOLE = {
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
"""Rows that have no id of their own, and the table of the thing that they are a part of."""


def dangling(connection: Connection, *, retracted_in: int | None = None) -> list[tuple[str, str]]:
    """Ids that are no longer held, each with the id of something held that rests on it; sorted, without repetition.

    `retracted_in` asks only about what that revision took out.
    """
    found = set()
    for query, gone in _queries():
        condition = gone.is_not(None) if retracted_in is None else gone == retracted_in
        for needed, user, owner in connection.execute(query.where(condition)):
            found.add((needed, f"{owner}/{user}" if owner else user))
    return sorted(found)


@cache
def _queries() -> list[tuple[_Query, ColumnElement[int | None]]]:
    """For each foreign key: who points at whom, and the column that says in which revision the latter was taken out."""
    return [
        _query(table, key.parent, key.column.table)
        for table in models.METADATA.sorted_tables
        for key in table.foreign_keys
        if key.column.name == "id" and _is_recorded(key.column.table) and "slug" in key.column.table.c
    ]


def _query(table: Table, column: Column[Any], target: Table) -> tuple[_Query, ColumnElement[int | None]]:
    gone = target.alias("gone")
    whole = models.METADATA.tables[_WHOLE.get(table.name, table.name)]
    has_owner = whole.name in {models.response.name, models.outcome.name}
    source: FromClause = table.join(gone, gone.c.id == column)
    if whole is not table:
        source = source.join(whole, whole.c.id == table.c[f"{whole.name}_id"])
    episode = models.episode.alias("owner")
    if has_owner:
        source = source.join(episode, episode.c.id == whole.c.episode_id)
    held = table if _is_recorded(table) else whole
    owner = episode.c.slug if has_owner else literal(None)
    query = select(gone.c.slug, whole.c.slug, owner).select_from(source).where(held.c.retracted_in.is_(None))
    return query, gone.c.retracted_in


def _is_recorded(table: Table) -> bool:
    return "retracted_in" in table.c
