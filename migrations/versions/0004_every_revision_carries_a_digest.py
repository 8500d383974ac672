"""Every revision carries a digest, and is closed once it has one.

The digest is a SHA-256 over the digest of the revision before, the revision and its changes (`positions.digests`). The
revisions that are there get theirs now: what they hold is proved from this moment on, not from before. Triggers refuse
a row that enters, leaves or is edited while the newest revision has its digest, and a revision dated beyond now; on
PostgreSQL the server sets the time, and a transaction cannot end with a revision that has no digest.
"""

from alembic import op

from positions import append_only, digests

revision = "0004"
down_revision = "0003"

COMMENT = "SHA-256 over the digest before, this row and its changes; null: being recorded."


def upgrade() -> None:
    connection = op.get_bind()
    with append_only.suspended(connection):
        op.execute("ALTER TABLE revision ADD COLUMN digest VARCHAR(64)")
        if connection.dialect.name == "postgresql":
            op.alter_column("revision", "digest", comment=COMMENT)
        digests.seal(connection, after=0)
    append_only.close_sealed(connection)


def downgrade() -> None:
    connection = op.get_bind()
    append_only.open_sealed(connection)
    with append_only.suspended(connection), op.batch_alter_table("revision") as revisions:
        revisions.drop_column("digest")
