"""Whether everything that is held rests on something that is held.

The question is asked of every foreign key of the schema, so that a table that is added later is asked about too.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, FromClause, Select, Table, literal, select

from positions import models

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
    for query in _queries(retracted_in):
        for needed, user, owner in connection.execute(query):
            found.add((needed, f"{owner}/{user}" if owner else user))
    return sorted(found)


def _queries(retracted_in: int | None) -> Iterator[Select[str, str, str | None]]:
    for table in models.METADATA.sorted_tables:
        for key in table.foreign_keys:
            target, column = key.column.table, key.parent
            if key.column.name == "id" and _is_recorded(target) and "slug" in target.c:
                yield _query(table, column, target, retracted_in)


def _query(table: Table, column: Column[Any], target: Table, retracted_in: int | None) -> Select[str, str, str | None]:
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
    condition = gone.c.retracted_in.is_not(None) if retracted_in is None else gone.c.retracted_in == retracted_in
    owner = episode.c.slug if has_owner else literal(None)
    return select(gone.c.slug, whole.c.slug, owner).select_from(source).where(held.c.retracted_in.is_(None), condition)


def _is_recorded(table: Table) -> bool:
    return "retracted_in" in table.c
