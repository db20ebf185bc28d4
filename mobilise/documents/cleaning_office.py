"""An office file without the names of people who worked on it. Runs in a child process.

Every member is copied but for what tells on its writers: properties, authors of changes and
comments, and the notes of a camera in its pictures.
"""

import re
import zipfile
from pathlib import Path

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
_NAMES = [
    re.compile(rb'(\bw:(?:author|initials)=)"[^"]*"'),
    re.compile(rb'(\b(?:displayName|userId|providerId)=)"[^"]*"'),
]
_NAMED = re.compile(
    rb"(<(?:dc:creator|meta:creator-initials|text:sender-[a-z-]+|author)(?:\s[^>]*)?>)[^<]*(?=</)"
)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def clean(source: Path, target: Path) -> None:
    """Writes the copy. Raises Refused."""
    try:
        with (
            zipfile.ZipFile(source) as before,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
        ):
            for item in before.infolist():
                if not item.is_dir():
                    _copy(before, item, after)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Refused("broken") from error


def _copy(before: zipfile.ZipFile, item: zipfile.ZipInfo, after: zipfile.ZipFile) -> None:
    """One member, without names and without the hour at which it was saved."""
    name = item.filename
    made = zipfile.ZipInfo(name, _EPOCH)
    # ODF wants its type first and as it is, so that a look at the first bytes tells it.
    made.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
    if name in _EMPTY:
        after.writestr(made, _EMPTY[name])
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
