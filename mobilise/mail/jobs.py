"""What the mail forgets by itself."""

from datetime import timedelta

from mobilise.jobs import Job, Workplace
from mobilise.mail import outbox

SETTLED_KEPT = timedelta(days=30)


async def nightly(place: Workplace) -> None:
    """Letters of no petition, and what visitors wrote to the keeper, a month after they went."""
    await outbox.forget_settled(place.db, SETTLED_KEPT)


JOBS = [Job("mail.nightly", "10 2 * * *", nightly)]
