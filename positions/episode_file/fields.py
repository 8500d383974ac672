"""The types of fields in an episode file: ids, days, texts, quotations.

Each type converts what people write to one canonical form, so that neither the order of ids nor the notation of a month
makes a difference. Messages are for the author of the file.

A *rule* only restricts new content. Rules can become stricter: recorded content is read without them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)

from positions import quotations
from positions.dates import Span
from positions.safe_text import UNSAFE
from positions.vocabulary import SLUG, SLUG_LENGTH, is_slug

_FORBIDDEN = re.compile(rf"[{UNSAFE}\ufffe\uffff]")
_DATE_PATTERN = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_MAX_SHOWN_LENGTH = 64
_MAX_SHOWN = 12

LABEL_LENGTH = 40
"""The most characters of a label, which marks a time axis."""

STORED = "stored"
"""The key in pydantic's context for reading recorded content, which need not follow the rules."""


def rule(check: Callable[[str], object]) -> AfterValidator:
    """A rule for new content of a field: `check` raises a ValueError for what is not allowed."""

    def applied(value: str, info: ValidationInfo) -> str:
        if not (info.context or {}).get(STORED):
            check(value)
        return value

    return AfterValidator(applied)


def forbidden(text: str) -> str | None:
    """The first character in `text` that is not allowed; None if all are."""
    found = _FORBIDDEN.search(text)
    return None if found is None else found.group()


def shortened(text: str) -> str:
    """`text` as a message shows it: cut to a reasonable length."""
    return text if len(text) <= _MAX_SHOWN_LENGTH else f"{text[: _MAX_SHOWN_LENGTH - 1]}…"


def quoted(value: Any) -> str:
    """`value` as a message shows it: in quotation marks, cut to a reasonable length."""
    return shortened(repr(value))


def _slug(value: str) -> None:
    if not is_slug(value):
        rule = f"lowercase letters and digits, separated by hyphens, at most {SLUG_LENGTH} characters"
        raise ValueError(f"{quoted(value)} is not a valid id: use {rule}")


def _text(value: str) -> None:
    found = forbidden(value)
    if found is not None:
        raise ValueError(f"the character U+{ord(found):04X} is not allowed in a text; remove it")
    if not value:
        raise ValueError("is empty; write something, or leave the field out if it is optional")


def _label(value: str) -> None:
    if len(value.splitlines()) > 1:
        raise ValueError("has several lines; a label has one")
    if len(value) > LABEL_LENGTH:
        raise ValueError(f"has {len(value)} characters; a label may have at most {LABEL_LENGTH}")


def _quote(value: str) -> None:
    count = quotations.words(value)
    if count > quotations.MAX_WORDS:
        raise ValueError(f"has {count} words; a quotation may have at most {quotations.MAX_WORDS}")


def _matches(pattern: str, what: str, longest: int | None = None) -> AfterValidator:
    """The rule that a text has the form of `pattern`, and at most the length `longest`."""

    def check(value: str) -> None:
        if re.fullmatch(pattern, value[:longest]) is None or value[:longest] != value:
            raise ValueError(f"{quoted(value)} is not {what}")

    return rule(check)


def _span(value: Any, *, open_start: bool = False) -> Span:
    if isinstance(value, Span):
        return value
    if not isinstance(value, str):
        raise ValueError("must be a date, like 2022-01-12")  # noqa: TRY004 (pydantic collects ValueErrors)
    return Span.parse(value, open_start=open_start)


def _capped(span: Span, info: ValidationInfo) -> Span:
    published = (info.context or {}).get("published")
    return span if published is None else span.capped(published)


def _listed(value: Any) -> Any:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _refuse_duplicates(ids: Iterable[str]) -> None:
    twice = sorted(slug for slug, count in Counter(ids).items() if count > 1)
    if twice:
        more = ", …" if len(twice) > _MAX_SHOWN else ""
        raise ValueError(f"listed more than once: {', '.join(map(shortened, twice[:_MAX_SHOWN]))}{more}")


