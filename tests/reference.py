"""The pages of docs/reference, made from the program. `python -m tests.documents` writes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

import typer
from sqlalchemy import Table

from positions import models
from positions.app import app
from positions.episode_file import schema as episode_file
from positions.rendering import plain_data

_MADE = "<!-- Made by `python -m tests.documents`; change the program instead. -->\n"


def pages() -> dict[str, str]:
    """The text of each page, by file name."""
    return {
        "commands.md": _commands(),
        "file-format.md": _file_format(),
        "json.md": _json(),
        "schema.md": _schema(),
        "schema.svg": _diagram(),
    }


# ---- commands

_COMMANDS = """\
# Commands

{made}
`positions help COMMAND` prints what is here. Answers go to the standard output, messages to the standard error.

| exit code | means |
|---|---|
| 0 | done |
| 1 | refused or failed: a message says why, and nothing was recorded; also if `check` or `verify` found something |
| 2 | the command line is wrong |
| 130 | interrupted |

| environment variable | means |
|---|---|
| `POSITIONS_DB` | the database, if not the default one: a file, or `postgresql+psycopg://…` |
| `NO_COLOR` | print without colours |
| `COLUMNS` | the width of tables on a terminal; in a pipe a row is one line |

"""


def _commands() -> str:
    """A heading and a console block for each command; `tests.documents` fills in what the command prints."""
    names = [*_named(typer.main.get_command(app), "")]
    blocks = (f"## {name}\n\n```console\n$ positions help {name}\n```\n" for name in names)
    return _COMMANDS.format(made=_MADE) + "\n".join(blocks)


def _named(group: Any, before: str) -> Iterator[str]:
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if command.hidden:
            continue
        if hasattr(command, "list_commands"):
            yield from _named(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


# ---- files and output

_FILE = """\
# File format

{made}
An episode file is YAML in UTF-8, of at most 10 MiB and 200,000 values. It is one source. `positions schema` prints the
JSON Schema from which this page is made, and which editors read. Fields that are not marked are optional, unless others
make them necessary: an item needs `by` or `side`, and `to`; `stated` needs a quotation; without one, a `summary` and a
`url` are needed; `alleged` needs `reported_by`; a response needs `stances`, `repeats` or `about`. The
[codebook](../../data/codebook.md) says what the words mean, and how to decide between them.

