"""What holds of every record, however it came about.

Each example is a little history: two sources about the same three actors and three items (and a fourth, which only
one of the sources shows) are recorded, corrected, cut down and taken up again, in any order.
"""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
import yaml
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from positions import database, models
from positions.dates import Span
from positions.episode_file.dump import dump
from positions.episode_file.load import parse
from positions.errors import EpisodeFileError, StillNeededError
from positions.moment import Moment
from positions.queries import accounts, items, stances
from positions.queries.log import freshness
from positions.queries.movements import movements
from positions.queries.nonstarters import nonstarters
from positions.queries.outlook import outlook
from positions.queries.rows import Item, NonStarter, Stance, grouped
from positions.recording import sequence, stored
from positions.recording.apply import apply, dangling
from positions.recording.changes import Added, ChangeSet, same_content
from positions.recording.plan import plan
from positions.report import data
from positions.vocabulary import EntryKind, StanceKind
from tests.conftest import SERVER, _copy

CAST = """
format: 1
episode: {id: cast, kind: article, title: The cast, published: 2021-12-31, url: https://example.org/cast}
sides: [{id: russia, name: Russia}, {id: west, name: The West}]
actors:
  - {id: russia, kind: state, side: russia, name: Russia}
  - {id: us, kind: state, side: west, name: United States}
  - {id: nato, kind: alliance, side: west, name: NATO}
demands:
  - {id: no-enlargement, by: russia, to: [us, nato], topic: enlargement, title: No further enlargement,
     made: 2021-12-17, basis: stated, quote: no more members}
  - {id: no-missiles, by: russia, to: [us, nato], topic: missiles, title: No missiles nearby,
     made: 2021-12-17, basis: stated, quote: no missiles near us}
offers:
  - {id: missile-talks, by: us, to: russia, topic: missiles, title: Talks on missiles,
     made: 2021-12-20, basis: reported, quote: open to discussing missiles, answers: [no-missiles]}
"""

ACTORS = ("russia", "us", "nato")
MAKERS = {"no-enlargement": "russia", "no-missiles": "russia", "missile-talks": "us", "withdrawal": "us"}
DEMANDS = {"no-enlargement", "no-missiles", "withdrawal"}
PUBLISHED = {"january": "2022-01-20", "february": "2022-02-10"}
DAYS = (
    *("2021-12-25", "2021-12", "2022-01-05", "2022-01-10", "2022-01-10/2022-01-12", "2022-01-11/2022-01-18"),
    *("2022-01", "2022-02-01", "2022-02-01/2022-02-05", "2022-02", "2022"),
)
ASKED = tuple(date.fromisoformat(day) for day in ("2021-12-01", "2021-12-31", "2022-01-11", "2022-01-18", "2022-02-05"))

_ORDERED = {"responses", "outcomes"}
Document = dict[str, Any]
Fresh = Callable[[], AbstractContextManager[str]]
EXAMPLES = settings().max_examples // (6 if SERVER is None else 10)
"""A server takes ten times as long to make a database as we take to copy a file."""
often = settings(max_examples=EXAMPLES)


# ---- little histories


@dataclass(frozen=True)
class Step:
    """A file that somebody records, and how."""

    document: Document
    replace: bool
    again: bool

    @property
    def text(self) -> str:
        """The file: JSON is YAML."""
        return json.dumps(self.document, default=str)


@st.composite
def responses(draw: st.DrawFn, episode: str, known: Sequence[str]) -> Document:
    """A response without its id, in the file of `episode`, about some of the items `known`."""
    by = draw(st.sampled_from([["nato"], ["us"], ["us", "nato"], ["russia"], ["us", "russia"]]))
    opponent = "us" if by == ["russia"] else "russia" if "russia" not in by else None
    bases = st.sampled_from(
        ["stated", "reported", "stated", "reported", "inferred", *(["alleged"] if opponent else [])]
    )
    response: Document = {"by": by, "said": draw(days(episode)), "basis": draw(bases), "quote": draw(quotations)}
    for item in draw(st.lists(st.sampled_from(known), min_size=1, max_size=4, unique=True)):
        is_maker = MAKERS[item] in by
        ways = ["about", *(["repeats"] if is_maker else []), *([] if is_maker and item in DEMANDS else ["stances"] * 5)]
        way = draw(st.sampled_from(ways))
        response.setdefault(way, {})[item] = draw(details(way, bases))
    if opponent and "alleged" in {
        response["basis"],
        *(one.get("basis") for one in response.get("stances", {}).values()),
    }:
        response["reported_by"] = opponent
    return response


