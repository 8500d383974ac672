"""Writing entries as an episode file, which `load` reads back as the same entries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from positions.episode_file.fields import forbidden
from positions.episode_file.schema import SECTIONS, Entry, EpisodeEntry

SCHEMA_LINE = "# yaml-language-server: $schema={schema}\n"
"""Names the JSON Schema of the file for editors."""

FIELD_ORDER = (
    *("id", "kind", "by", "side", "to", "affects", "speaks_for"),
    *("role", "name", "topic", "title", "text", "published", "event"),
    *("items", "core", "outcome", "superseded_by", "on"),
    *("in_part", "made", "speaker", "said", "venue", "reported_by"),
    *("stance", "scope", "wording", "condition", "basis"),
    *("quote", "core_quote", "summary", "url", "language"),
)
"""The order of fields; those not listed follow."""


class _Dumper(yaml.SafeDumper):
    """Writes days without quotes; texts that look like a number or null get quotes."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Indent lists under their key."""
        super().increase_indent(flow, False)


def dump(entries: Iterable[Entry], schema: str | None = None) -> str:
    """The episode file with `entries`, which must include the episode; its first line names `schema`, if given."""
    listed = list(entries)
    episode = next(entry for entry in listed if isinstance(entry, EpisodeEntry))
    document: dict[str, Any] = {"format": 1, "episode": episode.content()}
    for section, kind in SECTIONS.items():
        document[section] = [entry.content() for entry in listed if entry.what is kind.what]
    return (SCHEMA_LINE.format(schema=schema) if schema else "") + dump_plain(document)


def dump_plain(document: Mapping[str, Any]) -> str:
    """The episode file with the plain values of `document`, as `dump` writes them; they need not be valid.

    Sections and fields are put in their order, and empty sections are left out.
    """
    order = ("format", "episode", *SECTIONS)
    written = {name: _ordered_part(document[name]) for name in order if document.get(name) not in (None, [])}
    written |= {name: part for name, part in document.items() if name not in order}
    body = _yaml(written, allow_unicode=True)
    if forbidden(body) is not None:  # written by another program; escaped, it cannot act on a terminal
        body = _yaml(written, allow_unicode=False)
    return body


def section(name: str, entries: Iterable[tuple[dict[str, Any], Sequence[str]]]) -> str:
    """The section `name` of a file with plain `entries`, each below its comments; empty if there are none."""
    listed = "".join(
        "".join(f"  # {comment}\n" for comment in comments)
        + _yaml({name: [_shortened(entry)]}, allow_unicode=True).split("\n", 1)[1]
        for entry, comments in entries
    )
    return f"\n{name}:\n{listed}" if listed else ""


def _yaml(document: dict[str, Any], *, allow_unicode: bool) -> str:
    return str(yaml.dump(document, Dumper=_Dumper, allow_unicode=allow_unicode, sort_keys=False, width=120))


def _ordered_part(part: Any) -> Any:
    """An entry or a list of entries, with their fields in order; anything else as it is."""
    if isinstance(part, list):
        return [_ordered_part(entry) for entry in part]
    return _ordered(part) if isinstance(part, dict) else part


def _shortened(content: dict[str, Any]) -> dict[str, Any]:
    """The fields in their order, with the stances in their short form and one id instead of a list of one."""
    short = {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in content.items()
    }
    if "stances" in short:
        short["stances"] = {slug: _short(detail) for slug, detail in short["stances"].items()}
    return {name: short[name] for name in sorted(short, key=_place)}


def _ordered(entry: Mapping[str, Any]) -> dict[str, Any]:
    content = dict(entry)
    for name in ("repeats", "about"):
        if isinstance(content.get(name), dict):
            content[name] = {slug: detail or None for slug, detail in content[name].items()}
    if isinstance(content.get("stances"), dict):
        content["stances"] = {slug: _short(detail) for slug, detail in content["stances"].items()}
    return {name: content[name] for name in sorted(content, key=_place)}


def _short(detail: Any) -> Any:
    if not isinstance(detail, dict):
        return detail
    if detail.keys() == {"stance"}:
        return detail["stance"]
    return {name: detail[name] for name in sorted(detail, key=_place)}


def _place(name: str) -> int:
    return FIELD_ORDER.index(name) if name in FIELD_ORDER else len(FIELD_ORDER)
