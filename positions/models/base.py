"""What all tables share: column types, names of constraints, and when a row entered and left the record."""

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
"""The schema. Alembic creates and alters it; the tables only say what it is."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, on every engine: SQLite forgets the zone, so it is put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone, and store the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment with its zone, UTC."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


SLUG = String(SLUG_LENGTH)
"""An id that people type; unique among held rows only, so that one taken back can be recorded again."""


def enumeration(kind: type[_Kind], name: str | None = None) -> TypeEngine[_Kind]:
    """The column type of a closed list: VARCHAR, with a CHECK named `name` (by default after the list)."""
    listed = SqlEnum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )
    return cast("TypeEngine[_Kind]", listed)


def references(column: str, comment: str) -> Column[int]:
    """A column that points at `column` of another table, with an index for the way back."""
    return Column(ForeignKey(column), index=True, comment=comment)


def held(table: str, *columns: str) -> Index:
    """The index that allows one held row for each value of `columns`."""
    return Index(f"uq_{table}_held", *columns, unique=True, sqlite_where=text("retracted_in IS NULL"))


class Numbered(TypedColumns):
    """A row's number, given by the one writer in the order of recording."""

    id: Named[int] = Column(primary_key=True, autoincrement=False, comment="Number of the row.")


class Recorded(Numbered):
    """When a row entered the record and when it left it (null: it is still held)."""

    if TYPE_CHECKING:  # made by `recorded`: here they would stand before the columns of the table's own
        recorded_in: Named[int]
        retracted_in: Named[int | None]


def table(name: str, columns: type[_Columns], *rules: SchemaItem) -> Table[_Columns]:
    """The table of these columns, constraints and indexes; the docstring of `columns` is its comment."""
    return Table(name, METADATA, columns, *rules, comment=columns.__doc__)


def recorded(name: str, columns: type[_Recorded], *rules: SchemaItem) -> Table[_Recorded]:
    """A table whose rows enter the record and leave it."""
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
    """METADATA as a database of `dialect` is made of it, or compared with it.

    Partial-index conditions are declared for SQLite only: declaring them for PostgreSQL loads that dialect, which takes
    as long as the rest of the schema, and no question needs them.
    """
    if dialect == "postgresql":
        for index in (index for table in METADATA.tables.values() for index in table.indexes):
            condition = index.dialect_options["sqlite"]["where"]
            if condition is not None:
                index.dialect_options[dialect]["where"] = condition
    return METADATA
