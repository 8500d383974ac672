"""The commands that query the record: who demands what, who refuses it, since when, in which words."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from positions.commands import console, context, options
from positions.vocabulary import Format, ItemKind

if TYPE_CHECKING:
    from positions.rendering.layout import Page

app = console.App()

_ASK_LATER = "Ask for a later moment; `positions log` lists the revisions."


_DEMANDS_HELP = """List what each side demands, and who answered what.

`--actor` selects demands that this addressee has answered; `--stance`, demands answered with this stance.

Example: positions demands --side russia
"""
_OFFERS_HELP = """List what each side says it is ready to do or to discuss.

`--actor` selects offers that this addressee has answered; `--stance`, offers answered with this stance.

Example: positions offers --by us
"""


@app.command("offers", help=_OFFERS_HELP, rich_help_panel=options.ASK)
@app.command("demands", help=_DEMANDS_HELP, rich_help_panel=options.ASK)
def on_the_table(
    ctx: typer.Context,
    actor: options.ActorOption = None,
    stance: options.StanceOption = None,
    by: options.ByOption = None,
    side: options.SideOption = None,
    to: options.ToOption = None,
    topic: options.TopicOption = None,
    package: options.PackageOption = None,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """List the demands or the offers on the table, as the name of the command says."""
    from positions.queries import items as queries
    from positions.rendering.views import items as views

    kind = ItemKind.DEMAND if ctx.command.name == "demands" else ItemKind.OFFER
    with context.question(ctx) as question:
        about = replace(question.filters, kind=kind)
        rows = queries.on_the_table(question.connection, question.moment, about, actor=actor, stance=stance)
        notes = question.notes([account.published for row in rows for account in row.stances])
    _show(f"{kind}s", rows, format, lambda: views.items(rows, notes, kind=kind.value))


@app.command(rich_help_panel=options.ASK)
def nonstarters(
    ctx: typer.Context,
    actor: options.ActorOption = None,
    ever: Annotated[bool, typer.Option("--ever", help="Also what was once refused but no longer is.")] = False,
    basis: options.BasisOption = None,
    by: options.ByOption = None,
    side: options.SideOption = None,
    to: options.ToOption = None,
    topic: options.TopicOption = None,
    package: options.PackageOption = None,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Show what is refused outright: by whom, in which words.

    Each refusal comes with its dates and its source.

    Example: positions nonstarters --actor nato --as-of 2022-01-12
    """
    from positions.queries.nonstarters import nonstarters as refused
    from positions.rendering.views import stances as views

    with context.question(ctx) as question:
        rows = refused(question.connection, question.moment, question.filters, actor=actor, ever=ever, basis=basis)
        notes = question.notes([row.published for row in rows])
        past = question.moment != type(question.moment)()
    _show("nonstarters", rows, format, lambda: views.nonstarters(rows, notes, ever=ever, past=past))


