"""The ties of items: makers, addressees and those affected, links, packages, and articles of drafts."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, case, func, literal_column, null, select, union_all

from positions import models
from positions.moment import Moment
from positions.queries.rows import Provision
from positions.vocabulary import LinkKind, Role

_Query = Select[*tuple[Any, ...]]
_PROVISION, _PACKAGE, _CORE = "provision", "package", "core"
_OTHER_ITEM, _DRAFT = models.item.alias(), models.episode.alias()
_ROLES, _LINKS = frozenset(Role), frozenset(LinkKind)


@dataclass(slots=True)
class Ties:
    """The ties of one item; `actors` by role, `links` by kind, and the `sides` of its makers."""

    actors: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sides: set[str | None] = field(default_factory=set)
    links: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    provisions: set[Provision] = field(default_factory=set)
    package: str | None = None
    core: bool = False


def ties(connection: Connection, moment: Moment, which: ColumnElement[bool]) -> Mapping[int, Ties]:
    """The ties of the items for which `which` is true, by row number; read in one statement."""
    by_item: defaultdict[int, Ties] = defaultdict(Ties)
    queries = (_in_packages(moment), _tied_actors(moment), _links(moment), _provisions(moment))
    packages = []
    for item, tie, name, detail, *order in connection.execute(union_all(*(query.where(which) for query in queries))):
        if tie in _ROLES:
            by_item[item].actors[tie].add(name)
        elif tie in _LINKS:
            by_item[item].links[tie].add(name)
        elif tie == _PROVISION:
            by_item[item].provisions.add(Provision(name, detail))
        else:
            packages.append((order, item, name, detail == _CORE))
        if tie == Role.MAKER:
            by_item[item].sides.add(detail)
    for _, item, name, core in sorted(packages):  # an item of several packages shows the last
        by_item[item].package = name
        by_item[item].core |= core
    return by_item


def _tie(
    tie: ColumnElement[Any], name: ColumnElement[Any], detail: ColumnElement[Any], *order: ColumnElement[Any]
) -> _Query:
    """The columns of the union: item, kind of tie, id that it leads to, a detail, and the `order` of packages."""
    return select(models.item.c.id, tie, name, detail, *(order or (null(), null(), null())))


def _in_packages(moment: Moment) -> _Query:
    """The packages of items. It comes first in the union, whose columns have the types of its columns."""
    package, member = models.package, models.package_item
    core = case((member.c.core, literal_column(f"'{_CORE}'")), else_=literal_column("''"))
    return (
        _tie(
            literal_column(f"'{_PACKAGE}'", String),
            package.c.slug,
            core,
            package.c.said_from,
            package.c.said_to,
            package.c.id,
        )
        .join(member, member.c.item_id == models.item.c.id)
        .join(package, package.c.id == member.c.package_id)
        .where(moment.ties(member, package), moment.packages())
    )


def _tied_actors(moment: Moment) -> _Query:
    """Makers (each with its side), addressees and those affected."""
    tie = models.item_actor
    return (
        _tie(tie.c.role, models.actor.c.slug, models.side.c.slug)
        .join(tie, tie.c.item_id == models.item.c.id)
        .join(models.actor, models.actor.c.id == tie.c.actor_id)
        .outerjoin(models.side, models.side.c.id == models.actor.c.side_id)
        .where(moment.ties(tie, models.item))
    )


def _links(moment: Moment) -> _Query:
    """The items and packages to which items are linked."""
    link, other = models.item_link, _OTHER_ITEM
    return (
        _tie(link.c.kind, func.coalesce(other.c.slug, models.package.c.slug, ""), null())
        .join(link, link.c.item_id == models.item.c.id)
        .outerjoin(other, other.c.id == link.c.to_item_id)
        .outerjoin(models.package, models.package.c.id == link.c.to_package_id)
        .where(moment.ties(link, models.item))
    )


def _provisions(moment: Moment) -> _Query:
    """The articles of drafts that put items into words."""
    provision, draft = models.provision, _DRAFT
    return (
        _tie(literal_column(f"'{_PROVISION}'"), draft.c.slug, provision.c.article)
        .join(provision, provision.c.item_id == models.item.c.id)
        .join(draft, draft.c.id == provision.c.document_id)
        .where(moment.ties(provision, models.item))
    )
