"""Work that runs by the clock: PgQueuer, on the same PostgreSQL, shared by all workers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pgqueuer import AsyncpgDriver, PgQueuer

from mobilise import db
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens

log = logging.getLogger("mobilise.jobs")
SECONDS_BETWEEN_TRIES = 5.0


@dataclass(frozen=True)
class Workplace:
    """What a job works with."""

    db: db.Database
    store: Store
    settings: Settings
    tokens: Tokens


@dataclass(frozen=True)
class Job:
    """`when` is a crontab expression in UTC; a job must bear being run twice.

    One whose time came while nobody worked is done as soon as somebody does.
    """

    name: str
    when: str
    deed: Callable[[Workplace], Awaitable[Any]]


async def run(jobs: Sequence[Job], place: Workplace, stop: asyncio.Event) -> None:
    """Runs the jobs at their times until `stop` is set; a lost database is waited for."""
    while not stop.is_set():
        try:
            await _run(jobs, place, stop)
        except db.LOST as error:
            log.warning("the database is away, jobs wait: %s", error)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SECONDS_BETWEEN_TRIES)


async def _run(jobs: Sequence[Job], place: Workplace, stop: asyncio.Event) -> None:
    """PgQueuer listens on a connection of its own: behind PgBouncer that is the direct one."""
    url = place.settings.database_direct_url or place.settings.database_url
    assert url is not None
    connection = await db.direct(url, purpose="jobs")
    queue = PgQueuer(AsyncpgDriver(connection))
    for job in jobs:
        _schedule(queue, job, place)
    log.info("%s jobs wait for their time", len(jobs))
    running = asyncio.create_task(queue.run())
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if running in done:
            await running  # raises what ended it
    finally:
        queue.shutdown.set()
        stopping.cancel()
        await asyncio.wait({running}, timeout=10)
        await connection.close(timeout=5)


def _schedule(queue: PgQueuer, job: Job, place: Workplace) -> None:
    async def deed(schedule: Any) -> None:
        try:
            await job.deed(place)
        except db.LOST as error:
            log.warning("%s: the database was away: %s", job.name, error)
        except Exception:
            # One job's fault must not end the clock of the others; it is tried at its next time.
            log.exception("%s failed", job.name)

    queue.schedule(job.name, job.when)(deed)
