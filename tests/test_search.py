"""`positions search`: words are found however they are written, and the match is marked where it stands."""

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from positions import database
from positions.moment import Moment
from positions.queries.search import _folded, search
from tests.conftest import TALKS, Output, Positions, _copy, recorder, slow_but

Record = Callable[..., Output]
Says = Callable[..., Output]
KEYS = "what id title field text start end"
talks = pytest.mark.usefixtures("talks")


def finds(positions: Positions, text: str, *words: str) -> Any:
    """What is found of `text`, whatever it starts with."""
    return positions("search", "--format", "json", *words, "--", text).json


def matches(positions: Positions, text: str, *words: str) -> list[str]:
    """The very characters that were found, in the order of the answer."""
    return [one["text"][one["start"] : one["end"]] for one in finds(positions, text, *words)]


@talks
def test_a_find_has_the_keys_of_the_contract_and_its_place(positions: Positions) -> None:
    [found] = positions.ask("search", "near us")

    assert " ".join(found) == KEYS
    assert (found["what"], found["id"], found["title"]) == ("demand", "no-missiles", "No missiles nearby")
    assert (found["field"], found["text"], found["start"], found["end"]) == ("quote", "no missiles near us", 12, 19)


@talks
def test_the_table_marks_the_match_without_colour(positions: Positions) -> None:
    page = positions("search", "near us").stdout

    assert page.startswith("1 text with “near us”\n")
    assert "no missiles [near us]" in page


