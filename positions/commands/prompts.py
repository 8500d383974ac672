"""Prompting on a terminal for options that a command still needs; without a terminal, a missing option is an error.

The help of the option is the text of the prompt, and each answer is checked at once.
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from positions.commands import context
from positions.commands.console import tell
from positions.vocabulary import ActorKind, StanceKind

if TYPE_CHECKING:
    from sqlalchemy import Connection

Given = dict[str, Any]
"""The values of options that were given, by name."""

_MAY_BE_NEW = "topic"
"""The only kind of id that may be new."""

_CLEAR = "-"  # typed to remove a value
_MOST_GROUPS, _MOST_IN_GROUP = 8, 4
_Groups = Mapping[str, Sequence[str]]
"""Ids by side or topic; under an empty key if they are not grouped."""

_QUOTED_NAME = re.compile(r"`(\w+)`")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to prompt for: the options `names` are offered in turn until one is answered.

    An optional step may stay unanswered; it alone causes no prompting. `applies` tells whether the step makes sense,
    given the values so far.
    """

    names: tuple[str, ...]
    optional: bool = False
    applies: Callable[[Given], bool] = lambda _: True

    def is_done(self, given: Given) -> bool:
        """Whether there is nothing to prompt for: one of the options was given, or the step does not apply."""
        return any(name in given for name in self.names) or not self.applies(given)


def needs(*names: str, applies: Callable[[Given], bool] = lambda _: True) -> Step:
    """A required step: one of the options `names`."""
    return Step(names, applies=applies)


def maybe(name: str, applies: Callable[[Given], bool] = lambda _: True) -> Step:
    """An optional step."""
    return Step((name,), optional=True, applies=applies)


def option(name: str) -> str:
    """The option `name` as written on the command line."""
    return f"--{name.replace('_', '-')}"


def fill(ctx: Any, section: str, given: Given, steps: Sequence[Step]) -> bool:
    """Prompt for the `steps` that `given` lacks, in their order. Returns whether anything was prompted for.

    Values are checked by the rules for the `section` of an episode file.

    Raises:
        UsageError: a required option is missing and there is no terminal; the message names all that are missing.
    """
    missing = [step for step in steps if not step.optional and not step.is_done(given)]
    if not missing:
        return False
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        ctx.fail(f"missing {', '.join(' or '.join(map(option, step.names)) for step in missing)}")
    form = _Form(ctx, section, given)
    form.check_given()
    for step in steps:
        if not step.is_done(given):
            form.ask(step)
    return True


def ask_again(ctx: Any, section: str, given: Given, problems: Iterable[tuple[str, str]]) -> bool:
    """Prompt again for the options that `problems` are about: pairs of a path in the entry and a message.

    The values given before are the defaults. Returns False, without a prompt, if no option is concerned.
    """
    form = _Form(ctx, section, given)
    concerned = {name for path, message in problems for name in _named(path, message)}
    names = [name for name in form.fields if name in concerned]
    for name in names:
        form.ask_for(name, optional=True)
    return bool(names)


def stances(texts: Sequence[str]) -> dict[str, StanceKind]:
    """Parse texts like `ITEM=STANCE` to the stance on each item.

    Raises:
        typer.BadParameter: a text is malformed, or an item is named twice.
    """
    from positions.episode_file.messages import close

    found: dict[str, StanceKind] = {}
    for text in texts:
        item, _, kind = text.partition("=")
        if not item or kind not in set(StanceKind):
            near = close(kind, list(StanceKind)) if item else ""
            message = f"{text!r} is not ITEM=STANCE, where STANCE is one of {', '.join(StanceKind)}{near}"
            raise typer.BadParameter(message, param_hint="--stance")
        if item in found:
            raise typer.BadParameter(f"names {item} twice", param_hint="--stance")
        found[item] = StanceKind(kind)
    return found


def is_stated(given: Given) -> bool:
    """Whether speaker and quotation are given, which implies the basis `stated`."""
    return "speaker" in given and "quote" in given


def _named(path: str, message: str) -> Iterable[str]:
    """The options that a problem may be about: the parts of its path, and the fields named in its message."""
    for part in (*re.split(r"[.\[]", path), *_QUOTED_NAME.findall(message)):
        yield "stance" if part == "stances" else part


@dataclass(frozen=True, slots=True)
class _Field:
    """An option of the command, as needed to prompt for it."""

    name: str
    help: str
    metavar: str
    many: bool
    choices: tuple[str, ...]

    @property
    def kind(self) -> str | None:
        """The kind of id that the option takes; None if it takes other text."""
        kind = self.metavar.partition("=")[0].lower()
        return kind if kind in {"actor", "side", "item", "topic", "episode"} else None

    @property
    def noun(self) -> str:
        """The kind of thing that the option names, for error messages."""
        if self.kind != "actor" or self.name == "reported_by":
            return str(self.kind)
        return "person who speaks for them" if self.name == "speaker" else "state, alliance or organisation"

    @property
    def label(self) -> str:
        """The start of the prompt: the name, and the syntax of the answer if it has one."""
        return f"{self.name} ({self.metavar})" if "=" in self.metavar else self.name


