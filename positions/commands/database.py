"""The commands that create, check, copy and upgrade the database."""

import shlex
from contextlib import suppress
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


def _title(text: str | None) -> str | None:
    from positions.recording.additions import problem

    if text is not None and (message := problem("episode", "title", text)):
        raise typer.BadParameter(message)
    return text


@app.command(rich_help_panel=options.DATABASE)
def init(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Record every episode shipped with the program.")] = False,
    empty: Annotated[bool, typer.Option("--empty", help="Record nothing: for a negotiation of your own.")] = False,
    title: Annotated[
        str | None,
        typer.Option("--title", metavar="TEXT", help="What the negotiation is called.", callback=_title),
    ] = None,
) -> None:
    """Make a database with Episode 1, or an empty one.

    An empty one is for a negotiation of your own. A database that exists already is kept. Recorded episodes are not
    changed: differences from the shipped ones are only shown. `--all` adds missing ones; `--title` sets the title.

    Example: positions init --db wages.db --empty --title "Wages 2026"
    """
    from positions import database
    from positions.errors import DatabaseExistsError
    from positions.recording import files as recording

    if every and empty:
        raise typer.BadParameter("--all and --empty exclude each other")
    place = str(database.default_path() if ctx.obj is None else ctx.obj)
    if not database.exists(place):
        episodes = [] if empty else recording.shipped() if every else None
        with suppress(DatabaseExistsError):  # another process created it in the meantime, perhaps with fewer episodes
            context.seed(place, private=ctx.obj is None, episodes=episodes, title=title)
            return
    is_another = _is_of_something_else(place, empty=empty, every=every)
    if title is not None:
        _rename(place, title)
    elif empty or is_another:
        tell(f"{database.place(place)} exists and {'is empty' if empty else 'has no Episode 1'}; nothing to do.")
    if not (empty or is_another) and (every or title is None):
        _complete(ctx, place, every=every)


