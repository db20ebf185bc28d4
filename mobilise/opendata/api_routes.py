"""The API over HTTP: each endpoint of the list has its handler here, and no other."""

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import errors, web
from mobilise.opendata import api, api_page, openapi, serving
from mobilise.opendata.editions import ITS_OWN
from mobilise.opendata.endpoints import ENDPOINTS, Endpoint, asked
from mobilise.opendata.licenses import TEXTS
from mobilise.petitions import reading
from mobilise.signatures import counting

_ASKED = "mobilise.asked"


async def count(request: Request) -> Response:
    """The count of this moment, for whoever asks every minute."""
    database = web.database(request)
    petition = await reading.opened(database, request.path_params["slug"], ITS_OWN)
    tally = await counting.tally(database, petition)
    found = api.count(petition, tally, web.settings(request).zone)
    whole = _link(request, "collection", "opendata.one", slug=petition.slug)
    return serving.live(request, found, {**found, "as_of": None}, whole)


async def one(request: Request) -> Response:
    """A petition with its text, its documents and its live count."""
    edition = await serving.edition(request)
    tally = await counting.tally(web.database(request), edition.petition)
    found = api.petition(edition, tally, web.settings(request).zone)
    numbers = {**found, "count": {**found["count"], "as_of": None}}
    slug = edition.petition.slug
    leads = [
        f'<{found["links"]["description"]}>; rel="describedby"; type="application/json"',
        _link(request, "collection", "opendata.many"),
        *(_link(request, "item", f"opendata.{name}", slug=slug) for name in api.PARTS),
    ]
    return serving.live(request, found, numbers, *leads, license=TEXTS)


async def days(request: Request) -> Response:
    """The days that are over."""
    found = api.days(await serving.edition(request))
    whole = _link(request, "collection", "opendata.one", slug=found["petition"])
    return serving.live(request, found, found, whole)


async def areas(request: Request) -> Response:
    """What is told of places and languages."""
    found = api.areas(await serving.edition(request))
    whole = _link(request, "collection", "opendata.one", slug=found["petition"])
    return serving.live(request, found, found, whole)


async def documents(request: Request) -> Response:
    """The dossier, without its bytes."""
    found = api.documents(await serving.edition(request))
    whole = _link(request, "collection", "opendata.one", slug=found["petition"])
    return serving.live(request, found, found, whole, license=TEXTS)


async def many(request: Request) -> Response:
    """Petitions, newest first, a part at a time."""
    settings = web.settings(request)
    part = await api.petitions(
        web.database(request), settings.base_url, settings.zone, request.scope[_ASKED]
    )
    following = None
    if part.following is not None:
        here = URL(f"{settings.base_url}{request.url.path}?{request.url.query}")
        following = str(here.include_query_params(after=part.following))
    content = {"petitions": part.petitions, "next": following}
    leads = [f'<{following}>; rel="next"'] if following else []
    return serving.live(request, content, content, *leads)


async def described(request: Request) -> Response:
    """OpenAPI 3.1, the same until the software changes."""
    found = openapi.described()
    return serving.live(request, found, found)


async def page(request: Request) -> Response:
    """The API for people who write programs: what to ask, and how."""
    settings = web.settings(request)
    shown = await api_page.contents(web.database(request), settings.base_url)
    return web.render(
        request,
        "opendata/api.html",
        public=True,
        endpoints=shown,
        problems=errors.OF_MACHINES,
    )


def _link(request: Request, relation: str, name: str, **values: str) -> str:
    site = web.settings(request).base_url
    return f'<{site}{web.url(request, name, **values)}>; rel="{relation}"'


def _answers(endpoint: Endpoint, handler: serving.Handler) -> Route:
    """What is asked is read by the list before the handler runs."""

    async def answer(request: Request) -> Response:
        request.scope[_ASKED] = asked(endpoint, request.query_params.multi_items())
        return await handler(request)

    return serving.opened(endpoint.path, answer, endpoint.name)


_HANDLERS: dict[str, serving.Handler] = {
    "many": many,
    "one": one,
    "count": count,
    "days": days,
    "areas": areas,
    "documents": documents,
    "openapi": described,
}
_ROUTES = {each.name: _answers(each, _HANDLERS[each.name]) for each in ENDPOINTS}
HOT = [_ROUTES["count"]]
ROUTES = [
    *(route for name, route in _ROUTES.items() if name != "count"),
    Route("/{lang:lang}/api", page, name="opendata.api"),
]
