"""The clock of the jobs: what was missed is done, one fault stops no other, none stops for ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from mobilise import db as database_module
from mobilise import jobs
from mobilise.db import Database
from mobilise.jobs import Job, Workplace
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens

NOON = "0 12 1 1 *"  # once a year
OVERDUE = "update pgqueuer_schedules set next_run = now() - interval '1 hour'"


@pytest.fixture
def place(db: Database, store: Store, settings: Settings, tokens: Tokens) -> Workplace:
    return Workplace(db, store, settings, tokens)


@asynccontextmanager
async def running(place: Workplace, *known: Job) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(jobs.run(known, place, stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def scheduled(db: Database) -> int:
    return int(await database_module.value(db, "select count(*) from pgqueuer_schedules"))


class Deed:
    """Tells when it was done."""

    def __init__(self) -> None:
        self.done = asyncio.Event()

    async def __call__(self, place: Workplace) -> None:
        self.done.set()

    async def wait(self) -> None:
        async with asyncio.timeout(90):
            await self.done.wait()


async def fails(place: Workplace) -> None:
    raise RuntimeError("this one always fails")


async def missed(db: Database, place: Workplace, *known: Job) -> None:
    """The worker ran once, and was away when their time came."""
    async with running(place, *known):
        async with asyncio.timeout(90):
            while await scheduled(db) < len(known):
                await asyncio.sleep(0.05)
    await database_module.run(db, OVERDUE)


async def test_what_was_missed_is_done_at_the_next_start(db: Database, place: Workplace) -> None:
    deed = Deed()
    await missed(db, place, Job("test.deed", NOON, deed))
    assert not deed.done.is_set()
    async with running(place, Job("test.deed", NOON, deed)):
        await deed.wait()


async def test_the_fault_of_one_job_stops_no_other(
    db: Database, place: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    deed = Deed()
    known = Job("test.fails", NOON, fails), Job("test.deed", NOON, deed)
    await missed(db, place, *known)
    async with running(place, *known):
        await deed.wait()
    assert "test.fails failed" in caplog.text


async def test_a_lost_connection_is_made_again(
    db: Database,
    place: Workplace,
    owner: "asyncpg.Connection[asyncpg.Record]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_TRIES", 0.1)
    deed = Deed()
    await missed(db, place, Job("test.deed", NOON, deed))
    await database_module.run(db, "update pgqueuer_schedules set next_run = now() + interval '1 y'")
    ended = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1"
    async with running(place, Job("test.deed", NOON, deed)):
        async with asyncio.timeout(90):
            while not await owner.fetch(ended, "mobilise jobs"):
                await asyncio.sleep(0.05)
        await database_module.run(db, OVERDUE)
        await deed.wait()
