"""From a table of the schema to a listing: numbers of rows become the ids that people know, as held at a moment.

A reference that a row cannot do without takes the row with it where it leads to nothing that is there at the moment;
any other is left empty.
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
    and_,
    or_,
    select,
    true,
)
from sqlalchemy import Enum as SqlEnum
from sqlalchemy import Table as SqlTable

from positions import models
from positions.moment import Moment
from positions.queries.listings import Field, FieldType, Listing, Reference
from positions.vocabulary import SLUG_LENGTH

Aliases = Mapping[str, FromClause]
"""By the name of a column that refers: the table that it refers to."""

BATCH = 500
"""How many rows are held in memory at once."""

_NAMES: dict[FromClause, str] = {
    models.side: "sides",
    models.actor: "actors",
    models.episode: "episodes",
    models.package: "packages",
    models.item: "items",
    models.response: "responses",
    models.outcome: "outcomes",
}
_LOCAL = (models.response, models.outcome)
"""What is named by its episode and its own id."""

_TARGETS: dict[str, SqlTable] = {
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

_TYPES: tuple[tuple[type, FieldType], ...] = (
    (Date, "date"),
    (DateTime, "datetime"),
    (Boolean, "boolean"),
    (Integer, "integer"),
)


@dataclass(frozen=True, slots=True)
class Derived:
    """A column that is none of the table's own: of the type of `like`, computed from the tables referred to."""

    name: str
    like: Column[Any]
    description: str
    expression: Callable[[Moment, Aliases], Any]
    required: bool = False
    refers_to: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A listing before it is asked: `columns` are those of `model`, or derived; rows come in the order of `order`.

    `needs` overrules, for a column that refers, whether a row is there without what it refers to.
    """

    name: str
    model: SqlTable
    columns: tuple[str | Derived, ...]
    key: tuple[str, ...]
    where: Callable[[Moment, Aliases], ColumnElement[bool]]
    description: str = ""
    needs: Mapping[str, bool] = field(default_factory=dict)
    order: Sequence[Any] = ()

    def listing(self, connection: Connection, moment: Moment) -> Listing:
        """The table as it is at `moment`, its rows in the order in which they were recorded, unless it has another."""
        asked = _Asked(self, moment)
        query = asked.query.add_columns(*asked.expressions).where(self.where(moment, asked.aliases))
        query = query.order_by(*(self.order or self.model.primary_key.columns))
        return Listing(
            name=self.name,
            description=self.description or str(self.model.comment),
            fields=tuple(asked.fields),
            key=self.key,
            references=tuple(asked.references),
            rows=_rows(connection, query),
        )


class _Asked:
    """The query for one table, built column by column."""

    def __init__(self, table: Table, moment: Moment) -> None:
        self._table, self._moment = table, moment
        self.query: Select[*tuple[Any, ...]] = select().select_from(table.model)
        self.fields: list[Field] = []
        self.expressions: list[Any] = []
        self.references: list[Reference] = []
        self.aliases: dict[str, FromClause] = {}
        referring = [one for one in table.columns if isinstance(one, str) and one.endswith("_id")]
        for name in referring:
            self._join(name)
        for column in table.columns:
            if isinstance(column, Derived):
                self._derive(column)
            elif column in referring:
                self._refer(column)
            else:
                self._take(column)

    def _take(self, name: str) -> None:
        column, shown = self._table.model.c[name], "id" if name == "slug" else name
        self._add(_field(shown, column, str(column.comment), required=not column.nullable), column)
        if name == "recorded_in":
            self.references.append(Reference((shown,), "revisions", ("number",)))

    def _derive(self, one: Derived) -> None:
        made = _field(one.name, one.like, one.description, required=one.required)
        self._add(made, one.expression(self._moment, self.aliases))
        if one.refers_to is not None:
            self.references.append(Reference((one.name,), one.refers_to, ("id",)))

    def _join(self, name: str) -> None:
        """Join what the column `name` refers to, as far as it is there."""
        column, target = self._table.model.c[name], _TARGETS[name]
        alias = self.aliases[name] = target.alias()
        # EXISTS, not IN: SQLite would turn the list round and look for every item of every response
        is_there = (
            select(target.c.id).where(target.c.id == alias.c.id, there(self._moment, target)).correlate(alias).exists()
        )
        self.query = self.query.join(alias, (alias.c.id == column) & is_there, isouter=not self._is_needed(name))
        if target in _LOCAL:
            episode = self.aliases["episode_id"] = models.episode.alias()
            self.query = self.query.join(episode, episode.c.id == alias.c.episode_id)

    def _refer(self, name: str) -> None:
        target, shown = _TARGETS[name], name.removesuffix("_id")
        fields, key = (("episode", shown), ("episode", "id")) if target in _LOCAL else ((shown,), ("id",))
        if target in _LOCAL:
            whose = _field("episode", models.episode.c.slug, "Episode that has it.", required=True)
            self._add(whose, self.aliases["episode_id"].c.slug)
        comment = str(self._table.model.c[name].comment)
        self._add(_field(shown, target.c.slug, comment, required=self._is_needed(name)), self.aliases[name].c.slug)
        self.references.append(Reference(fields, _NAMES[target], key))

    def _is_needed(self, name: str) -> bool:
        return self._table.needs.get(name, not self._table.model.c[name].nullable)

    def _add(self, made: Field, expression: Any) -> None:
        self.fields.append(made)
        self.expressions.append(expression)


def there(moment: Moment, model: FromClause) -> ColumnElement[bool]:
    """True for the rows of `model` that are there at `moment`: held, said or made, and public."""
    if model is models.item:
        return _items(moment)
    if model is models.episode:
        return moment.episodes()
    if model in {models.side, models.actor}:
        return moment.holds(model)
    return moment.visible(model)


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
    spoken = or_(*(models.item.c.id.in_(one) for one in spoken_of))
    return or_(moment.on_the_table(), and_(moment.known_items(), spoken))


def always(moment: Moment, aliases: Aliases) -> ColumnElement[bool]:  # noqa: ARG001
    """True for every row of which all that it needs is there."""
    return true()


def _rows(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows of `query`, which is carried out when the first is asked for."""
    for row in connection.execute(query.execution_options(yield_per=BATCH)):
        yield tuple(row)


def _field(name: str, like: Column[Any], description: str, *, required: bool) -> Field:
    kind = like.type
    if isinstance(kind, SqlEnum):
        return Field(name, "string", description, required, tuple(kind.enums))
    is_id = isinstance(kind, String) and kind.length == SLUG_LENGTH
    implementation = getattr(kind, "impl_instance", kind)
    found: FieldType = next((word for known, word in _TYPES if isinstance(implementation, known)), "string")
    return Field(name, found, description, required, is_id=is_id)
