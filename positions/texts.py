"""Reading the text of a source from the file that somebody has of it: plain text, Markdown, a saved page, PDF, Word.

The ending of the file's name decides how it is read; a name with another ending, or with none, is a plain text.
Libraries for pages, PDF and Word belong to the extra `code`.
"""

import codecs
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Final

from positions.errors import TextFileError
from positions.quotations import with_plain_letters
from positions.safe_text import UNSAFE, in_one_line

MAX_TEXT_BYTES: Final = 10 * 1024 * 1024
"""The maximum size of a file with plain text, and of the text in another file."""

MAX_MARKDOWN_BYTES: Final = 1024 * 1024
"""The maximum size of a file with Markdown, which takes longer to read."""

MAX_TAGS: Final = 100_000
"""The most tags of a page: finding the article among them takes time."""

MAX_DOCUMENT_BYTES: Final = 50 * 1024 * 1024
"""The maximum size of a PDF or a Word document, which can have pictures."""

MAX_XML_BYTES: Final = 10 * 1024 * 1024
"""The maximum size of what is read of a Word document, after unpacking: it is read as a whole."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHARSET = re.compile(rb"""<(?:meta[^>]+charset|\?xml[^>]+encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_CHARSET_WITHIN = 4096  # bytes: browsers, too, look only at the beginning of a page
_LINE_END = re.compile(r"\r\n|[\r\n\f\v\x85\u2028\u2029]")
_UNQUOTABLE = re.compile(rf"(?!\n)[{UNSAFE}\ufffe\uffff]")
"""What a quotation may not contain."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a source, and the SHA-256 of the file that it was read from."""

    text: str
    sha256: str


def read(path: Path) -> str:
    """The text of the source at `path`, with paragraphs separated by blank lines; the same file gives the same text.

    It has no control, bidirectional or invisible characters: any words of it can be recorded as a quotation.

    Raises:
        TextFileError: the file is missing, too large, damaged or encrypted, has no text, or needs the extra `code`.
    """
    return load(path).text


def load(path: Path) -> Source:
    """The text of the source at `path`, as `read` returns it, with the SHA-256 of the file.

    Raises:
        TextFileError: as for `read`.
    """
    convert, limit = _FORMATS.get(path.suffix.lower(), (plain, MAX_TEXT_BYTES))
    content = contents(path, limit)
    return Source(_tidy(convert(content, in_one_line(str(path)))), hashlib.sha256(content).hexdigest())


def find(folder: Path, name: str) -> Path:
    """The file `name` in `folder` with the first ending for which there is one; with `.txt` if there is none."""
    files = [folder / f"{name}{ending}" for ending in (".txt", *_FORMATS)]
    return next((file for file in files if os.path.exists(file)), files[0])  # noqa: PTH110 (Path.exists raises for some names)


def contents(path: Path, limit: int) -> bytes:
    """The bytes of the file at `path`.

    Raises:
        TextFileError: it cannot be read, or is larger than `limit`.
    """
    name = in_one_line(str(path))  # file names may contain any bytes
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + 1)  # a device or a pipe may be endless
    except (OSError, ValueError) as error:
        raise TextFileError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > limit:
        raise TextFileError(f"{name} is larger than {_mebibytes(limit)}")
    return content


