"""The ready questions over the current record, in SQL for SQLite, and the choices for their parameters.

They agree with the commands of the same names; tests compare the two.
"""

from typing import Any

from positions.vocabulary import PRECEDENCE, StanceKind


def _tied(role: str) -> str:
    """The ids of the actors tied to the item `i`, in one text."""
    return f"""(SELECT group_concat(slug, ', ') FROM (
      SELECT DISTINCT a.slug FROM item_actor AS m JOIN actor AS a ON a.id = m.actor_id
      WHERE m.item_id = i.id AND m.role = '{role}' AND m.retracted_in IS NULL ORDER BY a.slug))"""


_MAKERS = f"coalesce({_tied('maker')}, w.slug)"
_ADDRESSEES = _tied("addressee")

NO_ANSWER = "no answer on record"
"""What stands for the stance of somebody who has none."""

_SAID = "CASE WHEN {0}.said_from = {0}.said_to THEN {0}.said_to ELSE {0}.said_from || '/' || {0}.said_to END"
"""The days of a statement in one column: a day, or an interval."""

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
  i.title,
  {_MAKERS} AS "by",
  {_ADDRESSEES} AS "to",
  i.topic,
  s.refused_by,
  s.would_talk,
  i.quote,
  i.made_to AS made,
  i.slug AS item,
  e.slug AS episode,
  coalesce(i.url, e.url) AS url
FROM item AS i
JOIN episode AS e ON e.id = i.episode_id
LEFT JOIN side AS w ON w.id = i.side_id
LEFT JOIN answers AS s ON s.item = i.slug
WHERE i.kind = 'demand' AND i.retracted_in IS NULL
ORDER BY side, i.topic, i.id
""".strip()

NON_STARTERS = f"""
SELECT refused_by, title, item_kind AS kind, quote, wording, basis, {_SAID.format("n")} AS said, item_quote,
  contested, item, episode, response, url
FROM non_starter AS n
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
SELECT {_SAID.format("t")} AS said, a.slug AS actor, i.title,
  t.before AS stance_before, t.kind AS stance,
  CASE WHEN t.before IS NULL THEN 'first' WHEN t.before = t.kind THEN 'same' ELSE 'other' END AS compared,
  coalesce(t.quote, r.quote) AS quote, t.condition, coalesce(t.basis, t.response_basis) AS basis, i.slug AS item,
  e.slug AS episode, r.slug AS response, coalesce(r.url, e.url) AS url
FROM account AS t
JOIN actor AS a ON a.id = t.actor_id
JOIN item AS i ON i.id = t.item_id
JOIN response AS r ON r.id = t.response_id
JOIN episode AS e ON e.id = t.episode_id
ORDER BY t.said_to DESC, t.said_from DESC, t.sequence DESC, i.slug, a.slug
""".strip()

POSITIONS = f"""
WITH pair AS (
  SELECT m.item_id, m.actor_id FROM item_actor AS m WHERE m.role = 'addressee' AND m.retracted_in IS NULL
  UNION
  SELECT s.item_id, s.actor_id FROM stance AS s
  WHERE s.retracted_in IS NULL AND NOT EXISTS (
    SELECT 1 FROM item_actor AS m
    WHERE m.item_id = s.item_id AND m.actor_id = s.actor_id AND m.role = 'maker' AND m.retracted_in IS NULL))
SELECT i.topic, i.title, {_MAKERS} AS "by", a.slug AS actor,
  coalesce(c.stance, '{NO_ANSWER}') AS stance, c.quote, c.condition,
  {_SAID.format("c")} AS said, c.basis, i.slug AS item, c.episode, c.url
FROM pair AS p
JOIN item AS i ON i.id = p.item_id AND i.retracted_in IS NULL
JOIN actor AS a ON a.id = p.actor_id
LEFT JOIN side AS w ON w.id = i.side_id
LEFT JOIN current_stance AS c ON c.item = i.slug AND c.actor = a.slug
WHERE (:topic = '' OR i.topic = :topic)
  AND (:actor = '' OR a.slug = :actor)
  AND (:stance = '' OR coalesce(c.stance, '{NO_ANSWER}') = :stance)
