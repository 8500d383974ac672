"""The examples of README and docs: run and compared. `python -m tests.documents` writes the real outputs into them.

Each document is run in an empty home of its own, from its first example to its last.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import reference

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
REFERENCE = ROOT / "docs" / "reference"
_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# file: (\S+)\n")


def documents() -> list[Path]:
    """The README and the pages of docs."""
    return [README, *sorted((ROOT / "docs").rglob("*.md"))]


def commands(body: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the output that is printed below it."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def run(command: str, folder: Path) -> str:
    """What a person sees who types `command` in `folder` on a terminal of 80 columns, without colours."""
    program, *words = shlex.split(command)
    assert program == "positions", command
    done = subprocess.run(
        [sys.executable, "-m", "tests.document_program", *words],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def rerun(text: str) -> str:
    """`text` with every example run anew, in order, where nothing was recorded before but Episode 1."""

    def fill(block: re.Match[str]) -> str:
        body = block["body"]
        if found := _FILE.match(body):
            content = body[found.end() :] if found[1].endswith(".csv") else body  # CSV has no comments
            (folder / found[1]).write_text(content, encoding="utf-8")
        if block["kind"] != "console":
            return block[0]
        outputs = (f"$ {command}\n{run(command, folder)}" for command, _ in commands(body))
        return f"```console\n{''.join(outputs)}```"

    if "```console" not in text:
        return text
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        run("positions demands", folder)  # the first use says where the database is, which differs from home to home
        return _BLOCK.sub(fill, text)


def without_outputs(text: str) -> str:
    """`text` with the commands of its examples alone."""

    def strip(block: re.Match[str]) -> str:
        if block["kind"] != "console":
            return block[0]
        return "```console\n" + "".join(f"$ {command}\n" for command, _ in commands(block["body"])) + "```"

    return _BLOCK.sub(strip, text)


def _environment(folder: Path) -> dict[str, str]:
    keep = {name: value for name, value in os.environ.items() if name != "POSITIONS_DB"}
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), "LOCALAPPDATA": str(folder / "data")}
    form = {"TTY_COMPATIBLE": "1", "NO_COLOR": "1", "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    return {**keep, **home, **form, "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    for name, page in reference.pages().items():
        (REFERENCE / name).write_text(page, encoding="utf-8")
    for document in documents():
        document.write_text(rerun(document.read_text(encoding="utf-8")), encoding="utf-8")
