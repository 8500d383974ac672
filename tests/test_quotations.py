"""Quotations: what counts as the same words, how fragments are found, and how long a quotation may be."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from positions import quotations
from tests.conftest import Output, Positions

WHITE = " \t\n\r\f\v\u00a0\u2009\u202f\u3000"
MARKS = "\"'“”„«»‘’‚"
DASHES = "-‐‑‒–—―−"

INVISIBLE = "\u00ad\u200b\u2060\ufeff"

_LETTERS = st.characters(exclude_categories=["C", "Z"], exclude_characters=MARKS + DASHES + "…")
words = st.text(_LETTERS, min_size=1).filter(lambda word: quotations.folded(word) == word)
white = st.text(st.sampled_from(WHITE), min_size=1, max_size=3)
signs = st.text(st.sampled_from(WHITE + MARKS + DASHES + "abc"), max_size=12)


def _bare(text: str) -> str:
    """`text` without white space, quotation marks, dashes and invisible characters, its letters decomposed."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not letter.isspace() and letter not in MARKS + DASHES + INVISIBLE)


@given(st.text() | signs)
def test_folding_keeps_every_letter(text: str) -> None:
    assert _bare(quotations.folded(text)) == _bare(text)


@given(st.text() | signs)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert quotations.folded(quotations.folded(text)) == quotations.folded(text)


@given(st.lists(words, min_size=1), st.data())
def test_white_space_of_any_kind_and_length_is_one_blank(parts: list[str], data: st.DataObject) -> None:
    text = "".join(part + data.draw(white) for part in parts)

    assert quotations.folded(text) == " ".join(parts)


@pytest.mark.parametrize(
    ("marks", "one"),
    [("“”„«»", '"'), ("‘’‚", "'"), ("‐‑‒–—―−", "-")],
    ids=["double marks", "single marks", "dashes"],
)
def test_marks_and_dashes_of_one_kind_are_alike(marks: str, one: str) -> None:
    for mark in marks:
        assert quotations.folded(f"a{mark}b") == f"a{one}b"


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("NATO", "nato"),
        ("non-starter", "nonstarter"),
        ("non-starter", "non starter"),
        ("no starter", "non-starter"),
        ("the “door”", "the 'door'"),
        ("the door.", "the door,"),
        ("cafe", "café"),
        ("a non starter", "a non-\nstarter"),
        ("m²", "m2"),
        ("we refuse", "we\u00adrefuse"),
        ("we refuse", "we — refuse"),
        ("the door …", "the door ..."),
    ],
)
def test_other_words_are_never_taken_for_the_same(quote: str, text: str) -> None:
    assert quotations.occurrences(quote, text) == 0


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("NATO's door", "NATO’s door"),
        ('"Certain core" proposals', "“Certain core” proposals"),
        ("in Europe - along the lines", "in Europe – along the lines"),
        ("no new\n   members", "no new members"),
        ("no new members", "no new\r\nmembers"),
        ("article\u00a04", "article 4"),
        ("café", "cafe\u0301"),
        ("гарантий", "гаранти" + "и\u0306"),
        ("firm", "ﬁrm"),
        ("official flags", "oﬃcial ﬂags"),
        ("روسيا", "روﺳﻴﺎ"),
        ("wait", "wa\u200bit"),
        ("constitutes", "con\u00adstitutes"),
        ("constitutes a threat", "con\u00ad\nstitutes a threat"),
        ("constitutes a threat", "con-\nstitutes a threat"),
        ("con-\nstitutes a threat", "con-\n  stitutes a threat"),
        ("con- stitutes a threat", "con‐\r\nstitutes a threat"),
        ("a non-starter", "a non-\nstarter"),
        ("pre- and post-war", "pre-\nand post-war"),
        ("нерасширения НАТО", "нерасши‐\nрения НАТО"),
    ],
)
def test_the_same_words_are_found_in_other_type(quote: str, text: str) -> None:
    assert quotations.occurrences(quote, f"Before. {text} After.") == 1


@given(words, st.integers(0, 5))
def test_a_quotation_is_counted_as_often_as_it_stands_there(word: str, times: int) -> None:
    quote = f"({word})"

    assert quotations.occurrences(quote, f" {quote}." * times) == times