@app.command(rich_help_panel=options.ASK)
def item(
    ctx: typer.Context,
    item: options.ItemArgument,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Show everything recorded about one demand or offer.

    Example: positions item no-enlargement
    """
    from positions.errors import InvalidRequestError
    from positions.queries import items, stances
    from positions.rendering.views import items as views

    with context.question(ctx) as question:
        connection, moment = question.connection, question.moment
        listed = items.every(connection, moment, question.filters)
        if not listed:
            raise InvalidRequestError(f"{item} was not in the record, or not public, at that moment", _ASK_LATER)
        [found] = listed
        accounts = stances.all_stances(connection, moment, items=[found.row])
        mentions = items.mentions(connection, moment, question.filters)
        outcomes = items.outcomes(connection, moment, [found.row])
        notes = question.notes([account.published for account in accounts])
    _show("item", found, format, lambda: views.item(found, accounts, mentions, outcomes, notes))


@app.command(rich_help_panel=options.ASK)
def history(
    ctx: typer.Context,
    item: options.ItemOption = None,
    actor: options.ActorOption = None,
    since: options.SinceOption = None,
    until: options.UntilOption = None,
    by: options.ByOption = None,
    side: options.SideOption = None,
    to: options.ToOption = None,
    topic: options.TopicOption = None,
    package: options.PackageOption = None,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Show all stances, past and current, oldest first.

    What became of the items stands among them.

    Example: positions history --item no-enlargement
    """
    from positions.queries import items as queries
    from positions.queries.stances import history as recorded
    from positions.rendering.views import stances as views

    first, last = options.days(since, until)
    with context.question(ctx) as question:
        connection, moment = question.connection, question.moment
        about = question.filters.rows(connection, moment)
        rows = recorded(connection, moment, items=about, actor=actor, since=first, until=last)
        outcomes = [
            outcome
            for outcome in queries.outcomes(connection, moment, about)
            if (actor is None or actor in outcome.by) and outcome.on.lies_within(first, last)
        ]
        notes = question.notes([row.published for row in rows])
    _show("history", rows, format, lambda: views.history(rows, outcomes, notes))


@app.command(rich_help_panel=options.ASK)
def matrix(
    ctx: typer.Context,
    every: options.AllOption = False,
    by: options.ByOption = None,
    side: options.SideOption = None,
    to: options.ToOption = None,
    topic: options.TopicOption = None,
    package: options.PackageOption = None,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Show where every actor stands on each item on the table.

    Example: positions matrix --topic enlargement
    """
    from positions.queries import actors
    from positions.queries import items as queries
    from positions.rendering.views import items as views

    with context.question(ctx) as question:
        rows = queries.matrix(question.connection, question.moment, question.filters)
        order = [actor.id for actor in actors.actors(question.connection, question.moment)]
        notes = question.notes([account.published for row in rows for account in row.accounts])
    _show("matrix", rows, format, lambda: views.matrix(rows, notes, order=order, every=every))


@app.command(rich_help_panel=options.ASK)
def actors(
    ctx: typer.Context,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """List who is at the table, and who speaks for whom.

    Example: positions actors
    """
    from positions.queries import actors
    from positions.rendering.views import overview as views

    with context.question(ctx) as question:
        rows = actors.actors(question.connection, question.moment)
        notes = question.notes()
    _show("actors", rows, format, lambda: views.actors(rows, notes))


@app.command(rich_help_panel=options.ASK)
def episodes(
    ctx: typer.Context,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """List the sources, and how much is recorded from each.

    Example: positions episodes
    """
    from positions.queries import episodes as sources
    from positions.rendering.views import overview as views

    with context.question(ctx) as question:
        rows = sources.episodes(question.connection, question.moment)
        notes = question.notes()
    _show("episodes", rows, format, lambda: views.episodes(rows, notes))


@app.command(rich_help_panel=options.ASK)
def movements(
    ctx: typer.Context,
    actor: options.ActorOption = None,
    since: options.SinceOption = None,
    until: options.UntilOption = None,
    first: Annotated[bool, typer.Option("--first", help="Also first stances within a month.")] = False,
    by: options.ByOption = None,
    side: options.SideOption = None,
    to: options.ToOption = None,
    topic: options.TopicOption = None,
    package: options.PackageOption = None,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Show who moved: changed stances, new items, outcomes.

    A first stance is a movement after a month or more, and so are demands repeated with another scope. Corrections are
    not.

    Example: positions movements --since 2022-01-19
    """
    from positions.queries import episodes as sources
    from positions.queries import movements as queries
    from positions.rendering.views import stances as views

    start, end = options.days(since, until)
    with context.question(ctx) as question:
        connection, moment = question.connection, question.moment
        rows = queries.movements(connection, moment, question.filters, actor=actor, since=start, until=end, first=first)
        read = len(sources.episodes(connection, moment))
        notes = question.notes()
    _show("movements", rows, format, lambda: views.movements(rows, notes, sources=read, first=first))


@app.command(rich_help_panel=options.ASK)
def unanswered(
    ctx: typer.Context,
    actor: options.ActorOption = None,
    by: options.ByOption = None,
    side: options.SideOption = None,
    to: options.ToOption = None,
    topic: options.TopicOption = None,
    package: options.PackageOption = None,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Show what is unanswered: by whom, and since when.

    It shows what there is instead of an answer: a counter-offer, a denial, an evasion. `--actor` selects the items
    that this addressee has not answered.

    Example: positions unanswered --side russia
    """
    from positions.queries import outlook as queries
    from positions.rendering.views import items as views

    with context.question(ctx) as question:
        rows = queries.unanswered(question.connection, question.moment, question.filters, actor=actor)
        notes = question.notes()
    _show("unanswered", rows, format, lambda: views.unanswered(rows, notes))


@app.command(rich_help_panel=options.ASK)
def outlook(
    ctx: typer.Context,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Compare with the outlook on this earlier day.")
    ] = None,
    every: options.AllOption = False,
    by: options.ByOption = None,
    side: options.SideOption = None,
    to: options.ToOption = None,
    topic: options.TopicOption = None,
    package: options.PackageOption = None,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Show what is blocked, by whom, and what is workable.

    It also shows what is unanswered, and what a package holds up.

    Example: positions outlook --since 2022-01-17
    """
    from positions.queries import outlook as queries
    from positions.rendering.views import items as views

    with context.question(ctx) as question:
        connection, moment = question.connection, question.moment
        between = (options.compared_day(since, moment.as_of), moment.as_of)
        rows = queries.outlook(connection, moment, question.filters, since=between[0])
        packages = queries.packages(connection, moment)
        in_part = queries.read_in_part(connection, moment)
        notes = question.notes([account.published for row in rows for account in row.ready])

    def page() -> "Page":
        return views.outlook(rows, packages, notes, between=between, in_part=in_part, every=every)

    _show("outlook", rows, format, page)


@app.command(rich_help_panel=options.ASK)
def episode(
    ctx: typer.Context,
    episode: options.EpisodeArgument,
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Show one source: what it added, answers, and passes over.

    Example: positions episode episode-1
    """
    from positions.errors import InvalidRequestError
    from positions.queries import episodes as sources
    from positions.rendering.views import overview as views

    with context.question(ctx) as question:
        found = sources.source(question.connection, question.moment, episode)
        if found is None:
            raise InvalidRequestError(f"{episode} was not in the record, or not public, at that moment", _ASK_LATER)
        notes = question.notes()
    _show("episode", found, format, lambda: views.episode(found, notes))


@app.command(rich_help_panel=options.ASK)
def search(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Words to find, in the order of the text.")],
    as_of: options.AsOfOption = None,
    known_at: options.KnownAtOption = None,
    public_by: options.PublicByOption = None,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Find words in titles, texts and quotations.

    Summaries, labels and conditions are searched too. Case, accents and the style of quotation marks are ignored; all
    other characters must match.

    Example: positions search "eastern allies"
    """
    if not text.strip():
        raise typer.BadParameter("is empty", param_hint="TEXT")
    from positions.queries.search import search as find
    from positions.rendering.views import overview as views

    with context.question(ctx) as question:
        rows = find(question.connection, question.moment, text)
        notes = question.notes()
    _show("search", rows, format, lambda: views.search(rows, text, notes))


@app.command(rich_help_panel=options.ASK)
def status(
    ctx: typer.Context,
    missing: Annotated[
        bool, typer.Option("--missing", help="On a terminal, also what was not read; a pipe always gets it.")
    ] = False,
    format: options.FormatOption = Format.TABLE,
) -> None:
    """Show where the database is, and how far it reaches.

    `--missing` lists what of the sources was not read.

    Example: positions status
    """
    from positions import database
    from positions.database import schema
    from positions.queries.status import status as found
    from positions.rendering.views import overview as views

    with context.reading(ctx) as connection:
        row = found(connection, str(database.place(context.db(ctx))), schema.NEWEST)
    _show("status", row, format, lambda: views.status(row, missing=missing))


def _show(command: str, rows: Any, format: Format, page: "Callable[[], Page]") -> None:
    """Print the `rows` of `command` in `format`; `page` lays them out for people."""
    from positions.rendering import output

    output.show(command, rows, format, page)
