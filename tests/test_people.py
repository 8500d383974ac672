"""`positions actors` and `positions episodes`: who is at the table, and which sources there are."""

from collections.abc import Callable

import pytest

from tests.conftest import Output, Positions

Record = Callable[..., Output]
Says = Callable[..., Output]
pytestmark = pytest.mark.usefixtures("talks")


def test_actors_are_listed_by_side_with_third_parties_last(positions: Positions) -> None:
    found = positions.ask("actors")

    assert [one["id"] for one in found] == ["russia", "lavrov", "nato", "us", "osce"]
    assert [one["side"] for one in found] == ["russia", "russia", "west", "west", None]


def test_a_person_shares_the_side_of_whom_it_speaks_for(positions: Positions) -> None:
    [lavrov] = [one for one in positions.ask("actors") if one["id"] == "lavrov"]

    assert (lavrov["kind"], lavrov["speaks_for"], lavrov["side"]) == ("person", "russia", "russia")
    assert (lavrov["demands"], lavrov["stances"]) == (0, 0)


def test_an_actor_is_counted_by_what_it_made_and_answered(positions: Positions, says: Says) -> None:
    says("us", "non-starter", "no-enlargement", on="2022-01-12")
    says("us", "open", "no-enlargement", on="2022-02-12")
    says("us", "open", "missile-talks", on="2022-02-12")

    counts = {one["id"]: (one["demands"], one["offers"], one["stances"]) for one in positions.ask("actors")}

    assert counts == {"russia": (2, 0, 0), "lavrov": (0, 0, 0), "nato": (0, 0, 0), "us": (0, 1, 2), "osce": (0, 0, 0)}


def test_counts_of_an_actor_are_those_of_the_day(positions: Positions, says: Says) -> None:
    says("us", "open", "missile-talks", on="2022-02-12")

    before = {one["id"]: one for one in positions.ask("actors", "--as-of", "2022-01-01")}

    assert (before["russia"]["demands"], before["us"]["offers"], before["us"]["stances"]) == (2, 0, 0)


def test_the_table_of_actors_tells_names_and_roles(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: people, kind: article, title: People, published: 2022-02-01, url: https://example.org/people}
        actors: [{id: sherman, kind: person, speaks_for: us, name: Wendy Sherman, role: Deputy Secretary of State}]
    """)

    [line] = [line for line in positions("actors").stdout.splitlines() if "sherman" in line]

    assert "Wendy Sherman, Deputy Secretary of State" in line
    assert "person" in line
    assert "west" in line


def test_episodes_are_listed_by_day_of_publication(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12")
    says("nato", "open", "no-enlargement", on="2022-02-12")

    assert [one["published"] for one in positions.ask("episodes")] == ["2022-01-12", "2022-01-31", "2022-02-12"]


def test_an_episode_is_told_with_source_and_counts(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: reply, kind: reply, title: A written reply, published: 2022-02-02, author: A. Clerk,
                  url: https://example.org/reply}
        packages: [{id: guarantees, by: russia, said: 2022-01-14, title: All, quote: all, items: [no-missiles]}]
        offers:
          - {id: transparency, by: us, to: russia, topic: transparency, title: Transparency, made: 2022-01-26,
             basis: stated, quote: more transparency}
        responses:
          - {id: joint, by: [us, nato], said: 2022-01-26, basis: stated, quote: never,
             stances: {no-enlargement: non-starter}}
        outcomes: [{items: no-missiles, outcome: met, on: 2022-02-01, in_part: true, by: us}]
    """)

    [one] = [one for one in positions.ask("episodes") if one["id"] == "reply"]

    assert " ".join(one) == "id kind title published author url counts"
    assert (one["kind"], one["title"], one["author"]) == ("reply", "A written reply", "A. Clerk")
    assert one["counts"] == {
        "demands": 0,
        "offers": 1,
        "packages": 1,
        "responses": 1,
        "stances": 2,
        "outcomes": 1,
    }
    [line] = [line for line in positions("episodes").stdout.splitlines() if "A. Clerk" in line]
    assert "1 offer; 1 package; 1 response; 2 stances; 1 outcome" in line


def test_episodes_are_those_that_were_public_and_known(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-02-12")

    assert [one["id"] for one in positions.ask("episodes", "--public-by", "2022-02-11")] == ["talks"]
    assert [one["id"] for one in positions.ask("episodes", "--known-at", "r1")] == ["talks"]
    assert "No sources by that moment" in positions("episodes", "--public-by", "2022-01-30").stdout


def test_episode_1_is_a_source_with_its_people(seeded: Positions) -> None:
    [one] = seeded.ask("episodes")
    assert (one["id"], one["author"], one["counts"]["stances"]) == ("episode-1", "Ali Tuygan", 17)
    assert {"russia", "us", "nato", "lavrov"} <= {one["id"] for one in seeded.ask("actors")}
