"""What the first bytes of a file promise: its family, whatever its name says."""

import codecs
import re

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
PICTURES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
"""Kind → what those who read and write pictures call it."""

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


class Refused(Exception):
    """The file is refused; the word says why, the parent has the sentence."""


def family(head: bytes) -> str:
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


def is_dressed_up(head: bytes) -> bool:
    """Does something that begins like a PDF or a picture hold a web page near its beginning?"""
    return _PAGE.search(head[:1024]) is not None
