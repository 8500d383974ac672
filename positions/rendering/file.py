"""A file that a command makes: it appears whole or not at all, and replaces another only if that was asked for."""

from pathlib import Path
from uuid import uuid4

from positions import durable, sqlite_file
from positions.errors import OutputError
from positions.rendering import output

STDOUT = Path("-")


def require_free(file: Path, *, force: bool) -> None:
    """Refuse to write to a folder or device, or over a file that is there unless `force` says so; - is always free.

    Raises:
        OutputError: `file` is one of these.
    """
    if file == STDOUT:
        return
    durable.require_free(file, force=force, otherwise="- prints to standard output.")
    if sqlite_file.is_sqlite(file):
        raise OutputError(f"{file} is a database", "Name another file.")


def write(file: Path, text: str, *, force: bool) -> None:
    """Write `text` to `file` (- is stdout), with the rights that a new file has.

    Raises:
        OutputError: it is there already and `force` does not say to replace it, or it cannot be written.
    """
    if file == STDOUT:
        output.write(text)
        return
    require_free(file, force=force)
    new = file.with_name(f".{uuid4().hex}.new")
    try:
        with new.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
        durable.put(new, file, replace=force)
    except FileExistsError as error:
        raise OutputError(f"{file} is there already", "`--force` replaces it.") from error
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from error
    finally:
        durable.discard(new)
