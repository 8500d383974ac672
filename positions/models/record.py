"""The log: revisions, and what each changed. Append-only."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Named, String, Text, TypedColumns, UniqueConstraint

from positions.models.base import Numbered, UtcDateTime, enumeration, table
from positions.vocabulary import EntryKind


class RevisionColumns(TypedColumns):
    """One recorded change set, like a commit."""

    number: Named[int] = Column(
        primary_key=True, autoincrement=False, comment="1, 2, 3 … in the order of recording, without gaps."
    )
    recorded_at: Named[datetime] = Column(UtcDateTime, comment="When (UTC); never before the previous one.")
    recorded_by: Named[str] = Column(Text, comment="Who.")
    message: Named[str] = Column(Text, comment="Why.")
    file: Named[str | None] = Column(Text, comment="Name of the source file; null: none.")
    file_sha256: Named[str | None] = Column(comment="SHA-256 of the source file.")
    role: Named[str | None] = Column(
        Text, comment="Database role that recorded it, as the server knows it; null: a file, or not known."
    )
    digest: Named[str | None] = Column(
        String(64), comment="SHA-256 over the digest before, this row and its changes; null: being recorded."
    )


revision = table("revision", RevisionColumns)


class ChangeColumns(Numbered):
    """What one revision made of one id, as the file would say it."""

    revision: Named[int] = Column(ForeignKey("revision.number"), comment="The revision.")
    what: Named[EntryKind] = Column(enumeration(EntryKind, "what"), comment="Kind of entry.")
    name: Named[str] = Column(Text, comment="Its id; EPISODE/ID for what belongs to an episode.")
    episode: Named[str] = Column(comment="Episode whose file has the entry.")
    before: Named[str | None] = Column(Text, comment="Content before (JSON); null: not in the record.")
    after: Named[str | None] = Column(Text, comment="Content after (JSON); null: taken out.")


change = table(
    "change",
    ChangeColumns,
    UniqueConstraint("revision", "what", "name"),
    Index("ix_change_name", "what", "name", "revision"),
    Index("ix_change_episode", "episode"),
)
