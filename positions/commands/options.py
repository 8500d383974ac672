"""The options that commands share, each declared once."""

from datetime import date
from typing import Annotated

import typer

from positions.commands import complete
from positions.dates import Span
from positions.visible import visible
from positions.vocabulary import Basis, Format, StanceKind

ASK, RECORD, SHARE, DATABASE = "Ask", "Record", "Share", "Database"
"""The groups of commands in `--help`."""

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="The form of the answer.", rich_help_panel="Form")]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="As said by this day (2022-01-12, or 2022-01: its last).",
        rich_help_panel="Time",
    ),
]
KnownAtOption = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="rN|TIME",
        help="As this database knew it then: a revision (r3) or a UTC time.",
        rich_help_panel="Time",
    ),
]
PublicByOption = Annotated[
    str | None,
    typer.Option("--public-by", metavar="DATE", help="From sources published by this day.", rich_help_panel="Time"),
]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="ACTOR",
        help="Only items made by this actor.",
        autocompletion=complete.actors,
        rich_help_panel="Items",
    ),
]
SideOption = Annotated[
    str | None,
    typer.Option(
        "--side",
        metavar="SIDE",
        help="Only items of this side.",
        autocompletion=complete.sides,
        rich_help_panel="Items",
    ),
]
ToOption = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="ACTOR",
        help="Only items put to this actor.",
        autocompletion=complete.actors,
        rich_help_panel="Items",
    ),
]
TopicOption = Annotated[
    str | None,
    typer.Option(
        "--topic",
        metavar="TOPIC",
        help="Only items about this matter.",
        autocompletion=complete.topics,
        rich_help_panel="Items",
    ),
]
PackageOption = Annotated[
    str | None,
    typer.Option(
        "--package",
        metavar="PACKAGE",
        help="Only items of this package.",
        autocompletion=complete.packages,
        rich_help_panel="Items",
    ),
]
ItemOption = Annotated[
    str | None,
    typer.Option(
        "--item",
        metavar="ITEM",
        help="Only this item.",
        autocompletion=complete.items,
        rich_help_panel="Items",
    ),
]
ActorOption = Annotated[
    str | None,
    typer.Option(
        "--actor",
        metavar="ACTOR",
        help="Only stances of this actor.",
        autocompletion=complete.actors,
        rich_help_panel="Stances",
    ),
]
StanceOption = Annotated[
    StanceKind | None, typer.Option("--stance", help="Only with this stance.", rich_help_panel="Stances")
]
BasisOption = Annotated[Basis | None, typer.Option("--basis", help="Only on this basis.", rich_help_panel="Stances")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be recorded, and record nothing.")]
MessageOption = Annotated[str | None, typer.Option("--message", "-m", metavar="TEXT", help="Why, for the log.")]


def require_text(message: str | None, option: str = "--message") -> None:
    """Refuse a message that is empty or holds characters that a text may not hold.

    Raises:
        typer.BadParameter: it does.
    """
    if message is not None and not message.strip():
        raise typer.BadParameter("is empty", param_hint=option)
    if message is not None and visible(message) != message:
        raise typer.BadParameter("must be a text without control characters", param_hint=option)


def last_day(text: str | None, option: str) -> date | None:
    """The last day that the EDTF text `text` of `option` names; None for None.

    Raises:
        typer.BadParameter: it is no date.
    """
    return None if text is None else _span(text, option).end


def first_day(text: str | None, option: str) -> date | None:
    """The first day that the EDTF text `text` of `option` names; None for None.

    Raises:
        typer.BadParameter: it is no date.
    """
    return None if text is None else _span(text, option).start


def days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """The first day of `--since` and the last of `--until`.

    Raises:
        typer.BadParameter: one is no date, or they leave no day between them.
    """
    first, last = first_day(since, "--since"), last_day(until, "--until")
    if first is not None and last is not None and first > last:
        raise typer.BadParameter(f"{since} is after --until {until}", param_hint="--since")
    return first, last


def _span(text: str, option: str) -> Span:
    try:
        return Span.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error
