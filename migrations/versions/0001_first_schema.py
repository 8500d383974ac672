"""The whole schema: descriptions, statements, the record of the record, two views, and the triggers that guard them.

There are no old rows.
"""

import sqlalchemy as sa
from alembic import op

from positions import append_only

revision = "0001"
down_revision = None

APPLICATION_ID = 0x506F7331
"""What marks a SQLite file as a database of this program."""

CURRENT_STANCE = """
SELECT i.slug AS item, i.title AS title, i.kind AS item_kind, a.slug AS actor, s.kind AS stance,
  s.wording AS wording, s.condition AS condition,
  coalesce(s.basis, s.response_basis) AS basis, coalesce(s.quote, r.quote) AS quote, r.summary AS summary,
  s.said_from AS said_from, s.said_to AS said_to, e.slug AS episode, r.slug AS response,
  coalesce(r.url, e.url) AS url, s.recorded_in AS revision,
  EXISTS (
    SELECT 1 FROM stance AS x
    WHERE x.item_id = c.item_id AND x.actor_id = c.actor_id AND x.retracted_in IS NULL
    AND coalesce(x.basis, x.response_basis) = coalesce(c.basis, c.response_basis)
    AND x.said_from <= c.said_to AND c.said_from <= x.said_to
    AND x.kind <> c.kind) AS contested
FROM (SELECT DISTINCT item_id, actor_id FROM stance WHERE retracted_in IS NULL) AS pair
JOIN stance AS c ON c.id = (
  SELECT x.id FROM stance AS x
  WHERE x.item_id = pair.item_id AND x.actor_id = pair.actor_id AND x.retracted_in IS NULL
  ORDER BY x.firm DESC, x.said_from DESC, x.stated DESC, x.said_to DESC, x.sequence DESC LIMIT 1)
JOIN stance AS s ON s.id = c.id
JOIN item AS i ON i.id = s.item_id
JOIN actor AS a ON a.id = s.actor_id
JOIN response AS r ON r.id = s.response_id
JOIN episode AS e ON e.id = s.episode_id
"""

NON_STARTER = """
SELECT i.slug AS item, i.title AS title, i.kind AS item_kind, i.quote AS item_quote, a.slug AS refused_by,
  s.wording AS wording, s.condition AS condition,
  coalesce(s.basis, s.response_basis) AS basis, coalesce(s.quote, r.quote) AS quote, r.summary AS summary,
  s.said_from AS said_from, s.said_to AS said_to, e.slug AS episode, r.slug AS response,
  coalesce(r.url, e.url) AS url, s.recorded_in AS revision,
  EXISTS (
    SELECT 1 FROM stance AS x
    WHERE x.item_id = c.item_id AND x.actor_id = c.actor_id AND x.retracted_in IS NULL
    AND coalesce(x.basis, x.response_basis) = coalesce(c.basis, c.response_basis)
    AND x.said_from <= c.said_to AND c.said_from <= x.said_to
    AND x.kind <> c.kind) AS contested
FROM (SELECT DISTINCT item_id, actor_id FROM stance WHERE retracted_in IS NULL) AS pair
JOIN stance AS c ON c.id = (
  SELECT x.id FROM stance AS x
  WHERE x.item_id = pair.item_id AND x.actor_id = pair.actor_id AND x.retracted_in IS NULL
  ORDER BY x.firm DESC, x.said_from DESC, x.stated DESC, x.said_to DESC, x.sequence DESC LIMIT 1)
JOIN stance AS s ON s.id = (
  SELECT x.id FROM stance AS x
  WHERE x.item_id = c.item_id AND x.actor_id = c.actor_id AND x.retracted_in IS NULL
    AND x.kind = 'non-starter'
    AND (x.id = c.id OR coalesce(x.basis, x.response_basis) = coalesce(c.basis, c.response_basis)
    AND x.said_from <= c.said_to AND c.said_from <= x.said_to)
  ORDER BY x.firm DESC, x.said_from DESC, x.stated DESC, x.said_to DESC, x.sequence DESC LIMIT 1)
JOIN item AS i ON i.id = s.item_id
JOIN actor AS a ON a.id = s.actor_id
JOIN response AS r ON r.id = s.response_id
JOIN episode AS e ON e.id = s.episode_id
WHERE NOT EXISTS (
  SELECT 1 FROM item_actor AS m
  WHERE m.item_id = s.item_id AND m.actor_id = s.actor_id AND m.role = 'maker' AND m.retracted_in IS NULL)
"""


def upgrade() -> None:
    _make_tables()
    connection = op.get_bind()
    op.execute(f"CREATE VIEW current_stance AS {CURRENT_STANCE.strip()}")
    op.execute(f"CREATE VIEW non_starter AS {NON_STARTER.strip()}")
    append_only.guard(connection)
    if connection.dialect.name == "sqlite":
        op.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def downgrade() -> None:
    connection = op.get_bind()
    append_only.unguard(connection)
    op.execute("DROP VIEW non_starter")
    op.execute("DROP VIEW current_stance")
    _drop_tables()
    if connection.dialect.name == "sqlite":
        op.execute("PRAGMA application_id = 0")


