"""Looks into an uploaded file and says what it is. Runs as a child process with limits.

    python -I inspecting.py FILE EXTENSION   →   {"kind": "pdf", "pages": 6}
                                            or   {"refused": "locked"}

A file that is made to blow up takes this child with it and nothing else. For that it stands
alone: it imports nothing of mobilise, and is started by its path.
"""

import codecs
import contextlib
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 30
WALL_SECONDS = 45
PIXELS = 80_000_000  # an A3 scan at 600 dpi is 70 million
MEMBERS = 10_000
UNPACKED = 200 * 1024 * 1024
RATIO = 100
GEOJSON_BYTES = 50 * 1024 * 1024
PIECE = 1024 * 1024

KINDS = {
    "pdf": "pdf",
    "jpg": "jpg",
    "jpeg": "jpg",
    "png": "png",
    "webp": "webp",
    "csv": "csv",
    "txt": "txt",
    "geojson": "geojson",
    "xlsx": "xlsx",
    "docx": "docx",
    "ods": "ods",
    "odt": "odt",
}
"""Extension → kind. What is not here is refused."""

_MAGIC = [
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "archive"),  # an empty zip
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),  # also a new one with a password
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xce\xfa\xed\xfe", "program"),
    (b"#!", "program"),
    (b"GIF8", "other_picture"),
    (b"II*\x00", "other_picture"),
    (b"MM\x00*", "other_picture"),
]
_MARKUP = re.compile(
    rb"<(!doctype|html|head|body|script|svg|iframe|style|img|table|div|meta|\?xml)\b|<!--", re.I
)
_PAGE = re.compile(rb"<(!doctype\s+html|html|body|script|iframe|svg)\b", re.I)
_OOXML = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
}
_ODF = {
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.text": "odt",
}
_GEOJSON = {
    "Feature",
    "FeatureCollection",
    "GeometryCollection",
    "LineString",
    "MultiLineString",
    "MultiPoint",
    "MultiPolygon",
    "Point",
    "Polygon",
}


class Refused(Exception):
    """The file is refused; the word says why, the parent has the sentence."""


