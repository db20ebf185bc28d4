"""Days to know, as a calendar (RFC 5545): the last day to sign, the hand-over, the answer."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from mobilise import db
from mobilise.errors import N_, NotFound
from mobilise.i18n import gettext, using
from mobilise.opendata import news_queries
from mobilise.petitions import reading
from mobilise.settings import Settings

MEDIA_TYPE = "text/calendar; charset=utf-8"
MOST = 500
ITS_OWN = ""
_UNFIT = re.compile("[\x00-\x20\x7f]+")  # a name is one line, without signs that nobody sees
LAST_DAY = N_("Last day to sign")
HANDED_OVER = N_("Handed over")
ANSWERED = N_("Answered")
INVENTED = N_("Demonstration: names and figures are invented")


async def of_petition(database: db.Database, settings: Settings, slug: str) -> bytes:
    """NotFound for a draft, Gone for what was taken away."""
    await reading.opened(database, slug, ITS_OWN)
    rows = await news_queries.told(database, settings.timezone, slug=slug, limit=1)
    if not rows:  # taken off while we looked
        raise NotFound()
    return _written(rows[0]["title"], rows, settings)


async def of_group(database: db.Database, settings: Settings, slug: str) -> bytes:
    """NotFound for a group that opened nothing."""
    rows = await news_queries.told(database, settings.timezone, group=slug, limit=MOST)
    if not rows:
        raise NotFound()
    return _written(rows[0]["group_name"], rows, settings)


async def of_all(database: db.Database, settings: Settings) -> bytes:
    rows = await news_queries.told(database, settings.timezone, limit=MOST)
    return _written(settings.name, rows, settings)


def _written(name: str, rows: Sequence[db.Record], settings: Settings) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//mobilise//petitions//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _UNFIT.sub(" ", name))
    for row in rows:
        with using(row["language"]):
            for event in _events(row, settings):
                calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _events(row: db.Record, settings: Settings) -> Iterator[Event]:
    last = _last_day(row, settings.zone)
    changed = max(row["moved_at"], row["written_at"])
    for name, sentence, day in (
        ("closes", LAST_DAY, last),
        ("handed-over", HANDED_OVER, row["delivered_on"]),
        ("answered", ANSWERED, row["answered_on"]),
    ):
        if day is not None:
            yield _event(row, settings, name, f"{gettext(sentence)}: {row['title']}", day, changed)


def _last_day(row: db.Record, zone: ZoneInfo) -> date | None:
    """The one that was said, or the one on which it really closed."""
    if row["closed_at"] is not None:
        closed: datetime = row["closed_at"]
        # One that closes by itself closes at the midnight after its last day.
        return (closed - timedelta(seconds=1)).astimezone(zone).date()
    day: date | None = row["closes_on"]
    return day


def _event(
    row: db.Record, settings: Settings, name: str, title: str, day: date, changed: datetime
) -> Event:
    """A whole day, which blocks nobody's time."""
    page = f"{settings.base_url}/{row['language']}/petitions/{row['slug']}"
    event = Event()
    event.add("uid", f"{row['slug']}-{name}@{urlsplit(settings.base_url).hostname}")
    event.add("dtstamp", changed)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", _UNFIT.sub(" ", title))
    event.add("description", f"{gettext(INVENTED)}\n{page}" if row["demo"] else page)
    event.add("url", page)
    event.add("transp", "TRANSPARENT")
    return event
