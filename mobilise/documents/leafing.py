"""Leafs through a PDF or a picture: of each page a picture, a small one, its text, and where each
word stands. Runs as a child process with limits, and tells one page after the other.

A page is told as `{"page": 14, "width": 1131, "height": 1600, "text": "…"}` with three parts: the
JPEG, the small JPEG, and the places of the words.
"""

import io
import re
import struct
from collections.abc import Callable
from ctypes import byref, c_double, c_int
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
"""Left, bottom, right and top in points, as the file writes them: not yet turned, and from wherever
it says that the page begins."""


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
    """The words of a page in the order of the file, and their places on its picture."""
    words = page.get_textpage()
    # Half a sign of two units is told as one nobody knows: left out, all after it would move.
    text = plain(words.get_text_range(errors="replace")[:LONGEST_TEXT])
    placed = _placed(words, text)
    words.close()
    on_picture = _onto_picture(page)
    places = b"".join(WORD.pack(start, *on_picture(box)) for start, box in placed)
    return _in_paragraphs(text, placed), places


def _placed(words: Any, text: str) -> list[tuple[int, Box]]:
    """Where each word begins in the text, and its place on the page."""
    from pypdfium2.raw import (
        FPDFText_CountRects,
        FPDFText_GetCharIndexFromTextIndex,
        FPDFText_GetRect,
    )

    # Four numbers for all words of a page: making them anew took as long as asking.
    left, top, right, bottom = c_double(), c_double(), c_double(), c_double()
    answer = byref(left), byref(top), byref(right), byref(bottom)
    units = (lambda end: end) if _is_plain(text) else partial(_units, text)
    placed: list[tuple[int, Box]] = []
    for found in _WORD.finditer(text):
        # PDFium counts its text in units of UTF-16, and its glyphs otherwise: some have no text.
        start = FPDFText_GetCharIndexFromTextIndex(words.raw, units(found.start()))
        last = FPDFText_GetCharIndexFromTextIndex(words.raw, units(found.end()) - 1)
        if start < 0 or last < start:
            continue
        box: Box | None = None
        # One for each piece in which the file writes the word.
        for piece in range(FPDFText_CountRects(words.raw, start, last - start + 1)):
            if FPDFText_GetRect(words.raw, piece, *answer):
                more = (left.value, bottom.value, right.value, top.value)
                box = _around(box, more) if box else more
        if box:
            placed.append((found.start(), box))
    return placed


def _around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _onto_picture(page: Any) -> Callable[[Box], tuple[int, int, int, int]]:
    """Tells left, top, right and bottom on the picture, which shows the page turned and cut as the
    file asks."""
    from pypdfium2.raw import FPDF_PageToDevice

    x, y = c_int(), c_int()
    whole, answer = (page.raw, 0, 0, UNIT, UNIT, 0), (byref(x), byref(y))

    def on_picture(box: Box) -> tuple[int, int, int, int]:
        FPDF_PageToDevice(*whole, box[0], box[1], *answer)
        one, upper = _of(x.value), _of(y.value)
        FPDF_PageToDevice(*whole, box[2], box[3], *answer)
        other, lower = _of(x.value), _of(y.value)
        return min(one, other), min(upper, lower), max(one, other), max(upper, lower)

    return on_picture


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


def _of(place: int) -> int:
    return max(0, min(UNIT, place))


def main(path: str, kind: str, first: str, last: str) -> None:
    within_limits(one_after_the_other=True)
    leaf_through(Path(path), kind, int(first), int(last))
