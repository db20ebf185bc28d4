"""Work that runs by the clock, and work that waits in a queue: PgQueuer, on the same PostgreSQL,
shared by all workers.

A task whose worker is killed is taken up by another half a minute later; one that fails is tried
again, each time a little later.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from pgqueuer import AsyncpgDriver, PgQueuer
from pgqueuer.adapters.persistence.qb import QueryQueueBuilder
from pgqueuer.executors import DatabaseRetryEntrypointExecutor

from mobilise import db
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens

log = logging.getLogger("mobilise.jobs")
SECONDS_BETWEEN_TRIES = 5.0
TRIES = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)


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


@dataclass(frozen=True)
class Task:
    """Work that is asked for with `enqueue`. It must bear being begun twice: whoever takes it up
    again goes on where the other one was stopped."""

    name: str
    deed: Callable[[Workplace, dict[str, Any]], Awaitable[Any]]
    at_once: int = 1
    """How many of them may run at the same time, over all workers."""


async def enqueue(database: db.Database, name: str, about: dict[str, Any]) -> None:
    """Asks for a task, within the caller's transaction. The same one twice is one."""
    payload = orjson.dumps(about, option=orjson.OPT_SORT_KEYS)
    same = f"{name} {payload.decode()}"
    # Its own statement with our values: its function writes JSON as text, which our connections
    # would write as JSON once more.
    statement = QueryQueueBuilder().build_enqueue_query("skip")
    async with database.connection() as connection:
        await connection.raw_connection.fetch(
            statement, [0], [name], [payload], [timedelta(0)], [same], [None]
        )


async def run(jobs: Sequence[Job | Task], place: Workplace, stop: asyncio.Event) -> None:
    """Runs the jobs at their times until `stop` is set; a lost database is waited for."""
    while not stop.is_set():
        try:
            await _run(jobs, place, stop)
        except db.LOST as error:
            log.warning("the database is away, jobs wait: %s", error)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SECONDS_BETWEEN_TRIES)


async def _run(jobs: Sequence[Job | Task], place: Workplace, stop: asyncio.Event) -> None:
    """PgQueuer listens on a connection of its own: behind PgBouncer that is the direct one."""
    url = place.settings.database_direct_url or place.settings.database_url
    assert url is not None
    connection = await db.direct(url, purpose="jobs")
    queue = PgQueuer(AsyncpgDriver(connection))
    for job in jobs:
        if isinstance(job, Task):
            _take(queue, job, place)
        else:
            _schedule(queue, job, place)
    log.info("%s jobs wait for their time", len(jobs))
    running = asyncio.create_task(queue.run(batch_size=1))
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


def _take(queue: PgQueuer, task: Task, place: Workplace) -> None:
    async def deed(job: Any) -> None:
        try:
            await task.deed(place, orjson.loads(job.payload))
        except Exception:
            log.exception("%s failed; it is tried again", task.name)
            raise

    def patient(parameters: Any) -> DatabaseRetryEntrypointExecutor:
        return DatabaseRetryEntrypointExecutor(
            parameters, max_attempts=TRIES, initial_delay=FIRST_WAIT, max_delay=LONGEST_WAIT
        )

    queue.entrypoint(task.name, concurrency_limit=task.at_once, executor_factory=patient)(deed)