class _Form:
    """Prompts for the options of one command; answers are stored in `given`."""

    def __init__(self, ctx: Any, section: str, given: Given) -> None:
        self._ctx = ctx
        self._section = section
        self._given = given
        self.fields = {field.name: field for field in map(_field, ctx.command.params) if field is not None}

    def ask(self, step: Step) -> None:
        """Prompt for the options of `step` until one is answered; unless the step is optional, the last is required."""
        for name in step.names:
            self.ask_for(name, optional=step.optional or name != step.names[-1])
            if name in self._given:
                return

    def ask_for(self, name: str, *, optional: bool) -> None:
        """Prompt for the option `name`, with its current value as the default; skip `speaker` if nobody can be one."""
        field = self.fields[name]
        known = self._known(field)
        if name == "speaker" and not known and name not in self._given:
            return
        default = _text(self._given.pop(name, None))
        _show_known(field, known)
        answer = typer.prompt(
            f"{field.label}: {field.help}{_hint(default, optional=optional)}\n>",
            prompt_suffix=" ",
            default=default or ("" if optional else None),
            show_default=False,
            value_proc=lambda text: self._answer(field, text, known, optional=optional),
            err=True,
        )
        if answer is not None:
            self._given[name] = answer

    def check_given(self) -> None:
        """Prompt again for invalid values, before any other prompt."""
        for name in [name for name in self._given if name in self.fields]:
            field = self.fields[name]
            try:
                self._check(field, self._given[name], self._known(field))
            except typer.BadParameter as error:
                tell(f"{option(name)}: {error.message}")
                self.ask_for(name, optional=True)

    def _answer(self, field: _Field, text: str, known: _Groups, *, optional: bool) -> Any:
        """Parse and check an answer; None if the option stays empty."""
        if optional and text.strip() in {"", _CLEAR}:
            return None
        value = text.replace(",", " ").split() if field.many else text.strip()
        self._check(field, value, known)
        return value

    def _check(self, field: _Field, value: Any, known: _Groups) -> None:
        """Check one value by the rules that recording applies.

        Raises:
            typer.BadParameter: `value` is invalid.
        """
        from positions.episode_file.messages import close
        from positions.recording.additions import problem

        ids = [name for group in known.values() for name in group]
        for name in stances(value) if field.name == "stance" else value if field.many else [value]:
            if field.kind not in {None, _MAY_BE_NEW} and name not in ids:
                raise typer.BadParameter(f"no {field.noun} has the id {name!r}{close(name, ids)}")
        if message := problem(self._section, field.name, value):
            raise typer.BadParameter(message)

    def _known(self, field: _Field) -> _Groups:
        """The ids that are valid answers, by side or topic."""
        if field.kind is None:
            return {}
        with context.reading(self._ctx) as connection:
            if field.kind == "actor":
                return _actors(connection, field.name, self._given)
            return _listed(connection, field)


def _actors(connection: "Connection", name: str, given: Given) -> _Groups:
    """The ids of actors that are valid for the option `name`, by side."""
    from positions.queries import actors

    found: dict[str, list[str]] = {}
    for actor in actors.actors(connection, context.moment(connection, None, None, None)):
        is_person = actor.kind == ActorKind.PERSON
        if name == "speaker":
            fits = is_person and actor.speaks_for in given.get("by", ())
        else:
            fits = name == "reported_by" or not is_person
        if fits:
            found.setdefault(actor.side or "no side", []).append(actor.id)
    return found


def _listed(connection: "Connection", field: _Field) -> _Groups:
    """The ids of the kind that `field` takes: items by topic, others ungrouped."""
    from positions.queries import ids

    if field.kind != "item":
        return {"": ids.listed(connection, str(field.kind))}
    packages = {"packages": ids.listed(connection, "package")} if field.name == "answers" else {}
    return {**ids.by_topic(connection), **packages}


def _field(parameter: Any) -> _Field | None:
    """The parameter as a field to prompt for; None for arguments and flags."""
    if parameter.param_type_name != "option" or parameter.is_flag:
        return None
    return _Field(
        name=parameter.name,
        help=parameter.help or "",
        metavar=parameter.metavar or "",
        many=parameter.multiple,
        choices=tuple(getattr(parameter.type, "choices", ())),
    )


def _text(value: Any) -> str:
    """`value` as it would be typed; empty for None."""
    return " ".join(value) if isinstance(value, list) else str(value or "")


def _hint(default: str, *, optional: bool) -> str:
    if default:
        return f" (Enter: {default}; {_CLEAR}: none)" if optional else f" (Enter: {default})"
    return " (Enter: none)" if optional else ""


def _show_known(field: _Field, known: _Groups) -> None:
    """Show possible answers: the choices, or some of the known ids."""
    if field.choices:
        tell(f"  {', '.join(field.choices)}")
    for name, group in list(known.items())[:_MOST_GROUPS]:
        few = f"{', '.join(group[:_MOST_IN_GROUP])}{', …' if len(group) > _MOST_IN_GROUP else ''}"
        tell(f"  {name}: {few}" if name else f"  {few}")
    if len(known) > _MOST_GROUPS:
        tell(f"  … and {len(known) - _MOST_GROUPS} more topics; `positions matrix` lists all items")
