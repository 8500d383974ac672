"""What the shell offers for an id. It never creates, seeds, migrates or waits; whatever fails, nothing is offered."""

import os
from typing import Any


def actors(ctx: Any, incomplete: str) -> list[str]:
    """Ids of actors that begin with `incomplete`."""
    return _candidates(ctx, "actor", incomplete)


def sides(ctx: Any, incomplete: str) -> list[str]:
    """Ids of sides that begin with `incomplete`."""
    return _candidates(ctx, "side", incomplete)


def items(ctx: Any, incomplete: str) -> list[str]:
    """Ids of demands and offers that begin with `incomplete`."""
    return _candidates(ctx, "item", incomplete)


def topics(ctx: Any, incomplete: str) -> list[str]:
    """Topics that begin with `incomplete`."""
    return _candidates(ctx, "topic", incomplete)


def packages(ctx: Any, incomplete: str) -> list[str]:
    """Ids of packages that begin with `incomplete`."""
    return _candidates(ctx, "package", incomplete)


def episodes(ctx: Any, incomplete: str) -> list[str]:
    """Ids of episodes that begin with `incomplete`."""
    return _candidates(ctx, "episode", incomplete)


def _candidates(ctx: Any, kind: str, incomplete: str) -> list[str]:
    from positions import database
    from positions.errors import PositionsError
    from positions.queries import ids

    database.BUSY_SECONDS = 0.0
    os.environ.setdefault("PGCONNECT_TIMEOUT", "2")
    named = ctx.find_root().params.get("db")
    db = named or os.environ.get("POSITIONS_DB") or database.default_path()
    try:
        with database.reading(db) as connection:
            return [slug for slug in ids.listed(connection, kind) if slug.startswith(incomplete)]
    except PositionsError:
        return []