Days are written `2022-01-12`, `2022-01` or `2022`; `2022-01-10/2022-01-12` is some day from the one to the other
([EDTF](https://www.loc.gov/standards/datetime/)). In `made` alone, `../2022-01-12` is that day or an earlier one.
Days are cut at the day of publication. An id has lowercase letters and digits, separated by hyphens.

"""


def _file_format() -> str:
    definitions = episode_file.json_schema()["$defs"]
    whole = episode_file.json_schema()
    parts = [f"## The file\n\n{_table(_fields(whole))}"]
    for name, definition in definitions.items():
        if "properties" in definition:
            head = f"## {_plain(name)}\n\n{definition.get('description', '')}\n\n"
            parts.append(head + _table(_fields(definition)))
    for name, definition in definitions.items():
        if "enum" in definition:
            members = ", ".join(f"`{member}`" for member in definition["enum"])
            parts.append(f"## {name}\n\n{definition.get('description', '')}\n\n{members}\n")
    return _FILE.format(made=_MADE) + "\n".join(parts)


_JSON = """\
# JSON

{made}
What each command prints with `--format json`. `positions schema --output` prints the JSON Schema from which this page
is made. Names of fields stay; fields may be added.

CSV has the same fields: lists are joined by `; `, objects are JSON. An interval `NAME` has its first and last day in
`NAME_from` and `NAME_to` besides, and `matrix` has a column for each actor in place of `stances`. CSV is UTF-8 without
a byte order mark; `positions export FILE.xlsx` makes a workbook for Excel. `retract`, `undo` and the `add` commands
print the same as `record`.

"""


def _json() -> str:
    definitions = plain_data.output_schema()["$defs"]
    commands = {name: definition for name, definition in definitions.items() if name[0].islower()}
    printed = [(f"`{name}`", _type(definition)) for name, definition in commands.items()]
    parts = [_markdown_table(("command", "prints"), printed)]
    for name, definition in definitions.items():
        if name not in commands:
            rows = [(f"`{field}`", _type(one)) for field, one in definition["properties"].items()]
            head = f"## {_plain(name)}\n\n{definition.get('description', '')}\n\n"
            parts.append(head + _markdown_table(("field", "type"), rows))
    return _JSON.format(made=_MADE) + "\n".join(parts)


def _fields(definition: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    required = definition.get("required", ())
    for name, field in definition["properties"].items():
        yield f"`{name}`{' (required)' if name in required else ''}", _type(field), field.get("description", "")


def _table(rows: Iterable[tuple[str, str, str]]) -> str:
    return _markdown_table(("field", "value", "means"), rows)


def _type(field: Mapping[str, Any]) -> str:
    """The type that a JSON Schema describes, in words, with links to what is described on the same page."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{_plain(name)}](#{_anchor(_plain(name))})"
    if "const" in field or "enum" in field:
        return ", ".join(f"`{one}`" for one in field.get("enum", [field.get("const")]))
    for several in ("anyOf", "oneOf"):
        if several in field:
            return " or ".join(dict.fromkeys(_type(one) for one in field[several]))
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    if field.get("type") == "object":
        names = ", ".join(f"`{name}`" for name in field.get("properties", ()))
        inside = field.get("additionalProperties") or next(iter(field.get("patternProperties", {}).values()), None)
        by_id = f"object (id: {_type(inside)})" if inside else "object"
        return f"object with {names}" if names else by_id
    return _TYPES.get(str(field.get("type")), "anything")


_TYPES = {"string": "text", "null": "null", "integer": "number", "number": "number", "boolean": "true or false"}


def _plain(name: str) -> str:
    return name.removesuffix("Row").removesuffix("Entry")


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


# ---- schema

_SCHEMA = """\
# Database schema

{made}
![The tables and what they refer to](schema.svg)

SQLite and PostgreSQL have the same tables. Every row that a revision recorded says so in `recorded_in`, and in
`retracted_in` the revision that took it out again; a row without the latter is current. Ids that people type are in
`slug`; other tables refer to row numbers. Two views answer most questions: `current_stance` and `non_starter`.

"""


def _schema() -> str:
    parts = []
    for name, table in models.METADATA.tables.items():
        rows = [(f"`{column.name}`", _column_type(column), column.comment or "") for column in table.columns]
        parts.append(f"## {name}\n\n{table.comment}\n\n{_markdown_table(('column', 'type', 'means'), rows)}")
    return _SCHEMA.format(made=_MADE) + "\n".join(parts)


def _column_type(column: Any) -> str:
    targets = _targets(column)
    kind = f"→ `{targets[0]}`" if targets else str(column.type).lower().partition("(")[0]
    return kind + ("" if not column.nullable else ", or null")


_COLUMNS = (
    ("revision", "change", "negotiation", "episode", "side", "actor"),
    ("item", "item_actor", "item_link", "provision"),
    ("package", "package_maker", "package_item", "outcome", "outcome_item", "outcome_actor"),
    ("response", "response_actor", "stance", "mention", "search_text"),
)
"""Where the tables stand in the diagram: columns from left to right, each from top to bottom."""

_WIDTH, _GAP, _LINE, _TOP = 190, 60, 17, 24


def _diagram() -> str:
    """The tables as boxes, each with its keys, and a line from each key to what it refers to; bookkeeping left out."""
    places: dict[str, tuple[int, int]] = {}
    keys = {name: _keys(table) for name, table in models.METADATA.tables.items()}
    listed = [name for column in _COLUMNS for name in column]
    assert sorted(listed) == sorted(keys), "a table has no place in the diagram"
    for number, column in enumerate(_COLUMNS):
        y = 10
        for name in column:
            places[name] = (10 + number * (_WIDTH + _GAP), y)
            y += _TOP + _LINE * len(keys[name]) + 34
    height = max(y + _TOP + _LINE * len(keys[name]) for name, (_, y) in places.items()) + 10
    width = len(_COLUMNS) * (_WIDTH + _GAP) - _GAP + 20
    lines = [line for name in listed for line in _lines(name, keys, places)]
    boxes = [_box(name, keys[name], *places[name]) for name in listed]
    style = (
        "text{font:12px sans-serif;fill:#222}.t{font-weight:bold}rect{fill:#fff;stroke:#888}"
        "path{fill:none;stroke:#b8b8b8}"
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    title = "<title>The tables of the database, and what their keys refer to</title>"
    back = f'<rect width="{width}" height="{height}" style="stroke:none"/>'
    return "\n".join([head, title, f"<style>{style}</style>", back, *lines, *boxes, "</svg>", ""])


def _keys(table: Table) -> list[tuple[str, str]]:
    """The columns that refer to other tables, with the table: each once, without the revisions."""
    found: dict[str, str] = {}
    for column in table.columns:
        for target in _targets(column):
            if target != "revision" or table.name == "change":
                found.setdefault(column.name, target)
    return [(name, target) for name, target in found.items() if name.endswith("_id") or name == "revision"]


def _targets(column: Any) -> list[str]:
    """The tables that a column refers to; a stance copies columns of its response, and refers to both."""
    return sorted({key.column.table.name for key in column.foreign_keys})


def _box(name: str, keys: Sequence[tuple[str, str]], x: int, y: int) -> str:
    height = _TOP + _LINE * len(keys)
    texts = [f'<text class="t" x="{x + 8}" y="{y + 16}">{escape(name)}</text>']
    for number, (column, target) in enumerate(keys):
        texts.append(f'<text x="{x + 8}" y="{y + _TOP + _LINE * number + 10}">{column} → {target}</text>')
    return f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{height}" rx="3"/>' + "".join(texts)


def _lines(
    name: str, keys: Mapping[str, Sequence[tuple[str, str]]], places: Mapping[str, tuple[int, int]]
) -> Iterator[str]:
    x, y = places[name]
    for number, (_, target) in enumerate(keys[name]):
        if target == name:
            continue
        to_x, to_y = places[target]
        from_y, to_y = y + _TOP + _LINE * number + 6, to_y + 12
        left, right = (x, to_x + _WIDTH) if to_x < x else (x + _WIDTH, to_x) if to_x > x else (x, to_x)
        bend, back = ((right - left) // 2, (left - right) // 2) if to_x != x else (-30, -30)
        yield f'<path d="M{left},{from_y} C{left + bend},{from_y} {right + back},{to_y} {right},{to_y}"/>'


def _markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
