"""Forgeries by plain SQL: each is refused by the database, or found by `check`, or by a digest that somebody noted.

They are tried as the owner of the tables, without foreign keys where these can be off: with the triggers in place, and
once more with the triggers dropped meanwhile, as whoever owns the file can do. Last, the owner makes new digests.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from positions import append_only, database, digests
from tests.conftest import SERVER, TALKS, Positions, _copy, recorder, slow_but
from tests.test_check import PRESS

NEWEST = 3
_FIELDS = "id, slug, episode_id, said_from, said_to, basis, quote, sequence, recorded_in, retracted_in"
_COPIES = "id, response_id, actor_id, item_id, kind, response_basis, firm, stated, episode_id, said_from, said_to"
_SEQUENCE = (2 << 32) + 999
CONTENT = json.dumps(
    {
        "id": "forged",
        "by": ["nato"],
        "said": "2022-01-19",
        "basis": "stated",
        "quote": "made up",
        "stances": {"no-missiles": {"stance": "open"}},
        "order": 999,
    },
    sort_keys=True,
)


def response(recorded_in: int, retracted_in: int | None = None, sequence: int = _SEQUENCE) -> list[str]:
    """A whole response that nobody gave, in the tables alone."""
    then = "NULL" if retracted_in is None else str(retracted_in)
    day = "'2022-01-19', '2022-01-19'"
    nato, item = "(SELECT id FROM actor WHERE slug = 'nato')", "(SELECT id FROM item WHERE slug = 'no-missiles')"
    return [
        (
            f"INSERT INTO response ({_FIELDS}) VALUES"
            f" (900, 'forged', 2, {day}, 'stated', 'made up', {sequence}, {recorded_in}, {then})"
        ),
        f"INSERT INTO response_actor (response_id, actor_id) VALUES (900, {nato})",
        (
            f"INSERT INTO stance ({_COPIES}, sequence, recorded_in, retracted_in) VALUES (900, 900, {nato}, {item},"
            f" 'open', 'stated', true, true, 2, {day}, {sequence}, {recorded_in}, {then})"
        ),
    ]


def logged(revision: int, before: str | None = None, after: str | None = None, name: str = "press/forged") -> str:
    """A row of the log."""
    old, new = ("NULL" if text is None else f"'{text}'" for text in (before, after))
    number = "(SELECT max(id) + 1 FROM change)"
    columns = "id, revision, what, name, episode, before, after"
    return f"INSERT INTO change ({columns}) VALUES ({number}, {revision}, 'response', '{name}', 'press', {old}, {new})"


def revision(number: int, time: str = "(SELECT max(recorded_at) FROM revision)", **more: str) -> str:
    """A revision that the program did not make."""
    names = ", ".join(["number", "recorded_at", "recorded_by", "message", *more])
    values = ", ".join([str(number), time, "'somebody else'", "'made up'", *more.values()])
    return f"INSERT INTO revision ({names}) VALUES ({values})"


REWRITING = {
    "delete a stance": ["DELETE FROM stance"],
    "change a stance": ["UPDATE stance SET kind = 'open' WHERE kind = 'non-starter'"],
    "change its words": ["UPDATE stance SET wording = 'else'"],
    "change who gave it": ["UPDATE stance SET actor_id = (SELECT id FROM actor WHERE slug = 'us')"],
    "change the day of a response": ["UPDATE response SET said_to = '2022-01-20', said_from = '2022-01-20'"],
    "change the order of responses": ["UPDATE response SET sequence = sequence + 7"],
    "undo a retraction": ["UPDATE response SET retracted_in = NULL WHERE retracted_in = 3"],
    "change the log": ["UPDATE change SET after = '{}' WHERE after IS NOT NULL"],
    "delete from the log": ["DELETE FROM change WHERE revision = 3"],
    "change a revision": ["UPDATE revision SET recorded_by = 'somebody else' WHERE number = 1"],
    "delete the last revision": ["DELETE FROM revision WHERE number = 3"],
    "move a mention": ["UPDATE mention SET item_id = (SELECT id FROM item WHERE slug = 'no-missiles')"],
    "another maker of an item": ["UPDATE item_actor SET actor_id = (SELECT id FROM actor WHERE slug = 'osce')"],
    "delete a tie": ["DELETE FROM item_link"],
}
ADDING = {
    "retract now, without a word": ["UPDATE mention SET retracted_in = 3 WHERE recorded_in = 2"],
    "retract in an earlier revision": ["UPDATE item_actor SET retracted_in = 2 WHERE recorded_in = 1"],
    "retract a response in r3, and log it": [
        "UPDATE response SET retracted_in = 3 WHERE slug = 'insists'",
        "UPDATE mention SET retracted_in = 3 WHERE retracted_in IS NULL AND recorded_in = 2",
        logged(3, "{}", None, "press/insists"),
    ],
    "a response in r1": response(1),
    "a response in r1, and log it": [*response(1), logged(1, None, CONTENT)],
    "a response in r1, before all others": [*response(1, sequence=1), logged(1, None, CONTENT)],
    "a response in r3": response(3),
    "a response in r3, and log it": [*response(3), logged(3, None, CONTENT)],
    "a response from r1 to r2": response(1, 2),
    "a response from r1 to r2, and log it": [*response(1, 2), logged(1, None, CONTENT), logged(2, CONTENT, None)],
    "a response from r1 to r3": response(1, 3),
    "a response in a revision that is not there": response(99),
    "a stance in an old response": [response(1)[2].replace("(900, 900,", "(900, 1,")],
    "an actor in an old response": [
        (
            "INSERT INTO response_actor (response_id, actor_id)"
            " SELECT min(id), (SELECT id FROM actor WHERE slug = 'osce') FROM response"
        )
    ],
    "an outcome from r1 to r2": [
        (
            f"INSERT INTO outcome ({_FIELDS.replace('basis', 'kind, in_part, basis')}) VALUES (900, 'forged', 2,"
            " '2022-01-19', '2022-01-19', 'met', false, 'inferred', NULL, 1, 1, 2)"
        ),
        "INSERT INTO outcome_item (outcome_id, item_id) VALUES (900, 1)",
    ],
    "a maker in r1": [
        (
            "INSERT INTO item_actor (id, item_id, actor_id, role, episode_id, recorded_in)"
            " VALUES (900, 1, (SELECT id FROM actor WHERE slug = 'osce'), 'maker', 1, 1)"
        )
    ],
    "a row of the log in r1": [logged(1, None, CONTENT)],
    "a row of the log in r3": [logged(3, None, CONTENT)],
    "rows of the log in r1 and r2": [logged(1, None, CONTENT), logged(2, CONTENT, None)],
    "a row of the log that is no JSON": [logged(3, None, "nonsense")],
    "a revision 0": [revision(0)],
    "a revision -1": [revision(-1)],
    "a revision after a gap": [revision(1000)],
    "a revision with a digest made up": [revision(4, digest=f"'{'0' * 64}'")],
    "a digest made up": [revision(4), f"UPDATE revision SET digest = '{'0' * 64}' WHERE number = 4"],
    "a revision without a digest": [revision(4)],
    "a revision before the last": [revision(4, "'2001-01-01 00:00:00.000000'")],
    "a revision of tomorrow": [revision(4, "'9999-01-01 00:00:00.000000'")],
    "a revision with content, and no digest": [revision(4), *response(4), logged(4, None, CONTENT)],
}
EDITING = {
    "edit a quotation": ["UPDATE item SET quote = 'made up' WHERE slug = 'no-missiles'"],
    "edit a quotation, and log it": [
        "UPDATE item SET quote = 'made up' WHERE slug = 'no-missiles'",
        logged(3, "{}", "{}", "no-missiles").replace("'response'", "'demand'"),
    ],
    "edit the day of making": ["UPDATE item SET made_from = '2022-01-12', made_to = '2022-01-12'"],
    "edit the day of publication": ["UPDATE episode SET published = '2022-01-25' WHERE slug = 'press'"],
    "move an actor to another side": ["UPDATE actor SET side_id = 1 WHERE slug = 'us'"],
    "rename an actor": ["UPDATE actor SET slug = 'us2' WHERE slug = 'us'"],
    "rename an item": ["UPDATE item SET slug = 'else' WHERE slug = 'no-missiles'"],
    "move an item to another episode": ["UPDATE item SET episode_id = 2 WHERE slug = 'no-missiles'"],
    "turn a demand into an offer": ["UPDATE item SET kind = 'offer' WHERE slug = 'no-missiles'"],
    "retract an item in r2": ["UPDATE item SET retracted_in = 2 WHERE slug = 'no-missiles'"],
    "edit the words of a core": ["UPDATE package SET core_quote = 'made up'"],
    "edit a title": ["UPDATE item SET title = 'made up'"],
    "edit an address": ["UPDATE episode SET url = 'https://example.org/else'"],
    "edit a name": ["UPDATE actor SET name = 'made up'"],
    "an item that nobody recorded": [
        (
            "INSERT INTO item (id, slug, kind, topic, title, made_to, basis, quote, episode_id, recorded_in)"
            " VALUES (900, 'forged', 'demand', 'missiles', 'Made up', '2022-01-12', 'stated', 'made up', 1, 1)"
        )
    ],
    "an actor that was in the record for a while": [
        (
            "INSERT INTO actor (id, slug, kind, name, episode_id, recorded_in, retracted_in)"
            " VALUES (900, 'forged', 'state', 'Made up', 1, 1, 2)"
        )
    ],
}
DATA = REWRITING | ADDING | EDITING
INDEX = {
    "a text that search would not find": ["DELETE FROM search_text WHERE kind = 'response'"],
    "other words in the index": ["UPDATE search_text SET folded = 'made up' WHERE id = 1"],
    "words that nobody said": [
        "INSERT INTO search_text (id, kind, row, folded) VALUES (900, 'response', 900, 'made up')",
    ],
    "the text of a table that has none": ["INSERT INTO search_text (id, kind, row, folded) VALUES (900, 'x', 1, 'x')"],
}
"""What changes the index of `search` alone. No trigger guards it, because it can be made again from the record."""
INDEX_ON_SQLITE = {
    "an empty index": ["INSERT INTO search_trigram (search_trigram) VALUES ('delete-all')"],
    "a text more in the index": ["INSERT INTO search_trigram (rowid, folded) VALUES (900, 'made up')"],
    "a text less in the index": [
        (
            "INSERT INTO search_trigram (search_trigram, rowid, folded)"
            " SELECT 'delete', id, folded FROM search_text WHERE id = 1"
        )
    ],
    "an index of whole words": [
        "DROP TABLE search_trigram",
        "CREATE VIRTUAL TABLE search_trigram USING fts5(folded, content='search_text', content_rowid='id')",
    ],
}
INDEX_ON_SERVER = {
    "no index": ["DROP INDEX search_trigram"],
    "a function that finds nothing": [
        (
            "CREATE OR REPLACE FUNCTION search_trigrams(folded text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT"
            " AS $$SELECT '{}'::text[]$$"
        )
    ],
}
LATER = {
    "a revision without a digest",
    "a revision of tomorrow",
    "a revision with content, and no digest",
    "a digest made up",
}
"""What adds a revision after the last: not refused on SQLite where it looks like recording, and found then."""

STRUCTURE = {
    "a newer schema": ["UPDATE alembic_version SET version_num = '9999'"],
    "two schemas": ["INSERT INTO alembic_version VALUES ('0001')"],
    "a table": ["CREATE TABLE mine (x INTEGER)"],
    "a view": ["CREATE VIEW mine AS SELECT 1 AS x"],
    "no unique index": ["DROP INDEX uq_stance_held"],
    "a column more": ["ALTER TABLE stance ADD COLUMN mine INTEGER"],
    "a table gone": ["DROP VIEW IF EXISTS current_stance", "DROP TABLE mention"],
    "a trigger gone": ["DROP TRIGGER stance_keeps_rows"],
    "a trigger of one's own": ["CREATE TRIGGER mine AFTER INSERT ON stance BEGIN SELECT 1; END"],
    "a trigger that says something else": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'ABORT', 'IGNORE') WHERE name = 'stance_keeps_rows'",
    ],
    "a table without its keys": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'REFERENCES', 'CHECK (1) --') WHERE name = 'response_actor'",
    ],
    "an index that blocks recording": ["CREATE UNIQUE INDEX mine ON stance (response_id, actor_id, item_id, kind)"],
    "another program's file": ["PRAGMA application_id = 0"],
    "no schema": ["DELETE FROM alembic_version"],
    "a column renamed": ["ALTER TABLE stance RENAME COLUMN wording TO label"],
}
FAST = ("change a stance", "a response from r1 to r2", "a row of the log in r1", "edit a quotation", "a maker in r1")


@pytest.fixture(scope="module")
def template(_templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("forged")
    for place in _copy(_templates["empty"], folder / "story.db"):
        for text in (TALKS, PRESS, PRESS.replace("simply no", "no and no")):
            recorder(Positions(place), folder)(text)
        yield place


@pytest.fixture
def story(template: str, tmp_path: Path) -> Iterator[Positions]:
    for place in _copy(template, tmp_path / "story.db"):
        yield Positions(place)


def forge(db: str, statements: Iterable[str], *, guarded: bool = True, sealed: bool = True) -> str:
    """Carry out the statements in one transaction; what the database answers, or an empty text if it did them.

    Not `guarded`: the triggers are dropped before, and made again afterwards. Not `sealed`: all digests are made anew.
    """
    engine = sa.create_engine(database.place(db).url, poolclass=sa.NullPool)
    on_file = engine.dialect.name == "sqlite"
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN" if on_file else "SET session_replication_role = origin")
            if not guarded:
                append_only.unguard(connection)
                if not on_file:
                    connection.exec_driver_sql("SET session_replication_role = replica")
            for statement in statements:
                connection.exec_driver_sql(statement)
            if not sealed:
                connection.exec_driver_sql("UPDATE revision SET digest = NULL")
                digests.seal(connection, after=0)
            if not guarded:
                append_only.guard(connection)
                append_only.close_past(connection)
                append_only.close_sealed(connection)
            connection.commit()
    except sa.exc.DBAPIError as error:
        return str(error.orig)
    return ""


def is_found(positions: Positions) -> bool:
    """Whether `check`, or the opening of the database, says that something is wrong."""
    return not passes(positions)


def passes(positions: Positions, *words: str) -> bool:
    try:
        positions("check", *words)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("name", slow_but(FAST, DATA))
def test_a_forgery_is_refused_or_found(story: Positions, name: str) -> None:
    answer = forge(story.db, DATA[name])

    assert answer or is_found(story)
    assert answer or name in LATER, "only what looks like recording is not refused at once"
    assert passes(story) or name in LATER


@pytest.mark.parametrize("name", slow_but(FAST, DATA))
def test_a_forgery_with_the_triggers_dropped_is_found(story: Positions, name: str) -> None:
    assert forge(story.db, DATA[name], guarded=False) or is_found(story)


@pytest.mark.parametrize("name", slow_but(FAST, DATA))
def test_a_forgery_that_computes_the_digests_anew_is_found_by_a_digest_that_was_noted(
    story: Positions, name: str
) -> None:
    noted = story.ask("log")[0]["digest"]

    done = forge(story.db, DATA[name], guarded=False, sealed=False) == ""

    is_one_more_revision = name in {
        *LATER,
        "a revision with a digest made up",
    }  # with its digest, it is like any that the program records
    assert not done or is_one_more_revision or is_found(story) or not passes(story, "--contains", noted)


@pytest.mark.parametrize(
    "statements", [*INDEX.values(), *(INDEX_ON_SQLITE if SERVER is None else INDEX_ON_SERVER).values()]
)
def test_an_index_of_search_that_does_not_agree_with_the_record_is_found(
    story: Positions, statements: list[str]
) -> None:
    assert forge(story.db, statements) == ""
    assert is_found(story)


@pytest.mark.skipif(SERVER is not None, reason="whoever may do this on a server owns it")
@pytest.mark.parametrize("name", slow_but(["two schemas", "a table"], STRUCTURE))
def test_another_structure_is_found(story: Positions, name: str) -> None:
    assert forge(story.db, STRUCTURE[name]) or is_found(story)


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE revision SET message = 'another' WHERE number = 1"],
        ["UPDATE revision SET recorded_by = 'another' WHERE number = 3"],
        [
            "UPDATE change SET after = replace(after, 'no more members', 'made up')",
            "UPDATE item SET quote = 'made up' WHERE quote = 'no more members'",
        ],
    ],
)
def test_only_a_noted_digest_finds_what_is_rewritten_throughout(story: Positions, statements: list[str]) -> None:
    """Whoever owns the database can rewrite all of it, digests included; then the noted ones no longer fit."""
    noted = story.ask("log")[0]["digest"]

    assert forge(story.db, statements, guarded=False, sealed=False) == ""

    assert passes(story)
    assert not passes(story, "--contains", noted)
