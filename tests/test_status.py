"""`positions status`: where the database is, how far it reaches, and what it knows that it lacks."""

from collections.abc import Callable

import pytest
from sqlalchemy import make_url

from positions import __version__, database
from positions.database import schema
from tests.conftest import SERVER, Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]
KEYS = "database title version schema engine revision digest counts last_read missing"
talks = pytest.mark.usefixtures("talks")


@talks
def test_status_says_where_the_database_is_and_what_made_it(positions: Positions) -> None:
    one = positions.ask("status")

    assert " ".join(one) == KEYS
    assert (one["version"], one["schema"]) == (__version__, schema.NEWEST)
    assert one["database"] == str(database.place(positions.db))
    assert one["engine"].startswith("PostgreSQL " if SERVER else "SQLite ")
    page = positions("status").stdout
    assert one["database"] in page
    assert f"positions {__version__}" in page


@talks
def test_status_counts_what_is_held_now(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12")
    says("us", "open", "no-enlargement", on="2022-01-12")

    one = positions.ask("status")

    assert one["counts"] == {
        "episodes": 3,
        "actors": 5,
        "demands": 2,
        "offers": 1,
        "packages": 0,
        "responses": 2,
        "stances": 2,
        "outcomes": 0,
    }
    assert one["revision"] == 3
    assert "3 episodes, 5 actors, 2 demands, 1 offer" in positions("status").stdout


@talks
def test_what_was_corrected_or_taken_back_is_not_counted(positions: Positions, record: Record) -> None:
    kept = """
        format: 1
        episode: {id: press, kind: statement, title: The press, published: 2022-01-12, url: https://example.org/press}
        responses:
          - {id: kept, by: nato, said: 2022-01-12, basis: stated, quote: we may, stances: {no-enlargement: open}}
    """
    gone = """
          - {id: gone, by: us, said: 2022-01-12, basis: stated, quote: we may, stances: {no-missiles: open}}
    """
    record(kept.rstrip() + gone)
    record(kept.replace("we may", "we might"), "--replace")

    counts = positions.ask("status")["counts"]

    assert (counts["responses"], counts["stances"]) == (1, 1)


@talks
def test_status_names_the_latest_source_in_which_each_side_speaks(positions: Positions, record: Record) -> None:
    for name, day, actor in (
        ("second", "2022-02-10", "us"),
        ("first", "2022-02-02", "nato"),
        ("reply", "2022-02-17", "osce"),
    ):
        record(f"""
            format: 1
            episode: {{id: {name}, kind: statement, title: One, published: {day}, url: https://example.org/one}}
            responses: [{{id: it, by: {actor}, said: {day}, basis: stated, quote: we may,
                          stances: {{no-enlargement: open}}}}]
        """)

    assert positions.ask("status")["last_read"] == {
        "russia": {"episode": "talks", "published": "2022-01-31"},
        "west": {"episode": "second", "published": "2022-02-10"},
    }
    assert "west: second, 2022-02-10" in positions("status").stdout


@talks
def test_status_names_what_is_known_to_be_missing(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: The reply, published: 2022-02-02, url: https://example.org/reply,
                  read: part, missing: its annex on Ukraine}
    """)

    assert positions.ask("status")["missing"] == [{"episode": "reply", "missing": "its annex on Ukraine"}]
    assert "reply: its annex on Ukraine" in positions("status").stdout


def test_status_of_an_empty_database_counts_nothing(positions: Positions) -> None:
    one = positions.ask("status")

    assert set(one["counts"].values()) == {0}
    assert (one["revision"], one["last_read"], one["missing"]) == (0, {}, [])
    assert "0 episodes" in positions("status").stdout


@pytest.mark.skipif(SERVER is not None, reason="a file that is not there")
def test_status_of_a_database_that_is_not_there_names_init(positions: Positions, tmp_path: object) -> None:
    nowhere = f"{tmp_path}/nowhere.db"

    error = positions("status", "--db", nowhere, exit_code=1).stderr

    assert nowhere in error
    assert "positions init" in error


@pytest.mark.skipif(SERVER is None, reason="only a server has a password")
def test_status_never_shows_a_password(positions: Positions) -> None:
    secret = make_url(positions.db).set(password="s3cret").render_as_string(hide_password=False)

    assert "s3cret" not in positions("status", "--db", secret).stdout


def test_status_of_episode_1_says_what_was_read_of_both_sides(seeded: Positions) -> None:
    one = seeded.ask("status")

    assert one["last_read"] == {
        "russia": {"episode": "episode-1", "published": "2022-01-17"},
        "west": {"episode": "episode-1", "published": "2022-01-17"},
    }
    assert (one["revision"], one["missing"]) == (1, [])
    assert (one["counts"]["demands"], one["counts"]["offers"], one["counts"]["stances"]) == (9, 6, 17)


@talks
@pytest.mark.parametrize("form", ["csv", "markdown"])
def test_status_can_be_had_in_every_form(positions: Positions, form: str) -> None:
    assert __version__ in positions("status", "--format", form).stdout
