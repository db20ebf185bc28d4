"""Publish a petition, close it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import web
from mobilise.accounts import access
from mobilise.errors import NotNow
from mobilise.petitions import lifecycle
from mobilise.petitions.mine import MINE, mine


async def publish(request: Request) -> Response:
    """Opens it, or hands it to the keeper first; the desk says which."""
    person, petition = await mine(request, access.may_publish)
    moderation = web.settings(request).moderated
    await lifecycle.publish(web.database(request), petition, person.id, moderation)
    return _to_desk(request, petition.slug)


async def close(request: Request) -> Response:
    """Asks once more."""
    person, petition = await mine(request, access.may_close)
    if petition.state != "open":
        raise NotNow(lifecycle.MOVES["close"].otherwise)
    return web.render(
        request, "petitions/close.html", private=True, person=person, petition=petition
    )


async def close_now(request: Request) -> Response:
    person, petition = await mine(request, access.may_close)
    await lifecycle.close(web.database(request), petition, person.id)
    return _to_desk(request, petition.slug)


def _to_desk(request: Request, slug: str) -> Response:
    return web.redirect(web.url(request, "pages.manage", slug=slug))


ROUTES = [
    Route(f"{MINE}/publish", publish, name="petitions.publish", methods=["POST"]),
    Route(f"{MINE}/close", close, name="petitions.close"),
    Route(f"{MINE}/close", close_now, name="petitions.close", methods=["POST"]),
]
