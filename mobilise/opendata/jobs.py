"""What is published by itself."""

from datetime import datetime

from mobilise.jobs import Job, Workplace
from mobilise.opendata import disclosing


async def disclose_areas(place: Workplace) -> None:
    await disclosing.disclose_due(place.db, datetime.now(place.settings.zone))


# By night, when yesterday is over in every zone of Europe; each petition once a week.
JOBS = [Job("opendata.disclose_areas", "50 1 * * *", disclose_areas)]
