"""The `add` commands: record one entry without a file, with the same checks, plan and transaction as `record`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from positions.commands import completion, console, context, options, prompts
from positions.commands.console import progress, tell
from positions.commands.prompts import Given, Step, maybe, needs
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
        name, *more, help=help, metavar=kind.upper(), autocompletion=completion.ids(kind), rich_help_panel=heading
    )


_Text = str | None
_Texts = list[str] | None

_Episode = Annotated[_Text, _id_option("--episode", "episode", "The source that says so.", needed=True)]
_NewId = Annotated[_Text, _option("--id", "Its id: lowercase letters, digits and hyphens.", "ID", needed=True)]

_Quote = Annotated[_Text, _option("--quote", "The words, to the letter, 30 at most.", "TEXT", needed=True)]
_Summary = Annotated[_Text, _option("--summary", "The same in your own words.", "TEXT", needed=True)]
_Basis = Annotated[Basis | None, _option("--basis", "How it is known.", needed=True)]
_Speaker = Annotated[_Text, _id_option("--speaker", "actor", "The person to whom the source attributes the words.")]
_ReportedBy = Annotated[_Text, _id_option("--reported-by", "actor", "The actor who reports it.")]
_Url = Annotated[_Text, _option("--url", "Address, if it differs from the episode's.", "URL")]

_By = Annotated[_Texts, _id_option("--by", "actor", "Who makes it; may be repeated.", needed=True)]
_MakerSide = Annotated[
    _Text, _id_option("--side", "side", "The side that makes it, if the source names no maker.", needed=True)
]
_To = Annotated[_Texts, _id_option("--to", "actor", "To whom it is put; may be repeated.", needed=True)]
_Topic = Annotated[_Text, _id_option("--topic", "topic", "The matter it is about.", needed=True)]
_ItemTitle = Annotated[_Text, _option("--title", "What is asked or offered, in few words.", "TEXT", needed=True)]
_Made = Annotated[
    _Text, _option("--made", "When it was put on the table; ../DATE: on that day at the latest.", "DATE", needed=True)
]
_ItemText = Annotated[
    _Text, _option("--text", "What is asked or offered, in full, in your own words.", "TEXT", needed=True)
]
_FirstSaid = Annotated[_Text, _option("--said", "When its defining sentence was said, if not when made.", "DATE")]
_Affects = Annotated[_Texts, _id_option("--affects", "actor", "Another actor affected; may be repeated.")]
_Answers = Annotated[_Texts, _id_option("--answers", "item", "An item or package it answers; may be repeated.")]
_AlternativeTo = Annotated[_Texts, _id_option("--alternative-to", "item", "An item it could replace; may be repeated.")]
_PartOf = Annotated[_Texts, _id_option("--part-of", "item", "An item it is part of; may be repeated.")]

_Stance = Annotated[
    _Texts,
    typer.Option(
        "--stance",
        metavar="ITEM=STANCE",
        help="Their stance on an item: non-starter, negotiable or open; may be repeated.",
        autocompletion=completion.ids("item"),
        rich_help_panel=_NEEDED,
    ),
]
_Repeats = Annotated[
    _Texts, _id_option("--repeats", "item", "An item of their own that they insist on; may be repeated.", needed=True)
]
_About = Annotated[
    _Texts, _id_option("--about", "item", "An item taken up without a stance; may be repeated.", needed=True)
]

_Items = Annotated[
    _Texts, _id_option("--items", "item", "An item with this outcome; may be repeated.", "--item", needed=True)
]
_SupersededBy = Annotated[
    _Text, _id_option("--superseded-by", "item", "The item that took its place, if the source names one.")
]
_OutcomeQuote = Annotated[_Text, _option("--quote", "The words, to the letter, 30 at most.", "TEXT")]
_OutcomeSummary = Annotated[_Text, _option("--summary", "The same in your own words.", "TEXT")]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of entry: its section in an episode file, the prompts for it, and how options become its fields."""

    section: str
    steps: tuple[Step, ...]
    entry: Callable[[Given], Given] = dict


@dataclass(frozen=True, slots=True)
class _Options:
    """The options that all `add` commands share."""

    dry_run: bool
    again: bool
    message: str | None
    format: Format


def _is_alleged(given: Given) -> bool:
    return given.get("basis") == Basis.ALLEGED


