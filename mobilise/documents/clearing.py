"""Content that nothing points at any more leaves the store, after the rows have let go of it."""

from collections.abc import Iterable

from mobilise import db
from mobilise.documents import queries
from mobilise.store import Store


async def clear(database: db.Database, store: Store, content: Iterable[str]) -> int:
    """Removes each of these that is not in use; tells how many went.

    A crash in between leaves content that nobody shows, which the sweep of the night removes.
    """
    gone = 0
    for sha256 in content:
        async with db.tx(database):
            await queries.lock_content(database, sha256)
            if not await queries.is_in_use(database, sha256):
                await store.forget(sha256)
                gone += 1
    return gone
