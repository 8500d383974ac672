"""The commands that make, record and print episode files, take entries back, show revisions, and verify quotations."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from positions.commands import console, context, options, prompts
from positions.commands.console import progress, tell
from positions.vocabulary import EpisodeKind, Format, Key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from positions.episode_file.schema import Entry
    from positions.errors import PositionsError
    from positions.queries.rows import Verified
    from positions.recording.changes import ChangeSet

app = console.App()

_DRAFT_STEPS = (prompts.needs("title"), prompts.needs("published"))
_VERIFY_USAGE = "give EPISODE with --text FILE, or --all with --texts DIR"
_QUOTED = frozenset({"quote", "core_quote", "wording"})
"""The fields that contain words of the source."""

_MISCOPIED = "Compare them with the text; if they were miscopied, correct them with `positions record`."


@app.command(rich_help_panel=options.RECORD)
def record(
    ctx: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="Episode files, recorded in this order; - is standard input."),
    ],
    dry_run: options.DryRunOption = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Also retract recorded entries that are no longer in the episode's file."),
    ] = False,
    again: options.AgainOption = False,
    message: options.MessageOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Record episode files, all or nothing, and show what changes.

    Example: positions record 2022-01-26-replies.yaml --dry-run
    """
    from positions import database
    from positions.episode_file import load
    from positions.recording.files import record as record_all
    from positions.rendering import output
    from positions.rendering.views import revisions

    options.require_text(message)
    if files.count(load.STDIN) > 1:
        raise typer.BadParameter("- can be given only once", param_hint="FILE…")
    # Read standard input before the transaction begins: a slow pipe must not block other writers.
    sources = [load.load(file) if file == load.STDIN else file for file in files]
    with database.recording(context.db(ctx)) as connection, progress("Recording") as done:
        plans = record_all(
            connection, sources, replace=replace, again=again, message=message, dry_run=dry_run, progress=done
        )
    rows = [changes.row(revision) for changes, revision in plans]
    output.show("record", rows, format, lambda: revisions.plan(plans, dry_run=dry_run))


@app.command(rich_help_panel=options.RECORD)
def dump(
    ctx: typer.Context,
    episode: options.EpisodeArgument,
) -> None:
    """Print an episode as an episode file.

    Example: positions dump episode-1 > episode-1.yaml
    """
    from positions.episode_file.dump import dump as episode_file
    from positions.rendering import output

    with context.reading(ctx) as connection:
        entries = _entries(connection, episode)
    output.write(episode_file(entries.values()))


def _entries(connection: "Connection", episode: str) -> "Mapping[Key, Entry]":
    """The entries of `episode`.

    Raises:
        PositionsError: the episode is unknown, or was retracted.
    """
    from positions.errors import InvalidRequestError
    from positions.queries import ids
    from positions.recording import stored

    ids.require(connection, "episode", episode)
    entries = stored.entries(connection, episode)
    if not entries:
        raise InvalidRequestError(f"{episode} was retracted", "`positions log` shows when and why.")
    return entries


