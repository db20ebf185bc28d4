"""Prepares a version for its readers: first the copy for everybody, then page after page.

The work is a job of the queue. It may be killed at any moment: each page is stored as it comes,
and whoever takes the job up again goes on with the pages that are missing.
"""

import logging
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mobilise import confined, db, jobs
from mobilise.documents import kinds, version_queries
from mobilise.petitions import releasing
from mobilise.store import Store

log = logging.getLogger(__name__)
TASK = "documents.prepare"
MOST_BAD_PAGES = 5
"""Pages that cost the child its life; then the others are not tried any more."""
_READERS = {
    **dict.fromkeys(("pdf", "jpg", "png", "webp"), "mobilise.documents.leafing"),
    **dict.fromkeys(("docx", "odt", "txt"), "mobilise.documents.reading_text"),
    **dict.fromkeys(("csv", "xlsx", "ods", "geojson"), "mobilise.documents.reading_tables"),
}
_WHOLE = 1_000_000
"""Last page of a document whose pages nobody counted."""


@dataclass(frozen=True)
class Version:
    """A version that waits for its copy or its pages."""

    petition_id: int
    document_id: int
    number: int

    @property
    def key(self) -> tuple[int, int, int]:
        return self.petition_id, self.document_id, self.number


async def queue(database: db.Database, version: Version) -> None:
    """Within the caller's transaction: whoever stores a version has it prepared."""
    await jobs.enqueue(database, TASK, vars(version))


async def queue_forgotten(database: db.Database) -> int:
    """Versions that wait and stand in no queue, such as those of an older mobilise."""
    found = await version_queries.waiting(database)
    for row in found:
        await queue(database, Version(row["petition_id"], row["document_id"], row["number"]))
    return len(found)


async def prepare(database: db.Database, store: Store, version: Version) -> None:
    """Does what is still to be done of it; done already, or taken away meanwhile: nothing."""
    row = await version_queries.one(database, *version.key)
    if row is None or row["state"] != "waiting" or row["closed_at"] is not None:
        return
    try:
        async with confined.place():
            if row["published"] is None:
                await _clean(database, store, version, row)
                row = await version_queries.one(database, *version.key)
            if row is not None and row["published"] is not None:
                await _read(database, store, version, row)
    except _CannotGoOn as fault:
        await version_queries.settle(database, *version.key, "failed", str(fault))
        return
    await version_queries.settle(database, *version.key, "ready")


class _CannotGoOn(Exception):
    """The file does not let itself be prepared; the word is one of `kinds.REFUSED`."""


# --- the copy ---------------------------------------------------------------------------------


async def _clean(database: db.Database, store: Store, version: Version, row: db.Record) -> None:
    draft = store.draft()
    try:
        async with store.at_hand(row["sha256"]) as original:
            pages = await cleaned(original, row["kind"], draft.path)
        await draft.written()
        await store.keep(draft)
        async with releasing.claimed(database, store, [draft.sha256]):
            await version_queries.publish(
                database, *version.key, sha256=draft.sha256, size=draft.size, pages=pages
            )
    finally:
        draft.discard()


async def cleaned(original: Path, kind: str, target: Path) -> int | None:
    """Writes the copy beside; tells its pages. Raises with why it cannot be made."""
    answer = await confined.answered_by(
        "mobilise.documents.cleaning", str(original), kind, str(target)
    )
    if "refused" in answer:
        raise _CannotGoOn(_known(str(answer["refused"])))
    pages = answer.get("pages")
    return pages if isinstance(pages, int) else None


def _known(why: str) -> str:
    return why if why in kinds.REFUSED else "broken"


# --- the pages --------------------------------------------------------------------------------


async def _read(database: db.Database, store: Store, version: Version, row: db.Record) -> None:
    """All pages that are not there yet, in their order."""
    made = set(await version_queries.pages_made(database, *version.key))
    last = row["pages"] or _WHOLE
    bad = 0
    async with store.at_hand(row["published"]) as copy:
        first = _first_missing(made)
        while first <= last:
            reached, fault = await _read_on(database, store, version, row, copy, first, last)
            if not fault:
                return
            log.warning("page %s of %s: %s", reached, version.key, fault)
            bad += 1
            if bad > MOST_BAD_PAGES or row["pages"] is None:
                raise _CannotGoOn(_known(fault))
            await version_queries.add_page(
                database, *version.key, row["language"], **_empty(reached)
            )
            first = reached + 1


def _first_missing(made: set[int]) -> int:
    first = 1
    while first in made:
        first += 1
    return first


async def _read_on(
    database: db.Database,
    store: Store,
    version: Version,
    row: db.Record,
    copy: Path,
    first: int,
    last: int,
) -> tuple[int, str]:
    """Stores page after page; tells at which one the child ended, and why. Whole: no why."""
    reached = first
    arguments = (str(copy), row["kind"], str(first), str(last))
    try:
        async with aclosing(confined.told_by(_READERS[row["kind"]], *arguments)) as told:
            async for facts, parts in told:
                await _keep_page(database, store, version, row, facts, parts)
                reached = int(facts["page"]) + 1
    except confined.Ended as ended:
        return reached, str(ended)
    return reached, ""


async def _keep_page(
    database: db.Database,
    store: Store,
    version: Version,
    row: db.Record,
    facts: dict[str, Any],
    parts: list[bytes],
) -> None:
    page = _empty(int(facts["page"])) | facts
    pictures, boxes = parts[:2], parts[2:]
    sums = [await store.put(picture) for picture in pictures]
    async with releasing.claimed(database, store, sums):
        page |= dict(zip(("picture", "small"), sums, strict=False))
        page["boxes"] = boxes[0] if boxes and boxes[0] else None
        if row["texts"] and str(page["page"]) in row["texts"]:
            page["text"] = row["texts"][str(page["page"])]
        await version_queries.add_page(database, *version.key, row["language"], **page)


def _empty(number: int) -> dict[str, Any]:
    """A page of which nothing can be shown or read."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("picture", "small", "width", "height", "points", "boxes", "cells", "total")
    )
    return nothing | {"page": number, "title": "", "text": ""}
