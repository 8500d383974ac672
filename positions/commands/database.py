"""Keeping the database itself."""

import typer

from positions.commands import help, opening, options

app = help.App()


@app.command(rich_help_panel=options.DATABASE)
def init(ctx: typer.Context) -> None:
    """Make a database and record Episode 1, unless that was done before.

    Example: positions init --db talks.db
    """
    from positions import database
    from positions.recording.session import shipped_differences
    from positions.rendering import plan, show

    place = str(database.default_path() if ctx.obj is None else ctx.obj)
    if not database.exists(place):
        if ctx.obj is None:
            opening.db(ctx)
            return
        opening.seed(place)
        typer.echo(f"Made a database at {database.place(place)}, with Episode 1.", err=True)
        return
    with database.reading(place) as session:
        differences = shipped_differences(session)
    if differences.changes:
        show.draw(plan.page([(differences, None)], dry_run=True))
        typer.echo(
            "The shipped Episode 1 differs from this database; `positions record` on it records that.",
            err=True,
        )
    else:
        typer.echo(f"{database.place(place)} is there and has Episode 1; nothing to do.", err=True)