@st.composite
def details(draw: st.DrawFn, way: str, bases: st.SearchStrategy[str]) -> Document:
    """How a response takes up an item, by a stance or otherwise."""
    detail: Document = draw(st.sampled_from([{}, {"wording": "simply"}, {"quote": "in its own words"}])).copy()
    if way == "repeats":
        detail |= draw(st.sampled_from([{}, {"scope": "wider"}, {"scope": "narrower"}]))
    if way == "stances":
        detail["stance"] = draw(st.sampled_from(["non-starter", "negotiable", "open"]))
        detail |= draw(st.one_of(st.just({}), st.just({}), bases.map(lambda basis: {"basis": basis})))
        if detail["stance"] == "negotiable":
            detail |= draw(st.sampled_from([{}, {"condition": "if they go first"}]))
    return detail


def days(episode: str) -> st.SearchStrategy[str]:
    """Days that begin before `episode` was published."""
    last = date.fromisoformat(PUBLISHED[episode])
    return st.sampled_from([text for text in DAYS if Span.parse(text).since <= last])


quotations = st.sampled_from(["we will see", "we say what we say"])


@st.composite
def outcomes(draw: st.DrawFn, episode: str, known: Sequence[str]) -> Document:
    """What became of some of the items `known`, without an id."""
    return {
        "items": draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True)),
        "outcome": draw(st.sampled_from(["agreed", "met", "withdrawn"])),
        "on": draw(days(episode)),
        "by": draw(st.lists(st.sampled_from(ACTORS), max_size=2, unique=True)),
        "in_part": draw(st.sampled_from(["true", "false"])),
    }


@st.composite
def documents(draw: st.DrawFn, episode: str | None = None) -> Document:
    """An episode file about the cast."""
    episode = episode or draw(st.sampled_from(list(PUBLISHED)))
    document: Document = {
        "format": "1",
        "episode": {
            "id": episode,
            "kind": "article",
            "title": f"What was said by {episode}",
            "published": PUBLISHED[episode],
            "url": f"https://example.org/{episode}",
        },
    }
    own = episode == "february" and draw(st.booleans())
    known = [*(item for item in MAKERS if item != "withdrawal"), *draw(st.sampled_from([[], [], ["withdrawal"]]))]
    if own:
        document["demands"] = [
            {
                "id": "withdrawal",
                "by": "us",
                "to": ["russia"],
                "topic": "troops",
                "title": "Withdrawal",
                "made": "2022-01-10/2022-01-12",
                "basis": "stated",
                "quote": "pull back",
            }
        ]
    names = st.sampled_from(["abc", "ab", "bc", "ca", "b", ""])
    document["responses"] = [{"id": name, **draw(responses(episode, known))} for name in draw(names)]
    document["outcomes"] = [
        {"id": name, **draw(outcomes(episode, known))} for name in draw(st.sampled_from([[], [], ["end"]]))
    ]
    extended = draw(st.lists(st.sampled_from(["no-enlargement", "missile-talks"]), max_size=1))
    affected = st.lists(st.sampled_from(ACTORS), min_size=1, unique=True)
    document["extends"] = [{"id": item, "affects": draw(affected)} for item in extended]
    return document


steps = st.builds(Step, documents(), st.booleans(), st.sampled_from([False, False, True]))
stories = st.lists(steps, min_size=2, max_size=4)


@st.composite
def crowds(draw: st.DrawFn) -> Document:
    """An episode file in which many speak of one demand, on the same few days."""
    document: Document = draw(documents())
    episode, names = document["episode"]["id"], "abcdefghij"[: draw(st.integers(4, 10))]
    said = st.sampled_from(["2022-01-10", "2022-01-10/2022-01-12", "2022-01-10/2022-01-18", "2022-01-09/2022-01-18"])
    told = [{"id": name, **draw(responses(episode, ["no-enlargement"])), "said": draw(said)} for name in names]
    return {**document, "responses": told, "demands": [], "outcomes": []}


