"""Migrations make the schema that the models describe, lose nothing on the way, and leave nothing half done."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from positions import append_only, database, models, package_data, search_index
from positions.commands import context
from positions.database import schema
from positions.errors import DatabaseError
from positions.models.base import enumeration
from positions.vocabulary import ActorKind
from tests.conftest import SERVER, Positions

ROOT = Path(__file__).parents[1]
TABLES = models.METADATA.sorted_tables
ONLY_POSTGRESQL = pytest.mark.skipif(SERVER is None, reason="SQLite keeps no comments")

NEWEST = schema.NEWEST
NEXT = "9000"
NOTES = '''
"""Stances, responses and items gain a note.

Existing rows keep null, but for stances: what was noted of them is their wording.
"""

import sqlalchemy as sa
from alembic import op

from positions import append_only

revision = "9000"
down_revision = "{newest}"

TABLES = ("stance", "response", "item")


def rebuilt(table):
    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
    return op.batch_alter_table(table, recreate=recreate)


def upgrade():
    with append_only.suspended(op.get_bind()):
        for name in TABLES:
            with rebuilt(name) as table:
                table.add_column(sa.Column("note", sa.Text(), nullable=True))
        op.execute("UPDATE stance SET note = wording")


def downgrade():
    with append_only.suspended(op.get_bind()):
        for name in TABLES:
            with rebuilt(name) as table:
                table.drop_column("note")
'''.replace("{newest}", NEWEST)
"""A migration that is not shipped: it rebuilds tables on which views, triggers and other tables stand."""

CRASHING = NOTES.replace(
    '        op.execute("UPDATE stance SET note = wording")',
    '        op.execute("CREATE TABLE _alembic_tmp_episode (id INTEGER)")\n'
    '        op.execute("UPDATE stance SET note = nowhere")',
)
"""The same, but it breaks off when the tables have been rebuilt and the next is begun."""

Script = Callable[[str], Path]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Copy the shipped migrations to a folder and add one more: `script(text)` is that folder."""

    def copy(text: str) -> Path:
        folder = tmp_path / "migrations"
        shutil.copytree(package_data.folder("migrations"), folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / f"{NEXT}_notes.py").write_text(text, encoding="utf-8")
        return folder

    return copy


def migrate(db: str, revision: str, folder: Path | None = None, *, down: bool = False) -> None:
    """Take the database to `revision`, by the migrations in `folder` or those that are shipped."""
    config = Config()
    config.set_main_option("script_location", str(folder or package_data.folder("migrations")))
    with database.migrating(db) as connection:
        config.attributes["connection"] = connection
        move = command.downgrade if down or revision in {"base", "-1"} else command.upgrade
        move(config, revision)


