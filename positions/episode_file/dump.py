"""From entries back to the text of an episode file, which `load` reads as the same entries."""

from collections.abc import Iterable
from typing import Any

import yaml

from positions.episode_file.fields import forbidden
from positions.episode_file.schema import SECTIONS, Entry, EpisodeEntry

SCHEMA_LINE = "# yaml-language-server: $schema={schema}\n"
"""What tells an editor which schema a file has."""

_ORDER = (
    *(
        "id",
        "kind",
        "by",
        "side",
        "to",
        "affects",
        "speaks_for",
        "role",
        "name",
        "topic",
        "title",
        "text",
        "published",
    ),
    *(
        "items",
        "core",
        "outcome",
        "superseded_by",
        "on",
        "in_part",
        "made",
        "speaker",
        "said",
        "venue",
        "reported_by",
    ),
    *(
        "stance",
        "scope",
        "wording",
        "condition",
        "basis",
        "quote",
        "core_quote",
        "summary",
        "url",
        "language",
    ),
)
"""The order in which fields are written; the others follow."""


class _Dumper(yaml.SafeDumper):
    """Writes days as they are; what any reader of YAML would take for a number or for null is put in quotes."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Indent lists under their key."""
        super().increase_indent(flow, False)


def dump(entries: Iterable[Entry], schema: str | None = None) -> str:
    """The episode file that holds `entries`; its first line names the JSON Schema at `schema`, if given.

    The episode must be among them.
    """
    document: dict[str, Any] = {"format": 1}
    names = {kind.what: section for section, kind in SECTIONS.items()}
    listed = list(entries)
    document["episode"] = next(_ordered(one) for one in listed if isinstance(one, EpisodeEntry))
    for what, section in names.items():
        found = [_ordered(one) for one in listed if one.what is what]
        if found:
            document[section] = found
    body = _yaml(document, allow_unicode=True)
    if forbidden(body) is not None:  # another program wrote it into the database: it must not act on a terminal
        body = _yaml(document, allow_unicode=False)
    return (SCHEMA_LINE.format(schema=schema) if schema else "") + body


def _yaml(document: dict[str, Any], *, allow_unicode: bool) -> str:
    return str(yaml.dump(document, Dumper=_Dumper, allow_unicode=allow_unicode, sort_keys=False, width=120))


def _ordered(entry: Entry) -> dict[str, Any]:
    content = entry.content()
    for name in ("repeats", "about"):
        if name in content:
            content[name] = {slug: detail or None for slug, detail in content[name].items()}
    if "stances" in content:
        content["stances"] = {slug: _short(detail) for slug, detail in content["stances"].items()}
    return {name: content[name] for name in sorted(content, key=_place)}


def _short(detail: dict[str, Any]) -> Any:
    if detail.keys() == {"stance"}:
        return detail["stance"]
    return {name: detail[name] for name in sorted(detail, key=_place)}


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
