"""What a command needs and was not given: asked for on a terminal, an error anywhere else.

A need is the name of a field, or several of which one will do: `by or side`.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import typer

from positions.commands.fields import Field, option
from positions.commands.opening import reading
from positions.commands.words import tell
from positions.vocabulary import StanceKind

Given = dict[str, Any]
"""The values that were given, by field."""

_OR = " or "
_ANY_ID = frozenset({"topic"})
"""Kinds of id that may also be new."""


def fill(
    ctx: typer.Context, section: str, given: Given, fields: Mapping[str, Field], missing: Callable[[], list[str]]
) -> None:
    """Put into `given`, one question after another, what `missing` names, until it names nothing.

    Raises:
        UsageError: there is no terminal to ask on; it names every option that is missing.
    """
    lacking = missing()
    if lacking and not (sys.stdin.isatty() and sys.stdout.isatty()):
        ctx.fail(f"missing {', '.join(_options(need) for need in lacking)}")
    while lacking:
        _answer(ctx, section, given, fields, lacking[0])
        lacking = missing()


def lacking(given: Given, needs: Sequence[str]) -> list[str]:
    """Those of `needs` of which nothing was given."""
    return [need for need in needs if not any(name in given for name in need.split(_OR))]


def require_dates(section: str, given: Given) -> None:
    """Refuse dates that are none.

    Raises:
        typer.BadParameter: one is malformed.
    """
    from positions.recording.additions import fault

    for name in ("published", "made", "said", "on"):
        if name in given and (message := fault(section, name, given[name])):
            raise typer.BadParameter(message, param_hint=option(name))


def stances(texts: Sequence[str]) -> dict[str, StanceKind]:
    """Where a response puts its actors, by item, from `ITEM=STANCE`.

    Raises:
        typer.BadParameter: one is malformed, or an item stands there twice.
    """
    found: dict[str, StanceKind] = {}
    for text in texts:
        item, _, kind = text.partition("=")
        if not item or kind not in set(StanceKind):
            message = f"{text!r} is not ITEM=STANCE, where STANCE is one of {', '.join(StanceKind)}"
            raise typer.BadParameter(message, param_hint="--stance")
        if item in found:
            raise typer.BadParameter(f"{item} stands here twice", param_hint="--stance")
        found[item] = StanceKind(kind)
    return found


def _options(need: str) -> str:
    return _OR.join(option(name) for name in need.split(_OR))


def _answer(ctx: typer.Context, section: str, given: Given, fields: Mapping[str, Field], need: str) -> None:
    """Ask for the first name in `need`; whoever enters nothing is asked for the next."""
    *others, last = need.split(_OR)
    for name in (*others, last):
        value = _asked(ctx, section, name, fields[name], optional=name != last)
        if value:
            given[name] = value
            return


def _asked(ctx: typer.Context, section: str, name: str, field: Field, *, optional: bool) -> Any:
    from positions.queries import ids

    known: Sequence[str] = field.choices
    if field.ids is not None:
        with reading(ctx) as connection:
            known = ids.listed(connection, field.ids)
    if known:
        tell(f"  {', '.join(known)}")

    def checked(text: str) -> Any:
        value = text.replace(",", " ").split() if field.many else text.strip()
        if text.strip():
            _require_fit(section, name, field, value, known)
        return value

    words = f"{field.help} (Enter: none)" if optional else field.help
    return typer.prompt(
        f"{name}: {words}\n>",
        prompt_suffix=" ",
        default="" if optional else None,
        show_default=False,
        value_proc=checked,
        err=True,
    )


def _require_fit(section: str, name: str, field: Field, value: Any, known: Sequence[str]) -> None:
    """Refuse, before the next question, what the record would refuse in the end."""
    from positions.episode_file.messages import close
    from positions.recording.additions import fault

    for one in stances(value) if name == "stance" else value if field.many else [value]:
        if field.ids not in {None, *_ANY_ID} and one not in known:
            raise typer.BadParameter(f"no {field.ids} has the id {one!r}{close(one, known)}")
    if message := fault(section, name, value):
        raise typer.BadParameter(message)
