"""A source may be published between two days.

`published` stays the day from which the public could know it: the last of them. Old rows keep null in `published_from`:
they were published on that day. On the way back the first days are lost.
"""

import sqlalchemy as sa
from alembic import op

from positions import append_only

revision = "0003"
down_revision = "0002"

COMMENT = "First possible day of publication; null: `published`."


def upgrade() -> None:
    with append_only.suspended(op.get_bind()), op.batch_alter_table("episode") as episodes:
        episodes.add_column(sa.Column("published_from", sa.Date(), nullable=True, comment=COMMENT))
        episodes.create_check_constraint("published_in_order", "published_from <= published")


def downgrade() -> None:
    with append_only.suspended(op.get_bind()), op.batch_alter_table("episode") as episodes:
        episodes.drop_constraint("published_in_order", type_="check")
        episodes.drop_column("published_from")
