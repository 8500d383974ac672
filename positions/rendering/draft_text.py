"""The text of an episode file to fill in: items on the table, actors, and an example of every section.

Lines beginning with `##` explain. Other comments become entries once their `# ` is removed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from positions.dates import Span
from positions.episode_file.dump import SCHEMA_LINE, section
from positions.episode_file.schema import EpisodeEntry
from positions.queries.rows import Actor, Item
from positions.recording.from_sheet import Drafted
from positions.rendering.phrases import joined, makers
from positions.vocabulary import ActorKind, Basis, EpisodeKind, OutcomeKind, Reading, Scope, StanceKind, Translation

_SCHEMA = "episode.schema.json"
"""The schema file that editors read, beside the episode file."""

_EMPTY = """\
## `positions schema > {schema}`, beside this file, lets editors complete and check what you write.
## Lines with ## explain. Uncomment the lines with # that you need and fill in what the source says; then
## `positions record {name} --dry-run` shows what would be added. Nothing can be recorded before `kind` has a value.
"""

_FROM_TABLE = """\
## Made from {table}. Look at the entries below `# look` and remove these lines; give `kind` a value, if it has
## none; then `positions record {name} --dry-run` shows what would be added.
"""

_HEAD = """\
format: 1

episode:
  id: {id}
  kind:{kind}  # {kinds}
  title: {title}
  published: {published}
  url:{url}
  author:
  publisher:
  language:  # of the text read, like en
  translation:  # {translations}; nothing for an original
  read: whole  # {readings}; if in part, `missing` says what was not read
  # missing: what was not read
  summary:
"""

_EXAMPLES = """\

## New sides and actors come first. Kinds of actor: {actor_kinds}.
# sides:
#   - {{id: one-side, name: One side}}
#   - {{id: other-side, name: The other side}}
# actors:
#   - {{id: one-party, kind: organisation, side: one-side, name: One party}}
#   - {{id: its-speaker, kind: person, speaks_for: one-party, name: Its Speaker, role: President}}
#   - {{id: other-party, kind: organisation, side: other-side, name: Other party}}

## Items that their maker says stand or fall together.
# packages:
#   - {{id: some-package, by: one-party, said: {day}, title: What is to be taken as a whole,
#      basis: reported, quote: "the exact words, 30 at most", items: [some-demand]}}

## What somebody asks of others, if it is not on the table yet. Dates: 2022-01-12, 2022-01, 2022-01-10/2022-01-12;
## `made` may be ../2022-01-12: on that day at the latest. Basis: {bases}.
# demands:
#   - {{id: some-demand, by: one-party, to: [other-party], topic: some-matter, title: What is asked in a few words,
#      made: {day}, speaker: its-speaker, basis: stated, quote: "the exact words, 30 at most"}}

## What somebody is ready to do or to discuss. `answers` names the item that it answers.
# offers:
#   - {{id: some-offer, by: other-party, to: [one-party], topic: some-matter, title: What is offered in a few words,
#      made: {day}, basis: reported, quote: "the exact words, 30 at most", answers: [some-demand]}}

## Who said what about items. Stances: {stances}. `repeats`: a maker insists on its own item (scope:
## {scopes}). `about`: an item is taken up without a stance.
# responses:
#   - id: other-party-refuses
#     by: [other-party]
#     said: {day}
#     basis: reported
#     quote: "the exact words, 30 at most"
#     stances:
#       some-demand: {{stance: non-starter, wording: "the label that was used"}}
#   - {{id: its-speaker-insists, by: one-party, speaker: its-speaker, said: {day}, basis: stated,
#      quote: "the exact words, 30 at most", repeats: {{some-demand: {{scope: same}}}}, about: [some-offer]}}

## What became of items: {outcomes}.
# outcomes:
#   - {{items: [some-offer], outcome: withdrawn, on: {day}, by: other-party, basis: reported,
#      quote: "the exact words, 30 at most"}}

## What this source adds to an item that another episode defines: makers, addressees, articles of a draft.
## extends:
##   - {{id: ITEM, affects: [ACTOR], provisions: [{{document: EPISODE, article: "4"}}]}}
"""


def draft_text(
    name: str,
    *,
    id: str,
    title: str,
    published: Span,
    items: Sequence[Item],
    actors: Sequence[Actor],
    kind: EpisodeKind | None = None,
    url: str | None = None,
) -> str:
    """The text of the file `name`, with `items` and `actors` listed in comments.

    Once the kind of the episode is filled in, it can be recorded as an episode without entries.
    """
    head = _EMPTY.format(schema=_SCHEMA, name=_one_line(name)) + _head(id, kind, title, published, url)
    examples = _EXAMPLES.format(
        day=published.end,
        actor_kinds=joined(ActorKind),
        bases=joined(Basis),
        stances=joined(StanceKind),
        scopes=joined(Scope),
        outcomes=joined(OutcomeKind),
    )
    known = [*_section("On the table now", map(_item, items)), *_section("Actors", map(_actor, actors))]
    if not actors:
        known = ["", "## Nothing is recorded yet: begin with the sides, if there are any, and the actors."]
    return SCHEMA_LINE.format(schema=_SCHEMA) + head + "".join(f"{line}\n" for line in known) + examples


def table_text(
    name: str, table: str, episode: EpisodeEntry, *, has_kind: bool, sections: Mapping[str, Sequence[Drafted]]
) -> str:
    """The text of the file `name`, with the entries that were made from the file `table`.

    Comments that begin with `look` say above an entry what to look at.
    """
    start = _FROM_TABLE.format(table=_one_line(table), name=_one_line(name))
    kind = episode.kind if has_kind else None
    head = _head(episode.id, kind, episode.title, episode.published, episode.url)
    listed = (
        section(title, [(entry.values, [f"look: {_one_line(what)}" for what in entry.look]) for entry in entries])
        for title, entries in sections.items()
    )
    return SCHEMA_LINE.format(schema=_SCHEMA) + start + head + "".join(listed)


def _head(id: str, kind: EpisodeKind | None, title: str, published: Span, url: str | None) -> str:
    return _HEAD.format(
        id=id,
        kind=f" {kind}" if kind else "",
        kinds=joined(EpisodeKind),
        title=json.dumps(title, ensure_ascii=False),
        published=published,
        url=f" {json.dumps(url, ensure_ascii=False)}" if url else "",
        translations=joined(Translation),
        readings=joined(Reading),
    )


def _section(title: str, entries: Iterable[Iterable[str]]) -> Iterator[str]:
    yield ""
    lines = [line for entry in entries for line in entry]
    yield f"## {title}:" if lines else f"## {title}: nothing."
    yield from (f"##   {line}" for line in lines)


def _item(item: Item) -> Iterator[str]:
    yield f"{item.id} ({item.kind}, {item.topic}): {makers(item)} → {joined(item.to)}: {_one_line(item.title)}"
    if item.stances:
        yield f"  {joined(f'{account.actor} {account.stance}' for account in item.stances)}"


def _actor(actor: Actor) -> Iterator[str]:
    whose = f"for {actor.speaks_for}" if actor.speaks_for else actor.side or "third party"
    yield f"{actor.id} ({actor.kind}, {whose}): {_one_line(actor.name)}"


def _one_line(text: str) -> str:
    """`text` on one line, as a comment needs it."""
    return " ".join(text.split())
