"""What happened to petitions, as a feed: of one, of a group, of the whole instance.

Each entry is in the language of its petition. Nothing in it is about one signer: of the count,
only the round numbers that a day ended with.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from heapq import nlargest
from zoneinfo import ZoneInfo

from mobilise import db, i18n
from mobilise.documents import feed, feed_queries
from mobilise.errors import N_, NotFound
from mobilise.feeds import Entry, Feed
from mobilise.i18n import gettext, using
from mobilise.opendata import licenses, news_queries
from mobilise.petitions import reading
from mobilise.settings import Settings
from mobilise.signatures import counting
from mobilise.signatures.counting import Day

MOST = 100
MOST_PETITIONS = 200  # of a group, or of the instance, in one feed
ITS_OWN = ""
OPENED = N_("You can sign this")
CLOSED = N_("This petition is closed")
HANDED_OVER = N_("Handed over")
ANSWERED = N_("Answered")
TEXTS = {
    "change": N_("The text was changed"),
    "correction": N_("The text was corrected"),
    "translation": N_("A translation came with it"),
}
REACHED = N_("%(number)s signatures")
GOAL = N_("The goal is reached: %(number)s signatures")
INVENTED = N_("Demonstration: names and figures are invented")
STEPS = [n * ten for ten in (10, 100, 1000, 10_000, 100_000, 1_000_000) for n in (1, 2.5, 5)]
MILESTONES = [int(step) for step in STEPS if step > 40]


async def of_petition(database: db.Database, settings: Settings, slug: str) -> Feed:
    """NotFound for a draft, Gone for what was taken away."""
    petition = await reading.opened(database, slug, ITS_OWN)
    rows = await news_queries.told(database, settings.timezone, slug=slug, limit=1)
    if not rows:  # taken off while we looked
        raise NotFound()
    row = rows[0]
    series = await counting.series(database, petition.id, settings.zone)
    site = settings.base_url
    entries = [
        *await _happened(database, settings, [row]),
        *_milestones(row, series, site, settings.zone),
    ]
    return Feed(
        address=f"{site}/petitions/{slug}/feed",
        title=_marked(row, row["title"]),
        page=_page(row, site),
        author=row["group_name"],
        language=row["language"],
        updated=row["opened_at"],
        entries=_newest(entries),
        rights=licenses.TEXTS.path,
    )


async def of_group(database: db.Database, settings: Settings, slug: str) -> Feed:
    """NotFound for a group that opened nothing."""
    rows = await news_queries.told(database, settings.timezone, group=slug, limit=MOST_PETITIONS)
    if not rows:
        raise NotFound()
    site, first = settings.base_url, rows[0]
    return Feed(
        address=f"{site}/groups/{slug}/feed",
        title=first["group_name"],
        page=f"{site}/{first['group_language']}/groups/{slug}",
        author=first["group_name"],
        language=first["group_language"],
        updated=first["moved_at"],
        entries=_newest(await _happened(database, settings, rows)),
        rights=licenses.TEXTS.path,
    )


async def of_all(database: db.Database, settings: Settings) -> Feed:
    """What opened, closed, was handed over and answered; its other news are in its own feed."""
    rows = await news_queries.told(database, settings.timezone, limit=MOST)
    zone, site = settings.zone, settings.base_url
    midnight = counting.midnight(zone)
    return Feed(
        address=f"{site}/feed",
        title=settings.name,
        page=f"{site}/",
        author=settings.name,
        language="",
        updated=rows[0]["moved_at"] if rows else midnight,
        entries=_newest([entry for row in rows for entry in _moves(row, site, zone)]),
        rights=licenses.TEXTS.path,
    )


def _newest(entries: Sequence[Entry]) -> list[Entry]:
    return nlargest(MOST, entries, key=lambda entry: (entry.at, entry.id))


async def _happened(
    database: db.Database, settings: Settings, rows: Sequence[db.Record]
) -> list[Entry]:
    """Moves, texts and documents of these petitions."""
    by_id, site = {row["id"]: row for row in rows}, settings.base_url
    found = [entry for row in rows for entry in _moves(row, site, settings.zone)]
    for text in await news_queries.texts(database, list(by_id), MOST):
        found.append(_text(by_id[text["petition_id"]], text, site))
    for event in await feed_queries.events(database, list(by_id), MOST):
        row = by_id[event["petition_id"]]
        with using(row["language"]):
            href = f"{_page(row, site)}/documents/{event['document_id']}"
            found.append(feed.entry(event, href))
    return found


def _moves(row: db.Record, site: str, zone: ZoneInfo) -> Iterator[Entry]:
    """Opened, closed, handed over, answered."""
    answered = _noon(row["answered_on"], zone) if row["state"] == "answered" else None
    for name, sentence, at in (
        ("opened", OPENED, row["opened_at"]),
        ("closed", CLOSED, row["closed_at"]),
        ("handed-over", HANDED_OVER, row["delivered_at"]),
        ("answered", ANSWERED, answered),
    ):
        if at is not None:
            yield _said(row, site, f"{name}-{at:%Y%m%d}", sentence, at)


def _said(row: db.Record, site: str, name: str, sentence: str, at: datetime) -> Entry:
    href = _page(row, site)
    with using(row["language"]):
        return Entry(
            id=f"{href}#{name}",
            at=at,
            title=f"{gettext(sentence)}: {row['title']}",
            href=href,
            summary=gettext(INVENTED) if row["demo"] else "",
            language=row["language"],
            author=row["group_name"],
        )


def _text(row: db.Record, text: db.Record, site: str) -> Entry:
    """What changed in the text, and how."""
    href = f"{_page(row, site)}/history"
    with using(row["language"]):
        title = f"{gettext(TEXTS[text['kind']])}: {row['title']}"
    return Entry(
        id=f"{href}#text-{text['version']}-{text['language']}",
        at=text["at"],
        title=title,
        href=href,
        summary=text["note"],
        language=row["language"],
        author=row["group_name"],
    )


def _milestones(
    row: db.Record, series: Sequence[Day], site: str, zone: ZoneInfo
) -> Iterator[Entry]:
    """The first day that ended with so many; told once, even if some are taken back later."""
    href = _page(row, site)
    left = sorted({*MILESTONES, *([row["goal"]] if row["goal"] else [])})
    for day in series:
        while left and day.total >= left[0]:
            number = left.pop(0)
            sentence = GOAL if number == row["goal"] else REACHED
            with using(row["language"]):
                title = gettext(sentence, number=i18n.number(number))
            yield Entry(f"{href}#signatures-{number}", _ends(day.day, zone), title, href)


def _page(row: db.Record, site: str) -> str:
    return f"{site}/{row['language']}/petitions/{row['slug']}"


def _marked(row: db.Record, title: str) -> str:
    with using(row["language"]):
        return f"{title} · {gettext(INVENTED)}" if row["demo"] else str(title)


def _noon(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(12), zone) if day else None


def _ends(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone)
