"""A worker that prepares one PDF, or draws its pages and does nothing else, and tells what it took.

A process of its own, on one processor: what it needs of memory and of time is what it tells.
"""

import asyncio
import io
import json
import os
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks.instance import spent_by_database
from mobilise import db, embedded
from mobilise.documents import dossier, judging, preparing
from mobilise.lifeline import die_with_parent
from mobilise.settings import Settings
from mobilise.store import PIECE, opened

LONGEST, QUALITY = 1600, 74
GLANCE = 0.01
"""Seconds between two looks whether the first page is there."""


def draw(path: Path) -> dict[str, Any]:
    """The floor: each page on a picture of the same size, packed with the same care."""
    import pypdfium2

    began = time.perf_counter()
    pdf = pypdfium2.PdfDocument(path)
    for page in pdf:
        picture = page.render(
            scale=LONGEST / max(page.get_size()), rev_byteorder=True, prefer_bgrx=True
        )
        picture.to_pil().save(io.BytesIO(), "JPEG", quality=QUALITY)
        page.close()
    return {"seconds": time.perf_counter() - began}


async def prepare(path: Path, petition: int) -> dict[str, Any]:
    """Seconds until the first page could be read, and until all was done."""
    settings = Settings()
    store = opened(settings)
    server = embedded.start(settings.data)
    database = db.connect(server.app_url, purpose="benchmark")
    await database.connect()
    try:
        number = await _added(database, store, path, petition)
        before, began = spent_by_database(server), time.perf_counter()
        first = asyncio.create_task(_first_page(database, petition, number))
        await preparing.prepare(database, store, preparing.Version(petition, number, 1))
        took = time.perf_counter() - began
        spent = spent_by_database(server) - before  # while its connections are still there
        return {"seconds": took, "first": await first - began, "db": spent}
    finally:
        await database.disconnect()


async def _added(database: db.Database, store: Any, path: Path, petition: int) -> int:
    draft = store.draft()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            draft.write(piece)
    draft.finish()
    return await dossier.add(
        database,
        store,
        draft,
        judging.Found("study.pdf", "pdf", None),
        dossier.Caption("Study", language="en"),
        petition_id=petition,
        person_id=None,
    )


async def _first_page(database: db.Database, petition: int, number: int) -> float:
    while not (await dossier.document(database, petition, number)).pages_done:
        await asyncio.sleep(GLANCE)
    return time.perf_counter()


def _spent(who: int) -> float:
    found = resource.getrusage(who)
    return found.ru_utime + found.ru_stime


def most_memory() -> int:
    """Bytes that this process had at its fullest. What `getrusage` tells is also of the process
    that started it."""
    with suppress(OSError, StopIteration):
        told = Path("/proc/self/status").read_text().splitlines()
        return 1024 * int(next(each for each in told if each.startswith("VmHWM")).split()[1])
    return int(psutil.Process().memory_info().rss)


def main() -> None:
    die_with_parent()
    what, path, petition = sys.argv[1:]
    if hasattr(os, "sched_setaffinity"):  # Linux
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    before = _spent(resource.RUSAGE_SELF)
    told = draw(Path(path)) if what == "draw" else asyncio.run(prepare(Path(path), int(petition)))
    told["parent"] = _spent(resource.RUSAGE_SELF) - before
    if what != "draw":
        told["child"] = _spent(resource.RUSAGE_CHILDREN)
    told["memory"] = most_memory()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
