"""What happens by itself: by the minute, by the hour, by night."""

import logging
from datetime import datetime

from mobilise import limits
from mobilise.jobs import Job, Workplace
from mobilise.petitions import lifecycle
from mobilise.signatures import counts

log = logging.getLogger("mobilise.signatures")
RELEASED_A_MINUTE = 200


async def release_held(place: Workplace) -> int:
    """Held signatures go on as their bucket refills, oldest first, unless a person marked them."""
    released = 0
    for row in await counts.held_networks(place.db, RELEASED_A_MINUTE):
        if row["network"] and not await limits.take(place.db, limits.SIGN, row["network"]):
            continue
        recipient = place.tokens.recipient(row["email_key"])
        released += await counts.release(place.db, row["petition_id"], row["id"], recipient)
    return released


async def hourly(place: Workplace) -> None:
    await counts.note_pending(place.db)


async def nightly(place: Workplace) -> None:
    """Closed days are written, all is counted again, and what is no longer needed goes."""
    today = datetime.now(place.settings.zone).date()
    await lifecycle.close_overdue(place.db, counts.MONTHS_AFTER_OPENING)
    await counts.fold_days(place.db, str(place.settings.zone), today)
    for row in await counts.recount(place.db):
        log.error("petition %s: the counter differs by %s", row["petition_id"], row["drift"])
    forgotten = await counts.forget_unconfirmed(place.db)
    for petition_id in await counts.forget_signers(place.db):
        log.info(
            "petition %s: its time is over, all that was stored of people is erased", petition_id
        )
    await counts.forget_attempts(place.db)
    await limits.forget_full(place.db)
    log.info("the night's work is done; %s unconfirmed signatures were erased", forgotten)


JOBS = [
    Job("signatures.release_held", "* * * * *", release_held),
    Job("signatures.hourly", "0 * * * *", hourly),
    # Every hour, because midnight comes at another UTC hour in every zone; it is done once a day.
    Job("signatures.nightly", "10 * * * *", nightly),
]