crowded_stories = st.lists(st.builds(Step, crowds(), st.booleans(), st.just(True)), min_size=1, max_size=3)


# ---- telling them


@dataclass(frozen=True)
class Told:
    """A step that has been recorded: the connection it was recorded over is still open."""

    step: Step
    connection: sa.Connection
    before: list[Stance]
    """Every account that the record held before the step."""
    changes: ChangeSet
    revision: int | None


def planned(connection: sa.Connection, text: str, *, replace: bool = False, again: bool = False) -> ChangeSet:
    return plan(connection, parse(text, "story.yaml"), replace=replace, again=again)


def tell(place: str, story: Sequence[Step]) -> Iterator[Told]:
    """Record the steps in one transaction; what is refused has done nothing, and the story goes on without it."""
    with database.recording(place) as connection:
        for step in story:
            before = stances.all_stances(connection, Moment())
            try:
                with connection.begin_nested():
                    changes = planned(connection, step.text, replace=step.replace, again=step.again)
                    revision = apply(connection, changes, why="a step", by="somebody")
            except (EpisodeFileError, StillNeededError) as refused:
                assert "withdrawal" in str(refused), "only what one of the sources shows can be missed"  # noqa: PT017
                assert stances.all_stances(connection, Moment()) == before
                continue
            yield Told(step, connection, before, changes, revision)


def newest(connection: sa.Connection) -> int:
    """The number of the newest revision."""
    return connection.scalar(sa.select(sa.func.max(models.revision.c.number))) or 0


def finish(place: str, story: Sequence[Step]) -> AbstractContextManager[sa.Connection]:
    """Record the whole story; a connection to ask over."""
    for _ in tell(place, story):
        pass
    return database.reading(place)


