"""Looks into an uploaded file and says what it is. Runs as a child process with limits.

A file that is made to blow up takes this child with it and nothing else. It answers with one
line: `{"kind": "pdf", "pages": 6}` or `{"refused": "locked"}`.
"""

import codecs
import json
from pathlib import Path
from typing import Any

from mobilise.confined import PIXELS, within_limits
from mobilise.documents import packed
from mobilise.documents.families import KINDS, PICTURES, Refused, family, is_dressed_up

GEOJSON_BYTES = 50 * 1024 * 1024
PIECE = 1024 * 1024
MOST_PAGES = 3000


def inspect(path: Path, extension: str) -> dict[str, Any]:
    """What the file is, when its content and its extension agree; else raises Refused."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused("empty")
    found = family(head)
    expected = KINDS.get(extension)
    if found == "zip":
        return _agreed(packed.inside(path), expected)
    if found in ("pdf", "jpg", "png", "webp"):
        if found == expected and is_dressed_up(head):
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
            if pages > MOST_PAGES:
                raise Refused("too_many_pages")
            pdf.pages[pages - 1].obj.get("/MediaBox")
    except pikepdf.PasswordError as error:
        raise Refused("locked") from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused("broken") from error
    return {"kind": "pdf", "pages": pages}


def _picture(path: Path, kind: str) -> dict[str, Any]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, before anything is unpacked
    try:
        with Image.open(path, formats=[PICTURES[kind]]) as picture:
            if picture.width * picture.height > PIXELS:
                raise Refused("too_many_pixels")
            if kind != "jpg" and getattr(picture, "n_frames", 1) > 1:
                raise Refused("moving")
            picture.verify()
        with Image.open(path, formats=[PICTURES[kind]]) as picture:
            if kind == "jpg":
                picture.draft("RGB", (picture.width // 8, picture.height // 8))
            picture.load()  # finds what is cut off
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("broken") from error
    return {"kind": kind}


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
    return _map(found)


def _map(found: Any) -> dict[str, Any]:
    """Places and shapes as RFC 7946 writes them: numbers where numbers belong, rings that close."""
    from geojson_pydantic import Feature, FeatureCollection
    from geojson_pydantic.geometries import parse_geometry_obj
    from pydantic import ValidationError

    kinds: dict[Any, Any] = {"Feature": Feature, "FeatureCollection": FeatureCollection}
    kind = found.get("type") if isinstance(found, dict) else None
    try:
        if kind in kinds:
            kinds[kind].model_validate(found)
        else:
            parse_geometry_obj(found)
    except (ValidationError, KeyError, TypeError, ValueError) as error:
        raise Refused("no_geojson") from error
    return {"kind": "geojson"}


# --- the child -------------------------------------------------------------------------------


def main(path: str, extension: str) -> None:
    within_limits()
    try:
        answer = inspect(Path(path), extension)
    except Refused as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "too_heavy"}
    print(json.dumps(answer))
