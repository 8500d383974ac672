"""The `add` commands: record one entry without a file, with the same checks, plan and transaction as `record`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from positions.commands import console, context, options, prompts
from positions.commands.console import progress, tell
from positions.commands.prompts import Given, maybe, needs
from positions.vocabulary import ActorKind, Basis, EpisodeKind, Format, OutcomeKind, Reading, StanceKind

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from positions.episode_file.load import LoadedFile
    from positions.recording.changes import ChangeSet
    from positions.recording.files import Recorded

app = console.App(no_args_is_help=True)

_NEEDED, _IF_SAID = "Needed", "If the source says so"
"""Headings of options in `--help`."""


def _option(name: str, help: str, metavar: str | None = None, *, needed: bool = False) -> Any:
    return typer.Option(name, help=help, metavar=metavar, rich_help_panel=_NEEDED if needed else _IF_SAID)


def _id_option(name: str, kind: str, help: str, *more: str, needed: bool = False) -> Any:
    """An option that takes the id of a `kind`; `more` are its other names."""
    heading = _NEEDED if needed else _IF_SAID
    return typer.Option(
        name, *more, help=help, metavar=kind.upper(), autocompletion=options.completed(kind), rich_help_panel=heading
    )


_Text = str | None
_Texts = list[str] | None

_Episode = Annotated[_Text, _id_option("--episode", "episode", "The episode that it comes from.", needed=True)]
_NewId = Annotated[_Text, _option("--id", "Its id: lowercase letters, digits and hyphens.", "ID", needed=True)]

_Quote = Annotated[_Text, _option("--quote", "The exact words, 30 at most.", "TEXT", needed=True)]
_Summary = Annotated[_Text, _option("--summary", "What was said, in your own words.", "TEXT", needed=True)]
_Basis = Annotated[Basis | None, _option("--basis", "How it is known.", needed=True)]
_Speaker = Annotated[_Text, _id_option("--speaker", "actor", "The person to whom the source attributes the words.")]
_ReportedBy = Annotated[_Text, _id_option("--reported-by", "actor", "The actor who reports it.")]
_Url = Annotated[_Text, _option("--url", "Address, if it differs from the episode's.", "URL")]


def _is_person(given: Given) -> bool:
    return given.get("kind") == ActorKind.PERSON


def _is_one_negotiable(given: Given) -> bool:
    return [text.partition("=")[2] for text in given.get("stance", ())] == [StanceKind.NEGOTIABLE]


_BASIS_STEPS = (
    needs("basis", applies=lambda given: not prompts.is_stated(given)),
    maybe("reported_by", lambda given: given.get("basis") == Basis.ALLEGED),
    maybe("url"),
)
_SPEAKER = maybe("speaker", lambda given: "by" in given)
_ITEM_STEPS = (
    *(needs("episode"), needs("id"), needs("by", "side"), _SPEAKER, needs("to"), needs("topic"), needs("title")),
    *(needs("made"), needs("quote", "summary", "text"), *_BASIS_STEPS),
)
_STEPS = {
    "episode": (needs("id"), needs("kind"), needs("title"), needs("published"), maybe("url")),
    "actors": (
        *(needs("episode"), needs("id"), needs("kind"), needs("name")),
        *(maybe("speaks_for", _is_person), maybe("side", lambda given: not _is_person(given))),
    ),
    "demands": _ITEM_STEPS,
    "offers": _ITEM_STEPS,
    "responses": (
        *(needs("episode"), needs("by"), _SPEAKER, needs("said"), needs("stance", "repeats", "about")),
        *(maybe("condition", _is_one_negotiable), needs("quote", "summary"), *_BASIS_STEPS),
    ),
    "outcomes": (
        *(needs("episode"), needs("items"), needs("outcome"), needs("on")),
        *(maybe("superseded_by", lambda given: given.get("outcome") == OutcomeKind.SUPERSEDED), maybe("url")),
    ),
}
"""By section of an episode file: what to prompt for."""

_STATED_IF_SPOKEN = frozenset({"demands", "offers", "responses"})
"""Sections where words quoted from a named speaker are `stated` without `--basis`."""

_SHARED = frozenset({"dry_run", "again", "message", "format"})
"""The options of all `add` commands, which are not about the entry."""


@app.command()
def episode(
    ctx: typer.Context,
    id: _NewId = None,
    kind: Annotated[EpisodeKind | None, _option("--kind", "What the source is.", needed=True)] = None,
    title: Annotated[_Text, _option("--title", "Its title.", "TEXT", needed=True)] = None,
    published: Annotated[
        _Text, _option("--published", "The day of publication; if undated, an interval DATE/DATE.", "DATE", needed=True)
    ] = None,
    url: Annotated[_Text, _option("--url", "Address of the text that was read.", "URL")] = None,
    author: Annotated[_Text, _option("--author", "Who wrote it.", "TEXT")] = None,
    publisher: Annotated[_Text, _option("--publisher", "Who published it.", "TEXT")] = None,
    language: Annotated[_Text, _option("--language", "Language of the text that was read, like en.", "TAG")] = None,
    read: Annotated[Reading | None, _option("--read", "Whether it was read whole or in part.")] = None,
    missing: Annotated[_Text, _option("--missing", "What was not read, if read in part.", "TEXT")] = None,
    summary: Annotated[_Text, _option("--summary", "What it is about, in your own words.", "TEXT")] = None,
    event: Annotated[_Text, _option("--event", "If people remember it as an event: its name.", "TEXT")] = None,
    dry_run: options.DryRunOption = False,
    again: options.AgainOption = False,
    message: options.MessageOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Add a source.

    Example: positions add episode --id press --kind statement --title "A press conference" --published 2022-01-26
    """
    _add(ctx, "episode")


