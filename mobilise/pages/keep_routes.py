"""The keeper's desk: what waits, how the machine is, the settings in force."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import __version__, advice, i18n, origins, web
from mobilise.pages import keep_queries, keeping
from mobilise.trust import queries as trust
from mobilise.trust.at_keep import keeper


async def keep(request: Request) -> Response:
    """What waits, most urgent first, and how the machine is."""
    person = await keeper(request)
    database, in_force = web.database(request), web.settings(request)
    glance, waiting = await keep_queries.glance(database), await trust.waiting(database)
    folders = [each for each in (in_force.data, in_force.docs_store) if isinstance(each, Path)]
    room = min(keeping.room_left(each) for each in folders)  # a bucket has no disk of ours
    url = web.web(request).url
    mail_is_wrong = person.mail_waits_since is not None or not web.web(request).site.sends_mail
    return web.render(
        request,
        "pages/keep.html",
        private=True,
        glance=glance,
        waiting=waiting,
        room=room,
        jobs=await keep_queries.jobs(database),
        version=__version__,
        command=f"mobilise backup mobilise-{glance['now']:%Y-%m-%d}.tar.gz",
        what_next=list(keeping.steps(glance, waiting, room, mail_is_wrong, url)),
    )


async def settings(request: Request) -> Response:
    """Each setting, where it comes from, and what is odd about it. Secrets are never told."""
    await keeper(request)
    in_force = web.settings(request)
    odd: dict[str, list[str]] = {}
    for name, sentence in advice.advice(in_force):
        odd.setdefault(name, []).append(i18n.gettext(sentence))
    return web.render(
        request,
        "pages/keep_settings.html",
        private=True,
        in_force=origins.in_force(in_force),
        odd=odd,
        moderated=in_force.moderated,
    )


ROUTES = [
    Route("/keep", keep, name="pages.keep"),
    Route("/keep/settings", settings, name="pages.keep_settings"),
]
