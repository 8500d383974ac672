"""A database that an earlier version made opens for ever: it is upgraded, asked, and taken down again."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from positions import append_only
from positions.database import schema
from tests.conftest import SERVER, Positions
from tests.every_command import ASKING, words
from tests.test_migrations import migrate, opened

FIRST_VERSION = Path(__file__).with_name("first_version.sql")
FIRST_SCHEMA = "0001"


@pytest.fixture
def old(db: str, tmp_path: Path) -> Positions:
    """The database of the first version, as its program left it; on a server, its rows in the schema of that time."""
    made = tmp_path / "first.db"
    with closing(sqlite3.connect(made)) as file:
        file.executescript(FIRST_VERSION.read_text(encoding="utf-8"))
    if SERVER is None:
        return Positions(str(made))
    migrate(db, FIRST_SCHEMA, down=True)
    with opened(str(made)) as source, opened(db) as target:
        with append_only.suspended(target):
            for table in reflected(target):
                rows = [dict(row) for row in source.execute(sa.select(table)).mappings()]
                if rows:
                    target.execute(sa.insert(table), rows)
        target.commit()
    return Positions(db)


def reflected(connection: sa.Connection) -> list[sa.Table]:
    """The tables of the record as they stand in the database, those first that others point to."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


Rows = dict[str, list[dict[str, Any]]]


def rows(place: str, like: Rows | None = None) -> Rows:
    """Every row by table, with the columns that it has in `like`, or with all.

    Without the order of statements as a number, to which the upgrade gives another value.
    """
    found: Rows = {}
    with opened(place) as connection:
        for table in reflected(connection):
            wanted = {name for row in like.get(table.name, ()) for name in row} if like else set(table.c.keys())
            columns = [column for column in table.c if column.name in wanted - {"sequence"}]
            query = sa.select(*columns).order_by(*table.primary_key)
            found[table.name] = [dict(row) for row in connection.execute(query).mappings()] if columns else []
    return {name: found[name] for name in like} if like else found


def test_it_is_told_from_one_of_this_version(old: Positions) -> None:
    assert "has an older schema" in old("demands", exit_code=1).stderr


@pytest.mark.slow
def test_an_upgrade_keeps_every_row_and_breaks_no_promise(old: Positions) -> None:
    before = rows(old.db)

    old("upgrade")

    assert rows(old.db, before) == before
    assert old.ask("check") == []
    assert old.ask("status")["schema"] == schema.NEWEST


def test_its_answers_are_those_that_the_first_version_gave(old: Positions) -> None:
    old("upgrade")

    refused = {(row["item"], row["refused_by"]): row["contested"] for row in old.ask("nonstarters")}
    assert refused == {("no-enlargement", "nato"): True, ("no-enlargement", "us"): False}
    now = {row["item"]: row["stances"] for row in old.ask("matrix")}
    assert now["no-enlargement"] == {"nato": "negotiable", "us": "non-starter"}, "the later words of that day count"
    assert now["no-missiles"] == {"us": "open"}
    assert "non-starter" in str(old.ask("matrix", "--known-at", "r3")), "what was retracted was known then"


@pytest.mark.slow
def test_every_question_is_answered(old: Positions, tmp_path: Path) -> None:
    old("upgrade")

    for line in ASKING:
        if not line.startswith("verify"):  # it needs the text of the source
            asked = line.replace("episode-1", "talks").replace("--title Reply", "--title Another")
            old(*words(asked, tmp_path))


@pytest.mark.slow
def test_it_is_recorded_on_as_if_it_were_new(old: Positions, tmp_path: Path) -> None:
    old("upgrade")
    file = tmp_path / "talks.yaml"
    file.write_text(old("dump", "talks").stdout, encoding="utf-8")

    assert "nothing to record" in old("record", str(file)).stdout
    old("undo", "r3")
    assert old.ask("nonstarters")[0]["quote"] == "simply non-starters"
    old("undo", "r4")
    assert {"nato": "non-starter", "us": "open"} in [row["stances"] for row in old.ask("matrix")]
    assert old.ask("check") == []


@pytest.mark.slow
def test_it_can_be_taken_down_again(old: Positions) -> None:
    before = rows(old.db)
    old("upgrade")

    migrate(old.db, FIRST_SCHEMA, down=True)

    assert rows(old.db, before) == before
    with opened(old.db) as connection:
        order = connection.execute(sa.text("SELECT slug FROM response WHERE retracted_in IS NULL ORDER BY sequence"))
        assert order.scalars().all() == ["refusal", "second-thoughts", "insistence", "open-to-talks"]
        if connection.dialect.name == "postgresql":
            assert connection.execute(sa.text("SELECT to_regproc('close_past')")).scalar() is None
