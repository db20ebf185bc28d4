"""What the door forgets by itself."""

from mobilise.accounts import entering, logins, queries, sessions
from mobilise.jobs import Job, Workplace


async def nightly(place: Workplace) -> None:
    """Ended sessions go, and so do log-ins and drafts that nobody came back for."""
    await queries.forget_sessions(place.db, sessions.IDLE, sessions.LONGEST)
    await logins.forget(place.db, entering.KEPT)


JOBS = [Job("accounts.nightly", "20 2 * * *", nightly)]