@talks
def test_everything_that_is_said_of_a_response_can_be_found(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: press, kind: statement, title: The press in alpha, published: 2022-01-12, summary: On beta.,
                  event: A nu, url: https://example.org/press, read: part, missing: the gamma}
        packages: [{id: both, by: russia, said: 2022-01-12, title: The delta, items: [no-missiles], quote: as epsilon,
                    core: [no-missiles], core_quote: the zeta}]
        responses:
          - {id: it, by: nato, said: 2022-01-12, basis: stated, quote: the rho, summary: About theta.,
             stances: {no-enlargement: {stance: negotiable, wording: iota, condition: after kappa, quote: the lambda}},
             about: {no-missiles: {wording: omega, quote: the sigma}}}
        outcomes: [{items: no-missiles, outcome: met, on: 2022-01-12, in_part: true, quote: the tau,
                    summary: An upsilon.}]
    """)

    expected = {
        "alpha": [("episode", "press", "title")],
        "beta": [("episode", "press", "summary")],
        "gamma": [("episode", "press", "missing")],
        "nu": [("episode", "press", "event")],
        "delta": [("package", "both", "title")],
        "epsilon": [("package", "both", "quote")],
        "zeta": [("package", "both", "core_quote")],
        "rho": [("response", "press/it", "quote")],
        "theta": [("response", "press/it", "summary")],
        "iota": [("stance", "press/it", "wording")],
        "kappa": [("stance", "press/it", "condition")],
        "lambda": [("stance", "press/it", "quote")],
        "omega": [("mention", "press/it", "wording")],
        "sigma": [("mention", "press/it", "quote")],
        "tau": [("outcome", "press/met-no-missiles", "quote")],
        "upsilon": [("outcome", "press/met-no-missiles", "summary")],
    }
    found = {word: [(one["what"], one["id"], one["field"]) for one in finds(positions, word)] for word in expected}
    assert found == expected


@talks
@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("NATO Enlargement", "nato enlargement"),
        ("Straße", "STRASSE"),
        ("Kraków and Łódź", "krakow"),
        ("cafe\u0301 talks", "café"),
        ("café talks", "cafe\u0301"),
        ("Путин Владимир", "путин"),
        ("Россия и НАТО", "россия"),
        ("NATO’s door", "NATO's door"),
        ("a “menu” of items", 'a "menu" of items'),
        ("a «menu» of items", "a “menu” of items"),
        ("a „menu“ of items", 'a "menu" of'),
        ("systems in Europe – along lines", "Europe - along"),
        ("systems in Europe — along lines", "Europe – along"),
        ("article\u2011by\u2011article", "article-by-article"),
        ("a package\u00a0of items", "package of items"),
        ("a package\n  of   items", "package of items"),
        ("a package of items", "  package   of items "),
        ("the ﬁve proposals", "five proposals"),
        ("and so on … and on", "so on ... and"),
    ],
)
def test_case_accents_quotes_dashes_and_spaces_make_no_difference(
    positions: Positions, says: Says, written: str, asked: str
) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12", quote=written)

    [found] = positions.ask("search", asked)

    assert (found["field"], found["text"]) == ("quote", written)


@talks
@pytest.mark.parametrize(
    ("text", "asked", "match"),
    [
        ("  no", "no", "no"),
        ("Kraków, Łódź", "łodz", "Łódź"),
        ("in Krako\u0301w then", "krakow", "Krako\u0301w"),
        ("a cafe\u0301 in Vienna", "café", "cafe\u0301"),
        ("the ﬁve oﬃces", "offices", "oﬃces"),
        ("the ﬁve oﬃces", "five", "ﬁve"),
        ("große Straßen", "strasse", "Straße"),
        ("a package  of \t items", "package of items", "package  of \t items"),
        ("he said “never”", '"never"', "“never”"),
        ("wait … then", "... then", "… then"),
        ("Europe – along", "- a", "– a"),
        ("№ ½ grows", "grows", "grows"),
    ],
)
def test_the_match_is_marked_at_its_place_in_the_original(
    positions: Positions, says: Says, text: str, asked: str, match: str
) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12", quote=f"x {text}")

    [found] = [one for one in finds(positions, asked) if one["text"] == f"x {text}"]

    assert found["text"][found["start"] : found["end"]] == match
    assert f"[{' '.join(match.split())}]" in " ".join(positions("search", "--", asked).stdout.split())


@talks
@pytest.mark.parametrize(
    "literal",
    slow_but(
        ["%", "_", "'", "\\", "no AND yes"],
        ["%", "_", "'", '"', "\\", "*", "[", "]", "(no)", "no AND yes", "-x", "a|b", "^a", "a.c", "?", "NEAR(a)"],
    ),
)
def test_every_other_character_stands_for_itself(positions: Positions, says: Says, literal: str) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12", quote=f"some {literal} thing")
    says("us", "open", "no-enlargement", on="2022-01-12", quote="some abc yes thing or a b no x")

    assert [one["text"] for one in finds(positions, literal)] == [f"some {literal} thing"]
    assert matches(positions, f"some {literal} thing") == [f"some {literal} thing"]


@talks
def test_words_are_found_as_they_follow_each_other(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12", quote="members of the alliance")

    assert matches(positions, "of the alliance") == ["of the alliance"]
    assert matches(positions, "alliance members") == []


@talks
def test_whole_words_come_before_parts_and_titles_before_the_rest(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: press, kind: statement, title: Of armaments, published: 2022-01-12,
                  url: https://example.org/press}
        demands:
          - {id: arms, by: us, to: russia, topic: arms, title: On arms, made: 2022-01-12, basis: stated,
             quote: less arms}
          - {id: men, by: us, to: russia, topic: arms, title: On disarming, made: 2022-01-12, basis: stated,
             quote: disarm at once}
        responses: [{id: it, by: nato, said: 2022-01-12, basis: stated, quote: no arm is free,
                     stances: {no-enlargement: open}}]
    """)

    arms = [(one["id"], one["field"]) for one in positions.ask("search", "arms")]
    arm = [(one["id"], one["field"]) for one in positions.ask("search", "arm")]

    assert arms == [("arms", "title"), ("arms", "quote")]
    assert arm[0] == ("press/it", "quote")
    assert [field for _, field in arm[1:4]] == ["title"] * 3
    assert [field for _, field in arm[4:]] == ["quote"] * 2


