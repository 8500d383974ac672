"""The README's examples: read, run and compared. `python -m tests.readme` writes the real outputs into it."""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# file: (\S+)\n")


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
        [sys.executable, "-m", "tests.readme_program", *words],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def rerun(text: str, folder: Path) -> str:
    """`text` with every example run anew, in order."""

    def fill(block: re.Match[str]) -> str:
        body = block["body"]
        if found := _FILE.match(body):
            (folder / found[1]).write_text(body, encoding="utf-8")
        if block["kind"] != "console":
            return block[0]
        outputs = (f"$ {command}\n{run(command, folder)}" for command, _ in commands(body))
        return f"```console\n{''.join(outputs)}```"

    return _BLOCK.sub(fill, text)


def _environment(folder: Path) -> dict[str, str]:
    keep = {name: value for name, value in os.environ.items() if name != "POSITIONS_DB"}
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), "LOCALAPPDATA": str(folder / "data")}
    form = {"TTY_COMPATIBLE": "1", "NO_COLOR": "1", "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    return {**keep, **home, **form, "PYTHONPATH": str(README.parent)}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as here:
        run("positions demands", Path(here))
        README.write_text(rerun(README.read_text(encoding="utf-8"), Path(here)), encoding="utf-8")
