"""What all tables share: column types, names of constraints, and when a row entered and left the record."""

from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, ClassVar

from sqlalchemy import CheckConstraint, DateTime, Dialect, ForeignKey, Index, MetaData, String, Text, text
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator


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


Slug = Annotated[str, mapped_column(String(64))]
"""An id that people type; unique among held rows only, so that one taken back can be recorded again."""

Key = Annotated[int, mapped_column(primary_key=True, autoincrement=False)]
"""A row's number, given by the one writer in the order of recording."""

LongText = Annotated[str, mapped_column(Text)]

STILL_HELD = text("retracted_in IS NULL")
"""The predicate of every index that keeps held rows apart."""


def held(table: str, *columns: str) -> Index:
    """The index that allows one held row for each value of `columns`."""
    name = f"uq_{table}_held"
    return Index(name, *columns, unique=True, sqlite_where=STILL_HELD, postgresql_where=STILL_HELD)


def references(column: str, comment: str) -> MappedColumn[Any]:
    """A column that points at `column` of another table, with an index for the way back."""
    return mapped_column(ForeignKey(column), index=True, comment=comment)


def enumeration(kind: type[Enum] = Enum, name: str | None = None) -> SqlEnum:
    """The column type of a closed list: VARCHAR, with a CHECK named `name` (by default after the list)."""
    return SqlEnum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


def summary(table: type) -> str:
    """The first line of a table's docstring: its comment in the database."""
    return str(table.__doc__).partition("\n")[0]


class Base(DeclarativeBase):
    """The schema. Alembic creates and alters it; these classes only say what it is."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        Enum: enumeration(),
    }


class Recorded:
    """When a row entered the record and when it left it (null: it is still held)."""

    recorded_in: Mapped[int] = mapped_column(
        ForeignKey("revision.number"), comment="Revision that brought this row into the record."
    )
    retracted_in: Mapped[int | None] = mapped_column(
        ForeignKey("revision.number"), comment="Revision that took it out again; null: still held."
    )

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """The rule that every recorded table keeps; a table adds its own through `rules`."""
        later = CheckConstraint("retracted_in > recorded_in", name="retracted_later")
        return (later, *cls.rules(), {"comment": summary(cls)})

    @classmethod
    def rules(cls) -> tuple[Any, ...]:
        """The table's own constraints and indexes."""
        return ()
