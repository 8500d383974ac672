"""A folder that appears whole or not at all: built beside its place, made durable, and then put there in one step."""

import ctypes
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from positions import durable
from positions.errors import OutputError

DESCRIPTOR = "datapackage.json"
MARK = "positions"
"""The property of the descriptor that only exports of ours have."""

_LONGEST_DESCRIPTOR = 64 * 1024 * 1024
_HERE = -100  # AT_FDCWD: paths are as the process sees them
_EXCHANGE = 2  # RENAME_EXCHANGE on Linux, RENAME_SWAP on macOS


@contextmanager
def appearing(folder: Path, *, force: bool = False) -> Iterator[Path]:
    """A new folder beside `folder`, which takes that name if the block ends without an error.

    A kill at any moment leaves what was there before, or what is there after; what a killed run leaves beside it has a
    name of its own, begins with a dot and can be deleted. `force` replaces an export of ours that is there.

    Raises:
        OutputError: `folder` is there and may not be replaced, or cannot be written.
    """
    try:
        place = folder.resolve()
        _require_free(folder, place, force=force)
    except (OSError, RuntimeError) as error:  # no name that the system could know, or links in a circle
        raise OutputError(f"{folder} cannot be written: {getattr(error, 'strerror', None) or error}") from error
    new = place.with_name(f".{place.name}.{uuid4().hex[:12]}.new")
    try:
        new.mkdir()
        yield new
        _make_durable(new)
        _require_free(folder, place, force=force)
        _put(new, place)
        durable.sync(place.parent)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _require_free(folder: Path, place: Path, *, force: bool) -> None:
    """Refuse a place where something is that we may not replace; an empty folder is free."""
    if not os.path.lexists(place):  # raises nothing where one may not look
        return
    if not place.is_dir():
        raise OutputError(f"{folder} is there already, and no folder", "Name another.")
    try:
        there = {one.name for one in place.iterdir()}
        is_ours = not there or there <= _written_by_us(place)
    except OSError as error:
        raise OutputError(f"{folder} cannot be read: {error.strerror}") from error
    if not is_ours:
        raise OutputError(f"{folder} is there already and holds something else than an export", "Name another.")
    if there and not force:
        raise OutputError(f"{folder} is there already", "`--force` replaces an export.")


def _written_by_us(place: Path) -> set[str]:
    """The names of the files that an export of ours in `place` consists of; empty if there is none."""
    file = place / DESCRIPTOR
    if not file.is_file() or file.stat().st_size > _LONGEST_DESCRIPTOR:
        return set()
    try:
        described: Any = json.loads(file.read_bytes())
        paths = {str(one["path"]) for one in described["resources"]}
        return {DESCRIPTOR, *paths} if described[MARK]["program"] else set()
    except (ValueError, LookupError, TypeError, RecursionError):
        return set()


def _put(new: Path, place: Path) -> None:
    """Give `new` the name of `place`; what was there has the name of `new` then, or is gone."""
    if not os.path.lexists(place):
        new.rename(place)
        return
    shutil.copymode(place, new)
    if _exchange(new, place):
        return
    old = new.with_suffix(".old")  # two steps where the system has no single one: the old export stays beside
    place.rename(old)
    try:
        new.rename(place)
    except OSError:
        old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change their names in one step; False where the system or its file system cannot."""
    if sys.platform == "win32":
        return False
    library = ctypes.CDLL(None)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        return library.renamex_np(*names, _EXCHANGE) == 0 if hasattr(library, "renamex_np") else False
    if not hasattr(library, "renameat2"):
        return False
    return bool(library.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)


def _make_durable(folder: Path) -> None:
    for one in folder.iterdir():
        durable.sync(one)
    durable.sync(folder)
