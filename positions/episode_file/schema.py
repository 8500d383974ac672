"""The format of episode files, as pydantic models: one class for each kind of entry.

The models define the fields and their types; the rules between fields are in `rules`. The JSON Schema for editors is
made from these classes, with their docstrings as descriptions.
"""

from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar, get_args

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
    Label,
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
    empty_for_none,
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


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Entry(_Part):
    """One entry of an episode file. Entries with the same content are equal."""

    what: ClassVar[EntryKind]
    id: Slug
    """Id that people type."""
    _order: int | None = PrivateAttr(default=None)

    @property
    def order(self) -> int | None:
        """The place of a statement in the order of its source; None for other entries, and before it is assigned.

        Not a field, because the order of the file shows it; but entries with different orders are not equal.
        """
        return self._order

    def ordered(self, order: int | None) -> Self:
        """A copy of the entry with this order."""
        copy = self.model_copy()
        copy._order = order  # noqa: SLF001 (of the same class)
        return copy

    def content(self) -> dict[str, Any]:
        """The fields as plain values; fields with their default are left out."""
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
    """The day on which it became public; of an undated source the days, of which the last counts."""
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
    event: Label | None = None
    """If people remember the source as an event: its name in a few words, as it marks a time axis."""


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
    """Side it is on; none for third parties, and for persons, who share the side of the actor they speak for."""
    speaks_for: Slug | None = None
    """For a person: the actor that the person speaks for."""
    role: Text | None = None
    """For a person: the office held."""


class _Sourced(Entry):
    """Fields of all entries that come from a source."""

    speaker: Slug | None = None
    """The person to whom the source attributes the words."""
    reported_by: Slug | None = None
    """The actor or person who reported it."""
    quote: Quote | None = None
    """The literal words."""
    summary: Text | None = None
    """What was said, in your own words."""
    url: Url | None = None
    """Address, if it differs from that of the episode."""


class _Translated(_Sourced):
    language: Language | None = None
    """Language, if it differs from that of the episode."""
    translation: Translation | None = None
    """Translation, if it differs from that of the episode."""


class PackageEntry(_Sourced):
    """Items that stand or fall together, as their maker says."""

    what = EntryKind.PACKAGE
    by: Slugs
    """Its makers."""
    said: Days
    """When they said so."""
    title: Text
    """Title that people read."""
    basis: Basis | None = None
    """How we know it."""
    items: Slugs = ()
    """The items."""
    core: Slugs = ()
    """Those that the maker calls the core."""
    core_quote: Quote | None = None
    """The words with which the maker does so."""


class ProvisionDetail(_Part):
    """The article of a draft that contains an item."""

    document: Slug
    """The draft, an episode."""
    article: Annotated[Text, WithJsonSchema({"type": ["string", "integer"]})]
    """Article and paragraph."""


def _sorted(provisions: tuple[ProvisionDetail, ...]) -> tuple[ProvisionDetail, ...]:
    return tuple(sorted(set(provisions), key=lambda provision: (provision.document, provision.article)))


class _Ties(_Part):
    """The ties of an item to actors, drafts and other items."""

    by: Slugs = ()
    """Its makers."""
    to: Slugs = ()
    """Its addressees."""
    affects: Slugs = ()
    """Other actors that it affects."""
    provisions: Annotated[tuple[ProvisionDetail, ...], AfterValidator(_sorted)] = ()
    """Articles of drafts that contain it."""
    answers: Slugs = ()
    """Items or packages that it answers."""
    alternative_to: Slugs = ()
    """Items to which it is an alternative."""
    part_of: Slugs = ()
    """Items of which it is a part."""


class ItemEntry(_Ties, _Translated):
    """A demand or an offer."""

    side: Slug | None = None
    """The side that made it, if the source names no maker."""
    topic: Slug
    """The matter it is about."""
    title: Text
    """What is asked or offered, in a few words; scopes are compared with it."""
    text: Text | None = None
    """The same at length, in your own words."""
    made: MadeDays
    """When it was put on the table; `../DATE`: on that day at the latest."""
    said: Days | None = None
    """When the sentence that defines it here was said, if on other days."""
    basis: Basis
    """How we know it."""


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


class Detail(_Part):
    """What a response says of one item."""

    wording: Text | None = None
    """The literal label used."""
    quote: Quote | None = None
    """The literal words, if they differ from the quote of the response."""


