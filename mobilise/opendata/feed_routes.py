"""Feeds and calendars over HTTP: of a petition, of a group, of the instance."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from mobilise import cache, db, feeds, web
from mobilise.feeds import Feed
from mobilise.opendata import agenda, news, serving
from mobilise.settings import Settings

KEPT = "public, max-age=300"


def _feed(
    find: Callable[[Request], Awaitable[Feed]], write: Callable[[Feed], bytes], media_type: str
) -> serving.Handler:
    async def answer(request: Request) -> Response:
        found = await find(request)
        other = "json" if media_type == feeds.ATOM_TYPE else "atom"
        twin = feeds.JSON_TYPE if other == "json" else feeds.ATOM_TYPE
        leads = [
            f'<{found.rights}>; rel="license"',
            f'<{found.address}.{other}>; rel="alternate"; type="{twin}"',
        ]
        return _sent(request, write(found), media_type, ", ".join(leads))

    return answer


async def _of_petition(request: Request) -> Feed:
    return await news.of_petition(*_known(request), request.path_params["slug"])


async def _of_group(request: Request) -> Feed:
    return await news.of_group(*_known(request), request.path_params["group"])


async def _of_all(request: Request) -> Feed:
    return await news.of_all(*_known(request))


async def deadlines(request: Request) -> Response:
    """The days of one petition."""
    found = await agenda.of_petition(*_known(request), request.path_params["slug"])
    return _sent(request, found, agenda.MEDIA_TYPE)


async def group_agenda(request: Request) -> Response:
    found = await agenda.of_group(*_known(request), request.path_params["group"])
    return _sent(request, found, agenda.MEDIA_TYPE)


async def whole_agenda(request: Request) -> Response:
    return _sent(request, await agenda.of_all(*_known(request)), agenda.MEDIA_TYPE)


def _known(request: Request) -> tuple[db.Database, Settings]:
    return web.database(request), web.settings(request)


def _sent(request: Request, body: bytes, media_type: str, link: str = "") -> Response:
    """Kept like a public page: its ETag is made from its bytes."""
    request.scope[cache.MARK] = cache.ANY_QUERY
    headers = serving.OPEN | {"cache-control": KEPT} | ({"link": link} if link else {})
    return Response(body, headers=headers | {"content-type": media_type})


_PLACES: dict[str, tuple[str, Callable[[Request], Awaitable[Feed]]]] = {
    "": ("/feed", _of_all),
    "_group": ("/groups/{group}/feed", _of_group),
    "_petition": ("/petitions/{slug}/feed", _of_petition),
}
ROUTES = [
    *(
        serving.opened(f"{path}.{kind}", _feed(find, write, media_type), f"feed{name}_{kind}")
        for name, (path, find) in _PLACES.items()
        for kind, write, media_type in (
            ("atom", feeds.atom, feeds.ATOM_TYPE),
            ("json", feeds.json, feeds.JSON_TYPE),
        )
    ),
    serving.opened("/petitions/{slug}/deadlines.ics", deadlines, "deadlines"),
    serving.opened("/groups/{group}/agenda.ics", group_agenda, "agenda_group"),
    serving.opened("/agenda.ics", whole_agenda, "agenda"),
]
