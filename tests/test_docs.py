"""The documents cannot rot: every example of the README is run, and every command is told of."""

import re
import tomllib

import pytest
import typer
import yaml

from positions import __version__, package_data
from positions.app import app
from tests import documents, reference

ROOT = documents.ROOT
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
PAGES = [path.relative_to(ROOT).as_posix() for path in documents.documents()]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PAGES if "```console" in text(name)])
def test_every_example_prints_what_it_says(name: str) -> None:
    assert documents.rerun(text(name)) == text(name)


@pytest.mark.parametrize("name", reference.pages())
def test_the_reference_is_what_the_program_says(name: str) -> None:
    printed = documents.without_outputs(text(f"docs/reference/{name}"))

    assert printed == reference.pages()[name]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_told_of_and_has_help_with_an_example(command: str) -> None:
    help_text = str(typer.main.get_command(app).commands[command].help)  # type: ignore[attr-defined]
    told = "".join(text(name) for name in PAGES if "/reference/" not in name)

    assert f"positions {command}" in told or f"`{command}" in told
    assert f"Example: positions {command}" in help_text


@pytest.mark.parametrize("name", PAGES)
def test_no_document_names_a_command_that_does_not_exist(name: str) -> None:
    assert set(re.findall(r"positions ([a-z]+)\b(?=[^.]*`)", text(name))) <= {*COMMANDS, "help", "is"}


@pytest.mark.parametrize("name", [*PAGES, "CONTRIBUTING.md", "data/codebook.md"])
def test_every_link_leads_to_a_file(name: str) -> None:
    here = (ROOT / name).parent

    assert [target for target in LINK.findall(text(name)) if not (here / target).exists()] == []


def test_the_readme_is_short() -> None:
    assert len(text("README.md").splitlines()) <= 200


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

    assert "pip install -e '.[test]'" in text("README.md")
    assert {"test", "dev"} <= project["optional-dependencies"].keys()


def test_every_promise_names_tests_that_exist() -> None:
    named = re.findall(r"`(tests/\w+\.py)(?:::(\w+))?`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))

    assert named
    for file, test in named:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not test or f"\ndef {test}(" in text, f"{file}::{test}"