class StanceDetail(Detail):
    """The stance on one item that a response records for its actors."""

    stance: StanceKind
    """Non-starter, negotiable or open."""
    condition: Text | None = None
    """The terms on which they would negotiate."""
    basis: Basis | None = None
    """How we know it, if this differs from the response."""


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


def _from_short_form(value: Any) -> Any:
    return {"stance": value} if isinstance(value, str) else value


_Stance = Annotated[StanceDetail, BeforeValidator(_from_short_form, json_schema_input_type=StanceKind | StanceDetail)]


class ResponseEntry(_Translated):
    """What one or several actors said on a day."""

    what = EntryKind.RESPONSE
    by: Slugs
    """Who gave it."""
    said: Days
    """When it was given."""
    venue: Text | None = None
    """Where it was given."""
    basis: Basis
    """How we know it."""
    stances: Annotated[
        dict[Slug, _Stance],
        BeforeValidator(empty_for_none, json_schema_input_type=dict[Slug, StanceKind | StanceDetail]),
    ] = Field(default_factory=dict)
    """By item: the stance of the actors."""
    repeats: Annotated[
        dict[Slug, Repetition],
        BeforeValidator(by_name, json_schema_input_type=dict[Slug, Repetition | None] | list[Slug] | Slug),
    ] = Field(default_factory=dict)
    """Items of their own on which the actors insist."""
    about: Annotated[
        dict[Slug, Treatment],
        BeforeValidator(by_name, json_schema_input_type=dict[Slug, Treatment | None] | list[Slug] | Slug),
    ] = Field(default_factory=dict)
    """Items that are taken up without a stance."""


def _without_id(schema: dict[str, Any]) -> None:
    schema["required"].remove("id")


class OutcomeEntry(_Translated):
    """What became of items on a day. The default id is made of the outcome and the first item."""

    model_config = ConfigDict(json_schema_extra=_without_id)
    what = EntryKind.OUTCOME
    items: Slugs
    """The items."""
    outcome: OutcomeKind
    """Agreed, met, withdrawn or superseded."""
    superseded_by: Slug | None = None
    """The item that took their place, if the source names one."""
    on: Days
    """When it happened."""
    by: Slugs = ()
    """Who brought it about."""
    in_part: bool = False
    """Whether it concerns only a part of each item."""
    basis: Basis | None = None
    """How we know it."""

    @model_validator(mode="before")
    @classmethod
    def _default_id(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "id" in value:
            return value
        items = value.get("items")
        first = items if isinstance(items, str) else next(iter(items or ()), None)
        name = f"{value.get('outcome')}-{first}"[:SLUG_LENGTH].rstrip("-")
        return {"id": name if SLUG.fullmatch(name) else "outcome", **value}


class EpisodeFile(_Part):
    """An episode file: one source and what is recorded from it."""

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
    """Demands that this source is the first to show."""
    offers: tuple[OfferEntry, ...] = ()
    """Offers that this source is the first to show."""
    extends: tuple[ExtensionEntry, ...] = ()
    """What the source adds to items and packages of other episodes."""
    responses: tuple[ResponseEntry, ...] = ()
    """What actors said about items."""
    outcomes: tuple[OutcomeEntry, ...] = ()
    """What became of items."""

    @model_validator(mode="before")
    @classmethod
    def _drop_empty_sections(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: part for name, part in value.items() if part is not None or name in {"format", "episode"}}


SECTIONS: dict[str, type[Entry]] = {
    name: get_args(field.annotation)[0]
    for name, field in EpisodeFile.model_fields.items()
    if name not in {"format", "episode"}
}
"""The lists of a file in order, with the class of their entries."""

ENTRIES: dict[EntryKind, type[Entry]] = {
    EntryKind.EPISODE: EpisodeEntry,
    **{kind.what: kind for kind in SECTIONS.values()},
}
"""The class of each kind of entry."""


def read_stored(kind: type[AnyEntry], values: dict[str, Any]) -> AnyEntry:
    """The recorded entry with the plain `values`, read without the rules for new content.

    It can be read for ever, because no field of the format is ever removed or made required.

    Raises:
        ValidationError: the values do not have the form of an entry; another program changed them.
    """
    return kind.model_validate(values, context={STORED: True})


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an episode file, for editors."""
    schema = EpisodeFile.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
