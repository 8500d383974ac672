"""`--help` as plain text in groups: it is read in pipes too, and Rich would take longer to load than it is to read."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

_Function = TypeVar("_Function", bound=Callable[..., Any])


_WHOLE = 400
"""More characters than the first sentence of any help has."""


class Command(TyperCommand):
    """A command whose options are listed under the headings that they were given."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments first, then options by heading; `--db` may stand behind every command."""
        database = ("Options", ("--db PATH|URL", "The database, if not the default one."))
        _write(formatter, [*_options(self, ctx), database])


class Group(TyperGroup):
    """A group whose commands are listed under the headings that they were given."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options of the group, then its commands by heading."""
        _write(formatter, _options(self, ctx))
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands by heading, each with the first line of its help."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        _write(
            formatter,
            (
                (getattr(command, "rich_help_panel", None) or "Commands", (name, command.get_short_help_str(_WHOLE)))
                for name, command in commands
                if command is not None and not command.hidden
            ),
        )


class App(typer.Typer):
    """A Typer whose commands have help in groups."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"cls": Group, "rich_markup_mode": None, **settings})

    def command(self, name: str | None = None, **settings: Any) -> Callable[[_Function], _Function]:
        """As Typer's, with the class that groups options."""
        return super().command(name, **{"cls": Command, **settings})


def _options(command: Any, ctx: Any) -> Iterable[tuple[str, tuple[str, str]]]:
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            is_option = parameter.param_type_name == "option"
            default = "Options" if is_option else "Arguments"
            yield getattr(parameter, "rich_help_panel", None) or default, record


def _write(formatter: Any, entries: Iterable[tuple[str, tuple[str, str]]]) -> None:
    """Write each entry under its heading, headings in the order in which they first come."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for heading, entry in entries:
        sections.setdefault(heading, []).append(entry)
    for heading, listed in sections.items():
        with formatter.section(heading):
            formatter.write_dl(listed)
