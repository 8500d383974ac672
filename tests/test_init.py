"""`positions init --all`: every shipped episode, a revision each; what is there already is never changed."""

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from positions import database, package_data
from tests.conftest import SERVER, Positions

DRAFTS = """
format: 1
episode: {id: drafts, kind: draft, title: The drafts, published: 2021-12-17, url: https://example.org/drafts}
"""
REPLY = """
format: 1
episode: {id: reply, kind: reply, title: The reply, published: 2022-01-26, url: https://example.org/reply}
responses:
  - {id: it, by: nato, said: 2022-01-26, basis: stated, quote: not so, stances: {no-enlargement: non-starter}}
"""
FAULTY = REPLY.replace("no-enlargement", "no-such-demand").replace("id: reply", "id: faulty")

Ship = Callable[[str, str], Path]


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ship:
    """Have the program travel with a folder of its own, with Episode 1 and the episodes that are put into it."""
    folder = tmp_path / "shipped" / "data"
    (folder / "episodes").mkdir(parents=True)
    first, real = package_data.first_episode(), package_data.folder
    (folder / "episodes" / first.name).write_bytes(first.read_bytes())
    monkeypatch.setattr(package_data, "folder", lambda name: folder if name == "data" else real(name))

    def put(name: str, text: str) -> Path:
        path = folder / "episodes" / name
        path.write_text(text, encoding="utf-8")
        return path

    put("2021-12-17-drafts.yaml", DRAFTS)
    put("2022-01-26-reply.yaml", REPLY)
    return put


@pytest.fixture
def new(tmp_path: Path) -> Positions:
    """The command line on a database that is not there yet."""
    if SERVER is not None:
        pytest.skip("a server's database is there before it is ours")
    (tmp_path / "new").mkdir()
    return Positions(str(tmp_path / "new" / "talks.db"))


def recorded(positions: Positions) -> list[tuple[int, str]]:
    return [(one["revision"], one["message"]) for one in reversed(positions.ask("log"))]


ALL = [
    (1, "Episode 1, as shipped"),
    (2, "2021-12-17-drafts.yaml, as shipped"),
    (3, "2022-01-26-reply.yaml, as shipped"),
]


@pytest.mark.usefixtures("ship")
def test_a_new_database_gets_every_episode_after_episode_1(new: Positions) -> None:
    told = new("init", "--all")

    assert told.stderr == f"Made a database at {new.db}, with Episode 1 and 2 other episodes.\n"
    assert recorded(new) == ALL
    assert {one["recorded_by"] for one in new.ask("log")} == {"positions"}
    assert new.ask("check") == []


@pytest.mark.slow
def test_a_new_database_gets_all_or_does_not_appear(new: Positions, ship: Ship) -> None:
    ship("2022-02-02-faulty.yaml", FAULTY)

    assert "no-such-demand" in new("init", "--all", exit_code=1).stderr
    assert list(Path(new.db).parent.iterdir()) == []


@pytest.mark.slow
@pytest.mark.usefixtures("ship")
def test_doing_it_again_changes_nothing(new: Positions) -> None:
    new("init", "--all")
    before = Path(new.db).read_bytes()

    for words in (["init"], ["init", "--all"]):
        assert "nothing to do" in new(*words).stderr
    assert Path(new.db).read_bytes() == before


@pytest.mark.usefixtures("ship")
def test_a_database_with_episode_1_gets_the_others(seeded: Positions) -> None:
    told = seeded("init", "--all")

    assert "r2 recorded: 1 added" in told.stdout
    assert "r3 recorded: 2 added" in told.stdout
    assert recorded(seeded) == ALL


@pytest.mark.slow
@pytest.mark.usefixtures("ship")
def test_an_empty_database_gets_episode_1_first(positions: Positions) -> None:
    positions("init", "--all")

    assert recorded(positions) == ALL


def test_a_database_gets_all_that_it_lacks_or_nothing(seeded: Positions, ship: Ship) -> None:
    ship("2022-02-02-faulty.yaml", FAULTY)

    assert "no-such-demand" in seeded("init", "--all", exit_code=1).stderr
    assert recorded(seeded) == ALL[:1]


def test_an_episode_that_is_there_is_shown_where_it_differs_and_not_corrected(seeded: Positions, ship: Ship) -> None:
    seeded("init", "--all")
    path = ship("2022-01-26-reply.yaml", REPLY.replace("not so", "never"))
    ship("2022-02-02-more.yaml", DRAFTS.replace("id: drafts", "id: more"))

    told = seeded("init", "--all")

    assert '~ response reply/it  quote: "not so" -> "never"' in told.stdout
    command = f"positions record {path} --db {shlex.quote(str(database.place(seeded.db)))}"
    assert f"The shipped reply differs from this database; `{command}` records the shipped version." in told.stderr
    assert [one["quote"] for one in seeded.ask("history", "--actor", "nato") if one["episode"] == "reply"] == ["not so"]
    assert recorded(seeded) == [*ALL, (4, "2022-02-02-more.yaml, as shipped")]


def test_init_shows_what_differs_in_episode_1_and_how_to_record_it(seeded: Positions, ship: Ship) -> None:
    first = package_data.first_episode()
    path = ship(first.name, first.read_text(encoding="utf-8").replace("kind: article", "kind: report"))

    told = seeded("init", "--db", seeded.db)

    assert '~ episode episode-1  kind: "article" -> "report"' in told.stdout
    assert f"positions record {path} --db" in told.stderr
    assert recorded(seeded) == ALL[:1]
    seeded("record", str(path))
    assert "nothing to do" in seeded("init").stderr


@pytest.mark.usefixtures("ship")
def test_what_was_taken_back_on_purpose_stays_away(seeded: Positions) -> None:
    seeded("init", "--all")
    seeded("undo", "r3")

    told = seeded("init", "--all")

    assert "reply/it" in told.stdout
    assert "retracted in r4" in told.stdout
    assert [one["id"] for one in seeded.ask("episodes")] == ["drafts", "episode-1"]


@pytest.mark.slow
@pytest.mark.usefixtures("ship")
def test_the_default_database_gets_all_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSITIONS_DB")
    place = database.default_path()

    Positions("")("init", "--all", POSITIONS_DB="")

    assert place.stat().st_mode & 0o777 == 0o600
    assert recorded(Positions(str(place))) == ALL
