"""Help with grouped options and commands, hints on usage errors, messages on stderr, and progress bars.

Help is plain text, not drawn by Rich: loading Rich is slow, and help is read in pipes too.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from threading import Timer
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from positions.safe_text import visible

PROGRESS_AFTER = 1.0
"""Seconds of work before a progress bar is shown."""

_Function = TypeVar("_Function", bound=Callable[..., Any])

_OPTIONS_MEANT = ("--item", "--actor", "--side")
"""The options that people mean when they give an id without one."""

_LONGEST_SENTENCE = 400
"""A limit longer than the first sentence of any help text, so that none is cut."""


def tell(text: str) -> None:
    r"""Print `text` on stderr; control characters, as in file names, are written out like `\x1b`."""
    typer.echo(visible(text), err=True)


def use_no_pager(ctx: Any) -> None:
    """Print answers without a pager until the command of `ctx` ends."""
    from positions.rendering import pager

    ctx.with_resource(pager.off())


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with the steps of `what` done and all its steps; on a terminal, slow work shows a bar."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    bar = Progress(*columns, console=Console(stderr=True, highlight=False), transient=True)
    task = bar.add_task(what, total=None)
    timer = Timer(PROGRESS_AFTER, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda done, total: bar.update(task, completed=done, total=total)
    finally:
        timer.cancel()
        timer.join()  # otherwise the bar could start after it was stopped
        if bar.live.is_started:
            bar.stop()


class Command(TyperCommand):
    """A command with options grouped by heading, and usage errors that suggest a correction."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse `args`.

        Raises:
            typer.BadParameter: a value is malformed; the message suggests a similar one.
            UsageError: an argument is missing or unexpected; the message suggests an option for the latter.
        """
        ctx.allow_extra_args = True  # so that we word the error about them ourselves
        try:
            extra = list(super().parse_args(ctx, args))
        except typer.BadParameter as error:
            error.message += _suggestion(error)
            raise
        if extra and not ctx.resilient_parsing:
            ctx.fail(_too_many(extra, self.get_params(ctx)))
        return extra

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments, then options by heading, then the global options, which may follow every command."""
        database = ("Options", ("--db PATH|URL", "The database, if not the default one."))
        pager = ("Options", ("--no-pager", "Print at once what is longer than the screen."))
        _write(formatter, [*_options(self, ctx), database, pager])


class Group(TyperGroup):
    """A group with commands grouped by heading."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options of the group, then its commands by heading, each with the first sentence of its help."""
        _write(formatter, _options(self, ctx))
        entries = []
        for name in self.list_commands(ctx):
            command: Any = self.get_command(ctx, name)
            if not command.hidden:
                heading = getattr(command, "rich_help_panel", None) or "Commands"
                entries.append((heading, (name, command.get_short_help_str(_LONGEST_SENTENCE))))
        _write(formatter, entries)


def lazy_group(module: str) -> type[Group]:
    """A group class with the commands of `module.app`; the module is imported when they are needed."""

    class LazyGroup(Group):
        def list_commands(self, ctx: Any) -> list[str]:
            self._load()
            return super().list_commands(ctx)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            self._load()
            return super().get_command(ctx, cmd_name)

        def _load(self) -> None:
            if not self.commands:
                self.commands = get_group(import_module(module).app).commands

    return LazyGroup


class App(typer.Typer):
    """A Typer application with grouped help."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"cls": Group, "rich_markup_mode": None, **settings})

    def command(self, name: str | None = None, **settings: Any) -> Callable[[_Function], _Function]:
        """As `Typer.command`, with `Command` as the class."""
        return super().command(name, **{"cls": Command, **settings})


def _suggestion(error: Any) -> str:
    """`` Did you mean …?`` if the invalid value resembles one of the option's choices, else an empty text."""
    choices = [str(choice) for choice in getattr(getattr(error.param, "type", None), "choices", ())]
    value = error.message.removeprefix("'").partition("'")[0]
    near = get_close_matches(value, choices, n=1) if choices else []
    return f" Did you mean {near[0]!r}?" if near else ""


def _too_many(extra: list[str], parameters: Iterable[Any]) -> str:
    """The message about the unexpected arguments `extra`, with the options that could take them."""
    word = extra[0] if " " not in extra[0] else repr(extra[0])
    options = {option for parameter in parameters for option in parameter.opts}
    meant = " or ".join(f"{option} {word}" for option in _OPTIONS_MEANT if option in options)
    if "--patch" in options:
        meant = "--patch, which shows what each revision changed"
    hint = f". Did you mean {meant}?" if meant and len(extra) == 1 else ""
    return visible(f"unexpected argument {' '.join(extra)}{hint}")


def _options(command: Any, ctx: Any) -> Iterable[tuple[str, tuple[str, str]]]:
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            is_option = parameter.param_type_name == "option"
            default = "Options" if is_option else "Arguments"
            yield getattr(parameter, "rich_help_panel", None) or default, record


def _write(formatter: Any, entries: Iterable[tuple[str, tuple[str, str]]]) -> None:
    """Write each entry under its heading; headings keep the order of first occurrence."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for heading, entry in entries:
        sections.setdefault(heading, []).append(entry)
    for heading, section in sections.items():
        with formatter.section(heading):
            formatter.write_dl(section)
