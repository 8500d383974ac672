"""What an episode file can hold, as pydantic models: one class an entry.

The models say which fields there are and what may stand in each; what must hold between fields stands in `rules`.
The JSON Schema that editors read is made from these classes.
"""

from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)

from positions.episode_file.fields import (
    STORED,
    Days,
    Language,
    MadeDays,
    PublishedDays,
    Quote,
    Sha256,
    Slug,
    Slugs,
    Text,
    Url,
    by_name,
    nothing_for_none,
)
from positions.vocabulary import (
    SLUG,
    SLUG_LENGTH,
    ActorKind,
    Basis,
    EntryKind,
    EpisodeKind,
    MentionKind,
    OutcomeKind,
    Reading,
    Scope,
    StanceKind,
    Translation,
)


class Entry(BaseModel):
    """One entry of an episode file. Two entries are equal when they say the same."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    what: ClassVar[EntryKind]
    id: Slug
    """Id that people type."""
    _order: int | None = PrivateAttr(default=None)

    @property
    def order(self) -> int | None:
        """The place of a statement among those of its source; None if it is no statement or not yet placed.

        No field of the file, where the place itself says it; but two entries differ if their orders do.
        """
        return self._order

    def ordered(self, order: int | None) -> Self:
        """The same entry at this place."""
        copy = self.model_copy()
        copy._order = order  # noqa: SLF001 (its own kind)
        return copy

    def content(self) -> dict[str, Any]:
        """What the file says, in plain values; fields that are not given are left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


AnyEntry = TypeVar("AnyEntry", bound=Entry)


class EpisodeEntry(Entry):
    """The source itself."""

    what = EntryKind.EPISODE
    kind: EpisodeKind
    """What the source is."""
    title: Text
    """Its title."""
    published: PublishedDays
    """The day from which the public could know it; of an undated source the days, and it counts from the last."""
    url: Url | None = None
    """Address of the text that was read."""
    author: Text | None = None
    """Who wrote it."""
    publisher: Text | None = None
    """Who published it."""
    language: Language | None = None
    """Language of the text that was read."""
    translation: Translation | None = None
    """Who translated the text that was read; null for an original."""
    read: Reading = Reading.WHOLE
    """Whether the whole source was read."""
    missing: Text | None = None
    """What was not read, if it was read in part."""
    summary: Text | None = None
    """What it is about, in your own words."""
    text_sha256: Sha256 | None = None
    """SHA-256 of the text that was coded."""


class SideEntry(Entry):
    """One of the parties at the table."""

    what = EntryKind.SIDE
    name: Text
    """Name that people read."""


class ActorEntry(Entry):
    """A state, an alliance, an organisation or a person."""

    what = EntryKind.ACTOR
    kind: ActorKind
    """What the actor is."""
    name: Text
    """Name that people read."""
    side: Slug | None = None
    """Side it is on; none for third parties, and for persons, who share the side of whom they speak for."""
    speaks_for: Slug | None = None
    """For a person: the actor."""
    role: Text | None = None
    """For a person: the office."""


class _Sourced(Entry):
    """What every sourced entry can say about where it comes from."""

    speaker: Slug | None = None
    """The person into whose mouth the source puts the words."""
    reported_by: Slug | None = None
    """Through whom we have it."""
    quote: Quote | None = None
    """The words, to the letter."""
    summary: Text | None = None
    """The same in your own words."""
    url: Url | None = None
    """Address, where it differs from the episode's."""


class _Translated(_Sourced):
    language: Language | None = None
    """Language, where it differs from the episode's."""
    translation: Translation | None = None
    """Translation, where it differs from the episode's."""


class PackageEntry(_Sourced):
    """Items that their maker says stand or fall together."""

    what = EntryKind.PACKAGE
    by: Slugs
    """Who says so."""
    said: Days
    """When."""
    title: Text
    """What people read."""
    basis: Basis | None = None
    """How we have it."""
    items: Slugs = ()
    """The items."""
    core: Slugs = ()
    """Those that the maker calls the core."""
    core_quote: Quote | None = None
    """The words that do."""


class Provision(BaseModel):
    """Where a draft puts an item into words."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    document: Slug
    """The draft, an episode."""
    article: Annotated[Text, WithJsonSchema({"type": ["string", "integer"]})]
    """Article and paragraph."""


def _sorted(provisions: tuple[Provision, ...]) -> tuple[Provision, ...]:
    return tuple(sorted(set(provisions), key=lambda one: (one.document, one.article)))


class _Ties(BaseModel):
    """What ties an item to actors, drafts and other items."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    by: Slugs = ()
    """Its makers."""
    to: Slugs = ()
    """Its addressees."""
    affects: Slugs = ()
    """Others whom it touches."""
    provisions: Annotated[tuple[Provision, ...], AfterValidator(_sorted)] = ()
    """Where drafts put it into words."""
    answers: Slugs = ()
    """Items or packages that it answers."""
    alternative_to: Slugs = ()
    """Items that it could replace."""
    part_of: Slugs = ()
    """Items that it is a part of."""


class ItemEntry(_Ties, _Translated):
    """A thing on the table."""

    side: Slug | None = None
    """Whose side's it is, if the source names no maker."""
    topic: Slug
    """The matter that it is about."""
    title: Text
    """What is asked or offered, in few words; scopes are measured against it."""
    text: Text | None = None
    """The same at length, in your own words."""
    made: MadeDays
    """When it was put on the table; `../DATE`: on that day at the latest."""
    said: Days | None = None
    """When the sentence was said that defines it here, if not then."""
    basis: Basis
    """How we have it."""


class DemandEntry(ItemEntry):
    """Asks others to act or to refrain."""

    what = EntryKind.DEMAND


