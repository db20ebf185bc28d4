"""Marks on pages what must not be read, and publishes a copy in which it really is gone."""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mobilise import confined, db, prose
from mobilise.documents import kinds, mark_queries, page_queries, versions
from mobilise.documents.dossier import Document
from mobilise.documents.judging import FileRefused
from mobilise.documents.leafing import UNIT, WORD
from mobilise.errors import N_, NotNow
from mobilise.store import Store

KINDS = ("pdf", "jpg", "png", "webp")
MOST = 500
PAGES_AT_ONCE = 50
"""Pages whose words are in memory together while they are looked through."""
LEAST = 60
"""Of UNIT: two corners nearer to each other mark a dot and not a place."""
GONE = "▮"
_SIGNS = re.compile(r"\S+")
Box = tuple[int, int, int, int]


class NothingMarked(NotNow):
    message = N_("Nothing is marked yet. Mark what must go first.")


class TooManyMarks(NotNow):
    message = N_("That is more than 500 places. Make the words unreadable in the file itself.")


@dataclass(frozen=True)
class Mark:
    """A place on a page, in UNITs of its width and height. `box` is None while only its first
    `corner` is known."""

    id: int
    page: int
    corner: tuple[int, int]
    box: Box | None


async def marks(database: db.Database, petition_id: int, document: Document) -> list[Mark]:
    """By page, in the order in which they were made; those of the version that is read now."""
    rows = await mark_queries.of_document(database, petition_id, document.id, document.version or 0)
    return [_mark(row) for row in rows]


def _mark(row: db.Record) -> Mark:
    left, top = row["corner"]
    box = None
    if row["opposite"]:
        right, bottom = row["opposite"]
        box = (min(left, right), min(top, bottom), max(left, right), max(top, bottom))
    return Mark(row["id"], row["page"], (left, top), box)


async def point(
    database: db.Database, petition_id: int, document: Document, page: int, x: float, y: float
) -> None:
    """One corner of a place, or the opposite one when the first is known. `x`, `y`: 0 to 1."""
    corner = [round(min(max(each, 0.0), 1.0) * UNIT) for each in (x, y)]
    may_be_marked(document)
    async with db.tx(database):
        begun = await mark_queries.begun(
            database, petition_id, document.id, document.version or 0, page
        )
        if begun is None:
            await _room(database, petition_id, document, 1)
            await mark_queries.add(
                database, petition_id, document.id, document.version or 0, page, corner, None
            )
        elif all(abs(a - b) >= LEAST for a, b in zip(begun["corner"], corner, strict=True)):
            await mark_queries.complete(database, petition_id, document.id, begun["id"], corner)
        else:  # the same spot again: whoever pressed twice begins anew
            await mark_queries.remove(database, petition_id, document.id, begun["id"])


async def mark_words(
    database: db.Database, petition_id: int, document: Document, words: str
) -> int:
    """Marks each place where these words stand, whatever their case and accents; tells how many.
    Looks no further once there are too many of them."""
    may_be_marked(document)
    version = document.version or 0
    found: list[tuple[int, Box]] = []
    last = document.pages or 1
    for first in range(1, last + 1, PAGES_AT_ONCE):
        until = min(last, first + PAGES_AT_ONCE - 1)
        pages = await page_queries.words_of(
            database, petition_id, document.id, version, first, until
        )
        for page in pages:
            places = await asyncio.to_thread(places_of, words, page["text"], page["boxes"])
            found += [(page["page"], box) for box in places]
            if len(found) > MOST:
                raise TooManyMarks()
    async with db.tx(database):
        await _room(database, petition_id, document, len(found))
        for number, (left, top, right, bottom) in found:
            await mark_queries.add(
                database, petition_id, document.id, version, number, [left, top], [right, bottom]
            )
    return len(found)


async def unmark(database: db.Database, petition_id: int, document: Document, mark_id: int) -> None:
    await mark_queries.remove(database, petition_id, document.id, mark_id)


