"""What the keeper hears by itself, and what is forgotten of who reported something."""

from mobilise.jobs import Job, Workplace
from mobilise.trust import queries, reporting


async def tell_keeper(place: Workplace) -> None:
    await reporting.tell_keeper(place.db, place.tokens, place.settings.contact)


async def forget_reporters(place: Workplace) -> None:
    await queries.forget_reporters(place.db, reporting.DAYS_KEPT)


JOBS = [
    Job("trust.tell_keeper", "*/5 * * * *", tell_keeper),
    Job("trust.forget_reporters", "30 2 * * *", forget_reporters),
]
