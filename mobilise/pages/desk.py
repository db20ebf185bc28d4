"""The desk: the petitions of my groups, and one of them with its numbers and what to do."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mobilise import charts, drawing, i18n, web
from mobilise.accounts import access, door
from mobilise.documents import dossier
from mobilise.pages import petition_page, queries
from mobilise.pages.next_steps import steps
from mobilise.petitions.mine import mine
from mobilise.petitions.reading import Petition
from mobilise.signatures import counting

CHART_DAYS = 14


async def desk(request: Request) -> Response:
    """Where one comes in: my petitions, drafts first."""
    person = await door.somebody(request)
    midnight = counting.midnight(web.settings(request).zone)
    petitions = await queries.mine(web.database(request), person.id, i18n.language(), midnight)
    return web.render(request, "pages/desk.html", private=True, person=person, petitions=petitions)


async def manage(request: Request) -> Response:
    """One petition: its numbers, what to do next, its letters."""
    person, petition = await mine(request, access.may_see_desk)
    role = await access.role_in(web.database(request), person.id, petition.group_id)
    return web.render(
        request,
        "pages/manage.html",
        private=True,
        person=person,
        petition=petition,
        may_publish=access.may_publish(role),
        may_close=access.may_close(role),
        **await _numbers(request, petition),
    )


async def preview(request: Request) -> Response:
    """The real page, before anybody else can see it; nobody can sign it yet."""
    _, petition = await mine(request, access.may_see_desk)
    if petition.is_public:
        return web.redirect(web.url(request, "pages.petition", slug=petition.slug))
    zone = web.settings(request).zone
    contents = await petition_page.contents(web.database(request), petition, zone)
    return web.render(request, "pages/petition.html", private=True, **contents)


async def _numbers(request: Request, petition: Petition) -> dict[str, Any]:
    database, zone = web.database(request), web.settings(request).zone
    tally = await counting.tally(database, petition)
    series = await counting.series(database, petition.id, zone)
    today = counting.today(tally, series)
    documents = await dossier.documents(database, petition.id)
    running = datetime.now(zone).date() if petition.state == "open" else None
    return {
        "tally": tally,
        "today": today,
        "week": counting.last_week(tally, series),
        "letters": await queries.letters(database, petition.id, counting.midnight(zone)),
        "chart14": charts.days(series[-CHART_DAYS:], today=running, added=today, desk=drawing.DESK),
        "what_next": list(steps(petition, tally, len(documents), web.web(request).url)),
    }
