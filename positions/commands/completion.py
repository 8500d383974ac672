"""Shell completion of ids.

Completion never creates, seeds, migrates or waits; if anything fails, it offers nothing. It offers only what has the
form of an id: zsh evaluates what it is offered, and a database that another program wrote can hold any text.
"""

import os
from collections.abc import Callable
from typing import Any

from positions.vocabulary import is_slug

PATIENCE = 0.0
"""Seconds to wait for a database that is busy: a person who pressed Tab does not wait."""

Complete = Callable[[Any, str], list[str]]


def ids(kind: str) -> Complete:
    """A completion function for the ids of `kind` (actor, side, item, topic, package or episode), in order."""

    def complete(ctx: Any, incomplete: str) -> list[str]:
        return [name for name in _recorded(_place(ctx), kind) if name.startswith(incomplete) and is_slug(name)]

    return complete


def _place(ctx: Any) -> str | None:
    """The database that the command line or the environment names; None: the default one."""
    named = ctx.find_root().params.get("db") or os.environ.get("POSITIONS_DB")
    return None if named is None else str(named)


def _recorded(db: str | None, kind: str) -> list[str]:
    from positions import database
    from positions.errors import PositionsError
    from positions.queries import ids as queries

    try:
        with database.reading(db or database.default_path(), patience=PATIENCE) as connection:
            return list(queries.listed(connection, kind))
    except PositionsError:
        return []