@app.command(rich_help_panel=options.DATABASE)
def check(
    ctx: typer.Context,
    contains: Annotated[
        str | None,
        typer.Option(
            "--contains",
            metavar="DIGEST|FILE",
            help="Also check that it continues the record of this digest, backup or export.",
        ),
    ] = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Check the database for inconsistencies, and list them.

    Example: positions check --contains 3f2a9c01b7de
    """
    from positions import database
    from positions.check import PROMISES, chain, violations
    from positions.errors import DatabaseError
    from positions.rendering import output
    from positions.rendering.phrases import counted
    from positions.rendering.views import overview as views

    noted = None if contains is None else chain.read(contains)
    with context.reading(ctx) as connection, progress("Checking") as done:
        broken = violations(connection, done)
        parted = [] if noted is None else list(chain.parted(connection, noted))
        proved = [*PROMISES, *([] if noted is None or parted else [chain.contained(connection, noted)])]
    output.show("check", [*broken, *parted], format, lambda: views.check([*broken, *parted], proved))
    place = database.place(context.db(ctx))
    if broken:
        message = f"{counted(len(broken), 'problem')} in {place}"
        raise DatabaseError(message, "Another program changed it, or `positions` has a fault: restore a backup.")
    if parted:
        hint = "It is older, was rewritten, or is a record of something else; `positions log` shows the digests."
        raise DatabaseError(f"{place} does not continue the record that {contains} came from", hint)


@app.command(rich_help_panel=options.DATABASE)
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy, readable by its owner only.")],
    force: options.ForceOption = False,
) -> None:
    """Copy the database to a file, even while it is in use.

    Example: positions backup talks-2022-02-02.db
    """
    from positions.database import backup
    from positions.errors import OutputError

    if file == Path("-"):
        raise OutputError("a backup cannot be written to standard output (-)", "Name a file.")
    backup.backup(context.db(ctx), file, force=force)
    tell(f"Copied the database to {file}.")


@app.command(rich_help_panel=options.DATABASE)
def copy(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The destination: a file, or postgresql+psycopg://….")],
) -> None:
    """Copy the database with all revisions, to a server or back.

    The copy is kept only if all its rows and its answers to questions equal the original's.

    Example: positions copy postgresql+psycopg://server/talks
    """
    from positions import database
    from positions.recording import copying

    with progress("Copying") as steps:
        revisions, compared = copying.copy(context.db(ctx), url, steps)
    answers = ", ".join(f"{number} {name}" for name, number in compared.items())
    source, target = database.place(context.db(ctx)), database.place(url)
    tell(f"Copied r1 to r{revisions} of {source} to {target}. Both give the same answers: {answers}.")


@app.command(rich_help_panel=options.DATABASE)
def upgrade(ctx: typer.Context) -> None:
    """Upgrade a database made by an older version.

    It is upgraded completely or not at all. A SQLite database is first backed up beside itself; on PostgreSQL, back it
    up with pg_dump.

    Example: positions upgrade --db talks.db
    """
    from positions import database
    from positions.database import backup, schema
    from positions.queries import log

    place = context.db(ctx)
    where = database.place(place)
    done = backup.upgrade(place, lambda copy: tell(f"Copied the database to {copy} before the upgrade."))
    if done is None:
        tell(f"{where} is up to date (schema {schema.NEWEST}); nothing to do.")
        return
    tell(f"Upgraded {where} from schema {done[0]} to {done[1]}.")
    with database.reading(place) as connection:
        newest = log.newest(connection)
        tell(f"Every revision now has a digest; that of r{newest} is {log.short(log.digest(connection, newest))}.")


def _rename(place: str, title: str) -> None:
    from positions import database
    from positions.recording.apply import set_title

    with database.recording(place) as connection:
        set_title(connection, title)
    tell(f"{database.place(place)} is now called {title}.")


def _is_of_something_else(place: str, *, empty: bool, every: bool) -> bool:
    """Whether the record at `place` is of another negotiation than the shipped one: it has no Episode 1.

    Raises:
        InvalidRequestError: what was recorded is to be `empty`, or to take in `every` episode of another negotiation.
    """
    from positions import database, package_data
    from positions.episode_file import load
    from positions.errors import InvalidRequestError
    from positions.queries import ids, log
    from positions.rendering.phrases import counted

    with database.reading(place) as connection:
        newest, title, episodes = log.newest(connection), log.title(connection), ids.listed(connection, "episode")
    where, elsewhere = database.place(place), "Name another place with --db."
    if empty and newest:
        raise InvalidRequestError(f"{where} exists and has {counted(newest, 'revision')}", elsewhere)
    is_another = bool(newest or title) and load.load(package_data.first_episode()).require().id not in episodes
    if every and is_another:
        raise InvalidRequestError(f"{where} is a record of something else: it has no Episode 1", elsewhere)
    return is_another


def _complete(ctx: Any, place: str, *, every: bool) -> None:
    """Bring an existing database up to date: with `every`, record missing episodes; show which ones differ."""
    from positions import database, package_data
    from positions.recording import files as recording
    from positions.rendering import output
    from positions.rendering.views import revisions

    with database.reading(place) as connection:
        missing = recording.missing(connection) if every else []
    opened = database.recording if missing else database.reading
    with opened(place) as connection, progress("Recording") as done:
        recorded = recording.record_shipped(connection, recording.missing(connection), done) if missing else []
        different = recording.differences(connection, recording.shipped() if every else [package_data.first_episode()])
    if recorded:
        output.draw(revisions.plan(recorded, dry_run=False))
    if different:
        output.draw(revisions.plan([(changes, None) for changes in different], dry_run=True))
        _tell_differences(ctx, different)
    elif not recorded:
        content = "every shipped episode" if every else "Episode 1"
        tell(f"{database.place(place)} exists and has {content}; nothing to do.")


def _tell_differences(ctx: Any, different: "Sequence[ChangeSet]") -> None:
    from positions import database

    option = "" if ctx.obj is None else f" --db {shlex.quote(str(database.place(ctx.obj)))}"  # without a password
    for changes in different:
        again = " --again" if changes.left_out else ""
        command = f"positions record {shlex.quote(str(changes.file))}{option}{again}"
        tell(f"The shipped {changes.episode} differs from this database; `{command}` records the shipped version.")