def _make_tables() -> None:
    op.create_table(
        "revision",
        sa.Column(
            "number",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="1, 2, 3 … in the order of recording, without gaps.",
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When (UTC); never before the previous one.",
        ),
        sa.Column("recorded_by", sa.Text(), nullable=False, comment="Who."),
        sa.Column("message", sa.Text(), nullable=False, comment="Why."),
        sa.Column("file", sa.Text(), nullable=True, comment="Name of the source file; null: none."),
        sa.Column("file_sha256", sa.String(), nullable=True, comment="SHA-256 of the source file."),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_revision")),
        comment="One recorded change set, like a commit.",
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("revision", sa.Integer(), nullable=False, comment="The revision."),
        sa.Column(
            "what",
            sa.Enum(
                "episode",
                "side",
                "actor",
                "package",
                "demand",
                "offer",
                "extension",
                "response",
                "outcome",
                name="what",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
            comment="Kind of entry.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Its id; EPISODE/ID for what belongs to an episode."),
        sa.Column("episode", sa.String(), nullable=False, comment="Episode whose file has the entry."),
        sa.Column("before", sa.Text(), nullable=True, comment="Content before (JSON); null: not in the record."),
        sa.Column("after", sa.Text(), nullable=True, comment="Content after (JSON); null: taken out."),
        sa.ForeignKeyConstraint(["revision"], ["revision.number"], name=op.f("fk_change_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("revision", "what", "name", name=op.f("uq_change_revision_what_name")),
        comment="What one revision made of one id, as the file would say it.",
    )
    op.create_index("ix_change_episode", "change", ["episode"], unique=False)
    op.create_index("ix_change_name", "change", ["what", "name", "revision"], unique=False)
    op.create_table(
        "episode",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("slug", sa.String(length=64), nullable=False, comment="Id that people type."),
        sa.Column(
            "kind",
            sa.Enum(
                "article",
                "draft",
                "statement",
                "reply",
                "letter",
                "report",
                name="episodekind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
            comment="What the source is.",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="Title of the source."),
        sa.Column("published", sa.Date(), nullable=False, comment="Day from which the public could know it."),
        sa.Column("url", sa.Text(), nullable=True, comment="Address of the text that was read."),
        sa.Column("author", sa.Text(), nullable=True, comment="Who wrote it."),
        sa.Column("publisher", sa.Text(), nullable=True, comment="Who published it."),
        sa.Column("language", sa.String(), nullable=True, comment="Language of the text that was read (BCP 47)."),
        sa.Column(
            "translation",
            sa.Enum(
                "official",
                "unofficial",
                "machine",
                name="translation",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
            comment="Who translated it; null: an original.",
        ),
        sa.Column(
            "read",
            sa.Enum("whole", "part", name="reading", native_enum=False, create_constraint=True, length=16),
            nullable=False,
            comment="Whether the whole source was read.",
        ),
        sa.Column("missing", sa.Text(), nullable=True, comment="What was not read, if it was read in part."),
        sa.Column("summary", sa.Text(), nullable=True, comment="What the source is about, in the coder's words."),
        sa.Column("text_sha256", sa.String(), nullable=True, comment="SHA-256 of the text that was coded."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("(read = 'part') = (missing IS NOT NULL)", name=op.f("ck_episode_missing_if_part")),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_episode_retracted_later")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_episode_recorded_in")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_episode_retracted_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
        comment="One source, recorded as a unit.",
    )
    op.create_index(op.f("ix_episode_published"), "episode", ["published"], unique=False)
    op.create_index(
        "uq_episode_held",
        "episode",
        ["slug"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "side",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("slug", sa.String(length=64), nullable=False, comment="Id that people type."),
        sa.Column("name", sa.Text(), nullable=False, comment="Name that people read."),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Episode that first defined it."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_side_retracted_later")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_side_episode_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_side_recorded_in")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_side_retracted_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_side")),
        comment="One of the parties at the table.",
    )
    op.create_index(op.f("ix_side_episode_id"), "side", ["episode_id"], unique=False)
    op.create_index(
        "uq_side_held",
        "side",
        ["slug"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "actor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("slug", sa.String(length=64), nullable=False, comment="Id that people type."),
        sa.Column(
            "kind",
            sa.Enum(
                "state",
                "alliance",
                "organisation",
                "person",
                name="actorkind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
            comment="What the actor is.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name that people read."),
        sa.Column("side_id", sa.Integer(), nullable=True, comment="Side it is on; null: a third party, or a person."),
        sa.Column("speaks_for_id", sa.Integer(), nullable=True, comment="Actor for whom a person speaks."),
        sa.Column("role", sa.Text(), nullable=True, comment="Office of a person."),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Episode that first defined it."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("kind <> 'person' OR side_id IS NULL", name=op.f("ck_actor_person_shares_side")),
        sa.CheckConstraint("kind = 'person' OR speaks_for_id IS NULL", name=op.f("ck_actor_only_persons_speak")),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_actor_retracted_later")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_actor_episode_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_actor_recorded_in")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_actor_retracted_in")),
        sa.ForeignKeyConstraint(["side_id"], ["side.id"], name=op.f("fk_actor_side_id")),
        sa.ForeignKeyConstraint(["speaks_for_id"], ["actor.id"], name=op.f("fk_actor_speaks_for_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor")),
        comment="A state, an alliance, an organisation or a person.",
    )
    op.create_index(op.f("ix_actor_episode_id"), "actor", ["episode_id"], unique=False)
    op.create_index(op.f("ix_actor_side_id"), "actor", ["side_id"], unique=False)
    op.create_index(op.f("ix_actor_speaks_for_id"), "actor", ["speaks_for_id"], unique=False)
    op.create_index(
        "uq_actor_held",
        "actor",
        ["slug"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("slug", sa.String(length=64), nullable=False, comment="Id that people type."),
        sa.Column(
            "kind",
            sa.Enum("demand", "offer", name="itemkind", native_enum=False, create_constraint=True, length=16),
            nullable=False,
            comment="Demand or offer.",
        ),
        sa.Column("side_id", sa.Integer(), nullable=True, comment="Side whose item it is, if no maker is known."),
        sa.Column("topic", sa.String(length=64), nullable=False, comment="The matter it is about."),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="What is asked or offered; scopes are measured against it."
        ),
        sa.Column("text", sa.Text(), nullable=True, comment="The same at length, in the coder's words."),
        sa.Column("made_from", sa.Date(), nullable=True, comment="First possible day of making; null: not known."),
        sa.Column("made_to", sa.Date(), nullable=False, comment="From this day it is on the table for certain."),
        sa.Column("said_from", sa.Date(), nullable=True, comment="First possible day of the defining sentence."),
        sa.Column("said_to", sa.Date(), nullable=True, comment="Last possible day; null: said when it was made."),
        sa.Column("speaker_id", sa.Integer(), nullable=True, comment="Person who said the defining sentence."),
        sa.Column("reported_by_id", sa.Integer(), nullable=True, comment="Through whom we have it."),
        sa.Column(
            "basis",
            sa.Enum(
                "stated",
                "reported",
                "alleged",
                "inferred",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
            comment="How we have it.",
        ),
        sa.Column("quote", sa.Text(), nullable=True, comment="The defining words."),
        sa.Column("summary", sa.Text(), nullable=True, comment="The defining sentence in the coder's words."),
        sa.Column("url", sa.Text(), nullable=True, comment="Address, where it differs from the episode's."),
        sa.Column("language", sa.String(), nullable=True, comment="Language, where it differs from the episode's."),
        sa.Column(
            "translation",
            sa.Enum(
                "official",
                "unofficial",
                "machine",
                name="translation",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
            comment="Translation, where it differs.",
        ),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Episode that first defined it."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("(said_from IS NULL) = (said_to IS NULL)", name=op.f("ck_item_said_whole")),
        sa.CheckConstraint("made_from <= made_to", name=op.f("ck_item_made_in_order")),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_item_retracted_later")),
        sa.CheckConstraint("said_from <= said_to", name=op.f("ck_item_said_in_order")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_item_episode_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_item_recorded_in")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["actor.id"], name=op.f("fk_item_reported_by_id")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_item_retracted_in")),
        sa.ForeignKeyConstraint(["side_id"], ["side.id"], name=op.f("fk_item_side_id")),
        sa.ForeignKeyConstraint(["speaker_id"], ["actor.id"], name=op.f("fk_item_speaker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        comment="A thing on the table: a demand or an offer.",
    )
    op.create_index(op.f("ix_item_episode_id"), "item", ["episode_id"], unique=False)
    op.create_index(op.f("ix_item_made_to"), "item", ["made_to"], unique=False)
    op.create_index(op.f("ix_item_reported_by_id"), "item", ["reported_by_id"], unique=False)
    op.create_index(op.f("ix_item_side_id"), "item", ["side_id"], unique=False)
    op.create_index(op.f("ix_item_speaker_id"), "item", ["speaker_id"], unique=False)
    op.create_index(op.f("ix_item_topic"), "item", ["topic"], unique=False)
    op.create_index(
        "uq_item_held",
        "item",
        ["slug"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "package",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("slug", sa.String(length=64), nullable=False, comment="Id that people type, shared with no item."),
        sa.Column("title", sa.Text(), nullable=False, comment="What people read."),
        sa.Column("said_from", sa.Date(), nullable=False, comment="First possible day on which the maker said so."),
        sa.Column("said_to", sa.Date(), nullable=False, comment="Last possible day on which the maker said so."),
        sa.Column("speaker_id", sa.Integer(), nullable=True, comment="Person who said it."),
        sa.Column("reported_by_id", sa.Integer(), nullable=True, comment="Through whom we have it."),
        sa.Column(
            "basis",
            sa.Enum(
                "stated",
                "reported",
                "alleged",
                "inferred",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
            comment="How we have it.",
        ),
        sa.Column("quote", sa.Text(), nullable=True, comment="Words that make it a package."),
        sa.Column("core_quote", sa.Text(), nullable=True, comment="Words that name its core."),
        sa.Column("summary", sa.Text(), nullable=True, comment="The same in the coder's words."),
        sa.Column("url", sa.Text(), nullable=True, comment="Address, where it differs from the episode's."),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Episode that first defined it."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_package_retracted_later")),
        sa.CheckConstraint("said_from <= said_to", name=op.f("ck_package_said_in_order")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_package_episode_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_package_recorded_in")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["actor.id"], name=op.f("fk_package_reported_by_id")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_package_retracted_in")),
        sa.ForeignKeyConstraint(["speaker_id"], ["actor.id"], name=op.f("fk_package_speaker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
        comment="Items that their maker says stand or fall together.",
    )
    op.create_index(op.f("ix_package_episode_id"), "package", ["episode_id"], unique=False)
    op.create_index(op.f("ix_package_reported_by_id"), "package", ["reported_by_id"], unique=False)
    op.create_index(op.f("ix_package_speaker_id"), "package", ["speaker_id"], unique=False)
    op.create_index(
        "uq_package_held",
        "package",
        ["slug"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("slug", sa.String(length=64), nullable=False, comment="Id within its episode."),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Episode that has it."),
        sa.Column("said_from", sa.Date(), nullable=False, comment="First possible day."),
        sa.Column("said_to", sa.Date(), nullable=False, comment="Last possible day; from here on it counts."),
        sa.Column("venue", sa.Text(), nullable=True, comment="Where it was said."),
        sa.Column("speaker_id", sa.Integer(), nullable=True, comment="Person into whose mouth the source puts it."),
        sa.Column("reported_by_id", sa.Integer(), nullable=True, comment="Through whom we have it."),
        sa.Column(
            "basis",
            sa.Enum(
                "stated",
                "reported",
                "alleged",
                "inferred",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
            comment="How we have it.",
        ),
        sa.Column("quote", sa.Text(), nullable=True, comment="The words."),
        sa.Column("summary", sa.Text(), nullable=True, comment="The same in the coder's words."),
        sa.Column("url", sa.Text(), nullable=True, comment="Address, where it differs from the episode's."),
        sa.Column("language", sa.String(), nullable=True, comment="Language, where it differs from the episode's."),
        sa.Column(
            "translation",
            sa.Enum(
                "official",
                "unofficial",
                "machine",
                name="translation",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
            comment="Translation, where it differs.",
        ),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="Order of first entry, kept through corrections."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_response_retracted_later")),
        sa.CheckConstraint("said_from <= said_to", name=op.f("ck_response_said_in_order")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_response_episode_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_response_recorded_in")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["actor.id"], name=op.f("fk_response_reported_by_id")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_response_retracted_in")),
        sa.ForeignKeyConstraint(["speaker_id"], ["actor.id"], name=op.f("fk_response_speaker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("id", "episode_id", "said_from", "said_to", "sequence", "basis", name="uq_response_copied"),
        comment="What an actor, or several together, said on a day.",
    )
    op.create_index(op.f("ix_response_reported_by_id"), "response", ["reported_by_id"], unique=False)
    op.create_index("ix_response_first", "response", ["episode_id", "slug", "sequence"], unique=False)
    op.create_index("ix_response_said_to", "response", ["said_to"], unique=False)
    op.create_index("ix_response_sequence", "response", ["sequence"], unique=False)
    op.create_index(op.f("ix_response_speaker_id"), "response", ["speaker_id"], unique=False)
    op.create_index(
        "uq_response_held",
        "response",
        ["episode_id", "slug"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "item_actor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("item_id", sa.Integer(), nullable=False, comment="The item."),
        sa.Column("actor_id", sa.Integer(), nullable=False, comment="The actor; never a person."),
        sa.Column(
            "role",
            sa.Enum(
                "maker", "addressee", "affected", name="role", native_enum=False, create_constraint=True, length=16
            ),
            nullable=False,
            comment="Maker, addressee or affected.",
        ),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Episode that says so."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_item_actor_retracted_later")),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_item_actor_actor_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_item_actor_episode_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_actor_item_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_item_actor_recorded_in")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_item_actor_retracted_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_actor")),
        comment="What an actor is to an item: its maker, its addressee, or affected by it.",
    )
    op.create_index(op.f("ix_item_actor_actor_id"), "item_actor", ["actor_id"], unique=False)
    op.create_index(op.f("ix_item_actor_episode_id"), "item_actor", ["episode_id"], unique=False)
    op.create_index(op.f("ix_item_actor_item_id"), "item_actor", ["item_id"], unique=False)
    op.create_index(
        "uq_item_actor_held",
        "item_actor",
        ["item_id", "actor_id", "role", "episode_id"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "item_link",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("item_id", sa.Integer(), nullable=False, comment="The item that answers, replaces or is part."),
        sa.Column(
            "kind",
            sa.Enum(
                "answers",
                "alternative_to",
                "part_of",
                name="linkkind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
            comment="How it stands to the other.",
        ),
        sa.Column("to_item_id", sa.Integer(), nullable=True, comment="The other item."),
        sa.Column("to_package_id", sa.Integer(), nullable=True, comment="Or the package it answers."),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Episode that says so."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint(
            "to_package_id IS NULL OR kind = 'answers'", name=op.f("ck_item_link_packages_are_answered")
        ),
        sa.CheckConstraint("(to_item_id IS NULL) <> (to_package_id IS NULL)", name=op.f("ck_item_link_one_target")),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_item_link_retracted_later")),
        sa.CheckConstraint("to_item_id <> item_id", name=op.f("ck_item_link_not_to_itself")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_item_link_episode_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_link_item_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_item_link_recorded_in")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_item_link_retracted_in")),
        sa.ForeignKeyConstraint(["to_item_id"], ["item.id"], name=op.f("fk_item_link_to_item_id")),
        sa.ForeignKeyConstraint(["to_package_id"], ["package.id"], name=op.f("fk_item_link_to_package_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_link")),
        comment="How an item stands to another item or to a package.",
    )
    op.create_index(op.f("ix_item_link_episode_id"), "item_link", ["episode_id"], unique=False)
    op.create_index(op.f("ix_item_link_item_id"), "item_link", ["item_id"], unique=False)
    op.create_index(op.f("ix_item_link_to_item_id"), "item_link", ["to_item_id"], unique=False)
    op.create_index(op.f("ix_item_link_to_package_id"), "item_link", ["to_package_id"], unique=False)
    op.create_index(
        "uq_item_link_item_held",
        "item_link",
        ["item_id", "kind", "to_item_id", "episode_id"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_index(
        "uq_item_link_package_held",
        "item_link",
        ["item_id", "kind", "to_package_id", "episode_id"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "mention",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("response_id", sa.Integer(), nullable=False, comment="The response."),
        sa.Column("item_id", sa.Integer(), nullable=False, comment="The item."),
        sa.Column(
            "kind",
            sa.Enum("repeats", "about", name="mentionkind", native_enum=False, create_constraint=True, length=16),
            nullable=False,
            comment="Repeats, or about.",
        ),
        sa.Column("wording", sa.Text(), nullable=True, comment="The literal label used."),
        sa.Column(
            "scope",
            sa.Enum(
                "same", "wider", "narrower", "other", name="scope", native_enum=False, create_constraint=True, length=16
            ),
            nullable=True,
            comment="How a repeated item compares with its title.",
        ),
        sa.Column("quote", sa.Text(), nullable=True, comment="Words; null: those of the response."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("(kind = 'repeats') = (scope IS NOT NULL)", name=op.f("ck_mention_scope_if_repeated")),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_mention_retracted_later")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_mention_item_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_mention_recorded_in")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_mention_response_id")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_mention_retracted_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        comment="A response repeats its maker's own item, or takes an item up without a stance.",
    )
    op.create_index(op.f("ix_mention_item_id"), "mention", ["item_id"], unique=False)
    op.create_index(
        "uq_mention_held",
        "mention",
        ["response_id", "item_id", "kind"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("slug", sa.String(length=64), nullable=False, comment="Id within its episode."),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Episode that has it."),
        sa.Column(
            "kind",
            sa.Enum(
                "agreed",
                "met",
                "withdrawn",
                "superseded",
                name="outcomekind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
            comment="Agreed, met, withdrawn or superseded.",
        ),
        sa.Column("in_part", sa.Boolean(), nullable=False, comment="Whether only a part of each item."),
        sa.Column(
            "superseded_by_id",
            sa.Integer(),
            nullable=True,
            comment="Item that took its place, if the source names one.",
        ),
        sa.Column("said_from", sa.Date(), nullable=False, comment="First possible day."),
        sa.Column("said_to", sa.Date(), nullable=False, comment="Last possible day."),
        sa.Column("speaker_id", sa.Integer(), nullable=True, comment="Person who said so."),
        sa.Column("reported_by_id", sa.Integer(), nullable=True, comment="Through whom we have it."),
        sa.Column(
            "basis",
            sa.Enum(
                "stated",
                "reported",
                "alleged",
                "inferred",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
            comment="How we have it.",
        ),
        sa.Column("quote", sa.Text(), nullable=True, comment="The words."),
        sa.Column("summary", sa.Text(), nullable=True, comment="The same in the coder's words."),
        sa.Column("url", sa.Text(), nullable=True, comment="Address, where it differs from the episode's."),
        sa.Column("language", sa.String(), nullable=True, comment="Language, where it differs from the episode's."),
        sa.Column(
            "translation",
            sa.Enum(
                "official",
                "unofficial",
                "machine",
                name="translation",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
            comment="Translation, where it differs.",
        ),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="Order of first entry, kept through corrections."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("kind = 'superseded' OR superseded_by_id IS NULL", name=op.f("ck_outcome_superseded_by")),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_outcome_retracted_later")),
        sa.CheckConstraint("said_from <= said_to", name=op.f("ck_outcome_said_in_order")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_outcome_episode_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_outcome_recorded_in")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["actor.id"], name=op.f("fk_outcome_reported_by_id")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_outcome_retracted_in")),
        sa.ForeignKeyConstraint(["speaker_id"], ["actor.id"], name=op.f("fk_outcome_speaker_id")),
        sa.ForeignKeyConstraint(["superseded_by_id"], ["item.id"], name=op.f("fk_outcome_superseded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        comment="What became of items on a day.",
    )
    op.create_index(op.f("ix_outcome_reported_by_id"), "outcome", ["reported_by_id"], unique=False)
    op.create_index(op.f("ix_outcome_speaker_id"), "outcome", ["speaker_id"], unique=False)
    op.create_index(op.f("ix_outcome_superseded_by_id"), "outcome", ["superseded_by_id"], unique=False)
    op.create_index(
        "uq_outcome_held",
        "outcome",
        ["episode_id", "slug"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "package_item",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("package_id", sa.Integer(), nullable=False, comment="The package."),
        sa.Column("item_id", sa.Integer(), nullable=False, comment="The item."),
        sa.Column("core", sa.Boolean(), nullable=False, comment="Whether the maker calls it the core."),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Episode that says so."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_package_item_retracted_later")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_package_item_episode_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_package_item_item_id")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_package_item_package_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_package_item_recorded_in")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_package_item_retracted_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_item")),
        comment="An item of a package.",
    )
    op.create_index(op.f("ix_package_item_episode_id"), "package_item", ["episode_id"], unique=False)
    op.create_index(op.f("ix_package_item_item_id"), "package_item", ["item_id"], unique=False)
    op.create_index(op.f("ix_package_item_package_id"), "package_item", ["package_id"], unique=False)
    op.create_index(
        "uq_package_item_held",
        "package_item",
        ["package_id", "item_id", "episode_id"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "package_maker",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("package_id", sa.Integer(), nullable=False, comment="The package."),
        sa.Column("actor_id", sa.Integer(), nullable=False, comment="Its maker."),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Episode that says so."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_package_maker_retracted_later")),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_package_maker_actor_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_package_maker_episode_id")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_package_maker_package_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_package_maker_recorded_in")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_package_maker_retracted_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_maker")),
        comment="Who says that a package is one.",
    )
    op.create_index(op.f("ix_package_maker_actor_id"), "package_maker", ["actor_id"], unique=False)
    op.create_index(op.f("ix_package_maker_episode_id"), "package_maker", ["episode_id"], unique=False)
    op.create_index(op.f("ix_package_maker_package_id"), "package_maker", ["package_id"], unique=False)
    op.create_index(
        "uq_package_maker_held",
        "package_maker",
        ["package_id", "actor_id", "episode_id"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "provision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("item_id", sa.Integer(), nullable=False, comment="The item."),
        sa.Column("document_id", sa.Integer(), nullable=False, comment="The draft."),
        sa.Column("article", sa.Text(), nullable=False, comment="Article and paragraph, as the draft numbers them."),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Episode that says so."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_provision_retracted_later")),
        sa.ForeignKeyConstraint(["document_id"], ["episode.id"], name=op.f("fk_provision_document_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_provision_episode_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_provision_item_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_provision_recorded_in")),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_provision_retracted_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision")),
        comment="Where a draft puts an item into words.",
    )
    op.create_index(op.f("ix_provision_document_id"), "provision", ["document_id"], unique=False)
    op.create_index(op.f("ix_provision_episode_id"), "provision", ["episode_id"], unique=False)
    op.create_index(op.f("ix_provision_item_id"), "provision", ["item_id"], unique=False)
    op.create_index(
        "uq_provision_held",
        "provision",
        ["item_id", "document_id", "article", "episode_id"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.create_table(
        "response_actor",
        sa.Column("response_id", sa.Integer(), nullable=False, comment="The response."),
        sa.Column("actor_id", sa.Integer(), nullable=False, comment="The actor; never a person."),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_response_actor_actor_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_response_actor_response_id")),
        sa.PrimaryKeyConstraint("response_id", "actor_id", name=op.f("pk_response_actor")),
        comment="Who gave a response. Lives and goes with it.",
    )
    op.create_index(op.f("ix_response_actor_actor_id"), "response_actor", ["actor_id"], unique=False)
    op.create_table(
        "outcome_actor",
        sa.Column("outcome_id", sa.Integer(), nullable=False, comment="The outcome."),
        sa.Column("actor_id", sa.Integer(), nullable=False, comment="The actor."),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_outcome_actor_actor_id")),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], name=op.f("fk_outcome_actor_outcome_id")),
        sa.PrimaryKeyConstraint("outcome_id", "actor_id", name=op.f("pk_outcome_actor")),
        comment="Who brought an outcome about. Lives and goes with it.",
    )
    op.create_index(op.f("ix_outcome_actor_actor_id"), "outcome_actor", ["actor_id"], unique=False)
    op.create_table(
        "outcome_item",
        sa.Column("outcome_id", sa.Integer(), nullable=False, comment="The outcome."),
        sa.Column("item_id", sa.Integer(), nullable=False, comment="The item."),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_outcome_item_item_id")),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], name=op.f("fk_outcome_item_outcome_id")),
        sa.PrimaryKeyConstraint("outcome_id", "item_id", name=op.f("pk_outcome_item")),
        comment="An item that an outcome is about. Lives and goes with it.",
    )
    op.create_index(op.f("ix_outcome_item_item_id"), "outcome_item", ["item_id"], unique=False)
    op.create_table(
        "stance",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Number of the row."),
        sa.Column("response_id", sa.Integer(), nullable=False, comment="The response."),
        sa.Column(
            "actor_id", sa.Integer(), nullable=False, comment="Who stands there; one of those who gave the response."
        ),
        sa.Column("item_id", sa.Integer(), nullable=False, comment="The item."),
        sa.Column(
            "kind",
            sa.Enum(
                "non-starter",
                "negotiable",
                "open",
                name="stancekind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
            comment="Non-starter, negotiable or open.",
        ),
        sa.Column("wording", sa.Text(), nullable=True, comment="The literal label used."),
        sa.Column("condition", sa.Text(), nullable=True, comment="Terms on which the actor would negotiate."),
        sa.Column("quote", sa.Text(), nullable=True, comment="Words; null: those of the response."),
        sa.Column(
            "basis",
            sa.Enum(
                "stated",
                "reported",
                "alleged",
                "inferred",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
            comment="How we have it; null: as the response.",
        ),
        sa.Column(
            "response_basis",
            sa.Enum(
                "stated",
                "reported",
                "alleged",
                "inferred",
                name="response_basis",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
            comment="Copy of the response's basis.",
        ),
        sa.Column("firm", sa.Boolean(), nullable=False, comment="Stated or reported, not alleged or inferred."),
        sa.Column("stated", sa.Boolean(), nullable=False, comment="The actor's own quoted words."),
        sa.Column("episode_id", sa.Integer(), nullable=False, comment="Copy of the response's episode."),
        sa.Column("said_from", sa.Date(), nullable=False, comment="Copy of the response's first day."),
        sa.Column("said_to", sa.Date(), nullable=False, comment="Copy of the response's last day."),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="Copy of the response's order of entry."),
        sa.Column(
            "recorded_in", sa.Integer(), nullable=False, comment="Revision that brought this row into the record."
        ),
        sa.Column(
            "retracted_in", sa.Integer(), nullable=True, comment="Revision that took it out again; null: still held."
        ),
        sa.CheckConstraint(
            "firm = (coalesce(basis, response_basis) IN ('stated', 'reported'))", name=op.f("ck_stance_firm")
        ),
        sa.CheckConstraint("kind <> 'open' OR condition IS NULL", name=op.f("ck_stance_open_without_condition")),
        sa.CheckConstraint("stated = (coalesce(basis, response_basis) = 'stated')", name=op.f("ck_stance_stated")),
        sa.CheckConstraint("retracted_in > recorded_in", name=op.f("ck_stance_retracted_later")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_stance_item_id")),
        sa.ForeignKeyConstraint(["recorded_in"], ["revision.number"], name=op.f("fk_stance_recorded_in")),
        sa.ForeignKeyConstraint(
            ["response_id", "actor_id"],
            ["response_actor.response_id", "response_actor.actor_id"],
            name="fk_stance_giver",
        ),
        sa.ForeignKeyConstraint(
            ["response_id", "episode_id", "said_from", "said_to", "sequence", "response_basis"],
            [
                "response.id",
                "response.episode_id",
                "response.said_from",
                "response.said_to",
                "response.sequence",
                "response.basis",
            ],
            name="fk_stance_copied",
        ),
        sa.ForeignKeyConstraint(["retracted_in"], ["revision.number"], name=op.f("fk_stance_retracted_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stance")),
        comment="Where one response puts one of its actors on one item.",
    )
    op.create_index(
        "ix_stance_current",
        "stance",
        [
            "item_id",
            "actor_id",
            "firm",
            "said_from",
            "stated",
            "said_to",
            "sequence",
            "recorded_in",
            "retracted_in",
            "episode_id",
            "kind",
            "basis",
            "response_basis",
            "id",
        ],
        unique=False,
    )
    op.create_index("ix_stance_day", "stance", ["said_to", "item_id", "actor_id"], unique=False)
    op.create_index(
        "ix_stance_refused",
        "stance",
        [
            "item_id",
            "actor_id",
            "firm",
            "said_from",
            "stated",
            "said_to",
            "sequence",
            "recorded_in",
            "retracted_in",
            "episode_id",
            "kind",
            "basis",
            "response_basis",
            "id",
        ],
        unique=False,
        sqlite_where=sa.text("kind = 'non-starter'"),
        postgresql_where=sa.text("kind = 'non-starter'"),
    )
    op.create_index(
        "uq_stance_held",
        "stance",
        ["response_id", "actor_id", "item_id"],
        unique=True,
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )


def _drop_tables() -> None:
    op.drop_index(
        "uq_stance_held",
        table_name="stance",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(
        "ix_stance_refused",
        table_name="stance",
        sqlite_where=sa.text("kind = 'non-starter'"),
        postgresql_where=sa.text("kind = 'non-starter'"),
    )
    op.drop_index("ix_stance_day", table_name="stance")
    op.drop_index("ix_stance_current", table_name="stance")
    op.drop_table("stance")
    op.drop_index(op.f("ix_outcome_item_item_id"), table_name="outcome_item")
    op.drop_table("outcome_item")
    op.drop_index(op.f("ix_outcome_actor_actor_id"), table_name="outcome_actor")
    op.drop_table("outcome_actor")
    op.drop_index(op.f("ix_response_actor_actor_id"), table_name="response_actor")
    op.drop_table("response_actor")
    op.drop_index(
        "uq_provision_held",
        table_name="provision",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_provision_item_id"), table_name="provision")
    op.drop_index(op.f("ix_provision_episode_id"), table_name="provision")
    op.drop_index(op.f("ix_provision_document_id"), table_name="provision")
    op.drop_table("provision")
    op.drop_index(
        "uq_package_maker_held",
        table_name="package_maker",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_package_maker_package_id"), table_name="package_maker")
    op.drop_index(op.f("ix_package_maker_episode_id"), table_name="package_maker")
    op.drop_index(op.f("ix_package_maker_actor_id"), table_name="package_maker")
    op.drop_table("package_maker")
    op.drop_index(
        "uq_package_item_held",
        table_name="package_item",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_package_item_package_id"), table_name="package_item")
    op.drop_index(op.f("ix_package_item_item_id"), table_name="package_item")
    op.drop_index(op.f("ix_package_item_episode_id"), table_name="package_item")
    op.drop_table("package_item")
    op.drop_index(
        "uq_outcome_held",
        table_name="outcome",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_outcome_superseded_by_id"), table_name="outcome")
    op.drop_index(op.f("ix_outcome_speaker_id"), table_name="outcome")
    op.drop_index(op.f("ix_outcome_reported_by_id"), table_name="outcome")
    op.drop_table("outcome")
    op.drop_index(
        "uq_mention_held",
        table_name="mention",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_mention_item_id"), table_name="mention")
    op.drop_table("mention")
    op.drop_index(
        "uq_item_link_package_held",
        table_name="item_link",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(
        "uq_item_link_item_held",
        table_name="item_link",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_item_link_to_package_id"), table_name="item_link")
    op.drop_index(op.f("ix_item_link_to_item_id"), table_name="item_link")
    op.drop_index(op.f("ix_item_link_item_id"), table_name="item_link")
    op.drop_index(op.f("ix_item_link_episode_id"), table_name="item_link")
    op.drop_table("item_link")
    op.drop_index(
        "uq_item_actor_held",
        table_name="item_actor",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_item_actor_item_id"), table_name="item_actor")
    op.drop_index(op.f("ix_item_actor_episode_id"), table_name="item_actor")
    op.drop_index(op.f("ix_item_actor_actor_id"), table_name="item_actor")
    op.drop_table("item_actor")
    op.drop_index(
        "uq_response_held",
        table_name="response",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_response_speaker_id"), table_name="response")
    op.drop_index("ix_response_sequence", table_name="response")
    op.drop_index("ix_response_said_to", table_name="response")
    op.drop_index("ix_response_first", table_name="response")
    op.drop_index(op.f("ix_response_reported_by_id"), table_name="response")
    op.drop_table("response")
    op.drop_index(
        "uq_package_held",
        table_name="package",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_package_speaker_id"), table_name="package")
    op.drop_index(op.f("ix_package_reported_by_id"), table_name="package")
    op.drop_index(op.f("ix_package_episode_id"), table_name="package")
    op.drop_table("package")
    op.drop_index(
        "uq_item_held",
        table_name="item",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_item_topic"), table_name="item")
    op.drop_index(op.f("ix_item_speaker_id"), table_name="item")
    op.drop_index(op.f("ix_item_side_id"), table_name="item")
    op.drop_index(op.f("ix_item_reported_by_id"), table_name="item")
    op.drop_index(op.f("ix_item_made_to"), table_name="item")
    op.drop_index(op.f("ix_item_episode_id"), table_name="item")
    op.drop_table("item")
    op.drop_index(
        "uq_actor_held",
        table_name="actor",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_actor_speaks_for_id"), table_name="actor")
    op.drop_index(op.f("ix_actor_side_id"), table_name="actor")
    op.drop_index(op.f("ix_actor_episode_id"), table_name="actor")
    op.drop_table("actor")
    op.drop_index(
        "uq_side_held",
        table_name="side",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_side_episode_id"), table_name="side")
    op.drop_table("side")
    op.drop_index(
        "uq_episode_held",
        table_name="episode",
        sqlite_where=sa.text("retracted_in IS NULL"),
        postgresql_where=sa.text("retracted_in IS NULL"),
    )
    op.drop_index(op.f("ix_episode_published"), table_name="episode")
    op.drop_table("episode")
    op.drop_index("ix_change_name", table_name="change")
    op.drop_index("ix_change_episode", table_name="change")
    op.drop_table("change")
    op.drop_table("revision")
