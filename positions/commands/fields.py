"""The fields of entries as options of `add`: each is declared once, and asked for in the same words."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import typer

from positions.commands import complete
from positions.vocabulary import ActorKind, Basis, EpisodeKind, OutcomeKind, Reading

_COMPLETED: Mapping[str, Callable[[Any, str], list[str]]] = MappingProxyType(
    {
        "actor": complete.actors,
        "side": complete.sides,
        "item": complete.items,
        "topic": complete.topics,
        "episode": complete.episodes,
    }
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what it says, in a few words, and what can stand in it."""

    help: str
    metavar: str | None = None
    type: Any = str
    many: bool = False
    ids: str | None = None
    """The kind of id that it takes (a topic may also be new)."""
    also: tuple[str, ...] = ()
    """Other names of its option."""

    @property
    def choices(self) -> list[str]:
        """What can stand in it, if that is a closed list."""
        return list(self.type) if isinstance(self.type, type) and issubclass(self.type, StrEnum) else []

    def parameter(self, name: str, *, needed: bool) -> inspect.Parameter:
        """The option `name` of a command."""
        given: Any = typer.Option(
            None,
            option(name),
            *self.also,
            metavar=self.metavar or (self.ids.upper() if self.ids else None),
            help=self.help,
            autocompletion=None if self.ids is None else _COMPLETED[self.ids],
            rich_help_panel="Needed" if needed else "If the source says so",
        )
        kind = list[str] | None if self.many else self.type | None
        return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=given, annotation=kind)


def option(name: str) -> str:
    """How the field `name` is written on the command line."""
    return f"--{name.replace('_', '-')}"


def _actor(help: str) -> Field:
    return Field(help, ids="actor")


def _actors(help: str) -> Field:
    return Field(help, ids="actor", many=True)


def _items(help: str) -> Field:
    return Field(help, ids="item", many=True)


_SPAN = "DATE"
_TEXT = "TEXT"
_IN = Field("The source that says so.", ids="episode")
_ID = Field("Its id: small letters, digits and hyphens.", metavar="ID")
_SOURCED = {
    "quote": Field("The words, to the letter, 30 at most.", metavar=_TEXT),
    "summary": Field("The same in your own words.", metavar=_TEXT),
    "basis": Field("How we have it.", type=Basis),
    "speaker": _actor("The person into whose mouth the source puts the words."),
    "reported_by": _actor("Through whom we have it."),
    "url": Field("Address, where it differs from the episode's.", metavar="URL"),
}

EPISODE: Mapping[str, Field] = {
    "id": _ID,
    "kind": Field("What the source is.", type=EpisodeKind),
    "title": Field("Its title.", metavar=_TEXT),
    "published": Field("The day from which the public could know it.", metavar=_SPAN),
    "url": Field("Address of the text that was read.", metavar="URL"),
    "author": Field("Who wrote it.", metavar=_TEXT),
    "publisher": Field("Who published it.", metavar=_TEXT),
    "language": Field("Language of the text that was read, like en.", metavar="TAG"),
    "read": Field("Whether the whole source was read.", type=Reading),
    "missing": Field("What was not read, if it was read in part.", metavar=_TEXT),
    "summary": Field("What it is about, in your own words.", metavar=_TEXT),
}
ACTOR: Mapping[str, Field] = {
    "episode": _IN,
    "id": _ID,
    "kind": Field("What the actor is.", type=ActorKind),
    "name": Field("Name that people read.", metavar=_TEXT),
    "side": Field("Side it is on; none for third parties and for persons.", ids="side"),
    "speaks_for": _actor("For a person: the actor."),
    "role": Field("For a person: the office.", metavar=_TEXT),
}
ITEM: Mapping[str, Field] = {
    "episode": _IN,
    "id": _ID,
    "by": _actors("Who makes it; may be repeated."),
    "side": Field("Whose side's it is, if the source names no maker.", ids="side"),
    "to": _actors("To whom it is put; may be repeated."),
    "topic": Field("The matter that it is about.", ids="topic"),
    "title": Field("What is asked or offered, in few words.", metavar=_TEXT),
    "made": Field("When it was put on the table; ../DATE: on that day at the latest.", metavar=_SPAN),
    "said": Field("When the sentence was said that defines it here, if not then.", metavar=_SPAN),
    **_SOURCED,
    "text": Field("What is asked or offered, at length, in your own words.", metavar=_TEXT),
    "affects": _actors("Another whom it touches; may be repeated."),
    "answers": _items("An item or a package that it answers; may be repeated."),
    "alternative_to": _items("An item that it could replace; may be repeated."),
    "part_of": _items("An item that it is a part of; may be repeated."),
}
RESPONSE: Mapping[str, Field] = {
    "episode": _IN,
    "by": _actors("Who says it; may be repeated."),
    "said": Field("When.", metavar=_SPAN),
    "stance": Field(
        "Where it puts them on an item: non-starter, negotiable or open; may be repeated.",
        metavar="ITEM=STANCE",
        ids="item",
        many=True,
    ),
    "repeats": _items("An item of their own on which they insist; may be repeated."),
    "about": _items("An item that is taken up without a stance; may be repeated."),
    **_SOURCED,
    "wording": Field("The literal label used; with one --stance.", metavar=_TEXT),
    "condition": Field("Terms on which they would negotiate; with one --stance.", metavar=_TEXT),
    "venue": Field("Where.", metavar=_TEXT),
    "id": Field("Its id; without one it is called after speaker and day.", metavar="ID"),
}
OUTCOME: Mapping[str, Field] = {
    "episode": _IN,
    "items": Field("What it is that came to this; may be repeated.", ids="item", many=True, also=("--item",)),
    "outcome": Field("What became of it.", type=OutcomeKind),
    "on": Field("When.", metavar=_SPAN),
    "by": _actors("Who brought it about; may be repeated."),
    "in_part": Field("Only a part of each item.", type=bool),
    "superseded_by": Field("The item that took its place, if the source names one.", ids="item"),
    **_SOURCED,
    "id": Field("Its id; without one it is called after the outcome and the first item.", metavar="ID"),
}
