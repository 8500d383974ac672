"""The options that commands share, each declared once as an alias, and the shell completion of ids."""

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer

from positions.dates import Span
from positions.safe_text import visible
from positions.vocabulary import Basis, Format, StanceKind, is_slug

ASK, RECORD, SHARE, DATABASE = "Ask", "Record", "Share", "Database"
"""Headings of commands in `--help`."""

_DAYS_AGO = {"today": 0, "yesterday": 1}
"""Words for a day, by the clock of this machine."""

_OUTPUT, _TIME, _ITEMS, _STANCES = "Output", "Time", "Items", "Stances"
"""Headings of options in `--help`."""


def _lowercase(id: str | None) -> str | None:
    """`id` in lowercase, as all ids are."""
    return id if id is None else id.lower()


def completed(kind: str) -> Callable[[Any, str], list[str]]:
    """A function that completes ids of `kind` (actor, side, item, topic, package or episode), in alphabetical order.

    It never creates, seeds, migrates or waits; if anything fails, it offers nothing. It offers only well-formed ids,
    because zsh evaluates completions and a database written by another program may contain any text.
    """

    def complete(ctx: Any, incomplete: str) -> list[str]:
        from positions import database
        from positions.errors import PositionsError
        from positions.queries import ids

        place = ctx.find_root().params.get("db") or os.environ.get("POSITIONS_DB") or database.default_path()
        try:
            with database.reading(place, timeout=0.0) as connection:
                names = ids.listed(connection, kind)
        except PositionsError:
            return []
        return [name for name in names if name.startswith(incomplete) and is_slug(name)]

    return complete


def _id_option(name: str, kind: str, help: str, heading: str) -> Any:
    """An option that takes the id of a `kind`, with shell completion."""
    return typer.Option(
        name,
        metavar=kind.upper(),
        help=help,
        autocompletion=completed(kind),
        callback=_lowercase,
        rich_help_panel=heading,
    )


def _id_argument(kind: str, help: str) -> Any:
    return typer.Argument(metavar=kind.upper(), help=help, autocompletion=completed(kind), callback=_lowercase)


def _day_option(name: str, help: str, heading: str | None = None) -> Any:
    return typer.Option(name, metavar="DATE", help=help, rich_help_panel=heading)


AllOption = Annotated[
    bool,
    typer.Option(
        "--all", help="On a terminal, also what nobody has answered; a pipe always gets it.", rich_help_panel=_OUTPUT
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="Output format.", rich_help_panel=_OUTPUT)]

AsOfOption = Annotated[
    str | None,
    _day_option("--as-of", "What had been said by this day: a date, a month (its end), today or yesterday.", _TIME),
]
KnownAtOption = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="rN|TIME",
        help="What this database knew at a revision (r3, or its digest) or at a UTC time.",
        rich_help_panel=_TIME,
    ),
]
PublicByOption = Annotated[str | None, _day_option("--public-by", "From sources published by this day.", _TIME)]
SinceOption = Annotated[str | None, _day_option("--since", "Only what was said on this day or later.")]
UntilOption = Annotated[str | None, _day_option("--until", "Only what was said by this day.")]

ByOption = Annotated[str | None, _id_option("--by", "actor", "Only items made by this actor.", _ITEMS)]
SideOption = Annotated[str | None, _id_option("--side", "side", "Only items of this side.", _ITEMS)]
ToOption = Annotated[str | None, _id_option("--to", "actor", "Only items put to this actor.", _ITEMS)]
TopicOption = Annotated[str | None, _id_option("--topic", "topic", "Only items about this matter.", _ITEMS)]
PackageOption = Annotated[str | None, _id_option("--package", "package", "Only items of this package.", _ITEMS)]
ItemOption = Annotated[str | None, _id_option("--item", "item", "Only this item.", _ITEMS)]

ActorOption = Annotated[
    str | None, _id_option("--actor", "actor", "Only this actor's stances, movements or missing answers.", _STANCES)
]
StanceOption = Annotated[
    StanceKind | None, typer.Option("--stance", help="Only items answered with this stance.", rich_help_panel=_STANCES)
]
BasisOption = Annotated[Basis | None, typer.Option("--basis", help="Only on this basis.", rich_help_panel=_STANCES)]

ItemArgument = Annotated[str, _id_argument("item", "Id of a demand or an offer.")]
EpisodeArgument = Annotated[str, _id_argument("episode", "Id of an episode.")]

DryRunOption = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be recorded, and record nothing.")]
AgainOption = Annotated[bool, typer.Option("--again", help="Record entries even if they were retracted earlier.")]
MessageOption = Annotated[str | None, typer.Option("--message", "-m", metavar="TEXT", help="The reason, for the log.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite a file that exists.")]


def require_text(message: str | None, option: str = "--message") -> None:
    """Check that a message is not empty and has no control characters; None passes.

    Raises:
        typer.BadParameter: it is empty or has control characters.
    """
    if message is not None and not message.strip():
        raise typer.BadParameter("is empty", param_hint=option)
    if message is not None and visible(message) != message:
        raise typer.BadParameter("must not contain control characters", param_hint=option)


def last_day(text: str | None, option: str) -> date | None:
    """The last day of `text`, an EDTF date given as `option`; None for None.

    Raises:
        typer.BadParameter: `text` is not a date.
    """
    return None if text is None else _span(text, option).end


def days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """The first day of `--since` and the last day of `--until`.

    Raises:
        typer.BadParameter: one is not a date, or `--since` is after `--until`.
    """
    first = None if since is None else _span(since, "--since").start
    last = last_day(until, "--until")
    if first is not None and last is not None and first > last:
        raise typer.BadParameter(f"{since} is after --until {until}", param_hint="--since")
    return first, last


def compared_day(since: str | None, as_of: date | None) -> date | None:
    """The last day of `--since`, which an outlook is compared with; it must be before `as_of`.

    Raises:
        typer.BadParameter: `since` is not a date, or not before `as_of`.
    """
    day = last_day(since, "--since")
    if day is not None and as_of is not None and day >= as_of:
        raise typer.BadParameter(f"{since} is not before --as-of {as_of}", param_hint="--since")
    return day


def _span(text: str, option: str) -> Span:
    if text in _DAYS_AGO:
        day = datetime.now().astimezone().date() - timedelta(days=_DAYS_AGO[text])
        return Span(day, day)
    try:
        return Span.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error
