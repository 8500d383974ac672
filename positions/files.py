"""Writing files and folders atomically: they appear whole or not at all, and survive a power cut.

Output is written beside its destination under a temporary name (it begins with a dot and ends in `.new`), synced to
disk, and then renamed; the rename is synced too before the caller goes on.
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
"""The first bytes of every SQLite file."""

_NO_FOLDER_SYNC = {errno.EACCES, errno.EINVAL, errno.ENOTSUP}
"""Errors from file systems where folders cannot be synced."""

_LONGEST_STEM = 40  # characters kept of the original name: file systems limit the length of names


def require_free(file: Path, *, force: bool, device_hint: str = "- prints to standard output.") -> None:
    """Check that `file` may be written: it is no folder or device, and without `force` it does not exist.

    Raises:
        OutputError: it may not be written.
    """
    if os.path.isdir(file):  # noqa: PTH112 (without permission, os.path returns False, whereas Path raises)
        raise OutputError(f"{file} is a folder", "Name a file in it.")
    if os.path.exists(file) and not os.path.isfile(file):  # noqa: PTH110, PTH113
        raise OutputError(f"{file} is not a file", device_hint)
    if os.path.lexists(file) and not force:
        raise OutputError(f"{file} already exists", "`--force` replaces it.")


def require_free_for_text(file: Path, *, force: bool) -> None:
    """Check as `require_free` does, and that `file` is no SQLite database; - (stdout) always passes.

    Raises:
        OutputError: it may not be written.
    """
    if file == STDOUT:
        return
    require_free(file, force=force)
    with suppress(OSError), file.open("rb") as existing:
        if existing.read(len(SQLITE_HEADER)) == SQLITE_HEADER:
            raise OutputError(f"{file} is a database", "Name another file.")


def write_text(file: Path, text: str, *, force: bool) -> None:
    """Write `text` to `file`, whole or not at all.

    Raises:
        OutputError: the file exists and `force` is false, or it cannot be written.
    """
    require_free_for_text(file, force=force)
    with output_errors(file), new_file(file, replace=force) as new:
        new.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Raise OSErrors that occur while `path` is written as OutputErrors."""
    try:
        yield
    except FileExistsError as error:
        raise OutputError(f"{path} already exists", "`--force` replaces it.") from error
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def new_file(file: Path, *, replace: bool, private: bool = False) -> Iterator[Path]:
    """An empty file beside `file`, renamed to `file` when the block ends without an error.

    `private` makes it readable by its owner only. Without `replace`, an existing file is never replaced.

    Raises:
        FileExistsError: `file` exists and `replace` is false.
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
        for path in (new, new.with_name(f"{new.name}-journal")):  # SQLite may leave a journal on failure
            with suppress(OSError):
                path.unlink()


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """An empty folder beside `folder`, renamed to `folder` when the block ends without an error.

    An existing folder is replaced. No portable system call swaps two folders, so the old one is first renamed to
    `aside(folder)`; if the program is killed at that point, `finish_replacing` puts it back. The caller makes sure that
    nothing else has that name.

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
    """The temporary name of `folder` while it is being replaced."""
    return folder.with_name(f".{folder.name}.old")


def finish_replacing(folder: Path) -> None:
    """Complete an interrupted replacement: remove the old folder if the new one is in place, else restore it.

    Raises:
        OSError: it cannot be restored.
    """
    old = aside(folder)
    if os.path.lexists(old) and not os.path.lexists(folder):
        old.rename(folder)
    sync(folder.parent)  # the new name must be on disk before the old folder is removed
    if os.path.lexists(old):
        rest = _name_beside(folder)
        old.rename(rest)  # a half-removed folder must not be restored by the next run
        shutil.rmtree(rest, ignore_errors=True)


def sync(path: Path) -> None:
    """Wait until the file or folder `path` is on disk; does nothing for folders on Windows.

    Raises:
        OSError: the disk failed.
    """
    is_folder = path.is_dir()
    if sys.platform == "win32" and is_folder:
        return
    try:
        descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if not (is_folder and error.errno in _NO_FOLDER_SYNC):
            raise


def _name_beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:_LONGEST_STEM]}.{uuid4().hex[:12]}.new")


def _rename_to_free_name(new: Path, file: Path) -> None:
    """Link `new` as `file`: unlike renaming, linking never replaces a file. The caller removes the old name."""
    try:
        os.link(new, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(file):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file)) from None
        new.rename(file)