def _is_person(given: Given) -> bool:
    return given.get("kind") == ActorKind.PERSON


def _is_one_negotiable(given: Given) -> bool:
    return [text.partition("=")[2] for text in given.get("stance", ())] == [StanceKind.NEGOTIABLE]


def _needs_basis(given: Given) -> bool:
    return not prompts.is_stated(given)


def _with_basis(given: Given) -> Given:
    """`given` with its basis: words quoted from a named speaker are `stated`."""
    return {"basis": Basis.STATED, **given} if prompts.is_stated(given) else given


def _response(given: Given) -> Given:
    """The fields of a response: `--stance`, `--wording` and `--condition` become its `stances`.

    Raises:
        typer.BadParameter: a stance is malformed, or `--wording` or `--condition` is given without exactly one stance.
    """
    details = {item: {"stance": str(kind)} for item, kind in prompts.stances(given.get("stance", ())).items()}
    for name in ("wording", "condition"):
        if name in given:
            if len(details) != 1:
                raise typer.BadParameter("goes with exactly one --stance", param_hint=prompts.option(name))
            next(iter(details.values()))[name] = given[name]
    rest = {name: value for name, value in given.items() if name not in {"stance", "wording", "condition"}}
    return _with_basis({**rest, "stances": details})


_BASIS_STEPS = (
    needs("basis", applies=_needs_basis),
    maybe("reported_by", _is_alleged),
    maybe("url"),
)
_SPEAKER = maybe("speaker", lambda given: "by" in given)
_EPISODE = _Kind("episode", (needs("id"), needs("kind"), needs("title"), needs("published"), maybe("url")))
_ACTOR = _Kind(
    "actors",
    (
        *(needs("episode"), needs("id"), needs("kind"), needs("name")),
        *(maybe("speaks_for", _is_person), maybe("side", lambda given: not _is_person(given))),
    ),
)
_ITEM = (
    *(needs("episode"), needs("id"), needs("by", "side"), _SPEAKER, needs("to"), needs("topic"), needs("title")),
    *(needs("made"), needs("quote", "summary", "text"), *_BASIS_STEPS),
)
_DEMAND, _OFFER = _Kind("demands", _ITEM, _with_basis), _Kind("offers", _ITEM, _with_basis)
_RESPONSE = _Kind(
    "responses",
    (
        *(needs("episode"), needs("by"), _SPEAKER, needs("said"), needs("stance", "repeats", "about")),
        *(maybe("condition", _is_one_negotiable), needs("quote", "summary"), *_BASIS_STEPS),
    ),
    _response,
)
_OUTCOME = _Kind(
    "outcomes",
    (
        *(needs("episode"), needs("items"), needs("outcome"), needs("on")),
        *(maybe("superseded_by", lambda given: given.get("outcome") == OutcomeKind.SUPERSEDED), maybe("url")),
    ),
)


