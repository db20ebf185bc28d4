"""Makes the copy for everybody: the same document without what should not travel with it. Runs as
a child process with limits.

Of a PDF: no script, no action but a link, no attachment, no form data, no author, no program that
made it. Of a picture: nothing but the picture, upright. Of an office file: nobody's name. Text and
tables of plain signs are copied as they are. It answers with one line: `{"pages": 6}`, `{}`, or
`{"refused": "broken"}`.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from mobilise.confined import PIXELS, within_limits
from mobilise.documents import cleaning_office, cleaning_pdf
from mobilise.documents.families import PICTURES, Refused

ROOM = 64 * 1024 * 1024
"""Bytes that the copy may be larger than twice the original: fonts that were shared come apart."""


def clean(source: Path, kind: str, target: Path) -> dict[str, Any]:
    """Writes the copy; tells how many pages it has, where it has some. Raises Refused."""
    if kind == "pdf":
        return {"pages": cleaning_pdf.clean(source, target)}
    if kind in PICTURES:
        _picture(source, PICTURES[kind], target)
        return {"pages": 1}
    if kind in ("docx", "odt", "xlsx", "ods"):
        cleaning_office.clean(source, target)
        return {}
    shutil.copyfile(source, target)
    return {}


def _picture(source: Path, kind: str, target: Path) -> None:
    """The dots and their colours, the way up they were meant to be seen."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, before anything is unpacked
    try:
        with Image.open(source, formats=[kind]) as picture:
            if picture.width * picture.height > PIXELS:
                raise Refused("too_many_pixels")
            if getattr(picture, "n_frames", 1) > 1 and kind != "JPEG":  # cameras add a small one
                raise Refused("moving")
            profile = picture.info.get("icc_profile")
            upright = ImageOps.exif_transpose(picture)
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("broken") from error
    more: dict[str, Any] = {"quality": 90} if kind != "PNG" else {}
    upright.info.clear()  # what PIL would write again of its own accord
    upright.save(target, kind, icc_profile=profile, exif=b"", **more)


def main(source: str, kind: str, target: str) -> None:
    size = Path(source).stat().st_size
    within_limits(writes=2 * size + ROOM)
    try:
        answer = clean(Path(source), kind, Path(target))
    except Refused as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "too_heavy"}
    print(json.dumps(answer))
