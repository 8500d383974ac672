"""A source may be published between two days.

`published` stays the day from which the public could know it: the last of them. Old rows keep null in `published_from`:
they were published on that day. On the way back the first days are lost.
"""

from alembic import op

from positions import append_only

revision = "0003"
down_revision = "0002"

COMMENT = "First possible day of publication; null: `published`."


def upgrade() -> None:
    connection = op.get_bind()
    with append_only.suspended(connection):
        # One statement instead of a batch: a rebuilt table lists its constraints in an order that differs between runs.
        op.execute(
            "ALTER TABLE episode ADD COLUMN published_from DATE"
            " CONSTRAINT ck_episode_published_in_order CHECK (published_from <= published)"
        )
        if connection.dialect.name == "postgresql":
            op.alter_column("episode", "published_from", comment=COMMENT)


def downgrade() -> None:
    with append_only.suspended(op.get_bind()), op.batch_alter_table("episode") as episodes:
        episodes.drop_constraint("published_in_order", type_="check")
        episodes.drop_column("published_from")
