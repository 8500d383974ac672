"""The record of the record: revisions and what each changed. Append-only."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from positions.models.base import Base, Key, LongText
from positions.vocabulary import What


class Revision(Base):
    """One recorded change set, like a commit."""

    __tablename__ = "revision"
    __table_args__ = {"comment": "One recorded change set, like a commit."}  # noqa: RUF012
    number: Mapped[Key] = mapped_column(comment="1, 2, 3 … in the order of recording, without gaps.")
    recorded_at: Mapped[datetime] = mapped_column(comment="When (UTC); never before the previous one.")
    recorded_by: Mapped[LongText] = mapped_column(comment="Who.")
    message: Mapped[LongText] = mapped_column(comment="Why.")
    file: Mapped[LongText | None] = mapped_column(comment="Name of the source file; null: none.")
    file_sha256: Mapped[str | None] = mapped_column(comment="SHA-256 of the source file.")


class Change(Base):
    """What one revision made of one id, as the file would say it."""

    __tablename__ = "change"
    id: Mapped[Key] = mapped_column(comment="Number of the row.")
    revision: Mapped[int] = mapped_column(ForeignKey("revision.number"), comment="The revision.")
    what: Mapped[What] = mapped_column(comment="Kind of entry.")
    name: Mapped[LongText] = mapped_column(comment="Its id; EPISODE/ID for what belongs to an episode.")
    episode: Mapped[str] = mapped_column(comment="Episode whose file has the entry.")
    before: Mapped[LongText | None] = mapped_column(comment="Content before (JSON); null: not in the record.")
    after: Mapped[LongText | None] = mapped_column(comment="Content after (JSON); null: taken out.")

    __table_args__ = (
        UniqueConstraint("revision", "what", "name"),
        Index("ix_change_name", "what", "name", "revision"),
        Index("ix_change_episode", "episode"),
        {"comment": "What one revision made of one id, as the file would say it."},
    )
