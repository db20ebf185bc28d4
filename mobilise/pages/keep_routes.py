"""The keeper's desk: what waits, how the machine is, the settings in force."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import __version__, web
from mobilise.accounts import door
from mobilise.pages import keep_queries, keeping


async def keep(request: Request) -> Response:
    """What waits, most urgent first, and how the machine is."""
    person = await door.keeper(request)
    database, settings = web.database(request), web.settings(request)
    glance = await keep_queries.glance(database)
    room = min(keeping.room_left(settings.data), keeping.room_left(settings.docs_store))
    url = web.web(request).url
    web.at_desk(request, waits={"queue": glance["queue"], "reports": glance["reports"]})
    mail_is_wrong = person.mail_waits_since is not None or not web.web(request).site.sends_mail
    return web.render(
        request,
        "pages/keep.html",
        private=True,
        glance=glance,
        room=room,
        jobs=await keep_queries.jobs(database),
        version=__version__,
        what_next=list(keeping.steps(glance, room, glance["reports"], mail_is_wrong, url)),
        data=settings.data,
    )


ROUTES = [
    Route("/keep", keep, name="pages.keep"),
]
