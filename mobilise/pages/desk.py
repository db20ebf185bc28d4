"""The desk: the petitions of my groups, and one of them with its numbers and what to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mobilise import charts, i18n, web
from mobilise.accounts import access, door, group_queries, invitation_queries, inviting
from mobilise.documents import dossier
from mobilise.pages import desk_queries, next_steps, petition_page, standing, who_helped
from mobilise.pages.mails import mails
from mobilise.pages.standing import Standing
from mobilise.petitions import deciding, starting
from mobilise.petitions.mine import mine
from mobilise.petitions.reading import Petition
from mobilise.signatures import counting

CHART_DAYS = 14
CHART_WIDTH = 480  # px; beside it stands who helped
TRAIL_PAGE = 50


@dataclass(frozen=True)
class Totals:
    """All my petitions together."""

    confirmed: int
    today: int
    pending: int
    letters: int


async def desk(request: Request) -> Response:
    """Where one comes in: what waits for me, and my petitions at a glance."""
    person = await door.somebody(request)
    database, zone = web.database(request), web.settings(request).zone
    petitions = await desk_queries.mine(
        database, person.id, i18n.language(), counting.midnight(zone)
    )
    today = datetime.now(zone).date()
    return web.render(
        request,
        "pages/desk.html",
        private=True,
        petitions=[(each, standing.in_words(each, today, zone)) for each in petitions],
        totals=_totals(petitions),
        what_next=next_steps.across(petitions, today, web.web(request).url),
        groups=await group_queries.of_person(database, person.id),
        invitations=await invitation_queries.of_person(database, person.id, inviting.VALID),
        unfinished=await starting.unfinished(database, person.id),
    )


def _totals(petitions: list[desk_queries.Mine]) -> Totals:
    return Totals(
        confirmed=sum(each.confirmed for each in petitions),
        today=sum(each.today for each in petitions),
        pending=sum(each.pending for each in petitions),
        letters=sum(each.letters_waiting for each in petitions),
    )


async def manage(request: Request) -> Response:
    """One petition: its numbers, what to do next, who helped, its letters."""
    _, petition = await mine(request, access.may_see_desk)
    database, zone = web.database(request), web.settings(request).zone
    found = await _standing(request, petition)
    return web.render(
        request,
        "pages/manage.html",
        private=True,
        petition=petition,
        now=found,
        in_words=standing.in_words(petition, found.day, zone),
        forecast=standing.forecast(found),
        what_next=next_steps.steps(found, web.web(request).url),
        decision=await deciding.last(database, petition.id),
        trail=await who_helped.lines(database, petition.id, zone),
        mails=await mails(database, petition, counting.midnight(zone)),
        **_fortnight(found),
    )


async def _standing(request: Request, petition: Petition) -> Standing:
    """Each noun from its own room, one statement each."""
    database, zone = web.database(request), web.settings(request).zone
    around = web.known_at_desk(request)
    return Standing(
        petition=petition,
        day=datetime.now(zone).date(),
        tally=await counting.tally(database, petition),
        series=await counting.series(database, petition.id, zone),
        documents_total=len(await dossier.documents(database, petition.id)),
        comments=around["waits"]["comments"],
        questions=around["waits"]["questions"],
        behind=await desk_queries.languages_behind(database, petition.id),
        may=around["may"],
    )


def _fortnight(found: Standing) -> dict[str, Any]:
    """The chart of the last fourteen days, in the two widths of the desk's column."""
    running = found.day if found.petition.state == "open" else None
    return {
        "chart14": charts.days(
            found.series[-CHART_DAYS:], today=running, added=found.today, desk=CHART_WIDTH
        )
    }


async def trail(request: Request) -> Response:
    """Everything that was done to a petition, newest first."""
    _, petition = await mine(request, access.may_see_desk)
    before = request.query_params.get("before", "")
    lines = await who_helped.lines(
        web.database(request), petition.id, web.settings(request).zone,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None,
        limit=TRAIL_PAGE + 1,
    )  # fmt: skip
    more = lines[TRAIL_PAGE - 1].id if len(lines) > TRAIL_PAGE else None
    return web.render(
        request, "pages/trail.html", private=True, petition=petition,
        lines=lines[:TRAIL_PAGE], more=more,
    )  # fmt: skip


async def preview(request: Request) -> Response:
    """The real page, before anybody else can see it; nobody can sign it yet."""
    _, petition = await mine(request, access.may_see_desk)
    if petition.is_public:
        return web.redirect(web.url(request, "pages.petition", slug=petition.slug))
    zone = web.settings(request).zone
    contents = await petition_page.contents(web.database(request), petition, zone)
    return web.render(request, "pages/petition.html", private=True, **contents)
