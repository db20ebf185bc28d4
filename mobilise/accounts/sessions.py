"""Sessions: a random secret in a cookie, its SHA-256 in a row that can be taken away."""

import hashlib
import secrets
from datetime import timedelta

from mobilise import db
from mobilise.accounts import session_queries
from mobilise.errors import NotFound

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
NOTED_EVERY = timedelta(minutes=5)  # "last seen" is no finer, so that reading rarely writes


async def begin(
    database: db.Database, person_id: int, instead_of: str = "", agent: str = ""
) -> str:
    """A fresh session under a new secret, which goes into the cookie.

    The one that it stands in for goes on as this one; it ends when it was somebody else's.
    `agent`: with which browser, in short.
    """
    secret = secrets.token_urlsafe(32)
    await session_queries.begin(database, key(secret), person_id, key(instead_of), agent)
    return secret


async def holder(database: db.Database, secret: str) -> db.Record | None:
    """The person of a living session; None when it has ended."""
    found = await session_queries.session(database, key(secret), IDLE, LONGEST)
    if found is not None and found["unseen_for"] > NOTED_EVERY:
        await session_queries.note(database, key(secret))
    return found


async def living(database: db.Database, person_id: int, secret: str) -> list[db.Record]:
    """Where this person is in; `secret` is that of the browser that asks."""
    return await session_queries.of_person(database, person_id, key(secret), IDLE, LONGEST)


async def end(database: db.Database, secret: str) -> None:
    await session_queries.end(database, key(secret))


async def end_one(database: db.Database, person_id: int, number: int) -> None:
    if not await session_queries.end_number(database, person_id, number):
        raise NotFound()


async def end_others(database: db.Database, person_id: int, secret: str) -> None:
    await session_queries.end_all(database, person_id, but=key(secret))


async def end_everywhere(database: db.Database, person_id: int) -> None:
    await session_queries.end_all(database, person_id)


def key(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
