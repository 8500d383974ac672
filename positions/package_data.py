"""The files shipped with the program: `data/` and `migrations/`."""

from pathlib import Path

LICENSE = "CC-BY-4.0"
"""The licence of the shipped coding, by its SPDX name; quotations belong to those who said or wrote them."""

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The path of the folder `name`: inside the package if installed from a wheel, beside it in a checkout.

    Raises:
        FileNotFoundError: the installation is broken.
    """
    for candidate in (_PACKAGE / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    message = f"the folder {name!r} is missing from this installation of positions"
    raise FileNotFoundError(message)


def newest_migration() -> str:
    """The revision of the newest migration, from the file names of the scripts (`0002_what_it_does.py`)."""
    return max(path.name.partition("_")[0] for path in (folder("migrations") / "versions").glob("[0-9]*_*.py"))


def first_episode() -> Path:
    """The path of the episode file recorded in every new database."""
    return folder("data") / "episodes" / "2022-01-17-episode-1.yaml"


def episodes() -> list[Path]:
    """The paths of all episode files, in order of publication (file names begin with the date)."""
    return sorted((folder("data") / "episodes").glob("*.yaml"))