ORDER BY i.topic, i.id, a.slug
""".strip()

_STATUS = """coalesce(
    (SELECT o.kind FROM full_outcome AS o WHERE o.item_id = i.id ORDER BY {latest} LIMIT 1),
    (SELECT o.kind || ' in part' FROM outcome AS o JOIN outcome_item AS oi ON oi.outcome_id = o.id
     WHERE oi.item_id = i.id AND o.in_part AND o.retracted_in IS NULL ORDER BY {latest} LIMIT 1),
    'on the table')""".format(latest="o.said_from DESC, o.said_to DESC, o.sequence DESC")

OUTLOOK = f"""
WITH full_outcome AS (
  SELECT oi.item_id, o.kind, o.said_from, o.said_to, o.sequence
  FROM outcome AS o JOIN outcome_item AS oi ON oi.outcome_id = o.id
  WHERE NOT o.in_part AND o.retracted_in IS NULL AND NOT (o.kind = 'withdrawn' AND EXISTS (
    SELECT 1 FROM mention AS m JOIN response AS r ON r.id = m.response_id
    WHERE m.item_id = oi.item_id AND m.kind = 'repeats' AND m.retracted_in IS NULL AND r.said_from > o.said_to))),
asked AS (
  SELECT m.item_id, a.slug AS actor,
    EXISTS (SELECT 1 FROM non_starter AS n WHERE n.item = i.slug AND n.refused_by = a.slug) AS refuses,
    (SELECT c.stance FROM current_stance AS c WHERE c.item = i.slug AND c.actor = a.slug) AS stance
  FROM item_actor AS m
  JOIN item AS i ON i.id = m.item_id
  JOIN actor AS a ON a.id = m.actor_id
  WHERE m.role = 'addressee' AND m.retracted_in IS NULL
  GROUP BY m.item_id, a.slug),
answered AS (
  SELECT item_id,
    group_concat(CASE WHEN refuses THEN actor END, ', ') AS refused_by,
    group_concat(CASE WHEN NOT refuses AND stance <> 'non-starter' THEN actor END, ', ') AS would_talk,
    group_concat(CASE WHEN NOT refuses AND stance IS NULL THEN actor END, ', ') AS no_answer_from
  FROM (SELECT * FROM asked ORDER BY item_id, actor)
  GROUP BY item_id),
told AS (
  SELECT i.*, {_MAKERS} AS makers, d.refused_by, d.would_talk, d.no_answer_from, {_STATUS} AS status,
    EXISTS (SELECT 1 FROM full_outcome AS o WHERE o.item_id = i.id) AS ended
  FROM item AS i
  LEFT JOIN answered AS d ON d.item_id = i.id
  LEFT JOIN side AS w ON w.id = i.side_id
  WHERE i.retracted_in IS NULL)
SELECT
  CASE WHEN ended THEN status WHEN refused_by IS NOT NULL THEN 'blocked'
    WHEN would_talk IS NOT NULL THEN 'workable' ELSE 'unanswered' END AS outlook,
  title, kind, makers AS "by", refused_by, would_talk, no_answer_from, topic, slug AS item