@app.command(rich_help_panel=options.RECORD)
def log(
    ctx: typer.Context,
    patch: Annotated[bool, typer.Option("--patch", "-p", help="Also show each entry before and after.")] = False,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """List the revisions: what was recorded, when, by whom and why.

    Example: positions log -p
    """
    from positions.queries import log as queries
    from positions.rendering import output

    if patch:
        from positions.rendering.views.revisions import log as page
    else:  # avoids loading the recording modules
        from positions.rendering.views.overview import log as page

    with context.reading(ctx) as connection:
        rows = queries.log(connection, contents=patch)
    output.show("log", rows, format, lambda: page(rows))


@app.command(rich_help_panel=options.RECORD)
def diff(
    ctx: typer.Context,
    earlier: Annotated[str, typer.Argument(metavar="R1", help="A revision: r1, or the beginning of its digest.")],
    later: Annotated[str | None, typer.Argument(metavar="[R2]", help="Another; by default the newest.")] = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Compare two revisions: changed entries and stances.

    Example: positions diff r1
    """
    from positions.recording.changes import difference
    from positions.rendering import output
    from positions.rendering.views import revisions

    named = [(text, name) for text, name in ((earlier, "R1"), (later, "R2")) if text is not None]
    with context.reading(ctx) as connection:
        numbers = [context.revision(connection, text, name) for text, name in named]
        found = difference(connection, *numbers)
    output.show("diff", found.row(), format, lambda: revisions.difference(found))


@app.command(rich_help_panel=options.RECORD)
def retract(
    ctx: typer.Context,
    cited: Annotated[str, typer.Argument(metavar="EPISODE/RESPONSE", help="A response or an outcome.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the log.")],
    dry_run: options.DryRunOption = False,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Retract a response or an outcome in a new revision.

    Earlier revisions keep it.

    Example: positions retract episode-1/principles --why "coded twice"
    """
    from positions.recording import undo

    _take_back(ctx, lambda connection: undo.retraction(connection, cited), why)


@app.command(rich_help_panel=options.RECORD)
def undo(
    ctx: typer.Context,
    revision: Annotated[str, typer.Argument(metavar="REVISION", help="A revision, like r3.")],
    message: options.MessageOption = None,
    dry_run: options.DryRunOption = False,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Reverse a revision in a new one.

    It is refused if an entry was changed since.

    Example: positions undo r2
    """
    from positions.recording.undo import undoing

    with context.reading(ctx) as connection:
        number = context.revision(connection, revision, "REVISION")
    _take_back(ctx, lambda connection: undoing(connection, number), message or f"undo r{number}")


def _take_back(ctx: typer.Context, plan: "Callable[[Connection], ChangeSet]", why: str) -> None:
    """Make the plan, record it as one revision, and show it."""
    from positions import database
    from positions.recording.files import carry_out
    from positions.rendering import output
    from positions.rendering.views import revisions

    options.require_text(why, "--why")
    dry_run, form = ctx.params["dry_run"], Format(ctx.params["format"])
    with database.recording(context.db(ctx)) as connection, progress("Recording"):
        changes, revision = carry_out(connection, plan(connection), why=why, dry_run=dry_run)
    rows = [changes.row(revision)]
    output.show("undo", rows, form, lambda: revisions.plan([(changes, revision)], dry_run=dry_run))


@app.command(rich_help_panel=options.RECORD)
def schema(
    output: Annotated[
        bool, typer.Option("--output", help="Print the schema of the commands' JSON output instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of an episode file.

    Editors complete and check a file with it.

    Example: positions schema > episode.schema.json
    """
    from positions.rendering.output import write
    from positions.rendering.plain_data import as_json

    if output:
        from positions.rendering.plain_data import output_schema

        write(as_json(output_schema()))
    else:
        from positions.episode_file.schema import json_schema

        write(as_json(json_schema()))


@app.command(rich_help_panel=options.RECORD)
def draft(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make; - prints it.")],
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="The title of the source.")] = None,
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="DATE", help="The day of publication; if undated, an interval DATE/DATE."),
    ] = None,
    kind: Annotated[EpisodeKind | None, typer.Option("--kind", help="What the source is.")] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="The address of the text read.")] = None,
    table: Annotated[
        Path | None,
        typer.Option("--from", metavar="SHEET", help="A spreadsheet to make the entries from (csv, tsv, xlsx)."),
    ] = None,
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a column contains, if its name is not recognised."),
    ] = None,
    force: options.ForceOption = False,
) -> None:
    """Make an episode file to fill in.

    The items on the table and an example of each section are in its comments. With `--from` it has the entries that a
    spreadsheet with one position in each row gives. The name of the file, without a leading date, becomes the id of the
    episode.

    Example: positions draft 2022-01-26-replies.yaml --title "The written replies" --published 2022-01-26
    """
    from positions import files
    from positions.commands import drafting
    from positions.rendering import output

    files.require_free_for_text(file, force=force)
    columns = drafting.columns(mapped or [], table)
    given = {name: value for name, value in (("title", title), ("published", published)) if value is not None}
    prompts.fill(ctx, "episode", given, _DRAFT_STEPS)
    given |= {name: value for name, value in (("kind", kind), ("url", url)) if value is not None}
    drafting.check(given)
    text, notes = (
        (drafting.empty(ctx, file, given), [])
        if table is None
        else drafting.from_table(ctx, file, given, table, columns)
    )
    if file == files.STDOUT:
        output.write(text)
    else:
        files.write_text(file, text, force=force)
        tell(f"Made {file}; {'look through it' if table else 'fill it in'}, then `positions record {file} --dry-run`.")
    for note in notes:
        tell(note)


