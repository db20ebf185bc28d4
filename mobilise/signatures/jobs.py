"""What happens by itself: by the minute, by the hour, by night. Each stands alone, so that the
fault of one holds up no other."""

import logging
from datetime import date, datetime

from mobilise import limits
from mobilise.jobs import Job, Workplace
from mobilise.signatures import counts, hour_queries, mine_queries

log = logging.getLogger("mobilise.signatures")
RELEASED_A_MINUTE = 200


async def release_held(place: Workplace) -> int:
    """Held signatures go on as their bucket refills, oldest first, unless a person marked them."""
    released = 0
    for row in await counts.held_networks(place.db, RELEASED_A_MINUTE):
        recipient = place.tokens.recipient(row["email_key"])
        # Asked first: who may not be written to must not use up what others wait for.
        petition_id, key = row["petition_id"], row["email_key"]
        if not await counts.is_welcome(place.db, petition_id, key, recipient):
            continue
        if row["network"] and not await limits.take(place.db, limits.SIGN, row["network"]):
            continue
        released += await counts.release(place.db, row["petition_id"], row["id"], recipient)
    return released


async def note_pending(place: Workplace) -> None:
    await counts.note_pending(place.db)


async def write_days(place: Workplace) -> None:
    """A day that is over gets its line and its hours, and keeps them."""
    await counts.fold_days(place.db, str(place.settings.zone), _today(place))
    await hour_queries.fold_hours(place.db, str(place.settings.zone), _today(place))


async def recount(place: Workplace) -> None:
    for row in await counts.recount(place.db):
        log.error("petition %s: the counter differs by %s", row["petition_id"], row["drift"])


async def forget_unconfirmed(place: Workplace) -> None:
    forgotten = await counts.forget_unconfirmed(place.db)
    log.info("%s unconfirmed signatures were erased", forgotten)


async def forget_taken_back(place: Workplace) -> None:
    """Whoever took it back wants it gone; of a disowned one stays what keeps us silent."""
    gone = []
    for row in await counts.taken_back(place.db):
        keyed = place.tokens.recipient(row["email_key"]).hex()
        key = f"disowned {keyed}" if row["state"] == "disowned" else f"withdrawn {row['id']}"
        gone.append((row["petition_id"], row["id"], key))
    await counts.erase(place.db, gone)


async def forget_signers(place: Workplace) -> None:
    """Days and hours are written first: what they are counted from goes."""
    await write_days(place)
    for petition_id in await counts.forget_signers(place.db):
        log.info(
            "petition %s: its time is over, all that was stored of people is erased", petition_id
        )


async def forget_address_changes(place: Workplace) -> None:
    await mine_queries.forget_address_changes(place.db)


async def forget_attempts(place: Workplace) -> None:
    await counts.forget_attempts(place.db)
    await limits.forget_full(place.db)


def _today(place: Workplace) -> date:
    return datetime.now(place.settings.zone).date()


JOBS = [
    Job("signatures.release_held", "* * * * *", release_held),
    Job("signatures.note_pending", "0 * * * *", note_pending),
    # By the hour, because midnight comes at another UTC hour in every zone.
    Job("signatures.write_days", "10 * * * *", write_days),
    Job("signatures.forget_attempts", "15 * * * *", forget_attempts),
    # By night, because they read whole tables.
    Job("signatures.recount", "20 1 * * *", recount),
    Job("signatures.forget_unconfirmed", "30 1 * * *", forget_unconfirmed),
    Job("signatures.forget_taken_back", "35 1 * * *", forget_taken_back),
    Job("signatures.forget_address_changes", "38 1 * * *", forget_address_changes),
    Job("signatures.forget_signers", "40 1 * * *", forget_signers),
]
