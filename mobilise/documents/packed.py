"""Looks into files that are a zip inside: xlsx, docx, ods, odt, and what pretends to be one."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from mobilise.documents.families import Refused

MEMBERS = 10_000
UNPACKED = 200 * 1024 * 1024
RATIO = 100
PIECE = 1024 * 1024

_OOXML = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
}
_ODF = {
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.text": "odt",
}


def inside(path: Path) -> str:
    """The kind of office file; raises Refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            _not_a_bomb(archive.infolist())
            names = {item.filename for item in archive.infolist()}
            kind = _office_kind(archive, names)
            _no_macros(names)
            _no_way_out(names)
            for item in archive.infolist():  # a size may be a lie, a checksum is not
                with archive.open(item) as member:
                    _no_entities(member.read(PIECE))
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


def _no_way_out(names: set[str]) -> None:
    """Members that a program which unpacks them would write somewhere else."""
    for name in names:
        parts = name.replace("\\", "/").split("/")
        if parts[0] == "" or parts[0].endswith(":") or ".." in parts:
            raise Refused("broken")


def _no_entities(beginning: bytes) -> None:
    """Words that unfold to more words; office programs never write one."""
    if beginning.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"<!ENTITY" in beginning:
        raise Refused("broken")


def _no_macros(names: set[str]) -> None:
    """Neither Visual Basic, nor Excel 4 macros, nor ActiveX, nor scripts of LibreOffice."""
    for name in (each.lower() for each in names):
        last = name.rsplit("/", 1)[-1]
        if last.startswith("vbaproject") or "/macrosheets/" in name or "/activex/" in name:
            raise Refused("macros")
        is_index = last in ("", "script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")
        if name.startswith(("basic/", "scripts/", "dialogs/")) and not is_index:
            raise Refused("macros")
