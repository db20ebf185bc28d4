"""An edition: what is published of a petition until the end of yesterday.

Every file of a day is made from one edition, so they tell the same story: the table adds up
to the count in the explanation, and the checksums in the description hold. The live count is
in the API. Nothing in an edition is about one signer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import Any
from urllib.parse import quote

from mobilise import db, i18n
from mobilise.documents import queries as dossier
from mobilise.errors import NotFound
from mobilise.opendata import areas, outline_queries, queries
from mobilise.opendata.areas import Release
from mobilise.opendata.places import Place
from mobilise.opendata.places import place as listed_place
from mobilise.petitions import reading
from mobilise.petitions.reading import Petition
from mobilise.settings import Settings
from mobilise.signatures import counting
from mobilise.signatures.counting import Day, Hours, Method, Off

ITS_OWN = ""  # no reader's language: the text in the petition's first one


@dataclass(frozen=True)
class Edition:
    petition: Petition
    texts: Sequence[db.Record]  # all versions, oldest first
    series: Sequence[Day]
    hours: Sequence[Hours]
    off_by_reason: Sequence[Off]
    methods: Sequence[Method]
    documents: Sequence[db.Record]
    pending: int
    drift: int
    closed_at: datetime  # midnight: the end of the last day that is counted here
    changed_at: datetime
    site: str
    files_site: str  # where the bytes of documents are
    areas: Release | None = None  # the newest table by place and language
    places: Sequence[Place] = ()  # with a table, every place that one may name
    outlines: Sequence[tuple[str, str]] = ()  # code and GeoJSON geometry, where a keeper loaded it
    # Length and checksum of the files that were written from it, so that none is measured twice.
    measures: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def day(self) -> date:
        """The last day that is over, whether anything happened on it or not."""
        return self.closed_at.date() - timedelta(days=1)

    @property
    def total(self) -> int:
        return self.series[-1].total if self.series else 0

    def at(self, moment: datetime | None) -> str | None:
        """2026-05-12T16:20:00+02:00, in the zone of the instance."""
        return said(moment, self.closed_at.tzinfo)

    def file_path(self, name: str) -> str:
        return f"/petitions/{self.petition.slug}/data/{name}"

    def file_url(self, name: str) -> str:
        return self.site + self.file_path(name)

    def page_url(self, language: str) -> str:
        return f"{self.site}/{language}/petitions/{self.petition.slug}"

    @property
    def about_url(self) -> str:
        """The page of the figures, in whatever language its reader has."""
        return f"{self.site}/petitions/{self.petition.slug}/data"

    def document_url(self, document: db.Record) -> str:
        return f"{self.files_site}/files/{document['sha256']}/{quote(document['name'], safe='')}"

    def place(self, code: str) -> Place | None:
        """With its inhabitants, where they are known."""
        return self._places.get(code) or listed_place(code)

    @cached_property
    def _places(self) -> dict[str, Place]:
        return {each.code: each for each in self.places}

    @property
    def newest_texts(self) -> dict[str, db.Record]:
        """The text that counts now, by language, the petition's first language first."""
        found = {row["language"]: row for row in self.texts}
        return {code: found[code] for code in self.petition.languages if code in found}


async def edition(
    database: db.Database, settings: Settings, slug: str, day: date | None = None
) -> Edition:
    """Until the end of yesterday, or of a `day` before: then with the texts and documents that
    were public by its end. NotFound for a draft, for what never opened and for a day that is not
    over; Gone for what was taken away."""
    petition = await reading.opened(database, slug, ITS_OWN)
    closed_at, zone = counting.midnight(settings.zone), settings.zone
    texts = await queries.texts(database, petition.id)
    documents = await _published(database, petition.id)
    if day is not None:
        closed_at = _its_end(day, closed_at)
        texts = [text for text in texts if text["at"] < closed_at]
        documents = [each for each in documents if each["added_at"] < closed_at]
        if not texts:
            raise NotFound()
        petition = replace(petition, version=texts[-1]["version"])
    until = closed_at.date()
    release = await areas.newest(database, petition, closed_at)
    series = await counting.series(database, petition.id, zone, until)
    facts = await queries.count_facts(database, petition.id)
    moments = (
        closed_at,
        *(text["at"] for text in texts),
        petition.closed_at,
        facts["dossier_changed_at"],
    )
    return Edition(
        petition=petition,
        texts=texts,
        series=while_it_lasted(series, petition),
        hours=await counting.hours(database, petition.id, zone, until),
        off_by_reason=await counting.off_by_reason(database, petition.id, zone, until),
        methods=await counting.methods(database, petition.id, zone, until),
        documents=documents,
        pending=counting.rounded_down(facts["pending"]),
        drift=facts["drift"],
        closed_at=closed_at,
        changed_at=max(moment for moment in moments if moment is not None),
        site=quote(settings.base_url, safe=":/[]"),
        files_site=quote(settings.files_url or settings.base_url, safe=":/[]"),
        areas=release,
        places=await areas.listed(database) if release else (),
        outlines=await _outlines(database, petition.id) if release else (),
    )


async def _outlines(database: db.Database, petition_id: int) -> list[tuple[str, str]]:
    """Of the places around those that the table names."""
    return [tuple(row) for row in await outline_queries.around(database, petition_id)]


def _its_end(day: date, today: datetime) -> datetime:
    """The midnight at which a day that is over ended; `today`: the one at which today began."""
    ended = datetime.combine(day + timedelta(days=1), time(), today.tzinfo)
    if ended > today:
        raise NotFound()
    return ended


async def _published(database: db.Database, petition_id: int) -> list[db.Record]:
    """Documents with a copy for everybody; a link, or a plan elsewhere, has none."""
    rows = await dossier.of_petition(database, petition_id)
    return [row for row in rows if row["sha256"] is not None]


def while_it_lasted(series: list[Day], petition: Petition) -> list[Day]:
    """Without the empty days after it closed: a finished petition has a finished table."""
    if petition.closed_at is None:
        return series
    kept = len(series)
    while kept and series[kept - 1].day > petition.closed_at.date() and not _moved(series, kept):
        kept -= 1
    return series[:kept]


def _moved(series: list[Day], n: int) -> bool:
    """Did the n-th day add or take off anything?"""
    day = series[n - 1]
    return any((day.confirmed, day.paper, day.withdrawn, day.invalidated, day.restored))


def said(moment: datetime | None, zone: tzinfo | None) -> str | None:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None


def in_every_language(sentence: str, **values: object) -> dict[str, str]:
    """The sentence of the catalogue in each of our languages."""
    return in_each_language(lambda: i18n.gettext(sentence, **values))


def in_each_language(says: Callable[[], str]) -> dict[str, str]:
    """What it says to a reader of each of our languages."""
    found = {}
    for code in i18n.LANGUAGES:
        with i18n.using(code):
            found[code] = says()
    return found
