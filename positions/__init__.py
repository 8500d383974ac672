"""Follow a negotiation: who demands what, who refuses it, in which words, since when, by which source.

The library behind the command line. Open a database with `reading` (or `writing`: one transaction, all or nothing),
call a query with the connection, a `Moment` and `Filters`, and get frozen rows; `plain` turns rows into plain values
for JSON or a data frame:

    import positions

    with positions.reading("talks.db") as connection:
        refused = positions.nonstarters(connection, positions.Moment())

`as_known(connection, 3)` lets a connection read descriptions as they were at r3, for a `Moment(known_at=3)`.

Names are imported on first use, so that `import positions` is fast.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from positions.database import creating, reading
    from positions.database import recording as writing
    from positions.episode_file.load import load, parse
    from positions.moment import Moment
    from positions.queries.actors import actors
    from positions.queries.episodes import episodes, source
    from positions.queries.filters import Filters
    from positions.queries.items import every, matrix, mentions, on_the_table, outcomes
    from positions.queries.log import log
    from positions.queries.movements import movements
    from positions.queries.nonstarters import nonstarters
    from positions.queries.outlook import outlook, packages, unanswered
    from positions.queries.search import search
    from positions.queries.stances import current, history
    from positions.recording.apply import apply
    from positions.recording.as_known import as_known
    from positions.recording.changes import difference
    from positions.recording.files import record
    from positions.recording.plan import plan
    from positions.recording.undo import retraction, undoing
    from positions.rendering.plain_data import plain

__version__ = "0.1.0"

_NAMES_BY_MODULE = {
    "positions.database": ("creating", "reading"),
    "positions.episode_file.load": ("load", "parse"),
    "positions.moment": ("Moment",),
    "positions.queries.episodes": ("episodes", "source"),
    "positions.queries.filters": ("Filters",),
    "positions.queries.items": ("every", "matrix", "mentions", "on_the_table", "outcomes"),
    "positions.queries.log": ("log",),
    "positions.queries.movements": ("movements",),
    "positions.queries.nonstarters": ("nonstarters",),
    "positions.queries.outlook": ("outlook", "packages", "unanswered"),
    "positions.queries.actors": ("actors",),
    "positions.queries.search": ("search",),
    "positions.queries.stances": ("current", "history"),
    "positions.recording.apply": ("apply",),
    "positions.recording.as_known": ("as_known",),
    "positions.recording.changes": ("difference",),
    "positions.recording.plan": ("plan",),
    "positions.recording.files": ("record",),
    "positions.recording.undo": ("retraction", "undoing"),
    "positions.rendering.plain_data": ("plain",),
}
_EXPORTS = {name: (module, name) for module, names in _NAMES_BY_MODULE.items() for name in names}
_EXPORTS["writing"] = ("positions.database", "recording")  # `positions.recording` is a package

__all__ = [
    "Filters",
    "Moment",
    "actors",
    "apply",
    "as_known",
    "creating",
    "current",
    "difference",
    "episodes",
    "every",
    "history",
    "load",
    "log",
    "matrix",
    "mentions",
    "movements",
    "nonstarters",
    "on_the_table",
    "outcomes",
    "outlook",
    "packages",
    "parse",
    "plain",
    "plan",
    "reading",
    "record",
    "retraction",
    "search",
    "source",
    "unanswered",
    "undoing",
    "writing",
]


def __getattr__(name: str) -> Any:
    if name not in _EXPORTS:
        raise AttributeError(f"module 'positions' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _EXPORTS[name]
    return getattr(import_module(module), attribute)
