"""The past is closed, and the order of statements is that of their file.

Triggers refuse a row that enters or leaves the record in another revision than the newest, and a revision that is not
the next one. On PostgreSQL a revision names the role that made it; old revisions keep null: it is not known.

`sequence` was the order of first entry. It becomes the number of the source, in the order of first recording, and the
place among the source's statements: old rows keep their order within their source. Databases made before the first
schema was final lack two indexes and have two narrower ones and a stricter CHECK; they get what the others have.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from positions import append_only

revision = "0002"
down_revision = "0001"

SEQUENCED = ("response", "outcome", "stance")
ORDERS = 1 << 32
STEP = 4096
PLACE = ["item_id", "actor_id", "firm", "said_from", "stated", "said_to", "sequence"]
JUDGED = ["recorded_in", "retracted_in", "episode_id", "kind", "basis", "response_basis", "id"]
COPIED = ["response_id", "episode_id", "said_from", "said_to", "sequence", "response_basis"]
ORIGINALS = ["id", "episode_id", "said_from", "said_to", "sequence", "basis"]
COMMENTS = {
    "response": "Order of all statements: by source, then as in its file.",
    "outcome": "Order of all statements: by source, then as in its file.",
    "stance": "Copy of the response's sequence.",
}
OLD_COMMENTS = {
    "response": "Order of first entry, kept through corrections.",
    "outcome": "Order of first entry, kept through corrections.",
    "stance": "Copy of the response's order of entry.",
}
ROLE = "Database role that recorded it, as the server knows it; null: a file, or not known."


def upgrade() -> None:
    connection = op.get_bind()
    with append_only.suspended(connection):
        op.add_column("revision", sa.Column("role", sa.Text(), nullable=True, comment=ROLE))
        with _copies_unchecked():
            _change_type(sa.BigInteger(), COMMENTS)
            _renumber(by_source)
        _make_indexes()
        _weaken_check()
    append_only.close_past(connection)


def downgrade() -> None:
    connection = op.get_bind()
    append_only.open_past(connection)
    with append_only.suspended(connection):
        op.create_index("ix_response_sequence", "response", ["sequence"])
        with _copies_unchecked():
            _renumber(by_entry)
            _change_type(sa.Integer(), OLD_COMMENTS)
        with op.batch_alter_table("revision") as revisions:
            revisions.drop_column("role")


def by_source(connection: sa.Connection, table: str) -> dict[int, int]:
    """By row number: the number of its source, and its place among the source's statements, as one integer."""
    found = connection.exec_driver_sql(
        "SELECT t.id, (SELECT min(x.id) FROM episode AS x WHERE x.slug = e.slug) AS source,"
        " DENSE_RANK() OVER (PARTITION BY e.slug ORDER BY t.sequence) AS place"
        f" FROM {table} AS t JOIN episode AS e ON e.id = t.episode_id"
    )
    return {row.id: row.source * ORDERS + row.place * STEP for row in found}


def by_entry(connection: sa.Connection, table: str) -> dict[int, int]:
    """By row number: its place among all statements of its kind."""
    found = connection.exec_driver_sql(f"SELECT id, DENSE_RANK() OVER (ORDER BY sequence) AS place FROM {table}")
    return {row.id: row.place for row in found}


def _on_server() -> bool:
    return op.get_bind().dialect.name == "postgresql"


@contextmanager
def _copies_unchecked() -> Iterator[None]:
    """A block in which the sequences of stances need not be those of their responses; SQLite checks at the end."""
    if _on_server():
        op.drop_constraint("fk_stance_copied", "stance", type_="foreignkey")
    yield
    if _on_server():
        op.create_foreign_key("fk_stance_copied", "stance", "response", COPIED, ORIGINALS)


def _change_type(kind: sa.types.TypeEngine[int], comments: dict[str, str]) -> None:
    """Change the type of sequences; SQLite holds large integers in any column of integers."""
    if _on_server():
        for table in SEQUENCED:
            op.alter_column(table, "sequence", type_=kind, comment=comments[table])


def _renumber(renumbered: Callable[[sa.Connection, str], dict[int, int]]) -> None:
    connection = op.get_bind()
    numbers = {table: renumbered(connection, table) for table in ("response", "outcome")}
    for table, rows in numbers.items():
        _update(connection, table, "id", rows)
    _update(connection, "stance", "response_id", numbers["response"])


def _update(connection: sa.Connection, table: str, key: str, numbers: dict[int, int]) -> None:
    if numbers:
        statement = sa.text(f"UPDATE {table} SET sequence = :sequence WHERE {key} = :row")
        connection.execute(statement, [{"row": row, "sequence": number} for row, number in numbers.items()])


def _make_indexes() -> None:
    refusals = sa.text("kind = 'non-starter'")
    op.drop_index("ix_response_sequence", table_name="response", if_exists=True)
    op.drop_index("ix_response_first", table_name="response", if_exists=True)
    op.create_index("ix_response_first", "response", ["episode_id", "slug", "sequence"])
    op.drop_index("ix_stance_current", table_name="stance")
    op.create_index("ix_stance_current", "stance", [*PLACE, *JUDGED])
    op.drop_index("ix_stance_refused", table_name="stance")
    op.create_index("ix_stance_refused", "stance", [*PLACE, *JUDGED], sqlite_where=refusals, postgresql_where=refusals)


def _weaken_check() -> None:
    """Replace the rule by which `superseded` had to name a successor, where a database still has it."""
    rules = {rule["name"]: rule["sqltext"] for rule in sa.inspect(op.get_bind()).get_check_constraints("outcome")}
    if "IS NOT NULL" in rules["ck_outcome_superseded_by"]:
        with op.batch_alter_table("outcome") as outcomes:
            outcomes.drop_constraint("superseded_by", type_="check")
            outcomes.create_check_constraint("superseded_by", "kind = 'superseded' OR superseded_by_id IS NULL")
