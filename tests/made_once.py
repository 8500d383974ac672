"""What a command makes anew, because it runs once, is made once for all the commands that the suite runs.

Nothing here changes what the program does: the suite takes a third of the time.
"""

import gc
import itertools
from collections.abc import Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa
import typer.testing

_COMPILED = sa.create_engine("sqlite://", poolclass=sa.NullPool, query_cache_size=5000)
"""Keeps the SQL that any engine has compiled: every command opens an engine of its own."""

_MOST_IN_ONE_STATEMENT = 30
"""No statement names one table more often than that."""

_make_alias = sa.Table.alias
_aliases: dict[sa.Table, Iterator[Any]] = {}


def start() -> None:
    """Share the command line, compiled SQL and aliases of tables among all commands of this process."""
    typer.testing._get_command = cache(typer.testing._get_command)  # type: ignore[attr-defined]
    sa.Table.alias = _alias  # type: ignore[assignment,method-assign]
    with _COMPILED.connect():
        pass  # it learns what SQLite it has
    sa.event.listen(sa.Engine, "engine_connect", _compile_once)


def freeze() -> None:
    """Leave what is loaded by now to no collection, and collect seldom: the program itself does without."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def _alias(table: sa.Table, name: str | None = None, flat: bool = False) -> Any:
    """An alias of `table` that no statement at hand uses yet: describing its columns takes longer than asking."""
    if name is not None:
        return _make_alias(table, name, flat)
    if table not in _aliases:
        _aliases[table] = itertools.cycle([_make_alias(table) for _ in range(_MOST_IN_ONE_STATEMENT)])
    return next(_aliases[table])


def _compile_once(connection: sa.Connection) -> None:
    if connection.dialect.name == _COMPILED.dialect.name:
        connection.dialect = _COMPILED.dialect
        connection.engine._compiled_cache = _COMPILED._compiled_cache
