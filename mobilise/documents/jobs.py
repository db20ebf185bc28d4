"""The work of this room that waits in the queue or runs by the clock."""

import asyncio
from typing import Any

from mobilise.documents import checking, preparing, tiling, tiling_queries, uploading
from mobilise.jobs import Job, Task, Workplace


async def prepare(place: Workplace, about: dict[str, Any]) -> None:
    """The copy and the pages of one version."""
    await preparing.prepare(place.db, place.store, preparing.Version(**about))


async def queue_forgotten(place: Workplace) -> None:
    """What waits and stands in no queue; what stands in one already is there once."""
    await preparing.queue_forgotten(place.db)


async def forget_uploads(place: Workplace) -> None:
    """How far uploads of yesterday were."""
    await uploading.forget(place.db)


async def sweep_squares(place: Workplace) -> None:
    """Enlarged parts of pages: those of weeks ago, and those that nobody may see any more."""
    data = place.settings.data
    await asyncio.to_thread(tiling.sweep, data)
    drawn = set(await asyncio.to_thread(tiling.drawn, data))
    closed = drawn - await tiling_queries.readable(place.db, drawn)
    await asyncio.to_thread(tiling.forget, data, closed)


async def sweep_store(place: Workplace) -> None:
    """What a crash left behind, between the last row and its bytes or between bytes and row."""
    await place.store.sweep()
    await checking.sweep(place.db, place.store)


JOBS: list[Job | Task] = [
    Task(preparing.TASK, prepare, at_once=2),
    Job("documents.queue_forgotten", "*/5 * * * *", queue_forgotten),
    Job("documents.sweep_store", "20 3 * * *", sweep_store),
    Job("documents.sweep_squares", "53 3 * * *", sweep_squares),
    Job("documents.forget_uploads", "41 3 * * *", forget_uploads),
]
