"""Files that replace nothing unasked, and are on the disk when we say so: a power cut does not take them back."""

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from positions.errors import OutputError

_UNABLE = {errno.EACCES, errno.EINVAL, errno.ENOTSUP}
"""What a file system says of a folder that it cannot, or one may not, wait for."""


def require_free(file: Path, *, force: bool, otherwise: str) -> None:
    """Refuse a folder, a device, or a file that is there unless `force` says so; `otherwise` is the hint for a device.

    Raises:
        OutputError: `file` is one of these.
    """
    if os.path.isdir(file):  # noqa: PTH112 (raises nothing where one may not look; so does the next)
        raise OutputError(f"{file} is a folder", "Name a file in it.")
    if os.path.exists(file) and not os.path.isfile(file):  # noqa: PTH110, PTH113
        raise OutputError(f"{file} is no file", otherwise)  # a device would be replaced by a file
    if os.path.lexists(file) and not force:
        raise OutputError(f"{file} is there already", "`--force` replaces it.")


def put(new: Path, file: Path, *, replace: bool) -> None:
    """Give the finished file `new` the name of `file` in one step, and wait until both are on the disk.

    Without `replace` the old name may stay beside it; the caller removes that.

    Raises:
        FileExistsError: something has that name, and it is not to be replaced.
        OSError: it cannot be written there.
    """
    sync(new)
    if replace:
        new.replace(file)
    else:
        _name(new, file)
    sync(file.parent)


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
        if not (is_folder and error.errno in _UNABLE):
            raise


def discard(*files: Path) -> None:
    """Take away what is left of files that were being made, if anything is."""
    for file in files:
        with suppress(OSError):
            file.unlink()


def _name(new: Path, file: Path) -> None:
    """Name a file as no other is named: by a link, which never takes the place of what is there."""
    try:
        os.link(new, file)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(file):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file)) from None
        new.rename(file)  # a file system without links