@talks
def test_the_whole_word_is_marked_although_a_part_comes_first(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-12", quote="rearm or arm")

    [found] = positions.ask("search", "arm")

    assert (found["start"], found["end"]) == (9, 12)


@talks
def test_what_several_say_together_is_found_once(positions: Positions, record: Record) -> None:
    record("""
        format: 1
        episode: {id: press, kind: statement, title: The press, published: 2022-01-12, url: https://example.org/press}
        responses: [{id: it, by: [nato, us], said: 2022-01-12, basis: stated, quote: simply a non-starter,
                     stances: {no-enlargement: non-starter}}]
    """)

    assert matches(positions, "simply") == ["simply"]


@talks
@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_an_empty_text_is_a_usage_error(positions: Positions, text: str) -> None:
    assert "is empty" in positions("search", text, exit_code=2).stderr


@talks
def test_an_accent_alone_finds_nothing(positions: Positions) -> None:
    assert positions.ask("search", "\u0301") == []


@talks
def test_what_is_not_there_is_said_not_to_be(positions: Positions) -> None:
    assert positions.ask("search", "zeppelin") == []
    assert "No text found that contains “zeppelin”." in positions("search", "zeppelin").stdout


@talks
def test_only_what_was_said_public_and_known_then_is_found(positions: Positions, says: Says) -> None:
    says("nato", "open", "no-enlargement", on="2022-01-26", published="2022-02-02", quote="a leaked reply")

    assert matches(positions, "leaked", "--as-of", "2022-01-26") == ["leaked"]
    assert matches(positions, "leaked", "--as-of", "2022-01-25") == []
    assert matches(positions, "leaked", "--public-by", "2022-02-01") == []
    assert matches(positions, "leaked", "--known-at", "r1") == []


@talks
def test_words_that_were_corrected_are_found_only_as_they_were_known(positions: Positions, record: Record) -> None:
    for words in ("simply impossible", "quite impossible"):
        record(f"""
            format: 1
            episode: {{id: press, kind: statement, title: The press, published: 2022-01-12,
                       url: https://example.org/press}}
            responses: [{{id: it, by: nato, said: 2022-01-12, basis: stated, quote: {words},
                          stances: {{no-enlargement: non-starter}}}}]
        """)

    assert matches(positions, "simply") == []
    assert matches(positions, "simply", "--known-at", "r2") == ["simply"]


def test_nothing_is_found_in_an_empty_record(positions: Positions) -> None:
    assert positions.ask("search", "alliance") == []


def test_episode_1_is_found_by_the_words_of_its_article(seeded: Positions) -> None:
    assert {one["id"] for one in seeded.ask("search", "simply non-starters")} == {"episode-1/core-non-starters"}
    assert {one["id"] for one in seeded.ask("search", "eastern allies")} >= {"withdraw-forces-from-eastern-allies"}
    assert seeded.ask("search", "NATO's eastward expansion")[0]["text"].startswith("guaranteeing to stop NATO’s")


@pytest.fixture(scope="module")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A database in which nobody has answered anything yet, to be copied, and a folder."""
    folder = tmp_path_factory.mktemp("quotations")
    for place in _copy(request.getfixturevalue("_templates")["empty"], folder / "talks.db"):
        recorder(Positions(place), folder)(TALKS)
        yield place, folder


_CHARACTERS = st.one_of(
    st.sampled_from("aeiou nrst’“”–—…'\"%_*[]()\\\u00a0éüßøÅﬁ\u0301\u0308ſıİσς№½™"),
    st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co"]),
)


@settings(max_examples=settings().max_examples // 4)
@given(data=st.data())
def test_any_piece_of_a_recorded_quotation_finds_it(template: tuple[str, Path], data: st.DataObject) -> None:
    quote = data.draw(st.text(_CHARACTERS, min_size=1, max_size=40).map(str.strip).filter(_is_quotation))
    start = data.draw(st.integers(0, len(quote) - 1))
    piece = quote[start : data.draw(st.integers(start + 1, len(quote)))]
    if not any(character.isalnum() for character in piece):
        piece = quote
    place, folder = template
    for fresh in _copy(place, folder / f"{uuid4().hex}.db"):
        recorder(Positions(fresh), folder)(f"""
            format: 1
            episode: {{id: press, kind: statement, title: "1", published: 2022-01-12, url: https://example.org/press}}
            responses: [{{id: it, by: nato, said: 2022-01-12, basis: stated, quote: {_yaml(quote)},
                          stances: {{no-enlargement: open}}}}]
        """)
        with database.reading(fresh) as connection:
            found = [one for one in search(connection, Moment(), piece) if one.what == "response"]

        [one] = found
        assert (one.id, one.field, one.text) == ("press/it", "quote", quote)
        assert _plain(piece) in _plain(one.text[one.start : one.end])


def _is_quotation(text: str) -> bool:
    return any(character.isalnum() for character in text) and len(text.split()) <= 30


def _yaml(text: str) -> str:
    escaped = "".join(f"\\U{ord(character):08x}" for character in text)
    return f'"{escaped}"'


def _plain(text: str) -> str:
    """The letters and digits of `text`, without case and accents."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in folded if character.isalnum())


_WORDS = st.text(st.sampled_from("aeé ß“-n"), max_size=8)


@settings(max_examples=settings().max_examples // 4)
@given(texts=st.lists(st.text(_CHARACTERS, min_size=1, max_size=25) | _WORDS, min_size=1, max_size=6), data=st.data())
def test_the_index_finds_what_reading_every_text_finds(
    template: tuple[str, Path], texts: list[str], data: st.DataObject
) -> None:
    place, folder = template
    chosen = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, len(chosen)))
    needle = data.draw(st.just(chosen[start : start + 6]) | st.text(_CHARACTERS, max_size=4) | _WORDS)
    texts = [" ".join(text.split()) for text in texts]
    quotes = {number: text for number, text in enumerate(texts) if _is_quotation(text)}
    responses = "".join(
        f"\n  - {{id: r{number}, by: nato, said: 2022-01-12, basis: stated, quote: {_yaml(text)},"
        f" stances: {{no-enlargement: {{stance: open, wording: {_yaml(text)}}}}}}}"
        for number, text in quotes.items()
    )
    for fresh in _copy(place, folder / f"{uuid4().hex}.db") if quotes else ():
        recorder(Positions(fresh), folder)(
            "format: 1\nepisode: {id: press, kind: statement, title: Press, published: 2022-01-12,"
            f" url: https://example.org/press}}\nresponses:{responses}\n"
        )
        with database.reading(fresh) as connection:
            found = {(one.id, one.field) for one in search(connection, Moment(), needle) if one.id.startswith("press/")}

        sought = _searched(needle.strip())
        matching = {f"press/r{number}" for number, text in quotes.items() if sought and sought in _searched(text)}
        assert found == {(name, field) for name in matching for field in ("quote", "wording")}


def _searched(text: str) -> str:
    """`text` as search compares it, character by character, by its definition."""
    return _folded(text)[0]


@pytest.mark.parametrize("text", ["\udcff", "a lone \udcff surrogate", "a NUL \0 within"])
@pytest.mark.usefixtures("talks")
def test_what_no_text_can_have_is_not_found(db: str, text: str) -> None:
    with database.reading(db) as connection:
        assert search(connection, Moment(), text) == []


@talks
def test_a_character_that_stands_for_capitals_is_found(positions: Positions, says: Says) -> None:
    """Folding "№" gives "No": folded once more, it would be another text than the recorded one."""
    says("us", "non-starter", "no-enlargement", on="2022-01-12", quote="приказ № 5")

    assert matches(positions, "№ 5") == ["№ 5"]
