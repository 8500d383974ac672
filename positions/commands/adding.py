"""What every command of `add` has in common: its options, asking for what is missing, recording, showing.

A command is the fields of its entry, what of them is needed, and a function that makes the entry of what was given.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from positions.commands import asking, opening, options
from positions.commands.asking import Given
from positions.commands.fields import Field
from positions.commands.progress import progress
from positions.vocabulary import Basis, Format

if TYPE_CHECKING:
    from positions.recording.files import Done

_AgainOption = Annotated[bool, typer.Option("--again", help="Record again what was once taken back on purpose.")]
_HOW: dict[str, tuple[Any, Any]] = {
    "dry_run": (options.DryRunOption, False),
    "again": (_AgainOption, False),
    "message": (options.MessageOption, None),
    "format": (options.FormatOption, Format.TABLE),
}
"""How an entry is recorded: the options that every command of `add` has, with their defaults."""

_Shape = Callable[[Given], Given]


def adds(
    app: typer.Typer, section: str, known: Mapping[str, Field], needs: Sequence[str]
) -> Callable[[_Shape], _Shape]:
    """Make a command of `app` from the function that turns what was given into an entry of `section`.

    `known` are its options; `needs` must be given, and a terminal is asked for them in their order.
    """

    def decorate(shape: _Shape) -> _Shape:
        def command(ctx: typer.Context, format: Format, message: str | None, **values: Any) -> None:
            how = {name: values.pop(name) for name in ("dry_run", "again")}
            given = {name: value for name, value in values.items() if value not in (None, [], False)}
            options.require_text(message)
            asking.require_dates(section, given)
            asking.fill(ctx, section, given, known, lambda: _lacking(given, needs))
            done = _record(ctx, section, shape(given), message=message, **how)
            _show(done, format, dry_run=how["dry_run"])

        command.__doc__ = shape.__doc__
        command.__signature__ = _signature(known, " or ".join(needs).split(" or "))  # type: ignore[attr-defined]
        command.__annotations__ = {
            name: one.annotation
            for name, one in command.__signature__.parameters.items()  # type: ignore[attr-defined]
        }
        app.command(shape.__name__)(command)
        return shape

    return decorate


def _is_stated(given: Given) -> bool:
    """Whether the words are quoted from the mouth of somebody named: what makes a basis `stated`."""
    return "speaker" in given and "quote" in given


def _lacking(given: Given, needs: Sequence[str]) -> list[str]:
    return [need for need in asking.lacking(given, needs) if need != "basis" or not _is_stated(given)]


def with_basis(given: Given) -> Given:
    """What was given, with the basis that words have which are quoted from a named mouth."""
    return {"basis": Basis.STATED, **given} if _is_stated(given) else given


def _signature(known: Mapping[str, Field], needed: Sequence[str]) -> inspect.Signature:
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    first = sorted(known, key=lambda name: needed.index(name) if name in needed else len(needed))
    own = [known[name].parameter(name, needed=name in needed) for name in first]
    keyword = inspect.Parameter.KEYWORD_ONLY
    how = [inspect.Parameter(name, keyword, default=value, annotation=kind) for name, (kind, value) in _HOW.items()]
    return inspect.Signature([context, *own, *how])


def _record(ctx: typer.Context, section: str, entry: Given, **how: Any) -> "Done":
    from positions import database
    from positions.recording import additions

    with database.recording(opening.db(ctx)) as connection, progress("Recording"):
        if section == additions.EPISODE:
            return additions.add(connection, additions.new_episode(connection, entry), **how)
        rest = {name: value for name, value in entry.items() if name != "episode"}
        return additions.add(connection, additions.addition(connection, entry["episode"], section, rest), **how)


def _show(done: "Done", form: Format, *, dry_run: bool) -> None:
    from positions.rendering import plan, show

    show.show("record", [plan.as_object(*done)], form, lambda: plan.page([done], dry_run=dry_run))
