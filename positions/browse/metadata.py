"""What Datasette shows about each table, view and column; descriptions are the comments of the schema."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table

from positions import models
from positions.browse.queries import QUERIES

DATABASE = "positions"
"""The name of the database in addresses, whatever its file is called."""

_CURRENT = "retracted_in is empty for rows that are still in the record."
_LABELS = {
    "actor": "name",
    "episode": "title",
    "item": "slug",
    "outcome": "slug",
    "package": "slug",
    "response": "slug",
    "revision": "message",
    "side": "name",
}
"""The column that is shown as the text of links to a row."""

_FACETS = {
    "actor": ["side_id", "kind"],
    "current_stance": ["stance", "actor", "item_kind", "basis"],
    "episode": ["kind", "read"],
    "item": ["kind", "side_id", "topic"],
    "item_actor": ["role", "actor_id"],
    "mention": ["kind", "scope"],
    "non_starter": ["refused_by", "item_kind", "basis"],
    "outcome": ["kind"],
    "stance": ["kind", "actor_id", "basis"],
}
_SORTED = {
    "change": {"sort_desc": "id"},
    "current_stance": {"sort_desc": "said_to"},
    "episode": {"sort_desc": "published"},
    "non_starter": {"sort_desc": "said_to"},
    "response": {"sort_desc": "said_to"},
    "revision": {"sort_desc": "number"},
    "stance": {"sort_desc": "said_to"},
}
_VIEWS = {
    "current_stance": ("Current stances", "Where each actor stands on each item now: the statement that counts."),
    "non_starter": (
        "Non-starters",
        "What is refused outright: by whom, in which words, since when, according to which source.",
    ),
}
_VIEW_COLUMNS = {
    "item": "The item.",
    "title": "What the item asks or offers.",
    "item_kind": "Demand or offer.",
    "item_quote": "The words that define the item.",
    "actor": "Who stands there.",
    "refused_by": "Who refuses.",
    "stance": "Non-starter, negotiable or open.",
    "wording": "The literal label used.",
    "condition": "Terms on which the actor would negotiate.",
    "basis": "How we know it: stated, reported, alleged or inferred.",
    "quote": "The words.",
    "summary": "The same in the coder's words.",
    "said_from": "First possible day.",
    "said_to": "Last possible day; from here on it counts.",
    "episode": "The source.",
    "response": "What was said in it.",
    "url": "Address of the text that was read.",
    "revision": "Revision that brought it into the record.",
    "contested": "Whether an account of the same days and basis says otherwise (1: yes).",
}


def metadata() -> dict[str, Any]:
    """The metadata for Datasette: titles, descriptions, facets, labels of links, and ready queries."""
    described = {name: _table(table) for name, table in models.METADATA.tables.items()}
    described |= {name: _view(name) for name in models.VIEWS}
    return {
        "title": "Positions in a negotiation",
        "description": "Who demands what, who refuses it, in which words, since when, according to which source.",
        "license": "CC-BY-4.0 (quotations belong to those who said or wrote them)",
        "databases": {
            DATABASE: {
                "title": "Positions in a negotiation",
                "description_html": _welcome(),
                "tables": {**described, "alembic_version": {"hidden": True}},
                "queries": QUERIES,
            }
        },
    }


def _welcome() -> str:
    """The text of the first page, with links to the queries and the views."""
    pages = {name: query["title"] for name, query in QUERIES.items()} | {name: _VIEWS[name][0] for name in models.VIEWS}
    links = ", ".join(f'<a href="/{DATABASE}/{name}">{title}</a>' for name, title in pages.items())
    return f"<p>Begin with: {links}.</p><p>The tables also contain retracted rows: {_CURRENT}</p>"


def _table(table: Table) -> dict[str, Any]:
    label = {"label_column": _LABELS[table.name]} if table.name in _LABELS else {}
    held = f" {_CURRENT}" if "retracted_in" in table.columns else ""
    return {
        "title": table.name.replace("_", " ").capitalize(),
        "description": f"{table.comment}{held}",
        "columns": {column.name: column.comment for column in table.columns},
        **label,
        **_shown(table.name),
    }


def _view(name: str) -> dict[str, Any]:
    title, description = _VIEWS[name]
    return {"title": title, "description": description, "columns": _VIEW_COLUMNS, **_shown(name)}


def _shown(name: str) -> Mapping[str, Any]:
    facets = {"facets": _FACETS[name]} if name in _FACETS else {}
    return {**facets, **_SORTED.get(name, {})}
