"""The work of this room that runs by the clock."""

from datetime import datetime, timedelta

from mobilise.jobs import Job, Workplace
from mobilise.opendata import disclosing, keeping


async def keep_editions(place: Workplace) -> None:
    """What was published until the end of yesterday stays readable as it was."""
    yesterday = datetime.now(place.settings.zone).date() - timedelta(days=1)
    await keeping.keep_due(place.db, place.store, place.settings, yesterday)


async def disclose_areas(place: Workplace) -> None:
    await disclosing.disclose_due(place.db, datetime.now(place.settings.zone))


JOBS = [
    # By the hour, after days and hours are written: midnight comes at another UTC hour in every
    # zone. What is kept already is not looked at again.
    Job("opendata.keep_editions", "25 * * * *", keep_editions),
    # By night, when yesterday is over in every zone of Europe; each petition once a week.
    Job("opendata.disclose_areas", "50 1 * * *", disclose_areas),
]
