"""How many: exact at once, in parts, by closed day. Everything here can be recounted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from mobilise import db
from mobilise.signatures import counts

PARTS = 16  # rows that a petition's count is spread over, so that no row is hot
PENDING_ROUNDED_TO = 5  # live and exact, it would tell whether an address had just signed


class Counted(Protocol):
    """What a petition must tell to be counted."""

    @property
    def id(self) -> int: ...
    @property
    def goal(self) -> int | None: ...


@dataclass(frozen=True)
class Tally:
    """`confirmed` = `online` + `paper`. `pending` is of the last full hour, rounded down to 5.
    `drift`: what the nightly recount found the counter to differ from the events; 0."""

    confirmed: int
    online: int
    paper: int
    pending: int
    withdrawn: int
    invalidated: int
    goal: int | None
    as_of: datetime
    drift: int


@dataclass(frozen=True)
class Day:
    """One closed day in the instance's zone. `total` is the count at its end."""

    day: date
    confirmed: int
    withdrawn: int
    invalidated: int
    restored: int
    paper: int
    total: int


async def tally(database: db.Database, petition: Counted) -> Tally:
    found = await counts.tally(database, petition.id)
    return Tally(
        confirmed=found["online"] + found["paper"],
        online=found["online"],
        paper=found["paper"],
        pending=found["pending"] // PENDING_ROUNDED_TO * PENDING_ROUNDED_TO,
        withdrawn=found["withdrawn"],
        invalidated=found["invalidated"],
        goal=petition.goal,
        as_of=found["as_of"],
        drift=found["drift"],
    )


async def series(database: db.Database, petition_id: int, zone: ZoneInfo) -> list[Day]:
    """Closed days from the first to yesterday, without gaps."""
    today = datetime.now(zone).date()
    found = await counts.closed_days(database, petition_id, str(zone), today)
    by_day = {row["day"]: row for row in found}
    if not by_day:
        return []
    days, total, day = [], 0, min(by_day)
    while day < today:
        row = by_day.get(day)
        confirmed, withdrawn, invalidated, restored, paper = (
            (row["confirmed"], row["withdrawn"], row["invalidated"], row["restored"], row["paper"])
            if row
            else (0, 0, 0, 0, 0)
        )
        total += confirmed + restored + paper - withdrawn - invalidated
        days.append(Day(day, confirmed, withdrawn, invalidated, restored, paper, total))
        day += timedelta(days=1)
    return days


async def today(database: db.Database, petition_id: int, zone: ZoneInfo) -> int:
    """What today added so far, taken-back ones subtracted."""
    return await counts.added_since(database, petition_id, midnight(zone))


async def last_days(database: db.Database, petition_id: int, zone: ZoneInfo, days: int) -> int:
    """What the last `days` days added, today included."""
    return await counts.added_since(
        database, petition_id, midnight(zone) - timedelta(days=days - 1)
    )


def midnight(zone: ZoneInfo) -> datetime:
    """The beginning of today in the zone of the instance."""
    return datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
