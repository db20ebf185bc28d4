"""An office file without the names of people who worked on it. Runs in a child process.

Every member is copied but for what tells on its writers: properties, authors of changes and
comments, and the notes of a camera in its pictures.
"""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from mobilise.documents.cleaning_pdf import jpeg_without_notes
from mobilise.documents.families import Refused

PIECE = 1024 * 1024
LARGEST_TO_READ = 64 * 1024 * 1024
_EMPTY = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:core'
    b'Properties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    b'core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
    "meta.xml": b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office='
    b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"><office:meta/>'
    b"</office:document-meta>",
}
_TYPED = {
    b"core-properties+xml": _EMPTY["docProps/core.xml"],
    b"extended-properties+xml": _EMPTY["docProps/app.xml"],
    b"custom-properties+xml": _EMPTY["docProps/custom.xml"],
}
"""Properties by the end of their type: a program may give them whatever name it likes."""
_TYPES = "[Content_Types].xml"
_TYPE = re.compile(rb"<(?:[\w.-]+:)?(Default|Override)\s([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_VALUE = rb"""\s*=\s*)(?:"[^"]*"|'[^']*')"""
_NAMES = [
    re.compile(rb"(\bw\d*:(?:author|initials)" + _VALUE),
    # Of people alone: a table of a workbook has a displayName too, and needs it.
    *(
        re.compile(rb"(<(?:[\w.-]+:)?(?:person|presenceInfo)\s[^<>]*?\b" + each + _VALUE)
        for each in (b"displayName", b"userId", b"providerId")
    ),
    # The folder in which a workbook was saved bears the name of whoever owns it.
    re.compile(rb"(<(?:[\w.-]+:)?absPath\s[^<>]*?\burl" + _VALUE),
    re.compile(rb"(<(?:[\w.-]+:)?(?:fileSharing|header)\s[^<>]*?\buserName" + _VALUE),
]
_NAMED = re.compile(
    rb"(<(?:dc:creator|meta:creator-initials|text:sender-[a-z-]+|(?:\w+:)?author)(?:\s[^>]*)?>)[^<]*(?=</)"
)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def clean(source: Path, target: Path) -> None:
    """Writes the copy. Raises Refused."""
    try:
        with (
            zipfile.ZipFile(source) as before,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
        ):
            empty = _properties(before)
            for item in before.infolist():
                if not item.is_dir():
                    _copy(before, item, after, empty)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Refused("broken") from error


def _properties(before: zipfile.ZipFile) -> dict[str, bytes]:
    """What takes the place of each member that is properties and nothing else, by its name."""
    found = dict(_EMPTY)
    defaults: dict[str, bytes] = {}
    overrides: dict[str, bytes] = {}
    if _TYPES in before.namelist() and before.getinfo(_TYPES).file_size <= LARGEST_TO_READ:
        for what, about in _TYPE.findall(before.read(_TYPES)):
            said = {name: one or other for name, one, other in _ATTRIBUTE.findall(about)}
            of = said.get(b"Extension" if what == b"Default" else b"PartName", b"")
            kinds = defaults if what == b"Default" else overrides
            kinds[_plain(of.decode(errors="replace"))] = said.get(b"ContentType", b"").lower()
    for name in before.namelist():
        plain = _plain(name)
        extension = plain.rpartition(".")[2]
        kind = overrides.get(plain, defaults.get(extension, b""))
        if extension == "psmdcp":
            kind = b"core-properties+xml"
        for end, nothing in _TYPED.items():
            if kind.endswith(end):
                found[name] = nothing
    return found


def _plain(name: str) -> str:
    """Names of parts are the same whatever their case."""
    return unquote(name).removeprefix("/").lower()


def _copy(
    before: zipfile.ZipFile,
    item: zipfile.ZipInfo,
    after: zipfile.ZipFile,
    empty: Mapping[str, bytes],
) -> None:
    """One member, without names and without the hour at which it was saved."""
    name = item.filename
    made = zipfile.ZipInfo(name, _EPOCH)
    # ODF wants its type first and as it is, so that a look at the first bytes tells it.
    made.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
    if name in empty:
        after.writestr(made, empty[name])
    elif name == "Thumbnails/thumbnail.png":
        return
    elif item.file_size <= LARGEST_TO_READ and name.endswith((".xml", ".jpg", ".jpeg")):
        after.writestr(made, _bare(name, before.read(item)))
    else:
        with before.open(item) as member, after.open(made, "w", force_zip64=True) as copy:
            while piece := member.read(PIECE):
                copy.write(piece)


def _bare(name: str, content: bytes) -> bytes:
    if not name.endswith(".xml"):
        return jpeg_without_notes(content)
    for each in _NAMES:
        content = each.sub(rb'\1""', content)
    return _NAMED.sub(rb"\1", content)