@given(st.lists(words, min_size=1, max_size=4), words)
def test_fragments_of_a_passage_are_found_in_their_order(fragments: list[str], between: str) -> None:
    quote = quotations.SEPARATOR.join(fragments)
    text = f" {between} ".join(fragments)

    assert quotations.occurrences(quote, text) >= 1


@given(st.lists(words | st.sampled_from(["non-starter", "con-", "…", "-", "“no”", "ﬁrm"]), min_size=1), st.data())
def test_words_of_a_text_are_found_in_it_again(parts: list[str], data: st.DataObject) -> None:
    """An ellipsis of the text beside a joint is left out: it cannot be told from the joint."""
    text = "".join(part + data.draw(white) for part in parts)
    ends = sorted(data.draw(st.sets(st.integers(0, len(parts)), min_size=2, max_size=6)))
    fragments = [" ".join(parts[start:end]) for start, end in zip(ends[::2], ends[1::2], strict=False)]
    assume(
        len(fragments) == 1
        or not any({"…"} & {*fragment.split()[:1], *fragment.split()[-1:]} for fragment in fragments)
    )

    assert quotations.occurrences(quotations.SEPARATOR.join(fragments), text) >= 1


@given(st.lists(words, min_size=1), st.data())
def test_a_word_is_found_wherever_a_line_end_divides_it(parts: list[str], data: st.DataObject) -> None:
    divided = [
        f"{part[:place]}{mark}\n{part[place:]}"
        for part in parts
        for place in [data.draw(st.integers(1, max(1, len(part) - 1)))]
        for mark in [data.draw(st.sampled_from(["-", "‐", "\u00ad"]))]
        if re.fullmatch(r"\w\w+", part)
    ]
    whole = [part for part in parts if re.fullmatch(r"\w\w+", part)]

    assert quotations.occurrences(" ".join(whole), f"({' '.join(divided)})") >= 1


def test_fragments_in_another_order_are_missing() -> None:
    text = "We can work on arms control, and on transparency."

    assert quotations.occurrences("can work on … transparency", text) == 1
    assert quotations.occurrences("transparency … can work on", text) == 0
    assert quotations.occurrences("can work on … disarmament", text) == 0


def test_one_place_does_not_serve_two_fragments() -> None:
    assert quotations.occurrences("no … no", "no") == 0
    assert quotations.occurrences("no … no", "no and no") == 2


def test_fragments_count_as_often_as_the_rarest_of_them() -> None:
    text = "We can work on exercises. We can work on transparency. We can work on both."

    assert quotations.occurrences("can work on", text) == 3
    assert quotations.occurrences("can work on … transparency", text) == 1


def test_a_joint_that_is_broken_over_two_lines_still_joins() -> None:
    text = "We can work on arms control, and on transparency."

    assert quotations.occurrences("can work on\n… transparency", text) == 1
    assert quotations.occurrences("can work on …\ntransparency", text) == 1


@given(st.lists(words, min_size=1), st.data())
def test_words_are_counted_by_white_space(parts: list[str], data: st.DataObject) -> None:
    text = "".join(part + data.draw(white) for part in parts)

    assert quotations.words(text) == len(parts)


def test_the_joint_between_fragments_counts_as_a_word() -> None:
    assert quotations.words("can work on … transparency") == 5


@pytest.mark.usefixtures("talks")
def test_thirty_words_may_be_quoted_and_no_more(
    positions: Positions, says: Callable[..., Output], record: Callable[..., Output]
) -> None:
    longest = " ".join(["no"] * 30)
    says("nato", "non-starter", "no-enlargement", on="2022-01-12", quote=longest)
    [refusal] = positions.ask("nonstarters")
    assert refusal["quote"] == longest

    refused = record(
        f"""
        format: 1
        episode: {{id: reply, kind: statement, title: A reply, published: 2022-02-01}}
        responses:
          - {{id: it, by: us, said: 2022-02-01, basis: stated, quote: {longest} no, stances: {{no-missiles: open}}}}
        """,
        exit_code=1,
    )
    assert re.search(r"responses\[0\]\.quote: has 31 words; a quotation may have at most 30$", refused.stderr)
