"""The text of a source as `verify` reads it, from the files that people have: text, Markdown, pages, PDF, Word."""

import sys
import unicodedata
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from positions import quotations, texts
from positions.errors import TextFileError
from positions.safe_text import visible
from tests.conftest import TALKS, Output, Positions
from tests.source_files import docx, pdf, zipped

PAGE = """
<!doctype html><html><head><meta charset="{charset}"><title>Talks - The Paper</title><script>var menu</script></head>
<body><nav><ul><li><a href="/">Home</a><li><a href="/w">World</a><li><a href="/p">Politics</a></ul></nav>
<article><h1>Talks fail</h1>
<p>Moscow wants <em>no more members</em>, and “no missiles <a href="x">near us</a>”, diplomats said in Geneva.</p>
<p>Washington is open to discussing missiles, and will put its answers in writing next week. Россия ждёт.</p>
</article><footer>Cookie settings</footer></body></html>
"""


def needs(library: str) -> pytest.MarkDecorator:
    """Skip a test where the extra `code` is not installed."""
    return pytest.mark.skipif(find_spec(library) is None, reason=f"{library}, of the extra `code`, is not installed")


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, bytes], str]:
    """The text of a file with this name and content: `read("a.pdf", content)`."""

    def read_content(name: str, content: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content)
        return texts.read(path)

    return read_content


Read = Callable[[str, bytes], str]


def refusal(read: Read, name: str, content: bytes) -> str:
    """What is said of a file that gives no text."""
    with pytest.raises(TextFileError) as refused:
        read(name, content)
    assert refused.value.hint
    return f"{refused.value} ({refused.value.hint})"


# ---- plain text and Markdown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_may_be_in_any_unicode_encoding(read: Read, encoding: str) -> None:
    assert read("a.txt", "Россия\r\n\r\n\r\nи  НАТО \n".encode(encoding)) == "Россия\n\nи  НАТО"


def test_a_text_has_plain_letters(read: Read) -> None:
    assert read("a.txt", "oﬃcial cafe\u0301, con\u00ad\nstitutes wa\u200bit, روﺳﻴﺎ".encode()) == (
        "official café, constitutes wait, روسيا"
    )


def test_a_name_without_an_ending_is_a_text(read: Read) -> None:
    assert read("reply", b"We *refuse*.") == "We *refuse*."


def test_a_text_in_another_encoding_is_refused_where_it_begins(read: Read) -> None:
    assert "a.txt is not UTF-8: byte 0xe9 in line 2, column 4" in refusal(read, "a.txt", b"a\ncaf\xe9")
    assert "a.txt is not UTF-16" in refusal(read, "a.txt", "Россия".encode("utf-16")[:-1])


def test_markdown_is_read_without_its_marks(read: Read) -> None:
    page = b"# Reply\n\nWe **refuse** [it](http://x.org),\nall of <b>it</b>.\n\n- one\n- two\n\n> said *he*\n"

    assert read("a.md", page) == "Reply\n\nWe refuse it,\nall of it.\n\none\n\ntwo\n\nsaid he"


def test_a_very_long_paragraph_keeps_its_marks(read: Read) -> None:
    assert read("a.md", b"*One*\n\n" + b"[" * 100_000) == "One\n\n" + "[" * 100_000


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_of_a_text_can_be_recorded_and_are_found_again(read: Read, written: str) -> None:
    text = read("a.txt", written.encode("utf-8", "ignore"))

    assert visible(text) == text
    assert quotations.occurrences(quotations.SEPARATOR.join(text.split()), text) >= 1


# ---- pages, PDF, Word


@needs("trafilatura")
@pytest.mark.parametrize("charset", ["utf-8", "windows-1251"])
def test_of_a_saved_page_the_article_is_read(read: Read, charset: str) -> None:
    text = read("page.html", PAGE.format(charset=charset).encode(charset))

    assert "Moscow wants no more members, and “no missiles near us”, diplomats said in Geneva.\n\nWashington" in text
    assert text.endswith("Россия ждёт.")
    assert not [word for word in ("Home", "Cookie", "menu") if word in text]


@needs("trafilatura")
def test_a_page_without_text_is_refused(read: Read) -> None:
    assert "page.htm has no text" in refusal(read, "page.htm", b"<html><body><script>fill()</script></body></html>")
    assert "has more than 100,000 tags" in refusal(read, "page.html", b"<p>a" * 100_001)
    assert "unknown encoding" in refusal(read, "page.html", b'<meta charset="klingon"><p>nuqneH')


