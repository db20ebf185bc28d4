"""Sessions: a random secret in a cookie, its SHA-256 in a row that can be taken away."""

import hashlib
import secrets
from datetime import timedelta

from mobilise import db
from mobilise.accounts import queries

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
NOTED_EVERY = timedelta(minutes=5)  # "last seen" is no finer, so that reading rarely writes


async def begin(database: db.Database, person_id: int, instead_of: str = "") -> str:
    """A new session; its secret goes into the cookie. The one it replaces ends."""
    secret = secrets.token_urlsafe(32)
    await queries.add_session(database, key(secret), person_id, key(instead_of))
    return secret


async def holder(database: db.Database, secret: str) -> db.Record | None:
    """The person of a living session; None when it has ended."""
    found = await queries.session(database, key(secret), IDLE, LONGEST)
    if found is not None and found["unseen_for"] > NOTED_EVERY:
        await queries.note_session(database, key(secret))
    return found


async def end(database: db.Database, secret: str) -> None:
    await queries.end_session(database, key(secret))


async def end_everywhere(database: db.Database, person_id: int) -> None:
    await queries.end_sessions(database, person_id)


def key(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
