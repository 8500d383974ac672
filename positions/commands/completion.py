"""Shell completion of ids.

Completion never creates, seeds, migrates or waits; if anything fails, it offers nothing. It offers only well-formed
ids, because zsh evaluates completions and a database written by another program may contain any text.
"""

import os
from collections.abc import Callable
from typing import Any

from positions.vocabulary import is_slug

_TIMEOUT = 0.0  # do not keep the user waiting after Tab if the database is busy

Complete = Callable[[Any, str], list[str]]


def ids(kind: str) -> Complete:
    """A function that completes ids of `kind` (actor, side, item, topic, package or episode), in alphabetical order."""

    def complete(ctx: Any, incomplete: str) -> list[str]:
        return [name for name in _recorded(_place(ctx), kind) if name.startswith(incomplete) and is_slug(name)]

    return complete


def _place(ctx: Any) -> str | None:
    """The database named on the command line or in the environment; None: the default one."""
    named = ctx.find_root().params.get("db") or os.environ.get("POSITIONS_DB")
    return None if named is None else str(named)


def _recorded(db: str | None, kind: str) -> list[str]:
    from positions import database
    from positions.errors import PositionsError
    from positions.queries import ids as queries

    try:
        with database.reading(db or database.default_path(), timeout=_TIMEOUT) as connection:
            return list(queries.listed(connection, kind))
    except PositionsError:
        return []
