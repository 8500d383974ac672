"""The episode file and its draft on disk: nothing is lost, and what another program wrote is never overwritten."""

import hashlib
from pathlib import Path

from positions import files
from positions.errors import InvalidRequestError
from positions.files import output_errors

_HEAD = b"# Draft of what `positions code` holds and has not saved; made from the file with the SHA-256 "
_NONE = b"none"


class ChangedByAnotherError(InvalidRequestError):
    """Another program has changed the file meanwhile."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file.name} was changed by another program", "Choose above which version goes on.")


class Store:
    """An episode file, and beside it `.NAME.draft` with what is not saved yet."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.draft = file.with_name(f".{file.name}.draft")
        self._seen = _content(file)
        self._kept = _content(self.draft)

    def text(self) -> str | None:
        """The text of the file as it was last seen; None if there is no file."""
        return None if self._seen is None else self._seen.decode("utf-8-sig", "replace")

    def draft_text(self) -> str | None:
        """The text of the draft that an earlier run left; None if there is none.

        If the file was changed since the draft was made, `is_changed` is true from now on.
        """
        head, _, text = (self._kept or b"").partition(b"\n")
        if not head.startswith(_HEAD):
            return None
        if head.removeprefix(_HEAD) != _digest(self._seen):
            self._seen = b"\0"  # equals no file: the two versions have to be compared by a person
        return text.decode("utf-8", "replace")

    def is_changed(self) -> bool:
        """Whether another program has changed, made or removed the file since it was last seen."""
        return _content(self.file) != self._seen

    def look(self) -> None:
        """Take note of the file as it is now."""
        self._seen = _content(self.file)

    def keep(self, text: str) -> None:
        """Write `text` into the draft.

        Raises:
            InvalidRequestError: another program writes this draft too.
            OutputError: it cannot be written.
        """
        if _content(self.draft) not in {self._kept, None}:
            hint = "Close one of them; this one cannot keep what you change from here on."
            raise InvalidRequestError(f"{self.file.name} is open at another desk", hint)
        content = _HEAD + _digest(self._seen) + b"\n" + text.encode()
        files.write_text(self.draft, content.decode(), force=True)
        self._kept = content

    def save(self, text: str) -> Path | None:
        """Write `text` into the file and remove the draft; returns where the old file went if it had comments.

        Raises:
            ChangedByAnotherError: another program has changed the file.
            OutputError: it cannot be written.
        """
        if self.is_changed():
            raise ChangedByAnotherError(self.file)
        old = self._set_aside() if comments(self.text() or "") else None
        files.write_text(self.file, text, force=True)
        self._seen = text.encode()
        self.forget()
        return old

    def forget(self) -> None:
        """Remove the draft, if it is this desk's."""
        if self._kept is not None and _content(self.draft) == self._kept:
            with output_errors(self.draft):
                self.draft.unlink()
        self._kept = None

    def _set_aside(self) -> Path:
        """A copy of the file, as it is, under the first free name."""
        number = 1
        while True:
            copy = self.file.with_name(f"{self.file.name}.old{number if number > 1 else ''}")
            if (there := _content(copy)) == self._seen:
                return copy
            if there is None:
                files.write_text(copy, self.text() or "", force=False)
                return copy
            number += 1


def comments(text: str) -> int:
    """How many lines of the YAML `text` are comments, the line that names its schema apart."""
    lines = (line.strip() for line in text.splitlines())
    return sum(1 for line in lines if line.startswith("#") and not line.startswith("# yaml-language-server"))


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InvalidRequestError(f"{file} cannot be read: {error.strerror}") from error


def _digest(content: bytes | None) -> bytes:
    return _NONE if content is None else hashlib.sha256(content).hexdigest().encode()
