"""The same answers in SQL by hand: the yardsticks for questions, for SQLite and PostgreSQL alike."""

from positions.moment import Moment

_ORDER = "{0}.firm DESC, {0}.said_from DESC, {0}.stated DESC, {0}.said_to DESC, {0}.sequence DESC"
_HELD = "{0}.retracted_in IS NULL"
_HELD_THEN = (
    "({0}.recorded_in <= {known_at} AND ({0}.retracted_in IS NULL OR {0}.retracted_in > {known_at}))"
    " AND coalesce({0}.said_to, {0}.said_from) <= '{as_of}'"
)
# Days are compared through coalesce for the reason that `positions.moment.last_day` gives.
_RIVAL = """x.item_id = s.item_id AND x.actor_id = s.actor_id AND x.kind <> s.kind
    AND coalesce(x.basis, x.response_basis) = coalesce(s.basis, s.response_basis)
    AND coalesce(x.said_from, x.said_to) <= s.said_to AND s.said_from <= coalesce(x.said_to, x.said_from)"""
_ASCENDING = _ORDER.replace(" DESC", "")
_SHOWN = """a.slug, i.slug, s.kind, s.wording, s.condition, coalesce(s.basis, s.response_basis), v.slug, t.slug,
  s.said_from, s.said_to, e.slug, r.slug, coalesce(s.quote, r.quote), s.recorded_in,
  EXISTS (SELECT 1 FROM stance AS x WHERE {rival} AND {visible}), s.sequence, e.published, r.summary,
  coalesce(r.url, e.url)"""
_DETAILS = """JOIN item AS i ON i.id = s.item_id
JOIN actor AS a ON a.id = s.actor_id
JOIN response AS r ON r.id = s.response_id
JOIN episode AS e ON e.id = s.episode_id
LEFT JOIN actor AS v ON v.id = r.speaker_id
LEFT JOIN actor AS t ON t.id = r.reported_by_id"""


def visible(table: str, moment: Moment) -> str:
    """SQL: the row of `table` counts at `moment`, which is now or as of a day and a revision."""
    if moment == Moment():
        return _HELD.format(table)
    return _HELD_THEN.format(table, as_of=moment.as_of, known_at=moment.known_at)


def current(moment: Moment) -> str:
    """The current stance of every pair: the pairs, and for each of them the first account by the covering index."""
    return f"""
SELECT {_shown(moment)}
FROM (SELECT DISTINCT item_id, actor_id FROM stance AS p WHERE {visible("p", moment)}) AS pair
JOIN stance AS s ON s.id = (
  SELECT x.id FROM stance AS x
  WHERE x.item_id = pair.item_id AND x.actor_id = pair.actor_id AND {visible("x", moment)}
  ORDER BY {_ORDER.format("x")} LIMIT 1)
{_DETAILS}
ORDER BY i.slug, a.slug"""


def windowed(moment: Moment) -> str:
    """The same by a window function over the covering index."""
    return f"""
SELECT {_shown(moment)}
FROM (
  SELECT id, row_number() OVER (PARTITION BY item_id, actor_id ORDER BY {_ORDER.format("p")}) AS place
  FROM stance AS p WHERE {visible("p", moment)}) AS ranked
JOIN stance AS s ON s.id = ranked.id
{_DETAILS}
WHERE place = 1
ORDER BY i.slug, a.slug"""


def nonstarters() -> str:
    """Who refuses what now, with the quotation, by the partial index: refusals after which nothing else was said.

    A refusal beside which an account of the same days and basis takes precedence counts as well, unless a later one of
    these refuses too; an actor's own items are left out. Last stands since when it is refused: the first of the
    refusals between which nothing else was said, except what is contested.
    """
    held = _HELD.format("x")
    same = "x.item_id = s.item_id AND x.actor_id = s.actor_id"
    return f"""
SELECT {_shown(Moment())}, i.title, i.kind, i.quote, (
  SELECT f.said_from || '/' || f.said_to FROM stance AS f
  WHERE f.item_id = s.item_id AND f.actor_id = s.actor_id AND f.firm = s.firm AND f.kind = 'non-starter'
  AND {_HELD.format("f")} AND NOT {_later("f", "s")}
  AND NOT EXISTS (
    SELECT 1 FROM stance AS y WHERE y.item_id = s.item_id AND y.actor_id = s.actor_id AND y.firm = s.firm
    AND {_HELD.format("y")} AND {_later("y", "f")} AND {_later("s", "y")} AND y.kind <> 'non-starter'
    AND NOT EXISTS (SELECT 1 FROM stance AS x WHERE {_RIVAL.replace("s.", "y.")} AND {held}))
  ORDER BY {_ASCENDING.format("f")} LIMIT 1)
FROM stance AS s
{_DETAILS}
WHERE s.kind = 'non-starter' AND s.retracted_in IS NULL
AND NOT EXISTS (
  SELECT 1 FROM stance AS x WHERE {same} AND {held} AND {_later("x", "s")}
  AND NOT (x.kind <> 'non-starter' AND coalesce(x.basis, x.response_basis) = coalesce(s.basis, s.response_basis)
    AND x.said_from <= s.said_to AND s.said_from <= x.said_to
    AND NOT EXISTS (
      SELECT 1 FROM stance AS y WHERE y.item_id = s.item_id AND y.actor_id = s.actor_id AND y.retracted_in IS NULL
      AND {_later("y", "x")})))
AND NOT EXISTS (
  SELECT 1 FROM item_actor AS m
  WHERE m.item_id = s.item_id AND m.actor_id = s.actor_id AND m.role = 'maker' AND m.retracted_in IS NULL)
ORDER BY s.said_from DESC, s.said_to DESC, i.slug, a.slug"""


def _shown(moment: Moment) -> str:
    return _SHOWN.format(rival=_RIVAL, visible=visible("x", moment))


def _later(one: str, other: str) -> str:
    columns = ("firm", "said_from", "stated", "said_to", "sequence")
    return f"({', '.join(f'{one}.{c}' for c in columns)}) > ({', '.join(f'{other}.{c}' for c in columns)})"
