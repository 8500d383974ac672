"""The documents cannot rot: every example of the README is run, and every command is told of."""

import re
import tomllib
from pathlib import Path

import pytest
import typer
import yaml

from positions import __version__, package_data
from positions.app import app
from tests import readme

ROOT = readme.README.parent
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.slow
def test_every_example_of_the_readme_prints_what_it_says(tmp_path: Path) -> None:
    readme.run("positions demands", tmp_path)
    text = readme.README.read_text(encoding="utf-8")

    assert readme.rerun(text, tmp_path) == text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme_and_has_help_with_an_example(command: str) -> None:
    help_text = str(typer.main.get_command(app).commands[command].help)  # type: ignore[attr-defined]

    assert f"positions {command}" in readme.README.read_text(encoding="utf-8")
    assert f"Example: positions {command}" in help_text


def test_the_readme_names_no_command_that_does_not_exist() -> None:
    text = readme.README.read_text(encoding="utf-8")

    assert set(re.findall(r"positions ([a-z]+)\b(?=[^.]*`)", text)) <= {*COMMANDS, "is"}


def test_the_citation_names_the_version_and_the_licence_of_the_data() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

    assert {"cff-version", "message", "title", "authors", "type"} <= citation.keys()
    assert citation["version"] == __version__
    assert citation["license"] == package_data.LICENSE


def test_the_version_is_in_the_changelog() -> None:
    from positions import __version__  # noqa: PLC0415

    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_installs_what_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert "pip install -e '.[test]'" in readme.README.read_text(encoding="utf-8")
    assert {"test", "dev"} <= project["optional-dependencies"].keys()


def test_every_promise_names_tests_that_exist() -> None:
    named = re.findall(r"`(tests/\w+\.py)(?:::(\w+))?`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))

    assert named
    for file, test in named:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not test or f"\ndef {test}(" in text, f"{file}::{test}"