def inspect(path: Path, extension: str) -> dict[str, Any]:
    """What the file is, when its content and its extension agree; else raises Refused."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused("empty")
    found = _family(head)
    expected = KINDS.get(extension)
    if found == "zip":
        return _agreed(_inside_zip(path), expected)
    if found in ("pdf", "jpg", "png", "webp"):
        if found == expected and _PAGE.search(head[:1024]):
            raise Refused("markup")  # a web page that dresses up as something else
        _agreed(found, expected)
        return _pdf(path) if found == "pdf" else _picture(path, found)
    if found != "text":
        raise Refused(found)
    if expected not in ("csv", "txt", "geojson"):
        raise Refused("disagrees" if expected else "unknown")
    _text(path)
    return _geojson(path) if expected == "geojson" else {"kind": expected}


def _agreed(found: str, expected: str | None) -> dict[str, Any]:
    if found != expected:
        raise Refused("disagrees" if expected else "unknown")
    return {"kind": found}


def _family(head: bytes) -> str:
    """What the first bytes promise."""
    for magic, family in _MAGIC:
        if head.startswith(magic):
            return family
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[257:262] == b"ustar":
        return "archive"
    if head[4:12] in (b"ftypheic", b"ftypavif", b"ftypmif1", b"ftypheix"):
        return "other_picture"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf16"
    if head.startswith(b"MZ") and b"\x00" in head:
        return "program"
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n\f")
    if _MARKUP.match(start):
        return "markup"
    if b"%PDF-" in head[:1024] and b"\x00" in head:
        return "pdf_not_first"
    return "text"


# --- PDF and pictures ----------------------------------------------------------------------


def _pdf(path: Path) -> dict[str, Any]:
    import pikepdf

    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2048))
        if b"%%EOF" not in file.read():
            raise Refused("broken")  # cut off on the way
    try:
        with pikepdf.open(path, access_mode=pikepdf.AccessMode.stream) as pdf:
            if pdf.is_encrypted:
                raise Refused("locked")
            pages = len(pdf.pages)
            if not pages:
                raise Refused("broken")
            pdf.pages[pages - 1].obj.get("/MediaBox")
    except pikepdf.PasswordError as error:
        raise Refused("locked") from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused("broken") from error
    return {"kind": "pdf", "pages": pages}


def _picture(path: Path, kind: str) -> dict[str, Any]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, before anything is unpacked
    names = {"jpg": ["JPEG"], "png": ["PNG"], "webp": ["WEBP"]}[kind]
    try:
        with Image.open(path, formats=names) as picture:
            if picture.width * picture.height > PIXELS:
                raise Refused("too_many_pixels")
            picture.verify()
        with Image.open(path, formats=names) as picture:
            if kind == "jpg":
                picture.draft("RGB", (picture.width // 8, picture.height // 8))
            picture.load()  # finds what is cut off
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("broken") from error
    return {"kind": kind}


# --- what comes in a zip ---------------------------------------------------------------------


def _inside_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            _not_a_bomb(archive.infolist())
            names = {item.filename for item in archive.infolist()}
            kind = _office_kind(archive, names)
            _no_macros(names)
            for item in archive.infolist():  # a size may be a lie, a checksum is not
                with archive.open(item) as member:
                    while member.read(PIECE):
                        pass
            return kind
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise Refused("broken") from error
    except (RuntimeError, ElementTree.ParseError, ValueError) as error:
        raise Refused("broken") from error


def _not_a_bomb(items: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(item.file_size for item in items)
    packed = sum(item.compress_size for item in items)
    if len(items) > MEMBERS or unpacked > UNPACKED or unpacked > RATIO * max(packed, 1):
        raise Refused("too_heavy")
    if any(item.flag_bits & 1 for item in items):
        raise Refused("locked")


def _office_kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "mimetype" in names:
        kind = _ODF.get(_small(archive, "mimetype").strip())
        if kind is None or "[Content_Types].xml" in names:
            raise Refused("archive")
        if "META-INF/manifest.xml" in names and any(
            tag.endswith("}encryption-data") for tag, _ in _elements(archive, names, "manifest")
        ):
            raise Refused("locked")
        return kind
    if "[Content_Types].xml" not in names:
        raise Refused("program" if "META-INF/MANIFEST.MF" in names else "archive")
    types = {attributes.get("ContentType", "") for _, attributes in _elements(archive, names)}
    if any("macroenabled" in each.lower() or "vbaproject" in each.lower() for each in types):
        raise Refused("macros")
    kinds = {_OOXML[each] for each in types if each in _OOXML}
    if len(kinds) != 1:
        raise Refused("archive")
    return kinds.pop()


def _elements(
    archive: zipfile.ZipFile, names: set[str], which: str = "types"
) -> Iterator[tuple[str, dict[str, str]]]:
    name = "[Content_Types].xml" if which == "types" else "META-INF/manifest.xml"
    source = _small(archive, name)
    if b"<!DOCTYPE" in source or b"<!ENTITY" in source:
        raise Refused("broken")  # office programs never write one
    for element in ElementTree.fromstring(source).iter():
        yield element.tag, element.attrib


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        content = member.read(4 * PIECE)
    if len(content) == 4 * PIECE:
        raise Refused("too_heavy")
    return content


def _no_macros(names: set[str]) -> None:
    """Neither Visual Basic, nor Excel 4 macros, nor ActiveX, nor scripts of LibreOffice."""
    for name in (each.lower() for each in names):
        last = name.rsplit("/", 1)[-1]
        if last.startswith("vbaproject") or "/macrosheets/" in name or "/activex/" in name:
            raise Refused("macros")
        is_index = last in ("", "script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")
        if name.startswith(("basic/", "scripts/", "dialogs/")) and not is_index:
            raise Refused("macros")


# --- text ------------------------------------------------------------------------------------


def _text(path: Path) -> None:
    """UTF-8, or else the Windows code page that older spreadsheets write."""
    if not (_readable(path, "utf-8") or _readable(path, "cp1252")):
        raise Refused("no_text")


def _readable(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                if b"\x00" in piece:
                    return False
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _geojson(path: Path) -> dict[str, Any]:
    if path.stat().st_size > GEOJSON_BYTES:
        raise Refused("too_heavy")
    try:
        found = json.loads(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    except (ValueError, RecursionError) as error:
        raise Refused("no_geojson") from error
    if not isinstance(found, dict) or found.get("type") not in _GEOJSON:
        raise Refused("no_geojson")
    holds = {"FeatureCollection": "features", "Feature": "geometry"}
    needed = holds.get(found["type"], "coordinates")
    if found["type"] != "GeometryCollection" and needed not in found:
        raise Refused("no_geojson")
    return {"kind": "geojson"}


# --- the child -------------------------------------------------------------------------------


def _within_limits() -> None:
    """From here on the kernel ends this process when it asks for too much."""
    if sys.platform == "win32":
        return
    import os
    import resource
    import signal

    os.nice(10)
    signal.alarm(WALL_SECONDS)
    for limit, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # some systems know not all of them
            resource.setrlimit(limit, (most, most))


def main() -> None:
    _within_limits()
    try:
        answer = inspect(Path(sys.argv[1]), sys.argv[2])
    except Refused as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "too_heavy"}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
