"""Days as sources give them: what is read, how it is written, what is refused and in which words."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions.dates import Span, parse_day

days = st.dates()
texts_of_dates = days.flatmap(lambda day: st.sampled_from([f"{day}", f"{day}"[:7], f"{day}"[:4]]))


def _in_order(pair: tuple[date, date]) -> Span:
    return Span(min(pair), max(pair))


def _near(day: date) -> st.SearchStrategy[Span]:
    """Spans that begin or end about `day`, so that they touch often."""
    about = st.integers(-40, 40).map(lambda number: date(2022, 1, 1) + (day - date(2022, 1, 1)) + timedelta(number))
    return st.tuples(about, about).map(_in_order)


closed_spans = st.tuples(days, days).map(_in_order)
open_spans = days.map(lambda day: Span(None, day))
spans = closed_spans | open_spans | days.map(lambda day: Span(day, day))
close_spans = _near(date(2022, 1, 12)) | st.dates(date(2021, 12, 1), date(2022, 3, 1)).map(lambda day: Span(None, day))


@given(spans)
def test_what_is_written_reads_back_as_the_same_days(span: Span) -> None:
    assert Span.parse(str(span), open_start=True) == span


@given(days, days)
def test_an_interval_that_ends_before_it_starts_is_never_made(one: date, other: date) -> None:
    if one <= other:
        assert Span(one, other).start == one
    else:
        with pytest.raises(ValueError, match=f"the interval ends \\({other}\\) before it starts \\({one}\\)"):
            Span(one, other)


@given(texts_of_dates, texts_of_dates)
def test_days_have_one_spelling_however_they_were_written(first: str, last: str) -> None:
    span = Span.parse(f"{min(first, last)}/{max(first, last)}")

    assert str(Span.parse(str(span))) == str(span)
    assert str(Span.parse(f"{span.start}/{span.end}")) == str(span)


@given(days)
def test_a_known_day_a_whole_month_and_a_whole_year_print_as_such(day: date) -> None:
    last = monthrange(day.year, day.month)[1]

    assert str(Span(day, day)) == day.isoformat()
    assert str(Span(day.replace(day=1), day.replace(day=last))) == day.isoformat()[:7]
    assert str(Span(date(day.year, 1, 1), date(day.year, 12, 31))) == day.isoformat()[:4]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("2022-01-12", "2022-01-12"),
        ("2022-01-12/2022-01-12", "2022-01-12"),
        ("2022-01-10/2022-01-12", "2022-01-10/2022-01-12"),
        ("2022-02-01/2022-02-28", "2022-02"),
        ("2024-02-01/2024-02-28", "2024-02-01/2024-02-28"),
        ("2024-02-01/2024-02-29", "2024-02"),
        ("2022-01-01/2022-03-31", "2022-01/2022-03"),
        ("2022-01/2022-12", "2022"),
        ("2021-01-01/2022-12-31", "2021/2022"),
        ("2022-01/2022-03-15", "2022-01-01/2022-03-15"),
        ("../2022-01-17", "../2022-01-17"),
        ("../2022-01", "../2022-01-31"),
    ],
)
def test_days_print_in_the_form_a_person_would_choose(written: str, printed: str) -> None:
    assert str(Span.parse(written, open_start=True)) == printed


@given(texts_of_dates)
def test_a_month_or_a_year_holds_every_day_of_it(text: str) -> None:
    span = Span.parse(text)

    assert span.start is not None
    assert str(span.start).startswith(text)
    assert str(span.end).startswith(text)
    if span.start > date.min:
        assert not str(span.start - timedelta(1)).startswith(text)
    if span.end < date.max:
        assert not str(span.end + timedelta(1)).startswith(text)


@given(close_spans, close_spans)
def test_overlapping_goes_both_ways(one: Span, other: Span) -> None:
    assert one.overlaps(other) == other.overlaps(one)


@given(spans)
def test_every_span_overlaps_itself(span: Span) -> None:
    assert span.overlaps(span)


@given(close_spans, close_spans)
def test_two_spans_overlap_when_some_day_may_belong_to_both(one: Span, other: Span) -> None:
    start = max((span.start for span in (one, other) if span.start is not None), default=date.min)

    assert one.overlaps(other) == (start <= min(one.end, other.end))


@given(spans)
def test_no_span_is_certain_before_it_may_have_begun(span: Span) -> None:
    assert span.since <= span.end
    assert span.since == (span.start or span.end)


@given(close_spans, close_spans)
def test_of_two_spans_that_do_not_overlap_one_is_the_earlier(one: Span, other: Span) -> None:
    if not one.overlaps(other):
        assert (one.since < other.since) == (one.end < other.end)


@given(close_spans, st.dates(date(2021, 11, 1), date(2022, 4, 1)))
def test_what_a_source_tells_never_lies_after_its_publication(span: Span, published: date) -> None:
    try:
        capped = span.capped(published)
    except ValueError as error:
        assert span.start is not None
        assert span.start > published
        assert str(error) == f"{span} is after the day of publication, {published}"  # noqa: PT017
    else:
        assert capped.start == span.start
        assert capped.end == min(span.end, published)
        assert capped.capped(published) == capped


@given(st.text())
def test_any_other_text_is_refused_with_a_message(text: str) -> None:
    for read in (Span.parse, parse_day):
        try:
            read(text)
        except ValueError as error:
            assert repr(text) in str(error) or "in the calendar" in str(error) or "before it starts" in str(error)  # noqa: PT017


FORMS = "is not a day (2022-01-12), a month (2022-01), a year (2022) or an interval (2022-01-10/2022-01-12)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2022-02-30", "there is no '2022-02-30' in the calendar"),
        ("2023-02-29", "there is no '2023-02-29' in the calendar"),
        ("2022-13", "there is no '2022-13' in the calendar"),
        ("2022-00", "there is no '2022-00' in the calendar"),
        ("0000", "there is no '0000' in the calendar"),
        ("2022-02-01/2022-02-30", "there is no '2022-02-30' in the calendar"),
        ("2022-01-12/2022-01-10", "the interval ends (2022-01-10) before it starts (2022-01-12)"),
        ("2022/2021", "the interval ends (2021-12-31) before it starts (2022-01-01)"),
        ("", f"'' {FORMS}"),
        ("mid-December", f"'mid-December' {FORMS}"),
        ("12.01.2022", f"'12.01.2022' {FORMS}"),
        ("01/12/2022", f"'01/12/2022' {FORMS}"),
        ("2022-1-12", f"'2022-1-12' {FORMS}"),
        ("20220112", f"'20220112' {FORMS}"),
        ("2022-01-12 ", f"'2022-01-12 ' {FORMS}"),
        ("2022-01-12\n", f"'2022-01-12\\n' {FORMS}"),
        ("2022-01-10/", f"'2022-01-10/' {FORMS}"),
        ("2022-01-10/..", f"'2022-01-10/..' {FORMS}"),
        ("2021/2022/2023", f"'2021/2022/2023' {FORMS}"),
        ("٢٠٢٢-٠١-١٢", f"'٢٠٢٢-٠١-١٢' {FORMS}"),
        ("２０２２", f"'２０２２' {FORMS}"),
        ("2022-01-12T09:30", f"'2022-01-12T09:30' {FORMS}"),
        ("2022-01-12T09:30:00Z", f"'2022-01-12T09:30:00Z' {FORMS}"),
        ("2022-01-12 09:30", f"'2022-01-12 09:30' {FORMS}"),
        ("2022-01~", f"'2022-01~' {FORMS}"),
        ("-2022", f"'-2022' {FORMS}"),
    ],
)
def test_what_is_no_date_is_refused_in_plain_words(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message) + "$"):
        Span.parse(text)


def test_an_open_start_is_read_only_where_it_is_allowed() -> None:
    assert Span.parse("../2022-01-17", open_start=True) == Span(None, date(2022, 1, 17))
    with pytest.raises(ValueError, match=re.escape("'../2022-01-17' has no first day; only `made` may leave it out")):
        Span.parse("../2022-01-17")


@pytest.mark.parametrize("text", ["../", "../..", "../2022-01-10/2022-01-12", "../../2022", "..", "/2022"])
def test_only_one_day_follows_an_open_start(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{text!r} {FORMS}")):
        Span.parse(text, open_start=True)


@given(days)
def test_a_single_day_is_read_from_its_only_spelling(day: date) -> None:
    assert parse_day(day.isoformat()) == day


@pytest.mark.parametrize("text", ["2022-01", "2022", "2022-01-12/2022-01-12", "2022-01-10/2022-01-12"])
def test_a_day_of_publication_is_no_month_and_no_interval(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{text!r} is not a single day, like 2022-01-17")):
        parse_day(text)


@pytest.mark.parametrize("read", [Span.parse, parse_day])
def test_the_first_and_the_last_day_of_the_calendar_are_days(read: Callable[[str], object]) -> None:
    assert str(read("0001-01-01")) == "0001-01-01"
    assert str(read("9999-12-31")) == "9999-12-31"
