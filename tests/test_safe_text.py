"""Text that a spreadsheet would run, made harmless: whatever the text is, it comes back as it was."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from positions.safe_text import harmless, restored

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0 -1",
    '"=1',
    " '\"+1",
    "＝1",
    "\ufeff=1",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_in_any_disguise_gets_an_apostrophe_in_front(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "no-enlargement", "1 = 1", "a+b", "– none", "“No”", "2022-01-12", " words"])
def test_what_no_spreadsheet_would_run_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(st.text() | st.text(alphabet="=+-@'\" \t\r\na"))
@example("''=1")
@example("'")
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert restored(harmless(text)) == text


@given(st.text(alphabet="=+-@'\" \t\r\na1"))
def test_no_cell_starts_like_a_formula(text: str) -> None:
    assert not harmless(text).lstrip(' \t\r\n"').startswith(("=", "+", "-", "@"))
