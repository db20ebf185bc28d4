"""What programs ask for: the count of this moment, a petition, a list. Plain values for JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from mobilise import db
from mobilise.errors import NotFound
from mobilise.opendata import about, answers, cursor, disclosure, licenses, list_queries
from mobilise.opendata.cursor import Place
from mobilise.opendata.editions import Edition, said
from mobilise.opendata.endpoints import A_PAGE as A_PAGE
from mobilise.opendata.endpoints import SLUG
from mobilise.opendata.list_queries import Filter
from mobilise.petitions import reading
from mobilise.petitions.reading import Petition
from mobilise.signatures.counting import Day, Tally

PARTS = ("count", "days", "areas", "documents")  # of a petition, each at an address of its own


def count(petition: Petition, tally: Tally, zone: ZoneInfo) -> answers.Count:
    """DESIGN keeps these names: `confirmed` = `online` + `paper`."""
    return {
        "petition": petition.slug,
        "confirmed": tally.confirmed,
        "online": tally.online,
        "paper": tally.paper,
        "pending": tally.pending,
        "goal": petition.goal,
        "as_of": tally.as_of.astimezone(zone).isoformat(timespec="seconds"),
    }


def petition(edition: Edition, tally: Tally, zone: ZoneInfo) -> dict[str, Any]:
    """`answers.Petition`: the file petition.json with the live count beside it."""
    here = f"{edition.site}/api/petitions/{edition.petition.slug}"
    links: answers.Links = {
        "count": f"{here}/count",
        "days": f"{here}/days",
        "areas": f"{here}/areas",
        "documents": f"{here}/documents",
        "description": edition.file_url("datapackage.json"),
        "bundle": edition.file_url("bundle.zip"),
    }
    counted: answers.FullCount = {
        **count(edition.petition, tally, zone),
        "withdrawn": tally.withdrawn,
        "removed": tally.invalidated,
        "drift": tally.drift,
        "license": licenses.COUNTS.name,
    }
    return {**about.petition(edition), "count": counted, "links": links}


def days(edition: Edition) -> answers.Days:
    """The series until the end of yesterday, as in the table."""
    return {
        "petition": edition.petition.slug,
        "until": edition.closed_at.isoformat(timespec="seconds"),
        "time_zone": str(edition.closed_at.tzinfo),
        "days": [_day(day) for day in edition.series],
        "license": licenses.COUNTS.name,
    }


def _day(day: Day) -> answers.OneDay:
    return {
        "day": day.day.isoformat(),
        "confirmed": day.confirmed + day.paper,
        "online": day.confirmed,
        "paper": day.paper,
        "withdrawn": day.withdrawn,
        "removed": day.invalidated,
        "restored": day.restored,
        "total": day.total,
    }


def areas(edition: Edition) -> answers.Areas:
    """The newest release, as in the tables."""
    release = edition.areas
    return {
        "petition": edition.petition.slug,
        "until": release.day.isoformat() if release else None,
        "frozen": release is not None and release.frozen,
        "rounded_down_to": disclosure.RULE.room,
        "areas": [
            {
                "level": row.level,
                "code": row.code,
                "parent": row.parent or None,
                "confirmed": row.confirmed,
            }
            for row in (release.rows if release else ())
        ],
        "license": licenses.COUNTS.name,
    }


def documents(edition: Edition) -> answers.Documents:
    found = about.petition(edition)
    return {
        "petition": edition.petition.slug,
        "documents": found["documents"],
        "rights_of_documents": about.RIGHTS_OF_DOCUMENTS,
        "license": licenses.TEXTS.name,
    }


@dataclass(frozen=True)
class Part:
    """`following`: the place where the next part begins, or None."""

    petitions: list[answers.Listed]
    following: str | None


async def petitions(
    database: db.Database, site: str, zone: ZoneInfo, asked: dict[str, Any]
) -> Part:
    """Petitions that opened, newest first. `asked`: the parameters of the endpoint."""
    limit = asked["limit"]
    after = await _place(database, asked["after"]) if asked["after"] else None
    rows = await list_queries.listed(database, _filter(asked, zone), after, limit + 1)
    shown = rows[:limit]
    following = None
    if len(rows) > limit:
        following = cursor.said((shown[-1]["opened_at"], shown[-1]["id"]))
    return Part(listed(shown, site, zone), following)


async def _place(database: db.Database, words: str) -> Place:
    """A slug is taken too: that is what stood in the addresses of the first version."""
    found = cursor.read(words)
    if found is None and SLUG.match(words):
        found = await list_queries.place_of(database, words)
    if found is None:
        raise NotFound()
    return found


def _filter(asked: dict[str, Any], zone: ZoneInfo) -> Filter:
    return Filter(
        state=asked["state"],
        group=asked["group"],
        language=asked["language"],
        patterns=tuple(reading.patterns(asked["q"] or "")),
        opened_from=_begins(asked["opened_after"], zone),
        opened_before=_begins(asked["opened_before"], zone),
    )


def _begins(day: date | None, zone: ZoneInfo) -> datetime | None:
    """Midnight, in the zone of the instance."""
    return datetime.combine(day, time(), zone) if day else None


def listed(rows: Sequence[db.Record], site: str, zone: ZoneInfo) -> list[answers.Listed]:
    return [_listed(row, site, zone) for row in rows]


def _listed(row: db.Record, site: str, zone: ZoneInfo) -> answers.Listed:
    slug = row["slug"]
    return {
        "petition": slug,
        "titles": row["titles"],
        "state": row["state"],
        "demonstration": row["demo"],
        "group": row["group_name"],
        "group_slug": row["group_slug"],
        "languages": list(row["languages"]),
        "goal": row["goal"],
        "confirmed": row["confirmed"],
        "opened_at": said(row["opened_at"], zone) or "",
        "closes_on": row["closes_on"].isoformat() if row["closes_on"] else None,
        "closed_at": said(row["closed_at"], zone),
        "url": f"{site}/api/petitions/{slug}",
        "page": f"{site}/{row['languages'][0]}/petitions/{slug}",
        "data": f"{site}/petitions/{slug}/data/datapackage.json",
    }
