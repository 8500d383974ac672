"""The commands that publish the record: as a page, as tables, in a local web browser."""

import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from positions import package_data
from positions.commands import console, context, options
from positions.commands.console import progress, tell

app = console.App()

_SVG = ".svg"


class Part(StrEnum):
    """A part of the page that can stand alone."""

    SHEET = "sheet"
    MATRIX = "matrix"
    LEDGER = "ledger"


_LICENSE = re.compile(r"[-a-zA-Z0-9._]+", re.ASCII)


def _license(name: str) -> str:
    if not _LICENSE.fullmatch(name):
        raise typer.BadParameter(f"{name!r} is not the short name of a licence, like {package_data.LICENSE}")
    return name


@app.command(rich_help_panel=options.SHARE)
def report(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The page to make; - prints it.")],
    part: Annotated[
        Part | None,
        typer.Option("--part", help="Only this part of the page; of the sheet also FILE.svg, a picture to embed."),
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="Only what fits a few printed pages.")] = False,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    force: options.ForceOption = False,
) -> None:
    """Make a web page of the whole record: one file.

    It is self-contained and works offline.

    `#day=2022-01-26` after its address shows how things stood on that day.

    Example: positions report talks.html
    """
    from positions import files
    from positions.rendering import output
    from positions.report import data, page

    _require_one_part(file, part, brief=brief)
    files.require_free_for_text(file, force=force)
    with context.reading(ctx) as connection, progress("Making the page") as done:
        found = data.read(connection, context.moment(ctx, connection))
        done(1, 2)
        text = page.svg(found) if file.suffix == _SVG else page.html(found, _sections(part, brief=brief))
        done(2, 2)
    if file == files.STDOUT:
        output.write(text)
    else:
        files.write_text(file, text, force=force)
        tell(f"Made {file}; any browser opens it.")


def _sections(part: Part | None, *, brief: bool) -> Sequence[str]:
    from positions.report import page

    if part is not None:
        return (part,)
    return page.BRIEF if brief else page.WHOLE


def _require_one_part(file: Path, part: Part | None, *, brief: bool) -> None:
    """Refuse options that exclude each other, and a picture of what is no picture."""
    from positions.errors import InvalidRequestError

    if part is not None and brief:
        raise InvalidRequestError("--part and --brief exclude each other", "A part is brief.")
    if file.suffix == _SVG and part is not Part.SHEET:
        hint = f"Add `--part {Part.SHEET}`, or name a file that ends in .html."
        raise InvalidRequestError(f"only the sheet can be a picture, and {file} would be one", hint)


@app.command(rich_help_panel=options.SHARE)
def export(
    ctx: typer.Context,
    place: Annotated[
        Path, typer.Argument(metavar="DIR|FILE.xlsx", help="The folder to make, or the workbook.", show_default=False)
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier export.")] = False,
    license: Annotated[
        str,
        typer.Option("--license", metavar="NAME", help="Licence of the data, like CC0-1.0.", callback=_license),
    ] = package_data.LICENSE,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
) -> None:
    """Write the whole record as tables: CSV files or a workbook.

    A folder of CSV files with a README, or an Excel workbook. Start with positions: who answers what. The folder is a
    Frictionless Data Package: datapackage.json describes each column, and says how cells that a spreadsheet would run
    are escaped. A workbook needs XlsxWriter: pip install -e '.[xlsx]'.

    Example: positions export talks-2022-02-02
    """
    from positions.export import about, definitions, package, workbook
    from positions.queries import log

    with context.reading(ctx) as connection, progress("Exporting") as done:
        when = context.moment(ctx, connection)
        fresh, newest = log.freshness(connection, when), log.last_revision(connection, when)
        of = about.About(
            log.title(connection) or log.UNTITLED,
            *(when.as_of, when.known_at, when.public_by, fresh.revision),
            recorded_at=None if newest is None else newest.recorded_at,
            latest=fresh.latest,
            citation=log.citation(newest),
            digests=list(log.chain(connection).values())[: fresh.revision],
            license=license,
        )
        tables = definitions.tables(connection, when)
        write = workbook.write if place.suffix.lower() == workbook.SUFFIX else package.write
        write(tables, of, place, force=force, done=done)
    tell(f"Exported {len(tables)} tables to {place}, as recorded at r{fresh.revision}, under {license}.")


@app.command(rich_help_panel=options.SHARE)
def browse(
    ctx: typer.Context,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="The port; by default 8001, or a free one."),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Also open it in a web browser.")] = False,
) -> None:
    """Browse the database in a web browser.

    It is read-only, and on this machine only. Ctrl+C ends it. Needs Datasette: pip install -e '.[browse]'. Reload a
    page to see new recordings.

    Example: positions browse --open
    """
    from positions import database

    path = database.place(context.db(ctx)).path
    if path is None:
        from positions.errors import DatabaseError

        raise DatabaseError("only SQLite databases can be browsed", "Name a file with --db, or ask with `positions`.")
    from positions.queries import log

    with context.reading(ctx) as connection:  # fails early if it is missing, not ours, or has another schema
        title = log.title(connection) or log.UNTITLED
    _serve(path, title, port, open_browser=open_browser)


def _serve(path: Path, title: str, port: int | None, *, open_browser: bool) -> None:
    try:
        from positions.browse.serve import serve
    except ModuleNotFoundError as error:
        from positions.errors import InvalidRequestError

        raise InvalidRequestError(
            "browsing needs Datasette", "Install it with `pip install -e '.[browse]'`."
        ) from error

    def ready(address: str) -> None:
        tell(f"{path} is at {address} (read-only, this machine only; Ctrl+C ends it)")
        if open_browser:
            import webbrowser
            from threading import Thread

            # In a thread, because a browser in the terminal blocks until it is closed.
            Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    serve(path, title, port, ready)
