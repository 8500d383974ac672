"""`positions export`: all that is held, as a data package that other programs can check and read."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from positions import models
from positions.safe_text import restored
from tests.conftest import SERVER, TALKS, Output, Positions, slow_but

Record = Callable[..., Output]

LATER = """
format: 1
episode: {id: later, kind: statement, title: A later statement, published: 2022-02-25, url: https://example.org/later}
actors:
  - {id: ukraine, kind: state, name: Ukraine}
packages:
  - {id: all-of-it, by: russia, said: 2022-02-25, title: All of it, basis: reported, quote: a package,
     items: [no-enlargement, no-missiles], core: [no-enlargement], core_quote: the key}
responses:
  - {id: it, by: nato, said: 2022-02-25, basis: stated, quote: "we refuse", stances: {no-enlargement: non-starter}}
  - {id: insists, by: russia, said: 2022-02-24, basis: stated, quote: "again", repeats: {no-enlargement: {scope: same}}}
outcomes:
  - {items: [no-missiles], outcome: withdrawn, on: 2022-02-25, by: russia, basis: stated, quote: "we withdraw it"}
extends:
  - {id: missile-talks, answers: [all-of-it]}
"""


def described(folder: Path) -> Any:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def dangling(folder: Path) -> list[str]:
    """The references that lead nowhere, of any table to any other, and keys that stand twice."""
    problems = []
    package = described(folder)
    rows = {one["name"]: table(folder, one["name"]) for one in package["resources"]}
    for one in package["resources"]:
        name, schema = one["name"], one["schema"]
        keys = [tuple(row[column] for column in schema.get("primaryKey", row)) for row in rows[name]]
        problems += [f"{name}: twice {key}" for key in set(keys) if keys.count(key) > 1]
        for key in schema.get("foreignKeys", ()):
            to = key["reference"]
            known = {tuple(row[column] for column in to["fields"]) for row in rows[to["resource"] or name]}
            used = {tuple(row[column] for column in key["fields"]) for row in rows[name]}
            problems += [f"{name}: {one}" for one in used - known if any(one)]
    return problems


@pytest.fixture
def valid() -> Callable[[Path], list[str]]:
    """What `frictionless validate` finds wrong with a folder."""
    reason = "frictionless is not installed: pip install -e '.[dev]'"
    frictionless: Any = pytest.importorskip("frictionless", reason=reason, exc_type=ImportError)

    def problems(folder: Path) -> list[str]:
        report = frictionless.validate(str(folder / "datapackage.json"))
        return [str(one) for one in report.flatten(["title", "note", "rowNumber", "fieldName"])]

    return problems


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # those of frictionless are not ours
@pytest.mark.parametrize(
    "moment",
    [[], ["--as-of", "2022-01-31"], ["--known-at", "r1"], ["--public-by", "2022-01-31"], ["--public-by", "2021-01-01"]],
)
def test_frictionless_finds_nothing_wrong_at_any_moment(
    positions: Positions, record: Record, tmp_path: Path, valid: Callable[[Path], list[str]], moment: list[str]
) -> None:
    record(TALKS)
    record(LATER)

    positions("export", str(tmp_path / "out"), *moment)

    assert valid(tmp_path / "out") == []
    assert dangling(tmp_path / "out") == []


def test_the_first_table_answers_the_main_question(seeded: Positions, tmp_path: Path) -> None:
    told = seeded("export", str(tmp_path / "out"))

    assert told == Output("", f"Exported 22 tables to {tmp_path / 'out'}, as recorded at r1, under CC-BY-4.0.\n")
    assert [one["name"] for one in described(tmp_path / "out")["resources"][:2]] == ["positions", "movements"]
    rows = table(tmp_path / "out", "positions")
    refused = {(row["item"], row["actor"]) for row in rows if row["refused"] == "true"}
    assert refused == {(one["item"], one["refused_by"]) for one in seeded.ask("nonstarters")}
    asked = {(row["item"], row["actor"]) for row in rows if not row["stance"] and row["status"] == "on the table"}
    assert asked == {(one["item"], one["actor"]) for one in seeded.ask("unanswered")}
    everything = {one["id"]: one["title"] for kind in ("demands", "offers") for one in seeded.ask(kind)}
    assert {row["item"]: row["title"] for row in rows} == everything


OPEN_QUESTIONS = """
format: 1
episode: {id: questions, kind: statement, title: Questions, published: 2022-02-03, url: https://example.org/questions}
offers:
  - {id: old-offer, by: russia, to: us, topic: missiles, title: An old offer, made: ../2022-02-03, basis: stated,
     quote: as ever}
responses:
  - {id: asked-too, by: osce, said: 2022-02-03, basis: stated, quote: "we would, too", stances: {no-missiles: open}}
  - {id: both-ways, by: us, said: 2022-02-02/2022-02-03, basis: reported, quote: "no",
     stances: {no-missiles: non-starter}}
  - {id: both-ways-2, by: us, said: 2022-02-03, basis: reported, quote: "maybe", stances: {no-missiles: negotiable}}
"""


def test_positions_have_a_row_for_each_item_and_addressee_and_for_who_answers_unasked(
    positions: Positions, record: Record, says: Any, tmp_path: Path
) -> None:
    record(TALKS)
    record(OPEN_QUESTIONS)
    for day, stance in (("2022-01-12", "non-starter"), ("2022-01-20", "open"), ("2022-01-31", "open")):
        says("nato", stance, "no-enlargement", on=day, quote=f"said on {day}")

    positions("export", str(tmp_path / "out"))

    rows = table(tmp_path / "out", "positions")
    assert [(row["item"], row["actor"], row["addressed"], row["stance"], row["refused"]) for row in rows] == [
        ("no-enlargement", "nato", "true", "open", "false"),
        ("no-enlargement", "us", "true", "", ""),
        ("no-missiles", "nato", "true", "", ""),
        ("no-missiles", "us", "true", "negotiable", "true"),  # contested: the refusal counts
        ("no-missiles", "osce", "false", "open", "false"),
        ("missile-talks", "russia", "true", "", ""),
        ("old-offer", "us", "true", "", ""),
    ]
    first, contested = rows[0], rows[3]
    assert (first["since_from"], first["since_to"], first["last_from"], first["last_to"]) == (
        *("2022-01-20", "2022-01-20"),
        *("2022-01-31", "2022-01-31"),
    )
    assert (first["maker"], first["side"], first["actor_name"], first["words"]) == (
        *("russia", "russia", "NATO"),
        "said on 2022-01-31",
    )
    assert (contested["contested"], contested["source"]) == ("true", "Questions")
    assert (rows[-1]["made_from"], rows[-1]["made_to"]) == ("", "2022-02-03")


def test_movements_are_those_of_the_command_with_their_words(
    positions: Positions, record: Record, says: Any, tmp_path: Path
) -> None:
    record(TALKS)
    record(LATER.replace("scope: same", "scope: wider"))
    says("nato", "negotiable", "no-enlargement", on="2022-03-01", quote="we might")

    positions("export", str(tmp_path / "out"))

    rows = table(tmp_path / "out", "movements")
    told = positions.ask("movements")
    assert [(row["change"], row["actor"], row["item"], row["direction"]) for row in rows] == [
        (one["change"], one["actor"] or "", one["item"], one["direction"] or "") for one in told
    ]
    assert {row["change"]: row["words"] for row in rows} == {
        "first": "we refuse",
        "outcome": "we withdraw it",
        "scope": "again",
        "stance": "we might",
    }
    assert [(row["stance_before"], row["stance"]) for row in rows if row["change"] == "stance"] == [
        ("non-starter", "negotiable")
    ]


def test_every_interval_is_two_columns(seeded: Positions, tmp_path: Path) -> None:
    seeded("export", str(tmp_path / "out"))

    for one in described(tmp_path / "out")["resources"]:
        days = {field["name"] for field in one["schema"]["fields"] if field["type"] == "date"}
        stems = {name.removesuffix("_from").removesuffix("_to") for name in days}
        assert days == {f"{stem}_{end}" for stem in stems for end in ("from", "to")}, one["name"]


def test_the_readme_explains_every_file_and_column_the_times_and_how_to_cite(
    positions: Positions, record: Record, tmp_path: Path
) -> None:
    record(TALKS)
    positions("init", "--title", "Talks | of <b>2022</b>")
    positions("export", str(tmp_path / "out"), "--as-of", "2022-01-20", "--license", "CC0-1.0")

    text = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    package = described(tmp_path / "out")
    assert text.startswith("# Talks \\| of \\<b\\>2022\\</b\\>\n")
    assert all(f"| `{one['path']}` | {one['description']} |" in text for one in package["resources"])
    for one in package["resources"]:
        for field in one["schema"]["fields"]:
            assert f"| `{field['name']}` | {field['type']} | {field['description']} |" in text
    assert "Here is what was said by 2022-01-20, in sources published whenever, and recorded up to r1." in text
    assert package["positions"]["cite"].removeprefix("Talks | of <b>2022</b>") in text
    assert "**Licence.** CC0-1.0 (https://creativecommons.org/publicdomain/zero/1.0/)." in text
    assert "without a byte order mark" in text
    assert not (tmp_path / "out" / "positions.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_current_stances_say_what_the_matrix_says(
    positions: Positions, record: Record, says: Any, tmp_path: Path
) -> None:
    record(TALKS)
    says("nato", "non-starter", "no-enlargement", on="2022-02-01")
    says("nato", "negotiable", "no-enlargement", on="2022-02-05", condition="guarantees")
    says("us", "open", "missile-talks", on="2022-02-05")

    positions("export", str(tmp_path / "out"))

    rows = table(tmp_path / "out", "current_stances")
    told = {(row["item"], row["actor"]): row["stance"] for row in rows}
    assert told == {
        (one["item"], actor): kind for one in positions.ask("matrix") for actor, kind in one["stances"].items()
    }
    assert [(row["actor"], row["own"], row["condition"]) for row in rows] == [
        ("nato", "false", "guarantees"),
        ("us", "true", ""),
    ]
    assert len(table(tmp_path / "out", "stances")) == 3


def test_every_table_and_every_column_is_described(seeded: Positions, tmp_path: Path) -> None:
    seeded("export", str(tmp_path / "out"))

    for one in described(tmp_path / "out")["resources"]:
        assert one["description"].endswith(".")
        fields = one["schema"]["fields"]
        assert all(field["description"].endswith(".") for field in fields)
        heading = (tmp_path / "out" / one["path"]).read_text(encoding="utf-8").partition("\n")[0]
        assert heading == ",".join(field["name"] for field in fields)


UNTOLD = {"id", "retracted_in", "sequence", "firm", "stated", "response_basis"}
"""What only orders rows, or copies others."""


def test_no_column_of_the_schema_is_forgotten(seeded: Positions, tmp_path: Path) -> None:
    seeded("export", str(tmp_path / "out"))
    renamed = {"slug": "id", "number": "number", "published": "published_to"}
    kinds = {"stance": "stance", "outcome": "outcome"}
    exported = {
        one["name"]: {field["name"] for field in one["schema"]["fields"]}
        for one in described(tmp_path / "out")["resources"]
    }

    exported["item_links"] |= exported["package_answers"]
    for name, table_ in models.METADATA.tables.items():
        if name in {"change", "negotiation", "search_text"}:  # in the other tables, or at the head of all
            continue
        columns = {renamed.get(column, column.removesuffix("_id")) for column in set(table_.columns.keys()) - UNTOLD}
        columns = {kinds.get(name, column) if column == "kind" else column for column in columns}
        assert columns <= exported.get(f"{name}s", set()), name


def test_the_days_of_publication_are_two_columns(positions: Positions, record: Record, tmp_path: Path) -> None:
    record(TALKS)
    record(LATER.replace("published: 2022-02-25", "published: 2022-02-25/2022-02-28"))

    positions("export", str(tmp_path / "talks"))

    published = {
        row["id"]: (row["published_from"], row["published_to"]) for row in table(tmp_path / "talks", "episodes")
    }
    assert published == {"talks": ("2022-01-31", "2022-01-31"), "later": ("2022-02-25", "2022-02-28")}


@pytest.mark.slow
def test_the_package_names_version_licence_sources_and_times(
    positions: Positions, record: Record, tmp_path: Path
) -> None:
    record(TALKS)
    record(LATER)
    times = ["--as-of", "2022-02", "--known-at", "r1", "--public-by", "2022-01-31"]
    positions("export", str(tmp_path / "out"), "--license", "CC-BY-4.0", *times)

    package = described(tmp_path / "out")
    assert package["version"] == "2.1.0"
    assert [(one["name"], one["path"]) for one in package["licenses"]] == [
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")
    ]
    assert package["sources"] == [{"title": "The talks begin", "path": "https://example.org/talks"}]
    assert f"r1 of {positions.ask('log')[-1]['recorded_at'][:10]}, digest " in package["positions"]["cite"]
    asked = {name: package["positions"][name] for name in ("as_of", "known_at", "public_by", "revision")}
    assert asked == {"as_of": "2022-02-28", "known_at": 1, "public_by": "2022-01-31", "revision": 1}


def test_the_three_times_leave_out_what_was_not_there_yet(positions: Positions, record: Record, tmp_path: Path) -> None:
    record(TALKS)
    record(LATER)
    found = {}
    for name, moment in {
        "now": [],
        "said": ["--as-of", "2022-02-24"],
        "recorded": ["--known-at", "r1"],
        "public": ["--public-by", "2022-02-24"],
    }.items():
        positions("export", str(tmp_path / name), *moment)
        tables = ("stances", "mentions", "packages", "outcomes", "episodes", "revisions")
        found[name] = [len(table(tmp_path / name, one)) for one in tables]

    assert found == {
        "now": [1, 1, 1, 1, 2, 2],
        "said": [0, 1, 0, 0, 2, 2],
        "recorded": [0, 0, 0, 0, 1, 1],
        "public": [0, 0, 0, 0, 1, 2],
    }


def test_an_actor_whose_first_source_is_not_public_yet_has_none(
    positions: Positions, record: Record, tmp_path: Path
) -> None:
    record(TALKS)
    record(LATER)

    positions("export", str(tmp_path / "out"), "--public-by", "2022-02-01")

    [ukraine] = [one for one in table(tmp_path / "out", "actors") if one["id"] == "ukraine"]
    assert ukraine["episode"] == ""


def test_a_formula_in_a_text_is_harmless_and_can_be_had_back(
    positions: Positions, record: Record, tmp_path: Path
) -> None:
    for formula in ("=1+1", '"=1', "'tis", "-x", "@a"):
        record(TALKS.replace("No further enlargement", json.dumps(formula)), "--replace")
        positions("export", str(tmp_path / "out"), "--force")

        [title] = [one["title"] for one in table(tmp_path / "out", "items") if one["id"] == "no-enlargement"]
        assert title == f"'{formula}"
        assert restored(title) == formula
    assert "remove the first character" in described(tmp_path / "out")["positions"]["formulas"]


@pytest.mark.slow
def test_the_same_record_gives_the_same_bytes(seeded: Positions, tmp_path: Path) -> None:
    seeded("export", str(tmp_path / "one"))
    seeded("export", str(tmp_path / "two"))

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_an_export_replaces_another_only_by_force_and_leaves_nothing_beside(seeded: Positions, tmp_path: Path) -> None:
    out = tmp_path / "out"
    seeded("export", str(out), "--as-of", "2022-01-12")
    before = contents(out)

    told = seeded("export", str(out), exit_code=1).stderr
    assert told == f"Error: {out} already exists\nHint: `--force` replaces an export.\n"
    assert contents(out) == before

    seeded("export", str(out), "--force")
    assert contents(out) != before
    assert [one.name for one in tmp_path.iterdir() if "out" in one.name] == ["out"]


@pytest.mark.parametrize("options", [[], ["--force"]])
@pytest.mark.parametrize("mine", ["diary.txt", "datapackage.json"])
def test_a_folder_with_anything_else_in_it_is_left_alone(
    seeded: Positions, tmp_path: Path, options: list[str], mine: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / mine).write_text('{"resources": []}', encoding="utf-8")

    assert "something other than an export" in seeded("export", str(out), *options, exit_code=1).stderr
    assert list(contents(out)) == [mine]


@pytest.mark.slow
def test_an_export_to_which_somebody_added_a_file_is_left_alone(seeded: Positions, tmp_path: Path) -> None:
    out = tmp_path / "out"
    seeded("export", str(out))
    (out / "notes.txt").write_text("mine", encoding="utf-8")

    seeded("export", str(out), "--force", exit_code=1)

    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_is_filled(seeded: Positions, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    seeded("export", str(tmp_path / "out"))

    assert len(contents(tmp_path / "out")) == 24


def test_a_file_of_that_name_and_a_folder_that_is_missing_are_refused(seeded: Positions, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")

    assert "is not a folder" in seeded("export", str(tmp_path / "out"), "--force", exit_code=1).stderr
    assert "cannot be written" in seeded("export", str(tmp_path / "no" / "out"), exit_code=1).stderr
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("wrong", [["--license", "no such thing"], ["--as-of", "tomorrow"], ["--known-at", "x"]])
def test_a_malformed_option_exports_nothing(seeded: Positions, tmp_path: Path, wrong: list[str]) -> None:
    seeded("export", str(tmp_path / "out"), *wrong, exit_code=2)

    assert not (tmp_path / "out").exists()


KILLED = """
import os, shutil, signal, sys
from positions.app import app

place, left = sys.argv.pop(1), int(sys.argv.pop(1))
def dying(of, *given, **named):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return of(*given, **named)
for module, name in ((os, "fsync"), (os, "rename"), (shutil, "rmtree")):
    if name == place:
        setattr(module, name, lambda *given, of=getattr(module, name), **named: dying(of, *given, **named))
app()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize(
    ("place", "left", "state"),
    [
        ("fsync", 0, "old"),
        ("fsync", 24, "old"),
        ("rename", 0, "old"),
        ("rename", 1, "aside"),
        ("fsync", 25, "new"),
        ("rename", 2, "new"),
        ("rmtree", 0, "new"),
    ],
)
def test_after_a_kill_the_next_run_finds_the_old_export_or_the_new_one(
    seeded: Positions, tmp_path: Path, place: str, left: int, state: str
) -> None:
    out = tmp_path / "out"
    seeded("export", str(tmp_path / "new"))
    seeded("export", str(out), "--as-of", "2022-01-12")
    expected = contents(tmp_path / "new" if state == "new" else out)

    words = [sys.executable, "-c", KILLED, place, str(left), "export", str(out), "--force"]
    done = subprocess.run(words, env={**os.environ, "POSITIONS_DB": seeded.db}, check=False, capture_output=True)

    assert done.returncode == -9
    assert out.exists() == (state != "aside")
    assert "out already exists" in seeded("export", str(out), exit_code=1).stderr
    assert contents(out) == expected
    seeded("export", str(out), "--force")
    assert contents(out) == contents(tmp_path / "new")
    assert not (tmp_path / ".out.old").exists()


@pytest.mark.slow
@pytest.mark.skipif(SERVER is not None, reason="counts pages of a SQLite file")
def test_exporting_writes_nothing_to_the_database(seeded: Positions, tmp_path: Path) -> None:
    before = Path(seeded.db).read_bytes()

    seeded("export", str(tmp_path / "out"))

    assert Path(seeded.db).read_bytes() == before


def test_what_has_the_name_of_an_old_export_and_is_none_is_left_alone(seeded: Positions, tmp_path: Path) -> None:
    diary = tmp_path / ".out.old" / "diary.txt"
    diary.parent.mkdir()
    diary.write_text("Dear diary", encoding="utf-8")

    told = seeded("export", str(tmp_path / "out"), exit_code=1).stderr

    assert ".out.old, and something other than an export is there" in told
    assert diary.read_text(encoding="utf-8") == "Dear diary"
    assert not (tmp_path / "out").exists()


def test_an_export_that_breaks_off_leaves_nothing(
    seeded: Positions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    told = seeded("export", str(tmp_path / "out"), exit_code=1).stderr

    assert told == f"Error: {tmp_path / 'out'} cannot be written: No space left on device\n"
    assert not [one for one in tmp_path.iterdir() if "out" in one.name]


FOUND_LATE = """
format: 1
episode: {id: found-late, kind: letter, title: A letter found late, published: 2022-03-01, url: https://example.org/a}
sides:
  - {id: russia, name: Russia}
  - {id: west, name: The West}
actors:
  - {id: russia, kind: state, side: russia, name: Russia}
  - {id: us, kind: state, side: west, name: United States}
  - {id: osce, kind: organisation, name: OSCE}
  - {id: lavrov, kind: person, speaks_for: russia, name: Sergey Lavrov}
demands:
  - {id: old, by: russia, to: us, topic: one, title: An old demand, made: ../2022-01-20, basis: stated, quote: old}
  - {id: new, by: russia, to: us, topic: one, title: A new demand, made: 2022-02-20, basis: stated, quote: new}
offers:
  - {id: offer, by: us, to: russia, topic: one, title: An offer, made: 2022-02-10, basis: stated, quote: offer,
     answers: [old]}
"""
SAID_EARLY = """
format: 1
episode: {id: said-early, kind: statement, title: Said early, published: 2022-02-15, url: https://example.org/b}
packages:
  - {id: both, by: russia, said: 2022-02-14, title: Both, basis: stated, quote: both, items: [old, new]}
responses:
  - {id: no, by: us, said: 2022-01-18/2022-01-22, basis: stated, quote: "no", stances: {old: non-starter}}
  - {id: more, by: russia, speaker: lavrov, said: 2022-02-12, basis: stated, quote: again,
     repeats: {old: {scope: same}}}
outcomes:
  - {items: [old], outcome: superseded, superseded_by: new, on: 2022-02-14, by: russia, basis: stated, quote: instead}
extends:
  - {id: offer, answers: [both]}
"""


@pytest.mark.parametrize(
    "day", slow_but(["2022-02-14"], ["2022-01-19", "2022-01-22", "2022-02-14", "2022-02-16", "2022-03-01"])
)
@pytest.mark.parametrize("known_at", slow_but(["r2"], ["r1", "r2", "r3", "r4", "2000-01-01"]))
def test_what_is_exported_hangs_together_at_every_moment(
    positions: Positions, record: Record, tmp_path: Path, day: str, known_at: str
) -> None:
    record(FOUND_LATE)
    record(SAID_EARLY)
    third = FOUND_LATE.replace("sides:", "sides:\n  - {id: third, name: A third side}").replace(
        "kind: organisation,", "kind: organisation, side: third,"
    )
    record(third)
    positions("retract", "said-early/no", "--why", "a slip")

    for public_by in ([], ["--public-by", day]):
        out = str(tmp_path / "out")
        positions("export", out, "--force", "--as-of", day, "--known-at", known_at, *public_by)
        assert dangling(tmp_path / "out") == []
        told = (
            []
            if known_at == "2000-01-01"
            else positions.ask("history", "--as-of", day, "--known-at", known_at, *public_by)
        )
        exported = {(one["item"], one["actor"], one["stance"]) for one in table(tmp_path / "out", "stances")}
        if not public_by or day == "2022-03-01":  # else the item itself is not public yet, as for `matrix`
            assert exported == {(one["item"], one["actor"], one["stance"]) for one in told}
