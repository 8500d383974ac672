"""The ready queries of the browser, in SQL, over the current record."""

from typing import Any

from positions.vocabulary import PRECEDENCE

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