def _tidy(text: str) -> str:
    """`text` with plain letters, one kind of line end, no white space at ends of lines, and single blank lines."""
    kept = with_plain_letters(_UNQUOTABLE.sub("", _LINE_END.sub("\n", text)))
    lines = "\n".join(line.rstrip() for line in kept.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def plain(content: bytes, name: str) -> str:
    """The text in UTF-8, or in UTF-16 if it begins with its byte order mark; messages call the file `name`.

    Raises:
        TextFileError: it is neither; the message says where.
    """
    return _decoded(content, "utf-16" if content.startswith(_UTF_16) else "utf-8-sig", name)


def _decoded(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        expected = encoding.upper().removesuffix("-SIG")
        message = f"{name} is not {expected}: byte {error.object[error.start]:#04x} in line {line}, column {column}"
        raise TextFileError(message, "Save it as UTF-8.") from error


def _markdown(content: bytes, name: str) -> str:
    """The words without the marks, which no quotation has; a very long paragraph keeps them."""
    from markdown_it import MarkdownIt

    parser, environment = MarkdownIt(), dict[str, Any]()
    blocks = MarkdownIt().disable("inline").parse(plain(content, name), environment)
    paragraphs = [block.content for block in blocks if block.content and block.type != "html_block"]
    return "\n\n".join(
        text if len(text) > _LONGEST_PARAGRAPH else _words(parser.parseInline(text, environment)) for text in paragraphs
    )


def _words(tokens: Iterable[Any]) -> str:
    return "".join(_NOT_WORDS.get(part.type, part.content) for token in tokens for part in token.children)


_LONGEST_PARAGRAPH = 8_000  # characters: reading the marks of a longer one may take very long
_NOT_WORDS = {"softbreak": "\n", "hardbreak": "\n", "html_inline": ""}
"""What is put for the parts of a Markdown paragraph that are no words."""


def _html(content: bytes, name: str) -> str:
    """The article of a saved page without menus, or all its text if no article is found."""
    trafilatura = _library("trafilatura", name)
    if content.count(b"<") > MAX_TAGS:
        raise TextFileError(f"{name} has more than {MAX_TAGS:,} tags", "Save its text as plain text.")
    found = trafilatura.extract(_page(content, name), favor_recall=True, include_comments=False)
    if not found:
        raise TextFileError(f"{name} has no text", "Save a page that scripts fill from the browser.")
    return str(found).replace("\n", "\n\n")


def _page(content: bytes, name: str) -> str:
    declared = _CHARSET.search(content[:_CHARSET_WITHIN])
    if declared is None or content.startswith((*_UTF_16, codecs.BOM_UTF8)):
        return plain(content, name)
    try:
        return _decoded(content, codecs.lookup(declared[1].decode("ascii", "replace")).name, name)
    except LookupError as error:
        raise TextFileError(f"{name} has an unknown encoding", "Save it as UTF-8.") from error


def _docx(content: bytes, name: str) -> str:
    mammoth = _library("mammoth", name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist() if part.filename.endswith((".xml", ".rels")))
        text = None if unpacked > MAX_XML_BYTES else str(mammoth.extract_raw_text(io.BytesIO(content)).value)
    except Exception as error:  # what a damaged part makes the library raise is not documented
        raise TextFileError(f"{name} is no Word document, or damaged", "Save it as .docx again.") from error
    if text is None:
        message = f"{name} is larger than {_mebibytes(MAX_XML_BYTES)} when unpacked"
        raise TextFileError(message, "Save its text as plain text.")
    return text


def _pdf(content: bytes, name: str) -> str:
    pdfium = _library("pypdfium2", name)
    try:
        with pdfium.PdfDocument(content) as document:
            text = "\n\n".join(_joined(_pages(document, name)))
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise TextFileError(f"{name} is encrypted", "Save a copy without a password.") from error
        raise TextFileError(f"{name} is no PDF, or damaged", "Open it in a viewer and save it again.") from error
    if not text.strip():
        raise TextFileError(f"{name} has no text: its pages are pictures", "Recognise the text first (`ocrmypdf`).")
    return text


def _pages(document: Any, name: str) -> Iterator[list[str]]:
    """The paragraphs of each page.

    Raises:
        TextFileError: they are longer than a text may be.
    """
    size = 0
    for page in document:
        text = page.get_textpage()
        size += text.count_chars()
        if size > MAX_TEXT_BYTES:
            raise TextFileError(f"{name} has a text larger than {_mebibytes(MAX_TEXT_BYTES)}")
        yield _paragraphs(text)
        page.close()


_LINE = re.compile(r"([^\r\n\ufffe]+)(\ufffe?)")
"""A line as PDFium returns it: U+FFFE is a hyphen at its end."""

_SENTENCE_END = tuple(".!?…:;”»\"'")
_WIDE_GAP = 1.3
"""By how much more than usual two lines are apart if a paragraph begins between them."""


def _paragraphs(page: Any) -> list[str]:
    """The paragraphs of a page, which begin after a wide gap, or in a new column after the end of a sentence."""
    found = list(_LINE.finditer(page.get_text_range()))
    last = page.count_chars() - 1
    bottoms = [page.get_charbox(min(line.start(), last), loose=True)[1] for line in found]
    steps = [above - below for above, below in pairwise(bottoms)]
    usual = median([step for step in steps if step > 0] or [0.0])
    paragraphs: list[list[str]] = []
    for line, step in zip(found, [0.0, *steps], strict=False):
        text = line[1] + "-" * len(line[2])
        begins = step > usual * _WIDE_GAP or (step < 0 and paragraphs[-1][-1].endswith(_SENTENCE_END))
        if begins or not paragraphs:
            paragraphs.append([text])
        else:
            paragraphs[-1].append(text)
    return ["\n".join(lines) for lines in paragraphs]


def _joined(pages: Iterable[list[str]]) -> list[str]:
    """All paragraphs; one that does not end with a sentence goes on, on the next page."""
    joined: list[list[str]] = []
    for page in pages:
        goes_on = bool(joined and page) and not joined[-1][-1].rstrip().endswith(_SENTENCE_END)
        if goes_on:
            joined[-1].append(page[0])
        joined += [[paragraph] for paragraph in page[goes_on:]]
    return ["\n".join(parts) for parts in joined]


def _library(library: str, name: str) -> Any:
    try:
        return import_module(library)
    except ImportError as error:
        message = f"{name} cannot be read without {library}"
        raise TextFileError(message, "Install it with `pip install -e '.[code]'`.") from error


_FORMATS: dict[str, tuple[Callable[[bytes, str], str], int]] = {
    ".md": (_markdown, MAX_MARKDOWN_BYTES),
    ".markdown": (_markdown, MAX_MARKDOWN_BYTES),
    ".htm": (_html, MAX_TEXT_BYTES),
    ".html": (_html, MAX_TEXT_BYTES),
    ".docx": (_docx, MAX_DOCUMENT_BYTES),
    ".pdf": (_pdf, MAX_DOCUMENT_BYTES),
}
"""By ending of the name: what turns the bytes of a file into its text, and how many bytes there may be."""


def _mebibytes(size: int) -> str:
    return f"{size // 1024 // 1024} MiB"
