"""Draws on the picture of a page what is marked on it, for those who mark."""

import io
from collections.abc import Sequence

from mobilise.documents.leafing import UNIT
from mobilise.documents.redacting import Mark

QUALITY = 78
ARM = 14
"""Dots of each arm of the cross that shows a corner."""
_INK, _MARKER = (21, 25, 28), (255, 217, 59)


def drawn(jpeg: bytes, marks: Sequence[Mark]) -> bytes:
    """A JPEG of ours with the marks of its page: places as dark glass, through which one still
    reads what will be gone; a corner that waits for the other one as a cross."""
    from PIL import Image, ImageDraw

    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as file:
        picture = file.convert("RGB")
    glass = Image.new("RGBA", picture.size)
    on_glass, width, height = ImageDraw.Draw(glass), picture.width, picture.height
    for mark in marks:
        if mark.box is not None:
            left, top = mark.box[0] * width // UNIT, mark.box[1] * height // UNIT
            right, bottom = mark.box[2] * width // UNIT, mark.box[3] * height // UNIT
            on_glass.rectangle((left, top, right, bottom), (*_INK, 170), (*_INK, 255), 2)
    picture.paste(glass, mask=glass.getchannel("A"))
    pen = ImageDraw.Draw(picture)
    for mark in marks:
        if mark.box is None:
            x, y = mark.corner[0] * width // UNIT, mark.corner[1] * height // UNIT
            for colour, broad in ((_INK, 9), (_MARKER, 5)):
                pen.line((x - ARM, y, x + ARM, y), colour, broad)
                pen.line((x, y - ARM, x, y + ARM), colour, broad)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
