"""Making, checking and copying the database itself."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from positions.commands import console, context, options
from positions.commands.console import progress, tell
from positions.vocabulary import Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from positions.recording.changes import ChangeSet

app = console.App()


@app.command(rich_help_panel=options.DATABASE)
def init(
    ctx: typer.Context,
    every: Annotated[
        bool, typer.Option("--all", help="Also record every other episode that ships with the program.")
    ] = False,
) -> None:
    """Make a database and record Episode 1, unless that is done already.

    An existing record is never changed: where a shipped episode differs from it, the difference is shown.

    Example: positions init --db talks.db
    """
    from positions import database
    from positions.errors import DatabaseExistsError

    place = str(database.default_path() if ctx.obj is None else ctx.obj)
    if database.exists(place):
        _complete(ctx, place, every=every)
        return
    try:
        _make(ctx, place, every=every)
    except DatabaseExistsError:  # another process has made it meanwhile, perhaps with fewer episodes
        _complete(ctx, place, every=every)


@app.command(rich_help_panel=options.DATABASE)
def check(ctx: typer.Context, format: options.FormatOption = Format.TABLE) -> None:
    """Check the database for inconsistencies, and say what is broken.

    Example: positions check
    """
    from positions import database
    from positions.check import promises
    from positions.errors import DatabaseError
    from positions.rendering import output
    from positions.rendering.views import status as views

    with context.reading(ctx) as connection:
        rows = promises.violations(connection)
    output.show("check", rows, format, lambda: views.check(rows, list(promises.PROMISES)))
    if rows:
        place = database.place(context.db(ctx))
        message = f"{len(rows)} broken promise{'s' if len(rows) > 1 else ''} in {place}"
        raise DatabaseError(message, "Another program changed it, or `positions` has a fault: restore a backup.")


@app.command(rich_help_panel=options.DATABASE)
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy, readable by its owner alone.")],
    force: options.ForceOption = False,
) -> None:
    """Copy the database to a file, even while others record.

    Example: positions backup talks-2022-02-02.db
    """
    from positions.database import backup
    from positions.errors import OutputError

    if file == Path("-"):
        raise OutputError("a backup is a database, which cannot be printed", "Name a file.")
    backup.backup(context.db(ctx), file, force=force)
    tell(f"Copied the database to {file}.")


@app.command(rich_help_panel=options.DATABASE)
def copy(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The new place: a file, or postgresql+psycopg://….")],
) -> None:
    """Copy the whole database to a new place, revisions and all: from a file to a server, or back.

    The copy is compared with the original, row by row and question by question, before it is kept.

    Example: positions copy postgresql+psycopg://server/talks
    """
    from positions import database
    from positions.recording import copying

    with progress("Copying") as steps:
        done = copying.copy(context.db(ctx), url, steps)
    alike = ", ".join(f"{number} {name}" for name, number in done.answers.items())
    where, there = database.place(context.db(ctx)), database.place(url)
    tell(f"Copied r1 to r{done.revisions} of {where} to {there}. Both give the same answers: {alike}.")


@app.command(rich_help_panel=options.DATABASE)
def upgrade(ctx: typer.Context) -> None:
    """Bring a database of an older version up to date: completely or not at all.

    A SQLite database is copied beside itself first; on PostgreSQL make a backup with pg_dump.

    Example: positions upgrade --db talks.db
    """
    from positions import database
    from positions.database import backup, schema

    place = context.db(ctx)
    where = database.place(place)
    done = backup.upgrade(place, lambda copy: tell(f"Copied the database to {copy} before the upgrade."))
    if done is None:
        tell(f"{where} is up to date (schema {schema.NEWEST}); nothing to do.")
        return
    tell(f"Upgraded {where} from schema {done[0]} to {done[1]}.")


def _make(ctx: Any, place: str, *, every: bool) -> None:
    """Make a database that holds Episode 1, or every shipped episode."""
    from positions import database

    if ctx.obj is None:
        database.make_folder(Path(place).parent)
    recorded = context.seed(place, private=ctx.obj is None, every=every)
    more = f" and {recorded - 1} other episodes" if recorded > 1 else ""
    tell(f"Made a database at {database.place(place)}, with Episode 1{more}.")


def _complete(ctx: Any, place: str, *, every: bool) -> None:
    """Record what a database lacks, if `every` shipped episode is asked for; show what differs."""
    from positions import database, package_data
    from positions.recording import seeding
    from positions.rendering import output
    from positions.rendering.views import revisions

    with database.reading(place) as connection:
        lacking = seeding.missing(connection) if every else []
    opened = database.recording if lacking else database.reading
    with opened(place) as connection, progress("Recording") as done:
        recorded = seeding.record(connection, seeding.missing(connection), done) if lacking else []
        different = seeding.differences(connection, seeding.files() if every else [package_data.first_episode()])
    if recorded:
        output.draw(revisions.plan(recorded, dry_run=False))
    if different:
        output.draw(revisions.plan([(changes, None) for changes in different], dry_run=True))
        _tell_differences(ctx, different)
    elif not recorded:
        what = "every shipped episode" if every else "Episode 1"
        tell(f"{database.place(place)} exists and has {what}; nothing to do.")


def _tell_differences(ctx: Any, different: "Sequence[ChangeSet]") -> None:
    from positions import database

    named = "" if ctx.obj is None else f" --db {shlex.quote(str(database.place(ctx.obj)))}"  # never with a password
    for changes in different:
        again = " --again" if changes.left_out else ""
        command = f"positions record {shlex.quote(str(changes.file))}{named}{again}"
        tell(f"The shipped {changes.episode} differs from this database; `{command}` records that.")
