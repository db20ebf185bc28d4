"""The catalogue over HTTP, in two ways of writing the same graph."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from mobilise import web
from mobilise.opendata import graph, licenses, serving
from mobilise.opendata.catalogue import Catalogue

HEADERS = serving.OPEN | {"cache-control": "public, max-age=0, s-maxage=600"}


async def turtle(request: Request) -> Response:
    return _sent(request, "text/turtle; charset=utf-8", _turtle(request), "catalog.jsonld")


async def jsonld(request: Request) -> Response:
    return _sent(request, "application/ld+json", _jsonld(request), "catalog.ttl")


def _sent(request: Request, media_type: str, pieces: AsyncIterator[bytes], other: str) -> Response:
    twin = "text/turtle" if other.endswith("ttl") else "application/ld+json"
    site = web.settings(request).base_url
    headers = HEADERS | {
        "link": f'<{licenses.COUNTS.path}>; rel="license", '
        f'<{site}/{other}>; rel="alternate"; type="{twin}"'
    }
    if request.method == "HEAD":
        return Response(headers=headers | {"content-type": media_type})
    return StreamingResponse(pieces, headers=headers | {"content-type": media_type})


async def _turtle(request: Request) -> AsyncIterator[bytes]:
    yield graph.turtle_head().encode()
    async for things in Catalogue(web.settings(request)).things(web.database(request)):
        yield "".join(map(graph.turtle, things)).encode()


async def _jsonld(request: Request) -> AsyncIterator[bytes]:
    yield graph.json_head()
    between = b"\n"
    async for things in Catalogue(web.settings(request)).things(web.database(request)):
        for thing in things:
            yield between + graph.json_of(thing)
            between = b",\n"
    yield graph.JSON_END


ROUTES = [
    serving.opened("/catalog.ttl", turtle, "catalogue_ttl"),
    serving.opened("/catalog.jsonld", jsonld, "catalogue_jsonld"),
]