def _sorted_ids(ids: tuple[str, ...]) -> tuple[str, ...]:
    _refuse_duplicates(ids)
    return tuple(sorted(ids))


def empty_for_none(value: Any) -> Any:
    """`value` with an empty mapping instead of None, also of None under a key; what is no mapping stays as it is."""
    if isinstance(value, dict):
        return {name: {} if detail is None else detail for name, detail in value.items()}
    return {} if value is None else value


def by_name(value: Any) -> Any:
    """A mapping by id, from a mapping, one id, or a list of ids."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, (list, tuple)) and all(isinstance(slug, str) for slug in value):
        _refuse_duplicates(value)
        value = dict.fromkeys(value)
    return empty_for_none(value)


_SLUG_SCHEMA: dict[str, Any] = {"type": "string", "pattern": f"^{SLUG.pattern}$", "maxLength": SLUG_LENGTH}

Slug = Annotated[str, rule(_slug), WithJsonSchema(_SLUG_SCHEMA)]
"""An id that people type."""

Slugs = Annotated[
    tuple[Slug, ...],
    BeforeValidator(_listed),
    AfterValidator(_sorted_ids),
    WithJsonSchema({"anyOf": [_SLUG_SCHEMA, {"type": "array", "items": _SLUG_SCHEMA, "uniqueItems": True}]}),
]
"""One id or a list of ids, which is sorted."""

Text = Annotated[str, AfterValidator(str.strip), rule(_text)]
"""A text that is not empty, without control and bidirectional characters."""

Label = Annotated[Text, rule(_label)]
"""A name short enough to mark a time axis."""

Quote = Annotated[Text, rule(_quote)]
"""A literal quotation from the source."""

Url = Annotated[
    Text,
    _matches(r"https?://[^\s/]+\S*", "an address, like https://example.org/page"),
    WithJsonSchema({"type": "string", "format": "uri"}),
]
"""An address on the web."""

_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_SHA256 = r"[0-9a-f]{64}"

Language = Annotated[
    str,
    _matches(_LANGUAGE, "a language tag, like en or ru", SLUG_LENGTH),
    WithJsonSchema({"type": "string", "pattern": f"^{_LANGUAGE}$"}),
]
"""A language tag (BCP 47), like `en` or `ru`."""

Sha256 = Annotated[
    str,
    _matches(_SHA256, "a SHA-256: 64 lowercase hexadecimal digits"),
    WithJsonSchema({"type": "string", "pattern": f"^{_SHA256}$"}),
]
"""A SHA-256 in hexadecimal."""

_AS_TEXT = PlainSerializer(str, return_type=str)
_SPAN_PATTERN = f"{_DATE_PATTERN}(/{_DATE_PATTERN})?"


def _date_schema(pattern: str) -> WithJsonSchema:
    year = {"type": "integer", "minimum": 1000, "maximum": 9999, "description": "A year, as editors read it."}
    return WithJsonSchema({"anyOf": [{"type": "string", "pattern": f"^{pattern}$"}, year]})


PublishedDays = Annotated[Span, PlainValidator(_span), _AS_TEXT, _date_schema(_SPAN_PATTERN)]
"""When a source was published: EDTF level 0; it counts as public from the last of the days."""

Days = Annotated[Span, PlainValidator(_span), AfterValidator(_capped), _AS_TEXT, _date_schema(_SPAN_PATTERN)]
"""When something was said: EDTF level 0, cut at the day of publication."""

MadeDays = Annotated[
    Span,
    PlainValidator(partial(_span, open_start=True)),
    AfterValidator(_capped),
    _AS_TEXT,
    _date_schema(rf"(\.\./{_DATE_PATTERN}|{_SPAN_PATTERN})"),
]
"""When something was made: as `Days`, or with an open start."""
