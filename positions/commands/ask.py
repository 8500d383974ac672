"""The questions: who demands what, who refuses it, since when, in which words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from positions.commands import complete, help, opening, options
from positions.commands.question import Answer, Asked, question
from positions.vocabulary import Format, ItemKind, StanceKind

if TYPE_CHECKING:
    from positions.queries.rows import Item

app = help.App()

SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Only what was said on this day or later.")
]
UntilOption = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only what was said by this day.")]

_LATER = "Ask for a later moment; `positions log` lists the revisions."


@question(app)
def demands(asked: Asked, actor: options.ActorOption = None, stance: options.StanceOption = None) -> Answer:
    """List what each side demands, with who refuses it and who would talk.

    `--actor` and `--stance` keep the demands on which an addressee has a stance: that one, if named.

    Example: positions demands --side russia
    """
    return _on_the_table(asked, ItemKind.DEMAND, actor, stance)


@question(app)
def offers(asked: Asked, actor: options.ActorOption = None, stance: options.StanceOption = None) -> Answer:
    """List what each side says it is ready to do or to discuss.

    `--actor` and `--stance` keep the offers on which an addressee has a stance: that one, if named.

    Example: positions offers --by us
    """
    return _on_the_table(asked, ItemKind.OFFER, actor, stance)


@question(app)
def nonstarters(
    asked: Asked,
    actor: options.ActorOption = None,
    ever: Annotated[bool, typer.Option("--ever", help="Also what was refused once and is no longer.")] = False,
    basis: options.BasisOption = None,
) -> Answer:
    """Show what is refused outright: by whom, in which words, since when, by which source.

    Example: positions nonstarters --actor nato --as-of 2022-01-12
    """
    from positions.queries.nonstarters import nonstarters as refused
    from positions.rendering.views import stances as views

    rows = refused(asked.connection, asked.moment, asked.filters, actor=actor, ever=ever, basis=basis)
    page = lambda notes: views.nonstarters(rows, notes, ever=ever)  # noqa: E731
    return Answer(rows, page, [one.published for one in rows])


@question(app, items=False)
def item(
    asked: Asked,
    item: Annotated[
        str, typer.Argument(metavar="ITEM", help="Id of a demand or an offer.", autocompletion=complete.items)
    ],
) -> Answer:
    """Show all that is recorded of one demand or offer.

    Example: positions item no-enlargement
    """
    from positions.errors import InvalidRequestError
    from positions.queries import items, stances
    from positions.rendering.views import items as views

    connection, when = asked.connection, asked.moment
    found = items.every(connection, when, replace(asked.filters, item=item))
    if not found:
        raise InvalidRequestError(
            f"{item} was not in the record, or not public, at that moment", "Ask for a later one."
        )
    [one] = found
    told = stances.told(connection, when, items=[one.row])
    said = items.mentions(connection, when, replace(asked.filters, item=item))
    became = items.outcomes(connection, when, [one.row])
    return Answer(one, lambda notes: views.item(one, told, said, became, notes), [each.published for each in told])


@question(app)
def history(
    asked: Asked,
    item: options.ItemOption = None,
    actor: options.ActorOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
) -> Answer:
    """Show every stance that was ever recorded, oldest first, and what became of the items.

    Example: positions history --item no-enlargement
    """
    from positions.queries import items
    from positions.queries.stances import history as told
    from positions.rendering.views import stances as views

    asked_of = replace(asked.filters, item=item).rows(asked.connection, asked.moment)
    first, last = options.days(since, until)
    rows = told(asked.connection, asked.moment, items=asked_of, actor=actor, since=first, until=last)
    became = [
        one
        for one in items.outcomes(asked.connection, asked.moment, asked_of)
        if (actor is None or actor in one.by) and one.on.lies_within(first, last)
    ]
    return Answer(rows, lambda notes: views.history(rows, became, notes), [one.published for one in rows])


@question(app)
def matrix(asked: Asked) -> Answer:
    """Show all that is on the table against everybody who has taken a stance.

    Example: positions matrix --topic enlargement
    """
    from positions.queries import items
    from positions.rendering.views import items as views

    rows = items.matrix(asked.connection, asked.moment, asked.filters)
    published = [account.published for row in rows for account in row.accounts]
    return Answer(rows, lambda notes: views.matrix(rows, notes), published)


@question(app, items=False)
def actors(asked: Asked) -> Answer:
    """List who is at the table, and who speaks for whom.

    Example: positions actors
    """
    from positions.queries import people
    from positions.rendering.views import sources as views

    rows = people.actors(asked.connection, asked.moment)
    return Answer(rows, lambda notes: views.actors(rows, notes))


@question(app, items=False)
def episodes(asked: Asked) -> Answer:
    """List the sources, and how much is recorded from each.

    Example: positions episodes
    """
    from positions.queries import episodes as sources
    from positions.rendering.views import sources as views

    rows = sources.episodes(asked.connection, asked.moment)
    return Answer(rows, lambda notes: views.episodes(rows, notes))


@question(app)
def movements(
    asked: Asked,
    actor: options.ActorOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    first: Annotated[bool, typer.Option("--first", help="Also each actor's first stance on each item.")] = False,
) -> Answer:
    """Show what has moved: stances, new offers, scopes of demands, outcomes. Corrections are none.

    Example: positions movements --since 2022-01-19
    """
    from positions.queries import episodes as sources
    from positions.queries import movements as moved
    from positions.rendering.views import stances as views

    start, end = options.days(since, until)
    rows = moved.movements(
        asked.connection, asked.moment, asked.filters, actor=actor, since=start, until=end, first=first
    )
    read = len(sources.episodes(asked.connection, asked.moment))
    return Answer(rows, lambda notes: views.movements(rows, notes, sources=read))


@question(app)
def unanswered(asked: Asked, actor: options.ActorOption = None) -> Answer:
    """Show what nobody has answered: to whom it was put, since when, and what there is instead.

    `--actor` asks for what this addressee has not answered.

    Example: positions unanswered --side russia
    """
    from positions.queries import outlook as queries
    from positions.rendering.views import outlook as views

    rows = queries.unanswered(asked.connection, asked.moment, asked.filters, actor=actor)
    return Answer(rows, lambda notes: views.unanswered(rows, notes))


@question(app)
def outlook(
    asked: Asked,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Beside it, the outlook on this earlier day.")
    ] = None,
) -> Answer:
    """Show what is blocked and by whom, what is workable, what is unanswered, and what a package holds up.

    Example: positions outlook --since 2022-01-17
    """
    from positions.queries import outlook as queries
    from positions.rendering.views import outlook as views

    earlier, now = options.earlier(since, asked.moment.as_of), asked.moment.as_of
    rows = queries.outlook(asked.connection, asked.moment, asked.filters, since=earlier)
    packages = queries.packages(asked.connection, asked.moment)
    published = [account.published for row in rows for account in row.ready]
    page = lambda notes: views.outlook(rows, packages, notes, between=(earlier, now))  # noqa: E731
    return Answer(rows, page, published)


@question(app, items=False)
def episode(
    asked: Asked,
    episode: Annotated[
        str, typer.Argument(metavar="EPISODE", help="Id of an episode.", autocompletion=complete.episodes)
    ],
) -> Answer:
    """Show one source: what it added, and which of the other side's demands it answers or passes over.

    Example: positions episode episode-1
    """
    from positions.errors import InvalidRequestError
    from positions.queries import episodes as sources
    from positions.rendering.views import sources as views

    one = sources.source(asked.connection, asked.moment, episode)
    if one is None:
        raise InvalidRequestError(f"{episode} was not in the record, or not public, at that moment", _LATER)
    return Answer(one, lambda notes: views.episode(one, notes))


@question(app, items=False)
def search(
    asked: Asked, text: Annotated[str, typer.Argument(metavar="TEXT", help="Words, as they follow each other.")]
) -> Answer:
    """Find words in titles, texts, summaries, labels, conditions and quotations.

    Case, accents and the shape of quotation marks make no difference; every other character stands for itself.

    Example: positions search "eastern allies"
    """
    if not text.strip():
        raise typer.BadParameter("is empty", param_hint="TEXT")
    from positions.queries.search import search as found
    from positions.rendering.views import sources as views

    rows = found(asked.connection, asked.moment, text)
    return Answer(rows, lambda notes: views.search(rows, text, notes))


@app.command(rich_help_panel=options.ASK)
def status(ctx: typer.Context, format: options.FormatOption = Format.TABLE) -> None:
    """Show where the database is, how far it reaches, and what it knows that it lacks.

    Example: positions status
    """
    from positions import database
    from positions.queries.status import status as asked
    from positions.rendering import show
    from positions.rendering.views import sources as views

    with opening.reading(ctx) as connection:
        one = asked(connection, str(database.place(opening.db(ctx))), database.SCHEMA)
    show.show("status", one, format, lambda: views.status(one))


def _on_the_table(asked: Asked, kind: ItemKind, actor: str | None, stance: StanceKind | None) -> Answer:
    from positions.queries import items
    from positions.rendering.views import items as views

    about = replace(asked.filters, kind=kind)
    rows = items.on_the_table(asked.connection, asked.moment, about, actor=actor, stance=stance)
    return Answer(rows, lambda notes: views.demands(rows, notes, word=kind.value), _published(rows))


def _published(rows: "list[Item]") -> Iterator[date]:
    for one in rows:
        yield from (account.published for account in one.stances)
