"""How many: exact at once, in parts, by closed day. Everything here can be recounted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mobilise import db
from mobilise.petitions.reading import Petition
from mobilise.signatures import counts, hour_queries, reason_queries

PARTS = 16  # rows that a petition's count is spread over, so that no row is hot
PENDING_ROUNDED_TO = 5  # live and exact, it would tell whether an address had just signed


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

    @property
    def added(self) -> int:
        """What the day added, taken-back ones subtracted."""
        return self.confirmed + self.restored + self.paper - self.withdrawn - self.invalidated


@dataclass(frozen=True)
class Hours:
    """Clock hours of one closed day in the instance's zone, `until_hour` without. At least ten
    signatures, but where the whole day has fewer."""

    day: date
    from_hour: int
    until_hour: int
    confirmed: int


@dataclass(frozen=True)
class Method:
    """All closed days of one method: `email` or `paper`."""

    method: str
    confirmed: int
    withdrawn: int
    invalidated: int
    restored: int

    @property
    def total(self) -> int:
        return self.confirmed + self.restored - self.withdrawn - self.invalidated


@dataclass(frozen=True)
class Off:
    """How many went off the count for a `reason`: a code, "" when it was the signer's wish.

    `what`: withdrawn or invalidated. Those that were put back later are in it.
    """

    what: str
    reason: str
    number: int


async def tally(database: db.Database, petition: Petition) -> Tally:
    found = await counts.tally(database, petition.id)
    return Tally(
        confirmed=found["online"] + found["paper"],
        online=found["online"],
        paper=found["paper"],
        pending=rounded_down(found["pending"]),
        withdrawn=found["withdrawn"],
        invalidated=found["invalidated"],
        goal=petition.goal,
        as_of=found["as_of"],
        drift=found["drift"],
    )


async def series(
    database: db.Database, petition_id: int, zone: ZoneInfo, until: date | None = None
) -> list[Day]:
    """Closed days from the first to yesterday, or before `until`, without gaps."""
    until = until or datetime.now(zone).date()
    found = await counts.closed_days(database, petition_id, str(zone), until)
    by_day = {row["day"]: Day(**row, total=0) for row in found}
    if not by_day:
        return []
    days, total, day = [], 0, min(by_day)
    while day < until:
        nothing = Day(day, confirmed=0, withdrawn=0, invalidated=0, restored=0, paper=0, total=0)
        here = by_day.get(day, nothing)
        total += here.added
        days.append(replace(here, total=total))
        day += timedelta(days=1)
    return days


async def hours(
    database: db.Database, petition_id: int, zone: ZoneInfo, until: date
) -> list[Hours]:
    """Hours of the days before `until`, which is over or today; the oldest first."""
    found = await hour_queries.closed_hours(database, petition_id, str(zone), until)
    return [Hours(**row) for row in found]


async def off_by_reason(
    database: db.Database, petition_id: int, zone: ZoneInfo, until: date
) -> list[Off]:
    """Withdrawn first, then the most frequent."""
    found = await reason_queries.closed_reasons(database, petition_id, str(zone), until)
    return [Off(**row) for row in found]


async def methods(
    database: db.Database, petition_id: int, zone: ZoneInfo, until: date
) -> list[Method]:
    """Both, also where nothing was counted by one."""
    found = await hour_queries.closed_methods(database, petition_id, str(zone), until)
    return [Method(**row) for row in found]


def today(tally: Tally, series: Sequence[Day]) -> int:
    """What today added so far: the count of this moment less that of the last closed day.

    Nothing is counted for it, so it costs the same on a quiet day and in a wave.
    """
    return tally.confirmed - (series[-1].total if series else 0)


def last_week(tally: Tally, series: Sequence[Day]) -> int:
    """What the last seven days added, today included."""
    return today(tally, series) + sum(day.added for day in series[-6:])


def rounded_down(pending: int) -> int:
    return pending // PENDING_ROUNDED_TO * PENDING_ROUNDED_TO


def midnight(zone: ZoneInfo) -> datetime:
    """The beginning of today in the zone of the instance."""
    return datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