@pytest.fixture(scope="module")
def fresh(_templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """A database that holds the cast and nothing else, another one each time: `with fresh() as place`."""
    folder = tmp_path_factory.mktemp("stories")

    @contextmanager
    def copied(template: str) -> Iterator[str]:
        path = folder / f"{uuid4().hex[:12]}.db"
        copies = _copy(template, path)
        try:
            yield next(copies)
        finally:
            next(copies, None)
            path.unlink(missing_ok=True)

    with copied(_templates["empty"]) as cast:
        with database.recording(cast) as connection:
            apply(connection, planned(connection, CAST), why="the cast", by="somebody")
        yield lambda: copied(cast)


@dataclass(frozen=True)
class Answers:
    """What a moment is asked for."""

    refused: list[NonStarter]
    ever: list[NonStarter]
    current: list[Stance]
    told: list[Stance]
    table: list[Item]


def answers(connection: sa.Connection, moment: Moment) -> Answers:
    return Answers(
        nonstarters(connection, moment),
        nonstarters(connection, moment, ever=True),
        stances.current(connection, moment),
        stances.all_stances(connection, moment),
        items.on_the_table(connection, moment),
    )


# ---- what is known, and when


@pytest.mark.slow
@often
@given(story=stories)
def test_what_was_known_at_a_revision_stays_known(fresh: Fresh, story: list[Step]) -> None:
    with fresh() as place:
        then = {}
        for told in tell(place, story):
            last = newest(told.connection)
            then[last] = answers(told.connection, Moment(known_at=last))

        with database.reading(place) as connection:
            for revision, known in then.items():
                assert answers(connection, Moment(known_at=revision)) == known
            assert answers(connection, Moment()) == answers(connection, Moment(known_at=newest(connection)))


@often
@given(story=stories, day=st.sampled_from(ASKED))
def test_a_day_shows_what_was_said_or_public_by_then(fresh: Fresh, story: list[Step], day: date) -> None:
    with fresh() as place, finish(place, story) as connection:
        moment = Moment(as_of=day)
        told = {(one.episode, one.response, one.item, one.actor) for one in stances.all_stances(connection, moment)}
        assert told == {
            (one.episode, one.response, one.item, one.actor)
            for one in stances.all_stances(connection, Moment())
            if one.said.end <= day
        }
        seen = answers(connection, moment)
        assert all(one.said.end <= day for one in seen.current)
        assert all(one.last_said.end <= day and one.first_said.end <= day for one in (*seen.refused, *seen.ever))
        assert all(one.made.since <= day and one.last_said.end <= day for one in seen.table)
        assert all(stance.said.end <= day for one in seen.table for stance in one.stances)
        assert all(one.said.end <= day for one in items.mentions(connection, moment))
        assert all(one.on.end <= day for one in items.outcomes(connection, moment))

        seen = answers(connection, Moment(public_by=day))
        public = {"cast"} | {name for name, when in PUBLISHED.items() if date.fromisoformat(when) <= day}
        assert {one.episode for one in (*seen.current, *seen.told)} <= public
        assert {one.episode for one in (*seen.refused, *seen.ever)} <= public
        assert {one.episode for one in seen.table} <= public


# ---- one rule, said in several places


moments = st.builds(
    Moment,
    as_of=st.one_of(st.none(), st.sampled_from(ASKED)),
    known_at=st.one_of(st.none(), st.integers(1, 5)),
    public_by=st.one_of(st.none(), st.sampled_from(ASKED)),
)


@pytest.mark.slow
@often
@given(story=crowded_stories, asked=st.lists(moments, min_size=1, max_size=4))
def test_sql_and_python_agree_on_the_current_stance(fresh: Fresh, story: list[Step], asked: list[Moment]) -> None:
    with fresh() as place, finish(place, story) as connection:
        for moment in asked:
            pairs = accounts.by_pair(stances.all_stances(connection, moment)).values()
            chosen = [one for pair in pairs if (one := accounts.current(pair)) is not None]
            assert stances.current(connection, moment) == sorted(chosen, key=lambda one: (one.item, one.actor))
            for pair in pairs:
                assert [one.contested for one in pair] == [bool(accounts.rivals(one, pair)) for one in pair]


@pytest.mark.slow
@often
@given(story=crowded_stories, asked=st.lists(moments, min_size=1, max_size=4))
def test_the_page_answers_as_the_questions_do(fresh: Fresh, story: list[Step], asked: list[Moment]) -> None:
    with fresh() as place, finish(place, story) as connection:
        for moment in asked:
            page = data.read(connection, moment)
            assert page.refused == nonstarters(connection, moment)
            assert page.ever_refused == nonstarters(connection, moment, ever=True)
            assert page.outlook == outlook(connection, moment)
            moved = page.days[-1].movements if page.days else {}
            known = {item.id for item in page.items}
            assert moved == grouped(
                (row for row in movements(connection, moment) if row.item in known), lambda row: row.item
            )
            assert page.fresh == freshness(connection, moment)
            table = [item for item in page.items if not item.ended]
            assert table == [item for item in items.on_the_table(connection, moment) if item in page.items]


SHOWN = ("item", "wording", "condition", "basis", "quote", "episode", "response", "contested")


@pytest.mark.slow
@often
@given(story=crowded_stories)
def test_the_sql_views_say_what_the_questions_say(fresh: Fresh, story: list[Step]) -> None:
    with fresh() as place, finish(place, story) as connection:
        said = "coalesce(said_from, said_to) AS first, said_to AS last"
        fields = ", ".join(SHOWN)
        viewed = connection.execute(sa.text(f"SELECT actor, stance, {fields}, {said} FROM current_stance"))
        assert sorted(_plain(row) for row in viewed) == sorted(
            _plain((one.actor, one.stance, *(getattr(one, name) for name in SHOWN), one.said.since, one.said.end))
            for one in stances.current(connection, Moment())
        )
        viewed = connection.execute(sa.text(f"SELECT refused_by, item_quote, {fields}, {said} FROM non_starter"))
        assert sorted(_plain(row) for row in viewed) == sorted(
            _plain(
                (
                    *(one.refused_by, one.item_quote, *(getattr(one, name) for name in SHOWN)),
                    *(one.last_said.since, one.last_said.end),
                )
            )
            for one in nonstarters(connection, Moment())
        )


def _plain(row: Sequence[Any]) -> tuple[str, ...]:
    """The values of a row as texts, whichever engine they come from."""
    return tuple(str(bool(value)) if isinstance(value, (bool, int)) else str(value) for value in row)


# ---- what a plan says


def places(told: Sequence[Stance], day: date) -> dict[tuple[str, str], StanceKind]:
    """Where each actor stands on each item by a day, from all that is told."""
    pairs = accounts.by_pair([one for one in told if one.said.end <= day]).values()
    return {(now.item, now.actor): now.stance for pair in pairs if (now := accounts.current(pair)) is not None}


@often
@given(story=stories)
def test_a_plan_says_which_stances_turn_now_and_in_the_past(fresh: Fresh, story: list[Step]) -> None:
    with fresh() as place:
        for told in tell(place, story):
            after = stances.all_stances(told.connection, Moment())
            for day in (*ASKED, date.max):
                old, new = places(told.before, day), places(after, day)
                announced = [
                    one for one in told.changes.turns if one.since <= day and (one.until is None or day < one.until)
                ]
                assert {(one.item, one.actor): (one.before, one.after) for one in announced} == {
                    pair: (old.get(pair), new.get(pair))
                    for pair in old.keys() | new.keys()
                    if old.get(pair) is not new.get(pair)
                }


@often
@given(story=stories)
def test_a_correction_is_never_a_movement(fresh: Fresh, story: list[Step]) -> None:
    with fresh() as place:
        ever: set[str] = set()
        for told in tell(place, story):
            new = {
                one.name for one in told.changes.changes if one.what is EntryKind.RESPONSE and isinstance(one, Added)
            }
            new -= ever
            ever |= new
            moving = {
                (one.item, one.actor)
                for one in stances.all_stances(told.connection, Moment())
                if f"{one.episode}/{one.response}" in new
            }
            assert {(one.item, one.actor) for one in told.changes.movements} <= moving


@pytest.mark.slow
@often
@given(story=stories, random=st.randoms(use_true_random=False))
def test_the_same_file_in_any_order_is_nothing_to_record(fresh: Fresh, story: list[Step], random: Random) -> None:
    with fresh() as place:
        for told in tell(place, story):
            other = json.dumps(shuffled(copy.deepcopy(told.step.document), random))
            for text in (told.step.text, other):
                again = planned(told.connection, text, replace=told.step.replace, again=told.step.again)
                assert (again.changes, again.turns, again.movements) == ((), (), ())
                assert apply(told.connection, again, why="again") is None


def shuffled(value: Any, random: Random) -> Any:
    """`value` with the mappings and lists in it in another order, and some lists of one id as that id.

    Statements stay in their order, which is content.
    """
    if isinstance(value, dict):
        names = list(value)
        random.shuffle(names)
        return {name: (_in_order if name in _ORDERED else shuffled)(value[name], random) for name in names}
    if isinstance(value, list):
        random.shuffle(value)
        if len(value) == 1 and isinstance(value[0], str) and random.random() < 0.5:
            return value[0]
        return [shuffled(one, random) for one in value]
    return value


def _in_order(value: list[Any], random: Random) -> list[Any]:
    return [shuffled(entry, random) for entry in value]


@often
@given(story=stories)
def test_a_dump_records_to_nothing_at_all(fresh: Fresh, story: list[Step]) -> None:
    with fresh() as place, finish(place, story) as connection:
        for episode in PUBLISHED:
            entries = stored.entries(connection, episode)
            if entries:
                text = dump(entries.values())
                found = planned(connection, text, replace=True)
                assert (found.changes, found.kept, found.left_out) == ((), (), ()), text
                assert found.unchanged == len(entries)


# ---- what the record is


@often
@given(story=stories)
def test_the_record_holds_what_was_last_said_and_nothing_hangs_loose(fresh: Fresh, story: list[Step]) -> None:
    with fresh() as place:
        revision = 1
        for told in tell(place, story):
            source = parse(told.step.text, "story.yaml")
            left_out = {(one.what, one.name) for one in told.changes.left_out}
            episode = source.require().id
            wanted = {stored.key(one.entry, episode): one.entry for one in source.written}
            here = stored.entries(told.connection, episode)

            assert all(key in left_out or same_content(here[key], entry) for key, entry in wanted.items())
            for what in (EntryKind.RESPONSE, EntryKind.OUTCOME):
                listed = [key for key in wanted if key[0] is what and key not in left_out]
                assert listed == [key for key in here if key in listed], "the order of the file is kept"
            if told.step.replace:
                assert set(here) - {(EntryKind.EPISODE, episode)} == set(wanted) - left_out
            assert dangling(told.connection) == []
            revision += 1 if told.changes.changes else 0
            assert newest(told.connection) == revision


@pytest.mark.slow
@often
@given(story=stories)
def test_no_two_statements_of_a_source_stand_at_one_place(fresh: Fresh, story: list[Step]) -> None:
    with fresh() as place, finish(place, story) as connection:
        for table in (models.response, models.outcome):
            held_rows = sa.select(table.c.sequence).where(table.c.retracted_in.is_(None))
            places = connection.scalars(held_rows).all()
            assert len(set(places)) == len(places)


def told_alike(connection: sa.Connection) -> list[Any]:
    """What the record answers on several days, without the numbers of revisions and rows."""
    found: list[Any] = []
    for moment in map(Moment, (*ASKED, None)):
        found += [(row.item, row.actor, row.response, row.contested) for row in stances.current(connection, moment)]
        found += [(row.item, row.actor, row.stance, row.response) for row in stances.history(connection, moment)]
        found += [(row.item, row.refused_by, row.first_said, row.response) for row in nonstarters(connection, moment)]
        found += [(row.actor, row.item, row.from_, row.to, row.said) for row in movements(connection, moment)]
        found += [(row.id, row.by, row.affects, row.status) for row in items.every(connection, moment)]
    return found


@pytest.mark.slow
@often
@given(first=documents("january"), second=documents("february"), story=st.lists(steps, max_size=3))
def test_a_record_filled_by_the_dumps_of_another_answers_alike(
    fresh: Fresh, first: Document, second: Document, story: list[Step]
) -> None:
    """Sources are recorded in order of publication, then corrected in any order; the dumps are recorded once."""
    with fresh() as original, fresh() as other:
        told = [Step(first, replace=False, again=False), Step(second, replace=False, again=False), *story]
        with finish(original, told) as connection:
            episodes = [name for name in PUBLISHED if stored.entries(connection, name)]
            dumps = [dump(stored.entries(connection, name).values()) for name in episodes]
            expected = told_alike(connection)
        try:
            with finish(
                other, [Step(yaml.safe_load(text), replace=False, again=False) for text in dumps]
            ) as connection:
                assume([name for name in PUBLISHED if stored.entries(connection, name)] == episodes)
                assert told_alike(connection) == expected
        except EpisodeFileError:  # one source came to refer to what the other defines later
            reject()


@given(
    held_order=st.lists(st.integers(1, 60), unique=True, max_size=8),
    file=st.permutations("abcdefghij").flatmap(lambda names: st.integers(0, 10).map(lambda count: names[:count])),
    others=st.lists(st.integers(1, 100), max_size=5),
)
def test_statements_get_orders_that_increase_as_in_their_file(
    held_order: list[int], file: list[str], others: list[int]
) -> None:
    held_now = dict(zip("abcdefghij", held_order, strict=False))

    given_orders = sequence.assign(file, held_now, others)

    assert list(given_orders) == sorted(given_orders, key=given_orders.__getitem__)
    assert set(given_orders) == set(file)
    moved = {name: order for name, order in given_orders.items() if held_now.get(name) != order}
    assert not set(moved.values()) & {*others, *held_now.values()}
    in_file = [held_now[name] for name in file if name in held_now]
    assert moved == {} or in_file != sorted(in_file) or len(in_file) < len(file)


def test_what_is_put_between_two_statements_moves_neither() -> None:
    assert sequence.assign(["a", "new", "b"], {"a": 4096, "b": 8192}) == {"a": 4096, "new": 6144, "b": 8192}


def test_what_is_put_at_the_end_comes_after_all_that_was_ever_held() -> None:
    assert sequence.assign(["a", "new"], {"a": 4096, "b": 8192}, [12288]) == {"a": 4096, "new": 16384}


def test_the_fewest_statements_move_when_the_order_changes() -> None:
    moved = sequence.assign(["c", "a", "b"], {"a": 4096, "b": 8192, "c": 12288})
    assert moved == {"c": 2048, "a": 4096, "b": 8192}
