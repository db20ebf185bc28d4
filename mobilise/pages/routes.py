"""Pages that show several rooms at once: home, the petition, about and privacy, ways in."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import db, i18n, limits, web
from mobilise.accounts import asking
from mobilise.errors import Suspended, TooMany
from mobilise.mail import outbox
from mobilise.pages import (
    group_page,
    guide_routes,
    home_page,
    keep_letter_routes,
    keep_routes,
    petition_page,
    sitemap_routes,
)
from mobilise.pages.desk import desk, manage, preview, trail
from mobilise.pages.forms import ContactForm
from mobilise.pages.retention import retention
from mobilise.pages.ways_in import bare, robots, root, short
from mobilise.petitions import deciding, reading
from mobilise.signatures import counting


async def home(request: Request) -> Response:
    """Petitions by what became of them, newest first; with words, those that hold all of them."""
    asked = home_page.Asked.of(dict(request.query_params))
    found = await home_page.contents(web.database(request), asked)
    return web.render(
        request, "pages/home.html", public=not request.query_params, reads_query=True, home=found
    )


async def petition(request: Request) -> Response:
    """The petition: the page that a street reads."""
    database = web.database(request)
    async with db.together(database):
        try:
            found = await reading.public(database, request.path_params["slug"], i18n.language())
        except Suspended:
            return await _suspended(request)
        contents = await petition_page.contents(database, found, web.settings(request).zone)
    return web.render(request, "pages/petition.html", public=True, live=True, **contents)


async def _suspended(request: Request) -> Response:
    """That it is looked into, and why; its text where that is not the reason."""
    database = web.database(request)
    found = await reading.petition(database, request.path_params["slug"], i18n.language())
    decision = await deciding.last(database, found.id)
    return web.render(
        request, "pages/suspended.html", public=True, suspended=found, decision=decision
    )


async def count(request: Request) -> Response:
    """The count alone, for htmx; the page includes the same fragment."""
    database = web.database(request)
    found = await reading.public(database, request.path_params["slug"], i18n.language())
    tally = await counting.tally(database, found)
    return web.render(request, "pages/_count.html", public=True, petition=found, tally=tally)


async def group(request: Request) -> Response:
    """The front page of a group."""
    zone = web.settings(request).zone
    found = await group_page.front(web.database(request), request.path_params["group"], zone)
    return web.render(request, "pages/group.html", public=True, group=found)


async def about(request: Request) -> Response:
    return web.render(request, "pages/about.html", public=True)


async def privacy(request: Request) -> Response:
    """Who answers for the data, what for, how long: the times are those that the code keeps."""
    return web.render(request, "pages/privacy.html", public=True, retention=retention())


async def contact(request: Request) -> Response:
    return web.render(request, "pages/contact.html", form=ContactForm(), sent=False)


async def write(request: Request) -> Response:
    """Keeps the message and sends it on to the keeper."""
    form = await web.filled(request, ContactForm)
    status = 422
    if form.validate():
        database, address = web.database(request), form.email.address
        if await limits.take(database, limits.CONTACT, asking.network(request)):
            await outbox.add_note(
                database, form.name.data or "", address.sent, form.message.data or "",
                i18n.language(),
                # The keeper's: what bounces there says nothing about whoever wrote.
                web.tokens(request).recipient(web.settings(request).contact.lower()),
            )  # fmt: skip
            return web.redirect(web.url(request, "pages.contacted"))
        form.form_errors.append(i18n.gettext(TooMany.message))
        status = TooMany.status
    return web.render(
        request, "pages/contact.html", status=status, private=True, form=form, sent=False
    )


async def contacted(request: Request) -> Response:
    return web.render(request, "pages/contact.html", form=ContactForm(), sent=True)


_PETITION = "/{lang:lang}/petitions/{slug}"
# Without a language: the reader's own is chosen.
_BARE = {
    "start": "/start",
    "login": "/login",
    "about": "/about",
    "privacy": "/privacy",
    "contact": "/contact",
    "find": "/find-my-signature",
    "help": "/help",
    "help_signers": "/help/signers",
    "accessibility": "/accessibility",
    "group": "/groups/{group}",
    "petition": "/petitions/{slug}",
    "sign": "/petitions/{slug}/sign",
    "dossier": "/petitions/{slug}/documents",
    "data": "/petitions/{slug}/data",
    "api": "/api",
    "everything": "/data",
}
HOT = [
    Route(_PETITION, petition, name="pages.petition"),
    Route(f"{_PETITION}/count", count, name="pages.count"),
]
ROUTES = [
    Route("/{lang:lang}/", home, name="pages.home"),
    Route("/{lang:lang}/groups/{group}", group, name="pages.group"),
    Route("/{lang:lang}/about", about, name="pages.about"),
    Route("/{lang:lang}/privacy", privacy, name="pages.privacy"),
    Route("/{lang:lang}/contact", contact, name="pages.contact"),
    Route("/{lang:lang}/contact", write, name="pages.contact", methods=["POST"]),
    Route("/{lang:lang}/contact/sent", contacted, name="pages.contacted"),
    *guide_routes.ROUTES,
    Route("/manage", desk, name="pages.desk"),
    Route("/manage/petitions/{slug}", manage, name="pages.manage"),
    Route("/manage/petitions/{slug}/preview", preview, name="pages.preview"),
    Route("/manage/petitions/{slug}/trail", trail, name="pages.trail"),
    *keep_routes.ROUTES,
    *keep_letter_routes.ROUTES,
    Route("/p/{code}", short, name="pages.short"),
    Route("/robots.txt", robots, name="pages.robots"),
    *sitemap_routes.ROUTES,
    Route("/", root, name="pages.root"),
    *(Route(path, bare, name=f"pages.bare_{name}") for name, path in _BARE.items()),
]
