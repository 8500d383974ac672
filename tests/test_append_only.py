"""The database itself refuses to rewrite what is recorded, whichever SQL tool asks it to.

Statements are tried as from a tool that knows nothing of this program: on SQLite even without foreign keys, which are
off by default there. Whatever a statement did, it is taken back, so that all tests share one filled database. Most
statements are tried while a further revision is being recorded, because a sealed one refuses everything.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from positions import append_only, database, models
from tests.conftest import SERVER, Positions, _copy, recorder, slow_but

DRAFT = """
format: 1
episode: {id: draft-treaty, kind: draft, title: Draft treaty, published: 2021-12-17, url: https://example.org/draft}
sides:
  - {id: russia, name: Russia}
  - {id: west, name: The West}
actors:
  - {id: russia, kind: state, side: russia, name: Russia}
  - {id: us, kind: state, side: west, name: United States}
  - {id: nato, kind: alliance, side: west, name: NATO}
  - {id: lavrov, kind: person, speaks_for: russia, name: Sergey Lavrov}
  - {id: ukraine, kind: state, name: Ukraine}
  - {id: eu, kind: organisation, name: European Union}
  - {id: osce, kind: organisation, name: OSCE}
"""

TALKS = """
format: 1
episode: {id: talks, kind: article, title: The talks, published: 2022-01-31, url: https://example.org/talks}
packages:
  - {id: guarantees, by: russia, said: 2022-01-14, title: One package, items: [no-enlargement, no-missiles],
     core: no-enlargement, core_quote: the key to the rest, quote: a package and no menu, basis: reported}
demands:
  - {id: no-enlargement, by: russia, to: [us, nato], affects: ukraine, topic: enlargement, title: No enlargement,
     made: 2021-12-17, basis: stated, quote: no more members,
     provisions: [{document: draft-treaty, article: "4"}, {document: draft-treaty, article: "5"}]}
  - {id: no-missiles, by: russia, to: [us, nato], topic: missiles, title: No missiles nearby,
     made: 2021-12-17, basis: stated, quote: no missiles near us}
offers:
  - {id: missile-talks, by: us, to: russia, topic: missiles, title: Talks on missiles, made: 2022-01-10,
     basis: reported, quote: open to discussing missiles, answers: [no-missiles, guarantees]}
  - {id: wider-talks, by: us, to: russia, topic: missiles, title: Talks on all arms, made: 2022-01-20,
     basis: reported, quote: talks on all arms, alternative_to: missile-talks}
  - {id: inspections, by: us, to: russia, topic: missiles, title: Inspections, made: 2022-01-20,
     basis: reported, quote: and inspections, part_of: wider-talks}
responses:
  - {id: refusal, by: [us, nato], said: 2022-01-10/2022-01-12, basis: reported, quote: simply non-starters,
     stances: {no-enlargement: {stance: non-starter, wording: simply}}}
  - {id: readiness, by: us, said: 2022-01-21, basis: stated, quote: let us talk, stances: {wider-talks: open}}
  - {id: insistence, by: russia, speaker: lavrov, said: 2022-01-14, basis: stated, quote: we insist,
     repeats: [no-enlargement], about: [missile-talks]}
outcomes:
  - {items: [missile-talks], outcome: superseded, superseded_by: wider-talks, on: 2022-01-20, by: us}
  - {items: [no-missiles, inspections], outcome: withdrawn, on: 2022-01-25, by: [russia, us]}
"""

CORRECTED = TALKS.replace("wording: simply}", "wording: simply non-starters}").replace("[russia, us]", "russia")
"""The same source, with a response and an outcome coded otherwise."""

SEALED, NEWEST = 3, 4
"""The last revision of the filled database, and the one that is being recorded when a statement is tried."""

_PAST_REFUSAL = "only the newest revision can change: {}"
_SEALED_REFUSAL = "what is sealed cannot change: {}"
_OPENING = (
    "INSERT INTO revision (number, recorded_at, recorded_by, message)"
    f" SELECT {NEWEST}, max(recorded_at), 'somebody', 'something' FROM revision"
)
ONLY_SQLITE = pytest.mark.skipif(SERVER is not None, reason="REPLACE is SQLite's alone")
ONLY_POSTGRESQL = pytest.mark.skipif(SERVER is None, reason="TRUNCATE is PostgreSQL's alone")

_OF_EACH_KIND = ("revision", "change", "item_actor", "response", "response_actor", "stance", "item")
"""A table of each kind; the slow part tries all."""

STATEMENTS = pytest.mark.parametrize("table", slow_but(_OF_EACH_KIND, append_only.APPEND_ONLY))
DESCRIPTIONS = pytest.mark.parametrize("table", slow_but(_OF_EACH_KIND, append_only.EDITABLE))
ALL = pytest.mark.parametrize("table", slow_but(_OF_EACH_KIND, append_only.GUARDED))
_RECORDED = [table.name for table in models.METADATA.sorted_tables if "retracted_in" in table.c]
RECORDED = pytest.mark.parametrize("table", slow_but(_OF_EACH_KIND, _RECORDED))
RECORDED_STATEMENTS = pytest.mark.parametrize(
    "table", slow_but(_OF_EACH_KIND, [table for table in _RECORDED if table in append_only.APPEND_ONLY])
)

Try = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, _templates: dict[str, str]) -> Iterator[str]:
    """A database with rows in every table: two sources, and a correction of the second."""
    folder = tmp_path_factory.mktemp("filled")
    for place in _copy(_templates["empty"], folder / "filled.db"):
        record = recorder(Positions(place), folder)
        for text in (DRAFT, TALKS, CORRECTED):
            record(text)
        yield place


@contextmanager
def _connected(place: str, *, foreign_keys: bool, recording: bool = True) -> Iterator[sa.Connection]:
    """A connection as any SQL tool would open it, by default with a revision begun; whatever it does is taken back."""
    engine = sa.create_engine(database.place(place).url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if foreign_keys and engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        if recording:
            connection.exec_driver_sql(_OPENING)
        yield connection
        connection.rollback()


def _rows(connection: sa.Connection, table: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in connection.execute(sa.text(f"SELECT * FROM {table}"))), key=repr)


def _attempt(place: str, statement: sa.Executable, *tables: str, recording: bool = True) -> str:
    """What the database answers to `statement`, without foreign keys if they can be off.

    Whatever it answers, not one row of `tables` may be other than before.
    """
    with _connected(place, foreign_keys=False, recording=recording) as connection:
        before = [_rows(connection, table) for table in tables]
        assert all(before), f"nothing is recorded in {tables}"
        answer = ""
        trying = connection.begin_nested()
        try:
            connection.execute(statement)
        except sa.exc.DBAPIError as error:
            answer = str(error.orig)
            trying.rollback()
        assert [_rows(connection, table) for table in tables] == before, answer or "it was done"
    return answer


def refused(place: str, statement: str | sa.Executable, table: str) -> bool:
    """Whether the database refuses `statement` as a rewriting, and nothing changes in `table`."""
    asked = sa.text(statement) if isinstance(statement, str) else statement
    answer = _attempt(place, asked, table)
    refusals = (f"what is recorded in {table} is never rewritten", _PAST_REFUSAL.format(table))
    return any(refusal in answer for refusal in (*refusals, _SEALED_REFUSAL.format(table)))


def accepted(place: str, *statements: str | sa.Executable, past_is_open: bool = False) -> bool:
    """Whether the database carries out `statements`, with foreign keys; they are taken back afterwards."""
    with _connected(place, foreign_keys=True) as connection:
        try:
            if past_is_open:
                append_only.open_past(connection)
            for statement in statements:
                connection.execute(sa.text(statement) if isinstance(statement, str) else statement)
        except sa.exc.IntegrityError:
            return False
        except sa.exc.DBAPIError as error:
            refusals = ("is never rewritten", _PAST_REFUSAL.format(""), _SEALED_REFUSAL.format(""))
            if not any(refusal in str(error.orig) for refusal in refusals):
                raise
            return False
    return True


def another(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Something else than what stands in `column`."""
    match column.type:
        case sa.Boolean():
            return sa.not_(column)
        case sa.Integer():
            return sa.func.coalesce(column, 0) + 1
        case sa.Date():
            return sa.literal(date(2001, 1, 1))
        case sa.String():
            return sa.literal_column("'else'")
        case _:
            return sa.literal(datetime(2001, 1, 1, tzinfo=UTC))


def key(table: str) -> str:
    """The columns by which rows of `table` are told apart, as SQL lists them."""
    return ", ".join(column.name for column in models.METADATA.tables[table].primary_key)


def columns(table: str, **instead: str) -> tuple[str, str]:
    """The columns of `table`, and what to select for them: themselves, or what stands in `instead`."""
    names = [column.name for column in models.METADATA.tables[table].c]
    return ", ".join(names), ", ".join(instead.get(name, name) for name in names)


def copied(table: str, verb: str = "INSERT", **instead: str) -> str:
    """SQL that inserts the held rows of `table` again, with other values in some columns."""
    names, values = columns(table, **instead)
    return f"{verb} INTO {table} ({names}) SELECT {values} FROM {table} WHERE retracted_in IS NULL"


# ---- statements


@STATEMENTS
def test_no_column_of_a_recorded_row_can_be_updated(filled: str, table: str) -> None:
    target = models.METADATA.tables[table]
    for column in target.c:
        if column.name != "retracted_in":
            assert refused(filled, sa.update(target).values({column: another(column)}), table), column
            assert refused(filled, sa.update(target).values({column: column}), table), column


@RECORDED_STATEMENTS
def test_a_row_cannot_be_changed_while_it_is_retracted(filled: str, table: str) -> None:
    target = models.METADATA.tables[table]
    held = sa.update(target).where(target.c.retracted_in.is_(None))
    for column in target.c:
        if column.name != "retracted_in":
            assert refused(filled, held.values({"retracted_in": NEWEST, column.name: another(column)}), table), column


@ALL
def test_no_recorded_row_can_be_deleted(filled: str, table: str) -> None:
    assert refused(filled, f"DELETE FROM {table}", table)


@ONLY_SQLITE
@ALL
@pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE"])
def test_no_recorded_row_can_be_replaced_by_its_number(filled: str, table: str, verb: str) -> None:
    names, values = columns(table)
    assert refused(filled, f"{verb} INTO {table} ({names}) SELECT {values} FROM {table}", table)


@ONLY_SQLITE
@pytest.mark.parametrize("table", [name for name in _RECORDED if name != "item_link"])
def test_no_held_row_can_be_replaced_by_its_id(filled: str, table: str) -> None:
    assert refused(filled, copied(table, "INSERT OR REPLACE", id="id + 1000"), table)


@ONLY_SQLITE
def test_no_change_can_be_replaced_by_what_it_names(filled: str) -> None:
    names, values = columns("change", id="id + 1000")
    assert refused(filled, f"INSERT OR REPLACE INTO change ({names}) SELECT {values} FROM change", "change")


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("table", "whole", "part"),
    [
        ("response_actor", "response_id", "actor_id"),
        ("outcome_actor", "outcome_id", "actor_id"),
        ("outcome_item", "outcome_id", "item_id"),
    ],
)
def test_no_part_of_a_statement_can_be_replaced_by_its_rowid(filled: str, table: str, whole: str, part: str) -> None:
    """SQLite numbers the rows of a table in secret, unless it is made WITHOUT ROWID: REPLACE goes by that too."""
    replacing = f"INSERT OR REPLACE INTO {table} (rowid, {whole}, {part}) SELECT 1, max({whole}) + 1, 1 FROM {table}"
    assert _attempt(filled, sa.text(replacing), table)


@STATEMENTS
def test_no_recorded_row_can_be_upserted(filled: str, table: str) -> None:
    names, values = columns(table)
    first = names.partition(",")[0]
    upsert = f"ON CONFLICT ({key(table)}) DO UPDATE SET {first} = excluded.{first}"
    assert refused(filled, f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE true {upsert}", table)


@ONLY_POSTGRESQL
@ALL
def test_no_table_can_be_truncated(filled: str, table: str) -> None:
    answer = _attempt(filled, sa.text(f"TRUNCATE {table} CASCADE"), table, recording=False)
    assert "is never rewritten" in answer


# ---- retraction


@RECORDED
def test_a_row_can_be_retracted_by_a_later_revision_only(filled: str, table: str) -> None:
    retracting = f"UPDATE {table} SET retracted_in = {{}} WHERE retracted_in IS NULL AND recorded_in < {NEWEST}"

    assert accepted(filled, retracting.format(NEWEST))
    assert not accepted(filled, retracting.format("recorded_in"))
    assert not accepted(filled, retracting.format("recorded_in - 1"))
    assert not accepted(filled, retracting.format(NEWEST + 1)), "there is no such revision yet"


@RECORDED_STATEMENTS
@pytest.mark.parametrize("to", ["NULL", "retracted_in - 1", "retracted_in + 1", "retracted_in"])
def test_a_statement_taken_back_stays_so_for_good(filled: str, table: str, to: str) -> None:
    retracting = f"UPDATE {table} SET retracted_in = {NEWEST} WHERE retracted_in IS NULL AND recorded_in < {NEWEST}"
    assert not accepted(filled, retracting, f"UPDATE {table} SET retracted_in = {to} WHERE retracted_in IS NOT NULL")


# ---- descriptions


def test_descriptions_can_be_edited_in_place(filled: str) -> None:
    assert accepted(filled, "UPDATE item SET title = 'Another'", "UPDATE actor SET name = 'Another'")


@DESCRIPTIONS
def test_a_description_taken_back_stays_so_for_good(filled: str, table: str) -> None:
    retracting = f"UPDATE {table} SET retracted_in = {NEWEST} WHERE recorded_in < {NEWEST}"
    assert not accepted(filled, retracting, f"UPDATE {table} SET retracted_in = NULL")


@DESCRIPTIONS
def test_a_description_taken_back_is_edited_no_more(filled: str, table: str) -> None:
    retracting = f"UPDATE {table} SET retracted_in = {NEWEST} WHERE recorded_in < {NEWEST}"
    assert not accepted(filled, retracting, f"UPDATE {table} SET slug = 'another-' || id")


@DESCRIPTIONS
def test_a_description_keeps_its_number_and_its_revision(filled: str, table: str) -> None:
    for edit in ("id = id + 1000", f"recorded_in = {NEWEST}"):
        assert _attempt(filled, sa.text(f"UPDATE {table} SET {edit}"), table), edit


@ONLY_SQLITE
@DESCRIPTIONS
def test_no_description_can_be_upserted_on_sqlite(filled: str, table: str) -> None:
    names, values = columns(table)
    upsert = "ON CONFLICT (id) DO UPDATE SET slug = excluded.slug"
    assert refused(filled, f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE true {upsert}", table)


@ONLY_SQLITE
@pytest.mark.parametrize("setting", ["slug = 'eu'", "id = (SELECT id FROM actor WHERE slug = 'eu')"])
def test_an_edit_cannot_push_another_description_out(filled: str, setting: str) -> None:
    """UPDATE OR REPLACE deletes the row whose place is taken, without asking the triggers for DELETE."""
    assert _attempt(filled, sa.text(f"UPDATE OR REPLACE actor SET {setting} WHERE slug = 'osce'"), "actor")


# ---- one held row, and honest copies


@RECORDED
def test_an_id_has_one_held_row(filled: str, table: str) -> None:
    assert not accepted(filled, copied(table, id="id + 1000", recorded_in=str(NEWEST)))


@RECORDED
def test_an_id_may_have_any_number_of_retracted_rows(filled: str, table: str) -> None:
    instead = {"recorded_in": "1", "retracted_in": "2"}
    twice = copied(table, id="id + 1000", **instead), copied(table, id="id + 2000", **instead)
    assert accepted(filled, *twice, past_is_open=True)


def _stance(place: str, **instead: Any) -> sa.Insert:
    """A stance of the refusal on an item that it does not speak of, with some columns made up."""
    stance = models.METADATA.tables["stance"]
    with _connected(place, foreign_keys=False) as connection:
        refusal = sa.select(stance).where(stance.c.wording == "simply non-starters").limit(1)
        row = connection.execute(refusal).mappings().one()
        other = connection.scalar(sa.select(models.item.c.id).where(models.item.c.slug == "no-missiles"))
    return sa.insert(stance).values({**row, "id": 1000, "item_id": other, "recorded_in": NEWEST, **instead})


def test_a_stance_that_copies_its_response_is_accepted(filled: str) -> None:
    assert accepted(filled, _stance(filled))
    assert accepted(filled, _stance(filled, basis="alleged", firm=False, stated=False))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("said_from", date(2022, 1, 9)),
        ("said_to", date(2022, 1, 11)),
        ("sequence", 1000),
        ("response_basis", "inferred"),
        ("episode_id", 1),
        ("response_id", 1000),
    ],
)
def test_a_stance_says_no_more_than_its_response(filled: str, column: str, value: Any) -> None:
    assert not accepted(filled, _stance(filled, **{column: value}))


@pytest.mark.parametrize(
    "lie",
    [
        {"firm": False},
        {"stated": True},
        {"basis": "stated"},
        {"basis": "alleged"},
        {"response_basis": "stated", "stated": True},
        {"response_basis": "alleged", "firm": False},
    ],
)
def test_a_stance_weighs_no_more_than_its_basis(filled: str, lie: dict[str, Any]) -> None:
    assert not accepted(filled, _stance(filled, **lie))


def test_a_stance_belongs_to_who_gave_the_response(filled: str) -> None:
    with _connected(filled, foreign_keys=False) as connection:
        russia = connection.scalar(sa.text("SELECT id FROM actor WHERE slug = 'russia'"))
    assert not accepted(filled, _stance(filled, actor_id=russia))


def test_an_open_stance_has_no_condition(filled: str) -> None:
    assert accepted(filled, _stance(filled, kind="open"))
    assert not accepted(filled, _stance(filled, kind="open", condition="if you go first"))


def test_every_table_is_guarded_and_every_recorded_one_filled(filled: str) -> None:
    guarded = set(append_only.GUARDED)
    assert guarded == models.METADATA.tables.keys() - {"negotiation", "search_text"}
    assert not set(append_only.APPEND_ONLY) & set(append_only.EDITABLE)
    with _connected(filled, foreign_keys=False) as connection:
        assert [table for table in guarded if not _rows(connection, table)] == []


# ---- the past


def _past_refused(place: str, statement: str, table: str, *, recording: bool = True) -> bool:
    return _PAST_REFUSAL.format(table) in _attempt(place, sa.text(statement), table, recording=recording)


@RECORDED
def test_no_row_enters_an_earlier_revision(filled: str, table: str) -> None:
    for revision in (1, NEWEST - 1, NEWEST + 1):
        retracted = copied(table, "INSERT", id="id + 1000", recorded_in=str(revision), retracted_in=str(NEWEST))
        assert _past_refused(filled, retracted, table)
        held = copied(table, "INSERT", id="id + 1000", recorded_in=str(revision))
        assert _attempt(filled, sa.text(held), table)


@RECORDED
def test_no_row_enters_the_record_retracted(filled: str, table: str) -> None:
    entering = copied(table, "INSERT", id="id + 1000", recorded_in=str(NEWEST), retracted_in=str(NEWEST + 1))
    assert _past_refused(filled, entering, table)


@RECORDED
def test_no_row_leaves_the_record_in_an_earlier_revision(filled: str, table: str) -> None:
    leaving = f"UPDATE {table} SET retracted_in = {NEWEST - 1} WHERE retracted_in IS NULL AND recorded_in = 1"
    if table == "outcome":  # all of them were recorded in r2
        leaving = f"UPDATE {table} SET retracted_in = {NEWEST + 1} WHERE retracted_in IS NULL"
    with _connected(filled, foreign_keys=False) as connection:
        is_there = connection.scalar(sa.text(f"SELECT 1 FROM {table} WHERE recorded_in = 1 AND retracted_in IS NULL"))
    assert not is_there or _past_refused(filled, leaving, table)


def test_no_change_is_added_to_an_earlier_revision(filled: str) -> None:
    names, values = columns("change", id="id + 1000", revision="1", name="'another-' || name")
    assert _past_refused(filled, f"INSERT INTO change ({names}) SELECT {values} FROM change", "change")


@pytest.mark.parametrize(
    ("table", "whole", "part"),
    [
        ("response_actor", "response_id", "actor_id"),
        ("outcome_actor", "outcome_id", "actor_id"),
        ("outcome_item", "outcome_id", "item_id"),
    ],
)
def test_nothing_is_added_to_a_statement_of_an_earlier_revision(filled: str, table: str, whole: str, part: str) -> None:
    owner = whole.removesuffix("_id")
    adding = f"INSERT INTO {table} ({whole}, {part}) SELECT id, 1000 FROM {owner} WHERE recorded_in < {NEWEST}"
    assert _past_refused(filled, adding, table)


@pytest.mark.parametrize("number", [-1, 0, SEALED, SEALED + 2, 1000])
def test_a_revision_has_the_next_number(filled: str, number: int) -> None:
    names, values = columns("revision", number=str(number), recorded_by="'somebody else'", digest="NULL")
    forging = sa.text(f"INSERT INTO revision ({names}) SELECT {values} FROM revision WHERE number = {SEALED}")
    assert _attempt(filled, forging, "revision", recording=False)


def test_a_revision_is_not_earlier_than_the_last(filled: str) -> None:
    names, values = columns("revision", number=f"number + {SEALED}", digest="NULL")
    forging = f"INSERT INTO revision ({names}) SELECT {values} FROM revision WHERE number = 1"
    assert _past_refused(filled, forging, "revision", recording=False)


@ONLY_SQLITE
def test_nobody_is_a_role_of_a_file(filled: str) -> None:
    names, values = columns("revision", number="number + 1", role="'editor'", digest="NULL")
    forging = f"INSERT INTO revision ({names}) SELECT {values} FROM revision WHERE number = {SEALED}"
    assert _past_refused(filled, forging, "revision", recording=False)


@ONLY_POSTGRESQL
def test_a_revision_names_the_role_that_made_it_whatever_the_client_says(filled: str) -> None:
    names, values = columns("revision", number="number + 1", role="'somebody else'", digest="NULL")
    with _connected(filled, foreign_keys=False, recording=False) as connection:
        connection.execute(
            sa.text(f"INSERT INTO revision ({names}) SELECT {values} FROM revision WHERE number = {SEALED}")
        )
        roles = connection.execute(sa.text("SELECT DISTINCT role = session_user FROM revision")).scalars().all()
    assert roles == [True]


# ---- what is sealed


@ALL
def test_nothing_enters_or_is_edited_once_the_newest_revision_has_its_digest(filled: str, table: str) -> None:
    names, values = columns(table, id="id + 1000", recorded_in=str(SEALED), retracted_in="NULL", revision=str(SEALED))
    entering = sa.text(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}")
    named = [column for column in models.METADATA.tables[table].c if column.name in {"name", "title", "slug"}]
    assert _attempt(filled, entering, table, recording=False)
    if table in append_only.EDITABLE:
        editing = sa.update(models.METADATA.tables[table]).values({named[0]: another(named[0])})
        answer = _attempt(filled, editing, table, recording=False)
        assert _SEALED_REFUSAL.format(table) in answer or "is never rewritten" in answer


@RECORDED
def test_nothing_leaves_once_the_newest_revision_has_its_digest(filled: str, table: str) -> None:
    leaving = f"UPDATE {table} SET retracted_in = {SEALED} WHERE retracted_in IS NULL AND recorded_in < {SEALED}"
    with _connected(filled, foreign_keys=False) as connection:
        is_there = connection.scalar(
            sa.text(f"SELECT 1 FROM {table} WHERE recorded_in < {SEALED} AND retracted_in IS NULL")
        )
    assert not is_there or _SEALED_REFUSAL.format(table) in _attempt(filled, sa.text(leaving), table, recording=False)


@pytest.mark.parametrize("digest", [f"'{'0' * 63}'", f"'{'0' * 63}g'", f"'{'A' * 64}'", "''", "NULL"])
def test_a_revision_is_sealed_by_a_digest_and_nothing_else(filled: str, digest: str) -> None:
    with _connected(filled, foreign_keys=True) as connection:
        connection.execute(sa.text(f"UPDATE revision SET digest = '{'0' * 64}' WHERE number = {NEWEST}"))
    assert not accepted(filled, f"UPDATE revision SET digest = {digest} WHERE number = {NEWEST}") or digest == "NULL"


def test_a_digest_is_set_once(filled: str) -> None:
    sealing = f"UPDATE revision SET digest = '{{}}' WHERE number = {NEWEST}"
    assert accepted(filled, sealing.format("0" * 64))
    assert not accepted(filled, sealing.format("0" * 64), sealing.format("1" * 64))
    assert not accepted(filled, f"UPDATE revision SET digest = '{'1' * 64}' WHERE number = {SEALED}")
    assert not accepted(filled, f"UPDATE revision SET digest = NULL WHERE number = {SEALED}")


def test_a_revision_does_not_begin_before_the_last_is_sealed(filled: str) -> None:
    following = _OPENING.replace(f"SELECT {NEWEST}", f"SELECT {NEWEST + 1}")
    assert not accepted(filled, following)
    assert accepted(filled, f"UPDATE revision SET digest = '{'0' * 64}' WHERE number = {NEWEST}", following)


@ONLY_SQLITE
@pytest.mark.parametrize(
    "time", ["'9999-01-01 00:00:00.000000'", "'tomorrow'", "9e9", "x'ff'", "datetime('now', '+1 hour')"]
)
def test_a_revision_is_not_later_than_now(filled: str, time: str) -> None:
    beginning = _OPENING.replace("max(recorded_at)", f"max({time})")
    assert _attempt(filled, sa.text(beginning), "revision", recording=False)


@ONLY_POSTGRESQL
def test_the_server_says_when_a_revision_was_recorded(filled: str) -> None:
    with _connected(filled, foreign_keys=False, recording=False) as connection:
        connection.execute(sa.text(_OPENING.replace("max(recorded_at)", "max('9999-01-01'::timestamptz)")))
        is_now = f"SELECT recorded_at <= clock_timestamp() FROM revision WHERE number = {NEWEST}"
        assert connection.scalar(sa.text(is_now))


@ONLY_POSTGRESQL
def test_a_transaction_cannot_end_with_a_revision_that_has_no_digest(filled: str) -> None:
    with _connected(filled, foreign_keys=False) as connection, pytest.raises(sa.exc.DBAPIError, match="ends with its"):
        connection.commit()


@ONLY_POSTGRESQL
def test_operators_of_ones_own_do_not_open_the_past(filled: str) -> None:
    """Whoever may create in a schema can make `-` say that nothing else was changed; the triggers do not look there."""
    lying = (
        "CREATE FUNCTION public.unchanged(jsonb, text) RETURNS jsonb LANGUAGE sql AS 'SELECT ''{}''::jsonb'",
        "CREATE OPERATOR public.- (LEFTARG = jsonb, RIGHTARG = text, FUNCTION = public.unchanged)",
        "SET LOCAL search_path = public, pg_catalog",
    )
    with _connected(filled, foreign_keys=False) as connection:
        for statement in lying:
            connection.execute(sa.text(statement))
        rewriting = f"UPDATE stance SET retracted_in = {NEWEST}, wording = 'other' WHERE retracted_in IS NULL"
        with pytest.raises(sa.exc.DBAPIError, match="is never rewritten"):
            connection.execute(sa.text(rewriting))


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT INTO side (id, slug, name, episode_id, recorded_in) VALUES (99, 'north', 'North', 99, {NEWEST})",
        "UPDATE actor SET side_id = 999 WHERE slug = 'nato'",
    ],
)
def test_a_row_that_points_nowhere_cannot_be_recorded(filled: str, statement: str) -> None:
    """SQLite looks at foreign keys only because every connection of ours says so."""
    with suppress(sa.exc.DBAPIError), database.recording(filled) as connection:
        connection.exec_driver_sql(_OPENING)
        with pytest.raises(sa.exc.IntegrityError, match=r"(?i)foreign key"):
            connection.exec_driver_sql(statement)
        connection.rollback()
