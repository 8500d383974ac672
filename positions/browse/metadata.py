"""What Datasette shows about each table, view and column, and its ready questions over the current record.

Descriptions are the comments of the schema.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table

from positions import models
from positions.browse.questions import QUESTIONS
from positions.package_data import LICENSE

DATABASE = "positions"
"""The name of the database in addresses, whatever its file is called."""

STATIC = "own"
"""The folder of our style sheet in addresses."""

_CURRENT = "retracted_in is empty for rows that are still in the record."
_SHOWN: dict[str, dict[str, Any]] = {
    "actor": {"label_column": "name", "facets": ["side_id", "kind"]},
    "change": {"sort_desc": "id"},
    "current_stance": {"facets": ["actor", "stance", "item_kind", "basis"], "sort_desc": "said_to"},
    "episode": {"label_column": "title", "facets": ["kind", "read"], "sort_desc": "published"},
    "item": {"label_column": "title", "facets": ["topic", "kind", "side_id"]},
    "item_actor": {"facets": ["role", "actor_id"]},
    "mention": {"facets": ["kind", "scope"]},
    "non_starter": {"facets": ["refused_by", "item_kind", "basis"], "sort_desc": "said_to"},
    "outcome": {"label_column": "slug", "facets": ["kind"]},
    "package": {"label_column": "title"},
    "response": {"label_column": "slug", "sort_desc": "said_to"},
    "revision": {"label_column": "message", "sort_desc": "number"},
    "side": {"label_column": "name"},
    "stance": {"facets": ["actor_id", "kind", "basis"], "sort_desc": "said_to"},
}
"""By table: the column shown as the text of links to a row, the facets, and the column to sort by."""

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

_NOT_IN = {"current_stance": {"item_quote", "refused_by"}, "non_starter": {"actor", "stance"}}
"""By view: which of these columns it does not have."""


INTERNAL = ("alembic_version", "search_text")
"""Tables of the program's own, which nobody needs to see."""


def metadata(title: str) -> dict[str, Any]:
    """The metadata for Datasette: titles, descriptions, facets, labels of links, and ready questions."""
    described = {name: _table(table) for name, table in models.METADATA.tables.items() if name not in INTERNAL}
    described |= {name: _view(name) for name in models.VIEWS}
    return {
        "title": title,
        "description": "Who demands what, who refuses it, in which words, since when, according to which source.",
        "license": f"{LICENSE} (quotations belong to those who said or wrote them)",
        "extra_css_urls": [f"/{STATIC}/positions.css"],
        "databases": {
            DATABASE: {
                "title": title,
                "description": f"The tables also contain retracted rows: {_CURRENT}",
                "tables": {**described, **{name: {"hidden": True} for name in INTERNAL}},
                "queries": {name: {**question, "hide_sql": True} for name, question in QUESTIONS.items()},
            }
        },
    }


def titles() -> dict[str, str]:
    """By the name of a table: what people read."""
    return {name: _title(name) for name in models.METADATA.tables}


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _references() -> Iterator[tuple[tuple[str, str], str]]:
    for table in models.METADATA.tables.values():
        for column in table.columns:
            if (target := _target(column)) is not None:
                yield (table.name, column.name), target


def _target(column: Column[Any]) -> str | None:
    """The table to whose row number `column` refers, itself or by way of other columns; None if it does not."""
    for key in column.foreign_keys:
        if (further := _target(key.column)) is not None:
            return further
        if key.column.primary_key:
            return key.column.table.name
    return None


REFERENCES = dict(_references())
"""By table and column: the table to whose row number the column refers."""


def _table(table: Table) -> dict[str, Any]:
    held = f" {_CURRENT}" if "retracted_in" in table.columns else ""
    return {
        "title": _title(table.name),
        "description": f"{table.comment}{held}",
        "columns": {column.name: column.comment for column in table.columns},
        **_SHOWN.get(table.name, {}),
    }


def _view(name: str) -> dict[str, Any]:
    title, description = _VIEWS[name]
    columns = {column: meaning for column, meaning in _VIEW_COLUMNS.items() if column not in _NOT_IN[name]}
    return {"title": title, "description": description, "columns": columns, **_SHOWN[name]}
