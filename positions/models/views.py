"""Two views that give any SQL tool the answers: each actor's current stance on each item, and what is refused.

They agree with `queries.stances` without limits of time; tests compare the two on random rows. `check` compares the
views of a database with the text here, and released migrations contain a copy: every change needs a migration.
"""

from positions.vocabulary import PRECEDENCE

_ORDER = ", ".join(f"x.{column} DESC" for column in PRECEDENCE)
_SAME_PAIR = "x.item_id = {0}.item_id AND x.actor_id = {0}.actor_id AND x.retracted_in IS NULL"
_SAME_ACCOUNT = """coalesce(x.basis, x.response_basis) = coalesce(c.basis, c.response_basis)
    AND x.said_from <= c.said_to AND c.said_from <= x.said_to"""
_COLUMNS = """s.wording AS wording, s.condition AS condition,
  coalesce(s.basis, s.response_basis) AS basis, coalesce(s.quote, r.quote) AS quote, r.summary AS summary,
  s.said_from AS said_from, s.said_to AS said_to, e.slug AS episode, r.slug AS response,
  coalesce(r.url, e.url) AS url, s.recorded_in AS revision"""
_CONTESTED = f"""EXISTS (
    SELECT 1 FROM stance AS x
    WHERE {_SAME_PAIR.format("c")}
    AND {_SAME_ACCOUNT}
    AND x.kind <> c.kind) AS contested"""
_CURRENT = f"""(SELECT DISTINCT item_id, actor_id FROM stance WHERE retracted_in IS NULL) AS pair
JOIN stance AS c ON c.id = (
  SELECT x.id FROM stance AS x
  WHERE {_SAME_PAIR.format("pair")}
  ORDER BY {_ORDER} LIMIT 1)"""
_DETAILS = """JOIN item AS i ON i.id = s.item_id
JOIN actor AS a ON a.id = s.actor_id
JOIN response AS r ON r.id = s.response_id
JOIN episode AS e ON e.id = s.episode_id"""

CURRENT_STANCE = f"""
SELECT i.slug AS item, i.title AS title, i.kind AS item_kind, a.slug AS actor, s.kind AS stance,
  {_COLUMNS},
  {_CONTESTED}
FROM {_CURRENT}
JOIN stance AS s ON s.id = c.id
{_DETAILS}
""".strip()

NON_STARTER = f"""
SELECT i.slug AS item, i.title AS title, i.kind AS item_kind, i.quote AS item_quote, a.slug AS refused_by,
  {_COLUMNS},
  {_CONTESTED}
FROM {_CURRENT}
JOIN stance AS s ON s.id = (
  SELECT x.id FROM stance AS x
  WHERE {_SAME_PAIR.format("c")}
    AND x.kind = 'non-starter'
    AND (x.id = c.id OR {_SAME_ACCOUNT})
  ORDER BY {_ORDER} LIMIT 1)
{_DETAILS}
WHERE NOT EXISTS (
  SELECT 1 FROM item_actor AS m
  WHERE m.item_id = s.item_id AND m.actor_id = s.actor_id AND m.role = 'maker' AND m.retracted_in IS NULL)
""".strip()

VIEWS = {"current_stance": CURRENT_STANCE, "non_starter": NON_STARTER}
"""The SQL of each view by its name, in the order of creation."""
