"""One server for a team: who may read and who may record, by the SQL of the README."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.conftest import SERVER, Positions
from tests.readme import README

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


@pytest.fixture
def member(seeded: Positions) -> Iterator[As]:
    """The command line as somebody in the role of a reader or a writer, on a database with the README's roles."""
    tag = uuid4().hex[:8]
    reader, writer = f"reader_{tag}", f"writer_{tag}"
    [sql] = BLOCK.findall(README.read_text(encoding="utf-8"))
    sql = sql.replace("talks_reader", reader).replace("talks_writer", writer)
    run(seeded.db, *(one for one in sql.split(";") if one.strip()))
    people = {"reader": f"bob_{tag}", "writer": f"ann_{tag}"}
    for role, name in people.items():
        run(seeded.db, f"CREATE ROLE {name} LOGIN IN ROLE {role}_{tag}")
    yield lambda role: Positions(
        sa.make_url(seeded.db).set(username=people[role]).render_as_string(hide_password=False)
    )
    for name in (*people.values(), writer, reader):
        run(seeded.db, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


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
