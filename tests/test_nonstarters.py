"""`positions nonstarters`: who refuses what, in which words, since when, by which source."""

from collections.abc import Callable

import pytest

from tests.conftest import Output, Positions

Says = Callable[..., Output]
pytestmark = pytest.mark.usefixtures("talks")


def test_a_refusal_is_shown_with_words_day_and_source(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote="NATO’s door stays open", wording="stays open")

    [refusal] = positions.ask("nonstarters")

    assert (refusal["refused_by"], refusal["item"], refusal["by"]) == ("nato", "no-enlargement", ["russia"])
    assert (refusal["quote"], refusal["item_quote"]) == ("NATO’s door stays open", "no more members")
    assert (refusal["first_said"], refusal["last_said"], refusal["basis"]) == ("2022-01-12", "2022-01-12", "stated")
    assert refusal["response"] == "it"
    assert "now" not in refusal


def test_an_actor_that_softens_no_longer_refuses_but_did_so_before(positions: Positions, says: Says) -> None:
    says("nato", "non-starter", "no-enlargement", on="2022-01-12")
    says("nato", "negotiable", "no-enlargement", on="2022-02-25")

    assert positions.ask("nonstarters") == []
    [refusal] = positions.ask("nonstarters", "--as-of", "2022-02-01")
    assert refusal["refused_by"] == "nato"
    [once] = positions.ask("nonstarters", "--ever")
    assert once["now"] == "negotiable"
