"""Before one writes: is there a petition like it already?"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, web
from mobilise.accounts import door
from mobilise.petitions import alike, writing_routes


async def show(request: Request) -> Response:
    """Those that look like the draft: sign one of them, or go on."""
    draft = await writing_routes.draft(request, await door.person(request))
    if draft is None:
        return web.redirect(web.url(request, "petitions.start"))
    found = await alike.alike(web.database(request), draft.title, i18n.language())
    return web.render(request, "petitions/start_alike.html", private=True, draft=draft, found=found)


async def beneath(request: Request) -> Response:
    """The same while one types, for the place under the field."""
    title = request.query_params.get("title", "")[:200]
    found = await alike.alike(web.database(request), title, i18n.language())
    return web.render(request, "petitions/alike_fragment.html", private=True, found=found)


ROUTES = [
    Route("/{lang:lang}/start/alike", show, name="petitions.alike"),
    Route("/{lang:lang}/start/alike/beneath", beneath, name="petitions.alike_beneath"),
]
