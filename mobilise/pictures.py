"""A picture of a group as pages show it: turned upright, in sRGB, in two widths, with nothing in
it but the picture. Runs as a child process with limits.

It answers with one line, `{"wide": octets, "narrow": octets}` or `{"refused": "moving"}`, and
then with the WebP of both, one after the other.
"""

import io
import json
import sys
from pathlib import Path
from typing import Any

from mobilise.confined import PIXELS, within_limits

WIDE, NARROW = 1560, 780
LOWEST = 320
"""A picture of fewer dots a side is a blur on every screen."""
TALLEST = 2400
BUDGETS = {WIDE: 320_000, NARROW: 110_000}
"""Octets: what a phone may be asked to load."""
QUALITIES = (82, 74, 66, 56, 44)


class Refused(Exception):
    """The picture is refused; the word says why, the parent has the sentence."""


def widths(path: Path) -> tuple[bytes, bytes]:
    """The picture in two widths as WebP, never enlarged; raises Refused."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, before anything is unpacked
    try:
        with Image.open(path, formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > PIXELS:
                raise Refused("too_many_pixels")
            if min(picture.size) < LOWEST:
                raise Refused("too_small")
            if getattr(picture, "n_frames", 1) > 1:
                raise Refused("moving")
            whole = _upright(picture)
    except UnidentifiedImageError as error:
        raise Refused("no_picture") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("broken") from error
    return _fitting(whole, WIDE), _fitting(whole, NARROW)


def _upright(picture: Any) -> Any:
    """As it was meant to be seen, in plain colours, without what the camera wrote into it."""
    from PIL import ImageOps

    picture.thumbnail((2 * TALLEST, 2 * TALLEST), reducing_gap=2.0)
    turned = _plain(ImageOps.exif_transpose(picture))
    turned.thumbnail((WIDE, TALLEST), reducing_gap=2.0)
    return turned


def _plain(picture: Any) -> Any:
    """sRGB on white paper."""
    from PIL import Image, ImageCms

    profile, mode = picture.info.get("icc_profile"), picture.mode
    if profile and mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that nobody can read changes nothing
    if mode.startswith("I;16"):  # 16 bits a dot
        return picture.point(lambda value: value / 256).convert("L").convert("RGB")
    if mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _fitting(picture: Any, width: int) -> bytes:
    """As good as its budget allows."""
    from PIL import Image

    sized = picture
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        sized = picture.resize((width, height), Image.Resampling.LANCZOS)
    content = b""
    for quality in QUALITIES:
        kept = io.BytesIO()
        sized.save(kept, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=None)
        content = kept.getvalue()
        if len(content) <= BUDGETS[width]:
            break
    return content


def main(path: str) -> None:
    within_limits()
    wide = narrow = b""
    try:
        wide, narrow = widths(Path(path))
        answer: dict[str, Any] = {"wide": len(wide), "narrow": len(narrow)}
    except Refused as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "too_heavy"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + wide + narrow)
    sys.stdout.buffer.flush()
