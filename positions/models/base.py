"""What the tables share: column types, constraint names, and the revisions that recorded and retracted a row."""

from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, TypeVar, cast

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    Named,
    String,
    Table,
    TypedColumns,
    text,
)
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator, TypeEngine

from positions.vocabulary import SLUG_LENGTH

_Kind = TypeVar("_Kind", bound=Enum)
_Columns = TypeVar("_Columns", bound=TypedColumns)
_Recorded = TypeVar("_Recorded", bound="Recorded")

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""The schema as it should be; migrations create and alter it in databases."""


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC. SQLite stores no time zone, so it is dropped when writing and added when reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; a time without a zone raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The time, in UTC."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


SLUG = String(SLUG_LENGTH)
"""An id that people type. Unique among current rows only, so that a retracted id can be recorded again."""


def enumeration(kind: type[_Kind], name: str | None = None) -> TypeEngine[_Kind]:
    """The column type of an enumeration: VARCHAR with a CHECK constraint called `name`, by default after the class."""
    column_type = SqlEnum(
        kind,
        name=name,
        native_enum=False,  # PostgreSQL cannot remove a value from a native one
        create_constraint=True,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )
    return cast("TypeEngine[_Kind]", column_type)


def references(column: str, comment: str) -> Column[int]:
    """A foreign key to `column`, with an index to find the rows that refer to it."""
    return Column(ForeignKey(column), index=True, comment=comment)


def current_key(table: str, *columns: str) -> Index:
    """A unique index on `columns` over current rows; retracted rows may repeat their values."""
    return Index(f"uq_{table}_held", *columns, unique=True, sqlite_where=text("retracted_in IS NULL"))


class Numbered(TypedColumns):
    """A row number, assigned by `recording` in the order of recording."""

    id: Named[int] = Column(primary_key=True, autoincrement=False, comment="Number of the row.")


class Recorded(Numbered):
    """The revision that recorded a row and the one that retracted it (null: the row is current)."""

    if TYPE_CHECKING:  # `recorded` adds them: defined here, they would precede the table's own columns
        recorded_in: Named[int]
        retracted_in: Named[int | None]


def table(name: str, columns: type[_Columns], *rules: SchemaItem) -> Table[_Columns]:
    """A table with these columns, constraints and indexes; its comment is the docstring of `columns`."""
    return Table(name, METADATA, columns, *rules, comment=columns.__doc__)


def recorded(name: str, columns: type[_Recorded], *rules: SchemaItem) -> Table[_Recorded]:
    """A table whose rows are recorded by one revision and may be retracted by another."""
    entered = "Revision that brought this row into the record."
    left = "Revision that took it out again; null: still held."
    return table(
        name,
        columns,
        Column("recorded_in", ForeignKey("revision.number"), nullable=False, comment=entered),
        Column("retracted_in", ForeignKey("revision.number"), comment=left),
        CheckConstraint("retracted_in > recorded_in", name="retracted_later"),
        *rules,
    )


def metadata_for(dialect: str) -> MetaData:
    """METADATA, complete enough to create a database of `dialect` or to compare one with it.

    The tables declare partial-index conditions for SQLite only: declaring them for PostgreSQL loads that dialect, which
    takes as long as the rest of the schema, and no query needs them.
    """
    if dialect == "postgresql":
        for index in (index for table in METADATA.tables.values() for index in table.indexes):
            condition = index.dialect_options["sqlite"]["where"]
            if condition is not None:
                index.dialect_options[dialect]["where"] = condition
    return METADATA
