"""What happens to the store by night."""

from mobilise.documents import checking
from mobilise.jobs import Job, Workplace


async def sweep_store(place: Workplace) -> None:
    """What a crash left behind, between the last row and its bytes or between bytes and row."""
    await place.store.sweep()
    await checking.sweep(place.db, place.store)


JOBS = [Job("documents.sweep_store", "20 3 * * *", sweep_store)]
