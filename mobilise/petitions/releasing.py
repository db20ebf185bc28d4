"""Content that no row points at any more leaves the store.

Never inside the transaction that took the last row away: that one may still fail. What a crash in
between leaves behind is removed by night (`documents.sweep_store`).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager, suppress

from mobilise import db
from mobilise.petitions import content_queries
from mobilise.store import Away, Store
from mobilise.uploads import BrokenOff

log = logging.getLogger(__name__)
PATIENCE = 20
"""Seconds for one removal: a transaction that idles for 30 is ended, and its lock with it."""


@asynccontextmanager
async def claimed(
    database: db.Database, store: Store, checksums: Collection[str]
) -> AsyncIterator[None]:
    """A transaction for the rows that point at content which was just put in the store.

    The bytes come first: a bucket takes its time, and a transaction may not idle for long. Without
    the rows they go again. Raises BrokenOff when somebody took the same content away meanwhile.
    """
    try:
        async with db.tx(database):
            wanted = sorted(set(checksums))  # in one order for everybody
            await content_queries.lock_contents(database, wanted)
            for sha256 in wanted:
                if await store.size(sha256) is None:
                    raise BrokenOff()
            yield
    except BaseException:
        with suppress(*db.LOST):  # then the night removes it
            await release(database, store, checksums)
        raise


async def release(database: db.Database, store: Store, checksums: Iterable[str]) -> int:
    """Removes what nothing points at; tells how many. Called after the commit.

    A store that cannot be reached is logged: the deed itself is done, and the night tries again.
    """
    released = 0
    for sha256 in checksums:
        async with db.tx(database):
            await content_queries.lock_content(database, sha256)
            if await content_queries.is_pointed_at(database, sha256):
                continue
            try:
                async with asyncio.timeout(PATIENCE):
                    await store.forget(sha256)
                released += 1
            except (Away, OSError) as error:
                log.warning("%s is not removed yet: %s", sha256, error)
    return released
