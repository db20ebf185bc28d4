"""The trail: what was done, by whom, when. Lines are added, never changed.

Each line carries the hash of the one before it, so that a line which is altered or left out
shows. The application has no right to update or delete here.
"""

import hashlib
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import orjson

from mobilise import db

BEGINNING = bytes(32)  # stands before the first line
_LOCK = 7074


async def write(
    database: db.Database,
    deed: str,
    *,
    person_id: int | None = None,
    petition_id: int | None = None,
    **details: Any,
) -> None:
    """Adds a line inside the caller's transaction; no `person_id` means the software itself.

    Lines wait for each other until the transaction ends: write last, and nothing slow after.
    """
    # The lock is a statement of its own: the next one must see the line it waited for.
    await db.value(database, "select pg_advisory_xact_lock(:lock)", lock=_LOCK)
    last = await db.value(database, "select hash from audit_log order by id desc limit 1")
    previous, at = last or BEGINNING, datetime.now(UTC)
    await db.run(
        database,
        """
        insert into audit_log (at, person_id, petition_id, deed, details, previous, hash)
        values (:at, :person_id, :petition_id, :deed, :details, :previous, :hash)
        """,
        at=at,
        person_id=person_id,
        petition_id=petition_id,
        deed=deed,
        details=details,
        previous=previous,
        hash=digest(previous, at, person_id, petition_id, deed, details),
    )


async def first_break(database: db.Database) -> int | None:
    """The id of the first line that does not follow from the one before it; None when whole."""
    previous = BEGINNING
    # Closed by hand: left half read, it would keep its connection.
    async with aclosing(db.batches(database, "select * from audit_log order by id")) as batches:
        async for lines in batches:
            for line in lines:
                expected = digest(
                    previous,
                    line["at"],
                    line["person_id"],
                    line["petition_id"],
                    line["deed"],
                    line["details"],
                )
                if line["previous"] != previous or line["hash"] != expected:
                    return int(line["id"])
                previous = line["hash"]
    return None


def digest(
    previous: bytes,
    at: datetime,
    person_id: int | None,
    petition_id: int | None,
    deed: str,
    details: dict[str, Any],
) -> bytes:
    """SHA-256 over the previous hash and the line as JSON with sorted keys."""
    line = [at.astimezone(UTC).isoformat(), person_id, petition_id, deed, details]
    return hashlib.sha256(previous + orjson.dumps(line, option=orjson.OPT_SORT_KEYS)).digest()
