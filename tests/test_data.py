"""The shipped episode files: they load, keep to the rules of the codebook, record, and come back as they went in."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from positions import package_data, quotations
from positions.episode_file import dump
from positions.episode_file.load import LoadedFile, load
from positions.episode_file.schema import ActorEntry, Entry, ItemEntry, OutcomeEntry, PackageEntry, ResponseEntry
from positions.recording.files import shipped
from positions.vocabulary import StanceKind
from tests import agreement
from tests.conftest import Output, Positions

EPISODES = shipped()
each_episode = pytest.mark.parametrize("path", EPISODES, ids=lambda path: path.stem)

CODED_TWICE = agreement.units()
CODES = {"repeats", "about", "nothing", *(kind.value for kind in StanceKind)}
each_unit = pytest.mark.parametrize("unit", CODED_TWICE, ids=lambda unit: f"{unit.source} {unit.actor} {unit.item}")


@cache
def _read(path: Path) -> LoadedFile:
    """What a file holds; it must be without faults."""
    source = load(path)
    assert source.problems == []
    return source


def _quotations(entry: Entry) -> Iterator[str]:
    """Every quotation in `entry`, its own and those of its stances and mentions."""
    for name in ("quote", "core_quote"):
        if quote := getattr(entry, name, None):
            yield quote
    if isinstance(entry, ResponseEntry):
        for details in (entry.stances, entry.repeats, entry.about):
            yield from (one.quote for one in details.values() if one.quote)


def test_episode_1_is_shipped_and_is_what_a_new_database_holds(seeded: Positions) -> None:
    assert package_data.first_episode() == EPISODES[0]

    again = seeded("record", str(EPISODES[0]), "--format", "json").json
    assert [(one["added"], one["corrected"], one["revision"]) for one in again] == [([], [], None)]


@each_episode
def test_every_shipped_file_loads_without_faults(path: Path) -> None:
    assert _read(path).episode is not None


@each_episode
def test_a_file_is_called_after_its_first_day_and_its_episode(path: Path) -> None:
    episode = _read(path).require()

    assert path.name == f"{episode.published.start}-{episode.id}.yaml"


@each_episode
def test_the_first_line_names_a_schema_that_is_there(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0] + "\n"

    assert first == dump.SCHEMA_LINE.format(schema="../episode.schema.json")
    assert (path.parent / "../episode.schema.json").is_file()


@each_episode
def test_no_quotation_has_more_than_thirty_words(path: Path) -> None:
    quotes = [quote for one in _read(path).written for quote in _quotations(one.entry)]

    assert [quote for quote in quotes if quotations.words(quote) > 30] == []


@each_episode
def test_all_that_was_said_is_dated_and_said_by_the_day_of_publication(path: Path) -> None:
    source = _read(path)
    published = source.require().published.end

    for entry in (one.entry for one in source.written):
        match entry:
            case ResponseEntry() | PackageEntry():
                assert entry.said.start is not None
                assert entry.said.end <= published
            case ItemEntry():
                assert entry.made.end <= published
                assert entry.said is None or entry.said.end <= published
            case OutcomeEntry():
                assert entry.on.end <= published
            case _:
                pass


@each_episode
def test_every_stance_rests_on_a_quotation_or_on_summary_and_address(path: Path) -> None:
    source = _read(path)

    for entry in (one.entry for one in source.written):
        if isinstance(entry, ResponseEntry):
            for detail in entry.stances.values():
                has_address = entry.url or source.require().url
                assert detail.quote or entry.quote or (entry.summary and has_address), entry.id


@each_episode
def test_every_response_has_an_address_and_a_language_unless_the_source_has_none(path: Path) -> None:
    source = _read(path)
    episode = source.require()

    for entry in (one.entry for one in source.written):
        if isinstance(entry, ResponseEntry) and path != package_data.first_episode():
            assert entry.url or episode.url, entry.id
            assert entry.language or episode.language, entry.id


@pytest.mark.slow
def test_the_shipped_files_record_one_after_another_into_an_empty_database(positions: Positions) -> None:
    done = positions("record", *map(str, EPISODES), "--format", "json").json

    assert [one["revision"] for one in done] == list(range(1, len(EPISODES) + 1))
    assert all(one["added"] and not one["corrected"] and not one["retracted"] for one in done)
    assert len(positions.ask("episodes")) == len(EPISODES)


def test_episode_1_alone_records_into_an_empty_database(positions: Positions) -> None:
    positions("record", str(package_data.first_episode()))

    assert [one["id"] for one in positions.ask("episodes")] == ["episode-1"]


@pytest.mark.slow
def test_the_shipped_files_recorded_again_change_nothing(winter: Positions) -> None:
    again = winter("record", *map(str, EPISODES), "--format", "json").json

    for one in again:
        assert one["revision"] is None
        assert one["added"] == one["corrected"] == one["retracted"] == one["kept"] == []


@pytest.mark.slow
@each_episode
def test_the_dump_of_an_episode_records_to_nothing(path: Path, winter: Positions, tmp_path: Path) -> None:
    dumped = winter("dump", _read(path).require().id).stdout
    copy = tmp_path / "dumped.yaml"
    copy.write_text(dumped, encoding="utf-8")

    [done] = winter("record", str(copy), "--replace", "--format", "json").json

    assert done["revision"] is None
    assert done["added"] == done["corrected"] == done["retracted"] == done["kept"] == []


@pytest.mark.slow
@each_episode
def test_the_dump_of_an_episode_says_what_its_file_says(path: Path, winter: Positions, tmp_path: Path) -> None:
    written = _read(path)
    copy = tmp_path / "dumped.yaml"
    copy.write_text(winter("dump", written.require().id).stdout, encoding="utf-8")

    dumped = _read(copy)

    assert dumped.episode == written.episode
    assert _by_name(dumped) == {key: entry for key, entry in _by_name(written).items() if not _is_older(path, entry)}


def _is_older(path: Path, entry: Entry) -> bool:
    """Whether an earlier file defines the same actor: then the actor is that file's, and not dumped with this one."""
    earlier = EPISODES[: EPISODES.index(path)]
    return isinstance(entry, ActorEntry) and any(
        entry in [one.entry for one in _read(file).written] for file in earlier
    )