FROM told
WHERE (:topic = '' OR topic = :topic)
ORDER BY ended, refused_by IS NULL, would_talk IS NULL, topic, id
""".strip()

_SOURCE = "e.slug AS episode, coalesce({0}.url, e.url) AS url"

ONE_ITEM_SQL = f"""
WITH account AS (
  SELECT i.made_from AS said_from, i.made_to AS said_to, 0 AS place, {_MAKERS} AS actor, 'makes it' AS what,
    NULL AS wording, i.quote, NULL AS condition, i.basis, {_SOURCE.format("i")}
  FROM item AS i
  JOIN episode AS e ON e.id = i.episode_id
  LEFT JOIN side AS w ON w.id = i.side_id
  WHERE i.slug = :item AND i.retracted_in IS NULL
  UNION ALL
  SELECT s.said_from, s.said_to, s.sequence, a.slug, s.kind,
    s.wording, coalesce(s.quote, r.quote), s.condition, coalesce(s.basis, s.response_basis), {_SOURCE.format("r")}
  FROM stance AS s
  JOIN item AS i ON i.id = s.item_id
  JOIN actor AS a ON a.id = s.actor_id
  JOIN response AS r ON r.id = s.response_id
  JOIN episode AS e ON e.id = s.episode_id
  WHERE i.slug = :item AND s.retracted_in IS NULL
  UNION ALL
  SELECT r.said_from, r.said_to, r.sequence,
    (SELECT group_concat(a.slug, ', ') FROM response_actor AS g JOIN actor AS a ON a.id = g.actor_id
     WHERE g.response_id = r.id),
    CASE m.kind WHEN 'repeats' THEN 'repeats it' || CASE m.scope WHEN 'same' THEN '' ELSE ', ' || m.scope END
      ELSE 'takes it up' END,
    m.wording, coalesce(m.quote, r.quote), NULL, r.basis, {_SOURCE.format("r")}
  FROM mention AS m
  JOIN item AS i ON i.id = m.item_id
  JOIN response AS r ON r.id = m.response_id
  JOIN episode AS e ON e.id = r.episode_id
  WHERE i.slug = :item AND m.retracted_in IS NULL
  UNION ALL
  SELECT o.said_from, o.said_to, o.sequence,
    (SELECT group_concat(a.slug, ', ') FROM outcome_actor AS g JOIN actor AS a ON a.id = g.actor_id
     WHERE g.outcome_id = o.id),
    o.kind || CASE WHEN o.in_part THEN ' in part' ELSE '' END, NULL, o.quote, NULL, o.basis, {_SOURCE.format("o")}
  FROM outcome AS o
  JOIN outcome_item AS oi ON oi.outcome_id = o.id
  JOIN item AS i ON i.id = oi.item_id
  JOIN episode AS e ON e.id = o.episode_id
  WHERE i.slug = :item AND o.retracted_in IS NULL)
SELECT
  CASE WHEN c.said_from IS NULL THEN '../' || c.said_to WHEN c.said_from = c.said_to THEN c.said_to
    ELSE c.said_from || '/' || c.said_to END AS said,
  actor, what AS stance_or_act, wording, quote, condition, basis, episode, url
FROM account AS c
ORDER BY coalesce(c.said_from, c.said_to), c.said_to, place
""".strip()

ONE_ITEM = "one_item"
"""The question about the item that its parameter `item` names."""

QUESTIONS: dict[str, dict[str, Any]] = {
    "outlook": {
        "title": "What is blocked, workable or unanswered?",
        "description": "Every item, by what may become of it: blocked if an addressee refuses it, workable if one "
        "would talk, unanswered if there is no answer on record; at the end, what became of those that have ended.",
        "sql": OUTLOOK,
        "params": ["topic"],
    },
    "non_starters": {
        "title": "What is refused outright?",
        "description": "By whom, in which words, since when, according to which source.",
        "sql": NON_STARTERS,
        "params": ["actor"],
    },
    "positions": {
        "title": "Who stands where?",
        "description": "Every item and everybody to whom it is put, also where there is no answer on record.",
        "sql": POSITIONS,
        "params": ["actor", "stance", "topic"],
    },
    "demands": {
        "title": "What does each side demand?",
        "description": "Every recorded demand: whose, to whom, who refuses it now and who would talk.",
        "sql": DEMANDS,
    },
    ONE_ITEM: {
        "title": "What has been said of one item?",
        "description": "Who made it, who took which stance, who repeated it or took it up, and what became of it.",
        "sql": ONE_ITEM_SQL,
        "params": ["item"],
        "needs": "item",
    },
    "recent_statements": {
        "title": "What was said last, and what before?",
        "description": "The latest first, each beside the same actor's previous account of the same item. Not every "
        "difference is a movement: an alleged stance moves nothing.",
        "sql": RECENT,
    },
}
"""The title, description and SQL of each question, in the form that Datasette reads; `needs` names a parameter without
which there is no answer."""

CHOICES = {
    "actor": "SELECT slug, name FROM actor WHERE retracted_in IS NULL AND kind <> 'person' ORDER BY name",
    "item": "SELECT slug, title FROM item WHERE retracted_in IS NULL ORDER BY title",
    "stance": "VALUES " + ", ".join(f"('{word}', '{word}')" for word in (*StanceKind, NO_ANSWER)),
    "topic": "SELECT DISTINCT topic, topic FROM item WHERE retracted_in IS NULL ORDER BY topic",
}
"""By parameter: a query for the values to choose from, and what people read for each."""
