"""One server for a team: who may read and who may record, by the SQL of the documents."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.conftest import SERVER, TALKS, Output, Positions
from tests.documents import ROOT
from tests.test_check import PRESS
from tests.test_forgeries import DATA, LATER

pytestmark = pytest.mark.skipif(SERVER is None, reason="roles are a server's")

As = Callable[[str], Positions]
BLOCK = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STATEMENT = """
format: 1
episode: {id: next, kind: statement, title: The next, published: 2022-04-01, url: https://example.org/next}
actors: [{id: austin, kind: person, speaks_for: us, name: Lloyd Austin}]
responses: [{id: it, by: us, speaker: austin, said: 2022-04-01, basis: stated, quote: "we would talk",
             stances: {no-offensive-weapons-nearby: open}}]
"""


def run(db: str, *statements: str) -> None:
    engine = sa.create_engine(db, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@contextmanager
def members(db: str) -> Iterator[As]:
    """The command line as somebody in the role of a reader or a writer; the database `db` gets the documented roles."""
    tag = uuid4().hex[:8]
    reader, writer = f"reader_{tag}", f"writer_{tag}"
    [sql] = BLOCK.findall((ROOT / "docs" / "how-to" / "team.md").read_text(encoding="utf-8"))
    sql = sql.replace("talks_reader", reader).replace("talks_writer", writer)
    run(db, *(one for one in sql.split(";") if one.strip()))
    people = {"reader": f"bob_{tag}", "writer": f"ann_{tag}"}
    for role, name in people.items():
        run(db, f"CREATE ROLE {name} LOGIN IN ROLE {role}_{tag}")
    yield lambda role: Positions(sa.make_url(db).set(username=people[role]).render_as_string(hide_password=False))
    for name in (*people.values(), writer, reader):
        run(db, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


@pytest.fixture
def member(seeded: Positions) -> Iterator[As]:
    with members(seeded.db) as as_:
        yield as_


def test_a_reader_asks_and_cannot_record(member: As, seeded: Positions) -> None:
    bob = member("reader")

    assert bob.ask("nonstarters") == seeded.ask("nonstarters")
    assert bob.ask("check") == []
    refused = bob("retract", "episode-1/core-non-starters", "--why", "no", exit_code=1).stderr
    assert "permission denied" in refused
    assert seeded.ask("status")["revision"] == 1


def test_a_writer_records_takes_back_and_undoes(member: As, seeded: Positions, tmp_path: Path) -> None:
    ann = member("writer")
    file = tmp_path / "next.yaml"
    file.write_text(STATEMENT, encoding="utf-8")

    ann("record", str(file))
    file.write_text(STATEMENT.replace("Lloyd Austin", "Lloyd J. Austin"), encoding="utf-8")
    ann("record", str(file))
    ann("retract", "next/it", "--why", "a try")
    ann("undo", "r4")

    assert seeded.ask("status")["revision"] == 5
    assert seeded.ask("check") == []


def test_a_writer_cannot_delete_or_rewrite_with_sql(member: As) -> None:
    ann = member("writer")

    for statement in ("DELETE FROM stance", "TRUNCATE response", "UPDATE stance SET kind = 'open'", "DROP TABLE item"):
        with pytest.raises(sa.exc.DBAPIError):
            run(ann.db, statement)


WITH_RIGHTS_OF_HER_OWN = {
    "switch the triggers off": ["ALTER TABLE stance DISABLE TRIGGER ALL"],
    "be a replica, which has no triggers": ["SET session_replication_role = replica"],
    "drop a trigger": ["DROP TRIGGER stance_keeps_rows ON stance"],
    "drop a function with its triggers": ["DROP FUNCTION close_sealed CASCADE"],
    "another function in its place": [
        "CREATE OR REPLACE FUNCTION close_sealed() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    ],
    "a rule that does something else": ["CREATE RULE mine AS ON INSERT TO stance DO INSTEAD NOTHING"],
    "a trigger of her own": [
        "CREATE TRIGGER mine BEFORE INSERT ON stance FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    ],
    "a column more": ["ALTER TABLE stance ADD COLUMN mine integer"],
    "another name for a column": ["ALTER TABLE stance RENAME COLUMN wording TO label"],
    "another owner": ["ALTER TABLE stance OWNER TO CURRENT_USER"],
    "a policy that hides rows": [
        "CREATE POLICY mine ON stance USING (false)",
    ],
    "rows hidden from others": ["ALTER TABLE stance ENABLE ROW LEVEL SECURITY"],
    "a table in our schema": ["CREATE TABLE public.mine (x integer)"],
    "a view in our schema": ["CREATE OR REPLACE VIEW current_stance AS SELECT 1 AS x"],
    "an operator in our schema": [
        "CREATE FUNCTION public.no(jsonb, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'"
    ],
    "no index": ["DROP INDEX uq_stance_held"],
    "empty a table": ["TRUNCATE stance CASCADE"],
    "merge": ["MERGE INTO stance USING actor ON true WHEN MATCHED THEN DELETE"],
    "merge other words": [
        "MERGE INTO stance USING revision ON number = 1 WHEN MATCHED THEN UPDATE SET wording = 'else'"
    ],
    "delete by another table": ["DELETE FROM stance USING revision"],
    "upsert": [
        (
            "INSERT INTO revision SELECT * FROM revision WHERE number = 1"
            " ON CONFLICT (number) DO UPDATE SET message = 'else'"
        )
    ],
    "a newer schema": ["UPDATE alembic_version SET version_num = '9999'"],
    "no schema": ["DELETE FROM alembic_version"],
    "a later clock": [
        "SET TIMEZONE = 'Pacific/Kiritimati'",
        "UPDATE revision SET recorded_at = now() WHERE number = 3",
    ],
}


MISTAKES = {"42601", "42703", "42704", "42883", "42P01"}
"""The codes of statements that nobody could carry out: bad syntax, or names of nothing."""


@pytest.mark.slow
def test_a_writer_cannot_forge(positions: Positions, record: Callable[..., Output]) -> None:
    """Each try is undone; only what begins like recording is not refused before its transaction ends."""
    for text in (TALKS, PRESS, PRESS.replace("simply no", "no and no")):
        record(text)

    with members(positions.db) as member:
        tries = DATA | WITH_RIGHTS_OF_HER_OWN
        accepted = {name for name, statements in tries.items() if is_accepted(member("writer").db, statements)}

    assert accepted <= LATER
    assert positions.ask("check") == []


def is_accepted(db: str, statements: Iterable[str]) -> bool:
    """Whether the server carries out the statements, and all that is checked when a transaction ends; none stays."""
    engine = sa.create_engine(db, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            for statement in (*statements, "SET CONSTRAINTS ALL IMMEDIATE"):
                connection.exec_driver_sql(statement)
            connection.rollback()
    except sa.exc.DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in MISTAKES:
            raise
        return False
    return True
