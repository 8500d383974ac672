"""What Datasette shows about each table, view and column, and its ready queries over the current record.

Descriptions are the comments of the schema.
"""

from typing import Any

from sqlalchemy import Table

from positions import models
from positions.package_data import LICENSE
from positions.vocabulary import PRECEDENCE

DATABASE = "positions"
"""The name of the database in addresses, whatever its file is called."""

_CURRENT = "retracted_in is empty for rows that are still in the record."
_SHOWN: dict[str, dict[str, Any]] = {
    "actor": {"label_column": "name", "facets": ["side_id", "kind"]},
    "change": {"sort_desc": "id"},
    "current_stance": {"facets": ["stance", "actor", "item_kind", "basis"], "sort_desc": "said_to"},
    "episode": {"label_column": "title", "facets": ["kind", "read"], "sort_desc": "published"},
    "item": {"label_column": "slug", "facets": ["kind", "side_id", "topic"]},
    "item_actor": {"facets": ["role", "actor_id"]},
    "mention": {"facets": ["kind", "scope"]},
    "non_starter": {"facets": ["refused_by", "item_kind", "basis"], "sort_desc": "said_to"},
    "outcome": {"label_column": "slug", "facets": ["kind"]},
    "package": {"label_column": "slug"},
    "response": {"label_column": "slug", "sort_desc": "said_to"},
    "revision": {"label_column": "message", "sort_desc": "number"},
    "side": {"label_column": "name"},
    "stance": {"facets": ["kind", "actor_id", "basis"], "sort_desc": "said_to"},
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

_MAKERS = """coalesce(
    (SELECT group_concat(a.slug, ', ') FROM item_actor AS m JOIN actor AS a ON a.id = m.actor_id
     WHERE m.item_id = i.id AND m.role = 'maker' AND m.retracted_in IS NULL),
    w.slug)"""
_ADDRESSEES = """(SELECT group_concat(a.slug, ', ') FROM item_actor AS m JOIN actor AS a ON a.id = m.actor_id
     WHERE m.item_id = i.id AND m.role = 'addressee' AND m.retracted_in IS NULL)"""

DEMANDS = f"""
WITH answers AS (
  SELECT item,
    group_concat(CASE WHEN stance = 'non-starter' THEN actor END, ', ') AS refused_by,
    group_concat(CASE WHEN stance <> 'non-starter' THEN actor END, ', ') AS would_talk
  FROM (SELECT item, actor, stance FROM current_stance ORDER BY item, actor)
  GROUP BY item)
SELECT
  coalesce(
    w.slug,
    (SELECT group_concat(DISTINCT d.slug) FROM item_actor AS m
     JOIN actor AS a ON a.id = m.actor_id JOIN side AS d ON d.id = a.side_id
     WHERE m.item_id = i.id AND m.role = 'maker' AND m.retracted_in IS NULL),
    '(no side)') AS side,
  i.slug AS item,
  i.title,
  {_MAKERS} AS "by",
  {_ADDRESSEES} AS "to",
  i.topic,
  i.made_to AS made_by,
  s.refused_by,
  s.would_talk,
  i.quote,
  e.slug AS episode,
  coalesce(i.url, e.url) AS url
FROM item AS i
JOIN episode AS e ON e.id = i.episode_id
LEFT JOIN side AS w ON w.id = i.side_id
LEFT JOIN answers AS s ON s.item = i.slug
WHERE i.kind = 'demand' AND i.retracted_in IS NULL
ORDER BY side, i.topic, i.id
""".strip()

NON_STARTERS = """
SELECT refused_by, item, title, item_kind, quote, wording, basis, said_from, said_to, item_quote,
  contested, episode, response, url
FROM non_starter
WHERE (:actor = '' OR refused_by = :actor)
ORDER BY said_from DESC, said_to DESC, item, refused_by
""".strip()

RECENT = f"""
WITH account AS (
  SELECT s.*,
    lag(s.kind) OVER (
      PARTITION BY s.item_id, s.actor_id ORDER BY {", ".join(f"s.{column}" for column in PRECEDENCE)}
    ) AS before
  FROM stance AS s
  WHERE s.retracted_in IS NULL)
SELECT t.said_from, t.said_to, a.slug AS actor, i.slug AS item, i.title,
  t.before AS stance_before, t.kind AS stance,
  CASE WHEN t.before IS NULL THEN 'first' WHEN t.before = t.kind THEN 'same' ELSE 'other' END AS compared,
  coalesce(t.basis, t.response_basis) AS basis, coalesce(t.quote, r.quote) AS quote, t.condition,
  e.slug AS episode, r.slug AS response, coalesce(r.url, e.url) AS url
FROM account AS t
JOIN actor AS a ON a.id = t.actor_id
JOIN item AS i ON i.id = t.item_id
JOIN response AS r ON r.id = t.response_id
JOIN episode AS e ON e.id = t.episode_id
ORDER BY t.said_to DESC, t.said_from DESC, t.sequence DESC, i.slug, a.slug
""".strip()

QUERIES: dict[str, dict[str, Any]] = {
    "demands": {
        "title": "Each side's demands",
        "description": "Every recorded demand: whose, to whom, who refuses it now and who would talk.",
        "sql": DEMANDS,
    },
    "non_starters": {
        "title": "What is marked a non-starter",
        "description": "By whom, in which words, since when, according to which source. No actor: all of them.",
        "sql": NON_STARTERS,
        "params": ["actor"],
    },
    "recent_statements": {
        "title": "Recent statements, and what was said before",
        "description": (
            "The latest first, each beside the same actor's previous account of the same item. "
            "`positions movements` decides what counts as a movement."
        ),
        "sql": RECENT,
    },
}
"""The title, description and SQL of each query, in the form that Datasette reads."""


INTERNAL = ("alembic_version", "search_text")
"""Tables of the program's own, which nobody needs to see."""


def metadata(title: str) -> dict[str, Any]:
    """The metadata for Datasette: titles, descriptions, facets, labels of links, and ready queries."""
    described = {name: _table(table) for name, table in models.METADATA.tables.items() if name not in INTERNAL}
    described |= {name: _view(name) for name in models.VIEWS}
    return {
        "title": title,
        "description": "Who demands what, who refuses it, in which words, since when, according to which source.",
        "license": f"{LICENSE} (quotations belong to those who said or wrote them)",
        "databases": {
            DATABASE: {
                "title": title,
                "description_html": _welcome(),
                "tables": {**described, **{name: {"hidden": True} for name in INTERNAL}},
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
    held = f" {_CURRENT}" if "retracted_in" in table.columns else ""
    return {
        "title": table.name.replace("_", " ").capitalize(),
        "description": f"{table.comment}{held}",
        "columns": {column.name: column.comment for column in table.columns},
        **_SHOWN.get(table.name, {}),
    }


def _view(name: str) -> dict[str, Any]:
    title, description = _VIEWS[name]
    return {"title": title, "description": description, "columns": _VIEW_COLUMNS, **_SHOWN[name]}
