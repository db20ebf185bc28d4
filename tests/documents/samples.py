"""Real bytes of every kind of file, and of those that pretend."""

import io
import json
import zipfile
from collections.abc import Mapping

import pikepdf
from PIL import Image

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TEXT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_SHEET = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
HTML = b"<!doctype html><html><script>alert(document.domain)</script></html>"


def pdf(pages: int = 2, encryption: pikepdf.Encryption | bool = False) -> bytes:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    out = io.BytesIO()
    made.save(out, encryption=encryption, deterministic_id=not encryption)
    return out.getvalue()


def written(*pages: str) -> bytes:
    """A PDF with one line of words on each page."""
    made = pikepdf.new()
    font = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for words in pages:
        page = made.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = made.make_stream(f"BT /F1 24 Tf 72 700 Td ({words}) Tj ET".encode())
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def picture(kind: str, size: tuple[int, int] = (320, 200)) -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(out, kind)
    return out.getvalue()


def pixel_bomb() -> bytes:
    """A few kilobytes that unpack to 900 million dots."""
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "png")
    return out.getvalue()


def memory_bomb() -> bytes:
    """Map data of 45 megabytes that takes more than a gigabyte to read."""
    return b"[" + b"{}," * 15_000_000 + b"{}]"


def zipped(members: Mapping[str, bytes | str], stored: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=how)
    return out.getvalue()


def ooxml(content_type: str, **more: bytes | str) -> bytes:
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/main.xml" ContentType="{content_type}"/></Types>'
    )
    return zipped({"[Content_Types].xml": types, "main.xml": "<x/>", **more})


def xlsx(**more: bytes | str) -> bytes:
    return ooxml(SHEET, **more)


def docx(**more: bytes | str) -> bytes:
    return ooxml(TEXT, **more)


def odf(kind: str, **more: bytes | str) -> bytes:
    members: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": "<x/>",
        "META-INF/manifest.xml": "<manifest xmlns='urn:x'/>",
    }
    return zipped(members | more, stored=("mimetype",))


def geojson() -> bytes:
    yard = {
        "type": "Feature",
        "properties": {"name": "rangeerterrein"},
        "geometry": {"type": "Point", "coordinates": [4.43, 51.23]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [yard]}).encode()


CSV = "dag;aantal\r\nmaandag;één\r\n"
GOOD: dict[str, bytes] = {
    "plan.pdf": pdf(),
    "yard.png": picture("png"),
    "yard.jpg": picture("jpeg"),
    "yard.JPEG": picture("jpeg"),
    "yard.webp": picture("webp"),
    "count.csv": CSV.encode(),
    "old count.csv": CSV.encode("cp1252"),
    "count.xlsx": xlsx(),
    "count.ods": odf("spreadsheet"),
    "letter.docx": docx(),
    "letter.odt": odf("text"),
    "yard.geojson": geojson(),
    "minutes.txt": b"Verslag van de infoavond\n",
    "minutes with bom.txt": "\ufeffVerslag\n".encode(),
}
"""Name → content of what is taken."""