def may_be_marked(document: Document) -> None:
    """Raises NotNow for what has no pages to mark, or not yet."""
    if document.kind not in KINDS or document.stage != "ready" or document.sha256 is None:
        raise NotNow(
            N_("Only a PDF or a picture whose pages are ready can be made unreadable in part.")
        )


async def _room(database: db.Database, petition_id: int, document: Document, more: int) -> None:
    there = await mark_queries.total(database, petition_id, document.id, document.version or 0)
    if there + more > MOST:
        raise TooManyMarks()


# --- words and where they stand ---------------------------------------------------------------


def words_and_boxes(text: str, boxes: bytes | None) -> list[tuple[int, int, Box | None]]:
    """Begin, end and place of each word of a page; no place: nobody knows where it stands."""
    known = {start: box for start, *box in WORD.iter_unpack(boxes or b"")}
    found: list[tuple[int, int, Box | None]] = []
    for match in _SIGNS.finditer(text):
        box = known.get(match.start())
        place = (box[0], box[1], box[2], box[3]) if box else None
        found.append((match.start(), match.end(), place))
    return found


def places_of(words: str, text: str, boxes: bytes | None) -> list[Box]:
    """Where the words stand one after the other; also as a part of longer ones."""
    wanted = [prose.folded(word) for word in words.split()]
    there = [
        (prose.folded(text[start:end]), box) for start, end, box in words_and_boxes(text, boxes)
    ]
    found: list[Box] = []
    if not wanted:
        return found
    for start in range(len(there) - len(wanted) + 1):
        run = there[start : start + len(wanted)]
        if all(word in said for word, (said, _) in zip(wanted, run, strict=True)):
            found += [box for _, box in run if box is not None]
    return found


def readable(text: str, boxes: bytes | None, marked: Sequence[Box]) -> str:
    """The text of a page without every word that a mark touches, and without those of which
    nobody knows where they stand."""
    kept, at = [], 0
    for start, end, box in words_and_boxes(text, boxes):
        kept.append(text[at:start])
        gone = box is None or any(_touch(box, each) for each in marked)
        kept.append(GONE if gone else text[start:end])
        at = end
    kept.append(text[at:])
    return "".join(kept)


def _touch(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


# --- the copy ---------------------------------------------------------------------------------


async def publish(
    database: db.Database,
    store: Store,
    because: str,
    document: Document,
    *,
    petition_id: int,
    person_id: int,
) -> int:
    """Makes the copy and puts it in the place of all versions before; tells its number.

    Raises NothingMarked, or FileRefused when the file does not let itself be drawn.
    """
    may_be_marked(document)
    marked: dict[int, list[Box]] = {}
    for mark in await marks(database, petition_id, document):
        if mark.box is not None:
            marked.setdefault(mark.page, []).append(mark.box)
    if not marked:
        raise NothingMarked()
    texts = {}
    for number, boxes in marked.items():
        found = await page_queries.pages(
            database, petition_id, document.id, document.version or 0, number, number
        )
        if found:
            texts[str(number)] = readable(found[0]["text"], found[0]["boxes"], boxes)
    draft, places = store.draft(), store.draft()
    try:
        places.write(json.dumps(marked).encode())
        places.finish()
        async with confined.place(), store.at_hand(document.sha256 or "") as copy:
            answer = await confined.answered_by(
                "mobilise.documents.blackening",
                *(str(copy), document.kind or "", str(places.path), str(draft.path)),
            )
        if "refused" in answer:
            why = str(answer["refused"])
            raise FileRefused(why if why in kinds.REFUSED else "broken")
        await draft.written()
        return await versions.redact(
            database,
            store,
            draft,
            because,
            document,
            texts,
            petition_id=petition_id,
            person_id=person_id,
        )
    finally:
        draft.discard()
        places.discard()
