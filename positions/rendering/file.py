"""A file that a command makes: it appears whole or not at all, and replaces another only if that was asked for."""

import os
from pathlib import Path
from uuid import uuid4

from positions.errors import OutputError
from positions.rendering import show

STDOUT = Path("-")


def require_free(file: Path, *, force: bool) -> None:
    """Refuse to write to a folder or device, or over a file that is there unless `force` says so; - is always free.

    Raises:
        OutputError: `file` is one of these.
    """
    if file == STDOUT:
        return
    if file.is_dir():
        raise OutputError(f"{file} is a folder", "Name a file in it.")
    if file.exists() and not file.is_file():  # a device would be replaced by a file
        raise OutputError(f"{file} is no file", "- prints to standard output.")
    if os.path.lexists(file) and not force:
        raise OutputError(f"{file} is there already", "`--force` replaces it.")


def write(file: Path, text: str, *, force: bool) -> None:
    """Write `text` to `file` (- is stdout), with the rights that a new file has.

    Raises:
        OutputError: it is there already and `force` does not say to replace it, or it cannot be written.
    """
    if file == STDOUT:
        show.write(text)
        return
    require_free(file, force=force)
    new = file.with_name(f".{uuid4().hex}.new")
    try:
        with new.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
        _name(new, file, force=force)
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from error
    finally:
        new.unlink(missing_ok=True)


def _name(new: Path, file: Path, *, force: bool) -> None:
    """Give the finished file its name; without `force` one that has come up meanwhile is left as it is."""
    if force:
        new.replace(file)
        return
    try:
        os.link(new, file)
    except FileExistsError as error:
        raise OutputError(f"{file} is there already", "`--force` replaces it.") from error
    except OSError:  # a file system without links
        new.replace(file)