@app.command(rich_help_panel=options.RECORD)
def verify(
    ctx: typer.Context,
    episode: Annotated[
        str | None,
        typer.Argument(metavar="EPISODE", help="Id of an episode.", autocompletion=options.completed("episode")),
    ] = None,
    text: Annotated[
        Path | None,
        typer.Option("--text", metavar="FILE", help="The text the episode was coded from (txt, md, html, pdf, docx)."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every episode that has quotations.")] = False,
    texts: Annotated[
        Path | None, typer.Option("--texts", metavar="DIR", help="The folder with the texts, as EPISODE.txt or .pdf …")
    ] = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Find the quotations of an episode in a copy of its text.

    Literal labels are checked too. White space, the style of quotation marks and dashes, and hyphens at line ends are
    ignored; all other characters must match. The exit code is 1 if a quotation is missing, or the text is not the one
    that was coded.

    Example: positions verify episode-1 --text episode-1.txt
    """
    from positions.errors import PositionsError
    from positions.rendering import output
    from positions.rendering.views import overview

    rows: list[Verified] = []
    problems: list[PositionsError] = []
    for name, entries, file in _episodes(ctx, episode, text, every=every, texts=texts):
        _verify(name, entries, file, rows, problems)
    if rows or not problems or format in {Format.JSON, Format.CSV}:
        output.show("verify", rows, format, lambda: overview.verify(rows))
    lost = sum(1 for row in rows if not row.found)
    if lost:
        missing = f"{lost} of {len(rows)} quotations {'is' if lost == 1 else 'are'} missing"
        problems.insert(0, PositionsError(missing, _MISCOPIED))
    if problems:
        hint = next((problem.hint for problem in problems if problem.hint), None)
        raise PositionsError("\n".join(map(str, problems)), hint)


def _episodes(
    ctx: typer.Context, episode: str | None, text: Path | None, *, every: bool, texts: Path | None
) -> "Sequence[tuple[str, Mapping[Key, Entry], Path]]":
    """The selected episodes: id, entries and text file of each.

    Raises:
        typer.BadParameter: the options do not go together.
        PositionsError: the episode is unknown, or was retracted.
    """
    from positions.queries import ids
    from positions.recording import stored
    from positions.texts import find

    given = (episode is not None, text is not None, every, texts is not None)
    if given not in {(True, True, False, False), (False, False, True, True)}:
        raise typer.BadParameter(_VERIFY_USAGE)
    with context.reading(ctx) as connection:
        if episode is not None and text is not None:
            return [(episode, _entries(connection, episode), text)]
        assert texts is not None
        listed = [(name, stored.entries(connection, name)) for name in ids.listed(connection, "episode")]
    return [(name, entries, find(texts, name)) for name, entries in listed if any(_quotations(entries))]


def _verify(
    name: str, entries: "Mapping[Key, Entry]", file: Path, rows: "list[Verified]", problems: "list[PositionsError]"
) -> None:
    """Add the result for each quotation of one episode to `rows`, and problems with `file` to `problems`."""
    from positions import texts
    from positions.episode_file.schema import EpisodeEntry
    from positions.errors import PositionsError, TextFileError

    try:
        source = texts.load(file)
    except TextFileError as error:
        problems.append(PositionsError(f"{name} is not verified: {error}", error.hint))
        return
    rows += _verified(name, entries, source.text)
    coded = next((entry.text_sha256 for entry in entries.values() if isinstance(entry, EpisodeEntry)), None)
    if coded is not None and source.sha256 != coded:
        problems.append(PositionsError(f"{file} is not the text that {name} was coded from: its SHA-256 differs"))


def _verified(episode: str, entries: "Mapping[Key, Entry]", text: str) -> "Iterator[Verified]":
    """Each quotation and literal label of `entries`, in their order, with the number of times that `text` contains it.

    If there is none, a hint shows similar words of the text, or that the entry has another address than its episode.
    """
    from positions.queries.rows import Verified
    from positions.quotations import Passages

    passages = Passages(text)
    for name, content, field, quote in _quotations(entries):
        count = passages.occurrences(quote)
        hint = None if count else passages.hint(quote)
        if not count and not hint and "url" in content:
            hint = f"the entry has an address of its own: {content['url']}"
        yield Verified(episode=episode, id=name, field=field, quote=quote, found=count, hint=hint)


def _quotations(entries: "Mapping[Key, Entry]") -> "Iterator[tuple[str, Mapping[str, Any], str, str]]":
    """The quotations and literal labels of `entries`: the id and the content of the entry, the field, and the words."""
    for (_, name), entry in entries.items():
        content = entry.content()
        for field, quote in _quoted(content):
            yield name, content, field, quote


def _quoted(content: "Mapping[str, Any]", path: str = "") -> "Iterator[tuple[str, str]]":
    """Every quotation and literal label in the content of an entry, after its path: `stances.no-enlargement.quote`."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _quoted(value, f"{path}{name}.")
        elif name in _QUOTED and isinstance(value, str):
            yield f"{path}{name}", value
