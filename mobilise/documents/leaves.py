"""A document that is opened to be read: its pages, their words, and what was asked for in both."""

from collections.abc import Sequence
from dataclasses import dataclass

from mobilise import db
from mobilise.documents import page_queries, redacting, search_queries, searching, versions
from mobilise.documents.dossier import Document
from mobilise.documents.leafing import UNIT
from mobilise.documents.searching import Passage
from mobilise.documents.tiling import Leaf as Enlarged
from mobilise.documents.versions import Version
from mobilise.errors import Gone, NotFound

WINDOW = 25
"""Pages that one address shows; of the others it shows where they are."""


@dataclass(frozen=True)
class Leaf:
    """One page. `marked`: left, top, width and height of each word that was asked for, in dots of
    the picture. `cells`: of a table its first rows, the head first; `total` all of its rows."""

    page: int
    title: str
    picture: str | None
    small: str | None
    width: int | None
    height: int | None
    paragraphs: list[Passage]
    marked: list[tuple[int, int, int, int]]
    cells: list[list[str]] | None
    total: int | None


@dataclass(frozen=True)
class Opened:
    """`first` to `last`: which pages are shown, of `total`; `made` of them are ready."""

    leaves: list[Leaf]
    first: int
    last: int
    total: int
    made: int


async def opened(
    database: db.Database,
    petition_id: int,
    document: Document,
    version: Version,
    *,
    page: int,
    words: str = "",
) -> Opened:
    """The pages around `page`, NotFound behind the last one. `words`: what is marked in them."""
    made = await page_queries.pages_made(database, petition_id, document.id, version.number)
    total = version.pages or max(made, default=0)
    if page > max(total, 1):
        raise NotFound()
    first = (max(1, min(page, total or 1)) - 1) // WINDOW * WINDOW + 1
    last = min(first + WINDOW - 1, total)
    rows = await page_queries.pages(database, petition_id, document.id, version.number, first, last)
    marked: dict[int, str] = {}
    if words and rows and version.number == document.version:  # of older ones nothing is searched
        asked: Sequence[db.Record] = rows
        found = await search_queries.passages(database, petition_id, words, asked)
        marked = {row["page"]: row["marked"] for row in found.values()}
    leaves = [_leaf(row, version, marked.get(row["page"], "")) for row in rows]
    return Opened(leaves, first, last, total, len(made))


def _leaf(row: db.Record, version: Version, marked: str) -> Leaf:
    places = searching.marks(marked)
    return Leaf(
        page=row["page"],
        title=row["title"],
        picture=row["picture"],
        small=row["small"],
        width=row["width"],
        height=row["height"],
        paragraphs=paragraphs(row["text"], places),
        marked=_boxes(row, places),
        cells=row["cells"],
        total=row["total"],
    )


def enlarged(row: db.Record, version: Version) -> Enlarged:
    """The page as it can be drawn larger."""
    return Enlarged(
        version.published or "",
        version.kind,
        row["page"],
        row["width"] or 1,
        row["height"] or 1,
        row["points"],
    )


@dataclass(frozen=True)
class Enlargement:
    """A page at a level: its squares, and the dots of all of them together."""

    leaf: Enlarged
    shown: Version
    level: int
    size: tuple[int, int]
    rows: range
    columns: range


async def enlargement(
    database: db.Database,
    petition_id: int,
    document: Document,
    page: int,
    *,
    version: int | None = None,
    level: int | None = None,
) -> Enlargement:
    """The newest version at the first level, unless told. NotFound for what cannot be enlarged,
    Gone for what was taken away."""
    number = version or document.version
    if document.withdrawn_at is not None:
        raise Gone()
    if number is None:
        raise NotFound()
    shown = await versions.version(database, petition_id, document.id, number)
    rows = await page_queries.pages(database, petition_id, document.id, number, page, page)
    if not rows or not rows[0]["picture"]:
        raise NotFound()
    leaf, level = enlarged(rows[0], shown), level or 1
    down, across = leaf.squares(level)
    return Enlargement(leaf, shown, level, leaf.size(level), range(down), range(across))


def paragraphs(text: str, places: Sequence[tuple[int, int]]) -> list[Passage]:
    """The text between empty lines, cut at what was asked for; lines of a page run on."""
    found: list[Passage] = []
    at = 0
    for part in text.split("\n\n"):
        pieces = searching.cut(text, list(places), at, at + len(part))
        shown = [(piece.replace(" \n", " "), is_asked) for piece, is_asked in pieces]
        if part.strip():
            found.append(shown)
        at += len(part) + 2
    return found


def _boxes(row: db.Record, places: Sequence[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Where on the picture the words stand that were asked for."""
    width, height = row["width"] or 0, row["height"] or 0
    found = []
    for start, end, box in redacting.words_and_boxes(row["text"], row["boxes"] if places else None):
        if box and any(begin < end and start < stop for begin, stop in places):
            left, top, right, bottom = box
            found.append(
                (
                    left * width // UNIT,
                    top * height // UNIT,
                    max(1, (right - left) * width // UNIT),
                    max(1, (bottom - top) * height // UNIT),
                )
            )
    return found