@app.command()
def episode(
    ctx: typer.Context,
    id: _NewId = None,
    kind: Annotated[EpisodeKind | None, _option("--kind", "What the source is.", needed=True)] = None,
    title: Annotated[_Text, _option("--title", "Its title.", "TEXT", needed=True)] = None,
    published: Annotated[
        _Text, _option("--published", "The day of publication; undated: DATE/DATE.", "DATE", needed=True)
    ] = None,
    url: Annotated[_Text, _option("--url", "Address of the text that was read.", "URL")] = None,
    author: Annotated[_Text, _option("--author", "Who wrote it.", "TEXT")] = None,
    publisher: Annotated[_Text, _option("--publisher", "Who published it.", "TEXT")] = None,
    language: Annotated[_Text, _option("--language", "Language of the text that was read, like en.", "TAG")] = None,
    read: Annotated[Reading | None, _option("--read", "Whether it was read whole or in part.")] = None,
    missing: Annotated[_Text, _option("--missing", "What was not read, if read in part.", "TEXT")] = None,
    summary: Annotated[_Text, _option("--summary", "What it is about, in your own words.", "TEXT")] = None,
    dry_run: options.DryRunOption = False,
    again: options.AgainOption = False,
    message: options.MessageOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Add a source.

    Example: positions add episode --id press --kind statement --title "A press conference" --published 2022-01-26
    """
    what = _given(id=id, kind=kind, title=title, published=published, summary=summary)
    source = _given(url=url, author=author, publisher=publisher, language=language, read=read, missing=missing)
    _add(ctx, _EPISODE, _Options(dry_run, again, message, format), {**what, **source})


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
    given = _given(episode=episode, id=id, kind=kind, name=name, side=side, speaks_for=speaks_for, role=role)
    _add(ctx, _ACTOR, _Options(dry_run, again, message, format), given)


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
    by: _By = None,
    side: _MakerSide = None,
    to: _To = None,
    topic: _Topic = None,
    title: _ItemTitle = None,
    made: _Made = None,
    quote: _Quote = None,
    summary: _Summary = None,
    text: _ItemText = None,
    basis: _Basis = None,
    said: _FirstSaid = None,
    speaker: _Speaker = None,
    reported_by: _ReportedBy = None,
    url: _Url = None,
    affects: _Affects = None,
    answers: _Answers = None,
    alternative_to: _AlternativeTo = None,
    part_of: _PartOf = None,
    dry_run: options.DryRunOption = False,
    again: options.AgainOption = False,
    message: options.MessageOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Add a demand or an offer, as the name of the command says."""
    what = _given(episode=episode, id=id, by=by, side=side, to=to, topic=topic, title=title, made=made, text=text)
    source = _given(
        quote=quote, summary=summary, basis=basis, said=said, speaker=speaker, reported_by=reported_by, url=url
    )
    ties = _given(affects=affects, answers=answers, alternative_to=alternative_to, part_of=part_of)
    kind = _DEMAND if ctx.command.name == "demand" else _OFFER
    _add(ctx, kind, _Options(dry_run, again, message, format), {**what, **source, **ties})


@app.command()
def response(
    ctx: typer.Context,
    episode: _Episode = None,
    by: Annotated[_Texts, _id_option("--by", "actor", "Who says it; may be repeated.", needed=True)] = None,
    said: Annotated[_Text, _option("--said", "When.", "DATE", needed=True)] = None,
    stance: _Stance = None,
    repeats: _Repeats = None,
    about: _About = None,
    quote: _Quote = None,
    summary: _Summary = None,
    basis: _Basis = None,
    speaker: _Speaker = None,
    reported_by: _ReportedBy = None,
    url: _Url = None,
    wording: Annotated[_Text, _option("--wording", "The literal label used; with one --stance.", "TEXT")] = None,
    condition: Annotated[_Text, _option("--condition", "The condition named; with one --stance.", "TEXT")] = None,
    venue: Annotated[_Text, _option("--venue", "Where.", "TEXT")] = None,
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
    what = _given(
        episode=episode,
        id=id,
        by=by,
        said=said,
        venue=venue,
        stance=stance,
        repeats=repeats,
        about=about,
        wording=wording,
        condition=condition,
    )
    source = _given(quote=quote, summary=summary, basis=basis, speaker=speaker, reported_by=reported_by, url=url)
    _add(ctx, _RESPONSE, _Options(dry_run, again, message, format), {**what, **source})


@app.command()
def outcome(
    ctx: typer.Context,
    episode: _Episode = None,
    items: _Items = None,
    outcome: Annotated[OutcomeKind | None, _option("--outcome", "What became of them.", needed=True)] = None,
    on: Annotated[_Text, _option("--on", "When.", "DATE", needed=True)] = None,
    by: Annotated[_Texts, _id_option("--by", "actor", "Who brought it about; may be repeated.")] = None,
    in_part: Annotated[bool, _option("--in-part", "Only a part of each item.")] = False,
    superseded_by: _SupersededBy = None,
    quote: _OutcomeQuote = None,
    summary: _OutcomeSummary = None,
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
    what = _given(
        episode=episode, id=id, items=items, outcome=outcome, on=on, by=by, in_part=in_part, superseded_by=superseded_by
    )
    source = _given(quote=quote, summary=summary, basis=basis, speaker=speaker, reported_by=reported_by, url=url)
    _add(ctx, _OUTCOME, _Options(dry_run, again, message, format), {**what, **source})


def _given(**values: Any) -> Given:
    """The options that were given, by name, without empty ones."""
    return {name: value for name, value in values.items() if value not in (None, [], False)}


def _add(ctx: Any, kind: _Kind, shared: _Options, given: Given) -> None:
    """Record one entry of `kind` from the options `given`; on a terminal, prompt for missing ones and confirm."""
    options.require_text(shared.message)
    _require_well_formed(kind, given)
    if prompts.fill(ctx, kind.section, given, kind.steps):
        _record_in_dialogue(ctx, kind, given, shared)
    else:
        _show(_record(ctx, kind, given, shared), shared)


def _require_well_formed(kind: _Kind, given: Given) -> None:
    """Check dates and stances before any prompt.

    Raises:
        typer.BadParameter: a value is malformed.
    """
    from positions.recording.additions import problem

    prompts.stances(given.get("stance", ()))
    for name in ("published", "made", "said", "on"):
        if name in given and (message := problem(kind.section, name, given[name])):
            raise typer.BadParameter(message, param_hint=prompts.option(name))


def _record(ctx: Any, kind: _Kind, given: Given, shared: _Options) -> "Recorded":
    from positions import database
    from positions.recording import additions
    from positions.recording.files import carry_out

    with database.recording(context.db(ctx)) as connection, progress("Recording"):
        changes = additions.planned(connection, _source(connection, kind, given), again=shared.again)
        why = shared.message or additions.reason(changes)
        return carry_out(connection, changes, why=why, dry_run=shared.dry_run)


def _source(connection: "Connection", kind: _Kind, given: Given) -> "LoadedFile":
    """The content of an episode file that adds this entry."""
    from positions.recording import additions

    entry = kind.entry(given)
    if kind is _EPISODE:
        return additions.new_episode(connection, entry)
    rest = {name: value for name, value in entry.items() if name != "episode"}
    return additions.addition(connection, entry["episode"], kind.section, rest)


def _record_in_dialogue(ctx: Any, kind: _Kind, given: Given, shared: _Options) -> None:
    """Show the plan, and record it once confirmed. No transaction stays open during the prompts."""
    from positions import database
    from positions.errors import DatabaseBusyError, RecordMovedError
    from positions.recording import additions
    from positions.recording.files import carry_out

    while True:
        changes = _plan(ctx, kind, given, shared)
        if shared.dry_run:
            _show((changes, None), shared)
            return
        _show_plan(changes)
        typer.confirm("Record this?", default=None, abort=True, err=True)
        try:
            with database.recording(context.db(ctx)) as connection:
                done = carry_out(connection, changes, why=shared.message or additions.reason(changes))
        except (DatabaseBusyError, RecordMovedError) as error:
            tell(error.shown())
        else:
            _show(done, shared, is_plan_shown=True)
            return


def _plan(ctx: Any, kind: _Kind, given: Given, shared: _Options) -> "ChangeSet":
    """The plan for `given`; problems are shown and the options concerned prompted for again, until there are none.

    Raises:
        PositionsError: a problem concerns none of the options.
    """
    from positions.errors import EpisodeFileError, InvalidRequestError
    from positions.recording import additions

    while True:
        try:
            with context.reading(ctx) as connection:
                return additions.planned(connection, _source(connection, kind, given), again=shared.again)
        except EpisodeFileError as error:
            tell(error.shown())
            problems = [(problem.path, problem.message) for problem in error.problems]
            if not prompts.ask_again(ctx, kind.section, given, problems):
                raise
        except InvalidRequestError as error:  # the id exists, or was retracted
            tell(error.shown())
            prompts.ask_again(ctx, kind.section, given, [("id", "")])
        except typer.BadParameter as error:  # --wording or --condition without exactly one stance
            tell(error.message)
            prompts.ask_again(ctx, kind.section, given, [("stance", ""), ("wording", ""), ("condition", "")])


def _show_plan(changes: "ChangeSet") -> None:
    """Show the plan without its last line, which says whether it was recorded."""
    from positions.rendering import output
    from positions.rendering.layout import Page
    from positions.rendering.views import revisions

    output.draw(Page(revisions.plan([(changes, None)], dry_run=True).blocks[:-1]))


def _show(done: "Recorded", shared: _Options, *, is_plan_shown: bool = False) -> None:
    """Show what was recorded: the plan and the result, or only the result if the plan was shown before."""
    from positions.rendering import output
    from positions.rendering.layout import Page
    from positions.rendering.views import revisions

    changes, revision = done
    page = revisions.plan([done], dry_run=shared.dry_run)
    shown = Page(page.blocks[-1:]) if is_plan_shown else page
    output.show("record", [changes.row(revision)], shared.format, lambda: shown)
