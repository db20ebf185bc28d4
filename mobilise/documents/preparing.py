"""Prepares a version for its readers: first the copy for everybody, then page after page.

The work is a job of the queue. It may be killed at any moment: each page is stored as it comes,
and whoever takes the job up again goes on with the pages that are missing.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mobilise import confined, db, jobs
from mobilise.documents import kinds, page_queries, version_queries
from mobilise.petitions import releasing
from mobilise.store import NoRoom, Store

log = logging.getLogger(__name__)
TASK = "documents.prepare"
MOST_BAD_PAGES = 5
"""Pages that cost the child its life; then the others are not tried any more."""
_READERS = {
    **dict.fromkeys(("pdf", "jpg", "png", "webp"), "mobilise.documents.leafing"),
    **dict.fromkeys(("docx", "odt", "txt"), "mobilise.documents.reading_text"),
    **dict.fromkeys(("csv", "xlsx", "ods", "geojson"), "mobilise.documents.reading_tables"),
}
AHEAD = 8
"""Pages that the child may be ahead of the store: so many are stored together."""
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
    """Does what is still to be done of it; done already, or taken away meanwhile: nothing.

    On a full disk it stays waiting: `queue_forgotten` has it tried again minutes later.
    """
    row = await version_queries.one(database, *version.key)
    if row is None or row["state"] != "waiting" or row["closed_at"] is not None:
        return
    try:
        async with confined.place():
            await store.look_for_room()  # before a child works for nothing
            if row["published"] is None:
                await _clean(database, store, version, row)
                row = await version_queries.one(database, *version.key)
            if row is not None and row["published"] is not None:
                await _read(database, store, version, row)
    except _CannotGoOn as fault:
        await version_queries.settle(database, *version.key, "failed", str(fault))
        return
    except NoRoom:
        log.warning("the disk is nearly full: %s waits until there is room", version.key)
        return
    await version_queries.settle(database, *version.key, "ready")


class _CannotGoOn(Exception):
    """The file does not let itself be prepared; the word is one of `kinds.REFUSED`."""


@asynccontextmanager
async def _at_hand(store: Store, sha256: str) -> AsyncIterator[Path]:
    """What is lost does not come back by trying again."""
    async with AsyncExitStack() as stack:
        try:
            path = await stack.enter_async_context(store.at_hand(sha256))
        except FileNotFoundError as error:
            log.error("%s is not in the store", sha256)
            raise _CannotGoOn("broken") from error
        yield path


# --- the copy ---------------------------------------------------------------------------------


async def _clean(database: db.Database, store: Store, version: Version, row: db.Record) -> None:
    draft = store.draft()
    try:
        async with _at_hand(store, row["sha256"]) as original:
            await store.look_for_room()
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
    made = set(await page_queries.pages_made(database, *version.key))
    last = row["pages"] or _WHOLE
    bad = 0
    async with _at_hand(store, row["published"]) as copy:
        first = _first_missing(made)
        while first <= last:
            reached, fault = await _read_on(database, store, version, row, copy, first, last)
            if not fault or reached > last:  # all pages were told before it ended
                return
            log.warning("page %s of %s: %s", reached, version.key, fault)
            bad += 1
            if bad > MOST_BAD_PAGES or row["pages"] is None:
                raise _CannotGoOn(_known(fault))
            await page_queries.add_pages(database, *version.key, [_empty(reached)])
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
        told = confined.told_by(_READERS[row["kind"]], *arguments)
        async with aclosing(_in_handfuls(told)) as handfuls:
            async for some in handfuls:
                await _keep_pages(database, store, version, row, some)
                reached = int(some[-1][0]["page"]) + 1
    except confined.Ended as ended:
        return reached, str(ended)
    return reached, ""


async def _in_handfuls(
    told: AsyncGenerator[confined.Told, None],
) -> AsyncGenerator[list[confined.Told], None]:
    """What was told meanwhile, together: the first page at once, and while it is stored the child
    goes on."""
    waiting = asyncio.Queue[confined.Told | Exception | None](AHEAD)

    async def listen() -> None:
        end: Exception | None = None
        try:
            async with aclosing(told):
                async for each in told:
                    await waiting.put(each)
        except Exception as error:  # told after what came before it
            end = error
        await waiting.put(end)

    listening = asyncio.create_task(listen())
    try:
        while True:
            found = [await waiting.get()]
            while not waiting.empty():
                found.append(waiting.get_nowait())
            if some := [each for each in found if isinstance(each, tuple)]:
                yield some
            if isinstance(found[-1], Exception):
                raise found[-1]
            if found[-1] is None:
                return
    finally:
        listening.cancel()
        await asyncio.wait([listening])  # the child has ended when this has


async def _keep_pages(
    database: db.Database,
    store: Store,
    version: Version,
    row: db.Record,
    some: list[confined.Told],
) -> None:
    """One transaction for all of them; their files are written side by side."""
    await store.look_for_room()
    pictures = [picture for _, parts in some for picture in parts[:2]]
    sums = await asyncio.gather(*map(store.put, pictures))
    named = iter(sums)
    pages = [_page(facts, parts, named, row["texts"] or {}) for facts, parts in some]
    async with releasing.claimed(database, store, sums):
        await page_queries.add_pages(database, *version.key, pages)


def _page(
    facts: dict[str, Any], parts: list[bytes], sums: Iterator[str], texts: dict[str, str]
) -> dict[str, Any]:
    """What is kept of a page. `sums` go on with the checksums of its pictures."""
    page = _empty(int(facts["page"])) | facts
    page |= {name: next(sums) for name, _ in zip(("picture", "small"), parts, strict=False)}
    page["boxes"] = (parts[2] or None) if len(parts) > 2 else None
    page["text"] = texts.get(str(page["page"]), page["text"])
    return page


def _empty(number: int) -> dict[str, Any]:
    """A page of which nothing can be shown or read."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("picture", "small", "width", "height", "points", "boxes", "cells", "total")
    )
    return nothing | {"page": number, "title": "", "text": ""}
