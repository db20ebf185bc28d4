"""Leafs through a PDF or a picture: of each page a picture, a small one, its text, and where each
word stands. Runs as a child process with limits, and tells one page after the other.

A page is told as `{"page": 14, "width": 1131, "height": 1600, "text": "…"}` with three parts: the
JPEG, the small JPEG, and the places of the words.
"""

import io
import re
import struct
from ctypes import byref, c_double
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from mobilise.confined import PIXELS, one_more, tell, within_limits

LONGEST = 1600
"""Dots of the longer side of a page's picture: an A4 page in them is sharp on a phone."""
NARROWEST = 320
SMALL = 240
LONGEST_TEXT = 200_000
"""Signs of one page; a page of a book has three thousand."""
QUALITY, SMALL_QUALITY = 74, 70
MOST_POINTS = 1_000_000
"""A page may say of itself that it is as large as a country; no plan is 350 metres long."""
UNIT = 65535
"""Places on a picture are told in so many parts of its width and height."""
WORD = struct.Struct(">I4H")
"""Where a word begins in the text; left, top, right and bottom of it on the picture."""
_WORD = re.compile(r"\S+")
_WRAP, _PARAGRAPH = " \n", "\n\n"
_APART = 0.3
"""Of the height of a word: a line that is so much further below than most begins a paragraph."""
_ANOTHER_SIZE = 1.6
"""A heading and the text below it; words with and without long letters are nearer in height."""
Box = tuple[float, float, float, float]
"""Left, bottom, right and top in points, from the lower left corner of the page."""


def leaf_through(path: Path, kind: str, first: int, last: int) -> None:
    """Tells pages `first` to `last`, counted from 1."""
    if kind != "pdf":
        _tell_picture(path)
        return
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    for number in range(first, min(last, len(pdf)) + 1):
        one_more()
        _tell_page(pdf, number)


def _tell_page(pdf: Any, number: int) -> None:
    page = pdf[number - 1]
    picture = _drawn(page)
    text, places = _read(page)
    facts = {
        "page": number,
        "width": picture.width,
        "height": picture.height,
        "points": round(min(max(page.get_size()), MOST_POINTS)),
        "text": text,
    }
    tell(facts, _jpeg(picture, QUALITY), _jpeg(_smaller(picture), SMALL_QUALITY), places)
    page.close()


def _tell_picture(path: Path) -> None:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = PIXELS
    with Image.open(path, formats=["JPEG", "PNG", "WEBP"]) as whole:
        whole.draft("RGB", (LONGEST, LONGEST))
        picture = on_paper(whole)
    picture.thumbnail((LONGEST, LONGEST), reducing_gap=2.0)
    facts = {"page": 1, "width": picture.width, "height": picture.height, "text": ""}
    tell(facts, _jpeg(picture, QUALITY), _jpeg(_smaller(picture), SMALL_QUALITY), b"")


def on_paper(picture: Any) -> Any:
    """Any picture in plain colours; what can be seen through lies on white."""
    from PIL import Image

    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value / 256).convert("L").convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen_through = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(seen_through, mask=seen_through.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _drawn(page: Any) -> Any:
    """The page on white, its longer side LONGEST dots long."""
    width, height = page.get_size()
    longer, shorter = max(width, height, 1.0), max(min(width, height), 1.0)
    scale = LONGEST / longer
    if shorter * scale < NARROWEST:  # a strip: a plan of a road is ten times as long as it is wide
        scale = min(NARROWEST / shorter, 4 * LONGEST / longer)
    # Four bytes a dot, as the packer takes them: nothing is copied on the way to the JPEG.
    return page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True).to_pil()


def _smaller(picture: Any) -> Any:
    """At most SMALL wide and twice as high: whole dots are joined, which takes a third of the time
    of any other way and looks as good."""
    return picture.reduce(max(1, -(-picture.width // SMALL), -(-picture.height // (2 * SMALL))))


def _jpeg(picture: Any, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


# --- text -------------------------------------------------------------------------------------


def _read(page: Any) -> tuple[str, bytes]:
    """The words of a page in the order of the file, and their places on it."""
    words = page.get_textpage()
    text = plain(words.get_text_range()[:LONGEST_TEXT])
    placed = _placed(words, text)
    words.close()
    width, height = page.get_size()
    across, down = UNIT / max(width, 1.0), UNIT / max(height, 1.0)
    places = b"".join(
        WORD.pack(
            start,
            _of(across * left),
            _of(down * (height - top)),
            _of(across * right),
            _of(down * (height - bottom)),
        )
        for start, (left, bottom, right, top) in placed
    )
    return _in_paragraphs(text, placed), places


def _placed(words: Any, text: str) -> list[tuple[int, Box]]:
    """Where each word begins in the text, and its place on the page."""
    from pypdfium2.raw import FPDFText_CountRects, FPDFText_GetRect

    # Four numbers for all words of a page: making them anew took as long as asking.
    left, top, right, bottom = c_double(), c_double(), c_double(), c_double()
    answer = byref(left), byref(top), byref(right), byref(bottom)
    units = (lambda end: end) if _is_plain(text) else partial(_units, text)
    placed: list[tuple[int, Box]] = []
    for found in _WORD.finditer(text):
        # PDFium counts in units of UTF-16, as it tells them.
        start, end = units(found.start()), units(found.end())
        if FPDFText_CountRects(words.raw, start, end - start) >= 1 and FPDFText_GetRect(
            words.raw, 0, *answer
        ):
            placed.append((found.start(), (left.value, bottom.value, right.value, top.value)))
    return placed


def _in_paragraphs(text: str, placed: list[tuple[int, Box]]) -> str:
    """The same text, where a line that stands apart from the one above begins a paragraph."""
    lines = [
        (start, before, box)
        for (_, before), (start, box) in pairwise(placed)
        if text[start - 2 : start] == _WRAP
    ]
    gaps = sorted(before[1] - box[3] for _, before, box in lines if before[1] >= box[3])
    usual = gaps[len(gaps) // 3] if gaps else 0.0  # most lines follow in their paragraph
    signs = list(text)
    for start, before, box in lines:
        tall, taller = sorted((before[3] - before[1], box[3] - box[1]))
        gap = before[1] - box[3]
        if gap > usual + _APART * tall or gap < -tall or taller > _ANOTHER_SIZE * tall:
            signs[start - 2 : start] = _PARAGRAPH
    return "".join(signs)


def plain(told: str) -> str:
    """The same number of signs, without what no page can show; a line ends in a space and \\n."""
    wrapped = told.replace("\r\n", _WRAP)
    return "".join(c if c == "\n" or c.isprintable() else " " for c in wrapped)


def _is_plain(text: str) -> bool:
    """Is each of its signs one unit of UTF-16?"""
    return text.isascii() or max(text) <= "\uffff"


def _units(text: str, end: int) -> int:
    """How far `end` is in units of UTF-16."""
    return end + sum(1 for c in text[:end] if ord(c) > 0xFFFF)


def _of(place: float) -> int:
    return max(0, min(UNIT, round(place)))


def main(path: str, kind: str, first: str, last: str) -> None:
    within_limits(one_after_the_other=True)
    leaf_through(Path(path), kind, int(first), int(last))
