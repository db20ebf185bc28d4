"""Is everything in the store that rows point at, as it was, and nothing else?"""

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from mobilise import db
from mobilise.documents import queries
from mobilise.petitions import releasing
from mobilise.store import Store

What = Literal["missing", "damaged", "orphaned"]
Told = Callable[[int, int], None]
"""Called with the bytes that are done and about how many there are."""
UNCLAIMED = timedelta(days=2)
"""An upload stores its bytes before its row: what is younger may be one."""


@dataclass(frozen=True)
class Finding:
    """`missing`: rows point at it, and it is not there. `damaged`: its bytes do not hash to its
    name. `orphaned`: no row points at it. `shown_in`: where readers would look for it."""

    what: What
    sha256: str
    shown_in: tuple[str, ...] = ()


async def check(
    database: db.Database, store: Store, told: Told = lambda done, of: None
) -> AsyncIterator[Finding]:
    """Reads everything once. Memory does not know how much there is. The site may go on meanwhile:
    what comes or goes while it is looked at is no finding."""
    async for finding in _missing(database, store):
        yield finding
    of = 0
    async for _, size in store.kept():
        of += size
    done = 0
    async for sha256, size in store.kept():
        hashing = hashlib.sha256()
        try:
            async for piece in store.read(sha256, 0, size):
                hashing.update(piece)
                done += len(piece)
                told(done, max(done, of))
        except FileNotFoundError:
            continue
        if not await queries.is_pointed_at(database, sha256):
            yield Finding("orphaned", sha256)
        elif hashing.hexdigest() != sha256:
            yield Finding("damaged", sha256, tuple(await queries.shown_in(database, sha256)))


async def _missing(database: db.Database, store: Store) -> AsyncIterator[Finding]:
    after = ""
    while page := await queries.pointed_at(database, after):
        for sha256, needed in page:
            if needed and await _is_missing(database, store, sha256):
                yield Finding("missing", sha256, tuple(await queries.shown_in(database, sha256)))
        after = page[-1][0]


async def _is_missing(database: db.Database, store: Store, sha256: str) -> bool:
    """Rows are asked once more: they may have gone since, and the content after them."""
    return await store.size(sha256) is None and await queries.is_pointed_at(database, sha256)


async def sweep(database: db.Database, store: Store, unclaimed: timedelta = UNCLAIMED) -> int:
    """Removes what was stored so long ago and no row points at; tells how many files."""
    before = datetime.now(UTC) - unclaimed
    swept = 0
    async for sha256, _ in store.kept(before):
        if not await queries.is_pointed_at(database, sha256):
            swept += await releasing.release(database, store, [sha256])
    return swept
