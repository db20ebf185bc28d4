"""Makes words unreadable for good: a page becomes a picture of itself with black where they were,
and whatever lay beneath is not in the file any more. Runs as a child process with limits.

`places`: a file of JSON, page → rectangles of left, top, right and bottom in 65,535ths of width
and height. Pages without any stay as they are. It answers `{}` or `{"refused": "broken"}`.
"""

import io
import json
from pathlib import Path
from typing import Any

from mobilise.confined import PIXELS, within_limits
from mobilise.documents.cleaning import ROOM
from mobilise.documents.cleaning_pdf import tidy
from mobilise.documents.families import PICTURES, Refused
from mobilise.documents.leafing import UNIT, on_paper

DPI = 200
MOST_DOTS = 40_000_000
MARGIN = 0.002
"""Of width and height: a stroke that reaches over the edge of its letter is covered too."""
Places = dict[int, list[tuple[int, int, int, int]]]


def blacken(source: Path, kind: str, places: Places, target: Path) -> None:
    """Writes the copy. Raises Refused."""
    if kind == "pdf":
        _pdf(source, places, target)
    else:
        _picture(source, kind, places, target)


def _picture(source: Path, kind: str, places: Places, target: Path) -> None:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        with Image.open(source, formats=[PICTURES[kind]]) as whole:
            picture = _covered(on_paper(whole), places.get(1, []))
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("broken") from error
    picture.save(target, PICTURES[kind], quality=90)


def _covered(picture: Any, rectangles: list[tuple[int, int, int, int]]) -> Any:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)
    for left, top, right, bottom in rectangles:
        pen.rectangle(
            (
                (left / UNIT - MARGIN) * picture.width,
                (top / UNIT - MARGIN) * picture.height,
                (right / UNIT + MARGIN) * picture.width,
                (bottom / UNIT + MARGIN) * picture.height,
            ),
            fill="black",
        )
    return picture


def _pdf(source: Path, places: Places, target: Path) -> None:
    """A new file of the pages alone: nothing that the old one held beside them comes along."""
    import pikepdf
    import pypdfium2

    try:
        drawn = pypdfium2.PdfDocument(source)
        with pikepdf.open(source, access_mode=pikepdf.AccessMode.stream) as old:
            tidy(old)
            for page in old.pages:
                _loosen(page)
            old.remove_unreferenced_resources()
            with pikepdf.new() as new:
                for number, page in enumerate(old.pages, start=1):
                    if number in places:
                        _add_picture(new, drawn[number - 1], places[number])
                    else:
                        new.pages.append(page)
                new.save(target, linearize=True, deterministic_id=True)
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, KeyError, TypeError,
            IndexError, AttributeError, RuntimeError) as error:  # fmt: skip
        raise Refused("broken") from error


def _loosen(page: Any) -> None:
    """Whatever on a page leads to another page would bring that one along, as it was."""
    import pikepdf

    for name in ("/B", "/StructParents", "/Tabs"):
        if name in page.obj:
            del page.obj[name]
    links = [
        note
        for note in page.obj.get("/Annots", [])
        if "/A" in note and str(note.A.get("/S", "")) == "/URI"
    ]
    for note in links:
        for name in ("/P", "/Parent", "/StructParent", "/Popup"):
            if name in note:
                del note[name]
    if links:
        page.obj["/Annots"] = pikepdf.Array(links)
    elif "/Annots" in page.obj:
        del page.obj["/Annots"]


def _add_picture(pdf: Any, page: Any, rectangles: list[tuple[int, int, int, int]]) -> None:
    """A page as large as it was, with nothing on it but its picture."""
    import pikepdf

    width, height = page.get_size()
    scale = min(DPI / 72, (MOST_DOTS / max(width * height, 1.0)) ** 0.5)
    picture = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True).to_pil()
    content = io.BytesIO()
    _covered(picture.convert("RGB"), rectangles).save(content, "JPEG", quality=82)
    image = pikepdf.Stream(
        pdf,
        content.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    pdf.add_blank_page(page_size=(width, height))
    made = pdf.pages[-1]
    made.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=image))
    made.obj["/Contents"] = pikepdf.Stream(
        pdf, f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Page Do Q".encode()
    )


def main(source: str, kind: str, places: str, target: str) -> None:
    asked = json.loads(Path(places).read_text(encoding="ascii"))
    size = Path(source).stat().st_size
    within_limits(writes=2 * size + ROOM)
    answer: dict[str, str] = {}
    try:
        wanted = {int(page): [tuple(each) for each in found] for page, found in asked.items()}
        blacken(Path(source), kind, wanted, Path(target))
    except Refused as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "too_heavy"}
    print(json.dumps(answer))
