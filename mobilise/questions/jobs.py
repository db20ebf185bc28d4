"""What is forgotten by itself."""

from mobilise.jobs import Job, Workplace
from mobilise.questions import queries


async def nightly(place: Workplace) -> None:
    """Questions that no mailbox stood for, and those of petitions whose time is over."""
    await queries.forget(place.db)


JOBS = [Job("questions.nightly", "45 1 * * *", nightly)]
