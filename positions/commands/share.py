"""Passing the record on to people who do not have the program."""

from pathlib import Path
from typing import Annotated

import typer

from positions.commands import help, opening, options

app = help.App()


@app.command(rich_help_panel=options.SHARE)
def report(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The page to make; - prints it.")],
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Make a page of the whole record: one file that any browser opens, without a connection.

    Example: positions report talks.html
    """
    from positions.queries.whole import whole
    from positions.rendering import file as output
    from positions.report import page

    output.require_free(file, force=force)
    with opening.reading(ctx) as session:
        text = page.html(whole(session, opening.moment(session, as_of, known_at, public_by)))
    output.write(file, text, force=force)
    if file != output.STDOUT:
        typer.echo(f"Made {file}; any browser opens it.", err=True)
