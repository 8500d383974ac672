"""Small files of the formats that people keep sources in: PDF, Word, and saved pages."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /All def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"""

_CONTENT_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""

_RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="word/document.xml"/></Relationships>"""

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(paragraphs: Sequence[Sequence[str]], *, encrypted: bool = False) -> bytes:
    """A page with the lines of `paragraphs`, between which is a wider gap; `encrypted` with an unknown password."""
    shown, height = [], 800
    for lines in paragraphs:
        for line in lines:
            shown.append(f"BT /F 10 Tf 50 {height} Td <{line.encode('utf-16-be').hex()}> Tj ET")
            height -= 12
        height -= 12
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 850] /Contents 4 0 R\n"
            b"/Resources << /Font << /F 5 0 R >> >> >>"
        ),
        _stream("\n".join(shown).encode()),
        (
            b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H\n"
            b"/DescendantFonts [6 0 R] /ToUnicode 7 0 R >>"
        ),
        (
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 500\n"
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>\n"
            b"/FontDescriptor << /Type /FontDescriptor /FontName /A /Flags 4 /Ascent 800 /Descent -200\n"
            b"/FontBBox [0 -200 1000 800] /ItalicAngle 0 /CapHeight 700 /StemV 80 >> >>"
        ),
        _stream(_TO_UNICODE),
    ]
    written, places = io.BytesIO(b"%PDF-1.7\n"), []
    written.seek(0, io.SEEK_END)
    for number, content in enumerate(objects, 1):
        places.append(written.tell())
        written.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = written.tell()
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    written.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows))
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]"
    encryption = lock % (b"11" * 32, b"22" * 32) if encrypted else b""
    written.write(
        b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, encryption, start)
    )
    return written.getvalue()


def docx(paragraphs: Sequence[str], body: str = "") -> bytes:
    """A Word document with `paragraphs`, and `body` as further XML."""
    runs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>' for text in paragraphs)
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{runs}{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": _CONTENT_TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document})


def zipped(files: dict[str, str]) -> bytes:
    """A zip archive with `files`."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