@app.command()
def actor(
    ctx: typer.Context,
    episode: _Episode = None,
    id: _NewId = None,
    kind: Annotated[ActorKind | None, _option("--kind", "What the actor is.", needed=True)] = None,
    name: Annotated[_Text, _option("--name", "Its name, as displayed.", "TEXT", needed=True)] = None,
    side: Annotated[_Text, _id_option("--side", "side", "Its side; none for third parties and persons.")] = None,
    speaks_for: Annotated[_Text, _id_option("--speaks-for", "actor", "For a person: the actor represented.")] = None,
    role: Annotated[_Text, _option("--role", "For a person: the office.", "TEXT")] = None,
    dry_run: options.DryRunOption = False,
    again: options.AgainOption = False,
    message: options.MessageOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Add a state, an alliance, an organisation or a person.

    Example: positions add actor --episode press --id burns --kind person --name "William Burns" --speaks-for us
    """
    _add(ctx, "actors")


_DEMAND_HELP = """Add what somebody asks others to do or not to do.

Example: positions add demand --episode press --id no-exercises --by russia --to nato --topic exercises
--title "No exercises near the border" --made 2022-01-26 --basis reported --quote "an end to the exercises"
"""
_OFFER_HELP = """Add what somebody is ready to do or to discuss.

Example: positions add offer --episode press --id exercise-talks --by nato --to russia --topic exercises
--title "Talks on exercises" --made 2022-01-26 --basis reported --quote "ready to discuss exercises"
"""


@app.command("offer", help=_OFFER_HELP)
@app.command("demand", help=_DEMAND_HELP)
def item(
    ctx: typer.Context,
    episode: _Episode = None,
    id: _NewId = None,
    by: Annotated[_Texts, _id_option("--by", "actor", "Who makes it; may be repeated.", needed=True)] = None,
    side: Annotated[
        _Text, _id_option("--side", "side", "The side that makes it, if the source names no maker.", needed=True)
    ] = None,
    to: Annotated[_Texts, _id_option("--to", "actor", "To whom it is put; may be repeated.", needed=True)] = None,
    topic: Annotated[_Text, _id_option("--topic", "topic", "The matter it is about.", needed=True)] = None,
    title: Annotated[
        _Text, _option("--title", "What is asked or offered, in a few words.", "TEXT", needed=True)
    ] = None,
    made: Annotated[
        _Text,
        _option("--made", "When it was put on the table; ../DATE: on that day at the latest.", "DATE", needed=True),
    ] = None,
    quote: _Quote = None,
    summary: _Summary = None,
    text: Annotated[
        _Text, _option("--text", "What is asked or offered, in full, in your own words.", "TEXT", needed=True)
    ] = None,
    basis: _Basis = None,
    said: Annotated[
        _Text, _option("--said", "When the sentence that defines it was said, if not when it was made.", "DATE")
    ] = None,
    speaker: _Speaker = None,
    reported_by: _ReportedBy = None,
    url: _Url = None,
    affects: Annotated[_Texts, _id_option("--affects", "actor", "Another actor affected; may be repeated.")] = None,
    answers: Annotated[
        _Texts, _id_option("--answers", "item", "An item or package it answers; may be repeated.")
    ] = None,
    alternative_to: Annotated[
        _Texts, _id_option("--alternative-to", "item", "An item it could replace; may be repeated.")
    ] = None,
    part_of: Annotated[_Texts, _id_option("--part-of", "item", "An item it is part of; may be repeated.")] = None,
    dry_run: options.DryRunOption = False,
    again: options.AgainOption = False,
    message: options.MessageOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Add a demand or an offer, as the name of the command says."""
    _add(ctx, f"{ctx.command.name}s")


@app.command()
def response(
    ctx: typer.Context,
    episode: _Episode = None,
    by: Annotated[_Texts, _id_option("--by", "actor", "Who says it; may be repeated.", needed=True)] = None,
    said: Annotated[_Text, _option("--said", "When they said it.", "DATE", needed=True)] = None,
    stance: Annotated[
        _Texts,
        typer.Option(
            "--stance",
            metavar="ITEM=STANCE",
            help="Their stance on an item: non-starter, negotiable or open; may be repeated.",
            autocompletion=options.completed("item"),
            rich_help_panel=_NEEDED,
        ),
    ] = None,
    repeats: Annotated[
        _Texts,
        _id_option("--repeats", "item", "An item of their own that they insist on; may be repeated.", needed=True),
    ] = None,
    about: Annotated[
        _Texts, _id_option("--about", "item", "An item taken up without a stance; may be repeated.", needed=True)
    ] = None,
    quote: _Quote = None,
    summary: _Summary = None,
    basis: _Basis = None,
    speaker: _Speaker = None,
    reported_by: _ReportedBy = None,
    url: _Url = None,
    wording: Annotated[
        _Text, _option("--wording", "The exact label used; only with a single --stance.", "TEXT")
    ] = None,
    condition: Annotated[
        _Text, _option("--condition", "The condition named; only with a single --stance.", "TEXT")
    ] = None,
    venue: Annotated[_Text, _option("--venue", "Where they said it.", "TEXT")] = None,
    id: Annotated[_Text, _option("--id", "Its id; by default made from speaker and day.", "ID")] = None,
    dry_run: options.DryRunOption = False,
    again: options.AgainOption = False,
    message: options.MessageOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Add what an actor, or several together, said on a day about items.

    Example: positions add response --episode press --by nato --said 2022-01-26 --stance no-enlargement=non-starter
    --quote "we will not compromise on this" --basis reported
    """
    _add(ctx, "responses")


@app.command()
def outcome(
    ctx: typer.Context,
    episode: _Episode = None,
    items: Annotated[
        _Texts, _id_option("--items", "item", "An item with this outcome; may be repeated.", "--item", needed=True)
    ] = None,
    outcome: Annotated[OutcomeKind | None, _option("--outcome", "What became of them.", needed=True)] = None,
    on: Annotated[_Text, _option("--on", "When it happened.", "DATE", needed=True)] = None,
    by: Annotated[_Texts, _id_option("--by", "actor", "Who brought it about; may be repeated.")] = None,
    in_part: Annotated[bool, _option("--in-part", "Only a part of each item.")] = False,
    superseded_by: Annotated[
        _Text, _id_option("--superseded-by", "item", "The item that took its place, if the source names one.")
    ] = None,
    quote: Annotated[_Text, _option("--quote", "The exact words, 30 at most.", "TEXT")] = None,
    summary: Annotated[_Text, _option("--summary", "What was said, in your own words.", "TEXT")] = None,
    basis: Annotated[Basis | None, _option("--basis", "How it is known.")] = None,
    speaker: _Speaker = None,
    reported_by: _ReportedBy = None,
    url: _Url = None,
    id: Annotated[_Text, _option("--id", "Its id; by default made from outcome and first item.", "ID")] = None,
    dry_run: options.DryRunOption = False,
    again: options.AgainOption = False,
    message: options.MessageOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Add what became of items: agreed, met, withdrawn or superseded.

    Example: positions add outcome --episode press --items no-missiles --outcome withdrawn --on 2022-01-26 --by russia
    """
    _add(ctx, "outcomes")


def _add(ctx: Any, section: str) -> None:
    """Record one entry of `section` from the options given; on a terminal, prompt for missing ones and confirm."""
    options.require_text(ctx.params["message"])
    given: Given = {}
    for name in (str(parameter.name) for parameter in ctx.command.params):
        value = ctx.params[name]
        if name not in _SHARED and value not in (None, (), False):
            given[name] = list(value) if isinstance(value, tuple) else value
    _require_well_formed(section, given)
    if prompts.fill(ctx, section, given, _STEPS[section]):
        _record_in_dialogue(ctx, section, given)
    else:
        _show(ctx, _record(ctx, section, given))


def _require_well_formed(section: str, given: Given) -> None:
    """Check dates and stances before any prompt.

    Raises:
        typer.BadParameter: a value is malformed.
    """
    from positions.recording.additions import problem

    prompts.stances(given.get("stance", ()))
    for name in ("published", "made", "said", "on"):
        if name in given and (message := problem(section, name, given[name])):
            raise typer.BadParameter(message, param_hint=prompts.option(name))


def _record(ctx: Any, section: str, given: Given) -> "Recorded":
    from positions import database
    from positions.recording import additions
    from positions.recording.files import carry_out

    with database.recording(context.db(ctx)) as connection, progress("Recording"):
        changes = additions.planned(connection, _source(connection, section, given), again=ctx.params["again"])
        why = ctx.params["message"] or additions.reason(changes)
        return carry_out(connection, changes, why=why, dry_run=ctx.params["dry_run"])


def _source(connection: "Connection", section: str, given: Given) -> "LoadedFile":
    """The content of an episode file that adds this entry."""
    from positions.recording import additions

    entry = dict(given)
    if section in _STATED_IF_SPOKEN and prompts.is_stated(given):
        entry.setdefault("basis", Basis.STATED)
    if section == "responses":
        entry["stances"] = _stances(entry)
    if section == "episode":
        return additions.new_episode(connection, entry)
    return additions.addition(connection, entry.pop("episode"), section, entry)


def _stances(entry: Given) -> dict[str, dict[str, str]]:
    """The `stances` of a response, made of `--stance`, `--wording` and `--condition`, which are taken out of `entry`.

    Raises:
        typer.BadParameter: a stance is malformed, or `--wording` or `--condition` is given without exactly one stance.
    """
    details = {item: {"stance": str(kind)} for item, kind in prompts.stances(entry.pop("stance", ())).items()}
    for name in ("wording", "condition"):
        if name in entry:
            if len(details) != 1:
                raise typer.BadParameter("goes with exactly one --stance", param_hint=prompts.option(name))
            next(iter(details.values()))[name] = entry.pop(name)
    return details


def _record_in_dialogue(ctx: Any, section: str, given: Given) -> None:
    """Show the plan, and record it once confirmed. No transaction stays open during the prompts."""
    from positions import database
    from positions.errors import DatabaseBusyError, RecordMovedError
    from positions.recording import additions
    from positions.recording.files import carry_out

    while True:
        changes = _plan(ctx, section, given)
        if ctx.params["dry_run"]:
            _show(ctx, (changes, None))
            return
        _show_plan(changes)
        typer.confirm("Record this?", default=None, abort=True, err=True)
        try:
            with database.recording(context.db(ctx)) as connection:
                done = carry_out(connection, changes, why=ctx.params["message"] or additions.reason(changes))
        except (DatabaseBusyError, RecordMovedError) as error:
            tell(error.shown())
        else:
            _show(ctx, done, is_plan_shown=True)
            return


def _plan(ctx: Any, section: str, given: Given) -> "ChangeSet":
    """The plan for `given`; problems are shown and the options concerned prompted for again, until there are none.

    Raises:
        PositionsError: a problem concerns none of the options.
    """
    from positions.errors import EpisodeFileError, InvalidRequestError
    from positions.recording import additions

    while True:
        try:
            with context.reading(ctx) as connection:
                return additions.planned(connection, _source(connection, section, given), again=ctx.params["again"])
        except EpisodeFileError as error:
            tell(error.shown())
            problems = [(problem.path, problem.message) for problem in error.problems]
            if not prompts.ask_again(ctx, section, given, problems):
                raise
        except InvalidRequestError as error:  # the id exists, or was retracted
            tell(error.shown())
            prompts.ask_again(ctx, section, given, [("id", "")])
        except typer.BadParameter as error:  # --wording or --condition without exactly one stance
            tell(error.message)
            prompts.ask_again(ctx, section, given, [("stance", ""), ("wording", ""), ("condition", "")])


def _show_plan(changes: "ChangeSet") -> None:
    """Show the plan without its last line, which says whether it was recorded."""
    from positions.rendering import output
    from positions.rendering.layout import Page
    from positions.rendering.views import revisions

    output.draw(Page(revisions.plan([(changes, None)], dry_run=True).blocks[:-1]))


def _show(ctx: Any, done: "Recorded", *, is_plan_shown: bool = False) -> None:
    """Show what was recorded: the plan and the result, or only the result if the plan was shown before."""
    from positions.rendering import output
    from positions.rendering.layout import Page
    from positions.rendering.views import revisions

    changes, revision = done
    page = revisions.plan([done], dry_run=ctx.params["dry_run"])
    shown = Page(page.blocks[-1:]) if is_plan_shown else page
    output.show("record", [changes.row(revision)], Format(ctx.params["format"]), lambda: shown)
