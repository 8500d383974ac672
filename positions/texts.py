"""Reading the text of a source from the file that somebody has of it: a plain text, Markdown.

The ending of the file's name decides how it is read; a name with another ending, or with none, is a plain text.
Libraries for other formats belong to the extra `code`.
"""

import codecs
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from positions.errors import TextFileError
from positions.safe_text import in_one_line

MAX_TEXT_BYTES: Final = 10 * 1024 * 1024
"""The maximum size of a file with plain text."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a source, and the SHA-256 of the file that it was read from."""

    text: str
    sha256: str


def read(path: Path) -> str:
    """The text of the source at `path`, with paragraphs separated by blank lines; the same file gives the same text.

    Raises:
        TextFileError: the file is missing, too large or damaged, or it has no text.
    """
    return load(path).text


def load(path: Path) -> Source:
    """The text of the source at `path`, as `read` returns it, with the SHA-256 of the file.

    Raises:
        TextFileError: as for `read`.
    """
    convert, limit = _FORMATS.get(path.suffix.lower(), (_plain, MAX_TEXT_BYTES))
    content = _content(path, limit)
    try:
        text = convert(content)
    except _UnusableError as error:
        raise TextFileError(f"{_name(path)} {error}", error.hint) from error
    return Source(_tidy(text), hashlib.sha256(content).hexdigest())


class _UnusableError(Exception):
    """Why a file has no text for us; the message continues the name of the file."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def _content(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + 1)  # a device or a pipe may be endless
    except OSError as error:
        raise TextFileError(f"{_name(path)} cannot be read: {error.strerror}") from error
    if len(content) > limit:
        raise TextFileError(f"{_name(path)} is larger than {limit // 1024 // 1024} MiB")
    return content


def _tidy(text: str) -> str:
    """`text` with one kind of line end, no white space at the end of lines, and single blank lines."""
    lines = "\n".join(line.rstrip() for line in re.split(r"\r\n|[\r\n\f\v\x85\u2028\u2029]", text))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def _plain(content: bytes) -> str:
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        expected = "UTF-16, as its first bytes say" if encoding == "utf-16" else "UTF-8"
        message = f"is not {expected}: byte {error.object[error.start]:#04x} in line {line}, column {column}"
        raise _UnusableError(message, "Save the text as UTF-8.") from error


def _markdown(content: bytes) -> str:
    """The words without the marks: a quotation has none."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt().parse(_plain(content))
    return "\n\n".join(
        "".join(_MARKDOWN_BREAKS.get(part.type, part.content) for part in token.children)
        if token.children is not None
        else token.content
        for token in tokens
        if token.content and token.type != "html_block"
    )


_MARKDOWN_BREAKS = {"softbreak": "\n", "hardbreak": "\n", "html_inline": ""}
"""What stands for tokens that have no words."""

_FORMATS: dict[str, tuple[Callable[[bytes], str], int]] = {
    ".md": (_markdown, MAX_TEXT_BYTES),
    ".markdown": (_markdown, MAX_TEXT_BYTES),
}
"""By ending of the name: what turns the bytes of a file into its text, and how many bytes there may be."""


def _name(path: Path) -> str:
    """The path as text that can be shown: file names may contain any bytes."""
    return in_one_line(str(path))
