"""Files over HTTP: measured, then streamed; readable from any other site; never sent twice."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC
from email.utils import format_datetime
from functools import wraps
from typing import Any, cast

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mobilise import cache, web
from mobilise.opendata import licenses, package
from mobilise.opendata.editions import Edition
from mobilise.opendata.licenses import License
from mobilise.opendata.shelf import Pieces, Shelf

Handler = Callable[[Request], Awaitable[Response]]
CACHE_CONTROL = "public, max-age=0, s-maxage=60"
OPEN = web.OPEN | {
    "access-control-expose-headers": "ETag, Last-Modified, Link, Content-Disposition"
}
EDITIONS = "editions.json"
"""The list of those that are kept."""
PREFLIGHT = web.OPEN | {
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "If-None-Match, If-Modified-Since, Accept, Accept-Language",
    "access-control-max-age": "86400",
}


def shelf(request: Request) -> Shelf:
    """The one of this process."""
    return cast(Shelf, request.app.state.shelf)


async def edition(request: Request) -> Edition:
    """That of the petition in the address. NotFound and Gone as `editions.edition`."""
    settings, slug = web.settings(request), request.path_params["slug"]
    return await shelf(request).edition(web.database(request), settings, slug)


def for_other_sites(handler: Handler) -> Handler:
    """Answers the question that browsers ask before a script of another site may read."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=PREFLIGHT)
        return await handler(request)

    return answer


def opened(path: str, handler: Handler, name: str) -> Route:
    """An address that scripts of other sites may read."""
    methods = ["GET", "OPTIONS"]
    return Route(path, for_other_sites(handler), name=f"opendata.{name}", methods=methods)


async def send(
    request: Request,
    edition: Edition,
    name: str,
    pieces: Pieces,
    media_type: str,
    headers: dict[str, str],
) -> Response:
    """The file, or "you have it already". Its ETag is the sha256 of its bytes."""
    built = await shelf(request).built(edition, name, pieces)
    changed = format_datetime(edition.changed_at.astimezone(UTC), usegmt=True)
    etag = f'"{built.measure.sha256}"'
    headers |= OPEN | {"etag": etag, "last-modified": changed, "cache-control": CACHE_CONTROL}
    if cache.has_it(request.headers, etag):
        return Response(status_code=304, headers=headers)
    headers |= {"content-type": media_type, "content-length": str(built.measure.size)}
    if request.method == "HEAD":
        return Response(headers=headers)
    if built.pieces is None:
        return StreamingResponse(pieces(edition), headers=headers)
    return StreamingResponse(_at_hand(built.pieces), headers=headers)


async def _at_hand(pieces: tuple[bytes, ...]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def links(edition: Edition, *granted: License) -> dict[str, str]:
    """RFC 8288 and 5829: who may use it, what it belongs to, what describes it, and where it stands
    as it was on other days."""
    found = [f'<{each.path}>; rel="license"' for each in granted]
    found.append(f'<{edition.about_url}>; rel="collection"')
    found.append(f'<{edition.file_url(package.NAME)}>; rel="describedby"; type="application/json"')
    found.append(f'<{edition.file_url(EDITIONS)}>; rel="version-history"; type="application/json"')
    return {"link": ", ".join(found)}


def leading(answer: Response, edition: Edition) -> Response:
    """The page of the figures says the same to programs that read no HTML. Not each file: a long
    header stops some proxies; what describes them names all."""
    described = edition.file_url(package.NAME)
    answer.headers["link"] = ", ".join(
        [
            f'<{edition.about_url}>; rel="cite-as"',
            '<https://schema.org/Dataset>; rel="type"',
            f'<{licenses.COUNTS.path}>; rel="license"',
            f'<{described}>; rel="describedby"; type="application/json"',
            f'<{edition.file_url("bundle.zip")}>; rel="item"; type="application/zip"',
            f'<{edition.site}/catalog.jsonld>; rel="collection"; type="application/ld+json"',
        ]
    )
    return answer


def live(
    request: Request,
    content: Mapping[str, Any],
    numbers: Any,
    *more: str,
    license: License = licenses.COUNTS,
) -> Response:
    """JSON of this moment. Its ETag changes with its `numbers`, not with the time in it. `more`:
    what else it leads to, in the words of RFC 8288."""
    digest = hashlib.sha256(orjson.dumps(numbers)).hexdigest()[:32]
    site = web.settings(request).base_url
    found = [
        f'<{license.path}>; rel="license"',
        f'<{site}{web.url(request, "opendata.openapi")}>; rel="service-desc"',
        *more,
    ]
    answer = web.data(request, content)
    answer.headers.update(OPEN | {"etag": f'W/"{digest}"', "link": ", ".join(found)})
    return answer
