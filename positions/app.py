"""The command-line application: global options, all commands, and the one place where errors become messages."""

from typing import Annotated, Any

import typer

from positions import __version__
from positions.commands import ask, code, console, context, database, options, record, share
from positions.commands.console import App, Group, lazy_group
from positions.errors import PositionsError

_INSTEAD = {
    "compare": "`positions diff R1 R2`, or `positions outlook --since DATE`",
    "delete": "`positions retract EPISODE/RESPONSE`, or `positions undo REVISION`",
    "edit": "`positions dump EPISODE`, and `positions record` with the changed file",
    "list": "`positions demands`, `positions offers`, `positions actors` or `positions episodes`",
    "people": "`positions actors`",
    "red-lines": "`positions nonstarters`",
    "redlines": "`positions nonstarters`",
    "show": "`positions item ITEM`, `positions episode EPISODE` or `positions log -p`",
    "sources": "`positions episodes`",
    "stances": "`positions matrix`, or `positions history`",
    "timeline": "`positions history`, or `positions movements`",
}
"""Commands that people try although they do not exist, with what to use instead."""


class _Positions(Group):
    """Accepts global options before or after the command; prints errors that the user can fix without a traceback."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Move the global options to the front; arguments after `--` stay. `help COMMAND` is `COMMAND --help`."""
        if args[:1] == ["help"]:
            args = [*args[1:], "--help"]
        # Click accepts the options of a group only before the command.
        end = args.index("--") if "--" in args else len(args)
        front: list[str] = []
        rest: list[str] = []
        words = iter(args[:end])
        for word in words:
            if word == "--db":
                front += [word, *(value for value in [next(words, None)] if value is not None)]
            elif word.startswith("--db=") or word == "--no-pager":
                front.append(word)
            else:
                rest.append(word)
        if front[-1:] == ["--db"] and not ctx.resilient_parsing:
            raise typer.BadParameter("needs a value", ctx=ctx, param_hint="--db")
        return list(super().parse_args(ctx, front + rest + args[end:]))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command named by the first of `args`.

        Raises:
            UsageError: no such command; the message names what to use instead, if that is known.
        """
        if args[0] in _INSTEAD and not ctx.resilient_parsing:
            ctx.fail(f"No such command {args[0]!r}. Try {_INSTEAD[args[0]]}.")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; print a known error, or that the database is damaged, and exit with code 1."""
        try:
            return super().invoke(ctx)
        except PositionsError as error:
            typer.echo(error.shown(), err=True)
            raise typer.Exit(1) from error
        except Exception as error:
            is_typers_own = hasattr(error, "exit_code") or isinstance(error, typer.Abort)
            # Invalid stored values can break any code that reads them, so look for damage after any other error.
            damage = None if is_typers_own or isinstance(error, OSError) else context.damage(ctx)
            if damage is None:
                raise
            typer.echo(damage.shown(), err=True)
            raise typer.Exit(1) from error


_ADD = """Add one entry to an episode without writing a file.

On a terminal, it prompts for missing values, shows the plan, and asks for confirmation.

Example: positions add response --help
"""


app = App(
    cls=_Positions,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (ask, record, code, share, database):
    app.add_typer(group.app)
_add = App(cls=lazy_group("positions.commands.add"), no_args_is_help=True, help=_ADD)
app.add_typer(_add, name="add", rich_help_panel=options.RECORD)


def _version(requested: bool) -> None:
    if requested:
        typer.echo(f"positions {__version__}")
        raise typer.Exit


@app.callback()
def positions(
    ctx: typer.Context,
    db: Annotated[
        str | None, typer.Option("--db", envvar="POSITIONS_DB", metavar="PATH|URL", help="The database.")
    ] = None,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Print at once what is longer than the screen.")] = False,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Follow a negotiation: who demands what, who refuses it, in which words, since when, according to which source.

    Example: positions demands --side russia
    """
    if db is not None and not db.strip():
        raise typer.BadParameter("is empty", param_hint="--db")
    ctx.obj = db
    if no_pager:
        console.use_no_pager(ctx)
