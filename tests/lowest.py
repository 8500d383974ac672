"""The lowest versions that pyproject.toml allows, as constraints for pip: `python -m tests.lowest > lowest.txt`."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
_FLOOR = re.compile(r"([\w-]+)(?:\[[\w,]+\])?>=([\d.]+)")


def constraints(*extras: str) -> Iterator[str]:
    """A constraint for each dependency of the program and of `extras`, like `typer==0.26`."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    for group in (project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)):
        for requirement in group:
            if found := _FLOOR.match(requirement):
                yield f"{found[1]}=={found[2]}"


if __name__ == "__main__":
    print("\n".join(constraints("test")))
