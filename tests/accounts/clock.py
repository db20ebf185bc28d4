"""What the clock does for accounts in one night."""

from mobilise.accounts import jobs
from mobilise.jobs import Workplace


async def tonight(place: Workplace) -> None:
    for job in jobs.JOBS:
        await job.deed(place)
