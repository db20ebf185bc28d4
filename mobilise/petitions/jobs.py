"""What the room of petitions forgets by itself."""

from mobilise.jobs import Job, Workplace
from mobilise.petitions import start_queries, starting


async def nightly(place: Workplace) -> None:
    """Drafts that nobody came back for go."""
    await start_queries.forget(place.db, starting.KEPT)


JOBS = [Job("petitions.nightly", "40 2 * * *", nightly)]
