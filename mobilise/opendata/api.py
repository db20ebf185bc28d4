"""What programs ask for: the count of this moment, a petition, a list. Plain values for JSON."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from mobilise import db
from mobilise.errors import NotFound
from mobilise.opendata import licenses, queries
from mobilise.opendata.about import petition as told
from mobilise.opendata.editions import Edition, said
from mobilise.petitions.reading import Petition
from mobilise.signatures.counting import Tally

A_PAGE = 50


def count(petition: Petition, tally: Tally, zone: tzinfo) -> dict[str, Any]:
    """DESIGN keeps these names: `confirmed` = `online` + `paper`."""
    return {
        "petition": petition.slug,
        "confirmed": tally.confirmed,
        "online": tally.online,
        "paper": tally.paper,
        "pending": tally.pending,
        "goal": petition.goal,
        "as_of": said(tally.as_of, zone),
    }


def petition(edition: Edition, tally: Tally) -> dict[str, Any]:
    """The file petition.json with the live count beside it."""
    slug, zone = edition.petition.slug, edition.closed_at.tzinfo
    assert zone is not None
    return {
        **told(edition),
        "count": {
            **count(edition.petition, tally, zone),
            "withdrawn": tally.withdrawn,
            "removed": tally.invalidated,
            "drift": tally.drift,
            "license": licenses.COUNTS.name,
        },
        "links": {
            "count": f"{edition.site}/api/petitions/{slug}/count",
            "description": edition.file_url("datapackage.json"),
            "bundle": edition.file_url("bundle.zip"),
        },
    }


@dataclass(frozen=True)
class Page:
    petitions: list[dict[str, Any]]
    next_after: str | None


async def petitions(
    database: db.Database, site: str, zone: tzinfo, after: str | None = None
) -> Page:
    """Petitions that opened, newest first. `after` is the slug that the last page ended with."""
    if after is not None and not await queries.can_be_listed(database, after):
        raise NotFound()
    rows = await queries.listed(database, after, A_PAGE + 1)
    shown = rows[:A_PAGE]
    more = shown[-1]["slug"] if len(rows) > A_PAGE else None
    return Page([_listed(row, site, zone) for row in shown], more)


def _listed(row: db.Record, site: str, zone: tzinfo) -> dict[str, Any]:
    slug = row["slug"]
    return {
        "petition": slug,
        "titles": row["titles"],
        "state": row["state"],
        "demonstration": row["demo"],
        "group": row["group_name"],
        "goal": row["goal"],
        "confirmed": row["confirmed"],
        "opened_at": said(row["opened_at"], zone),
        "closes_on": row["closes_on"].isoformat() if row["closes_on"] else None,
        "closed_at": said(row["closed_at"], zone),
        "url": f"{site}/api/petitions/{slug}",
        "data": f"{site}/petitions/{slug}/data/datapackage.json",
    }
