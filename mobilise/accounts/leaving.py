"""An account ends: because its owner says so, or because nobody used it for two years."""

import logging
from collections.abc import Callable
from datetime import timedelta

from mobilise import db
from mobilise.accounts import group_queries, mailbox_queries, queries
from mobilise.audit import trail
from mobilise.errors import N_, NotNow
from mobilise.mail import outbox
from mobilise.mail.account_letters import UNUSED_DAYS

log = logging.getLogger("mobilise.accounts")
UNUSED_MONTHS = 24
WAIT = timedelta(days=UNUSED_DAYS)
KEPT = timedelta(days=30)  # what the last letter needs
WARNED_TOGETHER = 200


async def in_the_way(database: db.Database, person_id: int) -> list[db.Record]:
    """Groups that would be left without an owner while others are in, or while a petition runs."""
    found = await group_queries.owned_alone(database, person_id)
    return [group for group in found if group["others"] or group["running"]]


async def erase(database: db.Database, person_id: int, recipient: Callable[[str], bytes]) -> None:
    """Account, sessions and memberships go; petitions stay, without the name.

    Drafts of groups in which nobody is left are out of everybody's reach from here on; the night
    erases them. NotNow while a group needs this person.
    """
    async with db.tx(database):
        await group_queries.lock_owners(database, person_id)
        if await in_the_way(database, person_id):
            raise NotNow(N_("A group of yours needs an owner. Hand it over or close its petition."))
        key = await queries.key_of(database, person_id)
        farewell_id = await mailbox_queries.say_farewell(database, person_id)
        await outbox.add(database, "account_erased", recipient=recipient(key), about=farewell_id)
        await mailbox_queries.forget_logins(database, key)
        await mailbox_queries.erase(database, person_id)
        await trail.write(database, "account.erased", person_id=person_id)


async def warn_unused(database: db.Database, recipient: Callable[[str], bytes]) -> None:
    """Each account that nobody used for two years is told that it goes."""
    for person in await mailbox_queries.unused(database, UNUSED_MONTHS, WARNED_TOGETHER):
        async with db.tx(database):
            await mailbox_queries.note_warning(database, person["id"])
            await outbox.add(
                database,
                "account_unused",
                recipient=recipient(person["email_key"]),
                person_id=person["id"],
            )


async def erase_unused(database: db.Database, recipient: Callable[[str], bytes]) -> None:
    """Those that were told two months ago, and stayed away. Not while a group needs them."""
    for person_id in await mailbox_queries.warned(database, WAIT):
        try:
            await erase(database, person_id, recipient)
        except NotNow:
            log.info("an unused account stays: a group has no other owner")
