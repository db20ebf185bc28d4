"""One who writes the whole list of signers, or copies the same columns, and tells what it took.

A process of its own: the memory that it tells is what the list needs, and nothing else.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg

from benchmarks.instance import spent_by_database
from benchmarks.preparing import most_memory
from mobilise import db, embedded
from mobilise.lifeline import die_with_parent
from mobilise.settings import Settings
from mobilise.signatures import signers_files

COPY = "copy"  # the floor
_COPIED = """
select name, postcode, country, (confirmed_at at time zone 'Europe/Brussels')::date, confirmed_by,
  public_name
from signatures where petition_id = $1 and state = 'confirmed' order by id
"""


async def _told(pieces: AsyncIterator[bytes]) -> dict[str, Any]:
    """Seconds to the first piece and to the last, and how many bytes there were."""
    octets, first, began = 0, 0.0, time.perf_counter()
    async for piece in pieces:
        first = first or time.perf_counter() - began
        octets += len(piece)
    return {"first": first, "seconds": time.perf_counter() - began, "bytes": octets}


async def ours(form: str, petition: int) -> dict[str, Any]:
    settings = Settings()
    server = embedded.start(settings.data)
    database = db.connect(server.app_url, connections=1, purpose="benchmark")
    await database.connect()
    try:
        before = spent_by_database(server)
        pieces = signers_files.file(database, petition, signers_files.FORMS[form], settings.zone)
        return await _told(pieces) | {"db": spent_by_database(server) - before}
    finally:
        await database.disconnect()


async def copied(petition: int) -> dict[str, Any]:
    """What the database can do at best: COPY, its bytes counted and thrown away."""
    server = embedded.start(Settings().data)
    connection = await asyncpg.connect(server.app_url)
    octets, first, began = 0, 0.0, time.perf_counter()

    async def kept(data: bytes) -> None:
        nonlocal octets, first
        first = first or time.perf_counter() - began
        octets += len(data)

    before = spent_by_database(server)
    await connection.copy_from_query(_COPIED, petition, output=kept, format="csv")
    took = time.perf_counter() - began
    spent = spent_by_database(server) - before
    await connection.close()
    return {"first": first, "seconds": took, "bytes": octets, "db": spent}


def main() -> None:
    die_with_parent()
    what, petition = sys.argv[1], int(sys.argv[2])
    before, began = most_memory(), time.process_time()
    told = asyncio.run(copied(petition) if what == COPY else ours(what, petition))
    told |= {"parent": time.process_time() - began, "memory": most_memory() - before}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
