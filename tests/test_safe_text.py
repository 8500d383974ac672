"""Text made harmless for a spreadsheet, which comes back as it was; and text for encodings that lack some of it."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from positions.safe_text import AS_JSON, AS_TEXT, harmless, restored

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


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp437"])
@given(st.text())
def test_what_an_encoding_lacks_gets_a_counterpart_and_never_an_error(encoding: str, text: str) -> None:
    printed = text.encode(encoding, AS_TEXT).decode(encoding)

    assert all(one in text or one in "\"'-<>.* ?" for one in printed)


@given(st.text())
def test_json_for_any_encoding_has_the_same_values(text: str) -> None:
    printed = json.dumps(text, ensure_ascii=False).encode("ascii", AS_JSON)

    assert json.loads(printed) == text


def test_typographic_characters_have_plain_counterparts() -> None:
    assert "“a” – ‘b’ … → ж".encode("ascii", AS_TEXT) == b"\"a\" - 'b' ... -> ?"
