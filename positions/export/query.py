"""The query that reads a table for export as it is at a moment, with ids that people know in place of row numbers.

A row is left out if a reference that it needs leads to a row that is not exported at that moment; any other such
reference is left empty.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, FromClause, Select, String, Table, and_, or_, select, true
from sqlalchemy import Enum as SqlEnum

from positions import models
from positions.export.tables import ID_RULES, ExportedTable, foreign_key, meaning
from positions.export.tables import field as described
from positions.moment import Moment
from positions.vocabulary import SLUG_LENGTH

Aliases = Mapping[str, FromClause]
"""By the name of a reference column: the alias of the table that it refers to, as joined to the query."""

Expression = Callable[[Moment, Aliases], Any]

BATCH = 500
"""How many rows are fetched at once, so that memory does not grow with the table."""

_LOCAL = (models.response, models.outcome)
"""Tables whose ids are unique within their episode only."""

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
"""By the name of a reference column: the table that it refers to."""

_ALIASES = {name: target.alias() for name, target in _TARGETS.items()}

_OWNERS: Mapping[FromClause, str] = {
    models.package_maker: "package_id",
    models.package_item: "package_id",
    models.item_actor: "item_id",
    models.item_link: "item_id",
    models.provision: "item_id",
}
"""By table of ties: the column that refers to the owner of a tie."""

_TYPES = {date: "date", datetime: "datetime", bool: "boolean", int: "integer"}
"""By type in Python: the type that a Frictionless Table Schema names; others are strings."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A column computed from the tables referred to, of the type of the column `like`.

    `refers_to` names the exported table whose ids it contains.
    """

    name: str
    like: Column[Any]
    description: str
    expression: Expression
    required: bool = False
    refers_to: str | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """An exported table: `columns` of `model`, and derived ones.

    `needs` says of reference columns whether a row is left out if they lead nowhere; by default it is, unless they are
    nullable. `where` chooses the rows; by default all that count at the moment. They come in the order of recording,
    or in `order`.
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
        """The table as it is at `moment`; its rows are read when they are iterated over."""
        built = _Query(self, moment)
        where = _counts(moment, self.model) if self.where is None else self.where(moment, built.aliases)
        query = built.query.add_columns(*built.expressions).where(where)
        return ExportedTable(
            name=self.name,
            description=self.description or str(self.model.comment),
            schema=built.schema(),
            rows=_rows(connection, query.order_by(*(self.order or self.model.primary_key.columns))),
        )

    def requires(self, name: str) -> bool:
        """Whether a row is left out if its reference `name` leads to no exported row."""
        return self.needs.get(name, not self.model.c[name].nullable)