@needs("pypdfium2")
def test_lines_of_a_pdf_are_joined_to_paragraphs(read: Read) -> None:
    content = pdf([["A reply."], ["We refuse the ofﬁcial", "proposals."], ["Россия требует", "гарантий."]])

    assert read("a.pdf", content) == "A reply.\n\nWe refuse the official\nproposals.\n\nРоссия требует\nгарантий."


@needs("pypdfium2")
def test_words_that_a_pdf_divides_are_found_whole(read: Read) -> None:
    text = read("a.pdf", pdf([["It con-", "stitutes a non-", "starter, a не\u00ad", "возможность."]]))

    assert quotations.occurrences("constitutes a non-starter, a невозможность", text) == 1


@needs("pypdfium2")
def test_a_pdf_that_cannot_be_read_says_why(read: Read) -> None:
    assert "its pages are pictures" in refusal(read, "a.pdf", pdf([]))
    assert "is no PDF, or damaged" in refusal(read, "a.pdf", b"%PDF-1.7 damaged")
    assert "is encrypted" in refusal(read, "a.pdf", pdf([["secret"]], encrypted=True))


@needs("mammoth")
def test_the_paragraphs_of_a_word_document_are_read(read: Read) -> None:
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>in a table</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    struck = (
        "<w:p><w:ins><w:r><w:t>kept</w:t></w:r></w:ins><w:del><w:r><w:delText>struck</w:delText></w:r></w:del></w:p>"
    )

    text = read("a.docx", docx(["One & two", "Россия"], table + struck))

    assert text == "One & two\n\nРоссия\n\nin a table\n\nkept"


@needs("mammoth")
def test_a_word_document_that_cannot_be_read_says_why(read: Read) -> None:
    for content in (b"PK damaged", zipped({"other": "file"}), docx(["text"])[:-40], zipped({"word/document.xml": "<"})):
        assert "is no Word document, or damaged" in refusal(read, "a.docx", content)


@needs("mammoth")
def test_a_small_word_document_that_unpacks_to_a_large_one_is_refused(read: Read) -> None:
    bomb = docx(["a" * texts.MAX_XML_BYTES])

    assert len(bomb) < 100_000
    assert "larger than 10 MiB when unpacked" in refusal(read, "a.docx", bomb)


@pytest.mark.parametrize(("name", "library"), [("a.pdf", "pypdfium2"), ("a.docx", "mammoth"), ("a.htm", "trafilatura")])
def test_without_the_extra_a_text_can_still_be_read(
    read: Read, monkeypatch: pytest.MonkeyPatch, name: str, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)

    assert "pip install -e '.[code]'" in refusal(read, name, b"content")
    assert read("a.txt", b"text") == "text"


# ---- verify


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("talks.html", PAGE.format(charset="utf-8").encode(), marks=needs("trafilatura")),
        pytest.param(
            "talks.pdf",
            pdf(
                [
                    ["Moscow wants no more mem-", "bers, and “no mis\u00ad", "siles near us”."],
                    ["open to discussing missiles"],
                ]
            ),
            marks=needs("pypdfium2"),
        ),
        pytest.param(
            "talks.docx",
            docx(["no more members", "“no missiles near us”", "open to discussing missiles"]),
            marks=needs("mammoth"),
        ),
        ("talks.md", b"*no* more members, **no missiles near us**; open to\n[discussing](x) missiles"),
        (
            "talks.txt",
            unicodedata.normalize("NFD", "no more members, no missiles near us; open to discussing missiles").encode(
                "utf-16"
            ),
        ),
    ],
)
def test_quotations_are_verified_in_the_file_that_there_is(
    record: Callable[..., Output], positions: Positions, tmp_path: Path, name: str, content: bytes
) -> None:
    record(TALKS)
    (tmp_path / name).write_bytes(content)

    assert "3 of 3 quotations found." in positions("verify", "talks", "--text", str(tmp_path / name)).stdout
    assert "3 of 3 quotations found." in positions("verify", "--all", "--texts", str(tmp_path)).stdout


@needs("pypdfium2")
def test_a_scan_is_an_error_with_a_way_out(record: Callable[..., Output], positions: Positions, tmp_path: Path) -> None:
    record(TALKS)
    (tmp_path / "talks.pdf").write_bytes(pdf([]))

    told = positions("verify", "talks", "--text", str(tmp_path / "talks.pdf"), exit_code=1).stderr

    assert f"Error: talks is not verified: {tmp_path / 'talks.pdf'} has no text: its pages are pictures\nHint: " in told
