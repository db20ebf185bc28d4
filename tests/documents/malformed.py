"""Files that are wrong on purpose, each in a way of its own."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from tests.documents import papers, samples
from tests.documents.real_files import PIECE, File

BLANK = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"
GIGABYTE = 1024 * PIECE
DESCEND = b'{"type":"GeometryCollection","geometries":['


def raw_pdf(*objects: bytes) -> bytes:
    """Objects 1, 2, … as they are, with a table of where they stand. The first is the root."""
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
    size = len(objects) + 1
    return bytes(made) + end % (size, table, size) + b"startxref\n%d\n%%%%EOF\n" % len(made)


def raw_pages(*pages: bytes, more: tuple[bytes, ...] = ()) -> bytes:
    """Pages are objects 3, 4, …; `more` follow after them."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + len(pages)))
    tree = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(pages))
    return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", tree, *pages, *more)


def stream(facts: bytes, content: bytes) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (facts, len(content), content)


def boxed(box: bytes) -> bytes:
    return raw_pages(BLANK.replace(b"[0 0 200 200]", box))


def endless_forms() -> bytes:
    """A page that draws a form that draws itself, and another one a thousand deep."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R"
        b" /Resources << /XObject << /F 5 0 R /G 6 0 R >> >> >>"
    )
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 200 200] /Resources << /XObject << /F %d 0 R"
    forms = [stream(form % (7 + n) + b" >> >>", b"/F Do /F Do") for n in range(1000)]
    last = stream(form % 6 + b" >> >>", b"/F Do")
    itself = stream(form % 5 + b" >> >>", b"/F Do /F Do")
    return raw_pages(page, more=(stream(b"", b"/F Do /G Do"), itself, *forms, last))


def looping_pages() -> bytes:
    root = b"<< /Type /Catalog /Pages 2 0 R >>"
    tree = b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"
    return raw_pdf(root, tree, b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 2 >>")


def wide_png(width: int = 50_000, height: int = 50_000) -> bytes:
    """One bit a dot, all of them there."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    packer = zlib.compressobj(1)
    row = bytes(1 + width // 8)
    lines = b"".join(packer.compress(row * 500) for _ in range(height // 500)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        samples.picture("png")[:8]
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", lines)
        + chunk(b"IEND", b"")
    )


def gigabyte_of_zeros(path: Path, content_type: str, member: str) -> Path:
    """An office file of a few megabytes, written piece by piece."""
    path.write_bytes(samples.ooxml(content_type))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(member, "w", force_zip64=True) as file,
    ):
        for _ in range(GIGABYTE // PIECE):
            file.write(bytes(PIECE))
    return path


def lied_about(content: bytes) -> bytes:
    """Says of its members that they are small."""
    made = bytearray(content)
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        made[at + 24 : at + 28] = struct.pack("<I", 10)
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(made)


def entity_bomb() -> bytes:
    unfolding = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return samples.docx(
        **{
            "main.xml": f'<!DOCTYPE x [<!ENTITY e0 "ha">{unfolding}]><w:document '
            f'xmlns:w="{papers.WORD}"><w:body><w:p><w:r><w:t>&e9;</w:t></w:r></w:p></w:body>'
            "</w:document>"
        }
    )


def attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["run.exe"] = b"MZ" + bytes(1000)


def with_xfa(pdf: Any) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(
        XFA=pikepdf.Array(["template", pikepdf.Stream(pdf, b"<template xmlns='urn:x'/>")]),
        Fields=pikepdf.Array([]),
        NeedAppearances=True,
    )
    pdf.Root.NeedsRendering = True


def made(folder: Path, pdf: bytes, jpeg: bytes) -> Iterator[tuple[str, File, str]]:
    """What it is, the file, and what becomes of it: `accepted`, or one of the words of why.

    `pdf` and `jpeg`: real ones.
    """
    html = samples.HTML
    yield "a web page with a PDF in it", File("plan.pdf", html + pdf), "markup"
    yield "a PDF with a web page in it", File("plan.pdf", b"%PDF-1.5\n" + html + pdf), "markup"
    yield "a web page with a photograph", File("yard.jpg", html + jpeg), "markup"
    comment = b"\xff\xd8\xff\xfe" + struct.pack(">H", len(html) + 2) + html
    yield "a photograph that is a web page", File("yard.jpg", comment + jpeg[2:]), "markup"
    yield "a photograph with a PDF behind", File("yard.jpg", jpeg + pdf), "accepted"
    for kind, member in (
        (samples.TEXT, "word/document.xml"),
        (samples.SHEET, "xl/worksheets/sheet1.xml"),
    ):
        name = "docx" if kind == samples.TEXT else "xlsx"
        bomb = gigabyte_of_zeros(folder / f"bomb.{name}", kind, member)
        yield f"a gigabyte of zeros as {name}", File(f"bomb.{name}", bomb), "too_heavy"
        yield (
            f"the same {name} that says it is small",
            File(f"bomb.{name}", lied_about(bomb.read_bytes())),
            "broken",
        )
    yield "a picture of 50,000 by 50,000 dots", File("plan.png", wide_png()), "too_many_pixels"
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(locked, encryption=pikepdf.Encryption("owner", "user", R=6))
    yield "a PDF with a password", File("plan.pdf", locked.getvalue()), "locked"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16le")
    yield "a text with a password", File("letter.docx", ole), "old_office"
    yield "a form in XFA", File("form.pdf", papers.changed(pdf, with_xfa)), "accepted"
    yield "files within a PDF", File("plan.pdf", papers.changed(pdf, attached)), "accepted"
    yield "a PDF called a text", File("plan.docx", pdf), "disagrees"
    yield "a photograph called a table", File("plan.csv", jpeg), "disagrees"
    wrong = pdf[: pdf.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n"
    yield "a PDF whose table is elsewhere", File("plan.pdf", wrong), "accepted"
    yield "pages that go round", File("plan.pdf", looping_pages()), "broken"
    yield "forms without end", File("plan.pdf", endless_forms()), "accepted"
    yield "a page of a negative size", File("plan.pdf", boxed(b"[200 200 -200 -200]")), "accepted"
    for size in (b"20000", b"1e9", b"1000000000", b"3000000000.5", b"99999999999999"):
        box = b"[0 0 %b %b]" % (size, size)
        yield f"a page of {size.decode()} points", File("plan.pdf", boxed(box)), "accepted"
    box = b"[0 0 %b 200]" % (b"9" * 60)
    yield "a page of a size that no number holds", File("plan.pdf", boxed(box)), "broken"
    for box in (b"[0 0 0 0]", b"[0 0 200]", b"(text)", b"[0 0 9e9 0.001]", b"null"):
        yield f"a page of {box.decode()}", File("plan.pdf", boxed(box)), "accepted"
    yield "3,001 pages", File("plan.pdf", raw_pages(*[BLANK] * 3001)), "too_many_pages"
    crowd = {f"xl/part{n}.xml": b"" for n in range(20_001)}
    yield "20,001 members", File("count.xlsx", samples.xlsx(**crowd)), "too_heavy"
    paths = {"/etc/passwd": b"x", "../../etc/passwd": b"x", "C:\\boot.ini": b"x"}
    yield "members that lead outside", File("letter.docx", samples.docx(**paths)), "broken"
    macros = {"xl/vbaProject.bin": b"x"}
    yield "a table with macros", File("count.xlsx", samples.xlsx(**macros)), "macros"
    yield "entities that unfold", File("letter.docx", entity_bomb()), "broken"
    line = folder / "line.csv"
    with line.open("wb") as file:
        for _ in range(60):
            file.write(b"123;" * (PIECE // 4))
    yield "a table of one line of 60 MB", File("line.csv", line), "too_heavy"
    long_word = folder / "word.csv"
    with long_word.open("wb") as file:
        for _ in range(60):
            file.write(b"a" * PIECE)
    yield "a table of one word of 60 MB", File("word.csv", long_word), "accepted"
    yield "a text of two bytes a letter", File("note.txt", "Verslag".encode("utf-16")), "utf16"
    yield "the same without a mark", File("note.txt", "Verslag".encode("utf-16le")), "no_text"
    deep = DESCEND * 100_000 + b"]}" * 100_000
    yield "a map 100,000 deep", File("yard.geojson", deep), "no_geojson"
    shallow = DESCEND * 400 + b"]}" * 400
    yield "a map 400 deep", File("yard.geojson", shallow), "no_geojson"
