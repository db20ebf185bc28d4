"""A PDF without what acts, calls, hides or tells on its writer. Runs in a child process."""

from pathlib import Path
from typing import Any

from mobilise.documents.families import Refused

# Of the whole file: what runs, what is attached, who made it and with what.
_OF_THE_FILE = (
    "/AA",
    "/AcroForm",
    "/AF",
    "/Collection",
    "/DSS",
    "/Extensions",
    "/Legal",
    "/Metadata",
    "/NeedsRendering",
    "/OpenAction",
    "/Perms",
    "/PieceInfo",
    "/Requirements",
    "/SpiderInfo",
    "/Threads",
    "/URI",
)
_NAMED = ("/JavaScript", "/EmbeddedFiles", "/AlternatePresentations", "/Renditions")
_OF_A_PART = ("/AA", "/AF", "/JS", "/LastModified", "/Metadata", "/PieceInfo")
_OF_A_PAGE = (*_OF_A_PART, "/Thumb", "/PresSteps", "/Trans", "/Dur")
_HTTP = (b"http://", b"https://", b"mailto:")


def clean(source: Path, target: Path) -> int:
    """Writes the copy; tells how many pages it has."""
    import pikepdf

    try:
        with pikepdf.open(source, access_mode=pikepdf.AccessMode.stream) as pdf:
            if pdf.is_encrypted:
                raise Refused("locked")
            pages = tidy(pdf)
            pdf.save(target, linearize=True, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise Refused("locked") from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError,
            RecursionError, RuntimeError) as error:  # fmt: skip
        raise Refused("broken") from error
    return pages


def tidy(pdf: Any) -> int:
    """Takes out of an open PDF what should not travel; tells how many pages it has."""
    _flatten(pdf)
    for name in _OF_THE_FILE:
        _drop(pdf.Root, name)
    names = pdf.Root.get("/Names")
    if _is_dictionary(names):
        for name in _NAMED:
            _drop(names, name)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    pages = 0
    for page in pdf.pages:
        pages += 1
        for name in _OF_A_PAGE:
            _drop(page.obj, name)
        _keep_links_only(page.obj)
    for each in pdf.objects:
        _tidy_part(each)
    if not pages:
        raise Refused("broken")
    return pages


def _flatten(pdf: Any) -> None:
    """What a form or a note shows becomes part of its page, as a reader sees it."""
    import pikepdf

    try:
        form = pdf.Root.get("/AcroForm")
        if _is_dictionary(form) and form.get("/NeedAppearances"):
            pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError):
        return  # a form that cannot be drawn is left out like any other


def _keep_links_only(page: Any) -> None:
    """Of what lies on a page only links stay, to other pages and to the web."""
    import pikepdf

    notes = page.get("/Annots")
    if notes is None:
        return
    kept = []
    for note in notes if isinstance(notes, pikepdf.Array) else []:
        if not _is_dictionary(note) or str(note.get("/Subtype", "")) != "/Link":
            continue
        action = note.get("/A")
        if action is not None and not _leads_on(action):
            continue
        for name in (*_OF_A_PART, "/PA", "/T", "/Contents", "/M", "/NM"):
            _drop(note, name)
        kept.append(note)
    if kept:
        page["/Annots"] = pikepdf.Array(kept)
    else:
        del page["/Annots"]


def _leads_on(action: Any) -> bool:
    """To another page, or to an address of the web: nothing else that happens on a click."""
    if not _is_dictionary(action) or "/Next" in action:
        return False
    kind = str(action.get("/S", ""))
    if kind == "/GoTo":
        return True
    try:
        return kind == "/URI" and bytes(action.URI).lower().startswith(_HTTP)
    except (AttributeError, TypeError, ValueError):
        return False


def _tidy_part(part: Any) -> None:
    import pikepdf

    if isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
        for name in _OF_A_PART:
            _drop(part, name)
        # The outline and others hang their actions on themselves; pages were looked through.
        is_entry = "/Title" in part and "/S" not in part
        if is_entry and "/A" in part and not _leads_on(part.A):
            _drop(part, "/A")
    if isinstance(part, pikepdf.Stream) and str(part.get("/Filter", "")) == "/DCTDecode":
        _without_notes_of_a_camera(part)


def _without_notes_of_a_camera(picture: Any) -> None:
    """A photograph inside a PDF carries the place it was taken at, as on its own."""
    raw = picture.read_raw_bytes()
    bare = jpeg_without_notes(raw)
    if len(bare) != len(raw):
        import pikepdf

        picture.write(bare, filter=pikepdf.Name.DCTDecode, decode_parms=picture.get("/DecodeParms"))


def jpeg_without_notes(content: bytes) -> bytes:
    """A JPEG without Exif, XMP, IPTC and comments; what is no JPEG comes back as it is."""
    if content[:2] != b"\xff\xd8":
        return content
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA or length < 2:  # from here on the picture itself
            break
        if marker not in (0xE1, 0xED, 0xFE):
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    return b"".join([*kept, content[at:]])


def _is_dictionary(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Dictionary)


def _drop(part: Any, name: str) -> None:
    if name in part:
        del part[name]
