"""What our pages add to Datasette's: choices for the questions, and links in place of row numbers and ids."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from datasette import hookimpl
from markupsafe import Markup

from positions.browse import metadata, questions
from positions.vocabulary import StanceKind


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(datasette: Any) -> Mapping[str, Any]:
    """What our templates need besides: the choices for a parameter of a question, and the titles of tables."""

    async def choices(parameter: str) -> list[tuple[str, str]]:
        found = await datasette.get_database(metadata.DATABASE).execute(questions.CHOICES[parameter])
        return [(row[0], row[1]) for row in found.rows]

    return {"choices": choices, "titles": metadata.titles()}


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(
    row: Any, value: Any, column: str, table: str | None, datasette: Any
) -> Markup | Callable[[], Awaitable[Markup | None]] | None:
    """The HTML of a cell that Datasette would show as a bare number or text; None leaves it to Datasette."""
    if table is None:
        return None if value is None else _answer(row, str(value), column, datasette)
    target = metadata.REFERENCES.get((table, column))
    if target is None or not isinstance(value, int):  # on the page of a table it is a link already
        return None

    async def linked() -> Markup | None:
        return await _link(datasette, target, value)

    return linked


def _answer(row: Any, value: str, column: str, datasette: Any) -> Markup | None:
    """A cell of the answer to a question."""
    match column:
        case "title" if "item" in row.keys():  # noqa: SIM118 (a row of SQLite, in which values are looked for)
            address = datasette.urls.query(metadata.DATABASE, questions.ONE_ITEM)
            return Markup('<a href="{}?{}">{}</a>').format(address, urlencode({"item": row["item"]}), value)
        case "url" if (host := _host(value)) is not None:
            return Markup('<a href="{}" title="{}">{}</a>').format(value, value, host)
        case "said" | "made":
            return Markup("/<wbr>").join(Markup('<span class="day">{}</span>').format(day) for day in value.split("/"))
        case "stance" | "stance_before" | "stance_or_act" if value in list(StanceKind):
            return Markup('<span class="stance {}">{}</span>').format(value, value)
        case "outlook":
            return Markup('<span class="outlook {}">{}</span>').format(value.partition(" ")[0], value)
        case _:
            return None


def _host(address: str) -> str | None:
    """The host of a web address; None if it is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} else None


async def _link(datasette: Any, table: str, number: int) -> Markup | None:
    """A link to the row of `table` with that number, by its label; None if there is no such row."""
    database = datasette.get_database(metadata.DATABASE)
    label, [key] = await database.label_column_for_table(table), await database.primary_keys(table)
    found = await database.execute(f"SELECT [{label or key}] FROM [{table}] WHERE [{key}] = ?", [number])  # noqa: S608
    if not found.rows:
        return None
    address = f"{datasette.urls.table(metadata.DATABASE, table)}/{number}"
    return Markup('<a href="{}">{}</a>').format(address, found.rows[0][0])