BAD: dict[str, tuple[str, bytes]] = {
    "a web page": ("page.html", HTML),
    "a web page called text": ("page.txt", HTML),
    "a web page called a table": ("page.csv", b"\n\n  " + HTML),
    "a drawing": ("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a drawing called text": ("plan.txt", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "xml": ("data.xml", b"<?xml version='1.0'?><data/>"),
    "xml called text": ("data.txt", b"<?xml version='1.0'?><data/>"),
    "an archive": ("all.zip", zipped({"plan.pdf": pdf()})),
    "an archive called a table": ("all.xlsx", zipped({"plan.pdf": pdf()})),
    "a tape archive called text": ("all.txt", b"a" * 257 + b"ustar\x0000" + bytes(200)),
    "a gzip called a table": ("count.csv", b"\x1f\x8b\x08\x00" + bytes(40)),
    "a program": ("setup.exe", b"MZ\x90\x00" + bytes(60)),
    "a program called PDF": ("setup.pdf", b"MZ\x90\x00" + bytes(60)),
    "a script": ("run.sh", b"#!/bin/sh\nrm -rf /\n"),
    "a script called text": ("run.txt", b"#!/bin/sh\nrm -rf /\n"),
    "a java program called a text": ("x.docx", zipped({"META-INF/MANIFEST.MF": "Main-Class: X"})),
    "a web page that is also a PDF": ("plan.pdf", HTML + pdf()),
    "a PDF that is also a web page": ("plan.pdf", b"%PDF-1.7\n" + HTML + pdf()),
    "bytes before the PDF": ("plan.pdf", b"\x00\x01junk\n" + pdf()),
    "a PDF called a picture": ("plan.png", pdf()),
    "a picture called PDF": ("yard.pdf", picture("png")),
    "a png called jpg": ("yard.jpg", picture("png")),
    "text called PDF": ("plan.pdf", b"This is no PDF."),
    "a table called text of another kind": ("count.docx", xlsx()),
    "a name without an ending": ("plan", pdf()),
    "an ending that nobody knows": ("plan.xyz", pdf()),
    "a PDF with a password": ("plan.pdf", pdf(encryption=pikepdf.Encryption("owner", "user"))),
    "a PDF that may not be copied": ("plan.pdf", pdf(encryption=pikepdf.Encryption("owner", ""))),
    "a PDF without a page": ("plan.pdf", pdf(pages=0)),
    "half a PDF": ("plan.pdf", pdf(40)[: len(pdf(40)) // 2]),
    "half a picture": ("yard.png", picture("png")[:2000]),
    "half a photograph": ("yard.jpg", picture("jpeg", (2000, 1500))[:9000]),
    "half a table": ("count.xlsx", xlsx(more="x" * 9000)[:-30]),
    "a picture of 900 million dots": ("bomb.png", pixel_bomb()),
    "a table that unpacks to a gigabyte": ("bomb.xlsx", xlsx(bomb=bytes(150_000_000))),
    "a table of ten thousand parts": (
        "bomb.xlsx",
        zipped({f"part{number}": "" for number in range(10_001)}),
    ),
    "an old office file": ("count.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "a locked office file": ("count.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "macros by their name": ("count.xlsm", ooxml(MACRO_SHEET)),
    "macros called a table": ("count.xlsx", ooxml(MACRO_SHEET)),
    "a table with Visual Basic": ("count.xlsx", xlsx(**{"xl/vbaProject.bin": b"x"})),
    "a table with old macros": ("count.xlsx", xlsx(**{"xl/macrosheets/sheet1.xml": "<x/>"})),
    "a text with ActiveX": ("letter.docx", docx(**{"word/activeX/activeX1.bin": b"x"})),
    "a table with Basic": ("count.ods", odf("spreadsheet", **{"Basic/Standard/M1.xml": "<x/>"})),
    "a text with scripts": ("letter.odt", odf("text", **{"Scripts/python/run.py": "x"})),
    "a locked text": (
        "letter.odt",
        odf(
            "text",
            **{"META-INF/manifest.xml": "<m xmlns='urn:x'><e><encryption-data/></e></m>"},
        ),
    ),
    "a drawing of an office program": ("plan.ods", odf("graphics")),
    "content types that unfold": (
        "count.xlsx",
        zipped({"[Content_Types].xml": '<!DOCTYPE x [<!ENTITY a "b">]><Types>&a;</Types>'}),
    ),
    "words that unfold": (
        "letter.docx",
        docx(**{"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
    ),
    "a part that leads outside": ("letter.docx", docx(**{"../../etc/passwd": "x"})),
    "a part with a place of its own": ("letter.docx", docx(**{"C:\\boot.ini": "x"})),
    "an empty file": ("plan.pdf", b""),
    "zeros called text": ("minutes.txt", b"Verslag\x00\x00"),
    "letters of two bytes": ("count.csv", CSV.encode("utf-16")),
    "bytes that are no letters": ("minutes.txt", b"caf\x81\x8d\x8f"),
    "no map data": ("yard.geojson", b'{"type": "Yard"}'),
    "no json": ("yard.geojson", b"not json"),
    "brackets without end": ("yard.geojson", b"[" * 500_000),
    "a film": ("yard.mp4", bytes(100)),
    "slides": ("plan.pptx", zipped({"[Content_Types].xml": "<Types/>"})),
}
"""What it is → name and content of what is refused."""
