"""What every question has in common: the options for items, time and form, opening, checking ids, showing.

A question is a function of `Asked` and of its own options that returns an `Answer`; `question` makes the command of it.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from positions.commands import options
from positions.commands.opening import moment, reading
from positions.vocabulary import Format

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from positions.moment import Moment
    from positions.queries.filters import Filters
    from positions.rendering.layout import Page

_ITEMS: dict[str, Any] = {
    "by": options.ByOption,
    "side": options.SideOption,
    "to": options.ToOption,
    "topic": options.TopicOption,
    "package": options.PackageOption,
}
_TIMES: dict[str, Any] = {
    "as_of": options.AsOfOption,
    "known_at": options.KnownAtOption,
    "public_by": options.PublicByOption,
}
_KINDS = {
    "by": "actor",
    "to": "actor",
    "actor": "actor",
    "side": "side",
    "topic": "topic",
    "package": "package",
    "item": "item",
    "episode": "episode",
}
"""The options whose value must be an id that exists, and the kind of id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Where, when and of which items a question is asked."""

    connection: "Connection"
    moment: "Moment"
    filters: "Filters"


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows, how they are laid out (given the notes below them), and when the sources of stances were published."""

    rows: Any
    page: "Callable[[list[str]], Page]"
    published: Iterable[date] = field(default=())


def question(
    app: typer.Typer, *, items: bool = True, times: bool = True
) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Make a command of `app` from a question; `items` and `times` add the options of that kind."""

    def decorate(ask: Callable[..., Answer]) -> Callable[..., None]:
        common = {**(_ITEMS if items else {}), **(_TIMES if times else {})}

        def command(ctx: typer.Context, **given: Any) -> None:
            form = given.pop("format")
            at = [given.pop(name, None) for name in _TIMES]
            answer, notes = _answer(ctx, ask, given, at, with_notes=form in {Format.TABLE, Format.MARKDOWN})
            from positions.rendering.show import show

            show(ask.__name__, answer.rows, form, lambda: answer.page(notes))

        own = list(inspect.signature(ask).parameters.values())[1:]
        command.__name__, command.__doc__ = ask.__name__, ask.__doc__
        command.__signature__ = _signature(own, common)  # type: ignore[attr-defined]
        command.__annotations__ = {
            name: one.annotation
            for name, one in command.__signature__.parameters.items()  # type: ignore[attr-defined]
        }
        app.command(rich_help_panel=options.ASK)(command)
        return command

    return decorate


def _signature(own: list[inspect.Parameter], common: dict[str, Any]) -> inspect.Signature:
    keyword = inspect.Parameter.KEYWORD_ONLY
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    shared = [inspect.Parameter(name, keyword, default=None, annotation=kind) for name, kind in common.items()]
    form = inspect.Parameter("format", keyword, default=Format.TABLE, annotation=options.FormatOption)
    return inspect.Signature([context, *(one.replace(kind=keyword) for one in own), *shared, form])


def _answer(
    ctx: typer.Context, ask: Callable[..., Answer], given: dict[str, Any], at: list[Any], *, with_notes: bool
) -> tuple[Answer, list[str]]:
    from positions.queries import ids, log
    from positions.queries.filters import Filters
    from positions.rendering.views.sources import footer

    with reading(ctx) as connection:
        when = moment(connection, *at)
        for name, kind in _KINDS.items():
            ids.require(connection, kind, given.get(name))
        about = Filters(**{name: given.pop(name) for name in _ITEMS if name in given})
        answer = ask(Asked(connection, when, about), **given)
        if not with_notes:
            return answer, []
        later = 0 if when.as_of is None else sum(1 for day in answer.published if day > when.as_of)
        return answer, footer(log.freshness(connection, when), later)