class OfferEntry(ItemEntry):
    """Says what its maker is ready to do or to discuss."""

    what = EntryKind.OFFER


class ExtensionEntry(_Ties, Entry):
    """What this source adds to an item or a package that another episode owns."""

    what = EntryKind.EXTENSION
    items: Slugs = ()
    """For a package: further items."""
    core: Slugs = ()
    """For a package: those of them that are core."""


class Detail(BaseModel):
    """What a response says of one item."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    wording: Text | None = None
    """The literal label used."""
    quote: Quote | None = None
    """Words of its own; without it, those of the response."""


class StanceDetail(Detail):
    """Where the response puts its actors on an item."""

    stance: StanceKind
    """Non-starter, negotiable or open."""
    condition: Text | None = None
    """Terms on which they would negotiate."""
    basis: Basis | None = None
    """How we have it, where it differs from the response."""


class Mentioned(Detail):
    """An item that a response takes up without a stance on it."""

    kind: ClassVar[MentionKind]


class Repetition(Mentioned):
    """A maker insists on its own item."""

    kind = MentionKind.REPEATS
    scope: Scope = Scope.SAME
    """How it compares with the item's title."""


class Treatment(Mentioned):
    """The response takes the item up without a stance."""

    kind = MentionKind.ABOUT


def _in_short(value: Any) -> Any:
    return {"stance": value} if isinstance(value, str) else value


_Stance = Annotated[StanceDetail, BeforeValidator(_in_short, json_schema_input_type=StanceKind | StanceDetail)]


class ResponseEntry(_Translated):
    """What an actor, or several together, said on a day."""

    what = EntryKind.RESPONSE
    by: Slugs
    """Who."""
    said: Days
    """When."""
    venue: Text | None = None
    """Where."""
    basis: Basis
    """How we have it."""
    stances: Annotated[
        dict[Slug, _Stance],
        BeforeValidator(nothing_for_none, json_schema_input_type=dict[Slug, StanceKind | StanceDetail]),
    ] = Field(default_factory=dict)
    """By item: where it puts them."""
    repeats: Annotated[
        dict[Slug, Repetition],
        BeforeValidator(by_name, json_schema_input_type=dict[Slug, Repetition | None] | list[Slug] | Slug),
    ] = Field(default_factory=dict)
    """By own item: how they insist on it."""
    about: Annotated[
        dict[Slug, Treatment],
        BeforeValidator(by_name, json_schema_input_type=dict[Slug, Treatment | None] | list[Slug] | Slug),
    ] = Field(default_factory=dict)
    """By item: how it is taken up without a stance."""


def _without_id(schema: dict[str, Any]) -> None:
    schema["required"].remove("id")


class OutcomeEntry(_Translated):
    """What became of items on a day. Without an id it is called after its outcome and its first item."""

    model_config = ConfigDict(json_schema_extra=_without_id)
    what = EntryKind.OUTCOME
    items: Slugs
    """The items."""
    outcome: OutcomeKind
    """Agreed, met, withdrawn or superseded."""
    superseded_by: Slug | None = None
    """The item that took their place, if the source names one."""
    on: Days
    """When."""
    by: Slugs = ()
    """Who brought it about."""
    in_part: bool = False
    """Whether only a part of each item."""
    basis: Basis | None = None
    """How we have it."""

    @model_validator(mode="before")
    @classmethod
    def _name(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "id" in value:
            return value
        items = value.get("items")
        first = items if isinstance(items, str) else next(iter(items or ()), None)
        name = f"{value.get('outcome')}-{first}"[:SLUG_LENGTH].rstrip("-")
        return {"id": name if SLUG.fullmatch(name) else "outcome", **value}


class EpisodeFile(BaseModel):
    """An episode file: one source, and what is recorded from it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    format: Literal["1"] = Field(json_schema_extra={"const": 1, "type": "integer"})
    """The version of this format."""
    episode: EpisodeEntry
    """The source."""
    sides: tuple[SideEntry, ...] = ()
    """Parties that this file introduces."""
    actors: tuple[ActorEntry, ...] = ()
    """Actors that this file introduces."""
    packages: tuple[PackageEntry, ...] = ()
    """Packages that the source states."""
    demands: tuple[DemandEntry, ...] = ()
    """Demands that the source is the first to show."""
    offers: tuple[OfferEntry, ...] = ()
    """Offers that the source is the first to show."""
    extends: tuple[ExtensionEntry, ...] = ()
    """What it adds to items and packages of other episodes."""
    responses: tuple[ResponseEntry, ...] = ()
    """Who said what about them."""
    outcomes: tuple[OutcomeEntry, ...] = ()
    """What became of them."""

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty_headings(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: part for name, part in value.items() if part is not None or name in {"format", "episode"}}


SECTIONS: dict[str, type[Entry]] = {
    "sides": SideEntry,
    "actors": ActorEntry,
    "packages": PackageEntry,
    "demands": DemandEntry,
    "offers": OfferEntry,
    "extends": ExtensionEntry,
    "responses": ResponseEntry,
    "outcomes": OutcomeEntry,
}
"""The lists of a file, in their order, and what stands in each."""

ENTRIES: dict[EntryKind, type[Entry]] = {
    EntryKind.EPISODE: EpisodeEntry,
    **{kind.what: kind for kind in SECTIONS.values()},
}
"""The class of each kind of entry."""


def read_stored(kind: type[AnyEntry], values: dict[str, Any]) -> AnyEntry:
    """The entry that was recorded with the plain `values`, whatever rules for new entries came since.

    So that it can be read for ever, no field of the format is ever taken away or becomes required.

    Raises:
        ValidationError: it has no form of an entry, as after a change by another program.
    """
    return kind.model_validate(values, context={STORED: True})


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an episode file, for editors."""
    schema = EpisodeFile.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
