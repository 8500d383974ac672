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

_ACTOR = "state, alliance or organisation"
_NOUNS = {"speaker": "person who speaks for them", "reported_by": "actor"}
"""What the options that take the id of an actor name, if not `_ACTOR`."""

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
    """A step that needs one of the options `names`, wherever `applies` is true of the values so far."""
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
    named = {word for path, message in problems for word in (*re.split(r"[.\[]", path), *_QUOTED_NAME.findall(message))}
    names = [name for name in form.fields if name in named or (name == "stance" and "stances" in named)]
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


def _kind(field: Any) -> str | None:
    """The kind of id that the option `field` takes; None if it takes other text."""
    kind = (field.metavar or "").partition("=")[0].lower()
    return kind if kind in {"actor", "side", "item", "topic", "episode"} else None


class _Form:
    """Prompts for the options of one command; answers are stored in `given`."""

    def __init__(self, ctx: Any, section: str, given: Given) -> None:
        self._ctx = ctx
        self._section = section
        self._given = given
        self.fields = {
            field.name: field for field in ctx.command.params if field.param_type_name == "option" and not field.is_flag
        }

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
        current = self._given.pop(name, None) or ""
        default = " ".join(current) if isinstance(current, list) else str(current)
        _show_known(field, known)
        label = f"{name} ({field.metavar})" if "=" in (field.metavar or "") else name
        entering = [f"Enter: {default or 'none'}"] if default or optional else []
        clearing = [f"{_CLEAR}: none"] if default and optional else []
        hint = f" ({'; '.join(entering + clearing)})" if entering else ""
        answer = typer.prompt(
            f"{label}: {field.help}{hint}\n>",
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

    def _answer(self, field: Any, text: str, known: _Groups, *, optional: bool) -> Any:
        """Parse and check an answer; None if the option stays empty."""
        if optional and text.strip() in {"", _CLEAR}:
            return None
        value = text.replace(",", " ").split() if field.multiple else text.strip()
        self._check(field, value, known)
        return value

    def _check(self, field: Any, value: Any, known: _Groups) -> None:
        """Check one value by the rules that recording applies.

        Raises:
            typer.BadParameter: `value` is invalid.
        """
        from positions.episode_file.messages import close
        from positions.recording.additions import problem

        kind, ids = _kind(field), [name for group in known.values() for name in group]
        for name in stances(value) if field.name == "stance" else value if field.multiple else [value]:
            if kind not in {None, _MAY_BE_NEW} and name not in ids:
                noun = _NOUNS.get(field.name, _ACTOR) if kind == "actor" else kind
                raise typer.BadParameter(f"no {noun} has the id {name!r}{close(name, ids)}")
        if message := problem(self._section, field.name, value):
            raise typer.BadParameter(message)

    def _known(self, field: Any) -> _Groups:
        """The ids that are valid answers: actors by side, items by topic, others ungrouped."""
        from positions.queries import ids

        kind = _kind(field)
        if kind is None:
            return {}
        with context.reading(self._ctx) as connection:
            if kind == "actor":
                return _actors(connection, field.name, self._given)
            if kind != "item":
                return {"": ids.listed(connection, kind)}
            packages = {"packages": ids.listed(connection, "package")} if field.name == "answers" else {}
            return {**ids.by_topic(connection), **packages}


def _actors(connection: "Connection", name: str, given: Given) -> _Groups:
    """The ids of actors that are valid for the option `name`, by side."""
    from positions.moment import Moment
    from positions.queries import actors

    found: dict[str, list[str]] = {}
    for actor in actors.actors(connection, Moment()):
        is_person = actor.kind == ActorKind.PERSON
        if name == "speaker":
            fits = is_person and actor.speaks_for in given.get("by", ())
        else:
            fits = name == "reported_by" or not is_person
        if fits:
            found.setdefault(actor.side or "no side", []).append(actor.id)
    return found


def _show_known(field: Any, known: _Groups) -> None:
    """Show possible answers: the choices, or some of the known ids."""
    if choices := getattr(field.type, "choices", ()):
        tell(f"  {', '.join(choices)}")
    for name, group in list(known.items())[:_MOST_GROUPS]:
        few = f"{', '.join(group[:_MOST_IN_GROUP])}{', …' if len(group) > _MOST_IN_GROUP else ''}"
        tell(f"  {name}: {few}" if name else f"  {few}")
    if len(known) > _MOST_GROUPS:
        tell(f"  … and {len(known) - _MOST_GROUPS} more topics; `positions matrix` lists all items")
