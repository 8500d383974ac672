"""`positions check`: a sound database is proved sound, and every fault that is put in by force is found."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from positions import append_only, database
from tests.conftest import SERVER, TALKS, Positions, _copy, recorder, slow_but

ON_SQLITE = pytest.mark.skipif(SERVER is not None, reason="a server keeps its rules itself")

PRESS = """
format: 1
episode: {id: press, kind: statement, title: The press, published: 2022-01-20, url: https://example.org/press}
packages: [{id: both, by: russia, said: 2022-01-14, title: Both, basis: stated, quote: a package,
            items: [no-enlargement, no-missiles], core: [no-enlargement], core_quote: the key}]
extends: [{id: no-missiles, affects: osce}]
responses:
  - {id: refusal, by: [us, nato], said: 2022-01-12, basis: stated, quote: simply no,
     stances: {no-enlargement: non-starter}}
  - {id: insists, by: russia, speaker: lavrov, said: 2022-01-13, basis: stated, quote: again, repeats: no-enlargement}
outcomes: [{items: no-missiles, outcome: met, on: 2022-01-19, by: us, in_part: true, basis: inferred}]
"""


@pytest.fixture(scope="module")
def template(_templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A sound record of three revisions, the last of which corrects a response; to be copied."""
    folder = tmp_path_factory.mktemp("story")
    for place in _copy(_templates["empty"], folder / "story.db"):
        for text in (TALKS, PRESS, PRESS.replace("simply no", "no and no")):
            recorder(Positions(place), folder)(text)
        yield place


@pytest.fixture
def story(template: str, tmp_path: Path) -> Iterator[Positions]:
    """The command line on that record."""
    for place in _copy(template, tmp_path / "story.db"):
        yield Positions(place)


def force(db: str, *statements: str, guarded: bool = True) -> None:
    """Do to the database what neither it nor the program allows; afterwards its triggers are there again."""
    engine = sa.create_engine(database.place(db).url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            connection.exec_driver_sql("BEGIN")  # or each trigger would be synced to the disk
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        if guarded:
            append_only.unguard(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)
        if guarded:
            append_only.guard(connection)
            append_only.close_past(connection)
            append_only.close_sealed(connection)
        connection.commit()


def broken(positions: Positions) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = positions("check", "--format", "json", exit_code=1).json
    return rows


def found(positions: Positions, what: str, name: str, message: str) -> Iterable[dict[str, Any]]:
    rows = broken(positions)
    assert [one for one in rows if (one["what"], one["id"]) == (what, name) and message in one["message"]], rows
    return rows


def test_a_sound_database_is_said_to_be_sound(story: Positions) -> None:
    told = story("check")

    assert told.stdout.startswith("Nothing is wrong. Checked:\n")
    assert "no current entry refers to a retracted one" in told.stdout
    assert told.stderr == ""
    assert story.ask("check") == []


def test_nothing_is_wrong_with_an_empty_database_or_with_episode_1(positions: Positions, seeded: Positions) -> None:
    assert positions.ask("check") == seeded.ask("check") == []


def test_nothing_is_wrong_after_everything_was_taken_back(story: Positions) -> None:
    for revision in ("3", "2", "1"):
        story("undo", f"r{revision}")

    assert story.ask("check") == []


def test_what_is_broken_is_told_to_people_and_to_programs(story: Positions) -> None:
    force(story.db, "UPDATE item SET title = 'Another' WHERE slug = 'no-missiles'")

    told = story("check", exit_code=1)

    assert "no-missiles" in told.stdout
    assert "with other content in the log" in told.stdout
    assert told.stderr.startswith("Error: 1 problem in ")
    assert story("check", "-f", "csv", exit_code=1).stdout.splitlines()[0] == "what,id,message"


HELD = "retracted_in IS NULL"
REFUSAL = f"{HELD} AND slug = 'refusal'"
COPIED = "episode_id, said_from, said_to, basis, quote, sequence, recorded_in, retracted_in"
NATO = "(SELECT id FROM actor WHERE slug = 'nato')"
OSCE = "(SELECT id FROM actor WHERE slug = 'osce')"
NO_MISSILES = "(SELECT id FROM item WHERE slug = 'no-missiles')"
NO_ENLARGEMENT = "(SELECT id FROM item WHERE slug = 'no-enlargement')"
SIDE = "INSERT INTO side (id, slug, name, episode_id, recorded_in) VALUES (99, '{}', 'Russia', 1, 1)"

FAULTS: dict[str, tuple[tuple[str, ...], tuple[str, str, str]]] = {
    "a link hangs on an item that was retracted": (
        ("UPDATE item SET retracted_in = 2 WHERE slug = 'no-missiles'",),
        ("reference", "missile-talks", "refers to no-missiles"),
    ),
    "an actor's side was retracted": (
        ("UPDATE side SET retracted_in = 2 WHERE slug = 'west'",),
        ("reference", "nato", "refers to west"),
    ),
    "everything hangs on an episode that was retracted": (
        ("UPDATE episode SET retracted_in = 2 WHERE slug = 'talks'",),
        ("reference", "no-missiles", "refers to talks"),
    ),
    "a mention is of no item": (
        ("UPDATE mention SET item_id = 999",),
        ("mention", "1", "points to no item: item_id"),
    ),
    "a stance's copy of a day is not the response's": (
        (f"UPDATE stance SET said_from = '2022-01-01' WHERE {HELD}",),
        ("stance", "3", "points to no response"),
    ),
    "a stance is of an actor that did not give the response": (
        (f"UPDATE stance SET actor_id = {OSCE} WHERE {HELD} AND actor_id = {NATO}",),
        ("stance", "3", "points to no response_actor"),
    ),
    "an id is held twice": (
        ("DROP INDEX uq_side_held", SIDE.format("russia")),
        ("side", "russia", "is recorded more than once"),
    ),
    "an index is gone": (("DROP INDEX uq_side_held",), ("index", "uq_side_held", "is missing")),
    "an item and a package share an id": (
        ("UPDATE package SET slug = 'no-missiles'",),
        ("package", "no-missiles", "is also the id of an item"),
    ),
    "a stance went without its response": (
        (f"UPDATE stance SET retracted_in = 9 WHERE {HELD} AND actor_id = {NATO}",),
        ("response", "press/refusal", "was not recorded and retracted with it"),
    ),
    "two who answer together stand apart": (
        (f"UPDATE stance SET kind = 'open' WHERE {HELD} AND actor_id = {NATO}",),
        ("response", "press/refusal", "does not give all its actors the same stance on no-enlargement"),
    ),
    "a correction took another place": (
        (f"UPDATE response SET sequence = 77 WHERE {HELD} AND slug = 'refusal'",),
        ("response", "press/refusal", "has a place outside its source"),
    ),
    "two responses stand at one place": (
        (f"INSERT INTO response (id, slug, {COPIED}) SELECT 9, 'twin', {COPIED} FROM response WHERE {REFUSAL}",),
        ("response", "press/twin", "has the same place as another statement of its source"),
    ),
    "a revision is missing": (
        ("DELETE FROM revision WHERE number = 2",),
        ("revision", "r3", "follows r1"),
    ),
    "the first revision is missing": (("DELETE FROM revision WHERE number = 1",), ("revision", "r2", "follows r0")),
    "time runs backwards": (
        ("UPDATE revision SET recorded_at = '2000-01-01 00:00:00' WHERE number = 2",),
        ("revision", "r2", "was recorded before r1"),
    ),
    "a view is missing": (("DROP VIEW non_starter",), ("view", "non_starter", "is missing")),
    "a view says something else": (
        ("DROP VIEW non_starter", "CREATE VIEW non_starter AS SELECT * FROM current_stance"),
        ("view", "non_starter", "differs from that of this version"),
    ),
    "what is held is no text of a file": (
        ("UPDATE item SET url = 'nonsense' WHERE slug = 'no-missiles'",),
        ("demand", "no-missiles", "url: 'nonsense' is not an address"),
    ),
    "a description was edited behind the log": (
        ("UPDATE actor SET name = 'Otan' WHERE slug = 'nato'",),
        ("actor", "nato", "with other content in the log"),
    ),
    "a statement was edited behind the log": (
        (f"UPDATE response SET quote = 'yes' WHERE {HELD} AND slug = 'refusal'",),
        ("response", "press/refusal", "with other content in the log"),
    ),
    "a row came behind the log": (
        (SIDE.format("east"),),
        ("side", "east", "is in the tables and missing from the log"),
    ),
    "a row was deleted behind the log": (
        ("DELETE FROM outcome_actor", "DELETE FROM outcome_item", "DELETE FROM outcome"),
        ("outcome", "press/met-no-missiles", "is in the log and missing from the tables"),
    ),
    "the log says that a held thing was retracted": (
        ("UPDATE change SET after = NULL WHERE name = 'osce'",),
        ("actor", "osce", "is in the tables, but retracted in the log"),
    ),
    "the log contradicts itself": (
        ("UPDATE change SET before = '{}' WHERE revision = 3",),
        ("response", "press/refusal", "in r3, its content before the change differs from the log of earlier revisions"),
    ),
    "the log is no JSON": (
        ("UPDATE change SET after = 'nonsense' WHERE name = 'osce'",),
        ("actor", "osce", "with other content in the log"),
    ),
    "a maker has a stance on its own demand": (
        (f"UPDATE item_actor SET actor_id = {NATO} WHERE role = 'maker' AND item_id = {NO_ENLARGEMENT}",),
        ("response", "press/refusal", "nato made this demand"),
    ),
    "somebody said it after the day of publication": (
        ("UPDATE episode SET published = '2022-01-12' WHERE slug = 'press'",),
        ("response", "press/insists", "said (2022-01-13) is after the day of publication, 2022-01-12"),
    ),
    "a core is not quoted": (("UPDATE package SET core_quote = NULL",), ("package", "both", "quote its words as")),
    "a speaker is no person": (
        (f"UPDATE response SET speaker_id = {OSCE} WHERE slug = 'insists'",),
        ("response", "press/insists", "osce is not a person"),
    ),
    "own words are not quoted": (
        (f"UPDATE response SET quote = NULL WHERE {HELD} AND slug = 'refusal'",),
        ("response", "press/refusal", "needs the actor's own words"),
    ),
    "an extension is of its own episode's item": (
        (f"UPDATE item SET episode_id = 2 WHERE id = {NO_MISSILES}",),
        ("demand", "no-missiles", "with other content in the log"),
    ),
}
"""What may go wrong with a database, by its name: how it is done, and what is found."""


FAST = (
    "a core is not quoted",
    "a mention is of no item",
    "a row was deleted behind the log",
    "the log contradicts itself",
)
"""A fault for each way of finding one: rules, references, rows against the log, the log itself."""


@pytest.mark.parametrize("fault", slow_but(FAST, FAULTS))
def test_a_fault_is_found(story: Positions, fault: str) -> None:
    statements, told = FAULTS[fault]

    force(story.db, *statements)

    found(story, *told)


@ON_SQLITE
@pytest.mark.parametrize(
    ("statement", "what", "name", "message"),
    [
        ("UPDATE stance SET stated = 0 WHERE id = 3", "stance", "3", "breaks the constraint ck_stance_stated"),
        pytest.param(
            *("UPDATE stance SET firm = 0 WHERE id = 3", "stance", "3", "breaks the constraint ck_stance_firm"),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            *("UPDATE stance SET kind = 'maybe' WHERE id = 3", "stance", "3", "breaks the constraint"),
            marks=pytest.mark.slow,
        ),
        ("UPDATE item SET kind = 'wish' WHERE slug = 'no-missiles'", "item", "no-missiles/2", "breaks the constraint"),
        ("UPDATE side SET retracted_in = 1 WHERE slug = 'west'", "side", "west/2", "retracted_later"),
        (
            "UPDATE episode SET published_from = '2022-01-21' WHERE slug = 'press'",
            *("episode", "press/2", "published_in_order"),
        ),
    ],
)
def test_a_row_against_the_rules_of_its_table_is_found(
    story: Positions, statement: str, what: str, name: str, message: str
) -> None:
    force(story.db, statement)

    found(story, what, name, message)


@ON_SQLITE
def test_a_damaged_file_is_found(story: Positions) -> None:
    swapped = "UPDATE sqlite_master SET sql = replace(sql, '(topic)', '(title)') WHERE name = 'ix_item_topic'"

    force(story.db, "PRAGMA writable_schema = ON", swapped, guarded=False)

    assert {(one["what"], one["id"]) for one in broken(story)} >= {("database", "file")}


def test_a_missing_trigger_is_found(story: Positions) -> None:
    force(story.db, f"DROP TRIGGER stance_keeps_rows{' ON stance' if SERVER else ''}", guarded=False)

    assert broken(story) == [{"what": "trigger", "id": "stance_keeps_rows", "message": "is missing"}]


@ON_SQLITE
def test_a_trigger_that_does_something_else_is_found(story: Positions) -> None:
    idle = "CREATE TRIGGER {} BEFORE DELETE ON stance BEGIN SELECT 1; END"

    force(story.db, "DROP TRIGGER stance_keeps_rows", guarded=False)
    force(story.db, idle.format("stance_keeps_rows"), idle.format("mine"), guarded=False)

    assert {one["id"]: one["message"] for one in broken(story)} == {
        "stance_keeps_rows": "differs from that of this version",
        "mine": "is not one of ours",
    }


@pytest.mark.skipif(SERVER is None, reason="SQLite has neither")
def test_a_trigger_that_sleeps_and_a_function_that_allows_all_are_found(story: Positions) -> None:
    force(
        story.db,
        "ALTER TABLE stance DISABLE TRIGGER stance_keeps_rows",
        "CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        guarded=False,
    )

    assert {one["id"] for one in broken(story)} == {"stance_keeps_rows", "refuse_rewriting"}


def test_a_rule_that_a_table_lost_is_found(story: Positions) -> None:
    rules = {"ck_stance_open_without_condition": "stance", "fk_item_speaker_id": "item"}
    if SERVER is not None:
        force(story.db, *(f"ALTER TABLE {table} DROP CONSTRAINT {rule}" for rule, table in rules.items()))
    else:
        force(
            story.db,
            "PRAGMA writable_schema = ON",
            *(
                f"UPDATE sqlite_master SET sql = replace(sql, '{rule}', 'other_{rule}') WHERE name = '{table}'"
                for rule, table in rules.items()
            ),
        )

    assert broken(story) == [
        {"what": "rule", "id": rule, "message": f"is missing from {table}"}
        for rule, table in sorted(rules.items(), reverse=True)
    ]


@pytest.mark.parametrize("content", ["{", '{"id": "no\\u001b-such", "said": 5}'])
def test_a_log_that_cannot_be_read_is_told_in_words(story: Positions, content: str) -> None:
    engine = sa.create_engine(database.place(story.db).url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        append_only.unguard(connection)
        connection.execute(sa.text("UPDATE change SET after = :content"), {"content": content})
        append_only.guard(connection)
        append_only.close_past(connection)
        append_only.close_sealed(connection)

    for words in (["log", "--patch"], ["diff", "r1"], ["undo", "r3"]):
        if content == "{" or words[0] != "log":
            assert "positions check" in story(*words, exit_code=1).stderr


@pytest.mark.slow
def test_a_check_changes_nothing(story: Positions) -> None:
    before = story.ask("log")

    story("check")

    assert story.ask("log") == before


@pytest.mark.slow
@ON_SQLITE
def test_what_has_no_form_of_an_entry_is_told(story: Positions) -> None:
    force(story.db, "UPDATE item SET made_from = '2022-01-01', made_to = '2021-01-01' WHERE slug = 'no-missiles'")

    assert found(story, "episode", "talks", "cannot be read")
