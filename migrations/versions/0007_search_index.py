"""`search` finds what was said by an index that the engine keeps.

How texts are folded is Python's to say, and no trigger of a database can, so a table has them folded, and an index of
trigrams stands on it (`positions.search_index`). FTS5 folds case alone by itself, and the words of PostgreSQL's text
search are not found in the middle of words. The index on PostgreSQL needs no extension, which the owner of a database
might not be allowed to install. Only statements are in it: they are never rewritten, so that their texts are the same
at every revision, and they are what there is much of.

The texts that are recorded enter it now. The table is derived: no revision records it, `check` compares it.
"""

import sqlalchemy as sa
from alembic import op

from positions import search_index

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "search_text",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("kind", sa.String(), nullable=False, comment="Table of the statement or part of one."),
        sa.Column("row", sa.Integer(), nullable=False, comment="Number of its row there."),
        sa.Column("folded", sa.Text(), nullable=False, comment="Its texts, folded, one in each line."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_text")),
        comment="The texts of statements as `search` compares them; derived, and recorded by no revision.",
    )
    search_index.make(op.get_bind())
    search_index.fill(op.get_bind())


def downgrade() -> None:
    search_index.drop(op.get_bind())
    op.drop_table("search_text")