@contextmanager
def opened(db: str) -> Iterator[sa.Connection]:
    """A connection that knows nothing of this program."""
    engine = sa.create_engine(database.place(db).url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


@contextmanager
def from_models(db: str) -> Iterator[sa.Connection]:
    """A connection to what the models alone describe: on a server in a schema beside, else in memory."""
    engine = sa.create_engine("sqlite://")
    if SERVER is not None:
        with opened(db) as connection:
            connection.exec_driver_sql("CREATE SCHEMA models")
            connection.commit()
        settings = {"options": "-c search_path=models"}
        engine = sa.create_engine(database.place(db).url, connect_args=settings, poolclass=sa.NullPool)
    with engine.begin() as connection:
        models.metadata_for(connection.dialect.name).create_all(connection, checkfirst=False)
        for name, text in models.VIEWS.items():
            connection.exec_driver_sql(f"CREATE VIEW {name} AS {text}")
        append_only.guard(connection)
        append_only.close_past(connection)
        append_only.close_sealed(connection)
        search_index.make(connection)
        yield connection
    engine.dispose()


def is_compared(name: str | None, kind: str, _: object) -> bool:
    """Whether Alembic compares it with the models: the index of texts differs by engine, and is not among them."""
    return name not in search_index.TABLES and (kind != "table" or name in models.METADATA.tables)


def columns(connection: sa.Connection) -> dict[str, dict[str, tuple[Any, ...]]]:
    """By table and name, in no order: a column that a migration adds stands last, wherever the models have it."""
    inspector = sa.inspect(connection)
    return {
        table.name: {
            one["name"]: (str(one["type"]), one["nullable"], one.get("default"))
            for one in inspector.get_columns(table.name)
        }
        for table in TABLES
    }


def checks(connection: sa.Connection) -> dict[str, dict[str, str]]:
    inspector = sa.inspect(connection)
    return {
        table.name: {str(one["name"]): one["sqltext"] for one in inspector.get_check_constraints(table.name)}
        for table in TABLES
    }


def indexes(connection: sa.Connection) -> dict[str, dict[str, tuple[Any, ...]]]:
    """By table and name: the columns, whether unique, and of which rows."""
    inspector, predicate = sa.inspect(connection), f"{connection.dialect.name}_where"
    return {
        table.name: {
            str(one["name"]): (
                one["column_names"],
                bool(one["unique"]),
                str(one.get("dialect_options", {}).get(predicate)),
            )
            for one in inspector.get_indexes(table.name)
        }
        for table in TABLES
    }


def keys(connection: sa.Connection) -> dict[str, Any]:
    """By table: the primary key, other unique keys and foreign keys, with their names."""
    inspector = sa.inspect(connection)
    return {
        table.name: (
            (
                inspector.get_pk_constraint(table.name)["name"],
                inspector.get_pk_constraint(table.name)["constrained_columns"],
            ),
            sorted((one["name"], one["column_names"]) for one in inspector.get_unique_constraints(table.name)),
            sorted(
                (one["name"], one["constrained_columns"], one["referred_table"], one["referred_columns"])
                for one in inspector.get_foreign_keys(table.name)
            ),
        )
        for table in TABLES
    }


def views(connection: sa.Connection) -> dict[str, str]:
    inspector = sa.inspect(connection)
    return {name: str(inspector.get_view_definition(name)) for name in inspector.get_view_names()}


def triggers(connection: sa.Connection) -> dict[str, str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT t.tgname, replace(replace(pg_get_triggerdef(t.oid), ' models.', ' '), ' public.', ' ')"
            " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND c.relnamespace = current_schema()::regnamespace"
        )
    return {row[0]: row[1] for row in connection.exec_driver_sql(query)}


def rows(connection: sa.Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: sorted(
            (dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {table.name}")).mappings()),
            key=repr,
        )
        for table in TABLES
    }


SCHEMA = (columns, checks, indexes, keys, views, triggers)


def everything(db: str) -> dict[str, Any]:
    """Schema and rows; on SQLite also all that a dump of the file says, in its very order."""
    with opened(db) as connection:
        whole: dict[str, Any] = {one.__name__: one(connection) for one in (*SCHEMA, rows)}
        whole["tables"] = sorted(sa.inspect(connection).get_table_names())
    if SERVER is None:
        file = sqlite3.connect(db)
        whole["dump"] = list(file.iterdump())
        whole["pragmas"] = [file.execute(f"PRAGMA {name}").fetchall() for name in ("application_id", "user_version")]
        file.close()
    return whole


def refusal(db: str, statement: str) -> str:
    """What the database answers to a statement that it refuses."""
    with opened(db) as connection, pytest.raises(sa.exc.DBAPIError) as refused:
        connection.execute(sa.text(statement))
    return str(refused.value.orig)


# ---- no drift


def test_alembic_sees_no_difference_between_models_and_migrations(db: str) -> None:
    with opened(db) as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_name": is_compared}
        described = models.metadata_for(connection.dialect.name)
        assert compare_metadata(MigrationContext.configure(connection, opts=options), described) == []


@pytest.mark.parametrize("part", SCHEMA)
def test_models_and_migrations_agree_on_every(part: Callable[[sa.Connection], dict[str, Any]], db: str) -> None:
    with opened(db) as migrated, from_models(db) as modelled:
        assert part(migrated) == part(modelled)


def test_the_migrated_views_are_those_of_the_models(db: str) -> None:
    with opened(db) as connection:
        assert views(connection).keys() == models.VIEWS.keys()
        if connection.dialect.name == "sqlite":
            assert views(connection) == {name: f"CREATE VIEW {name} AS {text}" for name, text in models.VIEWS.items()}


def test_every_table_has_the_triggers_that_guard_it(db: str) -> None:
    with opened(db) as connection:
        made = list(append_only.statements(connection))
        assert sorted(triggers(connection)) == sorted(re.findall(r"TRIGGER (\w+)", line)[0] for line in made)
        if connection.dialect.name == "sqlite":
            assert sorted(triggers(connection).values()) == sorted(made)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_models_explain_every_table_and_column(table: sa.Table) -> None:
    assert table.comment
    assert [column.name for column in table.c if not column.comment] == []


@ONLY_POSTGRESQL
def test_the_database_itself_explains_every_table_and_column(db: str) -> None:
    with opened(db) as connection:
        inspector = sa.inspect(connection)
        for table in TABLES:
            assert inspector.get_table_comment(table.name)["text"] == table.comment
            explained = {one["name"]: one["comment"] for one in inspector.get_columns(table.name)}
            assert explained == {column.name: column.comment for column in table.c}


def test_the_program_wants_the_newest_migration() -> None:
    scripts = ScriptDirectory(str(package_data.folder("migrations")))
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert scripts.get_current_head() == schema.NEWEST
    assert revisions == sorted(revisions, reverse=True)
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


def test_migrations_need_nothing_that_may_change_under_them() -> None:
    for path in package_data.folder("migrations").glob("versions/*.py"):
        imported = [
            line for line in path.read_text(encoding="utf-8").splitlines() if "import" in line and "positions" in line
        ]
        needed = ("append_only", "append_only, digests", "search_index")
        assert set(imported) <= {f"from positions import {names}" for names in needed}, path.name


# ---- up and down


@pytest.mark.slow
def test_down_to_nothing_and_up_again_with_episode_1_between(db: str, positions: Positions) -> None:
    empty = everything(db)
    positions("record", str(package_data.first_episode()))
    answers = positions("nonstarters", "--format", "json").stdout

    migrate(db, "base")

    with opened(db) as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
        assert views(connection) == triggers(connection) == {}
        assert connection.execute(sa.text("SELECT * FROM alembic_version")).all() == []
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA application_id").scalar() == 0
        else:
            assert connection.exec_driver_sql("SELECT to_regproc('refuse_rewriting')").scalar() is None
    migrate(db, "head")
    again = everything(db)
    assert {part: again[part] for part in again if part != "dump"} == {
        part: empty[part] for part in empty if part != "dump"
    }
    positions("record", str(package_data.first_episode()))
    assert positions("nonstarters", "--format", "json").stdout == answers


@pytest.mark.slow
def test_every_revision_leaves_its_views_and_triggers_on_the_way_up_and_down(db: str, script: Script) -> None:
    folder = script(NOTES)
    migrate(db, "base")
    revisions = [one.revision for one in ScriptDirectory(str(folder)).walk_revisions()]
    steps = [("+1", revision) for revision in reversed(revisions)] + [("-1", revision) for revision in revisions[1:]]
    for step, revision in steps:
        migrate(db, step, folder)
        with opened(db) as connection:
            made = list(append_only.statements(connection))
            wanted = {re.findall(r"TRIGGER (\w+)", line)[0] for line in made}
            for group, since in (("_past_", "0002"), ("_sealed_", "0004")):
                if revision < since:
                    wanted = {name for name in wanted if group not in name}
            assert triggers(connection).keys() == wanted, revision
            assert views(connection).keys() == models.VIEWS.keys(), revision


@pytest.mark.slow
def test_a_migration_that_rebuilds_tables_loses_nothing(seeded: Positions, script: Script) -> None:
    before, answers = everything(seeded.db), seeded("nonstarters", "--format", "json").stdout
    assert before["rows"]["stance"]
    folder = script(NOTES)

    migrate(seeded.db, NEXT, folder)

    noted = everything(seeded.db)
    for name in ("response", "item"):
        assert noted["rows"][name] == [{**row, "note": None} for row in before["rows"][name]]
    assert noted["rows"]["stance"] == [{**row, "note": row["wording"]} for row in before["rows"]["stance"]]
    for part in ("checks", "indexes", "keys", "views", "tables"):
        assert noted[part] == before[part], part
    assert noted["triggers"].keys() == before["triggers"].keys()

    migrate(seeded.db, "-1", folder)

    after = everything(seeded.db)
    for part in ("columns", "checks", "indexes", "keys", "views", "triggers", "rows", "tables"):
        assert after[part] == before[part], part
    assert seeded("nonstarters", "--format", "json").stdout == answers


def test_a_new_column_is_as_safe_as_the_old_ones(seeded: Positions, script: Script) -> None:
    migrate(seeded.db, NEXT, script(NOTES))

    for statement in (
        "UPDATE stance SET note = 'another'",
        "UPDATE stance SET kind = 'open', condition = NULL",
        "UPDATE stance SET retracted_in = 1, note = 'another'",
        "UPDATE response SET note = 'another'",
        "DELETE FROM stance",
        "DELETE FROM item",
    ):
        assert re.search("is never rewritten|is sealed cannot change", refusal(seeded.db, statement))


@pytest.mark.slow
def test_rebuilt_tables_are_as_safe_after_the_way_back(seeded: Positions, script: Script) -> None:
    folder = script(NOTES)
    migrate(seeded.db, NEXT, folder)
    migrate(seeded.db, "-1", folder)

    for table in ("stance", "response"):
        for statement in (f"UPDATE {table} SET said_to = said_from", f"DELETE FROM {table}"):
            assert re.search("is never rewritten|is sealed", refusal(seeded.db, statement))


def test_a_newer_database_is_left_alone(seeded: Positions, script: Script) -> None:
    migrate(seeded.db, NEXT, script(NOTES))

    answer = seeded("demands", exit_code=1)

    assert "newer version of positions" in answer.stderr


@pytest.mark.slow
def test_a_migration_that_breaks_off_has_done_nothing(seeded: Positions, script: Script) -> None:
    before, folder = everything(seeded.db), script(CRASHING)

    with pytest.raises(DatabaseError, match="nowhere"):
        migrate(seeded.db, NEXT, folder)

    assert everything(seeded.db) == before
    assert not [name for name in before["tables"] if name.startswith("_alembic_tmp_")]
    assert seeded.ask("nonstarters")


@pytest.mark.slow
def test_a_migration_that_breaks_off_on_the_way_back_has_done_nothing(seeded: Positions, script: Script) -> None:
    folder = script(NOTES + '    op.execute("SELECT nowhere FROM stance")\n')
    migrate(seeded.db, NEXT, folder)
    before = everything(seeded.db)

    with pytest.raises(DatabaseError, match="nowhere"):
        migrate(seeded.db, "-1", folder)

    assert everything(seeded.db) == before


@pytest.mark.slow
@pytest.mark.skipif(SERVER is not None, reason="a server checks foreign keys as it goes")
def test_a_migration_that_leaves_rows_pointing_nowhere_is_undone(seeded: Positions, script: Script) -> None:
    losing = NOTES.replace("UPDATE stance SET note = wording", "DELETE FROM actor WHERE slug = 'nato'")
    before = everything(seeded.db)

    with pytest.raises(DatabaseError, match="dangling references"):
        migrate(seeded.db, NEXT, script(losing))

    assert everything(seeded.db) == before


@pytest.mark.slow
@pytest.mark.skipif(SERVER is not None, reason="a server looks after its own crashes")
def test_what_a_power_cut_breaks_off_is_taken_back_when_next_read(seeded: Positions, tmp_path: Path) -> None:
    """What one leaves: file and journal, copied while pages of an unfinished transaction are in the file."""
    before, answers = everything(seeded.db), seeded("nonstarters", "--format", "json").stdout
    file = sqlite3.connect(seeded.db, isolation_level=None)
    file.execute("PRAGMA cache_size = 1")
    file.execute("BEGIN IMMEDIATE")
    file.execute("CREATE TABLE _alembic_tmp_stance AS SELECT zeroblob(100000) AS filling FROM stance")
    for suffix in ("", "-journal"):
        shutil.copyfile(seeded.db + suffix, tmp_path / f"cut.db{suffix}")
    file.execute("ROLLBACK")
    file.close()

    assert Positions(str(tmp_path / "cut.db"))("nonstarters", "--format", "json").stdout == answers
    assert everything(str(tmp_path / "cut.db")) == before


# ---- Alembic's own command line


def alembic(*words: str, home: Path, db: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "POSITIONS_DB"}
    environment |= {"HOME": str(home), "XDG_DATA_HOME": str(home / "data")} | ({"POSITIONS_DB": db} if db else {})
    asked = [sys.executable, "-m", "alembic", *words]
    return subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("words", [["current"], ["upgrade", "head"], ["downgrade", "base"], ["check"]])
def test_alembic_does_nothing_unless_a_database_is_named(words: list[str], tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "data" / "positions").mkdir(parents=True)
    default = home / "data" / "positions" / "positions.db"
    context.seed(default)
    before = default.read_bytes()

    done = alembic(*words, home=home)

    assert done.returncode == 1
    assert "POSITIONS_DB" in done.stderr
    assert "Traceback" not in done.stderr
    assert default.read_bytes() == before


@pytest.mark.slow
def test_alembic_works_on_the_database_that_is_named(db: str, tmp_path: Path) -> None:
    assert f"{NEWEST} (head)" in alembic("-x", f"db={db}", "current", home=tmp_path).stdout
    assert f"{NEWEST} (head)" in alembic("current", home=tmp_path, db=db).stdout


def test_alembic_finds_nothing_to_migrate(db: str, tmp_path: Path) -> None:
    done = alembic("check", home=tmp_path, db=db)

    assert (done.returncode, "No new upgrade operations detected." in done.stdout) == (0, True), done.stderr


# ---- the next migration


class Certainty(StrEnum):
    """A closed list that the models could have next."""

    HIGH = "high"
    LOW = "low"


LaterKind = StrEnum("LaterKind", {**{kind.name: kind.value for kind in ActorKind}, "MOVEMENT": "movement"})  # type: ignore[misc]
"""`ActorKind` with a member that it could have next."""


@pytest.fixture
def newer_models(monkeypatch: pytest.MonkeyPatch) -> sa.MetaData:
    """Models with more than the migrations make: an enumeration, a member of another, a text, indexes."""
    newer = sa.MetaData(naming_convention=models.METADATA.naming_convention)
    for table in models.metadata_for("postgresql").sorted_tables:
        table.to_metadata(newer)
    newer.tables["response"].append_column(
        sa.Column("certainty", enumeration(Certainty, "certainty"), comment="How sure.")
    )
    newer.tables["stance"].append_column(sa.Column("remark", sa.Text, comment="A remark."))
    newer.tables["actor"].c.kind.type = enumeration(LaterKind, "actorkind")
    only_held = sa.text("retracted_in IS NULL")
    response = newer.tables["response"]
    sa.Index("ix_response_venue", response.c.venue, sqlite_where=only_held, postgresql_where=only_held)
    sa.Index("ix_response_certainty", response.c.certainty)
    monkeypatch.setattr(models, "metadata_for", lambda _: newer)
    return newer


@pytest.mark.slow
def test_an_autogenerated_script_runs_up_and_down_without_mending(
    seeded: Positions, tmp_path: Path, newer_models: sa.MetaData
) -> None:
    before = everything(seeded.db)
    folder = tmp_path / "migrations"
    shutil.copytree(package_data.folder("migrations"), folder, ignore=shutil.ignore_patterns("__pycache__"))
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with database.migrating(seeded.db) as connection:
        config.attributes["connection"] = connection
        command.revision(config, "Responses say how sure it is", autogenerate=True)
    [script] = folder.glob(f"versions/{int(NEWEST) + 1:04}_*.py")

    migrate(seeded.db, script.name.partition("_")[0], folder)

    with opened(seeded.db) as connection:
        options = {"compare_type": True, "include_name": is_compared}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), newer_models) == []
        assert "ck_response_certainty" in checks(connection)["response"]
        assert "'movement'" in checks(connection)["actor"]["ck_actor_actorkind"]
        assert len(triggers(connection)) == len(before["triggers"])
    assert re.search("is never rewritten|is sealed", refusal(seeded.db, "UPDATE response SET certainty = 'low'"))

    migrate(seeded.db, "-1", folder)

    after = everything(seeded.db)
    for part in ("columns", "checks", "indexes", "keys", "views", "triggers", "rows", "tables"):
        assert after[part] == before[part], part
