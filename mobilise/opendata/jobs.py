"""The work of this room that runs by the clock."""

from datetime import datetime, timedelta

from mobilise.jobs import Job, Workplace
from mobilise.opendata import disclosing, keeping, snapshots


async def keep_editions(place: Workplace) -> None:
    """What was published until the end of yesterday stays readable as it was."""
    now = datetime.now(place.settings.zone)
    await disclosing.disclose_due(place.db, now)  # first: an edition holds the table of its day
    yesterday = now.date() - timedelta(days=1)
    await keeping.keep_due(place.db, place.store, place.settings, yesterday)


async def keep_snapshot(place: Workplace) -> None:
    """All petitions as they stand when a month begins."""
    now = datetime.now(place.settings.zone)
    await snapshots.keep(place.db, place.store, place.settings, now)


JOBS = [
    # By the hour, after days and hours are written: midnight comes at another UTC hour in every
    # zone. What is kept already is not looked at again.
    Job("opendata.keep_editions", "25 * * * *", keep_editions),
    Job("opendata.keep_snapshot", "35 * * * *", keep_snapshot),
]
