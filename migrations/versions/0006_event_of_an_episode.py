"""A source can be marked as an event that people remember, by a name that fits a time axis.

Old rows keep null: they mark no event. On the way back the names are lost.
"""

import sqlalchemy as sa
from alembic import op

from positions import append_only

revision = "0006"
down_revision = "0005"

COMMENT = "Event that people remember it by, in a few words."


def upgrade() -> None:
    with append_only.suspended(op.get_bind()):
        op.add_column("episode", sa.Column("event", sa.Text(), nullable=True, comment=COMMENT))


def downgrade() -> None:
    with append_only.suspended(op.get_bind()), op.batch_alter_table("episode") as episodes:
        episodes.drop_column("event")
