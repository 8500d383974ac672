"""Reading a table for export, as it is at a moment: the ids that people know stand in the place of row numbers.

A row is left out where a reference that it needs leads to nothing that is there at the moment; any other such
reference is left empty.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    and_,
    or_,
    select,
    true,
)
from sqlalchemy import Enum as SqlEnum

from positions import models
from positions.export.tables import ColumnType, ExportedColumn, ExportedReference, ExportedTable
from positions.moment import Moment
from positions.vocabulary import SLUG_LENGTH

Aliases = Mapping[str, FromClause]
"""By the name of a column that refers: the table that it refers to."""

Expression = Callable[[Moment, Aliases], Any]

BATCH = 500
"""How many rows are held in memory at once."""

_LOCAL = (models.response, models.outcome)
"""What is named by its episode and its own id."""

_TARGETS: Mapping[str, Table] = {
    "side_id": models.side,
    "actor_id": models.actor,
    "speaker_id": models.actor,
    "reported_by_id": models.actor,
    "speaks_for_id": models.actor,
    "episode_id": models.episode,
    "document_id": models.episode,
    "package_id": models.package,
    "to_package_id": models.package,
    "item_id": models.item,
    "to_item_id": models.item,
    "superseded_by_id": models.item,
    "response_id": models.response,
    "outcome_id": models.outcome,
}
"""By the name of a column that refers: what it refers to."""

_ALIASES = {name: target.alias() for name, target in _TARGETS.items()}

_OWNERS: Mapping[FromClause, str] = {
    models.package_maker: "package_id",
    models.package_item: "package_id",
    models.item_actor: "item_id",
    models.item_link: "item_id",
    models.provision: "item_id",
}
"""By table of ties: the column that names what a tie belongs to."""

_TYPES: tuple[tuple[type, ColumnType], ...] = (
    (Date, "date"),
    (DateTime, "datetime"),
    (Boolean, "boolean"),
    (Integer, "integer"),
)


@dataclass(frozen=True, slots=True)
class Derived:
    """A column that the table does not have itself: of the type of `like`, computed from the tables referred to."""

    name: str
    like: Column[Any]
    description: str
    expression: Expression
    required: bool = False
    refers_to: str | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """What to export as one table: `columns` are those of `model`, or derived.

    `needs` overrules, for a column that refers, whether a row is there without what it refers to. `where` chooses
    among the rows; by default all that are there are exported. Rows come in the order in which they were recorded,
    unless `order` names another.
    """

    name: str
    model: Table
    columns: tuple[str | Derived, ...]
    key: tuple[str, ...]
    description: str = ""
    needs: Mapping[str, bool] = field(default_factory=dict)
    where: Expression | None = None
    order: Sequence[Any] = ()

    def read(self, connection: Connection, moment: Moment) -> ExportedTable:
        """The table as it is at `moment`; the rows are read when they are asked for."""
        built = _Query(self, moment)
        where = _is_there(moment, self.model) if self.where is None else self.where(moment, built.aliases)
        query = built.query.add_columns(*built.expressions).where(where)
        return ExportedTable(
            name=self.name,
            description=self.description or str(self.model.comment),
            columns=tuple(built.columns),
            key=self.key,
            references=tuple(built.references),
            rows=_rows(connection, query.order_by(*(self.order or self.model.primary_key.columns))),
        )

    def requires(self, name: str) -> bool:
        """Whether a row is left out where the column `name` refers to nothing that is there."""
        return self.needs.get(name, not self.model.c[name].nullable)


class _Query:
    """The query for one table, built column by column."""

    def __init__(self, definition: Definition, moment: Moment) -> None:
        self._definition, self._moment = definition, moment
        self.query: Select[*tuple[Any, ...]] = select().select_from(definition.model)
        self.columns: list[ExportedColumn] = []
        self.expressions: list[Any] = []
        self.references: list[ExportedReference] = []
        self.aliases: dict[str, FromClause] = {}
        referring = [name for name in definition.columns if isinstance(name, str) and name.endswith("_id")]
        for name in referring:
            self._join(name)
        for column in definition.columns:
            if isinstance(column, Derived):
                self._derive(column)
            elif column in referring:
                self._refer(column)
            else:
                self._take(column)

    def _take(self, name: str) -> None:
        column, shown = self._definition.model.c[name], "id" if name == "slug" else name
        self._add(_column(shown, column, str(column.comment), required=not column.nullable), column)
        if name == "recorded_in":
            self.references.append(ExportedReference((shown,), "revisions", ("number",)))

    def _derive(self, derived: Derived) -> None:
        column = _column(derived.name, derived.like, derived.description, required=derived.required)
        self._add(column, derived.expression(self._moment, self.aliases))
        if derived.refers_to is not None:
            self.references.append(ExportedReference((derived.name,), derived.refers_to, ("id",)))

    def _join(self, name: str) -> None:
        """Join what the column `name` refers to, as far as it is there."""
        column, target, alias = self._definition.model.c[name], _TARGETS[name], _ALIASES[name]
        self.aliases[name] = alias
        # EXISTS, not IN: SQLite would turn the list round and look for every item of every response
        is_there = (
            select(target.c.id).where(target.c.id == alias.c.id, _is_there(self._moment, target)).correlate(alias)
        ).exists()
        is_optional = not self._definition.requires(name)
        self.query = self.query.join(alias, (alias.c.id == column) & is_there, isouter=is_optional)
        if target in _LOCAL:
            episode = self.aliases["episode_id"] = _ALIASES["episode_id"]
            self.query = self.query.join(episode, episode.c.id == alias.c.episode_id)

    def _refer(self, name: str) -> None:
        target, shown = _TARGETS[name], name.removesuffix("_id")
        columns, key = (("episode", shown), ("episode", "id")) if target in _LOCAL else ((shown,), ("id",))
        if target in _LOCAL:
            whose = _column("episode", models.episode.c.slug, "Episode that has it.", required=True)
            self._add(whose, self.aliases["episode_id"].c.slug)
        comment, required = str(self._definition.model.c[name].comment), self._definition.requires(name)
        self._add(_column(shown, target.c.slug, comment, required=required), self.aliases[name].c.slug)
        self.references.append(ExportedReference(columns, f"{target.name}s", key))

    def _add(self, column: ExportedColumn, expression: Any) -> None:
        self.columns.append(column)
        self.expressions.append(expression)


def _is_there(moment: Moment, model: FromClause) -> ColumnElement[bool]:
    """True for the rows of `model` that are there at `moment`: held, said or made, and public.

    A part of a statement goes with its statement.
    """
    if model in _OWNERS:
        return moment.ties(model, _ALIASES[_OWNERS[model]])
    if model is models.item:
        return _items(moment)
    if model is models.episode:
        return moment.episodes()
    if model is models.revision:
        return true() if moment.known_at is None else models.revision.c.number <= moment.known_at
    if "retracted_in" not in model.c:
        return true()
    return moment.visible(model) if "said_to" in model.c else moment.holds(model)


def _items(moment: Moment) -> ColumnElement[bool]:
    """Items made by then, and known ones of which something that counts by then speaks already."""
    if moment.as_of is None:
        return moment.known_items()
    mention, part, member = models.mention, models.outcome_item, models.package_item
    spoken_of = (
        select(models.stance.c.item_id).where(moment.visible(models.stance)),
        select(mention.c.item_id).join(models.response).where(moment.holds(mention), moment.visible(models.response)),
        select(part.c.item_id).join(models.outcome).where(moment.visible(models.outcome)),
        select(models.outcome.c.superseded_by_id).where(moment.visible(models.outcome)),
        select(member.c.item_id).join(models.package).where(moment.holds(member), moment.packages()),
    )
    spoken = or_(*(models.item.c.id.in_(numbers) for numbers in spoken_of))
    return or_(moment.on_the_table(), and_(moment.known_items(), spoken))


def _rows(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows of `query`, which is carried out when the first is asked for."""
    for row in connection.execute(query.execution_options(yield_per=BATCH)):
        yield tuple(row)


def _column(name: str, like: Column[Any], description: str, *, required: bool) -> ExportedColumn:
    kind = like.type
    if isinstance(kind, SqlEnum):
        return ExportedColumn(name, "string", description, required, tuple(kind.enums))
    is_id = isinstance(kind, String) and kind.length == SLUG_LENGTH
    implementation = getattr(kind, "impl_instance", kind)
    found: ColumnType = next((word for known, word in _TYPES if isinstance(implementation, known)), "string")
    return ExportedColumn(name, found, description, required, is_id=is_id)
