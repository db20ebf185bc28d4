"""The kinds of file that we take: what they are called, and why another one is refused."""

import re
import unicodedata

from mobilise import prose
from mobilise.errors import N_

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "csv": "text/csv",
    "txt": "text/plain",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
}
TAKEN = N_(
    "PDF, pictures (jpg, png, webp), tables (csv, xlsx, ods), text (docx, odt, txt), geojson. "
    "At most 200 MB."
)
LONGEST_NAME = 120

REFUSED = {
    "missing": (422, N_("Choose a file")),
    "empty": (422, N_("This file is empty. Choose another one.")),
    "too_large": (413, N_("This file is larger than 200 MB. Make it smaller, or split it.")),
    "too_heavy": (
        422,
        N_("This file unpacks to more than we can look into. Make it smaller, or save it as PDF."),
    ),
    "too_many_pixels": (
        422,
        N_("This picture has more than 80 million dots. Save it smaller, and choose it again."),
    ),
    "moving": (422, N_("This picture moves. Choose one that stands still.")),
    "too_many_pages": (
        422,
        N_("This file has more than 3,000 pages. Split it, and add the parts one by one."),
    ),
    "locked": (
        422,
        N_(
            "This file is locked. Save it without a password, for example by printing it to PDF, "
            "and choose it again."
        ),
    ),
    "broken": (
        422,
        N_("This file is damaged: we cannot open it. Save it once more, and choose it again."),
    ),
    "disagrees": (
        415,
        N_("The name of this file says one thing, its content another. Save it again as PDF."),
    ),
    "unknown": (415, N_("We do not take this kind of file. Save it as PDF, and choose it again.")),
    "markup": (415, N_("We take no web pages. Save it as PDF, and choose it again.")),
    "svg": (415, N_("We take no svg drawings. Save it as PDF or png, and choose it again.")),
    "xml": (415, N_("We take no xml. Save it as csv or PDF, and choose it again.")),
    "archive": (415, N_("We take no archives. Take the files out, and add them one by one.")),
    "macros": (
        415,
        N_("There are macros in this file. Save it without them, and choose it again."),
    ),
    "program": (415, N_("This is a program. We take only documents.")),
    "old_office": (
        415,
        N_(
            "This file is locked, or it comes from an old office program. Save it as xlsx, docx "
            "or PDF, without a password, and choose it again."
        ),
    ),
    "slides": (415, N_("We take no slides. Save them as PDF, and choose that file.")),
    "other_picture": (415, N_("Save this picture as jpg or png, and choose it again.")),
    "film": (415, N_("We take no sound and no film.")),
    "pdf_not_first": (
        415,
        N_("Something stands before the PDF in this file. Save it again as PDF."),
    ),
    "utf16": (
        422,
        N_("We cannot read the letters in this file. Save it as UTF-8, and choose it again."),
    ),
    "no_text": (
        422,
        N_("This is not a text file. Save it as UTF-8 text, and choose it again."),
    ),
    "no_geojson": (422, N_("There is no map data in this file that we can read (geojson).")),
}
"""Why a file is refused → status, and the sentence at the field."""

_FAMILIES = {
    "markup": "html htm xhtml mhtml mht shtml",
    "svg": "svg svgz",
    "xml": "xml xsl xslt kml gml rss atom gpx",
    "archive": "zip 7z rar tar gz tgz bz2 xz zst iso dmg cab kmz epub",
    "macros": "docm dotm xlsm xltm xlam xlsb pptm",
    "program": "exe com bat cmd msi scr ps1 vbs js mjs jar sh py php app apk deb rpm dll lnk wasm",
    "old_office": "doc dot xls xlt rtf",
    "slides": "ppt pptx pps ppsx odp key",
    "other_picture": "gif tif tiff bmp heic heif avif ico psd ai eps dwg dxf",
    "film": "mp3 mp4 m4a wav ogg mov avi mkv webm",
}
BY_EXTENSION = {word: family for family, words in _FAMILIES.items() for word in words.split()}
"""Extensions that are refused before anybody looks inside."""

_SEPARATORS = re.compile(r'[\\/:*?"<>|\s]+')


def clean_name(sent: str) -> tuple[str, str]:
    """The name a file is offered under, and its extension in small letters.

    "C:\\plans\\Ontwerp  2026.PDF" → ("Ontwerp 2026.pdf", "pdf"). No folders, no control
    characters, nothing that turns text around; accents and other scripts stay. Nothing left
    gives ("", "").
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", sent.strip()))[-1]
    plain = "".join(c for c in last if prose.printable(c) and unicodedata.category(c) != "Cf")
    stem, dot, extension = _SEPARATORS.sub(" ", plain).strip(" .").rpartition(".")
    stem, extension = (stem, extension.strip().lower()[:16]) if dot else (extension, "")
    room = LONGEST_NAME - len(extension) - 1
    stem = stem.strip(" .")[:room].rstrip(" .")
    if not stem:
        return "", ""
    return (f"{stem}.{extension}" if extension else stem), extension
