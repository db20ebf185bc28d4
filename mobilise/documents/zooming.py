"""Draws a part of a page as large as it is asked for. Runs as a child process with limits.

Level 1 is twice the picture of a page, level 2 four times, level 3 eight times. One run draws a
row of squares and tells them one after the other as `{"column": 0}` with its JPEG.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mobilise.confined import PIXELS, one_more, tell, within_limits
from mobilise.documents.leafing import on_paper

TILE = 1024
"""Dots of a square's side."""
QUALITY = 78


def squares(
    path: Path, kind: str, page: int, width: int, height: int, row: int
) -> Iterator[tuple[int, Any]]:
    """Number and picture of each square in row `row` of the page drawn `width` by `height`."""
    top = row * TILE
    tall = min(TILE, height - top)
    strip = (_of_pdf if kind == "pdf" else _of_picture)(path, page, width, height, top, tall)
    for column, left in enumerate(range(0, width, TILE)):
        yield column, strip(left, min(TILE, width - left))


def _of_pdf(path: Path, page: int, width: int, height: int, top: int, tall: int) -> Any:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    found = pdf[page - 1]
    wide, high = found.get_size()
    scale = max(width / wide, height / high)

    def cut(left: int, broad: int) -> Any:
        one_more()
        # What is left out on each side, in dots of the whole page.
        crop = (left, max(0, height - top - tall), max(0, width - left - broad), top)
        shown = found.render(
            scale=scale,
            crop=tuple(each / scale for each in crop),
            rev_byteorder=True,
            prefer_bgrx=True,
        )
        return shown.to_pil().convert("RGB").resize((broad, tall))

    return cut


def _of_picture(path: Path, page: int, width: int, height: int, top: int, tall: int) -> Any:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = PIXELS
    with Image.open(path, formats=["JPEG", "PNG", "WEBP"]) as whole:
        picture = on_paper(whole)
    across, down = picture.width / width, picture.height / height

    def cut(left: int, broad: int) -> Any:
        box = (left * across, top * down, (left + broad) * across, (top + tall) * down)
        return picture.resize((broad, tall), Image.Resampling.BILINEAR, box)

    return cut


def main(path: str, kind: str, page: str, width: str, height: str, row: str) -> None:
    within_limits(one_after_the_other=True)
    drawn = squares(Path(path), kind, int(page), int(width), int(height), int(row))
    for column, square in drawn:
        out = io.BytesIO()
        square.save(out, "JPEG", quality=QUALITY)
        tell({"column": column}, out.getvalue())
