"""Reading YAML with places: where everything stands, what is refused, and that nothing else is changed or lost."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from positions.episode_file import located_yaml
from positions.episode_file.located_yaml import MAX_DEPTH, Located, Location, YamlProblem, load

SIGNS = "{}[]:,-?&*!|>'\"%@`#~=<. \n\tab1é"

texts = st.text(st.characters(codec="utf-8"))
keys = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]))


def _nested(leaves: st.SearchStrategy[Any], names: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Values a few levels deep."""
    values = leaves
    for _ in range(3):
        values = leaves | st.lists(values, max_size=4) | st.dictionaries(names, values, max_size=4)
    return values


def _paths(value: Any, path: located_yaml.Path = ()) -> Iterator[tuple[located_yaml.Path, Any]]:
    """Every path in `value`, with what stands there."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _paths(inner, (*path, number))


def _only(located: Located) -> tuple[int, int, str]:
    """The one problem of a text: line, column and message."""
    [problem] = located.problems
    return problem.place.line, problem.place.column, problem.message


@given(_nested(texts, keys), st.sampled_from([True, False, None]))
def test_texts_lists_and_mappings_come_back_as_they_were(value: Any, flow: bool | None) -> None:
    written = yaml.safe_dump(value, default_flow_style=flow, sort_keys=False)

    located = load(written)

    assert located.problems == []
    assert located.value == value


@given(_nested(texts, keys), st.sampled_from([True, False, None]))
def test_every_key_and_every_value_has_a_place(value: Any, flow: bool | None) -> None:
    written = yaml.safe_dump(value, default_flow_style=flow, sort_keys=False)

    located = load(written)

    paths = dict(_paths(value))
    assert located.values.keys() == paths.keys()
    assert located.keys.keys() == {path for path in paths if path and isinstance(path[-1], str)}
    for place in (*located.values.values(), *located.keys.values()):
        assert 1 <= place.line <= written.count("\n") + 1
        assert place.column >= 1


plain = st.from_regex(r"[a-z]{3,8}é", fullmatch=True)


@given(_nested(plain, plain), st.sampled_from([True, False, None]))
def test_places_point_at_the_first_letter_of_what_they_name(value: Any, flow: bool | None) -> None:
    written = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True, sort_keys=False, width=10_000)
    lines = written.split("\n")

    located = load(written)

    assert located.value == value
    for path, place in located.keys.items():
        assert lines[place.line - 1][place.column - 1 :].startswith(f"{path[-1]}:")
    for path, inner in _paths(value):
        place = located.values[path]
        if isinstance(inner, str):
            assert lines[place.line - 1][place.column - 1 :].startswith(inner)


@given(texts | st.text(st.sampled_from(SIGNS)))
def test_no_text_whatever_makes_reading_fail(text: str) -> None:
    located = load(text)

    for problem in located.problems:
        assert 1 <= problem.place.line <= len(text.splitlines()) + 1
        assert 1 <= problem.place.column <= len(text) + 1
        assert problem.message


def test_places_are_lines_and_columns_counted_from_one() -> None:
    located = load("format: 1\nepisode:\n  title: The talks\n  actors: [us, {id: nato}]\n")

    assert located.keys == {
        ("format",): Location(1, 1),
        ("episode",): Location(2, 1),
        ("episode", "title"): Location(3, 3),
        ("episode", "actors"): Location(4, 3),
        ("episode", "actors", 1, "id"): Location(4, 17),
    }
    assert located.values == {
        (): Location(1, 1),
        ("format",): Location(1, 9),
        ("episode",): Location(3, 3),
        ("episode", "title"): Location(3, 10),
        ("episode", "actors"): Location(4, 11),
        ("episode", "actors", 0): Location(4, 12),
        ("episode", "actors", 1): Location(4, 16),
        ("episode", "actors", 1, "id"): Location(4, 21),
    }


@pytest.mark.parametrize("before", ["Россия и НАТО", "café – “non”", "北约", "🕊🕊", "e\u0301"])
def test_columns_count_characters_also_after_other_scripts(before: str) -> None:
    located = load(f'# {before}\n"{before}": x\n')
    assert located.values[before,] == Location(2, len(before) + 5)

    located = load(f"[{{a: {before}, us: z}}]")
    assert located.keys[0, "us"] == Location(1, len(before) + 8)
    assert located.values[0, "us"] == Location(1, len(before) + 12)


def test_lines_are_counted_alike_in_files_from_windows() -> None:
    located = load("format: 1\r\nepisode:\r\n  title: x\r\n")

    assert located.value == {"format": "1", "episode": {"title": "x"}}
    assert located.keys["episode", "title"] == Location(3, 3)


def test_lines_are_counted_within_texts_of_many_lines() -> None:
    located = load("a: |\n  one\n\n  two\nb: 'one\n\n  two'\nc: x\n")

    assert located.value == {"a": "one\n\ntwo\n", "b": "one\ntwo", "c": "x"}
    assert [located.keys[key,].line for key in "abc"] == [1, 5, 8]


def test_a_path_that_is_not_there_points_at_what_is_around_it() -> None:
    located = load("responses:\n  - {id: refusal}\n")

    assert located.place(("responses", 0, "said")) == located.values["responses", 0] == Location(2, 5)
    assert located.place(("offers", 3, "id")) == Location(1, 1)
    assert located.place(("responses", 0, "id"), key=True) == Location(2, 6)
    assert located.place(("responses", 0, "id")) == Location(2, 10)


@pytest.mark.parametrize(
    "written",
    [
        "1",
        "01",
        "1.5",
        "0x1f",
        "1e3",
        "12:30:45",
        "2022-01-12",
        "2022-01-12T09:30:00Z",
        "true",
        "yes",
        "no",
        "on",
        "off",
        "y",
        ".inf",
        ".nan",
        "=",
        "<<",
        "nUll",
        "none",
        "None",
        "1_000",
        "+1",
    ],
)
def test_values_that_others_would_convert_stay_as_written(written: str) -> None:
    assert load(f"key: {written}").value == {"key": written}
    assert load(f"{written}: value").value == {written: "value"}
    assert load(f"- {written}\n").value == [written]


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL", "  # nothing"])
def test_a_plain_null_means_that_nothing_is_given(written: str) -> None:
    located = load(f"key: {written}\n")

    assert (located.value, located.problems) == ({"key": None}, [])


@pytest.mark.parametrize("written", ["'null'", '"~"', "''", '""', '"NULL"'])
def test_a_null_in_quotation_marks_is_a_text(written: str) -> None:
    assert load(f"key: {written}").value == {"key": written[1:-1]}


def test_a_key_is_a_text_even_if_it_reads_like_null() -> None:
    assert load("null: x\n~: y\n").value == {"null": "x", "~": "y"}


def test_an_alias_is_refused_where_it_stands() -> None:
    located = load("a: &day 2022-01-12\nb: [x, *day]\n")

    assert _only(located) == (2, 8, "aliases (*day) are not supported; write the value out")
    assert located.value == {"a": "2022-01-12", "b": ["x", None]}


def test_an_anchor_that_nothing_refers_to_does_no_harm() -> None:
    located = load("a: &day 2022-01-12\nb: &all [x]\n")

    assert (located.value, located.problems) == ({"a": "2022-01-12", "b": ["x"]}, [])


def test_a_bomb_of_aliases_is_refused_and_not_unfolded() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]

    located = load("\n".join(lines))

    assert len(located.problems) == 29 * 9
    assert located.value["a29"] == [None] * 9


def test_an_alias_as_a_key_is_refused() -> None:
    located = load("a: &word x\n*word : y\n")

    assert located.value == {"a": "x"}
    assert [(problem.place.line, problem.place.column) for problem in located.problems] == [(2, 1), (2, 1)]


@pytest.mark.parametrize("tag", ["!!str", "!!int", "!!python/object/apply:os.system", "!mine"])
@pytest.mark.parametrize("value", ["x", "[x]", "{x: y}"])
def test_a_tag_is_refused_by_the_name_that_was_written(tag: str, value: str) -> None:
    assert _only(load(f"a: x\nb: {tag} {value}\n")) == (2, 4, f"tags ({tag}) are not supported; remove it")


def test_a_tag_on_a_key_is_refused_too() -> None:
    assert _only(load("!!str a: x\n")) == (1, 1, "tags (!!str) are not supported; remove it")


def test_a_key_that_stands_twice_is_refused_with_both_places() -> None:
    located = load("a: 1\nb: {c: 1, d: 2,\n    c: 3}\n'a': 4\n")

    assert located.problems == [
        YamlProblem(Location(3, 5), "duplicate key 'c' (first on line 2)"),
        YamlProblem(Location(4, 1), "duplicate key 'a' (first on line 1)"),
    ]
    assert located.value == {"a": "1", "b": {"c": "1", "d": "2"}}


def test_the_same_key_in_two_mappings_is_no_fault() -> None:
    assert load("- {id: x}\n- {id: x}\n").problems == []


@pytest.mark.parametrize("key", ["[a, b]", "{a: b}", "[]"])
def test_a_key_that_is_no_word_is_refused(key: str) -> None:
    located = load(f"a: x\n? {key}\n: y\nb: z\n")

    assert _only(located) == (2, 3, "a key must be a plain word")
    assert located.value == {"a": "x", "b": "z"}


def test_a_second_document_is_refused_where_it_begins() -> None:
    located = load("---\na: 1\n---\nb: 2\n")

    assert _only(located) == (3, 1, "a second document begins here; put each episode in its own file")
    assert located.value == {"a": "1"}


@pytest.mark.parametrize("text", ["---\na: 1\n", "a: 1\n...\n", "# words\n---\n\na: 1\n...\n# more words\n"])
def test_the_marks_around_one_document_are_no_fault(text: str) -> None:
    located = load(text)

    assert (located.value, located.problems) == ({"a": "1"}, [])


@pytest.mark.parametrize("text", ["", "\n\n", "# only words\n", "---\n", "~\n"])
def test_a_text_that_holds_nothing_has_no_value(text: str) -> None:
    located = load(text)

    assert (located.value, located.problems) == (None, [])


def test_nesting_is_read_as_deep_as_the_limit_and_no_deeper() -> None:
    assert load("[" * MAX_DEPTH + "x" + "]" * MAX_DEPTH).problems == []

    located = load("a:\n  " + "[" * MAX_DEPTH + "x" + "]" * MAX_DEPTH)
    assert located.value is None
    assert _only(located) == (2, 3 + MAX_DEPTH, f"nested deeper than {MAX_DEPTH} levels")


@pytest.mark.parametrize("opening", ["[", "{a: ", "? ", "- ", "? [", "{[", "[{? "])
@pytest.mark.parametrize("times", [50, 5_000, 100_000])
def test_any_nesting_that_is_too_deep_is_one_fault(opening: str, times: int) -> None:
    located = load(opening * times)

    assert located.value is None
    assert any("nest" in problem.message for problem in located.problems)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: [x\nb: y\n", 2, 2),
        ("a: 'x\n", 2, 1),
        ("a: b: c\n", 1, 5),
        ("a: x\n b: y\n", 2, 3),
        ("a: x\n\tb: y\n", 2, 1),
        ("a: @x\n", 1, 4),
        ('a: "\\q"\n', 1, 5),
        ("a: x\n]\n", 2, 1),
    ],
)
def test_what_is_not_yaml_is_said_to_be_so_where_it_breaks(text: str, line: int, column: int) -> None:
    located = load(text)

    assert located.value is None
    assert _only(located)[:2] == (line, column)
    assert _only(located)[2].startswith("not valid YAML: ")


def test_faults_before_the_place_where_yaml_breaks_are_kept() -> None:
    located = load("a: 1\na: 2\nb: [x\n")

    assert [problem.message.partition(":")[0] for problem in located.problems] == [
        "duplicate key 'a' (first on line 1)",
        "not valid YAML",
    ]
