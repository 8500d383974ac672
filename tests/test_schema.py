"""The JSON Schema of an episode file: published, valid, and of one mind with `positions record`."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from positions import package_data
from positions.episode_file.load import parse
from positions.episode_file.schema import json_schema
from tests.conftest import TALKS, Output, Positions

SCHEMA = json_schema()
HEAD = """
format: 1
episode: {id: reply, kind: statement, title: The reply, published: 2022-02-10, url: https://example.org/reply}
"""
_TRUTH = re.compile("true|false")


class _AsEditorsDo(yaml.SafeLoader):
    """Reads YAML as an editor does: numbers, truth values and null, but days stay texts."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in {"null", "int"}]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    } | {"t": [("tag:yaml.org,2002:bool", _TRUTH)], "f": [("tag:yaml.org,2002:bool", _TRUTH)]}


def _complaints(text: str) -> list[str]:
    """What an editor underlines in `text`."""
    values = yaml.load(text, Loader=_AsEditorsDo)
    return [error.json_path for error in Draft202012Validator(SCHEMA).iter_errors(values)]


def test_the_schema_that_is_printed_is_the_one_in_the_data_folder(positions: Positions) -> None:
    printed = positions("schema").stdout

    assert printed == (package_data.folder("data") / "episode.schema.json").read_text(encoding="utf-8")


def test_the_schema_is_valid_json_schema_of_2020(positions: Positions) -> None:
    schema = positions("schema").json

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_every_field_in_the_schema_says_what_it_is_for() -> None:
    models = {name: model for name, model in SCHEMA["$defs"].items() if "properties" in model}

    silent = [
        f"{name}.{key}"
        for name, model in {"file": SCHEMA, **models}.items()
        for key, value in model["properties"].items()
        if not value.get("description")
    ]

    assert silent == []
    assert all(model.get("additionalProperties") is False for model in (SCHEMA, *models.values()))


@pytest.mark.parametrize("path", package_data.episodes(), ids=lambda path: path.stem)
def test_editors_accept_every_shipped_episode(path: Path) -> None:
    assert _complaints(path.read_text(encoding="utf-8")) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", package_data.episodes(), ids=lambda path: path.stem)
def test_a_shipped_episode_as_plain_texts_validates_too(path: Path) -> None:
    values = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    values["format"] = int(values["format"])
    values["episode"] = {key: None if value == "null" else value for key, value in values["episode"].items()}
    for outcome in values.get("outcomes", []):
        outcome["in_part"] = outcome.get("in_part") == "true"

    assert [error.json_path for error in Draft202012Validator(SCHEMA).iter_errors(values)] == []


SHORT = """
demands:
  - {id: no-bases, by: [russia], to: nato, affects: us, topic: bases, title: No bases, made: ../2022-02, basis: stated,
     quote: no bases, provisions: [{document: reply, article: 4(1)}], part_of: no-missiles}
responses:
  - {id: short, by: us, said: 2022-02, basis: stated, quote: yes, stances: {no-missiles: open}}
  - {id: long, by: [us], said: 2022-02-01/2022-02-10, basis: stated, quote: yes,
     stances: {no-missiles: {stance: negotiable, condition: if you do, wording: yes, basis: reported, quote: yes}}}
  - {id: one, by: russia, said: 2022, basis: stated, quote: no missiles, repeats: no-missiles, about: missile-talks}
  - {id: many, by: russia, said: 2022, basis: stated, quote: none, repeats: [no-missiles, no-enlargement], about: []}
  - {id: named, by: russia, said: 2022, basis: stated, quote: none,
     repeats: {no-missiles: , no-enlargement: {scope: wider}}}
outcomes:
  - {items: no-missiles, outcome: met, in_part: true, on: 2022-02, quote: some are gone}
  - {id: gone, items: [missile-talks], outcome: superseded, superseded_by: no-bases, on: 2022-02-10, quote: bases now}
"""


def test_every_short_form_that_is_recorded_pleases_editors_too(talks: Output, record: Callable[..., Output]) -> None:
    assert "r1 recorded" in talks.stdout
    assert "r2 recorded" in record(HEAD.replace("kind: statement", "kind: draft") + SHORT).stdout

    assert _complaints(TALKS) == []
    assert _complaints(HEAD + SHORT) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (HEAD.replace("format: 1", "format: 2"), "$.format"),
        (HEAD.replace("format: 1", ""), "$"),
        ("format: 1\n", "$"),
        (HEAD.replace("kind: statement", "kind: speech"), "$.episode.kind"),
        (HEAD.replace("title: The reply, ", ""), "$.episode"),
        (HEAD.replace("id: reply", "id: The reply"), "$.episode.id"),
        (HEAD.replace("title", "titel"), "$.episode"),
        (f"{HEAD}respones: []\n", "$"),
        (f"{HEAD}responses: {{}}\n", "$.responses"),
        (f"{HEAD}actors: [{{id: nato, kind: club, name: NATO}}]\n", "$.actors[0].kind"),
        (f"{HEAD}responses: [{{id: it, by: us, said: soon, basis: stated}}]\n", "$.responses[0].said"),
        (f"{HEAD}responses: [{{id: it, by: us, said: ../2022, basis: stated}}]\n", "$.responses[0].said"),
        (f"{HEAD}responses: [{{id: it, by: us, said: 2022-02, basis: heard}}]\n", "$.responses[0].basis"),
        (
            f"{HEAD}responses: [{{id: it, by: us, said: 2022-02, basis: stated, stances: {{no-missiles: refused}}}}]\n",
            "$.responses[0].stances['no-missiles']",
        ),
        (
            f"{HEAD}responses: [{{id: it, by: us, said: 2022-02, basis: stated, repeats: {{it: {{scope: big}}}}}}]\n",
            "$.responses[0].repeats",
        ),
    ],
)
def test_editors_underline_what_would_be_refused(text: str, place: str) -> None:
    complaints = _complaints(text)

    assert complaints
    assert all(found.startswith(place) for found in complaints), complaints
    assert parse(text, "reply.yaml").problems
