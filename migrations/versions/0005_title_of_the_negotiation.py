"""A record can have a title: what the negotiation is called.

It is a label on the whole, not a statement: no revision records it, and it may be changed. Old databases have none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "negotiation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Always 1."),
        sa.Column("title", sa.Text(), nullable=False, comment="Title that people read."),
        sa.CheckConstraint("id = 1", name=op.f("ck_negotiation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_negotiation")),
        comment="What is followed: one row, or none. No revision records it.",
    )


def downgrade() -> None:
    op.drop_table("negotiation")
