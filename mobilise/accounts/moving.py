"""An account moves to another mailbox: both say yes, within a day, or nothing changes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import asyncpg

from mobilise import db
from mobilise.accounts import mailbox_queries, queries, session_queries
from mobilise.addresses import Address
from mobilise.audit import trail
from mobilise.mail import outbox
from mobilise.tokens import ADDRESS_HOURS

VALID = timedelta(hours=ADDRESS_HOURS)
Side = Literal["new", "old"]
Outcome = Literal["agreed", "moved", "over"]


async def ask(
    database: db.Database,
    person_id: int,
    session: bytes,
    address: Address,
    recipient: Callable[[str], bytes],
    write: bool,
) -> None:
    """Two letters: the new mailbox confirms, the old one agrees or stops it.

    `session`: the key of the one that goes on. `write`: False when the new address had enough
    letters. A mailbox that has an account of its own gets none, which nobody sees from here.
    """
    async with db.tx(database):
        change_id = await mailbox_queries.ask(
            database, person_id, session, address.sent, address.key
        )
        old_key = await queries.key_of(database, person_id)
        if write:
            await outbox.add(
                database, "account_new_address", recipient=recipient(address.key), about=change_id
            )
        await outbox.add(
            database,
            "account_old_address",
            recipient=recipient(old_key),
            person_id=person_id,
            about=change_id,
        )
        await trail.write(database, "account.address_asked", person_id=person_id)


async def agree(database: db.Database, change_id: int, side: Side) -> Outcome:
    """The second yes moves the account, and ends its sessions everywhere else. Whoever takes the
    new mailbox for an account in the same moment is seen at the second look."""
    try:
        return await _agree(database, change_id, side)
    except asyncpg.UniqueViolationError:
        return await _agree(database, change_id, side)


async def _agree(database: db.Database, change_id: int, side: Side) -> Outcome:
    async with db.tx(database):
        agreed = await mailbox_queries.agree(database, change_id, side, VALID)
        if agreed is None:
            return "over"
        if not agreed["ready"]:
            return "agreed"
        return await _move(database, agreed)


async def _move(database: db.Database, agreed: db.Record) -> Outcome:
    person_id = agreed["person_id"]
    old_key = await queries.key_of(database, person_id)
    await mailbox_queries.end(database, agreed["id"])
    if not await mailbox_queries.move(database, person_id, agreed["email"], agreed["email_key"]):
        return "over"
    await mailbox_queries.forget_logins(database, old_key)
    await session_queries.end_all(database, person_id, but=agreed["session"])
    await trail.write(database, "account.address_changed", person_id=person_id)
    return "moved"


async def stop(database: db.Database, change_id: int) -> None:
    """ "This was not me": nothing changes, and whoever asked is out, everywhere."""
    async with db.tx(database):
        change = await mailbox_queries.change(database, change_id)
        if change is None or not await mailbox_queries.end(database, change_id):
            return
        await session_queries.end_all(database, change["person_id"])
        await trail.write(database, "account.address_change_stopped", person_id=change["person_id"])
