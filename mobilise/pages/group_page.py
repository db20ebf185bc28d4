"""The front page of a group: who it is, what it asks, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mobilise import db, i18n
from mobilise.errors import NotFound
from mobilise.i18n import gettext, ngettext
from mobilise.pages import group_queries
from mobilise.pages.queries import Listed

DOCUMENTS_SHOWN = 3


@dataclass(frozen=True)
class Paper:
    """A document in the list of the newest. `language`: of what the group says about it."""

    id: int
    title: str
    source: str
    added_at: datetime
    slug: str
    language: str


@dataclass(frozen=True)
class Story:
    """A petition with a sentence or two about what became of it."""

    petition: Listed
    fate: str


@dataclass(frozen=True)
class Front:
    """`about`: the paragraphs that the group wrote of itself, in `language`. `lead`: the petition
    at the top, the newest open one or else the newest."""

    slug: str
    name: str
    place: str
    about: Sequence[str]
    language: str
    lead: Story
    open: Sequence[Listed]
    others: Sequence[Story]
    picture: Listed | None
    papers: Sequence[Paper]
    organisers: Sequence[str]
    confirmed: int
    total: int
    answered: int


async def front(database: db.Database, slug: str, zone: ZoneInfo) -> Front:
    """NotFound for a group without anything that everybody may read."""
    async with db.together(database):
        found = await group_queries.group(database, slug)
        if found is None:
            raise NotFound()
        petitions = await group_queries.petitions(database, found["id"], i18n.language())
        papers = await group_queries.newest_documents(database, found["id"], DOCUMENTS_SHOWN)
    if not petitions:  # the last one was taken away a moment ago
        raise NotFound()
    today = datetime.now(zone).date()
    return Front(
        slug=found["slug"],
        name=found["name"],
        place=found["place"],
        about=[part.strip() for part in found["about"].split("\n\n") if part.strip()],
        language=found["language"],
        lead=Story(petitions[0], fate(petitions[0], today)),
        open=[each for each in petitions[1:] if each.state == "open"],
        others=[Story(each, fate(each, today)) for each in petitions[1:] if each.state != "open"],
        picture=next((each for each in petitions if each.picture), None),
        papers=[_paper(row) for row in papers],
        organisers=sorted({each.organiser for each in petitions if each.person_id is not None}),
        confirmed=sum(each.confirmed for each in petitions),
        total=len(petitions),
        answered=sum(each.state == "answered" for each in petitions),
    )


def _paper(row: db.Record) -> Paper:
    return Paper(
        id=row["id"],
        title=row["title"],
        source=row["source"],
        added_at=row["added_at"],
        slug=row["slug"],
        language=row["languages"][0],
    )


def fate(petition: Listed, today: date) -> str:
    """What became of it; while there is no answer, for how long there has been none."""
    if petition.state == "answered" and petition.answered_on:
        return gettext("Answered on %(day)s.", day=i18n.day(petition.answered_on))
    if petition.state == "delivered" and petition.delivered_on:
        days = (today - petition.delivered_on).days
        handed = gettext("Handed over on %(day)s.", day=i18n.day(petition.delivered_on))
        none = gettext("No answer yet.")
        if days > 0:
            none = ngettext(
                "No answer yet, after one day.", "No answer yet, after %(num)s days.", days
            )
        return f"{handed} {none}"
    if petition.closed_at:
        return gettext("Closed on %(day)s.", day=i18n.day(petition.closed_at))
    return ""