def _by_name(source: LoadedFile) -> dict[tuple[str, str], Entry]:
    return {(one.entry.what, one.entry.id): one.entry for one in source.written}


def test_the_dump_of_episode_1_answers_every_question_alike(
    seeded: Positions, record: Callable[..., Output], positions: Positions
) -> None:
    record(seeded("dump", "episode-1").stdout)

    for question in (["demands"], ["offers"], ["nonstarters", "--ever"], ["matrix"], ["history"], ["actors"]):
        assert positions.ask(*question) == seeded.ask(*question)


# ---- the second coding


def test_the_agreement_that_the_codebook_prints_is_the_one_that_is_computed() -> None:
    codebook = (package_data.folder("data") / "codebook.md").read_text(encoding="utf-8")

    assert f"\n\n{agreement.table(agreement.agreements(CODED_TWICE))}\n\n" in codebook


def test_no_unit_was_coded_twice_by_the_same_coder() -> None:
    units = [(unit.source, unit.actor, unit.item) for unit in CODED_TWICE]

    assert len(set(units)) == len(units)


@each_unit
def test_both_coders_and_the_decision_use_codes_that_there_are(unit: agreement.Unit) -> None:
    decided, _, reason = unit.decision.partition(": ")

    assert {unit.first or "nothing", unit.second or "nothing"} <= CODES
    assert unit.first or unit.second
    assert not unit.decision or (decided in CODES and reason)


@each_unit
def test_the_files_say_of_every_unit_what_was_decided_or_what_both_coders_say(unit: agreement.Unit) -> None:
    now = agreement.coded_now(unit.source).get((unit.actor, unit.item), "nothing")

    if unit.decision:
        assert unit.decision.startswith(f"{now}: ")
    else:
        assert unit.first == unit.second == now