class _Query:
    """The query for one table, built column by column."""

    def __init__(self, definition: Definition, moment: Moment) -> None:
        self._definition, self._moment = definition, moment
        self.query: Select[*tuple[Any, ...]] = select().select_from(definition.model)
        self.expressions: list[Any] = []
        self._fields: list[dict[str, Any]] = []
        self._references: list[dict[str, Any]] = []
        self.aliases: dict[str, FromClause] = {}
        references = [name for name in definition.columns if isinstance(name, str) and name.endswith("_id")]
        for name in references:  # first, because derived columns read the joined tables
            self._join(name)
        for column in definition.columns:
            if isinstance(column, Derived):
                self._add_derived(column)
            elif column in references:
                self._add_reference(column)
            else:
                self._add_own(column)

    def schema(self) -> dict[str, Any]:
        """The table as a Frictionless Table Schema."""
        key = list(self._definition.key)
        described = {"fields": self._fields, "missingValues": [""], "primaryKey": key}
        return {**described, "foreignKeys": self._references} if self._references else described

    def _add_own(self, name: str) -> None:
        column, exported_name = self._definition.model.c[name], "id" if name == "slug" else name
        self._add(exported_name, column, str(column.comment), column, required=not column.nullable)
        if name == "recorded_in":
            self._refer(("recorded_in",), "revisions", ("number",))

    def _add_derived(self, derived: Derived) -> None:
        expression = derived.expression(self._moment, self.aliases)
        self._add(derived.name, derived.like, derived.description, expression, required=derived.required)
        if derived.refers_to is not None:
            self._refer((derived.name,), derived.refers_to, ("id",))

    def _join(self, name: str) -> None:
        """Join the rows that the column `name` refers to, if they count at the moment."""
        column, target, alias = self._definition.model.c[name], _TARGETS[name], _ALIASES[name]
        self.aliases[name] = alias
        # EXISTS, not IN: for IN, SQLite would begin with the list and search all responses for each item in it
        counts = (
            select(target.c.id).where(target.c.id == alias.c.id, _counts(self._moment, target)).correlate(alias)
        ).exists()
        is_optional = not self._definition.requires(name)
        self.query = self.query.join(alias, (alias.c.id == column) & counts, isouter=is_optional)
        if target in _LOCAL:
            episode = self.aliases["episode_id"] = _ALIASES["episode_id"]
            self.query = self.query.join(episode, episode.c.id == alias.c.episode_id)

    def _add_reference(self, name: str) -> None:
        target, exported_name = _TARGETS[name], name.removesuffix("_id")
        columns: tuple[str, ...] = (exported_name,)
        key: tuple[str, ...] = ("id",)
        if target in _LOCAL:
            columns, key = ("episode", *columns), ("episode", *key)
            slug = self.aliases["episode_id"].c.slug
            described_as = f"Episode that has the {exported_name}: an id in episodes."
            self._add("episode", models.episode.c.slug, described_as, slug, required=True)
        comment, required = str(self._definition.model.c[name].comment), self._definition.requires(name)
        description = f"{comment} An id in {target.name}s."
        self._add(exported_name, target.c.slug, description, self.aliases[name].c.slug, required=required)
        self._refer(columns, f"{target.name}s", key)

    def _add(self, name: str, like: Column[Any], description: str, expression: Any, *, required: bool) -> None:
        """Add the column `name`, which has the type of `like`."""
        description = description.replace("null:", "empty:")  # as CSV writes it
        constraints: dict[str, Any] = {"required": True} if required else {}
        if self._definition.key == (name,):
            constraints["unique"] = True
        values = None
        if isinstance(like.type, SqlEnum):
            constraints["enum"], values = list(like.type.enums), like.type.enum_class
        elif isinstance(like.type, String) and like.type.length == SLUG_LENGTH:
            constraints |= ID_RULES
        python_type = getattr(like.type, "impl_instance", like.type).python_type  # of what a TypeDecorator wraps
        kind = _TYPES.get(python_type, "string")
        self._fields.append(described(name, kind, meaning(description, values), **constraints))
        self.expressions.append(expression)

    def _refer(self, columns: Sequence[str], table: str, key: Sequence[str]) -> None:
        """Add a foreign key to `table`; the standard names the table itself by an empty text."""
        self._references.append(foreign_key(columns, "" if table == self._definition.name else table, key))


def _counts(moment: Moment, model: FromClause) -> ColumnElement[bool]:
    """True for the rows of `model` that count at `moment`: held, said or made, and public.

    Always true for parts of a statement: they are exported with it.
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
    """True for items on the table by then, and for known ones to which a row that counts by then refers."""
    if moment.as_of is None:
        return moment.known_items()
    mention, part, member = models.mention, models.outcome_item, models.package_item
    referred_to = (
        select(models.stance.c.item_id).where(moment.visible(models.stance)),
        select(mention.c.item_id).join(models.response).where(moment.holds(mention), moment.visible(models.response)),
        select(part.c.item_id).join(models.outcome).where(moment.visible(models.outcome)),
        select(models.outcome.c.superseded_by_id).where(moment.visible(models.outcome)),
        select(member.c.item_id).join(models.package).where(moment.holds(member), moment.packages()),
    )
    is_referred_to = or_(*(models.item.c.id.in_(item_ids) for item_ids in referred_to))
    return or_(moment.on_the_table(), and_(moment.known_items(), is_referred_to))


def _rows(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows of `query`, which is executed when the first row is asked for."""
    with connection.execute(query.execution_options(yield_per=BATCH)) as rows:
        for row in rows:
            yield tuple(row)
