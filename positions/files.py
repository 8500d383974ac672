"""Files and folders that appear whole or not at all, and that a power cut does not take back.

What is made is written beside its place, under a name that begins with a dot and ends in `.new`; it is on the disk
before it is renamed, and the new name is on the disk before the caller goes on.
"""

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from positions.errors import OutputError

STDOUT = Path("-")

SQLITE_HEADER = b"SQLite format 3\x00"
"""How every SQLite database begins."""

_NO_FOLDER_SYNC = {errno.EACCES, errno.EINVAL, errno.ENOTSUP}
"""Errors of file systems that cannot sync a folder, or do not let us."""

_LONGEST_STEM = 40  # characters kept of a long name, so that ours is not too long for the file system


def require_free(file: Path, *, force: bool, device_hint: str = "- prints to standard output.") -> None:
    """Refuse to replace a folder, a device, or, without `force`, a file.

    Raises:
        OutputError: one of these is there.
    """
    if os.path.isdir(file):  # noqa: PTH112 (these functions answer no where we may not look; those of Path raise)
        raise OutputError(f"{file} is a folder", "Name a file in it.")
    if os.path.exists(file) and not os.path.isfile(file):  # noqa: PTH110, PTH113
        raise OutputError(f"{file} is no file", device_hint)
    if os.path.lexists(file) and not force:
        raise OutputError(f"{file} is there already", "`--force` replaces it.")


def require_free_for_text(file: Path, *, force: bool) -> None:
    """Refuse as `require_free` does, and refuse to replace any SQLite database; - (stdout) is always free.

    Raises:
        OutputError: one of these is there.
    """
    if file == STDOUT:
        return
    require_free(file, force=force)
    with suppress(OSError), file.open("rb") as there:
        if there.read(len(SQLITE_HEADER)) == SQLITE_HEADER:
            raise OutputError(f"{file} is a database", "Name another file.")


def write_text(file: Path, text: str, *, force: bool) -> None:
    """Write `text` to `file`, whole or not at all.

    Raises:
        OutputError: the file is there and `force` is not given, or it cannot be written.
    """
    require_free_for_text(file, force=force)
    with output_errors(file), new_file(file, replace=force) as new:
        new.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Turn an error of the system while `path` is written into an OutputError."""
    try:
        yield
    except FileExistsError as error:
        raise OutputError(f"{path} is there already", "`--force` replaces it.") from error
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def new_file(file: Path, *, replace: bool, private: bool = False) -> Iterator[Path]:
    """An empty file beside `file`, renamed to `file` when the block ends without an error.

    `private` makes it readable by its owner alone. Without `replace`, nothing that is there is ever replaced.

    Raises:
        FileExistsError: `file` is there, and `replace` is not given.
        OSError: it cannot be written.
    """
    new = _name_beside(file)
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600 if private else 0o666))
    try:
        yield new
        sync(new)
        if replace:
            new.replace(file)
        else:
            _rename_to_free_name(new, file)
        sync(file.parent)
    finally:
        for path in (new, new.with_name(f"{new.name}-journal")):  # SQLite may leave a journal when it fails
            with suppress(OSError):
                path.unlink()


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """An empty folder beside `folder`, renamed to `folder` when the block ends without an error.

    A folder that is there is replaced. No system call does that in one step everywhere, so the old folder is first
    renamed to `aside(folder)`; if the program is killed just then, `finish_replacing` puts it back. The caller makes
    sure that nothing else has that name.

    Raises:
        OSError: it cannot be written.
    """
    new = _name_beside(folder)
    new.mkdir()
    try:
        yield new
        for file in new.iterdir():
            sync(file)
        sync(new)
        if os.path.lexists(folder):
            shutil.copymode(folder, new)
            folder.rename(aside(folder))
        try:
            new.rename(folder)
        finally:
            finish_replacing(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def aside(folder: Path) -> Path:
    """The name that `folder` has for the moment in which another takes its place."""
    return folder.with_name(f".{folder.name}.old")


def finish_replacing(folder: Path) -> None:
    """Remove the old folder if `folder` was replaced; put it back if it was not.

    Raises:
        OSError: it cannot be put back.
    """
    old = aside(folder)
    if os.path.lexists(old) and not os.path.lexists(folder):
        old.rename(folder)
    sync(folder.parent)  # before the old folder goes, the new name must be on the disk
    if os.path.lexists(old):
        rest = _name_beside(folder)
        old.rename(rest)  # half removed, it must not be taken for a folder to put back
        shutil.rmtree(rest, ignore_errors=True)


def sync(path: Path) -> None:
    """Wait until `path`, a file or a folder, is on the disk; Windows cannot for folders.

    Raises:
        OSError: the disk has failed.
    """
    is_folder = path.is_dir()
    if sys.platform == "win32" and is_folder:
        return
    try:
        number = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
        try:
            os.fsync(number)
        finally:
            os.close(number)
    except OSError as error:
        if not (is_folder and error.errno in _NO_FOLDER_SYNC):
            raise


def _name_beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:_LONGEST_STEM]}.{uuid4().hex[:12]}.new")


def _rename_to_free_name(new: Path, file: Path) -> None:
    """Link `new` to `file`: unlike a rename, a link never replaces what is there. The caller removes the old name."""
    try:
        os.link(new, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(file):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file)) from None
        new.rename(file)
